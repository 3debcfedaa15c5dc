//! Where a walk stands in a record: which containers are open, and which of them a path leads through.

use super::lanes::Bits;
use super::mask::BLOCK;
use super::plain::{scalar, string_end};
use super::project::{Frame, Kind, Slots, Value};
use super::trie::{NodeId, ROOT, Trie, TrieNode};

/// The bytes of a strip that a cursor looks at.
pub(super) struct Events {
    /// Brackets, starts of numbers and literals, and the opening quotes of what may be a wanted key.
    pub(super) bytes: Bits,
    pub(super) comma: Bits,
    /// Numbers and literals, from their first byte to their last.
    pub(super) scalar: Bits,
}

pub(super) struct Cursor<'a, 's> {
    trie: &'a Trie,
    bytes: &'a [u8],
    slots: &'s mut Slots,
    /// Whether the innermost container is an array.
    array: bool,
    /// Whether its commas are counted, as a path leads to one of its elements.
    counting: bool,
    /// How many of the open containers no path leads through; these are always the innermost.
    off_trie: usize,
    /// The trie's node of the innermost container that a path leads through.
    node: &'a TrieNode,
    /// Where a value starts to which a path leads, and the node it leads to.
    target: (usize, NodeId),
}

impl<'a, 's> Cursor<'a, 's> {
    pub(super) fn new(trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        Cursor {
            trie,
            bytes,
            slots,
            array: false,
            counting: false,
            off_trie: 0,
            node: trie.root(),
            target: (0, ROOT),
        }
    }

