//! Text to tree: operators by their strength.
//!
//! The first fault ends the reading: what stands behind it depends on what was meant.

mod call;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Fix};
use crate::span::Span;
use crate::syntax::{ParseErrors, Parsed, Trivia};

use super::ast::{MathExpression, MathKind, MathNode, MathOperator, NumberText};
use super::codes;
use super::functions;
use super::lex::{self, Kind, Token};

/// How a text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MathParseOptions {
    /// The most characters; the service takes 2,048.
    pub max_chars: usize,
}

impl Default for MathParseOptions {
    fn default() -> Self {
        MathParseOptions { max_chars: 2_048 }
    }
}

/// The deepest nesting, and the most operators: the tree is walked by recursion.
const DEEPEST: usize = 64;
const MOST_OPERATORS: usize = 512;

/// How tightly a sign binds: `-a * b` is `(-a) * b`, `-a ^ b` is `-(a ^ b)`.
pub(super) const SIGN: u8 = 6;

const LONGEST_ID: usize = 255;

impl MathExpression {
    /// Parses an expression as the service would.
    ///
    /// ```
    /// use trailql::syntax::math::MathExpression;
    ///
    /// assert!(MathExpression::parse("IF(m1 > 0, m2 / m1)").is_ok());
    /// let errors = MathExpression::parse("sum(m1)").unwrap_err();
    /// assert_eq!(errors.diagnostics()[0].help.as_deref(), Some("write `SUM`"));
    /// ```
    ///
    /// # Errors
    /// Every fault of the text, each with its place and the way out (`spec/metrics-insights.md` 2.10).
    pub fn parse(source: &str) -> Result<Self, ParseErrors> {
        let parsed = Self::parse_lossy(source, &MathParseOptions::default());
        parsed.ast.ok_or(ParseErrors::new(parsed.diagnostics))
    }

    /// Parses an expression with these options.
    pub fn parse_lossy(source: &str, options: &MathParseOptions) -> Parsed<Self> {
        if let Some((beyond, _)) = source.char_indices().nth(options.max_chars) {
            let message = format!("the expression has more than {} characters", options.max_chars);
            let finding = Diagnostic::error(codes::TOO_LONG, Span::new(beyond, source.len()), message)
                .help("give parts of it ids of their own");
            return Parsed { ast: None, diagnostics: vec![finding] };
        }
        let mut parser = Parser {
            source,
            tokens: lex::tokens(source),
            next: 0,
            diagnostics: Vec::new(),
            depth: 0,
            operators: 0,
        };
        let root = parser.whole();
        let mut diagnostics = parser.diagnostics;
        diagnostics.sort_by_key(Diagnostic::span);
        let ast = root.filter(|_| diagnostics.is_empty()).map(|root| MathExpression { root });
        Parsed { ast, diagnostics }
    }
}

impl FromStr for MathExpression {
    type Err = ParseErrors;

    fn from_str(source: &str) -> Result<Self, ParseErrors> {
        Self::parse(source)
    }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    next: usize,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Option<MathNode> {
        let root = self.operation(0);
        if self.token().is_some() && self.diagnostics.is_empty() {
            return self.fail("an operator");
        }
        root
    }

    /// An expression of operators that bind at least so tightly.
    fn operation(&mut self, least: u8) -> Option<MathNode> {
        let mut left = self.signed()?;
        while let Some((operator, place)) = self.operator()? {
            let strength = operator.strength();
            if strength < least {
                return Some(left);
            }
            self.advance();
            self.grow(place)?;
            // `a ^ b ^ c` is `a ^ (b ^ c)`; the others go from left to right.
            let right =
                self.operation(if operator == MathOperator::Power { strength } else { strength + 1 })?;
            let span = Trivia(left.span.0.to(right.span.0));
            left = MathNode {
                kind: MathKind::Binary { operator, left: Box::new(left), right: Box::new(right) },
                span,
            };
        }
        Some(left)
    }

    /// The operator here, if there is one. `None` after a fault, reported.
    fn operator(&mut self) -> Option<Option<(MathOperator, Span)>> {
        let Some(token) = self.token() else { return Some(None) };
        let text = self.text(token.span);
        let found = match text {
            "||" => Some(MathOperator::Or),
            "&&" => Some(MathOperator::And),
            _ => MathOperator::ALL.into_iter().find(|operator| operator.as_str() == text),
        };
        if let Some(operator) = found {
            return Some(Some((operator, token.span)));
        }
        let meant = match text {
            "=" => "==",
            "<>" => "!=",
            "**" => "^",
            "and" | "And" => "AND",
            "or" | "Or" => "OR",
            "%" => {
                return self.error(
                    codes::FOREIGN_OPERATOR,
                    token.span,
                    "there is no operator `%`".to_owned(),
                    "take `m - FLOOR(m / n) * n` for what is left of a division",
                );
            }
            _ => return Some(None),
        };
        let code = if token.kind == Kind::Word { codes::CASE } else { codes::FOREIGN_OPERATOR };
        self.diagnostics.push(
            Diagnostic::error(code, token.span, format!("there is no operator `{text}`"))
                .help(format!("write `{meant}`"))
                .fix(Fix::replace(format!("write `{meant}`"), token.span, meant)),
        );
        let operator = MathOperator::ALL.into_iter().find(|operator| operator.as_str() == meant)?;
        Some(Some((operator, token.span)))
    }

    fn signed(&mut self) -> Option<MathNode> {
        if !self.is_symbol("-") {
            return self.operand();
        }
        let start = self.here();
        self.advance();
        self.grow(start)?;
        let inner = self.deeper(|parser| parser.operation(SIGN))?;
        let span = Trivia(start.to(inner.span.0));
        Some(MathNode { kind: MathKind::Negate(Box::new(inner)), span })
    }

