//! The service's subset of regular expressions: checked, and translated for the `regex` crate
//! (`spec/filter-pattern.md` 2.3).

use std::iter::Peekable;
use std::str::CharIndices;

use crate::Span;

/// A regex as it stands between two percent signs, checked against the service's subset.
///
/// ```
/// use trailql::syntax::filter::RegexLiteral;
///
/// assert_eq!(RegexLiteral::new(r"a{,2}b")?.rust_pattern(), "a{0,2}b");
/// assert!(RegexLiteral::new(r"(a|b)").is_err(), "there are no groups");
/// # Ok::<(), trailql::syntax::filter::RegexFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RegexLiteral {
    body: String,
    #[cfg_attr(feature = "serde", serde(skip))]
    rust: String,
}

impl RegexLiteral {
    /// The regex with this text between its percent signs.
    ///
    /// # Errors
    /// The first construct that the service does not know, or that does not form a regex.
    pub fn new(body: &str) -> Result<Self, RegexFault> {
        let rust = Translation::of(body)?;
        Ok(RegexLiteral { body: body.to_owned(), rust })
    }

    /// The text between the percent signs.
    pub fn as_str(&self) -> &str {
        &self.body
    }

    /// The same regex in the notation of the `regex` crate: `\d`, `\s` and `\w` mean ASCII, `.` excludes line feed,
    /// `^` and `$` are the ends of the text.
    pub fn rust_pattern(&self) -> &str {
        &self.rust
    }
}

/// What is wrong with a regex, and where in the text between its percent signs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct RegexFault {
    /// The bytes meant.
    pub span: Span,
    /// What is wrong there.
    pub kind: RegexFaultKind,
}

/// The kinds of fault a regex can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegexFaultKind {
    /// Nothing between the percent signs.
    #[error("the regex is empty")]
    Empty,
    /// A character outside the allowed set.
    #[error("`{0}` is not available in a regex")]
    Character(char),
    /// A backslash before something it cannot stand before.
    #[error("`\\{0}` is not available in a regex")]
    Escape(String),
    /// A quantifier directly after another: lazy, possessive or doubled.
    #[error("a quantifier cannot follow a quantifier")]
    DoubleQuantifier,
    /// A quantifier with nothing before it.
    #[error("there is nothing to repeat before `{0}`")]
    NothingToRepeat(char),
    /// `{m,n}` with `m` above `n`.
    #[error("the bounds of the repetition are in the wrong order")]
    BoundsOrder,
    /// A repetition bound that no engine takes.
    #[error("the repetition bound is too large")]
    BoundTooLarge,
    /// `[` without `]`.
    #[error("the class is not closed")]
    UnclosedClass,
    /// `[]` or `[^]`.
    #[error("the class is empty")]
    EmptyClass,
    /// A range whose end comes before its start, or that has a class as an end.
    #[error("`{0}` is no range")]
    BadRange(String),
    /// A backslash at the very end.
    #[error("the backslash at the end escapes nothing")]
    TrailingBackslash,
}

impl RegexFaultKind {
    /// Whether the construct is simply not in the subset, rather than broken.
    pub fn is_outside_subset(&self) -> bool {
        matches!(self, Self::Character(_) | Self::Escape(_) | Self::DoubleQuantifier)
    }
}

const LARGEST_BOUND: u32 = 10_000;

struct Translation<'a> {
    body: &'a str,
    chars: Peekable<CharIndices<'a>>,
    out: String,
}

/// What stood before the current place, as far as a quantifier cares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Atom,
    Quantifier,
}

impl<'a> Translation<'a> {
    fn of(body: &'a str) -> Result<String, RegexFault> {
        if body.is_empty() {
            return Err(RegexFault { span: Span::at(0), kind: RegexFaultKind::Empty });
        }
        let mut translation = Translation {
            body,
            chars: body.char_indices().peekable(),
            out: String::with_capacity(body.len() + 8),
        };
        translation.whole()?;
        Ok(translation.out)
    }

