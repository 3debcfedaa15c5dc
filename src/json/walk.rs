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
    let mut walk = Walk::new(trie, bytes, slots);
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    let mut blocks = blocks.iter();
    let mut tail = tail;
    let mut padded = [b' '; BLOCK];
    loop {
        let block = match blocks.next() {
            Some(block) => Bytes::load(simd, block),
            None if tail.is_empty() => return walk.is_complete(),
            None => {
                padded.split_at_mut(tail.len()).0.copy_from_slice(tail);
                tail = &[];
                Bytes::load(simd, &padded)
            }
        };
        if !walk.block(simd, block) {
            return false;
        }
        walk.at += BLOCK;
    }
}

/// A block by what its bytes mean.
struct Tokens {
    /// Quotes that begin or end a string.
    quote: u64,
    /// In a string, its opening quote included, the closing one not.
    inside: u64,
    backslash: u64,
    open: u64,
    close: u64,
    colon: u64,
    comma: u64,
    /// Whitespace between tokens.
    blank: u64,
}

/// What a block leaves to the next one.
#[derive(Clone, Copy, Default)]
struct Carry {
    /// All ones within a string.
    in_string: u64,
    escaped: bool,
    /// Within the string of a key.
    in_key: u64,
    /// The last byte was part of a number or literal.
    scalar: u64,
    after_open: u64,
    after_open_or_comma: u64,
    after_colon: u64,
    after_key: u64,
    after_value: u64,
}

struct Walk<'a, 's> {
    trie: &'a Trie,
    bytes: &'a [u8],
    slots: &'s mut Slots,
    /// Where the block starts.
    at: usize,
    carry: Carry,
    faults: u64,
    /// Whether the innermost container is an array.
    array: bool,
    /// How many of the open containers no path leads through; these are always the innermost.
    off_trie: usize,
    /// The trie's node of the innermost container that a path leads through.
    node: &'a TrieNode,
    /// Where a value starts to which a path leads, and the node it leads to.
    target: (usize, NodeId),
    /// The end of the last surrogate pair.
    pair_end: usize,
}

