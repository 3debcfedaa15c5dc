//! The calls of functions: their names, and the arguments that each takes.

use crate::diagnostic::{Diagnostic, Fix};
use crate::span::Span;
use crate::syntax::Trivia;

use super::super::ast::{Band, Filler, MathCall, MathKind, MathNode, SortFunction};
use super::super::codes;
use super::super::functions::{self, NOT_EVALUATED, PlainFunction, SPECIAL};
use super::super::lex::Kind;
use super::Parser;

impl Parser<'_> {
    pub(super) fn call(&mut self, name: Span) -> Option<MathNode> {
        let written = self.text(name);
        let upper = written.to_ascii_uppercase();
        if upper != written && functions::is_function(&upper) {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::CASE,
                    name,
                    format!("there is no function `{written}`: their names are in upper case"),
                )
                .help(format!("write `{upper}`"))
                .fix(Fix::replace(format!("write `{upper}`"), name, upper.clone())),
            );
        } else if !functions::is_function(&upper) {
            let help = match functions::nearest(&upper) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let names = PlainFunction::ALL.iter().map(|(name, _)| *name).chain(SPECIAL);
                    format!(
                        "there are {}",
                        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    )
                }
            };
            return self.error(
                codes::UNKNOWN_FUNCTION,
                name,
                format!("there is no function `{written}`"),
                &help,
            );
        }
        if NOT_EVALUATED.contains(&upper.as_str()) {
            return self.error(
                codes::NOT_EVALUATED,
                name,
                format!("`{upper}` is not evaluated here"),
                "it needs more than series; name the metrics by ids instead",
            );
        }
        self.advance();
        let open = self.here();
        self.advance();
        let call = self.deeper(|parser| parser.arguments(&upper, name, open))?;
        let span = Trivia(name.to(self.last_span()));
        Some(MathNode { kind: MathKind::Call(call), span })
    }

    /// The arguments of a function, up to its closing parenthesis.
    fn arguments(&mut self, name: &str, place: Span, open: Span) -> Option<MathCall> {
        match name {
            "METRICS" => {
                let text = self.token().filter(|token| token.kind == Kind::Text);
                if let Some(text) = text {
                    self.advance();
                    let inside = self.text(text.span);
                    let inside = inside.get(1..inside.len().saturating_sub(1)).unwrap_or_default().to_owned();
                    self.close(")", open)?;
                    return Some(MathCall::Metrics(Some(inside)));
                }
                if let Some(unclosed) = self.token().filter(|token| token.kind == Kind::Unclosed) {
                    return self.unclosed(unclosed.span);
                }
                if !self.is_symbol(")") {
                    return self
                        .misfit(place, "`METRICS` takes nothing, or a text in double quotes that ids hold");
                }
                self.advance();
                Some(MathCall::Metrics(None))
            }
            "SORT" => self.sort(place, open),
            "FILL" => {
                let series = Box::new(self.operation(0)?);
                if !self.eat(",") {
                    return self.misfit(
                        place,
                        "`FILL` takes a series, and `REPEAT`, `LINEAR`, a number or a series",
                    );
                }
                // In lower case it is an id.
                let is_id = self.text(self.here()).starts_with(|c: char| c.is_ascii_lowercase());
                let with = match Some(&["REPEAT", "LINEAR"])
                    .filter(|_| !is_id)
                    .and_then(|words| self.keyword(words))
                {
                    Some("REPEAT") => Filler::Repeat,
                    Some(_) => Filler::Linear,
                    None => Filler::Value(Box::new(self.operation(0)?)),
                };
                self.close(")", open)?;
                Some(MathCall::Fill { series, with })
            }
            _ => {
                let mut arguments = self.list(")", open)?.into_iter().map(Box::new);
                let mut next = || arguments.next();
                let call = match name {
                    "ANOMALY_DETECTION_BAND" => {
                        next().map(|series| MathCall::Band(Band { series, width: next() }))
                    }
                    "IF" => match (next(), next()) {
                        (Some(condition), Some(then)) => {
                            Some(MathCall::If { condition, then, otherwise: next() })
                        }
                        _ => None,
                    },
                    "SLICE" => match (next(), next()) {
                        (Some(array), Some(start)) => Some(MathCall::Slice { array, start, end: next() }),
                        _ => None,
                    },
                    _ => PlainFunction::find(name)
                        .zip(next())
                        .map(|(function, argument)| MathCall::Plain { function, argument }),
                };
                if let Some(call) = call.filter(|_| arguments.next().is_none()) {
                    return Some(call);
                }
                let takes = match name {
                    "ANOMALY_DETECTION_BAND" => {
                        "`ANOMALY_DETECTION_BAND` takes a series, and perhaps a number of deviations"
                    }
                    "IF" => {
                        "`IF` takes a condition, what it gives where that is true, and perhaps what it gives else"
                    }
                    "SLICE" => "`SLICE` takes an array, a first index, and perhaps the index behind the last",
                    _ => "it takes one argument; write several series as an array, `[m1, m2]`",
                };
                self.misfit(place, takes)
            }
        }
    }

    fn sort(&mut self, place: Span, open: Span) -> Option<MathCall> {
        const TAKES: &str =
            "`SORT` takes an array, `AVG`, `MIN`, `MAX` or `SUM`, `ASC` or `DESC`, and perhaps a number";
        let array = Box::new(self.operation(0)?);
        let by = if self.eat(",") { self.keyword(&["AVG", "MAX", "MIN", "SUM"]) } else { None };
        let by = by.and_then(|by| SortFunction::ALL.into_iter().find(|function| function.as_str() == by));
        let Some(by) = by else { return self.misfit(place, TAKES) };
        let order = if self.eat(",") { self.keyword(&["ASC", "DESC"]) } else { None };
        let Some(order) = order else { return self.misfit(place, TAKES) };
        let most = if self.eat(",") { Some(Box::new(self.operation(0)?)) } else { None };
        if self.is_symbol(",") {
            return self.misfit(place, TAKES);
        }
        self.close(")", open)?;
        Some(MathCall::Sort { array, by, descending: order == "DESC", most })
    }

    /// Steps over one of these words, in upper case.
    fn keyword(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let place = self.here();
        let written = self.text(place);
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(written))?;
        if self.is_symbol_after("(") {
            return None;
        }
        if *word != written {
            self.diagnostics.push(
                Diagnostic::error(codes::CASE, place, format!("`{written}` is written in upper case"))
                    .help(format!("write `{word}`"))
                    .fix(Fix::replace(format!("write `{word}`"), place, *word)),
            );
        }
        self.advance();
        Some(word)
    }

    /// Expressions between commas, up to the closing bracket.
    pub(super) fn list(&mut self, closing: &str, open: Span) -> Option<Vec<MathNode>> {
        let mut parts = Vec::new();
        if self.eat(closing) {
            return Some(parts);
        }
        loop {
            parts.push(self.deeper(|parser| parser.operation(0))?);
            if !self.eat(",") {
                self.close(closing, open)?;
                return Some(parts);
            }
        }
    }

    fn misfit<T>(&mut self, place: Span, takes: &str) -> Option<T> {
        let name = self.text(place).to_owned();
        self.error(codes::ARGUMENTS, place, format!("the arguments of `{name}` do not fit"), takes)
    }
}
