//! Topics and their subscriptions, which wait until somebody confirms them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailql::provision::{Fault, Operation};

use super::request::{Answer, Request, made_of, refused, refused_with};
use super::tags::{self, Tags};
use super::world::Context;

#[derive(Default)]
pub(super) struct Sns {
    /// By their ARNs.
    topics: BTreeMap<String, Topic>,
}

struct Topic {
    attributes: Map<String, Value>,
    tags: Tags,
    subscriptions: Vec<Subscription>,
}

struct Subscription {
    arn: String,
    protocol: String,
    endpoint: String,
    confirmed: bool,
    /// It is listed for some days after it has ended, as `Deleted`.
    ended: bool,
}

impl Sns {
    /// Whoever has this endpoint says yes.
    pub(super) fn confirm(&mut self, endpoint: &str) {
        for topic in self.topics.values_mut() {
            for subscription in topic.subscriptions.iter_mut().filter(|one| one.endpoint == endpoint) {
                subscription.confirmed = true;
            }
        }
    }

    /// Whoever has this endpoint wants to hear no more.
    pub(super) fn end(&mut self, endpoint: &str) {
        for topic in self.topics.values_mut() {
            for subscription in topic.subscriptions.iter_mut().filter(|one| one.endpoint == endpoint) {
                subscription.ended = true;
            }
        }
    }

    pub(super) fn call(&mut self, context: &mut Context, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::CreateTopic => self.create(context, request),
            Operation::DeleteTopic => {
                request.only(&["TopicArn"])?;
                // Idempotent: a topic that is not there is no error.
                self.topics.remove(topic_arn(request, "TopicArn")?);
                Ok(json!({}))
            }
            Operation::Unsubscribe => self.unsubscribe(request),
            Operation::ListTopics => {
                request.only(&[])?;
                let topics: Vec<_> = self.topics.keys().map(|arn| json!({ "TopicArn": arn })).collect();
                Ok(json!({ "Topics": topics }))
            }
            Operation::ListTopicTags | Operation::TagTopic | Operation::UntagTopic => {
                request.only(&["ResourceArn", "Tags", "TagKeys"])?;
                let arn = topic_arn(request, "ResourceArn")?;
                let missing = || refused_with(404, "ResourceNotFound", "Resource does not exist");
                let topic = self.topics.get_mut(arn).ok_or_else(missing)?;
                tags::add(&mut topic.tags, tags::of_list(request.list("Tags")), too_many_tags)?;
                tags::remove(&mut topic.tags, request.list("TagKeys"));
                match request.operation {
                    Operation::ListTopicTags => Ok(json!({ "Tags": tags::as_list(&topic.tags) })),
                    _ => Ok(json!({})),
                }
            }
            _ => {
                let arn = topic_arn(request, "TopicArn")?;
                let missing = || refused_with(404, "NotFound", "Topic does not exist");
                let topic = self.topics.get_mut(arn).ok_or_else(missing)?;
                topic.call(context, arn, request)
            }
        }
    }

    /// The same name again gives the same ARN, unless attributes or tags are not those of the topic.
    fn create(&mut self, context: &Context, request: Request<'_>) -> Answer {
        request.only(&["Name", "Attributes", "Tags"])?;
        let name = request.required("Name")?;
        let fifo = name.ends_with(".fifo");
        let bare = name.strip_suffix(".fifo").unwrap_or(name);
        if bare.is_empty() || name.chars().count() > 256 || !made_of(bare, "_-") {
            return Err(request.invalid("Invalid parameter: Topic Name"));
        }
        let attributes =
            request.input.get("Attributes").and_then(Value::as_object).cloned().unwrap_or_default();
        if attributes.get("FifoTopic").is_some_and(|flag| flag == "true") != fifo {
            return Err(request.invalid("Invalid parameter: Topic Name"));
        }
        let mut tags = Tags::new();
        tags::add(&mut tags, tags::of_list(request.list("Tags")), too_many_tags)?;
        let arn = context.arn("sns", name);
        match self.topics.get(&arn) {
            Some(topic)
                if attributes.iter().any(|(name, value)| topic.attributes.get(name) != Some(value)) =>
            {
                let message =
                    "Invalid parameter: Attributes Reason: Topic already exists with different attributes";
                return Err(request.invalid(message));
            }
            Some(topic) if !tags.is_empty() && tags != topic.tags => {
                let message = "Invalid parameter: Tags Reason: Topic already exists with different tags";
                return Err(request.invalid(message));
            }
            Some(_) => {}
            None => {
                self.topics.insert(arn.clone(), Topic { attributes, tags, subscriptions: Vec::new() });
            }
        }
        Ok(json!({ "TopicArn": arn }))
    }

    fn unsubscribe(&mut self, request: Request<'_>) -> Answer {
        request.only(&["SubscriptionArn"])?;
        let arn = request.required("SubscriptionArn")?;
        if arn.split(':').count() != 7 {
            // As `PendingConfirmation`, which stands where the ARN of a subscription will be.
            let message =
                "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1";
            return Err(request.invalid(message));
        }
        for topic in self.topics.values_mut() {
            let before = topic.subscriptions.len();
            topic.subscriptions.retain(|subscription| subscription.arn != arn);
            if topic.subscriptions.len() < before {
                return Ok(json!({}));
            }
        }
        Err(refused_with(404, "NotFound", "Subscription does not exist"))
    }

    pub(super) fn snapshot(&self) -> Value {
        self.topics
            .iter()
            .map(|(arn, topic)| {
                let mut subscriptions: Vec<_> = topic
                    .subscriptions
                    .iter()
                    .filter(|one| !one.ended)
                    .map(|one| json!({ "protocol": one.protocol, "endpoint": one.endpoint, "confirmed": one.confirmed }))
                    .collect();
                subscriptions.sort_by_key(Value::to_string);
                let of = json!({ "attributes": topic.attributes, "tags": topic.tags, "subscriptions": subscriptions });
                (arn.clone(), of)
            })
            .collect()
    }
}

