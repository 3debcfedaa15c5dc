//! PR229: a widget that looks for a metric of the stack in another Region.

use super::Context;
use super::reads::selects;
use crate::syntax::{Expression, Rule};
use crate::{Code, Diagnostic, Severity};

use super::super::widgets::{Drawn, Widget};

pub(super) const RULE: Rule = Rule {
    code: Code("PR229"),
    severity: Severity::Warning,
    title: "the widget looks into another Region",
    why: "The stack is in one Region, and the metrics of its filters with it. A widget draws the metrics of \
          the Region that it names, and finds none of these.",
    bad: r#"
region = 'us-east-1'

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[dashboards]]
DashboardName = 'logins'
DashboardBody = '''
{"widgets": [{"type": "metric", "properties": {"region": "eu-central-1", "metrics": [["trail", "logins"]]}}]}'''
"#,
    good: r#"
region = 'us-east-1'

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[dashboards]]
DashboardName = 'logins'
DashboardBody = '''
{"widgets": [{"type": "metric", "properties": {"region": "us-east-1", "metrics": [["trail", "logins"]]}}]}'''
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(own) = &context.stack.region else { return };
    for board in context.dashboards {
        for widget in &board.widgets {
            let Some(region) = widget.region.as_ref().filter(|region| region.value != own.value) else { continue };
            if !draws_own(context, widget) {
                continue;
            }
            let message = format!("the widget looks into `{}`, and the stack is in `{own}`", region.value);
            let finding = Diagnostic::warning(RULE.code, region.span, message).help(format!("write `{own}`"));
            findings.push(context.in_body(&board.written.dashboard_body, finding));
        }
    }
}

/// Whether a widget draws a metric of the stack's filters.
fn draws_own(context: &Context<'_>, widget: &Widget) -> bool {
    context.filters.iter().any(|(_, filter)| {
        widget.entries.iter().any(|entry| match &entry.drawn {
            Drawn::Metric { metric, is_local: true, .. } => {
                filter.emits(&metric.namespace, &metric.name, metric.dimensions.names())
            }
            Drawn::Expression { parsed: Some(Expression::Query(query)), .. } => selects(query, filter),
            _ => false,
        })
    })
}
