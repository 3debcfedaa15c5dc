//! The resources of one account and Region, gathered into stacks that can be checked.

use std::collections::BTreeMap;

use crate::check::Options;
use crate::host::node::Node;
use crate::stack::check::namespaces;
use crate::stack::{
    AnomalyDetector, Extent, Located, LogsQueryDefinition, MetricAlarm, MetricFilter, Places, Stack,
    StackOptions, Text, Topic,
};
use crate::{Diagnostic, Span};

use super::beyond::Beyond;
use super::dashboard::{self, Drawn};
use super::filter::Emission;
use super::group::{Groups, Key, spelled};
use super::members::{Dialect, Members, Reader};
use super::places::HostFile;
use super::{Declared, Kind, alarm, filter, is_of_definitions, trail};

/// Arguments of Terraform's own that change nothing here: what they could change is seen to elsewhere.
const OF_TERRAFORM: &[&str] =
    &["count", "depends_on", "lifecycle", "provider", "region", "tags", "tags_all", "timeouts"];
const OF_CLOUDFORMATION: &[&str] = &["Tags"];

/// The resources of one account and Region.
pub(super) struct Scope<'r> {
    reader: &'r Reader<'r>,
    groups: &'r Groups,
    filters: Vec<(MetricFilter, Key)>,
    /// What else may be emitted.
    emissions: Vec<Emission>,
    alarms: Vec<MetricAlarm>,
    detectors: Vec<AnomalyDetector>,
    queries: Vec<LogsQueryDefinition>,
    drawn: Vec<Drawn>,
    trails: Vec<Delivery>,
    /// Where the patterns of filters stand, whatever else is known of them.
    patterns: Vec<(Span, Key)>,
}

/// A trail, and the log group that it delivers to.
struct Delivery {
    /// None where it is not known in full.
    trail: Option<trail::Lowered>,
    group: Option<Key>,
}

/// Definitions that are checked as one stack.
pub(super) struct Part {
    stack: Stack,
    /// What dashboards draw, of which nothing else is looked at.
    drawn: Vec<Drawn>,
    extent: Extent,
    /// Whether the selectors of the trail are as they are written.
    is_exact: bool,
}

impl<'r> Scope<'r> {
    pub(super) fn new(reader: &'r Reader<'r>, groups: &'r Groups) -> Self {
        Scope {
            reader,
            groups,
            filters: Vec::new(),
            emissions: Vec::new(),
            alarms: Vec::new(),
            detectors: Vec::new(),
            queries: Vec::new(),
            drawn: Vec::new(),
            trails: Vec::new(),
            patterns: Vec::new(),
        }
    }

    pub(super) fn define(&mut self, one: &Declared<'_>) {
        let own = one.members(self.reader).map(|own| (own, named(one, &own)));
        let certain = own.as_ref().filter(|_| one.resource.is_certain);
        let around = if one.dialect == Dialect::CloudFormation { OF_CLOUDFORMATION } else { OF_TERRAFORM };
        match one.kind {
            Kind::Filter => self.filter(one, around),
            Kind::Trail => self.trail(one),
            Kind::Alarm => {
                self.alarms.extend(certain.and_then(|(own, name)| alarm::alarm(own, name.clone(), around)));
            }
            Kind::Dashboard => {
                self.drawn.extend(certain.into_iter().flat_map(|(own, _)| dashboard::drawn(own)))
            }
            Kind::Detector => self.detectors.extend(certain.and_then(|(own, _)| alarm::detector(own))),
            Kind::Query => {
                let query = certain.and_then(|(own, name)| query(own, name.clone(), around));
                // Whether two may have one name is not documented.
                let is_new =
                    |query: &LogsQueryDefinition| self.queries.iter().all(|other| other.name != query.name);
                self.queries.extend(query.filter(is_new));
            }
            Kind::Composite | Kind::LogGroup => {}
        }
    }

    fn filter(&mut self, one: &Declared<'_>, around: &[&str]) {
        let own = one.members(self.reader);
        let group = self.group(one, "LogGroupName").unwrap_or_else(|| Key(format!("@{}", one.address())));
        let place = own.as_ref().and_then(filter::pattern_place);
        self.patterns.extend(place.map(|place| (place, group.clone())));
        let certain = own.filter(|_| one.resource.is_certain);
        match certain.and_then(|own| filter::filter(&own, named(one, &own), around)) {
            Some(filter) => self.filters.push((filter, group)),
            None => self.emissions.extend(filter::emissions(own.as_ref())),
        }
    }

