//! FP343: the name of a member is looked for as a word.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Severity};

use super::terms::{items, word};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP343"),
    severity: Severity::Warning,
    title: "a member's name is in every record",
    why: "Terms are looked for in the text of the message. The name of a member that every CloudTrail record \
          has is in every one of them, so it selects nothing; which value belongs to it is not looked at \
          either.",
    bad: "eventName GetObject",
    good: r#"{ $.eventName = "GetObject" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

/// Members of every record of a call.
const MEMBERS: &[&str] = &[
    "awsRegion",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "recipientAccountId",
    "requestParameters",
    "responseElements",
    "sourceIPAddress",
    "userIdentity",
];

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for item in items(view).iter().filter(|item| item.prefix == Prefix::Required) {
        if let Some(name) = word(item).filter(|word| MEMBERS.contains(word)) {
            findings.push(
                found(&RULE, item.span.0, format!("every CloudTrail record has the word `{name}`"))
                    .help(format!("test the member: `{{ $.{name} = \"…\" }}`")),
            );
        }
    }
}
