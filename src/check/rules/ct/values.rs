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

/// Whether a text is a number as both languages write them: digits, a fraction, an exponent, a sign.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(mantissa),
    };
    is_mantissa
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
