//! How grave a pattern is, by the words in it (`spec/logs-insights.md` 6.4, step 7).

/// From the gravest.
const LABELS: [&str; 5] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG"];

/// The gravest label found as a word of its own; `NONE` without one. `Exception` counts as `ERROR`.
pub(super) fn severity(pattern: &str) -> &'static str {
    let words = pattern.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter_map(rank).min().and_then(|rank| LABELS.get(rank)).copied().unwrap_or("NONE")
}

/// The place of a word among the labels, gravest first.
pub(super) fn rank(word: &str) -> Option<usize> {
    if word.eq_ignore_ascii_case("exception") {
        return Some(1);
    }
    LABELS.iter().position(|label| label.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::severity;

    #[test]
    fn the_gravest_word_counts() {
        for (text, label) in [
            ("[INFO] started", "INFO"),
            ("info: an error was met", "ERROR"),
            ("Exception: boom", "ERROR"),
            ("fatal error", "FATAL"),
            ("Debug warn", "WARN"),
            ("terror errors error_code", "NONE"),
            ("", "NONE"),
        ] {
            assert_eq!(severity(text), label, "{text}");
        }
    }
}
