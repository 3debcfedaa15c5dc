//! The fast walk: the grammar checked by bit sets, 512 bytes at once, and one step of a loop for each bracket and
//! scalar only.
//!
//! Whether a token may follow another depends on the two of them and on whether they stand in an array or an object.
//! So a page is passed in turns. The first finds the tokens, and what is wrong with them were it all in objects, and
//! were it all in arrays; the second looks at each number and literal; the third steps over the brackets, which tells
//! what is in an array; the last chooses between the two findings of the first. Keys are compared only in containers
//! that a path leads through, and only those whose length and one letter fit.
//!
//! Each turn is made over the whole page before the next is begun, as a loop of many steps is cheaper than many loops.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u64x8};

use super::cursor::Cursor;
use super::escape::EscapeScanner;
use super::lanes::{LANES, add, any, lanes, load, none, parity, shift, shift_down};
use super::page::{Findings, PAGE, Page};
use super::planes::{BLOCK, Cut, OddBytes, Planes, STRIP, Strip};
use super::project::Slots;
use super::trie::Trie;

/// Projects `text`, which has no whitespace around it, as the plain walk does, and gives whether it could: `false`
/// for a text that is no object, and for a few texts that are.
pub(super) fn project(level: Level, trie: &Trie, text: &str, slots: &mut Slots) -> bool {
    let bytes = text.as_bytes();
    let mut page = slots.walk.page.take().unwrap_or_default();
    let done = dispatch!(level, simd => walk(simd, trie, bytes, &mut page, slots));
    slots.walk.page = Some(page);
    done
}

#[inline(always)]
fn walk<S: Simd>(simd: S, trie: &Trie, bytes: &[u8], page: &mut Page, slots: &mut Slots) -> bool {
    if bytes.first() != Some(&b'{') {
        return false;
    }
    let mut cursor = Cursor::new(trie, bytes, slots);
    let mut tokens = Tokens::new(simd, trie, bytes);
    let mut faults = none(simd);
    for start in (0..bytes.len()).step_by(PAGE) {
        let passed = tokens.find(page, start)
            && cursor.scalars(start, page)
            && cursor.steps(simd, start, page)
            && add_faults(simd, page, &mut faults);
        if !passed {
            return false;
        }
    }
    cursor.is_closed() && tokens.are_complete() && !any(simd, faults)
}

/// Finds the tokens of one page after the other.
struct Tokens<'a, S: Simd> {
    simd: S,
    trie: &'a Trie,
    bytes: &'a [u8],
    escapes: EscapeScanner,
    in_string: bool,
    /// Within a string behind a comma or an opening bracket.
    in_first: bool,
    // What the strip before ended with.
    blank: u64x8<S>,
    scalar: u64x8<S>,
    open: u64x8<S>,
    open_or_comma: u64x8<S>,
    colon: u64x8<S>,
    first_end: u64x8<S>,
    value_end: u64x8<S>,
}

impl<'a, S: Simd> Tokens<'a, S> {
    #[inline(always)]
    fn new(simd: S, trie: &'a Trie, bytes: &'a [u8]) -> Self {
        let none = none(simd);
        Tokens {
            simd,
            trie,
            bytes,
            escapes: EscapeScanner::default(),
            in_string: false,
            in_first: false,
            blank: none,
            scalar: none,
            open: none,
            open_or_comma: none,
            colon: none,
            first_end: none,
            value_end: none,
        }
    }

    /// Whether the text ended neither in a string nor in an escape.
    #[inline(always)]
    fn are_complete(&self) -> bool {
        !self.in_string && !self.escapes.is_open()
    }

