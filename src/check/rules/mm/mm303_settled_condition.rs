//! MM303: a condition that is a number.

use super::{Context, is_number};
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM303"),
    severity: Severity::Warning,
    title: "a condition that does not depend on the data",
    why: "The condition of `IF` is made of numbers alone, so that the same branch is taken at every time.",
    bad: "IF(1 > 0, m1, m2)",
    good: "IF(m1 > 0, m1, m2)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Call(MathCall::If { condition, .. }) = &part.kind else { return };
        if is_number(condition) {
            let message = format!("`{condition}` is the same at every time");
            findings.push(
                Diagnostic::warning(RULE.code, condition.span.0, message)
                    .help("compare a series, or write the branch that is meant"),
            );
        }
    });
}
