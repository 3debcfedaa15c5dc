//! A configuration in HCL as the JSON that says the same: strings as templates, `${…}` around expressions.
//!
//! Texts are taken from the file and read here, by the rules of HCL's scanner and parser, so that what is compared does
//! not rest on the crate that the exports' own readers use.

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use serde_json::{Map, Value, json};

/// The tree of a configuration; documents that `jsonencode` makes are trees in it.
pub(crate) fn read(file: &str) -> Value {
    let body: Body = file.parse().unwrap_or_else(|error| panic!("{error} in\n{file}"));
    let mut root = Map::new();
    for block in body.blocks() {
        let labels = block.labels.iter().map(|label| label.as_str());
        let path: Vec<&str> = std::iter::once(block.ident.as_str()).chain(labels).collect();
        let (last, before) = path.split_last().unwrap();
        let mut at = &mut root;
        for name in before {
            let inner = at.entry(*name).or_insert_with(|| json!({}));
            at = inner.as_object_mut().unwrap();
        }
        assert!(at.insert((*last).to_owned(), self::body(file, &block.body)).is_none(), "{path:?} twice");
    }
    Value::Object(root)
}

fn body(file: &str, body: &Body) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                let value = match name {
                    // Addresses and types are no expressions.
                    "depends_on" | "type" => bare(file, &attribute.value),
                    _ => expression(file, &attribute.value),
                };
                assert!(members.insert(name.to_owned(), value).is_none(), "`{name}` twice");
            }
            Structure::Block(block) => {
                let inner = self::body(file, &block.body);
                match members.get_mut(block.ident.as_str()) {
                    None => drop(members.insert(block.ident.to_string(), inner)),
                    Some(Value::Array(blocks)) => blocks.push(inner),
                    Some(one) => *one = Value::Array(vec![one.take(), inner]),
                }
            }
        }
    }
    Value::Object(members)
}

fn bare(file: &str, value: &Expression) -> Value {
    match value {
        Expression::Array(items) => items.iter().map(|item| bare(file, item)).collect(),
        other => Value::from(slice(file, other)),
    }
}

fn expression(file: &str, value: &Expression) -> Value {
    let written = slice(file, value);
    match value {
        Expression::String(_) | Expression::StringTemplate(_) => Value::from(unquoted(written)),
        Expression::HeredocTemplate(_) => Value::from(flushed(written)),
        Expression::Number(_) | Expression::Bool(_) => serde_json::from_str(written).unwrap(),
        Expression::Array(items) => items.iter().map(|item| expression(file, item)).collect(),
        Expression::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(name) => name.to_string(),
                    ObjectKey::Expression(key) => unquoted(slice(file, key)),
                };
                (key, expression(file, value.expr()))
            });
            Value::Object(members.collect())
        }
        Expression::FuncCall(call) => {
            let argument = expression(file, call.args.iter().next().unwrap());
            match call.name.name.as_str() {
                "jsonencode" => argument,
                "chomp" => Value::from(argument.as_str().unwrap().trim_end_matches(['\n', '\r'])),
                other => panic!("function {other}"),
            }
        }
        Expression::Traversal(_) => Value::from(format!("${{{written}}}")),
        other => panic!("{other:?}"),
    }
}

fn slice<'f>(file: &'f str, spanned: &impl Span) -> &'f str {
    file[spanned.span().unwrap()].trim()
}

/// What stands between the quotes, its escapes undone but those of templates.
fn unquoted(written: &str) -> String {
    let inside = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
    let mut text = String::new();
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let letter = chars.next().unwrap();
        text.push(match letter {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' | '\\' => letter,
            'u' => {
                let code: String = chars.by_ref().take(4).collect();
                char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap()
            }
            other => panic!("escape {other}"),
        });
    }
    text
}

/// The text of `<<-`: each line without as many blanks as the least indented one has; a line of blanks alone does not
/// count, and loses none.
fn flushed(written: &str) -> String {
    let (opening, rest) = written.split_once('\n').unwrap();
    let end = opening.strip_prefix("<<-").unwrap();
    let lines: Vec<&str> = rest.split('\n').take_while(|line| line.trim() != end).collect();
    assert!(lines.len() < rest.split('\n').count(), "`{end}` is missing");
    let is_blank = |line: &str| line.trim().is_empty();
    let blanks = |line: &&&str| line.chars().take_while(|c| c.is_whitespace()).count();
    let least = lines.iter().filter(|line| !is_blank(line)).map(|line| blanks(&line)).min().unwrap();
    let flush = |line: &&str| {
        let kept: String =
            if is_blank(line) { (*line).to_owned() } else { line.chars().skip(least).collect() };
        kept + "\n"
    };
    lines.iter().map(flush).collect()
}