    fn trail(&mut self, one: &Declared<'_>) {
        let own = one.members(self.reader);
        let is_delivered = own.as_ref().is_none_or(|own| trail::group(own).is_some());
        let unknown = || Key("${}".to_owned());
        let group =
            is_delivered.then(|| self.group(one, "CloudWatchLogsLogGroupArn").unwrap_or_else(unknown));
        let certain = own.filter(|_| one.resource.is_certain);
        let trail = certain.and_then(|own| trail::trail(&own, one.resource.place));
        self.trails.push(Delivery { trail, group });
    }

    /// The log group that a member names.
    fn group(&self, one: &Declared<'_>, member: &str) -> Option<Key> {
        let node = raw(one, self.reader)?.get(member)?;
        Some(self.groups.key(one.dialect, &spelled(self.reader, one.dialect, node)?))
    }

    /// Tells what may as well be in other scopes.
    pub(super) fn tell(&self, at: usize, beyond: &mut Beyond) {
        for entry in self.filters.iter().flat_map(|(filter, _)| filter.metric_transformations.iter()) {
            beyond.emitted(at, &entry.metric_namespace, &entry.metric_name);
        }
        self.emissions.iter().for_each(|emission| beyond.may_be_emitted(emission.clone()));
        for group in self.trails.iter().filter_map(|trail| trail.group.clone()) {
            beyond.delivered(at, group);
        }
    }

    /// What its filters emit that are known in full.
    pub(super) fn emitted(&self) -> Stack {
        let metric_filters = self.filters.iter().map(|(filter, _)| filter.clone()).collect();
        Stack { metric_filters, ..Stack::default() }
    }

    /// Where patterns stand on log groups that a trail delivers to.
    pub(super) fn of_trails(&self) -> Vec<Span> {
        let is_of_trail = |group: &Key| self.trails.iter().any(|trail| trail.group.as_ref() == Some(group));
        let own = self.patterns.iter().filter(|(_, group)| is_of_trail(group));
        own.map(|(place, _)| *place).collect()
    }

    /// The stacks to be checked: one of all that is known in full, one of the alarms that may watch something else as well,
    /// and where there are several trails one of each.
    pub(super) fn parts(mut self, at: usize, beyond: &Beyond) -> Vec<Part> {
        let is_settled = |reads: Vec<(String, String)>| {
            !reads.iter().any(|(namespace, name)| beyond.may_emit(at, namespace, name))
        };
        if beyond.has_composites {
            self.alarms.iter_mut().for_each(alarm::tell);
        }
        let (alarms, other_alarms): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.alarms).into_iter().partition(|alarm| is_settled(alarm.reads()));
        let (detectors, other_detectors): (Vec<_>, Vec<_>) = std::mem::take(&mut self.detectors)
            .into_iter()
            .partition(|detector| is_settled(detector.reads()));
        let shared: Vec<bool> =
            (0..self.trails.len()).map(|trail| self.is_shared(trail, at, beyond)).collect();
        let is_only_one = self.trails.len() == 1;
        let mut parts = Vec::new();
        for (delivery, is_shared) in std::mem::take(&mut self.trails).into_iter().zip(shared) {
            let Some(lowered) = delivery.trail else { continue };
            let group = delivery.group.filter(|_| !is_shared);
            let metric_filters = self.filters(group.as_ref(), is_only_one);
            let stack = Stack { metric_filters, trail: Some(lowered.trail), ..Stack::default() };
            parts.push(Part { is_exact: lowered.is_exact, ..Part::new(stack) });
        }
        let with_trail = if is_only_one { parts.pop() } else { None };
        let mut all = with_trail.unwrap_or_else(|| {
            Part::new(Stack { metric_filters: self.filters(None, true), ..Stack::default() })
        });
        all.drawn = std::mem::take(&mut self.drawn);
        all.drawn.retain(|drawn| {
            let (namespace, name) = drawn.reads();
            !beyond.may_emit(at, namespace, name)
        });
        all.stack.alarms = alarms;
        all.stack.anomaly_detectors = detectors;
        all.stack.query_definitions = self.queries;
        let apart = Stack { alarms: other_alarms, anomaly_detectors: other_detectors, ..Stack::default() };
        parts.push(Part { extent: Extent::Part, ..Part::new(apart) });
        parts.insert(0, all);
        parts
    }

    /// The filters, those on the group of a trail as such; others only if they are asked for.
    fn filters(&self, of_trail: Option<&Key>, with_others: bool) -> Vec<MetricFilter> {
        let filters = self.filters.iter().filter_map(|(filter, group)| {
            let is_own = of_trail == Some(group);
            let other = || Located { value: group.0.clone(), span: filter.filter_name.span };
            (is_own || with_others)
                .then(|| MetricFilter { log_group_name: (!is_own).then(other), ..filter.clone() })
        });
        filters.collect()
    }

    /// Whether another trail may deliver to the same group as one.
    fn is_shared(&self, trail: usize, at: usize, beyond: &Beyond) -> bool {
        let Some(group) = self.trails.get(trail).and_then(|trail| trail.group.as_ref()) else { return false };
        let others = self.trails.iter().enumerate().filter(|(other, _)| *other != trail);
        let mut deliveries = others.filter_map(|(_, other)| other.group.as_ref());
        deliveries.any(|other| other.may_be(group)) || beyond.may_deliver(at, group)
    }
}

