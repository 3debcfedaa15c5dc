//! Rows as maps from names to values, and what a name stands for while a row is at hand (`spec/logs-insights.md` 2, 10).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::event::Event;
use crate::syntax::logs::Period;
use crate::values::Value;

/// One row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// What the query has made, by name.
    pub(super) cells: BTreeMap<String, Value<'static>>,
    /// The event, while its own fields can be named.
    pub(super) event: Option<Rc<Event>>,
    /// The partner from the right side of a join.
    pub(super) right: Option<Rc<Row>>,
}

impl Row {
    pub(super) fn of_event(&self, name: &str) -> Value<'static> {
        self.event.as_ref().map_or(Value::Missing, |event| event.field(name))
    }

    pub(super) fn cell(&self, name: &str) -> Value<'static> {
        self.cells.get(name).cloned().unwrap_or_default()
    }
}

/// What the names in a stage mean.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What the query has defined, each once, in the order of the last definitions.
    pub(super) names: Vec<String>,
    /// Whether the fields of events can be named.
    pub(super) raw: bool,
    /// The group keys of the last `stats`, by the cells that hold them.
    pub(super) keys: Vec<String>,
    pub(super) bins: Option<Bins>,
    pub(super) sides: Option<Sides>,
    /// What the `fields` at hand has defined so far.
    pub(super) same_stage: Vec<String>,
}

/// Which of the group keys is a bin.
#[derive(Clone, Debug)]
pub(super) struct Bins {
    pub(super) key: usize,
    pub(super) period: Period,
    pub(super) offset_millis: i64,
}

/// The two sides of a join.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    pub(super) left: String,
    pub(super) right: String,
    pub(super) scope: Rc<Scope>,
}

impl Scope {
    pub(super) fn define(&mut self, name: &str) {
        self.names.retain(|known| known != name);
        self.names.push(name.to_owned());
    }

    pub(super) fn defines(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// Whether the name stands for anything at all.
    pub(super) fn knows(&self, name: &str) -> bool {
        let of_side = |sides: &Sides| {
            behind(name, &sides.left).is_some_and(|rest| self.of_left_side().knows(rest))
                || behind(name, &sides.right).is_some_and(|rest| sides.scope.knows(rest))
        };
        self.raw
            || self.defines(name)
            || self.container(name).is_some()
            || (name == "@timestamp" && self.bins.is_some())
            || self.sides.as_ref().is_some_and(of_side)
    }

    pub(super) fn value(&self, row: &Row, name: &str) -> Value<'static> {
        if self.defines(name) {
            return row.cell(name);
        }
        if let Some(sides) = &self.sides {
            if let Some(rest) = behind(name, &sides.left) {
                return self.of_left_side().value(row, rest);
            }
            if let Some(rest) = behind(name, &sides.right) {
                return row.right.as_ref().map_or(Value::Missing, |right| sides.scope.value(right, rest));
            }
        }
        if self.raw {
            let own = row.of_event(name);
            if !own.is_missing() {
                return own;
            }
        }
        if let Some((base, path)) = self.container(name) {
            if self.same_stage.iter().any(|known| known == base) {
                return Value::Missing;
            }
            return within(&row.cell(base), path);
        }
        match &self.bins {
            Some(bins) if name == "@timestamp" => {
                self.keys.get(bins.key).map_or(Value::Missing, |key| row.cell(key))
            }
            _ => Value::Missing,
        }
    }

    fn of_left_side(&self) -> Scope {
        Scope { sides: None, ..self.clone() }
    }

    /// The longest name before a dot that the query has defined, and what follows it.
    fn container<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        name.rmatch_indices('.')
            .filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)))
            .find(|(base, _)| self.defines(base))
    }
}

/// What a path leads to in a map: a dot parts two keys, or else is part of one.
fn within(value: &Value<'static>, path: &str) -> Value<'static> {
    let whole = std::iter::once((path, None));
    let parted = path.match_indices('.').filter_map(|(at, _)| Some((path.get(..at)?, path.get(at + 1..))));
    let ways = parted.chain(whole).map(|(key, rest)| match (value.member(key), rest) {
        (found, None) | (found @ Value::Missing, _) => found,
        (found, Some(rest)) => within(&found, rest),
    });
    { ways }.find(|found| !found.is_missing()).unwrap_or_default()
}

/// What follows the name of a side of a join.
fn behind<'n>(name: &'n str, side: &str) -> Option<&'n str> {
    name.strip_prefix(side)?.strip_prefix('.')
}

