//! What tells one metric from another: account, namespace, name and the set of its dimensions.

use std::fmt;

/// The dimensions of a metric: names and values, by name, each name once.
///
/// ```
/// use trailql::series::Dimensions;
///
/// let dimensions: Dimensions = [("userName", "alice"), ("eventSource", "s3.amazonaws.com")].into_iter().collect();
/// assert_eq!(dimensions.get("userName"), Some("alice"));
/// assert_eq!(dimensions.names().collect::<Vec<_>>(), ["eventSource", "userName"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Dimensions(Vec<(String, String)>);

impl Dimensions {
    /// No dimension.
    pub fn none() -> Self {
        Dimensions::default()
    }

    /// The value of a dimension.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| value.as_str())
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The last value wins where a name stands twice.
impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Dimensions {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Dimensions(pairs.collect::<std::collections::BTreeMap<String, String>>().into_iter().collect())
    }
}

/// `userName=alice, eventSource=s3.amazonaws.com`
impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

/// Which metric (`spec/metrics-insights.md` 2.1). Each set of dimensions is a metric of its own; nothing is rolled up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MetricIdentity {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The dimensions.
    pub dimensions: Dimensions,
    /// The owning account, where more than one is looked at.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub account: Option<String>,
}

impl MetricIdentity {
    /// A metric without dimensions, of the account at hand.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        MetricIdentity {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: Dimensions::none(),
            account: None,
        }
    }

    /// The same with these dimensions.
    #[must_use]
    pub fn with(self, dimensions: Dimensions) -> Self {
        MetricIdentity { dimensions, ..self }
    }
}

/// `advanced-cloudtrail-event / presigned-URL {userName=alice}`
impl fmt::Display for MetricIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.namespace, self.name)?;
        if !self.dimensions.is_empty() {
            write!(f, " {{{}}}", self.dimensions)?;
        }
        Ok(())
    }
}
