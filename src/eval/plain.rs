//! The reference evaluator: filter patterns over `serde_json::Value`, straight from the specification.
//!
//! Slow and plain on purpose, and written apart from the fast path: the two share the syntax tree and the cutting of
//! a line into fields, nothing else. Property tests and a fuzz target hold every faster path against it.

use regex::Regex;
use serde_json::Value as Json;

use crate::syntax::filter::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, Item, ItemAtom, NumberLiteral, Ordering,
    Prefix, RegexLiteral, Selector, SelectorStep, Value,
};

use super::space::Tokens;

/// Messages that are nested deeper are not judged here, for `serde_json` recurses.
pub const DEEPEST: usize = 400;

/// Whether `pattern` matches `message`; `None` where the reference does not judge: a message nested deeper than
/// [`DEEPEST`], a number whose exponent has more than three digits, or the spelling of a number with an exponent.
///
/// ```
/// use trailql::eval::plain;
///
/// let pattern = "{ $.a != 1 }".parse()?;
/// assert_eq!(plain::is_match(&pattern, r#"{"a":2}"#), Some(true));
/// assert_eq!(plain::is_match(&pattern, "{}"), Some(false));
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
pub fn is_match(pattern: &FilterPattern, message: &str) -> Option<bool> {
    match pattern {
        FilterPattern::All => Some(true),
        FilterPattern::Terms(terms) => Some(terms_match(terms.items(), message)),
        FilterPattern::Json(expr) => match parse(message)? {
            Some(event) => expression(expr, &mut |condition| condition_holds(condition, &event)),
            None => Some(false),
        },
        FilterPattern::Space(space) => space_match(space.entries(), message),
    }
}

/// Whether `serde_json` takes the message for one JSON object; `false` too where it is nested deeper than [`DEEPEST`].
pub fn is_json_object(message: &str) -> bool {
    matches!(parse(message), Some(Some(_)))
}

/// The message as a JSON object; `Some(None)` where it is none, `None` where it is too deep to tell.
fn parse(message: &str) -> Option<Option<Json>> {
    if nesting(message) > DEEPEST {
        return None;
    }
    let mut deserializer = serde_json::Deserializer::from_str(message);
    deserializer.disable_recursion_limit();
    let mut values = deserializer.into_iter::<Json>();
    let first = values.next().and_then(Result::ok).filter(Json::is_object);
    Some(first.filter(|_| values.next().is_none()))
}

/// At least the nesting of the JSON text: brackets in strings count too.
fn nesting(message: &str) -> usize {
    let mut deepest = 0;
    let mut depth: usize = 0;
    for byte in message.bytes() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn expression<L>(expr: &Expr<L>, leaf: &mut dyn FnMut(&L) -> Option<bool>) -> Option<bool> {
    match expr {
        Expr::Leaf(one) => leaf(one),
        Expr::And(legs) => legs.legs().iter().try_fold(true, |all, leg| Some(expression(leg, leaf)? && all)),
        Expr::Or(legs) => legs.legs().iter().try_fold(false, |any, leg| Some(expression(leg, leaf)? || any)),
    }
}

fn condition_holds(condition: &Condition, event: &Json) -> Option<bool> {
    let values = resolve(&condition.selector, event);
    if condition.test == Comparison::NotExists {
        return Some(values.is_empty());
    }
    values.into_iter().try_fold(false, |any, value| Some(value_holds(&condition.test, value)? || any))
}

fn resolve<'a>(selector: &Selector, event: &'a Json) -> Vec<&'a Json> {
    selector.steps().iter().fold(vec![event], |values, step| {
        values
            .into_iter()
            .flat_map(|value| match (step, value) {
                (SelectorStep::Key(key), Json::Object(members)) => {
                    members.get(key.as_str()).into_iter().collect()
                }
                (SelectorStep::Index(index), Json::Array(elements)) => {
                    usize::try_from(*index).ok().and_then(|index| elements.get(index)).into_iter().collect()
                }
                (SelectorStep::AnyMember | SelectorStep::AnyElement, Json::Object(members)) => {
                    members.values().collect()
                }
                (SelectorStep::AnyMember | SelectorStep::AnyElement, Json::Array(elements)) => {
                    elements.iter().collect()
                }
                _ => Vec::new(),
            })
            .collect()
    })
}

