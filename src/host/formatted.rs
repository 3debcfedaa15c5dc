//! The patterns and queries of a file in their canonical spelling; everything else stays as it is.

use crate::check::Language;
use crate::syntax::Expression;
use crate::{Diagnostic, Edit, FilterPattern, Fix, LogsQuery, MetricsQuery, ParseErrors, Span};

use super::{Embedded, HostKind, extract};

/// How patterns and queries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// For readers.
    #[default]
    Canonical,
    /// With as few characters as will do, where a quota needs it.
    Tight,
}

/// The file with its patterns and queries in this style. What has a hole in it, or cannot be written in its place, such as
/// several lines where there can be only one, stays as it is.
///
/// ```
/// use trailql::host::{HostKind, Style, format};
///
/// let file = "```filter-pattern\n{($.eventName=DeleteTrail)}\n```\n";
/// let formatted = format(HostKind::Markdown, file, Style::Canonical).unwrap();
/// assert_eq!(formatted, "```filter-pattern\n{ $.eventName = \"DeleteTrail\" }\n```\n");
/// ```
///
/// # Errors
/// The errors of the file and of every text that is not legal, at places of the file.
pub fn format(kind: HostKind, file: &str, style: Style) -> Result<String, Vec<Diagnostic>> {
    let extracted = extract(kind, file);
    let mut errors: Vec<Diagnostic> = extracted.diagnostics;
    errors.retain(|finding| finding.is_error() || finding.code == super::codes::NOT_READ);
    let mut edits: Vec<Edit> = Vec::new();
    for embedded in extracted.embedded.iter().filter(|embedded| embedded.holes.is_empty()) {
        match formatted(embedded, style) {
            Ok(edit) => edits.extend(edit),
            Err(refused) => {
                let refused = refused.diagnostics().iter().filter(|finding| finding.is_error());
                errors.extend(refused.map(|finding| embedded.map.lift(finding.clone())));
            }
        }
    }
    if !errors.is_empty() {
        errors.sort_by_key(Diagnostic::span);
        return Err(errors);
    }
    edits.sort_by_key(|edit| edit.span);
    Ok(Fix { title: String::new(), edits }.apply(file))
}

/// The change that writes a text in its style, where there is one. Blanks at the ends of the text belong to the file.
fn formatted(embedded: &Embedded, style: Style) -> Result<Option<Edit>, ParseErrors> {
    let text = embedded.text.trim();
    let start = embedded.text.len() - embedded.text.trim_start().len();
    let place = Span::new(start, start + text.len());
    let written = spelled(text, embedded.language, style)?;
    if written == text || text.is_empty() {
        return Ok(None);
    }
    Ok(embedded.map.written(place, &written))
}

fn spelled(text: &str, language: Language, style: Style) -> Result<String, ParseErrors> {
    match language {
        Language::LogsInsights => LogsQuery::format(text),
        Language::MetricsInsights => MetricsQuery::format(text),
        Language::MetricMath => Expression::parse(text).map(|math| math.to_string()),
        _ => FilterPattern::parse(text).map(|pattern| match style {
            Style::Canonical => pattern.to_string(),
            Style::Tight => pattern.to_tight_string(),
        }),
    }
}
