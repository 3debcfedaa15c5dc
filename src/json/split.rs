//! Splitting a long array into its elements, block after block, without holding it whole.

use fearless_simd::{Level, Simd, dispatch};

use super::escape::escaped;
use super::lanes::word_parity;
use super::planes::{BLOCK, Bytes};

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
#[derive(Clone, Debug)]
pub struct ElementScanner {
    level: Level,
    state: State,
}

#[derive(Clone, Debug, Default)]
struct State {
    depth: usize,
    in_string: bool,
    /// Whether the last byte was a backslash that escapes the next one.
    escaping: bool,
    unicode_escape: bool,
}

impl Default for ElementScanner {
    fn default() -> Self {
        Self::new()
    }
}

impl ElementScanner {
    /// A scanner that stands just behind an array's `[`.
    pub fn new() -> Self {
        Self::at_level(Level::new())
    }

    fn at_level(level: Level) -> Self {
        ElementScanner { level, state: State::default() }
    }

    /// Scans `block` on from where the last block ended, and pushes to `ends` the offset in it just past each element
    /// that is an array or object. Gives the offset of the array's own `]`, where the scan stops, once it is there.
    ///
    /// Brackets are counted, not paired: a stray `}` between elements is passed over. A backslash hides a quote, be
    /// it in a string or, where JSON has none, outside.
    pub fn scan(&mut self, block: &[u8], ends: &mut Vec<usize>) -> Option<usize> {
        let state = &mut self.state;
        dispatch!(self.level, simd => scan(simd, state, block, ends))
    }

    /// How many arrays and objects are open, the array itself not counted.
    pub fn depth(&self) -> usize {
        self.state.depth
    }

    /// Whether the last block ended within a string.
    pub fn in_string(&self) -> bool {
        self.state.in_string
    }

    /// Whether a `\u` escape was seen since this was last asked. May be true without one, never false with one.
    pub fn take_unicode_escape(&mut self) -> bool {
        std::mem::take(&mut self.state.unicode_escape)
    }
}

#[inline(always)]
fn scan<S: Simd>(simd: S, state: &mut State, text: &[u8], ends: &mut Vec<usize>) -> Option<usize> {
    let mut scan = Scan {
        simd,
        depth: state.depth,
        in_string: if state.in_string { !0 } else { 0 },
        escaping: state.escaping,
        unicode_escape: state.unicode_escape,
    };
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut closed = None;
    let mut start = 0;
    for block in blocks {
        closed = scan.block(block, BLOCK, start, ends);
        if closed.is_some() {
            break;
        }
        start += BLOCK;
    }
    if closed.is_none() && !rest.is_empty() {
        let mut padded = [b' '; BLOCK];
        padded.split_at_mut(rest.len()).0.copy_from_slice(rest);
        closed = scan.block(&padded, rest.len(), start, ends);
    }
    *state = State {
        depth: scan.depth,
        in_string: scan.in_string != 0,
        escaping: scan.escaping,
        unicode_escape: scan.unicode_escape,
    };
    closed
}

/// A scan under way, its state in a form that takes few branches.
struct Scan<S: Simd> {
    simd: S,
    depth: usize,
    /// All ones within a string.
    in_string: u64,
    escaping: bool,
    unicode_escape: bool,
}

impl<S: Simd> Scan<S> {
    /// Scans the block that starts at `start`, whose first `length` bytes count.
    #[inline(always)]
    fn block(
        &mut self,
        block: &[u8; BLOCK],
        length: usize,
        start: usize,
        ends: &mut Vec<usize>,
    ) -> Option<usize> {
        let bytes = Bytes::load(self.simd, block);
        let backslash = bytes.equal(b'\\');
        let mut quote = bytes.equal(b'"');
        if backslash != 0 || self.escaping {
            let (escapes, open) = escaped(backslash, self.escaping);
            self.escaping = if length == BLOCK { open } else { escapes >> length & 1 == 1 };
            self.unicode_escape |= escapes & bytes.equal(b'u') != 0;
            quote &= !escapes;
        }
        let inside = word_parity(self.simd, quote) ^ self.in_string;
        self.in_string = ((inside as i64) >> 63) as u64;
        let brackets = bytes.with(0x20);
        let open = brackets.equal(b'{') & !inside;
        let close = brackets.equal(b'}') & !inside;
        let closed = close.count_ones() as usize;
        // Were all of them closed one after the other, right behind what is opened before the first of them.
        let before = open & close.wrapping_sub(1) & !close;
        if self.depth + before.count_ones() as usize > closed {
            self.depth = self.depth + open.count_ones() as usize - closed;
            return None;
        }
        self.brackets(open | close, close, block, start, ends)
    }

