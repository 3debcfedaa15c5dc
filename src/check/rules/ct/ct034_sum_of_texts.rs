//! CT034: a text is added up or averaged.

use crate::diagnostic::{Code, Severity};
use crate::schema::Kind;
use crate::{Diagnostic, syntax::Rule};

use super::facts::Test;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT034"),
    severity: Severity::Warning,
    title: "a text cannot be added up",
    why: "The function takes numbers, and in a CloudTrail record this field is a text. What is no number is skipped, so the \
          result is empty. Events are counted by `count(*)`, different values by `countDistinct`.",
    bad: "stats sum(eventName) as calls by eventSource",
    good: "stats count(*) as calls by eventSource",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

/// Functions that take numbers, by their keys.
const OF_NUMBERS: &[&str] =
    &["abs", "avg", "ceil", "floor", "log", "pct", "percentile", "round", "sqrt", "stddev", "sum", "variance"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known() {
        let Test::Read(Some(function)) = &one.test else { continue };
        if field.kind == Kind::String && OF_NUMBERS.contains(&&**function) {
            let path = context.written(one.span);
            findings.push(
                finding(&RULE, one.span, format!("`{path}` is a text, and `{function}` takes numbers"))
                    .help(format!("count events by `count(*)`, or values by `countDistinct({path})`")),
            );
        }
    }
}
