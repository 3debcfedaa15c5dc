//! What the service takes as a value, and why it refuses the others.

/// The largest magnitude of a value: 2³⁶⁰.
const LARGEST: f64 = f64::from_bits((1_023 + 360) << 52);

/// The largest count of which every smaller whole number is an `f64` too: 2⁵³.
pub(super) const MOST_SAMPLES: u64 = 1 << 53;

/// Why a value is not taken in (`spec/metrics-insights.md` 2.1).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RefusedValue {
    /// NaN or an infinity.
    #[error("the value {0} is no finite number; CloudWatch refuses it")]
    NotFinite(f64),
    /// Beyond ±2³⁶⁰.
    #[error("the value {0:e} is beyond 2^360 (2.3e108); CloudWatch refuses it")]
    TooLarge(f64),
    /// No number of samples.
    #[error("the sample count {0} is refused; it is a whole number from 1 to 2^53")]
    SampleCount(f64),
    /// A statistic set that cannot be.
    #[error("the minimum {minimum} of the statistic set is above its maximum {maximum}; exchange them")]
    Bounds {
        /// The minimum.
        minimum: f64,
        /// The maximum.
        maximum: f64,
    },
    /// More than the store may hold.
    #[error(
        "the metric data take more than the memory budget of {budget} bytes; take a shorter time or fewer dimensions, or raise the budget"
    )]
    Full {
        /// The budget, in bytes.
        budget: usize,
    },
}

/// The value, never -0.
pub(super) fn check_value(value: f64) -> Result<f64, RefusedValue> {
    if !value.is_finite() {
        Err(RefusedValue::NotFinite(value))
    } else if value.abs() > LARGEST {
        Err(RefusedValue::TooLarge(value))
    } else {
        Ok(value + 0.0)
    }
}

pub(super) fn check_count(count: f64) -> Result<u64, RefusedValue> {
    // Within these bounds the conversion is exact.
    let is_count = (1.0..=MOST_SAMPLES as f64).contains(&count) && count.fract() == 0.0;
    if is_count { Ok(count as u64) } else { Err(RefusedValue::SampleCount(count)) }
}
