//! What the CloudTrail record and the AWS API model say of the fields, event sources, event names and values of a text,
//! whatever its language.

use crate::check::text::{Options, Records};
use crate::schema::Schema;
use crate::{Diagnostic, FilterPattern, LogsQuery};

/// A text under examination, language apart.
pub(in crate::check) struct Context<'a> {
    /// Fields, event sources and event names.
    pub(in crate::check) schema: &'a Schema,
}

super::family! { Context<'_>: }

/// Whether the schema of CloudTrail records applies to a pattern.
pub(in crate::check) fn filter_is_cloudtrail(_pattern: &FilterPattern, options: &Options) -> bool {
    options.records == Records::CloudTrail
}

/// Whether the schema of CloudTrail records applies to a query.
pub(in crate::check) fn query_is_cloudtrail(_query: &LogsQuery, options: &Options) -> bool {
    options.records == Records::CloudTrail
}

pub(in crate::check) fn check_filter(
    _text: &str,
    _pattern: &FilterPattern,
    schema: &Schema,
    findings: &mut Vec<Diagnostic>,
) {
    each(&Context { schema }, findings);
}

pub(in crate::check) fn check_query(
    _text: &str,
    _query: &LogsQuery,
    schema: &Schema,
    findings: &mut Vec<Diagnostic>,
) {
    each(&Context { schema }, findings);
}
