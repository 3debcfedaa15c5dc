//! Rows as JSON objects: members in the order of the columns, every value a string.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::Column;

/// Rows as one array, or as one object a line.
pub(super) struct Json<'w> {
    /// The names, quoted.
    names: Vec<String>,
    lines: bool,
    any: bool,
    row: Vec<u8>,
    out: BufWriter<&'w mut dyn Write>,
}

impl<'w> Json<'w> {
    pub(super) fn array(columns: &[Column], out: &'w mut dyn Write) -> Self {
        Json {
            names: columns
                .iter()
                .map(|column| serde_json::Value::from(column.name.as_str()).to_string())
                .collect(),
            lines: false,
            any: false,
            row: Vec::new(),
            out: BufWriter::new(out),
        }
    }

    pub(super) fn lines(columns: &[Column], out: &'w mut dyn Write) -> Self {
        Json { lines: true, ..Json::array(columns, out) }
    }

    pub(super) fn row(&mut self, cells: &[Option<Cow<'_, str>>]) -> io::Result<()> {
        self.row.clear();
        if !self.lines {
            self.row.extend_from_slice(if self.any { b",\n  " } else { b"[\n  " });
        }
        self.any = true;
        self.object(cells)?;
        if self.lines {
            self.row.push(b'\n');
        }
        self.out.write_all(&self.row)
    }

    fn object(&mut self, cells: &[Option<Cow<'_, str>>]) -> io::Result<()> {
        self.row.push(b'{');
        let mut empty = true;
        for (name, cell) in self.names.iter().zip(cells) {
            let Some(cell) = cell else { continue };
            if !empty {
                self.row.push(b',');
            }
            empty = false;
            if !self.lines {
                self.row.extend_from_slice(b"\n    ");
            }
            self.row.extend_from_slice(name.as_bytes());
            self.row.extend_from_slice(if self.lines { b":" } else { b": " });
            serde_json::to_writer(&mut self.row, &**cell)?;
        }
        if !self.lines && !empty {
            self.row.extend_from_slice(b"\n  ");
        }
        self.row.push(b'}');
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        match (self.lines, self.any) {
            (true, _) => {}
            (false, true) => self.out.write_all(b"\n]\n")?,
            (false, false) => self.out.write_all(b"[]\n")?,
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{plain, printed};

    #[test]
    fn an_array_holds_one_object_a_row_in_the_order_of_the_columns() {
        let text = printed(plain(Format::Json), &["z", "a"], &[&["1", "x"], &["-", "-"], &["-", ""]]);
        assert_eq!(
            text,
            concat!(
                "[\n  {\n    \"z\": \"1\",\n    \"a\": \"x\"\n  },\n",
                "  {},\n",
                "  {\n    \"a\": \"\"\n  }\n]\n"
            )
        );
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::json!([{ "z": "1", "a": "x" }, {}, { "a": "" }]));
    }

    #[test]
    fn no_rows_are_an_empty_array_or_no_line() {
        assert_eq!(printed(plain(Format::Json), &["a"], &[]), "[]\n");
        assert_eq!(printed(plain(Format::Ndjson), &["a"], &[]), "");
    }

    #[test]
    fn a_line_is_one_object_and_texts_are_escaped() {
        assert_eq!(
            printed(
                plain(Format::Ndjson),
                &["a\"b", "é"],
                &[&["line\nfeed \u{1b}[0m \\", "日本"], &["-", "-"]]
            ),
            "{\"a\\\"b\":\"line\\nfeed \\u001b[0m \\\\\",\"é\":\"日本\"}\n{}\n"
        );
    }
}
