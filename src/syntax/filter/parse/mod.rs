//! Text to tree: classification by the first character, and what all kinds of pattern share.
//!
//! The small pieces are nom parsers (`lex`); this folder strings them together so that one fault gives one message
//! and the rest is still read: a JSON pattern and a field's condition recover at `&&`, `||` and `)`, a
//! space-delimited pattern at each comma, a terms pattern at each blank.

mod condition;
mod junction;
mod space;
mod terms;
mod value;

use std::str::FromStr;

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::{Limits, Span};

use super::ast::{Expr, FilterPattern, Selector};
use super::codes;
use super::lex::{self, Lexed};
use crate::syntax::{ParseErrors, Parsed};

impl FilterPattern {
    /// Parses a pattern within the service's limits.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// assert!(FilterPattern::parse("{ $.eventName = GetObject }").is_ok());
    /// let errors = FilterPattern::parse("{ $.a == 1 && $.b = 'x' }").unwrap_err();
    /// let codes: Vec<_> = errors.diagnostics().iter().map(|d| d.code.0).collect();
    /// assert_eq!(codes, ["FP007", "FP004"]);
    /// ```
    ///
    /// # Errors
    /// Every fault of the text, each with its place and the way out (`spec/filter-pattern.md` sections 2 and 4).
    ///
    /// # Limits
    /// [`Limits::default`]; see [`FilterPattern::parse_with`].
    pub fn parse(source: &str) -> Result<Self, ParseErrors> {
        Self::parse_with(source, &Limits::default())
    }

    /// Parses a pattern within these limits.
    ///
    /// # Errors
    /// As [`FilterPattern::parse`].
    pub fn parse_with(source: &str, limits: &Limits) -> Result<Self, ParseErrors> {
        let parsed = Self::parse_lossy_with(source, limits);
        parsed.ast.ok_or(ParseErrors::new(parsed.diagnostics))
    }

    /// Parses a pattern and keeps the warnings too.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// let parsed = FilterPattern::parse_lossy("{ $.readOnly is false }");
    /// assert!(parsed.ast.is_some());
    /// assert_eq!(parsed.diagnostics[0].code.0, "FP107");
    /// ```
    pub fn parse_lossy(source: &str) -> Parsed<Self> {
        Self::parse_lossy_with(source, &Limits::default())
    }

    /// As [`FilterPattern::parse_lossy`], within these limits.
    pub fn parse_lossy_with(source: &str, limits: &Limits) -> Parsed<Self> {
        let mut parser = Parser::new(source, limits);
        let ast = if parser.is_within_length() { parser.pattern() } else { None };
        let mut diagnostics = parser.diagnostics;
        diagnostics.sort_by_key(Diagnostic::span);
        let failed = diagnostics.iter().any(Diagnostic::is_error);
        Parsed { ast: ast.filter(|_| !failed), diagnostics }
    }
}

impl FromStr for FilterPattern {
    type Err = ParseErrors;

    fn from_str(source: &str) -> Result<Self, ParseErrors> {
        Self::parse(source)
    }
}

/// A text that is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no selector; a selector is `$` and steps `.key`, `[0]` or `.['key']`, without blanks")]
pub struct NotASelector(pub String);

impl FromStr for Selector {
    type Err = NotASelector;

    fn from_str(source: &str) -> Result<Self, NotASelector> {
        let limits = Limits::default();
        let mut parser = Parser::new(source, &limits);
        let selector = parser.selector().filter(|_| parser.rest().is_empty());
        selector.ok_or_else(|| NotASelector(source.to_owned()))
    }
}

/// What a leaf of `&&` and `||` may hold, which differs between the kinds of pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Space,
}

