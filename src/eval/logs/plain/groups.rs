//! Stages that put other rows in the place of the events: groups, patterns, relevant fields (`spec/logs-insights.md` 2.1,
//! 6.4, 6.5).

use super::super::patterns::{PatternBuilder, Patterns, anomaly, diff};
use super::super::relevance::RelevanceBuilder;
use super::expr::Env;
use super::table::{Bins, Row, Scope, Table};
use super::{Pipeline, PlainError, Reading};
use crate::EpochMillis;
use crate::syntax::logs::{
    Argument, Arguments, Command, DiffWindow, Expr, ExprKind, Field, Function, Item, ItemLabel, Period,
    PeriodUnit, Signature, Stats,
};
use crate::values::Value;
use crate::values::period;

type Range = (EpochMillis, EpochMillis);

/// Cells in which `pattern` leaves what later stages give names to.
pub(super) const DIFFERENCE: &str = "\0difference";
pub(super) const DESCRIPTION: &str = "\0description";
pub(super) const ANOMALY: &str = "\0anomaly";
pub(super) const ANOMALY_DESCRIPTION: &str = "\0anomalyDescription";

/// What tells a group key or the value of a `dedup` from others: texts by their text. Maps and lists count as nothing.
pub(super) fn identity(value: &Value<'_>) -> (u8, String) {
    match value {
        Value::Missing | Value::Map(_) | Value::List(_) => (0, String::new()),
        Value::Time(time) => (1, time.0.to_string()),
        _ => (2, value.text().unwrap_or_default().into_owned()),
    }
}

/// The rows of one group, and its keys.
struct Group {
    keys: Vec<Value<'static>>,
    rows: Vec<Row>,
}

