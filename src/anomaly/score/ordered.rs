//! Numbers kept in ascending order, with their ranks: a list of short sorted lists.

/// A list that grows beyond this is split in two. Two weeks of minutes are then about 120 lists of 170 numbers, so that
/// both the search for a list and the shift within it stay far below a microsecond.
const SPLIT_BEYOND: usize = 256;

/// A multiset of finite numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordered {
    /// None is empty.
    lists: Vec<Vec<f64>>,
    len: usize,
}

impl Ordered {
    /// How many numbers it holds.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Takes a number in. NaN has no place in an order and is left out.
    pub(super) fn insert(&mut self, number: f64) {
        if number.is_nan() {
            return;
        }
        let last = self.lists.len().saturating_sub(1);
        let place = self.list_of(number).min(last);
        let Some(list) = self.lists.get_mut(place) else {
            self.lists.push(vec![number]);
            self.len = 1;
            return;
        };
        list.insert(list.partition_point(|held| *held < number), number);
        self.len += 1;
        if list.len() > SPLIT_BEYOND {
            let upper = list.split_off(SPLIT_BEYOND / 2);
            self.lists.insert(place + 1, upper);
        }
    }

    /// Takes one occurrence of a number out, where there is one.
    pub(super) fn remove(&mut self, number: f64) {
        let place = self.list_of(number);
        let Some(list) = self.lists.get_mut(place) else { return };
        let within = list.partition_point(|held| *held < number);
        if list.get(within).is_some_and(|held| *held == number) {
            list.remove(within);
            self.len -= 1;
            if list.is_empty() {
                self.lists.remove(place);
            }
        }
    }

    /// How many numbers are less than this one.
    pub(super) fn below(&self, number: f64) -> usize {
        let place = self.list_of(number);
        let before: usize = self.lists.iter().take(place).map(Vec::len).sum();
        before + self.lists.get(place).map_or(0, |list| list.partition_point(|held| *held < number))
    }

    /// The number of a rank, the least having rank 0.
    pub(super) fn at(&self, mut rank: usize) -> Option<f64> {
        for list in &self.lists {
            match list.get(rank) {
                Some(number) => return Some(*number),
                None => rank -= list.len(),
            }
        }
        None
    }

    /// The numbers from the greatest downwards.
    pub(super) fn descending(&self) -> impl Iterator<Item = f64> {
        self.lists.iter().rev().flat_map(|list| list.iter().rev()).copied()
    }

    /// The first list that reaches a number; the count of lists if none does.
    fn list_of(&self, number: f64) -> usize {
        self.lists.partition_point(|list| list.last().is_some_and(|last| *last < number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ordered;

    proptest! {
        /// It is a sorted vector, only faster.
        #[test]
        fn it_equals_a_sorted_vector(steps in prop::collection::vec((0..3_u8, -40..40_i32), 0..1_500)) {
            let (mut ordered, mut plain) = (Ordered::default(), Vec::<f64>::new());
            for (kind, number) in steps {
                let number = f64::from(number);
                let place = plain.partition_point(|held| *held < number);
                if kind < 2 {
                    ordered.insert(number);
                    plain.insert(place, number);
                } else {
                    ordered.remove(number);
                    if plain.get(place) == Some(&number) {
                        plain.remove(place);
                    }
                }
                prop_assert_eq!(ordered.below(number), plain.partition_point(|held| *held < number));
            }
            prop_assert_eq!(ordered.len(), plain.len());
            for (rank, number) in plain.iter().enumerate() {
                prop_assert_eq!(ordered.at(rank), Some(*number));
            }
            prop_assert_eq!(ordered.at(plain.len()), None);
            plain.reverse();
            prop_assert_eq!(ordered.descending().collect::<Vec<_>>(), plain);
        }
    }
}
