//! What every format asks of a stack: who refers to whom, what is exported beside it, what no format can say.

use super::names::Named;
use super::value::{Fact, Piece, Reference, Value};
use super::{ExportOptions, Note};
use crate::provision::masked;
use crate::provision::query_source::names_its_source;
use crate::stack::{
    AnomalyDetector, CheckedAlarm, CheckedDetector, CheckedStack, DataEntry, DetectorSubject, LogGroup,
    LogsQueryDefinition, Stack, Text, Topic, TopicSubscription, Trail,
};

/// A stack, and how it is exported.
pub(super) struct Outline<'s> {
    pub(super) stack: &'s Stack,
    checked: &'s CheckedStack,
    options: &'s ExportOptions,
}

impl<'s> Outline<'s> {
    pub(super) fn new(checked: &'s CheckedStack, options: &'s ExportOptions) -> Self {
        Outline { stack: checked.definition(), checked, options }
    }

    /// The trail and the log group, where the one delivers to the other.
    pub(super) fn delivery(&self) -> Option<(&'s Trail, &'s LogGroup)> {
        Some((self.stack.trail.as_ref()?, self.stack.log_group.as_ref()?))
    }

    /// The trail whose bucket is made too.
    pub(super) fn made_bucket(&self) -> Option<&'s Trail> {
        self.stack.trail.as_ref().filter(|_| self.options.bucket)
    }

    /// The trail whose bucket gets its policy.
    pub(super) fn made_bucket_policy(&self) -> Option<&'s Trail> {
        self.stack.trail.as_ref().filter(|_| self.options.bucket || self.options.bucket_policy)
    }

    /// The name of the trail's bucket.
    pub(super) fn bucket(&self, trail: &Trail) -> Value {
        match self.made_bucket() {
            Some(_) => Reference::BucketName.into(),
            None => (&trail.s3_bucket_name).into(),
        }
    }

    /// Whether providers are set up beside the export.
    pub(super) fn has_providers_elsewhere(&self) -> bool {
        self.options.no_providers
    }

    /// Whether the filters need a log group that the stack does not name.
    pub(super) fn asks_for_log_group(&self) -> bool {
        self.stack.log_group.is_none() && !self.stack.metric_filters.is_empty()
    }

    /// Whether the trail records an organization.
    pub(super) fn is_of_organization(&self) -> bool {
        let trail = self.stack.trail.as_ref();
        trail.and_then(|trail| trail.is_organization_trail.as_ref()).is_some_and(|is| is.value)
    }

    /// The account that owns the trail.
    pub(super) fn account(&self) -> Piece {
        known_or(&self.options.account, Fact::Account)
    }

    /// The organization.
    pub(super) fn organization(&self) -> Piece {
        known_or(&self.options.organization, Fact::Organization)
    }

    /// What an alarm does: tell a topic of the stack, or what an ARN names.
    pub(super) fn action(&self, action: &Text) -> Value {
        let topic = action
            .strip_prefix("topic:")
            .and_then(|name| self.stack.topics.iter().position(|topic| topic.name.as_str() == name));
        topic.map_or_else(|| action.into(), |topic| Reference::Topic(topic).into())
    }

    /// The log groups of a saved query: its own, else the stack's, unless the query names them itself.
    pub(super) fn groups(&self, query: &LogsQueryDefinition) -> Vec<Value> {
        let own = self.stack.log_group.as_ref().map(|group| group.log_group_name.as_str());
        let value = |name: &Text| match own == Some(name.as_str()) {
            true => Reference::LogGroupName.into(),
            false => name.into(),
        };
        if !query.log_group_names.is_empty() {
            return query.log_group_names.iter().map(value).collect();
        }
        own.filter(|_| !names_its_source(query)).map(|_| Reference::LogGroupName.into()).into_iter().collect()
    }

    /// The detectors, by number, that learn what the band of an alarm, by number, is laid around.
    pub(super) fn learners(&self, alarm: usize) -> Vec<usize> {
        let Some(alarm) = self.checked.alarms().get(alarm) else { return Vec::new() };
        let learns = |detector: &CheckedDetector| learns(detector, alarm);
        let detectors = self.checked.detectors().iter().enumerate();
        detectors.filter(|(_, detector)| learns(detector)).map(|(number, _)| number).collect()
    }

    /// Alarms, filters and so on as they are to be named.
    pub(super) fn filters(&self) -> Vec<Named> {
        let filters = self.stack.metric_filters.iter();
        filters.map(|filter| Named::by_name("Filter", &filter.filter_name)).collect()
    }

    pub(super) fn detectors(&self) -> Vec<Named> {
        self.stack.anomaly_detectors.iter().map(detector).collect()
    }

    pub(super) fn topics(&self) -> Vec<Named> {
        self.stack.topics.iter().map(|topic| Named::by_name("Topic", &topic.name)).collect()
    }

    /// The subscriptions of all topics, topic by topic.
    pub(super) fn subscriptions(&self) -> Vec<Named> {
        let of = |topic: &'s Topic| topic.subscriptions.iter().map(move |one| (topic, one));
        let named = |(topic, one): (&Topic, &TopicSubscription)| Named {
            kind: "Subscription",
            name: format!("{} {}", topic.name, masked(&one.endpoint)),
            identity: format!("{} {} {}", topic.name, one.protocol, masked(&one.endpoint)),
        };
        self.stack.topics.iter().flat_map(of).map(named).collect()
    }

    pub(super) fn alarms(&self) -> Vec<Named> {
        self.stack.alarms.iter().map(|alarm| Named::by_name("Alarm", &alarm.alarm_name)).collect()
    }

    pub(super) fn queries(&self) -> Vec<Named> {
        self.stack.query_definitions.iter().map(|query| Named::by_name("Query", &query.name)).collect()
    }

    pub(super) fn dashboards(&self) -> Vec<Named> {
        let dashboards = self.stack.dashboards.iter();
        dashboards.map(|dashboard| Named::by_name("Dashboard", &dashboard.dashboard_name)).collect()
    }

    /// What is to be known whatever the format.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for query in &self.stack.metric_query_definitions {
            notes.push(Note::missing(format!(
                "the saved metric query `{}` is not in the export, for there is no type of resource for it",
                query.path
            )));
        }
        for (detector, named) in self.stack.anomaly_detectors.iter().zip(self.detectors()) {
            let configuration = detector.configuration.as_ref();
            let speed = configuration.and_then(|one| one.adaptation_speed.as_ref());
            let strength = configuration.and_then(|one| one.outlier_filtering_strength.as_ref());
            for (member, value) in [("AdaptationSpeed", speed), ("OutlierFilteringStrength", strength)] {
                let Some(value) = value else { continue };
                notes.push(Note::missing(format!(
                    "the anomaly detector of `{}` is without its `{member} = {value}`, which only `PutAnomalyDetector` takes",
                    named.name
                )));
            }
        }
        if self.is_of_organization() && self.options.account.is_none() {
            notes.push(Note::to_do(
                "the trail belongs to the management account of the organization: deploy it there, or name that account with `--account`",
            ));
        }
        for topic in &self.stack.topics {
            let waits = |protocol: &str| matches!(protocol, "email" | "email-json" | "http" | "https");
            for subscription in topic.subscriptions.iter().filter(|one| waits(&one.protocol)) {
                notes.push(Note::to_do(format!(
                    "the subscription of `{}` to `{}` is pending until it is confirmed there",
                    masked(&subscription.endpoint),
                    topic.name
                )));
            }
        }
        notes
    }
}

