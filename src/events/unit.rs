//! Units of work: whole inputs, and byte ranges of large files that hold one event a line.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use memchr::memchr;

use super::decode::{self, Counted, Plain, Scratch};
use super::documents::DocumentFramer;
use super::lines::{Consumer, LineFramer};
use super::sniff::{Shape, sniff};
use super::summary::Report;
use super::window::Window;
use super::{Batch, InputForm, MAX_EVENT_BYTES, ProblemKind, Source, Summary};

/// How inputs are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// What the inputs hold.
    pub form: InputForm,
    /// How much is read and handed out at once. Held between 64 bytes and the length of an event. The default fits the
    /// second-level cache of a core.
    pub block_bytes: usize,
    /// A longer event is skipped, without being kept in memory. The default is [`MAX_EVENT_BYTES`].
    pub max_event_bytes: usize,
    /// Length of the byte ranges that a file of more than two of them is split into, where its form allows.
    pub range_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            form: InputForm::Auto,
            block_bytes: 256 << 10,
            max_event_bytes: MAX_EVENT_BYTES,
            range_bytes: 8 << 20,
        }
    }
}

impl ReadOptions {
    fn max_event_bytes(&self) -> usize {
        // Offsets in a batch are 32 bits wide.
        self.max_event_bytes.clamp(64, 1 << 30)
    }

    fn block_bytes(&self) -> usize {
        self.block_bytes.clamp(64, self.max_event_bytes())
    }
}

/// What one worker reads in one go: an input, or a byte range of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    source: Source,
    range: Option<Range>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    start: u64,
    /// Lines that start at or behind this belong to the next range.
    end: u64,
    shape: Shape,
}

impl Unit {
    /// The whole of an input.
    pub fn whole(source: Source) -> Self {
        Unit { source, range: None }
    }

    /// The input.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Whether this is a later byte range of the same file as the unit before. Events and lines are counted from the
    /// start of a unit; see [`Totals`](super::Totals).
    pub fn continues(&self) -> bool {
        self.range.is_some_and(|range| range.start > 0)
    }
}

/// The units that `sources` are read in, in order. A large uncompressed file that holds one event a line becomes many,
/// so that all cores can read it; everything else is one unit.
///
/// Opens files to see what they hold. What cannot be opened is one unit too, and reports its problem when it is read.
pub fn plan_units(sources: &[Source], options: &ReadOptions) -> Vec<Unit> {
    sources
        .iter()
        .flat_map(|source| ranges(source, options).unwrap_or_else(|| vec![Unit::whole(source.clone())]))
        .collect()
}

fn ranges(source: &Source, options: &ReadOptions) -> Option<Vec<Unit>> {
    let Source::File(path) = source else { return None };
    let step = options.range_bytes.max(1);
    let metadata = std::fs::metadata(path).ok().filter(|metadata| metadata.is_file())?;
    let length = metadata.len();
    if length <= step.saturating_mul(2) {
        return None;
    }
    let mut buffer = Vec::new();
    let mut input = Plain(File::open(path).ok()?);
    let mut window = Window::stream(&mut input, &mut buffer, 0, 0, options.block_bytes());
    window.fill();
    if decode::is_compressed(window.ahead()) {
        return None;
    }
    let shape = shape_of(&mut window, options);
    if !matches!(shape, Shape::Lines { .. }) {
        return None;
    }
    let starts = (0..length.div_ceil(step)).map(|index| index * step);
    let unit = |start: u64| {
        // The last one reads on to where the file ends by then.
        let end = if length - start <= step { u64::MAX } else { start + step };
        Unit { source: source.clone(), range: Some(Range { start, end, shape }) }
    };
    Some(starts.map(unit).collect())
}

/// The shape of the input at whose start `window` stands; the window shows as much as before.
fn shape_of(window: &mut Window<'_>, options: &ReadOptions) -> Shape {
    skip_byte_order_mark(window);
    // Decided from no more than an event's length, so that it does not depend on how much is read at once.
    let most = options.max_event_bytes();
    loop {
        let seen = window.ahead().len();
        let (start, whole) = match window.ahead().get(..most) {
            Some(start) => (start, true),
            None => (window.ahead(), window.is_over()),
        };
        if let Some(shape) = sniff(start, whole, options.form) {
            return shape;
        }
        while window.ahead().len() <= seen.saturating_mul(2) && window.fill() {}
    }
}

