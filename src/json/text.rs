//! JSON strings as they are written: comparing and decoding the text between the quotes.

use std::borrow::Cow;

/// The text between the quotes of a JSON string, as written, and whether it holds an escape.
///
/// ```
/// use trailql::json::{Node, Projection, Slots, Step};
///
/// let projection = Projection::new(&[[Step::Key("eventName".into())]]);
/// let mut slots = Slots::new();
/// let record = r#"{"eventName":"\u0047etObject"}"#;
/// projection.project(record, &mut slots).unwrap();
/// let Node::String(name) = slots.node(record, 0) else { panic!("a string") };
/// assert_eq!(name.raw(), r"\u0047etObject");
/// assert_eq!(name.decode(), "GetObject");
/// assert!(name.has_escape() && name.eq_str("GetObject"));
/// ```
///
/// Two of them are equal when they are written alike; [`decode`](Self::decode) tells whether they mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawString<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> RawString<'a> {
    /// The string of which `raw` is the text between the quotes, taken from validated JSON.
    pub(super) fn new(raw: &'a str, escaped: bool) -> Self {
        RawString { raw, escaped }
    }

    /// The text between the quotes, as written.
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// Whether a backslash occurs in [`raw`](Self::raw); without one the raw text is the string itself.
    pub fn has_escape(&self) -> bool {
        self.escaped
    }

    /// The string that the text stands for; borrowed when no escape occurs.
    pub fn decode(&self) -> Cow<'a, str> {
        if !self.escaped {
            return Cow::Borrowed(self.raw);
        }
        let mut decoded = String::with_capacity(self.raw.len());
        for piece in Pieces::new(self.raw) {
            match piece {
                Piece::Plain(text) => decoded.push_str(text),
                Piece::Char(c) => decoded.push(c),
            }
        }
        Cow::Owned(decoded)
    }

    /// Whether the decoded string is exactly `other`. Allocates nothing.
    pub fn eq_str(&self, other: &str) -> bool {
        if !self.escaped {
            return self.raw == other;
        }
        let mut rest = other;
        for piece in Pieces::new(self.raw) {
            let stripped = match piece {
                Piece::Plain(text) => rest.strip_prefix(text),
                Piece::Char(c) => rest.strip_prefix(c),
            };
            match stripped {
                Some(left) => rest = left,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

enum Piece<'a> {
    Plain(&'a str),
    Char(char),
}

/// The runs without escapes and the escaped characters of a raw string, in order.
struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Pieces<'a> {
    fn new(raw: &'a str) -> Self {
        Pieces { rest: raw }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let plain = memchr::memchr(b'\\', self.rest.as_bytes()).unwrap_or(self.rest.len());
        if plain > 0 {
            let (before, after) = self.rest.split_at_checked(plain)?;
            self.rest = after;
            return Some(Piece::Plain(before));
        }
        let (c, length) = escaped_char(self.rest.as_bytes());
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some(Piece::Char(c))
    }
}

/// The character that the escape at the start of `bytes` stands for, and the escape's length in bytes.
///
/// Text that was not validated, and so may hold half an escape, gives U+FFFD.
fn escaped_char(bytes: &[u8]) -> (char, usize) {
    let c = match bytes.get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_char(bytes),
        _ => char::REPLACEMENT_CHARACTER,
    };
    (c, 2)
}

fn unicode_char(bytes: &[u8]) -> (char, usize) {
    let unit = |at: usize| bytes.get(at..).and_then(hex4);
    let Some(high) = unit(2) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if let Some(c) = char::from_u32(high) {
        return (c, 6);
    }
    match unit(8) {
        Some(low @ 0xdc00..=0xdfff) if high < 0xdc00 => {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// The value of the four hexadecimal digits that `bytes` starts with.
pub(super) fn hex4(bytes: &[u8]) -> Option<u32> {
    bytes
        .first_chunk::<4>()?
        .iter()
        .try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(text: &str) -> RawString<'_> {
        RawString::new(text, text.contains('\\'))
    }

    #[test]
    fn every_escape_is_decoded() {
        let all = raw(r#"a\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00z"#);
        assert_eq!(all.decode(), "a\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1f600}z");
        assert!(matches!(raw("plain").decode(), Cow::Borrowed("plain")));
    }

    #[test]
    fn half_escapes_do_not_panic() {
        for text in
            ["\\", "\\u", "\\u12", "\\ud800", "\\ud800\\u0041", "\\\u{e9}", "\\udc00", "\\u\u{e9}\u{e9}"]
        {
            let _ = raw(text).decode();
            assert!(!raw(text).eq_str("x"));
        }
    }

    proptest! {
        #[test]
        fn decoding_undoes_serde_json_writing(text in any::<String>(), other in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();
            let string = raw(written.strip_prefix('"').unwrap().strip_suffix('"').unwrap());
            prop_assert_eq!(string.decode(), text.as_str());
            prop_assert!(string.eq_str(&text));
            prop_assert_eq!(string.eq_str(&other), text == other);
            let longer = format!("{text}x");
            prop_assert!(!string.eq_str(&longer));
        }

        #[test]
        fn every_unit_may_be_spelled_as_an_escape(text in any::<String>()) {
            let written: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(raw(&written).decode(), text.as_str());
            prop_assert!(raw(&written).eq_str(&text));
        }
    }
}
