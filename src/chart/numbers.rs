//! Numbers as people read them: thousands apart, SI prefixes, powers of ten only where nothing else is short.

const PREFIXES: [(f64, &str); 4] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];

/// A single number, to about four significant digits.
pub(super) fn figure(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e15).contains(&size) {
        scientific(value, 3)
    } else if value.fract() == 0.0 && size < 1e6 {
        plain(value, 0)
    } else {
        let (unit, suffix) = prefix(size, 1e6);
        trimmed(plain(value / unit, significant(size / unit, 4))) + suffix
    }
}

/// The labels of ticks that are `step` apart, alike in prefix and decimals.
pub(super) fn labels(values: &[f64], step: f64) -> Vec<String> {
    let size = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let (unit, suffix) = prefix(size, 1e5);
    let decimals = decimals(step / unit);
    values
        .iter()
        .map(|&value| match decimals {
            _ if value == 0.0 => "0".to_owned(),
            Some(decimals) if (1e-3..1e15).contains(&size) => plain(value / unit, decimals) + suffix,
            _ => scientific(value, digits_apart(size, step)),
        })
        .collect()
}

/// The largest prefix that leaves at least one before the point; none below `from`.
fn prefix(size: f64, from: f64) -> (f64, &'static str) {
    if size < from {
        return (1.0, "");
    }
    PREFIXES.into_iter().find(|(unit, _)| size >= *unit).unwrap_or((1.0, ""))
}

/// The decimals that tell multiples of `step` apart; `None` where that are too many to read.
fn decimals(step: f64) -> Option<usize> {
    let exponent = step.abs().log10();
    if !exponent.is_finite() {
        return None;
    }
    // A step is 1, 2 or 5 times a power of ten, whose logarithm may come out a hair too small.
    let decimals = (-(exponent + 1e-9).floor()).max(0.0);
    (decimals <= 9.0).then_some(decimals as usize)
}

fn significant(size: f64, digits: usize) -> usize {
    let before = (size.log10().floor() + 1.0).clamp(-3.0, 16.0);
    (digits as f64 - before).max(0.0) as usize
}

fn digits_apart(size: f64, step: f64) -> usize {
    let digits = size.log10().floor() - step.abs().log10().floor();
    if digits.is_finite() { digits.clamp(1.0, 16.0) as usize } else { 2 }
}

fn scientific(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => minus(&format!("{}e{exponent}", trimmed(mantissa.to_owned()))),
        None => minus(&text),
    }
}

fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match rest {
        Some(rest) => minus(&format!("{sign}{grouped}.{rest}")),
        None => minus(&format!("{sign}{grouped}")),
    }
}

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let expected = [
            (0.0, "0"),
            (1823.0, "1,823"),
            (999_999.0, "999,999"),
            (1_234_567.0, "1.235 M"),
            (-0.5, "−0.5"),
            (98.6543, "98.65"),
            (1e15, "1e15"),
            (2.5e-7, "2.5e−7"),
            (f64::MAX, "1.798e308"),
        ];
        for (value, text) in expected {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn labels_are_alike() {
        assert_eq!(labels(&[0.0, 0.5, 1.0], 0.5), ["0", "0.5", "1.0"]);
        assert_eq!(labels(&[0.0, 2_000.0, 4_000.0], 2_000.0), ["0", "2,000", "4,000"]);
        assert_eq!(labels(&[0.0, 500_000.0, 1_000_000.0], 500_000.0), ["0", "0.5 M", "1.0 M"]);
        assert_eq!(labels(&[-20.0, 0.0, 20.0], 20.0), ["−20", "0", "20"]);
        assert_eq!(labels(&[0.0, 2e-6, 4e-6], 2e-6), ["0", "2e−6", "4e−6"]);
        assert_eq!(labels(&[0.0, 1e18], 1e18), ["0", "1e18"]);
    }
}
