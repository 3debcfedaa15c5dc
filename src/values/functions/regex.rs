//! Regexes as the language means them, in RE2's dialect (`spec/logs-insights.md` 6.2, U7), and what replaces a match.

use regex::RegexBuilder;

/// A compiled regex.
pub(crate) use ::regex::Regex;

/// Bytes that one compiled regex may take; a guard.
const LARGEST: usize = 1 << 20;

/// Compiles a regex: `\d`, `\s`, `\w` and `\b` mean ASCII, and a class holds characters, ranges and classes only.
///
/// # Errors
/// What is wrong with it, in one line.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let fault = |error: ::regex::Error| match error {
        ::regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        // Behind a copy of the pattern, which may be another than the one written.
        error => {
            let text = error.to_string();
            let last = text.lines().next_back().unwrap_or(&text);
            last.trim_start_matches("error: ").to_owned()
        }
    };
    RegexBuilder::new(&translate(pattern)).size_limit(LARGEST).build().map_err(fault)
}

/// The same regex in the notation of the `regex` crate.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => push_escape(escaped, in_class, &mut out),
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // The first is no end.
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                let mut before = None;
                for c in chars.by_ref() {
                    out.push(c);
                    if before == Some(':') && c == ']' {
                        break;
                    }
                    before = Some(c);
                }
            }
            // Operators on classes in the crate's notation only.
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn push_escape(escaped: char, in_class: bool, out: &mut String) {
    let set = match escaped {
        'd' | 'D' => "0-9",
        's' | 'S' => r"\t\n\f\r ",
        'w' | 'W' => "0-9A-Za-z_",
        'b' if !in_class => return out.push_str(r"(?-u:\b)"),
        _ => {
            out.push('\\');
            return out.push(escaped);
        }
    };
    out.push_str(if escaped.is_ascii_uppercase() { "[^" } else { "[" });
    out.push_str(set);
    out.push(']');
}

/// The text that replaces a match: pieces of text and groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Group(usize),
    Name(String),
}

impl Template {
    /// Reads `$1`, `${1}` and `${name}` as groups and `$$` as a dollar; any other `$` is one too.
    pub(super) fn new(text: &str) -> Template {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            plain.push_str(before);
            if let Some(behind) = after.strip_prefix('$') {
                plain.push('$');
                rest = behind;
                continue;
            }
            let Some((group, behind)) = group(after) else {
                plain.push('$');
                rest = after;
                continue;
            };
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(group);
            rest = behind;
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Template(pieces)
    }

    /// The first group that the regex does not have, as written.
    pub(super) fn unknown_group(&self, regex: &Regex) -> Option<String> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Group(group) if *group >= regex.captures_len() => Some(format!("${group}")),
            Piece::Name(name) if !regex.capture_names().flatten().any(|known| known == name) => {
                Some(format!("${{{name}}}"))
            }
            _ => None,
        })
    }

    /// The text with every match replaced; `None` where it would be longer than `longest`. `Some(None)`: no match.
    pub(super) fn replace_all(&self, regex: &Regex, text: &str, longest: usize) -> Option<Option<String>> {
        let mut out = String::new();
        let mut copied = None;
        for captures in regex.captures_iter(text) {
            let Some(found) = captures.get(0) else { continue };
            out.push_str(text.get(copied.unwrap_or(0)..found.start()).unwrap_or_default());
            copied = Some(found.end());
            for piece in &self.0 {
                let group = match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Group(group) => captures.get(*group).map_or("", |group| group.as_str()),
                    Piece::Name(name) => captures.name(name).map_or("", |group| group.as_str()),
                };
                if out.len() + group.len() > longest {
                    return None;
                }
                out.push_str(group);
            }
        }
        let Some(copied) = copied else { return Some(None) };
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(Some(out))
    }
}

/// The group that is written behind a `$`, and what follows.
fn group(text: &str) -> Option<(Piece, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (name, rest) = braced.split_once('}')?;
        let word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let piece = name.parse().map_or_else(|_| Piece::Name(name.to_owned()), Piece::Group);
        return word.then_some((piece, rest));
    }
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((Piece::Group(digits.parse().ok()?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_is_re2s() {
        for (pattern, text, matches) in [
            (r"^\d+$", "42", true),
            (r"^\d$", "\u{663}", false),
            (r"^\D$", "\u{663}", true),
            (r"^[\d-]+$", "4-2", true),
            (r"^[^\w]$", "\u{e9}", true),
            (r"^\w$", "\u{e9}", false),
            (r"^\s$", "\u{b}", false),
            (r"\bb", "\u{e9}b", true),
            ("^.$", "\u{e9}", true),
            ("(?i)^\u{e9}$", "\u{c9}", true),
            (r"^\p{Greek}+$", "\u{3b1}", true),
            ("^[[:alpha:]&&b]+$", "a&b", true),
            ("^[a[]+$", "a[", true),
            ("^[]a]+$", "]a", true),
            ("^[^]a]+$", "]", false),
            (r"(?<user>\w+)@(?P<host>\w+)", "a@b", true),
            (r"^\\d$", "\\d", true),
            (r"^\[\]$", "[]", true),
        ] {
            assert_eq!(compile(pattern).unwrap().is_match(text), matches, "{pattern} on {text}");
        }
    }

    #[test]
    fn what_is_no_regex_is_told() {
        assert_eq!(compile("(a").unwrap_err(), "unclosed group");
        assert!(compile("(?=a)").unwrap_err().contains("look-around"));
        assert!(compile(r"(a)\1").unwrap_err().contains("backreferences"));
        assert_eq!(compile("((a{1000}){1000}){1000}").unwrap_err(), "it is too large");
        for pattern in ["\\", "[", "[\\", "[[:", "[^]", "(?P<a", "\u{e9}{"] {
            let _ = compile(pattern);
        }
    }

    #[test]
    fn groups_in_a_replacement() {
        let regex = compile("(?<first>[a-z])([0-9])?").unwrap();
        for (template, expected) in [
            ("$2$1", "1a-b"),
            ("${first}x", "ax-bx"),
            ("$1x", "ax-bx"),
            ("${2}0", "10-0"),
            ("$$1", "$1-$1"),
            ("$", "$-$"),
            ("$x{", "$x{-$x{"),
            ("${}", "${}-${}"),
            ("", "-"),
        ] {
            let given = Template::new(template).replace_all(&regex, "a1-b", 100);
            assert_eq!(given, Some(Some(expected.to_owned())), "{template}");
        }
        assert_eq!(Template::new("x").replace_all(&regex, "-", 100), Some(None));
        assert_eq!(Template::new("$1$1").replace_all(&regex, "ab", 3), None);
        assert_eq!(Template::new("$3").unknown_group(&regex).as_deref(), Some("$3"));
        assert_eq!(Template::new("${last}").unknown_group(&regex).as_deref(), Some("${last}"));
        assert_eq!(Template::new("$2${first}$0").unknown_group(&regex), None);
    }
}
