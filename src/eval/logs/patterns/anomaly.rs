//! Patterns that are unlike those of the window before (`spec/logs-insights.md` 6.5).
//!
//! This is an approximation by four fixed rules. The service's own detection is a trained model that is not published;
//! nobody should expect its findings here.

use std::collections::HashMap;

use super::{PatternRow, PatternToken, Patterns};
use crate::values::render_number;

/// How many times as many, or as few, are an anomaly.
const RATIO: u64 = 3;

/// How many events the larger count must have for that.
const EVENTS: u64 = 10;

/// How many times the distance of the quartiles a number may lie beyond them.
const FENCE: f64 = 2.5;

/// How many numbers the window before must have for its quartiles to mean something.
const NUMBERS: u64 = 4;

/// A pattern of the current window that stands out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Anomaly {
    /// Its place in the rows of the current window.
    pub row: usize,
    /// `New pattern`, `Pattern frequency`, `Numeric token` or `HTTP error code`.
    pub kind: &'static str,
    /// What is unlike before.
    pub description: String,
}

/// Patterns of the current window that the previous one lacks, that are at least three times as frequent or as rare, that
/// have a number far from what it was, or a status of 400 and more for the first time. A pattern may have several.
///
/// [`PatternBuilder::finish_pair`](super::PatternBuilder::finish_pair) gives both windows the same texts.
/// Quartiles are of the values that the previous window kept, a sample where there were more than ten.
pub fn anomaly(current: &Patterns, previous: &Patterns) -> Vec<Anomaly> {
    let before: HashMap<&str, &PatternRow> =
        previous.rows.iter().map(|row| (row.pattern.as_str(), row)).collect();
    let mut out = Vec::new();
    for (index, row) in current.rows.iter().enumerate() {
        let mut found = |kind, description| out.push(Anomaly { row: index, kind, description });
        let Some(before) = before.get(row.pattern.as_str()) else {
            found("New pattern", "no event of the previous window has this pattern".to_owned());
            continue;
        };
        if let Some(description) = frequency(row.count, before.count) {
            found("Pattern frequency", description);
        }
        for (number, (token, before)) in row.tokens.iter().zip(&before.tokens).enumerate() {
            let name = format!("<{}-{}>", token.kind, number + 1);
            if is_status(token) && is_status(before) {
                if let Some(text) = status(token, before) {
                    found("HTTP error code", format!("{name} {text}"));
                }
            } else if let Some(text) = number_outside(token, before) {
                found("Numeric token", format!("{name} {text}"));
            }
        }
    }
    out
}

fn frequency(now: u64, before: u64) -> Option<String> {
    let (more, fewer) = (now.max(before), now.min(before));
    let stands_out = more >= EVENTS && more >= fewer.saturating_mul(RATIO);
    stands_out.then(|| format!("{now} events, {before} in the previous window"))
}

/// Whether all that was seen are statuses of HTTP.
fn is_status(token: &PatternToken) -> bool {
    token.kind == "Number"
        && token.range.is_some_and(|(least, most)| least >= 100.0 && most < 600.0)
        && token.values.iter().all(|value| value.text.len() == 3)
}

fn status(now: &PatternToken, before: &PatternToken) -> Option<String> {
    let (_, most) = now.range?;
    let (_, most_before) = before.range?;
    (most >= 400.0 && most_before < 400.0).then(|| {
        format!(
            "is up to {}, at most {} in the previous window",
            render_number(most),
            render_number(most_before)
        )
    })
}

fn number_outside(now: &PatternToken, before: &PatternToken) -> Option<String> {
    // An identifier of digits only is no quantity.
    if now.kind == "ID" {
        return None;
    }
    let (least, most) = now.range?;
    before.range?;
    let mut numbers: Vec<(f64, u64)> = before
        .values
        .iter()
        .filter_map(|value| crate::values::parse_number(&value.text).map(|number| (number, value.count)))
        .collect();
    numbers.sort_by(|left, right| left.0.total_cmp(&right.0));
    if numbers.iter().map(|(_, count)| count).sum::<u64>() < NUMBERS {
        return None;
    }
    let (first, third) = (quantile(&numbers, 0.25)?, quantile(&numbers, 0.75)?);
    let reach = FENCE * (third - first);
    let (low, high) = (first - reach, third + reach);
    let far = if most > high { most } else { least };
    (far > high || far < low).then(|| {
        let [far, low, high] = [far, low, high].map(render_number);
        format!("is {far}, outside {low} to {high}")
    })
}

/// A quantile of sorted numbers with their counts, interpolated between neighbours.
fn quantile(numbers: &[(f64, u64)], share: f64) -> Option<f64> {
    let total: u64 = numbers.iter().map(|(_, count)| count).sum();
    let place = share * total.saturating_sub(1) as f64;
    let at = |index: u64| {
        let mut passed = 0;
        numbers.iter().find_map(|(number, count)| {
            passed += count;
            (index < passed).then_some(*number)
        })
    };
    let below = at(place.floor() as u64)?;
    let above = at(place.ceil() as u64)?;
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quartiles_are_interpolated() {
        // 1, 2, 3, 4, 100: places 1 and 3.
        let numbers = [(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 1), (100.0, 1)];
        assert_eq!((quantile(&numbers, 0.25), quantile(&numbers, 0.75)), (Some(2.0), Some(4.0)));
        // 1, 1, 1, 5: places 0.75 and 2.25.
        let numbers = [(1.0, 3), (5.0, 1)];
        assert_eq!((quantile(&numbers, 0.25), quantile(&numbers, 0.75)), (Some(1.0), Some(2.0)));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
