//! One command: which it is, and those that take items, conditions, fields or a number.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::syntax::Trivia;

use super::super::ast::{
    BinaryOp, Command, Count, DiffWindow, Expr, ExprKind, Field, IndexPredicate, IndexValues, Item,
    ItemLabel, SortKey, Stats,
};
use super::super::codes;
use super::super::functions::Signature;
use super::super::lex;
use super::Parser;

impl Parser<'_> {
    /// Reads a command; `None` after a fault, reported.
    pub(super) fn command(&mut self) -> Option<Command> {
        let start = self.at;
        if self.rest().starts_with('$') {
            return self.saved_call();
        }
        let word = self.word();
        if word.is_empty() {
            return self.no_command();
        }
        self.advance(word.len());
        let name = Span::new(start, start + word.len());
        Some(match word.to_ascii_lowercase().as_str() {
            "source" => Command::Source(self.source_command()?),
            "fields" => Command::Fields(self.shown_items(name)?),
            "display" => Command::Display(self.shown_items(name)?),
            "filter" => Command::Filter { condition: self.expr()?, spelled_where: Trivia(false) },
            "where" => Command::Filter { condition: self.expr()?, spelled_where: Trivia(true) },
            "filterindex" => Command::FilterIndex(self.index_predicates()?),
            "stats" => Command::Stats(self.stats()?),
            "sort" => Command::Sort(self.sort_keys()?),
            "order" => {
                self.legacy_word(name, "sort");
                Command::Sort(self.sort_keys()?)
            }
            "limit" => Command::Limit { any: self.eat_any(), rows: self.rows()? },
            "head" => {
                self.legacy_word(name, "limit");
                Command::Head(self.rows()?)
            }
            "tail" => {
                self.legacy_tail(name);
                Command::Tail(self.rows()?)
            }
            "search" => {
                self.legacy_word(name, "filter");
                Command::Search(self.expr()?)
            }
            "parse" => Command::Parse(self.parse_command(name)?),
            "json" => self.json()?,
            "dedup" => Command::Dedup(self.fields()?),
            "pattern" => Command::Pattern(self.expr()?),
            "diff" => Command::Diff(self.diff_window()),
            "anomaly" => Command::Anomaly,
            "unmask" => self.unmask()?,
            "unnest" => self.unnest()?,
            "expand" => Command::Expand(self.field()?),
            "lookup" => Command::Lookup(self.lookup()?),
            "cidrlookup" => Command::CidrLookup(self.cidr_lookup()?),
            "join" => Command::Join(Box::new(self.join()?)),
            "appendcols" => self.append_cols()?,
            "addtotals" => self.add_totals()?,
            "accum" => Command::Accum { field: self.field()?, alias: self.alias()? },
            "autoregress" => self.auto_regress()?,
            "filldown" => Command::FillDown(self.fill_down()?),
            "fillmissing" => Command::FillMissing(self.fill_missing()?),
            "outlier" => self.outlier()?,
            "sessionize" => self.sessionize()?,
            "countfrequent" | "count_frequent" => Command::CountFrequent(self.fields()?),
            "relevantfields" => self.relevant_fields()?,
            "logcompare" => {
                self.expect_word("timeshift")?;
                Command::LogCompare(self.period()?)
            }
            "estimate" => Command::Estimate,
            _ => return self.unknown_command(name),
        })
    }

    fn legacy_word(&mut self, name: Span, instead: &str) {
        let word = self.text(name).to_owned();
        self.report(
            Diagnostic::new(codes::LEGACY_WORD, Severity::Info, name, format!("`{word}` is an old word"))
                .help(format!("write `{instead}`"))
                .fix(Fix::replace(format!("write `{instead}`"), name, instead)),
        );
    }

    fn legacy_tail(&mut self, name: Span) {
        self.report(
            Diagnostic::new(codes::LEGACY_WORD, Severity::Info, name, "`tail` is an old word")
                .help("sort the other way round, then `limit`"),
        );
    }

    /// The items of `fields` and `display`.
    fn shown_items(&mut self, command: Span) -> Option<Vec<Item>> {
        let in_fields = self.text(command).eq_ignore_ascii_case("fields");
        let mut items = Vec::new();
        let mut had_star = false;
        loop {
            if self.rest().starts_with('*') {
                self.fields_star(command);
                self.advance(1);
                had_star = true;
            } else {
                let item = self.item()?;
                if in_fields {
                    self.check_equals_for_as(&item);
                }
                items.push(item);
            }
            if !self.comma()? {
                self.computed.extend(items.iter().cloned());
                return Some(items).filter(|_| !had_star);
            }
        }
    }

    fn fields_star(&mut self, command: Span) {
        let command = self.text(command).to_ascii_lowercase();
        self.report(
            Diagnostic::error(codes::FIELDS_STAR, self.here(), "there is no `*` for all fields")
                .help(format!("name them, or show the whole event by `{command} @message`")),
        );
    }

    /// `fields x = y` shows whether they are equal, where often `y as x` is meant.
    fn check_equals_for_as(&mut self, item: &Item) {
        let ExprKind::Binary(BinaryOp::Equal, left, right) = &item.expr.kind else {
            return;
        };
        let ExprKind::Field(field) = &left.kind else { return };
        let is_literal = matches!(right.kind, ExprKind::Literal(_));
        let is_named = matches!(item.label, ItemLabel::Alias(_));
        if is_literal && is_named {
            return;
        }
        let severity = if is_literal || is_named { Severity::Warning } else { Severity::Error };
        let (name, value) = (field.name.clone(), self.text(right.span.0).to_owned());
        let place = item.expr.span.0;
        let mut diagnostic = Diagnostic::new(
            codes::EQUALS_FOR_AS,
            severity,
            place,
            "this shows whether the two are equal: 1 or 0",
        )
        .help(if is_named {
            "filter by a comparison, or name a value by `as`".to_owned()
        } else {
            format!("write `{value} as {name}` to name a value")
        });
        if !is_named {
            diagnostic = diagnostic.fix(Fix::replace(
                "name the value",
                place,
                format!("{value} as {}", self.text(field.span.0)),
            ));
        }
        self.report(diagnostic);
    }

    fn items(&mut self) -> Option<Vec<Item>> {
        let mut items = vec![self.item()?];
        while self.comma()? {
            items.push(self.item()?);
        }
        Some(items)
    }

    /// An expression and its name, or its text where it has none.
    fn item(&mut self) -> Option<Item> {
        let expr = self.expr()?;
        let label = match self.alias()? {
            Some(name) => ItemLabel::Alias(name),
            None => ItemLabel::Source(self.source_text(expr.span.0)),
        };
        Some(Item { expr, label })
    }

    /// Steps over a comma; behind one something must follow.
    pub(super) fn comma(&mut self) -> Option<bool> {
        let place = self.here();
        if !self.eat(",") {
            return Some(false);
        }
        if self.rest().is_empty() || self.rest().starts_with(['|', ')', ']']) {
            self.report(
                Diagnostic::error(codes::SYNTAX, place, "nothing follows this comma")
                    .help("remove it, or write what is missing")
                    .fix(Fix::replace("remove the comma", place, "")),
            );
            return None;
        }
        Some(true)
    }

    fn index_predicates(&mut self) -> Option<Vec<IndexPredicate>> {
        let mut predicates = Vec::new();
        loop {
            let field = self.field()?;
            let values = if self.eat_word("in") {
                IndexValues::In(self.literals()?)
            } else if self.single_equals() {
                IndexValues::Equal(self.literal()?)
            } else {
                return self.fail("`=` or `in`");
            };
            predicates.push(IndexPredicate { field, values });
            if !self.eat_word("and") && !self.foreign_and() {
                return Some(predicates);
            }
        }
    }

    fn stats(&mut self) -> Option<Stats> {
        if self.is_at("by") && self.begins_operand_behind("by") {
            return self.fail("an aggregate, such as `count(*)`");
        }
        let aggregates = self.items()?;
        let by = if self.eat_word("by") { self.items()? } else { Vec::new() };
        let offset = if !by.is_empty() && self.eat_word("offset") { Some(self.period()?) } else { None };
        self.computed = aggregates.iter().chain(&by).cloned().collect();
        Some(Stats { aggregates, by, offset })
    }

    fn sort_keys(&mut self) -> Option<Vec<SortKey>> {
        self.legacy_by();
        let mut keys = Vec::new();
        let mut whole = true;
        loop {
            match self.sort_field()? {
                Some(field) => {
                    let descending = self.eat_word("desc");
                    if !descending {
                        self.eat_word("asc");
                    }
                    keys.push(SortKey { field, descending });
                }
                None => {
                    whole = false;
                    let _ = self.eat_word("desc") || self.eat_word("asc");
                }
            }
            if !self.comma()? {
                return Some(keys).filter(|_| whole);
            }
        }
    }

    fn legacy_by(&mut self) {
        if !self.is_at("by") || !self.begins_operand_behind("by") {
            return;
        }
        let by = Span::new(self.at, self.at + 2);
        self.advance(2);
        self.report(
            Diagnostic::new(codes::LEGACY_WORD, Severity::Info, by, "`sort` needs no `by`")
                .help("leave it out")
                .fix(Fix::replace("remove `by`", Span::new(by.range().start, self.at), "")),
        );
    }

    /// A field to sort by; `Some(None)` where it was something else, reported and stepped over.
    fn sort_field(&mut self) -> Option<Option<Field>> {
        let expr = self.expr()?;
        if let ExprKind::Field(field) = expr.kind {
            return Some(Some(field));
        }
        let place = expr.span.0;
        let written = self.source_text(place);
        let is_odd_name = matches!(expr.kind, ExprKind::Binary(BinaryOp::Subtract, ..))
            && written.chars().all(|c| lex::is_word(c) || matches!(c, '-' | '.'));
        if is_odd_name {
            let _: Option<()> = self.odd_name(place.range().start);
            return Some(None);
        }
        let mut diagnostic =
            Diagnostic::error(codes::SORT_EXPRESSION, place, "`sort` takes names only, no expressions");
        if matches!(expr.kind, ExprKind::Call(_)) {
            diagnostic = diagnostic.service_text("unexpected symbol found (");
        }
        let computed = self.computed.iter().rev().find(|item| item.expr == expr);
        diagnostic = match computed.map(|item| &item.label) {
            Some(ItemLabel::Alias(name)) => {
                let alias = name.text.clone();
                let written = self.text(name.span.0).to_owned();
                diagnostic.help(format!("sort by its name, `{alias}`")).fix(Fix::replace(
                    format!("sort by `{alias}`"),
                    place,
                    written,
                ))
            }
            Some(ItemLabel::Source(text)) if !text.contains('`') && !text.contains(lex::is_line_end) => {
                diagnostic
                    .help(format!(
                        "give it a name where it is computed (`{text} as n`), or put it in backticks"
                    ))
                    .fix(Fix::replace("put it in backticks", place, format!("`{text}`")))
            }
            _ if is_aggregate(&expr) => {
                diagnostic.help(format!("name it where it is computed: `stats {written} as n | sort n`"))
            }
            _ => diagnostic.help(format!("name it before: `fields {written} as n | sort n`")),
        };
        self.report(diagnostic);
        Some(None)
    }

    fn eat_any(&mut self) -> bool {
        self.eat_word("any")
    }

    /// A number of rows.
    fn rows(&mut self) -> Option<Count> {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let behind = self.behind(digits);
        let is_whole = digits > 0 && !behind.starts_with(|c: char| lex::is_word(c) || c == '.');
        if is_whole {
            return self.count();
        }
        if self.rest().is_empty() || self.rest().starts_with(['|', ')']) {
            return self.fail("a number of rows");
        }
        if self.rest().starts_with("{{") {
            return self.no_operand();
        }
        let end = self.rest().find(|c: char| lex::is_blank(c) || matches!(c, '|' | ')' | '#'));
        let place = Span::new(start, end.map_or(self.source.len(), |length| start + length));
        let found = self.text(place).to_owned();
        self.report(
            Diagnostic::error(codes::BAD_LIMIT, place, format!("`{found}` is no number of rows"))
                .help("write a whole number, such as `limit 20`"),
        );
        None
    }

    fn diff_window(&mut self) -> DiffWindow {
        let windows = [
            ("previousDay", DiffWindow::PreviousDay),
            ("previousWeek", DiffWindow::PreviousWeek),
            ("previousMonth", DiffWindow::PreviousMonth),
        ];
        let found = windows.into_iter().find(|(word, _)| self.eat_word(word));
        found.map_or(DiffWindow::Before, |(_, window)| window)
    }

    fn unmask(&mut self) -> Option<Command> {
        let mut masked = Vec::new();
        if !self.at_pipeline_end() && !self.rest().starts_with('|') && !self.is_next_stage() {
            masked.push(self.expr()?);
            while self.comma()? {
                masked.push(self.expr()?);
            }
        }
        Some(Command::Unmask(masked))
    }

    fn unnest(&mut self) -> Option<Command> {
        let path = self.operand()?;
        self.expect_word("into")?;
        Some(Command::Unnest { path, into: self.name()? })
    }
}

fn is_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => {
            Signature::find(&call.function.text).is_some_and(|signature| signature.aggregate)
        }
        _ => false,
    }
}