fn value_holds(test: &Comparison, value: &Json) -> Option<bool> {
    Some(match test {
        Comparison::IsNull => {
            value.is_null() || value.as_array().is_some_and(|all| all.contains(&Json::Null))
        }
        Comparison::IsBool(wanted) => value.as_bool() == Some(*wanted),
        Comparison::NotExists => false,
        Comparison::Order(ordering, number) => match value {
            Json::Number(lexeme) => order(*ordering, &lexeme.to_string(), number)?,
            _ => false,
        },
        Comparison::Equal(wanted) => equal(wanted, value)? == Equality::Same,
        Comparison::NotEqual(wanted) => equal(wanted, value)? == Equality::Other,
    })
}

#[derive(PartialEq, Eq)]
enum Equality {
    Same,
    Other,
    Incomparable,
}

fn equal(wanted: &Value, value: &Json) -> Option<Equality> {
    let same = match (wanted, value) {
        (Value::Number(number), Json::Number(lexeme)) => {
            compare(&lexeme.to_string(), number.as_str())? == std::cmp::Ordering::Equal
        }
        // `serde_json` writes `1e3` as `1e+3`, and so does not tell how the number was spelled.
        (_, Json::Number(lexeme)) if lexeme.to_string().contains(['e', 'E']) => return None,
        (wanted, Json::Number(lexeme)) => text_equals(wanted, &lexeme.to_string()),
        (wanted, Json::String(text)) => text_equals(wanted, text),
        _ => return Some(Equality::Incomparable),
    };
    Some(if same { Equality::Same } else { Equality::Other })
}

fn text_equals(wanted: &Value, text: &str) -> bool {
    match wanted {
        Value::Text(value) => glob(&value.text, text),
        Value::Number(number) => text == number.as_str(),
        Value::Regex(literal) => search(literal, text),
    }
}

/// The star rule as a regex: one star at each end is any text, the rest is literal.
fn glob(value: &str, text: &str) -> bool {
    let stars_at_end = value.len() > 1 && value.ends_with('*');
    let core = value.strip_prefix('*').unwrap_or(value);
    let core = if stars_at_end { core.strip_suffix('*').unwrap_or(core) } else { core };
    let open = if value.starts_with('*') { ".*" } else { "" };
    let close = if stars_at_end { ".*" } else { "" };
    let pattern = format!("(?s)^{open}{}{close}$", regex::escape(core));
    Regex::new(&pattern).is_ok_and(|regex| regex.is_match(text))
}

fn search(literal: &RegexLiteral, text: &str) -> bool {
    Regex::new(literal.rust_pattern()).is_ok_and(|regex| regex.is_match(text))
}

fn order(ordering: Ordering, left: &str, right: &NumberLiteral) -> Option<bool> {
    let order = compare(left, right.as_str())?;
    Some(match ordering {
        Ordering::Less => order == std::cmp::Ordering::Less,
        Ordering::LessOrEqual => order != std::cmp::Ordering::Greater,
        Ordering::Greater => order == std::cmp::Ordering::Greater,
        Ordering::GreaterOrEqual => order != std::cmp::Ordering::Less,
    })
}

/// Compares two numbers by writing both out in full.
fn compare(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    let (left, right) = (WrittenOut::new(left)?, WrittenOut::new(right)?);
    let width = left.whole.len().max(right.whole.len());
    let places = left.fraction.len().max(right.fraction.len());
    let digits = |number: &WrittenOut| format!("{:0>width$}{:0<places$}", number.whole, number.fraction);
    let is_zero = |digits: &str| digits.bytes().all(|b| b == b'0');
    let (left_digits, right_digits) = (digits(&left), digits(&right));
    let sign = |negative: bool, digits: &str| {
        if is_zero(digits) {
            0
        } else if negative {
            -1
        } else {
            1
        }
    };
    let signs = (sign(left.negative, &left_digits), sign(right.negative, &right_digits));
    Some(match signs {
        (-1, -1) => right_digits.cmp(&left_digits),
        (1, 1) => left_digits.cmp(&right_digits),
        (left, right) => left.cmp(&right),
    })
}

