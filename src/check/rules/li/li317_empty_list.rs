//! LI317: a list without values.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, InSet};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI317"),
    severity: Severity::Warning,
    title: "an empty list behind `in`",
    why: "Nothing equals any value of an empty list, so that `in []` keeps no row and `not in []` keeps every \
          row. Such a list usually comes from a template whose variable was empty.",
    bad: "filter eventName in []",
    good: "filter eventName in [\"StopLogging\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::In { negated, set: InSet::List(values), .. } = &expr.kind else { continue };
            if values.is_empty() {
                let (message, label) = if *negated {
                    ("nothing is in an empty list, so this keeps every row", "always holds")
                } else {
                    ("nothing is in an empty list, so this keeps no row", "never holds")
                };
                findings.push(
                    finding(&RULE, expr.span.0, message).label(label).help("name the values, or remove the condition"),
                );
            }
        }
    }
}
