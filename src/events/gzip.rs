//! gzip (RFC 1952): whole members out of memory at once, or member after member out of a stream.

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::{Crc, Decompressor};
use memchr::memmem;

use super::ProblemKind;
use super::window::Stream;

/// How a gzip member begins: its mark, and deflate as the method.
const MEMBER: &[u8] = &[0x1f, 0x8b, 8];
/// The part of a header that every member has.
const HEADER_BYTES: usize = 10;
/// Checksum and length, behind the deflate data.
const TRAILER_BYTES: usize = 8;
/// A header's name, comment and extra field may be of any length; longer ones than this are taken for damage.
const MAX_HEADER_BYTES: usize = 1 << 18;
/// deflate turns one byte into at most this many.
const MAX_RATIO: usize = 1_032;

const READ_BYTES: usize = 128 << 10;

/// Inflates `packed` into `out` when it is one sound gzip member and nothing else, of at most `limit` bytes. Gives the
/// length, or `None` for everything that [`GzipStream`] must look at: several members, damage, other data behind.
///
/// Known by its last eight bytes. Data of a single member ends with the checksum and length of all that came out; where
/// a second member begins, the first one's checksum and length stand just before.
pub(super) fn inflate_one_member(
    decompressor: &mut Decompressor,
    packed: &[u8],
    out: &mut Vec<u8>,
    limit: usize,
) -> Option<usize> {
    let header = match parse_header(packed) {
        Header::Whole(length) => length,
        Header::Short | Header::Bad(_) => return None,
    };
    let (data, trailer) = packed.get(header..)?.split_last_chunk::<TRAILER_BYTES>()?;
    let (checksum, length) = parse_trailer(trailer);
    let length = length as usize;
    if length > limit || length > data.len().saturating_mul(MAX_RATIO) {
        return None;
    }
    if out.len() < length {
        out.resize(length, 0);
    }
    let text = out.get_mut(..length)?;
    if decompressor.deflate_decompress(data, text).ok()? != length || libdeflater::crc32(text) != checksum {
        return None;
    }
    let is_boundary = |at: usize| data.get(..at).is_some_and(|before| before.ends_with(trailer));
    let several = memmem::find_iter(data, MEMBER).any(is_boundary);
    (!several).then_some(length)
}

enum Header {
    /// Complete, of so many bytes.
    Whole(usize),
    /// There must be more of it.
    Short,
    Bad(&'static str),
}

fn parse_header(bytes: &[u8]) -> Header {
    match scan_header(bytes) {
        Some(Ok(length)) => Header::Whole(length),
        Some(Err(reason)) => Header::Bad(reason),
        None => Header::Short,
    }
}

/// `None` where `bytes` ends too soon.
fn scan_header(bytes: &[u8]) -> Option<Result<usize, &'static str>> {
    const HEADER_CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let common = bytes.get(..MEMBER.len().min(bytes.len()))?;
    if !MEMBER.starts_with(common) {
        return Some(Err("no gzip member begins here"));
    }
    let &flags = bytes.get(3)?;
    if flags & 0xe0 != 0 {
        return Some(Err("unknown header flags"));
    }
    let mut at = HEADER_BYTES;
    bytes.get(..at)?;
    if flags & EXTRA != 0 {
        let length = bytes.get(at..)?.first_chunk::<2>()?;
        at += 2 + usize::from(u16::from_le_bytes(*length));
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            at += memchr::memchr(0, bytes.get(at..)?)? + 1;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        at += 2;
    }
    bytes.get(..at).map(|header| Ok(header.len()))
}

/// The checksum, and the length modulo 2³².
fn parse_trailer(trailer: &[u8; TRAILER_BYTES]) -> (u32, u32) {
    let both = u64::from_le_bytes(*trailer);
    (both as u32, (both >> 32) as u32)
}

/// Decompresses gzip members one after the other, and can go on with the next member behind a damaged one.
pub(super) struct GzipStream<R> {
    packed: Packed<R>,
    inflate: Decompress,
    checksum: Crc,
    stage: Stage,
    /// A fault found after some bytes had come out with it.
    pending: Option<ProblemKind>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Header,
    Body,
    Trailer,
    /// Behind a member.
    Between,
    Over,
}

impl<R: Read> GzipStream<R> {
    pub(super) fn new(packed: R) -> Self {
        GzipStream {
            packed: Packed::new(packed),
            inflate: Decompress::new(false),
            checksum: Crc::new(),
            stage: Stage::Header,
            pending: None,
        }
    }

    fn header(&mut self) -> Result<(), ProblemKind> {
        let mut wanted = HEADER_BYTES;
        loop {
            let available = self.packed.at_least(wanted)?;
            let enough = available.len() >= wanted;
            match parse_header(available) {
                Header::Whole(length) => {
                    self.packed.consume(length);
                    self.inflate.reset(false);
                    self.checksum = Crc::new();
                    self.stage = Stage::Body;
                    return Ok(());
                }
                Header::Short if !enough => return Err(self.truncated()),
                Header::Short if wanted < MAX_HEADER_BYTES => wanted *= 2,
                Header::Short => return Err(self.bad("a header without end")),
                Header::Bad(reason) => return Err(self.bad(reason)),
            }
        }
    }