    /// Finds those of the page that starts at `start`; `false` if what follows a backslash makes no escape.
    #[inline(always)]
    fn find(&mut self, page: &mut Page, start: usize) -> bool {
        let (blocks, rest) = self.bytes.get(start..).unwrap_or_default().as_chunks::<BLOCK>();
        let (strips, part) = blocks.as_chunks::<LANES>();
        let mut short = [b' '; BLOCK];
        let last = self.bytes.last_chunk().unwrap_or_else(|| {
            short.split_at_mut(BLOCK - rest.len()).1.copy_from_slice(rest);
            &short
        });
        (page.scalar_lanes, page.step_lanes) = (0, 0);
        (page.has_backslash, page.count) = (false, 0);
        for findings in &mut page.strips {
            let at = page.count;
            let (strip, planes);
            let mut cut = Cut::none(self.simd);
            match strips.get(at) {
                Some(blocks) => {
                    strip = blocks.each_ref();
                    planes = self.trie.classes.read(self.simd, strip);
                }
                None if at > strips.len() || part.len() + rest.len() == 0 => break,
                None => {
                    let mut blocks = part.iter();
                    strip = std::array::from_fn(|_| blocks.next().unwrap_or(last));
                    cut = Cut::last(self.simd, part.len(), rest.len());
                    planes = self.trie.classes.read(self.simd, strip).cut(cut);
                }
            }
            let odd = any(self.simd, planes.odd) || self.escapes.is_open();
            let found = self.find_in_strip(findings, planes, strip, cut, odd, start + at * STRIP);
            let Some((scalar_lanes, step_lanes)) = found else { return false };
            page.scalar_lanes |= scalar_lanes << (at * LANES);
            page.step_lanes |= step_lanes << (at * LANES);
            page.has_backslash |= odd;
            page.count += 1;
        }
        true
    }

    /// Finds those of the strip that starts at `start`, and gives which lanes of the scalars and of the steps are not
    /// empty.
    #[inline(always)]
    fn find_in_strip(
        &mut self,
        findings: &mut Findings,
        planes: Planes<S>,
        strip: Strip<'_>,
        cut: Cut<S>,
        odd: bool,
        start: usize,
    ) -> Option<(u64, u64)> {
        let simd = self.simd;
        let mut quote = planes.quote;
        let none = none(simd);
        let mut odd_bytes = OddBytes { backslash: none, control: none, line_space: none };
        if odd {
            odd_bytes = OddBytes::read(simd, strip).cut(cut);
            let mut quotes = quote.to_array();
            if !self.escapes.scan(&mut quotes, &odd_bytes.backslash.to_array(), self.bytes, start) {
                return None;
            }
            quote = load(simd, &quotes);
        }
        let OddBytes { backslash, control, line_space } = odd_bytes;

        let (inside, in_string) = parity(simd, quote, self.in_string);
        self.in_string = in_string;
        let outside = !inside;
        let opening = quote & inside;
        let closing = quote & outside;
        let open = planes.open & outside;
        let close = planes.close & outside;
        let colon = planes.colon & outside;
        let comma = planes.comma & outside;
        let blank = (planes.space | control) & outside;
        let scalar = !(inside | quote | open | close | colon | comma | blank) & cut.valid;
        let scalar_end = !scalar & shift(scalar, self.scalar);
        self.scalar = scalar;

        let blanks = Blanks::new(simd, blank, self.blank);
        self.blank = blank;
        let after_open = blanks.behind(open, none, &mut self.open);
        let after_open_or_comma = blanks.behind(open | comma, none, &mut self.open_or_comma);
        let after_colon = blanks.behind(colon, none, &mut self.colon);
        let first = after_open_or_comma & opening;
        // Adding its start to a run moves the bit just past the run, here to the closing quote.
        let (past_first, in_first) = add(simd, inside, first, self.in_first);
        self.in_first = in_first;
        let first_end = past_first & closing;
        let after_first = blanks.behind(first_end, none, &mut self.first_end);
        let value_end = close | (closing & !first_end);
        let after_value = blanks.behind(value_end, scalar_end, &mut self.value_end);

        let empty = close & after_open;
        let no_value = !(opening | open | scalar | empty);
        let no_end = !(comma | close);
        let bad_control = control & !(outside & line_space);
        let either = (after_colon & no_value) | (after_value & no_end) | bad_control;
        // In an object a string that comes first is a key, and a colon follows just that.
        let object_faults = either | (after_open_or_comma & !(opening | empty)) | (after_first ^ colon);
        let array_faults = either | (after_open_or_comma & no_value) | colon | (after_first & no_end);

        let keys = first & self.wanted(quote, planes.probe);
        let steps = open | close | keys;
        quote.store_array(&mut findings.quote);
        scalar.store_array(&mut findings.scalar);
        steps.store_array(&mut findings.steps);
        keys.store_array(&mut findings.keys);
        close.store_array(&mut findings.close);
        planes.square.store_array(&mut findings.square);
        comma.store_array(&mut findings.comma);
        (object_faults & cut.valid).store_array(&mut findings.object_faults);
        (array_faults & cut.valid).store_array(&mut findings.array_faults);
        (backslash & inside & !past_first).store_array(&mut findings.key_escapes);
        Some((lanes(simd, scalar), lanes(simd, steps)))
    }

