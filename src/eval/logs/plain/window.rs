//! The stages that look at the rows around a row (`spec/logs-insights.md` 2.4).

use super::super::rows::{bins, outliers, running, sessions, totals};
use super::expr::value_of;
use super::table::{Row, Table};
use super::{Pipeline, PlainError};
use crate::EpochMillis;
use crate::syntax::logs::{Command, Count, Field, Literal, Name, OutlierAction};
use crate::values::period;
use crate::values::{Value, parse_number};

const DEFAULT_MAXSPAN_MILLIS: i64 = 30 * 60 * 1000;
const DEFAULT_FENCE: f64 = 2.5;

/// Columns of values as rows of values.
fn turned(rows: usize, columns: &[Vec<Value<'static>>]) -> Vec<Vec<Value<'static>>> {
    let cell = |column: &Vec<Value<'static>>, row: usize| column.get(row).cloned().unwrap_or_default();
    (0..rows).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// One column of rows of values.
fn column(rows: &[Vec<Value<'static>>], at: usize) -> Vec<Value<'static>> {
    rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect()
}

/// The places of rows, as values, to tell which of them are left.
fn places(rows: usize) -> Vec<Value<'static>> {
    (0..rows).map(|place| Value::number_of(place as f64)).collect()
}

fn place_of(value: Option<&Value<'static>>) -> Option<usize> {
    value.and_then(Value::number).map(|place| place as usize)
}

impl Pipeline<'_> {
    pub(super) fn window_stage(
        &self,
        table: &mut Table,
        command: &Command,
        range: Option<(EpochMillis, EpochMillis)>,
    ) -> Result<(), PlainError> {
        match command {
            Command::Accum { field, alias } => {
                table.put_in_order();
                let name = alias.as_ref().map_or(&field.name, |alias| &alias.text);
                let mut rows = turned(table.rows.len(), &[table.values(&field.name)]);
                running::accum(&mut rows, 0, 0);
                table.define(name, column(&rows, 0));
                table.show(name);
            }
            Command::AutoRegress { field, alias, from, to } => {
                autoregress(table, field, alias.as_ref(), *from, *to);
            }
            Command::AddTotals { name, row, col, fields } => {
                let name = name.as_ref().map_or("Total", |name| name.text.as_str());
                let total = row.unwrap_or(true).then_some(name);
                add_totals(table, total, col.unwrap_or(false), fields);
            }
            Command::FillDown(names) => self.fill_down(table, names),
            Command::FillMissing(fills) => fill_missing(table, fills, range)?,
            Command::Outlier { action, param, uselower, mark, fields } => {
                let fence = param.as_ref().map_or(Some(DEFAULT_FENCE), |text| parse_number(&text.text));
                let Some(fence) = fence else { return Ok(()) };
                let action = action.unwrap_or(OutlierAction::Transform);
                outlier(table, action, fence, uselower.unwrap_or(false), mark.unwrap_or(false), fields);
            }
            Command::Sessionize { fields, maxspan, alias } => {
                let maxspan =
                    maxspan.and_then(|span| period::millis(&span)).unwrap_or(DEFAULT_MAXSPAN_MILLIS);
                let mut columns: Vec<_> = fields.iter().map(|field| table.values(&field.name)).collect();
                columns.push(table.values("@timestamp"));
                let mut rows = turned(table.rows.len(), &columns);
                let keys: Vec<usize> = (0..fields.len()).collect();
                sessions::sessionize(&mut rows, &keys, fields.len(), maxspan, fields.len() + 1);
                let name = alias.as_ref().map_or("session_id", |alias| &alias.text);
                table.define(name, column(&rows, fields.len() + 1));
                table.show(name);
            }
            // `SOURCE` has been taken before; `unmask` changes nothing here.
            _ => {}
        }
        Ok(())
    }

    fn fill_down(&self, table: &mut Table, names: &[Name]) {
        table.put_in_order();
        let mut known = table.shown_names();
        known.extend(table.scope.names.iter().cloned());
        if table.scope.raw {
            known.extend(self.query.mentioned_fields());
        }
        let mut chosen: Vec<String> = Vec::new();
        for name in names {
            if name.text.contains('*') {
                chosen.extend(known.iter().filter(|known| fits(&name.text, known)).cloned());
            } else {
                chosen.push(name.text.clone());
            }
        }
        if names.is_empty() {
            chosen = known;
        }
        for name in chosen {
            let mut values = table.pin(&name);
            let mut last = Value::Missing;
            for value in &mut values {
                if value.is_missing() {
                    *value = last.clone();
                }
                last = value.clone();
            }
            table.define(&name, values);
        }
    }
}

/// Whether a name fits a glob with stars.
fn fits(glob: &str, name: &str) -> bool {
    let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
    regex::Regex::new(&format!("(?s)^{}$", parts.join(".*"))).is_ok_and(|regex| regex.is_match(name))
}

fn autoregress(
    table: &mut Table,
    field: &Field,
    alias: Option<&Name>,
    from: Option<Count>,
    to: Option<Count>,
) {
    table.put_in_order();
    let (first, last) = match (from, to) {
        (Some(from), Some(to)) => (from.value, to.value),
        (Some(last), None) | (None, Some(last)) => (1, last.value),
        (None, None) => (1, 1),
    };
    let values = table.values(&field.name);
    for lag in first..=last {
        let name = match alias {
            Some(alias) if first == last => alias.text.clone(),
            Some(alias) => format!("{}_p{lag}", alias.text),
            None => format!("{}_p{lag}", field.name),
        };
        let lag = usize::try_from(lag).unwrap_or(usize::MAX);
        let nothing = std::iter::repeat_n(Value::Missing, lag.min(values.len()));
        let copies = nothing.chain(values.iter().cloned()).take(values.len()).collect();
        table.define(&name, copies);
        table.show(&name);
    }
}

fn add_totals(table: &mut Table, total: Option<&str>, col: bool, fields: &[Field]) {
    table.put_in_order();
    let names: Vec<String> = match fields {
        [] => table.shown_names(),
        named => named.iter().map(|field| field.name.clone()).collect(),
    };
    let columns: Vec<Vec<Value<'static>>> = names.iter().map(|name| table.pin(name)).collect();
    let mut rows = turned(table.rows.len(), &columns);
    let mut summed: Vec<usize> = (0..names.len()).collect();
    if fields.is_empty() {
        summed = totals::numeric_columns(&rows, &summed);
    }
    totals::add_totals(&mut rows, &summed, total.map(|_| names.len()), col);
    if let Some(total) = total {
        table.define(total, column(&rows, names.len()));
        table.show(total);
    }
    if let Some(sums) = rows.get(table.rows.len()) {
        let summed =
            |(name, sum): &(String, Value<'static>)| !sum.is_missing() && Some(name.as_str()) != total;
        let cells = names.into_iter().zip(sums.iter().cloned()).filter(summed);
        table.rows.push(Row { cells: cells.collect(), ..Row::default() });
    }
}

fn fill_missing(
    table: &mut Table,
    fills: &[(Literal, Field)],
    range: Option<(EpochMillis, EpochMillis)>,
) -> Result<(), PlainError> {
    let Some(known) = table.scope.bins.clone() else { return Ok(()) };
    let mut keys = table.scope.keys.clone();
    if known.key >= keys.len() {
        return Ok(());
    }
    let bin = keys.remove(known.key);
    let cells = |name: &String| table.rows.iter().map(|row| row.cell(name)).collect::<Vec<_>>();
    let mut columns = vec![places(table.rows.len()), cells(&bin)];
    columns.extend(keys.iter().map(cells));
    let mut rows = turned(table.rows.len(), &columns);
    let window = range.map(|(start, end)| {
        let first = EpochMillis(start.0.saturating_add(known.offset_millis));
        (period::floor(first, &known.period, 0), EpochMillis(end.0.saturating_add(known.offset_millis)))
    });
    let key_columns: Vec<usize> = (2..columns.len()).collect();
    let next = |bin| period::next(bin, &known.period);
    bins::fill_missing(&mut rows, 1, &key_columns, &[], window, next)
        .map_err(super::super::run::RunError::from)?;
    let row = |cells: Vec<Value<'static>>| {
        let place = place_of(cells.first());
        if let Some(row) = place.and_then(|place| table.rows.get(place)) {
            return row.clone();
        }
        let mut row = Row::default();
        for (name, value) in keys.iter().zip(cells.iter().skip(2)) {
            row.cells.insert(name.clone(), value.clone());
        }
        for (literal, field) in fills {
            if table.scope.defines(&field.name) {
                row.cells.insert(field.name.clone(), value_of(literal));
            }
        }
        row.cells.insert(bin.clone(), cells.get(1).cloned().unwrap_or_default());
        row
    };
    table.rows = rows.into_iter().map(row).collect();
    Ok(())
}

fn outlier(
    table: &mut Table,
    action: OutlierAction,
    fence: f64,
    use_lower: bool,
    mark: bool,
    fields: &[Field],
) {
    table.put_in_order();
    let count = fields.len();
    let mut columns: Vec<Vec<Value<'static>>> = fields.iter().map(|field| table.pin(&field.name)).collect();
    columns.push(places(table.rows.len()));
    let mut rows = turned(table.rows.len(), &columns);
    let marks: Vec<usize> = (count + 1..=2 * count).collect();
    let looked_at: Vec<usize> = (0..count).collect();
    outliers::outlier(&mut rows, &looked_at, action, fence, use_lower, mark.then_some(marks.as_slice()));
    let left = rows.iter().filter_map(|row| table.rows.get(place_of(row.get(count))?).cloned()).collect();
    table.rows = left;
    for (at, field) in fields.iter().enumerate() {
        table.define(&field.name, column(&rows, at));
    }
    for (field, at) in fields.iter().zip(marks).filter(|_| mark) {
        let name = format!("{}_outlier", field.name);
        table.define(&name, column(&rows, at));
        table.show(&name);
    }
}
