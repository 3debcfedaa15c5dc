//! Values that are no counts: a location, a scale, and tails as heavy as Student's t needs.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Beyond this width the probability has no digits left in a double; from there on the band grows in proportion.
const WIDEST: f64 = 6.0;
/// Degrees of freedom from heavy tails to none, with the quotient of the 95 % and the 50 % quantile of |t|.
const TAILS: [(f64, f64); 6] =
    [(2.0, 5.27), (3.0, 4.16), (4.0, 3.75), (6.0, 3.41), (10.0, 3.18), (30.0, 3.0)];
const NORMAL_QUOTIENT: f64 = 2.906;

/// Student's t around zero; no degrees of freedom is the normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub scale: f64,
    pub freedom: Option<f64>,
}

impl Spread {
    /// The spread whose quantiles of |x| at 50 % and 95 % are those of these magnitudes.
    pub(super) fn of_magnitudes(magnitudes: &mut [f64], least: f64) -> Self {
        let (half, outer) = (quantile(magnitudes, 0.5), quantile(magnitudes, 0.95));
        let quotient = outer / half.max(f64::MIN_POSITIVE);
        let freedom =
            TAILS.iter().find(|(_, known)| quotient > (known + NORMAL_QUOTIENT) / 2.0).map(|(nu, _)| *nu);
        let spread = Spread { scale: 1.0, freedom };
        let scale = outer / spread.deviation(1.959_964);
        Spread { scale: scale.max(least).max(f64::MIN_POSITIVE), freedom }
    }

    /// How far from the middle the edge of a band of so many standard deviations is.
    pub(super) fn deviation(&self, width: f64) -> f64 {
        let inner = width.min(WIDEST);
        let at = match self.freedom {
            Some(freedom) => {
                let probability = Normal::standard().sf(inner);
                StudentsT::new(0.0, 1.0, freedom).map_or(inner, |t| -t.inverse_cdf(probability))
            }
            None => inner,
        };
        self.scale * at * (width / inner)
    }
}

/// The value below which a share of the values lies; it reorders them.
pub(super) fn quantile(values: &mut [f64], share: f64) -> f64 {
    let index = (share * values.len().saturating_sub(1) as f64).round() as usize;
    if index < values.len() { *values.select_nth_unstable_by(index, f64::total_cmp).1 } else { 0.0 }
}

/// The value in the middle, or the mean of the two there; nothing of nothing. It reorders the values.
pub(super) fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, middle, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    let middle = *middle;
    if is_odd {
        return middle;
    }
    let below = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    below + (middle - below) / 2.0
}
