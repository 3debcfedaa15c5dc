//! Whether a text is about CloudTrail records, where nobody says so.
//!
//! Each name at the top of a record counts once: for CloudTrail as much as it is peculiar to it, against if no record
//! has it. Application logs share many names with CloudTrail (`eventName`, `errorCode`, `userAgent`), so those count
//! little by themselves, but much with a value that only CloudTrail has.

use std::borrow::Cow;

use crate::schema::{Key, Lookup, Schema};

use super::facts::{Facts, FieldUse, Literal, LiteralKind, Test};
use super::near;

/// Names that hardly any other log has.
const PECULIAR: &[&str] = &[
    "additionalEventData",
    "eventCategory",
    "eventSource",
    "insightDetails",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "requestParameters",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "sourceIPAddress",
    "tlsDetails",
    "userIdentity",
    "vpcEndpointId",
];

/// Names that other logs have too.
const COMMON: &[&str] = &[
    "apiVersion",
    "awsRegion",
    "errorCode",
    "errorMessage",
    "eventID",
    "eventName",
    "eventTime",
    "eventType",
    "eventVersion",
    "requestID",
    "resources",
    "userAgent",
];

/// Names in the events of EventBridge beside `detail`.
const ENVELOPE: &[&str] = &["account", "detail-type", "region", "resources", "source", "time"];

/// From here on it is CloudTrail.
const ENOUGH: i32 = 2;

/// What a value that only CloudTrail has counts for, once.
const TELLING_VALUE: i32 = 3;

/// Whether the fields and values that a text names are those of CloudTrail records.
pub(super) fn is_cloudtrail(facts: &Facts<'_>, schema: &Schema) -> bool {
    let names: Vec<&str> = facts.uses.iter().filter_map(FieldUse::first_name).collect();
    let is_envelope =
        names.contains(&"detail") && names.iter().any(|name| *name != "resources" && ENVELOPE.contains(name));
    if is_envelope || facts.uses.iter().any(is_of_another_producer) {
        return false;
    }
    let mut seen: Vec<(&str, i32)> = Vec::new();
    let mut is_told_by_a_value = false;
    for (place, one) in facts.uses.iter().enumerate() {
        let Some(name) = top_name(one).filter(|_| unquoted(one, facts, schema).is_none()) else { continue };
        let weight = match told_by_values(name, one, &texts(facts, place, schema), schema) {
            Some(false) => 0,
            tells => {
                is_told_by_a_value |= tells == Some(true);
                of_name(name, schema)
            }
        };
        match seen.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = weight.max(*known),
            None => seen.push((name, weight)),
        }
    }
    let names: i32 = seen.iter().map(|(_, weight)| weight).sum();
    let value = if is_told_by_a_value { TELLING_VALUE } else { 0 };
    let mut system = facts.system_names.iter().filter_map(|(name, _)| name.strip_prefix('@'));
    let system = if system.any(|name| PECULIAR.contains(&name) || name == "eventName") { ENOUGH } else { 0 };
    names + value + system >= ENOUGH
}

/// Other services of AWS write `eventSource` and `eventName` too: `aws:s3`, `aws:sqs`.
fn is_of_another_producer(one: &FieldUse<'_>) -> bool {
    one.first_name() == Some("eventSource") && one.texts().any(|value| value.text.starts_with("aws:"))
}

/// The name at the top of the record, behind what wraps it elsewhere.
fn top_name<'a>(one: &FieldUse<'a>) -> Option<&'a str> {
    let first = one.first_name()?;
    if !matches!(first, "Records" | "detail") {
        return Some(first);
    }
    let inner = one.path.iter().skip(1).find_map(|key| match key {
        Key::Name(name) => Some(*name),
        _ => None,
    });
    inner.filter(|name| PECULIAR.contains(name) || *name == "eventName").or(Some(first))
}

