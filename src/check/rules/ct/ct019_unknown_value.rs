//! CT019: the field never has this value.

use crate::diagnostic::{Code, Severity};
use crate::listing::listed_names;
use crate::schema::Lookup;
use crate::{Diagnostic, syntax::Rule};

use super::facts::FieldUse;
use super::near::{Near, nearest};
use super::values::truth;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT019"),
    severity: Severity::Warning,
    title: "the field has no such value",
    why: "The values of this field are few and documented. This is none of them, so the condition probably never sees it.",
    bad: r#"{ $.userIdentity.type = "IAMRole" }"#,
    good: r#"{ $.userIdentity.type = "AssumedRole" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
};

const ISSUER_TYPE: &str = "userIdentity.sessionContext.sessionIssuer.type";
const ISSUERS: &[&str] = &["Root", "IAMUser", "Role"];
const OUTCOMES: &[&str] = &["Success", "Failure"];

/// Fields whose values are those seen so far, not a list that a document closes.
const AS_FAR_AS_SEEN: &[&str] = &[
    "additionalEventData.SignatureVersion",
    "userIdentity.sessionContext.ec2RoleDelivery",
];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, lookup) in context.uses() {
        let values = values(one, lookup);
        if values.is_empty() {
            continue;
        }
        let says_truth = values.contains(&"Yes") || values.contains(&"true");
        for value in one.texts() {
            let is_known = values.iter().any(|known| value.covers(known) || value.covers_without_case(known));
            let is_said_elsewhere = says_truth && truth(value).is_some();
            if is_known || is_said_elsewhere || value.text.is_empty() {
                continue;
            }
            let shown = value.span.slice(context.text).trim_matches('"');
            let mut found =
                finding(&RULE, value.span, format!("`{}` is never `{shown}`", context.written(one.span)));
            found.help = Some(match nearest(&value.text, values.iter().copied()) {
                Some(Near::Case(name) | Near::Letters(name)) => format!("did you mean `{name}`?"),
                None => format!("it is {}", listed_names(values.iter().copied(), "or")),
            });
            findings.push(found);
        }
    }
}

/// All values that a field can have; none where that is not known.
fn values(one: &FieldUse<'_>, lookup: &Lookup) -> &'static [&'static str] {
    match lookup {
        Lookup::Known(field) if field.path == ISSUER_TYPE => ISSUERS,
        Lookup::Known(field) if !AS_FAR_AS_SEEN.contains(&field.path.as_str()) => field.values,
        Lookup::Open if one.is(&["responseElements", "ConsoleLogin"]) => OUTCOMES,
        _ => &[],
    }
}
