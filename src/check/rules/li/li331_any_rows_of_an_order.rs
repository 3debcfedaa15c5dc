//! LI331: `limit any` behind `sort`.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI331"),
    severity: Severity::Warning,
    title: "`limit any` behind `sort`",
    why: "`limit any` takes whichever rows come first and stops to scan, so that the rows of the result are not \
          the first ones of the order. Without `any` all events are read and the first rows are shown.",
    bad: "fields @timestamp, @message | sort @timestamp desc | limit any 20",
    good: "fields @timestamp, @message | sort @timestamp desc | limit 20",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Limit { any: true, rows } = &step.stage.command else { continue };
        let sort = step.before().iter().rfind(|stage| matches!(stage.command, Command::Sort(_)));
        let Some(sort) = sort else { continue };
        let span = step.stage.span.0;
        let instead = Span { start: keyword(step.stage).end, end: rows.span.0.start };
        findings.push(
            finding(&RULE, span, "`limit any` takes any rows, not the first ones of the order")
                .label("stops at the first rows found")
                .also(keyword(sort), "the order")
                .help("write `limit` without `any`")
                .fix(Fix::replace("take `any` out", instead, " ")),
        );
    }
}
