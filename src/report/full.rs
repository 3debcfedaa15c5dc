//! Findings with the source line and a caret under it, for a person.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::{Diagnostic, Severity};

use super::Checked;

/// The findings in the manner of rustc, each followed by a blank line; empty without any.
///
/// Control characters other than line feed and tab are shown as blanks, so that a hostile source cannot steer a
/// terminal.
pub fn render(checked: &Checked<'_>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let source = printable(checked.source);
    let mut out = String::new();
    for diagnostic in checked.diagnostics {
        out.push_str(&renderer.render(&groups(diagnostic, &source, checked.name)));
        out.push_str("\n\n");
    }
    out
}

/// A longer source is shown around the finding only.
const LONGEST_SOURCE: usize = 8 << 10;

fn groups<'a>(diagnostic: &'a Diagnostic, source: &'a str, name: &'a str) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.0);
    let shown = shown_part(source, diagnostic.span().range().start);
    let fits = |at: usize| at.saturating_sub(shown.start).min(shown.len());
    let part = source.get(shown.clone()).unwrap_or_default();
    let mut snippet = Snippet::source(part).path(name);
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let range = label.span.range();
        let annotation = kind.span(fits(range.start)..fits(range.end));
        snippet = snippet.annotation(if label.text.is_empty() {
            annotation
        } else {
            annotation.label(&label.text)
        });
    }
    let mut main = title.element(snippet);
    if let Some(text) = &diagnostic.service_text {
        main = main.element(Level::NOTE.message(format!("the service says: {}", shortened(text))));
    }
    let fix = diagnostic.fix.as_ref().filter(|_| part.len() == source.len());
    if let (Some(help), None) = (&diagnostic.help, fix) {
        main = main.element(Level::HELP.message(help));
    }
    let mut groups = vec![main];
    if let Some(fix) = fix {
        let patches = fix.edits.iter().map(|edit| Patch::new(edit.span.range(), &edit.replacement));
        let title = diagnostic.help.as_deref().unwrap_or(&fix.title);
        groups.push(
            Level::HELP.secondary_title(title).element(Snippet::source(source).path(name).patches(patches)),
        );
    }
    groups
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The part of a long source around a place, cut at characters.
fn shown_part(source: &str, at: usize) -> std::ops::Range<usize> {
    if source.len() <= LONGEST_SOURCE {
        return 0..source.len();
    }
    let start = source.floor_char_boundary(at.saturating_sub(120));
    start..source.floor_char_boundary(start + 240)
}

/// The source with the same length in bytes and no control characters.
fn printable(source: &str) -> String {
    source.chars().map(|c| if c.is_ascii_control() && !matches!(c, '\n' | '\t') { ' ' } else { c }).collect()
}
