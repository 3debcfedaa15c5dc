//! Sums that no order of the terms can change: exact in fixed point, rounded once at the end.

use num_bigint::{BigInt, BigUint, Sign};

/// The exponent of the least bit that a number or its square can have: twice that of the least `f64`.
const UNIT: i32 = -2148;

/// Bits per chunk. A chunk has as many to spare, so that carries can wait.
const CHUNK: u32 = 32;

/// How many terms a chunk takes before its carry must go on.
const PATIENCE: u32 = 1 << 30;

/// A sum of numbers and squares of numbers, exact: digits of 32 bits, as far as there are any.
#[derive(Clone, Debug, Default)]
pub(super) struct Wide {
    /// The place of the first chunk, counted from [`UNIT`].
    low: usize,
    chunks: Vec<i64>,
    /// How many terms were added since the carries were seen to.
    waiting: u32,
}

impl Wide {
    /// Adds a finite number.
    pub(super) fn add(&mut self, value: f64) {
        let (significand, exponent) = parts(value);
        self.add_bits(significand, exponent, value.is_sign_negative());
    }

    /// Adds a finite number so many times.
    pub(super) fn add_times(&mut self, value: f64, count: u64) {
        let (significand, exponent) = parts(value);
        let product = u128::from(significand) * u128::from(count);
        self.add_magnitude(product, exponent, value.is_sign_negative());
    }

    /// Adds the square of a finite number.
    pub(super) fn add_square(&mut self, value: f64) {
        let (significand, exponent) = parts(value);
        self.add_magnitude(u128::from(significand) * u128::from(significand), 2 * exponent, false);
    }

    /// Adds a whole number.
    pub(super) fn add_integer(&mut self, value: i128) {
        self.add_magnitude(value.unsigned_abs(), 0, value < 0);
    }

    fn add_magnitude(&mut self, magnitude: u128, exponent: i32, negative: bool) {
        self.add_bits(magnitude as u64, exponent, negative);
        self.add_bits((magnitude >> 64) as u64, exponent + 64, negative);
    }

    fn add_bits(&mut self, bits: u64, exponent: i32, negative: bool) {
        if bits == 0 {
            return;
        }
        let place = exponent.abs_diff(UNIT);
        let first = (place / CHUNK) as usize;
        let shifted = u128::from(bits) << (place % CHUNK);
        self.reach(first, 3);
        let at = first - self.low;
        if let Some([low, middle, high]) = self.chunks.get_mut(at..at + 3) {
            let sign = if negative { -1 } else { 1 };
            *low += sign * i64::from(shifted as u32);
            *middle += sign * i64::from((shifted >> CHUNK) as u32);
            *high += sign * i64::from((shifted >> (2 * CHUNK)) as u32);
        }
        self.waiting += 1;
        if self.waiting >= PATIENCE {
            self.carry();
        }
    }

    /// Adds a sum.
    pub(super) fn merge(&mut self, mut other: Wide) {
        if other.chunks.is_empty() {
            return;
        }
        self.carry();
        other.carry();
        self.reach(other.low, other.chunks.len());
        let mine = self.chunks.iter_mut().skip(other.low - self.low);
        for (mine, other) in mine.zip(&other.chunks) {
            *mine += other;
        }
        self.waiting = 2;
    }

    /// Makes room for `count` chunks from `first` on.
    fn reach(&mut self, first: usize, count: usize) {
        if self.chunks.is_empty() {
            self.low = first;
        } else if first < self.low {
            self.chunks.splice(..0, std::iter::repeat_n(0, self.low - first));
            self.low = first;
        }
        let needed = first + count - self.low;
        if self.chunks.len() < needed {
            self.chunks.resize(needed, 0);
        }
    }

    /// Leaves 32 bits in every chunk; the last one has the sign.
    fn carry(&mut self) {
        let mut carry = 0;
        let last = self.chunks.pop();
        for chunk in &mut self.chunks {
            let whole = *chunk + carry;
            carry = whole >> CHUNK;
            *chunk = whole & 0xffff_ffff;
        }
        if let Some(last) = last {
            let mut rest = last + carry;
            while i32::try_from(rest).is_err() {
                self.chunks.push(rest & 0xffff_ffff);
                rest >>= CHUNK;
            }
            self.chunks.push(rest);
        }
        self.waiting = 1;
    }

    /// The sum.
    pub(super) fn total(&self) -> Exact {
        let whole = self
            .chunks
            .iter()
            .rev()
            .fold(BigInt::ZERO, |whole, &chunk| (whole << CHUNK) + BigInt::from(chunk));
        Exact { whole, exponent: i64::from(UNIT) + i64::from(CHUNK) * self.low as i64 }
    }

