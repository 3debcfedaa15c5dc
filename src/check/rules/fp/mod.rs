//! Filter patterns that are legal, but can never match, always match, or match something else than they seem to.

use crate::schema::Schema;
use crate::{Diagnostic, FilterPattern};

/// A pattern under examination.
pub(in crate::check) struct Context<'a> {
    /// The pattern as written.
    pub(in crate::check) text: &'a str,
    /// The same, parsed.
    pub(in crate::check) pattern: &'a FilterPattern,
    /// The fields of a record, where the pattern is on CloudTrail records.
    pub(in crate::check) schema: Option<&'a Schema>,
}

super::family! { Context<'_>: }

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}
