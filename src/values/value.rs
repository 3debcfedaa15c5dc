//! Values of a Logs Insights row: kinds, coercion, truth, comparison, order, text (`spec/logs-insights.md` 4).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::order::{decimal, natural};
use crate::EpochMillis;

/// A value of a row. There is no boolean: functions called so, and JSON's `true` and `false`, give 1 and 0.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value<'e> {
    /// Nothing is there. JSON's `null` is this too.
    #[default]
    Missing,
    /// A number.
    Number(Number<'e>),
    /// A text.
    Text(Cow<'e, str>),
    /// A point in time.
    Time(EpochMillis),
    /// Named values, in the order of their source.
    Map(Arc<Map>),
    /// Values by index.
    List(Arc<[Value<'static>]>),
}

/// A number, and how its source spelled it.
#[derive(Clone, Debug)]
pub struct Number<'e> {
    value: f64,
    spelling: Option<Cow<'e, str>>,
}

/// Named values; of two with one name the later counts.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<(Box<str>, Value<'static>)>,
}

impl Map {
    /// A map of these entries.
    pub fn new(entries: Vec<(Box<str>, Value<'static>)>) -> Self {
        Map { entries }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value<'static>> {
        self.entries.iter().rev().find(|(key, _)| **key == *name).map(|(_, value)| value)
    }

    /// All entries, in order.
    pub fn entries(&self) -> &[(Box<str>, Value<'static>)] {
        &self.entries
    }
}

impl<'e> Number<'e> {
    /// A computed number.
    pub fn new(value: f64) -> Self {
        Number { value, spelling: None }
    }

    /// A number as its source spells it; `None` if that is no number (`spec/logs-insights.md` 4.2).
    pub fn spelled(text: impl Into<Cow<'e, str>>) -> Option<Self> {
        let text = text.into();
        parse_number(&text).map(|value| Number { value, spelling: Some(text) })
    }

    /// Its value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its text: the source's own, else as computed numbers are rendered.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.spelling {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(render_number(self.value)),
        }
    }
}

impl<'e> Value<'e> {
    /// 1 or 0.
    pub fn bool(holds: bool) -> Self {
        Value::Number(Number::new(f64::from(u8::from(holds))))
    }

    /// A computed number; what is not finite is missing.
    pub fn number_of(value: f64) -> Self {
        if value.is_finite() { Value::Number(Number::new(value)) } else { Value::Missing }
    }

    /// A text.
    pub fn text_of(text: impl Into<Cow<'e, str>>) -> Self {
        Value::Text(text.into())
    }

    /// Whether nothing is there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// Whether this is a map or a list, which counts as nothing for most functions.
    pub fn is_container(&self) -> bool {
        matches!(self, Value::Map(_) | Value::List(_))
    }

    /// As a number: a number, a time in milliseconds, a text that is a number as a whole.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(number.value),
            Value::Time(time) => Some(time.0 as f64),
            Value::Text(text) => parse_number(text),
            _ => None,
        }
    }

    /// As a time: a time, or milliseconds. A text is no date.
    pub fn time(&self) -> Option<EpochMillis> {
        match self {
            Value::Time(time) => Some(*time),
            Value::Number(number) if number.value.abs() <= 8.64e15 => {
                Some(EpochMillis(number.value.floor() as i64))
            }
            _ => None,
        }
    }

    /// As a text for functions on text: `None` for nothing, maps and lists.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(number.text()),
            Value::Time(time) => Some(Cow::Owned(render_time(*time))),
            _ => None,
        }
    }

    /// As the service prints it; `None` for nothing.
    pub fn render(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Map(_) | Value::List(_) => {
                let mut out = String::new();
                self.write_json(&mut out);
                Some(Cow::Owned(out))
            }
            _ => self.text(),
        }
    }

    /// Whether it holds as a condition (`spec/logs-insights.md` 4.4).
    pub fn truthy(&self) -> bool {
        match self {
            Value::Number(number) => number.value != 0.0,
            Value::Text(text) => *text == "true" || parse_number(text).is_some_and(|value| value != 0.0),
            Value::Time(time) => time.0 != 0,
            _ => false,
        }
    }

    /// The member of a map.
    pub fn member(&self, name: &str) -> Value<'static> {
        match self {
            Value::Map(map) => map.get(name).cloned().unwrap_or_default(),
            Value::List(_) => name.parse().map_or(Value::Missing, |index| self.element(index)),
            _ => Value::Missing,
        }
    }

    /// What a path leads to. A dot of a path parts two keys, or else, as in fields of events, is part of one key.
    pub fn within(&self, path: &[String]) -> Value<'static> {
        let Some((first, mut rest)) = path.split_first() else { return self.clone().into_owned() };
        let mut key = Cow::Borrowed(first.as_str());
        loop {
            let found = match self.member(&key) {
                found if rest.is_empty() || found.is_missing() => found,
                found => found.within(rest),
            };
            let Some((further, behind)) = rest.split_first().filter(|_| found.is_missing()) else {
                return found;
            };
            key = Cow::Owned(format!("{key}.{further}"));
            rest = behind;
        }
    }

    /// The element of a list, from 0.
    pub fn element(&self, index: usize) -> Value<'static> {
        match self {
            Value::List(list) => list.get(index).cloned().unwrap_or_default(),
            _ => Value::Missing,
        }
    }

    /// The same, owned.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Missing => Value::Missing,
            Value::Number(number) => Value::Number(Number {
                value: number.value,
                spelling: number.spelling.map(|text| Cow::Owned(text.into_owned())),
            }),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Time(time) => Value::Time(time),
            Value::Map(map) => Value::Map(map),
            Value::List(list) => Value::List(list),
        }
    }

    /// The same, borrowed where it can be.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Missing => Value::Missing,
            Value::Number(number) => Value::Number(Number {
                value: number.value,
                spelling: number.spelling.as_deref().map(Cow::Borrowed),
            }),
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::Time(time) => Value::Time(*time),
            Value::Map(map) => Value::Map(Arc::clone(map)),
            Value::List(list) => Value::List(Arc::clone(list)),
        }
    }

    /// About how many bytes it keeps in memory.
    pub fn footprint(&self) -> usize {
        let own = match self {
            Value::Text(Cow::Owned(text)) => text.len(),
            Value::Number(Number { spelling: Some(Cow::Owned(text)), .. }) => text.len(),
            Value::Map(map) => {
                map.entries.iter().map(|(key, value)| key.len() + 16 + value.footprint()).sum()
            }
            Value::List(list) => list.iter().map(Value::footprint).sum(),
            _ => 0,
        };
        size_of::<Value<'_>>() + own
    }

    /// How two values of a column are ordered (`spec/logs-insights.md` 4.5): nothing, then text, then numbers.
    pub fn compare_for_sort(&self, other: &Value<'_>) -> Ordering {
        match (self.sort_number(), other.sort_number()) {
            (Some(left), Some(right)) => {
                left.total_cmp(&right).then_with(|| match (self.is_spelled(), other.is_spelled()) {
                    (false, false) => Ordering::Equal,
                    _ => self.number_text().cmp(&other.number_text()),
                })
            }
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (None, None) => match (self.render(), other.render()) {
                (Some(left), Some(right)) => natural(&left, &right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            },
        }
    }

    /// Whether a source has spelled it, so that equal numbers may differ as texts.
    fn is_spelled(&self) -> bool {
        matches!(self, Value::Text(_) | Value::Number(Number { spelling: Some(_), .. }))
    }

    /// Its text among numbers: of a time that of its milliseconds.
    fn number_text(&self) -> Cow<'_, str> {
        match self {
            Value::Time(time) => Cow::Owned(render_number(time.0 as f64)),
            value => value.text().unwrap_or_default(),
        }
    }

    /// Its number where it is sorted as one: the whole value is an integer or decimal.
    fn sort_number(&self) -> Option<f64> {
        // `-0.0` and `0.0` are one number.
        match self {
            Value::Number(number) => Some(number.value + 0.0),
            Value::Time(time) => Some(time.0 as f64),
            Value::Text(text) => decimal(text).map(|value| value + 0.0),
            _ => None,
        }
    }

    /// How two values compare in a condition (`spec/logs-insights.md` 4.3); `None` where one is nothing, a map or a
    /// list, and every comparison is false.
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        if self.is_missing() || other.is_missing() || self.is_container() || other.is_container() {
            return None;
        }
        if matches!((self, other), (Value::Text(_), Value::Text(_))) {
            return Some(self.compare_for_sort(other));
        }
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            // A text is no date.
            _ if matches!(self, Value::Time(_)) || matches!(other, Value::Time(_)) => None,
            _ => Some(self.compare_for_sort(other)),
        }
    }

    /// Whether two values are equal in a condition; false where [`compare`](Self::compare) is `None`.
    pub fn equals(&self, other: &Value<'_>) -> bool {
        if let (Value::Text(left), Value::Text(right)) = (self, other) {
            return left == right;
        }
        self.compare(other) == Some(Ordering::Equal)
    }

    fn write_json(&self, out: &mut String) {
        let quoted = |text: &str, out: &mut String| {
            out.push_str(&serde_json::Value::from(text).to_string());
        };
        match self {
            Value::Missing => out.push_str("null"),
            Value::Number(number) => out.push_str(&number.text()),
            Value::Time(time) => quoted(&render_time(*time), out),
            Value::Text(text) => quoted(text, out),
            Value::Map(map) => {
                out.push('{');
                for (index, (key, value)) in map.entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    quoted(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
            Value::List(list) => {
                out.push('[');
                for (index, value) in list.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    value.write_json(out);
                }
                out.push(']');
            }
        }
    }
}

