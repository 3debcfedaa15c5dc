//! The fast walk: 64 bytes a step, the grammar checked by bit masks, one step of a loop for each bracket and scalar
//! only.
//!
//! Whether a token may follow another depends on the two of them and on whether they stand in an array or an object.
//! So a block is checked at once: a loop over its brackets tells the arrays from the objects, and every other rule is
//! a few operations on masks. Keys are compared only in containers that a path leads through, and only those whose
//! length and one letter fit.

use fearless_simd::{Level, Simd, dispatch};

use super::mask::{BLOCK, Bytes, escaped, prefix_xor};
use super::plain::{escape_end, scalar, string_end};
use super::project::{Frame, Kind, Slots, Value};
use super::trie::{KeyChild, NodeId, ROOT, Trie, TrieNode};

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
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        let bytes = Bytes::load(simd, block);
        if !walk.block(&Masks::new(bytes), bytes, !0, 0) {
            return false;
        }
        walk.at += BLOCK;
    }
    if !tail.is_empty() {
        let mut padded = [b' '; BLOCK];
        let (start, _) = padded.split_at_mut(tail.len());
        start.copy_from_slice(tail);
        let valid = !(!0 << tail.len());
        let bytes = Bytes::load(simd, &padded);
        if !walk.block(&Masks::new(bytes), bytes, valid, 0) {
            return false;
        }
    }
    walk.is_complete()
}

/// The bytes of a block by what they may mean, be they in a string or not.
struct Masks {
    quote: u64,
    backslash: u64,
    control: u64,
    space: u64,
    open: u64,
    close: u64,
    colon: u64,
    comma: u64,
}

impl Masks {
    #[inline(always)]
    fn new<S: Simd>(bytes: Bytes<S>) -> Self {
        let brackets = bytes.brackets();
        Masks {
            quote: bytes.equal(b'"'),
            backslash: bytes.equal(b'\\'),
            control: bytes.below(b' '),
            space: bytes.equal(b' '),
            open: brackets.equal(b'{'),
            close: brackets.equal(b'}'),
            colon: bytes.equal(b':'),
            comma: bytes.equal(b','),
        }
    }
}

/// What a block leaves to the next one.
#[derive(Clone, Copy, Default)]
struct Carry {
    /// All ones within a string.
    in_string: u64,
    /// Within the string of a key.
    in_key: bool,
    escaped: bool,
    /// The last byte was part of a number or literal.
    scalar: u64,
    after_open: u64,
    after_open_or_comma: u64,
    after_colon: u64,
    after_key: u64,
    after_value: u64,
}

struct Walk<'a, 's, S> {
    simd: S,
    trie: &'a Trie,
    bytes: &'a [u8],
    slots: &'s mut Slots,
    /// Where the block starts.
    at: usize,
    carry: Carry,
    faults: u64,
    /// The trie's node of the innermost container on the trie, and how many containers are on it.
    node: Option<&'a TrieNode>,
    tracked: usize,
    /// Where a value starts to which a path leads, and the node it leads to.
    target: Option<(usize, NodeId)>,
    /// The end of the last surrogate pair.
    pair_end: usize,
}

impl<'a, 's, S: Simd> Walk<'a, 's, S> {
    #[inline(always)]
    fn new(simd: S, trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        Walk {
            simd,
            trie,
            bytes,
            slots,
            at: 0,
            carry: Carry::default(),
            faults: 0,
            node: None,
            tracked: 0,
            target: Some((0, ROOT)),
            pair_end: 0,
        }
    }

    #[inline(always)]
    fn is_complete(&self) -> bool {
        self.faults == 0
            && self.carry.in_string == 0
            && !self.carry.escaped
            && self.slots.walk.kinds.depth() == 0
    }

    /// Passes a block; `valid` are its bits within the text.
    #[inline(always)]
    fn block(&mut self, masks: &Masks, bytes: Bytes<S>, valid: u64, _shift: u32) -> bool {
        let mut escapes = 0;
        if masks.backslash != 0 || self.carry.escaped {
            (escapes, self.carry.escaped) = escaped(masks.backslash, self.carry.escaped);
            if !self.check_escapes(escapes & !masks.quote & valid) {
                return false;
            }
        }
        let quote = masks.quote & !escapes;
        let inside = prefix_xor(self.simd, quote) ^ self.carry.in_string;
        self.carry.in_string = ((inside as i64) >> 63) as u64;
        self.faults |= masks.control & inside & valid;
        let blank = (masks.control | masks.space) & !inside & valid;
        if blank == 0 {
            self.tokens::<false>(masks, valid, quote, inside, 0)
        } else {
            let outside = masks.control & blank;
            let allowed = bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n');
            self.faults |= outside & !allowed;
            self.tokens::<true>(masks, valid, quote, inside, blank)
        }
    }

