//! The other shapes of text that `parse` reads: logfmt and CSV (`spec/logs-insights.md` 6.3).

use std::collections::HashMap;
use std::sync::Arc;

use crate::values::{Map, Value};

/// A map of `key=value` pairs apart by blanks; quotes around a value go, a key for itself is 1.
pub(crate) fn logfmt(text: &str) -> Value<'static> {
    let mut entries: Vec<(Box<str>, Value<'static>)> = Vec::new();
    let mut places = HashMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (value, behind) = match behind.strip_prefix('=') {
            None => (Value::bool(true), behind),
            Some(behind) => match behind.strip_prefix('"') {
                Some(quoted) => unquoted(quoted),
                None => {
                    let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
                    let (value, behind) = behind.split_at_checked(end).unwrap_or((behind, ""));
                    (Value::text_of(value.to_owned()), behind)
                }
            },
        };
        if !key.is_empty() {
            // Of a key that stands twice the later value counts, as in JSON.
            let place = *places.entry(key).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.1 = value,
                None => entries.push((key.into(), value)),
            }
        }
        rest = behind.trim_start();
    }
    Value::Map(Arc::new(Map::new(entries)))
}

/// The text up to the closing quote, and what follows it; a backslash takes the next character as it is.
fn unquoted(text: &str) -> (Value<'static>, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let behind = text.get(at + 1..).unwrap_or_default();
                return (Value::text_of(value), behind);
            }
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => value.push(other),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    (Value::text_of(value), "")
}

/// The values of the first record of a CSV text.
pub(crate) fn csv_values(text: &str) -> Vec<Value<'static>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(|value| Value::text_of(value.to_owned())).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_lone_keys() {
        let map = logfmt(r#" level=error msg="a \"b\" c" duration=3 done empty= "#);
        assert_eq!(
            map.render().as_deref(),
            Some(r#"{"level":"error","msg":"a \"b\" c","duration":"3","done":1,"empty":""}"#)
        );
    }

    #[test]
    fn commas_in_quotes_do_not_part() {
        let values = csv_values("t,ERROR,\"a,b\"");
        let texts: Vec<_> = values.iter().filter_map(|value| value.render()).collect();
        assert_eq!(texts, ["t", "ERROR", "a,b"]);
    }
}
