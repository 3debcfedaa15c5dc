//! LI363: a function of time on a text.

use super::condition::function;
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Argument, Arguments, ExprKind, Function};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI363"),
    severity: Severity::Warning,
    title: "the text of a date where a timestamp belongs",
    why: "Functions of time take timestamps and numbers of milliseconds. `eventTime` of a CloudTrail record is \
          a text, so that they give nothing for it. `@timestamp` is the time of the event; other texts are read \
          by `parseDate`.",
    bad: "filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by datefloor(eventTime, 1h)",
    good: "filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by datefloor(@timestamp, 1h)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            let takes_time = matches!(
                function(expr),
                Some(
                    Function::DateFloor
                        | Function::DateCeil
                        | Function::ToMillis
                        | Function::FromMillis
                        | Function::FormatDate
                )
            );
            let Arguments::List(given) = &call.arguments else { continue };
            let Some(Argument::Expr(time)) = given.first().filter(|_| takes_time) else { continue };
            if step.event_field(time) == Some("eventTime") {
                let name = &call.function.text;
                findings.push(
                    finding(&RULE, time.span.0, format!("`eventTime` is a text, and `{name}` gives nothing for it"))
                        .label("not a timestamp")
                        .help("write `@timestamp`, or `parseDate(eventTime, …)`")
                        .fix(Fix::replace("use `@timestamp`", time.span.0, "@timestamp")),
                );
            }
        }
    }
}