struct Parser<'a> {
    source: &'a str,
    limits: &'a Limits,
    /// The next byte to read.
    at: usize,
    /// The end of the part that is being read: before the closing brace, or the comma behind an entry.
    end: usize,
    diagnostics: Vec<Diagnostic>,
    regexes: usize,
    wildcard_selectors: usize,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str, limits: &'a Limits) -> Self {
        Parser {
            source,
            limits,
            at: 0,
            end: source.len(),
            diagnostics: Vec::new(),
            regexes: 0,
            wildcard_selectors: 0,
        }
    }

    /// Counts the characters; `false` where the text is too long to be worth reading.
    fn is_within_length(&mut self) -> bool {
        let characters = self.source.chars().count();
        let most = self.limits.pattern_chars;
        if characters > most {
            let first_beyond = self.source.char_indices().nth(most).map_or(self.source.len(), |(at, _)| at);
            self.report(
                Diagnostic::error(
                    codes::TOO_LONG,
                    Span::new(first_beyond, self.source.len()),
                    format!("the pattern has {characters} characters, the limit is {most}"),
                )
                .label("beyond the limit")
                .help("shorten values to prefixes, drop blanks and parentheses, or split the pattern over two filters")
                .service_text(format!(
                    "1 validation error detected: Value '{}' at 'filterPattern' failed to satisfy constraint: Member \
                     must have length less than or equal to {most}",
                    self.source
                )),
            );
        }
        self.source.len() <= self.limits.parse_bytes
    }

    fn pattern(&mut self) -> Option<FilterPattern> {
        let trimmed = self.source.trim_matches(lex::is_blank);
        if trimmed.is_empty() {
            return Some(FilterPattern::All);
        }
        self.at = self.source.len() - self.source.trim_start_matches(lex::is_blank).len();
        self.end = self.at + trimmed.len();
        if trimmed.len() != self.source.len() {
            let blanks =
                if self.at > 0 { Span::new(0, self.at) } else { Span::new(self.end, self.source.len()) };
            self.report(
                Diagnostic::new(
                    codes::SURROUNDING_BLANKS,
                    crate::Severity::Info,
                    blanks,
                    "there are blanks around the pattern",
                )
                .help("remove them")
                .fix(Fix::replace(
                    "trim the pattern",
                    Span::new(0, self.source.len()),
                    trimmed,
                )),
            );
        }
        match trimmed.chars().next() {
            Some('{') => self.json(),
            Some('[') => self.space(),
            _ => self.terms(),
        }
    }

    fn json(&mut self) -> Option<FilterPattern> {
        let open = self.at;
        if !self.enter_brackets('{', '}') {
            return None;
        }
        self.blank();
        if self.rest().is_empty() && self.has_error(codes::UNCLOSED) {
            return None;
        }
        if self.rest().is_empty() {
            let braces = Span::new(open, (self.end + 1).min(self.source.len()));
            self.report(
                Diagnostic::error(codes::EMPTY_CONDITION, braces, "there is no condition between the braces")
                    .help("for every event leave the pattern empty; for every JSON event test a member that is always there, as in `{ $.eventVersion = \"*\" }`"),
            );
            return None;
        }
        let expr: Option<Expr<_>> = self.expression(Kind::Json, &mut Self::condition);
        expr.map(FilterPattern::Json)
    }

    /// Steps over the opening bracket and sets the end before the closing one; `false` where neither that one nor
    /// anything else is there to read.
    fn enter_brackets(&mut self, open: char, close: char) -> bool {
        let opened = Span::new(self.at, self.at + 1);
        self.at += 1;
        // A JSON pattern with a brace too many is told where the brace stands, when its conditions are read.
        if close == '}' && self.rest().ends_with(close) {
            self.end -= 1;
            return true;
        }
        match self.closing_bracket(close) {
            Some(closing) if closing + 1 == self.end => self.end = closing,
            // It stands inside a quoted text or regex that is itself not closed, which is told there.
            None if self.rest().ends_with(close) => self.end -= 1,
            Some(closing) => {
                self.report(
                    Diagnostic::error(
                        codes::TRAILING,
                        Span::new(closing + 1, self.end),
                        format!("there is text after the closing `{close}`"),
                    )
                    .help("a pattern is one of `{ … }`, `[ … ]` or a list of terms; they cannot be combined")
                    .service_text(close_text(close)),
                );
                self.end = closing;
            }
            None => {
                let other = if close == '}' { ']' } else { '}' };
                let (place, replacement) = if self.rest().ends_with(other) {
                    self.end -= 1;
                    (Span::new(self.end, self.end + 1), close.to_string())
                } else {
                    (Span::at(self.end), format!(" {close}"))
                };
                self.report(
                    Diagnostic::error(codes::UNCLOSED, opened, format!("this `{open}` is never closed"))
                        .help(format!("end the pattern with `{close}`"))
                        .fix(Fix::replace(format!("write `{close}`"), place, replacement))
                        .service_text(close_text(close)),
                );
            }
        }
        true
    }

    /// The first closing bracket outside of quotes and regexes.
    fn closing_bracket(&self, close: char) -> Option<usize> {
        let rest = self.rest();
        let mut skip_to = 0;
        let mut inside = 0;
        for (at, c) in rest.char_indices() {
            if at < skip_to {
                continue;
            }
            match c {
                '"' | '%' => skip_to = at + skip_delimited(rest.get(at..).unwrap_or_default()),
                '[' if close == '}' => inside += 1,
                ']' if close == '}' => inside -= 1,
                _ if c == close && inside <= 0 => return Some(self.at + at),
                _ => {}
            }
        }
        None
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// What is left of the part that is being read.
    fn rest(&self) -> &'a str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over blanks and tells whether there were any.
    fn blank(&mut self) -> bool {
        let before = self.at;
        self.at = self.end - self.rest().trim_start_matches(lex::is_blank).len();
        self.at > before
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Reads a piece, or reads nothing and tells where it broke off.
    fn read<T>(&mut self, lexer: impl Fn(&'a str) -> Lexed<'a, T>) -> Result<T, lex::Expected<'a>> {
        match lexer(self.rest()) {
            Ok((rest, piece)) => {
                self.at = self.end - rest.len();
                Ok(piece)
            }
            Err(nom::Err::Error(expected) | nom::Err::Failure(expected)) => Err(expected),
            Err(nom::Err::Incomplete(_)) => Err(lex::Expected { at: "", wanted: Vec::new() }),
        }
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// The character at the current place, or an empty span at the end.
    fn here(&self) -> Span {
        Span::new(self.at, self.at + self.peek().map_or(0, char::len_utf8))
    }

    fn text(&self, span: Span) -> &'a str {
        span.slice(self.source)
    }

    /// How to name what stands at the current place.
    fn found(&self) -> String {
        match self.peek() {
            None => "the end".to_owned(),
            Some(c) => {
                let word = lex::word(self.rest());
                if word.is_empty() { format!("`{c}`") } else { format!("`{word}`") }
            }
        }
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let span = match lex::word(self.rest()) {
            "" => self.here(),
            word => Span::new(self.at, self.at + word.len()),
        };
        Diagnostic::error(codes::UNEXPECTED, span, format!("expected {wanted}, found {}", self.found()))
    }

    /// Skips to where the next condition may begin: before `&&`, `||`, an unmatched `)`, or the end.
    fn recover(&mut self) {
        let rest = self.rest();
        let mut skip_to = 0;
        let mut open = 0usize;
        for (at, c) in rest.char_indices() {
            if at < skip_to {
                continue;
            }
            let here = rest.get(at..).unwrap_or_default();
            match c {
                '"' | '%' => skip_to = at + skip_delimited(here),
                '(' => open += 1,
                ')' if open == 0 => return self.at += at,
                ')' => open -= 1,
                '&' | '|' if open == 0 && (here.starts_with("&&") || here.starts_with("||")) => {
                    return self.at += at;
                }
                _ => {}
            }
        }
        self.at = self.end;
    }

    fn has_error(&self, code: Code) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == code)
    }
}

fn close_text(close: char) -> String {
    match close {
        '}' => "If a filter pattern starts with '{' it must end with '}'".to_owned(),
        _ => "Invalid metric filter pattern".to_owned(),
    }
}

/// The length of the quoted text or regex that `text` begins with; all of it where it is not closed.
fn skip_delimited(text: &str) -> usize {
    let (lexed, length) = match text.chars().next() {
        Some('"') => (lex::quoted(text), text.len()),
        _ => (lex::regex(text), text.len()),
    };
    lexed.map_or(length, |(rest, _)| length - rest.len())
}
