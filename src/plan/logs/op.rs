//! The steps of a plan: what each reads, writes, and whether it must see all rows before it gives one.

use std::sync::Arc;

use regex::Regex;

use super::LogsPlan;
use super::node::{Node, Reg};
use crate::syntax::logs::{DiffWindow, JoinKind, OutlierAction, Period, Source};
use crate::values::{AggregateSpec, CidrIndex, LookupIndex, LookupTable, Value};

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Compute {
        to: Reg,
        node: Node,
    },
    Filter(Node),
    /// `parse` by glob or regex: groups of the first match, or a row for each match.
    Parse {
        source: Node,
        regex: Arc<Regex>,
        groups: Vec<(usize, Reg)>,
        multi: bool,
    },
    ParseLogfmt {
        source: Node,
        to: Reg,
    },
    ParseCsv {
        source: Node,
        to: Vec<Reg>,
    },
    Unnest {
        list: Node,
        to: Reg,
    },
    Expand {
        from: Node,
        to: Reg,
    },
    Lookup(Lookup),
    CidrLookup(CidrLookup),
    Stats(Box<Stats>),
    Sort(Vec<SortKey>),
    Limit(u64),
    LimitAny(u64),
    Tail(u64),
    Dedup(Vec<Node>),
    Pattern(Box<Pattern>),
    RelevantFields(Box<RelevantFields>),
    Accum {
        from: Node,
        to: Reg,
    },
    AutoRegress {
        from: Node,
        to: Vec<(Reg, usize)>,
    },
    /// Sums of the columns by their registers: of each row into `row`, of all rows as a row at the end.
    AddTotals {
        columns: Vec<Reg>,
        named: bool,
        row: Option<Reg>,
        col: bool,
    },
    FillDown(Vec<Reg>),
    FillMissing(Box<FillMissing>),
    Outlier {
        columns: Vec<Reg>,
        action: OutlierAction,
        param: f64,
        use_lower: bool,
        marks: Option<Vec<Reg>>,
    },
    Sessionize {
        keys: Vec<Node>,
        time: Reg,
        maxspan_millis: i64,
        to: Reg,
    },
    Join(Box<Join>),
    AppendCols {
        nested: usize,
        columns: Vec<(usize, Reg)>,
        max: u64,
    },
    /// How many bytes the input has: one row.
    Estimate {
        to: Reg,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    pub(crate) node: Node,
    pub(crate) descending: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Stats {
    pub(crate) keys: Vec<(Node, Reg)>,
    pub(crate) aggregates: Vec<Aggregate>,
    /// `@timestamp`, where an aggregate needs it.
    pub(crate) time: Option<Reg>,
    /// Groups ascending by their only key, which is a bin; else as they were first seen.
    pub(crate) ascending: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub(crate) spec: AggregateSpec,
    pub(crate) input: Node,
    pub(crate) to: Reg,
}

#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    pub(crate) table: Arc<LookupTable>,
    pub(crate) index: Arc<LookupIndex>,
    pub(crate) matches: Vec<Node>,
    /// Column, what was there, and where it goes.
    pub(crate) outputs: Vec<(usize, Node, Reg)>,
    pub(crate) only_new: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct CidrLookup {
    pub(crate) table: Arc<LookupTable>,
    pub(crate) index: Arc<CidrIndex>,
    pub(crate) address: Node,
    pub(crate) outputs: Vec<(usize, Node, Reg)>,
    pub(crate) only_new: bool,
}

/// `pattern`, and what may follow it.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) source: Node,
    pub(crate) pattern: Reg,
    pub(crate) ratio: Reg,
    pub(crate) count: Reg,
    pub(crate) severity: Reg,
    /// With which window its rows are compared.
    pub(crate) earlier: Option<EarlierWindow>,
    pub(crate) compare: Option<Compare>,
    pub(crate) anomaly: Option<(Reg, Reg)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Compare {
    pub(crate) difference: Reg,
    pub(crate) description: Reg,
}

/// With which earlier window a plan compares.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EarlierWindow {
    Diff(DiffWindow),
    Shifted(Period),
}

#[derive(Clone, Debug)]
pub(crate) struct RelevantFields {
    /// Names and registers; all discovered fields without any.
    pub(crate) fields: Vec<(String, Reg)>,
    /// The text in which they are discovered.
    pub(crate) message: Option<Reg>,
    pub(crate) condition: Node,
    pub(crate) name: Reg,
    pub(crate) score: Reg,
    pub(crate) contributors: Reg,
    pub(crate) conditional_median: Reg,
    pub(crate) baseline_median: Reg,
}

