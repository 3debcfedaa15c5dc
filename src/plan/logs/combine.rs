//! Pipelines within the pipeline: subqueries, `join`, `appendcols`.

use super::Column;
use super::lower::{Lowering, PipelineKind};
use super::node::{Node, Reg};
use super::op::{Join, Nested, Op};
use crate::syntax::logs::{Command, Count, Field, JoinKind, LogsQuery, codes};
use crate::values::Value;
use crate::{Diagnostic, Span};

/// The most rows that `appendcols` pastes (`spec/logs-insights.md` 2.3).
const MOST_APPENDED: u64 = 100_000;
const DEFAULT_APPENDED: u64 = 10_000;

/// A `join` whose right side is asked for columns as later stages name them.
pub(super) struct OpenJoin<'o> {
    left: String,
    right: String,
    pipeline: Box<Lowering<'o>>,
    /// The right side's columns, the key first, and the registers they go to.
    columns: Vec<(Field, Reg)>,
    /// Where its step stands.
    place: usize,
    /// Whether later stages can name its fields.
    named: bool,
}

impl OpenJoin<'_> {
    /// The same, for stages that see other rows.
    pub(super) fn without_names(mut self) -> Self {
        self.named = false;
        self
    }
}

impl Lowering<'_> {
    /// Resolves a pipeline of one column; gives its number.
    pub(super) fn subquery(&mut self, query: &LogsQuery, span: Span) -> usize {
        let mut nested = Lowering::new(self.options, PipelineKind::Set);
        nested.query(query);
        let source = nested.source.take();
        let (plan, diagnostics) = nested.finish();
        if diagnostics.iter().all(|diagnostic| !diagnostic.is_error()) && plan.columns.len() != 1 {
            let names: Vec<String> = plan.columns.iter().map(|column| column.name.clone()).collect();
            let message = format!("the subquery shows {}, and not one column", super::names::listed(&names));
            self.report(
                Diagnostic::error(codes::JOIN, span, message).help("end it with `fields` and one field"),
            );
        }
        self.diagnostics.extend(diagnostics);
        self.adopt(plan, source)
    }

    fn adopt(&mut self, plan: super::LogsPlan, source: Option<crate::syntax::logs::Source>) -> usize {
        self.needs_window = self.needs_window.or(plan.needs_window());
        self.nested.push(Nested { plan, source });
        self.nested.len() - 1
    }

    pub(super) fn join(&mut self, join: &crate::syntax::logs::Join) {
        let strip = |field: &Field, side: &str| {
            let rest = field.name.strip_prefix(side)?.strip_prefix('.')?;
            Some(Field { name: rest.to_owned(), ..field.clone() })
        };
        let (left, right) = (&join.left.text, &join.right.text);
        let keys = match (strip(&join.left_key, left), strip(&join.right_key, right)) {
            (Some(left_key), Some(right_key)) => Some((left_key, right_key)),
            _ => strip(&join.left_key, right)
                .and_then(|right_key| Some((strip(&join.right_key, left)?, right_key))),
        };
        let Some((left_key, right_key)) = keys else {
            let span = join.left_key.span.0.to(join.right_key.span.0);
            let message = "the two sides of the equation must be a field of each side";
            self.report(
                Diagnostic::error(codes::JOIN, span, message)
                    .help(format!("write `{left}.key = {right}.key`")),
            );
            return;
        };
        if pipeline_names_no_group(&join.pipeline) {
            self.report(
                Diagnostic::error(
                    codes::JOIN,
                    right_key.span.0,
                    "the right side of a `join` begins with `SOURCE`",
                )
                .help("name the log group to join with: `(SOURCE \"name\" | …)`"),
            );
        }
        let left_key = self.field(&left_key);
        let mut pipeline = Box::new(Lowering::new(self.options, PipelineKind::Set));
        pipeline.query(&join.pipeline);
        let to = self.new_reg();
        self.ops.push(Op::Join(Box::new(Join {
            nested: usize::MAX,
            kind: join.kind.unwrap_or(JoinKind::Inner),
            left_key,
            columns: Vec::new(),
        })));
        self.join = Some(OpenJoin {
            left: left.clone(),
            right: right.clone(),
            pipeline,
            columns: vec![(right_key, to)],
            place: self.ops.len() - 1,
            named: true,
        });
    }

    /// What a name with the prefix of a side of the join stands for.
    pub(super) fn side_of_join(&mut self, name: &str) -> Option<Node> {
        let join = self.join.as_ref().filter(|join| join.named)?;
        let rest = |side: &str| name.strip_prefix(side)?.strip_prefix('.').map(str::to_owned);
        if let Some(rest) = rest(&join.left) {
            let span = join.pipeline_span();
            // The left side's own name is no prefix of its fields.
            let held = self.join.take();
            let node = self.name(&rest, span);
            self.join = held;
            return Some(node);
        }
        let rest = rest(&join.right)?;
        if let Some((_, reg)) = join.columns.iter().find(|(field, _)| field.name == rest) {
            return Some(Node::Reg(*reg));
        }
        let to = self.new_reg();
        let join = self.join.as_mut()?;
        let key = join.columns.first()?.0.clone();
        join.columns.push((Field { name: rest, ..key }, to));
        Some(Node::Reg(to))
    }

    /// Ends the right side of the join with the columns that were asked for.
    pub(super) fn close_join(&mut self) {
        let Some(join) = self.join.take() else { return };
        let mut pipeline = join.pipeline;
        let mut columns = Vec::new();
        for (field, _) in &join.columns {
            let reg = match pipeline.name(&field.name, field.span.0) {
                Node::Reg(reg) => reg,
                node => {
                    let to = pipeline.new_reg();
                    pipeline.ops.push(Op::Compute { to, node });
                    to
                }
            };
            columns.push(Column { name: field.name.clone(), reg });
        }
        let source = pipeline.source.take();
        let (plan, diagnostics) = pipeline.finish_with(columns);
        self.diagnostics.extend(diagnostics);
        let nested = self.adopt(plan, source);
        if let Some(Op::Join(step)) = self.ops.get_mut(join.place) {
            step.nested = nested;
            step.columns = join.columns.into_iter().map(|(_, reg)| reg).collect();
        }
    }

    pub(super) fn append_cols(&mut self, over: bool, max: Option<Count>, query: &LogsQuery) {
        if let Some(max) = max.filter(|max| !(1..=MOST_APPENDED).contains(&max.value)) {
            let message = format!("`max` is {}, and must lie between 1 and 100,000", max.value);
            self.report(Diagnostic::error(codes::BAD_ARGUMENT, max.span.0, message));
        }
        self.ensure_order();
        let mut nested = Lowering::new(self.options, PipelineKind::Rows);
        nested.query(query);
        let source = nested.source.take();
        let (plan, diagnostics) = nested.finish();
        self.diagnostics.extend(diagnostics);
        let mut columns = Vec::new();
        let shown: Vec<String> = self.shown_columns().into_iter().map(|column| column.name).collect();
        for (index, column) in plan.columns.iter().enumerate() {
            let name = &column.name;
            if self.scope.get(name).is_some() || shown.contains(name) {
                if !over {
                    continue;
                }
                let node = self.earlier_value(name);
                columns.push((index, self.define(name, node)));
            } else {
                let to = self.define(name, Node::Constant(Value::Missing));
                self.shown.create(name);
                columns.push((index, to));
            }
        }
        let nested = self.adopt(plan, source);
        let max = max.map_or(DEFAULT_APPENDED, |max| max.value);
        self.ops.push(Op::AppendCols { nested, columns, max });
    }
}

fn pipeline_names_no_group(pipeline: &LogsQuery) -> bool {
    !matches!(pipeline.stages.first().map(|stage| &stage.command), Some(Command::Source(_)))
}

impl OpenJoin<'_> {
    fn pipeline_span(&self) -> Span {
        self.columns.first().map(|(field, _)| field.span.0).unwrap_or_default()
    }
}
