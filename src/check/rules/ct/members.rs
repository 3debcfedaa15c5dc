//! Members of requests and responses, held against the API model of the calls that are tested beside them.

use crate::Diagnostic;
use crate::schema::{EventSource, Key, Operation};
use crate::syntax::Rule;

use super::facts::{FieldUse, Test};
use super::near::nearest;
use super::{Context, finding};

/// Which part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    fn field(self) -> &'static str {
        match self {
            Side::Request => "requestParameters",
            Side::Response => "responseElements",
        }
    }

    fn has(self, operation: &Operation<'_>, key: &str) -> Option<bool> {
        match self {
            Side::Request => operation.has_request_member(key),
            Side::Response => operation.has_response_member(key),
        }
    }

    fn members(self, operation: &Operation<'_>) -> Vec<String> {
        match self {
            Side::Request => operation.request_members().collect(),
            Side::Response => operation.response_members().collect(),
        }
    }
}

/// What stands in place of a part that is too large, in the answer to a call that failed, and beside that of any call.
const OF_NO_CALL: &[&str] =
    &["_return", "message", "omitted", "originalSize", "reason", "requestID", "requestId"];

/// Says of each member that none of the calls tested beside it has.
pub(super) fn unknown(context: &Context<'_>, rule: &Rule, side: Side, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.first_name() == Some(side.field())) {
        let Some(Key::Name(member)) = one.path.get(1) else { continue };
        // What is asked to be absent may well be so.
        if matches!(one.test, Test::NotExists) || OF_NO_CALL.contains(member) {
            continue;
        }
        let Some(operations) = operations(context, one) else { continue };
        if operations.iter().any(|operation| side.has(operation, member) != Some(false)) {
            continue;
        }
        let Some(first) = operations.first() else { continue };
        let which = match operations.len() {
            1 => format!("`{}`", first.name()),
            many => format!("none of the {many} calls"),
        };
        let verb = if operations.len() == 1 { "has no" } else { "has a" };
        let message = format!("{which} {verb} `{member}` in `{}`", side.field());
        let known: Vec<String> = operations.iter().flat_map(|operation| side.members(operation)).collect();
        let mut found = finding(rule, one.span, message);
        if let Some(near) = nearest(member, known.iter().map(String::as_str)) {
            found = found.help(format!("did you mean `{}`?", near.name()));
        }
        findings.push(found);
    }
}

/// The calls one of which the event must be, if all of them are known.
fn operations<'c>(context: &Context<'c>, one: &FieldUse<'_>) -> Option<Vec<Operation<'c>>> {
    let names = one.beside.event_names.as_ref()?;
    let tested = one.beside.event_sources.as_ref();
    let mut found = Vec::new();
    for name in names.iter() {
        let sources: Vec<EventSource<'c>> = match tested {
            Some(sources) => sources
                .iter()
                .map(|source| context.schema.event_source(&source.text))
                .collect::<Option<_>>()?,
            None => context.schema.sources_of(&name.text),
        };
        let of_name: Vec<Operation<'c>> =
            sources.iter().filter_map(|source| source.operation(&name.text)).collect();
        if of_name.is_empty() {
            return None;
        }
        found.extend(of_name);
    }
    Some(found)
}
