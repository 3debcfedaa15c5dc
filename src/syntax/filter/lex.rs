//! The smallest pieces of a filter pattern, as nom parsers: numbers, quoted and bare values, regexes, selectors,
//! operators, keyword tests.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{eof, not, opt, peek, recognize, value};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::ast::{Key, Ordering, SelectorStep};

/// Why a piece could not be read: the farthest place that was reached, and what would have been right there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected<'a> {
    /// The text from that place on.
    pub(super) at: &'a str,
    /// What was looked for, in the order in which it was tried.
    pub(super) wanted: Vec<&'static str>,
}

impl<'a> ParseError<&'a str> for Expected<'a> {
    fn from_error_kind(at: &'a str, _: ErrorKind) -> Self {
        Expected { at, wanted: Vec::new() }
    }

    fn append(_: &'a str, _: ErrorKind, other: Self) -> Self {
        other
    }

    /// Keeps the alternative that came farthest; where both came as far, everything that was wanted there.
    fn or(mut self, mut other: Self) -> Self {
        if other.at.len() < self.at.len() {
            return other;
        }
        if other.at.len() == self.at.len() {
            self.wanted.append(&mut other.wanted);
        }
        self
    }
}

pub(super) type Lexed<'a, T> = IResult<&'a str, T, Expected<'a>>;

/// Names what `parser` reads, for the message when it reads nothing.
fn wanted<'a, T>(
    name: &'static str,
    mut parser: impl Parser<&'a str, Output = T, Error = Expected<'a>>,
) -> impl Parser<&'a str, Output = T, Error = Expected<'a>> {
    move |input: &'a str| {
        parser.parse(input).map_err(|error| {
            error.map(|mut expected: Expected<'a>| {
                if expected.at.len() == input.len() {
                    expected.wanted = vec![name];
                }
                expected
            })
        })
    }
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '*' | '+' | '-')
}

pub(super) fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// `[+-] digits [. digits] [e [+-] digits]`
pub(super) fn number(input: &str) -> Lexed<'_, &str> {
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    wanted("a number", recognize((opt(one_of("+-")), digit1, opt(fraction), opt(exponent)))).parse(input)
}

/// Whether the whole text is one number.
pub(super) fn is_number(text: &str) -> bool {
    (number, eof).parse(text).is_ok()
}

/// A run of the characters that need no quotes.
pub(super) fn bare(input: &str) -> Lexed<'_, &str> {
    wanted("a value", take_while1(is_bare)).parse(input)
}

/// The text between two double quotes, escapes untouched.
pub(super) fn quoted(input: &str) -> Lexed<'_, &str> {
    wanted("a quoted text", delimited(char('"'), quoted_body, char('"'))).parse(input)
}

fn quoted_body(input: &str) -> Lexed<'_, &str> {
    let mut chars = input.char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '"' => return take_bytes(input, offset),
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    Err(nom::Err::Error(Expected { at: "", wanted: vec!["the closing `\"`"] }))
}

fn take_bytes(input: &str, length: usize) -> Lexed<'_, &str> {
    nom::bytes::complete::take::<usize, &str, Expected<'_>>(
        input.get(..length).map_or(0, |head| head.chars().count()),
    )
    .parse(input)
}

/// The text between two percent signs; no escape can hide one.
pub(super) fn regex(input: &str) -> Lexed<'_, &str> {
    wanted("a regex", delimited(char('%'), take_while(|c| c != '%'), char('%'))).parse(input)
}

/// The name of a field of a space-delimited pattern.
pub(super) fn name(input: &str) -> Lexed<'_, &str> {
    wanted("a field name", take_while1(is_key)).parse(input)
}

/// A word as a person writes one: used to look at what stands where something else was expected.
pub(super) fn word(input: &str) -> &str {
    let end = input.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(input.len());
    input.get(..end).unwrap_or_default()
}

/// A relation between a selector or field and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Order(Ordering),
}

/// `=`, `!=`, `<`, `<=`, `>` or `>=`, and not the beginning of an operator that does not exist.
pub(super) fn relation(input: &str) -> Lexed<'_, Relation> {
    let relations = alt((
        value(Relation::NotEqual, tag("!=")),
        value(Relation::Order(Ordering::LessOrEqual), tag("<=")),
        value(Relation::Order(Ordering::GreaterOrEqual), tag(">=")),
        value(Relation::Order(Ordering::Less), tag("<")),
        value(Relation::Order(Ordering::Greater), tag(">")),
        value(Relation::Equal, tag("=")),
    ));
    let (rest, relation) = wanted("an operator", relations).parse(input)?;
    if rest.starts_with(['=', '<', '>', '~', '!']) {
        return Err(nom::Err::Error(Expected { at: input, wanted: vec!["an operator"] }));
    }
    Ok((rest, relation))
}

