//! Sum, mean, variance: kept exactly, so that no cut of the input changes a digit.

use super::super::value::Value;
use super::exact::{Exact, Wide};

/// The largest magnitude below which every whole number is an `f64`.
const EXACT_INTEGERS: u64 = 1 << 53;

/// The number itself, where it is whole and no other number rounds to it.
fn whole(value: f64) -> Option<i64> {
    let integer = value as i64;
    (integer as f64 == value && integer.unsigned_abs() <= EXACT_INTEGERS).then_some(integer)
}

/// The quotient of two whole numbers, rounded once.
fn quotient(dividend: i128, divisor: u128) -> f64 {
    let exact = u128::from(EXACT_INTEGERS);
    if dividend.unsigned_abs() <= exact && divisor <= exact {
        dividend as f64 / divisor as f64
    } else {
        Exact::integer(dividend).over(divisor)
    }
}

/// A sum of numbers and their count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Total {
    count: u64,
    /// The sum of the whole numbers.
    integers: i128,
    /// The sum of the others.
    rest: Option<Box<Wide>>,
}

impl Total {
    /// Adds a finite number.
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1;
        match whole(value) {
            Some(integer) => self.integers += i128::from(integer),
            None => self.rest.get_or_insert_default().add(value),
        }
    }

    /// Adds a finite number so many times.
    pub(crate) fn add_times(&mut self, value: f64, count: u64) {
        self.count = self.count.saturating_add(count);
        let product = whole(value).and_then(|integer| i128::from(integer).checked_mul(i128::from(count)));
        match product.and_then(|product| self.integers.checked_add(product)) {
            Some(sum) => self.integers = sum,
            None => self.rest.get_or_insert_default().add_times(value, count),
        }
    }

    /// Adds what `count` numbers sum up to.
    pub(crate) fn add_sum(&mut self, sum: f64, count: u64) {
        self.add_times(sum, 1);
        self.count = self.count.saturating_add(count.saturating_sub(1));
    }

    pub(crate) fn merge(&mut self, later: Total) {
        self.count = self.count.saturating_add(later.count);
        match self.integers.checked_add(later.integers) {
            Some(sum) => self.integers = sum,
            None => self.rest.get_or_insert_default().add_integer(later.integers),
        }
        merge_wide(&mut self.rest, later.rest);
    }

    /// How many numbers were added.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The sum, rounded once; 0 of no numbers.
    pub(crate) fn rounded(&self) -> f64 {
        match &self.rest {
            None => self.integers as f64,
            Some(rest) => rest.total().plus(Exact::integer(self.integers)).over(1),
        }
    }

    /// The sum, rounded once; missing of no numbers.
    pub(crate) fn sum(&self) -> Value<'static> {
        if self.count == 0 { Value::Missing } else { Value::number_of(self.rounded()) }
    }

    /// The mean, rounded once; missing of no numbers.
    pub(super) fn mean(&self) -> Value<'static> {
        let count = u128::from(self.count);
        match &self.rest {
            _ if self.count == 0 => Value::Missing,
            None => Value::number_of(quotient(self.integers, count)),
            Some(rest) => Value::number_of(rest.total().plus(Exact::integer(self.integers)).over(count)),
        }
    }

    pub(crate) fn heap(&self) -> usize {
        self.rest.as_deref().map_or(0, |rest| size_of::<Wide>() + rest.heap())
    }
}

fn merge_wide(into: &mut Option<Box<Wide>>, later: Option<Box<Wide>>) {
    match (into, later) {
        (_, None) => {}
        (Some(into), Some(later)) => into.merge(*later),
        (into, later) => *into = later,
    }
}

/// Numbers' sum and sum of squares.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments {
    total: Total,
    /// The sum of the squares of the whole numbers, as far as it fits.
    integer_squares: i128,
    /// The rest of the squares.
    squares: Option<Box<Wide>>,
}

impl Moments {
    /// Adds a finite number.
    pub(super) fn add(&mut self, value: f64) {
        self.total.add(value);
        match whole(value) {
            Some(integer) => self.add_integer_squares(i128::from(integer) * i128::from(integer)),
            None => self.squares.get_or_insert_default().add_square(value),
        }
    }

    fn add_integer_squares(&mut self, squares: i128) {
        match self.integer_squares.checked_add(squares) {
            Some(sum) => self.integer_squares = sum,
            None => self.squares.get_or_insert_default().add_integer(squares),
        }
    }

    pub(super) fn merge(&mut self, later: Moments) {
        self.total.merge(later.total);
        self.add_integer_squares(later.integer_squares);
        merge_wide(&mut self.squares, later.squares);
    }

    /// The variance of all that was added, taken as the whole population; missing of no numbers.
    pub(super) fn variance(&self) -> Value<'static> {
        if self.total.count == 0 {
            return Value::Missing;
        }
        let count = u128::from(self.total.count);
        Value::number_of(match self.integer_numerator() {
            Some(numerator) => quotient(numerator, count * count),
            None => self.numerator().over(count * count),
        })
    }

    /// The square root of the variance, rounded once.
    pub(super) fn deviation(&self) -> Value<'static> {
        match self.total.count {
            0 => Value::Missing,
            count => Value::number_of(self.numerator().root_over(count)),
        }
    }

    /// `count * squares - sum * sum`, where all numbers are whole and it fits.
    fn integer_numerator(&self) -> Option<i128> {
        if self.total.rest.is_some() || self.squares.is_some() {
            return None;
        }
        let squares = i128::from(self.total.count).checked_mul(self.integer_squares)?;
        squares.checked_sub(self.total.integers.checked_mul(self.total.integers)?)
    }

    fn numerator(&self) -> Exact {
        let of = |integers: i128, rest: &Option<Box<Wide>>| match rest {
            None => Exact::integer(integers),
            Some(rest) => rest.total().plus(Exact::integer(integers)),
        };
        let sum = of(self.total.integers, &self.total.rest);
        let squares = of(self.integer_squares, &self.squares);
        Exact::integer(i128::from(self.total.count)).times(&squares).minus(sum.times(&sum))
    }

    pub(super) fn heap(&self) -> usize {
        self.total.heap() + self.squares.as_deref().map_or(0, |squares| size_of::<Wide>() + squares.heap())
    }
}
