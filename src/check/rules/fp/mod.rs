//! Filter patterns that are legal, but can never match, always match, or match something else than they seem to.

mod clause;
mod contradiction;
mod domain;
mod layout;
mod legs;
mod record;
mod terms;
mod texts;

use crate::schema::Schema;
use crate::syntax::filter::Expr;
use crate::{Diagnostic, FilterPattern};

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
