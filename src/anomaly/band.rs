//! The band of one period, and how many standard deviations wide it is.

/// What every report of a band must say.
pub const APPROXIMATION: &str =
    "the band approximates CloudWatch's anomaly detection, whose model is unpublished";

/// The expected value of one period and the edges between which a value is no anomaly. The edges are inside
/// (`spec/metrics-insights.md` 5.4).
///
/// It approximates the service's unpublished model; see [`APPROXIMATION`].
///
/// `lower <= expected <= upper` always holds, and all three are finite.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Band {
    /// What the model expects, in the unit of the metric.
    pub expected: f64,
    /// The lower edge.
    pub lower: f64,
    /// The upper edge.
    pub upper: f64,
}

impl Band {
    /// Whether a value is inside; a value on an edge is.
    ///
    /// ```
    /// use trailql::anomaly::Band;
    ///
    /// let band = Band { expected: 0.4, lower: 0.0, upper: 2.0 };
    /// assert!(band.contains(2.0) && !band.contains(3.0));
    /// ```
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// The width of a band in standard deviations: the second argument of `ANOMALY_DETECTION_BAND`, two by default.
///
/// ```
/// use trailql::anomaly::BandWidth;
///
/// assert_eq!(BandWidth::default().deviations(), 2.0);
/// assert_eq!(BandWidth::new(2.5)?.deviations(), 2.5);
/// assert!(BandWidth::new(0.0).is_err());
/// # Ok::<(), trailql::anomaly::BadBandWidth>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BandWidth(f64);

/// A number of standard deviations that makes no band.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a band cannot be `{0}` standard deviations wide; take a number above 0, such as 2")]
pub struct BadBandWidth(pub f64);

impl BandWidth {
    /// The width of so many standard deviations; it need not be whole.
    ///
    /// # Errors
    /// [`BadBandWidth`] for zero, a negative number, infinity or what is no number.
    pub fn new(deviations: f64) -> Result<Self, BadBandWidth> {
        if deviations.is_finite() && deviations > 0.0 {
            Ok(BandWidth(deviations))
        } else {
            Err(BadBandWidth(deviations))
        }
    }

    /// How many standard deviations.
    pub fn deviations(self) -> f64 {
        self.0
    }
}

impl Default for BandWidth {
    fn default() -> Self {
        BandWidth(2.0)
    }
}
