//! The value axis: where it begins and ends, and its ticks at 1, 2 or 5 times a power of ten.

use super::numbers;

/// A linear axis over values.
#[derive(Clone, Debug)]
pub(super) struct ValueAxis {
    low: f64,
    high: f64,
    /// The ticks, ascending.
    pub(super) ticks: Vec<ValueTick>,
}

/// One tick.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueTick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// What an axis has to hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// The least finite value.
    pub(super) low: f64,
    /// The greatest finite value.
    pub(super) high: f64,
    /// Whether all values are whole, so that ticks between whole numbers would mean nothing.
    pub(super) whole: bool,
    /// Whether the values are counts, which are read against zero.
    pub(super) count: bool,
}

impl ValueAxis {
    /// An axis over these values with at most about `most` steps.
    pub(super) fn over(extent: Extent, most: usize) -> Self {
        let (low, high) = padded(extent);
        let most = most.max(1) as f64;
        let step = step((high / most) - (low / most), extent.whole);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let steps = last - first;
        // Beyond the precision of a double a step changes nothing; then the ends are the only ticks.
        let exact = step.is_normal()
            && first.abs().max(last.abs()) < 1e12
            && (1.0..=4.0 * most + 4.0).contains(&steps);
        let (low, high) = (first * step, last * step);
        if !(exact && low.is_finite() && high.is_finite()) {
            return Self::ends(extent.low, extent.high);
        }
        let values: Vec<f64> = (0..=steps as usize).map(|index| (first + index as f64) * step).collect();
        ValueAxis { low, high, ticks: ticks(&values, step) }
    }

    fn ends(low: f64, high: f64) -> Self {
        let (low, high) = if low < high { (low, high) } else { (low.min(0.0), high.max(0.0)) };
        let (low, high) = if low < high { (low, high) } else { (low, low + 1.0) };
        ValueAxis { low, high, ticks: ticks(&[low, high], high / 2.0 - low / 2.0) }
    }

    /// How high a value stands: 0 at the lower end, 1 at the upper; what is beyond stands at the end.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        // Halves, so that the difference of two huge values of opposite signs stays finite.
        let fraction = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) }
    }
}

/// The ends before they are rounded: counts and values near zero are read against zero; the rest gets air.
fn padded(extent: Extent) -> (f64, f64) {
    let Extent { low, high, whole, count } = extent;
    let spread = high / 2.0 - low / 2.0;
    if low >= 0.0 && (count || low < 0.6 * high || high == 0.0) {
        return (0.0, if high == 0.0 { 1.0 } else { high });
    }
    if high <= 0.0 && (count || high > 0.6 * low) {
        return (low, 0.0);
    }
    if spread > 0.0 {
        return (low, high);
    }
    let air = if whole { (low.abs() * 0.05).max(1.0) } else { low.abs() * 0.05 };
    (low - air, high + air)
}

/// The least of 1, 2, 5 times a power of ten that is not below `raw`.
fn step(raw: f64, whole: bool) -> f64 {
    let raw = if whole { raw.max(1.0) } else { raw };
    let power = 10_f64.powf(raw.log10().floor());
    // The margin forgives a power of ten that came out a hair too small.
    let factor =
        [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= raw * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

fn ticks(values: &[f64], step: f64) -> Vec<ValueTick> {
    let labels = numbers::labels(values, step);
    values.iter().zip(labels).map(|(&value, label)| ValueTick { value, label }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(low: f64, high: f64, whole: bool) -> Vec<String> {
        let axis = ValueAxis::over(Extent { low, high, whole, count: whole && low >= 0.0 }, 5);
        axis.ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(0.0, 5.0, true), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(labels(0.0, 1.0, true), ["0", "1"]);
        assert_eq!(labels(0.0, 0.0, true), ["0", "1"]);
        assert_eq!(labels(0.0, 97.0, true), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(-3.0, 7.0, false), ["−4", "−2", "0", "2", "4", "6", "8"]);
        assert_eq!(labels(98.1, 99.7, false), ["98.0", "98.5", "99.0", "99.5", "100.0"]);
        assert_eq!(labels(7.0, 7.0, true), ["0", "2", "4", "6", "8"]);
        assert_eq!(labels(0.0, 1_500_000.0, true), ["0", "0.5 M", "1.0 M", "1.5 M"]);
    }

    #[test]
    fn extremes_have_their_ends() {
        assert_eq!(labels(-f64::MAX, f64::MAX, false).len(), 2);
        assert_eq!(labels(1e15, 1e15 + 0.25, false).len(), 2);
        assert!(labels(5e-324, 5e-324, false).len() >= 2);
    }

    proptest! {
        #[test]
        fn every_value_has_its_place(a in any::<f64>(), b in any::<f64>(), whole: bool, count: bool, most in 1usize..12) {
            prop_assume!(a.is_finite() && b.is_finite());
            let [a, b] = [a, b].map(|value| if whole { value.trunc() } else { value });
            let (low, high) = (a.min(b), a.max(b));
            let axis = ValueAxis::over(Extent { low, high, whole, count }, most);
            prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= 4 * most + 6, "{axis:?}");
            for value in [low, high, 0.0] {
                prop_assert!((0.0..=1.0).contains(&axis.fraction(value)));
            }
            prop_assert!(axis.fraction(low) <= axis.fraction(high));
            if low < high {
                prop_assert!(axis.fraction(low) < axis.fraction(high) || high - low < high.abs().max(low.abs()) * 1e-9);
            }
        }
    }
}
