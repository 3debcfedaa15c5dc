//! Filter patterns that are legal, but can never match, always match, or match something else than they seem to.

mod clause;
mod contradiction;
mod domain;
mod layout;
mod legs;
mod record;
mod regexes;
mod terms;
mod texts;

use crate::schema::Schema;
use crate::syntax::Rule;
use crate::syntax::filter::Expr;
use crate::{Diagnostic, FilterPattern, Span};

use clause::Clause;

/// A pattern under examination.
pub(in crate::check) struct Context<'a> {
    /// The pattern as written.
    pub(in crate::check) text: &'a str,
    /// The same, parsed.
    pub(in crate::check) pattern: &'a FilterPattern,
    /// The fields of a record, where the pattern is on CloudTrail records.
    pub(in crate::check) schema: Option<&'a Schema>,
}

/// What the rules look at.
struct View<'a> {
    text: &'a str,
    pattern: &'a FilterPattern,
    schema: Option<&'a Schema>,
    /// The conditions of a JSON pattern, or those of each field of a line, all of which must hold.
    trees: Vec<Expr<Clause<'a>>>,
}

impl View<'_> {
    /// Every condition, from left to right.
    fn clauses(&self) -> impl Iterator<Item = &Clause<'_>> {
        self.trees.iter().flat_map(Expr::leaves)
    }
}

/// A finding of `rule`.
fn found(rule: &Rule, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(rule.code, rule.severity, span, message)
}

super::family! { View<'_>:
    fp301_never_matches,
    fp302_dead_alternative,
    fp303_always_holds,
    fp304_missing_guard,
    fp305_exclusions_joined_by_or,
    fp306_mixed_operators,
    fp307_said_twice,
    fp308_implied_condition,
    fp309_redundant_existence,
    fp310_differs_from_everything,
    fp311_plain_regex,
    fp312_excluded_and_required,
    fp313_term_within_a_term,
    fp314_short_term,
    fp315_conditions_apart,
    fp316_some_value_differs,
    fp317_path_in_one_key,
    fp318_quoted_regex,
    fp319_percent_as_wildcard,
    fp320_blanks_at_the_ends,
    fp321_dot_of_an_address,
    fp322_name_inside_longer_names,
    fp323_anchors_of_one_alternative,
    fp324_padded_regex,
    fp325_alternatives_in_a_class,
    fp326_misplaced_anchor,
    fp327_bare_boolean,
    fp328_quoted_null,
    fp329_quoted_number,
    fp330_null_for_absent,
    fp331_absent_for_null,
    fp332_null_in_an_array,
    fp333_empty_text,
    fp334_placeholder,
    fp335_html_entity,
    fp336_quotes_inside_quotes,
    fp337_doubled_parentheses,
    fp338_near_the_limit,
    fp339_one_level_only,
    fp340_phrase_as_words,
    fp341_logical_word,
    fp342_lone_alternative,
    fp343_member_as_term,
    fp344_member_text_in_phrase,
    fp345_leading_hyphen,
    fp346_whole_line,
    fp347_rest_of_the_line,
    fp348_every_line,
    fp349_member_as_column,
    fp350_number_by_spelling,
    fp351_regex_alternative_covered,
}

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let view = View {
        text: context.text,
        pattern: context.pattern,
        schema: context.schema,
        trees: clause::trees(context.pattern, context.text),
    };
    each(&view, findings);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_examples_hold() {
        crate::check::rules::examples::hold(super::RULES, crate::check::Language::FilterPattern);
    }
}
