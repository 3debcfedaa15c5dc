//! The stack file: everything that watches a trail, in one TOML file, under the service's own names.
//!
//! [`Stack`] is the file as it was read; [`Stack::check`] makes a [`CheckedStack`] of it, whose patterns, queries and
//! alarms are compiled and fit together. Only that can be replayed.

pub(crate) mod check;
mod checked;
pub mod codes;
mod file;
mod located;
mod places;
mod quoted;

pub use check::{Extent, StackOptions};
pub use checked::{
    BandSubject, CheckedAlarm, CheckedDetector, CheckedFilter, CheckedLogsQuery, CheckedMetricQuery,
    CheckedStack, DataEntry, DataQueries, DetectorSubject, MetricSource, MetricText,
};
pub use file::*;
pub use located::Located;
pub use places::{Places, StackFile};

use crate::listing::listed_names;
use crate::{Diagnostic, ParseErrors, Parsed, Span};

impl Stack {
    /// The stack of a file.
    ///
    /// ```
    /// use trailql::stack::Stack;
    ///
    /// let stack = Stack::parse(
    ///     r#"
    ///     [[metricFilters]]
    ///     filterName = "presigned-URL-filter"
    ///     filterPattern = '{ $.eventName = GetObject }'
    ///     metricTransformations = [{ metricNamespace = "trail", metricName = "downloads", metricValue = "1" }]
    ///     "#,
    /// )?;
    /// assert_eq!(*stack.metric_filters[0].filter_name, "presigned-URL-filter");
    /// assert!(Stack::parse("filters = []").is_err(), "a member that does not exist");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    ///
    /// # Errors
    /// The first place at which the text is no TOML, or does not have the shape of a stack.
    pub fn parse(text: &str) -> Result<Stack, ParseErrors> {
        let parsed = Stack::parse_lossy(text);
        parsed.ast.ok_or_else(|| ParseErrors::new(parsed.diagnostics))
    }

    /// The stack of a file, or why there is none.
    pub fn parse_lossy(text: &str) -> Parsed<Stack> {
        match toml::from_str::<Stack>(text) {
            Ok(stack) => Parsed { ast: Some(stack), diagnostics: Vec::new() },
            Err(error) => Parsed { ast: None, diagnostics: vec![refusal(&error)] },
        }
    }
}

/// Why a text is no stack, with the name that was probably meant.
fn refusal(error: &toml::de::Error) -> Diagnostic {
    let span = error.span().map(|range| Span::new(range.start, range.end)).unwrap_or_default();
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_shape = ["unknown field", "missing field", "invalid type", "duplicate field", "invalid length"]
        .iter()
        .any(|start| message.starts_with(start));
    if !is_shape {
        let first_line = message.lines().next().unwrap_or_default();
        return Diagnostic::error(codes::NOT_TOML, span, format!("this is no TOML: {first_line}"));
    }
    if !message.starts_with("unknown field") {
        return Diagnostic::error(codes::SHAPE, span, message.replace("missing field", "there is no"));
    }
    let unknown = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    let finding = Diagnostic::error(codes::SHAPE, span, format!("there is no member `{unknown}` here"));
    let distance = |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &unknown.to_lowercase());
    match known.iter().map(|name| (distance(name), *name)).min() {
        Some((distance, name)) if distance <= 1 + unknown.chars().count() / 3 => finding
            .help(format!("write `{name}`"))
            .fix(crate::Fix::replace(format!("write `{name}`"), span, name)),
        _ => finding.help(format!("members are {}", listed_names(known, "and"))),
    }
}
