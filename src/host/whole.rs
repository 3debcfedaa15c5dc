//! Files that hold one pattern or query, and nothing else.

use crate::byte_order_mark;
use crate::check::Language;

use super::text::Text;
use super::{Embedded, Extracted};

/// The text of the file. Neither the mark that begins a file nor the line feed that ends it is part of it.
pub(super) fn extract(language: Language, file: &str) -> Extracted {
    let text = byte_order_mark::behind(file);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Extracted {
        embedded: vec![Embedded::new(language, "", Text::verbatim(text, byte_order_mark::length(file)))],
        diagnostics: Vec::new(),
    }
}
