//! The log group, the trail, the topics and the tags.

use super::Checker;
use super::texts::{ANY, BUCKET, LOG_GROUP, TAG, TRAIL};
use crate::diagnostic::Diagnostic;
use crate::stack::{LogGroup, MADE_IN_A_TAG, Topic, TopicSubscription, Trail, codes, is_region};

/// The retention periods of the service, in days (`spec/provisioning.md` 1).
const RETENTION_DAYS: &[i64] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// The protocols of SNS that a stack can say, each by itself enough for a subscription.
const PROTOCOLS: &[(&str, ())] = &[
    ("email", ()),
    ("email-json", ()),
    ("http", ()),
    ("https", ()),
    ("sms", ()),
    ("sqs", ()),
    ("lambda", ()),
    ("application", ()),
];

impl Checker<'_> {
    pub(super) fn trail(&mut self) {
        let stack = self.stack;
        if let Some(region) = &stack.region
            && !is_region(region)
        {
            let finding = Diagnostic::error(codes::TEXT, region.span, format!("`{region}` is no Region"));
            self.say(finding.help("it is written as `us-east-1`"));
        }
        if let Some(group) = &stack.log_group {
            self.text("log group's name", &group.log_group_name, (1, 512), &LOG_GROUP);
            if let Some(days) = &group.retention_in_days
                && !RETENTION_DAYS.contains(&days.value)
            {
                let nearest = RETENTION_DAYS.iter().min_by_key(|known| known.abs_diff(days.value));
                let message = format!("events cannot be kept for {days} days");
                let finding = Diagnostic::error(codes::NUMBER, days.span, message);
                let help = format!("the nearest retention period is {}", nearest.unwrap_or(&1));
                self.say(finding.help(help));
            }
            self.key(group);
        }
        if let Some(trail) = &stack.trail {
            self.text("trail's name", &trail.name, (3, 128), &TRAIL);
            self.text("bucket's name", &trail.s3_bucket_name, (3, 63), &BUCKET);
            if let Some(prefix) = &trail.s3_key_prefix {
                self.text("key prefix", prefix, (1, 200), &ANY);
            }
            self.global_events(trail);
            self.selectors(&trail.advanced_event_selectors);
        }
        self.distinct("topics", stack.topics.iter().map(|topic| &topic.name));
        for topic in &stack.topics {
            self.text("topic's name", &topic.name, (1, 256), &super::texts::DASHBOARD);
            for subscription in &topic.subscriptions {
                self.subscription(topic, subscription);
            }
        }
        self.tags();
    }

    /// A log group takes the ARN of a key, no id and no alias (`spec/provisioning.md` 6).
    fn key(&mut self, group: &LogGroup) {
        let Some(key) = &group.kms_key_id else { return };
        let mut parts = key.split(':');
        let is_arn = parts.next() == Some("arn")
            && parts.nth(1) == Some("kms")
            && parts.nth(2).is_some_and(|resource| resource.len() > 4 && resource.starts_with("key/"));
        if !is_arn {
            let message = format!("`{key}` is not the ARN of a key");
            let finding = Diagnostic::error(codes::KEY, key.span, message);
            self.say(finding.help(
                "write `arn:aws:kms:REGION:ACCOUNT:key/ID`; `aws kms describe-key --key-id alias/NAME` prints the ARN of an alias's key",
            ));
        }
    }

    fn subscription(&mut self, topic: &Topic, subscription: &TopicSubscription) {
        let protocol = &subscription.protocol;
        if protocol.as_str() == "firehose" {
            let message = format!(
                "a subscription of `firehose` to `{}` needs a `SubscriptionRoleArn`, for which a stack has no place",
                topic.name
            );
            let finding = Diagnostic::error(codes::CHOICE, protocol.span, message);
            self.say(finding.help(
                "subscribe the delivery stream to the topic by hand: what the stack did not make stays",
            ));
        } else {
            self.choice("protocol of SNS", protocol, PROTOCOLS);
        }
    }

    /// Tags go to everything that takes tags, so that the strictest service decides: IAM's alphabet, and CloudTrail's that no value
    /// is empty (`spec/provisioning.md` 6).
    fn tags(&mut self) {
        let stack = self.stack;
        if let Some(name) = &stack.name {
            self.text_of(codes::TAG, "name of the stack", name, (1, 256), &TAG);
        }
        self.count_tags();
        let least = usize::from(stack.trail.is_some());
        for (key, value) in &stack.tags {
            let reserved = match key.to_lowercase() {
                lower if lower.starts_with("aws:") => Some("AWS's own"),
                lower if lower.starts_with("trailql:") => Some("trailql's own, for what a stack made"),
                _ => None,
            };
            if let Some(whose) = reserved {
                let message = format!("the tag `{key}` is {whose}");
                let finding = Diagnostic::error(codes::TAG, key.span, message);
                self.say(finding.help("give it another name, without that prefix"));
            }
            self.text_of(codes::TAG, "key of the tag", key, (1, 128), &TAG);
            self.text_of(codes::TAG, &format!("value of the tag `{key}`"), value, (least, 256), &TAG);
        }
    }

    /// A resource has at most 50 tags, with trailql's own: the stack, the Region, and what was made of what has no tags.
    fn count_tags(&mut self) {
        const MOST: usize = 50;
        let stack = self.stack;
        let untagged = stack.metric_filters.len()
            + stack.anomaly_detectors.len()
            + stack.query_definitions.len()
            + stack.dashboards.len()
            + 2;
        let most = MOST.saturating_sub(2 + untagged.div_ceil(MADE_IN_A_TAG));
        if let Some(key) = stack.tags.keys().nth(most) {
            let message = format!("{} tags, and there can be {most} of one's own", stack.tags.len());
            let finding = Diagnostic::error(codes::TAG, key.span, message);
            self.say(
                finding.help(
                    "a resource has at most 50 tags, with those by which trailql knows what a stack made",
                ),
            );
        }
    }

    fn global_events(&mut self, trail: &Trail) {
        let is_everywhere = trail.is_multi_region_trail.is_some_and(|all| all.value);
        if let Some(global) =
            trail.include_global_service_events.filter(|global| is_everywhere && !global.value)
        {
            let message =
                format!("the trail `{}` is of all Regions and leaves out global services", trail.name);
            let finding = Diagnostic::error(codes::TRAIL_SETTINGS, global.span, message);
            self.say(finding.help("leave out `IncludeGlobalServiceEvents`, which is true by itself"));
        }
    }
}
