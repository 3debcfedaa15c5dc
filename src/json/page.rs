//! Where the bytes that may be structure are in a page of 4096 bytes of text, as bit sets.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask64x8, u8x64, u64x8};

use super::lanes::{Bits, LANES, none};

/// The bytes of a lane: bit *i* of it stands for byte *i*.
pub(super) const BLOCK: usize = 64;

/// The bytes of eight lanes.
pub(super) const STRIP: usize = BLOCK * LANES;

/// How many strips are read before the first is looked at.
pub(super) const STRIPS: usize = 8;

/// The bytes of a page.
pub(super) const PAGE: usize = STRIP * STRIPS;

/// How many letters may be asked for.
pub(super) const PROBES: usize = 4;

/// The bit sets of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) strips: [Strip; STRIPS],
    /// The strips that the text touches.
    pub(super) count: usize,
    /// Whether there are control characters.
    pub(super) has_control: bool,
    /// Whether there are backslashes.
    pub(super) has_backslash: bool,
    /// The bytes of the text in the page.
    pub(super) length: usize,
    /// The lanes of `scalar_start` and of `steps` that are not empty, a bit each.
    pub(super) scalar_lanes: u64,
    pub(super) step_lanes: u64,
    /// Whether the page starts in an array, and the strips in which an array is left for an object or the other way
    /// round, a bit each.
    pub(super) in_array: bool,
    pub(super) turned: u8,
}

/// The bit sets of a strip.
///
/// Those read from the text tell the bytes by their values, be they in a string or not; the others the walk adds.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
pub(super) struct Strip {
    /// Quotes; once the walk was here, those that are not escaped.
    pub(super) quote: Bits,
    pub(super) backslash: Bits,
    pub(super) space: Bits,
    pub(super) open: Bits,
    pub(super) close: Bits,
    /// The bytes without 0x20, to tell the square brackets from the others.
    pub(super) square: Bits,
    pub(super) colon: Bits,
    pub(super) comma: Bits,
    /// The bytes equal to each of the letters asked for.
    pub(super) probes: [Bits; PROBES],
    /// Control characters, and those of them that are whitespace; kept only if there are any in the page.
    pub(super) control: Bits,
    pub(super) line_space: Bits,
    /// Strings, their opening quotes included, the closing ones not.
    pub(super) inside: Bits,
    /// Numbers and literals, and their first bytes.
    pub(super) scalar: Bits,
    pub(super) scalar_start: Bits,
    /// The first bytes behind a comma or an opening bracket, whitespace left out.
    pub(super) after_open_or_comma: Bits,
    /// What is inside strings other than those that start there, and the closing quotes of these.
    pub(super) past_first: Bits,
    /// Brackets, and the opening quotes of what may be wanted keys.
    pub(super) steps: Bits,
    /// The bytes from which on an array is left for an object or the other way round.
    pub(super) turns: Bits,
}

impl Page {
    /// Reads the page of a text that is made of `blocks`, and of `rest` where the text ends in it.
    #[inline(always)]
    pub(super) fn read<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], rest: &[u8], probes: &[u8]) {
        self.length = blocks.len() * BLOCK + rest.len();
        self.count = self.length.div_ceil(STRIP);
        let (whole, part) = blocks.as_chunks::<LANES>();
        let mut least = Bytes::splat(simd, !0);
        let mut strips = self.strips.iter_mut();
        for (blocks, strip) in whole.iter().zip(&mut strips) {
            for (lane, block) in (0..LANES).zip(blocks) {
                let bytes = Bytes::load(simd, block);
                least = least.min(bytes);
                strip.read(lane, bytes);
            }
            strip.probe(simd, blocks, probes);
        }
        if let Some(strip) = strips.next()
            && !(part.is_empty() && rest.is_empty())
        {
            least = least.min(strip.read_last(simd, part, rest, probes));
        }
        self.has_control = least.below(b' ') != 0;
        if self.has_control {
            self.read_control(simd, blocks, rest);
        }
    }

    #[inline(always)]
    fn read_control<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], rest: &[u8]) {
        let padded = [pad(rest)];
        let mut blocks = blocks.iter().chain(&padded);
        for strip in self.strips.iter_mut().take(self.count) {
            for (control, line_space) in strip.control.iter_mut().zip(&mut strip.line_space) {
                let bytes = Bytes::load(simd, blocks.next().unwrap_or(&[b' '; BLOCK]));
                *control = bytes.below(b' ');
                *line_space = bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n');
            }
        }
    }

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

    /// A lane of one of the bit sets.
    #[inline(always)]
    pub(super) fn lane(&self, lane: usize, bits: impl Fn(&Strip) -> &Bits) -> Option<u64> {
        bits(self.strips.get(lane / LANES)?).get(lane % LANES).copied()
    }

    /// Where the string ends whose text starts at `at`, if that is near, and no backslash comes before.
    #[inline(always)]
    pub(super) fn plain_string_end(&self, at: usize) -> Option<usize> {
        let lane = at / BLOCK;
        let from = !0 << (at % BLOCK);
        let quote = self.lane(lane, |strip| &strip.quote)? & from;
        let backslash = self.lane(lane, |strip| &strip.backslash)? & from;
        if quote != 0 {
            return (backslash & (quote ^ (quote - 1)) == 0)
                .then(|| lane * BLOCK + quote.trailing_zeros() as usize);
        }
        let lane = lane + 1;
        let quote = self.lane(lane, |strip| &strip.quote)?;
        let more = self.lane(lane, |strip| &strip.backslash)?;
        // A lane behind the last strip is of an older text.
        let known = quote != 0 && lane < self.count * LANES;
        (known && backslash == 0 && more & (quote ^ (quote - 1)) == 0)
            .then(|| lane * BLOCK + quote.trailing_zeros() as usize)
    }
}

