//! CT007: a boolean of the record is compared as if it were a text.

use crate::diagnostic::{Code, Severity};
use crate::schema::Kind;
use crate::{Diagnostic, Edit, Fix, syntax::Rule};

use super::facts::{FieldUse, Literal, LiteralKind, Test};
use super::spelling::Spelling;
use super::values::truth;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT007"),
    severity: Severity::Warning,
    title: "the field is a boolean",
    why: "The record holds `true` or `false` without quotes. A filter pattern tests that by `IS TRUE` and `IS FALSE` only, \
          and any `=` or `!=` is false; Logs Insights turns it into 1 or 0, which no text equals.",
    bad: r#"{ $.readOnly = false && $.eventSource = "s3.amazonaws.com" }"#,
    good: r#"{ $.readOnly IS FALSE && $.eventSource = "s3.amazonaws.com" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known() {
        if field.kind == Kind::Boolean {
            findings.extend(match context.spelling {
                Spelling::Filter => in_a_pattern(context, one),
                Spelling::Logs => in_a_query(context, one),
            });
        }
    }
}

fn in_a_pattern(context: &Context<'_>, one: &FieldUse<'_>) -> Option<Diagnostic> {
    let path = context.written(one.span);
    let message = format!("`{path}` is a boolean, and this test of it is never true");
    let found = finding(&RULE, one.whole, message);
    let (negated, value) = match &one.test {
        Test::Equal { negated, values } => (*negated, values.first().and_then(truth)),
        Test::Regex | Test::Order(_) => (false, None),
        _ => return None,
    };
    let test = |value: bool| context.spelling.is_bool(path, value);
    Some(match value {
        Some(value) if !negated => {
            let test = test(value);
            found.help(format!("write `{test}`")).fix(Fix::replace(format!("write `{test}`"), one.whole, test))
        }
        // Whoever writes `!=` may want the records without the field too.
        Some(value) => {
            let (test, absent) = (test(!value), context.spelling.is_absent(path));
            found.help(format!("write `{test}`, or `({test} || {absent})` if records without the field count too"))
        }
        None => found.help(format!("write `{}` or `{}`", test(true), test(false))),
    })
}

fn in_a_query(context: &Context<'_>, one: &FieldUse<'_>) -> Option<Diagnostic> {
    let path = context.written(one.span);
    let is_wrong = |value: &&Literal<'_>| value.kind != LiteralKind::Number;
    let wrong: Vec<&Literal<'_>> = match &one.test {
        Test::Equal { values, .. } => values.iter().filter(is_wrong).collect(),
        Test::Regex => Vec::new(),
        _ => return None,
    };
    let message = format!("`{path}` is a boolean, which Logs Insights turns into 1 or 0");
    let first = match (wrong.first(), &one.test) {
        (Some(first), _) => first.span,
        (None, Test::Regex) => one.whole,
        (None, _) => return None,
    };
    let found = finding(&RULE, first, message);
    let edits = wrong.iter().map(|value| {
        let number = if truth(value)? { "1" } else { "0" };
        Some(Edit { span: value.span, replacement: number.to_owned() })
    });
    let (yes, no) = (context.spelling.is_bool(path, true), context.spelling.is_bool(path, false));
    let found = found.help(format!("write `{yes}` or `{no}`"));
    Some(match edits.collect::<Option<Vec<_>>>() {
        Some(edits) if !edits.is_empty() => found.fix(Fix { title: "compare with a number".to_owned(), edits }),
        _ => found,
    })
}