fn skip_byte_order_mark(window: &mut Window<'_>) {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    while window.ahead().len() < MARK.len() && window.fill() {}
    if window.offset() == 0 && window.ahead().starts_with(MARK) {
        window.consume(MARK.len());
    }
}

/// Reads units one after the other, with buffers that it keeps; each worker has its own.
///
/// ```
/// use std::ops::ControlFlow;
/// use trailql::events::{ReadOptions, Source, UnitReader};
///
/// let delivery = br#"{"Records":[{"eventName":"GetObject"},{"eventName":"ListBuckets"}]}"#;
/// let mut names = Vec::new();
/// let summary = UnitReader::new(ReadOptions::default()).read_stream(
///     Source::Stream,
///     &mut delivery.as_slice(),
///     &mut |batch| {
///         names.extend(batch.events().map(|event| event.raw().to_owned()));
///         ControlFlow::Continue(())
///     },
/// );
/// assert_eq!(names, [r#"{"eventName":"GetObject"}"#, r#"{"eventName":"ListBuckets"}"#]);
/// assert_eq!((summary.events, summary.skipped), (2, 0));
/// ```
pub struct UnitReader<'p> {
    options: ReadOptions,
    progress: Option<&'p AtomicU64>,
    scratch: Scratch,
}

impl<'p> UnitReader<'p> {
    /// A reader with these options.
    pub fn new(options: ReadOptions) -> Self {
        UnitReader { options, progress: None, scratch: Scratch::new() }
    }

    /// Counts the bytes read, as they are stored, into `progress`.
    pub fn with_progress(self, progress: &'p AtomicU64) -> Self {
        UnitReader { progress: Some(progress), ..self }
    }

