//! The fast walk: the grammar checked by bit sets, 512 bytes at once, and one step of a loop for each bracket and
//! scalar only.
//!
//! Whether a token may follow another depends on the two of them and on whether they stand in an array or an object.
//! So a page is passed in turns. The first finds the strings and tokens; the second steps over the brackets, which
//! tells the arrays from the objects; the third checks every other rule in a few operations on bit sets. Keys are
//! compared only in containers that a path leads through, and only those whose length and one letter fit.
//!
//! Each turn is made over the whole page before the next is begun, as what was just written is slow to read, and a
//! loop of many steps is cheaper than many loops.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u64x8};

use super::cursor::Cursor;
use super::escape::EscapeScanner;
use super::lanes::{Bits, add, any, load, none, parity, shift};
use super::page::{BLOCK, PAGE, Page, STRIPS};
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
    let mut tokens = Tokens::new(simd, trie);
    let mut grammar = Grammar::new(simd);
    let mut escapes = EscapeScanner::default();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut left = blocks;
    let mut start = 0;
    while start < bytes.len() {
        let (here, later) = left.split_at_checked(PAGE / BLOCK).unwrap_or((left, &[]));
        left = later;
        let rest = if here.len() < PAGE / BLOCK { rest } else { &[] };
        page.read(simd, here, rest, &trie.probes);
        if !tokens.find(page, bytes, start, &mut escapes)
            || !cursor.scalars(start, page)
            || !cursor.steps(start, page)
            || !grammar.check(page)
        {
            return false;
        }
        start += PAGE;
    }
    cursor.is_closed() && !tokens.in_string && !escapes.is_open() && !any(simd, grammar.faults)
}

/// Finds the strings and tokens of one page after the other.
struct Tokens<'a, S: Simd> {
    simd: S,
    trie: &'a Trie,
    in_string: bool,
    /// Within a string behind a comma or an opening bracket.
    in_first: bool,
    scalar: u64x8<S>,
    open_or_comma: u64x8<S>,
}

impl<'a, S: Simd> Tokens<'a, S> {
    #[inline(always)]
    fn new(simd: S, trie: &'a Trie) -> Self {
        let none = none(simd);
        Tokens { simd, trie, in_string: false, in_first: false, scalar: none, open_or_comma: none }
    }

    /// Finds those of the page that starts at `start`; `false` if what follows a backslash makes no escape.
    #[inline(always)]
    fn find(&mut self, page: &mut Page, bytes: &[u8], start: usize, escapes: &mut EscapeScanner) -> bool {
        page.scalar_lanes = 0;
        page.step_lanes = 0;
        for strip in 0..page.strips.min(STRIPS) {
            if (escapes.is_open() || any(self.simd, load(self.simd, &page.backslash[strip])))
                && !escapes.scan(&mut page.quote[strip], &page.backslash[strip], bytes, start + strip * 512)
            {
                return false;
            }
            self.find_in_strip(page, strip);
        }
        true
    }

    #[inline(always)]
    fn find_in_strip(&mut self, page: &mut Page, strip: usize) {
        let simd = self.simd;
        let quote = load(simd, &page.quote[strip]);
        let (inside, in_string) = parity(simd, quote, self.in_string);
        self.in_string = in_string;
        let outside = !inside;
        let open = load(simd, &page.open[strip]) & outside;
        let close = load(simd, &page.close[strip]) & outside;
        let colon = load(simd, &page.colon[strip]) & outside;
        let comma = load(simd, &page.comma[strip]) & outside;
        let mut blank = load(simd, &page.space[strip]) & outside;
        if page.has_control {
            blank |= load(simd, &page.control[strip]) & outside;
        }
        let scalar = !(inside | quote | open | close | colon | comma | blank) & page.valid(simd, strip);
        let scalar_start = scalar & !shift(scalar, self.scalar);
        self.scalar = scalar;

        let blanks = Blanks::new(simd, blank);
        let after_open_or_comma = blanks.behind(open | comma, none(simd), &mut self.open_or_comma);
        let first = after_open_or_comma & quote & inside;
        // Adding its start to a run moves the bit just past the run, here to the closing quote.
        let (moved, in_first) = add(simd, inside, first, self.in_first);
        self.in_first = in_first;
        let steps = open | close | (first & self.wanted(page, strip, quote));

        inside.store_array(&mut page.inside[strip]);
        open.store_array(&mut page.open[strip]);
        close.store_array(&mut page.close[strip]);
        colon.store_array(&mut page.colon[strip]);
        comma.store_array(&mut page.comma[strip]);
        blank.store_array(&mut page.blank[strip]);
        scalar.store_array(&mut page.scalar[strip]);
        scalar_start.store_array(&mut page.scalar_start[strip]);
        after_open_or_comma.store_array(&mut page.after_open_or_comma[strip]);
        moved.store_array(&mut page.first_end[strip]);
        steps.store_array(&mut page.steps[strip]);
        page.scalar_lanes |= lanes(simd, scalar_start) << (strip * 8);
        page.step_lanes |= lanes(simd, steps) << (strip * 8);
    }

