//! How many different texts there are: exactly, and beyond a number of them by a sketch.

use std::collections::HashSet;

use twox_hash::XxHash3_64;

/// So many different values of a group are counted exactly.
pub(super) const EXACT_DISTINCT: usize = 100_000;

/// How many bits of a hash choose a register. The standard error of the sketch is `1.04 / sqrt(2^14)`, or 0.8 %.
const REGISTER_BITS: u32 = 14;

#[derive(Clone, Debug)]
pub(super) enum Distinct {
    Exact { texts: HashSet<Box<str>>, heap: usize },
    Sketch(Registers),
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct::Exact { texts: HashSet::new(), heap: 0 }
    }
}

impl Distinct {
    pub(super) fn add(&mut self, text: &str) {
        match self {
            Distinct::Sketch(registers) => registers.add(text),
            Distinct::Exact { texts, heap } => {
                if !texts.contains(text) {
                    *heap += text.len() + 2 * size_of::<Box<str>>();
                    texts.insert(text.into());
                    self.give_up_beyond_limit();
                }
            }
        }
    }

    fn give_up_beyond_limit(&mut self) {
        if let Distinct::Exact { texts, .. } = self
            && texts.len() > EXACT_DISTINCT
        {
            let mut registers = Registers::new();
            for text in texts.iter() {
                registers.add(text);
            }
            *self = Distinct::Sketch(registers);
        }
    }

    pub(super) fn merge(&mut self, later: Distinct) {
        match later {
            Distinct::Exact { texts, .. } => {
                for text in texts {
                    self.add(&text);
                }
            }
            Distinct::Sketch(mut registers) => {
                match self {
                    Distinct::Exact { texts, .. } => texts.iter().for_each(|text| registers.add(text)),
                    Distinct::Sketch(mine) => registers.merge(mine),
                }
                *self = Distinct::Sketch(registers);
            }
        }
    }

    pub(super) fn count(&self) -> u64 {
        match self {
            Distinct::Exact { texts, .. } => texts.len() as u64,
            // There are more than were counted.
            Distinct::Sketch(registers) => registers.estimate().max(EXACT_DISTINCT as u64 + 1),
        }
    }

    pub(super) fn heap(&self) -> usize {
        match self {
            Distinct::Exact { heap, .. } => *heap,
            Distinct::Sketch(registers) => registers.0.len(),
        }
    }
}

/// HyperLogLog on hashes of 64 bits. It is only asked about more than [`EXACT_DISTINCT`] texts, more than six for each
/// register, where the plain estimate needs no correction for small numbers.
#[derive(Clone, Debug)]
pub(super) struct Registers(Box<[u8]>);

impl Registers {
    fn new() -> Self {
        Registers(vec![0; 1 << REGISTER_BITS].into())
    }

    fn add(&mut self, text: &str) {
        let hash = XxHash3_64::oneshot(text.as_bytes());
        let rest = hash << REGISTER_BITS;
        let rank = (rest.leading_zeros().min(u64::BITS - REGISTER_BITS) + 1) as u8;
        if let Some(register) = self.0.get_mut((hash >> (u64::BITS - REGISTER_BITS)) as usize) {
            *register = (*register).max(rank);
        }
    }

    fn merge(&mut self, other: &Registers) {
        for (mine, other) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*other);
        }
    }

    fn estimate(&self) -> u64 {
        let count = self.0.len() as f64;
        let harmonic: f64 = self.0.iter().map(|&rank| f64::powi(0.5, rank.into())).sum();
        let bias = 0.7213 / (1.0 + 1.079 / count);
        (bias * count * count / harmonic).round() as u64
    }
}
