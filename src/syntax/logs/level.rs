//! Which edition of the language a query is written for (`spec/logs-insights.md` 0.2).

use std::fmt;
use std::str::FromStr;

/// A level of the language; each holds the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Level {
    /// To April 2026.
    L1,
    /// From June 2026 on.
    L2,
    /// From autumn 2026 on.
    #[default]
    L3,
}

impl Level {
    /// How many `stats` a query may have.
    pub fn max_stats(self) -> usize {
        if self == Level::L1 { 2 } else { 10 }
    }

    /// How many rows a `limit` may ask for.
    pub fn max_limit(self) -> u64 {
        if self == Level::L1 { 10_000 } else { 100_000 }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::L1 => "L1",
            Level::L2 => "L2",
            Level::L3 => "L3",
        })
    }
}

/// What was given names no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such level: write `L1`, `L2` or `L3`")]
pub struct NoSuchLevel;

impl FromStr for Level {
    type Err = NoSuchLevel;

    fn from_str(text: &str) -> Result<Self, NoSuchLevel> {
        match text.to_ascii_uppercase().as_str() {
            "L1" => Ok(Level::L1),
            "L2" => Ok(Level::L2),
            "L3" => Ok(Level::L3),
            _ => Err(NoSuchLevel),
        }
    }
}
