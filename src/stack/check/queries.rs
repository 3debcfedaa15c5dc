//! Saved queries: Logs Insights, and what is saved for metrics.

use super::texts::{ANY, LOG_GROUP, PARAMETER};
use super::{Checker, Defined};
use crate::LogsQuery;
use crate::check::Language;
use crate::diagnostic::Diagnostic;
use crate::plan::logs::{CompileOptions, LogsPlan};
use crate::stack::places::on_the_whole;
use crate::stack::{
    CheckedLogsQuery, CheckedMetricQuery, LogsQueryDefinition, MetricQueryDefinition, MetricText, codes,
};
use crate::syntax::logs::SavedQueries;
use crate::syntax::logs::codes::UNKNOWN_TABLE;

const LONGEST_NAME: usize = 255;
const LONGEST_QUERY: usize = 10_000;
const LONGEST_EXPRESSION: usize = 65_536;
const LONGEST_PATH_BYTES: usize = 1_015;
/// What `GetMetricData` takes, though more can be saved.
const LONGEST_RUNNABLE: usize = 2_048;

impl<'s> Checker<'s> {
    pub(super) fn logs_queries(&mut self) -> Vec<CheckedLogsQuery> {
        let definitions = &self.stack.query_definitions;
        self.distinct("queries", definitions.iter().map(|definition| &definition.name));
        definitions.iter().filter_map(|definition| self.logs_query(definition)).collect()
    }

    fn logs_query(&mut self, definition: &LogsQueryDefinition) -> Option<CheckedLogsQuery> {
        self.text("query's name", &definition.name, (1, LONGEST_NAME), &ANY);
        self.text("query", &definition.query_string, (1, LONGEST_QUERY), &ANY);
        for group in &definition.log_group_names {
            self.text("log group's name", group, (1, 512), &LOG_GROUP);
        }
        if let Some(language) = &definition.query_language {
            // The two others are OpenSearch's own languages.
            self.choice("language that is read here", language, &[("CWLI", ())])?;
        }
        for parameter in &definition.parameters {
            self.text("parameter's name", &parameter.name, (1, 128), &PARAMETER);
        }
        let plan = if definition.parameters.is_empty() {
            Some(self.plan(definition, &definition.query_string.value, true)?)
        } else {
            match self.with_defaults(definition)? {
                Some(text) => Some(self.plan(definition, &text, false)?),
                None => None,
            }
        };
        Some(CheckedLogsQuery {
            name: definition.name.value.clone(),
            text: definition.query_string.value.clone(),
            groups: definition.log_group_names.iter().map(|group| group.value.clone()).collect(),
            plan,
        })
    }

    /// The text with each parameter's default filled in; none within where one has no default.
    fn with_defaults(&mut self, definition: &LogsQueryDefinition) -> Option<Option<String>> {
        let query = definition.saved();
        let has_all = query.parameters.iter().all(|parameter| parameter.default.is_some());
        let mut saved = SavedQueries::default();
        let name = "Query";
        let expanded = saved.insert(name, query).and_then(|()| match has_all {
            true => saved.expand::<&str>(name, []).map(Some),
            false => Ok(None),
        });
        expanded
            .map_err(|error| self.error(codes::TEXT, definition.query_string.span, error.to_string()))
            .ok()
    }

    /// The plan of a query; what is found about the text goes to its place where it stands in the file as it is.
    fn plan(&mut self, definition: &LogsQueryDefinition, text: &str, in_place: bool) -> Option<LogsPlan> {
        let options =
            if self.asks_own_group(definition) { self.texts.clone() } else { self.options.texts.clone() };
        let mut found = self.said_of(text, Language::LogsInsights, &options);
        let compiled = LogsQuery::parse(text).ok().and_then(|query| {
            let (plan, more) =
                query.compile_lossy(&CompileOptions { level: options.level, ..Default::default() });
            // A text alone may name a table that is elsewhere; a query that is to be run may not.
            found.extend(more.into_iter().filter(|finding| finding.code == UNKNOWN_TABLE));
            plan
        });
        if in_place {
            self.lift(&definition.query_string, found);
        } else {
            for finding in found {
                self.say(on_the_whole(definition.query_string.span, finding));
            }
        }
        compiled
    }

    /// Whether a saved query is asked of the stack's own log group alone.
    fn asks_own_group(&self, definition: &LogsQueryDefinition) -> bool {
        let own = self.stack.log_group.as_ref().map(|group| &group.log_group_name);
        definition.log_group_names.iter().all(|group| Some(group) == own)
    }

    pub(super) fn metric_queries(&mut self) -> Vec<Defined<'s, MetricQueryDefinition, CheckedMetricQuery>> {
        let definitions = &self.stack.metric_query_definitions;
        self.distinct("metric queries", definitions.iter().map(|definition| &definition.path));
        definitions.iter().filter_map(|written| Some((written, self.metric_query(written)?))).collect()
    }

    fn metric_query(&mut self, definition: &MetricQueryDefinition) -> Option<CheckedMetricQuery> {
        self.text("path", &definition.path, (1, 1_024), &ANY);
        let path = definition.path.as_str();
        if path.len() > LONGEST_PATH_BYTES || path.split('/').any(str::is_empty) {
            let message = format!("the path `{path}` is refused");
            let finding = Diagnostic::error(codes::TEXT, definition.path.span, message);
            self.say(
                finding.help("slashes stand between folders, not first, last or twice; 1,015 bytes at most"),
            );
        }
        self.text("expression", &definition.expression, (1, LONGEST_EXPRESSION), &ANY);
        if definition.expression.chars().count() > LONGEST_RUNNABLE {
            let message = format!(
                "the expression is longer than {LONGEST_RUNNABLE} characters: it can be saved, not run"
            );
            self.say(Diagnostic::warning(codes::TEXT, definition.expression.span, message));
        }
        #[derive(Clone, Copy)]
        enum Kind {
            Sql,
            Math,
        }
        let kinds = [("SQL", Kind::Sql), ("METRIC_MATH", Kind::Math)];
        let text = match self.choice("type that is read here", &definition.kind, &kinds)? {
            Kind::Sql => {
                let query = self.sql(&definition.expression)?;
                self.is_queried(&query, definition.expression.span);
                MetricText::Query(Box::new(query))
            }
            Kind::Math => MetricText::Math(self.math(&definition.expression)?),
        };
        Some(CheckedMetricQuery { path: definition.path.value.clone(), text })
    }
}
