//! PR228: an expression of a widget names an id that no entry has.

use super::Context;
use crate::syntax::{Expression, Rule};
use crate::{Code, Diagnostic, Severity};

use super::super::widgets::{Drawn, Widget};

pub(super) const RULE: Rule = Rule {
    code: Code("PR228"),
    severity: Severity::Warning,
    title: "no entry of the widget has the id",
    why: "An expression reads the other entries of its widget by their `id`. Where no entry has it, nothing is \
          drawn; a band needs the `id` of its metric as well.",
    bad: r#"
[[dashboards]]
DashboardName = 'logins'
DashboardBody = '''
{"widgets": [{"type": "metric", "properties": {"region": "us-east-1", "metrics": [["trail", "logins"], [{"expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]]}}]}'''
"#,
    good: r#"
[[dashboards]]
DashboardName = 'logins'
DashboardBody = '''
{"widgets": [{"type": "metric", "properties": {"region": "us-east-1", "metrics": [["trail", "logins", {"id": "m1"}], [{"expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]]}}]}'''
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for board in context.dashboards {
        for finding in board.widgets.iter().flat_map(lacking) {
            findings.push(context.in_body(&board.written.dashboard_body, finding));
        }
    }
}

fn lacking(widget: &Widget) -> Vec<Diagnostic> {
    let known: Vec<&str> =
        widget.entries.iter().filter_map(|entry| entry.id.as_ref()).map(|id| id.value.as_str()).collect();
    let mut found = Vec::new();
    for entry in &widget.entries {
        let Drawn::Expression { text, parsed: Some(Expression::Math(math)) } = &entry.drawn else { continue };
        let Some(id) = math.ids().into_iter().find(|id| !known.contains(id)) else { continue };
        let message = format!("no entry of the widget has the id `{id}`");
        found.push(
            Diagnostic::warning(RULE.code, text.span, message)
                .help(format!("give the entry that is meant `\"id\": \"{id}\"`")),
        );
    }
    found
}
