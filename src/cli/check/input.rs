//! The texts and files that are checked, each with what it is and the project it belongs to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::Language;
use crate::host::HostKind;

use super::super::discover::discover;
use super::super::project::{Project, Projects};
use super::super::sources::read_whole;
use super::super::terminal::Terminal;
use super::super::{Failure, language};
use super::Check;

/// A text to check.
pub(super) struct Input {
    /// How it is called.
    pub(super) name: String,
    /// Its file, where it is one that can be written.
    pub(super) path: Option<PathBuf>,
    pub(super) text: String,
    pub(super) kind: HostKind,
    pub(super) project: Arc<Project>,
}

/// What there is to check.
pub(super) struct Gathered {
    pub(super) inputs: Vec<Input>,
    /// Whether a file in a folder could not be read.
    pub(super) left_out: bool,
}

/// Reads what the arguments name.
///
/// # Errors
/// If something that is named itself cannot be read, or a configuration is faulty.
pub(super) fn gather(arguments: &Check, terminal: &Terminal) -> Result<Gathered, Failure> {
    let mut projects = Projects::default();
    let mut gathered = Gathered { inputs: Vec::new(), left_out: false };
    for text in &arguments.expressions {
        gathered.inputs.push(Input {
            name: "<expression>".into(),
            path: None,
            text: text.clone(),
            kind: kind_of_text(arguments.lang, text),
            project: projects.of(None)?,
        });
    }
    let here = [PathBuf::from(".")];
    let operands = match (arguments.paths.as_slice(), arguments.expressions.is_empty()) {
        ([], true) => &here,
        (paths, _) => paths,
    };
    for file in discover(operands, &mut projects)? {
        let source = match read_whole(&file.path) {
            Ok(source) => source,
            Err(failure) if file.is_named => return Err(failure),
            Err(failure) => {
                gathered.left_out = true;
                terminal.warn("IO001", &failure.to_string());
                continue;
            }
        };
        let is_input = file.path.as_os_str() == "-";
        let name = match &arguments.stdin_filename {
            Some(name) if is_input => name.clone(),
            _ => source.name,
        };
        let kind = match (said(arguments.lang), HostKind::of(&name, &source.text)) {
            (Some(kind), _) if file.is_named => kind,
            (_, Some(kind)) => kind,
            (_, None) if file.is_named => named_kind(&name, &source.text),
            _ => continue,
        };
        let project = projects.of((!is_input).then_some(file.path.as_path()))?;
        let path = (!is_input).then_some(file.path);
        gathered.inputs.push(Input { name, path, text: source.text, kind, project });
    }
    Ok(gathered)
}

/// The kind that `--lang` says.
fn said(lang: language::Language) -> Option<HostKind> {
    match lang {
        language::Language::Auto => None,
        language::Language::Filter => Some(HostKind::Text(Language::FilterPattern)),
        language::Language::Logs => Some(HostKind::Text(Language::LogsInsights)),
        language::Language::Metrics => Some(HostKind::Text(Language::MetricsInsights)),
        language::Language::Stack => Some(HostKind::Stack),
    }
}

fn kind_of_text(lang: language::Language, text: &str) -> HostKind {
    said(lang).unwrap_or_else(|| HostKind::Text(Language::guess(text)))
}

/// The kind of a file that somebody named, though its content does not tell.
fn named_kind(name: &str, text: &str) -> HostKind {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending {
        "toml" => HostKind::Stack,
        "tf" | "tofu" => HostKind::Terraform,
        "yaml" | "yml" | "json" | "template" => HostKind::CloudFormation,
        "md" | "markdown" => HostKind::Markdown,
        _ => HostKind::Text(Language::guess(text)),
    }
}
