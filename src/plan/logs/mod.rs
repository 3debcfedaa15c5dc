//! Logs Insights queries resolved: names to registers, functions made ready, stages to steps.

mod combine;
mod enrich;
mod expr;
mod group;
mod input;
mod lower;
mod names;
mod node;
mod op;
mod requirement;
mod scope;
mod windowed;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use input::{Input, InputField, JsonField};
pub(crate) use node::{Arithmetic, Comparison, Node, Reg};
pub(crate) use op::*;

use crate::Diagnostic;
use crate::syntax::ParseErrors;
use crate::syntax::logs::{Level, LogsQuery, Source};
use crate::values::LookupTable;
use lower::{Lowering, PipelineKind};

use super::requirement::Requirement;

/// What a query is compiled against.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// The edition of the language.
    pub level: Level,
    /// What a negated test says where the field is missing.
    pub missing_negation: MissingNegation,
    /// Lookup tables by their names.
    pub tables: BTreeMap<String, Arc<LookupTable>>,
    /// The log groups that can be read by name; not checked where that is not known.
    pub groups: Option<Vec<String>>,
}

/// What `!=`, `not like`, `not in` and `not (…)` say of a missing field: undocumented, and evidence is split
/// (`spec/logs-insights.md` 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingNegation {
    /// The row is kept: the negation of a test that fails.
    #[default]
    Match,
    /// The row is dropped.
    NoMatch,
}

/// A query, ready to be run.
///
/// It holds no state: any number of threads may run it at once.
#[derive(Clone, Debug)]
pub struct LogsPlan {
    pub(crate) ops: Vec<Op>,
    pub(crate) inputs: Vec<Input>,
    /// How many values a row has at most.
    pub(crate) registers: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) nested: Vec<Nested>,
    pub(crate) source: Option<Source>,
    needs_window: Option<&'static str>,
    /// Whether the rows are cut at the service's default and not at a limit that the query names.
    pub(crate) default_limit: bool,
    pub(crate) missing_negation: MissingNegation,
    /// How many steps at the beginning take each row for itself.
    pub(crate) streaming: usize,
    /// For each of those steps, and for the end of them: the inputs that are read there first.
    pub(crate) loads: Vec<Vec<usize>>,
    /// The registers that are read behind the streaming steps, by the step behind.
    pub(crate) carried: Vec<Reg>,
    pub(crate) requirement: Option<Requirement>,
}

/// A column of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: an alias, or the text of its expression.
    pub name: String,
    pub(crate) reg: Reg,
}

impl LogsQuery {
    /// Checks the query and makes it ready to run.
    ///
    /// # Errors
    ///
    /// Everything that the service would refuse and that can be told without reading an event: see
    /// [`LogsQuery::check`] and `spec/logs-insights.md` 2.6 and 8. Warnings stand beside the errors.
    pub fn compile(&self, options: &CompileOptions) -> Result<LogsPlan, ParseErrors> {
        let (plan, diagnostics) = self.compile_lossy(options);
        plan.ok_or_else(|| ParseErrors::new(diagnostics))
    }

    /// As [`compile`](Self::compile), with the warnings also where there is no error.
    pub fn compile_lossy(&self, options: &CompileOptions) -> (Option<LogsPlan>, Vec<Diagnostic>) {
        let mut diagnostics = self.check(options.level);
        let mut lowering = Lowering::new(options, PipelineKind::Whole);
        lowering.query(self);
        let (plan, found) = lowering.finish();
        // One fault, one message: what the checks have said of a place stands.
        for diagnostic in found {
            let said = |known: &Diagnostic| known.is_error() && known.span() == diagnostic.span();
            if !diagnostics.iter().any(said) {
                diagnostics.push(diagnostic);
            }
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.span());
        let faulty = diagnostics.iter().any(Diagnostic::is_error);
        ((!faulty).then_some(plan), diagnostics)
    }
}

