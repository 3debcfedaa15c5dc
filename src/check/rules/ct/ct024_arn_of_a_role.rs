//! CT024: the caller's ARN is compared with that of a role.

use crate::diagnostic::{Code, Severity};
use crate::schema::Key;
use crate::{Diagnostic, syntax::Rule};

use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT024"),
    severity: Severity::Warning,
    title: "callers have the ARN of a session, not of a role",
    why: "Who has assumed a role calls under `arn:aws:sts::111122223333:assumed-role/NAME/SESSION`, and that is what \
          `userIdentity.arn` holds. The role's own ARN is in `userIdentity.sessionContext.sessionIssuer.arn`.",
    bad: r#"{ $.userIdentity.arn = "arn:aws:iam::111122223333:role/deploy" }"#,
    good: r#"{ $.userIdentity.sessionContext.sessionIssuer.arn = "arn:aws:iam::111122223333:role/deploy" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let issuer = ["userIdentity", "sessionContext", "sessionIssuer", "arn"].map(Key::Name);
    for one in context.facts.uses.iter().filter(|one| one.is(&["userIdentity", "arn"])) {
        for value in one.texts().filter(|value| !value.open_start) {
            let mut parts = value.text.splitn(6, ':');
            let is_iam = parts.next() == Some("arn") && parts.nth(1) == Some("iam");
            let is_role = is_iam && parts.nth(2).is_some_and(|resource| resource.starts_with("role/"));
            if !is_role {
                continue;
            }
            let found = finding(&RULE, value.span, "this is the ARN of a role, and callers have that of their session");
            findings.push(match context.spelling.path(&issuer) {
                Some(path) => found.help(format!("compare `{path}`")),
                None => found,
            });
        }
    }
}
