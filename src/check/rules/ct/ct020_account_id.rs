//! CT020: an account id that is none.

use crate::diagnostic::{Code, Severity};
use crate::schema::Field;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::LiteralKind;
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT020"),
    severity: Severity::Warning,
    title: "an account id has twelve digits",
    why: "Records have account ids as texts of twelve digits, without hyphens and with leading zeros. Texts are compared \
          letter by letter, so any other spelling matches none.",
    bad: r#"{ $.recipientAccountId = "1111-2222-3333" && $.eventName = "ConsoleLogin" }"#,
    good: r#"{ $.recipientAccountId = "111122223333" && $.eventName = "ConsoleLogin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, _) in context.known().filter(|(_, field)| is_account_id(field)) {
        for value in one.values() {
            // Logs Insights compares numbers by value, with or without leading zeros.
            let is_compared_as_text = value.kind == LiteralKind::Text || context.spelling == Spelling::Filter;
            let Some(text) = value.exact().filter(|_| is_compared_as_text) else { continue };
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let has_other_letters = text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' '));
            // `anonymous` and the like stand for callers without an account.
            if has_other_letters || digits.is_empty() || text == digits && digits.len() == 12 {
                continue;
            }
            let found = if text == digits {
                finding(&RULE, value.span, format!("`{text}` has {} digits, an account id has 12", digits.len()))
            } else {
                finding(&RULE, value.span, format!("an account id is digits only, unlike `{text}`"))
            };
            findings.push(if text != digits && digits.len() == 12 {
                let text = context.spelling.text_for(value, context.text, &digits);
                found.help(format!("write `{text}`")).fix(Fix::replace(format!("write `{text}`"), value.span, text))
            } else if digits.len() < 12 {
                found.help("leading zeros belong to it; a text of the first digits needs a `*` behind it")
            } else {
                found
            });
        }
    }
}

fn is_account_id(field: &Field) -> bool {
    let last = field.path.rsplit('.').next().unwrap_or_default();
    matches!(last, "accountId" | "recipientAccountId" | "sourceAccount" | "vpcEndpointAccountId")
}
