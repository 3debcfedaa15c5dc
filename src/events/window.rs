//! The part of an input that is in memory: filled block by block, its unread tail carried over.

use super::ProblemKind;

/// Decompressed bytes, in order.
pub(super) trait Stream {
    /// Fills a part of `out`; 0 is the end. After an error, what `out` holds is not to be looked at.
    fn read(&mut self, out: &mut [u8]) -> Result<usize, ProblemKind>;

    /// After an error: whether more data can be found behind the fault, which the next `read` will give.
    fn resume(&mut self) -> bool {
        false
    }
}

/// What is in memory of an input, and how much of that its framer may see.
///
/// A framer is shown one block more at a time, so that what it hands on is still in the processor's cache, also where
/// the whole input is in memory already.
pub(super) struct Window<'w> {
    /// `None` where `buffer` holds all there is.
    input: Option<&'w mut dyn Stream>,
    buffer: &'w mut Vec<u8>,
    /// Start of what the framer has not consumed.
    start: usize,
    /// End of what the framer may see.
    shown: usize,
    /// End of what was read.
    end: usize,
    /// Offset in the input of the buffer's first byte.
    base: u64,
    block: usize,
    over: bool,
    fault: Option<ProblemKind>,
}

impl<'w> Window<'w> {
    /// A window on an input whose first `end` bytes are in `buffer`, and which stands at `base` of its file.
    pub(super) fn stream(
        input: &'w mut dyn Stream,
        buffer: &'w mut Vec<u8>,
        end: usize,
        base: u64,
        block: usize,
    ) -> Self {
        Window { input: Some(input), buffer, start: 0, shown: 0, end, base, block, over: false, fault: None }
    }

    /// A window on an input that is in memory whole: the first `end` bytes of `buffer`.
    pub(super) fn memory(buffer: &'w mut Vec<u8>, end: usize, block: usize) -> Self {
        Window { input: None, buffer, start: 0, shown: 0, end, base: 0, block, over: true, fault: None }
    }

    /// What the framer may see and has not consumed.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.shown).unwrap_or_default()
    }

    /// All that was read and not consumed, shown or not.
    pub(super) fn ahead(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Offset in the input of the first byte of [`bytes`](Self::bytes).
    pub(super) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Offset in the input past what the framer may see.
    pub(super) fn shown_offset(&self) -> u64 {
        self.base + self.shown as u64
    }

    /// Whether nothing is left to be read.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether a fault, not the end of the input, ended it.
    pub(super) fn is_cut(&self) -> bool {
        self.fault.is_some()
    }

    pub(super) fn take_fault(&mut self) -> Option<ProblemKind> {
        self.fault.take()
    }

    pub(super) fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
        self.shown = self.shown.max(self.start);
    }

    /// Shows one block more; `false` once everything has been shown.
    pub(super) fn more(&mut self) -> bool {
        if self.shown == self.end && !self.fill() {
            return false;
        }
        self.shown = (self.shown + self.block).min(self.end);
        true
    }

    /// Reads one block more without showing it; `false` at the end.
    pub(super) fn fill(&mut self) -> bool {
        if self.over {
            return false;
        }
        let Some(input) = &mut self.input else { return false };
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            self.end -= self.start;
            self.shown -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + self.block {
            self.buffer.resize((self.end + self.block).max(self.end * 2), 0);
        }
        let free = self.buffer.get_mut(self.end..self.end + self.block).unwrap_or_default();
        match input.read(free) {
            Ok(0) => self.over = true,
            Ok(length) => self.end += length.min(self.block),
            Err(kind) => {
                self.fault = Some(kind);
                self.over = true;
            }
        }
        !self.over
    }

    /// Drops what is left of the part before a fault, and goes on behind it where that is possible.
    pub(super) fn resume(&mut self) -> bool {
        self.consume(usize::MAX - self.start);
        self.over = !self.input.as_mut().is_some_and(|input| input.resume());
        !self.over
    }
}
