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
    li301_never_holds,
    li302_always_holds,
    li303_said_twice,
    li304_implied,
    li305_listed_twice,
    li306_empty_list,
    li307_with_itself,
    li308_text_as_condition,
    li309_literals_compared,
    li310_mixed_operators,
    li311_list_of_alternatives,
    li312_missing_guard,
    li313_equality_with_wildcard,
    li314_count_is_never_zero,
    li315_truth_as_text,
    li316_letter_case,
    li317_absent_as_text,
    li318_network_as_address,
    li319_start_of_an_address,
    li320_outside_a_network,
    li321_backticks_for_quotes,
    li322_any_rows_of_an_order,
    li323_hyphen_as_minus,
    li324_time_against_a_date,
    li325_timestamp_in_seconds,
    li326_seconds_and_milliseconds,
    li327_dot_in_an_address,
    li328_dot_in_a_host,
    li329_range_of_letters,
    li330_anchor_of_one_alternative,
    li331_empty_alternative,
    li332_idle_wildcard,
    li333_regex_of_a_whole_text,
    li334_regex_as_text,
    li335_greedy_beginning,
    li336_quoted_name,
    li337_count_of_a_condition,
    li338_percentile_as_fraction,
    li339_text_added,
    li340_trim_of_a_word,
    li341_coalesce_settled,
    li342_direction_left_open,
    li343_direction_of_the_last_key,
    li344_groups_in_no_order,
    li345_order_of_one_row,
    li346_sorted_twice,
    li347_limited_twice,
    li348_shown_before_stats,
    li349_parsed_for_nothing,
    li350_group_of_one_event,
    li351_result_without_a_name,
    li352_column_twice,
    li353_pattern_of_records,
    li354_parse_of_a_field,
    li355_message_searched_for_a_field,
    li356_dedup_of_missing,
    li357_regex_in_a_glob,
    li358_stars_side_by_side,
    li359_placeholder_in_quotes,
    li360_number_made_of_a_name,
    li361_text_of_a_date,
    li362_name_within_a_name,
    li363_event_of_many_services,
    li364_name_of_no_user,
    li365_everything_shown,
    li366_host_bits,
    li367_list_not_parsed,
    li368_clock_of_a_result,
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
