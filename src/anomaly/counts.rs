//! How often things are counted in a period: Poisson, or negative binomial where they come in clusters.

use statrs::distribution::{ContinuousCDF, Gamma, Normal};

/// Means above which counts are so close to a gamma distribution that its quantiles are taken.
const WALKED_MEAN: f64 = 150.0;
/// Shapes from which on Wilson and Hilferty's formula is as good as the gamma distribution itself, and quicker.
const ROUND_SHAPE: f64 = 20.0;
/// Widths above which the tail of a normal distribution has no digits left in a double.
const WIDEST: f64 = 6.0;

/// A distribution of counts. The variance is `mean + overdispersion * mean²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counts {
    pub mean: f64,
    pub overdispersion: f64,
    /// The share of probability at zero that is taken away: all of it for a metric that is never reported as zero.
    pub without_zero: bool,
}

impl Counts {
    pub(super) fn variance(&self) -> f64 {
        self.mean + self.overdispersion * self.mean * self.mean
    }

    /// One standard deviation.
    pub(super) fn deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The counts that a normal value would have at `-width` and `+width` standard deviations: the least ones whose
    /// cumulative probability reaches that of the normal distribution.
    pub(super) fn quantiles(&self, width: f64) -> (f64, f64) {
        let inner = width.min(WIDEST);
        let (lower, upper) = if self.mean > WALKED_MEAN {
            (self.smooth_quantile(-inner), self.smooth_quantile(inner))
        } else {
            self.walk(normal_tail(inner))
        };
        let outer = (width - inner) * self.variance().sqrt();
        ((lower - outer).max(0.0), upper + outer)
    }

    /// Adds up probabilities from zero on, which is exact and quick for small means.
    fn walk(&self, tail: f64) -> (f64, f64) {
        let mean = self.mean.max(1e-12);
        let overdispersion = self.overdispersion.max(1e-9);
        let size = 1.0 / overdispersion;
        let chance = overdispersion * mean / (1.0 + overdispersion * mean);
        let zero = (-size * (overdispersion * mean).ln_1p()).exp();
        let (mut probability, mut sum, whole) =
            if self.without_zero { (zero, 0.0, 1.0 - zero) } else { (zero, zero, 1.0) };
        let (mut count, mut lower) = (0.0, None);
        let most = mean + 12.0 * self.variance().sqrt() + 40.0;
        loop {
            if lower.is_none() && sum >= tail * whole {
                lower = Some(count);
            }
            if sum >= (1.0 - tail) * whole || count > most {
                return (lower.unwrap_or(count), count);
            }
            count += 1.0;
            probability *= (count - 1.0 + size) / count * chance;
            sum += probability;
        }
    }

    fn smooth_quantile(&self, deviations: f64) -> f64 {
        let shape = self.mean * self.mean / self.variance();
        if shape < ROUND_SHAPE
            && let Ok(gamma) = Gamma::new(shape, shape / self.mean)
        {
            return gamma.inverse_cdf(Normal::standard().cdf(deviations));
        }
        let root = 1.0 - 1.0 / (9.0 * shape) + deviations / (3.0 * shape.sqrt());
        self.mean * root.max(0.0).powi(3)
    }
}

/// The mean of a Poisson distribution whose mean is `mean` once zeros are left out.
pub(super) fn untruncated(mean: f64) -> f64 {
    let mut rate = mean;
    // m = r / (1 - exp(-r)) is solved by r = m (1 - exp(-r)), which contracts for every m above one.
    for _ in 0..60 {
        rate = mean * -(-rate).exp_m1();
    }
    rate.max(1e-3)
}

/// The probability that a normal value lies more than so many standard deviations above its mean.
pub(super) fn normal_tail(deviations: f64) -> f64 {
    Normal::standard().sf(deviations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{DiscreteCDF, NegativeBinomial, Poisson};

    #[test]
    fn quantiles_are_those_of_the_distribution() {
        for mean in [0.01, 0.122, 0.44, 1.0, 3.7, 20.0, 90.0, 149.0] {
            for overdispersion in [0.0, 0.05, 0.5, 2.0] {
                for width in [0.5, 1.0, 2.0, 2.5, 3.0, 4.0] {
                    let (lower, upper) =
                        Counts { mean, overdispersion, without_zero: false }.quantiles(width);
                    let cdf = |count: f64| match overdispersion {
                        0.0 => Poisson::new(mean).unwrap().cdf(count as u64),
                        _ => NegativeBinomial::new(1.0 / overdispersion, 1.0 / (1.0 + overdispersion * mean))
                            .unwrap()
                            .cdf(count as u64),
                    };
                    let tail = normal_tail(width);
                    for (count, probability) in [(lower, tail), (upper, 1.0 - tail)] {
                        assert!(cdf(count) >= probability - 1e-6, "{mean} {overdispersion} {width} {count}");
                        assert!(
                            count == 0.0 || cdf(count - 1.0) < probability + 1e-6,
                            "{mean} {overdispersion} {width} {count}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn large_means_go_on_where_small_ones_end() {
        for overdispersion in [0.0, 0.1, 1.0] {
            let walked = Counts { mean: 149.9, overdispersion, without_zero: false };
            let smooth = Counts { mean: 150.1, overdispersion, without_zero: false };
            for width in [1.0, 2.0, 3.0] {
                let (below, above) = (walked.quantiles(width), smooth.quantiles(width));
                assert!((below.0 - above.0).abs() < 1.0 + 0.01 * below.0, "{below:?} {above:?}");
                assert!((below.1 - above.1).abs() < 1.0 + 0.01 * below.1, "{below:?} {above:?}");
            }
        }
    }

    #[test]
    fn left_out_zeros_are_reckoned_back() {
        // A Poisson rate of 0.5 has the mean 0.5 / (1 - exp(-0.5)) = 1.2707 where zeros are left out.
        assert!((untruncated(1.270_747) - 0.5).abs() < 1e-4);
        assert!((untruncated(40.0) - 40.0).abs() < 1e-9);
    }
}
