//! Saved queries from files: `describe-query-definitions` output, or a directory with one query a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use walkdir::WalkDir;

use crate::byte_order_mark;
use crate::syntax::logs::{SavedQueries, SavedQuery};

use super::Failure;

/// The endings of files that hold one query each.
const ENDINGS: [&str; 3] = ["cwli", "logs", "txt"];
/// A file may hold the thousand queries of an account, of ten thousand characters each.
const LARGEST_FILE: u64 = 64 << 20;

/// Reads saved queries.
///
/// In a directory each file `Name.cwli`, `Name.logs` or `Name.txt` is a query; its name is that of the file, with the
/// folders below the directory before it: `team/Name`. Other files, and hidden ones, are left alone. A single such file
/// is one query. Any other file holds what `aws logs describe-query-definitions` prints.
pub(super) fn read(path: &Path) -> Result<SavedQueries, Failure> {
    if path.is_dir() {
        return read_directory(path);
    }
    if !holds_one_query(path) {
        let text = read_text(path)?;
        return SavedQueries::from_json(&text).map_err(|error| failed(path, &error));
    }
    let mut saved = SavedQueries::default();
    let name = path.file_stem().unwrap_or_default();
    insert(&mut saved, Path::new(name), path)?;
    Ok(saved)
}

fn read_directory(directory: &Path) -> Result<SavedQueries, Failure> {
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut saved = SavedQueries::default();
    let entries = WalkDir::new(directory)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
    for entry in entries {
        let entry = entry.map_err(|error| failed(error.path().unwrap_or(directory), &error))?;
        // A link counts as what it leads to.
        if entry.path().is_file() && holds_one_query(entry.path()) {
            let below = entry.path().strip_prefix(directory).unwrap_or(entry.path());
            insert(&mut saved, &below.with_extension(""), entry.path())?;
        }
    }
    Ok(saved)
}

fn holds_one_query(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn insert(saved: &mut SavedQueries, name: &Path, path: &Path) -> Result<(), Failure> {
    let names: Option<Vec<&str>> = name.iter().map(|part| part.to_str()).collect();
    let name =
        names.ok_or_else(|| failed(path, &"its name is not UTF-8, so that no query can call it"))?.join("/");
    let text = read_text(path)?;
    let text = text.trim_end_matches(['\r', '\n']);
    saved.insert(name, SavedQuery::new(text)).map_err(|error| failed(path, &error))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(failed(
            path,
            &"the file has more than 64 MiB; a saved query has 10,000 characters at most",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        failed(path, &format_args!("byte {at} is not UTF-8; save the text as UTF-8"))
    })?;
    Ok(byte_order_mark::behind(&text).to_owned())
}

fn failed(path: &Path, reason: &dyn std::fmt::Display) -> Failure {
    Failure::Input { name: path.display().to_string(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const NONE: [(&str, &str); 0] = [];

    #[test]
    fn a_directory_holds_one_query_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir_all(at("team/v1.2")).unwrap();
        fs::create_dir(at(".git")).unwrap();
        fs::write(at("Recent.cwli"), "limit {{n}}\r\n").unwrap();
        fs::write(at("team/v1.2/Top.5.LOGS"), "\u{feff}limit 5\n").unwrap();
        fs::write(at("team/b.txt"), "limit 6").unwrap();
        fs::write(at("README.md"), "no query").unwrap();
        fs::write(at(".git/x.txt"), "no query").unwrap();
        let saved = read(directory.path()).unwrap();
        assert_eq!(saved.names().collect::<Vec<_>>(), ["Recent", "team/b", "team/v1.2/Top.5"]);
        assert_eq!(saved.expand("Recent", [("n", 7)]).unwrap(), "limit 7");
        assert_eq!(saved.expand("team/v1.2/Top.5", NONE).unwrap(), "limit 5");
    }

    #[test]
    fn a_file_is_one_query_or_the_definitions() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::write(at("One.cwli"), "limit 1").unwrap();
        fs::write(at("saved.json"), r#"{"queryDefinitions":[{"name":"Two","queryString":"limit 2"}]}"#)
            .unwrap();
        assert_eq!(read(&at("One.cwli")).unwrap().expand("One", NONE).unwrap(), "limit 1");
        assert_eq!(read(&at("saved.json")).unwrap().expand("Two", NONE).unwrap(), "limit 2");
    }

    #[test]
    fn a_fault_names_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let reason = |path: &Path| match read(path).unwrap_err() {
            Failure::Input { name, reason } => (name, reason),
            other => panic!("{other}"),
        };
        fs::write(at("a.cwli"), "limit 1").unwrap();
        fs::write(at("a.txt"), "limit 2").unwrap();
        let (name, text) = reason(directory.path());
        assert_eq!(name, at("a.txt").display().to_string());
        assert_eq!(text, "there are two saved queries `a`; rename one");
        fs::write(at("b.cwli"), [0x6c, 0xff]).unwrap();
        assert_eq!(reason(&at("b.cwli")).1, "byte 1 is not UTF-8; save the text as UTF-8");
        assert!(read(&at("none.json")).is_err());
    }
}
