//! The stages of a query, one after the other, turned into the steps of a plan.

use std::mem;

use super::expr::{Group, value_of};
use super::input::Input;
use super::names::listed;
use super::node::{Node, Reg};
use super::op::{EarlierWindow, Nested, Op, SortKey};
use super::scope::Scope;
use super::{Column, CompileOptions, LogsPlan};
use crate::syntax::Trivia;
use crate::syntax::logs::{
    Command, Expr, ExprKind, Field, IndexPredicate, IndexValues, Item, ItemLabel, LogsQuery, Name,
    SourceItem, Stage, codes,
};
use crate::{Diagnostic, Edit, Fix, Span};

/// How many rows are shown where no `limit` says so (`spec/logs-insights.md` 2.1).
pub(super) const DEFAULT_LIMIT: u64 = 10_000;

/// A pipeline while it is resolved.
pub(super) struct Lowering<'o> {
    pub(super) options: &'o CompileOptions,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) ops: Vec<Op>,
    pub(super) inputs: Vec<Input>,
    pub(super) registers: Box<usize>,
    pub(super) scope: Scope,
    /// Names shown, if it ended here.
    pub(super) shown: Shown,
    /// Rows stand in an order that the query made.
    pub(super) ordered: bool,
    /// A `limit` has been set for the rows at hand.
    limited: bool,
    pub(super) nested: Vec<Nested>,
    pub(super) source: Option<crate::syntax::logs::Source>,
    pub(super) needs_window: Option<&'static str>,
    /// The `stats` at hand, while its items are resolved.
    pub(super) group: Option<Group>,
    /// Whether a group key is being resolved.
    pub(super) is_key: bool,
    pub(super) offset_millis: i64,
    /// What took the place of the events, where something did, for messages.
    pub(super) replaced: Option<(&'static str, Span)>,
    pub(super) join: Option<super::combine::OpenJoin<'o>>,
    /// What this `fields` has defined so far.
    pub(super) same_stage: Vec<Reg>,
    /// Registers that hold what `split` gave.
    split: Vec<Reg>,
    /// Registers that hold maps or lists.
    pub(super) containers: Vec<Reg>,
    /// The stages before and at the one being resolved, for the way out of a misplaced filter.
    pub(super) stage: Span,
    before: Option<Span>,
    /// Where the step of the last `pattern` stands.
    pub(super) pattern: Option<usize>,
    kind: PipelineKind,
    /// How the filter at hand gets before the `stats` that it stands behind.
    pub(super) move_filter: Option<Fix>,
    /// The fields that the query names anywhere.
    pub(super) mentioned: Vec<String>,
    /// What `filldown` fills of these without naming it, though it may be a name that is yet to be given.
    pub(super) guessed: Vec<Reg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PipelineKind {
    /// The query itself.
    Whole,
    /// One whose rows are looked up by their values.
    Set,
    /// One whose rows are taken in their order.
    Rows,
}

/// The columns shown at the end (`spec/logs-insights.md` 2).
#[derive(Debug, Default)]
pub(super) struct Shown {
    display: Option<Vec<String>>,
    fields: Vec<String>,
    created: Vec<String>,
    /// The columns of what replaced the events.
    pub(super) replaced: Option<Vec<String>>,
}

impl Shown {
    fn names(&self) -> Vec<String> {
        if let Some(display) = &self.display {
            return display.clone();
        }
        let mut names = match &self.replaced {
            Some(replaced) if self.fields.is_empty() => replaced.clone(),
            None if self.fields.is_empty() => vec!["@timestamp".to_owned(), "@message".to_owned()],
            _ => self.fields.clone(),
        };
        names.extend(self.created.iter().cloned());
        names
    }

    pub(super) fn create(&mut self, name: &str) {
        self.created.push(name.to_owned());
    }

    pub(super) fn replace(&mut self, names: Vec<String>) {
        *self = Shown { replaced: Some(names), ..Shown::default() };
    }
}

impl<'o> Lowering<'o> {
    pub(super) fn new(options: &'o CompileOptions, kind: PipelineKind) -> Self {
        Lowering {
            options,
            diagnostics: Vec::new(),
            ops: Vec::new(),
            inputs: Vec::new(),
            registers: Box::new(0),
            scope: Scope::of_events(),
            shown: Shown::default(),
            ordered: false,
            limited: false,
            nested: Vec::new(),
            source: None,
            needs_window: None,
            group: None,
            is_key: false,
            offset_millis: 0,
            replaced: None,
            join: None,
            same_stage: Vec::new(),
            split: Vec::new(),
            containers: Vec::new(),
            stage: Span::default(),
            before: None,
            pattern: None,
            kind,
            move_filter: None,
            mentioned: Vec::new(),
            guessed: Vec::new(),
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn query(&mut self, query: &LogsQuery) {
        self.mentioned = query.mentioned_fields();
        for stage in &query.stages {
            self.before = Some(mem::replace(&mut self.stage, stage.span.0)).filter(|span| !span.is_empty());
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        match &stage.command {
            Command::Source(source) => self.source(source),
            Command::Saved(call) => {
                let message = format!("the saved query `{}` is not known here", call.name.text);
                self.report(
                    Diagnostic::error(codes::UNKNOWN_TABLE, stage.span.0, message)
                        .help("give the saved queries, and expand the text before it is compiled"),
                );
            }
            Command::Fields(items) => self.fields(items),
            Command::Display(items) => {
                let names = self.items(items);
                self.shown.display = Some(names);
            }
            Command::Filter { condition, .. } | Command::Search(condition) => {
                self.move_filter = self.filter_before_stats(condition);
                let node = self.expr(condition);
                self.move_filter = None;
                self.ops.push(Op::Filter(node));
            }
            Command::FilterIndex(predicates) => self.filter_index(predicates),
            Command::Stats(stats) => self.stats(stats, stage.span.0),
            Command::Sort(keys) => {
                let mut sort: Vec<SortKey> = keys
                    .iter()
                    .map(|key| {
                        let node = self.field(&key.field);
                        self.warn_of_container(&node, "sort", key.field.span.0);
                        SortKey { node, descending: key.descending }
                    })
                    .collect();
                if let Some(Op::Sort(earlier)) = self.ops.last_mut() {
                    sort.append(earlier);
                    *earlier = sort;
                } else {
                    if self.is_unordered() {
                        sort.push(self.newest_first());
                    }
                    self.ops.push(Op::Sort(sort));
                }
                self.ordered = true;
            }
            Command::Limit { any: true, rows } => {
                self.ops.push(Op::LimitAny(rows.value));
                (self.ordered, self.limited) = (true, true);
            }
            Command::Limit { any: false, rows } | Command::Head(rows) => {
                self.ensure_order();
                self.ops.push(Op::Limit(rows.value));
                self.limited = true;
            }
            Command::Tail(rows) => {
                self.ensure_order();
                self.ops.push(Op::Tail(rows.value));
                self.limited = true;
            }
            Command::Parse(parse) => self.parse(parse),
            Command::Json { field, path, alias } => self.json(field, path, alias),
            Command::Dedup(fields) => {
                let nodes: Vec<Node> = fields.iter().map(|field| self.field(field)).collect();
                for (node, field) in nodes.iter().zip(fields) {
                    self.warn_of_container(node, "dedup", field.span.0);
                }
                self.ensure_order();
                self.ops.push(Op::Dedup(nodes));
            }
            Command::Pattern(source) => self.pattern(source, stage.span.0),
            Command::Diff(window) => self.compare_patterns(EarlierWindow::Diff(*window)),
            Command::LogCompare(period) => {
                let message = Expr {
                    kind: ExprKind::Field(Field {
                        name: "@message".into(),
                        spelled: Trivia::default(),
                        span: stage.span,
                    }),
                    span: stage.span,
                };
                self.pattern(&message, stage.span.0);
                self.compare_patterns(EarlierWindow::Shifted(*period));
            }
            Command::Anomaly => self.anomaly(),
            Command::Unmask(exprs) => {
                for expr in exprs {
                    self.expr(expr);
                }
            }
            Command::Unnest { path, into } => self.unnest(path, into),
            Command::Expand(field) => self.expand(field),
            Command::Lookup(lookup) => self.lookup(lookup),
            Command::CidrLookup(lookup) => self.cidr_lookup(lookup),
            Command::Join(join) => self.join(join),
            Command::AppendCols { over, max, pipeline } => {
                self.append_cols(over.unwrap_or(false), *max, pipeline)
            }
            Command::AddTotals { name, row, col, fields } => {
                self.add_totals(name.as_ref(), *row, *col, fields)
            }
            Command::Accum { field, alias } => self.accum(field, alias.as_ref()),
            Command::AutoRegress { field, alias, from, to } => {
                self.autoregress(field, alias.as_ref(), *from, *to);
            }
            Command::FillDown(names) => self.fill_down(names),
            Command::FillMissing(fills) => self.fill_missing(fills),
            Command::Outlier { action, param, uselower, mark, fields } => {
                self.outlier(*action, param.as_ref(), *uselower, *mark, fields);
            }
            Command::Sessionize { fields, maxspan, alias } => {
                self.sessionize(fields, *maxspan, alias.as_ref());
            }
            Command::CountFrequent(fields) => self.count_frequent(fields, stage.span.0),
            Command::RelevantFields { fields, condition } => {
                self.relevant_fields(fields, condition, stage.span.0);
            }
            Command::Estimate => {
                let to = self.new_reg();
                // Filters do not change how much is scanned.
                self.ops.clear();
                self.ops.push(Op::Estimate { to });
                self.replace_rows(
                    "estimate",
                    stage.span.0,
                    Scope::default(),
                    vec![("estimatedBytes".into(), to)],
                );
            }
        }
    }

    fn source(&mut self, source: &crate::syntax::logs::Source) {
        for item in &source.items {
            let (SourceItem::Group(name), Some(groups)) = (item, &self.options.groups) else { continue };
            if !groups.contains(&name.text) {
                let message = format!("there is no log group `{}`", name.text);
                let help = match groups.as_slice() {
                    [] => format!("give it: `--group {}=PATH`", name.text),
                    known => format!("known are {}", listed(known)),
                };
                self.report(Diagnostic::error(codes::UNKNOWN_TABLE, name.span.0, message).help(help));
            }
        }
        match &mut self.source {
            // A dashboard names each log group in a stage of its own.
            Some(known) => {
                known.items.extend(source.items.iter().cloned());
                let differs =
                    known.window.is_some() && source.window.is_some() && known.window != source.window;
                known.window = known.window.take().or_else(|| source.window.clone());
                if differs {
                    self.report(
                        Diagnostic::error(
                            codes::BAD_ARGUMENT,
                            self.stage,
                            "this `SOURCE` has another time range than the one before",
                        )
                        .help("give all log groups of a query one time range"),
                    );
                }
            }
            None => self.source = Some(source.clone()),
        }
    }

    fn fields(&mut self, items: &[Item]) {
        let names = self.items(items);
        for name in names {
            if !self.shown.fields.contains(&name) {
                self.shown.fields.push(name);
            }
        }
    }

    /// Defines what the items compute, and gives their names.
    fn items(&mut self, items: &[Item]) -> Vec<String> {
        self.same_stage.clear();
        let mut names: Vec<String> = Vec::new();
        for item in items {
            let node = self.expr(&item.expr);
            let name = match (&item.label, &item.expr.kind) {
                (ItemLabel::Source(_), ExprKind::Field(field)) => field.name.clone(),
                (ItemLabel::Source(source), _) => self.define_as(source, node, &item.expr),
                (ItemLabel::Alias(alias), _) => {
                    self.warn_of_redefinition(alias, &item.expr);
                    self.define_as(&alias.text, node, &item.expr)
                }
            };
            names.retain(|known| *known != name);
            names.push(name);
        }
        self.same_stage.clear();
        names
    }

    fn define_as(&mut self, name: &str, node: Node, expr: &Expr) -> String {
        let to = self.define(name, node);
        self.same_stage.push(to);
        match called(expr).as_deref() {
            Some("split") => {
                self.split.push(to);
                self.containers.push(to);
            }
            Some("jsonparse") => self.containers.push(to),
            _ => {}
        }
        name.to_owned()
    }

    /// Computes a value for each row and gives it a name.
    pub(super) fn define(&mut self, name: &str, node: Node) -> Reg {
        let to = self.new_reg();
        self.ops.push(Op::Compute { to, node });
        self.scope.define(name, to);
        to
    }

    fn warn_of_redefinition(&mut self, alias: &Name, expr: &Expr) {
        let same = matches!(&expr.kind, ExprKind::Field(field) if field.name == alias.text);
        let name = &alias.text;
        let known = self.scope.get(name).is_some_and(|reg| !self.guessed.contains(&reg))
            || self.shown.fields.contains(name);
        let system = matches!(
            name.as_str(),
            "@message" | "@timestamp" | "@ingestionTime" | "@logStream" | "@log" | "@ptr"
        );
        if !same && (known || system) {
            let message = format!("`{name}` is a name already");
            self.report(
                Diagnostic::warning(codes::REDEFINED_ALIAS, alias.span.0, message)
                    .help(
                        "choose another name; here the later one wins, and the service may refuse the query",
                    )
                    .service_text(format!("Unknown symbols found in or after stats: {name}")),
            );
        }
    }

    /// Moves a filter that uses nothing of the `stats` right before it to before that.
    fn filter_before_stats(&self, condition: &Expr) -> Option<Fix> {
        let (what, stats) = self.replaced?;
        let behind = self.before.filter(|before| what == "stats" && *before == stats)?;
        let stage = Stage {
            command: Command::Filter { condition: condition.clone(), spelled_where: Trivia(false) },
            span: Trivia::default(),
            comments: Trivia::default(),
        };
        let filter = LogsQuery { stages: vec![stage] };
        if filter.mentioned_fields().iter().any(|name| self.scope.resolve_defined(name).is_some()) {
            return None;
        }
        Some(Fix {
            title: "move the filter before `stats`".to_owned(),
            edits: vec![
                Edit { span: Span::at(behind.range().start), replacement: format!("{filter} | ") },
                Edit {
                    span: Span::new(behind.range().end, self.stage.range().end),
                    replacement: String::new(),
                },
            ],
        })
    }

    /// Maps and lists cannot be compared or counted.
    pub(super) fn warn_of_container(&mut self, node: &Node, command: &str, span: Span) {
        if matches!(node, Node::Reg(reg) if self.containers.contains(reg)) {
            let message = format!("`{command}` takes no maps or lists: they count as missing");
            self.report(
                Diagnostic::warning(codes::CONTAINER, span, message)
                    .help("name a member of it, as in `map.key`"),
            );
        }
    }

    fn filter_index(&mut self, predicates: &[IndexPredicate]) {
        for predicate in predicates {
            if let "@message" | "@timestamp" | "@log" = predicate.field.name.as_str() {
                let message = format!("`{}` cannot be indexed", predicate.field.name);
                self.report(
                    Diagnostic::error(codes::BAD_ARGUMENT, predicate.field.span.0, message)
                        .help("use `filter`"),
                );
            }
            let operand = Box::new(self.field(&predicate.field));
            let values = match &predicate.values {
                IndexValues::Equal(literal) => vec![value_of(literal)],
                IndexValues::In(literals) => literals.iter().map(value_of).collect(),
            };
            self.ops.push(Op::Filter(Node::OneOf { operand, negated: false, values }));
        }
    }

    /// From here on the rows are others, with these columns.
    pub(super) fn replace_rows(
        &mut self,
        what: &'static str,
        span: Span,
        scope: Scope,
        columns: Vec<(String, Reg)>,
    ) {
        self.scope = Scope { raw: false, ..scope };
        for (name, reg) in &columns {
            self.scope.define(name, *reg);
        }
        self.shown.replace(columns.into_iter().map(|(name, _)| name).collect());
        self.replaced = Some((what, span));
        (self.ordered, self.limited) = (false, false);
        self.join = self.join.take().map(super::combine::OpenJoin::without_names);
    }

    fn is_unordered(&self) -> bool {
        self.scope.raw && !self.ordered
    }

    fn newest_first(&mut self) -> SortKey {
        SortKey { node: Node::Reg(self.input("@timestamp")), descending: true }
    }

    /// Events are in no order but the newest first, once an order matters.
    pub(super) fn ensure_order(&mut self) {
        if self.is_unordered() {
            let key = self.newest_first();
            self.ops.push(Op::Sort(vec![key]));
            self.ordered = true;
        }
    }

    pub(super) fn is_split_result(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Field(field) => {
                self.scope.get(&field.name).is_some_and(|reg| self.split.contains(&reg))
            }
            _ => called(expr).as_deref() == Some("split"),
        }
    }

    /// The columns that would be shown if the pipeline ended here.
    pub(super) fn shown_columns(&mut self) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for name in self.shown.names() {
            let node = if self.scope.raw || self.scope.resolve_defined(&name).is_some() {
                self.name(&name, self.stage)
            } else {
                match self.side_of_join(&name) {
                    Some(node) => node,
                    None => continue,
                }
            };
            let reg = match node {
                Node::Reg(reg) => reg,
                node => {
                    let to = self.new_reg();
                    self.ops.push(Op::Compute { to, node });
                    to
                }
            };
            columns.retain(|column| column.name != name);
            columns.push(Column { name, reg });
        }
        columns
    }

    /// Ends the pipeline with the columns that it shows.
    pub(super) fn finish(mut self) -> (LogsPlan, Vec<Diagnostic>) {
        let columns = self.shown_columns();
        self.finish_with(columns)
    }

    /// Ends the pipeline with these columns.
    pub(super) fn finish_with(mut self, mut columns: Vec<Column>) -> (LogsPlan, Vec<Diagnostic>) {
        if self.kind != PipelineKind::Set {
            self.ensure_order();
        }
        let mut default_limit = false;
        if self.kind == PipelineKind::Whole && !self.limited {
            self.ops.push(Op::Limit(DEFAULT_LIMIT));
            default_limit = true;
        }
        if self.kind == PipelineKind::Whole && self.scope.raw {
            let reg = self.input("@ptr");
            columns.retain(|column| column.name != "@ptr");
            columns.push(Column { name: "@ptr".to_owned(), reg });
        }
        self.close_join();
        let plan = LogsPlan::new(
            self.ops,
            self.inputs,
            *self.registers,
            columns,
            self.nested,
            self.source,
            self.needs_window,
            default_limit,
            self.options.missing_negation,
        );
        (plan, self.diagnostics)
    }
}

/// The function that an expression calls.
fn called(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Call(call) => Some(call.function.key()),
        _ => None,
    }
}
