//! Logs Insights queries that run, but do not say what was meant, or cost more than they need.

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

super::family! { Context<'_>: }

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}
