//! Where a walk stands in a record: which containers are open, and which of them a path leads through.

use super::lanes::LANES;
use super::page::{BLOCK, PAGE, Page};
use super::plain::{scalar, string_end};
use super::project::{Frame, Kind, Slots, Value};
use super::trie::{NodeId, ROOT, Trie, TrieNode};

pub(super) struct Cursor<'a, 's> {
    trie: &'a Trie,
    bytes: &'a [u8],
    slots: &'s mut Slots,
    /// How many containers are open.
    depth: usize,
    /// Whether each of the innermost containers is an array, the innermost in the lowest bit: as many as are open
    /// since the depth was last a multiple of 64.
    arrays: u64,
    /// How many of the open containers no path leads through; these are always the innermost.
    off_trie: usize,
    /// The trie's node of the innermost container that a path leads through.
    node: &'a TrieNode,
    /// Whether that is an array to one of whose elements a path leads.
    counting: bool,
    /// Where a value starts to which a path leads, and the node it leads to.
    target: (usize, NodeId),
}

impl<'a, 's> Cursor<'a, 's> {
    #[inline(always)]
    pub(super) fn new(trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        Cursor {
            trie,
            bytes,
            slots,
            depth: 0,
            arrays: 0,
            off_trie: 0,
            node: trie.root(),
            counting: false,
            target: (0, ROOT),
        }
    }

    /// Whether every container is closed.
    #[inline(always)]
    pub(super) fn is_closed(&self) -> bool {
        self.depth == 0
    }

    /// Whether the innermost container is an array.
    #[inline(always)]
    pub(super) fn is_array(&self) -> bool {
        self.arrays & 1 == 1
    }

    /// Whether the numbers and literals of the page that starts at `start` are such, to their ends.
    #[inline(always)]
    pub(super) fn scalars(&self, start: usize, page: &Page) -> bool {
        let mut lanes = page.scalar_lanes;
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            let Some(strip) = page.strips.get(lane / LANES) else { return false };
            let starts = strip.scalar_start.get(lane % LANES).copied();
            let scalar = strip.scalar.get(lane % LANES).copied().unwrap_or_default();
            let mut starts = starts.unwrap_or_default();
            while starts != 0 {
                let bit = starts.trailing_zeros();
                starts &= starts - 1;
                let at = start + lane * BLOCK + bit as usize;
                let length = (!(scalar >> bit)).trailing_zeros();
                // One that reaches the end of the lane may go on in the next.
                let whole = bit + length < u64::BITS;
                if !(whole & is_common_scalar(self.bytes, at, length) || is_scalar(self.bytes, at)) {
                    return false;
                }
            }
        }
        true
    }

    /// Passes the brackets of the page that starts at `start`, and what keys and elements are wanted, and tells which
    /// bytes are in arrays; `false` if brackets are not paired.
    #[inline(always)]
    pub(super) fn steps(&mut self, start: usize, page: &mut Page) -> bool {
        let mut list = std::mem::take(&mut self.slots.walk.steps);
        let done = self.walk_steps(start, page, &mut list);
        self.slots.walk.steps = list;
        done.is_some()
    }

    #[inline(always)]
    fn walk_steps(&mut self, start: usize, page: &mut Page, list: &mut Vec<u16>) -> Option<()> {
        page.in_array = self.is_array();
        page.turned = 0;
        let mut paired = true;
        let mut count = list_steps(list, page, 0, self.counting);
        let mut next = 0;
        while next < count {
            let step = usize::from(*list.get(next)?);
            next += 1;
            let at = start + step;
            let byte = *self.bytes.get(at)?;
            if byte == b'"' {
                self.key(at, start, page);
                continue;
            }
            if byte == b',' {
                self.comma(at, start, page);
                continue;
            }
            // `[` and `{` differ from `]` and `}` by 4 and 2, the square ones from the others by 0x20.
            let closing = byte & 4 != 0;
            let square = byte & 0x20 == 0;
            let was_array = self.is_array();
            paired &= !closing | (was_array == square);
            let outer = self.depth.wrapping_sub(usize::from(closing));
            let opened = self.arrays << 1 | u64::from(square);
            let inner = self.arrays;
            self.arrays = if closing { self.arrays >> 1 } else { opened };
            self.depth = outer.wrapping_add(usize::from(!closing));
            if outer.is_multiple_of(64) {
                self.cross_word(at, closing, inner)?;
            }
            if (self.off_trie == 0) & (closing | (self.target.0 == at)) {
                let was_counting = self.counting;
                if closing {
                    self.leave(at, square);
                } else {
                    self.enter(square, start, page);
                }
                if self.counting != was_counting {
                    count = list_steps(list, page, step + 1, self.counting);
                    next = 0;
                }
            } else {
                self.off_trie = if closing { self.off_trie.wrapping_sub(1) } else { self.off_trie + 1 };
            }
            if self.is_array() != was_array {
                page.turn(step + 1);
            }
        }
        paired.then_some(())
    }

    /// Keeps or gets back the kinds of outer containers, as the depth leaves or comes to a multiple of 64; `arrays` is
    /// what it was before. Gives `None` where the outermost container is closed before the text ends.
    #[inline(never)]
    fn cross_word(&mut self, at: usize, closing: bool, arrays: u64) -> Option<()> {
        if !closing {
            self.slots.walk.outer.push(arrays);
            self.arrays &= 1;
        } else {
            self.arrays = self.slots.walk.outer.pop()?;
            if self.depth == 0 && at + 1 < self.bytes.len() {
                return None;
            }
        }
        Some(())
    }

    /// Enters the container that was waited for.
    #[inline(never)]
    fn enter(&mut self, array: bool, page_start: usize, page: &Page) {
        let (start, node) = self.target;
        self.slots.walk.frames.push(Frame { node, start, index: 0 });
        if let Some(node) = self.trie.node(node) {
            self.node = node;
        }
        self.counting = array && !self.node.elements.is_empty();
        if array {
            self.element(start + 1, page_start, page);
        }
    }

    /// Leaves a container that a path leads through; its last byte is at `at`.
    #[inline(never)]
    fn leave(&mut self, at: usize, array: bool) {
        let Some(frame) = self.slots.walk.frames.pop() else { return };
        let kind = if array { Kind::Array } else { Kind::Object };
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
    fn key(&mut self, at: usize, page_start: usize, page: &Page) {
        if self.off_trie > 0 || self.is_array() {
            return;
        }
        for child in &self.node.keys {
            if child.is_at(self.bytes, at + 1) {
                self.key_found(child.node, at + child.key.len() + 2, page_start, page);
                return;
            }
        }
    }

    /// Passes the colon behind a wanted key, which ends before `end`.
    #[inline(never)]
    fn key_found(&mut self, node: NodeId, end: usize, page_start: usize, page: &Page) {
        let colon = skip_whitespace(self.bytes, end);
        self.value_found(node, skip_whitespace(self.bytes, colon + 1), page_start, page);
    }

    /// Passes a comma of an array that a path leads through.
    fn comma(&mut self, at: usize, page_start: usize, page: &Page) {
        if self.off_trie > 0 {
            return;
        }
        if let Some(frame) = self.slots.walk.frames.last_mut() {
            frame.index += 1;
            self.element(at + 1, page_start, page);
        }
    }

    /// Looks whether a path leads to the current element, which starts at `at` or behind whitespace there.
    fn element(&mut self, at: usize, page_start: usize, page: &Page) {
        let Some(frame) = self.slots.walk.frames.last() else { return };
        if let Ok(found) = self.node.elements.binary_search_by_key(&frame.index, |&(index, _)| index)
            && let Some(&(_, child)) = self.node.elements.get(found)
        {
            self.value_found(child, skip_whitespace(self.bytes, at), page_start, page);
        }
    }

    /// Notes the value at `start`, if it is a scalar; otherwise its bracket is waited for.
    fn value_found(&mut self, node: NodeId, start: usize, page_start: usize, page: &Page) {
        self.slots.forget(self.trie, node);
        let value = match self.bytes.get(start) {
            Some(b'{' | b'[') => {
                self.target = (start, node);
                return;
            }
            Some(b'"') => {
                let plain =
                    page.plain_string_end(start + 1 - page_start).map(|end| (page_start + end, false));
                plain.or_else(|| string_end(self.bytes, start + 1).ok()).map(|(end, escaped)| Value {
                    kind: if escaped { Kind::EscapedString } else { Kind::String },
                    start: start + 1,
                    end,
                })
            }
            _ => scalar(self.bytes, start).ok().map(|(kind, end)| Value { kind, start, end }),
        };
        // Where there is no value the text is no JSON, which the grammar tells.
        if let Some(value) = value {
            self.slots.fill(self.trie, node, value);
        }
    }
}

