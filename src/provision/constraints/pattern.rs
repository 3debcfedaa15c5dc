//! A pattern of the models, which are Java's, in the dialect of this crate's regexes.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern, compiled when it is first asked.
#[derive(Debug)]
pub(super) struct Pattern {
    /// As the table has it.
    pub(super) text: &'static str,
    regex: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    pub(super) fn new(text: &'static str) -> Self {
        Pattern { text, regex: OnceLock::new() }
    }

    /// Whether it matches the whole of a text.
    ///
    /// # Errors
    /// The pattern cannot be translated; the reason.
    pub(super) fn matches(&self, text: &str) -> Result<bool, &str> {
        let regex = self.regex.get_or_init(|| {
            let body = translate(self.text)?;
            Regex::new(&format!(r"\A(?:{body})\z")).map_err(|fault| fault.to_string())
        });
        regex.as_ref().map(|regex| regex.is_match(text)).map_err(String::as_str)
    }
}

/// The same pattern, without the anchors at its ends, for a whole match stands in for them.
pub(super) fn translate(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('^').unwrap_or(text);
    let inner = inner.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).unwrap_or(inner);
    let refused = |what: &str| format!("the pattern `{text}` has {what}, which is not translated");

    let mut out = String::with_capacity(inner.len());
    let mut class = Class::Outside;
    let mut previous = ' ';
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let escaped = rest.next().ok_or_else(|| refused("a `\\` at its end"))?;
                let set = perl(escaped);
                match (escaped, set, class) {
                    ('d' | 'w' | 's', Some(set), Class::Inside) => out.push_str(set),
                    ('d' | 'w' | 's', Some(set), Class::Outside) => out.push_str(&format!("[{set}]")),
                    ('D' | 'W' | 'S', Some(set), _) => out.push_str(&format!("[^{set}]")),
                    ('p' | 'u', ..) => out.extend(['\\', escaped]),
                    _ if escaped.is_ascii_punctuation() => out.extend(['\\', escaped]),
                    _ => return Err(refused(&format!("`\\{escaped}`"))),
                }
            }
            '[' if class == Class::Inside => return Err(refused("a class in a class")),
            '[' => {
                class = Class::Inside;
                out.push(c);
            }
            ']' => {
                class = Class::Outside;
                out.push(c);
            }
            // Doubled, they are operators in a class of ours.
            '&' | '~' if class == Class::Inside => out.extend(['\\', c]),
            '-' if class == Class::Inside && previous == '-' => return Err(refused("`--`")),
            _ if class == Class::Inside => out.push(c),
            '.' => out.push_str(r"[^\n\r\u{85}\u{2028}\u{2029}]"),
            '?' if previous == '(' => return Err(refused("`(?`")),
            '+' if matches!(previous, '+' | '*' | '?' | '}') => {
                return Err(refused("a possessive quantifier"));
            }
            '^' | '$' => return Err(refused("an anchor inside")),
            _ => out.push(c),
        }
        previous = if c == '\\' { ' ' } else { c };
    }
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Inside,
    Outside,
}

/// What a letter after `\` stands for, in a class; Java's are ASCII.
fn perl(letter: char) -> Option<&'static str> {
    match letter {
        'd' | 'D' => Some("0-9"),
        'w' | 'W' => Some("0-9A-Za-z_"),
        's' | 'S' => Some(r"\t\n\x0B\x0C\r "),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_matches(pattern: &'static str, yes: &[&str], no: &[&str]) {
        let pattern = Pattern::new(pattern);
        for text in yes {
            assert_eq!(pattern.matches(text), Ok(true), "{text:?}");
        }
        for text in no {
            assert_eq!(pattern.matches(text), Ok(false), "{text:?}");
        }
    }

    #[test]
    fn a_match_is_of_the_whole_text() {
        assert_matches(
            r"[\.\-_/#A-Za-z0-9]+",
            &["aws-cloudtrail-logs/1#a_b.c"],
            &["", "a b", "a:b", "é", "a\n"],
        );
        assert_matches(r"^[a-zA-Z_][a-zA-Z0-9_]*", &["a1"], &["1a", "a-"]);
        assert_matches(r"a|bc", &["a", "bc"], &["ac", "ab", "abc"]);
    }

    #[test]
    fn classes_by_letter_are_ascii() {
        assert_matches(r"[\w+=,.@-]+", &["a_1+=,.@-"], &["é", "a b"]);
        assert_matches(r"^\d{12}$", &["123456789012"], &["12345678901", "١٢٣٤٥٦٧٨٩٠١٢"]);
        assert_matches(r"\S{2,3}", &["é!"], &["a b", "a"]);
        assert_matches(r"[\D5]", &["5", "é"], &["6"]);
        assert_matches(r"[\s\S]*", &["", "a\n é"], &[]);
        assert_matches(r"[\w|\d|\.|_]+", &["resources.ARN", "a|b"], &["a-b"]);
    }

    #[test]
    fn dots_and_code_points_are_java_s() {
        assert_matches(r"[^:].*", &["a:", " "], &["", ":a", "a\nb", "a\u{2028}b"]);
        assert_matches(r"[\u0009\u000A\u000D\u0020-\u00FF]+", &["{\n\t\"é\"}"], &["ł"]);
        assert_matches(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", &["/", "/a/"], &["//a", "a/"]);
        assert_matches(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", &["", "Größe 1/2"], &["a*"]);
    }

    #[test]
    fn what_has_no_counterpart_is_refused() {
        for text in [r"(?!a)b", r"a++", r"a^b", r"\bword", r"[a[b]]", r"(a)\1", "a\\"] {
            assert!(translate(text).is_err(), "{text}");
        }
    }
}
