//! Logs Insights queries that run, but do not say what was meant, or cost more than they need.

mod addresses;
mod condition;
mod json_text;
mod pipeline;
mod record;
mod regexes;
mod relation;
#[cfg(test)]
mod tests;
mod times;

use crate::schema::Schema;
use crate::syntax::Rule;
use crate::syntax::logs::BinaryOp;
use crate::{Diagnostic, LogsQuery, Span};

/// A query under examination.
pub(in crate::check) struct Context<'a> {
    /// The query as written.
    pub(in crate::check) text: &'a str,
    /// The same, parsed.
    pub(in crate::check) query: &'a LogsQuery,
    /// The fields of a record, where the query is on CloudTrail records.
    pub(in crate::check) schema: Option<&'a Schema>,
}

impl<'a> Context<'a> {
    /// The text at a place.
    fn written(&self, span: Span) -> &'a str {
        span.slice(self.text)
    }

    /// Whether there are comments, which a change of more than a word could tear apart.
    fn has_comments(&self) -> bool {
        let commented = |stage: &crate::syntax::logs::Stage| {
            !stage.comments.0.before.is_empty() || stage.comments.0.behind.is_some()
        };
        self.query.stages.iter().any(commented)
    }
}

super::family! { Context<'_>:
    li301_equality_with_wildcard,
    li302_dot_in_an_address,
    li303_time_against_a_date,
    li304_seconds_and_milliseconds,
    li305_host_bits,
    li306_group_of_one_event,
    li307_pattern_of_records,
    li308_never_holds,
    li309_idle_wildcard,
    li310_missing_guard,
    li311_said_twice,
    li312_implied,
    li313_excluded,
    li314_always_holds,
    li315_listed_twice,
    li316_anchor_of_one_alternative,
    li317_empty_list,
    li318_with_itself,
    li319_text_as_condition,
    li320_literals_compared,
    li321_mixed_operators,
    li322_list_of_alternatives,
    li323_count_is_never_zero,
    li324_truth_as_text,
    li325_letter_case,
    li326_absent_as_text,
    li327_network_as_address,
    li328_start_of_an_address,
    li329_outside_a_network,
    li330_backticks_for_quotes,
    li331_any_rows_of_an_order,
    li332_hyphen_as_minus,
    li333_timestamp_in_seconds,
    li334_dot_in_a_host,
    li335_range_of_letters,
    li336_empty_alternative,
    li337_regex_of_a_whole_text,
    li338_regex_as_text,
    li339_greedy_beginning,
    li340_quoted_name,
    li341_count_of_a_condition,
    li342_percentile_as_fraction,
    li343_text_added,
    li344_trim_of_a_word,
    li345_coalesce_settled,
    li346_direction_left_open,
    li347_direction_of_the_last_key,
    li348_groups_in_no_order,
    li349_order_of_one_row,
    li350_sorted_twice,
    li351_limited_twice,
    li352_shown_before_stats,
    li353_parsed_for_nothing,
    li354_result_without_a_name,
    li355_column_twice,
    li356_parse_of_a_field,
    li357_message_searched_for_a_field,
    li358_dedup_of_missing,
    li359_regex_in_a_glob,
    li360_stars_side_by_side,
    li361_placeholder_in_quotes,
    li362_clock_of_a_result,
    li363_list_not_parsed,
    li364_name_within_a_name,
    li365_event_of_many_services,
    li366_name_of_no_user,
    li367_everything_shown,
}

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}

/// A finding of this rule.
fn finding(rule: &Rule, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(rule.code, rule.severity, span, message)
}

/// Whether a text can only be the name of a field: a system field, or one of CloudTrail's own names.
fn is_known_name(text: &str) -> bool {
    const SYSTEM: &[&str] = &["@message", "@timestamp", "@ingestionTime", "@logStream", "@log", "@ptr"];
    const TOP: &[&str] =
        &["errorMessage", "recipientAccountId", "requestID", "userAgent", "userIdentity.accountId"];
    SYSTEM.contains(&text) || TOP.contains(&text) || record::NAMES.contains(&text)
}

/// Whether what is replaced has all of its parentheses within, so that none is left alone.
fn is_whole(text: &str) -> bool {
    text.matches('(').count() == text.matches(')').count()
}

/// Whether an operator compares.
fn compares(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}
