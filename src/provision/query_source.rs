//! Whether a saved query says itself which log groups it reads.

use crate::LogsQuery;
use crate::stack::LogsQueryDefinition;
use crate::syntax::logs::{Command, SavedQueries};

/// Whether the text of a query names the log groups itself, by `SOURCE` (`spec/logs-insights.md` 2.2). What stands for a
/// parameter without default is not known: a number and a text are tried.
pub(super) fn names_its_source(query: &LogsQueryDefinition) -> bool {
    ["1", "\"\""].into_iter().any(|literal| {
        let mut query = query.saved();
        for parameter in &mut query.parameters {
            parameter.default.get_or_insert_with(|| literal.to_owned());
        }
        let mut saved = SavedQueries::default();
        let text = saved.insert("Query", query).and_then(|()| saved.expand::<&str>("Query", []));
        let parsed = text.ok().and_then(|text| LogsQuery::parse(&text).ok());
        parsed
            .is_some_and(|query| query.stages.iter().any(|stage| matches!(stage.command, Command::Source(_))))
    })
}
