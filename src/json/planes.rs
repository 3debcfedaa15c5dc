//! Where the bytes that may be structure are in a strip of text, as bit sets.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask64x8, u8x64, u64x8};

use super::lanes::{Bits, LANES, load};

/// The bytes of a lane.
pub(super) const BLOCK: usize = 64;

/// The bytes of a strip.
pub(super) const STRIP: usize = BLOCK * LANES;

/// A strip of text, lane by lane.
pub(super) type Strip<'a> = [&'a [u8; BLOCK]; LANES];

/// Which bytes of the blocks of a strip are of the text.
///
/// The text may end in a strip. The blocks that it does not fill are then the last bytes of the text, so that nothing
/// need be copied: in the lane where it ends they come too early, and in the lanes behind that they do not belong.
#[derive(Clone, Copy)]
pub(super) struct Cut<S: Simd> {
    /// How many bytes of each block are of the lane before.
    ahead: u64x8<S>,
    /// The bytes of the text.
    pub(super) valid: u64x8<S>,
}

impl<S: Simd> Cut<S> {
    /// For a strip of which every byte is of the text.
    #[inline(always)]
    pub(super) fn none(simd: S) -> Self {
        Cut { ahead: u64x8::splat(simd, 0), valid: u64x8::splat(simd, !0) }
    }

    /// For a strip in which the text ends `rest` bytes behind `whole` blocks.
    #[inline(always)]
    pub(super) fn last(simd: S, whole: usize, rest: usize) -> Self {
        let lanes = |bits: u64| mask64x8::from_bitmask(simd, bits);
        let number = |number: u64| u64x8::splat(simd, number);
        let part = lanes(u64::from(rest > 0) << whole);
        let ahead = part.select(number((BLOCK - rest) as u64), number(0));
        let valid = part.select(number(!(!0 << rest)), number(0));
        Cut { ahead, valid: lanes(!(!0 << whole)).select(number(!0), valid) }
    }

    #[inline(always)]
    pub(super) fn apply(self, bits: u64x8<S>) -> u64x8<S> {
        bits >> self.ahead & self.valid
    }
}

/// A strip by what its bytes may mean, be they in a string or not.
pub(super) struct Planes<S: Simd> {
    pub(super) quote: u64x8<S>,
    pub(super) space: u64x8<S>,
    /// `{` and `[`.
    pub(super) open: u64x8<S>,
    /// `}` and `]`.
    pub(super) close: u64x8<S>,
    /// Of the brackets, those that are square. What is told of other bytes means nothing.
    pub(super) square: u64x8<S>,
    pub(super) colon: u64x8<S>,
    pub(super) comma: u64x8<S>,
    /// Backslashes and control characters.
    pub(super) odd: u64x8<S>,
    /// The letters asked for.
    pub(super) probe: u64x8<S>,
}

impl<S: Simd> Planes<S> {
    #[inline(always)]
    pub(super) fn cut(self, cut: Cut<S>) -> Self {
        Planes {
            quote: cut.apply(self.quote),
            space: cut.apply(self.space),
            open: cut.apply(self.open),
            close: cut.apply(self.close),
            square: cut.apply(self.square),
            colon: cut.apply(self.colon),
            comma: cut.apply(self.comma),
            odd: cut.apply(self.odd),
            probe: cut.apply(self.probe),
        }
    }
}

/// Which bytes mean what.
#[derive(Clone, Debug)]
pub(super) struct ByteClasses {
    /// The letters to probe for.
    letters: Vec<u8>,
    /// For each ASCII byte the planes that it is in, a bit each.
    table: Box<[u8; 128]>,
}

/// With more letters than this, looking for them costs more than it spares where each takes a comparison.
const FEW_LETTERS: usize = 8;

impl ByteClasses {
    /// The classes of JSON, and `letters` to probe for.
    pub(super) fn new(letters: &[u8]) -> Self {
        let table = std::array::from_fn(|byte| {
            let byte = byte as u8;
            let class = match byte {
                b'"' => 1,
                b' ' => 1 << 1,
                b'{' => 1 << 2,
                b'[' => 1 << 1 | 1 << 2,
                b'}' => 1 << 3,
                b']' => 1 << 1 | 1 << 3,
                b':' => 1 << 4,
                b',' => 1 << 5,
                b'\\' | 0..0x20 => 1 << 6,
                _ => 0,
            };
            class | u8::from(letters.contains(&byte)) << 7
        });
        ByteClasses { letters: letters.to_vec(), table: Box::new(table) }
    }

    #[inline(always)]
    pub(super) fn read<S: Simd>(&self, simd: S, strip: Strip<'_>) -> Planes<S> {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = simd.level().as_avx512()
            && let Some(planes) = avx512::read(avx512, strip, &self.table)
        {
            let [quote, space_or_square, open, close, colon, comma, odd, probe] =
                planes.map(|bits| load(simd, &bits));
            let space = space_or_square & !(open | close);
            return Planes { quote, space, open, close, square: space_or_square, colon, comma, odd, probe };
        }
        self.compare(simd, strip)
    }

