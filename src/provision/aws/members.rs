//! JSON to the SDK's types and back, under the member names of the service's model.

use std::collections::HashMap;
use std::fmt;

use aws_sdk_sts::primitives::{DateTime, DateTimeFormat};
use serde_json::{Map, Number, Value};

use crate::provision::{Fault, Operation};

/// Where in a request a value stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    operation: Operation,
    path: String,
}

impl Place {
    pub(super) fn request(operation: Operation) -> Self {
        Place { operation, path: String::new() }
    }

    fn member(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Place { operation: self.operation, path: format!("{}{dot}{name}", self.path) }
    }

    fn item(&self, index: usize) -> Self {
        Place { operation: self.operation, path: format!("{}[{index}]", self.path) }
    }

    fn unknown(&self) -> Fault {
        Fault::Unsupported { reason: format!("{} has no member `{}`", self.operation, self.path) }
    }

    fn not_a(&self, kind: &str) -> Fault {
        Fault::Unsupported { reason: format!("`{}` of {} is not {kind}", self.path, self.operation) }
    }

    pub(super) fn lacks(&self, missing: &dyn fmt::Display) -> Fault {
        Fault::Unsupported {
            reason: format!("`{}` of {} lacks a required member: {missing}", self.path, self.operation),
        }
    }
}

/// The members of a structure, taken one by one, so that what is left over is seen.
#[derive(Debug)]
pub(super) struct Members {
    left: Map<String, Value>,
    at: Place,
}

impl Members {
    pub(super) fn new(members: Map<String, Value>, at: Place) -> Self {
        Members { left: members, at }
    }

    pub(super) fn of(value: Value, at: &Place) -> Result<Self, Fault> {
        match value {
            Value::Object(members) => Ok(Members::new(members, at.clone())),
            _ => Err(at.not_a("an object")),
        }
    }

    /// A member, if it is there and not `null`.
    pub(super) fn take<T: FromJson>(&mut self, name: &str) -> Result<Option<T>, Fault> {
        match self.left.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::from_json(value, &self.at.member(name)).map(Some),
        }
    }

    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => Err(self.at.member(name).unknown()),
        }
    }

    /// The one member that a union has.
    pub(super) fn only(mut self) -> Result<(String, Value, Place), Fault> {
        match (self.left.keys().next().cloned(), self.left.len()) {
            (Some(name), 1) => {
                let at = self.at.member(&name);
                let value = self.left.remove(&name).unwrap_or_default();
                Ok((name, value, at))
            }
            _ => Err(self.at.not_a("an object with one member")),
        }
    }

    pub(super) fn no_such(at: &Place) -> Fault {
        at.unknown()
    }
}

/// A value of a request.
pub(super) trait FromJson: Sized {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault>;
}

impl FromJson for String {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(at.not_a("a text")),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        value.as_bool().ok_or_else(|| at.not_a("true or false"))
    }
}

impl FromJson for i32 {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
        number.ok_or_else(|| at.not_a("a whole number of 32 bits"))
    }
}

impl FromJson for i64 {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        value.as_i64().ok_or_else(|| at.not_a("a whole number"))
    }
}

impl FromJson for f64 {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        value.as_f64().ok_or_else(|| at.not_a("a number"))
    }
}

impl FromJson for DateTime {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        let text = value.as_str().ok_or_else(|| at.not_a("a time such as `2026-11-30T08:00:00Z`"))?;
        DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset)
            .map_err(|_| at.not_a("a time such as `2026-11-30T08:00:00Z`"))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        let Value::Array(items) = value else { return Err(at.not_a("a list")) };
        items.into_iter().enumerate().map(|(index, item)| T::from_json(item, &at.item(index))).collect()
    }
}

impl<T: FromJson> FromJson for HashMap<String, T> {
    fn from_json(value: Value, at: &Place) -> Result<Self, Fault> {
        let Value::Object(entries) = value else { return Err(at.not_a("an object")) };
        entries
            .into_iter()
            .map(|(key, value)| {
                let value = T::from_json(value, &at.member(&key))?;
                Ok((key, value))
            })
            .collect()
    }
}

/// A value of an answer; without one, the member is left out.
pub(super) trait ToJson {
    fn to_json(self) -> Option<Value>;
}

impl ToJson for String {
    fn to_json(self) -> Option<Value> {
        Some(Value::String(self))
    }
}