    fn whole(&mut self) -> Result<(), RegexFault> {
        let mut before = Before::Nothing;
        while let Some((at, c)) = self.chars.next() {
            before = match c {
                '|' => {
                    self.out.push('|');
                    Before::Nothing
                }
                '^' | '$' | '.' => {
                    self.out.push(c);
                    Before::Atom
                }
                '*' | '+' | '?' => {
                    self.quantifiable(at, c, before)?;
                    self.out.push(c);
                    Before::Quantifier
                }
                '{' => match self.repetition(at)? {
                    Some(bounds) => {
                        self.quantifiable(at, c, before)?;
                        self.out.push_str(&bounds);
                        Before::Quantifier
                    }
                    None => self.literal(c),
                },
                '[' => {
                    self.class(at)?;
                    Before::Atom
                }
                '\\' => {
                    match self.escape(at)? {
                        Escaped::Char(c) => drop(self.literal(c)),
                        Escaped::Class(class) => {
                            self.out.push('[');
                            self.out.push_str(class);
                            self.out.push(']');
                        }
                        Escaped::Complement(class) => {
                            self.out.push_str("[^");
                            self.out.push_str(class);
                            self.out.push(']');
                        }
                    }
                    Before::Atom
                }
                ']' | '}' => self.literal(c),
                _ if is_plain(c) => self.literal(c),
                _ => return Err(self.fault(at, RegexFaultKind::Character(c))),
            };
        }
        Ok(())
    }

    fn quantifiable(&self, at: usize, c: char, before: Before) -> Result<(), RegexFault> {
        match before {
            Before::Atom => Ok(()),
            Before::Nothing => Err(self.fault(at, RegexFaultKind::NothingToRepeat(c))),
            Before::Quantifier => Err(self.fault(at, RegexFaultKind::DoubleQuantifier)),
        }
    }

    fn literal(&mut self, c: char) -> Before {
        push_escaped(&mut self.out, c);
        Before::Atom
    }

    /// The `{m,n}` that begins at `at`, in the `regex` crate's spelling; `None` where the brace is a literal.
    fn repetition(&mut self, at: usize) -> Result<Option<String>, RegexFault> {
        let rest = self.body.get(at + 1..).unwrap_or_default();
        let Some((inside, _)) = rest.split_once('}') else { return Ok(None) };
        let (low, high) = match inside.split_once(',') {
            Some((low, high)) => (low, Some(high)),
            None => (inside, None),
        };
        let is_bound = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let legal = is_bound(low)
            && high.is_none_or(is_bound)
            && (!low.is_empty() || high.is_some_and(|high| !high.is_empty()));
        if !legal {
            return Ok(None);
        }
        let span = Span::new(at, at + inside.len() + 2);
        let bound = |text: &str| match text.parse::<u32>() {
            Ok(bound) if bound <= LARGEST_BOUND => Ok(bound),
            _ => Err(RegexFault { span, kind: RegexFaultKind::BoundTooLarge }),
        };
        let low = if low.is_empty() { 0 } else { bound(low)? };
        let bounds = match high {
            None => format!("{{{low}}}"),
            Some("") => format!("{{{low},}}"),
            Some(high) => {
                let high = bound(high)?;
                if high < low {
                    return Err(RegexFault { span, kind: RegexFaultKind::BoundsOrder });
                }
                format!("{{{low},{high}}}")
            }
        };
        for _ in 0..=inside.len() {
            self.chars.next();
        }
        Ok(Some(bounds))
    }

