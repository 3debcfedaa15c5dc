//! Dashboards of a file: which metrics they draw, to see whether their namespaces are those of the filters.

use crate::MetricsQuery;
use crate::host::json;
use crate::host::node::Node;
use crate::stack::Text;

use super::members::{Members, Reader};

/// What an entry of a widget draws.
pub(super) enum Drawn {
    /// A metric of this namespace and name.
    Metric(Text, String),
    /// What a query selects.
    Query(Text, Box<MetricsQuery>),
}

impl Drawn {
    /// The namespace and name of the metric.
    pub(super) fn reads(&self) -> (&str, &str) {
        match self {
            Drawn::Metric(namespace, name) => (namespace, name),
            Drawn::Query(_, query) => (&query.from.namespace.name, &query.select.metric.name),
        }
    }
}

/// What a dashboard draws of its own account and Region, as far as that is known.
pub(super) fn drawn(own: &Members<'_>) -> Vec<Drawn> {
    let read = match own.get("DashboardBody") {
        Some(Node::Text(text)) => json::read(text).ok(),
        body => body.cloned(),
    };
    let Some(body) = read else { return Vec::new() };
    let entries = body.at(&["widgets", "properties", "metrics"]);
    entries.into_iter().filter_map(|entry| entry_of(own.reader, entry)).collect()
}

fn entry_of(reader: &Reader<'_>, entry: &Node) -> Option<Drawn> {
    let Node::List(parts, _) = entry else { return None };
    let option = |name: &str| parts.iter().find_map(|part| part.get(name));
    if option("region").or_else(|| option("accountId")).is_some() {
        return None;
    }
    if let Some(expression) = option("expression") {
        let text = reader.text(expression)?;
        let query = MetricsQuery::parse(&text).ok()?;
        return Some(Drawn::Query(text, Box::new(query)));
    }
    match parts.as_slice() {
        [Node::Text(namespace), name, ..] => {
            Some(Drawn::Metric(reader.known(namespace)?, name.as_str()?.to_owned()))
        }
        _ => None,
    }
}
