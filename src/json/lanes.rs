//! Bit sets over a strip of 512 bytes, in eight lanes: shifts, sums and parities that run on from lane to lane.
//!
//! Bit *i* of lane *l* stands for byte 64 *l* + *i*, so that the lanes together are one integer of 512 bits.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask64x8, u64x8};

/// The lanes of a bit set.
pub(super) const LANES: usize = 8;

/// A bit set in memory.
pub(super) type Bits = [u64; LANES];

#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, bits: &Bits) -> u64x8<S> {
    u64x8::load_array_ref(simd, bits)
}

#[inline(always)]
pub(super) fn none<S: Simd>(simd: S) -> u64x8<S> {
    u64x8::splat(simd, 0)
}

#[inline(always)]
pub(super) fn any<S: Simd>(simd: S, bits: u64x8<S>) -> bool {
    bits.simd_eq(none(simd)).to_bitmask() != ALL_LANES
}

/// The lanes that are not empty, a bit each.
#[inline(always)]
pub(super) fn lanes<S: Simd>(simd: S, bits: u64x8<S>) -> u64 {
    bits.simd_ne(none(simd)).to_bitmask() & ALL_LANES
}

/// A bit for each lane.
pub(super) const ALL_LANES: u64 = 0xff;

/// Moves each bit one up; `before` is the strip before this one, whose last bit moves in.
#[inline(always)]
pub(super) fn shift<S: Simd>(bits: u64x8<S>, before: u64x8<S>) -> u64x8<S> {
    bits << 1 | before.slide::<7>(bits) >> 63
}

/// Moves each bit down by `distance`, 1 to 63; `behind` is the strip behind this one, whose first bits move in.
#[inline(always)]
pub(super) fn shift_down<S: Simd>(bits: u64x8<S>, behind: u64x8<S>, distance: u32) -> u64x8<S> {
    bits >> distance | bits.slide::<1>(behind) << (u64::BITS - distance)
}

/// The sum of two integers of 512 bits and a carry, and the carry out of it.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, a: u64x8<S>, b: u64x8<S>, carry: bool) -> (u64x8<S>, bool) {
    let sum = a + b;
    let over = sum.simd_lt(a).to_bitmask();
    let full = sum.simd_eq(u64x8::splat(simd, !0)).to_bitmask();
    // A lane adds one if the lane below it ran over, or is full and adds one itself.
    let carries = ((over << 1 | u64::from(carry)) + full) ^ full;
    let one = mask64x8::from_bitmask(simd, carries & ALL_LANES).select(u64x8::splat(simd, 1), none(simd));
    (sum + one, carries > ALL_LANES)
}

/// For each bit, whether an odd number of bits is set up to and with it, one more counted if `odd`; and the last of
/// these.
#[inline(always)]
pub(super) fn parity<S: Simd>(simd: S, bits: u64x8<S>, odd: bool) -> (u64x8<S>, bool) {
    let parity = lane_parity(simd, bits);
    let mut lanes = parity.simd_ge(u64x8::splat(simd, 1 << 63)).to_bitmask() << 1 | u64::from(odd);
    lanes ^= lanes << 1;
    lanes ^= lanes << 2;
    lanes ^= lanes << 4;
    lanes ^= lanes << 8;
    let turned = mask64x8::from_bitmask(simd, lanes & ALL_LANES).select(u64x8::splat(simd, !0), none(simd));
    (parity ^ turned, lanes >> LANES & 1 == 1)
}

/// The same within each lane.
#[inline(always)]
fn lane_parity<S: Simd>(simd: S, bits: u64x8<S>) -> u64x8<S> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = simd.level().as_avx512() {
        return load(simd, &lane_parity_avx512(avx512, bits.to_array()));
    }
    let _ = simd;
    let mut parity = bits;
    parity ^= parity << 1;
    parity ^= parity << 2;
    parity ^= parity << 4;
    parity ^= parity << 8;
    parity ^= parity << 16;
    parity ^= parity << 32;
    parity
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// A product without carries by all ones is the running exclusive or.
    #[inline(always)]
    fn lane_parity_avx512(token: Avx512, bits: Bits) -> Bits {
        use std::arch::x86_64::{__m512i, _mm512_clmulepi64_epi128, _mm512_set1_epi8, _mm512_unpacklo_epi64};
        let bits: __m512i = u64x8::load_array(token, bits).into();
        let ones = _mm512_set1_epi8(-1);
        let even = _mm512_clmulepi64_epi128::<0x00>(bits, ones);
        let odd = _mm512_clmulepi64_epi128::<0x01>(bits, ones);
        let parity: u64x8<fearless_simd::Avx512> = _mm512_unpacklo_epi64(even, odd).simd_into(token);
        parity.to_array()
    }
);

#[cfg(test)]
mod tests {
    use super::{Bits, LANES, add, load, shift, shift_down};
    use fearless_simd::prelude::*;
    use fearless_simd::{Level, dispatch};
    use proptest::prelude::*;

    /// Lanes that are empty or full often enough for carries to run through them.
    fn bits() -> impl Strategy<Value = Bits> {
        prop::array::uniform8(
            prop_oneof![2 => any::<u64>(), 1 => Just(0), 2 => Just(!0), 1 => (0..64).prop_map(|at| 1_u64 << at)],
        )
    }

    fn bit(bits: &Bits, at: usize) -> bool {
        bits[at / 64] >> (at % 64) & 1 == 1
    }

    fn collect(bits: impl Iterator<Item = bool>) -> Bits {
        let mut lanes = [0; LANES];
        for (at, bit) in bits.enumerate() {
            lanes[at / 64] |= u64::from(bit) << (at % 64);
        }
        lanes
    }

    proptest! {
        #[test]
        fn shift_moves_one_up(a in bits(), before in bits()) {
            let expected = collect((0..512).map(|at| if at == 0 { bit(&before, 511) } else { bit(&a, at - 1) }));
            let fast = dispatch!(Level::new(), simd => shift(load(simd, &a), load(simd, &before)).to_array());
            prop_assert_eq!(fast, expected);
        }

        #[test]
        fn shift_down_moves_many_down(a in bits(), behind in bits(), distance in 1..64_u32) {
            let expected = collect((0..512).map(|at| {
                let from = at + distance as usize;
                if from < 512 { bit(&a, from) } else { bit(&behind, from - 512) }
            }));
            let fast = dispatch!(Level::new(), simd => {
                shift_down(load(simd, &a), load(simd, &behind), distance).to_array()
            });
            prop_assert_eq!(fast, expected);
        }

        #[test]
        fn add_carries_through_lanes(a in bits(), b in bits(), carry in any::<bool>()) {
            let mut over = carry;
            let expected = collect((0..512).map(|at| {
                let count = u8::from(bit(&a, at)) + u8::from(bit(&b, at)) + u8::from(over);
                over = count > 1;
                count % 2 == 1
            }));
            let (fast, fast_over) = dispatch!(Level::new(), simd => {
                let (sum, over) = add(simd, load(simd, &a), load(simd, &b), carry);
                (sum.to_array(), over)
            });
            prop_assert_eq!((fast, fast_over), (expected, over));
        }

        #[test]
        fn parity_runs_on_through_lanes(a in bits(), odd in any::<bool>()) {
            let mut parity = odd;
            let expected = collect((0..512).map(|at| {
                parity ^= bit(&a, at);
                parity
            }));
            let (fast, fast_odd) = dispatch!(Level::new(), simd => {
                let (bits, odd) = super::parity(simd, load(simd, &a), odd);
                (bits.to_array(), odd)
            });
            prop_assert_eq!((fast, fast_odd), (expected, parity));
        }
    }
}
