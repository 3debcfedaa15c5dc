//! What people of other query languages write: clauses and operators that do not exist, words with a slip.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{AggregateFunction, Comparison, LabelKey};
use super::super::codes;
use super::super::lex::{self, Kind};
use super::super::print::value_in_quotes;
use super::{Clause, Parser};

/// Words that begin a clause of other languages.
const CLAUSES: &[&str] = &[
    "AS",
    "CROSS",
    "EXCEPT",
    "EXPLAIN",
    "FETCH",
    "FOR",
    "FULL",
    "HAVING",
    "INNER",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LEFT",
    "OFFSET",
    "ON",
    "OUTER",
    "QUALIFY",
    "RIGHT",
    "SINCE",
    "TIMESERIES",
    "TOP",
    "UNION",
    "USING",
    "WINDOW",
    "WITH",
];

/// Words that compare in other languages.
const OPERATORS: &[&str] =
    &["BETWEEN", "CONTAINS", "ILIKE", "IN", "IS", "LIKE", "MATCHES", "NOT", "REGEXP", "RLIKE"];

pub(super) fn begins_clause(word: &str) -> bool {
    CLAUSES.iter().any(|clause| clause.eq_ignore_ascii_case(word))
}

pub(super) fn is_operator(word: &str) -> bool {
    OPERATORS.iter().any(|operator| operator.eq_ignore_ascii_case(word))
}

/// The word that begins a clause and was surely meant: one slip away.
pub(super) fn misspelt(word: &str) -> Option<(&'static str, Clause)> {
    if word.len() < 4 {
        return None;
    }
    let upper = word.to_ascii_uppercase();
    let near =
        |known: &str| strsim::damerau_levenshtein(known, &upper) == 1 && known.get(..1) == upper.get(..1);
    Clause::ALL.into_iter().find(|(known, _)| near(known))
}

