//! Metric transformations: what a match is worth, and under which dimensions it counts.

use crate::json::Step;
use crate::syntax::filter::{FilterPattern, Name, NumberLiteral, Selector, SelectorStep};

use super::unit::{Unit, UnknownUnit};

/// A metric transformation as a person or a template writes it, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransformationSpec {
    /// `metricNamespace`
    pub namespace: String,
    /// `metricName`
    pub name: String,
    /// `metricValue`: a number, a selector, `$name` or `$position`.
    pub value: String,
    /// `defaultValue`
    pub default_value: Option<f64>,
    /// `unit`; the service takes `None` where there is none.
    pub unit: Option<String>,
    /// `dimensions`: names and selectors.
    pub dimensions: Vec<(String, String)>,
}

/// A metric transformation that fits its pattern (`spec/filter-pattern.md` 3.6, 4.2, 4.3).
#[derive(Clone, Debug, PartialEq)]
pub struct MetricTransformation {
    /// The namespace of the metric.
    pub namespace: String,
    /// The name of the metric.
    pub name: String,
    /// What a match is worth.
    pub value: MetricValue,
    /// What an event that does not match is worth; never together with dimensions.
    pub default_value: Option<f64>,
    /// The unit of the samples.
    pub unit: Unit,
    /// At most three.
    pub dimensions: Vec<Dimension>,
}

/// What a match is worth.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MetricValue {
    /// Always the same.
    Number(f64),
    /// The number, or the text that spells one, at this place of the event.
    Field(FieldReference),
}

/// A place in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldReference {
    /// A member of a JSON event.
    Path(Vec<Step>),
    /// A named field of a line.
    Name(Name),
    /// A field of a line by its position, counted from one.
    Position(usize),
}

/// A dimension of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Where its value stands.
    pub value: FieldReference,
}

/// Why a metric transformation does not fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformationError {
    /// Neither a number nor a place in the event.
    #[error(
        "the metric value `{0}` is neither a number nor a selector that fits the pattern; write `1`, `$.field`, or `$name` for a space-delimited pattern"
    )]
    Value(String),
    /// Not a place in the event.
    #[error(
        "the value `{value}` of dimension `{name}` is no selector that fits the pattern; write `$.field` without wildcards, or `$name` for a space-delimited pattern"
    )]
    DimensionValue {
        /// The dimension.
        name: String,
        /// What was given.
        value: String,
    },
    /// Dimensions on a terms pattern, or on none.
    #[error("dimensions need a JSON or space-delimited pattern; this one has no fields")]
    DimensionsWithoutFields,
    /// Dimensions and a default value.
    #[error("a metric filter has dimensions or a default value, not both; drop one")]
    DimensionsWithDefault,
    /// More than three dimensions.
    #[error("there are {0} dimensions, the limit is 3")]
    TooManyDimensions(usize),
    /// The same dimension name twice.
    #[error("the dimension `{0}` stands twice; give each a name of its own")]
    DuplicateDimension(String),
    /// A namespace, name or dimension name that the service refuses.
    #[error(
        "the {what} `{text}` is refused: it has 1 to 255 characters, none of `*`, `$`, and no `:` in a name"
    )]
    Text {
        /// Which text.
        what: &'static str,
        /// What was given.
        text: String,
    },
    /// A value of more than 100 characters.
    #[error("the metric value has {0} characters, the limit is 100")]
    ValueTooLong(usize),
    /// A default that is no finite number.
    #[error("the default value `{0}` is no finite number")]
    Default(f64),
    /// A unit that does not exist.
    #[error(transparent)]
    Unit(#[from] UnknownUnit),
}

impl TransformationError {
    /// What the service itself answers, where that is on record (`spec/filter-pattern.md` 4.5).
    pub fn service_text(&self) -> Option<String> {
        Some(match self {
            Self::Value(value) => {
                format!("Invalid metric transformation: metric value {value} must be a valid number")
            }
            Self::DimensionValue { .. } => {
                "Invalid metric transformation: dimension value must be valid selector".to_owned()
            }
            Self::DimensionsWithoutFields => {
                "The specified filter pattern does not support dimensions".to_owned()
            }
            Self::DimensionsWithDefault => {
                "Invalid metric transformation: dimensions and default value are mutually exclusive properties"
                    .to_owned()
            }
            Self::TooManyDimensions(_) => {
                "Number of dimensions exceeds the maximum number of dimensions supported per metric filter"
                    .to_owned()
            }
            _ => return None,
        })
    }
}

const MOST_DIMENSIONS: usize = 3;
const LONGEST_TEXT: usize = 255;
const LONGEST_VALUE: usize = 100;

