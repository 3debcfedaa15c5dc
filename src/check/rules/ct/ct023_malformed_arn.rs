//! CT023: an ARN that is none.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Field, Kind};
use crate::{Diagnostic, syntax::Rule};

use super::facts::Literal;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT023"),
    severity: Severity::Warning,
    title: "not an ARN",
    why: "The field holds whole ARNs: `arn`, partition, service, region, account and resource, parted by colons, where some \
          may be empty. A text of another form equals none.",
    bad: r#"{ $.userIdentity.arn = "user/deploy" }"#,
    good: r#"{ $.userIdentity.arn = "*:user/deploy" }"#,
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, _) in context.known().filter(|(_, field)| holds_an_arn(field)) {
        for value in one.texts() {
            let Some(why) = fault(value) else { continue };
            let path = context.written(one.span);
            findings.push(
                finding(&RULE, value.span, format!("`{path}` is an ARN, and {why}"))
                    .help("an ARN is `arn:partition:service:region:account:resource`"),
            );
        }
    }
}

fn holds_an_arn(field: &Field) -> bool {
    let last = field.path.rsplit('.').next().unwrap_or_default();
    field.kind == Kind::String && matches!(last, "arn" | "ARN" | "sourceArn" | "identityStoreArn" | "SamlProviderArn")
}

fn fault(value: &Literal<'_>) -> Option<&'static str> {
    if value.open_start || value.text.is_empty() {
        return None;
    }
    let text: &str = &value.text;
    let begins_like_one = text.starts_with("arn:") || value.open_end && "arn:".starts_with(text);
    if !begins_like_one {
        return Some("none begins like this");
    }
    (!value.open_end && text.split(':').count() < 6).then_some("this one has too few parts")
}
