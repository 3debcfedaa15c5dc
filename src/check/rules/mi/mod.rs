//! Metrics Insights queries that run, but probably select something else than was meant.

use crate::{Diagnostic, MetricsQuery};

/// A query under examination.
pub(in crate::check) struct Context<'a> {
    /// The query as written.
    pub(in crate::check) text: &'a str,
    /// The same, parsed.
    pub(in crate::check) query: &'a MetricsQuery,
}

super::family! { Context<'_>: }

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}
