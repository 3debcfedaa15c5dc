//! Text from anywhere, made safe to print: no control characters.

use std::borrow::Cow;

/// The text with the same length in bytes and blanks for control characters other than line feed and tab, so that a
/// hostile source cannot steer a terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\t');
    if !text.bytes().any(|byte| steers(char::from(byte))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if steers(c) { ' ' } else { c }).collect())
}

/// The text on one line: runs of blanks and control characters are one blank each.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(printable("a\u{1b}[2Jé\n\t"), "a [2Jé\n\t");
        assert_eq!(one_line(" a\r\n\tb \u{1b}[c"), "a b [c");
    }
}
