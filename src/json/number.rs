//! Decimal numbers as they are spelled, compared by exact value.

use std::cmp::Ordering;

/// The exact value of a number as spelled: `[+-]? digits [. digits] [(e|E) [+-]? digits]`, which includes JSON's.
///
/// Ordered and compared by value, never by way of a binary fraction; no spelling is too long.
///
/// ```
/// use trailql::json::Decimal;
///
/// let decimal = |lexeme| Decimal::parse(lexeme).unwrap();
/// assert_eq!(decimal("1"), decimal("10.0e-1"));
/// assert_eq!(decimal("-0"), decimal("0e99999999999999999999"));
/// assert!(decimal("9007199254740993") > decimal("9007199254740992.0"));
/// assert!(decimal("1e-99999999999999999999") > decimal("-1e99999999999999999999"));
/// assert!(Decimal::parse("1.").is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal<'a> {
    sign: Ordering,
    /// The digits before the point, without leading zeros.
    whole: &'a str,
    /// The digits behind the point, without trailing zeros; without leading zeros where `whole` is empty.
    fraction: &'a str,
    /// How many places the point stands to the right of the first digit, without the written exponent.
    shift: i128,
    exponent: Exponent<'a>,
}

/// The written exponent.
#[derive(Clone, Copy, Debug)]
enum Exponent<'a> {
    Small(i128),
    /// More digits than fit, without leading zeros.
    Huge {
        negative: bool,
        digits: &'a str,
    },
}

/// Digits of an exponent that together with any text's length fit an `i128`.
const SMALL_EXPONENT_DIGITS: usize = 36;

impl<'a> Decimal<'a> {
    /// The number spelled by the whole of `lexeme`, or `None` if it spells none.
    pub fn parse(lexeme: &'a str) -> Option<Self> {
        let (negative, unsigned) = split_sign(lexeme);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Exponent::parse(exponent)?),
            None => (unsigned, Exponent::Small(0)),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (digits(whole)?, digits(fraction)?),
            None => (digits(mantissa)?, ""),
        };
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let significant = if whole.is_empty() { fraction.trim_start_matches('0') } else { fraction };
        let shift = whole.len() as i128 - (fraction.len() - significant.len()) as i128;
        let sign = match (whole.is_empty() && significant.is_empty(), negative) {
            (true, _) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Greater,
        };
        Some(Decimal { sign, whole, fraction: significant, shift, exponent })
    }

    /// The order of two numbers other than 0, their signs aside.
    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        self.cmp_scale(other).then_with(|| {
            // A digit more decides only if it is not 0: `whole` may end in zeros, where the other has no digits.
            let mut ours = self.whole.bytes().chain(self.fraction.bytes());
            let mut theirs = other.whole.bytes().chain(other.fraction.bytes());
            loop {
                match (ours.next(), theirs.next()) {
                    (None, None) => return Ordering::Equal,
                    (a, b) => match a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0')) {
                        Ordering::Equal => {}
                        decided => return decided,
                    },
                }
            }
        })
    }

    /// The order of the powers of ten that the first digits stand for.
    fn cmp_scale(&self, other: &Self) -> Ordering {
        match (self.exponent, other.exponent) {
            (Exponent::Small(ours), Exponent::Small(theirs)) => {
                (ours + self.shift).cmp(&(theirs + other.shift))
            }
            _ => self.long_scale().cmp(&other.long_scale()),
        }
    }

    fn long_scale(&self) -> LongInteger {
        match self.exponent {
            Exponent::Small(exponent) => LongInteger::from(exponent + self.shift),
            Exponent::Huge { negative, digits } => LongInteger::sum(negative, digits, self.shift),
        }
    }
}

impl<'a> Exponent<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = split_sign(text);
        let digits = digits(unsigned)?.trim_start_matches('0');
        if digits.len() > SMALL_EXPONENT_DIGITS {
            return Some(Exponent::Huge { negative, digits });
        }
        let size = digits.bytes().fold(0, |size, digit| size * 10 + i128::from(digit - b'0'));
        Some(Exponent::Small(if negative { -size } else { size }))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sign.cmp(&other.sign).then_with(|| match self.sign {
            Ordering::Less => other.cmp_magnitude(self),
            Ordering::Equal => Ordering::Equal,
            Ordering::Greater => self.cmp_magnitude(other),
        })
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal<'_> {}

/// An integer of any length, for exponents that no machine integer holds.
#[derive(Debug, PartialEq, Eq)]
struct LongInteger {
    negative: bool,
    /// Without leading zeros.
    digits: Vec<u8>,
}

impl LongInteger {
    /// The number of these digits and this sign, plus `shift`, which is much smaller.
    fn sum(negative: bool, digits: &str, shift: i128) -> Self {
        let mut digits: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
        let mut carry = if negative { -shift } else { shift };
        for digit in digits.iter_mut().rev() {
            if carry == 0 {
                break;
            }
            carry += i128::from(*digit);
            *digit = carry.rem_euclid(10) as u8;
            carry = carry.div_euclid(10);
        }
        // What is carried out of the first digit is a 1 at most, as the shift has fewer digits.
        if carry > 0 {
            digits.insert(0, 1);
        }
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..zeros);
        LongInteger { negative, digits }
    }
}

impl From<i128> for LongInteger {
    fn from(value: i128) -> Self {
        let mut digits = Vec::new();
        let mut rest = value.unsigned_abs();
        while rest > 0 {
            digits.push((rest % 10) as u8);
            rest /= 10;
        }
        digits.reverse();
        LongInteger { negative: value < 0, digits }
    }
}

