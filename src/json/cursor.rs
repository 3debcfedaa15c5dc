//! Where a walk stands in a record: which containers are open, and which of them a path leads through.

use fearless_simd::Simd;

use super::lanes::LANES;
use super::page::{PAGE, Page, STRIPS};
use super::plain::{scalar, string_end};
use super::planes::BLOCK;
use super::project::{Frame, Kind, Slots, Value};
use super::trie::{NodeId, ROOT, Trie, TrieNode};

pub(super) struct Cursor<'a, 's> {
    trie: &'a Trie,
    bytes: &'a [u8],
    slots: &'s mut Slots,
    nesting: Nesting,
    /// Whether the last page ended within a number or literal.
    in_scalar: bool,
    /// Through how many of the open containers a path leads; these are always the outermost.
    tracked: usize,
    /// The trie's node of the innermost of these.
    node: &'a TrieNode,
    /// Whether that is an array to one of whose elements a path leads.
    counting: bool,
    /// Where the next container starts if a path leads to it, and the node it leads to.
    target: (usize, NodeId),
}

impl<'a, 's> Cursor<'a, 's> {
    /// A cursor behind the first byte, the brace of an object.
    #[inline(always)]
    pub(super) fn new(trie: &'a Trie, bytes: &'a [u8], slots: &'s mut Slots) -> Self {
        slots.walk.frames.push(Frame { node: ROOT, start: 0, index: 0 });
        Cursor {
            trie,
            bytes,
            slots,
            nesting: Nesting { depth: 1, arrays: 0, unpaired: 0 },
            in_scalar: false,
            tracked: 1,
            node: trie.root(),
            counting: false,
            target: (NOWHERE, ROOT),
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
    pub(super) fn scalars(&mut self, start: usize, page: &Page) -> bool {
        let mut lanes = page.scalar_lanes;
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            let scalar = page.lane(lane, |strip| &strip.scalar).unwrap_or_default();
            let before = match lane.checked_sub(1) {
                Some(lane) => page.lane(lane, |strip| &strip.scalar).unwrap_or_default() >> 63,
                None => u64::from(self.in_scalar),
            };
            let mut starts = scalar & !(scalar << 1 | before);
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
        let last = page.lane(PAGE / BLOCK - 1, |strip| &strip.scalar).unwrap_or_default();
        self.in_scalar = page.count == STRIPS && last >> 63 == 1;
        true
    }

    /// Passes the brackets of the page that starts at `start`, and what keys and elements are wanted, and tells which
    /// bytes are in arrays; `false` if brackets are not paired.
    #[inline(never)]
    pub(super) fn steps<S: Simd>(&mut self, simd: S, start: usize, page: &mut Page) -> bool {
        simd.vectorize(
            #[inline(always)]
            || {
                let mut steps = self.slots.walk.steps.take().unwrap_or_default();
                let done = self.walk_steps(simd, start, page, &mut steps);
                self.slots.walk.steps = Some(steps);
                done.is_some() && self.nesting.unpaired == 0
            },
        )
    }

    #[inline(always)]
    fn walk_steps<S: Simd>(
        &mut self,
        simd: S,
        start: usize,
        page: &mut Page,
        steps: &mut Steps,
    ) -> Option<()> {
        page.in_array = self.is_array();
        page.turned = 0;
        // The first bracket of all is entered already.
        let mut from = usize::from(start == 0);
        let mut commas = self.counting;
        loop {
            steps.seek(from, page, commas);
            loop {
                let more = steps.gather(simd, page, commas);
                if let Some(place) = self.pass(simd, start, page, steps, commas)? {
                    from = place;
                    break;
                }
                if !more {
                    return Some(());
                }
            }
            commas = true;
        }
    }

    /// Passes the gathered steps, which hold the commas or do not; without them only those up to one from which on
    /// commas are counted, and gives the place behind that.
    #[inline(always)]
    fn pass<S: Simd>(
        &mut self,
        simd: S,
        start: usize,
        page: &mut Page,
        steps: &Steps,
        commas: bool,
    ) -> Option<Option<usize>> {
        let was_array = self.is_array();
        let mut arrays = 0;
        let mut step = 0;
        let mut counting_from = None;
        while step < steps.count {
            if self.target.0 == NOWHERE {
                step = self.nesting.pass(steps, step, self.tracked, &mut arrays);
                if step == steps.count {
                    break;
                }
            }
            let place = steps.place(simd, step)?;
            self.step(place, start, page)?;
            arrays |= u64::from(self.is_array()) << step;
            step += 1;
            if self.counting && !commas {
                counting_from = Some(place + 1);
                break;
            }
        }
        let mut turns = (arrays ^ (arrays << 1 | u64::from(was_array))) & steps.up_to(step);
        while turns != 0 {
            page.turn(steps.place(simd, turns.trailing_zeros())? + 1);
            turns &= turns - 1;
        }
        Some(counting_from)
    }

    /// Passes a step of any kind.
    #[inline(never)]
    fn step(&mut self, step: usize, start: usize, page: &Page) -> Option<()> {
        let at = start + step;
        let on_trie = self.nesting.depth == self.tracked;
        match *self.bytes.get(at)? {
            b'"' if on_trie && !self.is_array() => self.key(at, start, page),
            b',' if on_trie && self.counting => self.comma(at, start, page),
            b'"' | b',' => {}
            byte => {
                let before = self.nesting;
                let closing = byte >> 2 & 1;
                let square = byte & 0x20 == 0;
                self.nesting = before.past(closing.into(), square.into());
                if self.nesting.depth >= 64 {
                    self.nesting.arrays = self.cross_word(closing == 1, before.arrays)?;
                }
                if on_trie && closing == 1 {
                    self.leave(at, square)?;
                } else if on_trie && self.target.0 == at {
                    self.enter(square, start, page);
                }
            }
        }
        Some(())
    }

    /// The kinds of the innermost containers where there are 64 or more; before the last bracket they were `before`.
    #[inline(never)]
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
        let (start, node) = std::mem::replace(&mut self.target, (NOWHERE, ROOT));
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
#[derive(Clone, Copy, Debug)]
struct Nesting {
    /// How many there are.
    depth: usize,
    /// Whether each of the innermost is an array, the innermost in the lowest bit: as many as are open since the depth
    /// was last a multiple of 64.
    arrays: u64,
    /// Whether a closing bracket was not of the kind of the opening one.
    unpaired: u64,
}

impl Nesting {
    /// What is open behind a bracket, of which both properties are 0 or 1.
    #[inline(always)]
    fn past(self, closing: u64, square: u64) -> Self {
        let opened = self.arrays << 1 | square;
        Nesting {
            depth: (self.depth + 1).wrapping_sub(2 * closing as usize),
            arrays: if closing == 1 { self.arrays >> 1 } else { opened },
            unpaired: self.unpaired | (closing & (self.arrays ^ square)),
        }
    }

    /// Passes the steps from `step` up to the first one that needs more than counting brackets, and gives that one.
    /// Bits of `arrays` are set for the steps behind which an array is the innermost container.
    #[inline(always)]
    fn pass(&mut self, steps: &Steps, mut step: u32, tracked: usize, arrays: &mut u64) -> u32 {
        let mut nesting = *self;
        let room = 63_usize.wrapping_sub(tracked);
        'runs: while step < steps.count {
            let mut closing = steps.closing >> step;
            let mut square = steps.square >> step;
            let end = step + (steps.other >> step).trailing_zeros().min(steps.count - step);
            while step < end {
                let next = nesting.past(closing & 1, square & 1);
                // Less than `tracked`, or 64 and more.
                if next.depth.wrapping_sub(tracked) > room {
                    break 'runs;
                }
                *arrays |= (next.arrays & 1) << step;
                nesting = next;
                closing >>= 1;
                square >>= 1;
                step += 1;
            }
            if step < steps.count {
                // A key or comma, no matter but in the innermost container that a path leads through.
                if nesting.depth == tracked {
                    break;
                }
                *arrays |= (nesting.arrays & 1) << step;
                step += 1;
            }
        }
        *self = nesting;
        step
    }
}

/// Up to 64 places of a page to look at, a bit each: brackets, what may be wanted keys, and commas if they are counted.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    count: u32,
    closing: u64,
    square: u64,
    /// No brackets.
    other: u64,
    /// The lanes that the steps are of: the number of steps before, the number of the lane, and the steps in it.
    lanes: [(u32, u32, u64); 64],
    /// The first steps of their lanes.
    first_in_lane: u64,
    /// The lanes not gathered yet.
    left: u64,
    /// The first place to gather in the first of them.
    from: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Steps {
            count: 0,
            closing: 0,
            square: 0,
            other: 0,
            lanes: [(0, 0, 0); 64],
            first_in_lane: 0,
            left: 0,
            from: 0,
        }
    }
}