    #[inline(always)]
    fn tokens<const BLANKS: bool>(
        &mut self,
        masks: &Masks,
        valid: u64,
        quote: u64,
        inside: u64,
        blank: u64,
    ) -> bool {
        let opening = quote & inside;
        let closing = quote & !inside;
        let open = masks.open & !inside;
        let close = masks.close & !inside;
        let colon = masks.colon & !inside;
        let comma = masks.comma & !inside;
        let scalar = !(inside | quote | open | close | colon | comma | blank) & valid;

        let carry = &mut self.carry;
        let after_open_or_comma = follow::<BLANKS>(open | comma, blank, &mut carry.after_open_or_comma);
        let after_open = follow::<BLANKS>(open, blank, &mut carry.after_open);
        let after_colon = follow::<BLANKS>(colon, blank, &mut carry.after_colon);
        let scalar_starts = scalar & !(scalar << 1 | carry.scalar);
        let scalar_ends = !scalar & (scalar << 1 | carry.scalar);
        carry.scalar = scalar >> 63;

        let keys = after_open_or_comma & opening;
        let Some(in_array) = self.brackets(open, close, comma, keys, quote) else { return false };

        let key_starts = keys & !in_array;
        // Adding its start to a run moves the bit just past the run, here to the closing quote.
        let (moved, over) = inside.overflowing_add(key_starts);
        let (moved, carried_over) = moved.overflowing_add(u64::from(self.carry.in_key));
        self.carry.in_key = over | carried_over;
        if masks.backslash & inside & !moved != 0 {
            // A key with an escape: the plain walk decodes it.
            return false;
        }
        let key_ends = moved & closing;
        let value_ends = close | (closing & !key_ends);
        let carry = &mut self.carry;
        let after_key = follow::<BLANKS>(key_ends, blank, &mut carry.after_key);
        let after_value = follow_or::<BLANKS>(value_ends, scalar_ends, blank, &mut carry.after_value);

        let empty = close & after_open;
        let key_expected = after_open_or_comma & !in_array;
        let value_expected = after_colon | (after_open_or_comma & in_array);
        let faults = (key_expected & !(opening | empty))
            | (value_expected & !(opening | open | scalar | empty))
            | (after_key ^ colon)
            | (after_value & !(comma | close));
        self.faults |= faults & valid;
        scalar_starts == 0 || self.scalars(scalar_starts, scalar)
    }

    /// Walks the brackets of a block, and the keys and commas between them where a path leads through. Gives the
    /// bytes that are in arrays, a bracket counted as in the container around it.
    #[inline(always)]
    fn brackets(&mut self, open: u64, close: u64, comma: u64, keys: u64, quote: u64) -> Option<u64> {
        let mut rest = open | close;
        let mut array = self.slots.walk.kinds.last() == Some(true);
        let mut in_array = if array { !0 } else { 0 };
        let mut from = !0_u64;
        loop {
            let bit = rest & rest.wrapping_neg();
            if self.slots.walk.kinds.depth() == self.tracked && self.tracked > 0 {
                let segment = from & bit.wrapping_sub(1);
                if array {
                    self.elements(comma & segment);
                } else {
                    self.keys(keys & segment, quote);
                }
            }
            if bit == 0 {
                return Some(in_array);
            }
            let above = !(bit | (bit - 1));
            let at = self.at + bit.trailing_zeros() as usize;
            let byte = self.bytes.get(at).copied()?;
            let was_array = array;
            if open & bit != 0 {
                array = byte == b'[';
                self.slots.walk.kinds.push(array);
                self.enter(at);
            } else {
                if array != (byte == b']') {
                    return None;
                }
                self.leave(at, array);
                self.slots.walk.kinds.pop();
                array = match self.slots.walk.kinds.last() {
                    Some(array) => array,
                    None if at + 1 == self.bytes.len() => false,
                    None => return None,
                };
            }
            if array != was_array {
                in_array ^= above;
            }
            from = above;
            rest &= rest - 1;
        }
    }

    #[inline(always)]
    fn enter(&mut self, at: usize) {
        if let Some((start, node)) = self.target
            && start == at
        {
            self.target = None;
            self.slots.walk.frames.push(Frame { node, start, index: 0 });
            self.tracked += 1;
            self.node = self.trie.node(node);
            if self.bytes.get(at) == Some(&b'[') {
                self.element(at + 1);
            }
        }
    }

    #[inline(always)]
    fn leave(&mut self, at: usize, array: bool) {
        if self.slots.walk.kinds.depth() != self.tracked {
            return;
        }
        let Some(frame) = self.slots.walk.frames.pop() else { return };
        let kind = if array { Kind::Array } else { Kind::Object };
        self.slots.fill(self.trie, frame.node, Value { kind, start: frame.start, end: at + 1 });
        self.tracked -= 1;
        self.node = self.slots.walk.frames.last().and_then(|frame| self.trie.node(frame.node));
    }

