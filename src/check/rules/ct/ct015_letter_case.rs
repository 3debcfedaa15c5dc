//! CT015: a name is written with letters of another case.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Lookup, Reason};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::Literal;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT015"),
    severity: Severity::Warning,
    title: "the letters have another case",
    why: "Comparisons are exact to the case of each letter. A record has the value in one spelling only, so the condition \
          never sees it in another.",
    bad: r#"{ $.eventSource = "signin.amazonaws.com" && $.eventName = "consoleLogin" }"#,
    good: r#"{ $.eventSource = "signin.amazonaws.com" && $.eventName = "ConsoleLogin" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, lookup) in context.uses() {
        for value in one.texts() {
            let Some(text) = value.exact() else { continue };
            let right = if one.is(&["eventName"]) {
                event_name(context, text)
            } else if one.is(&["eventSource"]) {
                event_source(context, text)
            } else if let Lookup::Known(field) = lookup {
                known_value(field.values, text)
            } else {
                None
            };
            if let Some(right) = right {
                say(context, value, text, &right, findings);
            }
        }
    }
}

fn event_name(context: &Context<'_>, text: &str) -> Option<String> {
    if context.schema.is_event_name(text) {
        return None;
    }
    let suggestions = context.schema.suggest_event(text, &[]);
    let same = suggestions.into_iter().find(|one| one.reason == Reason::LetterCase && one.event_name != text)?;
    Some(same.event_name)
}

fn event_source(context: &Context<'_>, text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    (lower != text && context.schema.event_source(text).is_none() && context.schema.event_source(&lower).is_some())
        .then_some(lower)
}

fn known_value(values: &[&str], text: &str) -> Option<String> {
    if values.contains(&text) || values.contains(&"Yes") || values.contains(&"true") {
        return None;
    }
    values.iter().find(|value| value.eq_ignore_ascii_case(text)).map(|value| (*value).to_owned())
}

fn say(context: &Context<'_>, value: &Literal<'_>, text: &str, right: &str, findings: &mut Vec<Diagnostic>) {
    let written = context.spelling.text_for(value, context.text, right);
    findings.push(
        finding(&RULE, value.span, format!("`{text}` is spelled `{right}` in records"))
            .help(format!("write `{right}`"))
            .fix(Fix::replace(format!("write `{right}`"), value.span, written)),
    );
}
