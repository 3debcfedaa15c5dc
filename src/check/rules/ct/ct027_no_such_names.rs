//! CT027: a wildcard or substring that no event name or event source fits.

use crate::diagnostic::{Code, Severity};
use crate::schema::EventSource;
use crate::{Diagnostic, syntax::Rule};

use super::events::{Named, named_sources};
use super::facts::{FieldUse, Literal};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT027"),
    severity: Severity::Warning,
    title: "no known name fits the wildcard",
    why: "The text is compared with the names of events or of event sources, letter by letter but for the wildcard, and \
          none of those that are known fits.",
    bad: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "delete*" }"#,
    good: r#"{ $.eventSource = "iam.amazonaws.com" && $.eventName = "Delete*" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in &context.facts.uses {
        let is_event = one.is(&["eventName"]);
        if !is_event && !one.is(&["eventSource"]) {
            continue;
        }
        for value in one.texts().filter(|value| value.exact().is_none() && !value.text.is_empty()) {
            let Some(names) = names(context, one, value, is_event) else { continue };
            let what = if is_event { "event name" } else { "event source" };
            let mut found = finding(&RULE, value.span, format!("no known {what} fits `{}`", value.text));
            if names.is_fitting_without_case {
                found = found.help("letter case counts");
            }
            if let (true, Some([only])) = (is_event, one.beside.event_sources.as_deref()) {
                found = found.also(only.span, "of this source");
            }
            findings.push(found);
        }
    }
}

struct NoneFits {
    is_fitting_without_case: bool,
}

/// Whether no name fits; nothing where one does, or where not all names are known.
fn names(
    context: &Context<'_>,
    one: &FieldUse<'_>,
    value: &Literal<'_>,
    is_event: bool,
) -> Option<NoneFits> {
    let mut is_fitting_without_case = false;
    let mut fits = |name: &str| {
        is_fitting_without_case |= value.covers_without_case(name);
        value.covers(name)
    };
    let any_fits = if !is_event {
        context.schema.event_sources().any(|source| fits(source.name()))
    } else {
        let sources: Vec<EventSource<'_>> = match named_sources(context, one) {
            Named::Unknown => return None,
            Named::Any => context.schema.event_sources().collect(),
            Named::These(names) => names.iter().filter_map(|name| context.schema.event_source(name)).collect(),
        };
        sources.iter().any(|source| source.event_names().any(|name| fits(&name)))
    };
    (!any_fits).then_some(NoneFits { is_fitting_without_case })
}
