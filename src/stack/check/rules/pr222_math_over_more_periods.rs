//! PR222: metric math whose value depends on how far back the alarm looks.

use std::collections::BTreeSet;

use super::Context;
use crate::stack::{CheckedAlarm, DataEntry};
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind, MathNode, PlainFunction};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR222"),
    severity: Severity::Warning,
    title: "the value depends on how many periods are fetched",
    why: "An alarm fetches more periods than it evaluates, and how many is not documented. Functions that make \
          one number of a whole series, add it up or drop it when it is empty give another value for each \
          number of periods; and `FILL` fills the newest period, whose data have not arrived yet, so that an \
          alarm that needs every period gets stuck.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'logins' }, Period = 300, Stat = 'Sum' }, ReturnData = false }, { Id = 'e1', Expression = 'm1 / AVG(m1)' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'logins' }, Period = 300, Stat = 'Sum' }, ReturnData = false }, { Id = 'e1', Expression = 'm1 / 100' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, alarm) in context.alarms {
        let series = single_series(alarm);
        for (id, entry) in &alarm.watched.entries {
            let DataEntry::Math(expression) = entry else { continue };
            let text = written.metrics.iter().find(|query| query.id.as_str() == id);
            let Some(text) = text.and_then(|query| query.expression.as_ref()) else { continue };
            expression.root.walk(&mut |part| {
                if let Some(message) = doubt(alarm, &series, part) {
                    let finding = Diagnostic::warning(RULE.code, part.span.0, message);
                    findings.push(context.places.lift(text, finding.help(help(part))));
                }
            });
        }
    }
}

fn doubt(alarm: &CheckedAlarm, series: &BTreeSet<&str>, part: &MathNode) -> Option<String> {
    let MathKind::Call(call) = &part.kind else { return None };
    match call {
        MathCall::Plain { function, argument } => {
            let depends = match function {
                PlainFunction::Avg
                | PlainFunction::Max
                | PlainFunction::Min
                | PlainFunction::Stddev
                | PlainFunction::Sum => is_series(series, argument),
                PlainFunction::DatapointCount | PlainFunction::RemoveEmpty | PlainFunction::RunningSum => true,
                _ => false,
            };
            depends.then(|| format!("`{part}` depends on how many periods the alarm fetches, which is not documented"))
        }
        MathCall::Fill { .. } => {
            let rule = alarm.definition.rule();
            let needs_all = rule.datapoints_to_alarm() == rule.evaluation_periods();
            needs_all.then(|| {
                format!("`{part}` also fills the newest period, whose data have not arrived, and the alarm needs all {}", rule.evaluation_periods())
            })
        }
        _ => None,
    }
}

fn help(part: &MathNode) -> String {
    match &part.kind {
        MathKind::Call(MathCall::Fill { .. }) => {
            "let fewer periods do: `DatapointsToAlarm` below `EvaluationPeriods`".to_owned()
        }
        _ => "compare each period by itself, or series with one another as in `SUM([m1, m2])`".to_owned(),
    }
}

/// The entries that are one series each.
fn single_series(alarm: &CheckedAlarm) -> BTreeSet<&str> {
    let mut series = BTreeSet::new();
    // Each pass knows of one more entry of a chain at least.
    for _ in 0..alarm.watched.entries.len() {
        for (id, entry) in &alarm.watched.entries {
            let is_single = match entry {
                DataEntry::Metric(_) => true,
                DataEntry::Query(query) => query.group_by.is_empty(),
                DataEntry::Math(expression) => is_series(&series, &expression.root),
            };
            if is_single {
                series.insert(id.as_str());
            }
        }
    }
    series
}

/// Whether a part is one series, of which a function makes a number; of an array it makes a series.
fn is_series(series: &BTreeSet<&str>, part: &MathNode) -> bool {
    match &part.kind {
        MathKind::Id(id) => series.contains(id.as_str()),
        MathKind::Number(_) | MathKind::List(_) => false,
        MathKind::Negate(inner) => is_series(series, inner),
        MathKind::Binary { left, right, .. } => {
            let sides = [left, right].map(|side| is_series(series, side));
            // A number beside a series leaves a series; an array beside it leaves an array.
            match sides {
                [true, true] => true,
                [true, false] => matches!(right.kind, MathKind::Number(_)),
                [false, true] => matches!(left.kind, MathKind::Number(_)),
                [false, false] => false,
            }
        }
        MathKind::Call(MathCall::Fill { series: gaps, .. }) => is_series(series, gaps),
        MathKind::Call(MathCall::If { .. }) => true,
        MathKind::Call(MathCall::Plain { function, argument }) => match function {
            PlainFunction::Abs
            | PlainFunction::Ceil
            | PlainFunction::Floor
            | PlainFunction::Diff
            | PlainFunction::Rate => is_series(series, argument),
            PlainFunction::First | PlainFunction::Last => true,
            _ => false,
        },
        MathKind::Call(_) => false,
    }
}
