//! A text inside a TOML string: where its bytes stand in the file, and how to write into it.

use crate::{Diagnostic, Edit, Fix, Label, Span};

/// A string of the file as it is written there, and what it spells.
#[derive(Debug)]
pub(crate) struct Quoted {
    style: Style,
    /// The whole string, quotes included.
    span: Span,
    /// Starts of runs whose bytes stand in the file as they are: offset in the text, offset in the file. A run ends where
    /// the next one begins.
    runs: Vec<(usize, usize)>,
    /// The length of the text, and where it ends in the file.
    end: (usize, usize),
}

/// The four kinds of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Literal,
    Basic,
    MultiLineLiteral,
    MultiLineBasic,
}

impl Style {
    const ALL: [Style; 4] = [Style::MultiLineLiteral, Style::MultiLineBasic, Style::Literal, Style::Basic];

    fn delimiter(self) -> &'static str {
        match self {
            Style::Literal => "'",
            Style::Basic => "\"",
            Style::MultiLineLiteral => "'''",
            Style::MultiLineBasic => "\"\"\"",
        }
    }

    fn is_multi_line(self) -> bool {
        matches!(self, Style::MultiLineLiteral | Style::MultiLineBasic)
    }

    fn has_escapes(self) -> bool {
        matches!(self, Style::Basic | Style::MultiLineBasic)
    }

    /// `text` as it is written inside such a string; `None` where it cannot be.
    pub(crate) fn written(self, text: &str) -> Option<String> {
        let is_control = |c: char| c.is_control() && !(self.is_multi_line() && matches!(c, '\n' | '\t'));
        if !self.has_escapes() {
            let fits = !text.contains('\'') && !text.chars().any(is_control);
            return fits.then(|| text.to_owned());
        }
        let mut written = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '"' | '\\' => written.extend(['\\', c]),
                '\n' if is_control(c) => written.push_str("\\n"),
                '\t' if is_control(c) => written.push_str("\\t"),
                c if is_control(c) => written.push_str(&format!("\\u{:04X}", u32::from(c))),
                c => written.push(c),
            }
        }
        Some(written)
    }
}

impl Quoted {
    /// The string at a place of the file, if what it spells is `text`.
    pub(crate) fn at(file: &str, span: Span, text: &str) -> Option<Self> {
        let raw = span.slice(file);
        let style = Style::ALL.into_iter().find(|style| {
            raw.starts_with(style.delimiter())
                && raw.ends_with(style.delimiter())
                && raw.len() >= 2 * style.delimiter().len()
        })?;
        let width = style.delimiter().len();
        let mut inner = raw.get(width..raw.len() - width)?;
        let mut from = span.range().start + width;
        if style.is_multi_line() {
            let trimmed = inner.strip_prefix("\r\n").or_else(|| inner.strip_prefix('\n')).unwrap_or(inner);
            from += inner.len() - trimmed.len();
            inner = trimmed;
        }
        let mut quoted = Quoted { style, span, runs: Vec::new(), end: (0, from + inner.len()) };
        let spelled = quoted.read(inner, from)?;
        quoted.end.0 = spelled.len();
        (spelled == text).then_some(quoted)
    }

    /// What the inside of the string spells; notes where each run of plain bytes begins.
    fn read(&mut self, inner: &str, from: usize) -> Option<String> {
        let mut spelled = String::with_capacity(inner.len());
        let mut rest = inner;
        self.runs.push((0, from));
        while let Some(c) = rest.chars().next() {
            let here = from + inner.len() - rest.len();
            if c == '\\' && self.style.has_escapes() {
                let (said, length) = escape(rest, self.style)?;
                self.runs.push((spelled.len(), here));
                spelled.extend(said);
                self.runs.push((spelled.len(), here + length));
                rest = rest.get(length..)?;
            } else {
                spelled.push(c);
                rest = rest.get(c.len_utf8()..)?;
            }
        }
        Some(spelled)
    }

    /// Which kind of string it is.
    #[cfg(feature = "hosts")]
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// The runs of the text and what they are in the file: offset, place, and whether they stand there as they are.
    #[cfg(feature = "hosts")]
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (usize, Span, bool)> {
        let ends = self.runs.iter().skip(1).copied().chain([self.end]);
        self.runs.iter().zip(ends).enumerate().map(|(index, (&(text, file), (text_end, file_end)))| {
            // Every other run is an escape, of which one may spell a character of as many bytes.
            let is_verbatim = index % 2 == 0;
            debug_assert!(!is_verbatim || text_end - text == file_end - file);
            (text, Span::new(file, file_end), is_verbatim)
        })
    }

