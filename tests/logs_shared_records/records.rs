//! CloudTrail records as plain code reads them: flattened fields, times, groups, the order of values.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

/// A row of a result: what the service would print, by column; columns without a value are left out.
pub(crate) type Row = BTreeMap<String, String>;

pub(crate) struct Record {
    pub(crate) text: String,
    pub(crate) json: Value,
    /// Milliseconds since 1970, where `eventTime` is an instant.
    pub(crate) time: Option<i64>,
    fields: BTreeMap<String, String>,
}

impl Record {
    pub(crate) fn new(line: &str) -> Self {
        let json: Value = serde_json::from_str(line).unwrap();
        let time = json["eventTime"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let mut fields = BTreeMap::new();
        flatten("", &json, &mut fields);
        assert!(fields.len() <= 200, "only so many fields are discovered");
        Record { text: line.to_owned(), time: time.map(jiff::Timestamp::as_millisecond), json, fields }
    }

    /// The text of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The same, owned.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    pub(crate) fn is(&self, name: &str, text: &str) -> bool {
        self.get(name) == Some(text)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn number(&self, name: &str) -> Option<i128> {
        let value: f64 = self.get(name)?.parse().ok()?;
        assert!(value.fract() == 0.0 && value.abs() < 9e15, "{name} is not whole: {value}");
        Some(value as i128)
    }

    /// The start of the period that its time lies in.
    pub(crate) fn floor(&self, period_millis: i64) -> Option<String> {
        self.time.map(|time| printed_time(time - time.rem_euclid(period_millis)))
    }
}

fn flatten(prefix: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    let name = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| flatten(&name(key), value, fields)),
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(at, value)| flatten(&name(&at.to_string()), value, fields));
        }
        Value::Null => {}
        leaf => {
            let before = fields.insert(prefix.to_owned(), printed(leaf).unwrap());
            assert_eq!(before, None, "{prefix} stands twice, and which counts is not what is tested here");
        }
    }
}

/// What a leaf is as a text: truth is 1 and 0.
pub(crate) fn printed(leaf: &Value) -> Option<String> {
    match leaf {
        Value::String(text) => Some(text.clone()),
        Value::Bool(holds) => Some(u8::from(*holds).to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `2026-03-01 10:05:00.000`
pub(crate) fn printed_time(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

/// A fraction with at most four decimals, half up, computed in whole numbers.
pub(crate) fn printed_fraction(numerator: i128, denominator: i128) -> String {
    let scaled = (numerator * 20_000 + denominator).div_euclid(2 * denominator);
    assert!(scaled >= 0);
    let text = format!("{}.{:04}", scaled / 10_000, scaled % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(crate) fn row<const N: usize>(cells: [(&str, Option<String>); N]) -> Row {
    cells.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))).collect()
}

/// The records newest first; of those of one time, and those without, the first read first.
pub(crate) fn newest_first<'r>(records: impl IntoIterator<Item = &'r Record>) -> Vec<&'r Record> {
    let mut sorted: Vec<&Record> = records.into_iter().collect();
    sorted.sort_by_key(|record| std::cmp::Reverse(record.time));
    sorted
}

/// Records by keys.
pub(crate) type Groups<'r, const N: usize> = BTreeMap<[Option<String>; N], Vec<&'r Record>>;

pub(crate) fn group<'r, const N: usize>(
    records: impl IntoIterator<Item = &'r Record>,
    keys: impl Fn(&Record) -> [Option<String>; N],
) -> Groups<'r, N> {
    let mut groups: Groups<'r, N> = BTreeMap::new();
    for record in records {
        groups.entry(keys(record)).or_default().push(record);
    }
    groups
}

/// A row for each group: its keys under their names, and how many records it has.
pub(crate) fn counted<'r, const N: usize>(
    records: impl IntoIterator<Item = &'r Record>,
    names: [&str; N],
    count: &str,
    keys: impl Fn(&Record) -> [Option<String>; N],
) -> Vec<Row> {
    let rows = group(records, keys).into_iter().map(|(keys, records)| {
        let mut row: Row =
            names.iter().zip(keys).filter_map(|(name, key)| Some(((*name).to_owned(), key?))).collect();
        row.insert(count.to_owned(), records.len().to_string());
        row
    });
    rows.collect()
}

/// The same by fields.
pub(crate) fn counted_by<'r, const N: usize>(
    records: impl IntoIterator<Item = &'r Record>,
    names: [&str; N],
    count: &str,
) -> Vec<Row> {
    counted(records, names, count, |record| names.map(|name| record.text(name)))
}

/// How many different texts there are, of those that are there.
pub(crate) fn distinct(texts: impl IntoIterator<Item = Option<String>>) -> usize {
    texts.into_iter().flatten().collect::<std::collections::BTreeSet<String>>().len()
}

/// The ascending order of `sort`: nothing, texts by runs of digits and letters, numbers.
pub(crate) fn compare_values(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else { return left.is_some().cmp(&right.is_some()) };
    match (decimal(left), decimal(right)) {
        (Some(a), Some(b)) => a.total_cmp(&b).then_with(|| left.cmp(right)),
        (None, None) => runs(left).cmp(&runs(right)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let ends = digits.starts_with('.') || digits.ends_with('.');
    if plain && !ends { text.parse().ok() } else { None }
}

/// A run's sort key. Two runs of digits are compared by length, then value; all else by code point.
#[derive(PartialEq, Eq)]
struct Run(String);

impl Run {
    fn is_digits(&self) -> bool {
        self.0.starts_with(|c: char| c.is_ascii_digit())
    }
}

impl Ord for Run {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_digits() && other.is_digits() {
            return self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0));
        }
        self.0.chars().cmp(other.0.chars())
    }
}

impl PartialOrd for Run {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn runs(text: &str) -> Vec<Run> {
    let kind = |c: char| match c {
        '0'..='9' => Some('0'),
        c if c.is_alphabetic() => Some('a'),
        _ => None,
    };
    let mut runs: Vec<Run> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        match runs.last_mut() {
            Some(Run(run)) if last.is_some() && kind(c) == last => run.push(c),
            _ => runs.push(Run(c.to_string())),
        }
        last = kind(c);
    }
    runs
}
