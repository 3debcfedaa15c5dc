//! CT016: the event is not one of the event source that is tested beside it.

use crate::diagnostic::{Code, Severity};
use crate::listing::listed_names;
use crate::schema::Reason;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::events::{Named, named_sources, names_of};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT016"),
    severity: Severity::Warning,
    title: "the event is one of another service",
    why: "The condition asks for an event source and for an event that this service does not log. Both are known, so the \
          two probably never come together.",
    bad: r#"{ $.eventSource = "ec2.amazonaws.com" && $.eventName = "PutBucketLogging" }"#,
    good: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventName = "PutBucketLogging" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, value, name) in names_of(context) {
        let Named::These(sources) = named_sources(context, one) else { continue };
        let has = |source: &&str| {
            let source = context.schema.event_source(source);
            source.is_some_and(|source| source.operation(name).is_some())
        };
        if !context.schema.is_event_name(name) || sources.iter().any(has) {
            continue;
        }
        let named = listed_names(sources.iter().copied(), "or");
        let mut found = finding(&RULE, value.span, format!("`{name}` is no event of {named}"));
        let meant = context.schema.suggest_event(name, &sources);
        let logged = meant.iter().find(|one| matches!(one.reason, Reason::DateSuffix | Reason::LoggedAs));
        found = match logged {
            Some(logged) => {
                let written = context.spelling.text_for(value, context.text, &logged.event_name);
                found
                    .help(format!("this service logs the call as `{}`", logged.event_name))
                    .fix(Fix::replace(format!("write `{written}`"), value.span, written))
            }
            None => {
                let of_name = context.schema.sources_of(name);
                let others = of_name.iter().take(3).map(|source| source.name());
                found.help(format!("it is one of {}", listed_names(others, "and")))
            }
        };
        let tested = one.beside.event_sources.iter().flat_map(|sources| sources.iter());
        for source in tested.take(3) {
            found = found.also(source.span, "the event source");
        }
        findings.push(found);
    }
}