/// What is shown at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub(super) display: Option<Vec<String>>,
    pub(super) fields: Vec<String>,
    pub(super) created: Vec<String>,
    /// What an aggregation has.
    pub(super) aggregated: Option<Vec<String>>,
}

/// All rows at one place of a pipeline.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) scope: Scope,
    pub(super) shown: Shown,
    /// Whether the query has put the rows in an order.
    pub(super) ordered: bool,
    /// Whether a `limit` has been set.
    pub(super) limited: bool,
    pub(super) hidden: usize,
}

impl Table {
    pub(super) fn of_events(events: Vec<Event>) -> Self {
        let row = |event| Row { event: Some(Rc::new(event)), ..Row::default() };
        Table {
            rows: events.into_iter().map(row).collect(),
            scope: Scope { raw: true, ..Scope::default() },
            ..Table::default()
        }
    }

    /// A table that takes the place of the events, with these columns.
    pub(super) fn aggregated(columns: Vec<(String, Vec<Value<'static>>)>) -> Self {
        let rows = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let mut table = Table { rows: vec![Row::default(); rows], ..Table::default() };
        for (name, values) in columns {
            table.define(&name, values);
            table.show_aggregated(&name);
        }
        table
    }

    pub(super) fn show_aggregated(&mut self, name: &str) {
        let shown = self.shown.aggregated.get_or_insert_default();
        shown.retain(|known| known != name);
        shown.push(name.to_owned());
    }

    /// Gives a name to values, one for each row.
    pub(super) fn define(&mut self, name: &str, values: Vec<Value<'static>>) {
        // Whoever has to do with the group keys means what was grouped by.
        for key in self.scope.keys.iter_mut().filter(|key| *key == name) {
            self.hidden += 1;
            let hidden = format!("\0{}", self.hidden);
            for row in &mut self.rows {
                let value = row.cell(name);
                row.cells.insert(hidden.clone(), value);
            }
            *key = hidden;
        }
        self.scope.define(name);
        for (row, value) in self.rows.iter_mut().zip(values) {
            row.cells.insert(name.to_owned(), value);
        }
    }

    /// The values of a name, row by row.
    pub(super) fn values(&self, name: &str) -> Vec<Value<'static>> {
        self.rows.iter().map(|row| self.scope.value(row, name)).collect()
    }

    /// What the name has stood for so far, where it has stood for anything.
    pub(super) fn earlier(&self, name: &str) -> Vec<Value<'static>> {
        if self.scope.raw || self.scope.defines(name) {
            return self.values(name);
        }
        vec![Value::Missing; self.rows.len()]
    }

    /// Defines the name as what it stands for, so that a stage may change it.
    pub(super) fn pin(&mut self, name: &str) -> Vec<Value<'static>> {
        let values = self.values(name);
        self.define(name, values.clone());
        values
    }

    pub(super) fn show(&mut self, name: &str) {
        self.shown.created.push(name.to_owned());
    }

    /// The columns if the pipeline ended here.
    pub(super) fn shown_names(&self) -> Vec<String> {
        let shown = &self.shown;
        let names = match &shown.display {
            Some(display) => display.clone(),
            None => {
                let mut names = match &shown.aggregated {
                    _ if !shown.fields.is_empty() => shown.fields.clone(),
                    Some(aggregated) => aggregated.clone(),
                    None => vec!["@timestamp".to_owned(), "@message".to_owned()],
                };
                names.extend(shown.created.iter().cloned());
                names
            }
        };
        let mut columns: Vec<String> = Vec::new();
        for name in names.into_iter().filter(|name| self.scope.knows(name)) {
            columns.retain(|known| *known != name);
            columns.push(name);
        }
        columns
    }

    /// The newest event first, unless the query has made another order.
    pub(super) fn put_in_order(&mut self) {
        if self.scope.raw && !self.ordered {
            self.rows.sort_by(|left, right| {
                let [left, right] = [left, right].map(|row| row.of_event("@timestamp"));
                left.compare_for_sort(&right).reverse()
            });
            self.ordered = true;
        }
    }
}
