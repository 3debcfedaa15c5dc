//! The functions on values of one row: made ready once, called for every row (`spec/logs-insights.md` 3.1 to 3.6).

mod date_pattern;
mod date_reading;
mod datetime;
mod encode;
mod general;
mod ip;
mod json;
mod numeric;
pub(crate) mod period;
pub(crate) mod regex;
mod text;
mod zone;

use std::borrow::Cow;

use ipnet::IpNet;
use jiff::tz::TimeZone;

use self::date_pattern::DatePattern;
use self::regex::{Regex, Template};
use super::value::Value;
use crate::EpochMillis;
use crate::syntax::logs::{Function, Period};

/// What does not change within a run.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// When the query started.
    pub now: EpochMillis,
    /// The first and last time that the query looks at, where that is known.
    pub window: Option<(EpochMillis, EpochMillis)>,
}

/// A function made ready: what can be told from its literals is checked and compiled.
#[derive(Clone, Debug)]
pub(crate) struct ScalarCall {
    function: Function,
    ready: Ready,
}

/// What a function keeps of its literals.
#[derive(Clone, Debug)]
enum Ready {
    Nothing,
    Period(Period),
    Network(IpNet),
    Replacement { regex: Option<Box<Regex>>, template: Option<Template> },
    ParseDate { pattern: Option<DatePattern>, zone: Option<TimeZone> },
    FormatDate { zone: Option<TimeZone> },
}

/// A literal that the function cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadArgument {
    /// Which argument, from 0.
    pub argument: usize,
    /// What is wrong with it.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl BadArgument {
    fn new(argument: usize, message: impl Into<String>, help: impl Into<String>) -> Self {
        BadArgument { argument, message: message.into(), help: Some(help.into()) }
    }
}

/// Bytes of the longest text that a function gives; a longer one is missing. A guard: `replace` and chains of `concat`
/// could fill any memory.
const LONGEST_TEXT: usize = 4 << 20;

