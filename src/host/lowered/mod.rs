//! Resources of Terraform and CloudFormation as definitions of a stack, so that those of one file are held against each
//! other.
//!
//! Nothing is guessed: a resource of which something is unknown that decides what it does is no definition, and what it may
//! emit or record is taken to be possible.

mod alarm;
mod beyond;
mod dashboard;
mod filter;
mod group;
mod members;
mod places;
mod scope;
mod trail;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Options;
use crate::stack::Stack;
use crate::syntax::metrics::codes::MIXED_SETS;
use crate::{Diagnostic, MetricsQuery, Span};

use super::cloudformation;
use super::node::Node;
use super::resource::Resource;

use beyond::Beyond;
use group::Groups;
use members::{Dialect, Members, Reader};
use places::HostFile;
use scope::Scope;

/// What comes of the resources of a file.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    /// What is to be said of them beside one another, at places of the file.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where patterns stand that read what a trail delivers.
    pub(super) of_trails: BTreeSet<Span>,
    /// What the filters of each account and Region emit, as far as that is known.
    emitted: Vec<Stack>,
    beyond: Beyond,
}

impl Lowered {
    /// Whether a query groups by dimensions that all metrics of its name have, as the filters of the file say.
    pub(super) fn emits_groups_of(&self, query: &str) -> bool {
        let Ok(query) = MetricsQuery::parse(query) else { return false };
        let (namespace, name) = (&query.from.namespace.name, &query.select.metric.name);
        let mut scopes = self.emitted.iter().enumerate();
        scopes.any(|(at, own)| own.emits_groups_of(&query) && !self.beyond.may_emit(at, namespace, name))
    }
}

/// What a resource becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Alarm,
    Composite,
    Dashboard,
    Detector,
    Filter,
    LogGroup,
    Query,
    Trail,
}

const KINDS: &[(&str, Dialect, Kind)] = &[
    ("AWS::CloudTrail::Trail", Dialect::CloudFormation, Kind::Trail),
    ("AWS::CloudWatch::Alarm", Dialect::CloudFormation, Kind::Alarm),
    ("AWS::CloudWatch::CompositeAlarm", Dialect::CloudFormation, Kind::Composite),
    ("AWS::CloudWatch::AnomalyDetector", Dialect::CloudFormation, Kind::Detector),
    ("AWS::CloudWatch::Dashboard", Dialect::CloudFormation, Kind::Dashboard),
    ("AWS::Logs::LogGroup", Dialect::CloudFormation, Kind::LogGroup),
    ("AWS::Logs::MetricFilter", Dialect::CloudFormation, Kind::Filter),
    ("AWS::Logs::QueryDefinition", Dialect::CloudFormation, Kind::Query),
    ("aws_cloudtrail", Dialect::Terraform, Kind::Trail),
    ("aws_cloudwatch_composite_alarm", Dialect::Terraform, Kind::Composite),
    ("aws_cloudwatch_dashboard", Dialect::Terraform, Kind::Dashboard),
    ("aws_cloudwatch_log_group", Dialect::Terraform, Kind::LogGroup),
    ("aws_cloudwatch_log_metric_filter", Dialect::Terraform, Kind::Filter),
    ("aws_cloudwatch_metric_alarm", Dialect::Terraform, Kind::Alarm),
    ("aws_cloudwatch_query_definition", Dialect::Terraform, Kind::Query),
    ("awscc_cloudtrail_trail", Dialect::CloudControl, Kind::Trail),
    ("awscc_cloudwatch_alarm", Dialect::CloudControl, Kind::Alarm),
    ("awscc_cloudwatch_composite_alarm", Dialect::CloudControl, Kind::Composite),
    ("awscc_cloudwatch_dashboard", Dialect::CloudControl, Kind::Dashboard),
    ("awscc_logs_log_group", Dialect::CloudControl, Kind::LogGroup),
    ("awscc_logs_metric_filter", Dialect::CloudControl, Kind::Filter),
    ("awscc_logs_query_definition", Dialect::CloudControl, Kind::Query),
];

/// The types that are read here.
pub(super) fn is_known(kind: &str) -> bool {
    KINDS.iter().any(|(known, ..)| *known == kind)
}

