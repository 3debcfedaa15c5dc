//! What the series are told apart, sorted and cut by: `GROUP BY`, `ORDER BY`, `LIMIT`.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{AggregateFunction, Direction, LabelKey, Limit, OrderBy};
use super::super::codes;
use super::super::lex::Kind;
use super::name::Named;
use super::{Clause, Parser, shortened};

const MOST_SERIES: u16 = 500;

impl Parser<'_> {
    /// `BY` behind `GROUP` or `ORDER`; reported where it is missing.
    fn by(&mut self) {
        if self.eat_word("BY") {
            return;
        }
        let word = self.last_span();
        let written = self.text(word).to_ascii_uppercase();
        self.report(
            Diagnostic::error(codes::SYNTAX, word, format!("there is no `BY` behind `{written}`"))
                .help(format!("write `{written} BY`"))
                .fix(Fix::replace("insert `BY`", Span::at(word.range().end), " BY")),
        );
    }

    pub(super) fn group_by(&mut self) -> Option<Vec<LabelKey>> {
        self.by();
        let mut keys: Vec<LabelKey> = Vec::new();
        loop {
            let is_call = self.is_symbol_after(1, "(") && !self.word().is_empty();
            if is_call {
                let place = self.here();
                self.report(
                    Diagnostic::error(
                        codes::SYNTAX,
                        place,
                        format!("there is no function `{}` in `GROUP BY`", self.word()),
                    )
                    .help("name labels; time is cut by the period of the request"),
                );
                return None;
            }
            let key = self.label_key(Named::Listed)?;
            if keys.contains(&key) {
                let name = self.text(key.span()).to_owned();
                self.twice(key.span(), &name);
            } else {
                keys.push(key);
            }
            if !self.eat(",") && !self.missing_comma() {
                return Some(keys);
            }
        }
    }

    /// Whether a label stands where a comma is due; reported.
    fn missing_comma(&mut self) -> bool {
        let place = self.here();
        if self.is_word("AND") {
            self.advance();
            self.report(
                Diagnostic::error(codes::SYNTAX, place, "labels are separated by commas")
                    .help("write `,`")
                    .fix(Fix::replace("write `,`", place, ",")),
            );
            return true;
        }
        let word = self.word();
        let is_label = match self.token().map(|token| token.kind) {
            Some(Kind::Name | Kind::Odd) => true,
            Some(Kind::Word) => {
                !super::reserved_here(word)
                    && !super::foreign::begins_clause(word)
                    && super::foreign::misspelt(word).is_none()
            }
            _ => false,
        };
        if is_label {
            let end = self.last_span().range().end;
            self.report(
                Diagnostic::error(
                    codes::SYNTAX,
                    place,
                    format!("there is no comma before `{}`", self.text(place)),
                )
                .help("separate labels by commas")
                .fix(Fix::replace("insert the comma", Span::at(end), ",")),
            );
        }
        is_label
    }

    pub(super) fn order_by(&mut self) -> Option<OrderBy> {
        self.by();
        let start = self.here();
        let function = self.order_function()?;
        let (mut direction, mut is_explicit) = (Direction::Asc, false);
        let place = self.here();
        for (word, meant) in [
            ("ASC", Direction::Asc),
            ("DESC", Direction::Desc),
            ("ASCENDING", Direction::Asc),
            ("DESCENDING", Direction::Desc),
        ] {
            if !self.eat_word(word) {
                continue;
            }
            (direction, is_explicit) = (meant, true);
            if word.len() > 4 {
                let short = if meant == Direction::Asc { "ASC" } else { "DESC" };
                self.report(
                    Diagnostic::error(codes::SYNTAX, place, format!("the direction is `{short}`"))
                        .help(format!("write `{short}`"))
                        .fix(Fix::replace(format!("write `{short}`"), place, short)),
                );
            }
            break;
        }
        let span = start.to(self.last_span());
        if self.is_symbol(",") {
            return self.order_key(
                self.here(),
                "series are sorted by one function",
                "remove the others",
                None,
            );
        }
        Some(OrderBy { function: function?, direction, is_explicit: Trivia(is_explicit), span: Trivia(span) })
    }

    /// The function with its parentheses, stepped over; `Some(None)` for one that is reported.
    fn order_function(&mut self) -> Option<Option<AggregateFunction>> {
        let place = self.here();
        let is_call = self.is_symbol_after(1, "(") && !self.word().is_empty();
        if !is_call {
            let Some(token) = self.token().filter(|_| Clause::of(self.word()).is_none()) else {
                return self.fail("a function, such as `SUM()`");
            };
            let function = AggregateFunction::find(self.word());
            if let Some(function) = function {
                self.advance();
                let fix = Fix::replace("write `()`", Span::at(place.range().end), "()");
                self.order_key::<()>(
                    place,
                    &format!("`{function}` stands without its `()`"),
                    &format!("write `{function}()`"),
                    Some(fix),
                );
                return Some(None);
            }
            if token.kind == Kind::Unclosed || token.kind == Kind::Symbol {
                return self.fail("a function, such as `SUM()`");
            }
            let name = shortened(self.text(place));
            self.advance();
            return self.order_key(
                place,
                &format!("series are not sorted by `{name}`"),
                "sort by a function of their values, such as `SUM() DESC`; without `ORDER BY` they are sorted by label",
                None,
            );
        }
        let function = self.function()?;
        let open = self.here();
        self.advance();
        if self.eat(")") {
            return Some(function);
        }
        let first = self.here();
        while self.token().is_some() && !self.is_symbol(")") && Clause::of(self.word()).is_none() {
            self.advance();
        }
        let arguments = first.to(self.last_span());
        if !self.eat(")") {
            self.report(Diagnostic::error(codes::UNCLOSED, open, "this `(` is not closed").help("write `)`"));
            return None;
        }
        let fix = Fix::replace("remove the argument", arguments, "");
        self.order_key::<()>(
            arguments,
            "the function takes no argument here",
            "write `()`: the values of each series are meant",
            Some(fix),
        );
        Some(None)
    }

    fn order_key<T>(&mut self, place: Span, message: &str, help: &str, fix: Option<Fix>) -> Option<T> {
        let mut finding = Diagnostic::error(codes::ORDER_KEY, place, message).help(help);
        finding.fix = fix;
        self.report(finding);
        None
    }

    pub(super) fn limit(&mut self) -> Option<Limit> {
        let Some(token) = self.token() else { return self.fail("a number from 1 to 500") };
        let start = token.span.range().start;
        let written = self.unquoted_here();
        let place = Span::new(start, start + written.len().max(token.span.range().len()));
        let text = self.text(place).to_owned();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        self.advance_to(place.range().end);
        match text.parse::<u16>() {
            Ok(series @ 1..=MOST_SERIES) if digits => return Some(Limit { series, span: Trivia(place) }),
            _ => {}
        }
        let mut finding = Diagnostic::error(
            codes::BAD_LIMIT,
            place,
            format!("`{}` is no whole number from 1 to {MOST_SERIES}", shortened(&text)),
        )
        .help(format!("write a number from 1 to {MOST_SERIES}"));
        if digits {
            let instead = if text.bytes().all(|byte| byte == b'0') { 1 } else { MOST_SERIES };
            finding = finding.fix(Fix::replace(format!("write {instead}"), place, instead.to_string()));
        }
        self.report(finding);
        None
    }
}
