//! The stages that change, choose, extend or multiply rows (`spec/logs-insights.md` 2.1, 2.3, 6).

use std::rc::Rc;

use super::super::rows::elements::{expand_values, unnest_values};
use super::super::text::{csv_values, logfmt};
use super::expr::{Env, value_of};
use super::groups::{ANOMALY, ANOMALY_DESCRIPTION, DESCRIPTION, DIFFERENCE, column_name, identity};
use super::table::{Row, Sides, Table};
use super::{Pipeline, PlainError, Reading};
use crate::syntax::logs::{
    CidrLookup, Command, Count, Expr, ExprKind, Field, Function, IndexValues, Item, ItemLabel, Join,
    JoinKind, LogsQuery, Lookup, Name, Parse, ParseMode, SortKey, Stage,
};
use crate::values::LookupTable;
use crate::values::ScalarCall;
use crate::values::Value;
use crate::values::compile_regex;

const DEFAULT_APPENDED: u64 = 10_000;

impl Pipeline<'_> {
    pub(super) fn stage(
        &self,
        mut table: Table,
        stage: &Stage,
        place: usize,
        reading: Reading,
    ) -> Result<Table, PlainError> {
        match &stage.command {
            Command::Fields(items) => {
                for name in self.items(&mut table, items) {
                    if !table.shown.fields.contains(&name) {
                        table.shown.fields.push(name);
                    }
                }
            }
            Command::Display(items) => table.shown.display = Some(self.items(&mut table, items)),
            Command::Filter { condition, .. } | Command::Search(condition) => {
                table.rows.retain(|row| self.holds(condition, Env::of(&table.scope, row)));
            }
            Command::FilterIndex(predicates) => {
                for predicate in predicates {
                    let values: Vec<Value<'static>> = match &predicate.values {
                        IndexValues::Equal(literal) => vec![value_of(literal)],
                        IndexValues::In(literals) => literals.iter().map(value_of).collect(),
                    };
                    table.rows.retain(|row| {
                        let own = table.scope.value(row, &predicate.field.name);
                        values.iter().any(|value| own.equals(value))
                    });
                }
            }
            Command::Stats(stats) => return Ok(self.stats(table, stats)),
            Command::Sort(keys) => sort(&mut table, keys),
            Command::Limit { any: true, rows } => {
                table.rows.truncate(size(*rows));
                (table.ordered, table.limited) = (true, true);
            }
            Command::Limit { any: false, rows } | Command::Head(rows) => {
                table.put_in_order();
                table.rows.truncate(size(*rows));
                table.limited = true;
            }
            Command::Tail(rows) => {
                table.put_in_order();
                let first = table.rows.len().saturating_sub(size(*rows));
                table.rows = table.rows.split_off(first);
                table.limited = true;
            }
            Command::Dedup(fields) => {
                table.put_in_order();
                let mut seen: Vec<Vec<(u8, String)>> = Vec::new();
                table.rows.retain(|row| {
                    let values: Vec<Value<'static>> =
                        fields.iter().map(|field| table.scope.value(row, &field.name)).collect();
                    let own: Vec<(u8, String)> = values.iter().map(identity).collect();
                    let is_new = own.iter().any(|(kind, _)| *kind == 0) || !seen.contains(&own);
                    seen.push(own);
                    is_new
                });
            }
            Command::Parse(parse) => self.parse(&mut table, parse),
            Command::Json { field, path, alias } => {
                let steps: Vec<&str> =
                    path.text.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect();
                let value =
                    |text: Value<'static>| match ScalarCall::prepare(Function::JsonParse, &[None], &[None]) {
                        Ok(ready) => {
                            let root = ready.call(&[text], &self.clock).into_owned();
                            steps.iter().fold(root, |value, step| value.member(step))
                        }
                        Err(_) => Value::Missing,
                    };
                let values = table.values(&field.name).into_iter().map(value).collect();
                table.define(&alias.text, values);
                table.show(&alias.text);
            }
            Command::Unnest { path, into } => {
                let lists = self.values(&table, path);
                let lists = lists.iter().map(unnest_values).collect();
                spread(&mut table, &into.text, lists)?;
                table.show(&into.text);
            }
            Command::Expand(field) => {
                let lists = table.values(&field.name).into_iter();
                let lists = lists.map(|value| expand_values(&value).unwrap_or_else(|| vec![value])).collect();
                spread(&mut table, &field.name, lists)?;
            }
            Command::Lookup(lookup) => self.lookup(&mut table, lookup),
            Command::CidrLookup(lookup) => self.cidr_lookup(&mut table, lookup),
            Command::Join(join) => return self.join(table, join),
            Command::AppendCols { over, max, pipeline } => {
                let max = max.map_or(DEFAULT_APPENDED, |max| max.value);
                self.append_cols(&mut table, over.unwrap_or(false), max, pipeline)?;
            }
            Command::Pattern(source) => {
                let text = |scope: &_, row: &_| self.value(source, Env::of(scope, row));
                return self.pattern(&table, text, place, reading);
            }
            Command::LogCompare(_) => {
                let text = |scope: &super::table::Scope, row: &Row| scope.value(row, "@message");
                let mut table = self.pattern(&table, text, place, reading)?;
                show_differences(&mut table);
                return Ok(table);
            }
            Command::Diff(_) => show_differences(&mut table),
            Command::Anomaly => {
                for (name, cell) in [("@anomalyType", ANOMALY), ("@description", ANOMALY_DESCRIPTION)] {
                    let values = table.rows.iter().map(|row| row.cell(cell)).collect();
                    table.define(name, values);
                    table.show(name);
                }
            }
            Command::CountFrequent(fields) => return Ok(Self::count_frequent(table, fields)),
            Command::RelevantFields { fields, condition } => {
                return Ok(self.relevant_fields(&table, fields, condition));
            }
            Command::Estimate => {
                let bytes: usize = self.events(reading.range)?.iter().map(|event| event.message.len()).sum();
                return Ok(Table::aggregated(vec![(
                    "estimatedBytes".to_owned(),
                    vec![Value::number_of(bytes as f64)],
                )]));
            }
            _ => self.window_stage(&mut table, &stage.command, reading.range)?,
        }
        Ok(table)
    }

    fn values(&self, table: &Table, expr: &Expr) -> Vec<Value<'static>> {
        table.rows.iter().map(|row| self.value(expr, Env::of(&table.scope, row))).collect()
    }

    /// Defines what the items compute; their names.
    fn items(&self, table: &mut Table, items: &[Item]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for item in items {
            let name = column_name(item);
            let is_own_name =
                matches!((&item.label, &item.expr.kind), (ItemLabel::Source(_), ExprKind::Field(_)));
            if !is_own_name {
                let values = self.values(table, &item.expr);
                table.define(&name, values);
                table.scope.same_stage.push(name.clone());
            }
            names.retain(|known| *known != name);
            names.push(name);
        }
        table.scope.same_stage.clear();
        names
    }

    fn parse(&self, table: &mut Table, parse: &Parse) {
        let sources = match &parse.operand {
            Some(operand) => self.values(table, operand),
            None => table.earlier("@message"),
        };
        let names = match &parse.mode {
            ParseMode::Glob { names, .. } | ParseMode::Csv(names) => texts(names),
            ParseMode::Logfmt(name) => vec![name.text.clone()],
            ParseMode::Regex { regex, names, .. } => match compile_regex(&regex.source) {
                Ok(regex) if names.is_empty() => regex.capture_names().flatten().map(str::to_owned).collect(),
                _ => texts(names),
            },
        };
        for name in &names {
            let earlier = table.earlier(name);
            table.define(name, earlier);
            table.show(name);
        }
        let rows = std::mem::take(&mut table.rows);
        for (row, source) in rows.into_iter().zip(sources) {
            let found = source.text().map(|text| found_by(&parse.mode, &text)).unwrap_or_default();
            if found.is_empty() {
                table.rows.push(row.clone());
            }
            for values in found {
                let mut row = row.clone();
                for (name, value) in names.iter().zip(values) {
                    row.cells.insert(name.clone(), value);
                }
                table.rows.push(row);
            }
        }
    }

    fn lookup(&self, table: &mut Table, lookup: &Lookup) {
        let Some(known) = self.run.options.tables.get(&lookup.table.text) else { return };
        let matches: Vec<(usize, Vec<Value<'static>>)> = lookup
            .matches
            .iter()
            .filter_map(|(column, field)| {
                let name = field.as_ref().map_or(&column.text, |field| &field.name);
                Some((known.column(&column.text)?, table.values(name)))
            })
            .collect();
        let line_of = |row: usize| {
            (0..known.len()).find(|&line| {
                matches.iter().all(|(column, values)| {
                    let own = values.get(row).and_then(Value::text);
                    own.is_some() && own.as_deref() == known.cell(line, *column)
                })
            })
        };
        let lines = (0..table.rows.len()).map(line_of).collect();
        let outputs = lookup.outputs.iter().map(|name| (name, name)).collect();
        looked_up(table, known, lines, outputs, lookup.only_new);
    }

    fn cidr_lookup(&self, table: &mut Table, lookup: &CidrLookup) {
        let Some(known) = self.run.options.tables.get(&lookup.table.text) else { return };
        let column = lookup.column.as_ref().map_or("cidr", |column| column.text.as_str());
        let Some(Ok(networks)) = known.column(column).map(|column| known.networks(column)) else { return };
        let line = |address: Value<'static>| networks.find(&address.text()?);
        let lines = table.values(&lookup.field.name).into_iter().map(line).collect();
        let outputs =
            lookup.outputs.iter().map(|(column, alias)| (column, alias.as_ref().unwrap_or(column))).collect();
        looked_up(table, known, lines, outputs, lookup.only_new);
    }

    fn join(&self, mut table: Table, join: &Join) -> Result<Table, PlainError> {
        let of = |field: &Field, side: &Name| {
            let rest = field.name.strip_prefix(side.text.as_str())?.strip_prefix('.')?;
            Some(rest.to_owned())
        };
        let straight = of(&join.left_key, &join.left).zip(of(&join.right_key, &join.right));
        let keys = straight.or_else(|| of(&join.right_key, &join.left).zip(of(&join.left_key, &join.right)));
        let Some((left_key, right_key)) = keys else { return Ok(table) };
        let right = self.run.pipeline(&join.pipeline, self.source.as_ref())?.table()?;
        let partners: Vec<(Value<'static>, Rc<Row>)> =
            right.rows.iter().map(|row| (right.scope.value(row, &right_key), Rc::new(row.clone()))).collect();
        let mut rows = Vec::new();
        for row in table.rows {
            let key = table.scope.value(&row, &left_key);
            let equal: Vec<&Rc<Row>> =
                partners.iter().filter(|(other, _)| key.equals(other)).map(|(_, partner)| partner).collect();
            if equal.is_empty() && join.kind == Some(JoinKind::Left) {
                rows.push(row.clone());
            }
            let pair = |partner: &Rc<Row>| Row { right: Some(Rc::clone(partner)), ..row.clone() };
            rows.extend(equal.into_iter().map(pair));
            if rows.len() > super::MOST_ROWS {
                return Err(PlainError::NotJudged("too many rows"));
            }
        }
        table.rows = rows;
        table.scope.sides = Some(Sides {
            left: join.left.text.clone(),
            right: join.right.text.clone(),
            scope: Rc::new(right.scope),
        });
        Ok(table)
    }

    fn append_cols(
        &self,
        table: &mut Table,
        over: bool,
        max: u64,
        pipeline: &LogsQuery,
    ) -> Result<(), PlainError> {
        table.put_in_order();
        let mut right = self.run.pipeline(pipeline, self.source.as_ref())?.table()?;
        right.put_in_order();
        right.rows.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        let shown = table.shown_names();
        for name in right.shown_names() {
            let clashes = table.scope.defines(&name) || shown.contains(&name);
            let mut values = match (clashes, over) {
                (true, false) => continue,
                (true, true) => table.earlier(&name),
                (false, _) => {
                    table.show(&name);
                    vec![Value::Missing; table.rows.len()]
                }
            };
            for (value, pasted) in values.iter_mut().zip(right.values(&name)) {
                if !pasted.is_missing() {
                    *value = pasted;
                }
            }
            table.define(&name, values);
        }
        Ok(())
    }
}

fn size(rows: Count) -> usize {
    usize::try_from(rows.value).unwrap_or(usize::MAX)
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.text.clone()).collect()
}