impl Steps {
    /// Gathers from the place `from` on.
    #[inline(always)]
    fn seek(&mut self, from: usize, page: &Page, commas: bool) {
        let lanes = if commas { !0 } else { page.step_lanes };
        self.left = if from < PAGE { lanes & !0 << (from / BLOCK) } else { 0 };
        self.from = from;
    }

    /// Gathers the next steps, and tells whether there are more.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a page has 64 lanes")]
    fn gather<S: Simd>(&mut self, simd: S, page: &Page, commas: bool) -> bool {
        let (mut count, mut lane_count) = (0, 0);
        let (mut closing, mut square, mut other, mut first_in_lane) = (0, 0, 0, 0);
        while self.left != 0 {
            let lane = self.left.trailing_zeros() as usize;
            let strip = &page.strips[lane / LANES % STRIPS];
            let at = lane % LANES;
            let mut steps = strip.steps[at];
            if commas {
                let known = lane / LANES < page.count;
                steps = if known { steps | strip.comma[at] } else { 0 };
            }
            if self.from > lane * BLOCK {
                steps &= !0 << (self.from % BLOCK);
                self.from = 0;
            }
            let more = steps.count_ones();
            if count + more > u64::BITS {
                break;
            }
            if more > 0 {
                closing |= extract(simd, strip.close[at], steps) << count;
                square |= extract(simd, strip.square[at], steps) << count;
                other |= extract(simd, strip.keys[at] | strip.comma[at], steps) << count;
                self.lanes[lane_count % 64] = (count, lane as u32, steps);
                lane_count += 1;
                first_in_lane |= 1 << count;
                count += more;
            }
            self.left &= self.left - 1;
        }
        (self.count, self.first_in_lane) = (count, first_in_lane);
        (self.closing, self.square, self.other) = (closing, square, other);
        self.left != 0
    }

