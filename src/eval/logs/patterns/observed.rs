//! What was seen at one place of a template: a few values with their counts, and how far the numbers go.

use crate::values::parse_number;

/// How many values of a place are kept.
pub(super) const KEPT_VALUES: usize = 10;

/// How many bytes of a value are kept where there are several.
const KEPT_BYTES: usize = 64;

/// What all values of a place may take together, for bounds.
pub(super) const MOST_BYTES: usize = size_of::<Observed>() + KEPT_VALUES * (size_of::<Seen>() + KEPT_BYTES);

/// The values seen at a place.
///
/// Of many values the ones with the smallest hashes are kept. A value among the smallest of the whole is among the
/// smallest of every part that has it, so its count is exact and nothing depends on order or on cuts.
#[derive(Clone, Debug, Default)]
pub(super) struct Observed {
    /// By hash.
    seen: Vec<Seen>,
    several: bool,
    texts: bool,
    range: Option<(f64, f64)>,
}

/// One value.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    hash: u64,
    pub(super) count: u64,
    pub(super) text: Box<str>,
}

impl Observed {
    /// Counts a value; says by how many bytes this grew.
    pub(super) fn add(&mut self, text: &str, count: u64) -> isize {
        match parse_number(text) {
            Some(number) => self.widen((number, number)),
            None => self.texts = true,
        }
        self.keep(stable_hash(text), text, count)
    }

    /// Joins what another part of the input showed; says by how many bytes this grew.
    pub(super) fn merge(&mut self, other: &Observed) -> isize {
        self.several |= other.several;
        self.texts |= other.texts;
        if let Some(range) = other.range {
            self.widen(range);
        }
        other.seen.iter().map(|seen| self.keep(seen.hash, &seen.text, seen.count)).sum()
    }

    fn widen(&mut self, (low, high): (f64, f64)) {
        let (lowest, highest) = self.range.unwrap_or((low, high));
        self.range = Some((lowest.min(low), highest.max(high)));
    }

    fn keep(&mut self, hash: u64, text: &str, count: u64) -> isize {
        let at = match self.seen.binary_search_by_key(&hash, |seen| seen.hash) {
            Ok(at) => {
                if let Some(seen) = self.seen.get_mut(at) {
                    seen.count += count;
                }
                return 0;
            }
            Err(at) => at,
        };
        if at >= KEPT_VALUES {
            self.several = true;
            return 0;
        }
        let before = self.bytes();
        // A place's only value turns back into a literal and so must be whole; others are for display.
        let text = if self.seen.is_empty() { text } else { shortened(text) };
        if let [only] = &mut *self.seen {
            only.text = shortened(&only.text).into();
        }
        self.seen.insert(at, Seen { hash, count, text: text.into() });
        if self.seen.len() > KEPT_VALUES {
            self.seen.truncate(KEPT_VALUES);
            self.several = true;
        }
        self.bytes().cast_signed() - before.cast_signed()
    }

    /// The value, if every line had the same.
    pub(super) fn only(&self) -> Option<&str> {
        match &*self.seen {
            [only] if !self.several => Some(&only.text),
            _ => None,
        }
    }

    /// The values that are kept.
    pub(super) fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// Whether there were more values than are kept.
    pub(super) fn several(&self) -> bool {
        self.several
    }

    /// The least and the greatest, if all values are numbers.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        self.range.filter(|_| !self.texts)
    }

    /// About how many bytes the values take.
    pub(super) fn bytes(&self) -> usize {
        self.seen.iter().map(|seen| size_of::<Seen>() + seen.text.len()).sum()
    }
}

/// The first bytes of a long text; what is short already is left alone.
fn shortened(text: &str) -> &str {
    text.get(..text.floor_char_boundary(KEPT_BYTES)).unwrap_or(text)
}

/// FNV-1a with a final mix: the same on every machine and in every release.
pub(crate) fn stable_hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_only_value_stays_whole_and_several_are_shortened() {
        let long = "x".repeat(200);
        let mut place = Observed::default();
        place.add(&long, 2);
        assert_eq!(place.only(), Some(&*long));
        place.add("y", 1);
        assert_eq!(place.only(), None);
        assert!(place.seen().iter().all(|seen| seen.text.len() <= KEPT_BYTES));
    }

    #[test]
    fn ten_values_are_kept_with_exact_counts() {
        let mut place = Observed::default();
        for round in 0..3 {
            for value in 0..40 {
                place.add(&value.to_string(), 1);
            }
            assert_eq!(place.seen().len(), KEPT_VALUES);
            assert!(place.seen().iter().all(|seen| seen.count == round + 1));
        }
        assert!(place.several());
        assert_eq!(place.range(), Some((0.0, 39.0)));
    }

    #[test]
    fn a_text_among_numbers_has_no_range() {
        let mut place = Observed::default();
        place.add("1", 1);
        place.add("x", 1);
        assert_eq!(place.range(), None);
    }
}
