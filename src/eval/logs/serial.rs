//! The rest of a plan: steps on the rows that are in memory.

use super::budget::{Budget, Share};
use super::evaluate::Context;
use super::groups::Groups;
use super::patterns::PatternBuilder;
use super::ranked::{Keep, Ranked};
use super::record::{discover, json_text, value_of};
use super::relevance::RelevanceBuilder;
use super::rows::{Row, bins, columns, footprint, join, outliers, running, select, sessions, totals};
use super::run::RunError;
use crate::EpochMillis;
use crate::plan::logs::{LogsPlan, Node, Op, Reg, SortKey};
use crate::values::Value;
use crate::values::period;

const WHAT: &str = "the rows of a command that needs them all";

/// Does a step on rows; `pattern` is done elsewhere, for it may look at another window.
pub(super) fn step(
    plan: &LogsPlan,
    op: &Op,
    mut rows: Vec<Row>,
    context: &Context,
    window: Option<(EpochMillis, EpochMillis)>,
    budget: &Budget,
) -> Result<Vec<Row>, RunError> {
    match op {
        Op::Filter(node) => rows.retain(|row| context.holds(node, row)),
        Op::Unnest { .. } | Op::Expand { .. } | Op::Parse { multi: true, .. } => {
            let mut spread = Vec::with_capacity(rows.len());
            let (mut share, mut bytes) = (Share::default(), 0);
            for row in rows {
                for values in context.spread(op, &row) {
                    let mut row = row.clone();
                    values.into_iter().for_each(|(reg, value)| set(&mut row, reg, value));
                    bytes += footprint(&row);
                    spread.push(row);
                }
                budget.set(&mut share, bytes, WHAT)?;
            }
            budget.set(&mut share, 0, WHAT)?;
            rows = spread;
        }
        Op::Stats(stats) => {
            let mut groups = Groups::default();
            for row in &rows {
                groups.add(stats, context, row, budget)?;
            }
            rows = groups.finish(stats, plan.registers, budget)?;
        }
        Op::Sort(keys) => rows = sort(rows, keys, context, budget)?,
        Op::Limit(most) | Op::LimitAny(most) => rows.truncate(usize::try_from(*most).unwrap_or(usize::MAX)),
        Op::Tail(most) => select::tail(&mut rows, usize::try_from(*most).unwrap_or(usize::MAX)),
        Op::Dedup(nodes) => {
            with_columns(&mut rows, nodes, context, select::dedup);
        }
        Op::RelevantFields(relevant) => {
            let mut relevance = RelevanceBuilder::new();
            for row in &rows {
                let holds = context.holds(&relevant.condition, row);
                let message = relevant.message.and_then(|reg| row.get(reg.0)?.text());
                let found = message.as_deref().and_then(json_text).map(discover).unwrap_or_default();
                let found: Vec<(String, Value<'_>)> =
                    found.into_iter().map(|(name, node)| (name, value_of(node))).collect();
                let named = relevant.fields.iter();
                let named = named.filter_map(|(name, reg)| Some((name.as_str(), row.get(reg.0)?)));
                let found = found.iter().map(|(name, value)| (name.as_str(), value));
                relevance.add(named.chain(found), holds);
            }
            rows = super::run::relevance_rows(relevance, relevant, plan.registers);
        }
        Op::Accum { from, to } => {
            put(&mut rows, from, *to, context);
            running::accum(&mut rows, to.0, to.0);
        }
        Op::AutoRegress { from, to } => {
            let Some(&(first, _)) = to.first() else { return Ok(rows) };
            put(&mut rows, from, first, context);
            let lags: Vec<(usize, usize)> = to.iter().map(|&(reg, lag)| (reg.0, lag)).collect();
            running::autoregress(&mut rows, first.0, &lags);
        }
        Op::AddTotals { columns, named, row, col } => {
            let mut columns: Vec<usize> = columns.iter().map(|reg| reg.0).collect();
            if !named {
                columns = totals::numeric_columns(&rows, &columns);
            }
            totals::add_totals(&mut rows, &columns, row.map(|reg| reg.0), *col);
        }
        Op::FillDown(columns) => {
            running::fill_down(&mut rows, &columns.iter().map(|reg| reg.0).collect::<Vec<_>>());
        }
        Op::FillMissing(fill) => {
            let fills: Vec<(usize, Value<'static>)> =
                fill.fills.iter().map(|(reg, value)| (reg.0, value.clone())).collect();
            let keys: Vec<usize> = fill.keys.iter().map(|reg| reg.0).collect();
            let window = window.map(|(start, end)| {
                (
                    period::floor(start, &fill.period, fill.offset_millis),
                    EpochMillis(end.0.saturating_add(fill.offset_millis)),
                )
            });
            let next = |bin| period::next(bin, &fill.period);
            bins::fill_missing(&mut rows, fill.bin.0, &keys, &fills, window, next)?;
            let mut share = Share::default();
            budget.set(&mut share, rows.iter().map(footprint).sum(), WHAT)?;
            budget.set(&mut share, 0, WHAT)?;
        }
        Op::Outlier { columns, action, param, use_lower, marks } => {
            let columns: Vec<usize> = columns.iter().map(|reg| reg.0).collect();
            let marks: Option<Vec<usize>> =
                marks.as_ref().map(|marks| marks.iter().map(|reg| reg.0).collect());
            outliers::outlier(&mut rows, &columns, *action, *param, *use_lower, marks.as_deref());
        }
        Op::Sessionize { keys, time, maxspan_millis, to } => {
            let maxspan_millis = *maxspan_millis;
            with_columns(&mut rows, keys, context, |rows, keys| {
                sessions::sessionize(rows, keys, time.0, maxspan_millis, to.0);
            });
        }
        Op::Join(step) => {
            let right =
                context.nested.get(step.nested).map(|nested| nested.rows.as_slice()).unwrap_or_default();
            let key = plan.registers;
            for row in &mut rows {
                let value = context.value(&step.left_key, row).into_owned();
                row.truncate(key);
                row.push(value);
            }
            rows = join::join(rows, right, key, 0, step.columns.len(), step.kind)?;
            for row in &mut rows {
                let right: Row = row.drain(key..).skip(1).collect();
                step.columns.iter().zip(right).for_each(|(&reg, value)| set(row, reg, value));
            }
        }
        Op::AppendCols { nested, columns: pairs, max } => {
            let right = context.nested.get(*nested).map(|nested| nested.rows.clone()).unwrap_or_default();
            let pairs: Vec<(usize, usize)> = pairs.iter().map(|&(from, to)| (from, to.0)).collect();
            columns::append_columns(&mut rows, right, &pairs, usize::try_from(*max).unwrap_or(usize::MAX));
        }
        Op::Estimate { to } => {
            // Behind other commands: what those rows take.
            let bytes: usize = rows.iter().map(footprint).sum();
            let mut row = vec![Value::Missing; plan.registers];
            set(&mut row, *to, Value::number_of(bytes as f64));
            rows = vec![row];
        }
        op => {
            for row in &mut rows {
                for (reg, value) in context.enrich(op, row) {
                    set(row, reg, value);
                }
            }
        }
    }
    Ok(rows)
}

/// The patterns of the rows at hand.
pub(super) fn patterns(source: &Node, rows: &[Row], context: &Context) -> PatternBuilder {
    let mut patterns = PatternBuilder::new();
    for row in rows {
        if let Some(text) = context.value(source, row).text() {
            patterns.add(&text);
        }
    }
    patterns
}

fn sort(rows: Vec<Row>, keys: &[SortKey], context: &Context, budget: &Budget) -> Result<Vec<Row>, RunError> {
    let mut ranked = Ranked::default();
    for row in rows {
        // What the keys borrow of the row is gone once it is kept.
        let copy = row.clone();
        ranked.add(keys, &Keep::All, context, &copy, || row, budget)?;
    }
    ranked.finish(keys, &Keep::All, budget)
}

/// Calls `act` with the values of some expressions as columns behind all others.
fn with_columns(
    rows: &mut Vec<Row>,
    nodes: &[Node],
    context: &Context,
    act: impl FnOnce(&mut Vec<Row>, &[usize]),
) {
    let width = rows.first().map_or(0, Vec::len);
    for row in rows.iter_mut() {
        let values: Vec<Value<'static>> =
            nodes.iter().map(|node| context.value(node, row).into_owned()).collect();
        row.extend(values);
    }
    act(rows, &(width..width + nodes.len()).collect::<Vec<_>>());
    rows.iter_mut().for_each(|row| row.truncate(width));
}

fn put(rows: &mut [Row], from: &Node, to: Reg, context: &Context) {
    for row in rows {
        let value = context.value(from, row).into_owned();
        set(row, to, value);
    }
}

fn set(row: &mut Row, reg: Reg, value: Value<'static>) {
    if let Some(place) = row.get_mut(reg.0) {
        *place = value;
    }
}
