//! Files that hold one pattern or query, and nothing else.

use crate::check::Language;

use super::text::Text;
use super::{Embedded, Extracted};

/// The text of the file. The line feed that ends a file is not part of it.
pub(super) fn extract(language: Language, file: &str) -> Extracted {
    let text = file.strip_suffix('\n').unwrap_or(file);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Extracted {
        embedded: vec![Embedded::new(language, "", Text::verbatim(text, 0))],
        diagnostics: Vec::new(),
    }
}
