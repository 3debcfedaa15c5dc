//! LI329: calls by services pass where addresses outside of a network are wanted.

use super::condition::{conjunctions, filtered, function, legs};
use super::pipeline::{self, expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Function, UnaryOp};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI329"),
    severity: Severity::Warning,
    title: "services pass as foreign addresses",
    why: "For calls that an AWS service makes, `sourceIPAddress` is the name of the service, such as \
          `ec2.amazonaws.com` or `AWS Internal`. A name lies in no network, so that `not isIpInSubnet(…)` keeps \
          all of these calls beside the addresses that it is after.",
    bad: "filter not isIpInSubnet(sourceIPAddress, \"203.0.113.0/24\")",
    good: "filter isValidIp(sourceIPAddress) and not isIpInSubnet(sourceIPAddress, \"203.0.113.0/24\")",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    let groups = conjunctions(context.query);
    for step in steps(context.query) {
        let guarded_by_filter = step.stages.iter().filter_map(filtered).any(|whole| {
            legs(whole, BinaryOp::And).into_iter().any(tells_services)
        });
        for (expr, _) in expressions(&step) {
            let ExprKind::Unary(UnaryOp::Not, operand) = &expr.kind else { continue };
            let Some(function) = in_subnet(operand) else { continue };
            let ExprKind::Call(call) = &operand.kind else { continue };
            let given = call.arguments.expressions();
            let is_source =
                given.first().and_then(|first| step.event_field(first)).is_some_and(|name| name == "sourceIPAddress");
            let guarded = groups.iter().any(|group| {
                group.iter().any(|leg| std::ptr::eq(*leg, expr)) && group.iter().any(|leg| tells_services(leg))
            });
            if is_source && !guarded && !guarded_by_filter {
                findings.push(
                    finding(&RULE, expr.span.0, format!("the names of services pass `not {function}(…)` too"))
                        .label("true of `ec2.amazonaws.com`")
                        .help("write `isValidIp(sourceIPAddress) and` before it"),
                );
            }
        }
    }
}

fn in_subnet(expr: &Expr) -> Option<&str> {
    let is_it = matches!(
        function(expr),
        Some(Function::IsIpInSubnet | Function::IsIpv4InSubnet | Function::IsIpv6InSubnet | Function::IsPrivateIp)
    );
    match &expr.kind {
        ExprKind::Call(call) if is_it => Some(call.function.text.as_str()),
        _ => None,
    }
}

/// Whether a condition keeps addresses only, or speaks of services by name.
fn tells_services(condition: &Expr) -> bool {
    let mut tells = false;
    pipeline::parts(condition, |expr, _| {
        tells |= matches!(
            function(expr),
            Some(
                Function::IsValidIp
                    | Function::IsValidIpV4
                    | Function::IsValidIpV6
                    | Function::IsPublicIp
                    | Function::EndsWith
            )
        );
        tells |= match &expr.kind {
            ExprKind::Like { operand, .. } | ExprKind::In { operand, .. } => is_name(operand),
            ExprKind::Binary(_, left, right) => is_name(left) || is_name(right),
            _ => false,
        };
    });
    tells
}

fn is_name(expr: &Expr) -> bool {
    matches!(
        pipeline::field_name(expr),
        Some("sourceIPAddress" | "userIdentity.invokedBy" | "userIdentity.type" | "eventType" | "eventName")
    )
}
