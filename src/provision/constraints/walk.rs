//! The walk over a request, member by member, beside what the tables say of each.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::pages::Rule;
use super::pattern::Pattern;
use super::table::{self, Kind, Member, Request};
use super::violation::{Unit, Violation, Wrong};
use crate::provision::{Call, Operation};

pub(super) fn of(call: &Call) -> Vec<Violation> {
    let mut walk = Walk { operation: call.operation, found: Vec::new() };
    let name = call.operation.to_string();
    match table::table()
        .and_then(|table| table.requests.get(name.as_str()).ok_or("no model has the operation"))
    {
        Ok(request) => walk.structure(request, "", String::new(), &call.input),
        Err(reason) => walk.found("", Wrong::Unchecked { reason: reason.to_owned() }),
    }
    walk.found
}

struct Walk {
    operation: Operation,
    found: Vec<Violation>,
}

impl Walk {
    fn found(&mut self, path: &str, wrong: Wrong) {
        self.found.push(Violation { operation: self.operation, path: path.to_owned(), wrong });
    }

    /// `model` is the path in the table, `path` the one with the indices and keys of this request.
    fn structure(&mut self, request: &Request, model: &str, path: String, members: &Map<String, Value>) {
        let known = request.structures.get(model).map(Vec::as_slice).unwrap_or_default();
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        for named in known {
            let Some(member) = request.members.get(named.path) else { continue };
            match members.get(named.name) {
                Some(value) => {
                    self.member(request, named.path, member, below(named.name), value);
                    self.beside(request, named.path, &below(named.name), members);
                }
                None if member.required => self.found(&below(named.name), Wrong::Missing),
                None => {}
            }
        }
        for name in members.keys().filter(|name| !known.iter().any(|named| named.name == name.as_str())) {
            let near = nearest(name, known.iter().map(|named| named.name));
            self.found(&below(name), Wrong::Unknown { near });
        }
        for rule in rules(request, model) {
            if let Rule::ExactlyOne(of) = rule {
                self.exactly_one(of, &path, members);
            }
        }
    }

    fn exactly_one(&mut self, of: &[&'static str], path: &str, members: &Map<String, Value>) {
        let has: Vec<_> = of.iter().copied().filter(|name| members.contains_key(*name)).collect();
        if has.len() != 1 {
            self.found(path, Wrong::NotExactlyOne { has, of: of.to_vec() });
        }
    }

    /// What may not be, or has to be, in the same structure.
    fn beside(&mut self, request: &Request, model: &str, path: &str, siblings: &Map<String, Value>) {
        for rule in rules(request, model) {
            match rule {
                Rule::Without(others) => {
                    for &other in others.iter().filter(|other| siblings.contains_key(**other)) {
                        self.found(path, Wrong::Beside { other });
                    }
                }
                Rule::With(other) if !siblings.contains_key(*other) => {
                    self.found(path, Wrong::Alone { other });
                }
                _ => {}
            }
        }
    }

    fn member(&mut self, request: &Request, model: &str, member: &Member, path: String, value: &Value) {
        match (member.kind, value) {
            (Kind::String, Value::String(text)) => self.text(request, model, member, &path, text),
            (Kind::Integer | Kind::Long, Value::Number(number)) => match number.as_i64() {
                Some(number) => self.number(request, model, member, &path, number),
                None => self.found(&path, Wrong::Type { expected: member.kind.name(), found: "a number" }),
            },
            (Kind::Double, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Timestamp, Value::String(text)) if text.parse::<jiff::Timestamp>().is_ok() => {}
            (Kind::List, Value::Array(items)) => self.list(request, model, member, path, items),
            (Kind::Map, Value::Object(entries)) => self.map(request, model, member, path, entries),
            (Kind::Structure, Value::Object(members)) => self.structure(request, model, path, members),
            (Kind::Union, Value::Object(members)) => {
                let known = request.structures.get(model).map(Vec::as_slice).unwrap_or_default();
                let of: Vec<_> = known.iter().map(|named| named.name).collect();
                self.exactly_one(&of, &path, members);
                self.structure(request, model, path, members);
            }
            _ => self.found(&path, Wrong::Type { expected: member.kind.name(), found: type_of(value) }),
        }
    }

    fn text(&mut self, request: &Request, model: &str, member: &Member, path: &str, text: &str) {
        self.length(request, model, member, path, text.chars().count(), Unit::Characters);
        if let Some(allowed) = &member.one_of {
            self.one_of(path, text.into(), allowed);
        }
        if let Some(pattern) = &member.pattern {
            let value = || Wrong::Pattern { value: text.to_owned(), pattern: pattern.text };
            self.form(path, pattern, text, true, value);
        }
        for rule in rules(request, model) {
            match rule {
                Rule::OneOf(allowed) => self.one_of(path, text.into(), allowed),
                Rule::Form { pattern, words } => {
                    self.form(path, pattern, text, true, || Wrong::Form { value: text.to_owned(), words });
                }
                Rule::NotForm { pattern, words } => {
                    self.form(path, pattern, text, false, || Wrong::Form { value: text.to_owned(), words });
                }
                _ => {}
            }
        }
    }

    fn form(
        &mut self,
        path: &str,
        pattern: &Pattern,
        text: &str,
        wanted: bool,
        wrong: impl FnOnce() -> Wrong,
    ) {
        match pattern.matches(text) {
            Ok(matches) if matches == wanted => {}
            Ok(_) => self.found(path, wrong()),
            Err(reason) => self.found(path, Wrong::Unchecked { reason: reason.to_owned() }),
        }
    }

    fn one_of(&mut self, path: &str, value: Cow<'_, str>, allowed: &[&'static str]) {
        if !allowed.contains(&&*value) {
            self.found(path, Wrong::NotOneOf { value: value.into_owned(), allowed: allowed.to_vec() });
        }
    }

