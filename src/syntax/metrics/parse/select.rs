//! What is computed, and of which metrics: `SELECT` and `FROM`.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{AggregateFunction, Identifier, LabelKey, Select, Source};
use super::super::codes;
use super::super::lex::Kind;
use super::name::Named;
use super::{Clause, Parser};

/// Other names of the five functions.
const ALIASES: &[(&str, &str)] = &[
    ("AVERAGE", "AVG"),
    ("MEAN", "AVG"),
    ("MAXIMUM", "MAX"),
    ("MINIMUM", "MIN"),
    ("SAMPLE_COUNT", "COUNT"),
    ("SAMPLECOUNT", "COUNT"),
    ("TOTAL", "SUM"),
];

impl Parser<'_> {
    pub(super) fn select(&mut self) -> Option<Select> {
        if self.is_word("DISTINCT") || self.is_word("ALL") {
            let place = self.here();
            let word = self.word().to_ascii_uppercase();
            self.advance();
            self.one_item(place, format!("there is no `{word}`"), "remove it", Some(""));
        }
        if self.is_symbol("*") {
            self.one_item(
                self.here(),
                "there is no `*`".to_owned(),
                "write one function of one metric, such as `SUM(Errors)`",
                None,
            );
            return None;
        }
        let is_call = self.is_symbol_after(1, "(");
        let place = self.here();
        let Some(token) = self.token() else { return self.fail("a function, such as `SUM(Errors)`") };
        if !is_call {
            let is_name = matches!(token.kind, Kind::Name | Kind::Text | Kind::Odd | Kind::Foreign)
                || token.kind == Kind::Word && Clause::of(self.word()).is_none();
            if !is_name {
                return self.fail("a function, such as `SUM(Errors)`");
            }
            let start = place.range().start;
            self.advance_to(start + self.unquoted_here().len());
            if self.next == 0 || self.last_span() == Span::default() || self.here() == place {
                self.advance();
            }
            let item = Span::new(start, self.last_span().range().end);
            let written = self.text(item).to_owned();
            if AggregateFunction::find(&written).is_some() {
                return self.fail("`(` and the name of a metric");
            }
            self.one_item(
                item,
                format!("`{written}` stands without a function"),
                "write one, such as `SUM(…)`, around the name of the metric",
                None,
            );
            return None;
        }
        let function = self.function()?;
        let open = self.here();
        self.advance();
        let metric = self.metric(open)?;
        if !self.eat(")") {
            if self.token().is_none() || Clause::of(self.word()).is_some() {
                return self.unclosed_parenthesis(open);
            }
            return self.fail("`)`");
        }
        Some(Select { function: function?, metric })
    }

    /// The function here, stepped over; `Some(None)` for one that does not exist, reported.
    pub(super) fn function(&mut self) -> Option<Option<AggregateFunction>> {
        let place = self.here();
        let name = self.text(place).to_owned();
        if self.token().is_none_or(|token| token.kind != Kind::Word) {
            return self.fail("one of `AVG`, `COUNT`, `MAX`, `MIN`, `SUM`");
        }
        self.advance();
        if let Some(function) = AggregateFunction::find(&name) {
            return Some(Some(function));
        }
        let upper = name.to_ascii_uppercase();
        let alias = ALIASES.iter().find(|(alias, _)| *alias == upper).map(|(_, function)| *function);
        let near = || {
            let all = AggregateFunction::ALL.iter().map(|function| function.as_str());
            all.min_by_key(|known| strsim::damerau_levenshtein(known, &upper))
                .filter(|known| strsim::damerau_levenshtein(known, &upper) == 1)
        };
        let mut finding =
            Diagnostic::error(codes::UNKNOWN_FUNCTION, place, format!("there is no function `{name}`"));
        finding = match alias.or_else(near) {
            Some(meant) => finding.help(format!("write `{meant}`")).fix(Fix::replace(
                format!("write `{meant}`"),
                place,
                meant,
            )),
            None if is_statistic(&upper) => finding.help(format!(
                "`{name}` is a statistic of one metric: ask for the metric itself with it, or take `MAX`"
            )),
            None if matches!(
                upper.as_str(),
                "RATE" | "STDDEV" | "DIFF" | "FILL" | "CEIL" | "FLOOR" | "ABS" | "PERIOD"
            ) =>
            {
                finding.help(format!(
                    "`{name}` is metric math: give the query an id, and write `{upper}(id)` beside it"
                ))
            }
            None => finding.help("take `AVG`, `COUNT`, `MAX`, `MIN` or `SUM`"),
        };
        self.report(finding);
        Some(None)
    }

    /// The name of the metric, up to its parenthesis.
    fn metric(&mut self, open: Span) -> Option<Identifier> {
        if self.is_word("DISTINCT") && !self.is_symbol_after(1, ")") {
            let place = self.here();
            self.advance();
            self.one_item(place, "there is no `DISTINCT`".to_owned(), "remove it", Some(""));
        }
        if self.is_symbol("*") {
            self.one_item(self.here(), "there is no `*`".to_owned(), "name the metric", None);
            return None;
        }
        if self.is_symbol(")") {
            return self.fail(Named::Metric.article());
        }
        if self.token().is_none() {
            return self.unclosed_parenthesis(open);
        }
        if self.is_symbol_after(1, "(") && !self.word().is_empty() {
            let place = self.here();
            self.one_item(
                place,
                format!("`{}` stands within a function", self.word()),
                "select one function, and reckon further in metric math",
                None,
            );
            return None;
        }
        let metric = self.name(Named::Metric)?;
        if self.is_symbol(",") {
            self.one_item(
                self.here(),
                "a function takes one metric".to_owned(),
                "write a query for each metric",
                None,
            );
            return None;
        }
        self.arithmetic()?;
        Some(metric)
    }

    /// Reports an operator behind a metric or a function.
    pub(super) fn arithmetic(&mut self) -> Option<()> {
        let symbol = self.text(self.here());
        if !self.is_symbol(symbol) || !matches!(symbol, "+" | "-" | "*" | "/" | "^" | "%") {
            return Some(());
        }
        let message = format!("there is no arithmetic, and `{symbol}` has no meaning here");
        self.one_item(
            self.here(),
            message,
            "give the query an id, and reckon in a metric math expression beside it",
            None,
        );
        None
    }

    fn one_item(&mut self, place: Span, message: String, help: &str, instead: Option<&str>) {
        let mut finding = Diagnostic::error(codes::ONE_ITEM, place, message).help(help);
        finding.fix = instead.map(|instead| {
            let blank = self.source.get(place.range().end..).is_some_and(|rest| rest.starts_with(' '));
            let span = Span::new(place.range().start, place.range().end + usize::from(blank));
            Fix::replace(help, span, instead)
        });
        self.report(finding);
    }

    fn unclosed_parenthesis<T>(&mut self, open: Span) -> Option<T> {
        self.report(
            Diagnostic::error(codes::UNCLOSED, open, "this `(` is not closed")
                .help("write `)` behind what it holds"),
        );
        None
    }

    pub(super) fn from(&mut self) -> Option<Source> {
        let start = self.here();
        if self.is_symbol("(") {
            return self.subquery();
        }
        let is_call = self.is_symbol_after(1, "(") && !self.word().is_empty();
        if is_call || self.is_word("SCHEMA") && !self.is_end_of_source(1) {
            let word = self.word().to_owned();
            if !word.eq_ignore_ascii_case("SCHEMA") {
                self.report(
                    Diagnostic::error(codes::SYNTAX, start, format!("there is no `{word}(…)` behind `FROM`"))
                        .help("write `SCHEMA(…)`, or a namespace alone")
                        .fix(Fix::replace("write `SCHEMA`", start, "SCHEMA")),
                );
            }
            self.advance();
            return self.schema(start);
        }
        let namespace = self.name(Named::Namespace)?;
        Some(Source { namespace, schema: None, span: Trivia(start.to(self.last_span())) })
    }

    fn is_end_of_source(&self, further: usize) -> bool {
        match self.token_after(further) {
            None => true,
            Some(token) => Clause::of(self.text(token.span)).is_some() || self.text(token.span) == ";",
        }
    }

    fn schema(&mut self, start: Span) -> Option<Source> {
        let open = self.here();
        if !self.eat("(") {
            return self.fail("`(` behind `SCHEMA`");
        }
        if self.token().is_none() {
            return self.unclosed_parenthesis(open);
        }
        let namespace = self.name(Named::Namespace)?;
        let mut keys: Vec<Identifier> = Vec::new();
        while self.eat(",") {
            if let Some(key) = self.schema_key()? {
                self.once(&mut keys, key);
            }
        }
        if !self.eat(")") {
            if self.token().is_none() || Clause::of(self.word()).is_some() {
                return self.unclosed_parenthesis(open);
            }
            return self.fail("`,` or `)`");
        }
        Some(Source { namespace, schema: Some(keys), span: Trivia(start.to(self.last_span())) })
    }

    /// The name of a dimension; `Some(None)` for something else, reported.
    fn schema_key(&mut self) -> Option<Option<Identifier>> {
        if self.is_symbol("*") {
            let place = self.here();
            self.advance();
            self.schema_label(
                place,
                "there is no `*` in `SCHEMA`",
                "name each dimension, or write `FROM` and the namespace for any dimensions",
            );
            return Some(None);
        }
        let key = self.label_key(Named::Listed)?;
        let place = key.span();
        if self.is_symbol("=") || self.is_symbol("!=") {
            let value = self.token_after(1).map_or(place, |token| token.span);
            self.advance();
            self.advance();
            self.schema_label(
                place.to(value),
                "`SCHEMA` compares nothing",
                "name the dimension here, and compare it in `WHERE`",
            );
            return Some(None);
        }
        match key {
            LabelKey::Dimension(name) => Some(Some(name)),
            LabelKey::Tag(_) => {
                self.schema_label(place, "a tag is no dimension", "compare it in `WHERE`, or group by it");
                Some(None)
            }
            LabelKey::Account { .. } => {
                self.schema_label(
                    place,
                    "the account is no dimension",
                    "compare it in `WHERE`, or group by it",
                );
                Some(None)
            }
        }
    }

    fn schema_label(&mut self, place: Span, message: &str, help: &str) {
        self.report(Diagnostic::error(codes::SCHEMA_LABEL, place, message).help(help));
    }

    fn once(&mut self, keys: &mut Vec<Identifier>, key: Identifier) {
        if keys.contains(&key) {
            self.twice(key.span.0, &key.name);
        } else {
            keys.push(key);
        }
    }

    /// Reports a label that stands in a list already; the comma before it goes with it.
    pub(super) fn twice(&mut self, place: Span, name: &str) {
        let before = self.source.get(..place.range().start).unwrap_or_default();
        let start = before.rfind(',').unwrap_or(place.range().start);
        self.report(
            Diagnostic::warning(codes::DUPLICATE_KEY, place, format!("`{name}` stands twice in this list"))
                .help("remove it")
                .fix(Fix::replace("remove it", Span::new(start, place.range().end), "")),
        );
    }
}

/// Whether this is a statistic of single metrics, such as `P99` or `TM90`.
fn is_statistic(upper: &str) -> bool {
    let letters = upper.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    matches!(
        letters,
        "P" | "TM" | "TC" | "TS" | "WM" | "PR" | "IQM" | "PERCENTILE" | "PERCENTILE_CONT" | "MEDIAN"
    )
}
