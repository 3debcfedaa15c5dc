//! Members of a record looked for in its text: `"eventName":"GetObject"`.

use crate::schema::{Kind, Schema};

use super::record;

/// Members at the top of a record, whose names stand nowhere else in it.
const TOP: &[&str] = &[
    "awsRegion",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventType",
    "recipientAccountId",
    "sourceIPAddress",
    "userAgent",
];

/// The member whose name and colon stand in a text, quotes with or without backslashes.
pub(super) fn member(text: &str) -> Option<&'static str> {
    let plain = text.replace('\\', "");
    TOP.iter().copied().find(|name| {
        let quoted = format!("\"{name}\"");
        plain.match_indices(&quoted).any(|(at, _)| {
            let behind = plain.get(at.saturating_add(quoted.len())..).unwrap_or_default();
            behind.trim_start_matches(['s', '*', ' ', '+', '?']).starts_with(':')
        })
    })
}

/// The name and value of a text that is one whole member.
pub(super) fn whole_member(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.trim().trim_end_matches(',').split_once(':')?;
    let name = name.trim().strip_prefix('"')?.strip_suffix('"')?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    (TOP.contains(&name) && !value.is_empty() && !value.contains(['"', '\\'])).then_some((name, value))
}

/// Whether the field is a text for certain.
pub(super) fn is_text(schema: &Schema, name: &str) -> bool {
    record::field(schema, name).is_some_and(|field| field.kind == Kind::String)
}
