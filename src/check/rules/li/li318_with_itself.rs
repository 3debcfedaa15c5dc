//! LI318: something compared with itself.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::ExprKind;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI318"),
    severity: Severity::Warning,
    title: "compared with itself",
    why: "A field always equals itself where it is there, so that such a comparison tells nothing but whether \
          it is there. One of the two sides was meant to be something else.",
    bad: "filter recipientAccountId != recipientAccountId",
    good: "filter recipientAccountId != userIdentity.accountId",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(op, left, right) = &expr.kind else { continue };
            let compares = super::compares(*op);
            let is_literal = matches!(left.kind, ExprKind::Literal(_));
            if compares && !is_literal && left == right {
                let written = context.written(left.span.0);
                findings.push(
                    finding(&RULE, expr.span.0, format!("`{written}` is compared with itself"))
                        .label("both sides are the same")
                        .help("name what it was to be compared with; `ispresent(x)` asks whether a field is there"),
                );
            }
        }
    }
}