fn known_or(known: &Option<String>, fact: Fact) -> Piece {
    known.as_ref().map_or(Piece::Fact(fact), |known| Piece::Text(known.clone()))
}

fn learns(detector: &CheckedDetector, alarm: &CheckedAlarm) -> bool {
    let Some(band) = &alarm.band else { return false };
    match (alarm.watched.get(&band.around), &detector.subject) {
        (Some(DataEntry::Metric(source)), DetectorSubject::Metric(..)) => detector.learns(source),
        (Some(DataEntry::Math(_)), DetectorSubject::Math(queries)) => *queries == alarm.watched,
        _ => false,
    }
}

/// A detector has no name: it is called after its metric and statistic, or after the result of its math.
fn detector(detector: &AnomalyDetector) -> Named {
    let identity = |value: &dyn std::fmt::Debug| format!("{value:?}");
    if let Some(single) = &detector.single_metric_anomaly_detector {
        let dimensions: Vec<_> =
            single.dimensions.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        let name = format!("{} {}", single.metric_name, single.stat);
        return Named {
            kind: "Detector",
            name,
            identity: identity(&(single.namespace.as_str(), dimensions)),
        };
    }
    let queries =
        detector.metric_math_anomaly_detector.iter().flat_map(|math| &math.metric_data_queries.value);
    let texts: Vec<_> = queries
        .clone()
        .map(|query| (query.id.as_str(), query.expression.as_ref().map(|text| text.as_str())))
        .collect();
    let result = queries.clone().find(|query| query.return_data.as_ref().is_none_or(|returns| returns.value));
    let name = result.map(|query| query.label.as_ref().unwrap_or(&query.id).value.clone());
    Named { kind: "Detector", name: name.unwrap_or_default(), identity: identity(&texts) }
}
