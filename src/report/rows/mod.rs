//! Rows of a query's result as text: a table for a person, JSON, NDJSON and CSV for programs.

mod csv;
mod json;
mod table;

use std::borrow::Cow;
use std::io::{self, Write};

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns side by side, for a person.
    Table,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values with a header.
    Csv,
}

/// A column of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; no two columns of a result share one.
    pub name: String,
    /// Whether a table aligns it to the right. `None`: where every value it has is a number.
    pub numeric: Option<bool>,
}

impl Column {
    /// A column whose alignment follows from its values.
    pub fn new(name: impl Into<String>) -> Self {
        Column { name: name.into(), numeric: None }
    }
}

/// How the result is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The format.
    pub format: Format,
    /// How many cells of a terminal a line of a table may take. `None`: nothing is cut.
    pub width: Option<usize>,
    /// Whether the head of a table is painted.
    pub colour: bool,
}

/// Prints a result row by row.
///
/// Values are texts as the service renders them (`spec/logs-insights.md` 4.6); `None` is a field that the row does
/// not have: no member in JSON, nothing between two commas in CSV, blank in a table. A table is printed at the end,
/// when the widths are known; the other formats are printed as rows come.
///
/// ```
/// use trailql::report::rows::{Column, Format, Layout, RowWriter};
///
/// let columns = [Column::new("eventName"), Column::new("count(*)")];
/// let layout = Layout { format: Format::Ndjson, width: None, colour: false };
/// let mut out = Vec::new();
/// let mut rows = RowWriter::new(&columns, layout, &mut out)?;
/// rows.row(&[Some("GetObject".into()), Some("3".into())])?;
/// rows.row(&[None, Some("1".into())])?;
/// rows.finish()?;
/// assert_eq!(out, b"{\"eventName\":\"GetObject\",\"count(*)\":\"3\"}\n{\"count(*)\":\"1\"}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Every method returns the error of the stream it writes to, and an error of the kind
/// [`InvalidInput`](io::ErrorKind::InvalidInput) for a row that has not one cell for each column.
pub struct RowWriter<'w> {
    columns: usize,
    body: Body<'w>,
}

enum Body<'w> {
    Table(table::Table<'w>),
    Json(json::Json<'w>),
    Csv(Box<csv::Csv<'w>>),
}

impl<'w> RowWriter<'w> {
    /// Begins a result with these columns.
    pub fn new(columns: &[Column], layout: Layout, out: &'w mut dyn Write) -> io::Result<Self> {
        let body = match layout.format {
            Format::Table => Body::Table(table::Table::new(columns, layout, out)),
            Format::Json => Body::Json(json::Json::array(columns, out)),
            Format::Ndjson => Body::Json(json::Json::lines(columns, out)),
            Format::Csv => Body::Csv(Box::new(csv::Csv::new(columns, out)?)),
        };
        Ok(RowWriter { columns: columns.len(), body })
    }

    /// Takes the next row: one cell for each column, in order.
    pub fn row(&mut self, cells: &[Option<Cow<'_, str>>]) -> io::Result<()> {
        if cells.len() != self.columns {
            let message = format!("a row of {} cells under {} columns", cells.len(), self.columns);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        match &mut self.body {
            Body::Table(table) => {
                table.row(cells);
                Ok(())
            }
            Body::Json(json) => json.row(cells),
            Body::Csv(csv) => csv.row(cells),
        }
    }

    /// Prints what is left. Without it the result is not whole.
    pub fn finish(self) -> io::Result<()> {
        match self.body {
            Body::Table(table) => table.finish(),
            Body::Json(json) => json.finish(),
            Body::Csv(csv) => csv.finish(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What is printed for a result; `-` is a missing field.
    pub(super) fn printed(layout: Layout, columns: &[&str], rows: &[&[&str]]) -> String {
        let columns: Vec<Column> = columns.iter().map(|name| Column::new(*name)).collect();
        let mut out = Vec::new();
        let mut writer = RowWriter::new(&columns, layout, &mut out).unwrap();
        for row in rows {
            let cells: Vec<Option<Cow<'_, str>>> =
                row.iter().map(|cell| (*cell != "-").then_some(Cow::Borrowed(*cell))).collect();
            writer.row(&cells).unwrap();
        }
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    pub(super) fn plain(format: Format) -> Layout {
        Layout { format, width: None, colour: false }
    }

    /// A pipe whose reader has left.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_an_error_in_every_format() {
        for format in [Format::Table, Format::Json, Format::Ndjson, Format::Csv] {
            let mut out = Closed;
            let result =
                RowWriter::new(&[Column::new("a")], plain(format), &mut out).and_then(|mut writer| {
                    writer.row(&[Some("1".into())])?;
                    writer.finish()
                });
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::BrokenPipe, "{format:?}");
        }
    }

    #[test]
    fn a_row_has_one_cell_for_each_column() {
        for format in [Format::Table, Format::Json, Format::Ndjson, Format::Csv] {
            let mut out = Vec::new();
            let mut writer = RowWriter::new(&[Column::new("a")], plain(format), &mut out).unwrap();
            let error = writer.row(&[None, None]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
    }
}
