//! Where the structural bytes of 64 bytes of text are, as bit masks; bit *i* stands for byte *i*.

use std::ops::RangeFrom;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask8x64, u8x64};

use super::lanes::{Bits, LANES};

/// The bytes of a block.
pub(super) const BLOCK: usize = 64;

/// 64 bytes in a vector.
#[derive(Clone, Copy)]
pub(super) struct Bytes<S: Simd> {
    simd: S,
    bytes: u8x64<S>,
}

impl<S: Simd> Bytes<S> {
    #[inline(always)]
    pub(super) fn load(simd: S, bytes: &[u8; BLOCK]) -> Self {
        Bytes { simd, bytes: u8x64::load_array_ref(simd, bytes) }
    }

    /// The bytes equal to `byte`.
    #[inline(always)]
    pub(super) fn equal(self, byte: u8) -> u64 {
        bits(self.bytes.simd_eq(u8x64::splat(self.simd, byte)))
    }

    /// The bytes less than `byte`.
    #[inline(always)]
    pub(super) fn below(self, byte: u8) -> u64 {
        bits(self.bytes.simd_lt(u8x64::splat(self.simd, byte)))
    }

    /// The bytes with `0x20` set that way are equal to `byte`: both of `[{` for a `{`, both of `]}` for a `}`.
    #[inline(always)]
    pub(super) fn brackets(self) -> Self {
        Bytes { bytes: self.bytes | u8x64::splat(self.simd, 0x20), ..self }
    }
}

#[inline(always)]
fn bits<S: Simd>(mask: mask8x64<S>) -> u64 {
    mask.to_bitmask()
}

/// The bytes of a strip.
pub(super) const STRIP: usize = BLOCK * LANES;

/// A strip by what its bytes may mean, be they in a string or not.
pub(super) struct Masks {
    pub(super) quote: Bits,
    pub(super) backslash: Bits,
    pub(super) control: Bits,
    pub(super) space: Bits,
    pub(super) open: Bits,
    pub(super) close: Bits,
    pub(super) colon: Bits,
    pub(super) comma: Bits,
    /// The bytes equal to each of the letters asked for.
    pub(super) probes: [Bits; PROBES],
    /// The bytes that are of the text.
    pub(super) valid: Bits,
}

/// How many letters may be asked for.
pub(super) const PROBES: usize = 4;

impl Default for Masks {
    fn default() -> Self {
        let none = Bits::default();
        Masks {
            quote: none,
            backslash: none,
            control: none,
            space: none,
            open: none,
            close: none,
            colon: none,
            comma: none,
            probes: [none; PROBES],
            valid: none,
        }
    }
}

impl Masks {
    /// Reads a strip: up to eight blocks, and `rest`, less than a block, behind the last one of the text.
    #[inline(always)]
    pub(super) fn read<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], rest: &[u8], probes: &[u8]) {
        let mut lanes = 0..LANES;
        for (block, lane) in blocks.iter().zip(&mut lanes) {
            self.read_block(lane, Bytes::load(simd, block), !0, probes);
        }
        if blocks.len() < LANES {
            self.read_end(simd, lanes.start.., rest, probes);
        }
    }

    #[inline(always)]
    fn read_end<S: Simd>(&mut self, simd: S, lanes: RangeFrom<usize>, rest: &[u8], probes: &[u8]) {
        let mut valid = !(!0 << rest.len());
        let mut block = [0; BLOCK];
        block.split_at_mut(rest.len()).0.copy_from_slice(rest);
        for lane in lanes.take_while(|lane| *lane < LANES) {
            self.read_block(lane, Bytes::load(simd, &block), valid, probes);
            block = [0; BLOCK];
            valid = 0;
        }
    }

    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "no more than eight lanes are read, and no more probes than there are"
    )]
    fn read_block<S: Simd>(&mut self, lane: usize, bytes: Bytes<S>, valid: u64, probes: &[u8]) {
        let lane = lane % LANES;
        let brackets = bytes.brackets();
        self.quote[lane] = bytes.equal(b'"');
        self.backslash[lane] = bytes.equal(b'\\');
        self.control[lane] = bytes.below(b' ') & valid;
        self.space[lane] = bytes.equal(b' ');
        self.open[lane] = brackets.equal(b'{');
        self.close[lane] = brackets.equal(b'}');
        self.colon[lane] = bytes.equal(b':');
        self.comma[lane] = bytes.equal(b',');
        self.valid[lane] = valid;
        for (bits, &probe) in self.probes.iter_mut().zip(probes) {
            bits[lane] = bytes.equal(probe);
        }
    }
}

/// The bytes that a backslash escapes and that are no backslashes themselves, and whether the last one of the block
/// escapes the first byte of the next; `escaped` says so of the block before.
#[inline(always)]
pub(super) fn escaped(backslashes: u64, escaped: bool) -> (u64, bool) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let carried = u64::from(escaped);
    // A backslash that is itself escaped by the block before starts no run.
    let backslashes = backslashes & !carried;
    let starts = backslashes & !(backslashes << 1);
    // Adding its start to a run moves the bit just past the run: where that is an odd distance, an escape is open.
    let (past_even, _) = backslashes.overflowing_add(starts & EVEN);
    let (past_odd, open) = backslashes.overflowing_add(starts & !EVEN);
    let ends = !backslashes & ((past_even & !EVEN) | (past_odd & EVEN));
    (ends | carried, open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn escaped_bytes_are_those_after_an_odd_run(bits in any::<u64>(), more in any::<u64>(), carry in any::<bool>()) {
            let bits = bits | more;
            let mut open = carry;
            let mut expected = 0;
            for at in 0..64 {
                let backslash = bits >> at & 1 == 1;
                if open && (!backslash || at == 0) {
                    expected |= 1 << at;
                }
                open = backslash && !open;
            }
            let (ends, carried) = escaped(bits, carry);
            prop_assert_eq!((ends, carried), (expected, open));
        }
    }
}
