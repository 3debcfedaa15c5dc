//! CT017: the call has no such request parameter.

use crate::diagnostic::{Code, Severity};
use crate::syntax::Rule;
use crate::Diagnostic;

use super::members::{Side, unknown};
use super::Context;

pub(super) const RULE: Rule = Rule {
    code: Code("CT017"),
    severity: Severity::Info,
    title: "the call has no such request parameter",
    why: "The API model of the call has no member of this name, so the field is probably never there. The model and the \
          record differ in places, which is why this is a hint and not a warning.",
    bad: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "CreateUser" && $.requestParameters.useName = "admin" }"#,
    good: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "CreateUser" && $.requestParameters.userName = "admin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    unknown(context, &RULE, Side::Request, findings);
}
