//! Stages that put other rows in the place of the events: `stats`, `countFrequent`, `pattern`, `relevantfields`.

use super::expr::Group;
use super::lower::Lowering;
use super::node::{Node, Reg};
use super::op::{Aggregate, Compare, EarlierWindow, Op, Pattern, RelevantFields, SortKey, Stats};
use super::scope::{Bins, Scope};
use crate::syntax::logs::{
    Argument, Arguments, DiffWindow, Expr, ExprKind, Field, Function, Item, ItemLabel, Period, Signature,
    Stats as StatsCommand, codes,
};
use crate::values::{AggregateSpec, Value, period};
use crate::{Diagnostic, Span};

impl Lowering<'_> {
    pub(super) fn stats(&mut self, stats: &StatsCommand, span: Span) {
        self.offset_millis = stats.offset.and_then(|offset| period::millis(&offset)).unwrap_or(0);
        if let Some(offset) = stats.offset
            && period::millis(&offset).is_none()
        {
            self.report(
                Diagnostic::error(codes::BAD_ARGUMENT, offset.span.0, "an offset has a fixed length")
                    .help("give it in weeks, days or less"),
            );
        }
        let mut columns: Vec<(String, Reg)> = Vec::new();
        let mut keys: Vec<(Node, Reg)> = Vec::new();
        let mut bins: Option<(Reg, Period)> = None;
        let scope = self.scope.clone();
        for (place, item) in stats.by.iter().enumerate() {
            self.is_key = true;
            let mut node = self.expr(&item.expr);
            self.is_key = false;
            if let ItemLabel::Alias(alias) = &item.label
                && stats.by.iter().skip(place + 1).any(|later| later.expr.mentions(&alias.text))
            {
                let named = self.define(&alias.text, node);
                self.same_stage.push(named);
                node = Node::Reg(named);
            }
            self.warn_of_container(&node, "stats", item.expr.span.0);
            let to = self.new_reg();
            if let Some(period) = bin_period(&item.expr)
                && bins.is_none()
            {
                bins = Some((to, period));
            }
            keys.push((node, to));
            let name = column_name(item);
            columns.retain(|(known, _)| *known != name);
            columns.push((name, to));
        }
        // What is aggregated is of the rows, whatever the keys are called.
        self.scope = scope;
        self.same_stage.clear();
        let single_bin = bins.is_some() && keys.len() == 1;
        let bins = bins.map(|(reg, period)| Bins {
            reg,
            period,
            offset_millis: self.offset_millis,
            other_keys: keys.iter().map(|&(_, key)| key).filter(|&key| key != reg).collect(),
        });

        let mut group = Group { scope: Scope { bins: bins.clone(), ..Scope::default() }, ..Group::default() };
        for (name, reg) in &columns {
            group.scope.define(name, *reg);
        }
        self.group = Some(group);
        let mut results: Vec<(Reg, Node)> = Vec::new();
        for item in &stats.aggregates {
            let node = self.expr(&item.expr);
            let is_new = |group: &Group, reg: Reg| group.scope.names.iter().all(|&(_, known)| known != reg);
            let to = match node {
                // A second name of a result or key is a value of its own.
                Node::Reg(reg) if self.group.as_ref().is_some_and(|group| is_new(group, reg)) => reg,
                node => {
                    let to = self.new_reg();
                    results.push((to, node));
                    to
                }
            };
            let name = column_name(item);
            if let Some(group) = &mut self.group {
                group.scope.define(&name, to);
            }
            columns.retain(|(known, _)| *known != name);
            columns.push((name, to));
        }
        let group = self.group.take().unwrap_or_default();
        self.offset_millis = 0;
        // The time of an event is not there any more behind an earlier `stats`, but `earliest` and the like then say so.
        let time = if group.needs_time {
            match self.name("@timestamp", span) {
                Node::Reg(reg) => Some(reg),
                _ => None,
            }
        } else {
            None
        };
        self.ops.push(Op::Stats(Box::new(Stats {
            keys,
            aggregates: group.aggregates,
            time,
            ascending: single_bin,
        })));
        for (to, node) in results {
            self.ops.push(Op::Compute { to, node });
        }
        self.replace_rows("stats", span, Scope { bins, ..Scope::default() }, columns);
    }

    pub(super) fn count_frequent(&mut self, fields: &[Field], span: Span) {
        let mut columns = Vec::new();
        let mut keys = Vec::new();
        for field in fields {
            let node = self.field(field);
            let to = self.new_reg();
            keys.push((node, to));
            columns.push((field.name.clone(), to));
        }
        let Ok(spec) = AggregateSpec::prepare(Function::Count, &[], &[]) else { return };
        let count = self.new_reg();
        let input = Node::Constant(Value::bool(true));
        let aggregates = vec![Aggregate { spec, input, to: count }];
        self.ops.push(Op::Stats(Box::new(Stats { keys, aggregates, time: None, ascending: false })));
        self.ops.push(Op::Sort(vec![SortKey { node: Node::Reg(count), descending: true }]));
        columns.push(("_approxcount".to_owned(), count));
        self.replace_rows("countFrequent", span, Scope::default(), columns);
    }

    pub(super) fn pattern(&mut self, source: &Expr, span: Span) {
        let place = source.span.0;
        let source = self.expr(source);
        self.warn_of_container(&source, "pattern", place);
        let [pattern, ratio, count, severity] = std::array::from_fn(|_| self.new_reg());
        self.pattern = Some(self.ops.len());
        self.ops.push(Op::Pattern(Box::new(Pattern {
            source,
            pattern,
            ratio,
            count,
            severity,
            earlier: None,
            compare: None,
            anomaly: None,
        })));
        let columns = vec![
            ("@pattern".to_owned(), pattern),
            ("@ratio".to_owned(), ratio),
            ("@sampleCount".to_owned(), count),
            ("@severityLabel".to_owned(), severity),
        ];
        self.replace_rows("pattern", span, Scope::default(), columns);
    }

    pub(super) fn compare_patterns(&mut self, window: EarlierWindow) {
        let Some(place) = self.pattern else { return };
        let (difference, description) = (self.new_reg(), self.new_reg());
        self.needs_window.get_or_insert(match window {
            EarlierWindow::Diff(_) => "diff",
            EarlierWindow::Shifted(_) => "logcompare",
        });
        if let Some(Op::Pattern(pattern)) = self.ops.get_mut(place) {
            pattern.earlier = Some(window);
            pattern.compare = Some(Compare { difference, description });
        }
        self.scope.define("@diffEventCount", difference);
        self.scope.define("@diffDescription", description);
        let mut names: Vec<String> = self.shown.replaced.take().unwrap_or_default();
        // `@pattern @sampleCount @ratio @severityLabel`: the order of `spec/logs-insights.md` 6.5.
        names.sort_by_key(|name| match name.as_str() {
            "@pattern" => 0,
            "@sampleCount" => 1,
            "@ratio" => 2,
            _ => 3,
        });
        names.extend(["@diffEventCount".to_owned(), "@diffDescription".to_owned()]);
        self.shown.replace(names);
    }

    pub(super) fn anomaly(&mut self) {
        let (kind, description) = (self.new_reg(), self.new_reg());
        if let Some(place) = self.pattern {
            self.needs_window.get_or_insert("anomaly");
            if let Some(Op::Pattern(pattern)) = self.ops.get_mut(place) {
                pattern.earlier.get_or_insert(EarlierWindow::Diff(DiffWindow::Before));
                pattern.anomaly = Some((kind, description));
            }
        }
        self.scope.define("@anomalyType", kind);
        self.scope.define("@description", description);
        self.shown.create("@anomalyType");
        self.shown.create("@description");
    }

    pub(super) fn relevant_fields(&mut self, fields: &[Field], condition: &Expr, span: Span) {
        let condition = self.expr(condition);
        let mut named = Vec::new();
        for field in fields {
            if self.scope.get(&field.name).is_some() {
                let message = format!(
                    "`{}` is made by the query, and only fields of the events can be compared",
                    field.name
                );
                self.report(
                    Diagnostic::error(codes::BAD_ARGUMENT, field.span.0, message)
                        .service_text("Query cannot be compiled"),
                );
            }
            if self.scope.raw {
                named.push((field.name.clone(), self.input(&field.name)));
            } else if self.scope.get(&field.name).is_none() {
                self.name(&field.name, field.span.0);
            }
        }
        let message = (self.scope.raw && fields.is_empty()).then(|| self.input("@message"));
        let [name, score, contributors, conditional_median, baseline_median] =
            std::array::from_fn(|_| self.new_reg());
        self.ops.push(Op::RelevantFields(Box::new(RelevantFields {
            fields: named,
            message,
            condition,
            name,
            score,
            contributors,
            conditional_median,
            baseline_median,
        })));
        let columns = vec![
            ("@fieldName".to_owned(), name),
            ("@relevanceScore".to_owned(), score),
            ("@topRelevanceContributors".to_owned(), contributors),
            ("@conditionalMedian".to_owned(), conditional_median),
            ("@baselineMedian".to_owned(), baseline_median),
        ];
        self.replace_rows("relevantfields", span, Scope::default(), columns);
    }
}

/// The alias, the field's own name, or the text of the item.
fn column_name(item: &Item) -> String {
    match (&item.label, &item.expr.kind) {
        (ItemLabel::Alias(alias), _) => alias.text.clone(),
        (ItemLabel::Source(_), ExprKind::Field(field)) => field.name.clone(),
        (ItemLabel::Source(source), _) => source.clone(),
    }
}

/// The period of an expression that is `bin(…)`.
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
