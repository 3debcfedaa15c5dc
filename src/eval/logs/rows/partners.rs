//! Rows found by what a value equals.

use std::collections::HashMap;

use super::{Row, cell};
use crate::values::Value;

/// The places of rows by what the values of a column equal, as in a condition. Texts equal texts that are alike, and
/// numbers equal numbers and texts of the same value, so that `5` and `5.0` both equal the number 5 but not one another.
/// What is missing, a map or a list equals nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partners {
    texts: HashMap<Box<str>, Vec<usize>>,
    numbers: HashMap<u64, Vec<usize>>,
    texts_of_numbers: HashMap<u64, Vec<usize>>,
}

impl Partners {
    pub(crate) fn of(rows: &[Row], column: usize) -> Self {
        let mut partners = Partners::default();
        for (at, row) in rows.iter().enumerate() {
            let key = cell(row, column);
            let number = number_bits(key);
            if let Value::Text(text) = key {
                match partners.texts.get_mut(&**text) {
                    Some(places) => places.push(at),
                    None => drop(partners.texts.insert((&**text).into(), vec![at])),
                }
                if let Some(number) = number {
                    partners.texts_of_numbers.entry(number).or_default().push(at);
                }
            } else if let Some(number) = number {
                partners.numbers.entry(number).or_default().push(at);
            }
        }
        partners
    }

    /// How many different keys there are.
    pub(super) fn keys(&self) -> usize {
        self.texts.len() + self.numbers.len()
    }

    /// The places of the rows whose value equals this, in order.
    pub(super) fn equal_to(&self, key: &Value<'_>) -> Vec<usize> {
        let mut places: Vec<usize> = self.found(key).into_iter().flatten().flatten().copied().collect();
        places.sort_unstable();
        places
    }

    /// Whether the value of any row equals this.
    pub(crate) fn contains(&self, key: &Value<'_>) -> bool {
        self.found(key).iter().any(Option::is_some)
    }

    fn found(&self, key: &Value<'_>) -> [Option<&Vec<usize>>; 2] {
        let number = number_bits(key);
        let numbers = number.and_then(|number| self.numbers.get(&number));
        let texts = match key {
            Value::Text(text) => self.texts.get(&**text),
            _ => number.and_then(|number| self.texts_of_numbers.get(&number)),
        };
        [numbers, texts]
    }
}

/// What equal numbers have in common.
fn number_bits(value: &Value<'_>) -> Option<u64> {
    // `0` and `-0` are equal.
    value.number().map(|number| (number + 0.0).to_bits())
}

#[cfg(test)]
mod tests {
    use super::super::testing::table;
    use super::*;

    #[test]
    fn what_is_found_is_what_a_condition_calls_equal() {
        let mut rows = table("5\n5.0\n05\nfive\n-\n@5\n@5000\n0\n-0\nNaN\n1e3\n1000");
        rows.extend(["5", "-0", "1000"].map(|text| vec![Value::number_of(text.parse().unwrap())]));
        rows.push(vec![Value::bool(true)]);
        let partners = Partners::of(&rows, 0);
        for key in rows.iter().map(|row| cell(row, 0)) {
            let equal: Vec<usize> =
                (0..rows.len()).filter(|&at| key.equals(cell(rows.get(at).unwrap(), 0))).collect();
            assert_eq!(partners.equal_to(key), equal, "{key:?}");
            assert_eq!(partners.contains(key), !equal.is_empty(), "{key:?}");
        }
    }
}
