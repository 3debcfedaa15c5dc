//! Counts as a person reads them.

/// A count and its word: `1 event`, `4,500 events`.
pub(crate) fn counted(count: u64, word: &str) -> String {
    let plural = match word {
        _ if count == 1 => "",
        "info" => "",
        _ => "s",
    };
    format!("{} {word}{plural}", grouped(count))
}

/// A number with commas between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