/// A test that has no value: `IS NULL`, `IS TRUE`, `IS FALSE`, `NOT EXISTS`, in any case of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordTest {
    IsNull,
    IsBool(bool),
    NotExists,
}

pub(super) fn word_test(input: &str) -> Lexed<'_, WordTest> {
    let blanks = || take_while1(is_blank);
    let is = preceded(
        (tag_no_case("IS"), blanks()),
        alt((
            value(WordTest::IsNull, tag_no_case("NULL")),
            value(WordTest::IsBool(true), tag_no_case("TRUE")),
            value(WordTest::IsBool(false), tag_no_case("FALSE")),
        )),
    );
    let not_exists = value(WordTest::NotExists, (tag_no_case("NOT"), blanks(), tag_no_case("EXISTS")));
    let whole_word = not(peek(take_while_m_n(1, 1, |c: char| c.is_alphanumeric() || c == '_')));
    let (rest, (test, ())) =
        wanted("`IS` or `NOT EXISTS`", (alt((is, not_exists)), whole_word)).parse(input)?;
    Ok((rest, test))
}

/// One step of a selector; the flag tells a bracketed key that has no dot before it.
pub(super) fn selector_step(input: &str) -> Lexed<'_, (SelectorStep, bool)> {
    let (after_dot, dot) = opt(char('.')).parse(input)?;
    if let (rest, Some(step)) = opt(bracketed).parse(after_dot)? {
        let undotted_key = dot.is_none() && matches!(step, SelectorStep::Key(_));
        return Ok((rest, (step, undotted_key)));
    }
    let key = take_while1(is_key).map(|name: &str| Key::new(name).map(SelectorStep::Key));
    let step = preceded(char('.'), alt((value(Some(SelectorStep::AnyMember), char('*')), key)));
    match wanted("`.key`, `.*`, `[0]`, `[*]` or `.['key']`", step).parse(input)? {
        (rest, Some(step)) => Ok((rest, (step, false))),
        (_, None) => Err(nom::Err::Error(Expected { at: input, wanted: Vec::new() })),
    }
}

fn bracketed(input: &str) -> Lexed<'_, SelectorStep> {
    // No array is so long that a larger index could be told from the largest.
    let index = digit1.map(|digits: &str| Some(SelectorStep::Index(digits.parse().unwrap_or(u64::MAX))));
    let single = delimited(char('\''), take_while(|c| c != '\''), char('\''));
    let double = delimited(char('"'), take_while(|c| c != '"'), char('"'));
    let key = alt((single, double)).map(|name: &str| Key::new(name).map(SelectorStep::Key));
    let inside = alt((value(Some(SelectorStep::AnyElement), char('*')), index, key));
    match delimited(char('['), inside, char(']')).parse(input)? {
        (rest, Some(step)) => Ok((rest, step)),
        (_, None) => Err(nom::Err::Error(Expected { at: input, wanted: vec!["a step"] })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_the_specification_spells() {
        for legal in ["1", "+1000", "-0", "55.5", "1e-3", "1e+3", "10E3", "007"] {
            assert!(is_number(legal), "{legal}");
        }
        for other in ["", ".5", "5.", "1e", "0x10", "1_000", "1,000", "inf", "nan", "--1", "1.2.3"] {
            assert!(!is_number(other), "{other}");
        }
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_quoted_text() {
        assert_eq!(quoted(r#""a\"b" c"#), Ok((" c", r#"a\"b"#)));
        assert!(quoted(r#""a\""#).is_err());
    }

    #[test]
    fn operators_that_do_not_exist_are_not_read_in_part() {
        for other in ["==", "=~", "<>", "!==", "=<", ">>"] {
            assert!(relation(other).is_err(), "{other}");
        }
        assert_eq!(relation("<=5"), Ok(("5", Relation::Order(Ordering::LessOrEqual))));
    }

    #[test]
    fn keyword_tests_are_whole_words() {
        assert_eq!(word_test("IS NULL)"), Ok((")", WordTest::IsNull)));
        assert_eq!(word_test("not\n exists"), Ok(("", WordTest::NotExists)));
        assert!(word_test("NOT EXISTSX").is_err());
        assert!(word_test("ISNULL").is_err());
    }
}