impl ScalarCall {
    /// Makes a function ready. `literals[i]` is the value of argument `i` where it is a literal, `periods[i]` where it
    /// is a period.
    ///
    /// # Errors
    /// A literal that the function can never take.
    pub(crate) fn prepare(
        function: Function,
        literals: &[Option<Value<'static>>],
        periods: &[Option<Period>],
    ) -> Result<ScalarCall, BadArgument> {
        let literal = |at: usize| literals.get(at).and_then(Option::as_ref).and_then(Value::text);
        let period = |at: usize| match periods.get(at).copied().flatten() {
            Some(period) => period::check(&period, at).map(|()| Ready::Period(period)),
            None => Ok(Ready::Nothing),
        };
        let ready = match function {
            Function::Bin => period(0)?,
            Function::DateFloor | Function::DateCeil => period(1)?,
            Function::IsIpInSubnet | Function::IsIpv4InSubnet | Function::IsIpv6InSubnet => {
                match literal(1) {
                    Some(network) => Ready::Network(ip::network(&network, 1)?),
                    None => Ready::Nothing,
                }
            }
            Function::RegexReplace => text::replacement(literal(1).as_deref(), literal(2).as_deref())?,
            Function::ParseDate => datetime::parsing(literal(1).as_deref(), literal(2).as_deref())?,
            Function::FormatDate => datetime::formatting(literal(1).as_deref(), literal(2).as_deref())?,
            Function::Histogram => numeric::bucket_width(literals.get(1).and_then(Option::as_ref))?,
            _ => Ready::Nothing,
        };
        Ok(ScalarCall { function, ready })
    }

    /// The function's value of these arguments. A period's place holds [`Value::Missing`]; `bin` takes the time as
    /// its only argument. Aggregates have no value here.
    pub(crate) fn call<'e>(&self, arguments: &[Value<'e>], clock: &Clock) -> Value<'e> {
        match self.value(arguments, clock) {
            Value::Text(text) if text.len() > LONGEST_TEXT => Value::Missing,
            value => value,
        }
    }

    fn value<'e>(&self, arguments: &[Value<'e>], clock: &Clock) -> Value<'e> {
        let all = arguments;
        let arguments = Arguments(arguments);
        let first = arguments.at(0);
        match self.function {
            Function::Abs => numeric::of(first, f64::abs),
            Function::Ceil => numeric::of(first, f64::ceil),
            Function::Floor => numeric::of(first, f64::floor),
            Function::Sqrt => numeric::of(first, f64::sqrt),
            Function::Log => numeric::of(first, f64::ln),
            Function::Greatest => numeric::extreme(all, std::cmp::Ordering::Greater),
            Function::Least => numeric::extreme(all, std::cmp::Ordering::Less),
            Function::Round => numeric::round(arguments),
            Function::Haversine => numeric::haversine(arguments),
            Function::ToNumber | Function::ToDouble => numeric::to_number(first),
            Function::ToInt => numeric::to_integer(first, i32::MIN.into(), i32::MAX.into()),
            Function::ToLong => numeric::to_integer(first, i64::MIN.into(), i64::MAX.into()),
            Function::Histogram => numeric::bucket(arguments),

            Function::IsPresent => Value::bool(!first.is_missing()),
            Function::Coalesce => general::coalesce(all),
            Function::If => general::choose(all),
            Function::Case => general::choose(all),
            Function::IsNumeric => general::is_numeric(first),
            Function::MessageSize => text::count(first, str::len),
            Function::QueryStartTime => general::window(clock, |start, _| start),
            Function::QueryEndTime => general::window(clock, |_, end| end),
            Function::QueryTimeRange => general::window(clock, |start, end| end.saturating_sub(start)),
            Function::JsonParse => json::parse_argument(first),
            Function::JsonStringify => json::stringify(first),
            Function::JsonArraySize => json::array_size(first),
            Function::JsonArrayContains => json::array_contains(arguments),
            Function::Md5 => encode::md5(first),
            Function::Sha256 => encode::sha256(first),
            Function::Unmask => first.clone(),

            Function::Bin | Function::DateFloor => {
                datetime::at_boundary(first, &self.ready, |time, period| period::floor(time, period, 0))
            }
            Function::DateCeil => {
                datetime::at_boundary(first, &self.ready, |time, period| period::ceil(time, period, 0))
            }
            Function::FromMillis => datetime::from_millis(first),
            Function::ToMillis => datetime::to_millis(first),
            Function::Now => Value::number_of(clock.now.0.div_euclid(1000) as f64),
            Function::ParseDate => datetime::parse(arguments, &self.ready),
            Function::FormatDate => datetime::format(arguments, &self.ready),

            Function::IsValidIp => ip::holds(first, |_| true),
            Function::IsValidIpV4 => ip::holds(first, |address| address.is_ipv4()),
            Function::IsValidIpV6 => ip::holds(first, |address| address.is_ipv6()),
            Function::IsIpInSubnet => ip::in_subnet(arguments, &self.ready, |_| true),
            Function::IsIpv4InSubnet => ip::in_subnet(arguments, &self.ready, |address| address.is_ipv4()),
            Function::IsIpv6InSubnet => ip::in_subnet(arguments, &self.ready, |address| address.is_ipv6()),
            Function::Ipv4ToNumber => ip::to_number(first),
            Function::IsPrivateIp => ip::holds(first, ip::is_private),
            Function::IsPublicIp => ip::holds(first, ip::is_public),
            Function::IsReservedIp => ip::holds(first, ip::is_reserved),

            Function::IsEmpty => text::lacks(first, str::is_empty),
            Function::IsBlank => text::lacks(first, |text| text.trim().is_empty()),
            Function::Concat => text::concat(all),
            Function::LTrim => text::trim(arguments, text::Side::Left),
            Function::RTrim => text::trim(arguments, text::Side::Right),
            Function::Trim => text::trim(arguments, text::Side::Both),
            Function::StrLen => text::count(first, |text| text.chars().count()),
            Function::ToUpper => text::of(first, |text| Some(text.to_uppercase())),
            Function::ToLower => text::of(first, |text| Some(text.to_lowercase())),
            Function::Substr => text::substr(arguments),
            Function::Replace => text::replace(arguments),
            Function::RegexReplace => text::regex_replace(arguments, &self.ready),
            Function::StrContains => text::contains(arguments),
            Function::StartsWith => text::both(arguments, |text, start| text.starts_with(start)),
            Function::EndsWith => text::both(arguments, |text, end| text.ends_with(end)),
            Function::Split => text::split(arguments),
            Function::UrlEncode => text::of(first, |text| Some(encode::url_encode(text))),
            Function::UrlDecode => text::of(first, |text| Some(encode::url_decode(text))),
            Function::Base64Encode => text::of(first, |text| Some(encode::base64_encode(text))),
            Function::Base64Decode => text::of(first, encode::base64_decode),
            Function::HexToAscii => text::of(first, encode::hex_to_ascii),
            Function::HexToDec => encode::hex_to_dec(first),
            Function::DecToHex => encode::dec_to_hex(first),

            Function::Count
            | Function::CountDistinct
            | Function::Sum
            | Function::Avg
            | Function::Min
            | Function::Max
            | Function::Pct
            | Function::StdDev
            | Function::Variance
            | Function::Values
            | Function::TopK
            | Function::Earliest
            | Function::Latest
            | Function::SortsFirst
            | Function::SortsLast
            | Function::Rate
            | Function::CountOverTime
            | Function::SumOverTime => Value::Missing,
        }
    }
}

