//! The aggregates of `stats`: what many rows amount to (`spec/logs-insights.md` 3.7).
//!
//! An input may be cut into parts anywhere. Each part has its own accumulators; merged in the order of the input they
//! give the same result as one accumulator of all rows, digit by digit.

mod distinct;
mod exact;
mod moments;
mod picked;
mod sample;
mod seen;
#[cfg(test)]
mod tests;

use super::value::Value;
use crate::EpochMillis;
use crate::syntax::logs::{FUNCTIONS, Function, Period, PeriodUnit};
use distinct::Distinct;
use moments::Moments;
pub(crate) use moments::Total;
use picked::{End, Extreme, Rate, Timed};
use sample::Sample;
use seen::{Frequencies, Seen};

/// The most values that `topk` gives, and the most ranges of a `histogram`.
const MOST_VALUES: u64 = 10_000;

/// An aggregate and its fixed arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AggregateSpec {
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Variance,
    StdDev,
    Extreme { end: End, times_as_numbers: bool },
    Percentile { percent: f64 },
    Values,
    TopK { most: usize },
    Timed { end: End },
    Rate { period_millis: f64 },
    Histogram { buckets: u64 },
}

/// An argument that an aggregate cannot work with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadAggregate {
    /// Its place, from 0 on.
    pub(crate) argument: usize,
    /// What is wrong.
    pub(crate) message: String,
    /// The way out.
    pub(crate) help: String,
}

impl AggregateSpec {
    /// The aggregate of this name, given by place those of its arguments that are literals or periods.
    pub(crate) fn prepare(
        function: Function,
        literals: &[Option<Value<'static>>],
        periods: &[Option<Period>],
    ) -> Result<Self, BadAggregate> {
        let literal = |argument: usize| literals.get(argument).and_then(Option::as_ref);
        let kind = match function {
            Function::Count | Function::CountOverTime => Kind::Count,
            Function::CountDistinct => Kind::CountDistinct,
            Function::Sum | Function::SumOverTime => Kind::Sum,
            Function::Avg => Kind::Avg,
            Function::Variance => Kind::Variance,
            Function::StdDev => Kind::StdDev,
            Function::Min => Kind::Extreme { end: End::First, times_as_numbers: true },
            Function::Max => Kind::Extreme { end: End::Last, times_as_numbers: true },
            Function::SortsFirst => Kind::Extreme { end: End::First, times_as_numbers: false },
            Function::SortsLast => Kind::Extreme { end: End::Last, times_as_numbers: false },
            Function::Earliest => Kind::Timed { end: End::First },
            Function::Latest => Kind::Timed { end: End::Last },
            Function::Values => Kind::Values,
            Function::Pct => Kind::Percentile { percent: percent(literal(1))? },
            Function::TopK => Kind::TopK { most: whole_number(0, "topk", literal(0))? as usize },
            Function::Histogram => Kind::Histogram { buckets: whole_number(1, "histogram", literal(1))? },
            Function::Rate => {
                Kind::Rate { period_millis: rate_period(periods.get(1).and_then(Option::as_ref))? }
            }
            other => return Err(no_aggregate(other)),
        };
        Ok(AggregateSpec { kind })
    }

    /// The place of the argument whose value each row adds.
    pub(crate) fn input(&self) -> usize {
        usize::from(matches!(self.kind, Kind::TopK { .. }))
    }

    /// Whether rows must come with their time; one without it adds nothing then.
    pub(crate) fn needs_time(&self) -> bool {
        matches!(self.kind, Kind::Timed { .. } | Kind::Rate { .. })
    }

    /// An accumulator of no rows.
    pub(crate) fn start(&self) -> Accumulator {
        Accumulator(match self.kind {
            Kind::Count => State::Count(0),
            Kind::CountDistinct => State::CountDistinct(Box::default()),
            Kind::Sum => State::Sum(Total::default()),
            Kind::Avg => State::Avg(Total::default()),
            Kind::Variance => State::Variance(Box::default()),
            Kind::StdDev => State::StdDev(Box::default()),
            Kind::Extreme { end, times_as_numbers } => State::Extreme(Extreme::new(end, times_as_numbers)),
            Kind::Percentile { percent } => State::Percentile { percent, sample: Box::default() },
            Kind::Values => State::Values(Box::default()),
            Kind::TopK { most } => State::TopK { most, frequencies: Box::default() },
            Kind::Timed { end } => State::Timed(Timed::new(end)),
            Kind::Rate { period_millis } => State::Rate(Box::new(Rate::new(period_millis))),
            Kind::Histogram { buckets } => State::Histogram { buckets, sample: Box::default() },
        })
    }
}

fn percent(literal: Option<&Value<'static>>) -> Result<f64, BadAggregate> {
    let number = literal.and_then(Value::number).filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| BadAggregate {
        argument: 1,
        message: format!("the percentile of `pct` must be a number from 0 to 100{}", found(literal)),
        help: "write it as a number, as in `pct(x, 95)`".to_owned(),
    })
}

