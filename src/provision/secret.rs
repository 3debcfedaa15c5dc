//! Passwords in endpoints: sent, and neither shown nor written down.

use serde_json::Value;

/// What stands for a password, as SNS writes it.
const MASK: &str = "****";

/// A text with the passwords of its addresses masked, as SNS answers them.
///
/// ```
/// use trailql::provision::masked;
///
/// assert_eq!(masked("https://hook:secret@example.com/alarms"), "https://hook:****@example.com/alarms");
/// assert_eq!(masked("https://example.com/a:b@c"), "https://example.com/a:b@c");
/// ```
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let is_end = |c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '`') || c.is_whitespace();
        let (authority, further) = behind.split_at(behind.find(is_end).unwrap_or(behind.len()));
        match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => out.extend([user, ":", MASK, "@", host]),
            None => out.push_str(authority),
        }
        rest = further;
    }
    out.push_str(rest);
    out
}

/// Whether a text has a password that is masked.
pub(super) fn is_masked(text: &str) -> bool {
    text.contains(&format!(":{MASK}@"))
}

/// A value with every text in it masked.
pub(crate) fn without_secrets(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(masked(text)),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), without_secrets(value))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_password_holds_is_masked() {
        for (text, shown) in [
            ("https://u:p@h", "https://u:****@h"),
            ("https://u:p@ss:w@h/x", "https://u:****@h/x"),
            ("https://u@h/x", "https://u@h/x"),
            ("tell `http://u:p@h/x` and https://v:q@i", "tell `http://u:****@h/x` and https://v:****@i"),
            ("https://u:****@h/x", "https://u:****@h/x"),
            ("a:b@c", "a:b@c"),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(shown), shown);
        }
    }
}
