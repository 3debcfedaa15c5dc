//! Metric filters: what is admitted, with the texts of `spec/filter-pattern.md` 4.5.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailql::{FilterPattern, Limits, LogEvent};

use super::logs::{Group, limit_exceeded, missing};
use super::request::{Answer, Request, only};
use super::world::{Context, Quotas};
use trailql::provision::Fault;

const UNITS: &str = "Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits \
    Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second \
    Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None";

#[derive(Default)]
pub(super) struct MetricFilters {
    filters: BTreeMap<String, Filter>,
}

/// A filter: the members of its request.
struct Filter {
    members: Map<String, Value>,
    created: i64,
}

impl Filter {
    fn has_regex(&self) -> bool {
        regexes(self.members["filterPattern"].as_str().unwrap()) > 0
    }
}

impl MetricFilters {
    pub(super) fn len(&self) -> usize {
        self.filters.len()
    }

    /// A put of the same name replaces the filter and keeps its creation time; a refused one leaves it as it was.
    pub(super) fn put(
        &mut self,
        context: &Context,
        quotas: &Quotas,
        group: &str,
        request: Request<'_>,
    ) -> Answer {
        request.only(&[
            "logGroupName",
            "filterName",
            "filterPattern",
            "metricTransformations",
            "applyOnTransformedLogs",
            "fieldSelectionCriteria",
            "emitSystemFieldDimensions",
        ])?;
        let name = name(request)?;
        let pattern = pattern(request)?;
        let transformations = request.list("metricTransformations");
        let [Value::Object(transformation)] = transformations else {
            let rule = format!(
                "Member must have length {} than or equal to 1",
                if transformations.is_empty() { "greater" } else { "less" }
            );
            return Err(request.failed_at("metricTransformations", "[…]", &rule));
        };
        check_transformation(request, pattern, transformation)?;

        let others = || self.filters.iter().filter(|(other, _)| *other != name).map(|(_, filter)| filter);
        let with_regex = others().filter(|filter| filter.has_regex()).count();
        if others().count() >= quotas.filters || regexes(pattern) > 0 && with_regex >= quotas.regex_filters {
            return Err(limit_exceeded());
        }
        let mut members = request.input.clone();
        members.insert("logGroupName".to_owned(), group.into());
        let created = self.filters.get(name).map_or(context.millis(), |filter| filter.created);
        self.filters.insert(name.to_owned(), Filter { members, created });
        Ok(json!({}))
    }

    pub(super) fn delete(&mut self, request: Request<'_>) -> Answer {
        request.only(&["logGroupName", "filterName"])?;
        self.filters.remove(name(request)?).ok_or_else(|| missing("metric filter"))?;
        Ok(json!({}))
    }

    /// As descriptions have it: the text of the pattern as it was sent, a default as a double, nothing that was not set.
    fn described(&self) -> impl Iterator<Item = (&str, Map<String, Value>)> {
        self.filters.iter().map(|(name, filter)| {
            let mut members = filter.members.clone();
            members.insert("creationTime".to_owned(), filter.created.into());
            let transformation = members["metricTransformations"][0].as_object_mut().unwrap();
            if let Some(default) = transformation.get_mut("defaultValue") {
                *default = default.as_f64().unwrap().into();
            }
            if transformation
                .get("dimensions")
                .is_some_and(|dimensions| dimensions.as_object().unwrap().is_empty())
            {
                transformation.remove("dimensions");
            }
            (name.as_str(), members)
        })
    }

    pub(super) fn snapshot(&self) -> Value {
        self.described()
            .map(|(name, mut members)| {
                members.retain(|member, _| member != "creationTime");
                (name.to_owned(), Value::Object(members))
            })
            .collect()
    }
}

/// By group and prefix, or by metric; the two ways exclude each other.
pub(super) fn describe(groups: &BTreeMap<String, Group>, request: Request<'_>) -> Answer {
    request.only(&["logGroupName", "filterNamePrefix", "metricName", "metricNamespace", "limit"])?;
    let metric = (request.text("metricName"), request.text("metricNamespace"));
    if metric.0.is_some() != metric.1.is_some() {
        return Err(request.invalid("Metric name and metric namespace must be given together"));
    }
    let group = request.text("logGroupName");
    if metric.0.is_some() && (group.is_some() || request.has("filterNamePrefix")) {
        return Err(request.invalid("Filter by log group or by metric, not by both"));
    }
    if group.is_some_and(|group| !groups.contains_key(group)) {
        return Err(missing("log group"));
    }
    // A prefix counts only together with a group.
    let prefix = group.and(request.text("filterNamePrefix")).unwrap_or_default();
    let mut found: Vec<_> = groups
        .iter()
        .filter(|(name, _)| group.is_none_or(|group| group == name.as_str()))
        .flat_map(|(_, group)| group.filters.described())
        .filter(|(name, members)| {
            let of = &members["metricTransformations"][0];
            name.starts_with(prefix)
                && metric.0.is_none_or(|name| of["metricName"] == name)
                && metric.1.is_none_or(|namespace| of["metricNamespace"] == namespace)
        })
        .collect();
    found.sort_by_key(|(name, _)| (*name).to_owned());
    let filters: Vec<_> = found.into_iter().map(|(_, members)| members).collect();
    Ok(json!({ "metricFilters": filters }))
}