    /// How many bytes it keeps outside itself.
    pub(super) fn heap(&self) -> usize {
        self.chunks.capacity() * size_of::<i64>()
    }
}

/// The significand and exponent of a finite number, which is their `significand * 2^exponent` but for its sign.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7ff) as i32 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

/// `whole * 2^exponent`, exactly.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    whole: BigInt,
    exponent: i64,
}

impl Exact {
    pub(super) fn integer(value: i128) -> Self {
        Exact { whole: BigInt::from(value), exponent: 0 }
    }

    pub(super) fn plus(self, other: Exact) -> Exact {
        let exponent = self.exponent.min(other.exponent);
        Exact { whole: self.lowered(exponent) + other.lowered(exponent), exponent }
    }

    pub(super) fn minus(self, other: Exact) -> Exact {
        self.plus(Exact { whole: -other.whole, ..other })
    }

    pub(super) fn times(&self, other: &Exact) -> Exact {
        Exact { whole: &self.whole * &other.whole, exponent: self.exponent + other.exponent }
    }

    /// Its whole number at an exponent that is not larger.
    fn lowered(&self, exponent: i64) -> BigInt {
        &self.whole << self.exponent.abs_diff(exponent)
    }

    /// This through a positive number, rounded to the nearest `f64`, ties to even.
    pub(super) fn over(&self, divisor: u128) -> f64 {
        let (quotient, exponent) = divided(&self.whole, divisor, 72, false);
        quotient.rounded(exponent + self.exponent, self.whole.sign() == Sign::Minus)
    }

    /// The square root of this through the square of a positive number, rounded likewise; of less than nothing, 0.
    pub(super) fn root_over(&self, divisor: u64) -> f64 {
        if self.whole.sign() != Sign::Plus {
            return 0.0;
        }
        let square = u128::from(divisor) * u128::from(divisor);
        let odd = self.exponent.rem_euclid(2) == 1;
        let (quotient, exponent) = divided(&self.whole, square, 144, odd);
        let root = quotient.whole.sqrt();
        let more = quotient.more || &root * &root != quotient.whole;
        Truncated { whole: root, more }.rounded((exponent + self.exponent) / 2, false)
    }
}

/// A number cut off below its unit, and whether anything was cut off.
struct Truncated {
    whole: BigUint,
    more: bool,
}

/// The magnitude of `number` through `divisor`, to at least `bits` bits, and the exponent of its unit, which is odd or
/// even as asked where `bits` is even.
fn divided(number: &BigInt, divisor: u128, bits: u64, odd: bool) -> (Truncated, i64) {
    let magnitude = number.magnitude();
    let divisor = BigUint::from(divisor.max(1));
    let mut shift = (bits + divisor.bits()).saturating_sub(magnitude.bits());
    if (shift % 2 == 1) != odd {
        shift += 1;
    }
    let shifted = magnitude << shift;
    let whole = &shifted / &divisor;
    let more = &whole * &divisor != shifted;
    (Truncated { whole, more }, -(shift as i64))
}

impl Truncated {
    /// The nearest `f64` to this times `2^exponent`, ties to even.
    fn rounded(&self, exponent: i64, negative: bool) -> f64 {
        let sign = u64::from(negative) << 63;
        let bits = self.whole.bits() as i64;
        if bits == 0 {
            return 0.0;
        }
        // No unit of an `f64` is smaller.
        let unit = (exponent + bits - 53).max(-1074);
        let drop = unit - exponent;
        let significand = if drop <= 0 {
            low_word(&(&self.whole << drop.unsigned_abs()))
        } else {
            let kept = &self.whole >> drop.unsigned_abs();
            let half = self.whole.bit(drop.unsigned_abs() - 1);
            let below =
                self.more || self.whole.trailing_zeros().is_some_and(|zeros| (zeros as i64) < drop - 1);
            let kept = low_word(&kept);
            kept + u64::from(half && (below || kept % 2 == 1))
        };
        // Rounding up may have made a bit more, which the exponent takes in by itself.
        let biased = if significand < 1 << 52 { 0 } else { unit + 1075 };
        if biased >= 0x7ff {
            return f64::from_bits(f64::INFINITY.to_bits() | sign);
        }
        let lead = if biased == 0 { 0 } else { 1 << 52 };
        f64::from_bits(sign | (((biased as u64) << 52) + (significand - lead)))
    }
}

fn low_word(number: &BigUint) -> u64 {
    number.iter_u64_digits().next().unwrap_or(0)
}
