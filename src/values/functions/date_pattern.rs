//! Date patterns as of Java's `DateTimeFormatter`, in its default resolution, for parsing (`spec/logs-insights.md` 3.4).

use jiff::tz::TimeZone;

use super::date_reading::Reading;
use super::zone::OffsetForm;
use crate::EpochMillis;

/// Bytes of the longest pattern; a guard.
const LONGEST: usize = 1000;

/// Levels of optional parts; a guard for the recursion.
const DEEPEST: usize = 16;

/// A pattern, ready to read texts.
#[derive(Clone, Debug)]
pub(super) struct DatePattern {
    items: Vec<Item>,
}

/// What is wrong with a pattern, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: String,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    Literal(char),
    Number(Digits),
    /// So many digits behind the decimal point of a second.
    Fraction(usize),
    /// One of these names, which stand for numbers from 1 on.
    Name(Field, &'static [&'static str]),
    Offset {
        form: OffsetForm,
        zero: &'static str,
    },
    /// A name, and perhaps an American abbreviation.
    Zone {
        abbreviations: bool,
    },
    Optional(Vec<Item>),
}

/// A field of digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    pub(super) field: Field,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) sign: Sign,
    /// Digits to leave to the fields of fixed width that follow without anything between.
    pub(super) reserved: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Never,
    Negative,
    /// A `+` exactly where there are more than the fewest digits.
    WhenLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    YearOfEra,
    /// The last two digits of a year from 2000 to 2099.
    ShortYear,
    Month,
    Day,
    DayOfYear,
    Weekday,
    HalfDay,
    Hour,
    /// 1 to 24
    ClockHour,
    HourOfHalf,
    /// 1 to 12
    ClockHourOfHalf,
    Minute,
    Second,
    Nano,
}

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SHORT_MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const SHORT_WEEKDAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HALF_DAYS: &[&str] = &["AM", "PM"];

impl DatePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// The first thing in it that is not understood.
    pub(super) fn new(pattern: &str) -> Result<Self, Fault> {
        if pattern.len() > LONGEST {
            return Err(fault(format!("it has more than {LONGEST} bytes"), "write a shorter one"));
        }
        let mut reader = PatternReader { rest: pattern };
        let items = reader.items(0)?;
        Ok(DatePattern { items })
    }

    /// The time that the whole of a text tells; in `zone` unless the text tells that too.
    pub(super) fn parse(&self, text: &str, zone: &TimeZone) -> Option<EpochMillis> {
        Reading::of(&self.items, text)?.resolve(zone)
    }
}

fn fault(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { message: message.into(), help: help.into() }
}

struct PatternReader<'p> {
    rest: &'p str,
}

impl PatternReader<'_> {
    /// The items up to the end of the pattern or, within an optional part, of that.
    fn items(&mut self, depth: usize) -> Result<Vec<Item>, Fault> {
        let mut items = Items::default();
        while let Some(c) = self.next() {
            match c {
                '\'' => self.quoted(&mut items)?,
                '[' if depth == DEEPEST => {
                    return Err(fault("its `[` are nested too deep", "write fewer optional parts"));
                }
                '[' => {
                    let optional = self.items(depth + 1)?;
                    items.push(Item::Optional(optional));
                }
                ']' if depth > 0 => return Ok(items.list),
                ']' => return Err(fault("`]` closes nothing", "write `']'` for the character itself")),
                '{' | '}' | '#' => {
                    return Err(fault(
                        format!("`{c}` is reserved"),
                        format!("write `'{c}'` for the character itself"),
                    ));
                }
                _ if c.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while let Some(rest) = self.rest.strip_prefix(c) {
                        self.rest = rest;
                        count += 1;
                    }
                    items.push_letter(c, count)?;
                }
                _ => items.push(Item::Literal(c)),
            }
        }
        // As in Java, the end closes what is open.
        Ok(items.list)
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    /// The text behind an opening quote; `''` is a quote, within and without.
    fn quoted(&mut self, items: &mut Items) -> Result<(), Fault> {
        let mut empty = true;
        loop {
            let c = match self.next() {
                Some('\'') => match self.rest.strip_prefix('\'') {
                    Some(rest) => {
                        self.rest = rest;
                        '\''
                    }
                    None => break,
                },
                Some(c) => c,
                None => return Err(fault("its quote is not closed", "write `''` for a quote itself")),
            };
            items.push(Item::Literal(c));
            empty = false;
        }
        if empty {
            items.push(Item::Literal('\''));
        }
        Ok(())
    }
}

