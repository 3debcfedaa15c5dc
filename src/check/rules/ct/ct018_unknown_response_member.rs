//! CT018: the call returns no such member.

use crate::diagnostic::{Code, Severity};
use crate::syntax::Rule;
use crate::Diagnostic;

use super::members::{Side, unknown};
use super::Context;

pub(super) const RULE: Rule = Rule {
    code: Code("CT018"),
    severity: Severity::Info,
    title: "the call returns no such member",
    why: "The API model of the call returns nothing of this name, so the field is probably never there. The model and the \
          record differ in places, which is why this is a hint and not a warning.",
    bad: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "CreateAccessKey" && $.responseElements.accesKey.userName = "admin" }"#,
    good: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "CreateAccessKey" && $.responseElements.accessKey.userName = "admin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    unknown(context, &RULE, Side::Response, findings);
}
