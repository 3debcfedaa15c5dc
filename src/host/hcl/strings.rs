//! Strings of HCL, between quotes and as heredocs, with the places of their bytes in the file.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::template::{Element, HeredocTemplate, StringTemplate};

use crate::Span;
use crate::host::spelling::Layer;
use crate::host::text::Text;

use super::value::Values;

impl Values<'_> {
    /// A string without interpolations, quotes included in its range.
    pub(super) fn quoted(&self, range: Range<usize>) -> Text {
        let mut text = Text::spelled(vec![Layer::HclQuoted]);
        let inside = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
        self.fragment(&mut text, inside.clone());
        if text.value.is_empty() {
            text.push_escape("", Span::at(inside.start));
        }
        text
    }

    /// A string with interpolations or directives.
    pub(super) fn template(&self, template: &StringTemplate) -> Text {
        let mut text = Text::spelled(vec![Layer::HclQuoted]);
        for element in template {
            match (element, element.span()) {
                (Element::Literal(_), Some(range)) => self.fragment(&mut text, range),
                (element, range) => self.inserted(&mut text, element, range),
            }
        }
        text
    }

    /// What an interpolation brings: a constant of this file, or a hole. A directive is a hole.
    fn inserted(&self, text: &mut Text, element: &Element, range: Option<Range<usize>>) {
        let place = super::place(range);
        let known = match element {
            Element::Interpolation(interpolation) => {
                self.node(&interpolation.expr).into_text().filter(|value| value.holes.is_empty())
            }
            _ => None,
        };
        match known {
            // Written right here, as by `join`; it has its own quotes.
            Some(known) if place.to(known.source()) == place => {
                let spelling = text.map.spelling();
                text.append(known);
                text.map.spell(spelling);
            }
            Some(known) => text.push_foreign(&known.value, place),
            None => text.push_hole(place),
        }
    }

    /// The text of some bytes between quotes: with escapes, without interpolations.
    fn fragment(&self, text: &mut Text, range: Range<usize>) {
        let mut at = range.start;
        while let Some(rest) = self.file.get(at..range.end).filter(|rest| !rest.is_empty()) {
            let plain = rest.find(['\\', '$', '%']).unwrap_or(rest.len());
            text.push(rest.get(..plain).unwrap_or_default(), at);
            at += plain;
            let rest = rest.get(plain..).unwrap_or_default();
            match escape(rest) {
                Some((said, length)) => {
                    text.push_escape(&said, Span::new(at, at + length));
                    at += length;
                }
                None => {
                    let length = rest.chars().next().map_or(0, char::len_utf8);
                    text.push(rest.get(..length).unwrap_or_default(), at);
                    at += length.max(1);
                }
            }
        }
    }

    /// A heredoc. With `<<-` the blanks that all lines begin with are no part of it; lines of nothing else do not count.
    pub(super) fn heredoc(&self, heredoc: &HeredocTemplate, range: Range<usize>) -> Text {
        let is_indented = self.file.get(range).is_some_and(|raw| raw.starts_with("<<-"));
        let elements: Vec<_> = heredoc.template.iter().map(|element| (element, element.span())).collect();
        let stripped = if is_indented { self.indentation(&elements) } else { 0 };
        let mut text = Text::spelled(vec![Layer::HclHeredoc { indent: stripped }]);
        let mut begins_line = true;
        for (element, range) in elements {
            let (Element::Literal(_), Some(range)) = (element, range.clone()) else {
                self.inserted(&mut text, element, range);
                begins_line = false;
                continue;
            };
            let mut at = range.start;
            for line in self.file.get(range).unwrap_or_default().split_inclusive('\n') {
                let is_blank = line.ends_with('\n') && line.trim().is_empty();
                let skipped = if begins_line && !is_blank {
                    line.chars().take(stripped).take_while(|c| c.is_whitespace()).map(char::len_utf8).sum()
                } else {
                    0
                };
                heredoc_line(&mut text, line.get(skipped..).unwrap_or_default(), at + skipped);
                at += line.len();
                begins_line = line.ends_with('\n');
            }
        }
        text
    }

    /// How many blanks all lines begin with.
    fn indentation(&self, elements: &[(&Element, Option<Range<usize>>)]) -> usize {
        let mut least = None;
        let mut begins_line = true;
        for (element, range) in elements {
            let (Element::Literal(_), Some(range)) = (element, range.clone()) else {
                if begins_line {
                    return 0;
                }
                begins_line = false;
                continue;
            };
            for line in self.file.get(range).unwrap_or_default().split_inclusive('\n') {
                let is_blank = line.ends_with('\n') && line.trim().is_empty();
                if begins_line && !is_blank {
                    let blanks = line.chars().take_while(|c| c.is_whitespace()).count();
                    least = Some(least.map_or(blanks, |least: usize| least.min(blanks)));
                }
                begins_line = line.ends_with('\n');
            }
        }
        least.unwrap_or(0)
    }
}

/// A line of a heredoc, or a part of one: only `$${` and `%%{` are escapes.
fn heredoc_line(text: &mut Text, line: &str, start: usize) {
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let marker = rest.find("$${").into_iter().chain(rest.find("%%{")).min();
        let plain = marker.unwrap_or(rest.len());
        text.push(rest.get(..plain).unwrap_or_default(), start + at);
        at += plain;
        if marker.is_some() {
            let said = line.get(at + 1..at + 3).unwrap_or_default();
            text.push_escape(said, Span::new(start + at, start + at + 3));
            at += 3;
        }
    }
}

/// What the escape at the beginning of `rest` says, and its length.
fn escape(rest: &str) -> Option<(String, usize)> {
    if rest.starts_with("$${") || rest.starts_with("%%{") {
        return Some((rest.get(1..3)?.to_owned(), 3));
    }
    let code = |digits: usize| {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(number)?.to_string(), 2 + digits))
    };
    let said = |c: &str| Some((c.to_owned(), 2));
    match rest.strip_prefix('\\')?.chars().next()? {
        'n' => said("\n"),
        'r' => said("\r"),
        't' => said("\t"),
        '"' => said("\""),
        '\\' => said("\\"),
        'u' => code(4),
        'U' => code(8),
        _ => None,
    }
}
