//! The texts and files that a command looks at, each with what it is and the project it belongs to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::FILE_NAME;
use crate::host::HostKind;

use super::Failure;
use super::discover::discover;
use super::language::Language;
use super::project::{Project, Projects};
use super::sources::read_whole;
use super::terminal::Terminal;

/// Which texts and files.
#[derive(Debug, clap::Args)]
pub(super) struct Operands {
    /// Files and folders; `-` for standard input.
    #[arg(conflicts_with = "expressions", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// A pattern or query itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// What standard input would be called as a file.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// The language of the texts.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,
}

/// A text to look at.
pub(super) struct Input {
    /// How it is called.
    pub(super) name: String,
    /// Its file, where it is one that can be written.
    pub(super) path: Option<PathBuf>,
    pub(super) text: String,
    pub(super) kind: HostKind,
    pub(super) project: Arc<Project>,
}

/// What there is to look at.
pub(super) struct Gathered {
    pub(super) inputs: Vec<Input>,
    /// Whether a file in a folder could not be read.
    pub(super) left_out: bool,
}

/// Reads what the operands name; the working folder where they name nothing.
///
/// # Errors
/// If something that is named itself cannot be read, or a configuration is faulty.
pub(super) fn gather(operands: &Operands, terminal: &Terminal) -> Result<Gathered, Failure> {
    let mut projects = Projects::default();
    let mut gathered = Gathered { inputs: Vec::new(), left_out: false };
    for text in &operands.expressions {
        gathered.inputs.push(Input {
            name: "<expression>".into(),
            path: None,
            text: text.clone(),
            kind: operands.lang.of_text(text),
            project: projects.of(None)?,
        });
    }
    let here = [PathBuf::from(".")];
    let paths = match (operands.paths.as_slice(), operands.expressions.is_empty()) {
        ([], true) => &here,
        (paths, _) => paths,
    };
    for file in discover(paths, &mut projects)? {
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
        let name = match &operands.stdin_filename {
            Some(name) if is_input => name.clone(),
            _ => source.name,
        };
        let kind = if file.is_named {
            operands.lang.of_named(&name, &source.text)
        } else {
            HostKind::of(&name, &source.text)
        };
        let Some(kind) = kind else {
            if file.is_named && may_be_a_stack(&name) {
                terminal.note(&format!(
                    "note: `{name}` is not recognised as a stack file, and left out; `--lang stack` takes it as one\n"
                ));
            }
            continue;
        };
        let project = projects.of((!is_input).then_some(file.path.as_path()))?;
        let path = (!is_input).then_some(file.path);
        gathered.inputs.push(Input { name, path, text: source.text, kind, project });
    }
    Ok(gathered)
}

/// Whether a file of this name may be a stack that has no word of one. A hook names every file that was changed.
fn may_be_a_stack(name: &str) -> bool {
    let path = Path::new(name);
    let others = ["Cargo.toml", "pyproject.toml", FILE_NAME];
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
        && !others.iter().any(|other| path.file_name().is_some_and(|file| file == *other))
}
