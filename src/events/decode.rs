//! From compressed or plain bytes to a window on the text: which compression it is, and how it is undone.

use std::io::{self, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use libdeflater::Decompressor;

use super::ProblemKind;
use super::gzip::{self, GzipStream};
use super::window::{Stream, Window};

/// A compressed file of up to this size is read and inflated at once, which is about twice as fast as in a stream.
const MAX_PACKED_AT_ONCE: u64 = 16 << 20;
/// … if what comes out is not more than this.
const MAX_INFLATED_AT_ONCE: usize = 64 << 20;
/// Frames that ask for a larger history are refused by the decoder, so that memory stays bounded.
const ZSTD_WINDOW_LOG: u32 = 27;
/// Buffers that one long event made larger than this are given back.
const KEPT_BYTES: usize = 4 << 20;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// A zstd frame that decoders pass over begins so, its first byte being 0x50 to 0x5f.
const ZSTD_SKIPPED: &[u8] = &[0x2a, 0x4d, 0x18];

/// Buffers and state that are used again for every input.
pub(super) struct Scratch {
    packed: Vec<u8>,
    text: Vec<u8>,
    decompressor: Decompressor,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Scratch { packed: Vec::new(), text: Vec::new(), decompressor: Decompressor::new() }
    }
}

/// Raw bytes of an input, counted for a progress bar.
pub(super) struct Counted<'r> {
    input: &'r mut dyn Read,
    count: Option<&'r AtomicU64>,
}

impl<'r> Counted<'r> {
    pub(super) fn new(input: &'r mut dyn Read, count: Option<&'r AtomicU64>) -> Self {
        Counted { input, count }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(out)?;
        if let Some(count) = self.count {
            count.fetch_add(length as u64, Ordering::Relaxed);
        }
        Ok(length)
    }
}

/// Runs `frame` on a window over the text of `input`, whatever it is compressed with.
///
/// `base` is the input's position in its file, and `length` the file's length if that is known.
///
/// # Errors
///
/// The operating system's, when not even the first bytes can be read.
pub(super) fn with_window<T>(
    scratch: &mut Scratch,
    mut input: Counted<'_>,
    base: u64,
    length: Option<u64>,
    block: usize,
    frame: impl FnOnce(&mut Window<'_>) -> T,
) -> Result<T, ProblemKind> {
    let Scratch { packed, text, decompressor } = scratch;
    let start = read_start(&mut input, packed, block).map_err(|error| ProblemKind::from_io(&error))?;
    let begins = |mark: &[u8]| packed.get(..start).is_some_and(|packed| packed.starts_with(mark));
    if base > 0 || !(begins(GZIP) || is_zstd(packed.get(..start).unwrap_or_default())) {
        std::mem::swap(packed, text);
        let result = frame(&mut Window::stream(&mut Plain(input), text, start, base, block));
        if text.len() > KEPT_BYTES {
            *text = Vec::new();
        }
        return Ok(result);
    }
    let gzip = begins(GZIP);
    let mut end = start;
    if gzip && let Some(length) = length.filter(|&length| length <= MAX_PACKED_AT_ONCE) {
        // A file may grow while it is read. An error is met again by the stream below, at its place.
        end += read_rest(&mut input, packed, start, length as usize + 1);
        let whole = packed.get(..end).unwrap_or_default();
        if let Some(end) = gzip::inflate_one_member(decompressor, whole, text, MAX_INFLATED_AT_ONCE) {
            return Ok(frame(&mut Window::memory(text, end, block)));
        }
    }
    let rest = packed.get(..end).unwrap_or_default().chain(input);
    if gzip {
        return Ok(frame(&mut Window::stream(&mut GzipStream::new(rest), text, 0, 0, block)));
    }
    let mut stream = ZstdStream::new(rest).map_err(|error| ProblemKind::from_io(&error))?;
    Ok(frame(&mut Window::stream(&mut stream, text, 0, 0, block)))
}

/// Reads until it can be told which compression it is, and gives the number of bytes read.
fn read_start(input: &mut impl Read, buffer: &mut Vec<u8>, block: usize) -> io::Result<usize> {
    let wanted = ZSTD.len();
    if buffer.len() < block.max(wanted) {
        buffer.resize(block.max(wanted), 0);
    }
    let mut start = 0;
    while start < wanted {
        match input.read(buffer.get_mut(start..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(length) => start += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(start)
}

/// Reads on to the end of the input, or until `most` bytes are in `buffer`, and gives the number of bytes read.
fn read_rest(input: &mut impl Read, buffer: &mut Vec<u8>, start: usize, most: usize) -> usize {
    if buffer.len() < most {
        buffer.resize(most, 0);
    }
    let mut end = start;
    while let Some(free) = buffer.get_mut(end..most).filter(|free| !free.is_empty()) {
        match input.read(free) {
            Ok(0) => break,
            Ok(length) => end += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    end - start
}

fn is_zstd(start: &[u8]) -> bool {
    start.starts_with(ZSTD) || matches!(start, [0x50..=0x5f, rest @ ..] if rest.starts_with(ZSTD_SKIPPED))
}

/// Whether the file that begins with `start` is compressed in a way known here.
pub(super) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(GZIP) || is_zstd(start)
}

/// Text as it is.
pub(super) struct Plain<R>(pub(super) R);

impl<R: Read> Stream for Plain<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, ProblemKind> {
        loop {
            match self.0.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ProblemKind::from_io(&error)),
                Ok(length) => return Ok(length),
            }
        }
    }
}

/// Zstandard frames, one after the other.
struct ZstdStream<R: Read> {
    decoder: zstd::stream::read::Decoder<'static, BufReader<Position<R>>>,
}

impl<R: Read> ZstdStream<R> {
    fn new(packed: R) -> io::Result<Self> {
        let mut decoder = zstd::stream::read::Decoder::new(Position { input: packed, position: 0 })?;
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        Ok(ZstdStream { decoder })
    }
}

impl<R: Read> Stream for ZstdStream<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, ProblemKind> {
        self.decoder.read(out).map_err(|error| {
            if error.raw_os_error().is_some() {
                return ProblemKind::from_io(&error);
            }
            let reader = self.decoder.get_ref();
            let compressed = reader.get_ref().position - reader.buffer().len() as u64;
            ProblemKind::BadZstd { compressed, reason: error.to_string() }
        })
    }
}

/// A reader that knows how far it is.
struct Position<R> {
    input: R,
    position: u64,
}

impl<R: Read> Read for Position<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(out)?;
        self.position += length as u64;
        Ok(length)
    }
}