    /// Whether every container is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.slots.walk.kinds.depth() == 0
    }

    /// Passes the strip that starts at `start`. Gives the bytes that are in arrays, a bracket counted as in the
    /// container around it; `None` if brackets are not paired, or something is no number and no literal.
    #[inline(always)]
    pub(super) fn pass(&mut self, start: usize, events: &Events) -> Option<Bits> {
        let mut in_array = Bits::default();
        let lanes = events.bytes.iter().zip(&events.comma).zip(&events.scalar).zip(&mut in_array);
        for (lane, (((&bytes, &comma), &scalar), in_array)) in (0..).zip(lanes) {
            if self.array {
                *in_array = !0;
            }
            let commas = |it: &Self| if it.counting { comma } else { 0 };
            let mut rest = bytes | commas(self);
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                let at = start + lane * BLOCK + bit as usize;
                let above = !1 << bit;
                match self.bytes.get(at)? {
                    byte @ (b'{' | b'[') => {
                        if self.open(at, *byte == b'[') {
                            *in_array ^= above;
                        }
                        rest = (bytes | commas(self)) & above;
                    }
                    byte @ (b'}' | b']') => {
                        if self.close(at, *byte == b']')? {
                            *in_array ^= above;
                        }
                        rest = (bytes | commas(self)) & above;
                    }
                    b'"' => self.key(at),
                    b',' => self.comma(at),
                    _ => {
                        let length = (!(scalar >> bit)).trailing_zeros();
                        // One that reaches the end of the lane may go on in the next.
                        let whole = bit + length < u64::BITS;
                        if !(whole && is_common_scalar(self.bytes, at, length) || is_scalar(self.bytes, at)) {
                            return None;
                        }
                    }
                }
            }
        }
        Some(in_array)
    }

    /// Passes the opening bracket at `at`, and tells whether an array became an object's place or the other way round.
    #[inline(always)]
    fn open(&mut self, at: usize, array: bool) -> bool {
        let changed = self.array != array;
        self.array = array;
        self.slots.walk.kinds.push(array);
        if self.off_trie > 0 || self.target.0 != at {
            self.off_trie += 1;
        } else {
            self.enter();
        }
        changed
    }

    /// Passes the closing bracket at `at`, and tells what [`open`](Self::open) does.
    #[inline(always)]
    fn close(&mut self, at: usize, array: bool) -> Option<bool> {
        if self.array != array {
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
        Some(self.array != array)
    }

    /// Enters the container that was waited for.
    #[inline(never)]
    fn enter(&mut self) {
        let (start, node) = self.target;
        self.slots.walk.frames.push(Frame { node, start, index: 0 });
        if let Some(node) = self.trie.node(node) {
            self.node = node;
        }
        self.counting = self.array && !self.node.elements.is_empty();
        if self.array {
            self.element(start + 1);
        }
    }

    /// Leaves a container that a path leads through; its last byte is at `at`.
    #[inline(never)]
    fn leave(&mut self, at: usize) {
        let Some(frame) = self.slots.walk.frames.pop() else { return };
        let kind = if self.array { Kind::Array } else { Kind::Object };
        self.slots.fill(self.trie, frame.node, Value { kind, start: frame.start, end: at + 1 });
        if let Some(node) = self.slots.walk.frames.last().and_then(|frame| self.trie.node(frame.node)) {
            self.node = node;
        }
        let array =
            self.bytes.get(self.slots.walk.frames.last().map_or(0, |frame| frame.start)) == Some(&b'[');
        self.counting = array && !self.node.elements.is_empty();
    }

    /// Looks at what may be a wanted key; its opening quote is at `at`.
    #[inline(always)]
    fn key(&mut self, at: usize) {
        if self.off_trie > 0 || self.array {
            return;
        }
        for child in &self.node.keys {
            if child.is_at(self.bytes, at + 1) {
                self.key_found(child.node, at + child.key.len() + 2);
                return;
            }
        }
    }

    /// Passes the colon behind a wanted key, which ends before `end`.
    #[inline(never)]
    fn key_found(&mut self, node: NodeId, end: usize) {
        let colon = skip_whitespace(self.bytes, end);
        self.value_found(node, skip_whitespace(self.bytes, colon + 1));
    }

    /// Passes a comma of an array that a path leads through.
    fn comma(&mut self, at: usize) {
        if self.off_trie > 0 {
            return;
        }
        if let Some(frame) = self.slots.walk.frames.last_mut() {
            frame.index += 1;
            self.element(at + 1);
        }
    }

    /// Looks whether a path leads to the current element, which starts at `at` or behind whitespace there.
    fn element(&mut self, at: usize) {
        let Some(frame) = self.slots.walk.frames.last() else { return };
        if let Ok(found) = self.node.elements.binary_search_by_key(&frame.index, |&(index, _)| index)
            && let Some(&(_, child)) = self.node.elements.get(found)
        {
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
        // Where there is no value the text is no JSON, which the grammar tells.
        if let Some(value) = value {
            self.slots.fill(self.trie, node, value);
        }
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
    let digits = {
        // Digits have a high half of 3 and a low one below 10; bytes behind the number are shifted out.
        let unused = 64_u32.wrapping_sub(8 * length);
        let digits = word.wrapping_shl(unused);
        let below_ten = (digits & 0x0f0f_0f0f_0f0f_0f0f).wrapping_add(0x0606_0606_0606_0606);
        let wrong = (digits ^ 0x3030_3030_3030_3030_u64.wrapping_shl(unused)) | below_ten;
        (1..=8).contains(&length)
            & (wrong & 0xf0f0_f0f0_f0f0_f0f0 == 0)
            & ((word as u8 != b'0') | (length == 1))
    };
    let four = (length == 4) & ((word as u32 == TRUE) | (word as u32 == NULL));
    let five = (length == 5) & (word & 0xff_ffff_ffff == FALSE);
    digits | four | five
}

/// Whether a number or literal is at `at` and ends where it should.
#[inline(never)]
fn is_scalar(bytes: &[u8], at: usize) -> bool {
    scalar(bytes, at).is_ok_and(|(_, end)| {
        matches!(bytes.get(end), Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'))
    })
}

fn skip_whitespace(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}