/// A resource of a type that is known here.
struct Declared<'a> {
    resource: &'a Resource,
    kind: Kind,
    dialect: Dialect,
    /// What is said of it, with functions done as far as the file tells what they give.
    body: Node,
}

/// What is to be said of the resources of a file beside one another.
pub(super) fn lowered(resources: &[Resource], file: &str, options: &Options) -> Lowered {
    let declared: Vec<Declared<'_>> = resources.iter().filter_map(declared).collect();
    let mut reader = Reader { file, maps: Default::default(), references: BTreeMap::new() };
    reader.references = references(&declared, &reader);
    let groups = scope::groups(&declared, &reader);
    let nothing = Groups::default();
    let mut scopes: BTreeMap<String, Scope<'_>> = BTreeMap::new();
    for one in &declared {
        let groups = groups.get(&one.resource.document).unwrap_or(&nothing);
        let scope = scopes.entry(scope_of(one, &reader)).or_insert_with(|| Scope::new(&reader, groups));
        scope.define(one);
    }
    let of_trails = scopes.values().flat_map(Scope::of_trails).collect();
    let mut beyond = Beyond::default();
    beyond.has_composites = declared.iter().any(|one| one.kind == Kind::Composite);
    let modules = resources.iter().filter(|one| one.kind.is_none());
    modules.filter_map(|one| filter::of_module(&one.body)).for_each(|one| beyond.may_be_emitted(one));
    for (at, scope) in scopes.values().enumerate() {
        scope.tell(at, &mut beyond);
    }
    let emitted = scopes.values().map(Scope::emitted).collect();
    let scopes = scopes.into_values().enumerate();
    let stacks: Vec<scope::Part> = scopes.flat_map(|(at, scope)| scope.parts(at, &beyond)).collect();
    let places = HostFile { maps: reader.maps.take() };
    let mut seen = BTreeSet::new();
    let found = stacks.iter().flat_map(|part| part.findings(&places, options));
    let diagnostics =
        found.filter(|one| seen.insert((one.code.0, one.span(), one.message.clone()))).collect();
    Lowered { diagnostics, of_trails, emitted, beyond }
}

fn declared(resource: &Resource) -> Option<Declared<'_>> {
    let known = KINDS.iter().find(|(known, ..)| resource.kind.as_deref() == Some(known));
    let (_, dialect, kind) = *known?;
    let body = match dialect {
        Dialect::CloudFormation => cloudformation::resolved(&resource.body),
        _ => resource.body.clone(),
    };
    Some(Declared { resource, kind, dialect, body })
}

impl Declared<'_> {
    /// How expressions and people refer to it.
    fn address(&self) -> String {
        match (self.dialect, &self.resource.kind) {
            (Dialect::CloudFormation, _) | (_, None) => self.resource.name.clone(),
            (_, Some(kind)) => format!("{kind}.{}", self.resource.name),
        }
    }

    fn members<'r>(&'r self, reader: &'r Reader<'r>) -> Option<Members<'r>> {
        Members::new(reader, self.dialect, &self.body)
    }
}

/// What expressions of the file that refer to its filters stand for.
fn references(declared: &[Declared<'_>], reader: &Reader<'_>) -> BTreeMap<String, String> {
    let filters = declared.iter().filter(|one| {
        one.kind == Kind::Filter && one.dialect == Dialect::Terraform && one.resource.is_certain
    });
    let found = filters.filter_map(|one| Some(filter::references(&one.address(), &one.members(reader)?)));
    found.flatten().collect()
}

/// Which resources are in the same account and Region as far as the file tells.
fn scope_of(one: &Declared<'_>, reader: &Reader<'_>) -> String {
    let written = |member: &str| {
        let place = one.body.get(member).map(Node::span);
        place.map(|place| reader.expression(place).trim_matches('"').to_owned()).unwrap_or_default()
    };
    match one.dialect {
        Dialect::CloudFormation => one.resource.document.to_string(),
        // Two providers may be set up for different Regions.
        dialect => format!("{dialect:?} {} {}", written("provider"), written("region")),
    }
}

/// Whether a finding is about definitions beside one another; what is said of texts by themselves is said already. What
/// the schema says is of the selectors beside a pattern.
fn is_of_definitions(finding: &Diagnostic) -> bool {
    ["CT", "ES", "PR"].iter().any(|family| finding.code.0.starts_with(family)) || finding.code == MIXED_SETS
}
