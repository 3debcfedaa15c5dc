//! Values that people write for a truth.

use super::facts::{Literal, LiteralKind};

/// The truth that a literal stands for: `true`, `"False"`, `"yes"`, `1`.
pub(super) fn truth(literal: &Literal<'_>) -> Option<bool> {
    let text = literal.exact()?;
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match literal.kind {
        LiteralKind::Number if text == "1" => Some(true),
        LiteralKind::Number if text == "0" => Some(false),
        LiteralKind::Number => None,
        _ if is(&["true", "yes", "1"]) => Some(true),
        _ if is(&["false", "no", "0"]) => Some(false),
        _ => None,
    }
}
