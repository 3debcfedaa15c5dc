//! CT013: no service logs under this event source.

use crate::diagnostic::{Code, Severity};
use crate::listing::listed_names;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT013"),
    severity: Severity::Warning,
    title: "no service has this event source",
    why: "An event source is the name of a service's endpoint with `.amazonaws.com` behind it, in lower case. None that is \
          known has this name, so the condition probably never sees an event of its own.",
    bad: r#"{ $.eventSource = "s3.amazon.com" && $.eventName = "PutBucketPolicy" }"#,
    good: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventName = "PutBucketPolicy" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["eventSource"])) {
        for value in one.texts() {
            let Some(name) = value.exact().filter(|name| !name.is_empty()) else { continue };
            let is_other = name.eq_ignore_ascii_case("AWS Internal") || name.contains(['*', '?']);
            if is_other || context.schema.event_source(name).is_some() {
                continue;
            }
            let mut suggestions = context.schema.suggest_source(name);
            let lower = name.to_ascii_lowercase();
            // The case of letters is a rule of its own.
            if context.schema.event_source(&lower).is_some() {
                continue;
            }
            suggestions.truncate(3);
            let mut found = finding(&RULE, value.span, format!("no service has the event source `{name}`"));
            found.help = match suggestions.as_slice() {
                [] => Some("name it in a schema file if it is one of your own".into()),
                some => Some(format!("did you mean {}?", listed_names(some.iter().map(String::as_str), "or"))),
            };
            // A bare service name has one reading.
            if let [only] = suggestions.as_slice()
                && (only.strip_suffix(".amazonaws.com") == Some(lower.as_str()) || !lower.contains('.'))
                && only.starts_with(&format!("{lower}."))
            {
                let text = context.spelling.text_for(value, context.text, only);
                found = found.fix(Fix::replace(format!("write `{only}`"), value.span, text));
            }
            findings.push(found);
        }
    }
}
