//! The tokens of a Metrics Insights query, by nom: words, numbers, names and values in quotes, symbols, comments.
//!
//! Any text has tokens: what fits nothing is a symbol of one character.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_until, take_while, take_while1};
use nom::character::complete::{anychar, char, satisfy};
use nom::combinator::{eof, opt, recognize, value};
use nom::multi::many0_count;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::Span;

type Lexed<'a, T> = IResult<&'a str, T>;

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter or `_`, then these and digits: ASCII.
    Word,
    /// Digits.
    Number,
    /// Letters, digits and `_` that are neither: `4xxErrors`, `größe`.
    Odd,
    /// In double quotes.
    Name,
    /// In single quotes.
    Text,
    /// In quotes of other languages: backticks, typographic ones.
    Foreign,
    /// A quote that is not closed, up to the end.
    Unclosed,
    /// `!=`, `<=`, `&&` and the like, or one character.
    Symbol,
}

/// A comment and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) span: Span,
    /// Whether it is `/* … */`, which the language does not have.
    pub(super) is_block: bool,
}

/// The tokens and the comments of a text, each in order.
pub(super) fn tokens(source: &str) -> (Vec<Token>, Vec<Comment>) {
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    let mut rest = source;
    let span = |from: &str, to: &str| Span::new(source.len() - from.len(), source.len() - to.len());
    loop {
        rest = rest.trim_start_matches(is_blank);
        if let Ok((behind, is_block)) = comment(rest) {
            comments.push(Comment { span: span(rest, behind), is_block });
            rest = behind;
            continue;
        }
        let Ok((behind, kind)) = token(rest) else { return (tokens, comments) };
        tokens.push(Token { kind, span: span(rest, behind) });
        rest = behind;
    }
}

/// Whether the first word of a text is `SELECT`.
pub(in crate::syntax) fn begins_with_select(source: &str) -> bool {
    let mut rest = source.trim_start_matches(is_blank);
    while let Ok((behind, _)) = comment(rest) {
        rest = behind.trim_start_matches(is_blank);
    }
    run(rest).is_ok_and(|(behind, _)| {
        rest.get(..rest.len() - behind.len()).is_some_and(|word| word.eq_ignore_ascii_case("SELECT"))
    })
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{feff}')
}

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

/// `#` or `--` and the rest of the line; or `/* … */`, and whether it is that.
fn comment(input: &str) -> Lexed<'_, bool> {
    let line = recognize((alt((tag("#"), tag("--"))), take_till(is_line_end)));
    let block = recognize((tag("/*"), take_until("*/"), tag("*/")));
    alt((value(false, line), value(true, block))).parse(input)
}

fn token(input: &str) -> Lexed<'_, Kind> {
    alt((
        value(Kind::Name, quoted('"')),
        value(Kind::Text, quoted('\'')),
        value(Kind::Foreign, foreign),
        value(Kind::Unclosed, (alt((char('"'), char('\''))), take_while(|_| true))),
        run,
        value(Kind::Symbol, operator),
    ))
    .parse(input)
}

/// Something in quotes of one kind; a backslash hides the character behind it.
fn quoted<'a>(quote: char) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    let plain = take_while1(move |c| c != quote && c != '\\');
    let hidden = recognize((char('\\'), anychar));
    recognize((char(quote), many0_count(alt((plain, hidden))), char(quote)))
}

fn foreign(input: &str) -> Lexed<'_, &str> {
    let between = |open: &'static [char], close: &'static [char]| {
        recognize((
            satisfy(move |c| open.contains(&c)),
            take_till(move |c| close.contains(&c) || is_line_end(c)),
            satisfy(move |c| close.contains(&c)),
        ))
    };
    alt((
        between(&['`'], &['`']),
        between(&['\u{201c}', '\u{201d}', '\u{201e}'], &['\u{201c}', '\u{201d}', '"']),
        between(&['\u{2018}', '\u{2019}'], &['\u{2018}', '\u{2019}', '\'']),
    ))
    .parse(input)
}

