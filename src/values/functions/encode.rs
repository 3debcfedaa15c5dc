//! Hashes and encodings of text (`spec/logs-insights.md` 3.3, 3.6).

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::Sha256;

use super::numeric::{integer, whole_part};
use super::text;
use crate::values::value::Value;

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn md5<'e>(value: &Value<'e>) -> Value<'e> {
    text::of(value, |text| Some(HEXLOWER.encode(&Md5::digest(text))))
}

pub(super) fn sha256<'e>(value: &Value<'e>) -> Value<'e> {
    text::of(value, |text| Some(HEXLOWER.encode(&Sha256::digest(text))))
}

pub(super) fn url_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A `%` without two hexadecimal digits stays; a text that would not be UTF-8 stays whole.
pub(super) fn url_decode(text: &str) -> String {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => text.to_owned(),
    }
}

pub(super) fn base64_encode(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

/// `None` for what is not in the standard alphabet and padded, or is no UTF-8 once decoded.
pub(super) fn base64_decode(text: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(text.as_bytes()).ok()?).ok()
}

/// `None` for what is not pairs of digits, or is no UTF-8 once decoded.
pub(super) fn hex_to_ascii(text: &str) -> Option<String> {
    String::from_utf8(HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?).ok()
}

pub(super) fn hex_to_dec(value: &Value<'_>) -> Value<'static> {
    let number = value.text().and_then(|text| {
        let (negative, text) = match text.strip_prefix('-') {
            Some(magnitude) => (true, magnitude),
            None => (false, &*text),
        };
        let digits = text.strip_prefix("0x").or(text.strip_prefix("0X")).unwrap_or(text);
        // Rust's parser takes a sign too.
        let magnitude = match digits.starts_with('+') {
            true => return None,
            false => i128::from(u64::from_str_radix(digits, 16).ok()?),
        };
        Some(if negative { -magnitude } else { magnitude })
    });
    number.map_or(Value::Missing, integer)
}

pub(super) fn dec_to_hex(value: &Value<'_>) -> Value<'static> {
    match whole_part(value).and_then(|whole| i64::try_from(whole).ok()) {
        Some(whole) => {
            let sign = if whole < 0 { "-" } else { "" };
            Value::text_of(format!("{sign}{:#x}", whole.unsigned_abs()))
        }
        None => Value::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, number, text};
    use super::*;

    #[test]
    fn known_encodings() {
        for (name, argument, expected) in [
            ("md5", "abc", Some("900150983cd24fb0d6963f7d28e17f72")),
            ("md5", "", Some("d41d8cd98f00b204e9800998ecf8427e")),
            ("sha256", "abc", Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
            ("urlencode", "a b", Some("a%20b")),
            ("urlencode", "a-_.~/?\u{e9}+", Some("a-_.~%2F%3F%C3%A9%2B")),
            ("urldecode", "a%20b+c%C3%a9", Some("a b+c\u{e9}")),
            ("urldecode", "100%, %zz %2", Some("100%, %zz %2")),
            ("urldecode", "%ff", Some("%ff")),
            ("base64encode", "hi", Some("aGk=")),
            ("base64encode", "", Some("")),
            ("base64decode", "aGk=", Some("hi")),
            ("base64decode", "aGk", None),
            ("base64decode", "a_k=", None),
            ("base64decode", "/w==", None),
            ("hexToAscii", "48656c6c6f", Some("Hello")),
            ("hexToAscii", "4A4b", Some("JK")),
            ("hexToAscii", "486", None),
            ("hexToAscii", "zz", None),
            ("hexToDec", "0xff", Some("255")),
            ("hexToDec", "FF", Some("255")),
            ("hexToDec", "-0x10", Some("-16")),
            ("hexToDec", "ffffffffffffffff", Some("18446744073709551615")),
            ("hexToDec", "10000000000000000", None),
            ("hexToDec", "0x", None),
            ("hexToDec", "+1", None),
            ("hexToDec", "0x-1", None),
            ("hexToDec", "g", None),
            ("decToHex", "255", Some("0xff")),
            ("decToHex", "-255.9", Some("-0xff")),
            ("decToHex", "-9223372036854775808", Some("-0x8000000000000000")),
            ("decToHex", "9223372036854775808", None),
            ("decToHex", "junk", None),
        ] {
            assert_eq!(call(name, &[text(argument)]).as_deref(), expected, "{name}({argument})");
        }
        assert_eq!(call("decToHex", &[number(255.0)]).as_deref(), Some("0xff"));
        assert_eq!(call("md5", &[number(1.5)]), call("md5", &[text("1.5")]));
        for name in ["md5", "sha256", "urlencode", "base64decode", "hexToDec", "decToHex"] {
            assert_eq!(call(name, &[Value::Missing]), None, "{name}");
        }
    }
}
