//! Where the structural bytes of 64 bytes of text are, as bit masks; bit *i* stands for byte *i*.

use super::lanes::{Bits, LANES};
use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask8x64, u8x64};

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
    /// The control characters that are whitespace.
    pub(super) line_space: Bits,
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
            line_space: none,
            open: none,
            close: none,
            colon: none,
            comma: none,
            probes: [none; PROBES],
            valid: [!0; LANES],
        }
    }
}

impl Masks {
    #[inline(always)]
    pub(super) fn read<S: Simd>(&mut self, simd: S, strip: &[u8; STRIP], probes: &[u8]) {
        let (blocks, _) = strip.as_chunks::<BLOCK>();
        for (lane, block) in (0..LANES).zip(blocks) {
            self.read_block(lane, Bytes::load(simd, block));
        }
        for (bits, &probe) in self.probes.iter_mut().zip(probes) {
            for (bits, block) in bits.iter_mut().zip(blocks) {
                *bits = Bytes::load(simd, block).equal(probe);
            }
        }
    }

    /// Reads what is left of a text, less than a strip.
    #[inline(always)]
    pub(super) fn read_tail<S: Simd>(&mut self, simd: S, tail: &[u8], probes: &[u8]) {
        let mut strip = [0; STRIP];
        strip.split_at_mut(tail.len()).0.copy_from_slice(tail);
        self.read(simd, &strip, probes);
        let mut left = tail.len();
        for (valid, control) in self.valid.iter_mut().zip(&mut self.control) {
            let count = left.min(BLOCK);
            left -= count;
            *valid = if count == BLOCK { !0 } else { !(!0 << count) };
            *control &= *valid;
        }
    }

    #[inline(always)]
    fn read_block<S: Simd>(&mut self, lane: usize, bytes: Bytes<S>) {
        let brackets = bytes.brackets();
        for (bits, it) in [
            (&mut self.quote, bytes.equal(b'"')),
            (&mut self.backslash, bytes.equal(b'\\')),
            (&mut self.control, bytes.below(b' ')),
            (&mut self.space, bytes.equal(b' ')),
            (&mut self.line_space, bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n')),
            (&mut self.open, brackets.equal(b'{')),
            (&mut self.close, brackets.equal(b'}')),
            (&mut self.colon, bytes.equal(b':')),
            (&mut self.comma, bytes.equal(b',')),
        ] {
            if let Some(bits) = bits.get_mut(lane) {
                *bits = it;
            }
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