fn run(input: &str) -> Lexed<'_, Kind> {
    let (rest, text) = take_while1(|c: char| c == '_' || c.is_alphanumeric()).parse(input)?;
    let kind = if is_bare(text) {
        Kind::Word
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Kind::Number
    } else {
        Kind::Odd
    };
    Ok((rest, kind))
}

/// Whether a name has only what a name without quotes may have (`spec/metrics-insights.md` 1.1, U17).
pub(super) fn is_bare(text: &str) -> bool {
    let first = satisfy(|c| c.is_ascii_alphabetic() || c == '_');
    let more = take_while(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (first, more, eof::<&str, nom::error::Error<&str>>).parse(text).is_ok()
}

fn operator(input: &str) -> Lexed<'_, &str> {
    let known = ["===", "!==", "==", "!=", "<>", "<=", ">=", "=~", "!~", "&&", "||", "=<", "=>"];
    for symbol in known {
        if let Ok(found) = tag::<_, _, nom::error::Error<&str>>(symbol).parse(input) {
            return Ok(found);
        }
    }
    recognize(anychar).parse(input)
}

/// What stands between quotes with its escapes undone, and where a backslash hides nothing that needs it: the offset
/// within `inside`.
pub(super) fn unescape(inside: &str) -> (String, Option<usize>) {
    let (mut text, mut stray) = (String::with_capacity(inside.len()), None);
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some((_, hidden @ ('"' | '\'' | '\\'))) => text.push(hidden),
            other => {
                stray = stray.or(Some(at));
                text.push('\\');
                text.extend(other.map(|(_, c)| c));
            }
        }
    }
    (text, stray)
}

/// The longest beginning of a text that may be a name or value without its quotes: `AWS/EC2`, `presigned-URL`.
pub(super) fn unquoted(input: &str) -> &str {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | '@' | '%' | '$');
    // Two hyphens begin a comment.
    let hyphen = recognize((char('-'), nom::combinator::not(char('-'))));
    let pieces = many0_count(alt((take_while1(part), hyphen)));
    let mut whole = recognize(preceded(opt(char::<_, nom::error::Error<&str>>('-')), pieces));
    whole.parse(input).map(|(_, text)| text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(Kind, &str)> {
        tokens(source).0.into_iter().map(|token| (token.kind, token.span.slice(source))).collect()
    }

    #[test]
    fn any_text_has_tokens() {
        assert_eq!(
            kinds("SUM(\"a\\\"b\") != 'x' 4xx 12 `y` é"),
            [
                (Kind::Word, "SUM"),
                (Kind::Symbol, "("),
                (Kind::Name, "\"a\\\"b\""),
                (Kind::Symbol, ")"),
                (Kind::Symbol, "!="),
                (Kind::Text, "'x'"),
                (Kind::Odd, "4xx"),
                (Kind::Number, "12"),
                (Kind::Foreign, "`y`"),
                (Kind::Odd, "é"),
            ]
        );
        assert_eq!(kinds("a 'b"), [(Kind::Word, "a"), (Kind::Unclosed, "'b")]);
        assert_eq!(kinds("“AWS/EC2”"), [(Kind::Foreign, "“AWS/EC2”")]);
        assert_eq!(kinds(""), []);
    }

    #[test]
    fn comments_run_to_the_end_of_their_line() {
        let (found, comments) = tokens("a # b\n-- c\r\nd /* e\n*/ - f");
        assert_eq!(found.len(), 4);
        assert_eq!(comments.iter().map(|comment| comment.is_block).collect::<Vec<_>>(), [false, false, true]);
    }

    #[test]
    fn escapes_hide_quotes_and_backslashes() {
        assert_eq!(unescape(r#"Bytes\"Input\""#), ("Bytes\"Input\"".to_owned(), None));
        assert_eq!(unescape(r"a\\b\d"), (r"a\b\d".to_owned(), Some(4)));
    }

    #[test]
    fn names_without_their_quotes_are_seen_whole() {
        for (text, name) in [
            ("presigned-URL-userName) FROM", "presigned-URL-userName"),
            ("AWS/EC2 WHERE", "AWS/EC2"),
            ("userIdentity.type = 'x'", "userIdentity.type"),
            ("a--b", "a"),
            ("=", ""),
        ] {
            assert_eq!(unquoted(text), name);
        }
    }
}
