//! CT025: an error code is nearly a common one.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::near::{Near, nearest};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT025"),
    severity: Severity::Warning,
    title: "an error code that is nearly a common one",
    why: "No service is known to answer with this code, and one that most services know differs from it in a letter or two \
          only. Error codes are compared letter by letter.",
    bad: r#"{ $.eventSource = "s3.amazonaws.com" && $.errorCode = "AccesDenied" }"#,
    good: r#"{ $.eventSource = "s3.amazonaws.com" && $.errorCode = "AccessDenied" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

/// The codes that records have most often, and none that is near to another.
const COMMON: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "Client.RequestLimitExceeded",
    "Client.UnauthorizedOperation",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchEntityException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ThrottlingException",
    "TrailNotFoundException",
    "UnauthorizedException",
    "UnauthorizedOperation",
    "ValidationException",
    "VpceAccessDenied",
];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["errorCode"])) {
        for value in one.texts() {
            // A part of a code may be a part of another.
            let is_part = COMMON.iter().any(|code| value.covers(code));
            let Some(near) = nearest(&value.text, COMMON.iter().copied()).filter(|_| !is_part) else { continue };
            let written = context.spelling.text_for(value, context.text, near.name());
            let found = finding(&RULE, value.span, format!("`{}` is no common error code", value.text))
                .help(format!("did you mean `{}`?", near.name()));
            findings.push(match near {
                Near::Case(_) => found.fix(Fix::replace(format!("write `{written}`"), value.span, written)),
                Near::Letters(_) => found,
            });
        }
    }
}