    /// Reads a unit and hands its events to `consume`, batch by batch, until they end or it breaks off.
    ///
    /// What cannot be read is in the summary, and the rest is read all the same.
    pub fn read(&mut self, unit: &Unit, consume: &mut dyn FnMut(&Batch<'_>) -> ControlFlow<()>) -> Summary {
        let mut report = Report::new(unit.source.clone());
        report.summary.files = u64::from(!unit.continues());
        let result = match &unit.source {
            Source::Stdin => self.run(&mut io::stdin().lock(), None, &mut report, consume),
            Source::Stream => {
                Err(ProblemKind::Unreadable { reason: "a stream has to be passed to `read_stream`".into() })
            }
            Source::File(path) => match unit.range {
                Some(range) => self.run_range(path, range, &mut report, consume),
                None => self.run_file(path, &mut report, consume),
            },
        };
        if let Err(kind) = result {
            report.summary.files = 0;
            report.problem(None, kind);
        }
        report.summary
    }

    /// Reads everything that `input` gives, compressed or not, as [`read`](Self::read) does; `source` is its name.
    pub fn read_stream(
        &mut self,
        source: Source,
        input: &mut dyn Read,
        consume: &mut dyn FnMut(&Batch<'_>) -> ControlFlow<()>,
    ) -> Summary {
        let mut report = Report::new(source);
        report.summary.files = 1;
        if let Err(kind) = self.run(input, None, &mut report, consume) {
            report.summary.files = 0;
            report.problem(None, kind);
        }
        report.summary
    }

    fn run_file(
        &mut self,
        path: &Path,
        report: &mut Report,
        consume: &mut Consumer<'_>,
    ) -> Result<(), ProblemKind> {
        let mut file = File::open(path).map_err(|error| ProblemKind::from_io(&error))?;
        let length =
            file.metadata().ok().filter(|metadata| metadata.is_file()).map(|metadata| metadata.len());
        self.run(&mut file, length, report, consume)
    }

    fn run_range(
        &mut self,
        path: &Path,
        range: Range,
        report: &mut Report,
        consume: &mut Consumer<'_>,
    ) -> Result<(), ProblemKind> {
        let lines = File::open(path).and_then(|file| RangeLines::new(file, range.start, range.end));
        let mut lines = lines.map_err(|error| ProblemKind::from_io(&error))?;
        let base = lines.position;
        let input = Counted::new(&mut lines, self.progress);
        let options = &self.options;
        decode::with_window(&mut self.scratch, input, base, None, options.block_bytes(), |window| {
            frame(window, Some(range.shape), options, report, consume);
        })
    }

    fn run(
        &mut self,
        input: &mut dyn Read,
        length: Option<u64>,
        report: &mut Report,
        consume: &mut Consumer<'_>,
    ) -> Result<(), ProblemKind> {
        let input = Counted::new(input, self.progress);
        let options = &self.options;
        decode::with_window(&mut self.scratch, input, 0, length, options.block_bytes(), |window| {
            frame(window, None, options, report, consume);
        })
    }
}

/// Cuts what the window shows into events, and goes on behind a fault where that is possible.
fn frame(
    window: &mut Window<'_>,
    mut known: Option<Shape>,
    options: &ReadOptions,
    report: &mut Report,
    consume: &mut Consumer<'_>,
) {
    let start = window.offset();
    skip_byte_order_mark(window);
    loop {
        let shape = known.unwrap_or_else(|| shape_of(window, options));
        let max_event_bytes = options.max_event_bytes();
        let flow = match shape {
            Shape::Lines { json, wrap } => {
                LineFramer { json, wrap, max_event_bytes, report, consume: &mut *consume }.run(window)
            }
            _ => DocumentFramer::new(shape, max_event_bytes, report, &mut *consume).run(window),
        };
        report.summary.bytes = window.shown_offset() - start;
        if flow.is_break() {
            return;
        }
        let Some(fault) = window.take_fault() else { return };
        let line = matches!(shape, Shape::Lines { .. }).then_some(report.summary.lines + 1);
        report.problem(Some(super::Place { offset: window.shown_offset(), line }), fault);
        if !window.resume() {
            return;
        }
        // Where nothing was seen before the fault, nothing has been decided.
        known = (report.summary.bytes > 0).then_some(shape);
    }
}

/// The lines of a file that start within a byte range.
struct RangeLines {
    file: File,
    /// Offset in the file of what is read next.
    position: u64,
    end: u64,
    over: bool,
}

/// How far beyond the end of a range is read at once: its last line rarely reaches far.
const OVERSHOOT_BYTES: u64 = 16 << 10;

impl RangeLines {
    fn new(mut file: File, start: u64, end: u64) -> io::Result<Self> {
        let mut position = start;
        if start > 0 {
            // A line starts here if the byte before ends one.
            position = file.seek(SeekFrom::Start(start - 1))?;
            position = next_line(&mut file, position, end)?;
        }
        let over = position >= end;
        if !over {
            file.seek(SeekFrom::Start(position))?;
        }
        Ok(RangeLines { file, position, end, over })
    }
}

/// Offset of the first line start behind `position`, where the file stands; not looked for beyond `end`, as that line
/// would belong to a later range.
fn next_line(file: &mut File, mut position: u64, end: u64) -> io::Result<u64> {
    let mut buffer = [0; OVERSHOOT_BYTES as usize];
    while position < end {
        let length = match file.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let read = buffer.get(..length).unwrap_or_default();
        if read.is_empty() {
            return Ok(end);
        }
        if let Some(at) = memchr(b'\n', read) {
            return Ok(position + at as u64 + 1);
        }
        position += read.len() as u64;
    }
    Ok(end)
}

impl Read for RangeLines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.over {
            return Ok(0);
        }
        let left = self.end.saturating_sub(self.position);
        let wanted = left.max(OVERSHOOT_BYTES).min(out.len() as u64);
        let out = out.get_mut(..wanted as usize).unwrap_or_default();
        let mut length = self.file.read(out)?;
        // The line that holds the byte before the end is the last one.
        let before_end = left.saturating_sub(1);
        if let Some(tail) = out.get(..length).and_then(|read| read.get(usize::try_from(before_end).ok()?..))
            && let Some(at) = memchr(b'\n', tail)
        {
            length = before_end as usize + at + 1;
            self.over = true;
        }
        self.position += length as u64;
        Ok(length)
    }
}
