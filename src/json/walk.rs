//! The fast walk: a strip of 512 bytes a step, the grammar checked by bit sets, one step of a loop for each bracket
//! and scalar only.
//!
//! Whether a token may follow another depends on the two of them and on whether they stand in an array or an object.
//! So a strip is checked at once: a loop over its brackets tells the arrays from the objects, and every other rule is
//! a few operations on bit sets. Keys are compared only in containers that a path leads through, and only those whose
//! length and one letter fit.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u64x8};

use super::cursor::{Cursor, Events};
use super::lanes::{Bits, LANES, add, any, load, none, parity, shift};
use super::mask::{BLOCK, Bytes, Masks, STRIP, escaped};
use super::plain::escape_end;
use super::project::Slots;
use super::trie::Trie;

/// Projects `text`, which has no whitespace around it, as the plain walk does, and gives whether it could: `false`
/// for a text that is no object, and for a few texts that are.
pub(super) fn project(level: Level, trie: &Trie, text: &str, slots: &mut Slots) -> bool {
    let bytes = text.as_bytes();
    dispatch!(level, simd => walk(simd, trie, bytes, slots))
}

#[inline(always)]
fn walk<S: Simd>(simd: S, trie: &Trie, bytes: &[u8], slots: &mut Slots) -> bool {
    if bytes.first() != Some(&b'{') {
        return false;
    }
    let mut walk = Walk::new(simd, trie, bytes, slots);
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let (mut masks, mut next) = (Masks::default(), Masks::default());
    let (mut masks, mut next) = (&mut masks, &mut next);
    // Each strip is read before the one ahead of it is passed: what was just written is slow to read.
    let (strip, mut blocks) = split(blocks);
    masks.read(simd, strip, rest, &trie.probes);
    while walk.at + STRIP < bytes.len() {
        let (strip, left) = split(blocks);
        blocks = left;
        next.read(simd, strip, rest, &trie.probes);
        if !walk.strip(masks) {
            return false;
        }
        walk.at += STRIP;
        std::mem::swap(&mut masks, &mut next);
    }
    walk.strip(masks) && walk.is_complete()
}

/// The blocks of the first strip, and the others.
#[inline(always)]
fn split(blocks: &[[u8; BLOCK]]) -> (&[[u8; BLOCK]], &[[u8; BLOCK]]) {
    blocks.split_at_checked(LANES).unwrap_or((blocks, &[]))
}

struct Walk<'a, 's, S: Simd> {
    simd: S,
    trie: &'a Trie,
    bytes: &'a [u8],
    cursor: Cursor<'a, 's>,
    /// Where the strip starts.
    at: usize,
    faults: u64x8<S>,
    in_string: bool,
    /// Within a string behind a comma or an opening bracket.
    in_first: bool,
    escaped: bool,
    /// The end of the last surrogate pair.
    pair_end: usize,
    scalar: u64x8<S>,
    open: u64x8<S>,
    open_or_comma: u64x8<S>,
    colon: u64x8<S>,
    key_end: u64x8<S>,
    value_end: u64x8<S>,
}

impl<'a, 's, S: Simd> Walk<'a, 's, S> {
    #[inline(always)]
    fn new(simd: S, trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        Walk {
            simd,
            trie,
            bytes,
            cursor: Cursor::new(trie, bytes, slots),
            at: 0,
            faults: none(simd),
            in_string: false,
            in_first: false,
            escaped: false,
            pair_end: 0,
            scalar: none(simd),
            open: none(simd),
            open_or_comma: none(simd),
            colon: none(simd),
            key_end: none(simd),
            value_end: none(simd),
        }
    }

    #[inline(always)]
    fn is_complete(&self) -> bool {
        !any(self.simd, self.faults) && !self.in_string && !self.escaped && self.cursor.is_closed()
    }

