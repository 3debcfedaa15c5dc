//! Which files the operands of a command stand for.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::Failure;
use super::project::Projects;

/// The files that a walk looks into; what they hold is told by their content.
const ENDINGS: &[&str] = &[
    "cwfilter",
    "cwlogs",
    "cwli",
    "logs",
    "insights",
    "cwmetrics",
    "cwmi",
    "tf",
    "tofu",
    "json",
    "yaml",
    "yml",
    "template",
    "toml",
    "md",
    "markdown",
];

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Discovered {
    pub(super) path: PathBuf,
    /// Whether it was named itself, so that its content has to be of ours.
    pub(super) is_named: bool,
}

/// The files in order: those that are named, and those that can hold something of ours in the folders that are named.
/// What `.gitignore` or the configuration excludes is left out of folders.
///
/// # Errors
/// If a file or folder is not there or cannot be read, or a configuration file is faulty.
pub(super) fn discover(operands: &[PathBuf], projects: &mut Projects) -> Result<Vec<Discovered>, Failure> {
    let mut found = Vec::new();
    for operand in operands {
        if operand.is_dir() {
            walk(operand, projects, &mut found)?;
        } else {
            found.push(Discovered { path: operand.clone(), is_named: true });
        }
    }
    Ok(found)
}

fn walk(folder: &Path, projects: &mut Projects, found: &mut Vec<Discovered>) -> Result<(), Failure> {
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Ord::cmp).build();
    for entry in walk {
        let entry = entry.map_err(|error| Failure::Usage(error.to_string()))?;
        let path = entry.path();
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let can_hold = path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)));
        if is_file && can_hold && !projects.of(Some(path))?.excludes(path, false) {
            let path = path.strip_prefix("./").unwrap_or(path).to_path_buf();
            found.push(Discovered { path, is_named: false });
        }
    }
    Ok(())
}
