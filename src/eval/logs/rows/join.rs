//! `join`: rows of two tables with equal keys, side by side.

use super::partners::Partners;
use super::{Row, cell};
use crate::syntax::logs::JoinKind;
use crate::values::Value;

/// The service's limit of different keys on the right.
pub(super) const MAX_KEYS: usize = 50_000;

/// How many more rows than the left side has a join may give.
pub(super) const MAX_MORE_ROWS: usize = 1_000_000;

/// Why two tables cannot be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JoinError {
    /// More than [`MAX_KEYS`].
    #[error("the right side of `join` has more than {MAX_KEYS} different keys; filter or aggregate it first")]
    TooManyKeys,
    /// More than [`MAX_MORE_ROWS`].
    #[error(
        "`join` gives more than {MAX_MORE_ROWS} rows beyond those of the left side; its key repeats too often on both \
         sides: aggregate one of them by the key first"
    )]
    TooManyRows,
}

/// The pairs of rows whose keys are equal as in a condition, each as the left row and then the right one, in the left
/// rows' order and then the right ones'. A left row without a partner is dropped or, by kind, followed by `right_width`
/// times nothing. What is missing, a map or a list equals nothing.
pub(crate) fn join(
    left: Vec<Row>,
    right: &[Row],
    left_key: usize,
    right_key: usize,
    right_width: usize,
    kind: JoinKind,
) -> Result<Vec<Row>, JoinError> {
    let partners = Partners::of(right, right_key);
    if partners.keys() > MAX_KEYS {
        return Err(JoinError::TooManyKeys);
    }
    let most = left.len().saturating_add(MAX_MORE_ROWS);
    let mut joined = Vec::with_capacity(left.len());
    for mut row in left {
        let start = joined.len();
        for partner in partners.equal_to(cell(&row, left_key)) {
            if joined.len() >= most {
                return Err(JoinError::TooManyRows);
            }
            let partner = right.get(partner).into_iter().flatten();
            joined.push(row.iter().chain(partner).cloned().collect());
        }
        if joined.len() == start && kind == JoinKind::Left {
            row.resize(row.len() + right_width, Value::Missing);
            joined.push(row);
        }
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;
    use crate::EpochMillis;
    use crate::values::Number;
    use proptest::prelude::*;

    #[test]
    fn inner_gives_all_pairs_and_left_keeps_the_rest() {
        let (left, right) = (table("a 1\n b 2\n - 3\n c 4"), table("x c\n y a\n z a\n w -"));
        let inner = join(left.clone(), &right, 0, 1, 2, JoinKind::Inner).unwrap();
        assert_eq!(lines(&inner), ["a 1 y a", "a 1 z a", "c 4 x c"]);
        let outer = join(left, &right, 0, 1, 2, JoinKind::Left).unwrap();
        assert_eq!(lines(&outer), ["a 1 y a", "a 1 z a", "b 2 - -", "- 3 - -", "c 4 x c"]);
        let alone = join(table("a"), &[], 0, 0, 1, JoinKind::Left).unwrap();
        assert_eq!(lines(&alone), ["a -"]);
    }

    #[test]
    fn a_number_equals_its_texts_but_texts_must_be_alike() {
        let number: Vec<Row> = vec![vec![Value::Number(Number::new(5.0))]];
        let texts = table("5\n 5.0\n 6");
        assert_eq!(lines(&join(number, &texts, 0, 0, 1, JoinKind::Inner).unwrap()), ["5 5", "5 5.0"]);
        assert_eq!(lines(&join(table("5.0"), &texts, 0, 0, 1, JoinKind::Inner).unwrap()), ["5.0 5.0"]);
    }

    fn any_key() -> impl Strategy<Value = Value<'static>> {
        let spellings = ["5", "5.0", "5e0", "05", "0", "-0", "x", "X", "", "1000", "null"];
        let texts = prop::sample::select(spellings.to_vec());
        prop_oneof![
            texts.clone().prop_map(Value::text_of),
            texts.prop_map(|text| Number::spelled(text).map_or(Value::Missing, Value::Number)),
            prop::sample::select(vec![5, 0, 1000]).prop_map(|time| Value::Time(EpochMillis(time))),
            Just(Value::List([Value::text_of("x")].into())),
        ]
    }

    proptest! {
        #[test]
        fn pairs_are_those_whose_keys_are_equal(
            left in prop::collection::vec(any_key(), 0..12),
            right in prop::collection::vec(any_key(), 0..12),
        ) {
            let mut expected = Vec::new();
            for (at, key) in left.iter().enumerate() {
                for (other, right_key) in right.iter().enumerate() {
                    if key.equals(right_key) {
                        expected.push((at, other));
                    }
                }
            }
            let rows = |keys: Vec<Value<'static>>| -> Vec<Row> {
                let numbered = keys.into_iter().enumerate();
                numbered.map(|(at, key)| vec![key, Value::number_of(at as f64)]).collect()
            };
            let joined = join(rows(left), &rows(right), 0, 0, 2, JoinKind::Inner).unwrap();
            let place = |value: &Value<'_>| value.number().unwrap() as usize;
            let found: Vec<_> = joined.iter().map(|row| (place(&row[1]), place(&row[3]))).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn more_keys_or_rows_than_fit_are_an_error() {
        let keys: Vec<Row> = (0..=MAX_KEYS).map(|key| vec![Value::text_of(format!("k{key}"))]).collect();
        assert!(join(Vec::new(), &keys[1..], 0, 0, 1, JoinKind::Inner).is_ok());
        assert_eq!(join(Vec::new(), &keys, 0, 0, 1, JoinKind::Inner).unwrap_err(), JoinError::TooManyKeys);
        let same = vec![vec![Value::bool(true)]; 1_200];
        assert_eq!(join(same.clone(), &same, 0, 0, 1, JoinKind::Inner).unwrap_err(), JoinError::TooManyRows);
    }
}
