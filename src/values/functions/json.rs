//! JSON texts as maps and lists (`spec/logs-insights.md` 3.3).

use super::Arguments;
use crate::json::{Node, Projection, Slots, Step, members};
use crate::values::value::{Map, Number, Value};

/// Levels of maps and lists that are read; deeper text counts as no JSON. A guard for the recursion here and in the
/// code that renders and drops what is read.
const DEEPEST: usize = 128;

/// The map or list that a text spells.
pub(super) fn parse(text: &str) -> Option<Value<'static>> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let node = match text.as_bytes().first()? {
        b'{' => {
            Projection::new::<&[Step]>(&[]).project(text, &mut Slots::new()).ok()?;
            Node::Object(text)
        }
        b'[' => {
            // Only objects can be validated, so the array is made the one member of one.
            let wrapped = format!(r#"{{"":{text}}}"#);
            let mut slots = Slots::new();
            Projection::new(&[[Step::Key("".into())]]).project(&wrapped, &mut slots).ok()?;
            match slots.node(&wrapped, 0) {
                Node::Array(array) if array.len() == text.len() => Node::Array(text),
                _ => return None,
            }
        }
        _ => return None,
    };
    value(node, DEEPEST)
}

/// `None` where it is nested too deep. Booleans are 1 and 0, `null` is missing, numbers keep their spelling.
fn value(node: Node<'_>, deeper: usize) -> Option<Value<'static>> {
    Some(match node {
        Node::Absent | Node::Null => Value::Missing,
        Node::Bool(holds) => Value::bool(holds),
        Node::Number(number) => Number::spelled(number.to_owned()).map_or(Value::Missing, Value::Number),
        Node::String(string) => Value::text_of(string.decode().into_owned()),
        Node::Array(text) => {
            let deeper = deeper.checked_sub(1)?;
            let elements: Option<Vec<_>> = members(text).map(|member| value(member.value, deeper)).collect();
            Value::List(elements?.into())
        }
        Node::Object(text) => {
            let deeper = deeper.checked_sub(1)?;
            let entry = |key: Option<crate::json::RawString<'_>>, node| {
                let key = key.map(|key| key.decode().into_owned()).unwrap_or_default();
                Some((key.into_boxed_str(), value(node, deeper)?))
            };
            let entries: Option<Vec<_>> =
                members(text).map(|member| entry(member.key, member.value)).collect();
            Value::Map(Map::new(entries?).into())
        }
    })
}

/// `jsonParse`
pub(super) fn parse_argument(value: &Value<'_>) -> Value<'static> {
    value.text().and_then(|text| parse(&text)).unwrap_or_default()
}

/// `jsonStringify`
pub(super) fn stringify(value: &Value<'_>) -> Value<'static> {
    match value.is_container() {
        true => value.render().map_or(Value::Missing, |text| Value::text_of(text.into_owned())),
        false => Value::Missing,
    }
}

/// `jsonArraySize`
pub(super) fn array_size(value: &Value<'_>) -> Value<'static> {
    match list(value) {
        Some(Value::List(list)) => Value::number_of(list.len() as f64),
        _ => Value::Missing,
    }
}

/// `jsonArrayContains`
pub(super) fn array_contains(arguments: Arguments<'_, '_>) -> Value<'static> {
    let (array, wanted) = (arguments.at(0), arguments.at(1));
    if array.is_missing() || wanted.is_missing() || wanted.is_container() {
        return Value::Missing;
    }
    Value::bool(match list(array) {
        Some(Value::List(list)) => list.iter().any(|element| element.equals(wanted)),
        _ => false,
    })
}

/// A list, or the one that a text spells.
fn list(value: &Value<'_>) -> Option<Value<'static>> {
    match value {
        Value::List(list) => Some(Value::List(list.clone())),
        _ => parse(&value.text()?),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{call, number, text};
    use super::*;

    #[test]
    fn objects_and_arrays_only() {
        let parsed = parse(r#" {"a":1,"b":{"c":[true,null,"x"]}} "#).unwrap();
        assert_eq!(parsed.member("a").render().as_deref(), Some("1"));
        assert_eq!(parsed.member("b").member("c").element(0).render().as_deref(), Some("1"));
        assert!(parsed.member("b").member("c").element(1).is_missing());
        for no_container in
            ["", "1", "\"a\"", "null", "true", "{", "[1", "[1]]", "{}x", "[1],\"\":[2]", "a{}"]
        {
            assert!(parse(no_container).is_none(), "{no_container}");
        }
        assert_eq!(call("jsonParse", &[text("{\"a\":1}")]).as_deref(), Some("{\"a\":1}"));
        assert_eq!(call("jsonParse", &[number(1.0)]), None);
    }

    #[test]
    fn writing_is_compact_and_keeps_spellings() {
        for (written, compact) in [
            ("[1, 2]", "[1,2]"),
            ("{ \"a\" : 1.50 , \"b\" : -0e2 }", "{\"a\":1.50,\"b\":-0e2}"),
            ("[true, false, null]", "[1,0,null]"),
            ("{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}"),
            ("[\"\\u00e9\\n\"]", "[\"\u{e9}\\n\"]"),
            ("[]", "[]"),
        ] {
            let parsed = parse(written).unwrap();
            assert_eq!(call("jsonStringify", &[parsed]).as_deref(), Some(compact), "{written}");
        }
        assert_eq!(call("jsonStringify", &[text("a")]), None);
        assert_eq!(call("jsonStringify", &[Value::Missing]), None);
    }

    #[test]
    fn arrays_are_counted_and_searched() {
        assert_eq!(call("jsonArraySize", &[text("[1,2,3]")]).as_deref(), Some("3"));
        assert_eq!(call("jsonArraySize", &[parse("[1,[2,3]]").unwrap()]).as_deref(), Some("2"));
        assert_eq!(call("jsonArraySize", &[text("[]")]).as_deref(), Some("0"));
        assert_eq!(call("jsonArraySize", &[text("{}")]), None);
        let contains = |array: &str, value| call("jsonArrayContains", &[text(array), value]);
        for (array, value, expected) in [
            ("[\"admin\"]", text("admin"), "1"),
            ("[\"admin\"]", text("Admin"), "0"),
            ("[1, 2]", number(2.0), "1"),
            ("[[\"a\"]]", text("a"), "0"),
            ("[]", text("a"), "0"),
            ("[1", number(1.0), "0"),
            ("{\"a\":1}", number(1.0), "0"),
            ("x", text("x"), "0"),
        ] {
            assert_eq!(contains(array, value).as_deref(), Some(expected), "{array}");
        }
        assert_eq!(contains("[1]", Value::Missing), None);
        assert_eq!(call("jsonArrayContains", &[Value::Missing, number(1.0)]), None);
    }

    #[test]
    fn depth_has_a_bound() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(DEEPEST)).is_some());
        assert!(parse(&nested(DEEPEST + 1)).is_none());
        assert!(parse(&nested(20_000)).is_none());
        assert!(parse(&"[".repeat(20_000)).is_none());
        assert!(parse(&"{\"a\":".repeat(20_000)).is_none());
    }

    proptest! {
        #[test]
        fn what_is_json_is_as_serde_json_says(text in r#"[\[{"a:,\]}0-9. etrun\\-]{0,24}"#) {
            let known = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            let container = known && text.trim_start().starts_with(['{', '[']);
            prop_assert_eq!(parse(&text).is_some(), container);
        }
    }
}