impl Topic {
    fn call(&mut self, context: &mut Context, arn: &str, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::GetTopicAttributes => {
                request.only(&["TopicArn"])?;
                let confirmed = self.subscriptions.iter().filter(|one| one.confirmed).count();
                let mut attributes = self.attributes.clone();
                let more = json!({
                    "TopicArn": arn,
                    "Owner": context.account,
                    "SubscriptionsConfirmed": confirmed.to_string(),
                    "SubscriptionsPending": (self.subscriptions.len() - confirmed).to_string(),
                    "SubscriptionsDeleted": "0",
                });
                attributes.extend(more.as_object().unwrap().clone());
                attributes.entry("DisplayName").or_insert_with(|| "".into());
                Ok(json!({ "Attributes": attributes }))
            }
            Operation::Subscribe => self.subscribe(context, arn, request),
            Operation::ListSubscriptionsByTopic => {
                request.only(&["TopicArn"])?;
                let of = |one: &Subscription| {
                    let told = match one {
                        Subscription { ended: true, .. } => "Deleted",
                        Subscription { confirmed: true, arn, .. } => arn,
                        _ => "PendingConfirmation",
                    };
                    json!({
                        "SubscriptionArn": told, "Owner": context.account, "Protocol": one.protocol,
                        "Endpoint": without_password(&one.endpoint), "TopicArn": arn,
                    })
                };
                Ok(json!({ "Subscriptions": self.subscriptions.iter().map(of).collect::<Vec<_>>() }))
            }
            other => panic!("a topic does not know {other}"),
        }
    }

    /// The same endpoint again is the same subscription.
    fn subscribe(&mut self, context: &mut Context, topic: &str, request: Request<'_>) -> Answer {
        request.only(&["TopicArn", "Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn"])?;
        let (protocol, endpoint) = (request.required("Protocol")?, request.required("Endpoint")?);
        let legal = match protocol {
            "email" | "email-json" => {
                endpoint.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            }
            "http" | "https" => endpoint.starts_with(&format!("{protocol}://")),
            "sms" => endpoint.starts_with('+'),
            "sqs" | "lambda" | "firehose" | "application" => endpoint.starts_with("arn:"),
            _ => {
                return Err(request.invalid(&format!(
                    "Invalid parameter: Does not support this protocol string: {protocol}"
                )));
            }
        };
        if !legal {
            return Err(request.invalid("Invalid parameter: Endpoint"));
        }
        let role =
            request.input.get("Attributes").and_then(|attributes| attributes.get("SubscriptionRoleArn"));
        if protocol == "firehose" && role.is_none() {
            let message =
                "Invalid parameter: Attributes Reason: SubscriptionRoleArn is required for firehose";
            return Err(request.invalid(message));
        }
        // Endpoints in an account of one's own need no confirmation.
        let confirmed = !matches!(protocol, "email" | "email-json" | "http" | "https");
        let same = |one: &&Subscription| !one.ended && one.protocol == protocol && one.endpoint == endpoint;
        if self.subscriptions.iter().find(same).is_none() {
            self.subscriptions.push(Subscription {
                arn: format!("{topic}:{}", context.id()),
                protocol: protocol.to_owned(),
                endpoint: endpoint.to_owned(),
                confirmed,
                ended: false,
            });
        }
        let one = self.subscriptions.iter().find(same).unwrap();
        let told =
            one.confirmed || request.input.get("ReturnSubscriptionArn").is_some_and(|flag| flag == true);
        Ok(json!({ "SubscriptionArn": if told { &one.arn } else { "pending confirmation" } }))
    }
}

/// Passwords of endpoints are never told.
fn without_password(endpoint: &str) -> String {
    let Some((scheme, rest)) = endpoint.split_once("://") else { return endpoint.to_owned() };
    match rest.split_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}://{user}:****@{host}"),
        None => endpoint.to_owned(),
    }
}

fn topic_arn<'r>(request: Request<'r>, member: &str) -> Result<&'r str, Fault> {
    let arn = request.required(member)?;
    if arn.starts_with("arn:") && arn.split(':').count() == 6 {
        return Ok(arn);
    }
    Err(request.invalid(&format!("Invalid parameter: {member}")))
}

fn too_many_tags() -> Fault {
    refused("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
}