/// The text that a name is probably meant to be which stands where a text would: no field of a record is called so, and the
/// field beside it is peculiar to records, or the name is written as their values are and names of fields are not.
fn unquoted(one: &FieldUse<'_>, facts: &Facts<'_>, schema: &Schema) -> Option<String> {
    let Test::InPlaceOfText(subject) = one.test else { return None };
    let names = one.path.iter().map(|key| match key {
        Key::Name(name) => Some(*name),
        _ => None,
    });
    let text = names.collect::<Option<Vec<_>>>()?.join(".");
    let beside = facts.uses.get(subject).and_then(top_name);
    let is_value = beside.is_some_and(|name| PECULIAR.contains(&name))
        || text.starts_with(|c: char| c.is_ascii_uppercase());
    let is_nowhere = matches!(schema.lookup(&one.path), Lookup::Unknown { .. });
    (is_value && is_nowhere).then_some(text)
}

/// The texts that the use at a place is compared with, those without their quotes included.
fn texts<'f>(facts: &'f Facts<'_>, place: usize, schema: &Schema) -> Vec<Literal<'f>> {
    let quoted = facts.uses.get(place).into_iter().flat_map(FieldUse::texts).cloned();
    let of_place = facts.uses.iter().filter(|one| matches!(one.test, Test::InPlaceOfText(at) if at == place));
    let unquoted = of_place.filter_map(|one| {
        let text = Cow::Owned(unquoted(one, facts, schema)?);
        Some(Literal { kind: LiteralKind::Text, text, open_start: false, open_end: false, span: one.span })
    });
    quoted.chain(unquoted).filter(|value| !value.text.is_empty()).collect()
}

fn of_name(name: &str, schema: &Schema) -> i32 {
    if PECULIAR.contains(&name) {
        return ENOUGH;
    }
    if COMMON.contains(&name) {
        return 1;
    }
    if !matches!(schema.lookup(&[Key::Name(name)]), Lookup::Unknown { .. }) {
        return 1;
    }
    match meant(name) {
        Some(near) if PECULIAR.contains(&near) => ENOUGH,
        Some(_) => 1,
        None => -1,
    }
}

/// The field whose name is nearly this one. Names in another style, such as `event_name`, are somebody's own, and so are
/// `requestId` and `eventId`, which many logs have.
fn meant(name: &str) -> Option<&'static str> {
    let all =
        PECULIAR.iter().chain(COMMON).copied().filter(|field| !matches!(*field, "eventID" | "requestID"));
    let is_own_style = name.contains(['_', '-', ' ']);
    near::nearest(name, all).map(near::Near::name).filter(|_| !is_own_style && name.len() >= 7)
}

/// Whether the values that a field is compared with are those of CloudTrail; `None` where they tell nothing.
fn told_by_values(name: &str, one: &FieldUse<'_>, texts: &[Literal<'_>], schema: &Schema) -> Option<bool> {
    let is_whole = one.path.len() == 1 || matches!(one.first_name(), Some("Records" | "detail"));
    if !is_whole || texts.is_empty() {
        return None;
    }
    let any = |tells: &dyn Fn(&Literal<'_>) -> bool| texts.iter().any(tells);
    match meant(name).unwrap_or(name) {
        "eventSource" => Some(any(&|value| is_event_source(value, schema))),
        "eventName" => Some(any(&|value| is_event_name(value, schema))),
        "eventType" => any(&|value| value.text.starts_with("Aws")).then_some(true),
        "errorCode" => {
            let is_ec2 = |value: &Literal<'_>| {
                value.text.contains("UnauthorizedOperation") || value.text.starts_with("Client.")
            };
            any(&is_ec2).then_some(true)
        }
        _ => None,
    }
}

fn is_event_source(value: &Literal<'_>, schema: &Schema) -> bool {
    value.text.contains("amazonaws")
        || value.exact().is_some_and(|text| !schema.suggest_source(text).is_empty())
}

/// A name that is one or nearly one, written as event names are: `GetObject`; or the beginning of names: `Put*`.
fn is_event_name(value: &Literal<'_>, schema: &Schema) -> bool {
    let Some(text) = value.exact() else {
        return value.text.len() >= 3 && value.text.starts_with(|c: char| c.is_ascii_uppercase());
    };
    if schema.is_event_name(text) {
        return true;
    }
    let is_camel = text.len() >= 8
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().filter(u8::is_ascii_uppercase).count() >= 2;
    is_camel && !schema.suggest_event(text, &[]).is_empty()
}
