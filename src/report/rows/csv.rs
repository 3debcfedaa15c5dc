//! Rows as comma-separated values (RFC 4180), lines ended by a line feed.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Column;

/// Rows under a header.
pub(super) struct Csv<'w> {
    out: ::csv::Writer<&'w mut dyn Write>,
}

impl<'w> Csv<'w> {
    pub(super) fn new(columns: &[Column], out: &'w mut dyn Write) -> io::Result<Self> {
        let mut out = ::csv::Writer::from_writer(out);
        if !columns.is_empty() {
            out.write_record(columns.iter().map(|column| &column.name))?;
        }
        Ok(Csv { out })
    }

    pub(super) fn row(&mut self, cells: &[Option<Cow<'_, str>>]) -> io::Result<()> {
        if !cells.is_empty() {
            self.out.write_record(cells.iter().map(|cell| cell.as_deref().unwrap_or_default()))?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{plain, printed};

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows: &[&[&str]] = &[&["plain", "a,b"], &["say \"hi\"", "two\nlines"], &["-", " blank "]];
        assert_eq!(
            printed(plain(Format::Csv), &["first", "count(a, b)"], rows),
            "first,\"count(a, b)\"\nplain,\"a,b\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n, blank \n"
        );
    }

    #[test]
    fn a_lone_missing_cell_is_not_a_blank_line() {
        assert_eq!(printed(plain(Format::Csv), &["a"], &[&["-"], &["1"]]), "a\n\"\"\n1\n");
    }

    #[test]
    fn the_header_is_there_without_rows() {
        assert_eq!(printed(plain(Format::Csv), &["a", "b"], &[]), "a,b\n");
        assert_eq!(printed(plain(Format::Csv), &[], &[&[]]), "");
    }
}
