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
use super::lanes::{Bits, LANES, add, any, lanes, load, none, parity, shift, shift_down};
use super::page::{BLOCK, PAGE, Page, STRIP, Strip, valid};
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
            || !cursor.steps(simd, start, page)
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
        let mut found = true;
        (page.scalar_lanes, page.step_lanes) = (0, 0);
        page.has_backslash = false;
        let mut strips = page.strips.get_mut(..page.count).unwrap_or_default();
        let mut at = 0;
        while let Some((strip, later)) = strips.split_first_mut() {
            if escapes.is_open() || any(self.simd, load(self.simd, &strip.backslash)) {
                page.has_backslash = true;
                found &= escapes.scan(strip, bytes, start + at * STRIP);
            }
            let valid = valid(self.simd, page.length, at);
            let (scalars, steps) = self.find_in_strip(strip, later.first(), valid, page.has_control);
            page.scalar_lanes |= scalars << (at * LANES);
            page.step_lanes |= steps << (at * LANES);
            strips = later;
            at += 1;
        }
        found
    }

    /// Finds those of a strip, and gives which lanes of `scalar_start` and `steps` are not empty.
    #[inline(always)]
    fn find_in_strip(
        &mut self,
        strip: &mut Strip,
        next: Option<&Strip>,
        valid: u64x8<S>,
        has_control: bool,
    ) -> (u64, u64) {
        let simd = self.simd;
        let quote = load(simd, &strip.quote);
        let (inside, in_string) = parity(simd, quote, self.in_string);
        self.in_string = in_string;
        let outside = !inside;
        let open = load(simd, &strip.open) & outside;
        let close = load(simd, &strip.close) & outside;
        let colon = load(simd, &strip.colon) & outside;
        let comma = load(simd, &strip.comma) & outside;
        let mut blank = load(simd, &strip.space) & outside;
        if has_control {
            blank |= load(simd, &strip.control) & outside;
        }
        let scalar = !(inside | quote | open | close | colon | comma | blank) & valid;
        let scalar_start = scalar & !shift(scalar, self.scalar);
        self.scalar = scalar;

        let blanks = Blanks::new(simd, blank);
        let after_open_or_comma = blanks.behind(open | comma, none(simd), &mut self.open_or_comma);
        let first = after_open_or_comma & quote & inside;
        // Adding its start to a run moves the bit just past the run, here to the closing quote.
        let (past_first, in_first) = add(simd, inside, first, self.in_first);
        self.in_first = in_first;
        let steps = open | close | (first & self.wanted(strip, next, quote));

        for (bits, to) in [
            (inside, &mut strip.inside),
            (scalar, &mut strip.scalar),
            (scalar_start, &mut strip.scalar_start),
            (after_open_or_comma, &mut strip.after_open_or_comma),
            (past_first, &mut strip.past_first),
            (steps, &mut strip.steps),
        ] {
            bits.store_array(to);
        }
        (lanes(simd, scalar_start), lanes(simd, steps))
    }

    /// The opening quotes from which a key of the trie may be written.
    #[inline(always)]
    fn wanted(&self, strip: &Strip, next: Option<&Strip>, quote: u64x8<S>) -> u64x8<S> {
        let simd = self.simd;
        // What comes behind the page is not known, and so set.
        let behind =
            |bits: fn(&Strip) -> &Bits| next.map_or(u64x8::splat(simd, !0), |next| load(simd, bits(next)));
        let mut wanted = u64x8::splat(simd, self.trie.unfiltered);
        for filter in &self.trie.filters {
            let mut fits = shift_down(quote, behind(|strip| &strip.quote), filter.length);
            if let Some(probe) = strip.probes.get(filter.probe) {
                let behind = next.and_then(|next| next.probes.get(filter.probe)).map(|bits| load(simd, bits));
                let behind = behind.unwrap_or(u64x8::splat(simd, !0));
                fits &= shift_down(load(simd, probe), behind, filter.distance);
            }
            wanted |= fits;
        }
        wanted
    }
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
        let mut strips = page.strips.iter().take(page.count).enumerate();
        let mut array = page.in_array;
        strips.all(|(at, strip)| {
            let mut in_array = u64x8::splat(self.simd, if array { !0 } else { 0 });
            if page.turned >> at & 1 == 1 {
                (in_array, array) = parity(self.simd, load(self.simd, &strip.turns), array);
            }
            let valid = valid(self.simd, page.length, at);
            self.check_strip(page, strip, in_array, valid)
        })
    }

    #[inline(always)]
    fn check_strip(&mut self, page: &Page, strip: &Strip, in_array: u64x8<S>, valid: u64x8<S>) -> bool {
        let simd = self.simd;
        let bits = |bits: &Bits| load(simd, bits);
        let (quote, inside) = (bits(&strip.quote), bits(&strip.inside));
        let outside = !inside;
        let (open, close) = (bits(&strip.open) & outside, bits(&strip.close) & outside);
        let (colon, comma) = (bits(&strip.colon) & outside, bits(&strip.comma) & outside);
        let scalar = bits(&strip.scalar);
        let (after_open_or_comma, past_first) = (bits(&strip.after_open_or_comma), bits(&strip.past_first));
        let opening = quote & inside;
        let closing = quote & outside;
        let in_object = !in_array;
        if page.has_backslash && any(simd, bits(&strip.backslash) & inside & !past_first & in_object) {
            return false;
        }

        let mut blank = bits(&strip.space) & outside;
        if page.has_control {
            let control = bits(&strip.control);
            blank |= control & outside;
            self.faults |= control & !(outside & bits(&strip.line_space));
        }
        let blanks = Blanks::new(simd, blank);
        let key_end = past_first & closing & in_object;
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
        self.faults |= faults & valid;
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
