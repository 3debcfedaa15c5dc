//! One metric sample out of one log event, or the reason for none.

use crate::eval::{FieldKey, Matcher, node_at};
use crate::json::Node;
use crate::syntax::filter::NumberLiteral;
use crate::{EpochMillis, LogEvent};

use super::transformation::{FieldReference, MetricTransformation, MetricValue};
use super::unit::Unit;

/// What a metric filter publishes for one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The event's own time.
    pub timestamp: Option<EpochMillis>,
    /// The value, in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: Unit,
    /// Names and values of the dimensions, in the order of the transformation.
    pub dimensions: Vec<(String, String)>,
    /// Whether this is the default value, published for an event that does not match.
    pub is_default: bool,
}

/// Why an event gives no sample.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum NoSample {
    /// The event does not match, and there is no default value.
    #[error("the event does not match and there is no default value")]
    NoMatch,
    /// The event matches, but the metric value is absent or no number. The service drops such a sample silently
    /// and does not fall back to the default value.
    #[error("the event matches, but its metric value is {0}")]
    Value(NotANumber),
    /// The event matches, but lacks a dimension: a choice, for the service does not document it.
    #[error("the event matches, but has no value for dimension `{0}`")]
    Dimension(String),
}

/// What stands where a metric value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NotANumber {
    /// Nothing.
    #[error("absent")]
    Absent,
    /// Something that does not spell a number.
    #[error("no number")]
    Other,
}

impl MetricTransformation {
    /// The sample that the service publishes for this event (`spec/filter-pattern.md` 3.6).
    ///
    /// ```
    /// use trailql::series::TransformationSpec;
    /// use trailql::{FilterPattern, Limits, LogEvent};
    ///
    /// let pattern: FilterPattern = "{ $.latency = * }".parse()?;
    /// let spec = TransformationSpec {
    ///     namespace: "app".into(),
    ///     name: "latency".into(),
    ///     value: "$.latency".into(),
    ///     default_value: Some(3.0),
    ///     ..TransformationSpec::default()
    /// };
    /// let transformation = spec.check(&pattern).unwrap();
    /// let matcher = pattern.compile(&Limits::default())?;
    /// let sample = |message| transformation.sample(&matcher, &LogEvent::new(message)).ok().map(|sample| sample.value);
    /// assert_eq!(sample(r#"{"latency":"11.5"}"#), Some(11.5));
    /// assert_eq!(sample("not JSON"), Some(3.0), "an event that does not match gives the default");
    /// assert_eq!(sample(r#"{"latency":"slow"}"#), None, "a match without a number gives nothing");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The reason for which there is no sample.
    pub fn sample(&self, matcher: &Matcher, event: &LogEvent<'_>) -> Result<Sample, NoSample> {
        if matcher.is_match(event) {
            self.sample_of_match(matcher, event)
        } else {
            self.default_sample(event)
        }
    }

    /// The sample of an event that is known to match, so that the pattern is not evaluated again. The matcher is that
    /// of the pattern for which the transformation was checked.
    ///
    /// # Errors
    /// The reason for which there is no sample.
    pub fn sample_of_match(&self, matcher: &Matcher, event: &LogEvent<'_>) -> Result<Sample, NoSample> {
        let value = match &self.value {
            MetricValue::Number(value) => *value,
            MetricValue::Field(place) => number_at(matcher, event, place).map_err(NoSample::Value)?,
        };
        let dimensions = self.dimensions.iter().map(|dimension| {
            text_at(matcher, event, &dimension.value)
                .filter(|text| !text.is_empty())
                .map(|text| (dimension.name.clone(), text))
                .ok_or_else(|| NoSample::Dimension(dimension.name.clone()))
        });
        let dimensions = dimensions.collect::<Result<_, _>>()?;
        let timestamp = event.timestamp();
        Ok(Sample { timestamp, value, unit: self.unit, dimensions, is_default: false })
    }

    /// The sample of an event that is known not to match: the default value.
    ///
    /// # Errors
    /// [`NoSample::NoMatch`] where there is no default value.
    pub fn default_sample(&self, event: &LogEvent<'_>) -> Result<Sample, NoSample> {
        let value = self.default_value.ok_or(NoSample::NoMatch)?;
        let timestamp = event.timestamp();
        Ok(Sample { timestamp, value, unit: self.unit, dimensions: Vec::new(), is_default: true })
    }
}

fn number_at(matcher: &Matcher, event: &LogEvent<'_>, place: &FieldReference) -> Result<f64, NotANumber> {
    let text = match place {
        FieldReference::Path(path) => match node_at(event.message(), path) {
            Node::Number(lexeme) => lexeme.to_owned(),
            Node::String(string) => string.decode().into_owned(),
            Node::Absent => return Err(NotANumber::Absent),
            Node::Null | Node::Bool(_) | Node::Array(_) | Node::Object(_) => return Err(NotANumber::Other),
        },
        line => field_of_line(matcher, event, line).ok_or(NotANumber::Absent)?.to_owned(),
    };
    let number = NumberLiteral::new(&text).and_then(|number| number.as_str().parse::<f64>().ok());
    number.filter(|number| number.is_finite()).ok_or(NotANumber::Other)
}

fn text_at(matcher: &Matcher, event: &LogEvent<'_>, place: &FieldReference) -> Option<String> {
    match place {
        FieldReference::Path(path) => match node_at(event.message(), path) {
            Node::String(string) => Some(string.decode().into_owned()),
            Node::Number(lexeme) => Some(lexeme.to_owned()),
            Node::Bool(value) => Some(value.to_string()),
            Node::Absent | Node::Null | Node::Array(_) | Node::Object(_) => None,
        },
        line => field_of_line(matcher, event, line).map(str::to_owned),
    }
}

fn field_of_line<'a>(matcher: &Matcher, event: &LogEvent<'a>, place: &FieldReference) -> Option<&'a str> {
    match place {
        FieldReference::Name(name) => matcher.field(event, FieldKey::Name(name.as_str())),
        FieldReference::Position(position) => matcher.field(event, FieldKey::Position(*position)),
        FieldReference::Path(_) => None,
    }
}
