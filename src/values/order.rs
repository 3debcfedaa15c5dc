//! The service's order of texts: natural, with runs of digits by size (`spec/logs-insights.md` 4.5).

use std::cmp::Ordering;

/// The value of a text that is an integer or decimal as a whole, sign allowed.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits(whole) && all_digits(fraction)).then(|| text.parse().ok()).flatten()
}

/// Compares run by run: runs of digits by length and then value, everything else by code point; a prefix comes first.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        match (left.is_empty(), right.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        let (left_run, left_rest) = next_run(left);
        let (right_run, right_rest) = next_run(right);
        let digits = |run: &str| run.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(left_run) && digits(right_run) {
            left_run.len().cmp(&right_run.len()).then_with(|| left_run.cmp(right_run))
        } else {
            left_run.cmp(right_run)
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}

/// The first maximal run of digits or of letters, or the first other character, and what follows it.
fn next_run(text: &str) -> (&str, &str) {
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return (text, "") };
    let end = if first.is_ascii_digit() {
        chars.find(|(_, c)| !c.is_ascii_digit())
    } else if first.is_alphabetic() {
        chars.find(|(_, c)| !c.is_alphabetic())
    } else {
        chars.next()
    };
    text.split_at_checked(end.map_or(text.len(), |(at, _)| at)).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;

    /// The example of the reference, in order.
    const DOCUMENTED: [&str; 17] = [
        "!:",
        "#",
        "*%04",
        "0#",
        "5A",
        "111A",
        "2345_",
        "@",
        "@_",
        "A",
        "A9876fghj",
        "a12345hfh",
        "0",
        "01",
        "1",
        "2",
        "3",
    ];

    #[test]
    fn the_documented_example_is_in_order() {
        for (index, left) in DOCUMENTED.iter().enumerate() {
            for (other, right) in DOCUMENTED.iter().enumerate() {
                let order = Value::text_of(*left).compare_for_sort(&Value::text_of(*right));
                assert_eq!(order, index.cmp(&other), "{left} {right}");
            }
        }
    }
}
