//! Rows as a table: columns two blanks apart, a thin rule under their names.
//!
//! Nothing that stands in a log can steer the terminal: control characters and those that turn the direction of
//! writing are shown escaped.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthChar;

use super::{Column, Layout};

const NAME: Style = Style::new().bold();
const RULE: Style = Style::new().dimmed();
const GAP: &str = "  ";
/// A column is never made narrower; where all have come to this, lines are longer than the terminal is wide.
const NARROWEST: usize = 3;
/// A text column is not made narrower than this to keep numbers whole.
const LEGIBLE: usize = 12;
/// Where nothing is cut, a longer cell pushes those behind it to the right instead of widening every row.
const WIDEST_PADDING: usize = 120;

/// Rows that wait until all widths are known.
pub(super) struct Table<'w> {
    columns: Vec<Head>,
    /// Row after row.
    cells: Vec<Shown>,
    /// No cell is kept beyond this width.
    most: usize,
    layout: Layout,
    out: &'w mut dyn Write,
}

struct Head {
    name: Shown,
    /// Of the widest cell, the name included.
    width: usize,
    numeric: Option<bool>,
    /// Whether there was a value.
    any: bool,
    /// Whether all values were numbers.
    numbers: bool,
}

/// A text as it is shown, and the cells of the terminal that it takes.
struct Shown {
    text: Box<str>,
    width: usize,
}

impl<'w> Table<'w> {
    pub(super) fn new(columns: &[Column], layout: Layout, out: &'w mut dyn Write) -> Self {
        let most = layout.width.unwrap_or(usize::MAX);
        let columns = columns
            .iter()
            .map(|column| {
                let name = Shown::new(&column.name, most);
                let width = name.width;
                Head { name, width, numeric: column.numeric, any: false, numbers: true }
            })
            .collect();
        Table { columns, cells: Vec::new(), most, layout, out }
    }

    pub(super) fn row(&mut self, cells: &[Option<Cow<'_, str>>]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let shown = Shown::new(cell.as_deref().unwrap_or_default(), self.most);
            column.width = column.width.max(shown.width);
            if let Some(text) = cell {
                column.any = true;
                column.numbers = column.numbers && is_number(text);
            }
            self.cells.push(shown);
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        let mut out = BufWriter::new(self.out);
        if self.columns.is_empty() {
            return out.flush();
        }
        let widths = widths(&self.columns, self.layout.width);
        let cuts = self.layout.width.is_some();
        let line = |cells: &mut dyn Iterator<Item = &Shown>| {
            let mut line = String::new();
            for (index, ((cell, column), width)) in cells.zip(&self.columns).zip(&widths).enumerate() {
                if index > 0 {
                    line.push_str(GAP);
                }
                cell.write(*width, cuts, column.is_numeric(), &mut line);
            }
            line.truncate(line.trim_end_matches(' ').len());
            line
        };
        let names = line(&mut self.columns.iter().map(|column| &column.name));
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        let rule = rule.join(GAP);
        if self.layout.colour {
            writeln!(out, "{NAME}{names}{NAME:#}\n{RULE}{rule}{RULE:#}")?;
        } else {
            writeln!(out, "{names}\n{rule}")?;
        }
        for row in self.cells.chunks(self.columns.len()) {
            writeln!(out, "{}", line(&mut row.iter()))?;
        }
        out.flush()
    }
}

impl Head {
    fn is_numeric(&self) -> bool {
        self.numeric.unwrap_or(self.any && self.numbers)
    }
}

impl Shown {
    /// Reads no more of `text` than shows that it is wider than `most`.
    fn new(text: &str, most: usize) -> Self {
        let mut shown = String::new();
        let mut width = 0;
        for c in text.chars() {
            if width > most {
                break;
            }
            if steers(c) {
                let before = shown.len();
                shown.extend(c.escape_default());
                width += shown.len() - before;
            } else {
                shown.push(c);
                width += c.width().unwrap_or_default();
            }
        }
        Shown { text: shown.into(), width }
    }

    fn write(&self, width: usize, cuts: bool, right: bool, line: &mut String) {
        let (text, taken) = if cuts && self.width > width { self.cut(width) } else { self.whole() };
        let padding = width.saturating_sub(taken);
        if right {
            line.extend(std::iter::repeat_n(' ', padding));
        }
        line.push_str(&text);
        if !right {
            line.extend(std::iter::repeat_n(' ', padding));
        }
    }

    fn whole(&self) -> (Cow<'_, str>, usize) {
        (Cow::Borrowed(&self.text), self.width)
    }

