//! Numbers and times as the service's reasons spell them.

use jiff::Timestamp;
use jiff::fmt::strtime;

use crate::EpochMillis;

/// `32.6`, `31.0`, `1.0E7`: the shortest digits, one after the point at least, an exponent below a thousandth and from
/// ten million on.
pub(super) fn double(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || !value.is_finite() || (1e-3..1e7).contains(&magnitude) {
        return match value {
            _ if value.is_nan() => "NaN".to_owned(),
            f64::INFINITY => "Infinity".to_owned(),
            f64::NEG_INFINITY => "-Infinity".to_owned(),
            _ => format!("{value:?}"),
        };
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

/// `03/07/25 08:29:00`, in UTC.
pub(super) fn short_time(at: EpochMillis) -> String {
    spelled(at, "%d/%m/%y %H:%M:%S")
}

/// What JSON has: `2019-10-03T16:00:04.650+0000`
#[cfg(any(feature = "serde", test))]
pub(super) fn long_time(at: EpochMillis) -> String {
    spelled(at, "%Y-%m-%dT%H:%M:%S.%3f+0000")
}

/// Milliseconds where the calendar has no such time.
fn spelled(at: EpochMillis, format: &str) -> String {
    let time = Timestamp::from_millisecond(at.0).ok();
    time.and_then(|time| strtime::format(format, time).ok()).unwrap_or_else(|| format!("{} ms", at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_spelled_like_recorded_ones() {
        for (value, text) in [
            (32.6, "32.6"),
            (31.0, "31.0"),
            (0.0, "0.0"),
            (-4.25, "-4.25"),
            (20_000.0, "20000.0"),
            (0.020_599_444_741_798_756, "0.020599444741798756"),
            (0.001, "0.001"),
            (0.000_5, "5.0E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (-1.25e9, "-1.25E9"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(double(value), text);
        }
    }

    #[test]
    fn times_are_spelled_like_recorded_ones() {
        let at = EpochMillis(1_570_118_404_650);
        assert_eq!(short_time(at), "03/10/19 16:00:04");
        assert_eq!(long_time(at), "2019-10-03T16:00:04.650+0000");
        assert_eq!(long_time(EpochMillis(i64::MAX)), "9223372036854775807 ms");
    }
}
