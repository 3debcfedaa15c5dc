//! Tables for `lookup` and `cidrlookup`: read from CSV, found by value or by network (`spec/logs-insights.md` 2.3).

use std::collections::HashMap;
use std::net::IpAddr;

use memchr::memchr_iter;

use crate::byte_order_mark;

/// A lookup table: named columns, rows in the order of the file.
///
/// ```
/// use trailql::values::LookupTable;
///
/// let table = LookupTable::from_csv(b"id,name\n1,Ann\n2,Bob\n")?;
/// let index = table.index(&[0]);
/// let row = index.find(&["2"]).and_then(|row| table.cell(row, 1));
/// assert_eq!(row, Some("Bob"));
/// # Ok::<(), trailql::values::LookupError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LookupTable {
    columns: Vec<String>,
    /// All cells, one after the other.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    /// The line of the file on which each row begins.
    lines: Vec<u32>,
}

/// Why a lookup table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// More than the service takes.
    #[error("the table has {bytes} bytes; a lookup table has 10 MB ({most} bytes) at most", most = LookupTable::MAX_BYTES)]
    TooLarge {
        /// What it has.
        bytes: usize,
    },
    /// Not a text.
    #[error("line {line} of the table is not UTF-8; save the table as UTF-8")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
    },
    /// No line at all.
    #[error("the table is empty; its first line must name the columns")]
    NoHeader,
    /// Two columns of one name.
    #[error("the header of the table names the column `{name}` twice; rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
    },
    /// A row that is longer or shorter than the header.
    #[error("line {line} of the table has {found} cells, its header has {expected}")]
    Ragged {
        /// Counted from 1.
        line: u64,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A quotation mark that opens and does not close.
    #[error(
        "the row on line {line} of the table has a `\"` without its partner; put the cell in quotes and double the quotes inside"
    )]
    Quote {
        /// Counted from 1.
        line: u64,
    },
    /// A cell that should hold a network.
    #[error(
        "`{text}` on line {line} of the table is no network; write it like `10.0.0.0/8` or `2001:db8::/32`"
    )]
    BadNetwork {
        /// Counted from 1.
        line: u64,
        /// The cell.
        text: String,
    },
}

impl LookupTable {
    /// The largest table, in bytes of CSV.
    pub const MAX_BYTES: usize = 10 << 20;

    /// Reads a table: RFC 4180 with a header, in UTF-8 with or without a byte order mark. Blank lines are no rows;
    /// blanks around names and values belong to them.
    ///
    /// # Errors
    ///
    /// Where the table is too large, is not UTF-8, has no header, names a column twice, leaves a quote open, or has a
    /// row that is not as long as the header.
    pub fn from_csv(bytes: &[u8]) -> Result<Self, LookupError> {
        if bytes.len() > LookupTable::MAX_BYTES {
            return Err(LookupError::TooLarge { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            LookupError::NotUtf8 { line: 1 + feeds(before) }
        })?;
        let mut records = Records::new(byte_order_mark::behind(text));
        let header = records.next()?.ok_or(LookupError::NoHeader)?;
        let mut table = LookupTable {
            columns: header.cells.iter().map(str::to_owned).collect(),
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        };
        if let Some(name) = duplicate(&table.columns) {
            return Err(LookupError::DuplicateColumn { name: name.to_owned() });
        }
        while let Some(record) = records.next()? {
            let (expected, found) = (table.columns.len(), record.cells.len());
            if found != expected {
                return Err(LookupError::Ragged { line: record.line, expected, found });
            }
            table.push(&record);
        }
        Ok(table)
    }

    // The text is smaller than `MAX_BYTES`, so that every position and line fits.
    fn push(&mut self, record: &Record<'_>) {
        for cell in record.cells {
            self.text.push_str(cell);
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.lines.push(u32::try_from(record.line).unwrap_or(u32::MAX));
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The position of a column; its name counts letter by letter.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// How many rows there are, the header aside.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A cell; `None` where there is no such row or column.
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        if column >= self.columns.len() {
            return None;
        }
        let index = row.checked_mul(self.columns.len())?.checked_add(column)?;
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }

    /// Rows by their values in `columns`: exact, letter by letter; of several rows the first counts.
    ///
    /// A column that the table does not have is equal to nothing, so that no row is found.
    pub fn index(&self, columns: &[usize]) -> LookupIndex {
        let mut rows = HashMap::new();
        let mut values = Vec::with_capacity(columns.len());
        for row in 0..self.len() {
            values.clear();
            values.extend(columns.iter().map_while(|column| self.cell(row, *column)));
            if values.len() == columns.len() {
                rows.entry(key(&values)).or_insert(row);
            }
        }
        LookupIndex { columns: columns.len(), rows }
    }

    /// Rows by the network that `column` holds. Bits behind the prefix are ignored; an address without a prefix stands
    /// for itself alone.
    ///
    /// # Errors
    ///
    /// Where a cell of the column is no network.
    pub fn networks(&self, column: usize) -> Result<CidrIndex, LookupError> {
        let mut index = CidrIndex::default();
        for (row, line) in self.lines.iter().enumerate() {
            let text = self.cell(row, column).unwrap_or_default();
            let network = Network::parse(text)
                .ok_or_else(|| LookupError::BadNetwork { line: u64::from(*line), text: text.to_owned() })?;
            index.insert(&network, row);
        }
        Ok(index)
    }
}

fn duplicate(names: &[String]) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    names.iter().find(|name| !seen.insert(name.as_str())).map(String::as_str)
}

fn feeds(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// The records of a CSV text, each with the line it begins on.
struct Records<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    cells: csv::StringRecord,
    /// How far lines have been counted.
    at: usize,
    /// The line at `at`.
    line: u64,
}

struct Record<'r> {
    cells: &'r csv::StringRecord,
    line: u64,
}

