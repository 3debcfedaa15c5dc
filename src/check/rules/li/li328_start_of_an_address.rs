//! LI328: the beginning of an address looked for anywhere.

use super::pipeline::{expressions, steps};
use super::{Context, addresses, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, LikePattern};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI328"),
    severity: Severity::Warning,
    title: "the beginning of an address looked for anywhere",
    why: "`like` with a text finds it anywhere, so that `\"10.\"` is found in `203.0.110.7` too. \
          `isIpv4InSubnet` compares the numbers of an address and not its text.",
    bad: "filter sourceIPAddress like \"10.\"",
    good: "filter isIpv4InSubnet(sourceIPAddress, \"10.0.0.0/8\")",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Like { operand, negated, pattern: LikePattern::Substring(part) } = &expr.kind else {
                continue;
            };
            let Some(network) = addresses::of_prefix(&part.text) else { continue };
            if !step.event_field(operand).is_some_and(addresses::is_address) {
                continue;
            }
            let not = if *negated { "not " } else { "" };
            let call = format!("{not}isIpv4InSubnet({}, \"{network}\")", context.written(operand.span.0));
            let found =
                finding(&RULE, part.span.0, format!("`{}` is found in the middle of an address too", part.text))
                    .label("anywhere in the text")
                    .help(format!("write `{call}`"));
            // Names of services lie in no network: the negation says more.
            findings.push(if *negated { found } else { found.fix(Fix::replace("use `isIpv4InSubnet`", expr.span.0, call)) });
        }
    }
}