    /// What the backslash at `at` stands for.
    fn escape(&mut self, at: usize) -> Result<Escaped, RegexFault> {
        let Some((_, c)) = self.chars.next() else {
            return Err(self.fault(at, RegexFaultKind::TrailingBackslash));
        };
        Ok(match c {
            'd' => Escaped::Class(DIGIT),
            'D' => Escaped::Complement(DIGIT),
            's' => Escaped::Class(SPACE),
            'S' => Escaped::Complement(SPACE),
            'w' => Escaped::Class(WORD),
            'W' => Escaped::Complement(WORD),
            'x' => {
                let digits: String =
                    std::iter::from_fn(|| self.chars.next_if(|(_, c)| c.is_ascii_hexdigit()))
                        .take(2)
                        .map(|(_, c)| c)
                        .collect();
                match u8::from_str_radix(&digits, 16) {
                    Ok(byte) if digits.len() == 2 && byte.is_ascii() => Escaped::Char(char::from(byte)),
                    _ => {
                        let kind = RegexFaultKind::Escape(format!("x{digits}"));
                        return Err(RegexFault { span: Span::new(at, at + 2 + digits.len()), kind });
                    }
                }
            }
            '\\' => Escaped::Char(c),
            _ if is_operator(c) || (is_plain(c) && !c.is_ascii_alphanumeric()) => Escaped::Char(c),
            _ => {
                let kind = RegexFaultKind::Escape(c.to_string());
                return Err(RegexFault { span: Span::new(at, at + 1 + c.len_utf8()), kind });
            }
        })
    }

    /// The class that begins with the bracket at `at`.
    fn class(&mut self, at: usize) -> Result<(), RegexFault> {
        self.out.push('[');
        if self.chars.next_if(|(_, c)| *c == '^').is_some() {
            self.out.push('^');
        }
        let mut empty = true;
        while let Some((member_at, c)) = self.chars.next() {
            if c == ']' {
                if empty {
                    let kind = RegexFaultKind::EmptyClass;
                    return Err(RegexFault { span: Span::new(at, member_at + 1), kind });
                }
                self.out.push(']');
                return Ok(());
            }
            empty = false;
            let low = self.class_member(member_at, c)?;
            if self.is_range() {
                self.chars.next();
                let Some((high_at, c)) = self.chars.next() else { break };
                let high = self.class_member(high_at, c)?;
                let end = self.offset();
                let text = self.body.get(member_at..end).unwrap_or_default().to_owned();
                let (Escaped::Char(low), Escaped::Char(high)) = (&low, &high) else {
                    return Err(RegexFault {
                        span: Span::new(member_at, end),
                        kind: RegexFaultKind::BadRange(text),
                    });
                };
                if high < low {
                    return Err(RegexFault {
                        span: Span::new(member_at, end),
                        kind: RegexFaultKind::BadRange(text),
                    });
                }
                push_escaped(&mut self.out, *low);
                self.out.push('-');
                push_escaped(&mut self.out, *high);
                continue;
            }
            match low {
                Escaped::Char(c) => push_escaped(&mut self.out, c),
                Escaped::Class(class) => self.out.push_str(class),
                Escaped::Complement(class) => {
                    self.out.push_str("[^");
                    self.out.push_str(class);
                    self.out.push(']');
                }
            }
        }
        Err(RegexFault { span: Span::new(at, self.body.len()), kind: RegexFaultKind::UnclosedClass })
    }

    fn class_member(&mut self, at: usize, c: char) -> Result<Escaped, RegexFault> {
        match c {
            '\\' => self.escape(at),
            _ if is_plain(c) || is_operator(c) => Ok(Escaped::Char(c)),
            _ => Err(self.fault(at, RegexFaultKind::Character(c))),
        }
    }

    /// Whether a `-` comes next that has something other than the closing bracket behind it.
    fn is_range(&self) -> bool {
        let mut ahead = self.chars.clone();
        matches!(ahead.next(), Some((_, '-'))) && !matches!(ahead.next(), Some((_, ']')) | None)
    }

    fn offset(&mut self) -> usize {
        self.chars.peek().map_or(self.body.len(), |(at, _)| *at)
    }

    fn fault(&self, at: usize, kind: RegexFaultKind) -> RegexFault {
        let length = self.body.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        RegexFault { span: Span::new(at, at + length), kind }
    }
}

const DIGIT: &str = "0-9";
const SPACE: &str = r"\t\n\x0B\x0C\r ";
const WORD: &str = "A-Za-z0-9_";

