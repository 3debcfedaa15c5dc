//! Reading events: every shape and compression, broken input, blocks and ranges of any size, order under threads.
#![cfg(feature = "events")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod blocks;
mod faults;
mod order;
mod shapes;
mod sources;

use std::io::{Read, Write};
use std::ops::ControlFlow;

use trailql::events::{InputForm, ReadOptions, Source, Summary, UnitReader};

/// What reading gave: message, time in milliseconds, offset and line of each event.
#[derive(Clone, Debug, Default, PartialEq)]
struct Events {
    messages: Vec<String>,
    times: Vec<Option<i64>>,
    places: Vec<(u64, Option<u64>)>,
}

fn options(form: InputForm) -> ReadOptions {
    ReadOptions { form, ..ReadOptions::default() }
}

fn read_with(options: ReadOptions, mut input: impl Read) -> (Events, Summary) {
    let mut events = Events::default();
    let summary = UnitReader::new(options).read_stream(Source::Stream, &mut input, &mut |batch| {
        let before = events.messages.len();
        assert_eq!(batch.first_index(), before as u64);
        for event in batch.events() {
            let place = batch.place(&event);
            events.places.push((place.offset, place.line));
            events.times.push(event.timestamp().map(|time| time.0));
            events
                .messages
                .push(event.message().map_or_else(|kind| format!("<{kind}>"), |text| text.into_owned()));
        }
        assert_eq!(events.messages.len() - before, batch.event_count());
        ControlFlow::Continue(())
    });
    (events, summary)
}

fn read(form: InputForm, input: impl AsRef<[u8]>) -> (Events, Summary) {
    read_with(options(form), input.as_ref())
}

/// Code and place of each problem.
fn problems(summary: &Summary) -> Vec<(&'static str, Option<u64>, Option<u64>)> {
    let place = |problem: &trailql::events::Problem| {
        (
            problem.kind.code(),
            problem.place.map(|place| place.offset),
            problem.place.and_then(|place| place.line),
        )
    };
    summary.problems.iter().map(place).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(text, 3).unwrap()
}

/// Cut in `count` about equal pieces, wherever that is, each packed for itself.
fn packed_in_pieces(text: &[u8], count: usize, pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    text.chunks(text.len().div_ceil(count).max(1)).flat_map(pack).collect()
}

/// Gives its bytes out in pieces of these lengths, over and over.
struct Chunks<'a> {
    bytes: &'a [u8],
    lengths: Vec<usize>,
    at: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.lengths[self.at % self.lengths.len()].max(1).min(out.len()).min(self.bytes.len());
        self.at += 1;
        let (now, later) = self.bytes.split_at(length);
        out[..length].copy_from_slice(now);
        self.bytes = later;
        Ok(length)
    }
}
