//! Which of some names a misspelt one is near to.

/// A misspelt name, ready to be compared with many.
pub(super) struct Misspelt {
    lower: String,
    letters: u64,
    tolerance: usize,
}

impl Misspelt {
    pub(super) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        Misspelt { letters: letters(&lower), tolerance: tolerance(name), lower }
    }

    /// How many letters differ, if it is not too many; the case of letters does not count.
    pub(super) fn distance(&self, candidate: &str) -> Option<usize> {
        if candidate.len().abs_diff(self.lower.len()) > self.tolerance {
            return None;
        }
        // One edit takes away one letter and brings in another, at most.
        let differing = (letters(candidate) ^ self.letters).count_ones() as usize;
        if differing > 2 * self.tolerance {
            return None;
        }
        let distance = strsim::osa_distance(&self.lower, &candidate.to_ascii_lowercase());
        (distance <= self.tolerance).then_some(distance)
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
    use super::*;

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