impl LogsPlan {
    #[expect(clippy::too_many_arguments, reason = "the parts of a plan, put together in one place")]
    fn new(
        ops: Vec<Op>,
        inputs: Vec<Input>,
        registers: usize,
        columns: Vec<Column>,
        nested: Vec<Nested>,
        source: Option<Source>,
        needs_window: Option<&'static str>,
        default_limit: bool,
        missing_negation: MissingNegation,
    ) -> Self {
        let ops = without_unread(ops, &columns, registers);
        let streaming = ops.iter().take_while(|op| op.streams()).count();
        let consumed = usize::from(ops.get(streaming).is_some_and(Op::ends_streaming));
        let mut plan = LogsPlan {
            requirement: requirement::of(ops.get(..streaming).unwrap_or_default(), &inputs),
            ops,
            inputs,
            registers,
            columns,
            nested,
            source,
            needs_window,
            default_limit,
            missing_negation,
            streaming,
            loads: Vec::new(),
            carried: Vec::new(),
        };
        plan.carried = plan.read_behind(streaming + consumed);
        plan.loads = plan.load_places();
        plan
    }

    /// The columns of the result, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What of the query needs to know the query window's start and end: `diff`, `queryStartTime`, … `None` where it
    /// runs without.
    pub fn needs_window(&self) -> Option<&'static str> {
        self.needs_window
    }

    /// Which log groups the query itself names.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// The log groups that nested pipelines name.
    pub fn nested_sources(&self) -> impl Iterator<Item = &Source> {
        self.nested.iter().filter_map(|nested| nested.source.as_ref())
    }

    /// The registers whose values are read by the steps from `place` on, or shown.
    pub(crate) fn read_behind(&self, place: usize) -> Vec<Reg> {
        let mut read = vec![false; self.registers];
        let mut note = |reg: Reg| {
            if let Some(read) = read.get_mut(reg.0) {
                *read = true;
            }
        };
        let replaced = self.ops.iter().skip(place).any(Op::replaces_rows);
        for op in self.ops.iter().skip(place) {
            op.reads(&mut note);
            if op.replaces_rows() {
                break;
            }
        }
        if !replaced {
            self.columns.iter().for_each(|column| note(column.reg));
        }
        (0..self.registers).map(Reg).filter(|reg| read.get(reg.0).copied().unwrap_or(false)).collect()
    }

    fn load_places(&self) -> Vec<Vec<usize>> {
        let mut loaded = vec![false; self.inputs.len()];
        let mut places = Vec::new();
        for op in self.ops.iter().take(self.streaming) {
            let mut read = Vec::new();
            op.reads(&mut |reg| read.push(reg));
            places.push(self.first_reads(&read, &mut loaded));
        }
        let mut read = Vec::new();
        let last = self.ops.get(self.streaming);
        if let Some(op) = last {
            op.reads(&mut |reg| read.push(reg));
        }
        if !last.is_some_and(Op::replaces_rows) {
            read.extend(&self.carried);
        }
        places.push(self.first_reads(&read, &mut loaded));
        places
    }

    /// The inputs among what is read that have not been loaded before.
    fn first_reads(&self, read: &[Reg], loaded: &mut [bool]) -> Vec<usize> {
        let inputs = read.iter().filter_map(|reg| self.inputs.iter().position(|input| input.reg == *reg));
        inputs
            .filter(|&index| loaded.get_mut(index).is_some_and(|done| !std::mem::replace(done, true)))
            .collect()
    }
}

/// The steps without those that compute what nobody reads.
fn without_unread(ops: Vec<Op>, columns: &[Column], registers: usize) -> Vec<Op> {
    let mut read = vec![false; registers];
    let note = |reg: Reg, read: &mut Vec<bool>| {
        if let Some(read) = read.get_mut(reg.0) {
            *read = true;
        }
    };
    columns.iter().for_each(|column| note(column.reg, &mut read));
    let mut kept: Vec<Op> = Vec::new();
    for op in ops.into_iter().rev() {
        if let Op::Compute { to, .. } = &op
            && !read.get(to.0).copied().unwrap_or(false)
        {
            continue;
        }
        op.reads(&mut |reg| note(reg, &mut read));
        kept.push(op);
    }
    kept.reverse();
    kept
}
