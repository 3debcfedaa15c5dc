//! CT032: a member of `userIdentity` that the tested type of identity does not have.

use crate::diagnostic::{Code, Severity};
use crate::schema::Key;
use crate::{Diagnostic, syntax::Rule};

use super::facts::Test;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT032"),
    severity: Severity::Warning,
    title: "this type of identity lacks the member",
    why: "Which members `userIdentity` has depends on its type. Whoever has assumed a role has no `userName` (the role's is \
          in `sessionContext.sessionIssuer`), and a service has its type and `invokedBy` only.",
    bad: r#"{ $.userIdentity.type = "AssumedRole" && $.userIdentity.userName = "deploy" }"#,
    good: r#"{ $.userIdentity.type = "AssumedRole" && $.userIdentity.sessionContext.sessionIssuer.userName = "deploy" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
};

/// What a service does not have.
const NOT_OF_SERVICES: &[&str] = &["accessKeyId", "arn", "principalId", "sessionContext", "userName"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.first_name() == Some("userIdentity")) {
        let Some(Key::Name(member)) = one.path.get(1) else { continue };
        let types = one.beside.identity_types.as_deref().unwrap_or_default();
        let lacks = |identity: &str| match identity {
            "AssumedRole" => *member == "userName",
            "AWSService" => NOT_OF_SERVICES.contains(member),
            _ => false,
        };
        let wants_it = one.needs_a_value() || matches!(one.test, Test::Regex);
        let Some(first) = types.first().filter(|_| wants_it) else { continue };
        if !types.iter().all(|identity| lacks(&identity.text)) {
            continue;
        }
        let path = context.written(one.span);
        let found = finding(&RULE, one.span, format!("an identity of type `{}` has no `{path}`", first.text))
            .also(first.span, "tested together with this type");
        let issuer = ["userIdentity", "sessionContext", "sessionIssuer", "userName"].map(Key::Name);
        findings.push(match context.spelling.path(&issuer) {
            Some(issuer) if first.text == "AssumedRole" => found.help(format!("the name of the role is `{issuer}`")),
            _ => found.help("the service is in `invokedBy`"),
        });
    }
}
