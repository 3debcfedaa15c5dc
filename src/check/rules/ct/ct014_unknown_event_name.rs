//! CT014: no service logs an event of this name.

use crate::diagnostic::{Code, Severity};
use crate::listing::listed_names;
use crate::schema::Reason;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::events::{Named, named_sources, names_of};
use super::facts::Literal;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT014"),
    severity: Severity::Warning,
    title: "no service has an event of this name",
    why: "Event names are the names of API calls, as the service logs them: not those of permissions (`s3:ListAllMyBuckets` \
          permits `ListBuckets`), and some carry a date (`UpdateFunctionCode20150331v2`). No known event has this name, so \
          the condition probably never sees one.",
    bad: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "DeletUserPolicy" }"#,
    good: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "DeleteUserPolicy" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, value, name) in names_of(context) {
        if name.is_empty() || context.schema.is_event_name(name) {
            continue;
        }
        let sources = named_sources(context, one);
        if matches!(sources, Named::Unknown) {
            continue;
        }
        if let Some(found) = with_prefix(context, value, name) {
            findings.push(found);
            continue;
        }
        let suggestions = context.schema.suggest_event(name, sources.names());
        // The case of letters is a rule of its own.
        if suggestions.iter().any(|one| one.reason == Reason::LetterCase) {
            continue;
        }
        let message = match suggestions.first().map(|one| one.reason) {
            Some(Reason::IamAction) => format!("`{name}` is the name of a permission, not of an event"),
            Some(Reason::DateSuffix) => format!("CloudTrail logs `{name}` with a date behind the name"),
            Some(Reason::LoggedAs) => format!("CloudTrail logs `{name}` under another name"),
            _ => format!("no known event has the name `{name}`"),
        };
        let mut found = finding(&RULE, value.span, message);
        let mut names: Vec<&str> = suggestions.iter().map(|one| one.event_name.as_str()).collect();
        names.dedup();
        found.help = match names.as_slice() {
            [] => Some("name it in a schema file if it is one of your own".into()),
            [only] if suggestions.iter().any(|one| one.reason != Reason::Spelling) => {
                Some(format!("write `{only}`"))
            }
            some => Some(format!("did you mean {}?", listed_names(some.iter().copied(), "or"))),
        };
        let is_certain = |reason| matches!(reason, Reason::IamAction | Reason::DateSuffix | Reason::LoggedAs);
        if let ([only], [suggestion]) = (names.as_slice(), suggestions.as_slice())
            && is_certain(suggestion.reason)
        {
            let text = context.spelling.text_for(value, context.text, only);
            found = found.fix(Fix::replace(format!("write `{only}`"), value.span, text));
        }
        findings.push(found);
    }
}

/// `s3:GetObject`, as policies name what they permit.
fn with_prefix(context: &Context<'_>, value: &Literal<'_>, name: &str) -> Option<Diagnostic> {
    let (service, action) = name.split_once(':')?;
    if !context.schema.is_event_name(action) {
        return None;
    }
    let found = finding(&RULE, value.span, format!("`{name}` is the name of a permission, and event names have no prefix"))
        .help(format!("write `{action}`, and the event source `{service}.amazonaws.com` beside it"));
    let has_one_reading = context.schema.sources_of(action).len() == 1;
    Some(if has_one_reading {
        let text = context.spelling.text_for(value, context.text, action);
        found.fix(Fix::replace(format!("write `{action}`"), value.span, text))
    } else {
        found
    })
}
