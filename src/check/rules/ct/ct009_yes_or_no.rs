//! CT009: a field that says `Yes` or `No` is compared with another word for that.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::Test;
use super::values::truth;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT009"),
    severity: Severity::Warning,
    title: "the field says `Yes` or `No`",
    why: "`MFAUsed` and a few other members of sign-in events are the texts `Yes` and `No`. No boolean, number or other \
          spelling equals them.",
    bad: r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed = "false" }"#,
    good: r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed = "No" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known() {
        if !field.values.contains(&"Yes") || !field.values.contains(&"No") {
            continue;
        }
        let path = context.written(one.span);
        let message = format!("`{path}` is `Yes` or `No`");
        if let Test::IsBool(value) = one.test {
            let test = format!("{path} = \"{}\"", word(value));
            findings.push(
                finding(&RULE, one.whole, message.clone())
                    .help(format!("write `{test}`"))
                    .fix(Fix::replace(format!("write `{test}`"), one.whole, test)),
            );
        }
        for value in one.values() {
            let Some(meant) = truth(value).map(word) else { continue };
            if field.values.contains(&&*value.text) {
                continue;
            }
            let text = context.spelling.text_for(value, context.text, meant);
            findings.push(
                finding(&RULE, value.span, message.clone())
                    .help(format!("write `{text}`"))
                    .fix(Fix::replace(format!("write `{text}`"), value.span, text)),
            );
        }
    }
}

fn word(value: bool) -> &'static str {
    if value { "Yes" } else { "No" }
}
