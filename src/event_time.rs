//! The time of a log event, as its text spells it.

use crate::EpochMillis;
use crate::json::Node;

/// The time in a member of an event: RFC 3339, or a number of units since 1970.
pub(crate) fn of_node(node: Node<'_>, millis_in_unit: i64) -> Option<EpochMillis> {
    match node {
        Node::Number(number) => of_number(number, millis_in_unit),
        Node::String(text) => {
            let text = text.decode();
            of_whole_second(text.as_bytes())
                .or_else(|| Some(EpochMillis(text.parse::<jiff::Timestamp>().ok()?.as_millisecond())))
                .or_else(|| of_number(&text, millis_in_unit))
        }
        _ => None,
    }
}

/// `2026-03-01T10:00:00Z`, as every CloudTrail record spells it; `None` for any other spelling.
fn of_whole_second(text: &[u8]) -> Option<EpochMillis> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2, b'Z'] = text
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |value, digit| {
            digit.is_ascii_digit().then(|| value * 10 + i16::from(digit - b'0'))
        })
    };
    let small = |first, second| number(&[first, second]).and_then(|value| i8::try_from(value).ok());
    let date = jiff::civil::Date::new(number(&[y1, y2, y3, y4])?, small(m1, m2)?, small(d1, d2)?).ok()?;
    let (hour, minute, second) = (small(h1, h2)?, small(i1, i2)?, small(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let seconds = days * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    Some(EpochMillis(seconds * 1_000))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar: the year counted from March, in cycles of 400 years.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let cycle = year.div_euclid(400);
    let of_cycle = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468
}

fn of_number(number: &str, millis_in_unit: i64) -> Option<EpochMillis> {
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(millis_in_unit).map(EpochMillis);
    }
    let millis = number.parse::<f64>().ok()? * millis_in_unit as f64;
    // Beyond 2⁵³ a float no longer tells milliseconds apart.
    (millis.abs() <= 9_007_199_254_740_992.0).then_some(EpochMillis(millis.floor() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_agrees_with_the_library() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-03-01T10:12:15Z",
            "2024-02-29T23:59:59Z",
            "2000-12-31T00:00:01Z",
            "1969-12-31T23:59:59Z",
            "2100-03-01T12:00:00Z",
            "0001-01-01T00:00:00Z",
        ] {
            let expected = text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
            assert_eq!(of_whole_second(text.as_bytes()), Some(EpochMillis(expected)), "{text}");
        }
        for text in
            ["2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T10:00:60Z", "2026-03-01 10:00:00Z"]
        {
            assert_eq!(of_whole_second(text.as_bytes()), None, "{text}");
        }
    }
}
