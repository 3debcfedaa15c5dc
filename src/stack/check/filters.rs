//! Metric filters: the pattern, what a match is worth, and whether the trail records such events at all.

use super::Checker;
use super::texts::FILTER;
use crate::diagnostic::Diagnostic;
use crate::series::{TransformationError, TransformationSpec};
use crate::stack::{CheckedFilter, MetricFilter, MetricTransformationEntry, codes};
use crate::syntax::filter::{Comparison, Condition, Expr, FilterPattern, SelectorStep, Value};
use crate::{Limits, Span};

/// Metric filters that one log group takes.
const MOST_FILTERS: usize = 100;

impl Checker<'_> {
    pub(super) fn filters(&mut self) -> Vec<CheckedFilter> {
        let stack = self.stack;
        self.distinct("metric filters", stack.metric_filters.iter().map(|filter| &filter.filter_name));
        if let Some(filter) = stack.metric_filters.get(MOST_FILTERS) {
            let message = format!(
                "there are {} metric filters; a log group takes {MOST_FILTERS}",
                stack.metric_filters.len()
            );
            self.error(codes::TOO_MANY, filter.filter_name.span, message);
        }
        stack.metric_filters.iter().filter_map(|filter| self.filter(filter)).collect()
    }

    fn filter(&mut self, filter: &MetricFilter) -> Option<CheckedFilter> {
        self.text("filter's name", &filter.filter_name, (1, 512), &FILTER);
        let parsed = FilterPattern::parse_lossy(&filter.filter_pattern);
        self.lift(&filter.filter_pattern, parsed.diagnostics);
        let entries = &filter.metric_transformations;
        let [entry] = entries.as_slice() else {
            let message =
                format!("the filter has {} metric transformations; it takes exactly one", entries.len());
            self.error(codes::TRANSFORMATION, entries.span, message);
            return None;
        };
        let pattern = parsed.ast?;
        let spec = TransformationSpec {
            namespace: entry.metric_namespace.value.clone(),
            name: entry.metric_name.value.clone(),
            value: entry.metric_value.value.clone(),
            default_value: entry.default_value.as_ref().map(|default| default.value),
            unit: entry.unit.as_ref().map(|unit| unit.value.clone()),
            dimensions: entry
                .dimensions
                .iter()
                .map(|(name, value)| (name.value.clone(), value.value.clone()))
                .collect(),
        };
        let transformation = match spec.check(&pattern) {
            Ok(transformation) => transformation,
            Err(errors) => {
                for error in errors {
                    let span = place_of(&error, entry);
                    let finding = Diagnostic::error(codes::TRANSFORMATION, span, error.to_string());
                    self.say(match error.service_text() {
                        Some(text) => finding.service_text(text),
                        None => finding,
                    });
                }
                return None;
            }
        };
        self.is_recorded(filter, &pattern);
        match pattern.compile(&Limits::default()) {
            Ok(matcher) => Some(CheckedFilter {
                name: filter.filter_name.value.clone(),
                pattern,
                matcher,
                transformation,
            }),
            Err(error) => {
                self.error(codes::TRANSFORMATION, filter.filter_pattern.span, error.to_string());
                None
            }
        }
    }

    /// Whether the trail's selectors let through what the pattern asks for: S3's object-level events are data events,
    /// which no trail records by itself.
    fn is_recorded(&mut self, filter: &MetricFilter, pattern: &FilterPattern) {
        let Some(trail) = &self.stack.trail else { return };
        let Some(name) = required_event_name(pattern).filter(|name| is_object_event(name)) else { return };
        let records = trail.advanced_event_selectors.iter().any(|selector| {
            selector.field_selectors.iter().all(|field| match field.field.as_str() {
                "eventCategory" => field.admits("Data"),
                "resources.type" => field.admits("AWS::S3::Object"),
                "eventName" => field.admits(name),
                "readOnly" => field.admits(if is_read(name) { "true" } else { "false" }),
                "eventSource" => field.admits("s3.amazonaws.com"),
                _ => true,
            })
        });
        if !records {
            let message = format!(
                "the trail does not record `{name}`, which the filter `{}` waits for",
                filter.filter_name
            );
            let finding = Diagnostic::warning(codes::NOT_RECORDED, filter.filter_pattern.span, message);
            let finding = finding.also(trail.name.span, "the trail");
            self.say(finding.help(
                "add an event selector with `eventCategory` = `Data` and `resources.type` = `AWS::S3::Object`",
            ));
        }
    }
}

fn place_of(error: &TransformationError, entry: &MetricTransformationEntry) -> Span {
    let dimension = |name: &str| {
        let found = entry.dimensions.iter().find(|(known, _)| known.as_str() == name);
        found.map(|(name, value)| (name.span, value.span))
    };
    let first = entry.dimensions.keys().next().map(|name| name.span);
    let place = match error {
        TransformationError::Value(_) | TransformationError::ValueTooLong(_) => Some(entry.metric_value.span),
        TransformationError::DimensionValue { name, .. } => dimension(name).map(|(_, value)| value),
        TransformationError::DuplicateDimension(name) => dimension(name).map(|(name, _)| name),
        TransformationError::Default(_) => entry.default_value.as_ref().map(|default| default.span),
        TransformationError::Unit(_) => entry.unit.as_ref().map(|unit| unit.span),
        TransformationError::Text { what: "metric namespace", .. } => Some(entry.metric_namespace.span),
        TransformationError::Text { what: "dimension name", text } => dimension(text).map(|(name, _)| name),
        TransformationError::Text { .. } => Some(entry.metric_name.span),
        _ => first,
    };
    place.unwrap_or(entry.metric_name.span)
}

/// The object-level events of S3 (AWS: *Logging data events*): data events, all of them.
const OBJECT_EVENTS: &[&str] = &[
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CopyObject",
    "CreateMultipartUpload",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjects",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectTorrent",
    "HeadBucket",
    "HeadObject",
    "ListMultipartUploads",
    "ListObjectVersions",
    "ListObjects",
    "ListParts",
    "PutObject",
    "PutObjectAcl",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "RestoreObject",
    "SelectObjectContent",
    "UploadPart",
    "UploadPartCopy",
];

fn is_object_event(name: &str) -> bool {
    OBJECT_EVENTS.binary_search(&name).is_ok()
}

fn is_read(name: &str) -> bool {
    ["Get", "Head", "List", "Select"].iter().any(|verb| name.starts_with(verb))
}

/// The event name that every matching event has, where the pattern says so by itself; none where it also asks for the
/// events of a service other than S3.
fn required_event_name(pattern: &FilterPattern) -> Option<&str> {
    let FilterPattern::Json(expr) = pattern else { return None };
    let source = required(expr, "eventSource");
    required(expr, "eventName").filter(|_| source.is_none_or(|source| source == "s3.amazonaws.com"))
}

/// The text that a top-level member of every matching event equals.
fn required<'p>(expr: &'p Expr<Condition>, member: &str) -> Option<&'p str> {
    match expr {
        Expr::And(legs) => legs.legs().iter().find_map(|leg| required(leg, member)),
        Expr::Or(_) => None,
        Expr::Leaf(condition) => match (condition.selector.steps(), &condition.test) {
            ([SelectorStep::Key(key)], Comparison::Equal(Value::Text(text)))
                if key.as_str() == member && !text.text.contains('*') =>
            {
                Some(&text.text)
            }
            _ => None,
        },
    }
}
