//! `relevantfields`: which fields tell the rows that meet a condition from the others (`spec/logs-insights.md` 6.5).

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::patterns::stable_hash;
use crate::values::Value;

/// How many values of all fields are kept together.
const MOST_ENTRIES: usize = 500_000;

/// How many values of a field are kept at first.
const MOST_VALUES: usize = 16_384;

/// How often the number of values may be halved before fields are left out.
const HALVINGS: u32 = 10;

/// How many bytes of a value are kept.
const KEPT_BYTES: usize = 256;

/// From how many distinct values on a value that was seen once tells nothing: identifiers are different in any two sets
/// of rows.
const MANY_VALUES: usize = 100;

/// How many values explain a field.
const CONTRIBUTORS: usize = 5;

/// What a row without the field has in place of a value.
const ABSENT: &str = "(absent)";

/// Collects rows, split by a condition, for the fields in which the two sides differ.
///
/// A field of which all values are numbers or times is numeric; texts are never numbers here, since an account is a text
/// of digits. All other fields are categorical: values are compared by their text, and a row without the field has the
/// value `(absent)`.
///
/// Memory is bounded. Up to 16,384 values of a field are kept, and fewer, halved step by step, when those of all fields
/// would be more than 500,000; when even 16 of each are too many, fields are left out, half of them at a step. What is
/// kept is chosen by hashes and its counts are exact; values that are not kept count together as one, or, in a numeric
/// field, leave a sample. So parts of an input that are collected apart and merged give what the whole gives.
#[derive(Clone, Debug)]
pub struct RelevanceBuilder {
    fields: HashMap<Box<str>, Field>,
    entries: usize,
    step: u32,
    rows: [u64; 2],
    most_entries: usize,
}

/// A field, and how well it tells the sides apart.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RelevanceRow {
    /// Its name.
    pub field: String,
    /// The distance of its two distributions, from 0 to 1.
    pub score: f64,
    /// Categorical: a JSON list of the values, up to five, that are more frequent where the condition holds.
    pub contributors: Option<String>,
    /// Numeric: the median where the condition holds.
    pub conditional_median: Option<f64>,
    /// Numeric: the median where it does not.
    pub baseline_median: Option<f64>,
}

/// The values of a field, by hash.
#[derive(Clone, Debug, Default)]
struct Field {
    values: BTreeMap<u64, Counted>,
    /// Rows that have the field: where the condition holds, and the others.
    present: [u64; 2],
    texts: bool,
}

#[derive(Clone, Debug)]
struct Counted {
    text: Box<str>,
    number: Option<f64>,
    rows: [u64; 2],
}

impl Default for RelevanceBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl RelevanceBuilder {
    /// No rows yet.
    pub fn new() -> Self {
        Self::bounded(MOST_ENTRIES)
    }

    fn bounded(most_entries: usize) -> Self {
        RelevanceBuilder { fields: HashMap::new(), entries: 0, step: 0, rows: [0; 2], most_entries }
    }

