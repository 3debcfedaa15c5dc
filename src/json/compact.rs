//! JSON text without the blanks between its tokens.

use std::borrow::Cow;

/// The text without blanks between its tokens, if it is valid JSON; everything else stays as spelled, so numbers keep
/// their lexemes and strings their escapes. `None` where it is no JSON, or nested more than 127 deep and no object.
///
/// ```
/// use trailql::json::compact;
///
/// assert_eq!(compact("{ \"a b\" : 1.0 ,\n \"c\":[] }").as_deref(), Some(r#"{"a b":1.0,"c":[]}"#));
/// assert_eq!(compact("plain text"), None);
/// ```
pub fn compact(text: &str) -> Option<Cow<'_, str>> {
    let is_object =
        super::Projection::new::<&[super::Step]>(&[]).project(text, &mut super::Slots::new()).is_ok();
    if !is_object && serde_json::from_str::<serde_json::Value>(text).is_err() {
        return None;
    }
    if !text.contains([' ', '\t', '\r', '\n']) {
        return Some(Cow::Borrowed(text));
    }
    let (mut in_string, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = in_string || !matches!(c, ' ' | '\t' | '\r' | '\n');
        match (*c, escaped) {
            ('"', false) => in_string = !in_string,
            ('\\', false) => {
                escaped = in_string;
                return kept;
            }
            _ => {}
        }
        escaped = false;
        kept
    };
    Some(Cow::Owned(text.chars().filter(keep).collect()))
}
