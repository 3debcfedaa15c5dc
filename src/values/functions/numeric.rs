//! Functions on numbers (`spec/logs-insights.md` 3.2), and the width of a `histogram` used as a group key (3.7).

use std::cmp::Ordering;

use super::{Arguments, BadArgument, Ready};
use crate::values::value::{Number, Value};

/// Kilometres.
const EARTH_RADIUS: f64 = 6371.0;

/// The value of `f`; missing where there is no number, or none comes out.
pub(super) fn of(value: &Value<'_>, f: impl FnOnce(f64) -> f64) -> Value<'static> {
    value.number().map_or(Value::Missing, |number| Value::number_of(f(number)))
}

/// The largest or smallest; arguments that are missing do not count, one that is no number spoils it.
pub(super) fn extreme<'e>(arguments: &[Value<'e>], wanted: Ordering) -> Value<'e> {
    let mut best: Option<(f64, &Value<'e>)> = None;
    for argument in arguments.iter().filter(|argument| !argument.is_missing() && !argument.is_container()) {
        let Some(number) = argument.number() else { return Value::Missing };
        if best.is_none_or(|(other, _)| number.partial_cmp(&other) == Some(wanted)) {
            best = Some((number, argument));
        }
    }
    best.map_or(Value::Missing, |(_, argument)| to_number(argument))
}

/// As a number. One that is a number already stays as its source spells it.
pub(super) fn to_number<'e>(value: &Value<'e>) -> Value<'e> {
    match value {
        Value::Number(_) => value.clone(),
        _ => of(value, |number| number),
    }
}

/// The whole part, if it lies within the bounds.
pub(super) fn to_integer(value: &Value<'_>, least: i128, largest: i128) -> Value<'static> {
    match whole_part(value) {
        Some(whole) if (least..=largest).contains(&whole) => integer(whole),
        _ => Value::Missing,
    }
}

/// An integer, all its digits kept.
pub(super) fn integer(value: i128) -> Value<'static> {
    Number::spelled(value.to_string()).map_or(Value::Missing, Value::Number)
}

/// What stands before the point, exactly: a binary fraction would lose digits above 2^53.
pub(super) fn whole_part(value: &Value<'_>) -> Option<i128> {
    let number = value.number()?;
    let exact = match value {
        Value::Time(time) => Some(i128::from(time.0)),
        _ => value.text().and_then(|text| {
            let text = text.trim();
            let whole = text.split('.').next().unwrap_or(text);
            // With an exponent the digits before the point are not the whole part.
            (!text.contains(['e', 'E'])).then(|| whole.parse().ok()).flatten()
        }),
    };
    exact.or_else(|| (number.abs() < 1e30).then(|| number.trunc() as i128))
}

/// `round(a)`, `round(a, d)`.
pub(super) fn round(arguments: Arguments<'_, '_>) -> Value<'static> {
    let places = if arguments.has(1) { arguments.number(1) } else { Some(0.0) };
    match (arguments.number(0), places) {
        (Some(number), Some(places)) => Value::number_of(round_to(number, places.trunc() as i64)),
        _ => Value::Missing,
    }
}

/// The number with so many decimals, half away from zero in its shortest decimal spelling: 2.675 gives 2.68.
fn round_to(number: f64, places: i64) -> f64 {
    let scientific = format!("{:e}", number.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return number };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let kept = exponent.saturating_add(1).saturating_add(places);
    let (kept, rest) = match usize::try_from(kept) {
        Err(_) => return 0.0,
        Ok(kept) => match digits.split_at_checked(kept) {
            Some(parts) => parts,
            None => return number,
        },
    };
    // At most 17 digits, so both are exact.
    let up = rest.starts_with(['5', '6', '7', '8', '9']);
    let rounded = kept.parse().unwrap_or(0_u64) + u64::from(up);
    let scale = exponent + 1 - kept.len() as i64;
    let magnitude: f64 = format!("{rounded}e{scale}").parse().unwrap_or(f64::NAN);
    magnitude.copysign(number)
}

/// The distance on the globe in kilometres.
pub(super) fn haversine(arguments: Arguments<'_, '_>) -> Value<'static> {
    let radians = |at: usize| arguments.number(at).map(f64::to_radians);
    let (Some(latitude), Some(longitude), Some(other_latitude), Some(other_longitude)) =
        (radians(0), radians(1), radians(2), radians(3))
    else {
        return Value::Missing;
    };
    let half_chord = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
    let square = half_chord(latitude, other_latitude)
        + latitude.cos() * other_latitude.cos() * half_chord(longitude, other_longitude);
    // Rounding may lead past 1, where the arc sine ends.
    Value::number_of(2.0 * EARTH_RADIUS * square.sqrt().min(1.0).asin())
}

/// Checks the width of `histogram(x, width)`.
pub(super) fn bucket_width(width: Option<&Value<'static>>) -> Result<Ready, BadArgument> {
    let Some(width) = width else { return Ok(Ready::Nothing) };
    if width.number().is_some_and(|width| width > 0.0) {
        return Ok(Ready::Nothing);
    }
    let written = width.render().unwrap_or_default();
    Err(BadArgument::new(1, format!("`{written}` is no width of buckets"), "write a number above 0"))
}

