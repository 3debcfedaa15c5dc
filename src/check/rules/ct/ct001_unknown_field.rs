//! CT001: no record has the field.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Key, Kind, Lookup};
use crate::{Diagnostic, syntax::Rule};

use super::facts::{FieldUse, Test};
use super::paths::{self, Lost, Nowhere};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT001"),
    severity: Severity::Error,
    title: "no record has this field",
    why: "The fields of a CloudTrail record and the members of `userIdentity` are a closed list, and letter case counts. \
          A condition on any other field is false for every record, `NOT EXISTS` is true for every one, and a query shows \
          nothing in its column. A dimension or metric value that takes such a field takes nothing. In a query a text without \
          quotes is a field, too.",
    bad: r#"{ $.eventname = "ConsoleLogin" }"#,
    good: r#"{ $.eventName = "ConsoleLogin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for lost in context.lost(Nowhere::Field) {
        if let Some(found) = without_quotes(context, &lost) {
            findings.push(found);
            continue;
        }
        findings.extend(paths::report(context, &RULE, &lost, message(context, &lost)));
    }
}

/// A text that lacks its quotes, which makes it the name of a field.
fn without_quotes(context: &Context<'_>, lost: &Lost<'_>) -> Option<Diagnostic> {
    let first = lost.uses.first()?;
    let is_text = |one: &&FieldUse<'_>| matches!(one.test, Test::InPlaceOfText(_));
    let text = context.written(first.span);
    if !lost.meant.is_empty() || !lost.uses.iter().all(is_text) || text.starts_with('`') {
        return None;
    }
    let message = format!("`{text}` without quotes is a field, and no CloudTrail record has it");
    let written = format!("\"{text}\"");
    let found = finding(&RULE, first.span, message).help(format!("write `{written}`"));
    Some(found.fix(paths::replace_all(lost, &written)))
}

fn message(context: &Context<'_>, lost: &Lost<'_>) -> String {
    let Some(first) = lost.uses.first() else { return String::new() };
    let parent = first.path.get(..lost.step).unwrap_or_default();
    let inside = context.spelling.path(parent);
    match (context.schema.lookup(parent), first.path.get(lost.step), inside) {
        (_, Some(Key::Name(name)), None) => format!("a CloudTrail record has no field `{name}`"),
        (Lookup::Known(field), _, Some(inside)) if !matches!(field.kind, Kind::Object | Kind::Any) => {
            format!("`{inside}` has nothing inside")
        }
        (_, Some(Key::Name(name)), Some(inside)) => format!("`{inside}` has no member `{name}`"),
        _ => format!("no CloudTrail record has `{}`", context.written(first.span)),
    }
}