impl Part {
    fn new(mut stack: Stack) -> Self {
        stack.topics =
            vec![Topic { name: Located::bare(alarm::ACTION.to_owned()), subscriptions: Vec::new() }];
        Part { stack, drawn: Vec::new(), extent: Extent::Joined, is_exact: true }
    }

    pub(super) fn findings(&self, places: &HostFile, options: &Options) -> Vec<Diagnostic> {
        let options = StackOptions { texts: options.clone(), extent: self.extent, are_texts_checked: true };
        let mut found = self.stack.check_in(places, &options).diagnostics;
        found.retain(|one| is_of_definitions(one) && (self.is_exact || !one.code.0.starts_with("ES")));
        found.extend(self.drawn.iter().filter_map(|drawn| match drawn {
            Drawn::Metric(namespace, name) => {
                namespaces::of_metric(&self.stack, self.extent, places, namespace, name)
            }
            Drawn::Query(text, query) => {
                Some(places.lift(text, namespaces::of_query(&self.stack, self.extent, query)?))
            }
        }));
        found
    }
}

/// The log groups of each document.
pub(super) fn groups(declared: &[Declared<'_>], reader: &Reader<'_>) -> BTreeMap<usize, Groups> {
    let mut groups: BTreeMap<usize, Groups> = BTreeMap::new();
    for one in declared.iter().filter(|one| one.kind == Kind::LogGroup && one.resource.is_certain) {
        let member = if one.dialect == Dialect::Terraform { "name" } else { "LogGroupName" };
        let node = raw(one, reader).and_then(|own| own.get(member));
        let called = node.and_then(|node| spelled(reader, one.dialect, node));
        groups.entry(one.resource.document).or_default().declare(one.address(), called);
    }
    groups
}

/// The members of a resource as they are written.
fn raw<'r>(one: &'r Declared<'_>, reader: &'r Reader<'r>) -> Option<Members<'r>> {
    Members::new(reader, one.dialect, &one.resource.body)
}

/// The name of a resource, or what the file calls it where that is not known.
fn named(one: &Declared<'_>, own: &Members<'_>) -> Text {
    let member = match one.kind {
        Kind::Filter => "FilterName",
        Kind::Alarm => "AlarmName",
        _ => "Name",
    };
    let place = own.get(member).map_or(one.resource.place, Node::span);
    own.text(member).unwrap_or_else(|| Located { value: one.address(), span: place })
}

/// A saved query; nothing where it is not known in full.
fn query(own: &Members<'_>, name: Text, around: &[&str]) -> Option<LogsQueryDefinition> {
    own.has_only(&[["Name", "QueryString", "QueryLanguage", "LogGroupNames"].as_slice(), around].concat())?;
    let language = own.optional_text("QueryLanguage")?;
    language.as_ref().is_none_or(|language| language.as_str() == "CWLI").then_some(LogsQueryDefinition {
        name,
        query_string: own.text("QueryString")?,
        query_language: language,
        log_group_names: own.texts("LogGroupNames")?,
        parameters: Vec::new(),
    })
}
