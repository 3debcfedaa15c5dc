//! CT019: the field never has this value.

use crate::diagnostic::{Code, Severity};
use crate::listing::listed_names;
use crate::schema::Lookup;
use crate::{Diagnostic, syntax::Rule};

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

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, lookup) in context.uses() {
        let Lookup::Known(field) = lookup else { continue };
        if field.values.is_empty() {
            continue;
        }
        let says_truth = field.values.contains(&"Yes") || field.values.contains(&"true");
        for value in one.texts() {
            let is_known = field.values.iter().any(|known| value.covers(known) || value.covers_without_case(known));
            let is_said_elsewhere = says_truth && truth(value).is_some();
            if is_known || is_said_elsewhere || value.text.is_empty() {
                continue;
            }
            let shown = value.span.slice(context.text).trim_matches('"');
            let mut found =
                finding(&RULE, value.span, format!("`{}` is never `{shown}`", context.written(one.span)));
            found.help = Some(match nearest(&value.text, field.values.iter().copied()) {
                Some(Near::Case(name) | Near::Letters(name)) => format!("did you mean `{name}`?"),
                None => format!("it is {}", listed_names(field.values.iter().copied(), "or")),
            });
            findings.push(found);
        }
    }
}