    fn number(&mut self, request: &Request, model: &str, member: &Member, path: &str, value: i64) {
        let (mut least, mut most) = (member.least, member.most);
        if member.kind == Kind::Integer {
            least = least.or(Some(i32::MIN.into()));
            most = most.or(Some(i32::MAX.into()));
        }
        if let Some(least) = least.filter(|least| value < *least) {
            self.found(path, Wrong::TooSmall { value, least });
        }
        if let Some(most) = most.filter(|most| value > *most) {
            self.found(path, Wrong::TooLarge { value, most });
        }
        for rule in rules(request, model) {
            if let Rule::OneOf(allowed) = rule {
                self.one_of(path, value.to_string().into(), allowed);
            }
        }
    }

    fn list(&mut self, request: &Request, model: &str, member: &Member, path: String, items: &[Value]) {
        self.length(request, model, member, &path, items.len(), Unit::Items);
        let of = format!("{model}[]");
        if let Some(member) = request.members.get(of.as_str()) {
            for (index, item) in items.iter().enumerate() {
                self.member(request, &of, member, format!("{path}[{index}]"), item);
            }
        }
    }

    fn map(
        &mut self,
        request: &Request,
        model: &str,
        member: &Member,
        path: String,
        entries: &Map<String, Value>,
    ) {
        self.length(request, model, member, &path, entries.len(), Unit::Entries);
        let (keys, values) = (format!("{model}{{key}}"), format!("{model}{{value}}"));
        for (key, value) in entries {
            if let Some(member) = request.members.get(keys.as_str()) {
                self.text(request, &keys, member, &format!("{path}{{key {key}}}"), key);
            }
            if let Some(member) = request.members.get(values.as_str()) {
                self.member(request, &values, member, format!("{path}{{{key}}}"), value);
            }
        }
    }

    fn length(
        &mut self,
        request: &Request,
        model: &str,
        member: &Member,
        path: &str,
        has: usize,
        unit: Unit,
    ) {
        let (mut least, mut most) = (member.least, member.most);
        for rule in rules(request, model) {
            match rule {
                Rule::Least(bound) => least = least.max(Some(*bound)),
                Rule::Most(bound) => most = Some(most.map_or(*bound, |most| most.min(*bound))),
                _ => {}
            }
        }
        let count = i64::try_from(has).unwrap_or(i64::MAX);
        if let Some(least) = least.filter(|least| count < *least) {
            self.found(path, Wrong::TooShort { has, least, unit });
        }
        if let Some(most) = most.filter(|most| count > *most) {
            self.found(path, Wrong::TooLong { has, most, unit });
        }
    }
}

fn rules<'r>(request: &'r Request, model: &str) -> &'r [Rule] {
    request.rules.get(model).map(Vec::as_slice).unwrap_or_default()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a structure",
    }
}

/// The name that was meant, if one differs by a few letters or by their case alone.
fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<String> {
    const FARTHEST: usize = 2;
    let lower = name.to_lowercase();
    known
        .map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known))
        .filter(|(distance, _)| *distance <= FARTHEST)
        .min()
        .map(|(_, known)| known.to_owned())
}
