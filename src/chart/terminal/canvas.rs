//! A field of terminal cells: two by four braille dots each, over shading, under marks.

use std::fmt::Write;

use crate::chart::thin::Dot;

/// Dots a cell, across and down.
pub(super) const ACROSS: usize = 2;
pub(super) const DOWN: usize = 4;

/// The bit of each dot of a braille character, by row and column.
const BITS: [[u8; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
const BRAILLE: u32 = 0x2800;

/// How a cell or a text is painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    #[default]
    Plain,
    Faint,
    Strong,
    Mark,
    Window,
    /// The line at this place among the named ones.
    Line(usize),
}

impl Ink {
    /// The parameters of the escape sequence that switches it on. The basic colours follow the terminal's theme.
    fn code(self) -> &'static str {
        const LINES: [&str; 6] = ["36", "33", "32", "35", "34", "96"];
        match self {
            Ink::Plain => "",
            Ink::Faint => "2",
            Ink::Strong => "1",
            Ink::Mark => "1;31",
            Ink::Window => "33",
            Ink::Line(place) => LINES.get(place % LINES.len()).copied().unwrap_or_default(),
        }
    }
}

/// A line of text whose parts are painted.
#[derive(Debug)]
pub(super) struct Painted {
    out: String,
    ink: Ink,
    colour: bool,
}

impl Painted {
    pub(super) fn new(colour: bool) -> Self {
        Painted { out: String::new(), ink: Ink::Plain, colour }
    }

    /// Adds a text. Blanks at its end are not painted, so that they can be taken away at the end of the line.
    pub(super) fn push(&mut self, ink: Ink, text: &str) {
        let body = text.trim_end_matches(' ');
        self.push_in(ink, body);
        self.push_in(Ink::Plain, text.strip_prefix(body).unwrap_or_default());
    }

    fn push_in(&mut self, ink: Ink, text: &str) {
        if text.is_empty() {
            return;
        }
        if ink != self.ink {
            self.switch(ink);
        }
        self.out.push_str(text);
    }

    /// The line without blanks at its end.
    pub(super) fn finish(mut self) -> String {
        self.switch(Ink::Plain);
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out
    }

    fn switch(&mut self, ink: Ink) {
        if self.colour {
            if self.ink != Ink::Plain {
                self.out.push_str("\u{1b}[0m");
            }
            if ink != Ink::Plain {
                // Writing to a text does not fail.
                let _ = write!(self.out, "\u{1b}[{}m", ink.code());
            }
        }
        self.ink = ink;
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    dots: u8,
    ink: Ink,
    /// What shows where there are no dots.
    ground: Option<(char, Ink)>,
    /// What shows over everything.
    mark: Option<(char, Ink)>,
}

/// The field.
#[derive(Debug)]
pub(super) struct Canvas {
    width: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Canvas { width, cells: vec![Cell::default(); width * height] }
    }

    /// Shades a cell, unless it is shaded.
    pub(super) fn ground(&mut self, column: usize, row: usize, c: char, ink: Ink) {
        if let Some(cell) = self.cell(column, row) {
            cell.ground.get_or_insert((c, ink));
        }
    }

    /// Puts a character over everything.
    pub(super) fn mark(&mut self, column: usize, row: usize, c: char, ink: Ink) {
        if let Some(cell) = self.cell(column, row) {
            cell.mark = Some((c, ink));
        }
    }

    /// A line through places counted in dots.
    pub(super) fn polyline(&mut self, dots: &[Dot], ink: Ink) {
        let place = |dot: &Dot| (dot.x.floor() as i64, dot.y.floor() as i64);
        if let Some(first) = dots.first() {
            self.dot(place(first), ink);
        }
        for pair in dots.windows(2) {
            if let [from, to] = pair {
                self.segment(place(from), place(to), ink);
            }
        }
    }

    /// Bresenham's line.
    fn segment(&mut self, from: (i64, i64), to: (i64, i64), ink: Ink) {
        let (wide, high) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let step = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let (mut at, mut error) = (from, wide + high);
        loop {
            self.dot(at, ink);
            if at == to {
                return;
            }
            let twice = 2 * error;
            if twice >= high {
                error += high;
                at.0 += step.0;
            }
            if twice <= wide {
                error += wide;
                at.1 += step.1;
            }
        }
    }

    fn dot(&mut self, (x, y): (i64, i64), ink: Ink) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        let bit = BITS.get(y % DOWN).and_then(|row| row.get(x % ACROSS)).copied().unwrap_or_default();
        if let Some(cell) = self.cell(x / ACROSS, y / DOWN) {
            cell.dots |= bit;
            cell.ink = ink;
        }
    }

    fn cell(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
        if column >= self.width {
            return None;
        }
        self.cells.get_mut(row * self.width + column)
    }

    /// The rows from top to bottom, each pushed behind what stands before it.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Fn(&mut Painted) + '_> + '_ {
        self.cells.chunks(self.width.max(1)).map(|row| {
            move |line: &mut Painted| {
                for cell in row {
                    let (c, ink) = cell.shown();
                    line.push(ink, c.encode_utf8(&mut [0; 4]));
                }
            }
        })
    }
}

impl Cell {
    fn shown(&self) -> (char, Ink) {
        if let Some(mark) = self.mark {
            return mark;
        }
        if self.dots != 0 {
            return (char::from_u32(BRAILLE + u32::from(self.dots)).unwrap_or(' '), self.ink);
        }
        self.ground.unwrap_or((' ', Ink::Plain))
    }
}