    /// Adds a row: its fields, each once, and whether it meets the condition.
    pub fn add<'f, 'v: 'f>(&mut self, fields: impl Iterator<Item = (&'f str, &'f Value<'v>)>, matches: bool) {
        let row = if matches { [1, 0] } else { [0, 1] };
        self.rows = sum(self.rows, row);
        for (name, value) in fields {
            let Some(text) = value.render() else { continue };
            let number = match value {
                Value::Number(number) => Some(number.value()),
                Value::Time(time) => Some(time.0 as f64),
                _ => None,
            };
            let hash = stable_hash(&text);
            let kept = self.kept_values();
            if let Some(field) = self.field(name) {
                field.present = sum(field.present, row);
                field.texts |= number.is_none();
                let grown = field.count(hash, kept, row, || (shortened(&text).into(), number));
                self.entries += usize::from(grown);
            }
        }
        self.fit();
    }

    /// Adds what another part of the input collected.
    pub fn merge(&mut self, mut later: RelevanceBuilder) {
        let step = self.step.max(later.step);
        self.thin(step);
        later.thin(step);
        self.rows = sum(self.rows, later.rows);
        let kept = self.kept_values();
        for (name, other) in later.fields {
            let Some(field) = self.field(&name) else { continue };
            field.present = sum(field.present, other.present);
            field.texts |= other.texts;
            let mut grown = 0;
            for (hash, value) in other.values {
                grown += usize::from(field.count(hash, kept, value.rows, || (value.text, value.number)));
            }
            self.entries += grown;
        }
        self.fit();
    }

    /// About how many bytes this holds.
    pub fn footprint(&self) -> usize {
        // A value takes what its text does, which is mostly short, and its place in the tree.
        self.entries * (size_of::<(u64, Counted)>() + 32)
    }

    /// The fields by score from the highest, then by name.
    pub fn finish(self) -> Vec<RelevanceRow> {
        let mut rows: Vec<RelevanceRow> =
            self.fields.into_iter().map(|(name, field)| field.finish(&name, self.rows)).collect();
        rows.sort_by(|left, right| {
            right.score.total_cmp(&left.score).then_with(|| left.field.cmp(&right.field))
        });
        rows
    }

    /// The field of this name; `None` if fields are left out and this is one of them.
    fn field(&mut self, name: &str) -> Option<&mut Field> {
        if !self.fields.contains_key(name) {
            if !is_kept(name, self.step) {
                return None;
            }
            self.entries += 1;
            self.fields.insert(name.into(), Field::default());
        }
        self.fields.get_mut(name)
    }

    fn kept_values(&self) -> usize {
        MOST_VALUES >> self.step.min(HALVINGS)
    }

    /// Keeps less until it fits. At each step the number of entries depends on the set of values alone.
    fn fit(&mut self) {
        while self.entries > self.most_entries && self.step < u64::BITS + HALVINGS - 1 {
            self.thin(self.step + 1);
        }
    }

    fn thin(&mut self, step: u32) {
        if step == self.step {
            return;
        }
        self.step = step;
        let kept = self.kept_values();
        self.fields.retain(|name, _| is_kept(name, step));
        self.entries = 0;
        for field in self.fields.values_mut() {
            while field.values.len() > kept {
                field.values.pop_last();
            }
            self.entries += 1 + field.values.len();
        }
    }
}

/// Whether a field of this name is kept at this step.
fn is_kept(name: &str, step: u32) -> bool {
    stable_hash(name).trailing_zeros() >= step.saturating_sub(HALVINGS)
}

impl Field {
    /// Counts rows with a value, of which those with the smallest hashes are kept; says whether one more is kept now.
    fn count(
        &mut self,
        hash: u64,
        kept: usize,
        rows: [u64; 2],
        value: impl FnOnce() -> (Box<str>, Option<f64>),
    ) -> bool {
        if let Some(known) = self.values.get_mut(&hash) {
            known.rows = sum(known.rows, rows);
            return false;
        }
        let full = self.values.len() >= kept;
        if full && self.values.last_key_value().is_none_or(|(last, _)| hash > *last) {
            return false;
        }
        let (text, number) = value();
        self.values.insert(hash, Counted { text, number, rows });
        if full {
            self.values.pop_last();
        }
        !full
    }

    fn finish(&self, name: &str, rows: [u64; 2]) -> RelevanceRow {
        let mut out = RelevanceRow {
            field: name.to_owned(),
            score: 0.0,
            contributors: None,
            conditional_median: None,
            baseline_median: None,
        };
        if self.texts {
            self.categorical(rows, &mut out);
        } else {
            self.numeric(rows, &mut out);
        }
        out
    }

    fn categorical(&self, rows: [u64; 2], out: &mut RelevanceRow) {
        let absent = less(rows, self.present);
        let mut rest = self.present;
        let many = self.values.len() > MANY_VALUES;
        let mut values: Vec<(&str, f64)> = vec![(ABSENT, difference(absent, rows))];
        for value in self.values.values() {
            if many && value.rows.iter().sum::<u64>() == 1 {
                continue;
            }
            rest = less(rest, value.rows);
            values.push((&value.text, difference(value.rows, rows)));
        }
        let distance: f64 = values.iter().map(|(_, difference)| difference.abs()).sum();
        out.score = ((distance + difference(rest, rows).abs()) / 2.0).clamp(0.0, 1.0);
        values.retain(|(_, difference)| *difference > 0.0);
        values.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        values.truncate(CONTRIBUTORS);
        let names: serde_json::Value = values.into_iter().map(|(text, _)| text).collect();
        out.contributors = Some(names.to_string());
    }

    fn numeric(&self, rows: [u64; 2], out: &mut RelevanceRow) {
        let mut values: Vec<(f64, [u64; 2])> = self
            .values
            .values()
            .filter_map(|value| value.number.map(|number| (number, value.rows)))
            .collect();
        values.sort_by(|left, right| left.0.total_cmp(&right.0));
        let total = values.iter().fold([0; 2], |total, (_, rows)| sum(total, *rows));
        out.conditional_median = median(&values, |[matching, _]| matching);
        out.baseline_median = median(&values, |[_, other]| other);
        out.score = if total.contains(&0) {
            // One side has no numbers to compare: what differs is whether the field is there.
            difference(self.present, rows).abs()
        } else {
            kolmogorov_smirnov(&values, total)
        };
    }
}

