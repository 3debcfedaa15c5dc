//! Topics, and who is told by them.

use serde_json::{Value, json};

use super::state::{only, tag_list, tag_map, with_own_tags};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::{Difference, is_about};
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::Topic;

/// A topic.
pub(in crate::provision) fn wanted(topic: &Topic, tags: &Value) -> Resource {
    let written = serde_json::to_value(topic).unwrap_or_default();
    Resource {
        id: ResourceId::named(Kind::Topic, "Name", &topic.name),
        wanted: json!({ "Subscriptions": subscriptions(written.get("Subscriptions")), "tags": tags }),
        needs: Vec::new(),
    }
}

fn subscriptions(list: Option<&Value>) -> Vec<Value> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<Value> = items.map(|one| only(one, &["Protocol", "Endpoint"])).collect();
    found.sort_by_key(Value::to_string);
    found
}

pub(super) struct Topics;

impl Manage for Topics {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let arn = context.place.topic_arn(id.text("Name"));
        let look = Call::new(Operation::GetTopicAttributes, json!({ "TopicArn": arn }));
        if context.caller.look(&look)?.is_none() {
            return Ok(None);
        }
        let look = Call::new(Operation::ListSubscriptionsByTopic, json!({ "TopicArn": arn }));
        let told = context.caller.look(&look)?.unwrap_or_default();
        let look = Call::new(Operation::ListTopicTags, json!({ "ResourceArn": arn }));
        let tags = tag_map(context.caller.look(&look)?.unwrap_or_default().get("Tags"));
        let state = json!({ "Subscriptions": subscriptions(told.get("Subscriptions")), "tags": tags });
        Ok(Some(Actual { handle: Some(arn), tags, ..Actual::of(state) }))
    }

    /// People may subscribe to it too.
    fn own_part(&self, actual: &Value, wanted: &Value) -> Value {
        let there = subscriptions(actual.get("Subscriptions"));
        let held = subscriptions(wanted.get("Subscriptions")).into_iter().filter(|one| there.contains(one));
        let held = json!({ "Subscriptions": held.collect::<Vec<_>>() });
        super::state::with(&with_own_tags(actual, wanted), held)
    }

    fn create(&self, place: &Place, resource: &Resource) -> Vec<Call> {
        let tags = tag_list(&resource.wanted);
        let create = Call::new(Operation::CreateTopic, json!({ "Name": resource.id.name, "Tags": tags }));
        let told = subscriptions(resource.wanted.get("Subscriptions"));
        [create].into_iter().chain(told.iter().map(|one| subscribe(place, resource, one))).collect()
    }

    fn update(
        &self,
        place: &Place,
        resource: &Resource,
        actual: &Actual,
        differences: &[Difference],
    ) -> Vec<Call> {
        let there = subscriptions(actual.state.get("Subscriptions"));
        let told = subscriptions(resource.wanted.get("Subscriptions"));
        let mut calls: Vec<Call> = told
            .iter()
            .filter(|one| !there.contains(one))
            .map(|one| subscribe(place, resource, one))
            .collect();
        if is_about(differences, "tags") {
            let tags = tag_list(&resource.wanted);
            let input = json!({ "ResourceArn": place.topic_arn(&resource.id.name), "Tags": tags });
            calls.push(Call::new(Operation::TagTopic, input));
        }
        calls
    }

    /// Its subscriptions go with it.
    fn delete(&self, place: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        let input = json!({ "TopicArn": place.topic_arn(&resource.id.name) });
        vec![Call::new(Operation::DeleteTopic, input)]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.topic_arn(id.text("Name"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::GetTopicAttributes,
            Operation::ListSubscriptionsByTopic,
            Operation::ListTopicTags,
            Operation::CreateTopic,
            Operation::Subscribe,
            Operation::TagTopic,
            Operation::DeleteTopic,
        ]
    }
}

fn subscribe(place: &Place, resource: &Resource, subscription: &Value) -> Call {
    let topic = json!({ "TopicArn": place.topic_arn(&resource.id.name), "ReturnSubscriptionArn": true });
    Call::new(Operation::Subscribe, super::state::with(&topic, subscription.clone()))
}