    fn body(&mut self, out: &mut [u8]) -> Result<usize, ProblemKind> {
        let packed = self.packed.at_least(1)?;
        if packed.is_empty() {
            return Err(self.truncated());
        }
        let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(packed, out, FlushDecompress::None);
        let taken = (self.inflate.total_in() - taken) as usize;
        let given = (self.inflate.total_out() - given) as usize;
        self.packed.consume(taken);
        self.checksum.update(out.get(..given).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => self.stage = Stage::Trailer,
            Ok(_) if taken > 0 || given > 0 => {}
            _ => {
                let fault = self.bad("the deflate data makes no sense");
                if given == 0 {
                    return Err(fault);
                }
                self.pending = Some(fault);
            }
        }
        Ok(given)
    }

    fn trailer(&mut self) -> Result<(), ProblemKind> {
        let available = self.packed.at_least(TRAILER_BYTES)?;
        let Some(trailer) = available.first_chunk::<TRAILER_BYTES>() else { return Err(self.truncated()) };
        let expected = parse_trailer(trailer);
        self.packed.consume(TRAILER_BYTES);
        self.stage = Stage::Between;
        if expected != (self.checksum.sum(), self.inflate.total_out() as u32) {
            return Err(self.bad("the checksum does not fit what came out"));
        }
        Ok(())
    }

    /// Zeros between and behind members are padding, as tapes leave it.
    fn between(&mut self) -> Result<(), ProblemKind> {
        loop {
            let available = self.packed.at_least(1)?;
            let zeros = available.iter().take_while(|&&byte| byte == 0).count();
            let (all, empty) = (zeros == available.len(), available.is_empty());
            self.packed.consume(zeros);
            if empty || !all {
                self.stage = if empty { Stage::Over } else { Stage::Header };
                return Ok(());
            }
        }
    }

    fn truncated(&self) -> ProblemKind {
        ProblemKind::TruncatedGzip { compressed: self.packed.position + self.packed.available().len() as u64 }
    }

    fn bad(&self, reason: &str) -> ProblemKind {
        ProblemKind::BadGzip { compressed: self.packed.position, reason: reason.into() }
    }
}

impl<R: Read> Stream for GzipStream<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, ProblemKind> {
        loop {
            if let Some(fault) = self.pending.take() {
                return Err(fault);
            }
            match self.stage {
                Stage::Header => self.header()?,
                Stage::Body => match self.body(out)? {
                    0 => {}
                    length => return Ok(length),
                },
                Stage::Trailer => self.trailer()?,
                Stage::Between => self.between()?,
                Stage::Over => return Ok(0),
            }
        }
    }

    fn resume(&mut self) -> bool {
        // A fault in a header leaves that header unread; to find it again would be no way forward.
        let found = self.packed.find_member(usize::from(self.stage == Stage::Header)).unwrap_or(false);
        self.stage = if found { Stage::Header } else { Stage::Over };
        found
    }
}

/// Compressed bytes, read ahead as far as is asked.
struct Packed<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the input of `start`.
    position: u64,
    over: bool,
}

impl<R: Read> Packed<R> {
    fn new(input: R) -> Self {
        Packed { input, buffer: Vec::new(), start: 0, end: 0, position: 0, over: false }
    }

    fn available(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    fn consume(&mut self, length: usize) {
        let length = length.min(self.end - self.start);
        self.start += length;
        self.position += length as u64;
    }

    /// What is read ahead, of at least `wanted` bytes unless the input ends before.
    fn at_least(&mut self, wanted: usize) -> Result<&[u8], ProblemKind> {
        while self.end - self.start < wanted && !self.over {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.buffer.len() < wanted.max(READ_BYTES) {
                self.buffer.resize(wanted.max(READ_BYTES), 0);
            }
            match self.input.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => self.over = true,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ProblemKind::from_io(&error)),
            }
        }
        Ok(self.available())
    }

    /// Moves on to what can only be the start of a member, `from` bytes ahead or more: no header that writers use
    /// looks otherwise, and by chance one of 2³⁸ positions looks so.
    fn find_member(&mut self, mut from: usize) -> Result<bool, ProblemKind> {
        loop {
            let available = self.at_least(from + HEADER_BYTES)?;
            if available.len() < from + HEADER_BYTES {
                return Ok(false);
            }
            let rest = available.get(from..).unwrap_or_default();
            let found = memmem::find(rest, MEMBER);
            // Its first bytes may stand at the very end.
            let at = from + found.unwrap_or(rest.len() - (MEMBER.len() - 1));
            from = 0;
            self.consume(at);
            if found.is_none() {
                continue;
            }
            match self.at_least(HEADER_BYTES)?.get(..HEADER_BYTES) {
                Some(&[_, _, _, flags, _, _, _, _, speed, system])
                    if flags & 0xe0 == 0 && matches!(speed, 0 | 2 | 4) && matches!(system, 0..=13 | 255) =>
                {
                    return Ok(true);
                }
                Some(_) => from = 1,
                None => return Ok(false),
            }
        }
    }
}
