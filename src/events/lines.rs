//! Framing of inputs that hold one event a line.

use std::ops::ControlFlow;

use memchr::{memchr, memchr_iter, memrchr};

use super::batch::{Batch, Framing};
use super::problem::FrameFault;
use super::summary::Report;
use super::unwrap::Wrap;
use super::window::Window;
use super::{Place, ProblemKind};

/// Takes batches.
pub(super) type Consumer<'c> = dyn FnMut(&Batch<'_>) -> ControlFlow<()> + 'c;

/// Cuts what a window shows into lines.
pub(super) struct LineFramer<'f> {
    /// Whether each line must be an object, and blank ones are no events.
    pub(super) json: bool,
    pub(super) wrap: Wrap,
    pub(super) max_event_bytes: usize,
    pub(super) report: &'f mut Report,
    pub(super) consume: &'f mut Consumer<'f>,
}

impl LineFramer<'_> {
    /// Reads to the end of the window, or until the consumer breaks off.
    pub(super) fn run(&mut self, window: &mut Window<'_>) -> ControlFlow<()> {
        let mut searched = 0;
        // Within a line too long to be kept.
        let mut dropping = false;
        loop {
            let bytes = window.bytes();
            let fresh = bytes.get(searched..).unwrap_or_default();
            if dropping {
                let end = memchr(b'\n', fresh).map(|end| end + 1);
                window.consume(end.unwrap_or(fresh.len()));
                dropping = end.is_none();
                if end.is_some() {
                    continue;
                }
            } else if let Some(end) = memrchr(b'\n', fresh) {
                let whole = searched + end + 1;
                searched = bytes.len() - whole;
                let block = bytes.get(..whole).unwrap_or_default();
                self.block(block, window.offset())?;
                window.consume(whole);
            } else if bytes.len() > self.max_event_bytes {
                self.skip_line(window.offset(), self.too_long());
                window.consume(bytes.len());
                (searched, dropping) = (0, true);
            } else {
                searched = bytes.len();
            }
            if !window.more() {
                break;
            }
        }
        self.finish(window, dropping)
    }

    /// The last line lacks its line feed, or a fault has cut it.
    fn finish(&mut self, window: &mut Window<'_>, dropping: bool) -> ControlFlow<()> {
        let rest = window.bytes();
        if !rest.is_empty() && window.is_cut() {
            self.report.summary.skipped += 1;
            self.report.summary.lines += 1;
        } else if !dropping {
            self.block(rest, window.offset())?;
        }
        window.consume(rest.len());
        ControlFlow::Continue(())
    }

    /// Whole lines. As a block of the window is no longer than an event may be, only the first can be too long.
    fn block(&mut self, block: &[u8], offset: u64) -> ControlFlow<()> {
        if block.len() > self.max_event_bytes {
            let first = memchr(b'\n', block).unwrap_or(block.len());
            if first > self.max_event_bytes {
                self.skip_line(offset, self.too_long());
                let end = (first + 1).min(block.len());
                return self.text(block.get(end..).unwrap_or_default(), offset + end as u64);
            }
        }
        self.text(block, offset)
    }

    fn text(&mut self, block: &[u8], offset: u64) -> ControlFlow<()> {
        match simdutf8::basic::from_utf8(block) {
            Ok(text) => self.frame(text, offset),
            Err(_) => self.partly_text(block, offset),
        }
    }

    /// A block in which some line is not UTF-8.
    fn partly_text(&mut self, mut block: &[u8], mut offset: u64) -> ControlFlow<()> {
        loop {
            let valid = match simdutf8::compat::from_utf8(block) {
                Ok(text) => return self.frame(text, offset),
                Err(error) => error.valid_up_to(),
            };
            let start = block.get(..valid).and_then(|before| memrchr(b'\n', before)).map_or(0, |at| at + 1);
            let (before, rest) = block.split_at_checked(start).unwrap_or_default();
            self.frame(str::from_utf8(before).unwrap_or_default(), offset)?;
            self.skip_line(offset + start as u64, ProblemKind::NotUtf8);
            let Some(end) = memchr(b'\n', rest) else { return ControlFlow::Continue(()) };
            block = rest.get(end + 1..).unwrap_or_default();
            offset += (start + end + 1) as u64;
        }
    }

    fn frame(&mut self, text: &str, offset: u64) -> ControlFlow<()> {
        if self.json {
            return self.frame_objects(text, offset);
        }
        let ends = memchr_iter(b'\n', text.as_bytes()).count();
        let count = ends + usize::from(!text.is_empty() && !text.ends_with('\n'));
        self.hand_out(text, count, offset)
    }

    /// Hands out runs of lines that are objects, by their first and last byte, and leaves out the others.
    fn frame_objects(&mut self, text: &str, offset: u64) -> ControlFlow<()> {
        let bytes = text.as_bytes();
        let unended = (!bytes.is_empty() && !bytes.ends_with(b"\n")).then_some(bytes.len());
        let (mut start, mut run, mut count) = (0, 0, 0);
        for end in memchr_iter(b'\n', bytes).chain(unended) {
            let line = bytes.get(start..end).unwrap_or_default();
            if let [b'{', .., b'}'] = line {
                count += 1;
            } else {
                match check_frame(line) {
                    Frame::Object => count += 1,
                    other => {
                        let before = text.get(run..start).unwrap_or_default();
                        self.hand_out(before, count, offset + run as u64)?;
                        (run, count) = (end + 1, 0);
                        match other {
                            Frame::Broken(fault) => {
                                let at = offset + start as u64;
                                self.skip_line(at, ProblemKind::BrokenRecord { fault });
                            }
                            _ => self.report.summary.lines += 1,
                        }
                    }
                }
            }
            start = end + 1;
        }
        self.hand_out(text.get(run..).unwrap_or_default(), count, offset + run as u64)
    }

    fn hand_out(&mut self, text: &str, count: usize, offset: u64) -> ControlFlow<()> {
        if count == 0 {
            return ControlFlow::Continue(());
        }
        let summary = &mut self.report.summary;
        let batch = Batch {
            text,
            framing: Framing::Lines,
            wrap: self.wrap,
            holds_records: self.json && self.wrap != Wrap::CwlMessage,
            count,
            offset,
            first_index: summary.events,
            first_line: Some(summary.lines + 1),
            free_of_unicode_escapes: false,
        };
        summary.events += count as u64;
        summary.lines += count as u64;
        (self.consume)(&batch)
    }

    fn skip_line(&mut self, offset: u64, kind: ProblemKind) {
        let line = Some(self.report.summary.lines + 1);
        self.report.skip(Place { offset, line }, kind);
        self.report.summary.lines += 1;
    }

    fn too_long(&self) -> ProblemKind {
        ProblemKind::TooLong { limit: self.max_event_bytes as u64 }
    }
}

enum Frame {
    Object,
    Blank,
    Broken(FrameFault),
}

fn check_frame(line: &[u8]) -> Frame {
    match line.trim_ascii() {
        [b'{', .., b'}'] => Frame::Object,
        [] => Frame::Blank,
        [b'{', ..] => Frame::Broken(FrameFault::NoClosingBrace),
        _ => Frame::Broken(FrameFault::NoOpeningBrace),
    }
}
