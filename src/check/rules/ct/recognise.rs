//! Whether a text is about CloudTrail records, where nobody says so.
//!
//! Each name at the top of a record counts once: for CloudTrail as much as it is peculiar to it, against if no record
//! has it. Application logs share many names with CloudTrail (`eventName`, `errorCode`, `userAgent`), so those count
//! little by themselves, but much with a value that only CloudTrail has.

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

/// Whether the fields and values that a text names are those of CloudTrail records.
pub(super) fn is_cloudtrail(facts: &Facts<'_>, schema: &Schema) -> bool {
    let names: Vec<&str> = facts.uses.iter().filter_map(FieldUse::first_name).collect();
    let is_envelope =
        names.contains(&"detail") && names.iter().any(|name| *name != "resources" && ENVELOPE.contains(name));
    if is_envelope || facts.uses.iter().any(is_of_another_producer) {
        return false;
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut sum = 0;
    for one in &facts.uses {
        let Some(name) = top_name(one) else { continue };
        let of_value = of_values(name, one, schema);
        if !seen.contains(&name) {
            seen.push(name);
            sum += of_name(name, schema);
        }
        // However often a name stands, one telling value is enough.
        sum = sum.max(of_value);
    }
    let system = facts.system_names.iter().filter_map(|(name, _)| name.strip_prefix('@'));
    sum += system.filter(|name| PECULIAR.contains(name)).map(|_| ENOUGH).next().unwrap_or_default();
    sum >= ENOUGH
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

/// The field whose name is nearly this one. Names in another style, such as `event_name`, are somebody's own.
fn meant(name: &str) -> Option<&'static str> {
    let all = PECULIAR.iter().chain(COMMON).copied();
    let is_own_style = name.contains(['_', '-', ' ']);
    near::nearest(name, all).map(near::Near::name).filter(|_| !is_own_style && name.len() >= 7)
}

/// What the values tell that a field is compared with.
fn of_values(name: &str, one: &FieldUse<'_>, schema: &Schema) -> i32 {
    let is_alone = one.path.len() == 1 || matches!(one.first_name(), Some("Records" | "detail"));
    if !is_alone {
        return 0;
    }
    let field = meant(name).unwrap_or(name);
    let tells = |value: &Literal<'_>| match field {
        "eventSource" => is_event_source(value, schema),
        "eventName" => is_event_name(value, schema),
        "eventType" => value.text.starts_with("Aws"),
        "errorCode" => value.text.contains("UnauthorizedOperation") || value.text.starts_with("Client."),
        _ => false,
    };
    let is_text = |value: &&Literal<'_>| value.kind == LiteralKind::Text;
    match &one.test {
        Test::Equal { values, .. } if values.iter().filter(is_text).any(tells) => ENOUGH,
        _ => 0,
    }
}

fn is_event_source(value: &Literal<'_>, schema: &Schema) -> bool {
    value.text.contains("amazonaws")
        || value.exact().is_some_and(|text| !schema.suggest_source(text).is_empty())
}

/// A name that is one or nearly one, written as event names are: `GetObject`.
fn is_event_name(value: &Literal<'_>, schema: &Schema) -> bool {
    let Some(text) = value.exact() else { return false };
    if schema.is_event_name(text) {
        return true;
    }
    let is_camel = text.len() >= 8
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().filter(u8::is_ascii_uppercase).count() >= 2;
    is_camel && !schema.suggest_event(text, &[]).is_empty()
}