impl Ord for LongInteger {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |it: &Self, other: &Self| {
            it.digits.len().cmp(&other.digits.len()).then_with(|| it.digits.cmp(&other.digits))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (ours, theirs) => theirs.cmp(&ours),
        }
    }
}

impl PartialOrd for LongInteger {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a minus stands first, and what follows the sign.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(lexeme: &str) -> Decimal<'_> {
        Decimal::parse(lexeme).unwrap()
    }

    /// A spelling of `mantissa` times ten to the power of `exponent`: `point` digits behind the point, and `zeros`
    /// zeros in front and behind.
    fn spell(mantissa: i64, exponent: &str, point: usize, zeros: usize, plus: bool) -> String {
        let sign = if mantissa < 0 {
            "-"
        } else if plus {
            "+"
        } else {
            ""
        };
        let mut digits =
            format!("{}{:0>width$}", "0".repeat(zeros), mantissa.unsigned_abs(), width = point + 1);
        if point > 0 {
            digits.insert(digits.len() - point, '.');
            digits.push_str(&"0".repeat(zeros));
        }
        let e = if zeros.is_multiple_of(2) { "e" } else { "E" };
        if exponent == "0" && plus {
            format!("{sign}{digits}")
        } else {
            format!("{sign}{digits}{e}{exponent}")
        }
    }

    fn mantissa() -> impl Strategy<Value = i64> {
        prop_oneof![
            Just(0),
            -20..20_i64,
            (-9..9_i64).prop_map(|digit| digit * 1000),
            -1_000_000..1_000_000_i64
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_integers(
            (a, b) in (mantissa(), mantissa()),
            (shift_a, shift_b) in (0..15_u32, 0..15_u32),
            (point_a, point_b) in (0..8_usize, 0..8_usize),
            zeros in 0..3_usize,
            plus in any::<bool>(),
        ) {
            // a * 10^shift_a, with `point` places written behind the point and made up for in the exponent.
            let value = |mantissa: i64, shift: u32| i128::from(mantissa) * 10_i128.pow(shift);
            let expected = value(a, shift_a).cmp(&value(b, shift_b));
            let a = spell(a, &(shift_a as usize + point_a).to_string(), point_a, zeros, plus);
            let b = spell(b, &(shift_b as usize + point_b).to_string(), point_b, 0, false);
            prop_assert_eq!(decimal(&a).cmp(&decimal(&b)), expected, "{} {}", a, b);
            prop_assert_eq!(decimal(&b).cmp(&decimal(&a)), expected.reverse());
            prop_assert_eq!(decimal(&a) == decimal(&b), expected.is_eq());
        }

        #[test]
        fn exponents_may_be_of_any_length(
            (a, b) in (mantissa(), mantissa()),
            (shift_a, shift_b) in (0..15_u32, 0..15_u32),
            point in 0..8_usize,
            digits in 30..60_usize,
            negative in any::<bool>(),
        ) {
            // Both exponents are that far from 0, and a little more; so the order is that of the little.
            let exponent = |more: u32| format!("{}1{more:0>digits$}", if negative { "-" } else { "" });
            let value = |mantissa: i64, shift: u32| {
                i128::from(mantissa) * 10_i128.pow(if negative { 15 - shift } else { shift })
            };
            let expected = value(a, shift_a).cmp(&value(b, shift_b));
            let (a_spelled, b_spelled) =
                (spell(a, &exponent(shift_a), 0, 0, false), spell(b, &exponent(shift_b), 0, 2, false));
            prop_assert_eq!(decimal(&a_spelled).cmp(&decimal(&b_spelled)), expected);
            // Places behind the point count against the exponent, across a carry through all its digits too.
            let nines = "9".repeat(digits);
            let moved = format!("1{}e{nines}", "0".repeat(point + 1));
            let carried = format!("1e1{:0>digits$}", point);
            prop_assert_eq!(decimal(&moved), decimal(&carried));
            let moved = format!("0.{}1e-{nines}", "0".repeat(point));
            let carried = format!("1e-1{point:0>digits$}");
            prop_assert_eq!(decimal(&moved), decimal(&carried));
            // Next to a plain number only the sign of the exponent counts.
            let one = decimal(if a < 0 { "-1" } else { "1" });
            let expected = match (a.signum(), negative) {
                (0, _) => Ordering::Less,
                (1, false) | (-1, true) => Ordering::Greater,
                _ => Ordering::Less,
            };
            prop_assert_eq!(decimal(&a_spelled).cmp(&one), expected);
        }

        #[test]
        fn just_numbers_are_parsed(soup in "[+-]?[0-9]{0,2}[.eE+-]?[0-9]{0,2}[eE.]?[+-]?[0-9]{0,2}[ .e-]?") {
            let number = regex::Regex::new(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$").unwrap();
            prop_assert_eq!(Decimal::parse(&soup).is_some(), number.is_match(&soup));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "+", ".", ".5", "5.", "1e", "1e+", "0x1", "\u{661}", "1\u{e9}", "--1", "1.2.3", "1e2e3",
            "inf", " 1",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn long_numbers_take_no_long_time() {
        let zeros = "0".repeat(200_000);
        assert_eq!(decimal(&format!("{zeros}1")), decimal("1"));
        assert_eq!(decimal(&format!("1.{zeros}")), decimal("1"));
        assert_eq!(decimal(&format!("1{zeros}e-200000")), decimal("1"));
        assert!(decimal(&format!("1.{zeros}1")) > decimal("1"));
        assert!(decimal(&format!("1e1{zeros}")) > decimal(&format!("9e{}", "9".repeat(199_999))));
        assert!(decimal(&format!("0.{zeros}1")) < decimal("1e-200000"));
        assert!(decimal(&format!("-1e1{zeros}")) < decimal(&format!("-1e-1{zeros}")));
    }
}