/// The lower end of the bucket of `histogram(x, width)`.
pub(super) fn bucket(arguments: Arguments<'_, '_>) -> Value<'static> {
    match (arguments.number(0), arguments.number(1)) {
        (Some(number), Some(width)) if width > 0.0 => Value::number_of((number / width).floor() * width),
        _ => Value::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, call_literals, number, refuse, text};
    use super::*;
    use crate::EpochMillis;

    fn of_number(name: &str, value: f64) -> Option<String> {
        call(name, &[number(value)])
    }

    fn of_text(name: &str, value: &str) -> Option<String> {
        call(name, &[text(value)])
    }

    #[test]
    fn functions_of_one_number() {
        for (name, argument, expected) in [
            ("abs", -5.0, "5"),
            ("ceil", 2.1, "3"),
            ("ceil", 2.0, "2"),
            ("ceil", -0.5, "0"),
            ("floor", -2.1, "-3"),
            ("log", 1.0, "0"),
            ("log", 10.0, "2.3026"),
            ("sqrt", 9.0, "3"),
        ] {
            assert_eq!(of_number(name, argument).as_deref(), Some(expected), "{name}({argument})");
        }
        for (name, argument) in [("log", 0.0), ("log", -1.0), ("sqrt", -1.0)] {
            assert_eq!(of_number(name, argument), None, "{name}({argument})");
        }
        assert_eq!(of_text("abs", " -1.5 ").as_deref(), Some("1.5"));
        assert_eq!(of_text("abs", "five"), None);
        assert_eq!(call("abs", &[Value::Missing]), None);
    }

    #[test]
    fn extremes_skip_what_is_missing() {
        let three = [number(3.0), number(7.0), number(2.0)];
        assert_eq!(call("greatest", &three).as_deref(), Some("7"));
        assert_eq!(call("least", &three).as_deref(), Some("2"));
        assert_eq!(call("greatest", &[Value::Missing, number(0.0)]).as_deref(), Some("0"));
        assert_eq!(call("least", &[Value::Missing]), None);
        assert_eq!(call("least", &[text("10"), number(9.0)]).as_deref(), Some("9"));
        assert_eq!(call("greatest", &[text("junk"), number(9.0)]), None);
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        for (value, places, expected) in [
            (1.23456, 3.0, "1.235"),
            (2.5, 0.0, "3"),
            (-2.5, 0.0, "-3"),
            (2.675, 2.0, "2.68"),
            (0.5, 0.0, "1"),
            (0.49, 0.0, "0"),
            (1250.0, -2.0, "1300"),
            (1249.0, -2.0, "1200"),
            (50.0, -2.0, "100"),
            (49.0, -2.0, "0"),
            (5.0, -9.0, "0"),
            (99.96, 1.0, "100"),
            (1.5, 300.0, "1.5"),
            (0.0, 2.0, "0"),
        ] {
            let given = call("round", &[number(value), number(places)]);
            assert_eq!(given.as_deref(), Some(expected), "round({value}, {places})");
        }
        let documented = [text("3.14159"), number(2.0)];
        assert_eq!(call("round", &documented).as_deref(), Some("3.14"));
        assert_eq!(of_number("round", 2.5).as_deref(), Some("3"));
        assert_eq!(call("round", &[number(2.5), Value::Missing]), None);
        assert!(call("round", &[number(f64::MAX), number(-308.0)]).is_none());
        assert!(call("round", &[number(1.0), number(f64::MAX)]).is_some());
        assert!(call("round", &[number(1.0), number(f64::MIN)]).is_some());
    }

    #[test]
    fn haversine_is_in_kilometres() {
        let points = |points: [f64; 4]| call("haversine", &points.map(number));
        assert_eq!(points([0.0, 0.0, 0.0, 1.0]).as_deref(), Some("111.1949"));
        // Half the circumference: pi * 6371.
        assert_eq!(points([0.0, 0.0, 0.0, 180.0]).as_deref(), Some("20015.0868"));
        assert_eq!(points([90.0, 0.0, -90.0, 0.0]).as_deref(), Some("20015.0868"));
        assert_eq!(points([48.2, 16.4, 48.2, 16.4]).as_deref(), Some("0"));
    }

    #[test]
    fn texts_become_numbers() {
        for (name, argument, expected) in [
            ("toNumber", "12.5", Some("12.5")),
            ("toNumber", "junk", None),
            ("toDouble", "1e2", Some("100")),
            ("toInt", "7.9", Some("7")),
            ("toInt", "-7.9", Some("-7")),
            ("toInt", "-0.9", Some("0")),
            ("toInt", "1e3", Some("1000")),
            ("toInt", "2147483647", Some("2147483647")),
            ("toInt", "2147483648", None),
            ("toInt", "-2147483648.9", Some("-2147483648")),
            ("toLong", "9000000000", Some("9000000000")),
            ("toLong", "9223372036854775807", Some("9223372036854775807")),
            ("toLong", "9223372036854775808", None),
            ("toLong", "-9223372036854775808", Some("-9223372036854775808")),
            ("toLong", "9007199254740993", Some("9007199254740993")),
            ("toLong", "1e300", None),
        ] {
            assert_eq!(of_text(name, argument).as_deref(), expected, "{name}({argument})");
        }
        let time = Value::Time(EpochMillis(1_772_359_620_999));
        assert_eq!(call("toLong", &[time]).as_deref(), Some("1772359620999"));
    }

    #[test]
    fn histogram_as_a_key_is_the_bucket_of_that_width() {
        for (value, expected) in [(100.0, "0"), (300.0, "0"), (1100.0, "1000"), (-1.0, "-500")] {
            let given = call_literals("histogram", &[number(value), number(500.0)]);
            assert_eq!(given.as_deref(), Some(expected));
        }
        assert_eq!(call("histogram", &[number(1.0), number(0.0)]), None);
        assert_eq!(refuse("histogram", &[number(1.0), number(0.0)]).argument, 1);
        assert_eq!(
            refuse("histogram", &[number(1.0), text("wide")]).message,
            "`wide` is no width of buckets"
        );
    }
}