    /// Where a byte of the text stands in the file.
    fn place(&self, offset: usize) -> usize {
        if offset >= self.end.0 {
            return self.end.1;
        }
        let after = self.runs.partition_point(|&(text, _)| text <= offset);
        match self.runs.get(after.saturating_sub(1)) {
            Some(&(text, file)) => file + (offset - text),
            None => self.span.range().start,
        }
    }

    fn span_of(&self, span: Span) -> Span {
        Span::new(self.place(span.range().start), self.place(span.range().end))
    }

    /// A finding about the text, as one about the file. A fix that cannot be written in this kind of string is left out.
    pub(crate) fn lift(&self, finding: Diagnostic) -> Diagnostic {
        let labels = finding.labels.into_iter();
        Diagnostic {
            labels: labels.map(|label| Label { span: self.span_of(label.span), ..label }).collect(),
            fix: finding.fix.and_then(|fix| self.lift_fix(fix)),
            ..finding
        }
    }

    fn lift_fix(&self, fix: Fix) -> Option<Fix> {
        let edits = fix.edits.into_iter().map(|edit| {
            Some(Edit { span: self.span_of(edit.span), replacement: self.style.written(&edit.replacement)? })
        });
        Some(Fix { edits: edits.collect::<Option<_>>()?, title: fix.title })
    }
}

/// What an escape at the start of `rest` spells, and its length; nothing for a backslash that joins lines.
fn escape(rest: &str, style: Style) -> Option<(Option<char>, usize)> {
    let letter = rest.get(1..)?.chars().next()?;
    let plain = |c: char| Some((Some(c), 2));
    let code = |digits: usize| {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((Some(char::from_u32(number)?), 2 + digits))
    };
    match letter {
        'b' => plain('\u{8}'),
        't' => plain('\t'),
        'n' => plain('\n'),
        'f' => plain('\u{c}'),
        'r' => plain('\r'),
        'e' => plain('\u{1b}'),
        '"' | '\\' => plain(letter),
        'x' => code(2),
        'u' => code(4),
        'U' => code(8),
        ' ' | '\t' | '\n' | '\r' if style.is_multi_line() => {
            let behind = rest.get(1..)?;
            let blank = behind.len() - behind.trim_start_matches([' ', '\t', '\n', '\r']).len();
            Some((None, 1 + blank))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::stack::Stack;

    /// The text `at` in the string of a file: where the file has it.
    fn found(file: &str, at: &str) -> String {
        let stack = Stack::parse(file).unwrap();
        let name = stack.name.unwrap();
        let quoted =
            Quoted::at(file, name.span, &name).unwrap_or_else(|| panic!("{file} spells {:?}", name.value));
        let start = name.find(at).unwrap();
        let finding = Diagnostic::error(Code("PR000"), Span::new(start, start + at.len()), "");
        quoted.lift(finding).span().slice(file).to_owned()
    }

    #[test]
    fn places_are_those_of_the_file_whatever_the_quotes() {
        assert_eq!(found("name = '{ $.a = 1 }'", "$.a"), "$.a");
        assert_eq!(found("name = \"é \\\"x\\\" $.a\"", "$.a"), "$.a");
        assert_eq!(found("name = \"é \\\"x\\\" $.a\"", "\"x\""), "\\\"x\\\"");
        assert_eq!(found("name = '''\nfilter a\n| limit 1'''", "limit"), "limit");
        assert_eq!(found("name = \"\"\"\nfilter a \\\n   | limit 1\"\"\"", "limit"), "limit");
        assert_eq!(found("name = \"\\u00e9\\x41 b\"", "b"), "b");
        assert_eq!(found("name = '''\r\na\r\nb'''", "b"), "b");
        assert_eq!(found("name = ''''x' is quoted'''", "'x'"), "'x'");
    }

    #[test]
    fn a_fix_is_written_as_its_string_needs_it() {
        let fixed = |file: &str, replacement: &str| {
            let stack = Stack::parse(file).unwrap();
            let name = stack.name.unwrap();
            let quoted = Quoted::at(file, name.span, &name).unwrap();
            let finding = Diagnostic::error(Code("PR000"), Span::new(0, 1), "").fix(Fix::replace(
                "write it",
                Span::new(0, 1),
                replacement,
            ));
            quoted.lift(finding).fix.map(|fix| fix.apply(file))
        };
        assert_eq!(fixed("name = \"a\"", "say \"b\\\"").as_deref(), Some("name = \"say \\\"b\\\\\\\"\""));
        assert_eq!(fixed("name = 'a'", "\"b\"").as_deref(), Some("name = '\"b\"'"));
        assert_eq!(fixed("name = 'a'", "'b'"), None);
    }
}
