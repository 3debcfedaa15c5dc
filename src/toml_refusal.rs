//! Why a text is no TOML, or has not the shape that is expected, with the name that was probably meant.

use crate::listing::listed_names;
use crate::{Code, Diagnostic, Fix, Span};

/// The finding: under `not_toml` where the syntax is at fault, else under `shape`.
pub(crate) fn refusal(error: &toml::de::Error, text: &str, not_toml: Code, shape: Code) -> Diagnostic {
    let span = error.span().map(|range| Span::new(range.start, range.end)).unwrap_or_default();
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_shape = ["unknown field", "missing field", "invalid type", "duplicate field", "invalid length"]
        .iter()
        .any(|start| message.starts_with(start));
    if !is_shape {
        let first_line = message.lines().next().unwrap_or_default();
        return Diagnostic::error(not_toml, span, format!("this is no TOML: {first_line}"));
    }
    let types = message.strip_prefix("invalid type: ").and_then(|types| types.rsplit_once(", expected "));
    if let Some((found, expected)) = types
        && let Some(found) = Type::found(found, span.slice(text))
        && let Some(expected) = Type::expected(expected)
    {
        return other_type(found, expected, span, text, shape);
    }
    if !message.starts_with("unknown field") {
        return Diagnostic::error(shape, span, message.replace("missing field", "there is no"));
    }
    let unknown = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    let finding = Diagnostic::error(shape, span, format!("there is no member `{unknown}` here"));
    let distance = |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &unknown.to_lowercase());
    match known.iter().map(|name| (distance(name), *name)).min() {
        Some((distance, name)) if distance <= 1 + unknown.chars().count() / 3 => {
            finding.help(format!("write `{name}`")).fix(Fix::replace(format!("write `{name}`"), span, name))
        }
        _ => finding.help(format!("members are {}", listed_names(known, "and"))),
    }
}

/// A value of another type than the member has, and how the right one is written.
fn other_type(found: Type, expected: Type, span: Span, text: &str, shape: Code) -> Diagnostic {
    // Where one table is expected serde takes a list of them for its members in order.
    let expected = if found == Type::Headers { Type::Table } else { expected };
    let message = format!("expected {}, found {}", expected.said(), found.said());
    let finding = Diagnostic::error(shape, span, message);
    let Some(way_out) = way_out(found, expected, span.slice(text)) else { return finding };
    let title = format!("write `{way_out}`");
    // What a list is to hold is not known, and of a longer value only a part is shown.
    let is_certain = match found {
        Type::Header => true,
        // Of several only one can be the table.
        Type::Headers => text.matches(span.slice(text)).count() == 1,
        _ => expected != Type::List,
    };
    let finding = finding.help(title.clone());
    if is_certain { finding.fix(Fix::replace(title, span, way_out)) } else { finding }
}

/// A type of TOML, as it is written or expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Whole,
    Decimal,
    /// Whole or decimal.
    Number,
    Boolean,
    Time,
    List,
    Table,
    /// A table under `[name]`.
    Header,
    /// One of several under `[[name]]`.
    Headers,
    /// A table around one under `[name.other]`.
    Outer,
}

impl Type {
    /// What was found, by serde's words and as it is written.
    fn found(words: &str, written: &str) -> Option<Self> {
        Some(match words.split(['`', '"']).next().unwrap_or_default().trim() {
            "string" => Type::Text,
            "integer" => Type::Whole,
            "floating point" => Type::Decimal,
            "boolean" => Type::Boolean,
            "sequence" => Type::List,
            "map" if written.starts_with("[[") => Type::Headers,
            "map" if written.starts_with('[') => Type::Header,
            "map" if written.starts_with('{') => Type::Table,
            "map" if written.starts_with(|c: char| c.is_ascii_digit()) => Type::Time,
            "map" => Type::Outer,
            _ => return None,
        })
    }

    fn expected(words: &str) -> Option<Self> {
        Some(match words {
            "a string" => Type::Text,
            "i64" | "u64" | "i32" | "u32" => Type::Whole,
            "f64" => Type::Number,
            "a boolean" => Type::Boolean,
            "a sequence" => Type::List,
            words if words == "a map" || words.starts_with("struct ") => Type::Table,
            _ => return None,
        })
    }

    fn said(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::Whole => "a whole number",
            Type::Decimal => "a decimal number",
            Type::Number => "a number",
            Type::Boolean => "a boolean",
            Type::Time => "a time",
            Type::List => "a list",
            Type::Table | Type::Header | Type::Outer => "a table",
            Type::Headers => "a list of tables",
        }
    }
}

/// The same value in the type that is expected, where it has one.
fn way_out(found: Type, expected: Type, written: &str) -> Option<String> {
    match (found, expected) {
        // `8_080` and `0x1F` are numbers too, and as texts are none.
        (Type::Whole | Type::Decimal, Type::Text) => {
            let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
            is_plain.then(|| format!("\"{written}\""))
        }
        (Type::Boolean | Type::Time, Type::Text) => Some(format!("\"{written}\"")),
        (Type::Text, Type::Whole | Type::Number | Type::Boolean) => {
            let inside = written.trim_matches(['"', '\'']);
            let table: toml::Table = toml::from_str(&format!("value = {inside}")).ok()?;
            let value = table.get("value")?;
            let is_it = match value {
                toml::Value::Integer(_) => expected != Type::Boolean,
                toml::Value::Float(_) => expected == Type::Number,
                toml::Value::Boolean(_) => expected == Type::Boolean,
                _ => false,
            };
            is_it.then(|| value.to_string())
        }
        (Type::Decimal, Type::Whole) => written.strip_suffix(".0").map(str::to_owned),
        (Type::Text | Type::Header, Type::List) => Some(format!("[{written}]")),
        (Type::Table, Type::List) => Some("[{ … }]".to_owned()),
        (Type::Outer, Type::List) => Some(format!("[[{written}]]")),
        (Type::Headers, _) => written.strip_prefix('[')?.strip_suffix(']').map(str::to_owned),
        _ => None,
    }
}