enum Escaped {
    Char(char),
    Class(&'static str),
    Complement(&'static str),
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | ':' | '_' | '#' | '=' | '@' | '/' | ';' | ',' | '-')
}

fn is_operator(c: char) -> bool {
    matches!(c, '^' | '$' | '?' | '[' | ']' | '{' | '}' | '|' | '*' | '+' | '.')
}

/// Writes `c` so that the `regex` crate takes it literally, inside and outside of a class.
fn push_escaped(out: &mut String, c: char) {
    match c {
        _ if c.is_ascii_alphanumeric() || c == '_' || c == ' ' => out.push(c),
        _ if c.is_ascii_graphic() && !matches!(c, '<' | '>') => {
            out.push('\\');
            out.push(c);
        }
        _ => out.push_str(&format!("\\x{{{:02X}}}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(body: &str) -> RegexFaultKind {
        RegexLiteral::new(body).unwrap_err().kind
    }

    #[test]
    fn every_translation_compiles_and_means_the_same() {
        for (body, yes, no) in [
            (r"^a{,2}b$", "aab", "aaab"),
            (r"\[.\]", "[x]", "[]"),
            (r"a{x}", "a{x}", "ax"),
            (r"a{,}", "a{,}", "a"),
            (r"\x28\x29?$", "(", "(x"),
            (r"[[a]", "[", "]"),
            (r"[a-]", "-", "b"),
            (r"[+--]", ",", "."),
            (r"[^\w]", "-", "_"),
            (r"[\D]", "x", "7"),
            (r"a/b:c@d#e;f,g=h", "a/b:c@d#e;f,g=h", "a"),
            (r"x}]", "x}]", "x"),
        ] {
            let literal = RegexLiteral::new(body).unwrap();
            let regex = ::regex::Regex::new(literal.rust_pattern()).unwrap();
            assert!(regex.is_match(yes), "{body} on {yes}");
            assert!(!regex.is_match(no), "{body} on {no}");
        }
    }

    #[test]
    fn an_ascii_class_never_stands_for_another_script() {
        let digit = ::regex::Regex::new(RegexLiteral::new(r"^\d$").unwrap().rust_pattern()).unwrap();
        assert!(digit.is_match("7") && !digit.is_match("٧"));
        let other = ::regex::Regex::new(RegexLiteral::new(r"^\W$").unwrap().rust_pattern()).unwrap();
        assert!(other.is_match("é"));
    }

    #[test]
    fn what_the_service_does_not_know_is_told_apart_from_what_is_broken() {
        assert_eq!(fault("(a)"), RegexFaultKind::Character('('));
        assert_eq!(fault("hello!"), RegexFaultKind::Character('!'));
        assert_eq!(fault(r"\("), RegexFaultKind::Escape("(".into()));
        assert_eq!(fault(r"\bx"), RegexFaultKind::Escape("b".into()));
        assert_eq!(fault(r"\xE9"), RegexFaultKind::Escape("xE9".into()));
        assert_eq!(fault("a*?"), RegexFaultKind::DoubleQuantifier);
        assert_eq!(fault("é"), RegexFaultKind::Character('é'));
        for outside in ["(a)", r"\b", "a++", "é"] {
            assert!(fault(outside).is_outside_subset());
        }
        assert_eq!(fault(""), RegexFaultKind::Empty);
        assert_eq!(fault("[a"), RegexFaultKind::UnclosedClass);
        assert_eq!(fault("[]"), RegexFaultKind::EmptyClass);
        assert_eq!(fault("*a"), RegexFaultKind::NothingToRepeat('*'));
        assert_eq!(fault("a{3,1}"), RegexFaultKind::BoundsOrder);
        assert_eq!(fault("[z-a]"), RegexFaultKind::BadRange("z-a".into()));
        assert_eq!(fault("a\\"), RegexFaultKind::TrailingBackslash);
        for broken in ["", "[a", "*a", "a{3,1}"] {
            assert!(!fault(broken).is_outside_subset());
        }
    }
}
