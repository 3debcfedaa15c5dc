//! The mark that some editors put before a text of a file, which is no part of the text.

/// The text behind its mark; the whole text where it has none.
pub(crate) fn behind(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// How many bytes the mark has; none where there is none.
#[cfg(feature = "hosts")]
pub(crate) fn length(text: &str) -> usize {
    text.len() - behind(text).len()
}
