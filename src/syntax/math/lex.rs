//! The tokens of a metric math expression, by nom. Any text has tokens: what fits nothing is a symbol.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{opt, recognize, value};
use nom::{IResult, Parser};

use crate::Span;

type Lexed<'a, T> = IResult<&'a str, T>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// In double or single quotes.
    Text,
    Unclosed,
    /// `==`, `&&` and the like, or one character.
    Symbol,
}

pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Ok((behind, kind)) = token(rest) {
        let span = Span::new(source.len() - rest.len(), source.len() - behind.len());
        tokens.push(Token { kind, span });
        rest = behind.trim_start();
    }
    tokens
}

fn token(input: &str) -> Lexed<'_, Kind> {
    let word = recognize((
        satisfy(|c| c.is_alphabetic() || c == '_'),
        take_while(|c: char| c.is_alphanumeric() || c == '_'),
    ));
    let text = alt((
        recognize((char('"'), take_till(|c| c == '"'), char('"'))),
        recognize((char('\''), take_till(|c| c == '\''), char('\''))),
    ));
    let unclosed = recognize((one_of("\"'"), take_while(|_| true)));
    alt((
        value(Kind::Word, word),
        value(Kind::Number, number),
        value(Kind::Text, text),
        value(Kind::Unclosed, unclosed),
        value(Kind::Symbol, symbol),
    ))
    .parse(input)
}

/// `digits [. digits] [e [+-] digits]`
pub(super) fn number(input: &str) -> Lexed<'_, &str> {
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((digit1, opt(fraction), opt(exponent))).parse(input)
}

fn symbol(input: &str) -> Lexed<'_, &str> {
    alt((
        tag("=="),
        tag("!="),
        tag("<>"),
        tag("<="),
        tag(">="),
        tag("&&"),
        tag("||"),
        tag("**"),
        recognize(anychar),
    ))
    .parse(input)
}
