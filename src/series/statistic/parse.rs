//! Statistics from their text.

use std::str::FromStr;

use super::{AbsoluteRange, Percent, PercentRange, Statistic, ValueRange};

/// The longest text of a statistic, in characters.
const LONGEST: usize = 50;

/// Why a text is no statistic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticError {
    /// More than 50 characters.
    #[error("the statistic has {0} characters, the limit is {LONGEST}; write its bounds with fewer digits")]
    TooLong(usize),
    /// No name of a statistic.
    #[error(
        "`{0}` is no statistic; write `SampleCount`, `Sum`, `Average`, `Minimum`, `Maximum`, `IQM`, a percentile as `p99`, or a range as `tm90`, `TM(10%:90%)`, `PR(:300)`"
    )]
    Unknown(String),
    /// Not the service's spelling, which is clear all the same.
    #[error("`{text}` is no statistic; write `{instead}`")]
    Misspelled {
        /// What was given.
        text: String,
        /// What the service takes.
        instead: String,
    },
    /// A form that the service's model takes and no page explains.
    #[error(
        "the statistic `{0}` is undocumented: the service takes it, but does not say what it means; take a documented one, as `p99`"
    )]
    Undocumented(String),
    /// No percent of a percentile.
    #[error(
        "`{0}` is no number of percent; write 0 to 100 with at most two digits and ten decimals, as in `p99.9`"
    )]
    Percent(String),
    /// No bound of a range.
    #[error("`{0}` is no bound of a range; write a number as `150` or `1.5e3`, or a percent as `90%`")]
    Bound(String),
    /// No parenthesis at the end, or no colon inside.
    #[error(
        "the range of `{0}` is not complete; write `TM(10%:90%)`, and leave one side empty for an open bound"
    )]
    Range(String),
    /// Blanks.
    #[error("the statistic `{0}` has blanks; write it without")]
    Blank(String),
    /// Neither bound.
    #[error("the range of `{0}` has no bound; give one at least, or write `Average`, `SampleCount` or `Sum`")]
    NoBound(String),
    /// A percent and an absolute bound.
    #[error("`{0}` mixes a percent with an absolute bound; write `%` on both numbers or on none")]
    MixedBounds(String),
    /// A range that holds nothing.
    #[error("the range of `{0}` is empty; its lower bound must be less than its upper bound")]
    EmptyRange(String),
    /// `PR` with percents.
    #[error("`{0}` has percents, but `PR` takes absolute bounds only, as in `PR(:300)`")]
    RankOfPercent(String),
}

/// How a family of ranges is made of its range.
type OfRange = fn(ValueRange) -> Statistic;

/// The families with a short form: that form's beginning, the long form's name.
const FAMILIES: [(&str, &str, OfRange); 4] = [
    ("tm", "TM", Statistic::TrimmedMean),
    ("tc", "TC", Statistic::TrimmedCount),
    ("ts", "TS", Statistic::TrimmedSum),
    ("wm", "WM", Statistic::WinsorizedMean),
];

const NAMED: [(&str, Statistic); 6] = [
    ("SampleCount", Statistic::SampleCount),
    ("Sum", Statistic::Sum),
    ("Average", Statistic::Average),
    ("Minimum", Statistic::Minimum),
    ("Maximum", Statistic::Maximum),
    ("IQM", Statistic::InterquartileMean),
];

/// What other tools call them, in lower case.
const ELSEWHERE: [(&str, &str); 11] = [
    ("avg", "Average"),
    ("mean", "Average"),
    ("min", "Minimum"),
    ("max", "Maximum"),
    ("count", "SampleCount"),
    ("n", "SampleCount"),
    ("samples", "SampleCount"),
    ("sample_count", "SampleCount"),
    ("total", "Sum"),
    ("median", "p50"),
    ("interquartilemean", "IQM"),
];

impl FromStr for Statistic {
    type Err = StatisticError;

    fn from_str(text: &str) -> Result<Self, StatisticError> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(StatisticError::TooLong(length));
        }
        let statistic = parse(text)?;
        match statistic.to_string().len() {
            length if length > LONGEST => Err(StatisticError::TooLong(length)),
            _ => Ok(statistic),
        }
    }
}

fn parse(text: &str) -> Result<Statistic, StatisticError> {
    if let Some((_, statistic)) = NAMED.iter().find(|(name, _)| *name == text) {
        return Ok(*statistic);
    }
    if text.contains(char::is_whitespace) {
        return Err(StatisticError::Blank(text.to_owned()));
    }
    if let Some((family, range)) = text.split_once('(') {
        return ranged(text, family, range);
    }
    if is_undocumented(text) {
        return Err(StatisticError::Undocumented(text.to_owned()));
    }
    let lower = text.to_ascii_lowercase();
    let known = NAMED.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(text));
    let elsewhere = || ELSEWHERE.iter().find(|(name, _)| *name == lower).map(|(_, instead)| *instead);
    if let Some(instead) = known.or_else(elsewhere) {
        return Err(StatisticError::Misspelled { text: text.to_owned(), instead: instead.to_owned() });
    }
    short(text, &lower)
}