struct WrittenOut {
    negative: bool,
    whole: String,
    fraction: String,
}

impl WrittenOut {
    fn new(lexeme: &str) -> Option<Self> {
        let (negative, unsigned) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme.strip_prefix('+').unwrap_or(lexeme)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((_, exponent)) if exponent.len() > 4 => return None,
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let shift = usize::try_from(exponent.unsigned_abs()).ok()?;
        let (whole, fraction) = if exponent >= 0 {
            let padded = format!("{fraction:0<shift$}");
            let (moved, left) = padded.split_at_checked(shift)?;
            (format!("{whole}{moved}"), left.to_owned())
        } else {
            let padded = format!("{whole:0>shift$}");
            let (left, moved) = padded.split_at_checked(padded.len() - shift)?;
            (left.to_owned(), format!("{moved}{fraction}"))
        };
        Some(WrittenOut { negative, whole, fraction })
    }
}

fn terms_match(items: &[Item], message: &str) -> bool {
    let occurs = |item: &&Item| match &item.atom {
        ItemAtom::Text(text) => message.contains(&text.text),
        ItemAtom::Regex(literal) => search(literal, message),
    };
    let of = |prefix: Prefix| items.iter().filter(move |item| item.prefix == prefix);
    if of(Prefix::Required).count() + of(Prefix::Excluded).count() == 0 {
        return of(Prefix::Optional).any(|item| occurs(&item));
    }
    of(Prefix::Required).all(|item| occurs(&item)) && !of(Prefix::Excluded).any(|item| occurs(&item))
}

fn space_match(entries: &[Entry], message: &str) -> Option<bool> {
    let tokens = Tokens::of(message).texts();
    if entries.is_empty() {
        return Some(!tokens.is_empty());
    }
    let ellipsis = entries.iter().position(|entry| *entry == Entry::Ellipsis);
    let fields = entries.len() - usize::from(ellipsis.is_some());
    if tokens.len() < fields {
        return Some(false);
    }
    let mut all = true;
    for (index, entry) in entries.iter().enumerate() {
        let Entry::Field { test: Some(test), .. } = entry else { continue };
        let token = match ellipsis {
            Some(at) if index > at => tokens.len() - (entries.len() - index),
            _ => index,
        };
        let is_last = ellipsis.is_none() && index + 1 == entries.len();
        let rest = remainder(message, index);
        let text = if is_last && tokens.len() > fields { rest.as_str() } else { tokens.get(token)? };
        all &= expression(test, &mut |test| field_holds(test, text))?;
    }
    Some(all)
}

/// The raw line from its token number `index` on.
fn remainder(message: &str, index: usize) -> String {
    let mut rest = message.trim_ascii();
    for _ in 0..index {
        let tokens = Tokens::of(rest).texts();
        let first = tokens.first().copied().unwrap_or_default();
        let opened = usize::from(rest.len() > first.len() && !rest.starts_with(first) || first.is_empty());
        rest = rest.get(first.len() + 2 * opened..).unwrap_or_default().trim_ascii_start();
    }
    rest.to_owned()
}

fn field_holds(test: &FieldTest, text: &str) -> Option<bool> {
    Some(match test {
        FieldTest::Equal(wanted) => text_equals(wanted, text),
        FieldTest::NotEqual(wanted) => !text_equals(wanted, text),
        FieldTest::Order(ordering, number) if NumberLiteral::new(text).is_some() => {
            order(*ordering, text, number)?
        }
        FieldTest::Order(..) => false,
    })
}
