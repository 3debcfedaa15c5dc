//! Placeholders and calls in the text of a saved query, which is no query before it is filled in.

use std::ops::Range;

const MAX_PARAMETER_NAME: usize = 128;

pub(super) fn is_parameter_name(name: &str) -> bool {
    name.len() <= MAX_PARAMETER_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(is_word)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) struct Placeholder<'t> {
    pub(super) name: &'t str,
    /// The braces included.
    pub(super) range: Range<usize>,
}

/// The `{{name}}`s of a text, wherever they stand: they are replaced before anything is parsed.
pub(super) struct Placeholders<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Placeholders<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Placeholders { text, at: 0 }
    }
}

impl<'t> Iterator for Placeholders<'t> {
    type Item = Placeholder<'t>;

    fn next(&mut self) -> Option<Placeholder<'t>> {
        loop {
            let start = self.at + self.text.get(self.at..)?.find("{{")?;
            let inside = self.text.get(start + 2..)?;
            let (name, rest) = inside.split_at_checked(word_length(inside)).unwrap_or((inside, ""));
            if rest.starts_with("}}") && is_parameter_name(name) {
                let end = start + 2 + name.len() + 2;
                self.at = end;
                return Some(Placeholder { name, range: start..end });
            }
            self.at = start + 1;
        }
    }
}

fn word_length(text: &str) -> usize {
    text.bytes().position(|byte| !is_word(byte)).unwrap_or(text.len())
}

/// Whether a query calls a saved one: `$` before a name, where it is not inside a string, a regex, backticks or a
/// comment.
pub(super) fn has_call(text: &str) -> bool {
    let mut rest = text;
    // A slash begins a regex behind `like`, `=~` and in `parse`; elsewhere it divides.
    let (mut stage_begins, mut parses, mut wants_pattern) = (true, false, false);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '$' if rest.get(1..).is_some_and(|next| {
                next.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '`'))
            }) =>
            {
                return true;
            }
            '#' => length = rest.find('\n').unwrap_or(rest.len()),
            '/' if wants_pattern || parses => length = closed(rest, '/'),
            '"' | '\'' => length = closed(rest, c),
            '`' => length = rest.get(1..).and_then(|rest| rest.find('`')).map_or(rest.len(), |at| at + 2),
            _ if c.is_ascii_alphabetic() || c == '_' => {
                length = word_length(rest);
                let word = rest.get(..length).unwrap_or_default();
                parses |= stage_begins && word.eq_ignore_ascii_case("parse");
                wants_pattern = word.eq_ignore_ascii_case("like");
                stage_begins = false;
            }
            '|' => (stage_begins, parses, wants_pattern) = (true, false, false),
            '~' => wants_pattern = true,
            _ if c.is_whitespace() => {}
            _ => (stage_begins, wants_pattern) = (false, false),
        }
        if matches!(c, '/' | '"' | '\'' | '`') {
            (stage_begins, wants_pattern) = (false, false);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

/// How long a text in `quote`s is, quotes included; all there is where it is not closed.
fn closed(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}