pub(super) fn test(request: Request<'_>) -> Answer {
    request.only(&["filterPattern", "logEventMessages"])?;
    let matcher = parsed(request, pattern(request)?)?.compile(&Limits::default()).unwrap();
    let messages = request.texts("logEventMessages");
    if messages.is_empty() || messages.len() > 50 || messages.iter().any(|message| message.is_empty()) {
        return Err(request.failed_at("logEventMessages", "[…]", "Member must have length between 1 and 50"));
    }
    let matches: Vec<_> = messages
        .iter()
        .enumerate()
        .filter_map(|(at, message)| {
            let values: BTreeMap<_, _> = matcher.extract(&LogEvent::new(message))?.into_iter().collect();
            // The service counts from one (`spec/filter-pattern.md` 3.5).
            Some(json!({ "eventNumber": at + 1, "eventMessage": message, "extractedValues": values }))
        })
        .collect();
    Ok(json!({ "matches": matches }))
}

fn name(request: Request<'_>) -> Result<&str, Fault> {
    let name = request.sized("filterName", 1, 512)?;
    if name.contains([':', '*']) {
        let rule = "Member must satisfy regular expression pattern: [^:*]*";
        return Err(request.failed_at("filterName", &format!("'{name}'"), rule));
    }
    Ok(name)
}

fn pattern(request: Request<'_>) -> Result<&str, Fault> {
    let text = request.sized("filterPattern", 0, 1024)?;
    if regexes(text) > 2 {
        return Err(request
            .invalid("Your input has exceeded the maximum of 2 regular expressions per filter pattern."));
    }
    parsed(request, text)?;
    Ok(text)
}

fn parsed(request: Request<'_>, text: &str) -> Result<FilterPattern, Fault> {
    FilterPattern::parse(text).map_err(|_| request.invalid("Invalid metric filter pattern"))
}

/// How many `%…%` there are outside of quotes.
fn regexes(pattern: &str) -> usize {
    let (mut count, mut quoted, mut in_regex) = (0, false, false);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' if !in_regex => quoted = !quoted,
            '%' if !quoted => {
                count += usize::from(in_regex);
                in_regex = !in_regex;
            }
            _ => {}
        }
    }
    count
}

fn check_transformation(request: Request<'_>, pattern: &str, of: &Map<String, Value>) -> Result<(), Fault> {
    let members = ["metricName", "metricNamespace", "metricValue", "defaultValue", "dimensions", "unit"];
    only(request.operation, of, &members)?;
    let inner = Request { operation: request.operation, input: of };
    for member in ["metricName", "metricNamespace"] {
        let text = inner.sized(member, 0, 255)?;
        if text.contains([':', '*', '$']) {
            let rule = "Member must satisfy regular expression pattern: [^:*$]*";
            return Err(request.failed_at(member, &format!("'{text}'"), rule));
        }
    }
    let value = inner.sized("metricValue", 0, 100)?;
    if value.parse::<f64>().is_err() && !is_selector(pattern, value) {
        let message = format!("Invalid metric transformation: metric value {value} must be a valid number");
        return Err(request.invalid(&message));
    }
    if let Some(unit) =
        inner.text("unit").filter(|unit| !UNITS.split_whitespace().any(|known| known == *unit))
    {
        return Err(request.failed_at("unit", &format!("'{unit}'"), "Member must satisfy enum value set"));
    }
    check_dimensions(request, pattern, of)
}

/// `spec/filter-pattern.md` 4.3.
fn check_dimensions(request: Request<'_>, pattern: &str, of: &Map<String, Value>) -> Result<(), Fault> {
    let none = Map::new();
    let dimensions = of.get("dimensions").and_then(Value::as_object).unwrap_or(&none);
    let system = request.texts("emitSystemFieldDimensions");
    if system.iter().any(|field| !["@aws.account", "@aws.region", "@source.log"].contains(field)) {
        return Err(request.invalid(
            "The provided system fields are invalid. The supported system fields are - [@aws.region, @aws.account, @source.log]",
        ));
    }
    if dimensions.len() + system.len() > 3 {
        return Err(request.invalid(
            "Number of dimensions exceeds the maximum number of dimensions supported per metric filter",
        ));
    }
    if dimensions.is_empty() {
        return Ok(());
    }
    if of.contains_key("defaultValue") {
        return Err(request.invalid(
            "Invalid metric transformation: dimensions and default value are mutually exclusive properties",
        ));
    }
    if !pattern.trim_start().starts_with(['{', '[']) {
        return Err(request.invalid("The specified filter pattern does not support dimensions"));
    }
    for (key, value) in dimensions {
        let value = value.as_str().unwrap_or_default();
        if key.is_empty()
            || key.chars().count() > 255
            || value.chars().count() > 255
            || !is_selector(pattern, value)
        {
            return Err(
                request.invalid("Invalid metric transformation: dimension value must be valid selector")
            );
        }
    }
    Ok(())
}

/// `$.path` without a wildcard for JSON, `$name` for fields.
fn is_selector(pattern: &str, value: &str) -> bool {
    let pattern = pattern.trim_start();
    let path = match value.strip_prefix('$') {
        Some(path) if pattern.starts_with('{') => {
            path.strip_prefix('.').or_else(|| path.starts_with('[').then_some(path))
        }
        Some(name) if pattern.starts_with('[') => Some(name),
        _ => None,
    };
    path.is_some_and(|path| !path.is_empty() && !path.contains(['*', ' ']))
}
