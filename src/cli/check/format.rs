//! How findings are printed, and which way fits where they go.

use crate::Severity;
use crate::check::registry;
use crate::report::{Checked, concise, full, github, gitlab, json, junit, sarif};

use super::super::terminal::Terminal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// `github` or `gitlab` in their jobs, `full` on a terminal, else `concise`.
    Auto,
    /// With the source line and a caret, for a person.
    Full,
    /// One line each.
    Concise,
    /// One JSON array, for a program.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML.
    Junit,
}

impl Format {
    /// The same, with `auto` decided by where the process runs.
    pub(super) fn resolved(self, terminal: &Terminal) -> Format {
        let says = |name: &str| std::env::var_os(name).is_some_and(|value| value == "true");
        match self {
            Format::Auto if says("GITHUB_ACTIONS") => Format::Github,
            Format::Auto if says("GITLAB_CI") => Format::Gitlab,
            Format::Auto if terminal.stdout_width().is_some() => Format::Full,
            Format::Auto => Format::Concise,
            other => other,
        }
    }

    /// Whether a closing line fits behind it.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Format::Full | Format::Concise | Format::Github)
    }
}

/// The findings in a format that is decided.
pub(super) fn render(
    checked: &[Checked<'_>],
    format: Format,
    colour: bool,
    fails: impl Fn(Severity) -> bool,
) -> String {
    match format {
        Format::Full => checked.iter().map(|checked| full::render(checked, colour)).collect(),
        Format::Auto | Format::Concise => {
            checked.iter().map(|checked| concise::render(checked, colour)).collect()
        }
        Format::Json => json::render(checked),
        Format::Sarif => sarif::render(checked, |code| registry::find(code.0), registry::reference),
        Format::Github => github::render(checked),
        Format::Gitlab => gitlab::render(checked),
        Format::Junit => junit::render(checked, fails),
    }
}
