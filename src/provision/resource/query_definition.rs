//! Saved Logs Insights queries. The service knows them by an id of its own; a stack knows them by name.

use serde_json::{Value, json};

use super::state::{in_order, only, with, without_default};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::LogsQuery;
use crate::provision::difference::Difference;
use crate::provision::query_source::names_its_source;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::LogsQueryDefinition;

/// A saved query; without log groups of its own, on the stack's.
pub(in crate::provision) fn wanted(query: &LogsQueryDefinition, log_group: Option<&ResourceId>) -> Resource {
    let mut written = serde_json::to_value(query).unwrap_or_default();
    if query.log_group_names.is_empty()
        && let Some(group) = log_group
        && !names_its_source(query)
    {
        written = with(&written, json!({ "logGroupNames": [group.name] }));
    }
    Resource {
        id: ResourceId::named(Kind::QueryDefinition, "name", &query.name),
        wanted: plain(&written),
        needs: log_group.cloned().into_iter().collect(),
    }
}

fn plain(query: &Value) -> Value {
    let mut state = only(query, &["queryString", "queryLanguage", "logGroupNames", "parameters"]);
    without_default(&mut state, "queryLanguage", &json!("CWLI"));
    in_order(&mut state, "logGroupNames");
    state
}

pub(super) struct QueryDefinitions;

impl Manage for QueryDefinitions {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let name = id.text("name");
        let look =
            Call::new(Operation::DescribeQueryDefinitions, json!({ "queryDefinitionNamePrefix": name }));
        let Some(answer) = context.caller.look(&look)? else { return Ok(None) };
        let queries = answer.get("queryDefinitions").and_then(Value::as_array).into_iter().flatten();
        // The search is by prefix, and a name may stand more than once.
        let mut found = queries.filter(|query| query.get("name").and_then(Value::as_str) == Some(name));
        Ok(found.next().map(|query| {
            let handle = query.get("queryDefinitionId").and_then(Value::as_str).map(str::to_owned);
            Actual { handle, is_one_of_several: found.next().is_some(), ..Actual::of(plain(query)) }
        }))
    }

    fn same(&self, path: &str, before: &Value, after: &Value) -> bool {
        let parsed = |text: &Value| text.as_str().and_then(|text| LogsQuery::parse(text).ok());
        // Comments are kept in a saved query, and trees do not see them.
        let has_comment = |text: &Value| text.as_str().is_some_and(|text| text.contains('#'));
        path == "queryString"
            && !has_comment(before)
            && !has_comment(after)
            && parsed(before).is_some_and(|before| parsed(after).is_some_and(|after| before == after))
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        vec![Call::new(Operation::PutQueryDefinition, with(&resource.id.key, resource.wanted.clone()))]
    }

    fn update(&self, _: &Place, resource: &Resource, actual: &Actual, _: &[Difference]) -> Vec<Call> {
        let input = with(&resource.id.key, resource.wanted.clone());
        let input = with(&input, json!({ "queryDefinitionId": actual.handle }));
        vec![Call::new(Operation::PutQueryDefinition, input)]
    }

    fn delete(&self, _: &Place, _: &Resource, actual: &Actual) -> Vec<Call> {
        let input = json!({ "queryDefinitionId": actual.handle });
        vec![Call::new(Operation::DeleteQueryDefinition, input)]
    }

    /// Actions on saved queries know no resource.
    fn arn(&self, _: &Place, _: &ResourceId) -> String {
        "*".to_owned()
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::DescribeQueryDefinitions,
            Operation::PutQueryDefinition,
            Operation::DeleteQueryDefinition,
        ]
    }
}
