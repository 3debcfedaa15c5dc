//! LI319: a literal where a condition belongs.

use super::condition::{Says, disjunctions, test, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding, is_whole};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Command, Expr, ExprKind, UnaryOp};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI319"),
    severity: Severity::Warning,
    title: "a text where a condition belongs",
    why: "A text alone is no comparison: in `a = \"x\" or \"y\"` the second text is a condition by itself and \
          never true, so that only rows with `x` are kept. Every alternative names its field, or all stand in a \
          list behind `in`.",
    bad: "filter eventName = \"StopLogging\" or \"DeleteTrail\"",
    good: "filter eventName in [\"StopLogging\", \"DeleteTrail\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let lists: Vec<(&Expr, Fix)> =
        disjunctions(context.query).iter().filter_map(|legs| as_list(context, legs)).collect();
    for step in steps(context.query) {
        let is_filter = matches!(
            step.stage.command,
            Command::Filter { .. } | Command::Search(_) | Command::RelevantFields { .. }
        );
        let roots = step.stage.command.expressions();
        for (expr, parent) in expressions(&step) {
            let Some(literal) = text(expr) else { continue };
            let is_condition = match parent.map(|parent| &parent.kind) {
                Some(ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) | ExprKind::Unary(UnaryOp::Not, _)) => true,
                Some(_) => false,
                None => is_filter && roots.iter().any(|root| std::ptr::eq(*root, expr)),
            };
            // A number in quotes is true or false by its value.
            if !is_condition || literal == "true" || literal.trim().parse::<f64>().is_ok() {
                continue;
            }
            let found = finding(&RULE, expr.span.0, "a text by itself is a condition that never holds")
                .label("compared with nothing");
            findings.push(match lists.iter().find(|(first, _)| std::ptr::eq(*first, expr)) {
                Some((_, fix)) => found.help("list the values behind `in`").fix(fix.clone()),
                None => found.help("name what it is to be found in: `@message like \"…\"`"),
            });
        }
    }
}

/// `a = "x" or "y"` as a list, and the text that stands alone.
fn as_list<'q>(context: &Context<'_>, legs: &[&'q Expr]) -> Option<(&'q Expr, Fix)> {
    let (first, others) = legs.split_first()?;
    let said = test(first)?;
    let Says::Equal { negated: false, values } = &said.says else { return None };
    let [value] = values.as_slice() else { return None };
    let alone = *others.first()?;
    let all_alone = others.iter().all(|leg| text(leg).is_some());
    let starts = matches!(&first.kind, ExprKind::Binary(..)) && first.span.0.start == said.subject.span.0.start;
    if !all_alone || !starts {
        return None;
    }
    let texts: Vec<&str> = std::iter::once(context.written(value.span))
        .chain(others.iter().map(|leg| context.written(leg.span.0)))
        .collect();
    let list = format!("{} in [{}]", context.written(said.subject.span.0), texts.join(", "));
    let span = first.span.0.to(others.last()?.span.0);
    if !is_whole(context.written(span)) || context.has_comments() {
        return None;
    }
    Some((alone, Fix::replace("write a list", span, list)))
}
