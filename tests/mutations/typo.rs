//! One slip of the fingers: a character dropped, doubled, swapped with the next, in the wrong case, or that of the next key.

use std::ops::Range;

use trailql::schema::Schema;

use super::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Operator,
    Quote,
    Parenthesis,
    Field,
    EventName,
}

pub struct Typo {
    pub text: String,
    pub what: String,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Operator, Kind::Quote, Kind::Parenthesis, Kind::Field, Kind::EventName];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Operator => "operator",
            Kind::Quote => "quote",
            Kind::Parenthesis => "parenthesis",
            Kind::Field => "field",
            Kind::EventName => "event name",
        }
    }

    pub fn is_syntax(self) -> bool {
        matches!(self, Kind::Operator | Kind::Quote | Kind::Parenthesis)
    }
}

/// The pattern with one typo of this kind; `None` where it has no place for one.
pub fn apply(pattern: &str, kind: Kind, schema: &Schema, random: &mut Random) -> Option<Typo> {
    let places = places(pattern, kind);
    if places.is_empty() {
        return None;
    }
    for _ in 0..100 {
        let place = random.of(&places).clone();
        let (right, wrong) = (pattern[place.clone()].to_owned(), slip(&pattern[place.clone()], random));
        let text = format!("{}{wrong}{}", &pattern[..place.start], &pattern[place.end..]);
        if wrong != right && is_fault(pattern, &text, kind, &wrong, schema) {
            return Some(Typo { text, what: format!("`{right}` as `{wrong}`") });
        }
    }
    None
}

/// Whether the typo makes the pattern wrong rather than another valid one.
fn is_fault(pattern: &str, text: &str, kind: Kind, wrong: &str, schema: &Schema) -> bool {
    match kind {
        Kind::Operator => !is_another_operator(text, pattern),
        Kind::EventName => !schema.is_event_name(wrong),
        Kind::Quote | Kind::Parenthesis | Kind::Field => true,
    }
}

/// Whether the texts differ by an operator that is as good: `=` for `!=`.
fn is_another_operator(one: &str, other: &str) -> bool {
    one.replace("!=", "=") == other.replace("!=", "=")
}

/// Where typos of this kind can be made.
fn places(pattern: &str, kind: Kind) -> Vec<Range<usize>> {
    match kind {
        Kind::Operator => operators(pattern),
        Kind::Quote => single(pattern, &['"']),
        Kind::Parenthesis => single(&outside_quotes(pattern), &['(', ')', '{', '}']),
        Kind::Field => fields(pattern),
        Kind::EventName => event_names(pattern),
    }
}

fn single(pattern: &str, wanted: &[char]) -> Vec<Range<usize>> {
    pattern.match_indices(wanted).map(|(at, found)| at..at + found.len()).collect()
}

/// The pattern with blanks in place of what stands in quotes.
fn outside_quotes(pattern: &str) -> String {
    let mut is_quoted = false;
    let blank = |c: char| {
        if c == '"' {
            is_quoted = !is_quoted;
        }
        if is_quoted { '_' } else { c }
    };
    assert!(pattern.is_ascii());
    pattern.chars().map(blank).collect()
}

fn operators(pattern: &str) -> Vec<Range<usize>> {
    let outside = outside_quotes(pattern);
    let mut found: Vec<Range<usize>> = Vec::new();
    for operator in ["&&", "||", "!=", "=", "NOT EXISTS", "IS FALSE", "IS TRUE", "IS NULL"] {
        for (at, _) in outside.match_indices(operator) {
            let place = at..at + operator.len();
            if !found.iter().any(|other| other.start < place.end && place.start < other.end) {
                found.push(place);
            }
        }
    }
    found.sort_by_key(|place| place.start);
    found
}

/// Each name in a selector.
fn fields(pattern: &str) -> Vec<Range<usize>> {
    let outside = outside_quotes(pattern);
    let mut found = Vec::new();
    for (at, _) in outside.match_indices("$.") {
        let mut start = at + 2;
        loop {
            let length = outside[start..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
            if length > 0 {
                found.push(start..start + length);
            }
            start += length;
            match outside[start..].chars().next() {
                Some('.') => start += 1,
                Some('[') => start += outside[start..].find(']').map_or(0, |close| close + 1),
                _ => break,
            }
        }
    }
    found
}

/// Each whole event name that is compared with.
fn event_names(pattern: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, selector) in pattern.match_indices("$.eventName") {
        let start = at + selector.len();
        let Some(skipped) = pattern[start..].find(|c: char| c.is_ascii_alphanumeric() || c == '*') else {
            continue;
        };
        let start = start + skipped;
        let length = pattern[start..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
        let ends_in_star = pattern[start + length..].starts_with('*');
        if length > 0 && !ends_in_star {
            found.push(start..start + length);
        }
    }
    found
}

/// The text with one slip.
fn slip(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = random.below(letters.len());
    match random.below(5) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        // What word processors make of it.
        2 if letters[at] == '"' => letters[at] = *random.of(&['“', '”']),
        3 => letters[at] = other_layer(letters[at]),
        _ => letters[at] = neighbour(letters[at], random),
    }
    letters.into_iter().collect()
}

/// The same key with or without shift.
fn other_layer(c: char) -> char {
    const PLAIN: &str = "`1234567890-=[]\\;',./";
    const SHIFTED: &str = "~!@#$%^&*()_+{}|:\"<>?";
    if c.is_ascii_alphabetic() {
        return if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    }
    let pairs = || PLAIN.chars().zip(SHIFTED.chars());
    let other = pairs().find_map(|(plain, shifted)| match c {
        _ if c == plain => Some(shifted),
        _ if c == shifted => Some(plain),
        _ => None,
    });
    other.unwrap_or(c)
}

/// A key beside this one, on the same layer of an American keyboard.
fn neighbour(c: char, random: &mut Random) -> char {
    const ROWS: [&str; 7] = [
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "1234567890-=",
        "!@#$%^&*()_+",
        "QWERTYUIOP{}|",
        "ASDFGHJKL:\"",
    ];
    let Some(row) = ROWS.iter().find(|row| row.contains(c)) else { return c };
    let keys: Vec<char> = row.chars().collect();
    let place = keys.iter().position(|key| *key == c).unwrap_or(0);
    let beside = if random.is_so() { place.wrapping_sub(1) } else { place + 1 };
    keys.get(beside).copied().unwrap_or(c)
}