    /// The opening quotes from which a key of the trie may be written.
    #[inline(always)]
    fn wanted(&self, page: &Page, strip: usize, quote: u64x8<S>) -> u64x8<S> {
        let mut wanted = u64x8::splat(self.simd, self.trie.unfiltered);
        for filter in &self.trie.filters {
            // Bits that would come from behind the lane are not known, and so set.
            let unknown = |distance: u32| !(!0 >> distance);
            let mut fits = quote >> filter.length | unknown(filter.length);
            if let Some(probe) = page.probes.get(filter.probe) {
                fits &= load(self.simd, &probe[strip]) >> filter.distance | unknown(filter.distance);
            }
            wanted |= fits;
        }
        wanted
    }
}

/// The lanes that are not empty, a bit each.
#[inline(always)]
fn lanes<S: Simd>(simd: S, bits: u64x8<S>) -> u64 {
    bits.simd_ne(none(simd)).to_bitmask() & 0xff
}

/// Checks which token follows which.
struct Grammar<S: Simd> {
    simd: S,
    faults: u64x8<S>,
    scalar: u64x8<S>,
    open: u64x8<S>,
    colon: u64x8<S>,
    key_end: u64x8<S>,
    value_end: u64x8<S>,
}

impl<S: Simd> Grammar<S> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        let none = none(simd);
        Grammar { simd, faults: none, scalar: none, open: none, colon: none, key_end: none, value_end: none }
    }

    /// Checks a page; `false` if a key is written with an escape, which is left to the plain walk. What else is wrong
    /// is kept as faults.
    #[inline(always)]
    fn check(&mut self, page: &Page) -> bool {
        (0..page.strips.min(STRIPS)).all(|strip| self.check_strip(page, strip))
    }

    #[inline(always)]
    fn check_strip(&mut self, page: &Page, strip: usize) -> bool {
        let simd = self.simd;
        let bits = |bits: &[Bits; STRIPS]| load(simd, &bits[strip]);
        let (quote, inside) = (bits(&page.quote), bits(&page.inside));
        let (open, close) = (bits(&page.open), bits(&page.close));
        let (colon, comma) = (bits(&page.colon), bits(&page.comma));
        let (scalar, in_array) = (bits(&page.scalar), bits(&page.in_array));
        let (after_open_or_comma, moved) = (bits(&page.after_open_or_comma), bits(&page.first_end));
        let opening = quote & inside;
        let closing = quote & !inside;
        let in_object = !in_array;
        if any(simd, bits(&page.backslash) & inside & !moved & in_object) {
            return false;
        }

        let blanks = Blanks::new(simd, bits(&page.blank));
        let key_end = moved & closing & in_object;
        let value_end = close | (closing & !key_end);
        let scalar_end = !scalar & shift(scalar, self.scalar);
        self.scalar = scalar;
        let after_open = blanks.behind(open, none(simd), &mut self.open);
        let after_colon = blanks.behind(colon, none(simd), &mut self.colon);
        let after_key = blanks.behind(key_end, none(simd), &mut self.key_end);
        let after_value = blanks.behind(value_end, scalar_end, &mut self.value_end);
        let empty = close & after_open;
        let key_expected = after_open_or_comma & in_object;
        let value_expected = after_colon | (after_open_or_comma & in_array);
        let faults = (key_expected & !(opening | empty))
            | (value_expected & !(opening | open | scalar | empty))
            | (after_key ^ colon)
            | (after_value & !(comma | close));
        self.faults |= faults & page.valid(simd, strip);
        if page.has_control {
            self.faults |= bits(&page.control) & (inside | !bits(&page.line_space));
        }
        true
    }
}

/// The whitespace of a strip.
#[derive(Clone, Copy)]
struct Blanks<S: Simd> {
    simd: S,
    bits: u64x8<S>,
    any: bool,
}

impl<S: Simd> Blanks<S> {
    #[inline(always)]
    fn new(simd: S, bits: u64x8<S>) -> Self {
        Blanks { simd, bits, any: any(simd, bits) }
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
        // Adding its start to a run of whitespace moves the bit just past the run; the other runs stay as they are.
        let (moved, over) = add(self.simd, self.bits, behind & self.bits, false);
        if over {
            *before |= u64x8::load_array(self.simd, [0, 0, 0, 0, 0, 0, 0, 1 << 63]);
        }
        (behind | moved) & !self.bits
    }
}