/// `p99`, `tm90`
fn short(text: &str, lower: &str) -> Result<Statistic, StatisticError> {
    let family = FAMILIES.iter().find_map(|(short, _, of)| Some((*of, lower.strip_prefix(short)?)));
    let (of, number) = match family {
        Some((of, number)) => (Some(of), number),
        None => match lower.strip_prefix("pr") {
            Some(number) if is_number(number) => {
                let instead = format!("PR(:{number})");
                return Err(StatisticError::Misspelled { text: text.to_owned(), instead });
            }
            _ => (None, lower.strip_prefix('p').unwrap_or_default()),
        },
    };
    if !number.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(StatisticError::Unknown(text.to_owned()));
    }
    let percent = percent(number, false).ok_or_else(|| StatisticError::Percent(number.to_owned()))?;
    if lower != text {
        return Err(StatisticError::Misspelled { text: text.to_owned(), instead: lower.to_owned() });
    }
    match of {
        None => Ok(Statistic::Percentile(percent)),
        Some(of) => PercentRange::new(None, Some(percent))
            .map(|range| of(ValueRange::Percent(range)))
            .ok_or_else(|| StatisticError::EmptyRange(text.to_owned())),
    }
}

/// `TM(10%:90%)`, from what stands before and after the parenthesis.
fn ranged(text: &str, family: &str, range: &str) -> Result<Statistic, StatisticError> {
    let upper = family.to_ascii_uppercase();
    let of = FAMILIES.iter().find(|(_, long, _)| *long == upper).map(|(_, _, of)| *of);
    if of.is_none() && upper != "PR" {
        return Err(StatisticError::Unknown(text.to_owned()));
    }
    let incomplete = || StatisticError::Range(text.to_owned());
    let (low, high) =
        range.strip_suffix(')').and_then(|range| range.split_once(':')).ok_or_else(incomplete)?;
    let range = value_range(text, low, high)?;
    let statistic = match (of, range) {
        (Some(of), range) => of(range),
        (None, ValueRange::Absolute(range)) => Statistic::PercentileRank(range),
        (None, ValueRange::Percent(_)) => return Err(StatisticError::RankOfPercent(text.to_owned())),
    };
    if family == upper {
        Ok(statistic)
    } else {
        Err(StatisticError::Misspelled { text: text.to_owned(), instead: text.replacen(family, &upper, 1) })
    }
}

fn value_range(text: &str, low: &str, high: &str) -> Result<ValueRange, StatisticError> {
    if low.is_empty() && high.is_empty() {
        return Err(StatisticError::NoBound(text.to_owned()));
    }
    let range = match (bound(low)?, bound(high)?) {
        (low @ (None | Some(Bound::Percent(_))), high @ (None | Some(Bound::Percent(_)))) => {
            PercentRange::new(low.and_then(Bound::percent), high.and_then(Bound::percent))
                .map(ValueRange::Percent)
        }
        (low @ (None | Some(Bound::Value(_))), high @ (None | Some(Bound::Value(_)))) => {
            AbsoluteRange::new(low.and_then(Bound::value), high.and_then(Bound::value))
                .map(ValueRange::Absolute)
        }
        _ => return Err(StatisticError::MixedBounds(text.to_owned())),
    };
    range.ok_or_else(|| StatisticError::EmptyRange(text.to_owned()))
}

#[derive(Clone, Copy)]
enum Bound {
    Percent(Percent),
    Value(f64),
}

impl Bound {
    fn percent(self) -> Option<Percent> {
        if let Self::Percent(percent) = self { Some(percent) } else { None }
    }

    fn value(self) -> Option<f64> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
}

/// One side of a range; nothing for an open one.
fn bound(text: &str) -> Result<Option<Bound>, StatisticError> {
    let wrong = || StatisticError::Bound(text.to_owned());
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(number) = text.strip_suffix('%') {
        return percent(number, true).map(|percent| Some(Bound::Percent(percent))).ok_or_else(wrong);
    }
    let (significand, exponent) = match text.split_once(['e', 'E']) {
        Some((significand, exponent)) => (significand, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (text, "0"),
    };
    if !is_number(significand) || exponent.is_empty() || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(wrong)?;
    Ok(Some(Bound::Value(value)))
}

/// At most two digits and ten decimals, or 100; with its zeros only where the service takes them.
fn percent(text: &str, hundred_with_zeros: bool) -> Option<Percent> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 10 {
        return None;
    }
    let scaled = whole.parse::<u64>().ok()?.checked_mul(Percent::ONE)?;
    let percent = scaled.checked_add(format!("{decimals:0<10}").parse().ok()?)?;
    let is_written_well = match whole {
        "100" => percent == Percent::WHOLE && (hundred_with_zeros || text == whole),
        _ => whole.len() <= 2,
    };
    is_written_well.then_some(Percent(percent))
}

/// Digits, and decimals if any.
fn is_number(text: &str) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    !whole.is_empty() && whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit())
}

/// `o90`, `u90`, and whatever ends with `_E`, `_L` or `_H`.
fn is_undocumented(text: &str) -> bool {
    let stem = ["_E", "_L", "_H"].iter().find_map(|suffix| text.strip_suffix(suffix));
    let is_statistic =
        |stem: &str| parse(stem).is_ok() || stem.strip_prefix(['o', 'u']).is_some_and(is_number);
    match stem {
        Some(stem) => !stem.contains('_') && is_statistic(stem),
        None => text.strip_prefix(['o', 'u']).is_some_and(is_number),
    }
}
