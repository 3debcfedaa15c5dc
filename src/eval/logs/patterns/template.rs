//! A masked line as a compact key, and the coarser templates that many different lines fall back to.

use super::severity::rank;
use super::tokens::{Class, Token};

/// How much of a line its template tells. Each level tells less than the one before, and follows from it: the template
/// of a line at a level is the same whether it is made from the line or from the line's template at an earlier level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// All literals.
    #[default]
    Whole,
    /// Words with a digit vary.
    Undigited,
    /// Words beyond the first few vary too.
    Beginning,
    /// All words but those of severity vary.
    Skeleton,
    /// Only the number of tokens counts, and no more than the first [`COUNTED`].
    Length,
}

/// How many tokens keep their words at [`Level::Beginning`].
const BEGINNING: usize = 8;

/// How many tokens there are at most at [`Level::Length`].
const COUNTED: usize = 64;

impl Level {
    pub(super) fn next(self) -> Option<Self> {
        match self {
            Level::Whole => Some(Level::Undigited),
            Level::Undigited => Some(Level::Beginning),
            Level::Beginning => Some(Level::Skeleton),
            Level::Skeleton => Some(Level::Length),
            Level::Length => None,
        }
    }

    /// The token as this level shows it; `None` if it shows it no more.
    pub(super) fn show<'t>(self, at: usize, token: Token<'t>) -> Option<Token<'t>> {
        if self == Level::Length {
            let class = Some(Class::Token);
            return (at < COUNTED).then_some(Token { spaced: at > 0, class, ..token });
        }
        if token.class.is_some() || token.delimiter().is_some() {
            return Some(token);
        }
        let severity = rank(token.text).is_some();
        let varies = (self >= Level::Undigited && token.text.bytes().any(|byte| byte.is_ascii_digit()))
            || (self >= Level::Beginning && at >= BEGINNING && !severity)
            || (self >= Level::Skeleton && !severity);
        Some(if varies { Token { class: Some(Class::Token), ..token } } else { token })
    }
}

const SPACED: u8 = 0x80;

/// Appends a token to a key: one byte for what it is, and the text of a literal behind its length.
pub(super) fn encode(token: Token<'_>, key: &mut Vec<u8>) {
    let spaced = if token.spaced { SPACED } else { 0 };
    key.push(spaced | token.class.map_or(0, Class::code));
    if token.class.is_none() {
        // A token has at most 1,500 characters.
        key.extend(u16::try_from(token.text.len()).unwrap_or(u16::MAX).to_le_bytes());
        key.extend(token.text.as_bytes());
    }
}

/// The tokens of a key.
pub(super) fn decode(key: &[u8]) -> impl Iterator<Item = Token<'_>> {
    let mut rest = key;
    std::iter::from_fn(move || {
        let (flags, after) = rest.split_first()?;
        rest = after;
        let class = Class::from_code(flags & !SPACED);
        let mut text = "";
        if class.is_none() {
            let (length, after) = rest.split_first_chunk::<2>()?;
            let (bytes, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            text = std::str::from_utf8(bytes).ok()?;
            rest = after;
        }
        Some(Token { spaced: flags & SPACED != 0, class, text })
    })
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;
    use proptest::prelude::*;

    fn key_at(level: Level, tokens: impl Iterator<Item = Token<'static>>) -> Vec<u8> {
        let mut key = Vec::new();
        for (at, token) in tokens.enumerate() {
            if let Some(token) = level.show(at, token) {
                encode(token, &mut key);
            }
        }
        key
    }

    fn shown(level: Level, line: &'static str) -> String {
        let mut tokens = Vec::new();
        tokenize(line, &mut tokens);
        let key = key_at(level, tokens.into_iter());
        let mut out = String::new();
        for token in decode(&key) {
            if token.spaced {
                out.push(' ');
            }
            out.push_str(token.class.map_or(token.text, |_| "*"));
        }
        out
    }

    #[test]
    fn each_level_tells_less() {
        let line = "[ERROR] a1 b c  d e f g h 12";
        for (level, text) in [
            (Level::Whole, "[ERROR] a1 b c d e f g h *"),
            (Level::Undigited, "[ERROR] * b c d e f g h *"),
            (Level::Beginning, "[ERROR] * b c d e * * * *"),
            (Level::Skeleton, "[ERROR] * * * * * * * * *"),
            (Level::Length, "* * * * * * * * * * * *"),
        ] {
            assert_eq!(shown(level, line), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_level_follows_from_each_earlier_one(line in "[a-c1-9 \\[=é]{0,120}") {
            let line: &'static str = line.leak();
            let mut tokens = Vec::new();
            tokenize(line, &mut tokens);
            let levels = [Level::Whole, Level::Undigited, Level::Beginning, Level::Skeleton, Level::Length];
            for (index, from) in levels.iter().enumerate() {
                for to in &levels[index..] {
                    let direct = key_at(*to, tokens.iter().copied());
                    let earlier: &'static [u8] = key_at(*from, tokens.iter().copied()).leak();
                    prop_assert_eq!(&direct, &key_at(*to, decode(earlier)));
                }
            }
        }
    }
}
