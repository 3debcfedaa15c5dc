//! Findings with the source line and a caret under it, for a person.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use crate::{Diagnostic, Severity, Span, byte_order_mark};

use super::printable::printable;
use super::{Checked, Positions};

/// The findings in the manner of rustc, each followed by a blank line; empty without any.
///
/// Control characters other than line feed and tab are shown as blanks, so that a hostile source cannot steer a
/// terminal.
pub fn render(checked: &Checked<'_>, colour: bool) -> String {
    if checked.diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let source = printable(checked.source);
    let (name, positions) = (printable(checked.name), Positions::of(checked.source));
    let mut out = String::new();
    for diagnostic in checked.diagnostics {
        out.push_str(&renderer.render(&groups(diagnostic, &source, &name, &positions)));
        out.push_str("\n\n");
    }
    out
}

/// Of a longer source only the lines around a finding are read by the renderer.
const LONGEST_SOURCE: usize = 8 << 10;

/// Nothing longer is shown; the place alone is told then.
const LONGEST_PART: usize = 128 << 10;

/// Lines that are shown before and behind a finding at most.
const LINES_AROUND: usize = 3;

fn groups<'a>(
    diagnostic: &'a Diagnostic,
    source: &'a str,
    name: &'a str,
    positions: &Positions<'_>,
) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    let title = level.primary_title(printable(&diagnostic.message)).id(diagnostic.code.0);
    let part = Part::around(diagnostic, source, positions);
    let mut main = match &part {
        Some(part) => title.element(part.annotated(diagnostic).path(name)),
        None => {
            let place = positions.at(diagnostic.span().range().start);
            title.element(Origin::path(name).line(place.line).char_column(place.column))
        }
    };
    if let Some(text) = &diagnostic.service_text {
        main = main.element(Level::NOTE.message(format!("the service says: {}", shortened(text))));
    }
    let fix = diagnostic.fix.as_ref().zip(part);
    if let (Some(help), None) = (&diagnostic.help, &fix) {
        main = main.element(Level::HELP.message(printable(help)));
    }
    let mut groups = vec![main];
    if let Some((fix, part)) = fix {
        let patches =
            fix.edits.iter().map(|edit| Patch::new(part.range(edit.span), printable(&edit.replacement)));
        let title = Level::HELP.secondary_title(diagnostic.help.as_deref().unwrap_or(&fix.title));
        groups.push(title.element(part.snippet().path(name).patches(patches)));
    }
    groups
}

/// Some lines of a source.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    /// Where it begins, in bytes and in lines.
    start: usize,
    first_line: usize,
}

impl<'a> Part<'a> {
    /// The lines around all places of a finding, or around its main place; `None` where these are too long.
    fn around(diagnostic: &Diagnostic, source: &'a str, positions: &Positions<'_>) -> Option<Self> {
        if source.len() <= LONGEST_SOURCE {
            return Some(Part { text: source, start: 0, first_line: 1 }.behind_mark());
        }
        let fix = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        let spans = diagnostic.labels.iter().map(|label| label.span).chain(fix);
        let all = spans.map(Span::range).reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        [all?, diagnostic.span().range()].into_iter().find_map(|range| Part::lines(range, source, positions))
    }

    fn lines(range: Range<usize>, source: &'a str, positions: &Positions<'_>) -> Option<Self> {
        let first_line = positions.at(range.start).line.saturating_sub(LINES_AROUND).max(1);
        let last_line = positions.at(range.end).line + LINES_AROUND;
        let start = positions.line_start(first_line);
        let text = source.get(start..positions.line_start(last_line + 1))?;
        (text.len() <= LONGEST_PART).then_some(Part { text, start, first_line }.behind_mark())
    }

    /// The same without the mark that begins a file, which has no column.
    fn behind_mark(self) -> Self {
        if self.start > 0 {
            return self;
        }
        Part { text: byte_order_mark::behind(self.text), start: byte_order_mark::length(self.text), ..self }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.first_line)
    }

    fn annotated(&self, diagnostic: &'a Diagnostic) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let mut snippet = self.snippet();
        for (index, label) in diagnostic.labels.iter().enumerate() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            if index > 0 && !self.holds(label.span) {
                continue;
            }
            let annotation = kind.span(self.range(label.span));
            snippet = snippet.annotation(match label.text.as_str() {
                "" => annotation,
                text => annotation.label(printable(text)),
            });
        }
        snippet
    }

    fn holds(&self, span: Span) -> bool {
        let range = span.range();
        range.start >= self.start && range.end <= self.start + self.text.len()
    }

    /// The same place, in the part.
    fn range(&self, span: Span) -> Range<usize> {
        let fits = |at: usize| at.saturating_sub(self.start).min(self.text.len());
        fits(span.range().start)..fits(span.range().end)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Fix};

    use super::*;

    #[test]
    fn the_lines_of_a_long_source_keep_their_numbers() {
        let source = format!("{}pattern = 1 == 2\n{}", "# filler\n".repeat(2_000), "# more\n".repeat(2_000));
        let at = source.find("==").unwrap();
        let span = Span::new(at, at + 2);
        let diagnostics = [Diagnostic::error(Code("FP007"), span, "no operator")
            .fix(Fix::replace("write `=`", span, "="))
            .also(Span::new(0, 1), "far away")];
        let shown = render(&Checked { name: "main.tf", source: &source, diagnostics: &diagnostics }, false);
        assert!(shown.contains("--> main.tf:2001:13"), "{shown}");
        assert!(shown.contains("2001 - pattern = 1 == 2\n2001 + pattern = 1 = 2"), "{shown}");
    }

    #[test]
    fn a_line_too_long_to_show_has_its_place_told() {
        let source = format!("{}== 2", "x".repeat(200 << 10));
        let at = 200 << 10;
        let diagnostics = [Diagnostic::error(Code("FP007"), Span::new(at, at + 2), "no operator").help("h")];
        let shown = render(&Checked { name: "main.tf", source: &source, diagnostics: &diagnostics }, false);
        assert!(shown.starts_with("error[FP007]: no operator\n"), "{shown}");
        assert!(shown.contains("--> main.tf:1:204801\n") && shown.contains("= help: h\n"), "{shown}");
        assert!(shown.len() < 200, "the line itself is not shown");
    }
}
