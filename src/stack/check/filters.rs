//! Metric filters: the pattern, and what a match is worth.

use std::collections::BTreeMap;

use super::texts::FILTER;
use super::{Checker, Defined};
use crate::check::{Language, check_selector};
use crate::diagnostic::Diagnostic;
use crate::series::{TransformationError, TransformationSpec};
use crate::stack::{CheckedFilter, MetricFilter, MetricTransformationEntry, Text, codes};
use crate::syntax::filter::FilterPattern;
use crate::{Limits, Span};

/// Metric filters that one log group takes.
const MOST_FILTERS: usize = 100;
/// Metric filters with a regex that one log group takes.
const MOST_REGEX_FILTERS: usize = 5;

impl<'s> Checker<'s> {
    pub(super) fn filters(&mut self) -> Vec<Defined<'s, MetricFilter, CheckedFilter>> {
        let stack = self.stack;
        let mut of_groups: BTreeMap<_, Vec<&Text>> = BTreeMap::new();
        for filter in &stack.metric_filters {
            of_groups.entry(filter.log_group_name.as_ref()).or_default().push(&filter.filter_name);
        }
        for names in of_groups.into_values() {
            self.distinct("metric filters", names);
        }
        if let Some(filter) = stack.metric_filters.get(MOST_FILTERS).filter(|_| self.is_whole()) {
            let message = format!(
                "there are {} metric filters; a log group takes {MOST_FILTERS}",
                stack.metric_filters.len()
            );
            self.error(codes::TOO_MANY, filter.filter_name.span, message);
        }
        let filters: Vec<_> =
            stack.metric_filters.iter().filter_map(|filter| Some((filter, self.filter(filter)?))).collect();
        self.regexes(&filters);
        filters
    }

    /// How many filters have regexes, of which a log group takes a few.
    fn regexes(&mut self, filters: &[Defined<'_, MetricFilter, CheckedFilter>]) {
        let mut with_regex = filters.iter().filter(|(_, filter)| filter.pattern.has_regex());
        if let Some((written, _)) = with_regex.nth(MOST_REGEX_FILTERS).filter(|_| self.is_whole()) {
            let message = format!(
                "this is the sixth metric filter with a regex; a log group takes {MOST_REGEX_FILTERS}"
            );
            let finding = Diagnostic::error(codes::TOO_MANY, written.filter_pattern.span, message);
            self.say(
                finding
                    .service_text("Resource limit exceeded.")
                    .help("write plain texts with `*` where they will do"),
            );
        }
    }

    fn filter(&mut self, filter: &MetricFilter) -> Option<CheckedFilter> {
        self.text("filter's name", &filter.filter_name, (1, 512), &FILTER);
        let found = self.said_of(&filter.filter_pattern, Language::FilterPattern, self.texts_of(filter));
        self.lift(&filter.filter_pattern, found);
        let entries = &filter.metric_transformations;
        let [entry] = entries.as_slice() else {
            let message =
                format!("the filter has {} metric transformations; it takes exactly one", entries.len());
            self.error(codes::TRANSFORMATION, entries.span, message);
            return None;
        };
        self.colon(&entry.metric_namespace);
        let pattern = FilterPattern::parse(&filter.filter_pattern).ok()?;
        self.taken(filter, entry, &pattern);
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
                    let mut finding = Diagnostic::error(codes::TRANSFORMATION, span, error.to_string());
                    if let (TransformationError::DimensionsWithDefault, Some(default)) =
                        (&error, &entry.default_value)
                    {
                        finding = finding.also(default.span, "the default value");
                    }
                    self.say(match error.service_text() {
                        Some(text) => finding.service_text(text),
                        None => finding,
                    });
                }
                return None;
            }
        };
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
}

impl Checker<'_> {
    /// A colon is against the service's model, by which requests are made, though the service has been seen to take one.
    fn colon(&mut self, namespace: &Text) {
        if namespace.contains(':') {
            let message = format!("the metric namespace `{namespace}` holds `:`, which no request may");
            let finding = Diagnostic::warning(codes::TRANSFORMATION, namespace.span, message);
            self.say(finding.help("write another sign, such as `/`, here and where the metric is read"));
        }
    }

    /// Whether the records have what the metric value and the dimensions take from them.
    fn taken(&mut self, filter: &MetricFilter, entry: &MetricTransformationEntry, pattern: &FilterPattern) {
        for text in entry.dimensions.values().chain([&entry.metric_value]) {
            let found = check_selector(text, pattern, self.texts_of(filter));
            self.lift(text, found);
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
