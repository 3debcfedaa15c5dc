//! LI310: `!=` on a field that is missing from most records.

use crate::schema::{Key, Lookup, Occurrence};
use crate::syntax::Rule;
use crate::syntax::logs::{Arguments, BinaryOp, Command, ExprKind};
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::{comparison, conjuncts, each, text};

pub(super) const RULE: Rule = Rule {
    code: Code("LI310"),
    severity: Severity::Info,
    title: "events without the field pass",
    why: "In Logs Insights a missing field differs from every text, so `!=` lets all events through that lack it; for \
          `errorCode` these are the successful calls. A filter pattern does the opposite. Say which is meant.",
    bad: r#"filter errorCode != "AccessDenied" | stats count(*) as calls by eventName, eventSource"#,
    good: r#"filter ispresent(errorCode) and errorCode != "AccessDenied" | stats count(*) as calls by eventName, eventSource"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

/// Fields that say how a call ended: here a missing one is the usual case.
const OUTCOMES: &[&str] = &["errorCode", "errorMessage"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    let mut guarded: Vec<&str> = Vec::new();
    each(context.query, |expr| {
        let ExprKind::Call(call) = &expr.kind else { return };
        let Arguments::List(_) = &call.arguments else { return };
        if matches!(call.function.key().as_str(), "ispresent" | "isempty" | "isblank" | "coalesce") {
            let named = context.text.get(expr.span.0.range()).unwrap_or_default();
            guarded.extend(OUTCOMES.iter().filter(|name| named.contains(**name)));
        }
    });
    for stage in &context.query.stages {
        let Command::Filter { condition, .. } = &stage.command else { continue };
        for expr in conjuncts(condition) {
            let Some((BinaryOp::NotEqual, name, other)) = comparison(expr) else { continue };
            let is_outcome = OUTCOMES.contains(&name.name.as_str()) && !guarded.contains(&name.name.as_str());
            let lookup = schema.lookup(&[Key::Name(&name.name)]);
            let is_optional = matches!(lookup, Lookup::Known(field) if field.occurrence == Occurrence::Sometimes);
            // An empty text is the way some ask for presence.
            if is_outcome && is_optional && text(other).is_some_and(|(value, _)| !value.is_empty()) {
                findings.push(
                    Diagnostic::new(
                        RULE.code,
                        RULE.severity,
                        expr.span.0,
                        format!("events without `{}`, those of successful calls, pass too", name.name),
                    )
                    .help(format!("add `ispresent({0}) and`, or `or not ispresent({0})` if they are meant", name.name)),
                );
            }
        }
    }
}