impl<'t> Records<'t> {
    fn new(text: &'t str) -> Self {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Records { text, reader, cells: csv::StringRecord::new(), at: 0, line: 1 }
    }

    fn next(&mut self) -> Result<Option<Record<'_>>, LookupError> {
        let more = self.reader.read_record(&mut self.cells);
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let read = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        // The reader's own line is that of the blank lines before a record.
        let blank = read.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = self.line + feeds(read.get(..blank).unwrap_or_default());
        self.line += feeds(read);
        self.at = end;
        match more {
            Ok(false) => Ok(None),
            // The reader takes a quote that is never closed to the end of the file.
            _ if memchr_iter(b'"', read).count() % 2 == 1 => Err(LookupError::Quote { line }),
            Ok(true) => Ok(Some(Record { cells: &self.cells, line })),
            // The text is UTF-8 and in memory, and lengths may differ: nothing is left to fail.
            Err(_) => Err(LookupError::NotUtf8 { line }),
        }
    }
}

/// Rows of a table by the values of some columns.
#[derive(Clone, Debug)]
pub struct LookupIndex {
    columns: usize,
    rows: HashMap<Box<[u8]>, usize>,
}

impl LookupIndex {
    /// The first row with these values, in the order of the columns.
    pub fn find(&self, values: &[&str]) -> Option<usize> {
        match values {
            _ if values.len() != self.columns => None,
            [value] => self.rows.get(value.as_bytes()).copied(),
            _ => self.rows.get(&key(values)).copied(),
        }
    }
}

/// The values one after the other, each but the last with its length before it, so that no two lists are one key.
fn key(values: &[&str]) -> Box<[u8]> {
    let Some((last, others)) = values.split_last() else { return Box::default() };
    let mut key = Vec::with_capacity(values.iter().map(|value| value.len() + 8).sum());
    for value in others {
        key.extend_from_slice(&value.len().to_le_bytes());
        key.extend_from_slice(value.as_bytes());
    }
    key.extend_from_slice(last.as_bytes());
    key.into()
}

/// Rows of a table by network.
///
/// ```
/// use trailql::values::LookupTable;
///
/// let table = LookupTable::from_csv(b"cidr,region\n10.0.0.0/8,r1\n10.1.0.0/16,r2\n")?;
/// let networks = table.networks(0)?;
/// assert_eq!(networks.find("10.0.0.5"), Some(0));
/// assert_eq!(networks.find("10.1.2.3"), Some(1));
/// assert_eq!(networks.find("ec2.amazonaws.com"), None);
/// # Ok::<(), trailql::values::LookupError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CidrIndex {
    v4: Networks,
    v6: Networks,
}

/// Networks of one family, by the length of their prefixes, the longest first.
#[derive(Clone, Debug, Default)]
struct Networks {
    by_prefix: Vec<(u8, HashMap<u128, usize>)>,
}

