//! `unnest` and `expand`: one row per element of a list.

use std::sync::LazyLock;

use crate::json::{Node, Projection, Slots, Step, members};
use crate::values::{Number, Value};

/// The elements of a list; of anything else itself, and of nothing none.
pub(crate) fn unnest_values(value: &Value<'_>) -> Vec<Value<'static>> {
    match value {
        Value::Missing => Vec::new(),
        Value::List(list) => list.to_vec(),
        other => vec![other.clone().into_owned()],
    }
}

/// The elements of a text that is a JSON array; `None` for anything else. Arrays and objects in it stay texts.
pub(crate) fn expand_values(value: &Value<'_>) -> Option<Vec<Value<'static>>> {
    /// The one member of the object that a text is wrapped in, to be read.
    static WRAPPED: LazyLock<Projection> = LazyLock::new(|| Projection::new(&[[Step::Key("".into())]]));
    let Value::Text(text) = value else { return None };
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if !text.starts_with('[') || !text.ends_with(']') {
        return None;
    }
    let object = format!("{{\"\":{text}}}");
    let mut slots = Slots::new();
    WRAPPED.project(&object, &mut slots).ok()?;
    match slots.node(&object, 0) {
        // A shorter one is only the start or the end of the text, such as `[1],"":[2]`.
        Node::Array(array) if array.len() == text.len() => {
            Some(members(array).map(|member| element(member.value)).collect())
        }
        _ => None,
    }
}

fn element(node: Node<'_>) -> Value<'static> {
    match node {
        Node::Absent | Node::Null => Value::Missing,
        Node::Bool(holds) => Value::bool(holds),
        Node::Number(text) => {
            Number::spelled(text.to_owned()).map_or_else(|| Value::text_of(text.to_owned()), Value::Number)
        }
        Node::String(string) => Value::text_of(string.decode().into_owned()),
        Node::Array(text) | Node::Object(text) => Value::text_of(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::lines;
    use super::super::{Row, cell, set};
    use super::*;

    /// Makes of each row one per element of the column `list`, with the element in `into`. Rows are made one by one, since
    /// each has all that the row it comes from has.
    fn unnest(rows: Vec<Row>, list: usize, into: usize) -> impl Iterator<Item = Row> {
        rows.into_iter().flat_map(move |row| spread(Some(unnest_values(cell(&row, list))), row, into))
    }

    /// Makes of each row whose column is a text of a JSON array one per element, with the element in its place; one by one.
    fn expand(rows: Vec<Row>, column: usize) -> impl Iterator<Item = Row> {
        rows.into_iter().flat_map(move |row| spread(expand_values(cell(&row, column)), row, column))
    }

    /// A row per element, or the row as it is.
    fn spread(elements: Option<Vec<Value<'static>>>, row: Row, into: usize) -> impl Iterator<Item = Row> {
        let unchanged = elements.is_none().then(|| row.clone());
        let with = move |element| {
            let mut row = row.clone();
            set(&mut row, into, element);
            row
        };
        elements.unwrap_or_default().into_iter().map(with).chain(unchanged)
    }

    fn list(values: &[&'static str]) -> Value<'static> {
        Value::List(values.iter().map(|&text| Value::text_of(text)).collect())
    }

    #[test]
    fn unnest_makes_a_row_per_element() {
        let host = Value::text_of("h");
        let rows = vec![
            vec![list(&["a", "b"]), host.clone()],
            vec![list(&[]), host.clone()],
            vec![Value::Missing, host.clone()],
            vec![Value::text_of("c"), host],
        ];
        let shown: Vec<_> = unnest(rows, 0, 2).map(|row| row[1..].to_vec()).collect();
        assert_eq!(lines(&shown), ["h a", "h b", "h c"]);
    }

    #[test]
    fn expand_reads_array_texts_only() {
        let row = |text: &str| vec![Value::text_of(text.to_owned()), Value::text_of("web-01")];
        let rows = vec![row(r#" ["apple","b\u0061n", 1.50, true, null, {"a":[1]}] "#)];
        let expected =
            ["apple web-01", "ban web-01", "1.50 web-01", "1 web-01", "- web-01", "{\"a\":[1]} web-01"];
        assert_eq!(lines(&expand(rows, 0).collect::<Vec<_>>()), expected);
        assert_eq!(expand(vec![row("[]")], 0).count(), 0);
        for text in ["[1", "[1]x]", "[1],\"\":[2]", "x", "{\"a\":[1]}", "[01]", "]", "[", "[1],[2]", ""] {
            assert_eq!(lines(&expand(vec![row(text)], 0).collect::<Vec<_>>()), [format!("{text} web-01")]);
        }
    }

    #[test]
    fn expand_leaves_lists_alone() {
        assert!(expand_values(&list(&["a", "b"])).is_none());
        assert!(expand_values(&Value::Missing).is_none());
    }

    #[test]
    fn depth_does_not_matter() {
        let text = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        assert_eq!(expand_values(&Value::text_of(text)).unwrap().len(), 1);
    }
}
