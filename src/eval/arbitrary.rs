//! Random messages, for property tests and fuzzing: mostly JSON objects, in every spelling that JSON allows.

use std::fmt::Write;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::syntax::filter::WORDS;

/// A random message: a JSON object with random blanks, escapes, duplicate keys and spellings of numbers; sometimes
/// broken; sometimes plain text.
#[derive(Clone, Debug)]
pub struct ArbitraryMessage(pub String);

const NUMBERS: &[&str] =
    &["0", "-0", "1", "1.0", "1e0", "10", "1e1", "-2.5", "9007199254740993", "1E+3", "0.1e1"];

impl<'a> Arbitrary<'a> for ArbitraryMessage {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = String::new();
        match u.int_in_range(0..=9)? {
            0 => text = u.arbitrary()?,
            1..=2 => {
                for _ in 0..u.int_in_range(0..=6)? {
                    text.push_str(u.choose(WORDS)?);
                    text.push_str(u.choose(&[" ", "  ", "\t", "", "\"", "] "])?);
                }
            }
            _ => object(u, &mut text, 0)?,
        }
        if u.ratio(1, 12)? && !text.is_empty() {
            let at = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
            if u.arbitrary()? {
                text.truncate(at);
            } else {
                text.insert_str(at, u.choose(&[",", "}", "\"", "\\", "]", "1", " ", "\u{1}", "nul"])?);
            }
        }
        Ok(ArbitraryMessage(text))
    }
}

fn blank(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    if u.ratio(1, 8)? {
        text.push_str(u.choose(&[" ", "\n", "\t ", "\r\n"])?);
    }
    Ok(())
}

fn object(u: &mut Unstructured<'_>, text: &mut String, depth: usize) -> Result<()> {
    text.push('{');
    for index in 0..u.int_in_range(0..=4)? {
        text.push_str(if index > 0 { "," } else { "" });
        blank(u, text)?;
        let key = if u.ratio(3, 4)? { *u.choose(WORDS)? } else { "a" };
        string(u, text, key)?;
        blank(u, text)?;
        text.push(':');
        value(u, text, depth + 1)?;
    }
    blank(u, text)?;
    text.push('}');
    Ok(())
}

fn value(u: &mut Unstructured<'_>, text: &mut String, depth: usize) -> Result<()> {
    blank(u, text)?;
    match u.int_in_range(0..=9)? {
        0 => text.push_str("null"),
        1 => text.push_str(if u.arbitrary()? { "true" } else { "false" }),
        2..=3 => text.push_str(u.choose(NUMBERS)?),
        4 if depth < 5 => {
            text.push('[');
            for index in 0..u.int_in_range(0..=3)? {
                text.push_str(if index > 0 { "," } else { "" });
                value(u, text, depth + 1)?;
            }
            text.push(']');
        }
        5..=6 if depth < 5 => object(u, text, depth)?,
        _ => {
            let word = u.choose(WORDS)?;
            string(u, text, word)?;
        }
    }
    blank(u, text)
}

/// A JSON string, now and then with escapes that are not needed.
fn string(u: &mut Unstructured<'_>, text: &mut String, meant: &str) -> Result<()> {
    text.push('"');
    for c in meant.chars() {
        if c.is_control() || matches!(c, '"' | '\\') || u.ratio(1, 16)? {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else if c == '/' && u.arbitrary()? {
            text.push_str("\\/");
        } else {
            text.push(c);
        }
    }
    text.push('"');
    Ok(())
}
