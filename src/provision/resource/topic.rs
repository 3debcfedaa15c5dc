//! Topics, and who is told by them.

use serde_json::{Value, json};

use super::state::{only, tag_calls, tag_list, tag_map, with, with_own_tags};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place, without_secrets};
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
    let mut found: Vec<Value> = items.map(|one| only(one, IDENTITY)).collect();
    found.sort_by_key(Value::to_string);
    found
}

/// What makes a subscription another one.
const IDENTITY: &[&str] = &["Protocol", "Endpoint"];

pub(super) struct Topics;

impl Manage for Topics {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let arn = context.place.topic_arn(id.text("Name"));
        let look = Call::new(Operation::GetTopicAttributes, json!({ "TopicArn": arn }));
        if context.caller.look(&look)?.is_none() {
            return Ok(None);
        }
        let look = Call::new(Operation::ListSubscriptionsByTopic, json!({ "TopicArn": arn }));
        let told = going_on(&context.caller.look(&look)?.unwrap_or_default());
        let look = Call::new(Operation::ListTopicTags, json!({ "ResourceArn": arn }));
        let tags = tag_map(context.caller.look(&look)?.unwrap_or_default().get("Tags"));
        let state = json!({ "Subscriptions": told, "tags": tags });
        Ok(Some(Actual { handle: Some(arn), tags, ..Actual::of(state) }))
    }

    /// People may subscribe to it too.
    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        let there = subscriptions(actual.state.get("Subscriptions"));
        let told = subscriptions(wanted.get("Subscriptions"));
        let held = told.into_iter().filter(|one| is_among(&there, one));
        let gone = no_longer_told(actual, wanted).map(|one| only(one, IDENTITY));
        let own: Value = held.chain(gone).collect();
        with(&with_own_tags(actual, wanted), json!({ "Subscriptions": subscriptions(Some(&own)) }))
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
            .filter(|one| !is_among(&there, one))
            .map(|one| subscribe(place, resource, one))
            .collect();
        let gone = no_longer_told(actual, &resource.wanted).filter_map(arn_of);
        calls.extend(gone.map(|arn| Call::new(Operation::Unsubscribe, json!({ "SubscriptionArn": arn }))));
        let arn = place.topic_arn(&resource.id.name);
        calls.extend(tag_calls(
            differences,
            || {
                let tags = tag_list(&resource.wanted);
                Call::new(Operation::TagTopic, json!({ "ResourceArn": arn, "Tags": tags }))
            },
            |names| Call::new(Operation::UntagTopic, json!({ "ResourceArn": arn, "TagKeys": names })),
        ));
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
            Operation::Unsubscribe,
            Operation::TagTopic,
            Operation::UntagTopic,
            Operation::DeleteTopic,
        ]
    }
}

/// Who was told for the stack and is not any more. Who never confirmed cannot be unsubscribed, and lapses by himself.
fn no_longer_told<'a>(actual: &'a Actual, wanted: &Value) -> impl Iterator<Item = &'a Value> {
    let shown = |state: &Value| subscriptions(state.get("Subscriptions").map(without_secrets).as_ref());
    let told = shown(wanted);
    let before = actual.former.as_ref().map(shown).unwrap_or_default();
    let all = actual.state.get("Subscriptions").and_then(Value::as_array).into_iter().flatten();
    all.filter(move |one| {
        let plain = without_secrets(&only(one, IDENTITY));
        arn_of(one).is_some() && before.contains(&plain) && !told.contains(&plain)
    })
}

/// Whether a subscription is among those that are there, whose passwords the service does not tell.
fn is_among(there: &[Value], subscription: &Value) -> bool {
    let shown = without_secrets(subscription);
    there.iter().any(|one| without_secrets(one) == shown)
}

/// The subscriptions of an answer that have not ended; those that have are told for some days.
pub(in crate::provision) fn going_on(answer: &Value) -> Vec<Value> {
    let all = answer.get("Subscriptions").and_then(Value::as_array).into_iter().flatten();
    all.filter(|one| one.get("SubscriptionArn").and_then(Value::as_str) != Some("Deleted")).cloned().collect()
}

/// The ARN of a subscription; none of one that waits to be confirmed.
fn arn_of(subscription: &Value) -> Option<&str> {
    subscription.get("SubscriptionArn").and_then(Value::as_str).filter(|arn| arn.starts_with("arn:"))
}

fn subscribe(place: &Place, resource: &Resource, subscription: &Value) -> Call {
    let topic = json!({ "TopicArn": place.topic_arn(&resource.id.name), "ReturnSubscriptionArn": true });
    Call::new(Operation::Subscribe, with(&topic, subscription.clone()))
}