    /// Passes the brackets of a block one by one.
    #[inline(always)]
    fn brackets(
        &mut self,
        mut brackets: u64,
        close: u64,
        block: &[u8; BLOCK],
        start: usize,
        ends: &mut Vec<usize>,
    ) -> Option<usize> {
        while brackets != 0 {
            let bit = brackets.trailing_zeros() as usize;
            brackets &= brackets - 1;
            if close >> bit & 1 == 0 {
                self.depth += 1;
            } else if self.depth > 0 {
                self.depth -= 1;
                if self.depth == 0 {
                    ends.push(start + bit + 1);
                }
            } else if block.get(bit) == Some(&b']') {
                // What follows the array is not scanned: nothing of it is in a string.
                (self.in_string, self.escaping) = (0, false);
                return Some(start + bit);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::levels;
    use super::*;
    use proptest::prelude::*;

    /// The scanner as it is defined, a byte at a time.
    #[derive(Default)]
    struct Plain {
        depth: usize,
        in_string: bool,
        escaping: bool,
        unicode_escape: bool,
    }

    impl Plain {
        /// Gives whether an element ended, and whether the array did.
        fn byte(&mut self, byte: u8) -> (bool, bool) {
            let escaped = std::mem::take(&mut self.escaping);
            self.unicode_escape |= escaped && byte == b'u';
            match byte {
                b'"' | b'\\' if escaped => {}
                b'"' => self.in_string = !self.in_string,
                b'\\' => self.escaping = true,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b']' if !self.in_string && self.depth == 0 => return (false, true),
                b'}' | b']' if !self.in_string && self.depth > 0 => {
                    self.depth -= 1;
                    return (self.depth == 0, false);
                }
                _ => {}
            }
            (false, false)
        }
    }

    fn check(text: &[u8], cuts: &[usize]) {
        let mut plain = Plain::default();
        let mut expected = Vec::new();
        let mut expected_end = None;
        for (at, &byte) in text.iter().enumerate() {
            let (element, array) = plain.byte(byte);
            if element {
                expected.push(at + 1);
            }
            if array {
                expected_end = Some(at);
                break;
            }
        }
        for level in levels() {
            let mut scanner = ElementScanner::at_level(level);
            let (mut found, mut end, mut start) = (Vec::new(), None, 0);
            let mut ends = Vec::new();
            for cut in cuts.iter().copied().chain([text.len()]) {
                let cut = cut.clamp(start, text.len());
                ends.clear();
                end = scanner.scan(&text[start..cut], &mut ends).map(|end| start + end);
                found.extend(ends.iter().map(|end| start + end));
                if end.is_some() {
                    break;
                }
                start = cut;
            }
            assert_eq!((&found, end), (&expected, expected_end), "{level:?}");
            if end.is_none() {
                assert_eq!((scanner.depth(), scanner.in_string()), (plain.depth, plain.in_string));
            }
            assert!(scanner.take_unicode_escape() || !plain.unicode_escape);
            assert!(!scanner.take_unicode_escape());
        }
    }

    proptest! {
        #[test]
        fn any_cut_of_any_soup_is_scanned_as_bytes_are(
            text in prop::collection::vec(prop_oneof![
                prop::sample::select(b"\"\\{}[]u, a".to_vec()),
                Just(b'a'),
                any::<u8>(),
            ], 0..600),
            mut cuts in prop::collection::vec(0..600_usize, 0..6),
        ) {
            cuts.sort_unstable();
            check(&text, &cuts);
        }

        #[test]
        fn any_cut_of_elements_is_scanned_as_bytes_are(
            elements in prop::collection::vec("\\{\"[a-z]{0,90}\":(\\{\\}|\\[\\{\"\\\\\\\\u0041\\\\\\\\\\\\\"\\\\\\\\\":\\[\\]\\}\\]|1)\\}|\\[\\]|\"[\\]}]\"|1", 0..9),
            mut cuts in prop::collection::vec(0..900_usize, 0..20),
            behind in "[\\]}\"a]{0,80}",
        ) {
            cuts.sort_unstable();
            let text = format!("{}]{behind}", elements.join(","));
            check(text.as_bytes(), &cuts);
        }
    }
}