fn sort(table: &mut Table, keys: &[SortKey]) {
    table.put_in_order();
    let scope = &table.scope;
    table.rows.sort_by(|left, right| {
        let mut orders = keys.iter().map(|key| {
            let name = &key.field.name;
            let order = scope.value(left, name).compare_for_sort(&scope.value(right, name));
            if key.descending { order.reverse() } else { order }
        });
        orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    table.ordered = true;
}

/// A row for each value.
fn spread(table: &mut Table, name: &str, lists: Vec<Vec<Value<'static>>>) -> Result<(), PlainError> {
    if lists.iter().map(Vec::len).sum::<usize>() > super::MOST_ROWS {
        return Err(PlainError::NotJudged("too many rows"));
    }
    let nothing = vec![Value::Missing; table.rows.len()];
    table.define(name, nothing);
    let rows = std::mem::take(&mut table.rows);
    for (row, list) in rows.into_iter().zip(lists) {
        for value in list {
            let mut row = row.clone();
            row.cells.insert(name.to_owned(), value);
            table.rows.push(row);
        }
    }
    Ok(())
}

fn show_differences(table: &mut Table) {
    for (name, cell) in [("@diffEventCount", DIFFERENCE), ("@diffDescription", DESCRIPTION)] {
        let values = table.rows.iter().map(|row| row.cell(cell)).collect();
        table.define(name, values);
    }
    let names =
        ["@pattern", "@sampleCount", "@ratio", "@severityLabel", "@diffEventCount", "@diffDescription"];
    table.shown = Default::default();
    names.iter().for_each(|name| table.show_aggregated(name));
}

/// Writes what a table has on the lines found.
fn looked_up(
    table: &mut Table,
    known: &LookupTable,
    lines: Vec<Option<usize>>,
    outputs: Vec<(&Name, &Name)>,
    only_new: bool,
) {
    let column = |(column, alias): (&Name, &Name)| {
        let column = known.column(&column.text)?;
        let value = |(earlier, line): (Value<'static>, &Option<usize>)| {
            let cell = line.and_then(|line| known.cell(line, column));
            match cell {
                _ if only_new && !earlier.is_missing() => earlier,
                Some(text) => Value::text_of(text.to_owned()),
                None => Value::Missing,
            }
        };
        Some((alias.text.clone(), table.earlier(&alias.text).into_iter().zip(&lines).map(value).collect()))
    };
    let columns: Vec<(String, Vec<Value<'static>>)> = outputs.into_iter().filter_map(column).collect();
    for (name, values) in columns {
        table.define(&name, values);
        table.show(&name);
    }
}

/// What a text gives to the names of a `parse`: a list of values for each row that comes of it.
fn found_by(mode: &ParseMode, text: &str) -> Vec<Vec<Value<'static>>> {
    let value = |text: &str| Value::text_of(text.to_owned());
    match mode {
        ParseMode::Glob { pattern, .. } => {
            let found = glob(&pattern.text, text);
            found.into_iter().map(|values| values.into_iter().map(value).collect()).collect()
        }
        ParseMode::Logfmt(_) => vec![vec![logfmt(text)]],
        ParseMode::Csv(names) => {
            let mut values = csv_values(text);
            values.resize(names.len().max(values.len()), Value::Missing);
            vec![values]
        }
        ParseMode::Regex { regex, names, multi } => {
            let Ok(regex) = compile_regex(&regex.source) else { return Vec::new() };
            let groups: Vec<usize> = match names.as_slice() {
                [] => regex
                    .capture_names()
                    .enumerate()
                    .filter(|(_, name)| name.is_some())
                    .map(|(at, _)| at)
                    .collect(),
                names => (1..=names.len()).collect(),
            };
            let most = if *multi { usize::MAX } else { 1 };
            let values = |found: regex::Captures<'_>| {
                let group = |&at: &usize| found.get(at).map_or(Value::Missing, |found| value(found.as_str()));
                groups.iter().map(group).collect()
            };
            regex.captures_iter(text).take(most).map(values).collect()
        }
    }
}

/// What the stars of a glob stand for: each for as little as can be, one at the end for the rest.
fn glob<'t>(glob: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut literals = vec![String::new()];
    let mut chars = glob.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, literals.last_mut()) {
            ('*', _) => literals.push(String::new()),
            ('\\', Some(literal)) if chars.next_if_eq(&'*').is_some() => literal.push('*'),
            (c, Some(literal)) => literal.push(c),
            (_, None) => {}
        }
    }
    let mut literals = literals.iter();
    let first = literals.next()?;
    let mut rest = text.get(text.find(first.as_str())? + first.len()..)?;
    let mut values = Vec::new();
    while let Some(literal) = literals.next() {
        if literal.is_empty() && literals.len() == 0 {
            values.push(rest);
            break;
        }
        let at = rest.find(literal.as_str())?;
        values.push(rest.get(..at)?);
        rest = rest.get(at + literal.len()..)?;
    }
    Some(values)
}
