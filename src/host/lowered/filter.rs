//! Metric filters of a file.

use std::collections::BTreeMap;

use crate::Span;
use crate::host::node::Node;
use crate::stack::{Located, MetricFilter, MetricTransformationEntry, Text};

use super::members::{Dialect, Members};

/// A metric that something emits of which more is not known: neither of the parts need be.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Emission {
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
}

/// A metric filter; nothing where something is unknown that decides what it emits. The log group is left open.
pub(super) fn filter(own: &Members<'_>, name: Text, around: &[&str]) -> Option<MetricFilter> {
    let members = ["FilterName", "FilterPattern", "LogGroupName", "MetricTransformations"];
    own.has_only(&[members.as_slice(), around].concat())?;
    let transformation = own.block("MetricTransformations")?;
    Some(MetricFilter {
        filter_name: name,
        filter_pattern: pattern(own)?,
        metric_transformations: Located { value: vec![entry(&transformation)?], span: transformation.span() },
        log_group_name: None,
    })
}

/// The pattern without what a heredoc or block has around it.
fn pattern(own: &Members<'_>) -> Option<Text> {
    match own.get("FilterPattern")? {
        Node::Text(text) if text.value.trim() != text.value && !text.value.trim().is_empty() => {
            own.reader.known(&text.trimmed())
        }
        node => own.reader.text(node),
    }
}

/// The names of the members of a transformation.
struct Names {
    namespace: &'static str,
    name: &'static str,
    value: &'static str,
}

fn names(dialect: Dialect) -> Names {
    match dialect {
        Dialect::Terraform => Names { namespace: "Namespace", name: "Name", value: "Value" },
        _ => Names { namespace: "MetricNamespace", name: "MetricName", value: "MetricValue" },
    }
}

fn entry(own: &Members<'_>) -> Option<MetricTransformationEntry> {
    let names = names(own.dialect);
    own.has_only(&["DefaultValue", "Dimensions", "Unit", names.namespace, names.name, names.value])?;
    Some(MetricTransformationEntry {
        metric_namespace: own.text(names.namespace)?,
        metric_name: own.text(names.name)?,
        metric_value: own.text(names.value)?,
        default_value: own.optional_number("DefaultValue")?,
        unit: own.optional_text("Unit")?,
        dimensions: dimensions(own)?,
    })
}

fn dimensions(own: &Members<'_>) -> Option<BTreeMap<Text, Text>> {
    if own.dialect == Dialect::Terraform {
        return Some(own.pairs("Dimensions")?.into_iter().collect());
    }
    let dimension = |one: &Members<'_>| Some((one.text("Key")?, one.text("Value")?));
    own.blocks("Dimensions")?.iter().map(dimension).collect()
}

/// What a filter emits that is not known in full.
pub(super) fn emissions(own: Option<&Members<'_>>) -> Vec<Emission> {
    let of = |own: &Members<'_>| {
        let names = names(own.dialect);
        let known = |name: &str| own.text(name).map(|text| text.value);
        Emission { namespace: known(names.namespace), name: known(names.name) }
    };
    match own.and_then(|own| own.blocks("MetricTransformations")) {
        Some(transformations) if !transformations.is_empty() => transformations.iter().map(of).collect(),
        _ => vec![Emission::default()],
    }
}

/// What a module emits that makes a filter.
pub(super) fn of_module(body: &Node) -> Option<Emission> {
    let known = |name: &str| body.get(name).and_then(Node::as_str).map(str::to_owned);
    known("source").filter(|source| source.contains("log-metric-filter"))?;
    Some(Emission {
        namespace: known("metric_transformation_namespace"),
        name: known("metric_transformation_name"),
    })
}

/// What references to a filter of Terraform's stand for, as far as that is known.
pub(super) fn references(address: &str, own: &Members<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(name) = own.text("FilterName") {
        found.extend(["name", "id"].map(|member| (format!("{address}.{member}"), name.value.clone())));
    }
    if let Some(transformation) = own.block("MetricTransformations") {
        for (member, name) in [("name", "Name"), ("namespace", "Namespace")] {
            let value = transformation.text(name).map(|text| text.value);
            let spellings =
                ["[0]", ".0"].map(|index| format!("{address}.metric_transformation{index}.{member}"));
            found.extend(
                value.into_iter().flat_map(|value| spellings.clone().map(|one| (one, value.clone()))),
            );
        }
    }
    found
}

/// Where the pattern of a filter stands.
pub(super) fn pattern_place(own: &Members<'_>) -> Option<Span> {
    own.get("FilterPattern").map(Node::span)
}
