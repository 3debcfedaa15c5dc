//! The smallest pieces of a Logs Insights query, as nom parsers: blanks and comments, words, dotted paths, numbers,
//! texts in quotes, regexes between slashes.

use nom::branch::alt;
use nom::bytes::complete::{take_till, take_while, take_while1};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{eof, opt, recognize, value, verify};
use nom::error::{Error, ErrorKind};
use nom::multi::{fold_many0, many0_count};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

pub(super) type Lexed<'a, T> = IResult<&'a str, T>;

/// Words that have a meaning of their own where a name may stand too; the printer puts such a name in backticks.
const KEYWORDS: &[&str] = &[
    "and",
    "any",
    "as",
    "asc",
    "by",
    "csv",
    "desc",
    "false",
    "for",
    "in",
    "into",
    "like",
    "logfmt",
    "maxspan",
    "multi",
    "not",
    "null",
    "offset",
    "or",
    "output",
    "outputnew",
    "true",
    "where",
    "with",
];

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

pub(super) fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '@')
}

pub(super) fn is_word(c: char) -> bool {
    is_word_start(c) || c.is_ascii_digit()
}

/// Blanks and comments, perhaps none.
pub(super) fn gap(input: &str) -> Lexed<'_, &str> {
    recognize(many0_count(alt((take_while1(is_blank), comment)))).parse(input)
}

/// `#` and the rest of its line.
pub(super) fn comment(input: &str) -> Lexed<'_, &str> {
    recognize((char('#'), take_till(is_line_end))).parse(input)
}

/// A letter, `_` or `@`, then these and digits.
pub(super) fn word(input: &str) -> Lexed<'_, &str> {
    recognize((satisfy(is_word_start), take_while(is_word))).parse(input)
}

/// What stands between two backticks: something, on one line.
pub(super) fn backticked(input: &str) -> Lexed<'_, &str> {
    delimited(char('`'), take_while1(|c| c != '`' && !is_line_end(c)), char('`')).parse(input)
}

/// A name of segments joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Without backticks.
    pub(super) name: String,
    /// Whether it is one word without dots and backticks, which may be a keyword.
    pub(super) is_word: bool,
}

/// `a.b.0`, `` a.`b c` ``, `` `a.b` ``, `` @`a:b` ``
pub(super) fn path(input: &str) -> Lexed<'_, Path> {
    let (rest, (first, quoted)) = first_segment(input)?;
    let single = Path { name: first, is_word: !quoted };
    fold_many0(
        preceded(char('.'), segment),
        move || single.clone(),
        |mut path: Path, segment| {
            path.name.push('.');
            path.name.push_str(segment);
            path.is_word = false;
            path
        },
    )
    .parse(rest)
}

fn first_segment(input: &str) -> Lexed<'_, (String, bool)> {
    let at_and_quoted = preceded(char('@'), backticked).map(|inside| (format!("@{inside}"), true));
    let quoted = backticked.map(|inside| (inside.to_owned(), true));
    let plain = word.map(|word| (word.to_owned(), false));
    alt((at_and_quoted, quoted, plain)).parse(input)
}

/// A segment behind a dot: a word, digits, or anything in backticks.
pub(super) fn segment(input: &str) -> Lexed<'_, &str> {
    alt((backticked, take_while1(is_word))).parse(input)
}

/// Whether this is a segment that needs no backticks; only behind a dot it may be digits.
pub(super) fn is_plain_segment(text: &str, is_first: bool) -> bool {
    (word, eof).parse(text).is_ok() || !is_first && (digit1::<_, Error<&str>>, eof).parse(text).is_ok()
}

/// `digits [. digits] [e [+-] digits]`
pub(super) fn number(input: &str) -> Lexed<'_, &str> {
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((digit1, opt(fraction), opt(exponent))).parse(input)
}

/// The text between two quotes of one kind, escapes untouched.
pub(super) fn quoted(input: &str) -> Lexed<'_, &str> {
    let (body, quote) = one_of("\"'").parse(input)?;
    let mut chars = body.char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            _ if c == quote => return preceded_by(body, offset),
            _ => {}
        }
    }
    Err(nom::Err::Error(Error::new("", ErrorKind::Char)))
}

/// A regex between slashes: it ends at the first slash without a backslash before it.
pub(super) fn regex(input: &str) -> Lexed<'_, &str> {
    let (body, _) = char('/').parse(input)?;
    let mut before = '/';
    for (offset, c) in body.char_indices() {
        if c == '/' && before != '\\' {
            return preceded_by(body, offset);
        }
        before = c;
    }
    Err(nom::Err::Error(Error::new("", ErrorKind::Char)))
}