/// The arguments of a call; one that is not given is missing.
#[derive(Clone, Copy)]
struct Arguments<'a, 'e>(&'a [Value<'e>]);

impl<'a, 'e> Arguments<'a, 'e> {
    fn at(self, index: usize) -> &'a Value<'e> {
        self.0.get(index).unwrap_or(&Value::Missing)
    }

    /// Whether so many are given, be they missing values.
    fn has(self, index: usize) -> bool {
        index < self.0.len()
    }

    fn text(self, index: usize) -> Option<Cow<'a, str>> {
        self.at(index).text()
    }

    fn number(self, index: usize) -> Option<f64> {
        self.at(index).number()
    }
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::syntax::logs::Signature;

    pub(super) const CLOCK: Clock = Clock {
        now: EpochMillis(1_772_359_620_999),
        window: Some((EpochMillis(1_772_359_200_000), EpochMillis(1_772_362_800_000))),
    };

    pub(super) fn text(text: &str) -> Value<'_> {
        Value::text_of(text)
    }

    pub(super) fn number(value: f64) -> Value<'static> {
        Value::number_of(value)
    }

    /// What the function of this name prints for arguments that are fields, so nothing is prepared.
    pub(super) fn call(name: &str, arguments: &[Value<'_>]) -> Option<String> {
        let function = Signature::find(name).unwrap().function;
        let ready = ScalarCall::prepare(function, &vec![None; arguments.len()], &[]).unwrap();
        ready.call(arguments, &CLOCK).render().map(Cow::into_owned)
    }

    /// The same for literals, so that all is prepared; the two must agree.
    pub(super) fn call_literals(name: &str, arguments: &[Value<'static>]) -> Option<String> {
        let function = Signature::find(name).unwrap().function;
        let literals: Vec<_> = arguments.iter().cloned().map(Some).collect();
        let ready = ScalarCall::prepare(function, &literals, &[]).unwrap();
        let given = ready.call(arguments, &CLOCK).render().map(Cow::into_owned);
        assert_eq!(given, call(name, arguments), "{name} of fields and of literals");
        given
    }

    pub(super) fn refuse(name: &str, arguments: &[Value<'static>]) -> BadArgument {
        let function = Signature::find(name).unwrap().function;
        let literals: Vec<_> = arguments.iter().cloned().map(Some).collect();
        ScalarCall::prepare(function, &literals, &[]).unwrap_err()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{CLOCK, call, text};
    use super::*;
    use crate::syntax::logs::FUNCTIONS;

    #[test]
    fn no_function_panics_on_any_few_values() {
        let some = || {
            [
                Value::Missing,
                Value::number_of(0.0),
                Value::number_of(-1.5e300),
                Value::number_of(9.3e18),
                Value::Time(EpochMillis(i64::MIN)),
                Value::Time(EpochMillis(i64::MAX)),
                text(""),
                text("\u{e9}\u{1f600}"),
                text("%"),
                text("-9223372036854775808"),
                json::parse(r#"{"a":[1,null]}"#).unwrap(),
                json::parse("[]").unwrap(),
            ]
        };
        for signature in FUNCTIONS {
            let ready = ScalarCall::prepare(signature.function, &[], &[]).unwrap();
            assert!(ready.call(&[], &CLOCK).footprint() < 1000);
            for first in some() {
                for second in some() {
                    for third in some() {
                        let arguments = [first.clone(), second.clone(), third.clone()];
                        for count in signature.min.max(1)..=signature.max.min(arguments.len()) {
                            let value = ready.call(&arguments[..count], &CLOCK);
                            assert!(value.number().is_none_or(f64::is_finite), "{}", signature.name);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_beyond_the_guard_is_missing() {
        let long = "a".repeat(LONGEST_TEXT / 2 + 1);
        assert_eq!(call("concat", &[text(&long)]).map(|text| text.len()), Some(long.len()));
        assert_eq!(call("concat", &[text(&long), text(&long)]), None);
        assert_eq!(call("replace", &[text(&long), text("a"), text(&long)]), None);
        assert_eq!(call("regexReplace", &[text(&long), text("a"), text(&long)]), None);
        assert_eq!(call("urlencode", &[text(&" ".repeat(LONGEST_TEXT / 2))]), None);
    }
}