/// The greatest distance of the two cumulative distributions.
fn kolmogorov_smirnov(values: &[(f64, [u64; 2])], total: [u64; 2]) -> f64 {
    let (mut passed, mut greatest) = ([0; 2], 0.0_f64);
    // One number may have several spellings.
    for equal in values.chunk_by(|left, right| left.0.partial_cmp(&right.0) == Some(Ordering::Equal)) {
        passed = equal.iter().fold(passed, |passed, (_, rows)| sum(passed, *rows));
        greatest = greatest.max(difference(passed, total).abs());
    }
    greatest.clamp(0.0, 1.0)
}

/// The middle of sorted values with their counts, or the mean of the two in the middle.
fn median(values: &[(f64, [u64; 2])], side: impl Fn([u64; 2]) -> u64) -> Option<f64> {
    let total: u64 = values.iter().map(|(_, rows)| side(*rows)).sum();
    let at = |index: u64| {
        let mut passed = 0;
        values.iter().find_map(|(value, rows)| {
            passed += side(*rows);
            (index < passed).then_some(*value)
        })
    };
    let (low, high) = (at(total.checked_sub(1)? / 2)?, at(total / 2)?);
    Some(low.midpoint(high))
}

/// By how much a share of the matching rows is greater than that of the others; 0 if there are no rows on a side.
fn difference(part: [u64; 2], whole: [u64; 2]) -> f64 {
    let ([matching, other], [all_matching, all_other]) = (part, whole);
    if all_matching == 0 || all_other == 0 {
        return 0.0;
    }
    matching as f64 / all_matching as f64 - other as f64 / all_other as f64
}

fn sum([left, right]: [u64; 2], [more_left, more_right]: [u64; 2]) -> [u64; 2] {
    [left + more_left, right + more_right]
}

fn less([left, right]: [u64; 2], [less_left, less_right]: [u64; 2]) -> [u64; 2] {
    [left.saturating_sub(less_left), right.saturating_sub(less_right)]
}

