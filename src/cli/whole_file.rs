//! Files that are written in one step, so that nobody ever sees half of one.

use std::path::{Path, PathBuf};

use super::Failure;

/// Writes a file, or replaces it and keeps its permissions.
pub(super) fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::Usage(format!("cannot write `{}`: {error}", path.display()));
    let mut beside = path.to_path_buf().into_os_string();
    beside.push(".trailql-part");
    let beside = PathBuf::from(beside);
    let permissions = std::fs::metadata(path).map(|metadata| metadata.permissions()).ok();
    let written = std::fs::write(&beside, text)
        .and_then(|()| {
            permissions.map_or(Ok(()), |permissions| std::fs::set_permissions(&beside, permissions))
        })
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
