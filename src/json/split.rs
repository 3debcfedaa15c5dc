//! Splitting a long array into its elements, block after block, without holding it whole.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};

/// Finds the ends of the elements of an array while its text arrives in blocks of any size.
///
/// For CloudTrail delivery files, `{"Records":[{…},{…}]}`: start it just behind the `[`. It only tells strings from
/// brackets; whether an element is valid JSON is for [`Projection::project`](super::Projection::project) to say.
///
/// ```
/// use trailql::json::ElementScanner;
///
/// let mut scanner = ElementScanner::new();
/// let mut ends = Vec::new();
/// assert_eq!(scanner.scan(br#"{"a":1},{"b":"]"#, &mut ends), None);
/// assert_eq!(ends, [7]);
/// ends.clear();
/// assert_eq!(scanner.scan(br#"}"}]}"#, &mut ends), Some(3));
/// assert_eq!(ends, [3]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ElementScanner {
    depth: usize,
    in_string: bool,
    /// Whether the last byte was a backslash that escapes the next one.
    escaping: bool,
    unicode_escape: bool,
}

impl ElementScanner {
    /// A scanner that stands just behind an array's `[`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scans `block` on from where the last block ended, and pushes to `ends` the offset in it just past each element
    /// that is an array or object. Gives the offset of the array's own `]`, where the scan stops, once it is there.
    ///
    /// Brackets are counted, not paired: a stray `}` between elements is passed over.
    pub fn scan(&mut self, block: &[u8], ends: &mut Vec<usize>) -> Option<usize> {
        let level = Level::new();
        let (scanned, close) = dispatch!(level, simd => self.scan_steps(simd, block, ends));
        if close.is_some() {
            return close;
        }
        let rest = block.get(scanned..).unwrap_or_default();
        self.scan_bytes(rest, scanned, ends)
    }

    /// Scans whole steps of 64 bytes: how many bytes they are, and where the array's own `]` stands.
    #[inline(always)]
    fn scan_steps<S: Simd>(
        &mut self,
        simd: S,
        block: &[u8],
        ends: &mut Vec<usize>,
    ) -> (usize, Option<usize>) {
        let steps = block.chunks_exact(STEP);
        let scanned = block.len() - steps.remainder().len();
        let mut within = if self.in_string { !0 } else { 0 };
        let mut escaping = u64::from(self.escaping);
        let mut depth = self.depth;
        let mut close = None;
        for (index, step) in steps.enumerate() {
            let bytes = u8x64::from_slice(simd, step);
            let is = |byte: u8| bytes.simd_eq(u8x64::splat(simd, byte)).to_bitmask();
            let backslashes = is(b'\\');
            let mut escaped = 0;
            if backslashes | escaping != 0 {
                (escaped, escaping) = escaped_bytes(backslashes, escaping);
                self.unicode_escape |= escaped & is(b'u') != 0;
            }
            let strings = parity(is(b'"') & !escaped) ^ within;
            within = if strings >> 63 == 1 { !0 } else { 0 };
            // This bit is the only difference between a bracket and the brace of the same side.
            let folded = bytes | u8x64::splat(simd, b' ');
            let outside = !(strings | escaped);
            let opening = folded.simd_eq(u8x64::splat(simd, b'{')).to_bitmask() & outside;
            let closing = folded.simd_eq(u8x64::splat(simd, b'}')).to_bitmask() & outside;
            let closed = closing.count_ones() as usize;
            if depth > closed {
                depth = depth + opening.count_ones() as usize - closed;
                continue;
            }
            (depth, close) = scan_brackets(depth, step, opening, closing, index * STEP, ends);
            if close.is_some() {
                break;
            }
        }
        self.depth = depth;
        self.in_string = within != 0;
        self.escaping = escaping != 0;
        (scanned, close)
    }

    /// The same byte by byte; `offset` is where `bytes` stand in their block.
    fn scan_bytes(&mut self, bytes: &[u8], offset: usize, ends: &mut Vec<usize>) -> Option<usize> {
        for (at, &byte) in (offset..).zip(bytes) {
            if std::mem::take(&mut self.escaping) {
                self.unicode_escape |= byte == b'u';
                continue;
            }
            match byte {
                b'"' => self.in_string = !self.in_string,
                b'\\' => self.escaping = true,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => match self.depth {
                    0 if byte == b']' => return Some(at),
                    0 => {}
                    1 => {
                        self.depth = 0;
                        ends.push(at + 1);
                    }
                    _ => self.depth -= 1,
                },
                _ => {}
            }
        }
        None
    }