    /// The beginning, and a sign that more follows.
    fn cut(&self, width: usize) -> (Cow<'_, str>, usize) {
        let mut kept = String::new();
        let mut taken = 0;
        for c in self.text.chars() {
            let next = c.width().unwrap_or_default();
            if taken + next + 1 > width {
                break;
            }
            kept.push(c);
            taken += next;
        }
        kept.push('…');
        (Cow::Owned(kept), taken + 1)
    }
}

/// Whether a terminal would do something else than show it: control characters, line separators, marks of direction.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// How wide each column is shown. What is too wide for the terminal is taken from the widest text columns first.
fn widths(columns: &[Head], terminal: Option<usize>) -> Vec<usize> {
    let whole: Vec<usize> = columns.iter().map(|column| column.width).collect();
    let Some(terminal) = terminal else {
        return whole.into_iter().map(|width| width.min(WIDEST_PADDING)).collect();
    };
    let room = terminal.saturating_sub(GAP.len() * columns.len().saturating_sub(1));
    let numbers: usize = columns.iter().filter(|column| column.is_numeric()).map(|column| column.width).sum();
    let legible: usize =
        columns.iter().filter(|column| !column.is_numeric()).map(|column| column.width.min(LEGIBLE)).sum();
    if numbers.saturating_add(legible) > room {
        return share(&whole, room);
    }
    let texts: Vec<usize> =
        columns.iter().map(|column| if column.is_numeric() { 0 } else { column.width }).collect();
    let shared = share(&texts, room - numbers);
    columns
        .iter()
        .zip(shared)
        .map(|(column, shared)| if column.is_numeric() { column.width } else { shared })
        .collect()
}

/// Shares `room` out: the narrow get what they want, the others the same part of what is left.
fn share(wanted: &[usize], room: usize) -> Vec<usize> {
    let mut narrow_first: Vec<usize> = (0..wanted.len()).collect();
    narrow_first.sort_by_key(|index| wanted.get(*index));
    let mut given = vec![0; wanted.len()];
    let (mut left, mut sharers) = (room, wanted.len());
    for index in narrow_first {
        if let (Some(wanted), Some(given)) = (wanted.get(index), given.get_mut(index)) {
            *given = (left / sharers.max(1)).max(NARROWEST).min(*wanted);
            left = left.saturating_sub(*given);
        }
        sharers -= 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::super::tests::{plain, printed};
    use super::super::{Format, Layout};
    use super::*;

    fn wide(width: usize) -> Layout {
        Layout { width: Some(width), ..plain(Format::Table) }
    }

    #[test]
    fn numbers_stand_to_the_right_and_nothing_trails() {
        let rows: &[&[&str]] = &[&["GetObject", "12", "x"], &["PutObject", "3.5", "-"], &["-", "-", "-"]];
        assert_eq!(
            printed(plain(Format::Table), &["eventName", "n", "note"], rows),
            concat!(
                "eventName    n  note\n",
                "─────────  ───  ────\n",
                "GetObject   12  x\n",
                "PutObject  3.5\n",
                "\n",
            )
        );
    }

    #[test]
    fn one_text_among_numbers_makes_a_text_column() {
        assert_eq!(
            printed(plain(Format::Table), &["code"], &[&["404"], &["-"], &["n/a"]]),
            "code\n────\n404\n\nn/a\n"
        );
        for text in ["1", "-2.5", "1e3", "007"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "inf", "NaN", "-", "1 2", "2026-03-01 10:05:00.000", "1.2.3.4"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn the_long_column_gets_what_is_left() {
        let message = "abcdefghij".repeat(10);
        // 30 less 3 for `bin`, 2 for `n`, and two gaps of 2: 21, of which one is the ellipsis.
        assert_eq!(
            printed(wide(30), &["bin", "@message", "n"], &[&["a", &message, "42"], &["b", "short", "7"]]),
            concat!(
                "bin  @message                n\n",
                "───  ─────────────────────  ──\n",
                "a    abcdefghijabcdefghij…  42\n",
                "b    short                   7\n",
            )
        );
    }

    #[test]
    fn without_a_terminal_nothing_is_cut() {
        let long = "x".repeat(500);
        let text = printed(plain(Format::Table), &["a", "b"], &[&[&long, "y"], &["1", "z"]]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], format!("{long}  y"));
        assert_eq!(lines[3], format!("1{}  z", " ".repeat(119)));
    }

    #[test]
    fn width_is_what_the_terminal_shows() {
        // A CJK character takes two cells, a combining accent none.
        assert_eq!(
            printed(wide(80), &["a", "b"], &[&["日本", "1"], &["e\u{301}x", "2"]]),
            "a     b\n────  ─\n日本  1\ne\u{301}x    2\n"
        );
        assert_eq!(printed(wide(6), &["a"], &[&["日本日本"]]), "a\n──────\n日本…\n");
    }

    #[test]
    fn what_would_steer_the_terminal_is_shown() {
        assert_eq!(
            printed(plain(Format::Table), &["a\nb"], &[&["\u{1b}[31m\t\r\u{9b}\u{202e}"]]),
            format!("a\\nb\n{}\n\\u{{1b}}[31m\\t\\r\\u{{9b}}\\u{{202e}}\n", "─".repeat(28))
        );
    }

    #[test]
    fn only_the_head_is_painted() {
        let layout = Layout { colour: true, ..plain(Format::Table) };
        assert_eq!(printed(layout, &["a"], &[&["1"]]), "\u{1b}[1ma\u{1b}[0m\n\u{1b}[2m─\u{1b}[0m\n1\n");
    }

    #[test]
    fn a_result_without_rows_has_its_head() {
        assert_eq!(printed(plain(Format::Table), &["a", "bc"], &[]), "a  bc\n─  ──\n");
        assert_eq!(printed(plain(Format::Table), &[], &[&[]]), "");
    }

    #[test]
    fn lines_fit_every_terminal_that_has_room_for_three_cells_a_column() {
        let long = "日本語 text ".repeat(40);
        let columns = ["one", "two", "three", "four"];
        let row: &[&str] = &["2026-03-01 10:05:00.000", &long, "123456789012", &long];
        for width in 18..200 {
            for line in printed(wide(width), &columns, &[row, row]).lines() {
                let taken: usize = line.chars().filter_map(|c| c.width()).sum();
                assert!(taken <= width, "{taken} in {width}: {line}");
            }
        }
        printed(wide(0), &columns, &[row]);
    }
}