    /// Compares the bytes with each that means something.
    #[inline(always)]
    fn compare<S: Simd>(&self, simd: S, strip: Strip<'_>) -> Planes<S> {
        let mut probe = u64x8::splat(simd, if self.letters.len() > FEW_LETTERS { !0 } else { 0 });
        for &letter in self.letters.iter().take(FEW_LETTERS) {
            probe |= equal(simd, strip, letter);
        }
        let (mut open, mut close, mut square) = (Bits::default(), Bits::default(), Bits::default());
        let brackets = open.iter_mut().zip(&mut close).zip(&mut square);
        for (((open, close), square), block) in brackets.zip(strip) {
            let bytes = u8x64::load_array_ref(simd, block);
            // Turns both of `[{` into `{`, and both of `]}` into `}`.
            let curly = bytes | u8x64::splat(simd, 0x20);
            *open = curly.simd_eq(u8x64::splat(simd, b'{')).to_bitmask();
            *close = curly.simd_eq(u8x64::splat(simd, b'}')).to_bitmask();
            *square = !curly.simd_eq(bytes).to_bitmask();
        }
        Planes {
            quote: equal(simd, strip, b'"'),
            space: equal(simd, strip, b' '),
            open: load(simd, &open),
            close: load(simd, &close),
            square: load(simd, &square),
            colon: equal(simd, strip, b':'),
            comma: equal(simd, strip, b','),
            odd: equal(simd, strip, b'\\') | control(simd, strip),
            probe,
        }
    }
}

/// The bytes of a strip that are equal to `byte`.
#[inline(always)]
pub(super) fn equal<S: Simd>(simd: S, strip: Strip<'_>, byte: u8) -> u64x8<S> {
    let mut bits = Bits::default();
    for (bits, block) in bits.iter_mut().zip(strip) {
        *bits = u8x64::load_array_ref(simd, block).simd_eq(u8x64::splat(simd, byte)).to_bitmask();
    }
    load(simd, &bits)
}

/// The control characters of a strip.
#[inline(always)]
fn control<S: Simd>(simd: S, strip: Strip<'_>) -> u64x8<S> {
    let mut bits = Bits::default();
    for (bits, block) in bits.iter_mut().zip(strip) {
        *bits = u8x64::load_array_ref(simd, block).simd_lt(u8x64::splat(simd, b' ')).to_bitmask();
    }
    load(simd, &bits)
}

/// The odd bytes of a strip.
pub(super) struct OddBytes<S: Simd> {
    pub(super) backslash: u64x8<S>,
    pub(super) control: u64x8<S>,
    /// The control characters that are whitespace.
    pub(super) line_space: u64x8<S>,
}

impl<S: Simd> OddBytes<S> {
    #[inline(always)]
    pub(super) fn read(simd: S, strip: Strip<'_>) -> Self {
        OddBytes {
            backslash: equal(simd, strip, b'\\'),
            control: control(simd, strip),
            line_space: equal(simd, strip, b'\t') | equal(simd, strip, b'\r') | equal(simd, strip, b'\n'),
        }
    }

    #[inline(always)]
    pub(super) fn cut(self, cut: Cut<S>) -> Self {
        OddBytes {
            backslash: cut.apply(self.backslash),
            control: cut.apply(self.control),
            line_space: cut.apply(self.line_space),
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    //! Reading a strip by a table of 128 bytes and a transposition of bits, in a fourth of the instructions.

    use std::arch::x86_64::{
        __m512i, _mm512_gf2p8affine_epi64_epi8, _mm512_movepi8_mask, _mm512_or_si512,
        _mm512_permutex2var_epi8, _mm512_set1_epi64, _mm512_shuffle_epi8, _mm512_shuffle_i64x2,
    };

    use fearless_simd::prelude::*;
    use fearless_simd::{Avx512, u8x64, u64x8};

    use super::{BLOCK, Bits, LANES};

    /// For each place of a pair of blocks where its byte comes from when the first four planes of both are put
    /// together; add 4 for the other four.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const PAIRS: [u8; 64] = {
        let mut from = [0; 64];
        let mut at = 0;
        while at < 64 {
            let (plane, lane, word) = (at / 16, at / 8 % 2, at % 8);
            from[at] = (lane * 64 + word * 8 + plane) as u8;
            at += 1;
        }
        from
    };

    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const OTHER_PAIRS: [u8; 64] = {
        let mut from = PAIRS;
        let mut at = 0;
        while at < 64 {
            from[at] += 4;
            at += 1;
        }
        from
    };

    /// Turns the bytes of each word round.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const TURN: [u8; 64] = {
        let mut from = [0; 64];
        let mut at = 0;
        while at < 64 {
            from[at] = (at % 16 / 8 * 8 + 7 - at % 8) as u8;
            at += 1;
        }
        from
    };