impl Pipeline<'_> {
    /// Groups in the order in which they are first seen.
    fn groups(rows: Vec<Row>, keys_of: impl Fn(&Row) -> Vec<Value<'static>>) -> Vec<Group> {
        let mut groups: Vec<(Vec<(u8, String)>, Group)> = Vec::new();
        for row in rows {
            let mut keys = keys_of(&row);
            keys.iter_mut().filter(|key| key.is_container()).for_each(|key| *key = Value::Missing);
            let own: Vec<(u8, String)> = keys.iter().map(identity).collect();
            match groups.iter_mut().find(|(known, _)| *known == own) {
                Some((_, group)) => group.rows.push(row),
                None => groups.push((own, Group { keys, rows: vec![row] })),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    pub(super) fn stats(&self, table: Table, stats: &Stats) -> Table {
        let offset_millis = stats.offset.and_then(|offset| period::millis(&offset)).unwrap_or(0);
        let scope = table.scope.clone();
        let mut groups = Self::groups(table.rows, |row| {
            let (mut scope, mut row) = (scope.clone(), row.clone());
            let key = |item: &Item| {
                let env = Env { is_key: true, offset_millis, ..Env::of(&scope, &row) };
                let value = self.value(&item.expr, env);
                if let ItemLabel::Alias(alias) = &item.label {
                    scope.define(&alias.text);
                    scope.same_stage.push(alias.text.clone());
                    row.cells.insert(alias.text.clone(), value.clone());
                }
                value
            };
            stats.by.iter().map(key).collect()
        });
        let bin = stats.by.iter().enumerate().find_map(|(at, item)| Some((at, bin_period(&item.expr)?)));
        if let (Some((0, _)), 1) = (bin, stats.by.len()) {
            groups.sort_by_key(|group| group.keys.first().and_then(Value::time));
        }
        let mut found = Table { rows: vec![Row::default(); groups.len()], ..Table::default() };
        for (at, item) in stats.by.iter().enumerate() {
            let name = column_name(item);
            found.define(&name, groups.iter().filter_map(|group| group.keys.get(at).cloned()).collect());
            found.scope.keys.push(name.clone());
            found.show_aggregated(&name);
        }
        found.scope.bins = bin.map(|(key, period)| Bins { key, period, offset_millis });
        for item in &stats.aggregates {
            let name = column_name(item);
            let value = |(row, group): (&Row, &Group)| {
                let members = Some((&scope, group.rows.as_slice()));
                self.value(&item.expr, Env { members, offset_millis, ..Env::of(&found.scope, row) })
            };
            let values = found.rows.iter().zip(&groups).map(value).collect();
            found.define(&name, values);
            found.show_aggregated(&name);
        }
        found
    }

    pub(super) fn count_frequent(table: Table, fields: &[Field]) -> Table {
        let scope = table.scope;
        let mut groups = Self::groups(table.rows, |row| {
            fields.iter().map(|field| scope.value(row, &field.name)).collect()
        });
        groups.sort_by_key(|group| std::cmp::Reverse(group.rows.len()));
        let key = |at: usize| groups.iter().filter_map(|group| group.keys.get(at).cloned()).collect();
        let mut columns: Vec<(String, Vec<Value<'static>>)> =
            fields.iter().enumerate().map(|(at, field)| (field.name.clone(), key(at))).collect();
        let counts = groups.iter().map(|group| Value::number_of(group.rows.len() as f64)).collect();
        columns.push(("_approxcount".to_owned(), counts));
        Table::aggregated(columns)
    }

    pub(super) fn relevant_fields(&self, table: &Table, fields: &[Field], condition: &Expr) -> Table {
        let mut relevance = RelevanceBuilder::new();
        for row in &table.rows {
            let holds = self.holds(condition, Env::of(&table.scope, row));
            let event = row.event.as_ref().filter(|_| table.scope.raw);
            let values: Vec<(String, Value<'static>)> = match event {
                None => Vec::new(),
                Some(event) if fields.is_empty() => event.fields.clone(),
                Some(event) => {
                    fields.iter().map(|field| (field.name.clone(), event.field(&field.name))).collect()
                }
            };
            relevance.add(values.iter().map(|(name, value)| (name.as_str(), value)), holds);
        }
        let found = relevance.finish();
        let number = |value: Option<f64>| value.map_or(Value::Missing, Value::number_of);
        let text = |text: &Option<String>| text.clone().map_or(Value::Missing, Value::text_of);
        Table::aggregated(vec![
            ("@fieldName".to_owned(), found.iter().map(|row| Value::text_of(row.field.clone())).collect()),
            ("@relevanceScore".to_owned(), found.iter().map(|row| Value::number_of(row.score)).collect()),
            (
                "@topRelevanceContributors".to_owned(),
                found.iter().map(|row| text(&row.contributors)).collect(),
            ),
            (
                "@conditionalMedian".to_owned(),
                found.iter().map(|row| number(row.conditional_median)).collect(),
            ),
            ("@baselineMedian".to_owned(), found.iter().map(|row| number(row.baseline_median)).collect()),
        ])
    }

    /// The patterns of the rows, and what the stages behind need of an earlier window.
    pub(super) fn pattern(
        &self,
        table: &Table,
        source: impl Fn(&Scope, &Row) -> Value<'static>,
        place: usize,
        reading: Reading,
    ) -> Result<Table, PlainError> {
        let built = |table: &Table| {
            let mut patterns = PatternBuilder::new();
            for row in &table.rows {
                if let Some(text) = source(&table.scope, row).text() {
                    patterns.add(&text);
                }
            }
            patterns
        };
        let own = self.query.stages.get(place).map(|stage| &stage.command);
        let next_pattern =
            |command: &&Command| !matches!(command, Command::Pattern(_) | Command::LogCompare(_));
        let later: Vec<&Command> =
            self.later(place).map(|stage| &stage.command).take_while(next_pattern).collect();
        let window = own.into_iter().chain(later.iter().copied()).find_map(|command| match command {
            Command::Diff(window) => Some(Earlier::Diff(*window)),
            Command::LogCompare(shift) => Some(Earlier::Shifted(*shift)),
            _ => None,
        });
        let compares = window.is_some();
        let anomalous = later.iter().any(|command| **command == Command::Anomaly);
        let window = window.or_else(|| anomalous.then_some(Earlier::Diff(DiffWindow::Before)));
        let earlier = match window.zip(reading.range) {
            Some((window, range)) if !reading.is_earlier => {
                let earlier = Reading { range: Some(window.of(range)), is_earlier: true };
                Some(built(&self.behind(place, earlier)?))
            }
            _ => None,
        };
        let (found, earlier): (Patterns, Option<Patterns>) = match earlier {
            Some(earlier) => {
                let (found, earlier) = PatternBuilder::finish_pair(built(table), earlier);
                (found, Some(earlier))
            }
            None => (built(table).finish(), None),
        };
        let mut rows = Vec::new();
        let row = |pattern: &str, count: u64, ratio: f64, severity: &str| {
            let mut row = Row::default();
            let mut set = |name: &str, value: Value<'static>| {
                row.cells.insert(name.to_owned(), value);
            };
            set("@pattern", Value::text_of(pattern.to_owned()));
            set("@ratio", Value::number_of(ratio));
            set("@sampleCount", Value::number_of(count as f64));
            set("@severityLabel", Value::text_of(severity.to_owned()));
            row
        };
        match (&earlier, compares) {
            (Some(earlier), true) => {
                for told in diff(&found, earlier) {
                    let mut row = row(&told.pattern, told.count, told.ratio, told.severity);
                    row.cells.insert(DIFFERENCE.to_owned(), Value::number_of(told.difference as f64));
                    row.cells.insert(DESCRIPTION.to_owned(), Value::text_of(told.description));
                    rows.push(row);
                }
            }
            _ => {
                let all = found.rows.iter();
                rows.extend(all.map(|found| row(&found.pattern, found.count, found.ratio, found.severity)));
            }
        }
        if let (Some(earlier), true) = (&earlier, anomalous) {
            for odd in anomaly(&found, earlier) {
                let pattern = found.rows.get(odd.row).map(|row| row.pattern.as_str()).unwrap_or_default();
                let same = |row: &&mut Row| row.cell("@pattern").text().as_deref() == Some(pattern);
                for row in rows.iter_mut().filter(same) {
                    let mut add = |name: &str, more: &str| {
                        let text = match row.cell(name).text() {
                            Some(known) => format!("{known}; {more}"),
                            None => more.to_owned(),
                        };
                        row.cells.insert(name.to_owned(), Value::text_of(text));
                    };
                    add(ANOMALY, odd.kind);
                    add(ANOMALY_DESCRIPTION, &odd.description);
                }
            }
        }
        let mut table = Table { rows, ..Table::default() };
        for name in ["@pattern", "@ratio", "@sampleCount", "@severityLabel"] {
            table.scope.names.push(name.to_owned());
            table.show_aggregated(name);
        }
        Ok(table)
    }
}

/// With which window a pattern is compared.
enum Earlier {
    Diff(DiffWindow),
    Shifted(Period),
}

impl Earlier {
    fn of(&self, (start, end): Range) -> Range {
        let back = |count, unit| Period { count, unit, span: Default::default() };
        let shift = match self {
            Earlier::Diff(DiffWindow::Before) => {
                let before = start.0.saturating_sub(1);
                return (
                    EpochMillis(before.saturating_sub(end.0.saturating_sub(start.0))),
                    EpochMillis(before),
                );
            }
            Earlier::Diff(DiffWindow::PreviousDay) => back(1, PeriodUnit::Day),
            Earlier::Diff(DiffWindow::PreviousWeek) => back(7, PeriodUnit::Day),
            Earlier::Diff(DiffWindow::PreviousMonth) => back(1, PeriodUnit::Month),
            Earlier::Shifted(shift) => *shift,
        };
        (period::shift_back(start, &shift), period::shift_back(end, &shift))
    }
}

pub(super) fn column_name(item: &Item) -> String {
    match (&item.label, &item.expr.kind) {
        (ItemLabel::Alias(alias), _) => alias.text.clone(),
        (ItemLabel::Source(_), ExprKind::Field(field)) => field.name.clone(),
        (ItemLabel::Source(text), _) => text.clone(),
    }
}

fn bin_period(expr: &Expr) -> Option<Period> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let is_bin = Signature::find(&call.function.text).is_some_and(|known| known.function == Function::Bin);
    match &call.arguments {
        Arguments::List(list) if is_bin => match list.first() {
            Some(Argument::Period(period)) => Some(*period),
            _ => None,
        },
        _ => None,
    }
}