fn shortened(text: &str) -> &str {
    text.get(..text.floor_char_boundary(KEPT_BYTES)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Row = (Vec<(String, Value<'static>)>, bool);

    fn number(text: &str) -> Value<'static> {
        Value::Number(crate::values::Number::spelled(text.to_owned()).unwrap())
    }

    fn built(most_entries: usize, rows: &[Row]) -> RelevanceBuilder {
        let mut builder = RelevanceBuilder::bounded(most_entries);
        for (fields, matches) in rows {
            builder.add(fields.iter().map(|(name, value)| (name.as_str(), value)), *matches);
        }
        builder
    }

    fn column(name: &str, matching: &[Value<'static>], other: &[Value<'static>]) -> Vec<Row> {
        let side = |values: &[Value<'static>], matches| -> Vec<Row> {
            values.iter().map(|value| (vec![(name.to_owned(), value.clone())], matches)).collect()
        };
        [side(matching, true), side(other, false)].concat()
    }

    fn only(rows: &[Row]) -> RelevanceRow {
        let mut found = built(MOST_ENTRIES, rows).finish();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn categories_have_the_total_variation_distance() {
        let text = |text: &'static str| Value::text_of(text);
        // Shares: a 3/4 and 1/4, b 1/4 and 2/4, absent 0 and 1/4: (2/4 + 1/4 + 1/4) / 2.
        let row = only(&column(
            "f",
            &[text("a"), text("a"), text("a"), text("b")],
            &[text("a"), text("b"), text("b"), Value::Missing],
        ));
        assert_eq!(row.score, 0.5);
        assert_eq!(row.contributors.as_deref(), Some("[\"a\"]"));
        assert_eq!((row.conditional_median, row.baseline_median), (None, None));
    }

    #[test]
    fn numbers_have_the_kolmogorov_smirnov_distance_and_medians() {
        // Of 5, 6, 7 none and of 1, 2, 5, 9 two are at most 2; 1/3 and 3/4 at 5; all and 3/4 at 7.
        let [one, two, five, six, seven, nine] = ["1", "2", "5", "6", "7", "9"].map(number);
        let row = only(&column("f", &[five.clone(), six, seven], &[one, two, five, nine]));
        assert_eq!(row.score, 0.5);
        assert_eq!(row.contributors, None);
        assert_eq!((row.conditional_median, row.baseline_median), (Some(6.0), Some(3.5)));
    }

    #[test]
    fn one_number_in_two_spellings_is_one_value() {
        assert_eq!(only(&column("f", &[number("1.0")], &[number("1")])).score, 0.0);
    }

    #[test]
    fn a_text_among_numbers_makes_a_category() {
        let row = only(&column("f", &[number("1"), Value::text_of("x")], &[number("1"), number("1")]));
        assert_eq!(row.score, 0.5);
        assert_eq!(row.contributors.as_deref(), Some("[\"x\"]"));
    }

    #[test]
    fn a_field_of_one_side_alone_tells_by_being_there() {
        let text =
            only(&column("f", &[Value::Missing, Value::Missing], &[Value::text_of("x"), Value::Missing]));
        assert_eq!(text.score, 0.5);
        assert_eq!(text.contributors.as_deref(), Some("[\"(absent)\"]"));
        let number = only(&column("f", &[number("3"), Value::Missing], &[Value::Missing, Value::Missing]));
        assert_eq!(number.score, 0.5);
        assert_eq!((number.conditional_median, number.baseline_median), (Some(3.0), None));
    }

    #[test]
    fn without_rows_on_a_side_nothing_tells() {
        let row = only(&column("f", &[Value::text_of("x")], &[]));
        assert_eq!((row.score, row.contributors.as_deref()), (0.0, Some("[]")));
    }

    #[test]
    fn identifiers_tell_nothing() {
        let ids = |from: u32| -> Vec<Value<'static>> {
            (from..from + 200).map(|id| Value::text_of(format!("id-{id}"))).collect()
        };
        assert_eq!(only(&column("f", &ids(0), &ids(1_000))).score, 0.0);
    }

    #[test]
    fn the_five_most_telling_values_are_listed() {
        let texts = |texts: &[&'static str]| -> Vec<Value<'static>> {
            texts.iter().map(|text| Value::text_of(*text)).collect()
        };
        let row = only(&column("f", &texts(&["g", "b", "c", "\"d", "e", "f", "g"]), &texts(&["z"])));
        assert_eq!(row.contributors.as_deref(), Some(r#"["g","\"d","b","c","e"]"#));
    }

    #[test]
    fn fields_come_by_score_and_then_by_name() {
        let row = |b: &'static str, matches| -> Row {
            let value = |text| Value::text_of(text);
            (
                vec![("c".to_owned(), value("x")), ("b".to_owned(), value(b)), ("a".to_owned(), value("x"))],
                matches,
            )
        };
        let names: Vec<String> = built(MOST_ENTRIES, &[row("1", true), row("2", false)])
            .finish()
            .into_iter()
            .map(|row| row.field)
            .collect();
        assert_eq!(names, ["b", "a", "c"]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut builder = RelevanceBuilder::bounded(5_000);
        for id in 0..3_000 {
            let (name, value) = (format!("f{id}"), Value::text_of(format!("v{id}")));
            builder.add([("same", &value), (name.as_str(), &value)].into_iter(), id % 2 == 0);
        }
        assert!(builder.entries <= 5_000);
        assert!(builder.fields.len() > 1_000);
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let value = prop_oneof![
            (0..40_u32).prop_map(|value| number(&value.to_string())),
            "[a-c]{0,2}".prop_map(Value::text_of),
            Just(Value::Missing),
        ];
        let fields = prop::collection::btree_map("[a-z]", value, 0..6);
        let row =
            (fields, any::<bool>()).prop_map(|(fields, matches)| (fields.into_iter().collect(), matches));
        prop::collection::vec(row, 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn scores_do_not_depend_on_how_the_input_was_cut(
            rows in rows(),
            cuts in prop::collection::vec(0_usize..60, 0..4),
            most_entries in prop_oneof![Just(4_usize), Just(40), Just(MOST_ENTRIES)],
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
            cuts.extend([0, rows.len()]);
            cuts.sort_unstable();
            let mut merged = RelevanceBuilder::bounded(most_entries);
            for cut in cuts.windows(2) {
                merged.merge(built(most_entries, &rows[cut[0]..cut[1]]));
            }
            let whole = built(most_entries, &rows);
            prop_assert_eq!(merged.entries, whole.entries);
            prop_assert!(whole.entries <= most_entries);
            let found = whole.finish();
            prop_assert!(found.iter().all(|row| (0.0..=1.0).contains(&row.score)));
            prop_assert_eq!(merged.finish(), found);
        }
    }
}