impl CidrIndex {
    /// The row of the smallest network that holds this address; of rows with the same network the first. An IPv4
    /// address is in no IPv6 network, nor the other way round. A text that is no address is in none.
    pub fn find(&self, ip: &str) -> Option<usize> {
        let (bits, width) = number(ip.parse().ok()?);
        let networks = if width == 32 { &self.v4 } else { &self.v6 };
        networks.by_prefix.iter().find_map(|(prefix, rows)| rows.get(&masked(bits, width, *prefix)).copied())
    }

    fn insert(&mut self, network: &Network, row: usize) {
        let networks = if network.width == 32 { &mut self.v4 } else { &mut self.v6 };
        let by_prefix = &mut networks.by_prefix;
        let at = by_prefix.partition_point(|(prefix, _)| *prefix > network.prefix);
        if by_prefix.get(at).is_none_or(|(prefix, _)| *prefix != network.prefix) {
            by_prefix.insert(at, (network.prefix, HashMap::new()));
        }
        if let Some((_, rows)) = by_prefix.get_mut(at) {
            rows.entry(network.bits).or_insert(row);
        }
    }
}

struct Network {
    /// Nothing behind the prefix.
    bits: u128,
    prefix: u8,
    /// 32 or 128.
    width: u8,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let (bits, width) = number(address.parse().ok()?);
        let prefix = match prefix {
            None => width,
            // Rust's own parser takes `+8` too.
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
        };
        (prefix <= width).then(|| Network { bits: masked(bits, width, prefix), prefix, width })
    }
}