impl ToJson for bool {
    fn to_json(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl ToJson for i32 {
    fn to_json(self) -> Option<Value> {
        Some(Value::from(self))
    }
}

impl ToJson for i64 {
    fn to_json(self) -> Option<Value> {
        Some(Value::from(self))
    }
}

impl ToJson for f64 {
    fn to_json(self) -> Option<Value> {
        // JSON has no infinity; the text still says what came.
        Some(Number::from_f64(self).map_or_else(|| Value::String(self.to_string()), Value::Number))
    }
}

impl ToJson for DateTime {
    fn to_json(self) -> Option<Value> {
        // A time out of the format's range is told as seconds.
        let text = self.fmt(DateTimeFormat::DateTime).unwrap_or_else(|_| self.secs().to_string());
        Some(Value::String(text))
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(self) -> Option<Value> {
        self.and_then(T::to_json)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(self) -> Option<Value> {
        Some(Value::Array(self.into_iter().map(|item| item.to_json().unwrap_or_default()).collect()))
    }
}

/// Keys are texts, or enumerations with a text for each of their values.
impl<K: AsRef<str>, T: ToJson> ToJson for HashMap<K, T> {
    fn to_json(self) -> Option<Value> {
        let mut entries: Vec<_> = self.into_iter().collect();
        entries.sort_by(|(left, _), (right, _)| left.as_ref().cmp(right.as_ref()));
        let written =
            entries.into_iter().filter_map(|(key, value)| Some((key.as_ref().to_owned(), value.to_json()?)));
        Some(Value::Object(written.collect()))
    }
}

/// An answer, member by member.
#[derive(Debug, Default)]
pub(super) struct Answer(pub(super) Map<String, Value>);

impl Answer {
    pub(super) fn with(mut self, name: &str, value: impl ToJson) -> Self {
        if let Some(value) = value.to_json() {
            self.0.insert(name.to_owned(), value);
        }
        self
    }
}

/// Sends an operation: members into the request, members out of the answer.
macro_rules! send {
    ($asked:ident, $client:ident.$operation:ident()
        { $($member:ident: $set:ident),* $(,)? } => { $($field:ident: $get:ident),* $(,)? }) => {{
        let witness = $asked.witness.clone();
        let place = $crate::provision::aws::members::Place::request($asked.operation);
        let mut members = $crate::provision::aws::members::Members::new($asked.input, place);
        let request = $client.$operation()$(.$set(members.take(stringify!($member))?))*;
        members.finish()?;
        match request.customize().interceptor(witness.clone()).send().await {
            Ok(_output) => {
                let answer = $crate::provision::aws::members::Answer::default();
                Ok(answer$(.with(stringify!($field), _output.$get))*.0)
            }
            Err(error) => Err($crate::provision::aws::refusal::of(error, $asked.operation, &witness)),
        }
    }};
}
pub(super) use send;

/// A structure of requests. `checked` where the SDK refuses one without its required members.
macro_rules! request {
    ($type:path { $($member:ident: $set:ident),* $(,)? }) => {
        $crate::provision::aws::members::request!(@ $type, $($member $set)*,);
    };
    (checked $type:path { $($member:ident: $set:ident),* $(,)? }) => {
        $crate::provision::aws::members::request!(@ $type, $($member $set)*, checked);
    };
    (@ $type:path, $($member:ident $set:ident)*, $($checked:ident)?) => {
        impl $crate::provision::aws::members::FromJson for $type {
            fn from_json(
                value: serde_json::Value,
                at: &$crate::provision::aws::members::Place,
            ) -> Result<Self, $crate::provision::Fault> {
                let mut members = $crate::provision::aws::members::Members::of(value, at)?;
                let built = <$type>::builder()$(.$set(members.take(stringify!($member))?))*.build();
                members.finish()?;
                $crate::provision::aws::members::request!(@built built, at $($checked)?)
            }
        }
    };
    (@built $built:ident, $at:ident) => { Ok($built) };
    (@built $built:ident, $at:ident checked) => { $built.map_err(|missing| $at.lacks(&missing)) };
}
pub(super) use request;

/// A structure of answers.
macro_rules! answer {
    ($type:path { $($member:ident: $get:ident),* $(,)? }) => {
        impl $crate::provision::aws::members::ToJson for $type {
            fn to_json(self) -> Option<serde_json::Value> {
                let answer = $crate::provision::aws::members::Answer::default();
                Some(serde_json::Value::Object(answer$(.with(stringify!($member), self.$get))*.0))
            }
        }
    };
}
pub(super) use answer;

/// A structure of requests and answers.
macro_rules! structure {
    ($type:path { $($member:ident: $get:ident $set:ident),* $(,)? }) => {
        $crate::provision::aws::members::request!($type { $($member: $set),* });
        $crate::provision::aws::members::answer!($type { $($member: $get),* });
    };
    (checked $type:path { $($member:ident: $get:ident $set:ident),* $(,)? }) => {
        $crate::provision::aws::members::request!(checked $type { $($member: $set),* });
        $crate::provision::aws::members::answer!($type { $($member: $get),* });
    };
}
pub(super) use structure;

/// Unions: objects with one of these members.
macro_rules! union {
    ($type:path { $($variant:ident: $member:ident),* $(,)? }) => {
        impl $crate::provision::aws::members::FromJson for $type {
            fn from_json(
                value: serde_json::Value,
                at: &$crate::provision::aws::members::Place,
            ) -> Result<Self, $crate::provision::Fault> {
                use $crate::provision::aws::members::{FromJson, Members};
                let (name, value, at) = Members::of(value, at)?.only()?;
                match name.as_str() {
                    $(stringify!($member) => Ok(Self::$variant(FromJson::from_json(value, &at)?)),)*
                    _ => Err(Members::no_such(&at)),
                }
            }
        }

        impl $crate::provision::aws::members::ToJson for $type {
            fn to_json(self) -> Option<serde_json::Value> {
                let answer = $crate::provision::aws::members::Answer::default();
                let answer = match self {
                    $(Self::$variant(value) => answer.with(stringify!($member), value),)*
                    // A kind that this SDK does not know yet: there, but not to be read.
                    _ => answer,
                };
                Some(serde_json::Value::Object(answer.0))
            }
        }
    };
}
pub(super) use union;

/// Texts of which the SDK knows some; others go through as they are.
macro_rules! enumerations {
    ($($type:path),* $(,)?) => {
        $(
            impl $crate::provision::aws::members::FromJson for $type {
                fn from_json(
                    value: serde_json::Value,
                    at: &$crate::provision::aws::members::Place,
                ) -> Result<Self, $crate::provision::Fault> {
                    let text: String = $crate::provision::aws::members::FromJson::from_json(value, at)?;
                    Ok(Self::from(text.as_str()))
                }
            }

            impl $crate::provision::aws::members::ToJson for $type {
                fn to_json(self) -> Option<serde_json::Value> {
                    Some(serde_json::Value::from(self.as_str()))
                }
            }
        )*
    };
}
pub(super) use enumerations;
