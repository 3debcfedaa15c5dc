//! CT033: a member of an open object is nearly a documented one.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Key, Lookup};
use crate::{Diagnostic, syntax::Rule};

use super::near::nearest;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT033"),
    severity: Severity::Warning,
    title: "a member that is nearly a documented one",
    why: "The members of this object depend on the service, so others than the documented ones are possible; but this one \
          differs from a documented one in a letter or two only, and letter case counts.",
    bad: r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.mfaUsed = "No" }"#,
    good: r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed = "No" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
};

/// Spellings of S3 Express and S3 Tables.
const OTHER_SPELLINGS: &[&str] = &["cipherSuite", "xAmzId2"];

/// What sign-in events answer.
const SIGN_IN: &[&str] = &["CheckMfa", "ConsoleLogin", "ExitRole", "PasswordUpdated", "SwitchRole"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let parent = [Key::Name("additionalEventData")];
    for (one, lookup) in context.uses() {
        let [Key::Name(first), Key::Name(member), ..] = one.path.as_slice() else { continue };
        let known: Vec<String> = match *first {
            "additionalEventData" if matches!(lookup, Lookup::Open) && !OTHER_SPELLINGS.contains(member) => {
                let fields = context.schema.members(&parent);
                fields.iter().filter_map(|field| Some(field.path.rsplit('.').next()?.to_owned())).collect()
            }
            "responseElements" if is_sign_in(one) => SIGN_IN.iter().map(|name| (*name).to_owned()).collect(),
            _ => continue,
        };
        let Some(near) = nearest(member, known.iter().map(String::as_str)) else { continue };
        let path: Vec<Key<'_>> =
            one.path.iter().enumerate().map(|(place, key)| if place == 1 { Key::Name(near.name()) } else { *key }).collect();
        let found = finding(&RULE, one.span, format!("`{member}` is no documented member of `{first}`"));
        findings.push(match context.spelling.path(&path) {
            Some(path) => found.help(format!("did you mean `{path}`?")),
            None => found,
        });
    }
}

/// Whether the condition matters for sign-in events alone.
fn is_sign_in(one: &super::facts::FieldUse<'_>) -> bool {
    let names = one.beside.event_names.as_deref().unwrap_or_default();
    !names.is_empty() && names.iter().all(|name| SIGN_IN.contains(&&*name.text))
}