fn whole_number(argument: usize, name: &str, literal: Option<&Value<'static>>) -> Result<u64, BadAggregate> {
    let number = literal.and_then(Value::number);
    let fits = number.filter(|number| number.fract() == 0.0 && (1.0..=MOST_VALUES as f64).contains(number));
    fits.map(|number| number as u64).ok_or_else(|| BadAggregate {
        argument,
        message: format!("`{name}` takes a whole number from 1 to {MOST_VALUES}{}", found(literal)),
        help: match argument {
            0 => format!("write it as the first argument, as in `{name}(10, x)`"),
            _ => format!("write it as the second argument, as in `{name}(x, 10)`"),
        },
    })
}

fn found(literal: Option<&Value<'static>>) -> String {
    match literal.and_then(Value::render) {
        Some(text) => format!(", not `{text}`"),
        None => String::new(),
    }
}

/// The length of a period in milliseconds; of months and longer, their mean length.
fn rate_period(period: Option<&Period>) -> Result<f64, BadAggregate> {
    let second = 1000.0;
    let day = 24.0 * 3600.0 * second;
    let year = 365.2425 * day;
    let millis = period.map(|period| {
        let unit = match period.unit {
            PeriodUnit::Millisecond => 1.0,
            PeriodUnit::Second => second,
            PeriodUnit::Minute => 60.0 * second,
            PeriodUnit::Hour => 3600.0 * second,
            PeriodUnit::Day => day,
            PeriodUnit::Week => 7.0 * day,
            PeriodUnit::Month => year / 12.0,
            PeriodUnit::Quarter => year / 4.0,
            PeriodUnit::Year => year,
        };
        unit * period.capped_count() as f64
    });
    millis.filter(|&millis| millis > 0.0).ok_or_else(|| BadAggregate {
        argument: 1,
        message: "the second argument of `rate` must be a length of time above 0".to_owned(),
        help: "write it as a number and a unit, as in `rate(x, 1m)`".to_owned(),
    })
}

fn no_aggregate(function: Function) -> BadAggregate {
    let name = FUNCTIONS.iter().find(|known| known.function == function).map_or("", |known| known.name);
    BadAggregate {
        argument: 0,
        message: format!("`{name}` is no aggregate"),
        help: "write it around an aggregate, or use it before `stats`".to_owned(),
    }
}

/// What an aggregate knows of the rows of one group in one part of the input.
#[derive(Clone, Debug)]
pub(crate) struct Accumulator(State);

#[derive(Clone, Debug)]
enum State {
    Count(u64),
    CountDistinct(Box<Distinct>),
    Sum(Total),
    Avg(Total),
    Variance(Box<Moments>),
    StdDev(Box<Moments>),
    Extreme(Extreme),
    Percentile { percent: f64, sample: Box<Sample> },
    Values(Box<Seen>),
    TopK { most: usize, frequencies: Box<Frequencies> },
    Timed(Timed),
    Rate(Box<Rate>),
    Histogram { buckets: u64, sample: Box<Sample> },
}

/// The number of a value, if it has one; there is one zero.
fn number(value: &Value<'_>) -> Option<f64> {
    value.number().filter(|number| number.is_finite()).map(|number| number + 0.0)
}