/// The number that a whole text spells, blanks around it aside: `[+-] digits [. digits] [e …]`.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Rust's own parser takes `inf`, `nan`, `.5` and `5.` too.
    let (whole, rest) = split_digits(digits);
    if whole.is_empty() {
        return None;
    }
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let (fraction, rest) = split_digits(fraction);
            (!fraction.is_empty()).then_some(rest)?
        }
        None => rest,
    };
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let (exponent, rest) = split_digits(exponent);
        if exponent.is_empty() || !rest.is_empty() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// A computed number as the service prints it: at most four decimals, half up, no trailing zeros.
pub fn render_number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e21 {
        // Not `-0`.
        return format!("{:.0}", value + 0.0);
    }
    let shortest = format!("{value}");
    let Some((whole, decimals)) = shortest.split_once('.') else { return shortest };
    let (kept, rest) = decimals.split_at_checked(4).unwrap_or((decimals, ""));
    let up = rest.starts_with(['5', '6', '7', '8', '9']);
    let text = if up { round_up(whole, kept) } else { format!("{whole}.{kept}") };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The decimal `whole.kept` with one added to its last digit, away from zero.
fn round_up(whole: &str, kept: &str) -> String {
    let mut digits = format!("{whole}.{kept}").into_bytes();
    for digit in digits.iter_mut().rev() {
        match digit {
            b'0'..=b'8' => {
                *digit += 1;
                return String::from_utf8(digits).unwrap_or_default();
            }
            b'9' => *digit = b'0',
            _ => {}
        }
    }
    let text = String::from_utf8(digits).unwrap_or_default();
    match text.strip_prefix('-') {
        Some(magnitude) => format!("-1{magnitude}"),
        None => format!("1{text}"),
    }
}

