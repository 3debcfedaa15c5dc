//! Amazon SNS: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_sns::Client;
use aws_sdk_sns::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, send, structure};
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::ListTopics => send!(asked, client.list_topics() {
            NextToken: set_next_token,
        } => { Topics: topics, NextToken: next_token }),
        Operation::GetTopicAttributes => send!(asked, client.get_topic_attributes() {
            TopicArn: set_topic_arn,
        } => { Attributes: attributes }),
        Operation::CreateTopic => send!(asked, client.create_topic() {
            Name: set_name,
            Attributes: set_attributes,
            Tags: set_tags,
            DataProtectionPolicy: set_data_protection_policy,
        } => { TopicArn: topic_arn }),
        Operation::ListTopicTags => send!(asked, client.list_tags_for_resource() {
            ResourceArn: set_resource_arn,
        } => { Tags: tags }),
        Operation::TagTopic => send!(asked, client.tag_resource() {
            ResourceArn: set_resource_arn,
            Tags: set_tags,
        } => {}),
        Operation::UntagTopic => send!(asked, client.untag_resource() {
            ResourceArn: set_resource_arn,
            TagKeys: set_tag_keys,
        } => {}),
        Operation::ListSubscriptionsByTopic => send!(asked, client.list_subscriptions_by_topic() {
            TopicArn: set_topic_arn,
            NextToken: set_next_token,
        } => { Subscriptions: subscriptions, NextToken: next_token }),
        Operation::Subscribe => send!(asked, client.subscribe() {
            TopicArn: set_topic_arn,
            Protocol: set_protocol,
            Endpoint: set_endpoint,
            Attributes: set_attributes,
            ReturnSubscriptionArn: set_return_subscription_arn,
        } => { SubscriptionArn: subscription_arn }),
        Operation::Unsubscribe => send!(asked, client.unsubscribe() {
            SubscriptionArn: set_subscription_arn,
        } => {}),
        Operation::DeleteTopic => send!(asked, client.delete_topic() { TopicArn: set_topic_arn } => {}),
        _ => Err(asked.not_here()),
    }
}

answer!(types::Topic { TopicArn: topic_arn });

answer!(types::Subscription {
    SubscriptionArn: subscription_arn,
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topic_arn,
});

structure!(checked types::Tag { Key: key set_key, Value: value set_value });
