//! What the turns of the fast walk tell one another of a page of 4096 bytes, as bit sets.

use super::lanes::{Bits, LANES};
use super::planes::{BLOCK, STRIP};

/// How many strips are looked at in one turn before the next one begins.
pub(super) const STRIPS: usize = 8;

/// The bytes of a page.
pub(super) const PAGE: usize = STRIP * STRIPS;

/// The findings of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) strips: [Findings; STRIPS],
    /// The strips that the text touches.
    pub(super) count: usize,
    /// Whether there are backslashes.
    pub(super) has_backslash: bool,
    /// The lanes of `scalar` and of `steps` that are not empty, a bit each.
    pub(super) scalar_lanes: u64,
    pub(super) step_lanes: u64,
    /// Whether the page starts in an array, and the strips in which an array is left for an object or the other way
    /// round, a bit each.
    pub(super) in_array: bool,
    pub(super) turned: u8,
}

/// The findings of a strip.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
pub(super) struct Findings {
    /// Quotes that begin or end a string.
    pub(super) quote: Bits,
    /// Numbers and literals.
    pub(super) scalar: Bits,
    /// Brackets, and `keys`.
    pub(super) steps: Bits,
    /// The opening quotes of what may be wanted keys.
    pub(super) keys: Bits,
    /// Of the steps, closing brackets.
    pub(super) close: Bits,
    /// Of the brackets, those that are square.
    pub(super) square: Bits,
    /// Commas between members and elements.
    pub(super) comma: Bits,
    /// What is wrong where an object is the innermost container.
    pub(super) object_faults: Bits,
    /// What is wrong where an array is.
    pub(super) array_faults: Bits,
    /// Backslashes in keys, where an object is the innermost container; kept if there are backslashes in the page.
    pub(super) key_escapes: Bits,
    /// The bytes from which on an array is left for an object or the other way round.
    turns: Bits,
}

impl Page {
    /// An array is left for an object, or the other way round, from the byte `at` on.
    #[inline(always)]
    pub(super) fn turn(&mut self, at: usize) {
        let number = at / STRIP;
        let Some(strip) = self.strips.get_mut(number) else { return };
        if self.turned >> number & 1 == 0 {
            self.turned |= 1 << number;
            strip.turns = Bits::default();
        }
        if let Some(lane) = strip.turns.get_mut(at / BLOCK % LANES) {
            *lane |= 1 << (at % BLOCK);
        }
    }

    /// The turns in a strip, if there are any.
    #[inline(always)]
    pub(super) fn turns(&self, strip: usize) -> Option<&Bits> {
        let turned = self.turned >> (strip % STRIPS) & 1 == 1;
        self.strips.get(strip).filter(|_| turned).map(|strip| &strip.turns)
    }

    /// A lane of one of the bit sets.
    #[inline(always)]
    pub(super) fn lane(&self, lane: usize, bits: impl Fn(&Findings) -> &Bits) -> Option<u64> {
        bits(self.strips.get(lane / LANES)?).get(lane % LANES).copied()
    }

    /// Where the string ends whose text starts at `at`, if that is near and no backslash can come before.
    #[inline(always)]
    pub(super) fn plain_string_end(&self, at: usize) -> Option<usize> {
        if self.has_backslash {
            return None;
        }
        let mut lane = at / BLOCK;
        let mut quote = self.lane(lane, |strip| &strip.quote)? & !0 << (at % BLOCK);
        if quote == 0 {
            lane += 1;
            // A strip behind the last one is of an older text.
            quote = self.lane(lane, |strip| &strip.quote).filter(|_| lane < self.count * LANES)?;
        }
        (quote != 0).then(|| lane * BLOCK + quote.trailing_zeros() as usize)
    }
}
