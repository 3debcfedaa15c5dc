//! A request as a service reads it, and its refusals.

use serde_json::{Map, Value};
use trailql::provision::{Call, Fault, Operation, Service};

pub(super) type Answer = Result<Value, Fault>;

/// A refusal with the usual status.
pub(super) fn refused(code: &str, message: impl AsRef<str>) -> Fault {
    refused_with(400, code, message.as_ref())
}

pub(super) fn refused_with(status: u16, code: &str, message: &str) -> Fault {
    Fault::Service { code: code.to_owned(), message: message.to_owned(), status: Some(status) }
}

#[derive(Clone, Copy)]
pub(super) struct Request<'c> {
    pub(super) operation: Operation,
    pub(super) input: &'c Map<String, Value>,
}

impl<'c> Request<'c> {
    pub(super) fn of(call: &'c Call) -> Self {
        Request { operation: call.operation, input: &call.input }
    }

    /// No members but these; a client that has others does not know the service.
    pub(super) fn only(&self, members: &[&str]) -> Result<(), Fault> {
        only(self.operation, self.input, members)
    }

    pub(super) fn text(&self, member: &str) -> Option<&'c str> {
        self.input.get(member).and_then(Value::as_str)
    }

    /// A text that has to be there.
    pub(super) fn required(&self, member: &str) -> Result<&'c str, Fault> {
        match self.input.get(member) {
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(self.invalid(&format!("{member} is not a string"))),
            None => Err(self.failed_at(member, "null", "Member must not be null")),
        }
    }

    /// A text that has to be there, within a number of characters.
    pub(super) fn sized(&self, member: &str, least: usize, most: usize) -> Result<&'c str, Fault> {
        let text = self.required(member)?;
        self.length(member, text, least, most)?;
        Ok(text)
    }

    pub(super) fn length(&self, member: &str, text: &str, least: usize, most: usize) -> Result<(), Fault> {
        let count = text.chars().count();
        if count < least {
            let rule = format!("Member must have length greater than or equal to {least}");
            return Err(self.failed_at(member, &format!("'{text}'"), &rule));
        }
        if count > most {
            let rule = format!("Member must have length less than or equal to {most}");
            return Err(self.failed_at(member, &format!("'{text}'"), &rule));
        }
        Ok(())
    }

    pub(super) fn list(&self, member: &str) -> &'c [Value] {
        self.input.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn texts(&self, member: &str) -> Vec<&'c str> {
        self.list(member).iter().filter_map(Value::as_str).collect()
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.input.contains_key(member)
    }

    /// The refusal of a value by the model (seen).
    pub(super) fn failed_at(&self, member: &str, value: &str, rule: &str) -> Fault {
        self.invalid(&format!(
            "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {rule}"
        ))
    }

    /// The refusal of a request, by the code that the service has for it.
    pub(super) fn invalid(&self, message: &str) -> Fault {
        let code = match self.operation.service() {
            Service::Logs | Service::CloudTrail => "InvalidParameterException",
            Service::Sns => "InvalidParameter",
            Service::S3 => "InvalidArgument",
            _ => "ValidationError",
        };
        refused(code, message)
    }
}

pub(super) fn only(operation: Operation, input: &Map<String, Value>, members: &[&str]) -> Result<(), Fault> {
    match input.keys().find(|name| !members.contains(&name.as_str())) {
        Some(name) => {
            Err(Fault::Unsupported { reason: format!("a request of {operation} has no member `{name}`") })
        }
        None => Ok(()),
    }
}

/// Whether all characters are ASCII letters, digits or these.
pub(super) fn made_of(text: &str, others: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// The same object without members that say nothing.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}
