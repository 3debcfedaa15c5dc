//! CT008: a text `"true"` of the record is tested as if it were a boolean.

use crate::diagnostic::{Code, Severity};
use crate::schema::Field;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::{LiteralKind, Test};
use super::spelling::Spelling;
use super::values::truth;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT008"),
    severity: Severity::Warning,
    title: "the field is a text, not a boolean",
    why: "`mfaAuthenticated` and `sessionCredentialFromConsole` are the texts `\"true\"` and `\"false\"`. `IS TRUE` holds for \
          booleans only, and a number or a bare `true` of Logs Insights is no text.",
    bad: "{ $.userIdentity.sessionContext.attributes.mfaAuthenticated IS FALSE }",
    good: r#"{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = "false" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known().filter(|(_, field)| is_spelled_truth(field)) {
        let path = context.written(one.span);
        match &one.test {
            Test::IsBool(value) => {
                let word = word(*value);
                let found = finding(&RULE, one.whole, format!("`{path}` is a text, and `IS {}` never holds for a text", word.to_ascii_uppercase()));
                findings.push(if field.values.contains(&word) {
                    let test = format!("{path} = \"{word}\"");
                    found.help(format!("write `{test}`")).fix(Fix::replace(format!("write `{test}`"), one.whole, test))
                } else {
                    found.help(format!("it is never `\"{word}\"` either; write `{}`", context.spelling.is_absent(path)))
                });
            }
            Test::Equal { values, .. } if context.spelling == Spelling::Logs => {
                for value in values.iter().filter(|value| value.kind != LiteralKind::Text) {
                    let found = finding(&RULE, value.span, format!("`{path}` is a text, which equals no number and no bare `true`"));
                    findings.push(match truth(value).map(word) {
                        Some(word) if field.values.contains(&word) => {
                            let text = format!("\"{word}\"");
                            found.help(format!("write `{text}`")).fix(Fix::replace(format!("write `{text}`"), value.span, text))
                        }
                        Some(_) => found.help(format!("it is absent instead; write `{}`", context.spelling.is_absent(path))),
                        None => found.help("write `\"true\"`"),
                    });
                }
            }
            _ => {}
        }
    }
}

/// Whether the field spells a truth out in letters.
fn is_spelled_truth(field: &Field) -> bool {
    !field.values.is_empty() && field.values.iter().all(|value| matches!(*value, "true" | "false"))
}

fn word(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