/// A time as the service prints it: `2026-03-01 10:05:00.000`, UTC.
pub fn render_time(time: EpochMillis) -> String {
    match jiff::Timestamp::from_millisecond(time.0) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
        Err(_) => time.0.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_numbers_have_at_most_four_decimals_half_up() {
        for (value, text) in [
            (122.0703125, "122.0703"),
            (2.5, "2.5"),
            (1.0 / 3.0, "0.3333"),
            (3.0, "3"),
            (0.03125, "0.0313"),
            (-0.00001, "0"),
            (-0.0, "0"),
            (9.99995, "10"),
            (-9.99995, "-10"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(render_number(value), text);
        }
    }

    #[test]
    fn a_number_is_the_whole_text() {
        for text in ["1", " -1.5 ", "1e3", "+7", "1E-2"] {
            assert!(parse_number(text).is_some(), "{text}");
        }
        for text in ["", "1.", ".5", "inf", "nan", "1e", "0x10", "1 2", "1e999", "--1"] {
            assert!(parse_number(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_time_has_milliseconds_and_no_zone() {
        assert_eq!(render_time(EpochMillis(0)), "1970-01-01 00:00:00.000");
        assert_eq!(render_time(EpochMillis(-1)), "1969-12-31 23:59:59.999");
    }

    #[test]
    fn a_time_is_sorted_as_its_milliseconds() {
        let [time, computed, spelled] = [
            Value::Time(EpochMillis(1_772_359_200_000)),
            Value::number_of(1_772_359_200_000.0),
            Value::text_of("1772359200000"),
        ];
        for (left, right) in [(&time, &computed), (&computed, &spelled), (&time, &spelled)] {
            assert_eq!(left.compare_for_sort(right), Ordering::Equal, "{left:?} {right:?}");
        }
    }
}