/// Items so far, and the field of digits that those behind it take digits from.
#[derive(Default)]
struct Items {
    list: Vec<Item>,
    first_of_run: Option<usize>,
}

impl Items {
    fn push(&mut self, item: Item) {
        self.first_of_run = None;
        self.list.push(item);
    }

    /// A field that may stand directly beside other ones.
    fn push_digits(&mut self, item: Item, fixed_width: Option<usize>) {
        let at = self.list.len();
        self.list.push(item);
        if let (Some(first), Some(width)) = (self.first_of_run, fixed_width) {
            if let Some(Item::Number(digits)) = self.list.get_mut(first) {
                digits.reserved += width;
            }
        } else {
            self.first_of_run = Some(at);
        }
    }

    fn number(&mut self, field: Field, least: usize, most: usize, sign: Sign) {
        let fixed_width = (least == most && sign == Sign::Never).then_some(least);
        self.push_digits(Item::Number(Digits { field, least, most, sign, reserved: 0 }), fixed_width);
    }

    /// One letter: any number of digits. Two: two digits.
    fn one_or_two(&mut self, field: Field, letter: char, count: usize) -> Result<(), Fault> {
        match count {
            1 => self.number(field, 1, MOST_DIGITS, Sign::Negative),
            2 => self.number(field, 2, 2, Sign::Never),
            _ => return Err(too_many(letter, count)),
        }
        Ok(())
    }

