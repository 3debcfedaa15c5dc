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
    nesting: Nesting,
    /// Through how many of the open containers a path leads; these are always the outermost.
    tracked: usize,
    /// The trie's node of the innermost of these.
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
            nesting: Nesting::default(),
            tracked: 0,
            node: trie.root(),
            counting: false,
            target: (0, ROOT),
        }
    }

    /// Whether every container is closed.
    #[inline(always)]
    pub(super) fn is_closed(&self) -> bool {
        self.nesting.depth == 0
    }

    /// Whether the innermost container is an array.
    #[inline(always)]
    pub(super) fn is_array(&self) -> bool {
        self.nesting.arrays & 1 == 1
    }

    /// Whether the numbers and literals of the page that starts at `start` are such, to their ends.
    #[inline(never)]
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
    #[inline(never)]
    pub(super) fn steps(&mut self, start: usize, page: &mut Page) -> bool {
        let mut list = self.slots.walk.steps.take().unwrap_or_default();
        let done = self.walk_steps(start, page, &mut list);
        self.slots.walk.steps = Some(list);
        done.is_some() && self.nesting.unpaired == 0
    }

    fn walk_steps(&mut self, start: usize, page: &mut Page, list: &mut StepList) -> Option<()> {
        page.in_array = self.is_array();
        page.turned = 0;
        let bytes = self.bytes.get(start..)?;
        let mut commas = self.counting;
        let mut steps = list.fill(page, 0, commas);
        loop {
            let target = self.target.0.wrapping_sub(start);
            steps = self.nesting.pass(steps, bytes, self.tracked, target);
            let Some((&step, later)) = steps.split_first() else { return Some(()) };
            self.step(usize::from(step), start, page)?;
            steps = later;
            if self.counting && !commas {
                commas = true;
                steps = list.fill(page, usize::from(step) + 1, commas);
            }
        }
    }

    /// Passes a step of any kind.
    #[inline(never)]
    fn step(&mut self, step: usize, start: usize, page: &mut Page) -> Option<()> {
        let at = start + step;
        let on_trie = self.nesting.depth == self.tracked;
        match *self.bytes.get(at)? {
            b'"' if on_trie && !self.is_array() => self.key(at, start, page),
            b',' if on_trie && self.counting => self.comma(at, start, page),
            b'"' | b',' => {}
            byte => {
                let before = self.nesting;
                let bracket = Bracket::new(byte);
                self.nesting = before.past(bracket);
                if self.nesting.depth >= 64 {
                    self.nesting.arrays = self.cross_word(bracket.closing == 1, before.arrays)?;
                }
                if on_trie && bracket.closing == 1 {
                    self.leave(at, bracket.square == 1)?;
                } else if on_trie && self.target.0 == at {
                    self.enter(bracket.square == 1, start, page);
                }
                if (self.nesting.arrays ^ before.arrays) & 1 == 1 {
                    page.turn(step + 1);
                }
            }
        }
        Some(())
    }

    /// The kinds of the innermost containers where there are 64 or more; before the last bracket they were `before`.
    fn cross_word(&mut self, closing: bool, before: u64) -> Option<u64> {
        match (closing, self.nesting.depth % 64) {
            (false, 1) => self.slots.walk.outer.push(before),
            (true, 0) => return self.slots.walk.outer.pop(),
            _ => {}
        }
        Some(self.nesting.arrays)
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
        self.tracked = self.slots.walk.frames.len();
    }

    /// Leaves the container entered last, whose last byte is at `at`.
    #[inline(never)]
    fn leave(&mut self, at: usize, array: bool) -> Option<()> {
        let frame = self.slots.walk.frames.pop()?;
        let kind = if array { Kind::Array } else { Kind::Object };
        self.slots.fill(self.trie, frame.node, Value { kind, start: frame.start, end: at + 1 });
        match self.slots.walk.frames.last() {
            Some(frame) => {
                self.node = self.trie.node(frame.node)?;
                self.counting = self.is_array() && !self.node.elements.is_empty();
            }
            // What follows the outermost container is no part of it.
            None if at + 1 < self.bytes.len() => return None,
            None => self.counting = false,
        }
        self.tracked = self.slots.walk.frames.len();
        Some(())
    }

    /// Looks at what may be a wanted key; its opening quote is at `at`.
    #[inline(always)]
    fn key(&mut self, at: usize, page_start: usize, page: &Page) {
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

/// The open containers.
#[derive(Clone, Copy, Debug, Default)]
struct Nesting {
    /// How many there are.
    depth: usize,
    /// Whether each of the innermost is an array, the innermost in the lowest bit: as many as are open since the depth
    /// was last a multiple of 64.
    arrays: u64,
    /// Whether a closing bracket was not of the kind of the opening one.
    unpaired: u64,
}

/// A bracket, each property as 0 or 1.
#[derive(Clone, Copy)]
struct Bracket {
    closing: u64,
    square: u64,
}

impl Bracket {
    #[inline(always)]
    fn new(byte: u8) -> Self {
        // `[` and `{` differ from `]` and `}` by 4 and 2, the square ones from the others by 0x20.
        let byte = u64::from(byte);
        Bracket { closing: byte >> 2 & 1, square: !byte >> 5 & 1 }
    }
}

impl Nesting {
    #[inline(always)]
    fn past(self, Bracket { closing, square }: Bracket) -> Self {
        let opened = self.arrays << 1 | square;
        Nesting {
            depth: (self.depth + 1).wrapping_sub(2 * closing as usize),
            arrays: if closing == 1 { self.arrays >> 1 } else { opened },
            unpaired: self.unpaired | (closing & (self.arrays ^ square)),
        }
    }

    /// Passes brackets up to the first step that needs more than that, and gives the steps from it on.
    #[inline(always)]
    fn pass<'l>(&mut self, steps: &'l [u16], bytes: &[u8], tracked: usize, target: usize) -> &'l [u16] {
        let mut nesting = *self;
        let mut steps = steps.iter();
        loop {
            let left = steps.as_slice();
            let Some(&step) = steps.next() else { break };
            let step = usize::from(step);
            let Some(&byte) = bytes.get(step) else { break };
            let bracket = Bracket::new(byte);
            let next = nesting.past(bracket);
            let on_trie = nesting.depth == tracked;
            let wanted = on_trie & ((bracket.closing == 1) | (step == target));
            let turned = (next.arrays ^ nesting.arrays) & 1 == 1;
            if (byte < b'@') | wanted | turned | (next.depth >= 64) {
                *self = nesting;
                return left;
            }
            nesting = next;
        }
        *self = nesting;
        &[]
    }
}

