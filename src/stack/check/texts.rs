//! Lengths and alphabets of names, and words of which there are a few.

use std::sync::LazyLock;

use regex::Regex;

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::listing::listed_names;
use crate::stack::places::rewritten;
use crate::stack::{Text, codes};

/// What a name may be.
pub(super) struct Alphabet {
    /// The characters it may hold.
    pub(super) allows: fn(char) -> bool,
    /// The same in words.
    pub(super) words: &'static str,
}

pub(super) const ANY: Alphabet = Alphabet { allows: |_| true, words: "any characters" };
pub(super) const LOG_GROUP: Alphabet = Alphabet {
    allows: |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '#'),
    words: "letters, digits and `. - _ / #`",
};
pub(super) const FILTER: Alphabet =
    Alphabet { allows: |c| !matches!(c, ':' | '*'), words: "any characters but `:` and `*`" };
pub(super) const DASHBOARD: Alphabet = Alphabet {
    allows: |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'),
    words: "letters, digits, `_` and `-`",
};
pub(super) const BUCKET: Alphabet = Alphabet {
    allows: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'),
    words: "lower-case letters, digits, `.` and `-`",
};
pub(super) const TRAIL: Alphabet = Alphabet {
    allows: |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'),
    words: "letters, digits, `.`, `_` and `-`",
};
pub(super) const TAG: Alphabet = Alphabet {
    allows: |c| c.is_ascii_alphanumeric() || in_a_tag(c),
    words: "letters, digits, spaces and `_ . : / = + - @`",
};
pub(super) const PARAMETER: Alphabet =
    Alphabet { allows: |c| c.is_ascii_alphanumeric() || c == '_', words: "letters, digits and `_`" };

/// Letters are those of the service's pattern, `\p{L}`: not all that counts as alphabetic, such as the marks of Indic vowels.
fn in_a_tag(c: char) -> bool {
    static LEGAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]$").ok());
    LEGAL.as_ref().is_some_and(|legal| legal.is_match(c.encode_utf8(&mut [0; 4])))
}

impl Checker<'_> {
    /// Whether a text has a length from `range` and holds nothing outside its alphabet.
    pub(super) fn text(
        &mut self,
        what: &str,
        text: &Text,
        (least, most): (usize, usize),
        alphabet: &Alphabet,
    ) {
        self.text_of(codes::TEXT, what, text, (least, most), alphabet);
    }

    /// The same under a code of its own.
    pub(super) fn text_of(
        &mut self,
        code: Code,
        what: &str,
        text: &Text,
        (least, most): (usize, usize),
        alphabet: &Alphabet,
    ) {
        let length = text.chars().count();
        if length < least || length > most {
            let message = format!("the {what} has {length} characters; it takes {least} to {most}");
            self.error(code, text.span, message);
        } else if let Some(refused) = text.chars().find(|&c| !(alphabet.allows)(c)) {
            let message = format!("the {what} `{}` holds `{}`", text.value, refused.escape_default());
            let finding = Diagnostic::error(code, text.span, message);
            self.say(finding.help(format!("it takes {}", alphabet.words)));
        }
    }

    /// The value that a word stands for.
    pub(super) fn choice<T: Copy>(&mut self, what: &str, word: &Text, choices: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = choices.iter().find(|(known, _)| *known == word.as_str()) {
            return Some(*value);
        }
        let message = format!("`{word}` is no {what}");
        let finding = Diagnostic::error(codes::CHOICE, word.span, message);
        let distance = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &word.to_lowercase());
        let nearest = choices.iter().map(|(known, _)| (distance(known), *known)).min();
        let words: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        self.say(match nearest {
            Some((distance, known)) if distance <= 1 + known.chars().count() / 4 => {
                rewritten(self.places, word, known, finding)
            }
            _ => finding.help(format!("it is one of {}", listed_names(words, "and"))),
        });
        None
    }
}