    fearless_simd::kernel!(
        /// The eight planes of a strip; `None` if it is not all ASCII.
        #[inline(always)]
        pub(super) fn read(
            token: Avx512,
            blocks: [&[u8; BLOCK]; LANES],
            table: &[u8; 128],
        ) -> Option<[Bits; 8]> {
            let vector = |bytes: &[u8; 64]| -> __m512i { u8x64::load_array_ref(token, bytes).into() };
            let blocks = blocks.map(vector);
            let all = blocks.into_iter().reduce(|a, b| _mm512_or_si512(a, b))?;
            if _mm512_movepi8_mask(all) != 0 {
                return None;
            }
            let (low, high) = table.split_first_chunk::<64>()?;
            let (low, high) = (vector(low), vector(high.first_chunk()?));
            let turn = vector(&TURN);
            // Bit i of byte j is what multiplies row i from the bottom with this column j.
            let columns = _mm512_set1_epi64(0x8040_2010_0804_0201_u64 as i64);
            let words = blocks.map(|block| {
                let classes = _mm512_permutex2var_epi8(low, block, high);
                _mm512_gf2p8affine_epi64_epi8::<0>(columns, _mm512_shuffle_epi8(classes, turn))
            });
            let [a, b, c, d, e, f, g, h] = words;
            let half = |pairs: &[u8; 64]| {
                let pairs = vector(pairs);
                let put = |x, y| _mm512_permutex2var_epi8(x, pairs, y);
                let (ab, cd, ef, gh) = (put(a, b), put(c, d), put(e, f), put(g, h));
                let (low, other_low) =
                    (_mm512_shuffle_i64x2::<0x44>(ab, cd), _mm512_shuffle_i64x2::<0x44>(ef, gh));
                let (high, other_high) =
                    (_mm512_shuffle_i64x2::<0xee>(ab, cd), _mm512_shuffle_i64x2::<0xee>(ef, gh));
                [
                    _mm512_shuffle_i64x2::<0x88>(low, other_low),
                    _mm512_shuffle_i64x2::<0xdd>(low, other_low),
                    _mm512_shuffle_i64x2::<0x88>(high, other_high),
                    _mm512_shuffle_i64x2::<0xdd>(high, other_high),
                ]
            };
            let bits = |plane: __m512i| -> Bits {
                let bits: u64x8<Avx512> = plane.simd_into(token);
                bits.to_array()
            };
            let [p, q, r, s] = half(&PAIRS).map(bits);
            let [t, u, v, w] = half(&OTHER_PAIRS).map(bits);
            Some([p, q, r, s, t, u, v, w])
        }
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::dispatch;
    use proptest::prelude::*;

    fn expected(bytes: &[u8], holds: impl Fn(u8) -> bool) -> Bits {
        let mut bits = [0; LANES];
        for (at, &byte) in bytes.iter().enumerate() {
            bits[at / BLOCK] |= u64::from(holds(byte)) << (at % BLOCK);
        }
        bits
    }

    #[inline(always)]
    fn read<S: Simd>(simd: S, classes: &ByteClasses, text: &[u8]) -> [Bits; 12] {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut lanes = blocks.iter();
        let strip = std::array::from_fn(|_| lanes.next().unwrap_or(text.last_chunk().unwrap()));
        let mut planes = classes.read(simd, strip);
        let mut odd = OddBytes::read(simd, strip);
        if blocks.len() < LANES {
            let cut = Cut::last(simd, blocks.len(), rest.len());
            (planes, odd) = (planes.cut(cut), odd.cut(cut));
        }
        let brackets = planes.open | planes.close;
        [
            planes.quote,
            planes.space,
            planes.open,
            planes.close,
            planes.square & brackets,
            planes.colon,
            planes.comma,
            planes.odd,
            planes.probe,
            odd.backslash,
            odd.control,
            odd.line_space,
        ]
        .map(|bits| bits.to_array())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn each_byte_is_in_its_planes(
            text in prop::collection::vec(prop_oneof![
                3 => any::<u8>(),
                9 => 0..128_u8,
                8 => prop::sample::select(b"\"\\{}[]:, \n".to_vec()),
            ], BLOCK..=STRIP),
            whole in any::<bool>(),
            ascii in any::<bool>(),
        ) {
            let length = if whole { STRIP } else { text.len() };
            let text = text.iter().cycle().take(length);

            let text: Vec<u8> = text.map(|byte| if ascii { byte & 0x7f } else { *byte }).collect();
            let classes = ByteClasses::new(b"Np");
            let expected = [
                expected(&text, |byte| byte == b'"'),
                expected(&text, |byte| byte == b' '),
                expected(&text, |byte| b"{[".contains(&byte)),
                expected(&text, |byte| b"}]".contains(&byte)),
                expected(&text, |byte| b"[]".contains(&byte)),
                expected(&text, |byte| byte == b':'),
                expected(&text, |byte| byte == b','),
                expected(&text, |byte| byte < 0x20 || byte == b'\\'),
                expected(&text, |byte| b"Np".contains(&byte)),
                expected(&text, |byte| byte == b'\\'),
                expected(&text, |byte| byte < 0x20),
                expected(&text, |byte| b"\t\r\n".contains(&byte)),
            ];
            for level in super::super::tests::levels() {
                prop_assert_eq!(dispatch!(level, simd => read(simd, &classes, &text)), expected, "{:?}", level);
            }
        }
    }
}
