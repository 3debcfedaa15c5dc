//! CT002: an object of the record has no such member.

use crate::diagnostic::{Code, Severity};
use crate::schema::Key;
use crate::{Diagnostic, syntax::Rule};

use super::paths::{self, Nowhere};
use super::Context;

pub(super) const RULE: Rule = Rule {
    code: Code("CT002"),
    severity: Severity::Warning,
    title: "the object has no such member",
    why: "The members of this part of the record are documented, and this one is not among them. Unless it came with a \
          later event version, no record has it.",
    bad: r#"{ $.tlsDetails.version = "TLSv1.2" }"#,
    good: r#"{ $.tlsDetails.tlsVersion = "TLSv1.2" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for lost in context.lost(Nowhere::Member) {
        let Some(first) = lost.uses.first() else { continue };
        let inside = context.spelling.path(first.path.get(..lost.step).unwrap_or_default());
        let message = match (first.path.get(lost.step), inside) {
            (Some(Key::Name(name)), Some(inside)) => format!("`{inside}` has no member `{name}`"),
            _ => format!("`{}` leads nowhere in a CloudTrail record", context.written(first.span)),
        };
        findings.extend(paths::report(context, &RULE, &lost, message));
    }
}
