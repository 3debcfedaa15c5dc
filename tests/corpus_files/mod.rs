//! The files of a corpus, `tests/corpus/<area>/*.toml`, each read as what its runner makes of it.

use std::path::Path;

use serde::de::DeserializeOwned;

/// Names and contents, by name.
pub(crate) fn of<C: DeserializeOwned>(area: &str) -> Vec<(String, C)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(area);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let corpus = toml::from_str(&std::fs::read_to_string(file).unwrap());
        let corpus = corpus.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file.file_name().unwrap().to_string_lossy().into_owned(), corpus)
    };
    files.iter().map(read).collect()
}