impl TransformationSpec {
    /// The transformation, if it fits `pattern`.
    ///
    /// ```
    /// use trailql::series::TransformationSpec;
    ///
    /// let spec = TransformationSpec {
    ///     namespace: "advanced-cloudtrail-event".into(),
    ///     name: "presigned-URL-userName".into(),
    ///     value: "1".into(),
    ///     dimensions: vec![("userName".into(), "$.userIdentity.userName".into())],
    ///     ..TransformationSpec::default()
    /// };
    /// assert!(spec.check(&"{ $.eventName = GetObject }".parse()?).is_ok());
    /// assert!(spec.check(&"GetObject".parse()?).is_err(), "a terms pattern has no fields");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    ///
    /// # Errors
    /// Everything that does not fit, in the order of the members.
    pub fn check(&self, pattern: &FilterPattern) -> Result<MetricTransformation, Vec<TransformationError>> {
        let mut errors = Vec::new();
        self.check_texts(&mut errors);
        let value = self.metric_value(pattern, &mut errors);
        let unit = match &self.unit {
            None => Unit::None,
            Some(text) => text.parse().unwrap_or_else(|error: UnknownUnit| {
                errors.push(error.into());
                Unit::None
            }),
        };
        let dimensions = self.check_dimensions(pattern, &mut errors);
        match value {
            Some(value) if errors.is_empty() => Ok(MetricTransformation {
                namespace: self.namespace.clone(),
                name: self.name.clone(),
                value,
                default_value: self.default_value,
                unit,
                dimensions,
            }),
            _ => Err(errors),
        }
    }

    fn check_texts(&self, errors: &mut Vec<TransformationError>) {
        // A colon in a namespace is refused by the service's model, yet was accepted by the service.
        let texts = [
            ("metric namespace", &self.namespace, ['*', '$', '$']),
            ("metric name", &self.name, ['*', '$', ':']),
        ];
        for (what, text, refused) in texts {
            if text.is_empty() || text.chars().count() > LONGEST_TEXT || text.contains(refused) {
                errors.push(TransformationError::Text { what, text: text.clone() });
            }
        }
        if let Some(default) = self.default_value.filter(|default| !default.is_finite()) {
            errors.push(TransformationError::Default(default));
        }
    }

    fn metric_value(
        &self,
        pattern: &FilterPattern,
        errors: &mut Vec<TransformationError>,
    ) -> Option<MetricValue> {
        let length = self.value.chars().count();
        if length > LONGEST_VALUE {
            errors.push(TransformationError::ValueTooLong(length));
            return None;
        }
        let number = NumberLiteral::new(&self.value).and_then(|number| number.as_str().parse::<f64>().ok());
        let value = match number {
            Some(number) => number.is_finite().then_some(MetricValue::Number(number)),
            None => FieldReference::parse(&self.value, pattern).map(MetricValue::Field),
        };
        if value.is_none() {
            errors.push(TransformationError::Value(self.value.clone()));
        }
        value
    }

    fn check_dimensions(
        &self,
        pattern: &FilterPattern,
        errors: &mut Vec<TransformationError>,
    ) -> Vec<Dimension> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        if self.dimensions.is_empty() {
            return dimensions;
        }
        if matches!(pattern, FilterPattern::All | FilterPattern::Terms(_)) {
            errors.push(TransformationError::DimensionsWithoutFields);
            return dimensions;
        }
        if self.default_value.is_some() {
            errors.push(TransformationError::DimensionsWithDefault);
        }
        if self.dimensions.len() > MOST_DIMENSIONS {
            errors.push(TransformationError::TooManyDimensions(self.dimensions.len()));
        }
        for (name, value) in &self.dimensions {
            if name.is_empty() || name.chars().count() > LONGEST_TEXT {
                errors.push(TransformationError::Text { what: "dimension name", text: name.clone() });
            }
            if dimensions.iter().any(|known| known.name == *name) {
                errors.push(TransformationError::DuplicateDimension(name.clone()));
            }
            match FieldReference::parse(value, pattern) {
                Some(value) => dimensions.push(Dimension { name: name.clone(), value }),
                None => errors
                    .push(TransformationError::DimensionValue { name: name.clone(), value: value.clone() }),
            }
        }
        dimensions
    }
}

impl FieldReference {
    /// The place that `text` names in events of `pattern`: `$.path` for JSON, `$name` or `$position` for lines.
    /// Whether the pattern itself mentions the place does not matter, as with the service.
    pub fn parse(text: &str, pattern: &FilterPattern) -> Option<Self> {
        match pattern {
            FilterPattern::Json(_) => {
                let selector: Selector = text.parse().ok()?;
                let steps = selector.steps().iter().map(|step| match step {
                    SelectorStep::Key(key) => Some(Step::Key(key.as_str().into())),
                    SelectorStep::Index(index) => usize::try_from(*index).ok().map(Step::Index),
                    SelectorStep::AnyMember | SelectorStep::AnyElement => None,
                });
                steps.collect::<Option<_>>().map(FieldReference::Path)
            }
            FilterPattern::Space(space) => {
                let name = Name::new(text.strip_prefix('$')?)?;
                let is_named = space.entries().iter().any(|entry| {
                    matches!(entry, crate::syntax::filter::Entry::Field { name: known, .. } if *known == name)
                });
                match name.as_str().parse::<usize>() {
                    Ok(position) if !is_named => (position > 0).then_some(FieldReference::Position(position)),
                    _ => Some(FieldReference::Name(name)),
                }
            }
            FilterPattern::All | FilterPattern::Terms(_) => None,
        }
    }
}
