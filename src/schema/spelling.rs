//! Which of some names a misspelt one is near to.

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// A misspelt name, ready to be compared with many.
pub(super) struct Misspelt {
    lower: BatchComparator<char>,
    len: usize,
    letters: u64,
    tolerance: usize,
}

impl Misspelt {
    pub(super) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        Misspelt {
            letters: letters(&lower),
            tolerance: tolerance(name),
            len: lower.len(),
            lower: BatchComparator::new(lower.chars()),
        }
    }

    /// How many letters differ, if it is not too many; the case of letters does not count.
    pub(super) fn distance(&self, candidate: &str) -> Option<usize> {
        if !self.has_its_length(candidate.len()) || !self.has_its_letters(letters(candidate)) {
            return None;
        }
        self.counted(candidate)
    }

    fn has_its_length(&self, len: usize) -> bool {
        len.abs_diff(self.len) <= self.tolerance
    }

    fn has_its_letters(&self, letters: u64) -> bool {
        // One edit takes away one letter and brings in another, at most.
        (letters ^ self.letters).count_ones() as usize <= 2 * self.tolerance
    }

    fn counted(&self, candidate: &str) -> Option<usize> {
        let candidate = candidate.chars().map(|letter| letter.to_ascii_lowercase());
        self.lower.distance_with_args(candidate, &Args::default().score_cutoff(self.tolerance))
    }
}

/// Names with which many misspelt ones are compared.
#[derive(Default)]
pub(super) struct Dictionary {
    /// One behind the other.
    text: String,
    /// Where each ends, and its letters.
    names: Vec<(usize, u64)>,
}

impl Dictionary {
    pub(super) fn add(&mut self, name: &str) {
        self.text.push_str(name);
        self.names.push((self.text.len(), letters(name)));
    }

    /// The names that are near, each with how many letters differ.
    pub(super) fn near(&self, wrong: &Misspelt) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.names.iter().filter_map(move |(end, letters)| {
            let name = start..*end;
            start = *end;
            if !wrong.has_its_length(name.len()) || !wrong.has_its_letters(*letters) {
                return None;
            }
            let name = self.text.get(name)?;
            Some((wrong.counted(name)?, name))
        })
    }
}

/// The nearest of the candidates, nearest first: the same letters in another case before all others.
pub(super) fn nearest<'c>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    most: usize,
) -> Vec<&'c str> {
    let wrong = Misspelt::new(wrong);
    let distances = candidates.into_iter().filter_map(|name| Some((wrong.distance(name)?, name)));
    let mut near: Vec<(usize, &str)> = distances.collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(most);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Which letters and digits occur, whatever their case: a bit each, and others share theirs.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |bits, byte| bits | 1 << (byte.to_ascii_lowercase() & 63))
}

/// How many letters may differ: one in four, and at most three; a lone letter says nothing.
fn tolerance(word: &str) -> usize {
    match word.chars().count() {
        0 | 1 => 0,
        letters => (letters / 4).clamp(1, 3),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is passed over unseen, and where counting stops, changes nothing.
        #[test]
        fn distances_are_those_counted_plainly(
            name in "[A-Z][a-e]{1,9}[A-Z][a-e]{1,9}",
            edits in proptest::collection::vec((0usize..20, "[a-eA-C]?", any::<bool>()), 0..5),
        ) {
            let mut other = name.clone();
            for (at, letter, replaces) in edits {
                let at = at % (other.len() + 1);
                let end = (at + usize::from(replaces)).min(other.len());
                other.replace_range(at..end, &letter);
            }
            let plain = strsim::osa_distance(&name.to_ascii_lowercase(), &other.to_ascii_lowercase());
            let expected = (plain <= tolerance(&name)).then_some(plain);
            prop_assert_eq!(Misspelt::new(&name).distance(&other), expected);
        }
    }

    #[test]
    fn the_right_letters_come_first() {
        assert_eq!(
            nearest("eventname", ["eventNames", "eventName", "eventNam"], 2),
            ["eventName", "eventNam"]
        );
    }

    #[test]
    fn one_letter_in_four_may_differ() {
        assert_eq!(nearest("abcd", ["abce", "abef"], 3), ["abce"]);
        assert_eq!(nearest("abcdefghijkl", ["abcdefghiXYZ", "abcdefghWXYZ"], 3), ["abcdefghiXYZ"]);
        assert_eq!(nearest("ab", ["ba"], 3), ["ba"], "two letters that changed places are one");
    }
}