#[derive(Clone, Debug)]
pub(crate) struct FillMissing {
    pub(crate) bin: Reg,
    pub(crate) keys: Vec<Reg>,
    pub(crate) fills: Vec<(Reg, Value<'static>)>,
    pub(crate) period: Period,
    pub(crate) offset_millis: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) nested: usize,
    pub(crate) kind: JoinKind,
    pub(crate) left_key: Node,
    /// The right side's columns: the key first; then the register of the left that each goes to.
    pub(crate) columns: Vec<Reg>,
}

/// A pipeline within the pipeline, run before it.
#[derive(Clone, Debug)]
pub(crate) struct Nested {
    pub(crate) plan: LogsPlan,
    /// The groups it names; those of the whole query without any.
    pub(crate) source: Option<Source>,
}

impl Op {
    /// Whether each row is taken for itself.
    pub(crate) fn streams(&self) -> bool {
        matches!(
            self,
            Op::Compute { .. }
                | Op::Filter(_)
                | Op::Parse { .. }
                | Op::ParseLogfmt { .. }
                | Op::ParseCsv { .. }
                | Op::Unnest { .. }
                | Op::Expand { .. }
                | Op::Lookup(_)
                | Op::CidrLookup(_)
        )
    }

    /// Whether the step takes rows while they stream in, and needs none of them kept.
    pub(crate) fn ends_streaming(&self) -> bool {
        matches!(
            self,
            Op::Stats(_)
                | Op::Sort(_)
                | Op::LimitAny(_)
                | Op::Pattern(_)
                | Op::RelevantFields(_)
                | Op::Estimate { .. }
        )
    }

    /// Whether every row gives exactly one row, in the same order.
    pub(crate) fn keeps_rows(&self) -> bool {
        match self {
            Op::Compute { .. }
            | Op::ParseLogfmt { .. }
            | Op::ParseCsv { .. }
            | Op::Lookup(_)
            | Op::CidrLookup(_) => true,
            Op::Parse { multi, .. } => !multi,
            _ => false,
        }
    }

    /// Whether the rows that come out are others than those that went in: nothing of those is left.
    pub(crate) fn replaces_rows(&self) -> bool {
        matches!(self, Op::Stats(_) | Op::Pattern(_) | Op::RelevantFields(_) | Op::Estimate { .. })
    }

    /// Calls `visit` for every register that the step reads.
    pub(crate) fn reads(&self, visit: &mut dyn FnMut(Reg)) {
        match self {
            Op::Compute { node, .. }
            | Op::Filter(node)
            | Op::ParseLogfmt { source: node, .. }
            | Op::ParseCsv { source: node, .. }
            | Op::Unnest { list: node, .. }
            | Op::Expand { from: node, .. }
            | Op::Accum { from: node, .. }
            | Op::AutoRegress { from: node, .. } => node.reads(visit),
            // What a name stood for stays where nothing matches.
            Op::Parse { source, groups, .. } => {
                source.reads(visit);
                groups.iter().for_each(|(_, reg)| visit(*reg));
            }
            Op::Lookup(lookup) => {
                lookup.matches.iter().for_each(|node| node.reads(visit));
                lookup.outputs.iter().for_each(|(_, node, _)| node.reads(visit));
            }
            Op::CidrLookup(lookup) => {
                lookup.address.reads(visit);
                lookup.outputs.iter().for_each(|(_, node, _)| node.reads(visit));
            }
            Op::Stats(stats) => {
                stats.keys.iter().for_each(|(node, _)| node.reads(visit));
                stats.aggregates.iter().for_each(|aggregate| aggregate.input.reads(visit));
                stats.time.iter().for_each(|reg| visit(*reg));
            }
            Op::Sort(keys) => keys.iter().for_each(|key| key.node.reads(visit)),
            Op::Limit(_) | Op::LimitAny(_) | Op::Tail(_) | Op::AppendCols { .. } | Op::Estimate { .. } => {}
            Op::Dedup(nodes) => nodes.iter().for_each(|node| node.reads(visit)),
            Op::Pattern(pattern) => pattern.source.reads(visit),
            Op::RelevantFields(relevant) => {
                relevant.fields.iter().for_each(|(_, reg)| visit(*reg));
                relevant.message.iter().for_each(|reg| visit(*reg));
                relevant.condition.reads(visit);
            }
            Op::AddTotals { columns, .. } => columns.iter().for_each(|reg| visit(*reg)),
            Op::FillDown(columns) | Op::Outlier { columns, .. } => columns.iter().for_each(|reg| visit(*reg)),
            Op::FillMissing(fill) => {
                visit(fill.bin);
                fill.keys.iter().for_each(|reg| visit(*reg));
            }
            Op::Sessionize { keys, time, .. } => {
                keys.iter().for_each(|node| node.reads(visit));
                visit(*time);
            }
            Op::Join(join) => join.left_key.reads(visit),
        }
    }
}
