//! Where the structural bytes of 64 bytes of text are, as bit masks; bit *i* stands for byte *i*.

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

/// For each bit, whether an odd number of bits is set up to and with it.
#[inline(always)]
pub(super) fn prefix_xor<S: Simd>(simd: S, bits: u64) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = simd.level().as_avx512() {
        return prefix_xor_avx512(avx512, bits);
    }
    let _ = simd;
    [1, 2, 4, 8, 16, 32].into_iter().fold(bits, |bits, shift| bits ^ bits << shift)
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// A product without carries by all ones is the running exclusive or.
    #[inline(always)]
    fn prefix_xor_avx512(token: Avx512, bits: u64) -> u64 {
        use std::arch::x86_64::{_mm_clmulepi64_si128, _mm_cvtsi64_si128, _mm_cvtsi128_si64, _mm_set1_epi8};
        let product = _mm_clmulepi64_si128::<0>(_mm_cvtsi64_si128(bits as i64), _mm_set1_epi8(-1));
        _mm_cvtsi128_si64(product) as u64
    }
);

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

        #[test]
        fn prefix_xor_is_the_running_parity(bits in any::<u64>()) {
            let level = fearless_simd::Level::new();
            let fast = fearless_simd::dispatch!(level, simd => prefix_xor(simd, bits));
            let expected = (0..64).filter(|at| (bits << (63 - at)).count_ones() % 2 == 1).fold(0, |set, at| set | 1 << at);
            prop_assert_eq!(fast, expected);
        }
    }
}
