//! A line cut into tokens, and which of them are masked (`spec/logs-insights.md` 6.4, steps 1 and 2).

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::values::parse_number;

/// How many characters of a line are looked at.
pub(super) const ANALYSED: usize = 1_500;

/// What kind of thing varies at a place of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Time,
    Date,
    Uuid,
    Arn,
    Ip,
    Url,
    Email,
    Id,
    Number,
    /// No kind of its own.
    Token,
}

impl Class {
    const ALL: [Class; 10] = [
        Class::Time,
        Class::Date,
        Class::Uuid,
        Class::Arn,
        Class::Ip,
        Class::Url,
        Class::Email,
        Class::Id,
        Class::Number,
        Class::Token,
    ];

    /// From 1; 0 is left for a literal.
    pub(super) fn code(self) -> u8 {
        self as u8 + 1
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Class::Time => "Time",
            Class::Date => "Date",
            Class::Uuid => "UUID",
            Class::Arn => "ARN",
            Class::Ip => "IP",
            Class::Url => "URL",
            Class::Email => "Email",
            Class::Id => "ID",
            Class::Number => "Number",
            Class::Token => "Token",
        }
    }
}

/// A token of a line or of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// White space stands before it.
    pub(super) spaced: bool,
    /// `None` for a literal.
    pub(super) class: Option<Class>,
    /// Its text; empty for a place of a template, whose texts are kept apart.
    pub(super) text: &'t str,
}

impl Token<'_> {
    /// The delimiter that it is.
    pub(super) fn delimiter(&self) -> Option<u8> {
        match self.text.as_bytes() {
            [byte] if is_delimiter(*byte) => Some(*byte),
            _ => None,
        }
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<' | b'>' | b'"' | b'\'' | b',' | b';' | b'=' | b'|'
    )
}

/// Puts the tokens of the first characters of a line into `tokens`.
pub(super) fn tokenize<'t>(line: &'t str, tokens: &mut Vec<Token<'t>>) {
    tokens.clear();
    let end = line.char_indices().nth(ANALYSED).map_or(line.len(), |(at, _)| at);
    let text = line.get(..end).unwrap_or(line);
    let mut words = Words { text, at: 0 }.peekable();
    while let Some((spaced, start, end)) = words.next() {
        let Some(word) = text.get(start..end) else { continue };
        if is_date(word) {
            let clock =
                words.next_if(|(spaced, start, end)| *spaced && text.get(*start..*end).is_some_and(is_clock));
            if let Some(pair) = clock.and_then(|(_, _, end)| text.get(start..end)) {
                tokens.push(Token { spaced, class: Some(Class::Time), text: pair });
                continue;
            }
        }
        tokens.push(Token { spaced, class: class_of(word), text: word });
    }
    if let Some(first) = tokens.first_mut() {
        first.spaced = false;
    }
}

/// Words and delimiters in order: whether white space stands before, start, end.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = (bool, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let blank = rest.len() - rest.trim_start().len();
        let start = self.at + blank;
        let rest = self.text.get(start..)?;
        let first = *rest.as_bytes().first()?;
        let length = if is_delimiter(first) {
            1
        } else {
            rest.char_indices()
                .find(|(_, c)| c.is_whitespace() || u8::try_from(*c).is_ok_and(is_delimiter))
                .map_or(rest.len(), |(at, _)| at)
        };
        self.at = start + length;
        Some((blank > 0, start, self.at))
    }
}

/// The first class that the whole word belongs to.
fn class_of(word: &str) -> Option<Class> {
    let has = |wanted: fn(u8) -> bool| word.bytes().any(wanted);
    let digits = has(|byte| byte.is_ascii_digit());
    // Most words are plain, and every class but a rare UUID has one of these.
    if !digits && !has(|byte| byte == b':' || byte == b'@') && word.len() != 36 {
        return None;
    }
    let found = |holds: bool, class: Class| holds.then_some(class);
    found(digits && is_time(word), Class::Time)
        .or_else(|| found(digits && is_date(word), Class::Date))
        .or_else(|| found(is_uuid(word), Class::Uuid))
        .or_else(|| found(is_arn(word), Class::Arn))
        .or_else(|| found(digits && is_ip(word), Class::Ip))
        .or_else(|| found(is_url(word), Class::Url))
        .or_else(|| found(is_email(word), Class::Email))
        .or_else(|| found(digits && is_id(word), Class::Id))
        .or_else(|| found(digits && parse_number(word).is_some(), Class::Number))
}

/// A date-time as one word, or a time of the day.
fn is_time(word: &str) -> bool {
    if is_clock(word) || is_basic_date_time(word) {
        return true;
    }
    // `2026-03-01T10:00:00Z`, and `01/Mar/2026:10:00:00` of web servers.
    let both = |(date, clock): (&str, &str)| is_date(date) && is_clock(clock);
    word.split_once(['T', 't']).is_some_and(both) || word.split_once(':').is_some_and(both)
}

/// `20260301T100000Z`.
fn is_basic_date_time(word: &str) -> bool {
    word.trim_end_matches('Z')
        .split_once('T')
        .is_some_and(|(date, clock)| digits(date, 8) && digits(clock, 6))
}

