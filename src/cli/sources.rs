//! The texts that a command is given: by `-e`, in files, on standard input.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::byte_order_mark;

use super::Failure;

/// A text and what it is called.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

/// The texts given by `-e`, or in files, or on standard input.
pub(super) fn read_sources(expressions: &[String], paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let given = expressions.iter().map(|text| Ok(Source { name: "<expression>".into(), text: text.clone() }));
    given.chain(paths.iter().map(|path| read_source(path))).collect()
}

/// More than any language of the service takes in one text.
const LARGEST_TEXT: u64 = 16 << 20;

/// Reads one text. Neither the mark that begins a file nor the line feed that ends it is part of it.
fn read_source(path: &Path) -> Result<Source, Failure> {
    let mut source = read_whole(path)?;
    source.text.drain(..byte_order_mark::length(&source.text));
    if source.text.ends_with('\n') {
        source.text.truncate(source.text.len() - 1);
        if source.text.ends_with('\r') {
            source.text.truncate(source.text.len() - 1);
        }
    }
    Ok(source)
}

/// Reads one file as it is; `-` is standard input.
pub(super) fn read_whole(path: &Path) -> Result<Source, Failure> {
    let (name, bytes) = if path.as_os_str() == "-" {
        ("<stdin>".to_owned(), read_limited(io::stdin().lock()))
    } else {
        (path.display().to_string(), std::fs::File::open(path).and_then(read_limited))
    };
    let failed = |reason: String| Failure::Input { name: name.clone(), reason };
    let bytes = bytes.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(failed("the text has more than 16 MiB; a query has 10,000 characters at most".into()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        failed(format!("byte {at} is not UTF-8; save the text as UTF-8"))
    })?;
    Ok(Source { name, text })
}

fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_TEXT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
