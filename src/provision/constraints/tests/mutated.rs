//! Every single thing that can be put wrong in a request.

use serde_json::{Map, Value, json};

use crate::provision::Call;
use crate::provision::constraints::pages::Rule;
use crate::provision::constraints::table::{self, Kind, Request};
use crate::provision::constraints::violation::Wrong;

pub(super) struct Mutation {
    pub(super) what: &'static str,
    pub(super) call: Call,
    /// Where the violation has to be found.
    pub(super) path: String,
    pub(super) is: fn(&Wrong) -> bool,
}

pub(super) fn all(call: &Call) -> Vec<Mutation> {
    let request = &table::table().unwrap().requests[call.operation.to_string().as_str()];
    let mut mutations = Mutations { call, request, all: Vec::new() };
    let input = Value::Object(call.input.clone());
    mutations.structure("", "", "", &input);
    mutations.all
}

struct Mutations<'c> {
    call: &'c Call,
    request: &'static Request,
    all: Vec<Mutation>,
}

impl Mutations<'_> {
    /// The value at a JSON pointer becomes another one.
    fn set(&mut self, what: &'static str, at: &str, new: Value, path: &str, is: fn(&Wrong) -> bool) {
        let mut input = Value::Object(self.call.input.clone());
        *input.pointer_mut(at).unwrap() = new;
        self.all.push(Mutation {
            what,
            call: Call::new(self.call.operation, input),
            path: path.to_owned(),
            is,
        });
    }

    fn structure(&mut self, model: &str, at: &str, path: &str, value: &Value) {
        let members = value.as_object().unwrap();
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let with = |name: &str, value: Value| {
            let mut members = members.clone();
            members.insert(name.to_owned(), value);
            Value::Object(members)
        };
        let without = |names: &[&str]| -> Value {
            let kept = members.iter().filter(|(name, _)| !names.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
        };

        let unknown = |wrong: &Wrong| matches!(wrong, Wrong::Unknown { .. });
        self.set("unknown", at, with("unheardOf", true.into()), &below("unheardOf"), unknown);
        for rule in self.request.rules.get(model).into_iter().flatten() {
            if let Rule::ExactlyOne(of) = rule {
                let one = |wrong: &Wrong| matches!(wrong, Wrong::NotExactlyOne { .. });
                self.set("none of", at, without(of), path, one);
                let another = of.iter().find(|name| !members.contains_key(**name)).unwrap();
                self.set("two of", at, with(another, Value::Null), path, one);
            }
        }
        for named in self.request.structures.get(model).into_iter().flatten() {
            let Some(value) = members.get(named.name) else { continue };
            let place = below(named.name);
            if self.request.members[named.path].required {
                let missing = |wrong: &Wrong| *wrong == Wrong::Missing;
                self.set("without", at, without(&[named.name]), &place, missing);
            }
            for rule in self.request.rules.get(named.path).into_iter().flatten() {
                match rule {
                    Rule::Without(others) => {
                        let beside = |wrong: &Wrong| matches!(wrong, Wrong::Beside { .. });
                        self.set("beside", at, with(others[0], Value::Null), &place, beside);
                    }
                    Rule::With(other) => {
                        let alone = |wrong: &Wrong| matches!(wrong, Wrong::Alone { .. });
                        self.set("alone", at, without(&[other]), &place, alone);
                    }
                    _ => {}
                }
            }
            self.member(named.path, &format!("{at}/{}", named.name), &place, value);
        }
    }

    fn member(&mut self, model: &str, at: &str, path: &str, value: &Value) {
        let kind = self.request.members[model].kind;
        let other = if kind == Kind::Boolean { json!("yes") } else { json!(true) };
        self.set("another type", at, other, path, |wrong| matches!(wrong, Wrong::Type { .. }));
        match kind {
            Kind::String => self.text(model, at, path, value.as_str().unwrap()),
            Kind::Integer | Kind::Long => self.number(model, at, path),
            Kind::Timestamp => {
                let wrong_type = |wrong: &Wrong| matches!(wrong, Wrong::Type { .. });
                self.set("no time", at, json!("yesterday"), path, wrong_type);
            }
            Kind::List => {
                let item = value.get(0).cloned().unwrap_or(Value::Null);
                self.lengths(model, at, path, |count| Value::Array(vec![item.clone(); count]));
                for (index, item) in value.as_array().unwrap().iter().enumerate() {
                    self.member(
                        &format!("{model}[]"),
                        &format!("{at}/{index}"),
                        &format!("{path}[{index}]"),
                        item,
                    );
                }
            }
            Kind::Map => {
                let numbered = |count| (0..count).map(|number| (format!("k{number}"), json!("v"))).collect();
                self.lengths(model, at, path, |count| Value::Object(numbered(count)));
                for (key, item) in value.as_object().unwrap() {
                    let escaped = key.replace('~', "~0").replace('/', "~1");
                    let of = format!("{model}{{value}}");
                    self.member(&of, &format!("{at}/{escaped}"), &format!("{path}{{{key}}}"), item);
                }
            }
            Kind::Structure => self.structure(model, at, path, value),
            Kind::Union => {
                let not_one = |wrong: &Wrong| matches!(wrong, Wrong::NotExactlyOne { .. });
                self.set("no member of a union", at, json!({}), path, not_one);
                self.structure(model, at, path, value);
            }
            Kind::Double | Kind::Boolean => {}
        }
    }

    fn text(&mut self, model: &str, at: &str, path: &str, text: &str) {
        self.lengths(model, at, path, |count| "a".repeat(count).into());
        let member = &self.request.members[model];
        let rules = self.request.rules.get(model).map(Vec::as_slice).unwrap_or_default();
        let mut closed = member.one_of.is_some();
        closed |= rules.iter().any(|rule| matches!(rule, Rule::OneOf(_)));
        if closed {
            let not_one_of = |wrong: &Wrong| matches!(wrong, Wrong::NotOneOf { .. });
            self.set("another value", at, format!("{text}x").into(), path, not_one_of);
        }
        let mut foreign = |pattern: &str, is| {
            // The regex of the pattern itself decides what it does not match.
            let regex = regex::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let foreign =
                ["::", "", "a\nb", "\u{1F600}", "-", ":"].into_iter().find(|text| !regex.is_match(text));
            // One pattern of the models matches every text.
            let Some(foreign) = foreign else { return assert_eq!(pattern, r"[\s\S]*") };
            self.set("another form", at, foreign.into(), path, is);
        };
        if let Some(pattern) = &member.pattern {
            foreign(pattern.text, |wrong| matches!(wrong, Wrong::Pattern { .. }));
        }
        for rule in rules {
            if let Rule::Form { pattern, .. } = rule {
                foreign(pattern.text, |wrong| matches!(wrong, Wrong::Form { .. }));
            }
        }
    }

    fn number(&mut self, model: &str, at: &str, path: &str) {
        let member = &self.request.members[model];
        if let Some(least) = member.least {
            self.set("below", at, json!(least - 1), path, |wrong| matches!(wrong, Wrong::TooSmall { .. }));
        }
        if let Some(most) = member.most {
            self.set("above", at, json!(most + 1), path, |wrong| matches!(wrong, Wrong::TooLarge { .. }));
        }
        self.set("a fraction", at, json!(1.5), path, |wrong| matches!(wrong, Wrong::Type { .. }));
        let rules = self.request.rules.get(model).map(Vec::as_slice).unwrap_or_default();
        if rules.iter().any(|rule| matches!(rule, Rule::OneOf(_))) {
            self.set("another value", at, json!(91), path, |wrong| matches!(wrong, Wrong::NotOneOf { .. }));
        }
    }

    fn lengths(&mut self, model: &str, at: &str, path: &str, of: impl Fn(usize) -> Value) {
        let member = &self.request.members[model];
        let (mut least, mut most) = (member.least, member.most);
        for rule in self.request.rules.get(model).into_iter().flatten() {
            match rule {
                Rule::Least(bound) => least = Some(*bound),
                Rule::Most(bound) => most = Some(*bound),
                _ => {}
            }
        }
        if let Some(least) = least.filter(|least| *least > 0) {
            let count = usize::try_from(least - 1).unwrap();
            self.set("too short", at, of(count), path, |wrong| matches!(wrong, Wrong::TooShort { .. }));
        }
        if let Some(most) = most {
            let count = usize::try_from(most + 1).unwrap();
            self.set("too long", at, of(count), path, |wrong| matches!(wrong, Wrong::TooLong { .. }));
        }
    }
}
