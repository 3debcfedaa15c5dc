//! The width of the buckets in which metric data are summed up.

use std::fmt;

use crate::EpochMillis;

/// The length of a period: 1, 5, 10, 20 or 30 seconds, or whole minutes (`spec/metrics-insights.md` 2.9, 5.1).
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::series::Period;
///
/// let period = Period::from_seconds(300)?;
/// assert_eq!(period.floor(EpochMillis(1_725_235_425_500)), EpochMillis(1_725_235_200_000));
/// assert!(Period::from_seconds(90).is_err());
/// # Ok::<(), trailql::series::BadPeriod>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Period(u32);

/// A number of seconds that is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period of {0} s does not exist; take 1, 5, 10, 20 or 30 s, or a multiple of 60 s up to 604,800")]
pub struct BadPeriod(pub u64);

impl Period {
    /// One minute, the finest period of a metric of standard resolution.
    pub const MINUTE: Period = Period(60);
    /// One second, the resolution of a high-resolution metric.
    pub const SECOND: Period = Period(1);
    /// The longest period: one week.
    pub const MAX_SECONDS: u32 = 604_800;

    /// The period of so many seconds.
    ///
    /// # Errors
    /// [`BadPeriod`] for a length that the service does not have.
    pub fn from_seconds(seconds: u64) -> Result<Self, BadPeriod> {
        match u32::try_from(seconds) {
            Ok(short @ (1 | 5 | 10 | 20 | 30)) => Ok(Period(short)),
            Ok(whole) if whole > 0 && whole % 60 == 0 && whole <= Self::MAX_SECONDS => Ok(Period(whole)),
            _ => Err(BadPeriod(seconds)),
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// Its length in milliseconds.
    pub fn millis(self) -> i64 {
        i64::from(self.0) * 1_000
    }

    /// The start of the period that holds an instant; periods count from 1970-01-01T00:00:00Z.
    pub fn floor(self, at: EpochMillis) -> EpochMillis {
        EpochMillis(at.0.saturating_sub(at.0.rem_euclid(self.millis())))
    }
}

/// `300 s`
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}
