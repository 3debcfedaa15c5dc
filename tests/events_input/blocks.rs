//! However an input is cut into blocks and reads, the events and the problems are the same.

use proptest::prelude::*;
use trailql::events::{InputForm, ReadOptions};

use crate::{Chunks, gzip, packed_in_pieces, problems, read_with, zstd};

/// Text that has something to do with the shapes: pieces that frame records, whole and broken.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "{\"Records\":[",
        "]}",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\n",
        "\r\n",
        " ",
        "\"",
        "\\",
        "\\\"",
        "null",
        "x",
        "{\"n\":1}",
        "{\"n\":\"]}\\\\\"}",
        "{\"n\":[{\"m\":{}}]}",
        "{\n \"n\": 2\n}",
        "{\"k\":\"long, and longer than a small block is\"}",
        "{\"timestamp\":1,\"message\":\"m\\u0041\\n\"}",
        "{\"events\":[",
        "{\"detail-type\":\"t\",\"detail\":{\"n\":3}}",
        "{\"Events\":[",
        "{\"CloudTrailEvent\":\"{}\"}",
        "ä",
        "\u{feff}",
        "plain text",
        "\n{",
        "{}\n{}\n{}\n",
    ];
    let piece = prop_oneof![
        20 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => Just(vec![0xff]),
        1 => (60_usize..150).prop_map(|length| vec![b'z'; length]),
    ];
    (
        prop::sample::select(vec!["", "{\"Records\":[", "[", "{\"n\":0}\n", "{\"events\":["]),
        prop::collection::vec(piece, 0..40),
    )
        .prop_map(|(start, pieces)| [start.as_bytes(), &pieces.concat()].concat())
}

fn form() -> impl Strategy<Value = InputForm> {
    prop::sample::select(InputForm::ALL.to_vec())
}

/// A backslash outside of strings does not hide a bracket, and the read may end between the two.
#[test]
fn an_escaped_bracket_between_records_opens_one_however_it_is_cut() {
    let text = br#"[}\{"n":[{"m":{}}]}"#;
    let in_one = ReadOptions { form: InputForm::Cwl, ..ReadOptions::default() };
    let in_blocks = ReadOptions { block_bytes: 64, ..in_one.clone() };
    let expected = read_with(in_one, text.as_slice());
    for length in 1..text.len() {
        let cut = Chunks { bytes: text, lengths: vec![length], at: 0 };
        assert_eq!(read_with(in_blocks.clone(), cut), expected, "reads of {length} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_gives_the_same_events(
        text in input(),
        form in form(),
        lengths in prop::collection::vec(1_usize..90, 1..6),
        block_bytes in 64_usize..300,
    ) {
        // An event of more than 100 bytes is too long here, so that the limit is met often.
        let in_one = ReadOptions { form, max_event_bytes: 100, ..ReadOptions::default() };
        let in_blocks = ReadOptions { block_bytes, ..in_one.clone() };
        let expected = read_with(in_one, text.as_slice());
        let cut = Chunks { bytes: &text, lengths, at: 0 };
        prop_assert_eq!(&read_with(in_blocks.clone(), cut), &expected);
        prop_assert_eq!(&read_with(in_blocks.clone(), packed_in_pieces(&text, 3, gzip).as_slice()), &expected);
        prop_assert_eq!(&read_with(in_blocks, zstd(&text).as_slice()), &expected);
        prop_assert_eq!(expected.1.bytes, text.len() as u64);
    }

    #[test]
    fn events_stand_where_they_are_said_to(text in input(), form in form()) {
        let options = ReadOptions { form, ..ReadOptions::default() };
        let mut found = Vec::new();
        trailql::events::UnitReader::new(options).read_stream(trailql::events::Source::Stream, &mut text.as_slice(), &mut |batch| {
            let mut cursor = batch.cursor();
            for event in batch.events() {
                let (from, to) = (event.start(), event.start() + event.raw().len());
                assert_eq!(&batch.text()[from..to], event.raw());
                if from < to {
                    // Twice, as a search finds two words in one event.
                    for hit in [from, from, to - 1] {
                        let around = cursor.event_around(hit).expect("the byte belongs to an event");
                        let (index, expected) = (batch.index_of(&around), batch.index_of(&event));
                        assert_eq!((index, around.raw(), around.start()), (expected, event.raw(), from));
                    }
                }
                let place = batch.place(&event);
                found.push((place.offset, place.line, event.raw().to_owned()));
            }
            assert!(cursor.event_around(batch.text().len()).is_none());
            std::ops::ControlFlow::Continue(())
        });
        for (offset, line, raw) in found {
            let offset = offset as usize;
            prop_assert_eq!(&text[offset..offset + raw.len()], raw.as_bytes());
            if let Some(line) = line {
                let lines_before = text[..offset].iter().filter(|&&byte| byte == b'\n').count() as u64;
                prop_assert_eq!(line, lines_before + 1);
            }
        }
    }

    /// What is not an event is white space, structure, or has been reported.
    #[test]
    fn nothing_is_dropped_in_silence(text in input(), form in form()) {
        let (events, summary) = read_with(ReadOptions { form, ..ReadOptions::default() }, text.as_slice());
        if summary.is_clean() && form == InputForm::Ndjson {
            let text = String::from_utf8(text).expect("bad UTF-8 is reported");
            let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim_ascii().is_empty());
            prop_assert_eq!(lines.count(), events.messages.len());
        } else if summary.is_clean() && form == InputForm::Lines {
            let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
            prop_assert_eq!(text.split_inclusive(|&byte| byte == b'\n').count(), events.messages.len());
        }
        prop_assert_eq!(summary.is_clean(), problems(&summary).is_empty());
        prop_assert_eq!(summary.events as usize, events.messages.len());
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), form in form(), mark in 0_usize..4) {
        let marks: [&[u8]; 4] = [b"", &[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd], &[0x1f, 0x8b, 8, 31]];
        read_with(ReadOptions { form, ..ReadOptions::default() }, [marks[mark], &bytes].concat().as_slice());
    }
}
