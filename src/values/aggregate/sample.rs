//! The numbers of a group, for percentiles and histograms: all of them, and beyond a number of them by a sketch.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::value::{Map, Number, Value, render_number};

/// So many numbers of a group are kept. Beyond, a result is wrong by at most a 512th of its value.
pub(super) const EXACT_SAMPLE: usize = 100_000;

/// The numbers of a group.
#[derive(Clone, Debug)]
pub(super) enum Sample {
    Exact {
        numbers: Vec<f64>,
        /// By the bits of a number the first text it had that is not how it is rendered.
        spellings: HashMap<u64, Box<str>>,
        heap: usize,
    },
    Sketch(Sketch),
}

impl Default for Sample {
    fn default() -> Self {
        Sample::Exact { numbers: Vec::new(), spellings: HashMap::new(), heap: 0 }
    }
}

impl Sample {
    /// Adds a value that is this number.
    pub(super) fn add(&mut self, number: f64, value: &Value<'_>) {
        match self {
            Sample::Sketch(sketch) => sketch.add(number, 1),
            Sample::Exact { numbers, spellings, heap } => {
                numbers.push(number);
                if let Some(text) = own_spelling(value) {
                    spellings.entry(number.to_bits()).or_insert_with(|| {
                        *heap += text.len() + size_of::<(u64, Box<str>)>();
                        text.into()
                    });
                }
                self.give_up_beyond_limit();
            }
        }
    }

    fn give_up_beyond_limit(&mut self) {
        if let Sample::Exact { numbers, .. } = self
            && numbers.len() > EXACT_SAMPLE
        {
            let mut sketch = Sketch::default();
            for &number in numbers.iter() {
                sketch.add(number, 1);
            }
            *self = Sample::Sketch(sketch);
        }
    }

    pub(super) fn merge(&mut self, later: Sample) {
        match (&mut *self, later) {
            (
                Sample::Exact { numbers, spellings, heap },
                Sample::Exact { numbers: later, spellings: later_spellings, heap: later_heap },
            ) => {
                numbers.extend(later);
                *heap += later_heap;
                for (bits, text) in later_spellings {
                    spellings.entry(bits).or_insert(text);
                }
                self.give_up_beyond_limit();
            }
            (Sample::Exact { numbers, .. }, Sample::Sketch(mut sketch)) => {
                for &number in numbers.iter() {
                    sketch.add(number, 1);
                }
                *self = Sample::Sketch(sketch);
            }
            (Sample::Sketch(sketch), Sample::Exact { numbers, .. }) => {
                for number in numbers {
                    sketch.add(number, 1);
                }
            }
            (Sample::Sketch(sketch), Sample::Sketch(later)) => sketch.merge(later),
        }
    }

    /// The smallest number with at least `percent` of a hundred of the numbers at or below it.
    pub(super) fn percentile(self, percent: f64) -> Value<'static> {
        match self {
            Sample::Exact { mut numbers, mut spellings, .. } => {
                let Some(last) = numbers.len().checked_sub(1) else { return Value::Missing };
                let rank = nearest_rank(percent, numbers.len() as u64);
                let at = usize::try_from(rank - 1).unwrap_or(last).min(last);
                let (_, &mut number, _) = numbers.select_nth_unstable_by(at, f64::total_cmp);
                let spelled = spellings.remove(&number.to_bits()).map(String::from).and_then(Number::spelled);
                Value::Number(spelled.unwrap_or_else(|| Number::new(number)))
            }
            Sample::Sketch(sketch) => sketch.percentile(percent),
        }
    }

    /// How many of the numbers are in each of `buckets` ranges of equal width, by the lower ends.
    pub(super) fn histogram(self, buckets: u64) -> Value<'static> {
        let (counts, least, greatest) = match self {
            Sample::Exact { numbers, .. } => {
                let least = numbers.iter().copied().reduce(f64::min);
                let greatest = numbers.iter().copied().reduce(f64::max);
                let (Some(least), Some(greatest)) = (least, greatest) else { return Value::Missing };
                (numbers.into_iter().map(|number| (number, 1)).collect(), least, greatest)
            }
            Sample::Sketch(sketch) => {
                let counts: Vec<_> = sketch.numbers().collect();
                (counts, sketch.least, sketch.greatest)
            }
        };
        Ranges::new(least, greatest, buckets).fill(&counts)
    }

    pub(super) fn heap(&self) -> usize {
        match self {
            Sample::Exact { numbers, heap, .. } => numbers.capacity() * size_of::<f64>() + heap,
            Sample::Sketch(sketch) => sketch.counts.len() * 2 * size_of::<(i32, u64)>(),
        }
    }
}

