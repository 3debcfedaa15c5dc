//! Which texts a value asks for, as far as it can be said by texts with a star at an end.

use crate::plan::glob::Glob;
use crate::syntax::filter::{RegexLiteral, Value};

/// The texts that a value asks for, where they are those of some texts with a star at an end; `None` for any other regex.
pub(super) fn globs(value: &Value) -> Option<Vec<Glob>> {
    match value {
        Value::Text(text) => Some(vec![Glob::new(&text.text)]),
        Value::Number(number) => Some(vec![Glob::Exact(number.as_str().into())]),
        Value::Regex(regex) => regex_globs(regex),
    }
}

/// The alternatives of a regex, each as a text with a star at an end, where each is one.
pub(super) fn regex_globs(regex: &RegexLiteral) -> Option<Vec<Glob>> {
    alternatives(regex.as_str()).into_iter().map(glob).collect()
}

/// The parts of a regex between its `|`s.
pub(super) fn alternatives(body: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut in_class) = (0, false);
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '|' if !in_class => {
                found.extend(body.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(body.get(start..));
    found
}

/// One alternative without operators other than anchors, or `.*` where it ends without one.
fn glob(alternative: &str) -> Option<Glob> {
    let (from_start, body) = match alternative.strip_prefix('^') {
        Some(body) => (true, body),
        None => (false, alternative.strip_prefix(".*").unwrap_or(alternative)),
    };
    let (to_end, body) = match body.strip_suffix('$').filter(|body| !ends_in_escape(body)) {
        Some(body) => (true, body),
        None => (false, body.strip_suffix(".*").filter(|body| !ends_in_escape(body)).unwrap_or(body)),
    };
    let text = literal(body)?.into_boxed_str();
    Some(match (from_start, to_end) {
        (true, true) => Glob::Exact(text),
        _ if text.is_empty() => Glob::Any,
        (true, false) => Glob::Prefix(text),
        (false, true) => Glob::Suffix(text),
        (false, false) => Glob::Contains(text),
    })
}

/// Whether a character behind `body` is escaped.
pub(super) fn ends_in_escape(body: &str) -> bool {
    body.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The text that a regex without operators stands for.
pub(super) fn literal(body: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                'd' | 'D' | 's' | 'S' | 'w' | 'W' => return None,
                'x' => {
                    let code = u32::from_str_radix(&format!("{}{}", chars.next()?, chars.next()?), 16);
                    text.push(char::from_u32(code.ok()?)?);
                }
                escaped => text.push(escaped),
            },
            '^' | '$' | '?' | '[' | ']' | '{' | '}' | '*' | '+' | '.' => return None,
            _ => text.push(c),
        }
    }
    Some(text)
}

/// Whether every text of `narrow` is one of `wide`; `false` may also mean that it is not known.
pub(super) fn is_within(narrow: &Glob, wide: &Glob) -> bool {
    match (narrow, wide) {
        (_, Glob::Any) => true,
        (Glob::Exact(text), _) => wide.matches(text),
        (Glob::Prefix(start), Glob::Prefix(shorter)) => start.starts_with(&**shorter),
        (Glob::Suffix(end), Glob::Suffix(shorter)) => end.ends_with(&**shorter),
        (Glob::Prefix(core) | Glob::Suffix(core) | Glob::Contains(core), Glob::Contains(part)) => {
            core.contains(&**part)
        }
        _ => false,
    }
}

/// Whether no text fulfils both; `false` may also mean that it is not known.
pub(super) fn are_disjoint(one: &Glob, other: &Glob) -> bool {
    match (one, other) {
        (Glob::Exact(text), wide) | (wide, Glob::Exact(text)) => !wide.matches(text),
        (Glob::Prefix(a), Glob::Prefix(b)) => !a.starts_with(&**b) && !b.starts_with(&**a),
        (Glob::Suffix(a), Glob::Suffix(b)) => !a.ends_with(&**b) && !b.ends_with(&**a),
        _ => false,
    }
}

/// The text of a glob without its stars.
pub(super) fn core(glob: &Glob) -> &str {
    match glob {
        Glob::Exact(core) | Glob::Prefix(core) | Glob::Suffix(core) | Glob::Contains(core) => core,
        Glob::Any => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Option<Vec<Glob>> {
        regex_globs(&RegexLiteral::new(body).unwrap())
    }

    #[test]
    fn a_regex_without_operators_is_a_text_with_stars() {
        assert_eq!(of("^GetObject$"), Some(vec![Glob::Exact("GetObject".into())]));
        assert_eq!(of(r"^a\.b|c\$"), Some(vec![Glob::Prefix("a.b".into()), Glob::Contains("c$".into())]));
        assert_eq!(of(".*error.*"), Some(vec![Glob::Contains("error".into())]));
        assert_eq!(of(r"\x28"), Some(vec![Glob::Contains("(".into())]));
        for other in [r"a\d", "a.c", "^.*a$", "[a|b]", "a+", "a$b"] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn what_lies_within_and_what_lies_apart() {
        let glob = Glob::new;
        assert!(is_within(&glob("PutObject"), &glob("Put*")));
        assert!(is_within(&glob("Put*"), &glob("*u*")));
        assert!(!is_within(&glob("*Put*"), &glob("Put*")));
        assert!(are_disjoint(&glob("Put*"), &glob("Get*")));
        assert!(!are_disjoint(&glob("Put*"), &glob("PutO*")));
        assert!(!are_disjoint(&glob("Put*"), &glob("*Get*")));
    }
}