impl Parser<'_> {
    /// A text that does not begin with `SELECT`.
    pub(super) fn beginning(&mut self) {
        let Some(token) = self.token() else { return };
        if Clause::of(self.word()).is_some() || misspelt(self.word()).is_some() || begins_clause(self.word())
        {
            return;
        }
        if AggregateFunction::find(self.word()).is_some() && self.is_symbol_after(1, "(") {
            self.report(
                Diagnostic::error(codes::SYNTAX, token.span, "a query begins with `SELECT`")
                    .help("write `SELECT` before the function")
                    .fix(Fix::replace("insert `SELECT`", Span::at(token.span.range().start), "SELECT ")),
            );
        } else {
            self.fail::<()>("`SELECT`");
        }
        self.skip_clause();
    }

    /// Reports what stands behind a clause and begins none. A word with a slip gives the clause that was meant.
    pub(super) fn behind_clause(&mut self, last: Option<Clause>) -> Option<Clause> {
        let place = self.here();
        let word = self.word();
        if let Some((meant, clause)) = misspelt(word) {
            self.report(
                Diagnostic::error(codes::SYNTAX, place, format!("there is no clause `{word}`"))
                    .help(format!("write `{meant}`"))
                    .fix(Fix::replace(format!("write `{meant}`"), place, meant)),
            );
            return Some(clause);
        }
        if begins_clause(word) {
            self.foreign_clause(last);
        } else if last == Some(Clause::Select) && self.is_symbol(",") {
            self.report(
                Diagnostic::error(codes::ONE_ITEM, place, "one function of one metric is selected")
                    .help("write a query for each"),
            );
        } else if last == Some(Clause::Select) {
            if self.arithmetic().is_some() {
                self.fail::<()>("`FROM`");
            }
        } else if last == Some(Clause::From) && self.is_symbol(",") {
            self.report(
                Diagnostic::error(codes::FOREIGN_CLAUSE, place, "a query reads one namespace")
                    .help("write a query for each, and join their series in metric math"),
            );
        } else if last == Some(Clause::Limit) && self.is_symbol(",") {
            self.foreign_clause(last);
        } else if is_operator(word) && last != Some(Clause::Where) {
            self.fail::<()>("`WHERE` before comparisons");
        } else {
            self.fail::<()>(match last {
                None => "`SELECT`",
                Some(Clause::Select) => "`FROM`",
                Some(Clause::From) => "`WHERE`, `GROUP BY`, `ORDER BY` or `LIMIT`",
                Some(Clause::Where) => "`AND`, `GROUP BY`, `ORDER BY` or `LIMIT`",
                Some(Clause::GroupBy) => "`,`, `ORDER BY` or `LIMIT`",
                Some(Clause::OrderBy) => "`ASC`, `DESC` or `LIMIT`",
                Some(Clause::Limit) => "the end of the query",
            });
        }
        None
    }

    fn foreign_clause(&mut self, last: Option<Clause>) {
        let place = self.here();
        let word = self.word().to_ascii_uppercase();
        if word == "AS" && last == Some(Clause::Select) {
            let alias = self
                .token_after(1)
                .filter(|token| token.kind != Kind::Symbol && Clause::of(self.text(token.span)).is_none());
            let end = alias.map_or(place, |alias| alias.span);
            let whole = Span::new(self.last_span().range().end, end.range().end);
            self.report(
                Diagnostic::error(codes::ONE_ITEM, place.to(end), "there are no aliases")
                    .help("remove it; the series are named by the `Label` of the request")
                    .fix(Fix::replace("remove the alias", whole, "")),
            );
            return;
        }
        let help = match word.as_str() {
            "HAVING" => {
                "groups are not filtered; sort them by `ORDER BY` and cut them by `LIMIT`, or compare in metric math"
            }
            "UNION" | "INTERSECT" | "EXCEPT" => {
                "write a query for each, and join their series in metric math"
            }
            "JOIN" | "INNER" | "LEFT" | "RIGHT" | "FULL" | "OUTER" | "CROSS" | "ON" | "USING" => {
                "a query reads one metric; join series in metric math"
            }
            "OFFSET" | "FETCH" | "" => "`LIMIT` takes one number, and nothing is skipped",
            "TOP" => "write `ORDER BY SUM() DESC LIMIT 10` at the end",
            "WITH" | "WINDOW" => "a query is one `SELECT`",
            "SINCE" | "TIMESERIES" => "the range of time and the period belong to the request",
            _ => "remove it",
        };
        let shown = if word.is_empty() { ",".to_owned() } else { word };
        self.report(
            Diagnostic::error(codes::FOREIGN_CLAUSE, place, format!("there is no `{shown}` here")).help(help),
        );
        if matches!(shown.as_str(), "UNION" | "INTERSECT" | "EXCEPT" | "WITH") {
            // What follows is another query.
            self.next = self.tokens.len();
        }
    }

    /// Reports a query within the query and skips the rest.
    pub(super) fn subquery<T>(&mut self) -> Option<T> {
        let open = self.here();
        let is_query = self.word_after(1).eq_ignore_ascii_case("SELECT");
        if !is_query {
            return self.fail("a namespace or `SCHEMA(…)`");
        }
        self.report(
            Diagnostic::error(codes::FOREIGN_CLAUSE, open, "there are no queries within queries")
                .help("write each query by itself, and reckon with their series in metric math"),
        );
        self.next = self.tokens.len();
        None
    }

    pub(super) fn foreign_operator(&mut self, place: Span, help: &str, instead: Option<(Span, &str)>) {
        let operator = self.text(place).to_ascii_uppercase();
        let mut finding =
            Diagnostic::error(codes::FOREIGN_OPERATOR, place, format!("there is no operator `{operator}`"))
                .help(help);
        finding.fix = instead.map(|(span, instead)| Fix::replace(help, span, instead));
        self.report(finding);
    }

    /// A comparison of other languages, reported. One that is the same as `=` or `!=` is read as that.
    pub(super) fn foreign_comparison(&mut self, key: &LabelKey) -> Option<Comparison> {
        let place = self.here();
        let symbol = self.text(place);
        let same = match symbol {
            "==" | "===" => Some(("=", Comparison::Equal)),
            "<>" | "!==" => Some(("!=", Comparison::NotEqual)),
            _ => None,
        };
        if let Some((meant, comparison)) = same {
            self.advance();
            self.foreign_operator(place, &format!("write `{meant}`"), Some((place, meant)));
            return Some(comparison);
        }
        if matches!(symbol, "<" | ">" | "<=" | ">=" | "=<" | "=>") {
            self.foreign_operator(place, "labels are texts, compared by `=` and `!=` only; values of metrics are compared in alarms and metric math", None);
            return None;
        }
        if matches!(symbol, "=~" | "!~" | "~") {
            self.foreign_operator(
                place,
                "there are no patterns; name each value, or group by the label",
                None,
            );
            return None;
        }
        if is_operator(self.word()) {
            self.word_comparison(key);
            return None;
        }
        self.fail("`=` or `!=`")
    }

    /// `NOT` before a comparison.
    pub(super) fn negated(&mut self) {
        let place = self.here();
        let equals = (2..6).find(|further| self.is_symbol_after(*further, "="));
        let plain = !self.is_symbol_after(1, "(");
        match equals.and_then(|further| self.token_after(further)).filter(|_| plain) {
            Some(equals) => {
                let behind = self.token_after(1).map_or(place, |token| token.span);
                let edit = |span, replacement: &str| crate::diagnostic::Edit {
                    span,
                    replacement: replacement.to_owned(),
                };
                let not = Span::new(place.range().start, behind.range().start);
                let fix = Fix {
                    title: "write `!=`".to_owned(),
                    edits: vec![edit(not, ""), edit(equals.span, "!=")],
                };
                self.report(
                    Diagnostic::error(codes::FOREIGN_OPERATOR, place, "there is no operator `NOT`")
                        .help("write `!=`")
                        .fix(fix),
                );
            }
            None => self.foreign_operator(place, "turn each comparison around: `=` becomes `!=`", None),
        }
    }

    /// `IN (…)`, `LIKE '…'`, `IS NULL`, `BETWEEN … AND …`, each perhaps behind `NOT`.
    fn word_comparison(&mut self, key: &LabelKey) {
        let start = self.here();
        let is_negated = self.eat_word("NOT");
        let operator = self.word().to_ascii_uppercase();
        self.advance();
        let is_null_negated = operator == "IS" && self.eat_word("NOT");
        let mut place = start.to(self.last_span());
        let meant = if is_negated { "!=" } else { "=" };
        match operator.as_str() {
            "IN" => self.among(key, place, is_negated),
            "LIKE" | "ILIKE" | "RLIKE" | "REGEXP" | "MATCHES" | "CONTAINS" => {
                let value = self.token().filter(|token| token.kind == Kind::Text);
                let is_plain = value
                    .is_some_and(|value| !self.text(value.span).contains(['%', '*', '_', '.', '^', '$']));
                if is_plain && operator == "LIKE" {
                    self.foreign_operator(place, &format!("write `{meant}`"), Some((place, meant)));
                } else {
                    self.foreign_operator(
                        place,
                        "there are no patterns; name each value, or group by the label",
                        None,
                    );
                }
            }
            "IS" => {
                place = place.to(self.here());
                let help = if is_null_negated {
                    "name the label in `SCHEMA(…)`, which takes metrics that have it"
                } else {
                    "metrics without the label stand in the group `Other`; `SCHEMA(…)` without it takes only those"
                };
                self.foreign_operator(place, help, None);
            }
            "BETWEEN" => {
                self.foreign_operator(place, "labels are texts, compared by `=` and `!=` only", None);
                // Its own `AND` joins no comparisons.
                while self.token().is_some() && !self.is_word("AND") && Clause::of(self.word()).is_none() {
                    self.advance();
                }
                self.eat_word("AND");
            }
            _ => self.foreign_operator(place, "labels are compared by `=` and `!=` only", None),
        }
    }

    /// What stands behind `IN`: a list of values.
    fn among(&mut self, key: &LabelKey, place: Span, is_negated: bool) {
        if self.is_symbol("(") && self.word_after(1).eq_ignore_ascii_case("SELECT") {
            return self.subquery::<()>().unwrap_or_default();
        }
        let mut values = Vec::new();
        let mut further = 1;
        let close = loop {
            match self.token_after(further) {
                Some(value) if matches!(value.kind, Kind::Text | Kind::Name) => {
                    values.push(value_in_quotes(&lex::unescape(self.inside(value.span)).0));
                }
                Some(token) if self.text(token.span) == "," => {}
                Some(token) if self.text(token.span) == ")" => break Some(token.span),
                _ => break None,
            }
            further += 1;
        };
        let whole = close.map(|close| key.span().to(close));
        let fix = match (values.as_slice(), whole) {
            ([value], Some(whole)) => {
                Some((whole, format!("{key} {} {value}", if is_negated { "!=" } else { "=" })))
            }
            ([_, _, ..], Some(whole)) if is_negated => {
                let tests: Vec<String> = values.iter().map(|value| format!("{key} != {value}")).collect();
                Some((whole, tests.join(" AND ")))
            }
            _ => None,
        };
        match &fix {
            Some((whole, text)) => {
                self.foreign_operator(place, &format!("write `{text}`"), Some((*whole, text)))
            }
            None => self.foreign_operator(
                place,
                "write a query for each value, or group by the label and add the series up in metric math",
                None,
            ),
        }
    }
}