    fn operand(&mut self) -> Option<MathNode> {
        let Some(token) = self.token() else { return self.fail("a number, an id or a function") };
        let text = self.text(token.span);
        match token.kind {
            Kind::Number => {
                self.advance();
                let Some(number) = NumberText::new(text) else {
                    return self.error(
                        codes::SYNTAX,
                        token.span,
                        format!("`{text}` is too large"),
                        "write a number up to 1e308",
                    );
                };
                if self
                    .token()
                    .is_some_and(|next| next.kind == Kind::Word && next.span.start == token.span.end)
                {
                    return self.error(
                        codes::SYNTAX,
                        self.here(),
                        format!("`{}` stands right behind a number", self.text(self.here())),
                        "write `*` between them",
                    );
                }
                Some(MathNode { kind: MathKind::Number(number), span: Trivia(token.span) })
            }
            Kind::Word if self.is_symbol_after("(") => self.call(token.span),
            Kind::Word => self.id(token.span),
            Kind::Symbol if text == "(" => {
                self.advance();
                let inner = self.deeper(|parser| parser.operation(0))?;
                self.close(")", token.span)?;
                Some(inner)
            }
            Kind::Symbol if text == "[" => {
                self.advance();
                let parts = self.list("]", token.span)?;
                if parts.is_empty() {
                    return self.error(
                        codes::SYNTAX,
                        token.span,
                        "the array is empty".to_owned(),
                        "write ids, such as `[m1, m2]`",
                    );
                }
                let span = Trivia(token.span.to(self.last_span()));
                Some(MathNode { kind: MathKind::List(parts), span })
            }
            Kind::Unclosed => self.unclosed(token.span),
            Kind::Text => self.error(
                codes::SYNTAX,
                token.span,
                format!("{text} is a text"),
                "texts stand in `METRICS(\"…\")` only; ids have no quotes",
            ),
            Kind::Symbol => self.fail("a number, an id or a function"),
        }
    }

    fn id(&mut self, span: Span) -> Option<MathNode> {
        let text = self.text(span);
        if text.eq_ignore_ascii_case("SELECT") {
            self.next = self.tokens.len();
            return self.error(
                codes::MIXED,
                span,
                "a query stands within metric math".to_owned(),
                "give the query an id of its own, and write the id here",
            );
        }
        let is_id = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && text.len() <= LONGEST_ID;
        if !is_id {
            if functions::is_function(text) {
                return self.error(
                    codes::SYNTAX,
                    span,
                    format!("`{text}` stands without its `()`"),
                    "write its arguments in parentheses",
                );
            }
            return self.error(
                codes::BAD_ID,
                span,
                format!("`{text}` is no id"),
                "an id begins with a lower-case letter and has ASCII letters, digits and `_`",
            );
        }
        self.advance();
        Some(MathNode { kind: MathKind::Id(text.to_owned()), span: Trivia(span) })
    }

    fn close(&mut self, closing: &str, open: Span) -> Option<()> {
        if self.eat(closing) {
            return Some(());
        }
        if self.token().is_none() {
            let bracket = self.text(open).to_owned();
            return self.error(
                codes::UNCLOSED,
                open,
                format!("this `{bracket}` is not closed"),
                &format!("write `{closing}`"),
            );
        }
        self.fail(&format!("an operator, `,` or `{closing}`"))
    }

    fn unclosed<T>(&mut self, span: Span) -> Option<T> {
        let place = Span::new(span.range().start, span.range().start + 1);
        let quote = self.text(place).to_owned();
        self.error(
            codes::UNCLOSED,
            place,
            format!("this `{quote}` is not closed"),
            &format!("write `{quote}` behind the text"),
        )
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            return self.error(
                codes::TOO_LARGE,
                self.here(),
                format!("nested more than {DEEPEST} deep"),
                "give parts of it ids of their own",
            );
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn grow(&mut self, place: Span) -> Option<()> {
        self.operators += 1;
        if self.operators <= MOST_OPERATORS {
            return Some(());
        }
        self.error(
            codes::TOO_LARGE,
            place,
            format!("more than {MOST_OPERATORS} operators"),
            "give parts of it ids of their own",
        )
    }

    fn fail<T>(&mut self, wanted: &str) -> Option<T> {
        let found = match self.token() {
            Some(token) => format!("`{}`", self.text(token.span).chars().take(40).collect::<String>()),
            None => "the end of the expression".to_owned(),
        };
        self.diagnostics.push(Diagnostic::error(
            codes::SYNTAX,
            self.here(),
            format!("expected {wanted}, found {found}"),
        ));
        None
    }

    fn error<T>(&mut self, code: crate::Code, place: Span, message: String, help: &str) -> Option<T> {
        self.diagnostics.push(Diagnostic::error(code, place, message).help(help));
        None
    }

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    fn text(&self, span: Span) -> &'a str {
        span.slice(self.source)
    }

    fn here(&self) -> Span {
        self.token().map_or_else(|| Span::at(self.last_span().range().end), |token| token.span)
    }

    fn last_span(&self) -> Span {
        let last = self.next.checked_sub(1).and_then(|index| self.tokens.get(index));
        last.map(|token| token.span).unwrap_or_default()
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len());
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.token().is_some_and(|token| token.kind == Kind::Symbol && self.text(token.span) == symbol)
    }

    fn is_symbol_after(&self, symbol: &str) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|token| self.text(token.span) == symbol)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }
}