/// Lists the places to look at in a page from the byte `from` on, and gives their number.
#[inline(always)]
fn list_steps(list: &mut Vec<u16>, page: &Page, from: usize, commas: bool) -> usize {
    list.resize(PAGE + 2, 0);
    if commas || from > 0 {
        return list_some_steps(list, page, from, commas);
    }
    let mut count = 0;
    let mut lanes = page.step_lanes;
    while lanes != 0 {
        let lane = lanes.trailing_zeros() as usize;
        lanes &= lanes - 1;
        let steps = page.lane(lane, |strip| &strip.steps).unwrap_or_default();
        let first = (lane * BLOCK) as u16;
        let mut rest = steps;
        // Most lanes have two at most: both are written without a look at whether they are there.
        if let Some([one, two]) = list.get_mut(count..).and_then(<[u16]>::first_chunk_mut) {
            *one = first + rest.trailing_zeros() as u16;
            rest &= rest.wrapping_sub(1);
            *two = first + rest.trailing_zeros() as u16;
            rest &= rest.wrapping_sub(1);
        }
        let mut more = count + 2;
        count += steps.count_ones() as usize;
        while rest != 0 {
            if let Some(place) = list.get_mut(more) {
                *place = first + rest.trailing_zeros() as u16;
            }
            more += 1;
            rest &= rest - 1;
        }
    }
    count
}

#[inline(never)]
fn list_some_steps(list: &mut [u16], page: &Page, from: usize, commas: bool) -> usize {
    let strips = page.strips.iter().take(page.count);
    let lanes = strips.flat_map(|strip| strip.steps.iter().zip(&strip.comma));
    let mut count = 0;
    for (lane, (&steps, &comma)) in lanes.enumerate() {
        let mut rest = if commas { steps | comma } else { steps };
        while rest != 0 {
            let place = lane * BLOCK + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            if place >= from
                && let Some(it) = list.get_mut(count)
            {
                *it = place as u16;
                count += 1;
            }
        }
    }
    count
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