fn number(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

/// The address with nothing behind its prefix.
fn masked(bits: u128, width: u8, prefix: u8) -> u128 {
    let host = u32::from(width.saturating_sub(prefix));
    bits.checked_shr(host).and_then(|network| network.checked_shl(host)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> LookupTable {
        LookupTable::from_csv(text.as_bytes()).unwrap()
    }

    fn fault(text: &str) -> LookupError {
        LookupTable::from_csv(text.as_bytes()).unwrap_err()
    }

    fn row(table: &LookupTable, row: usize) -> Vec<&str> {
        (0..table.columns().len()).map(|column| table.cell(row, column).unwrap()).collect()
    }

    #[test]
    fn a_table_has_the_rows_of_its_file() {
        let table = table(
            "\u{feff}id,\"full, name\",note\r\n1,Ann,\r\n\r\n2,\"Bob \"\"B\"\"\",\"two\nlines\"\r\n3, x ,é",
        );
        assert_eq!(table.columns(), ["id", "full, name", "note"]);
        assert_eq!(table.len(), 3);
        assert_eq!(row(&table, 0), ["1", "Ann", ""]);
        assert_eq!(row(&table, 1), ["2", "Bob \"B\"", "two\nlines"]);
        assert_eq!(row(&table, 2), ["3", " x ", "é"]);
        assert_eq!((table.cell(3, 0), table.cell(0, 3), table.cell(usize::MAX, 1)), (None, None, None));
        assert_eq!((table.column("note"), table.column("Note")), (Some(2), None));
    }

    #[test]
    fn a_header_alone_is_a_table() {
        assert!(table("a,b\n").is_empty());
        assert_eq!(table("a").index(&[0]).find(&["a"]), None);
    }

    #[test]
    fn a_broken_table_is_refused_with_its_line() {
        assert_eq!(fault(""), LookupError::NoHeader);
        assert_eq!(fault("\u{feff}\n\n"), LookupError::NoHeader);
        assert_eq!(fault("a,b,a\n"), LookupError::DuplicateColumn { name: "a".into() });
        let ragged = |line, found| LookupError::Ragged { line, expected: 2, found };
        assert_eq!(fault("a,b\n1,2\n3\n"), ragged(3, 1));
        assert_eq!(fault("a,b\r\n1,2\r\n3,4,5\r\n"), ragged(3, 3));
        assert_eq!(fault("a,b\n\"1\n\n1\",2\n\n\n3,4,5"), ragged(7, 3));
        assert_eq!(fault("a,b\n1,2\n3,\"4\n5,6\n"), LookupError::Quote { line: 3 });
        assert_eq!(fault("a,b\n1,5\" pipe\n"), LookupError::Quote { line: 2 });
        assert_eq!(LookupTable::from_csv(b"a,b\n1,\xff\n").unwrap_err(), LookupError::NotUtf8 { line: 2 });
    }

    #[test]
    fn a_table_of_ten_megabytes_is_the_largest() {
        // Lines of 1,024 bytes.
        let line = format!("{}\n", "a".repeat(1023));
        let mut bytes = line.repeat(10 * 1024).into_bytes();
        assert_eq!(LookupTable::from_csv(&bytes).unwrap().len(), 10 * 1024 - 1);
        bytes.push(b'a');
        assert_eq!(
            LookupTable::from_csv(&bytes).unwrap_err(),
            LookupError::TooLarge { bytes: 10 * 1024 * 1024 + 1 }
        );
    }

    #[test]
    fn the_first_row_with_equal_values_is_found() {
        let table = table("ip,port,service\n10.0.0.1,80,web\n10.0.0.1,22,ssh\n10.0.0.1,80,again\nA,,none\n");
        let by_both = table.index(&[0, 1]);
        assert_eq!(by_both.find(&["10.0.0.1", "80"]), Some(0));
        assert_eq!(by_both.find(&["10.0.0.1", "22"]), Some(1));
        assert_eq!(by_both.find(&["10.0.0.1", "443"]), None);
        assert_eq!(by_both.find(&["10.0.0.18", "0"]), None);
        assert_eq!(by_both.find(&["10.0.0.1"]), None);
        let by_port = table.index(&[1]);
        assert_eq!(by_port.find(&["80"]), Some(0));
        assert_eq!(by_port.find(&[""]), Some(3));
        assert_eq!(table.index(&[0]).find(&["a"]), None, "letter by letter");
        assert_eq!(table.index(&[7]).find(&[""]), None, "no such column");
    }

    #[test]
    fn the_smallest_network_wins() {
        let table = table(
            "owner,cidr\nall,0.0.0.0/0\nten,10.0.0.0/8\nsub,10.1.2.3/16\nhost,10.1.0.7\nlate,10.0.0.0/8\nv6,2001:db8::/32\nv6 all,::/0\nv6 host,2001:db8::1/128\n",
        );
        let networks = table.networks(1).unwrap();
        let owner = |ip| networks.find(ip).and_then(|row| table.cell(row, 0));
        assert_eq!(owner("192.0.2.1"), Some("all"));
        assert_eq!(owner("10.200.0.1"), Some("ten"));
        assert_eq!(owner("10.1.255.255"), Some("sub"));
        assert_eq!(owner("10.1.0.7"), Some("host"));
        assert_eq!(owner("2001:db8::2"), Some("v6"));
        assert_eq!(owner("2001:DB8:0::1"), Some("v6 host"));
        assert_eq!(owner("2001:db9::1"), Some("v6 all"));
        assert_eq!(owner("::ffff:10.1.0.7"), Some("v6 all"), "an IPv6 address");
        for ip in ["", "AWS Internal", "ec2.amazonaws.com", "10.0.0", "10.0.0.256", "10.0.0.1/8", "010.0.0.1"]
        {
            assert_eq!(owner(ip), None, "{ip}");
        }
    }

    #[test]
    fn a_cell_that_is_no_network_is_refused_with_its_line() {
        for bad in
            ["", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "::/129", "x/8", "10.0.0.0/8/8"]
        {
            let table = table(&format!("cidr,x\n10.0.0.0/8,\n{bad},\n"));
            assert_eq!(
                table.networks(0).unwrap_err(),
                LookupError::BadNetwork { line: 3, text: bad.into() },
                "{bad}"
            );
        }
    }

    #[test]
    fn many_networks_are_searched_by_prefix_not_one_by_one() {
        let mut text = String::from("cidr\n");
        for third in 0..100_000_u32 {
            text.push_str(&format!("10.{}.{}.{}/31\n", third >> 15, (third >> 7) & 255, (third & 127) << 1));
        }
        let table = table(&text);
        let networks = table.networks(0).unwrap();
        // 100,000 searches in 100,000 rows would take minutes row by row.
        for third in 0..100_000_u32 {
            let ip = format!("10.{}.{}.{}", third >> 15, (third >> 7) & 255, ((third & 127) << 1) + 1);
            assert_eq!(networks.find(&ip), Some(third as usize));
        }
        assert_eq!(networks.find("11.0.0.1"), None);
    }
}