    /// The place of a step in the page.
    #[inline(always)]
    fn place<S: Simd>(&self, simd: S, step: u32) -> Option<usize> {
        let lane = (self.first_in_lane & !(!1 << step)).count_ones();
        let &(before, lane, steps) = self.lanes.get(lane.checked_sub(1)? as usize)?;
        let place = deposit(simd, 1 << (step - before), steps);
        Some(lane as usize * BLOCK + place.trailing_zeros() as usize)
    }

    /// Bits for the steps before `step`.
    fn up_to(&self, step: u32) -> u64 {
        1_u64.checked_shl(step).unwrap_or(0).wrapping_sub(1)
    }
}

/// The bits of `bits` at the places of the bits of `places`, pushed together.
#[inline(always)]
fn extract<S: Simd>(simd: S, bits: u64, places: u64) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = simd.level().as_avx512() {
        return extract_avx512(avx512, bits, places);
    } else if let Some(avx2) = simd.level().as_avx2() {
        return extract_avx2(avx2, bits, places);
    }
    let _ = simd;
    let (mut extracted, mut to, mut places) = (0, 1, places);
    while places != 0 {
        if bits & places & places.wrapping_neg() != 0 {
            extracted |= to;
        }
        to <<= 1;
        places &= places - 1;
    }
    extracted
}

/// The reverse of [`extract`]: the lowest bits of `bits` moved to the places of the bits of `places`.
#[inline(always)]
fn deposit<S: Simd>(simd: S, bits: u64, places: u64) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = simd.level().as_avx512() {
        return deposit_avx512(avx512, bits, places);
    } else if let Some(avx2) = simd.level().as_avx2() {
        return deposit_avx2(avx2, bits, places);
    }
    let _ = simd;
    let (mut deposited, mut bits, mut places) = (0, bits, places);
    while places != 0 && bits != 0 {
        if bits & 1 == 1 {
            deposited |= places & places.wrapping_neg();
        }
        bits >>= 1;
        places &= places - 1;
    }
    deposited
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn extract_avx512(token: Avx512, bits: u64, places: u64) -> u64 {
        std::arch::x86_64::_pext_u64(bits, places)
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn extract_avx2(token: Avx2, bits: u64, places: u64) -> u64 {
        std::arch::x86_64::_pext_u64(bits, places)
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn deposit_avx512(token: Avx512, bits: u64, places: u64) -> u64 {
        std::arch::x86_64::_pdep_u64(bits, places)
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn deposit_avx2(token: Avx2, bits: u64, places: u64) -> u64 {
        std::arch::x86_64::_pdep_u64(bits, places)
    }
);

/// No place a value can start at.
const NOWHERE: usize = usize::MAX;

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
