//! Where events come from: named files, walked directories, standard input.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Problem, ProblemKind};

/// One input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Standard input, shown as `<stdin>`.
    Stdin,
    /// A file, a pipe or another thing that has a path.
    File(PathBuf),
    /// A reader that a program passed in, shown as `<stream>`.
    Stream,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("<stdin>"),
            Self::Stream => f.write_str("<stream>"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// What [`collect_sources`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// The inputs, in the order named; of a directory, in the order of the names' bytes.
    pub sources: Vec<Source>,
    /// Paths that are not there or not readable, and directories without logs.
    pub problems: Vec<Problem>,
    /// CloudTrail digest files passed over in directories: they hold no records.
    pub digests: u64,
    /// Other files passed over in directories, because they are hidden or not named like logs.
    pub ignored: u64,
}

/// Finds the inputs that `paths` stand for.
///
/// A file is taken whatever its name, and `-` is standard input. A directory is walked, links followed, in the order of
/// the names' bytes; of what is in it, taken are `.json`, `.jsonl`, `.ndjson`, `.log`, `.log.1`, `.txt`, each also with
/// `.gz`, `.zst` or `.zstd`, and these three alone. Hidden files and CloudTrail's digest files
/// (`spec/cloudtrail-schema.md` 1) are passed over and counted.
pub fn collect_sources<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Collected {
    let mut collected = Collected::default();
    for path in paths {
        let path = path.as_ref();
        if path == Path::new("-") {
            collected.sources.push(Source::Stdin);
            continue;
        }
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => collected.walk(path),
            Ok(_) => collected.sources.push(Source::File(path.to_owned())),
            Err(error) => collected.problem(path, ProblemKind::from_io(&error)),
        }
    }
    collected
}

impl Collected {
    fn walk(&mut self, root: &Path) {
        let before = (self.sources.len(), self.problems.len());
        for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.sort_in(root, entry),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let kind = match error.io_error() {
                        Some(error) => ProblemKind::from_io(error),
                        None => ProblemKind::Unreadable {
                            reason: "the link leads back to a directory above it".into(),
                        },
                    };
                    self.problem(&path, kind);
                }
            }
        }
        if (self.sources.len(), self.problems.len()) == before {
            self.problem(root, ProblemKind::NoLogs);
        }
    }

    fn sort_in(&mut self, root: &Path, entry: DirEntry) {
        let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if inside.iter().any(is_digest) {
            self.digests += 1;
        } else if inside.iter().any(is_hidden) || !is_log_name(entry.file_name()) {
            self.ignored += 1;
        } else {
            self.sources.push(Source::File(entry.into_path()));
        }
    }

    fn problem(&mut self, path: &Path, kind: ProblemKind) {
        self.problems.push(Problem { source: Source::File(path.to_owned()), place: None, kind });
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// `CloudTrail-Digest` and the like as a folder, `…_CloudTrail-Digest_…` in a file's name.
fn is_digest(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let folder = name.starts_with("CloudTrail") && name.ends_with("-Digest");
    folder || (name.contains("_CloudTrail") && name.contains("-Digest_"))
}

fn is_log_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    let packed = [".gz", ".zst", ".zstd"].iter().find_map(|suffix| name.strip_suffix(suffix));
    let (stem, extension) = packed.unwrap_or(&name).rsplit_once('.').unwrap_or_default();
    match extension {
        "json" | "jsonl" | "ndjson" | "log" | "txt" => true,
        "tar" | "csv" | "tsv" | "parquet" | "sql" => false,
        rotation if rotation.bytes().all(|byte| byte.is_ascii_digit()) => {
            packed.is_some() || stem.ends_with(".log")
        }
        _ => packed.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_logs_are_told_from_others() {
        for name in ["a.json", "a.JSON.GZ", "a.ndjson.zst", "000000.gz", "app.log.1", "app.log.2.gz", "x.txt"]
        {
            assert!(is_log_name(OsStr::new(name)), "{name}");
        }
        for name in ["README", "a.csv", "a.tar.gz", "stack.yaml", "lib.so.1", "json", "a.gzip"] {
            assert!(!is_log_name(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn digests_are_told_by_folder_and_by_name() {
        for name in
            ["CloudTrail-Digest", "1_CloudTrail-Digest_us-east-1_x.json.gz", "CloudTrail-Insight-Digest"]
        {
            assert!(is_digest(OsStr::new(name)), "{name}");
        }
        for name in ["CloudTrail", "CloudTrail-Insight", "1_CloudTrail_us-east-1_x.json.gz", "My-Digest"] {
            assert!(!is_digest(OsStr::new(name)), "{name}");
        }
    }
}
