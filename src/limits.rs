//! The bounds within which the crate works: the service's own quotas, and guards against hostile input.

/// How large and how deep a filter pattern may be.
///
/// The default holds the service's quotas (`spec/filter-pattern.md` 4.1) and this crate's guards. Raise a
/// quota to read patterns that the service would refuse; the guards keep memory and time bounded.
///
/// ```
/// use trailql::{FilterPattern, Limits};
///
/// let long = format!("\"{}\"", "x".repeat(2000));
/// assert!(FilterPattern::parse(&long).is_err());
/// let limits = Limits { pattern_chars: 4096, ..Limits::default() };
/// assert!(FilterPattern::parse_with(&long, &limits).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters in a pattern; the service takes 1,024.
    pub pattern_chars: usize,
    /// Regexes in a pattern; the service takes 2.
    pub regexes: usize,
    /// Wildcards in one selector; the service takes 1.
    pub wildcards_per_selector: usize,
    /// Selectors with a wildcard in one pattern; the service takes 3.
    pub wildcard_selectors: usize,
    /// Levels of parentheses; a guard, undocumented by the service.
    pub nesting: usize,
    /// Bytes that one compiled regex may take; a guard.
    pub regex_bytes: usize,
    /// Bytes of a pattern that are looked at all; a guard. What is longer gets one error and is not parsed.
    pub parse_bytes: usize,
}

impl Limits {
    /// No quota of the service's, only this crate's guards: for patterns that are read to be rewritten or compared,
    /// and never sent.
    ///
    /// ```
    /// use trailql::{FilterPattern, Limits};
    ///
    /// let three_regexes = "%a% %b% %c%";
    /// assert!(FilterPattern::parse(three_regexes).is_err());
    /// assert!(FilterPattern::parse_with(three_regexes, &Limits::without_quotas()).is_ok());
    /// ```
    pub fn without_quotas() -> Self {
        Limits {
            pattern_chars: usize::MAX,
            regexes: usize::MAX,
            wildcards_per_selector: usize::MAX,
            wildcard_selectors: usize::MAX,
            ..Limits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            pattern_chars: 1024,
            regexes: 2,
            wildcards_per_selector: 1,
            wildcard_selectors: 3,
            nesting: 256,
            regex_bytes: 1 << 20,
            parse_bytes: 64 << 10,
        }
    }
}