    fn push_letter(&mut self, letter: char, count: usize) -> Result<(), Fault> {
        let unknown = || {
            let quoted = letter.to_string().repeat(count);
            fault(
                format!("`{letter}` is no letter of a pattern"),
                format!("write `'{quoted}'` for the letter itself"),
            )
        };
        match (letter, count) {
            ('y' | 'u', 2) => self.number(Field::ShortYear, 2, 2, Sign::Never),
            ('y' | 'u', _) if count <= MOST_DIGITS => {
                let sign = if count < 4 { Sign::Negative } else { Sign::WhenLong };
                let field = if letter == 'y' { Field::YearOfEra } else { Field::Year };
                self.number(field, count, MOST_DIGITS, sign);
            }
            ('M' | 'L', 3) => self.push(Item::Name(Field::Month, SHORT_MONTHS)),
            ('M' | 'L', 4) => self.push(Item::Name(Field::Month, MONTHS)),
            ('M' | 'L', _) => self.one_or_two(Field::Month, letter, count)?,
            ('d', _) => self.one_or_two(Field::Day, letter, count)?,
            ('D', 1) => self.number(Field::DayOfYear, 1, MOST_DIGITS, Sign::Negative),
            ('D', 2 | 3) => self.number(Field::DayOfYear, count, 3, Sign::Never),
            ('E', 1..=3) => self.push(Item::Name(Field::Weekday, SHORT_WEEKDAYS)),
            ('E', 4) => self.push(Item::Name(Field::Weekday, WEEKDAYS)),
            ('a', 1) => self.push(Item::Name(Field::HalfDay, HALF_DAYS)),
            ('H', _) => self.one_or_two(Field::Hour, letter, count)?,
            ('k', _) => self.one_or_two(Field::ClockHour, letter, count)?,
            ('K', _) => self.one_or_two(Field::HourOfHalf, letter, count)?,
            ('h', _) => self.one_or_two(Field::ClockHourOfHalf, letter, count)?,
            ('m', _) => self.one_or_two(Field::Minute, letter, count)?,
            ('s', _) => self.one_or_two(Field::Second, letter, count)?,
            ('S', 1..=9) => self.push_digits(Item::Fraction(count), Some(count)),
            ('n', _) if count <= MOST_DIGITS => self.number(Field::Nano, count, MOST_DIGITS, Sign::Never),
            ('X', _) => self.push(Item::Offset { form: offset_form(letter, count)?, zero: "Z" }),
            ('x', 1) => self.push(Item::Offset { form: offset_form(letter, count)?, zero: "+00" }),
            ('x', 2 | 4) => self.push(Item::Offset { form: offset_form(letter, count)?, zero: "+0000" }),
            ('x', _) => self.push(Item::Offset { form: offset_form(letter, count)?, zero: "+00:00" }),
            ('Z', 1..=3) => self.push(Item::Offset { form: OffsetForm::MINUTES, zero: "+0000" }),
            ('Z', 5) => self.push(Item::Offset { form: OffsetForm::COLON_SECONDS, zero: "Z" }),
            ('V', 2) => self.push(Item::Zone { abbreviations: false }),
            ('z', 1..=3) => self.push(Item::Zone { abbreviations: true }),
            ('y' | 'u' | 'D' | 'E' | 'a' | 'S' | 'n' | 'Z' | 'z' | 'V', _) => {
                return Err(too_many(letter, count));
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }
}

/// The most digits of any field.
const MOST_DIGITS: usize = 19;

fn too_many(letter: char, count: usize) -> Fault {
    let written = letter.to_string().repeat(count.min(20));
    let help = match letter {
        'V' => "write `VV`".to_owned(),
        _ => format!("write fewer `{letter}`"),
    };
    fault(format!("`{written}` is not available"), help)
}

fn offset_form(letter: char, count: usize) -> Result<OffsetForm, Fault> {
    Ok(match count {
        1 => OffsetForm::HOURS,
        2 => OffsetForm::MINUTES,
        3 => OffsetForm::COLON,
        4 => OffsetForm::DIGITS,
        5 => OffsetForm::COLON_SECONDS,
        _ => return Err(too_many(letter, count)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str, pattern: &str) -> Option<i64> {
        DatePattern::new(pattern).unwrap().parse(text, &TimeZone::UTC).map(|time| time.0)
    }

    /// The expected values are those of `DateTimeFormatter` in Java 17, locale US; a text without a time is at midnight.
    #[test]
    fn texts_mean_what_they_mean_to_java() {
        const MARCH: i64 = 1_772_323_200_000;
        for (text, pattern, expected) in [
            ("2026-03-01", "yyyy-MM-dd", Some(MARCH)),
            ("20260301", "yyyyMMdd", Some(MARCH)),
            ("202603011", "yyyyMMdd", None),
            ("20260301100745123", "yyyyMMddHHmmssSSS", Some(1_772_359_665_123)),
            ("2026-03-01T10:07:45.123Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX", Some(1_772_359_665_123)),
            ("2026-03-01T10:07:45+0530", "yyyy-MM-dd'T'HH:mm:ssX", Some(1_772_339_865_000)),
            ("2026-03-01T10:07:45+05", "yyyy-MM-dd'T'HH:mm:ssX", Some(1_772_341_665_000)),
            ("2026-03-01T10:07:45+05:30", "yyyy-MM-dd'T'HH:mm:ssXXX", Some(1_772_339_865_000)),
            ("2026-03-01T10:07:45+05", "yyyy-MM-dd'T'HH:mm:ssXXX", None),
            ("2026-03-01T10:07:45-0800", "yyyy-MM-dd'T'HH:mm:ssZ", Some(1_772_388_465_000)),
            ("2026-03-01T10:07:45Z", "yyyy-MM-dd'T'HH:mm:ssZ", None),
            ("2026-03-01T10:07:45Z", "yyyy-MM-dd'T'HH:mm:ssx", None),
            ("2026-03-01T10:07:45+00", "yyyy-MM-dd'T'HH:mm:ssx", Some(1_772_359_665_000)),
            ("01/Mar/2026:10:07:45 +0000", "dd/MMM/yyyy:HH:mm:ss Z", Some(1_772_359_665_000)),
            ("1 March 2026", "d MMMM yyyy", Some(MARCH)),
            ("01 March 2026", "d MMMM yyyy", Some(MARCH)),
            ("March 1 2026", "MMM d yyyy", None),
            ("1 march 2026", "d MMMM yyyy", None),
            ("Sun, 01 Mar 2026", "E, dd MMM yyyy", Some(MARCH)),
            ("Mon, 01 Mar 2026", "E, dd MMM yyyy", None),
            ("Sunday 01 Mar 2026", "EEEE dd MMM yyyy", Some(MARCH)),
            ("2026-060", "yyyy-DDD", Some(MARCH)),
            ("2026-366", "yyyy-DDD", None),
            ("2024-366", "yyyy-DDD", Some(1_735_603_200_000)),
            ("26-03-01", "yy-MM-dd", Some(MARCH)),
            ("99-03-01", "yy-MM-dd", Some(4_076_006_400_000)),
            ("0-03-01", "yyyy-MM-dd", None),
            ("0000-03-01", "yyyy-MM-dd", None),
            ("0000-03-01", "uuuu-MM-dd", Some(-62_162_035_200_000)),
            ("-2026-03-01", "uuuu-MM-dd", Some(-126_096_480_000_000)),
            ("12026-03-01", "yyyy-MM-dd", None),
            ("2026-3-1", "yyyy-MM-dd", None),
            ("2026-3-1", "yyyy-M-d", Some(MARCH)),
            ("2026-003-001", "y-M-d", Some(MARCH)),
            ("2026-02-30", "yyyy-MM-dd", Some(1_772_236_800_000)),
            ("2026-02-32", "yyyy-MM-dd", None),
            ("2026-04-31", "yyyy-MM-dd", Some(1_777_507_200_000)),
            ("2026-13-01", "yyyy-MM-dd", None),
            ("2026-03-01 02:05 PM", "yyyy-MM-dd hh:mm a", Some(1_772_373_900_000)),
            ("2026-03-01 12:05 AM", "yyyy-MM-dd hh:mm a", Some(1_772_323_500_000)),
            ("2026-03-01 2:05 pm", "yyyy-MM-dd h:mm a", None),
            ("2026-03-01 11:05 PM", "yyyy-MM-dd KK:mm a", Some(1_772_406_300_000)),
            ("2026-03-01 13:05 PM", "yyyy-MM-dd hh:mm a", None),
            ("2026-03-01 24:05", "yyyy-MM-dd kk:mm", Some(1_772_323_500_000)),
            ("2026-03-01 24:00", "yyyy-MM-dd HH:mm", Some(1_772_409_600_000)),
            ("2026-03-01 24:01", "yyyy-MM-dd HH:mm", None),
            ("2026-03-01 10:60", "yyyy-MM-dd HH:mm", None),
            ("2026-03-01 10:07:45.5", "yyyy-MM-dd HH:mm:ss.S", Some(1_772_359_665_500)),
            ("2026-03-01 10:07:45.55", "yyyy-MM-dd HH:mm:ss.S", None),
            ("2026-03-01 10:07:45.123456", "yyyy-MM-dd HH:mm:ss.SSSSSS", Some(1_772_359_665_123)),
            ("2026-03-01 10:07:45.123456789", "yyyy-MM-dd HH:mm:ss.n", Some(1_772_359_665_123)),
            ("2026-03-01 10:07:45 [Europe/Berlin]", "yyyy-MM-dd HH:mm:ss '['VV']'", Some(1_772_356_065_000)),
            ("2026-03-01 10:07:45 PST", "yyyy-MM-dd HH:mm:ss z", Some(1_772_388_465_000)),
            ("2026-07-01 10:07:45 UTC", "yyyy-MM-dd HH:mm:ss z", Some(1_782_900_465_000)),
            ("2026-07-01 10:07:45 EDT", "yyyy-MM-dd HH:mm:ss z", Some(1_782_914_865_000)),
            ("2026-07-01 10:07:45 America/New_York", "yyyy-MM-dd HH:mm:ss z", Some(1_782_914_865_000)),
            ("2026-07-01 10:07:45 GMT+02:00", "yyyy-MM-dd HH:mm:ss VV", Some(1_782_893_265_000)),
            ("2026-03-01 o'clock", "yyyy-MM-dd 'o''clock'", Some(MARCH)),
            ("2026-03-01 ", "yyyy-MM-dd", None),
            ("2026-03-01", "yyyy-MM-dd[ HH:mm]", Some(MARCH)),
            ("2026-03-01 10:07", "yyyy-MM-dd[ HH:mm]", Some(1_772_359_620_000)),
            ("10:07", "HH:mm", None),
            ("2026-03", "yyyy-MM", None),
            ("2026-03-01 10 5", "yyyy-MM-dd H m", Some(1_772_359_500_000)),
            ("2026-03-01 1007", "yyyy-MM-dd HHmm", Some(1_772_359_620_000)),
            ("2026-03-01 107", "yyyy-MM-dd Hmm", Some(1_772_327_220_000)),
            ("202631", "yyyyMd", None),
        ] {
            assert_eq!(parse(text, pattern), expected, "{text} as {pattern}");
        }
    }

    #[test]
    fn a_half_day_needs_its_hour_and_an_hour_its_half() {
        assert_eq!(parse("2026-03-01 02:05", "yyyy-MM-dd hh:mm"), None);
        assert_eq!(parse("2026-03-01 PM", "yyyy-MM-dd a"), None);
        assert_eq!(parse("2026-03-01 14 PM", "yyyy-MM-dd HH a"), Some(1_772_373_600_000));
        assert_eq!(parse("2026-03-01 14 AM", "yyyy-MM-dd HH a"), None);
    }

    #[test]
    fn milliseconds_are_cut_down() {
        assert_eq!(parse("1969-12-31 23:59:59.9999", "yyyy-MM-dd HH:mm:ss.SSSS"), Some(-1));
    }

    #[test]
    fn faults_of_patterns_are_told() {
        for (pattern, message) in [
            ("yyyy-MM-ddTHH", "`T` is no letter of a pattern"),
            ("yyyy'T", "its quote is not closed"),
            ("MMMMM", "`MMMMM` is not available"),
            ("ddd", "`ddd` is not available"),
            ("V", "`V` is not available"),
            ("a]", "`]` closes nothing"),
            ("{y}", "`{` is reserved"),
            ("YYYY", "`Y` is no letter of a pattern"),
            ("SSSSSSSSSS", "`SSSSSSSSSS` is not available"),
        ] {
            assert_eq!(DatePattern::new(pattern).unwrap_err().message, message);
        }
        assert!(DatePattern::new(&"[".repeat(100)).is_err());
        assert!(DatePattern::new(&"-".repeat(2000)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(
            pattern in "[yuMdDEaHhKkmsSnXxZzV'\\[\\] :.\u{e9}-]{0,20}",
            text in "[0-9A-Za-z:+. \u{e9}-]{0,30}",
        ) {
            if let Ok(pattern) = DatePattern::new(&pattern) {
                let _ = pattern.parse(&text, &TimeZone::UTC);
            }
        }
    }
}
