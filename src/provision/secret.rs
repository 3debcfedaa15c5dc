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
        let (mut authority, mut further) = behind.split_at(behind.find(is_end).unwrap_or(behind.len()));
        // A password with such a character in it is no address any more, and a password all the same.
        if !authority.contains('@') && !is_host(authority) {
            let is_end_of_word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
            let word = behind.find(is_end_of_word).unwrap_or(behind.len());
            let end = behind.get(..word).and_then(|word| word.rfind('@')).map_or(authority.len(), |at| {
                behind.get(at..).and_then(|host| host.find(is_end)).map_or(behind.len(), |end| at + end)
            });
            (authority, further) = behind.split_at(end);
        }
        match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => out.extend([user, ":", MASK, "@", host]),
            None => out.push_str(authority),
        }
        rest = further;
    }
    out.push_str(rest);
    out
}

/// Whether this is a host, with a port or without; anything else before a colon may be a user.
fn is_host(authority: &str) -> bool {
    authority.ends_with(']')
        || authority.rsplit_once(':').is_none_or(|(host, port)| {
            let is_one = host.contains('.') || host == "localhost" || host.starts_with('[');
            is_one && port.bytes().all(|byte| byte.is_ascii_digit())
        })
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
            ("https://u:p/ss#@h/x?y", "https://u:****@h/x?y"),
            ("https://u:12/34@h/x", "https://u:****@h/x"),
            ("https://h.example:8080/a@b", "https://h.example:8080/a@b"),
            ("https://[::1]/a@b", "https://[::1]/a@b"),
            ("\"https://a:x\",\"foo@b\"", "\"https://a:x\",\"foo@b\""),
            ("a:b@c", "a:b@c"),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(shown), shown);
        }
    }
}