impl<'a, 's> Walk<'a, 's> {
    #[inline(always)]
    fn new(trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        Walk {
            trie,
            bytes,
            slots,
            at: 0,
            carry: Carry::default(),
            faults: 0,
            array: false,
            off_trie: 0,
            node: trie.root(),
            target: (0, ROOT),
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

    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, bytes: Bytes<S>) -> bool {
        let backslash = bytes.equal(b'\\');
        let mut quote = bytes.equal(b'"');
        if backslash != 0 || self.carry.escaped {
            let Some(unescaped) = self.escapes(backslash, quote) else { return false };
            quote = unescaped;
        }
        let inside = prefix_xor(simd, quote) ^ self.carry.in_string;
        self.carry.in_string = ((inside as i64) >> 63) as u64;
        let control = bytes.below(b' ');
        self.faults |= control & inside;
        let blank = (control | bytes.equal(b' ')) & !inside;
        let brackets = bytes.brackets();
        let open = brackets.equal(b'{') & !inside;
        let close = brackets.equal(b'}') & !inside;
        let colon = bytes.equal(b':') & !inside;
        let comma = bytes.equal(b',') & !inside;
        let tokens = Tokens { quote, inside, backslash, open, close, colon, comma, blank };
        if blank != 0 {
            let allowed = bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n');
            self.faults |= control & !inside & !allowed;
            self.any_block::<true>(&tokens)
        } else if open | close != 0 || self.array {
            self.any_block::<false>(&tokens)
        } else {
            self.object_block(&tokens, bytes)
        }
    }

    /// Passes a block that lies in one object as a whole, without whitespace between its tokens.
    #[inline(always)]
    fn object_block<S: Simd>(&mut self, tokens: &Tokens, bytes: Bytes<S>) -> bool {
        let &Tokens { quote, inside, backslash, colon, comma, .. } = tokens;
        let opening = quote & inside;
        let closing = quote & !inside;
        let scalar = !(inside | quote | colon | comma);
        let carry = &mut self.carry;

        let key_starts = follow::<false>(comma, 0, &mut carry.after_open_or_comma);
        carry.after_open = 0;
        let after_colon = follow::<false>(colon, 0, &mut carry.after_colon);
        let after_scalar = scalar << 1 | carry.scalar;
        carry.scalar = scalar >> 63;
        let (key_ends, escaped_key) = key_ends(key_starts, tokens, &mut carry.in_key);
        let after_key = follow::<false>(key_ends, 0, &mut carry.after_key);
        let after_value =
            follow_or::<false>(closing & !key_ends, after_scalar & !scalar, 0, &mut carry.after_value);
        self.faults |= (key_starts & !opening)
            | (after_colon & !(opening | scalar))
            | (after_key ^ colon)
            | (after_value & !comma);
        if self.off_trie == 0 {
            for child in &self.node.keys {
                let fitting = key_starts & child.fitting(quote) & child.probed(bytes);
                if fitting != 0 {
                    self.found(child, fitting);
                }
            }
        }
        let scalar_starts = scalar & !after_scalar;
        (scalar_starts == 0 || self.scalars(scalar_starts, scalar)) && (backslash & escaped_key) == 0
    }

    /// Passes any block.
    #[inline(never)]
    fn any_block<const BLANKS: bool>(&mut self, tokens: &Tokens) -> bool {
        let &Tokens { quote, inside, backslash, open, close, colon, comma, blank } = tokens;
        let opening = quote & inside;
        let closing = quote & !inside;
        let scalar = !(inside | quote | open | close | colon | comma | blank);
        let carry = &mut self.carry;

        let after_open_or_comma = follow::<BLANKS>(open | comma, blank, &mut carry.after_open_or_comma);
        let Some(in_array) = self.brackets(open, close, comma, after_open_or_comma & opening, quote) else {
            return false;
        };

        let carry = &mut self.carry;
        let after_open = follow::<BLANKS>(open, blank, &mut carry.after_open);
        let after_colon = follow::<BLANKS>(colon, blank, &mut carry.after_colon);
        let after_scalar = scalar << 1 | carry.scalar;
        carry.scalar = scalar >> 63;
        let key_expected = after_open_or_comma & !in_array;
        let (key_ends, escaped_key) = key_ends(key_expected & opening, tokens, &mut carry.in_key);
        let after_key = follow::<BLANKS>(key_ends, blank, &mut carry.after_key);
        let values = close | (closing & !key_ends);
        let after_value = follow_or::<BLANKS>(values, after_scalar & !scalar, blank, &mut carry.after_value);
        let empty = close & after_open;
        let value_expected = after_colon | (after_open_or_comma & in_array);
        self.faults |= (key_expected & !(opening | empty))
            | (value_expected & !(opening | open | scalar | empty))
            | (after_key ^ colon)
            | (after_value & !(comma | close));
        let scalar_starts = scalar & !after_scalar;
        (scalar_starts == 0 || self.scalars(scalar_starts, scalar)) && (backslash & escaped_key) == 0
    }

    /// Walks the brackets of a block, and the keys and commas between them where a path leads through. Gives the
    /// bytes that are in arrays, a bracket counted as in the container around it.
    #[inline(always)]
    fn brackets(&mut self, open: u64, close: u64, comma: u64, keys: u64, quote: u64) -> Option<u64> {
        let mut rest = open | close;
        let mut in_array = if self.array { !0 } else { 0 };
        let mut from = !0_u64;
        loop {
            let bit = rest & rest.wrapping_neg();
            if self.off_trie == 0 {
                let segment = from & bit.wrapping_sub(1);
                if self.array {
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
            let was_array = self.array;
            if open & bit != 0 {
                self.array = byte == b'[';
                self.slots.walk.kinds.push(self.array);
                if self.off_trie > 0 || self.target.0 != at {
                    self.off_trie += 1;
                } else {
                    self.enter();
                }
            } else {
                if self.array != (byte == b']') {
                    return None;
                }
                if self.off_trie > 0 {
                    self.off_trie -= 1;
                } else {
                    self.leave(at);
                }
                self.slots.walk.kinds.pop();
                self.array = match self.slots.walk.kinds.last() {
                    Some(array) => array,
                    None if at + 1 == self.bytes.len() => false,
                    None => return None,
                };
            }
            if self.array != was_array {
                in_array ^= above;
            }
            from = above;
            rest &= rest - 1;
        }
    }

    /// Enters the container that was waited for.
    fn enter(&mut self) {
        let (start, node) = self.target;
        self.slots.walk.frames.push(Frame { node, start, index: 0 });
        if let Some(node) = self.trie.node(node) {
            self.node = node;
        }
        if self.array {
            self.element(start + 1);
        }
    }

    /// Leaves a container that a path leads through; its last byte is at `at`.
    fn leave(&mut self, at: usize) {
        let Some(frame) = self.slots.walk.frames.pop() else { return };
        let kind = if self.array { Kind::Array } else { Kind::Object };
        self.slots.fill(self.trie, frame.node, Value { kind, start: frame.start, end: at + 1 });
        if let Some(node) = self.slots.walk.frames.last().and_then(|frame| self.trie.node(frame.node)) {
            self.node = node;
        }
    }

    /// Compares the keys of the trie with those that start at the bits of `keys`.
    #[inline(always)]
    fn keys(&mut self, keys: u64, quote: u64) {
        if keys == 0 {
            return;
        }
        for child in &self.node.keys {
            let fitting = keys & child.fitting(quote);
            if fitting != 0 {
                self.found(child, fitting);
            }
        }
    }

    /// Compares the key of `child` with those that start at the bits of `fitting`.
    #[inline(never)]
    fn found(&mut self, child: &KeyChild, fitting: u64) {
        let mut fitting = fitting;
        while fitting != 0 {
            let at = self.at + fitting.trailing_zeros() as usize;
            if child.is_at(self.bytes, at + 1) {
                self.key_found(child, at);
            }
            fitting &= fitting - 1;
        }
    }

    fn key_found(&mut self, child: &KeyChild, at: usize) {
        let colon = skip_whitespace(self.bytes, at + child.key.len() + 2);
        self.value_found(child.node, skip_whitespace(self.bytes, colon + 1));
    }

    /// Passes the commas of an array that a path leads through.
    fn elements(&mut self, commas: u64) {
        let Some(&(last, _)) = self.node.elements.last() else { return };
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
        let Some(frame) = self.slots.walk.frames.last() else { return };
        if let Some(&(_, child)) = self.node.elements.iter().find(|(index, _)| *index == frame.index) {
            self.value_found(child, skip_whitespace(self.bytes, at));
        }
    }

    /// Notes the value at `start`, if it is a scalar; otherwise its bracket is waited for.
    fn value_found(&mut self, node: NodeId, start: usize) {
        self.slots.forget(self.trie, node);
        let value = match self.bytes.get(start) {
            Some(b'{' | b'[') => {
                self.target = (start, node);
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
    fn scalars(&mut self, starts: u64, scalar: u64) -> bool {
        let mut starts = starts;
        while starts != 0 {
            let bit = starts.trailing_zeros();
            let length = (!(scalar >> bit)).trailing_zeros();
            let at = self.at + bit as usize;
            starts &= starts - 1;
            // One that reaches the end of the block may go on in the next.
            let whole = bit + length < u64::BITS;
            if !(whole && is_common_scalar(self.bytes, at, length) || is_scalar(self.bytes, at)) {
                return false;
            }
        }
        true
    }

    /// The quotes of a block that are not escaped, or `None` if what follows a backslash makes no escape.
    #[inline(never)]
    fn escapes(&mut self, backslash: u64, quote: u64) -> Option<u64> {
        let (escapes, open) = escaped(backslash, self.carry.escaped);
        self.carry.escaped = open;
        let mut rest = escapes & !quote;
        while rest != 0 {
            let at = self.at + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            match self.bytes.get(at) {
                _ if at < self.pair_end => {}
                Some(b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                // The second of two backslashes, the first of which the block before ended with.
                Some(b'\\') => {}
                Some(b'u') => self.pair_end = escape_end(self.bytes, at - 1).ok()?,
                _ => return None,
            }
        }
        Some(quote & !escapes)
    }
}

/// Whether a literal or a short natural number of `length` bytes is at `at`.
#[inline(always)]
fn is_common_scalar(bytes: &[u8], at: usize, length: u32) -> bool {
    let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk).map(|word| u64::from_le_bytes(*word))
    else {
        return false;
    };
    const TRUE: u32 = u32::from_le_bytes(*b"true");
    const NULL: u32 = u32::from_le_bytes(*b"null");
    const FALSE: u64 = u64::from_le_bytes(*b"false\0\0\0");
    match length {
        4 if matches!(word as u32, TRUE | NULL) => true,
        5 if word & 0xff_ffff_ffff == FALSE => true,
        1 => matches!(word as u8, b'0'..=b'9'),
        2..8 => {
            // Digits have a high half of 3 and a low one below 10; bytes behind the number are shifted out.
            let digits = word << (64 - 8 * length);
            let below_ten = (digits & 0x0f0f_0f0f_0f0f_0f0f).wrapping_add(0x0606_0606_0606_0606);
            let wrong = (digits ^ (0x3030_3030_3030_3030 << (64 - 8 * length))) | below_ten;
            wrong & 0xf0f0_f0f0_f0f0_f0f0 == 0 && word as u8 != b'0'
        }
        _ => false,
    }
}

/// Whether a number or literal is at `at` and ends where it should.
#[inline(never)]
fn is_scalar(bytes: &[u8], at: usize) -> bool {
    scalar(bytes, at).is_ok_and(|(_, end)| {
        matches!(bytes.get(end), Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'))
    })
}

/// The closing quotes of the keys whose opening quotes are `starts`, and the bytes of keys.
#[inline(always)]
fn key_ends(starts: u64, tokens: &Tokens, carry: &mut u64) -> (u64, u64) {
    // Adding its start to a run moves the bit just past the run, here to the closing quote.
    let (moved, over) = tokens.inside.overflowing_add(starts);
    let (moved, carried_over) = moved.overflowing_add(*carry);
    *carry = u64::from(over | carried_over);
    (moved & tokens.quote & !tokens.inside, tokens.inside & !moved)
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