    /// The opening quotes from which a key of the trie may be written.
    #[inline(always)]
    fn wanted(&self, quote: u64x8<S>, probe: u64x8<S>) -> u64x8<S> {
        // What comes behind the strip is not known, and so set.
        let unknown = u64x8::splat(self.simd, !0);
        let mut wanted = u64x8::splat(self.simd, self.trie.unfiltered);
        for filter in &self.trie.filters {
            wanted |= shift_down(quote, unknown, filter.length) & shift_down(probe, unknown, filter.distance);
        }
        wanted
    }
}

/// Adds the faults of a page, now that it is known what is in arrays. Gives `false` if a key is written with an escape,
/// which is left to the plain walk.
#[inline(always)]
fn add_faults<S: Simd>(simd: S, page: &Page, faults: &mut u64x8<S>) -> bool {
    let mut array = page.in_array;
    for (at, strip) in page.strips.iter().take(page.count).enumerate() {
        let mut in_array = u64x8::splat(simd, if array { !0 } else { 0 });
        if let Some(turns) = page.turns(at) {
            (in_array, array) = parity(simd, load(simd, turns), array);
        }
        let (object, other) = (load(simd, &strip.object_faults), load(simd, &strip.array_faults));
        *faults |= (object & !in_array) | (other & in_array);
        if page.has_backslash && any(simd, load(simd, &strip.key_escapes) & !in_array) {
            return false;
        }
    }
    true
}

/// The whitespace of a strip.
#[derive(Clone, Copy)]
struct Blanks<S: Simd> {
    simd: S,
    bits: u64x8<S>,
    any: bool,
    /// Whether none of them follows another.
    single: bool,
}

impl<S: Simd> Blanks<S> {
    /// Those of a strip, of which `before` is the strip before.
    #[inline(always)]
    fn new(simd: S, bits: u64x8<S>, before: u64x8<S>) -> Self {
        let any_bits = any(simd, bits);
        Blanks { simd, bits, any: any_bits, single: any_bits && !any(simd, bits & shift(bits, before)) }
    }

    /// The first bytes behind `tokens`, and those of `more`, or where they are whitespace the first behind that.
    /// `before` are the tokens of the strip before.
    #[inline(always)]
    fn behind(self, tokens: u64x8<S>, more: u64x8<S>, before: &mut u64x8<S>) -> u64x8<S> {
        let behind = shift(tokens, *before) | more;
        *before = tokens;
        if !self.any {
            return behind;
        }
        let blank = behind & self.bits;
        if self.single {
            *before |= blank;
            return (behind & !self.bits) | shift(blank, none(self.simd));
        }
        // Adding its start to a run of whitespace moves the bit just past the run; the other runs stay as they are.
        let (moved, over) = add(self.simd, self.bits, blank, false);
        if over {
            *before |= u64x8::load_array(self.simd, [0, 0, 0, 0, 0, 0, 0, 1 << 63]);
        }
        (behind | moved) & !self.bits
    }
}
