//! Splitting a long array into its elements, block after block, without holding it whole.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use super::escape::escaped;
use super::lanes::{ALL_LANES, Bits, LANES, any, load, none, parity};
use super::planes::{BLOCK, ByteClasses, Cut, Planes, STRIP, Strip, equal};

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
    classes: ByteClasses,
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
        ElementScanner { level, classes: ByteClasses::new(&[]), state: State::default() }
    }

    /// Scans `block` on from where the last block ended, and pushes to `ends` the offset in it just past each element
    /// that is an array or object. Gives the offset of the array's own `]`, where the scan stops, once it is there.
    ///
    /// Brackets are counted, not paired: a stray `}` between elements is passed over. A backslash hides a quote, be
    /// it in a string or, where JSON has none, outside.
    pub fn scan(&mut self, block: &[u8], ends: &mut Vec<usize>) -> Option<usize> {
        let (classes, state) = (&self.classes, &mut self.state);
        dispatch!(self.level, simd => scan(simd, classes, state, block, ends))
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
fn scan<S: Simd>(
    simd: S,
    classes: &ByteClasses,
    state: &mut State,
    text: &[u8],
    ends: &mut Vec<usize>,
) -> Option<usize> {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let (strips, part) = blocks.as_chunks::<LANES>();
    let mut start = 0;
    for strip in strips {
        let planes = classes.read(simd, strip.each_ref());
        let closed = state.pass(simd, planes, strip.each_ref(), Cut::none(simd), STRIP, start, ends);
        if closed.is_some() {
            return closed;
        }
        start += STRIP;
    }
    if part.is_empty() && rest.is_empty() {
        return None;
    }
    let mut short = [b' '; BLOCK];
    let last = text.last_chunk().unwrap_or_else(|| {
        short.split_at_mut(BLOCK - rest.len()).1.copy_from_slice(rest);
        &short
    });
    let mut blocks = part.iter();
    let strip: Strip<'_> = std::array::from_fn(|_| blocks.next().unwrap_or(last));
    let cut = Cut::last(simd, part.len(), rest.len());
    let planes = classes.read(simd, strip).cut(cut);
    state.pass(simd, planes, strip, cut, part.len() * BLOCK + rest.len(), start, ends)
}

impl State {
    /// Passes the strip that starts at `start` and is `length` bytes long.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "they are what a loop over strips has at hand")]
    fn pass<S: Simd>(
        &mut self,
        simd: S,
        planes: Planes<S>,
        strip: Strip<'_>,
        cut: Cut<S>,
        length: usize,
        start: usize,
        ends: &mut Vec<usize>,
    ) -> Option<usize> {
        let mut quote = planes.quote;
        if self.escaping || any(simd, planes.odd) {
            // Control characters are odd too, and no matter here.
            let backslash = cut.apply(equal(simd, strip, b'\\'));
            if self.escaping || any(simd, backslash) {
                let letter = cut.apply(equal(simd, strip, b'u')).to_array();
                quote = load(simd, &self.unescaped(quote.to_array(), &backslash.to_array(), &letter, length));
            }
        }
        let (inside, in_string) = parity(simd, quote, self.in_string);
        self.in_string = in_string;
        let open = planes.open & !inside;
        let close = planes.close & !inside;

        // The depth before each lane is the sum of what the lanes before it open and close.
        let none = none(simd);
        let closed = close.count_ones();
        let change = open.count_ones() - closed;
        let mut sum = change;
        sum += none.slide::<7>(sum);
        sum += none.slide::<6>(sum);
        sum += none.slide::<4>(sum);
        let before = sum - change + self.depth as u64;
        // At worst all brackets of a lane are closed one after the other, right behind what is opened before the first.
        let first_opened = (open & (close - 1) & !close).count_ones();
        let stays_open = (before + first_opened).simd_gt(closed) | close.simd_eq(none);
        let mut lanes = !stays_open.to_bitmask() & ALL_LANES;
        let [.., last] = sum.to_array();
        let depth = self.depth.wrapping_add(last as usize);
        if lanes == 0 {
            self.depth = depth;
            return None;
        }
        let brackets =
            Brackets { open: open.to_array(), close: close.to_array(), square: planes.square.to_array() };
        let before = before.to_array();
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            let mut depth = before.get(lane).copied().unwrap_or_default();
            let (open, close, _) = brackets.lane(lane);
            let mut rest = open | close;
            while rest != 0 {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if open >> bit & 1 == 1 {
                    depth += 1;
                    continue;
                }
                if depth == 0 {
                    return self.pass_outside(&brackets, lane * BLOCK + bit, start, ends);
                }
                depth -= 1;
                if depth == 0 {
                    ends.push(start + lane * BLOCK + bit + 1);
                }
            }
        }
        self.depth = depth;
        None
    }

    /// Passes what is left of the strip that starts at `start`: from the place `from` on, where something is closed
    /// though no element is open. That is the end of the array, or a brace out of place.
    #[cold]
    fn pass_outside(
        &mut self,
        brackets: &Brackets,
        from: usize,
        start: usize,
        ends: &mut Vec<usize>,
    ) -> Option<usize> {
        self.depth = 0;
        for place in from..STRIP {
            let (open, close, square) = brackets.lane(place / BLOCK);
            let is = |bits: u64| bits >> (place % BLOCK) & 1 == 1;
            if is(open) {
                self.depth += 1;
            } else if is(close) && self.depth > 0 {
                self.depth -= 1;
                if self.depth == 0 {
                    ends.push(start + place + 1);
                }
            } else if is(close) && is(square) {
                // What follows is not scanned: nothing of it is in a string.
                (self.in_string, self.escaping) = (false, false);
                return Some(start + place);
            }
        }
        None
    }

    /// The quotes of a strip of `length` bytes that no backslash hides.
    #[inline(never)]
    fn unescaped(&mut self, mut quote: Bits, backslash: &Bits, letter_u: &Bits, length: usize) -> Bits {
        let mut open = self.escaping;
        for (lane, (quote, (&backslash, &letter))) in
            (0..).zip(quote.iter_mut().zip(backslash.iter().zip(letter_u)))
        {
            let escapes;
            (escapes, open) = escaped(backslash, open);
            *quote &= !escapes;
            self.unicode_escape |= escapes & letter != 0;
            // The text may end here, with half an escape.
            if length / BLOCK == lane {
                self.escaping = escapes >> (length % BLOCK) & 1 == 1;
            }
        }
        if length == STRIP {
            self.escaping = open;
        }
        quote
    }
}

/// The brackets of a strip that are not in a string.
struct Brackets {
    open: Bits,
    close: Bits,
    square: Bits,
}

impl Brackets {
    #[inline(always)]
    fn lane(&self, lane: usize) -> (u64, u64, u64) {
        let lane = |bits: &Bits| bits.get(lane).copied().unwrap_or_default();
        (lane(&self.open), lane(&self.close), lane(&self.square))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::levels;
    use super::ElementScanner;
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
