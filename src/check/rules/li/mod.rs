//! Logs Insights queries that run, but do not say what was meant, or cost more than they need.

mod expressions;

use crate::schema::Schema;
use crate::{Diagnostic, LogsQuery};

/// A query under examination.
pub(in crate::check) struct Context<'a> {
    /// The query as written.
    pub(in crate::check) text: &'a str,
    /// The same, parsed.
    pub(in crate::check) query: &'a LogsQuery,
    /// The fields of a record, where the query is on CloudTrail records.
    pub(in crate::check) schema: Option<&'a Schema>,
}

super::family! { Context<'_>:
    li301_star_in_equality,
    li302_dots_of_an_address,
    li303_date_against_timestamp,
    li304_seconds_and_milliseconds,
    li305_host_bits,
    li306_group_of_one,
    li307_pattern_on_records,
    li308_contradiction,
    li309_stars_around_a_regex,
    li310_missing_passes,
}

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}

#[cfg(test)]
mod tests {
    use crate::check::Language;

    #[test]
    fn each_rule_speaks_of_its_bad_example_alone() {
        crate::check::rules::examples::hold(super::RULES, Language::LogsInsights);
    }
}