/// `10:05`, `10:05:00`, `10:05:00.123`, with a zone or without.
fn is_clock(word: &str) -> bool {
    let clock = word.strip_suffix(['Z', 'z']).unwrap_or(word);
    let clock = match clock.split_once(['+', '-']) {
        Some((clock, zone)) => {
            let named = digits(zone, 2) || digits(zone, 4);
            if !named
                && !zone.split_once(':').is_some_and(|(hours, minutes)| two(hours, 23) && two(minutes, 59))
            {
                return false;
            }
            clock
        }
        None => clock,
    };
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    let second = second.is_none_or(|second| match second.split_once('.') {
        Some((second, fraction)) => two(second, 60) && digits(fraction, fraction.len().max(1)),
        None => two(second, 60),
    });
    hour.is_some_and(|hour| two(hour, 24))
        && minute.is_some_and(|minute| two(minute, 59))
        && second
        && parts.next().is_none()
}

/// `2026-03-01`, `2026/03/01`, `01/03/2026`, `01/Mar/2026`, also with hyphens.
fn is_date(word: &str) -> bool {
    // The longest form has 11 bytes.
    if !(10..=11).contains(&word.len()) {
        return false;
    }
    let separator = if word.contains('/') { '/' } else { '-' };
    let mut parts = word.split(separator);
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    if digits(first, 4) {
        return two(second, 12) && two(third, 31);
    }
    let month =
        two(second, 31) || (second.len() == 3 && second.bytes().all(|byte| byte.is_ascii_alphabetic()));
    two(first, 31) && month && digits(third, 4)
}

/// Exactly two digits that are no more than this.
fn two(text: &str, most: u8) -> bool {
    digits(text, 2) && text.parse::<u8>().is_ok_and(|value| value <= most)
}

/// Exactly this many digits.
fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_arn(word: &str) -> bool {
    word.starts_with("arn:") && word.bytes().filter(|byte| *byte == b':').count() >= 5
}

/// An address, with a port or a prefix length or without.
fn is_ip(word: &str) -> bool {
    let number = |text: &str| (1..=5).contains(&text.len()) && digits(text, text.len());
    let address = match word.rsplit_once('/') {
        Some((address, prefix)) if number(prefix) => address,
        Some(_) => return false,
        None => word,
    };
    if address.bytes().filter(|byte| *byte == b':').count() >= 2 {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let address = match address.split_once(':') {
        Some((address, port)) if number(port) => address,
        Some(_) => return false,
        None => address,
    };
    address.parse::<Ipv4Addr>().is_ok()
}

fn is_url(word: &str) -> bool {
    word.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.is_empty()
    })
}

fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    !local.is_empty() && domain.contains('.') && domain.split('.').all(part)
}

/// A run of at least eight letters and digits, digits among them, alone or as a part between `-` and `_`, as in
/// `i-0123456789abcdef0`.
fn is_id(word: &str) -> bool {
    let run = |part: &str| part.len() >= 8 && part.bytes().any(|byte| byte.is_ascii_digit());
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && word.split(['-', '_']).any(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<(bool, &'static str, &str)> {
        let mut tokens = Vec::new();
        tokenize(line, &mut tokens);
        tokens.iter().map(|token| (token.spaced, token.class.map_or("", Class::name), token.text)).collect()
    }

    #[test]
    fn delimiters_are_tokens_of_their_own() {
        assert_eq!(
            shown("  [a b]=\"c\""),
            [
                (false, "", "["),
                (false, "", "a"),
                (true, "", "b"),
                (false, "", "]"),
                (false, "", "="),
                (false, "", "\""),
                (false, "", "c"),
                (false, "", "\""),
            ]
        );
    }

    #[test]
    fn a_date_and_a_time_beside_it_are_one_token() {
        assert_eq!(
            shown("2026-03-01 10:05:00.000 x"),
            [(false, "Time", "2026-03-01 10:05:00.000"), (true, "", "x")]
        );
        assert_eq!(
            shown("2026-03-01,10:05:00"),
            [(false, "Date", "2026-03-01"), (false, "", ","), (false, "Time", "10:05:00")]
        );
    }

    #[test]
    fn each_class_has_its_words() {
        for (class, words) in [
            (
                "Time",
                &[
                    "2026-03-01T10:05:00Z",
                    "2026-03-01T10:05:00.123+01:00",
                    "10/Oct/2000:13:55:36",
                    "20260301T100000Z",
                ][..],
            ),
            ("Date", &["2026-03-01", "2026/03/01", "01/Mar/2026"]),
            ("UUID", &["8f507cfc-abcd-4697-b07a-ac58fc914c95"]),
            ("ARN", &["arn:aws:iam::111122223333:user/alice"]),
            ("IP", &["198.51.100.7", "10.0.0.1:443", "10.0.0.0/8", "::1", "2001:db8::7"]),
            ("URL", &["https://example.com/a"]),
            ("Email", &["al@example.com"]),
            ("ID", &["i-0123456789abcdef0", "deadbeef1", "12345678", "abcdefg1"]),
            ("Number", &["12", "-1.5", "1e3", "1234567", "12345678.5"]),
            (
                "",
                &[
                    "us-east-1",
                    "host-1",
                    "12ms",
                    "deadbeef",
                    "2026-13-01",
                    "a::b",
                    "://x",
                    "@",
                    "a@b",
                    "/api/v1",
                    "10.0.0.1.2",
                    "é123456789",
                ],
            ),
        ] {
            for word in words {
                assert_eq!(class_of(word).map_or("", Class::name), class, "{word}");
            }
        }
    }

    #[test]
    fn what_follows_1500_characters_is_not_looked_at() {
        let line = format!("{} x", "é".repeat(1_498));
        assert_eq!(shown(&line).len(), 2);
        let line = format!("{} x", "é".repeat(1_499));
        assert_eq!(shown(&line).len(), 1);
    }
}
