//! FP306: `&&` and `||` side by side without parentheses.

use crate::syntax::Rule;
use crate::syntax::filter::Expr;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::Clause;
use super::legs::extent;

pub(super) const RULE: Rule = Rule {
    code: Code("FP306"),
    severity: Severity::Warning,
    title: "`&&` and `||` without parentheses",
    why: "`&&` binds tighter than `||`: `a && b || c` is `(a && b) || c`, so `c` is found whether or not `a` holds. In a list of \
          event names behind a check of the event source, only the first name is then tied to the source.",
    bad: "{ $.eventSource = \"kms.amazonaws.com\" && $.eventName = \"DisableKey\" || $.eventName = \"ScheduleKeyDeletion\" }",
    good: "{ $.eventSource = \"kms.amazonaws.com\" && ($.eventName = \"DisableKey\" || $.eventName = \"ScheduleKeyDeletion\") }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    view.trees.iter().for_each(|tree| walk(tree, findings));
}

fn walk(expr: &Expr<Clause<'_>>, findings: &mut Vec<Diagnostic>) {
    let legs = match expr {
        Expr::Leaf(_) => return,
        Expr::And(legs) => legs,
        Expr::Or(legs) => {
            let is_and = |leg: &Expr<Clause<'_>>| matches!(leg, Expr::And(_));
            let bare = legs
                .legs()
                .iter()
                .zip(&legs.parenthesised.0)
                .find(|(leg, in_parentheses)| is_and(leg) && !**in_parentheses);
            // `a && b || c && d` reads as it is meant.
            if let Some((leg, _)) = bare.filter(|_| !legs.legs().iter().all(is_and)) {
                findings.push(
                    Diagnostic::new(
                        RULE.code,
                        RULE.severity,
                        extent(leg),
                        "`&&` binds tighter than the `||` beside it",
                    )
                    .label("these belong together, and to none of the other alternatives")
                    .help("put parentheses where they are meant: `(a && b) || c` or `a && (b || c)`"),
                );
            }
            legs
        }
    };
    legs.legs().iter().for_each(|leg| walk(leg, findings));
}
