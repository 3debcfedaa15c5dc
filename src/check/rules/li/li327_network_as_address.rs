//! LI327: an address compared with the text of a network.

use super::condition::{Says, test};
use super::pipeline::{expressions, steps};
use super::{Context, addresses, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind, LikePattern};
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI327"),
    severity: Severity::Warning,
    title: "an address compared with a network",
    why: "`=`, `in` and `like` compare texts, and the text of an address never has the `/8` of a network in it. \
          Whether an address lies in a network is told by `isIpInSubnet`.",
    bad: "filter srcAddr = \"10.0.0.0/8\"",
    good: "filter isIpInSubnet(srcAddr, \"10.0.0.0/8\")",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            if matches!(expr.kind, ExprKind::Unary(..)) {
                continue;
            }
            let Some(said) = test(expr) else { continue };
            // Of the address in a CloudTrail record, the schema has a finding.
            let is_open = |name: &str| context.schema.is_none() && addresses::is_address(name);
            if !step.event_field(said.subject).is_some_and(is_open) {
                continue;
            }
            let texts: Vec<(&str, Span)> = match &said.says {
                Says::Equal { values, .. } => values.iter().map(|value| (value.text, value.span)).collect(),
                Says::Like { pattern: LikePattern::Substring(text), .. } => vec![(&text.text, text.span.0)],
                _ => continue,
            };
            let is_one = texts.len() == 1 && !matches!(expr.kind, ExprKind::In { .. });
            let negated = match &expr.kind {
                ExprKind::Binary(op, ..) => *op == BinaryOp::NotEqual,
                ExprKind::Like { negated, .. } => *negated,
                _ => false,
            };
            for (text, span) in texts.into_iter().filter(|(text, _)| addresses::is_network(text)) {
                let subject = context.written(said.subject.span.0);
                let call = format!(
                    "{}isIpInSubnet({subject}, {})",
                    if negated { "not " } else { "" },
                    context.written(span)
                );
                let found = finding(&RULE, span, format!("no address is the text `{text}`"))
                    .label("a network")
                    .help(format!("write `{call}`"));
                findings.push(if is_one && !negated {
                    found.fix(Fix::replace("use `isIpInSubnet`", expr.span.0, call))
                } else {
                    found
                });
            }
        }
    }
}