    /// Compares the keys of the trie with those that start at the bits of `keys`.
    #[inline(always)]
    fn keys(&mut self, keys: u64, quote: u64) {
        if keys == 0 {
            return;
        }
        let Some(node) = self.node else { return };
        for child in &node.keys {
            let mut fitting = keys & child.fitting(quote);
            while fitting != 0 {
                let at = self.at + fitting.trailing_zeros() as usize;
                if child.is_at(self.bytes, at + 1) {
                    self.key_found(child, at);
                }
                fitting &= fitting - 1;
            }
        }
    }

    #[inline(never)]
    fn key_found(&mut self, child: &KeyChild, at: usize) {
        let colon = skip_whitespace(self.bytes, at + child.key.len() + 2);
        self.value_found(child.node, skip_whitespace(self.bytes, colon + 1));
    }

    /// Passes the commas of an array that a path leads through.
    fn elements(&mut self, commas: u64) {
        let Some(&(last, _)) = self.node.and_then(|node| node.elements.last()) else { return };
        let mut commas = commas;
        while commas != 0 {
            let at = self.at + commas.trailing_zeros() as usize;
            commas &= commas - 1;
            let Some(frame) = self.slots.walk.frames.last_mut() else { return };
            if frame.index >= last {
                return;
            }
            frame.index += 1;
            self.element(at + 1);
        }
    }

    /// Looks whether a path leads to the current element, which starts at `at` or behind whitespace there.
    fn element(&mut self, at: usize) {
        let (Some(node), Some(frame)) = (self.node, self.slots.walk.frames.last()) else { return };
        if let Some(&(_, child)) = node.elements.iter().find(|(index, _)| *index == frame.index) {
            self.value_found(child, skip_whitespace(self.bytes, at));
        }
    }

    /// Notes the value at `start`, if it is a scalar; otherwise its bracket is waited for.
    fn value_found(&mut self, node: NodeId, start: usize) {
        self.slots.forget(self.trie, node);
        let value = match self.bytes.get(start) {
            Some(b'{' | b'[') => {
                self.target = Some((start, node));
                return;
            }
            Some(b'"') => string_end(self.bytes, start + 1).ok().map(|(end, escaped)| Value {
                kind: if escaped { Kind::EscapedString } else { Kind::String },
                start: start + 1,
                end,
            }),
            _ => scalar(self.bytes, start).ok().map(|(kind, end)| Value { kind, start, end }),
        };
        // Where there is no value the text is no JSON, which the masks tell.
        if let Some(value) = value {
            self.slots.fill(self.trie, node, value);
        }
    }

    /// Whether the numbers and literals that start at the bits of `starts` are such, to their ends.
    #[inline(always)]
    fn scalars(&mut self, starts: u64, _scalar: u64) -> bool {
        let mut starts = starts;
        while starts != 0 {
            let at = self.at + starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let Ok((_, end)) = scalar(self.bytes, at) else { return false };
            if !matches!(self.bytes.get(end), Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')) {
                return false;
            }
        }
        true
    }

    /// Whether the bytes of `escapes`, all behind a backslash, and what follows them are escapes.
    #[inline(always)]
    fn check_escapes(&mut self, escapes: u64) -> bool {
        let mut escapes = escapes;
        while escapes != 0 {
            let at = self.at + escapes.trailing_zeros() as usize;
            escapes &= escapes - 1;
            if at < self.pair_end {
                continue;
            }
            match self.bytes.get(at) {
                Some(b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                Some(b'u') => match escape_end(self.bytes, at - 1) {
                    Ok(end) => self.pair_end = end,
                    Err(_) => return false,
                },
                _ => return false,
            }
        }
        true
    }
}

/// The first bytes behind `tokens` that are not whitespace.
#[inline(always)]
fn follow<const BLANKS: bool>(tokens: u64, blank: u64, carry: &mut u64) -> u64 {
    follow_or::<BLANKS>(tokens, 0, blank, carry)
}

/// The same with `more` as bytes already behind a token.
#[inline(always)]
fn follow_or<const BLANKS: bool>(tokens: u64, more: u64, blank: u64, carry: &mut u64) -> u64 {
    let behind = tokens << 1 | *carry | more;
    *carry = tokens >> 63;
    if !BLANKS {
        return behind;
    }
    // Adding its start to a run of whitespace moves the bit just past the run; the other runs stay as they are.
    let (moved, over) = blank.overflowing_add(behind & blank);
    *carry |= u64::from(over);
    (behind | moved) & !blank
}

fn skip_whitespace(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}