    #[inline(always)]
    fn strip(&mut self, masks: &mut Masks) -> bool {
        let simd = self.simd;
        let backslash = load(simd, &masks.backslash);
        if self.escaped || any(simd, backslash) {
            let Some(escaped) = check_escapes(masks, self.bytes, self.at, self.escaped, &mut self.pair_end)
            else {
                return false;
            };
            self.escaped = escaped;
        }

        let valid = load(simd, &masks.valid);
        let quote = load(simd, &masks.quote);
        let (inside, in_string) = parity(simd, quote, self.in_string);
        self.in_string = in_string;
        let outside = !inside;
        let opening = quote & inside;
        let closing = quote & outside;
        let open = load(simd, &masks.open) & outside;
        let close = load(simd, &masks.close) & outside;
        let colon = load(simd, &masks.colon) & outside;
        let comma = load(simd, &masks.comma) & outside;
        let control = load(simd, &masks.control);
        let blank = (load(simd, &masks.space) | control) & outside;
        let scalar = !(inside | quote | open | close | colon | comma | blank) & valid;
        let after_scalar = shift(scalar, self.scalar);
        self.scalar = scalar;
        let blanks = Blanks { simd, bits: blank, any: any(simd, blank) };
        if any(simd, control) {
            self.faults |= control & outside & !line_space(simd, self.bytes, self.at);
        }

        let after_open_or_comma = blanks.behind(open | comma, none(simd), &mut self.open_or_comma);
        let first = after_open_or_comma & opening;
        // Adding its start to a run moves the bit just past the run, here to the closing quote.
        let (moved, in_first) = add(simd, inside, first, self.in_first);
        self.in_first = in_first;

        let brackets = open | close;
        let keys = first & self.wanted(quote, masks);
        let scalars = scalar & !after_scalar;
        let events = Events {
            steps: (brackets | keys).to_array(),
            comma: comma.to_array(),
            scalars: scalars.to_array(),
            scalar: scalar.to_array(),
            scalar_lanes: scalars.simd_ne(none(simd)).to_bitmask(),
        };
        if !self.cursor.scalars(self.at, &events) {
            return false;
        }
        let was_array = self.cursor.is_array();
        let Some(turns) = self.cursor.steps(self.at, &events) else { return false };
        let in_array = match turns {
            Some(turns) => parity(simd, load(simd, &turns), was_array).0,
            None => u64x8::splat(simd, if was_array { !0 } else { 0 }),
        };
        let in_object = !in_array;
        if any(simd, backslash & inside & !moved & in_object) {
            // A key with an escape: the plain walk decodes it.
            return false;
        }
        let key_end = moved & closing & in_object;
        let after_open = blanks.behind(open, none(simd), &mut self.open);
        let after_colon = blanks.behind(colon, none(simd), &mut self.colon);
        let after_key = blanks.behind(key_end, none(simd), &mut self.key_end);
        let value_end = close | (closing & !key_end);
        let after_value = blanks.behind(value_end, after_scalar & !scalar, &mut self.value_end);
        let empty = close & after_open;
        let key_expected = after_open_or_comma & in_object;
        let value_expected = after_colon | (after_open_or_comma & in_array);
        let faults = (control & inside)
            | (key_expected & !(opening | empty))
            | (value_expected & !(opening | open | scalar | empty))
            | (after_key ^ colon)
            | (after_value & !(comma | close));
        self.faults |= faults & valid;
        true
    }

    /// The opening quotes from which a key of the trie may be written.
    #[inline(always)]
    fn wanted(&self, quote: u64x8<S>, masks: &Masks) -> u64x8<S> {
        let mut wanted =
            u64x8::splat(self.simd, if self.trie.filters.is_empty() { self.trie.unfiltered } else { 0 });
        for filter in &self.trie.filters {
            // Bits that would come from behind the lane are not known, and so set.
            let unknown = |distance: u32| !(!0 >> distance);
            let mut fits = quote >> filter.length | unknown(filter.length);
            if let Some(probe) = masks.probes.get(filter.probe) {
                fits &= load(self.simd, probe) >> filter.distance | unknown(filter.distance);
            }
            wanted |= fits;
        }
        wanted
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

/// The control characters that are whitespace in the strip that starts at `start`.
#[inline(always)]
fn line_space<S: Simd>(simd: S, bytes: &[u8], start: usize) -> u64x8<S> {
    let mut bits = Bits::default();
    let strip = bytes.get(start..).unwrap_or_default();
    for (bits, block) in bits.iter_mut().zip(strip.chunks(BLOCK)) {
        let mut padded = [0; BLOCK];
        padded.split_at_mut(block.len()).0.copy_from_slice(block);
        let bytes = Bytes::load(simd, &padded);
        *bits = bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n');
    }
    load(simd, &bits)
}

/// Takes the escaped quotes from the quotes of a strip that starts at `start`, and gives whether its last byte escapes
/// the next one; `None` if what follows a backslash makes no escape.
#[inline(never)]
fn check_escapes(
    masks: &mut Masks,
    bytes: &[u8],
    start: usize,
    mut open: bool,
    pair_end: &mut usize,
) -> Option<bool> {
    for (lane, (quote, &backslash)) in (0..).zip(masks.quote.iter_mut().zip(&masks.backslash)) {
        let escapes;
        (escapes, open) = escaped(backslash, open);
        let mut rest = escapes & !*quote;
        *quote &= !escapes;
        while rest != 0 {
            let at = start + lane * BLOCK + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            match bytes.get(at) {
                _ if at < *pair_end => {}
                Some(b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                // The second of two backslashes, the first of which the lane before ended with.
                Some(b'\\') => {}
                Some(b'u') => *pair_end = escape_end(bytes, at - 1).ok()?,
                _ => return None,
            }
        }
    }
    Some(open)
}