/// The places of a page to look at.
#[derive(Clone, Debug)]
pub(super) struct StepList([u16; PAGE + 2]);

impl Default for StepList {
    fn default() -> Self {
        StepList([0; PAGE + 2])
    }
}

impl StepList {
    /// Lists the steps of a page from the byte `from` on, and the commas too if asked for.
    #[inline(always)]
    fn fill(&mut self, page: &Page, from: usize, commas: bool) -> &[u16] {
        let count = if commas { self.fill_with_commas(page, from) } else { self.fill_with_steps(page) };
        self.0.get(..count).unwrap_or_default()
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a page has 64 lanes, and no more steps than bytes")]
    fn fill_with_steps(&mut self, page: &Page) -> usize {
        let mut count = 0;
        let mut lanes = page.step_lanes;
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            let steps = page.strips[lane / LANES].steps[lane % LANES];
            let first = (lane * BLOCK) as u16;
            // Most lanes have two at most: both are written without a look at whether they are there.
            let second = steps & steps.wrapping_sub(1);
            let mut rest = second & second.wrapping_sub(1);
            self.0[count] = first + steps.trailing_zeros() as u16;
            self.0[count + 1] = first + second.trailing_zeros() as u16;
            count += 1 + usize::from(second != 0);
            while rest != 0 {
                self.0[count] = first + rest.trailing_zeros() as u16;
                count += 1;
                rest &= rest - 1;
            }
        }
        count
    }

    #[inline(never)]
    fn fill_with_commas(&mut self, page: &Page, from: usize) -> usize {
        let strips = page.strips.iter().take(page.count);
        let lanes = strips.flat_map(|strip| strip.steps.iter().zip(strip.comma.iter().zip(&strip.inside)));
        let mut places = self.0.iter_mut();
        for (lane, (&steps, (&comma, &inside))) in lanes.enumerate() {
            let mut rest = steps | (comma & !inside);
            while rest != 0 {
                let place = lane * BLOCK + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if place >= from
                    && let Some(it) = places.next()
                {
                    *it = place as u16;
                }
            }
        }
        PAGE + 2 - places.len()
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