/// The first `length` bytes; the one character of one byte behind them is stepped over.
fn preceded_by(body: &str, length: usize) -> Lexed<'_, &str> {
    let (inside, rest) = (body.get(..length), body.get(length + 1..));
    inside
        .zip(rest)
        .map(|(inside, rest)| (rest, inside))
        .ok_or(nom::Err::Error(Error::new(body, ErrorKind::Eof)))
}

/// A text in quotes with its escapes undone: a backslash hides a quote or a backslash; any other one stays.
pub(super) fn unescape(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some(hidden @ ('"' | '\'' | '\\')) => text.push(hidden),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

/// A name with stars as wildcards.
pub(super) fn glob(input: &str) -> Lexed<'_, String> {
    let bare = take_while1(|c| is_word(c) || matches!(c, '.' | '*'));
    alt((backticked, verify(bare, |text: &str| !text.starts_with(|c: char| c.is_ascii_digit() || c == '.'))))
        .map(str::to_owned)
        .parse(input)
}

/// A word that may hold hyphens, as the names of lookup tables once could.
pub(super) fn hyphenated(input: &str) -> Lexed<'_, &str> {
    recognize((satisfy(is_word_start), take_while(|c| is_word(c) || c == '-'))).parse(input)
}

/// An operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparator {
    Equal,
    DoubleEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
}

/// `=`, `==`, `!=`, `<=`, `>=`, `<`, `>` or `=~`, and not the beginning of an operator that does not exist.
pub(super) fn comparator(input: &str) -> Lexed<'_, Comparator> {
    let (rest, comparator) = alt((
        value(Comparator::DoubleEqual, nom::bytes::complete::tag("==")),
        value(Comparator::Matches, nom::bytes::complete::tag("=~")),
        value(Comparator::NotEqual, nom::bytes::complete::tag("!=")),
        value(Comparator::LessOrEqual, nom::bytes::complete::tag("<=")),
        value(Comparator::GreaterOrEqual, nom::bytes::complete::tag(">=")),
        value(Comparator::Equal, char('=')),
        value(Comparator::Less, char('<')),
        value(Comparator::Greater, char('>')),
    ))
    .parse(input)?;
    if rest.starts_with(['=', '<', '>', '~', '!']) {
        return Err(nom::Err::Error(Error::new(input, ErrorKind::Tag)));
    }
    Ok((rest, comparator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_what_the_specification_spells() {
        for (written, name) in [
            ("userIdentity.userName", "userIdentity.userName"),
            ("items.0.instanceId", "items.0.instanceId"),
            ("`detail-type`", "detail-type"),
            ("event.attributes.`exception.type`", "event.attributes.exception.type"),
            ("`trafficInsights.timeToFirstByte.ec2.value`", "trafficInsights.timeToFirstByte.ec2.value"),
            ("@`aws.tag.aws:cloudformation:stack-name`", "@aws.tag.aws:cloudformation:stack-name"),
            ("@@userId", "@@userId"),
        ] {
            assert_eq!(path(written).map(|(rest, path)| (rest, path.name)), Ok(("", name.to_owned())));
        }
        assert!(path("0.a").is_err() && path("``").is_err() && path("`a\nb`").is_err());
        assert_eq!(path("a.").map(|(rest, _)| rest), Ok("."));
    }

    #[test]
    fn only_quotes_and_backslashes_are_escaped() {
        assert_eq!(quoted(r#""a\"b" c"#), Ok((" c", r#"a\"b"#)));
        assert_eq!(quoted(r#"'a"b'"#), Ok(("", "a\"b")));
        assert!(quoted(r#""a\""#).is_err() && quoted("\"a'").is_err());
        assert_eq!(unescape(r#"\"\'\\\d\"#), r#""'\\d\"#);
    }

    #[test]
    fn a_regex_ends_at_the_first_slash_without_a_backslash() {
        assert_eq!(regex(r"/a\/b/ c"), Ok((" c", r"a\/b")));
        assert_eq!(regex("/a\nb/"), Ok(("", "a\nb")));
        assert!(regex(r"/a\/").is_err());
    }

    #[test]
    fn numbers_have_no_sign_and_end_where_a_word_begins() {
        assert_eq!(number("1.5e3m"), Ok(("m", "1.5e3")));
        assert_eq!(number("5.x"), Ok((".x", "5")));
        assert_eq!(number("1e"), Ok(("e", "1")));
        assert!(number("-1").is_err() && number(".5").is_err());
    }

    #[test]
    fn comments_run_to_the_end_of_their_line() {
        assert_eq!(gap(" # a | b\r\n## c\n\td"), Ok(("d", " # a | b\r\n## c\n\t")));
    }

    #[test]
    fn operators_that_do_not_exist_are_not_read_in_part() {
        for other in ["===", "<>", "!==", "=<", "=>", "=!", "!~"] {
            assert!(comparator(other).is_err(), "{other}");
        }
        assert_eq!(comparator("<=5"), Ok(("5", Comparator::LessOrEqual)));
    }
}