impl Accumulator {
    /// Adds a row: the value of the aggregate's argument, and when the event was. Nothing, maps and lists do not count,
    /// and where numbers are wanted only numbers do. `count()`, which has no argument, is given any value that is there.
    pub(crate) fn add(&mut self, value: &Value<'_>, time: Option<EpochMillis>) {
        if value.is_missing() || value.is_container() {
            return;
        }
        match &mut self.0 {
            State::Count(count) => *count += 1,
            State::Sum(total) | State::Avg(total) => {
                if let Some(number) = number(value) {
                    total.add(number);
                }
            }
            State::Variance(moments) | State::StdDev(moments) => {
                if let Some(number) = number(value) {
                    moments.add(number);
                }
            }
            State::Extreme(extreme) => extreme.add(value),
            State::Percentile { sample, .. } | State::Histogram { sample, .. } => {
                if let Some(number) = number(value) {
                    sample.add(number, value);
                }
            }
            State::CountDistinct(distinct) => {
                if let Some(text) = value.text() {
                    distinct.add(&text);
                }
            }
            State::Values(seen) => seen.add(value),
            State::TopK { frequencies, .. } => frequencies.add(value),
            State::Timed(timed) => {
                if let Some(time) = time {
                    timed.add(value, time);
                }
            }
            State::Rate(rate) => {
                if let (Some(number), Some(time)) = (number(value), time) {
                    rate.add(number, time);
                }
            }
        }
    }

    /// Adds the rows of a part of the input that comes after all that were added. Both must be of one specification.
    pub(crate) fn merge(&mut self, later: Accumulator) {
        match (&mut self.0, later.0) {
            (State::Count(mine), State::Count(later)) => *mine += later,
            (State::CountDistinct(mine), State::CountDistinct(later)) => mine.merge(*later),
            (State::Sum(mine), State::Sum(later)) | (State::Avg(mine), State::Avg(later)) => {
                mine.merge(later)
            }
            (State::Variance(mine), State::Variance(later)) | (State::StdDev(mine), State::StdDev(later)) => {
                mine.merge(*later);
            }
            (State::Extreme(mine), State::Extreme(later)) => mine.merge(later),
            (State::Percentile { sample: mine, .. }, State::Percentile { sample: later, .. })
            | (State::Histogram { sample: mine, .. }, State::Histogram { sample: later, .. }) => {
                mine.merge(*later)
            }
            (State::Values(mine), State::Values(later)) => mine.merge(*later),
            (State::TopK { frequencies: mine, .. }, State::TopK { frequencies: later, .. }) => {
                mine.merge(*later)
            }
            (State::Timed(mine), State::Timed(later)) => mine.merge(later),
            (State::Rate(mine), State::Rate(later)) => mine.merge(*later),
            (mine, later) => debug_assert!(false, "{mine:?} and {later:?} are of different aggregates"),
        }
    }

    /// The result. Without any row that counts, it is 0 for counts, else missing.
    pub(crate) fn finish(self) -> Value<'static> {
        match self.0 {
            State::Count(count) => Value::number_of(count as f64),
            State::CountDistinct(distinct) => Value::number_of(distinct.count() as f64),
            State::Sum(total) => total.sum(),
            State::Avg(total) => total.mean(),
            State::Variance(moments) => moments.variance(),
            State::StdDev(moments) => moments.deviation(),
            State::Extreme(extreme) => extreme.finish(),
            State::Percentile { percent, sample } => sample.percentile(percent),
            State::Values(seen) => seen.finish(),
            State::TopK { most, frequencies } => frequencies.most_frequent(most),
            State::Timed(timed) => timed.finish(),
            State::Rate(rate) => rate.finish(),
            State::Histogram { buckets, sample } => sample.histogram(buckets),
        }
    }

    /// About how many bytes it keeps in memory. Cheap enough to ask after every row.
    pub(crate) fn footprint(&self) -> usize {
        let heap = match &self.0 {
            State::Count(_) => 0,
            State::CountDistinct(distinct) => size_of::<Distinct>() + distinct.heap(),
            State::Sum(total) | State::Avg(total) => total.heap(),
            State::Variance(moments) | State::StdDev(moments) => size_of::<Moments>() + moments.heap(),
            State::Extreme(extreme) => extreme.heap(),
            State::Percentile { sample, .. } | State::Histogram { sample, .. } => {
                size_of::<Sample>() + sample.heap()
            }
            State::Values(seen) => size_of::<Seen>() + seen.heap(),
            State::TopK { frequencies, .. } => size_of::<Frequencies>() + frequencies.heap(),
            State::Timed(timed) => timed.heap(),
            State::Rate(_) => size_of::<Rate>(),
        };
        size_of::<Self>() + heap
    }
}
