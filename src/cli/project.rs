//! The settings of the project that a file belongs to, from the nearest `trailql.toml` upward.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::Diagnostic;
use crate::check::{self, registry};
use crate::config::{Configuration, FILE_NAME};
use crate::schema::{Additions, Schema};

use super::Failure;

/// A project: its settings, ready for use.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) configuration: Configuration,
    schema: Schema,
    exclude: Option<Gitignore>,
    per_file: Vec<(Gitignore, Vec<String>)>,
}

/// The projects of the folders that were asked for so far.
#[derive(Debug, Default)]
pub(super) struct Projects {
    by_folder: BTreeMap<PathBuf, Arc<Project>>,
}

impl Projects {
    /// The project of a file, or of the working folder for a text without path.
    ///
    /// # Errors
    /// If its configuration file, or a file that it names, cannot be read.
    pub(super) fn of(&mut self, path: Option<&Path>) -> Result<Arc<Project>, Failure> {
        let given = path.and_then(Path::parent).unwrap_or(Path::new(""));
        let failed = |error: std::io::Error| Failure::Input {
            name: given.display().to_string(),
            reason: error.to_string(),
        };
        let folder = std::path::absolute(if given.as_os_str().is_empty() { Path::new(".") } else { given })
            .map_err(failed)?;
        self.of_folder(&folder)
    }

    fn of_folder(&mut self, folder: &Path) -> Result<Arc<Project>, Failure> {
        if let Some(known) = self.by_folder.get(folder) {
            return Ok(Arc::clone(known));
        }
        let file = folder.join(FILE_NAME);
        let project = match (file.is_file(), folder.parent()) {
            (true, _) => Arc::new(Project::read(&file, folder)?),
            (false, Some(parent)) => self.of_folder(parent)?,
            (false, None) => Arc::default(),
        };
        self.by_folder.insert(folder.to_owned(), Arc::clone(&project));
        Ok(project)
    }
}

impl Project {
    fn read(file: &Path, folder: &Path) -> Result<Self, Failure> {
        let failed = |reason: String| Failure::Input { name: file.display().to_string(), reason };
        let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        let configuration = Configuration::parse(&text).map_err(|error| failed(error.to_string()))?;
        let codes = configuration.select.iter().chain(&configuration.ignore);
        for code in codes.chain(configuration.per_file_ignores.values().flatten()) {
            known_code(code).map_err(failed)?;
        }
        let schema = match &configuration.schema {
            Some(name) => read_schema(&folder.join(name))?,
            None => Schema::cloudtrail(),
        };
        let exclude = globs(folder, &configuration.exclude).map_err(failed)?;
        let per_file = configuration
            .per_file_ignores
            .iter()
            .map(|(glob, codes)| Ok((globs(folder, std::slice::from_ref(glob))?, codes.clone())))
            .collect::<Result<_, String>>()
            .map_err(failed)?;
        Ok(Project { configuration, schema, exclude: Some(exclude), per_file })
    }

    /// What texts of the project are checked against.
    pub(super) fn options(&self) -> check::Options {
        let settings = &self.configuration;
        check::Options {
            schema: self.schema.clone(),
            records: settings.records.map(Into::into).unwrap_or_default(),
            level: settings.level.unwrap_or_default(),
        }
    }

    /// Whether a finding in this file is to be shown. `select`, where it names any, takes the place of the project's own
    /// list; `ignore` adds to it.
    pub(super) fn shows(
        &self,
        path: Option<&Path>,
        select: &[String],
        ignore: &[String],
        finding: &Diagnostic,
    ) -> bool {
        let settings = &self.configuration;
        let select = if select.is_empty() { &settings.select } else { select };
        let starts = |code: &str| finding.code.0.starts_with(&code.trim().to_ascii_uppercase());
        let is_selected = select.is_empty() || select.iter().any(|code| starts(code));
        let ignored = ignore.iter().chain(&settings.ignore).map(String::as_str);
        let in_file = path.into_iter().flat_map(|path| self.ignored_in(path));
        is_selected && !ignored.chain(in_file).any(starts)
    }

    /// Whether a walk leaves this out.
    pub(super) fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(path) = std::path::absolute(path) else { return false };
        self.exclude.as_ref().is_some_and(|globs| is_under(globs, &path, is_folder))
    }

    /// The codes that are not shown in this file.
    fn ignored_in(&self, path: &Path) -> impl Iterator<Item = &str> {
        let path = std::path::absolute(path).unwrap_or_default();
        let fitting = self.per_file.iter().filter(move |(globs, _)| is_under(globs, &path, false));
        fitting.flat_map(|(_, codes)| codes.iter().map(String::as_str))
    }
}

fn is_under(globs: &Gitignore, path: &Path, is_folder: bool) -> bool {
    path.starts_with(globs.path()) && globs.matched_path_or_any_parents(path, is_folder).is_ignore()
}

fn globs(folder: &Path, globs: &[String]) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new(folder);
    for glob in globs {
        builder.add_line(None, glob).map_err(|error| error.to_string())?;
    }
    builder.build().map_err(|error| error.to_string())
}

/// A schema with what a file adds to the built-in one.
pub(super) fn read_schema(path: &Path) -> Result<Schema, Failure> {
    let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let parsed = Additions::from_toml(&text);
    parsed.ast.map(Schema::with).ok_or_else(|| Failure::Refused {
        name: path.display().to_string(),
        text,
        findings: parsed.diagnostics,
    })
}

/// Whether a code, or the beginning of one, is that of a rule.
///
/// # Errors
/// What is to be said of a code that is none.
pub(super) fn known_code(code: &str) -> Result<(), String> {
    let upper = code.trim().to_ascii_uppercase();
    if !upper.is_empty() && registry::rules().any(|rule| rule.code.0.starts_with(&upper)) {
        return Ok(());
    }
    Err(no_rule(code))
}

/// What is to be said of a code that no rule has.
pub(super) fn no_rule(code: &str) -> String {
    match registry::similar(code) {
        Some(rule) => format!("there is no rule `{code}`; did you mean `{}`?", rule.code),
        None => format!("there is no rule `{code}`; `trailql explain --all` lists them"),
    }
}
