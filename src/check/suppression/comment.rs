//! The comments themselves: where they stand, which codes they name, for what they count.

use std::ops::Range;

use crate::{Diagnostic, Span};

use super::codes;
use super::scope::Lines;

/// What begins a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hosts"), expect(dead_code, reason = "some are those of files that hold texts"))]
pub(crate) enum Marker {
    /// `#`, to the end of the line.
    Hash,
    /// `//`, to the end of the line.
    Slashes,
    /// `--`, to the end of the line.
    Hyphens,
    /// `<!--`, to `-->`.
    Markup,
}

impl Marker {
    pub(super) fn text(self) -> &'static str {
        match self {
            Marker::Hash => "#",
            Marker::Slashes => "//",
            Marker::Hyphens => "--",
            Marker::Markup => "<!--",
        }
    }
}

/// A comment that silences findings, or is meant to.
#[derive(Clone, Debug)]
pub(crate) struct Suppression {
    /// The comment, from what begins it to its end.
    pub(crate) comment: Span,
    /// Where it counts.
    pub(crate) scope: Span,
    /// The codes that it names.
    pub(super) codes: Vec<NamedCode>,
    /// What is wrong with it.
    pub(super) fault: Option<Diagnostic>,
}

/// A code in a comment.
#[derive(Clone, Debug)]
pub(super) struct NamedCode {
    pub(super) text: String,
    pub(super) span: Span,
}

const NAME: &str = "trailql:";

/// Whether a text may have such a comment at all.
pub(crate) fn mentions(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), NAME.as_bytes()).is_some()
}

/// The comments in a part of a text.
pub(crate) fn suppressions(text: &str, part: Span, markers: &[Marker]) -> Vec<Suppression> {
    let lines = Lines::of(text, markers);
    let part = part.range();
    let found = memchr::memmem::find_iter(text.as_bytes(), NAME.as_bytes());
    found
        .filter(|at| part.contains(at))
        .filter_map(|at| {
            let comment = comment(text, at, part.clone(), markers)?;
            read(text, at + NAME.len(), comment, &lines)
        })
        .collect()
}

/// The comment that begins right before the name.
fn comment(text: &str, at: usize, part: Range<usize>, markers: &[Marker]) -> Option<Range<usize>> {
    let line = text.get(part.start..at)?;
    let line = line.rsplit('\n').next().unwrap_or(line);
    let before = line.trim_end();
    let marker = markers.iter().find(|marker| before.ends_with(marker.text()))?;
    let mut start = before.len() - marker.text().len();
    if *marker == Marker::Hash {
        start = before.trim_end_matches('#').len();
    }
    let rest = text.get(at..part.end)?;
    let line_end = at + rest.find('\n').map_or(rest.len(), |end| end);
    let rest = text.get(at..line_end)?;
    let end = match marker {
        Marker::Markup => at + rest.find("-->").map(|end| end + "-->".len())?,
        _ => at + rest.trim_end().len(),
    };
    Some(at - line.len() + start..end)
}

/// What other tools call it.
const OTHER_WORDS: &[&str] = &[
    "disable",
    "disable-line",
    "disable-next-line",
    "noqa",
    "nolint",
    "suppress",
    "skip",
    "allow",
    "ignored",
];

/// Reads what stands behind the name; `None` where it has nothing to do with silencing.
fn read(text: &str, at: usize, comment: Range<usize>, lines: &Lines<'_>) -> Option<Suppression> {
    let mut suppression = Suppression {
        comment: Span::new(comment.start, comment.end),
        scope: lines.scope(comment.clone()),
        codes: Vec::new(),
        fault: None,
    };
    let inside = text.get(at..comment.end)?.trim_end_matches("-->");
    let behind = inside.trim_start();
    let word_end =
        behind.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(behind.len());
    let (word, behind) = behind.split_at_checked(word_end)?;
    let is_other = OTHER_WORDS.contains(&word) || strsim::osa_distance(word, "ignore") <= 2;
    if word != "ignore" && !is_other {
        return None;
    }
    let word_start = at + inside.len() - inside.trim_start().len();
    let word_span = Span::new(word_start, word_start + word.len());
    if is_other && word != "ignore" {
        let message = format!("`{word}` is no word of a suppression");
        let help = "write `ignore`, then the codes in brackets";
        suppression.fault = Some(Diagnostic::warning(codes::NOT_UNDERSTOOD, word_span, message).help(help));
        return Some(suppression);
    }
    let without_code = || {
        let finding = Diagnostic::warning(
            codes::WITHOUT_CODE,
            suppression.comment,
            "the suppression names no code, so that it silences nothing",
        );
        finding.help("name the codes: `trailql: ignore[LI106] why`")
    };
    let Some(list) = behind.trim_start().strip_prefix('[') else {
        suppression.fault = Some(without_code());
        return Some(suppression);
    };
    let list_start = at + inside.len() - list.len();
    let Some((list, _)) = list.split_once(']') else {
        let finding =
            Diagnostic::warning(codes::NOT_UNDERSTOOD, suppression.comment, "the list of codes has no end");
        suppression.fault = Some(finding.help("close it with `]`"));
        return Some(suppression);
    };
    let mut start = list_start;
    for code in list.split(',') {
        let trimmed = code.trim();
        if !trimmed.is_empty() {
            let from = start + (code.len() - code.trim_start().len());
            let span = Span::new(from, from + trimmed.len());
            suppression.codes.push(NamedCode { text: trimmed.to_ascii_uppercase(), span });
        }
        start += code.len() + 1;
    }
    if suppression.codes.is_empty() {
        suppression.fault = Some(without_code());
    }
    Some(suppression)
}

impl Suppression {
    /// What goes when the comment goes: its whole line, or the blanks before it too.
    pub(super) fn whole(&self, text: &str) -> Span {
        let comment = self.comment.range();
        let before = text.get(..comment.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let code = before.get(line_start..).unwrap_or_default();
        let behind = text.get(comment.end..).unwrap_or_default();
        let line_behind = behind.split_inclusive('\n').next().unwrap_or_default();
        if !code.trim().is_empty() {
            let kept = line_start + code.trim_end().len();
            return if line_behind.trim().is_empty() {
                Span::new(kept, comment.end)
            } else {
                Span::new(comment.start, comment.end)
            };
        }
        if line_behind.trim().is_empty() {
            Span::new(line_start, comment.end + line_behind.len())
        } else {
            Span::new(comment.start, comment.end)
        }
    }

    /// What goes when one of several codes goes: with the comma before it, or behind it for the first.
    pub(super) fn without(&self, code: &NamedCode) -> Span {
        let index = self.codes.iter().position(|one| one.span == code.span).unwrap_or_default();
        let before = index.checked_sub(1).and_then(|index| self.codes.get(index));
        let behind = self.codes.get(index + 1);
        match (before, behind) {
            (Some(before), _) => Span::new(before.span.range().end, code.span.range().end),
            (None, Some(behind)) => Span::new(code.span.range().start, behind.span.range().start),
            (None, None) => code.span,
        }
    }
}
