//! What the CloudTrail record and the AWS API model say of the fields, event sources, event names and values of a text,
//! whatever its language.

mod conjunction;
mod events;
mod facts;
mod from_filter;
mod from_logs;
mod members;
mod near;
mod paths;
mod recognise;
mod spelling;
#[cfg(test)]
mod tests;
mod values;

use crate::check::text::{Options, Records};
use crate::schema::{Field, Lookup, Schema};
use crate::syntax::Rule;
use crate::syntax::filter::Selector;
use crate::{Diagnostic, FilterPattern, LogsQuery, Span};

use facts::{Facts, FieldUse};
use spelling::Spelling;

/// A text under examination, language apart.
pub(in crate::check) struct Context<'a> {
    /// The text as written.
    text: &'a str,
    /// Fields, event sources and event names.
    schema: &'a Schema,
    /// The language of the text.
    spelling: Spelling,
    /// What the text says.
    facts: &'a Facts<'a>,
    /// What each path that the text names leads to.
    found: Vec<Lookup>,
}

super::family! { Context<'_>:
    ct001_unknown_field,
    ct002_unknown_member,
    ct003_wrapper,
    ct004_array_without_index,
    ct005_bracket_index,
    ct006_object_as_value,
    ct007_boolean_as_text,
    ct008_text_as_boolean,
    ct009_yes_or_no,
    ct010_number_as_text,
    ct011_text_has_no_order,
    ct012_event_version,
    ct013_unknown_event_source,
    ct014_unknown_event_name,
    ct015_letter_case,
    ct016_event_of_another_source,
    ct017_unknown_request_member,
    ct018_unknown_response_member,
    ct019_unknown_value,
    ct020_account_id,
    ct021_region,
    ct022_source_address,
    ct023_malformed_arn,
    ct024_arn_of_a_role,
    ct025_misspelt_error_code,
    ct026_ec2_error_code,
    ct027_no_such_names,
    ct028_system_name_without_at,
    ct029_at_before_a_field,
    ct030_event_time_is_a_text,
    ct031_event_time_form,
    ct032_identity_without_the_member,
    ct033_misspelt_member,
    ct034_sum_of_texts,
}

/// Whether the schema of CloudTrail records applies to a pattern.
pub(in crate::check) fn filter_is_cloudtrail(pattern: &FilterPattern, options: &Options) -> bool {
    let FilterPattern::Json(conditions) = pattern else { return false };
    match options.records {
        Records::CloudTrail => true,
        Records::Other => false,
        Records::Auto => recognise::is_cloudtrail(&from_filter::facts("", conditions), &options.schema),
    }
}

/// Whether the schema of CloudTrail records applies to a query.
pub(in crate::check) fn query_is_cloudtrail(query: &LogsQuery, options: &Options) -> bool {
    match options.records {
        Records::CloudTrail => true,
        Records::Other => false,
        Records::Auto => recognise::is_cloudtrail(&from_logs::facts(query), &options.schema),
    }
}

pub(in crate::check) fn check_filter(
    text: &str,
    pattern: &FilterPattern,
    schema: &Schema,
    findings: &mut Vec<Diagnostic>,
) {
    if let FilterPattern::Json(conditions) = pattern {
        let facts = from_filter::facts(text, conditions);
        each(&Context::new(text, schema, Spelling::Filter, &facts), findings);
    }
}

pub(in crate::check) fn check_query(
    text: &str,
    query: &LogsQuery,
    schema: &Schema,
    findings: &mut Vec<Diagnostic>,
) {
    let facts = from_logs::facts(query);
    each(&Context::new(text, schema, Spelling::Logs, &facts), findings);
}

/// What is to be said of a selector that takes its value from the records that a pattern matches.
pub(in crate::check) fn check_selector(
    text: &str,
    selector: &Selector,
    pattern: &FilterPattern,
    schema: &Schema,
    findings: &mut Vec<Diagnostic>,
) {
    if let FilterPattern::Json(conditions) = pattern {
        // The pattern tells that its events are wrapped, and has a finding for it.
        if from_filter::facts("", conditions).uses.iter().any(paths::is_wrapped) {
            return;
        }
        let facts = from_filter::of_selector(selector, conditions);
        each(&Context::new(text, schema, Spelling::Filter, &facts), findings);
    }
}

impl<'a> Context<'a> {
    fn new(text: &'a str, schema: &'a Schema, spelling: Spelling, facts: &'a Facts<'a>) -> Self {
        let found = facts.uses.iter().map(|one| schema.lookup(&one.path)).collect();
        Context { text, schema, spelling, facts, found }
    }

    /// Each place that names a field, and what its path leads to.
    fn uses(&self) -> impl Iterator<Item = (&'a FieldUse<'a>, &Lookup)> {
        self.facts.uses.iter().zip(&self.found)
    }

    /// Each place that names a field that is known.
    fn known(&self) -> impl Iterator<Item = (&'a FieldUse<'a>, &Field)> {
        self.uses().filter_map(|(one, found)| match found {
            Lookup::Known(field) => Some((one, field)),
            _ => None,
        })
    }

    /// The text at a place, for messages.
    fn written(&self, span: Span) -> &'a str {
        span.slice(self.text)
    }
}

/// A finding of this rule.
fn finding(rule: &Rule, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(rule.code, rule.severity, span, message)
}
