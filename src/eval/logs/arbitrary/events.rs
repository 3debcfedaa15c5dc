//! Log events: mostly JSON objects, some lines of text, a few with fields of the service.

use arbitrary::{Result, Unstructured};

use super::START;
use super::words::{KEYS, NUMBERS, WORDS};
use crate::EpochMillis;
use crate::eval::logs::MemoryRecord;
use crate::values::Value;

/// So many events at most.
pub(super) fn records(u: &mut Unstructured<'_>, most: usize) -> Result<Vec<MemoryRecord>> {
    let mut records = Vec::new();
    for _ in 0..u.int_in_range(0..=most)? {
        let time = |u: &mut Unstructured<'_>| Ok(EpochMillis(START + 30_000 * u.int_in_range(0..=100)?));
        let mut message = String::new();
        match u.int_in_range(0..=9)? {
            0 => message.push_str(u.choose(WORDS)?),
            1 => {
                message.push_str(u.choose(&["[ERROR] disk ", "a=1 b=", "took ", "Exception: ", "x "])?);
                message.push_str(u.choose(NUMBERS)?);
                if u.arbitrary()? {
                    message.push_str(" ms ");
                    object(u, &mut message, 2)?;
                    message.push_str(" end");
                }
            }
            2 => message.push_str(
                "REPORT RequestId: r1\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB",
            ),
            _ => object(u, &mut message, 0)?,
        }
        records.push(MemoryRecord {
            message,
            timestamp: if u.ratio(3, 4)? { Some(time(u)?) } else { None },
            ingestion_time: if u.ratio(1, 8)? { Some(time(u)?) } else { None },
            log_stream: if u.ratio(1, 8)? { Some("s1".to_owned()) } else { None },
            log: None,
            system: if u.ratio(1, 8)? { vec![("@type".into(), Value::text_of("END"))] } else { Vec::new() },
        });
    }
    Ok(records)
}

fn object(u: &mut Unstructured<'_>, out: &mut String, depth: usize) -> Result<()> {
    out.push('{');
    // So many that what follows is perhaps not discovered any more.
    let before = if depth == 0 && u.ratio(1, 24)? { u.int_in_range(194..=202)? } else { 0 };
    (0..before).for_each(|at| out.push_str(&format!("{}\"f{at}\":{at}", if at > 0 { "," } else { "" })));
    for index in 0..u.int_in_range(0..=if depth == 0 { 6 } else { 2 })? {
        out.push_str(if index + before > 0 { "," } else { "" });
        let key = u.choose(KEYS)?;
        string(u, out, key)?;
        out.push_str(u.choose(&[":", " : "])?);
        value(u, out, depth + 1)?;
    }
    out.push('}');
    Ok(())
}

fn value(u: &mut Unstructured<'_>, out: &mut String, depth: usize) -> Result<()> {
    match u.int_in_range(0..=11)? {
        0 => out.push_str("null"),
        1 => out.push_str(if u.arbitrary()? { "true" } else { "false" }),
        2..=4 => out.push_str(u.choose(NUMBERS)?.trim_start_matches("00")),
        5 if depth < 4 => {
            out.push('[');
            for index in 0..u.int_in_range(0..=3)? {
                out.push_str(if index > 0 { "," } else { "" });
                value(u, out, depth + 1)?;
            }
            out.push(']');
        }
        6..=7 if depth < 4 => object(u, out, depth)?,
        _ => {
            let word = u.choose(WORDS)?;
            string(u, out, word)?;
        }
    }
    Ok(())
}

/// A JSON string, now and then with escapes that are not needed.
fn string(u: &mut Unstructured<'_>, out: &mut String, meant: &str) -> Result<()> {
    out.push('"');
    for c in meant.chars() {
        if c.is_control() || matches!(c, '"' | '\\') || u.ratio(1, 24)? {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else if c == '/' && u.arbitrary()? {
            out.push_str("\\/");
        } else {
            out.push(c);
        }
    }
    out.push('"');
    Ok(())
}
