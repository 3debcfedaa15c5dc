//! LI310: a negated test of a field that many records do not have.

use super::condition::{Says, Test, conjunctions, disjunctions, function, legs, test};
use super::pipeline::{self, Step, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Function, UnaryOp};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI310"),
    severity: Severity::Info,
    title: "a negated test of a field that may be missing",
    why: "Whether `!=`, `not like` and `not in` keep a row that has no such field is not documented, and \
          published queries rely on both answers. Records of successful calls have no `errorCode`, those of \
          roles no `userIdentity.userName`, so that it decides about most rows. With the missing case written \
          out the query means the same either way.",
    bad: "filter eventSource = \"s3.amazonaws.com\" and errorCode != \"AccessDenied\"",
    good: "filter eventSource = \"s3.amazonaws.com\" and (errorCode != \"AccessDenied\" or not ispresent(errorCode))",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    let mut groups = conjunctions(context.query);
    groups.extend(disjunctions(context.query));
    for step in steps(context.query) {
        let Some(condition) = super::condition::filtered(step.stage) else { continue };
        for leg in leaves(condition) {
            let Some(said) = test(leg).filter(is_negated) else { continue };
            let Some(name) = step.event_field(said.subject) else { continue };
            if !record::may_be_missing(schema, name) || is_settled(context, &step, &groups, leg, &said) {
                continue;
            }
            let written = context.written(leg.span.0);
            let shown = context.written(said.subject.span.0);
            findings.push(
                finding(&RULE, leg.span.0, format!("many records have no `{shown}`, and whether they pass is not documented"))
                    .label("says nothing of a missing field")
                    .help(format!(
                        "write `({written} or not ispresent({shown}))` to keep them, `(ispresent({shown}) and {written})` to drop them"
                    )),
            );
        }
    }
}

fn is_negated(said: &Test<'_>) -> bool {
    matches!(said.says, Says::Equal { negated: true, .. } | Says::Like { negated: true, .. })
}

/// The conditions that `and` and `or` join, however deep.
fn leaves(condition: &Expr) -> Vec<&Expr> {
    let mut open = vec![condition];
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, left, right) => open.extend([&**right, &**left]),
            _ => found.push(expr),
        }
    }
    found
}

/// Whether something beside the test says what becomes of rows without the field.
fn is_settled(context: &Context<'_>, step: &Step<'_>, groups: &[Vec<&Expr>], leg: &Expr, said: &Test<'_>) -> bool {
    let beside = groups.iter().filter(|legs| legs.iter().any(|one| holds(one, leg)));
    let by_group = beside.flatten().any(|other| !std::ptr::eq(*other, leg) && speaks_of_presence(other, said.subject));
    let filters = step.before().iter().chain([step.stage]).chain(step.behind());
    let conditions = filters.filter_map(super::condition::filtered);
    let by_filter = conditions
        .flat_map(|condition| legs(condition, BinaryOp::And))
        .any(|other| !holds(other, leg) && speaks_of_presence(other, said.subject));
    let is_name = pipeline::field_name(said.subject) == Some("userIdentity.userName");
    by_group || by_filter || (is_name && names_iam_user(context))
}

/// Whether the one is the other or has it within.
fn holds(whole: &Expr, part: &Expr) -> bool {
    let (outer, inner) = (whole.span.0, part.span.0);
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a condition tells rows with the thing from rows without it.
fn speaks_of_presence(condition: &Expr, subject: &Expr) -> bool {
    let mut speaks = false;
    pipeline::parts(condition, |expr, _| {
        let inner = match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, _) => None,
            _ => test(expr),
        };
        speaks |= inner.is_some_and(|one| one.subject == subject && one.needs_presence());
        let asks = matches!(function(expr), Some(Function::IsEmpty | Function::IsBlank | Function::Coalesce));
        if let ExprKind::Call(call) = &expr.kind {
            speaks |= asks && call.arguments.expressions().contains(&subject);
        }
    });
    speaks
}

fn names_iam_user(context: &Context<'_>) -> bool {
    let found = steps(context.query);
    let conditions = found.iter().filter_map(|step| super::condition::filtered(step.stage));
    conditions.flat_map(|condition| legs(condition, BinaryOp::And)).filter_map(test).any(|one| {
        pipeline::field_name(one.subject) == Some("userIdentity.type")
            && matches!(&one.says, Says::Equal { negated: false, values } if values.iter().all(|value| value.text == "IAMUser"))
    })
}