/// Its place, from 1 on, among `count` numbers.
fn nearest_rank(percent: f64, count: u64) -> u64 {
    let rank = percent * count as f64 / 100.0;
    // 99.9 % of 1000 is 999, though 99.9 is a little more as an `f64`.
    let nearest = (rank * (1.0 - 4.0 * f64::EPSILON)).ceil();
    (nearest as u64).clamp(1, count.max(1))
}

/// The text of a number from the data that is not the text of the same number computed.
fn own_spelling<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match value.text()? {
        Cow::Borrowed(text) => (!is_plain(text)).then_some(text),
        // The text of a computed number.
        Cow::Owned(_) => None,
    }
}

/// Whether a text certainly is how its number is rendered.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let minimal_whole = whole == "0" || !whole.starts_with('0');
    let minimal_fraction = match fraction {
        "" => whole.len() == digits.len() && text != "-0",
        fraction => fraction.len() <= 4 && !fraction.ends_with('0') && !fraction.contains('.'),
    };
    all_digits && !whole.is_empty() && minimal_whole && minimal_fraction && digits.len() <= 15
}

/// How many bits of a number's magnitude are left out of its key: all but sign, exponent and the first eight bits
/// behind the point.
const DROPPED: u32 = 44;

/// Counts of numbers by their leading bits, the same in whatever order they came.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    /// Keys are ordered as the numbers are.
    counts: BTreeMap<i32, u64>,
    total: u64,
    least: f64,
    greatest: f64,
    /// Whether all numbers are whole.
    whole: bool,
}

impl Default for Sketch {
    fn default() -> Self {
        Sketch {
            counts: BTreeMap::new(),
            total: 0,
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            whole: true,
        }
    }
}

impl Sketch {
    fn add(&mut self, number: f64, count: u64) {
        let magnitude = (number.abs().to_bits() >> DROPPED) as i32;
        let key = if number.is_sign_negative() { -1 - magnitude } else { magnitude };
        *self.counts.entry(key).or_default() += count;
        self.total += count;
        self.least = self.least.min(number);
        self.greatest = self.greatest.max(number);
        self.whole &= number.fract() == 0.0;
    }

    fn merge(&mut self, later: Sketch) {
        for (key, count) in later.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.total += later.total;
        self.least = self.least.min(later.least);
        self.greatest = self.greatest.max(later.greatest);
        self.whole &= later.whole;
    }

    /// What stands for the numbers of each key, ascending, and how many they are.
    fn numbers(&self) -> impl Iterator<Item = (f64, u64)> {
        self.counts.iter().map(|(&key, &count)| {
            let magnitude = if key < 0 { -1 - key } else { key };
            // The middle; next to nothing is taken for nothing.
            let middle = match magnitude {
                0 => 0.0,
                _ => f64::from_bits((magnitude as u64) << DROPPED | 1 << (DROPPED - 1)),
            };
            let middle = if self.whole { middle.floor() } else { middle };
            let number = if key < 0 { -middle } else { middle };
            (number.clamp(self.least, self.greatest), count)
        })
    }

    fn percentile(&self, percent: f64) -> Value<'static> {
        let mut left = nearest_rank(percent, self.total);
        for (number, count) in self.numbers() {
            if left <= count {
                return Value::number_of(number);
            }
            left -= count;
        }
        Value::Missing
    }
}

/// Ranges of equal width.
struct Ranges {
    least: f64,
    greatest: f64,
    count: u64,
}

impl Ranges {
    /// Of one number only, there is one range.
    fn new(least: f64, greatest: f64, count: u64) -> Self {
        Ranges { least, greatest, count: if least < greatest { count } else { 1 } }
    }

    fn fill(&self, numbers: &[(f64, u64)]) -> Value<'static> {
        let mut counts = vec![0_u64; usize::try_from(self.count).unwrap_or(1)];
        // By halves, so that no width is too large for a number.
        let width = self.greatest / 2.0 - self.least / 2.0;
        for &(number, count) in numbers {
            let share = (number / 2.0 - self.least / 2.0) / width;
            let at = ((share * self.count as f64) as u64).min(self.count - 1);
            if let Some(bucket) = counts.get_mut(at as usize) {
                *bucket += count;
            }
        }
        let lower_ends: Vec<f64> = (0..self.count)
            .map(|at| width * (at as f64 / self.count as f64))
            .map(|half| self.least + half + half)
            .collect();
        let mut names: Vec<String> = lower_ends.iter().map(|&end| render_number(end)).collect();
        if names.windows(2).any(|pair| matches!(pair, [first, second] if first == second)) {
            names = lower_ends.iter().map(f64::to_string).collect();
        }
        let entries =
            names.into_iter().zip(counts).map(|(name, count)| (name.into(), Value::number_of(count as f64)));
        Value::Map(Arc::new(Map::new(entries.collect())))
    }
}