    /// How many arrays and objects are open, the array itself not counted.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Whether the last block ended within a string.
    pub fn in_string(&self) -> bool {
        self.in_string
    }

    /// Whether a `\u` escape was seen since this was last asked. May be true without one, never false with one.
    pub fn take_unicode_escape(&mut self) -> bool {
        std::mem::take(&mut self.unicode_escape)
    }
}

/// Steps over the brackets of one step, in which the depth may come to that of the array: the depth behind it, and
/// where the array's own `]` stands.
#[cold]
fn scan_brackets(
    mut depth: usize,
    step: &[u8],
    opening: u64,
    closing: u64,
    offset: usize,
    ends: &mut Vec<usize>,
) -> (usize, Option<usize>) {
    let mut brackets = opening | closing;
    while brackets != 0 {
        let at = brackets.trailing_zeros() as usize;
        if opening >> at & 1 == 1 {
            depth += 1;
        } else if depth > 1 {
            depth -= 1;
        } else if depth == 1 {
            depth = 0;
            ends.push(offset + at + 1);
        } else if step.get(at) == Some(&b']') {
            return (depth, Some(offset + at));
        }
        brackets &= brackets - 1;
    }
    (depth, None)
}

/// Bytes that are looked at at once.
const STEP: usize = 64;

/// For each bit, whether an odd number of bits is set up to and with it.
#[inline(always)]
fn parity(mut bits: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << distance;
    }
    bits
}

/// The bytes that a backslash before them escapes, and whether the first byte behind the step is one (0 or 1).
///
/// In a run of backslashes every second one is escaped: adding the run to the bit where it starts carries through to
/// its end, and tells by the place of start and end whether the run is even.
#[inline(always)]
fn escaped_bytes(backslashes: u64, escaping: u64) -> (u64, u64) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let backslashes = backslashes & !escaping;
    let follows = backslashes << 1 | escaping;
    let odd_starts = backslashes & !EVEN & !follows;
    let (carried, ran_over) = odd_starts.overflowing_add(backslashes);
    let escaped = (EVEN ^ carried << 1) & follows;
    (escaped, u64::from(ran_over))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ends, close and state after each block, with offsets from the start.
    fn scanned(
        text: &[u8],
        cuts: &[usize],
        scan: fn(&mut ElementScanner, &[u8], &mut Vec<usize>) -> Option<usize>,
    ) -> String {
        let mut scanner = ElementScanner::new();
        let (mut all, mut offset, mut rest) = (Vec::new(), 0, text);
        for cut in cuts.iter().copied().chain([usize::MAX]) {
            let (block, behind) = rest.split_at(cut.min(rest.len()));
            let mut ends = Vec::new();
            let close = scan(&mut scanner, block, &mut ends);
            all.extend(ends.iter().map(|end| offset + end));
            if let Some(close) = close {
                return format!("{all:?} closed at {}", offset + close);
            }
            offset += block.len();
            rest = behind;
        }
        format!("{all:?} open {} {} {}", scanner.depth(), scanner.in_string(), scanner.take_unicode_escape())
    }

    proptest! {
        #[test]
        fn steps_equal_bytes_for_any_cut(
            text in r#"([{}\[\]"\\u,x ]{0,40}|[{}]{1,3}|"([^"\\]{0,90}|\\\\|\\")*"|\\{0,9}){0,12}"#,
            cuts in prop::collection::vec(0usize..200, 0..4),
        ) {
            let bytes = scanned(text.as_bytes(), &[], |scanner, block, ends| scanner.scan_bytes(block, 0, ends));
            prop_assert_eq!(scanned(text.as_bytes(), &[], ElementScanner::scan), bytes.as_str());
            prop_assert_eq!(scanned(text.as_bytes(), &cuts, ElementScanner::scan), bytes.as_str());
        }
    }
}
