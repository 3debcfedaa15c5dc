//! What is to be said of a host file and of everything in it, at places of the file.

use crate::check::{self, Language, Options};
use crate::syntax::math::codes::NOT_EVALUATED;
use crate::{Diagnostic, Severity};

use super::{Embedded, HostKind, codes, extract, fillings, stack};

/// A host file, checked.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What was found, at places of the file, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many patterns and queries were checked.
    pub texts: usize,
}

/// Checks every pattern and query of a file, and the file as far as it concerns them.
///
/// ```
/// use trailql::check::Options;
/// use trailql::host::{HostKind, check};
///
/// let file = "# Alarms\n\n```filter-pattern\n{ $.eventName == DeleteTrail }\n```\n";
/// let checked = check(HostKind::Markdown, file, &Options::default());
/// assert_eq!(checked.texts, 1);
/// assert_eq!(checked.diagnostics[0].span().slice(file), "==");
/// ```
pub fn check(kind: HostKind, text: &str, options: &Options) -> Checked {
    let extracted = extract(kind, text);
    let mut checked = Checked { diagnostics: extracted.diagnostics, texts: 0 };
    for embedded in &extracted.embedded {
        checked.texts += usize::from(!embedded.is_unknown());
        checked.diagnostics.extend(findings(embedded, text, options));
    }
    if kind == HostKind::Stack {
        let of_texts = checked.diagnostics.len();
        for finding in stack::findings(text) {
            let same =
                |known: &Diagnostic| known.code == finding.code && known.span().start == finding.span().start;
            if !checked.diagnostics.iter().take(of_texts).any(same) {
                checked.diagnostics.push(finding);
            }
        }
    }
    checked.diagnostics.sort_by_key(Diagnostic::span);
    checked
}

/// What is to be said of one text, at places of the file.
fn findings(embedded: &Embedded, file: &str, options: &Options) -> Vec<Diagnostic> {
    let Some(first) = embedded.holes.first() else {
        let found = of_text(&embedded.text, embedded.language, options);
        return found.into_iter().map(|finding| embedded.map.lift(finding)).collect();
    };
    let named = short(first.source.slice(file));
    let (message, help) = if embedded.is_unknown() {
        (format!("`{named}` is known only when it is deployed, and is not checked"), None)
    } else {
        let help = "what does not depend on it is checked";
        (format!("`{named}` is known only when it is deployed"), Some(help))
    };
    let mut note = Diagnostic::new(codes::HOLE, Severity::Info, first.source, message);
    for hole in embedded.holes.iter().skip(1) {
        note = note.also(hole.source, "so is this");
    }
    note.help = help.map(str::to_owned);
    let mut found = vec![note];
    if !embedded.is_unknown() {
        found.extend(fillings::certain(embedded, file, options));
    }
    found
}

/// What is to be said of a text in which nothing is unknown.
pub(super) fn of_text(text: &str, language: Language, options: &Options) -> Vec<Diagnostic> {
    let found = check::check(text, language, options);
    // Dashboards and alarms may hold functions that are not evaluated here; of such an expression nothing can be said.
    if found.iter().any(|finding| finding.code == NOT_EVALUATED) { Vec::new() } else { found }
}

/// The beginning of something the user wrote, on one line.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST - 1).chain(['…']).collect()
}