impl Strip {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a strip has eight lanes")]
    fn read<S: Simd>(&mut self, lane: usize, bytes: Bytes<S>) {
        let lane = lane % LANES;
        let brackets = bytes.brackets();
        self.quote[lane] = bytes.equal(b'"');
        self.backslash[lane] = bytes.equal(b'\\');
        self.space[lane] = bytes.equal(b' ');
        self.open[lane] = brackets.equal(b'{');
        self.close[lane] = brackets.equal(b'}');
        self.square[lane] = bytes.without(0x20);
        self.colon[lane] = bytes.equal(b':');
        self.comma[lane] = bytes.equal(b',');
    }

    #[inline(always)]
    fn probe<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], probes: &[u8]) {
        for (bits, &probe) in self.probes.iter_mut().zip(probes) {
            for (bits, block) in bits.iter_mut().zip(blocks) {
                *bits = Bytes::load(simd, block).equal(probe);
            }
        }
    }

    /// Reads the last strip of a text, and gives the least of its bytes.
    #[inline(always)]
    fn read_last<S: Simd>(
        &mut self,
        simd: S,
        blocks: &[[u8; BLOCK]],
        rest: &[u8],
        probes: &[u8],
    ) -> Bytes<S> {
        for bits in [
            &mut self.quote,
            &mut self.backslash,
            &mut self.space,
            &mut self.open,
            &mut self.close,
            &mut self.colon,
            &mut self.comma,
        ] {
            *bits = Bits::default();
        }
        let mut least = Bytes::splat(simd, !0);
        for (lane, block) in (0..LANES).zip(blocks) {
            let bytes = Bytes::load(simd, block);
            least = least.min(bytes);
            self.read(lane, bytes);
        }
        self.probe(simd, blocks, probes);
        if !rest.is_empty() {
            let padded = pad(rest);
            let bytes = Bytes::load(simd, &padded);
            least = least.min(bytes);
            self.read(blocks.len(), bytes);
            if let Some(space) = self.space.get_mut(blocks.len()) {
                *space &= !(!0 << rest.len());
            }
            for (bits, &probe) in self.probes.iter_mut().zip(probes) {
                if let Some(bits) = bits.get_mut(blocks.len()) {
                    *bits = bytes.equal(probe);
                }
            }
        }
        least
    }
}

/// The bytes of a strip that are of the text, of which `length` bytes are in the page.
#[inline(always)]
pub(super) fn valid<S: Simd>(simd: S, length: usize, strip: usize) -> u64x8<S> {
    let left = length.saturating_sub(strip * STRIP);
    let all = u64x8::splat(simd, !0);
    if left >= STRIP {
        return all;
    }
    let whole = mask64x8::from_bitmask(simd, !(!0 << (left / BLOCK)));
    let partial = mask64x8::from_bitmask(simd, 1 << (left / BLOCK));
    let partly = partial.select(u64x8::splat(simd, !(!0 << (left % BLOCK))), none(simd));
    whole.select(all, partly)
}

/// Less than a block, filled up with spaces.
#[inline(always)]
fn pad(rest: &[u8]) -> [u8; BLOCK] {
    let mut padded = [b' '; BLOCK];
    for (to, from) in padded.iter_mut().zip(rest) {
        *to = *from;
    }
    padded
}

/// A block in a vector.
#[derive(Clone, Copy)]
struct Bytes<S: Simd> {
    simd: S,
    bytes: u8x64<S>,
}

impl<S: Simd> Bytes<S> {
    #[inline(always)]
    fn load(simd: S, bytes: &[u8; BLOCK]) -> Self {
        Bytes { simd, bytes: u8x64::load_array_ref(simd, bytes) }
    }

    #[inline(always)]
    fn splat(simd: S, byte: u8) -> Self {
        Bytes { simd, bytes: u8x64::splat(simd, byte) }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Bytes { bytes: self.bytes.min(other.bytes), ..self }
    }

    /// The bytes equal to `byte`.
    #[inline(always)]
    fn equal(self, byte: u8) -> u64 {
        self.bytes.simd_eq(u8x64::splat(self.simd, byte)).to_bitmask()
    }

    /// The bytes with no bit of `bits` set.
    #[inline(always)]
    fn without(self, bits: u8) -> u64 {
        (self.bytes & u8x64::splat(self.simd, bits)).simd_eq(u8x64::splat(self.simd, 0)).to_bitmask()
    }

    /// The bytes less than `byte`.
    #[inline(always)]
    fn below(self, byte: u8) -> u64 {
        self.bytes.simd_lt(u8x64::splat(self.simd, byte)).to_bitmask()
    }

    /// The bytes with `0x20` set, which turns both of `[{` into `{`, and both of `]}` into `}`.
    #[inline(always)]
    fn brackets(self) -> Self {
        Bytes { bytes: self.bytes | u8x64::splat(self.simd, 0x20), ..self }
    }
}
