//! What a change does to a file, as a unified difference.

use similar::TextDiff;

use super::terminal::{BAD, GOOD, Paint};

/// The lines that change, with those around them; painted where the stream takes colours. That the last line of a text has
/// no end is no difference.
pub(super) fn unified(name: &str, before: &str, after: &str, paint: Paint) -> String {
    let (before, after) = (ended(before), ended(after));
    let diff = TextDiff::from_lines(&before, &after);
    let unified = diff.unified_diff().header(name, name).to_string();
    let mut painted = String::new();
    for line in unified.split_inclusive('\n') {
        let style = match line.as_bytes().first() {
            Some(b'+') => Some(GOOD),
            Some(b'-') => Some(BAD),
            _ => None,
        };
        match style {
            Some(style) => painted.push_str(&paint.paint(style, line)),
            None => painted.push_str(line),
        }
    }
    painted
}

/// The text with a line feed at its end.
pub(super) fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
