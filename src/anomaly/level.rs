//! The level of a metric beside its season: a mean that forgets, kept up in constant time.

use super::season::Link;

/// How far the values of late are from the season.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    link: Link,
    sum: f64,
    weight: f64,
    /// The weight with which the season itself stands against the values.
    prior: f64,
}

impl Level {
    pub(super) fn new(link: Link, prior: f64) -> Self {
        Level { link, sum: 0.0, weight: 0.0, prior: prior.max(f64::MIN_POSITIVE) }
    }

    /// The expectation of the season, moved to the level of late.
    pub(super) fn apply(&self, season: f64) -> f64 {
        match self.link {
            Link::Ratio => season * (self.sum + self.prior) / (self.weight + self.prior),
            Link::Offset => season + self.sum / (self.weight + self.prior),
        }
    }

    /// The sum of weights behind the level.
    pub(super) fn weight(&self) -> f64 {
        self.weight + self.prior
    }

    /// `keep` is the share of weight that the past keeps.
    pub(super) fn observe(&mut self, season: f64, value: f64, keep: f64) {
        let (sum, weight) = match self.link {
            Link::Ratio => (value, season),
            Link::Offset => (value - season, 1.0),
        };
        self.sum = self.sum * keep + sum;
        self.weight = self.weight * keep + weight;
    }
}
