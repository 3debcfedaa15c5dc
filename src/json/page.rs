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
///
/// First they tell the bytes by their values, be they in a string or not. As the walk goes over the strips, it leaves
/// what is in a string out.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Quotes; later those that are not escaped.
    pub(super) quote: [Bits; STRIPS],
    pub(super) backslash: [Bits; STRIPS],
    pub(super) space: [Bits; STRIPS],
    /// Control characters, if `has_control`.
    pub(super) control: [Bits; STRIPS],
    /// Those that are whitespace.
    pub(super) line_space: [Bits; STRIPS],
    pub(super) has_control: bool,
    pub(super) open: [Bits; STRIPS],
    pub(super) close: [Bits; STRIPS],
    pub(super) colon: [Bits; STRIPS],
    pub(super) comma: [Bits; STRIPS],
    /// The bytes equal to each of the letters asked for.
    pub(super) probes: [[Bits; STRIPS]; PROBES],
    /// Where strings are, their opening quotes included, the closing ones not.
    pub(super) inside: [Bits; STRIPS],
    /// Numbers and literals.
    pub(super) scalar: [Bits; STRIPS],
    /// The first bytes of numbers and literals.
    pub(super) scalar_start: [Bits; STRIPS],
    /// Whitespace between tokens, if `has_blank`.
    pub(super) blank: [Bits; STRIPS],
    /// The first bytes behind a comma or an opening bracket, whitespace left out.
    pub(super) after_open_or_comma: [Bits; STRIPS],
    /// The closing quotes of strings that start there.
    pub(super) first_end: [Bits; STRIPS],
    /// Brackets, and the opening quotes of what may be wanted keys.
    pub(super) steps: [Bits; STRIPS],
    /// Which bytes are in arrays, a bracket counted as in the container around it.
    pub(super) in_array: [Bits; STRIPS],
    /// The lanes of `scalar_start` and of `steps` that are not empty, a bit each.
    pub(super) scalar_lanes: u64,
    pub(super) step_lanes: u64,
    /// The bytes of the text in the page, and the strips that these touch.
    pub(super) length: usize,
    pub(super) strips: usize,
}

impl Page {
    /// Reads the page of a text that is made of `blocks`, and of `rest` where the text ends in it.
    #[inline(always)]
    pub(super) fn read<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], rest: &[u8], probes: &[u8]) {
        self.length = blocks.len() * BLOCK + rest.len();
        self.strips = self.length.div_ceil(STRIP);
        if !self.length.is_multiple_of(STRIP) {
            self.clear_strip(self.strips - 1);
        }
        let mut least = Bytes::splat(simd, !0);
        for (lane, block) in blocks.iter().enumerate() {
            let bytes = Bytes::load(simd, block);
            least = least.min(bytes);
            self.read_block(lane, bytes, !0, probes);
        }
        if !rest.is_empty() {
            let mut padded = [b' '; BLOCK];
            padded.split_at_mut(rest.len()).0.copy_from_slice(rest);
            let bytes = Bytes::load(simd, &padded);
            least = least.min(bytes);
            self.read_block(blocks.len(), bytes, !(!0 << rest.len()), probes);
        }
        self.has_control = least.below(b' ') != 0;
        if self.has_control {
            self.read_control(simd, blocks, rest);
        }
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a page has eight strips")]
    fn clear_strip(&mut self, strip: usize) {
        let strip = strip % STRIPS;
        for bits in [
            &mut self.quote,
            &mut self.backslash,
            &mut self.space,
            &mut self.open,
            &mut self.close,
            &mut self.colon,
            &mut self.comma,
        ] {
            bits[strip] = Bits::default();
        }
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a page has 64 lanes")]
    fn read_block<S: Simd>(&mut self, lane: usize, bytes: Bytes<S>, valid: u64, probes: &[u8]) {
        let (strip, lane) = (lane / LANES % STRIPS, lane % LANES);
        let brackets = bytes.brackets();
        self.quote[strip][lane] = bytes.equal(b'"');
        self.backslash[strip][lane] = bytes.equal(b'\\');
        self.space[strip][lane] = bytes.equal(b' ') & valid;
        self.open[strip][lane] = brackets.equal(b'{');
        self.close[strip][lane] = brackets.equal(b'}');
        self.colon[strip][lane] = bytes.equal(b':');
        self.comma[strip][lane] = bytes.equal(b',');
        for (bits, &probe) in self.probes.iter_mut().zip(probes) {
            bits[strip][lane] = bytes.equal(probe);
        }
    }

    #[inline(always)]
    fn read_control<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], rest: &[u8]) {
        let mut padded = [b' '; BLOCK];
        padded.split_at_mut(rest.len()).0.copy_from_slice(rest);
        self.control = Default::default();
        self.line_space = Default::default();
        let control = self.control.as_flattened_mut().iter_mut();
        let lanes = control.zip(self.line_space.as_flattened_mut());
        for (block, (control, line_space)) in blocks.iter().chain([&padded]).zip(lanes) {
            let bytes = Bytes::load(simd, block);
            *control = bytes.below(b' ');
            *line_space = bytes.equal(b'\t') | bytes.equal(b'\r') | bytes.equal(b'\n');
        }
    }

    /// The bytes of a strip that are of the text.
    #[inline(always)]
    pub(super) fn valid<S: Simd>(&self, simd: S, strip: usize) -> u64x8<S> {
        let left = self.length.saturating_sub(strip * STRIP);
        let all = u64x8::splat(simd, !0);
        if left >= STRIP {
            return all;
        }
        let whole = mask64x8::from_bitmask(simd, !(!0 << (left / BLOCK)));
        let partial = mask64x8::from_bitmask(simd, 1 << (left / BLOCK));
        let partly = partial.select(u64x8::splat(simd, !(!0 << (left % BLOCK))), none(simd));
        whole.select(all, partly)
    }

    /// Where the string ends whose text starts at `at`, if that is in the page and no backslash comes before.
    #[inline(always)]
    pub(super) fn plain_string_end(&self, at: usize) -> Option<usize> {
        let lane = at / BLOCK;
        let end = |bits: &[Bits; STRIPS]| {
            let bits = bits.as_flattened();
            let first = bits.get(lane)? & !0 << (at % BLOCK);
            if first != 0 {
                return Some(lane * BLOCK + first.trailing_zeros() as usize);
            }
            let second = bits.get(lane + 1).copied().unwrap_or(0);
            (second != 0).then(|| (lane + 1) * BLOCK + second.trailing_zeros() as usize)
        };
        let quote = end(&self.quote)?;
        end(&self.backslash).is_none_or(|backslash| backslash > quote).then_some(quote)
    }
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
