//! Every shape, plain and compressed in every way, gives the same messages.

use std::io::Write;

use trailql::events::InputForm::{Auto, CloudTrail, Cwl, Lines, Ndjson};
use trailql::events::{EventReader, InputForm};

use crate::{gzip, packed_in_pieces, problems, read, read_with, zstd};

const FIRST: &str =
    r#"{"eventTime":"2024-09-02T04:07:00Z","eventName":"GetObject","key":"a]}\\\"b","n":[{"x":[]}]}"#;
const SECOND: &str = r#"{"eventTime":"2024-09-02T04:07:01Z","eventName":"ListBuckets","key":"äöü \u0041"}"#;
/// 2024-09-02T04:07:00Z, worked out by hand: 19,968 days since 1970 and 4 h 7 min.
const FIRST_TIME: i64 = (19_968 * 86_400 + 4 * 3_600 + 7 * 60) * 1_000;

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Inputs that hold FIRST and SECOND: a name, the text, and the forms by which it is to be read.
fn inputs() -> Vec<(&'static str, String, Vec<InputForm>)> {
    let (one, two) = (quoted(FIRST), quoted(SECOND));
    let times = [FIRST_TIME, FIRST_TIME + 1_000];
    let log_event = |time: i64, message: &str| {
        format!(
            r#"{{"logStreamName":"s","timestamp":{time},"message":{message},"ingestionTime":9,"eventId":"7"}}"#
        )
    };
    let envelope = |record: &str| {
        format!(
            r#"{{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","resources":[],"detail":{record}}}"#
        )
    };
    let lookup = |record: &str, time: &str| {
        format!(r#"{{"EventId":"i","Resources":[{{"x":1}}],"EventTime":{time},"CloudTrailEvent":{record}}}"#)
    };
    let pretty = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    };
    let cwl = [log_event(times[0], &one), log_event(times[1], &two)];
    let looked_up = [lookup(&one, r#""2024-09-02T04:07:00+00:00""#), lookup(&two, "1725250021.0")];
    let both = |form| vec![Auto, form];
    vec![
        ("delivery file", format!(r#"{{"Records":[{FIRST},{SECOND}]}}"#), both(CloudTrail)),
        (
            "with other members",
            format!(
                r#" {{ "a":{{"Records":[1]}},"b":[[{{}}]], "Records" : [ {FIRST} , {SECOND} ] ,"z":"]}}"}}"#
            ),
            both(CloudTrail),
        ),
        (
            "pretty delivery file",
            format!("{{\n  \"Records\": [\n    {FIRST},\r\n    {SECOND}\n  ]\n}}\n"),
            both(CloudTrail),
        ),
        (
            "a document a line",
            format!("{{\"Records\":[{FIRST}]}}\n{{\"Records\":[]}}\n\n{{\"Records\":[{SECOND}]}}\n"),
            both(CloudTrail),
        ),
        ("array", format!("[{FIRST},{SECOND}]"), both(CloudTrail)),
        ("arrays", format!("[{FIRST}]\n[]\n[\n{SECOND}\n]\n"), both(CloudTrail)),
        ("NDJSON", format!("{FIRST}\n{SECOND}\n"), vec![Auto, Ndjson, CloudTrail, Lines]),
        (
            "NDJSON without the last line feed",
            format!("{FIRST}\n{SECOND}"),
            vec![Auto, Ndjson, CloudTrail, Lines],
        ),
        (
            "NDJSON of Windows",
            format!("\u{feff}{FIRST}\r\n{SECOND}\r\n"),
            vec![Auto, Ndjson, CloudTrail, Lines],
        ),
        (
            "NDJSON with blank lines",
            format!("\n \n{FIRST}\n\n\t\r\n{SECOND}\n\n"),
            vec![Auto, Ndjson, CloudTrail],
        ),
        ("records on one line", format!("{FIRST}{SECOND}"), both(CloudTrail)),
        ("CloudWatch Logs events", format!("{}\n{}\n", cwl[0], cwl[1]), both(Cwl)),
        (
            "FilterLogEvents",
            pretty(&format!(r#"{{"events":[{},{}],"searchedLogStreams":[]}}"#, cwl[0], cwl[1])),
            both(Cwl),
        ),
        (
            "GetLogEvents",
            format!(r#"{{"events":[{},{}],"nextForwardToken":"f/1"}}"#, cwl[0], cwl[1]),
            both(Cwl),
        ),
        (
            "subscription",
            format!(
                r#"{{"messageType":"DATA_MESSAGE","owner":"1","subscriptionFilters":["f"],"logEvents":[{}]}}{{"messageType":"DATA_MESSAGE","logEvents":[{}]}}"#,
                cwl[0], cwl[1]
            ),
            both(Cwl),
        ),
        ("array of log events", format!("[\n  {},\n  {}\n]", cwl[0], cwl[1]), both(Cwl)),
        (
            "EventBridge",
            format!("{}\n{}\n", envelope(FIRST), envelope(SECOND)),
            vec![Auto, Ndjson, CloudTrail],
        ),
        ("array of envelopes", format!("[{},{}]", envelope(FIRST), envelope(SECOND)), both(CloudTrail)),
        (
            "LookupEvents",
            pretty(&format!(r#"{{"Events":[{},{}],"NextToken":"x"}}"#, looked_up[0], looked_up[1])),
            both(CloudTrail),
        ),
        ("array of LookupEvents", format!("[{},{}]", looked_up[0], looked_up[1]), both(CloudTrail)),
    ]
}

/// RFC 1952 2.3: extra field, name, comment and header checksum.
fn gzip_with_long_header(text: &[u8]) -> Vec<u8> {
    let packed = gzip(text);
    let (header, data) = packed.split_at(10);
    let mut long = header.to_vec();
    long[3] = 0b1_1110;
    long.extend([5, 0]);
    long.extend(b"\0\x1f\x8b\x08\0");
    long.extend(b"name\0");
    long.extend(vec![b'c'; 70_000]);
    long.extend(b"\0hc");
    [&long, data].concat()
}

/// gzip that compresses nothing, so that its data can look like anything.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_shape_in_every_compression_gives_the_same_messages() {
    for (name, text, forms) in inputs() {
        let text = text.as_bytes();
        let skippable = [b"\x50\x2a\x4d\x18\x03\0\0\0abc".as_slice(), &zstd(text)].concat();
        let packings = [
            ("plain", text.to_vec()),
            ("gzip", gzip(text)),
            ("gzip, several members", packed_in_pieces(text, 5, gzip)),
            ("gzip, padded", [gzip(text), vec![0; 700]].concat()),
            ("gzip with every header field", gzip_with_long_header(text)),
            ("zstd", zstd(text)),
            ("zstd, several frames", packed_in_pieces(text, 5, zstd)),
            ("zstd, a frame to be skipped", skippable),
        ];
        for (packing, packed) in packings {
            for &form in &forms {
                let (events, summary) = read(form, &packed);
                assert_eq!(events.messages, [FIRST, SECOND], "{name}, {packing}, {form}");
                assert_eq!(
                    events.times,
                    [Some(FIRST_TIME), Some(FIRST_TIME + 1_000)],
                    "{name}, {packing}, {form}"
                );
                assert!(summary.is_clean(), "{name}, {packing}, {form}: {:?}", summary.problems);
                assert_eq!(
                    (summary.events, summary.skipped, summary.files),
                    (2, 0, 1),
                    "{name}, {packing}, {form}"
                );
                assert_eq!(summary.bytes, text.len() as u64, "{name}, {packing}, {form}");
            }
        }
    }
}

#[test]
fn files_are_unpacked_at_once_or_in_a_stream_alike() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text, forms) in inputs() {
        for (packing, packed) in [
            ("gzip", gzip(text.as_bytes())),
            ("several members", packed_in_pieces(text.as_bytes(), 3, gzip)),
            ("the same member twice", [gzip(text.as_bytes()), gzip(text.as_bytes())].concat()),
            ("a member stored in a member", stored(&gzip(text.as_bytes()))),
            ("members stored in a member", stored(&packed_in_pieces(text.as_bytes(), 3, gzip))),
            ("every header field", gzip_with_long_header(text.as_bytes())),
        ] {
            let path = directory.path().join("input");
            std::fs::write(&path, &packed).unwrap();
            for &form in &forms {
                let unit = trailql::events::Unit::whole(trailql::events::Source::File(path.clone()));
                let mut from_file = Vec::new();
                let mut reader = trailql::events::UnitReader::new(crate::options(form));
                let summary = reader.read(&unit, &mut |batch| {
                    from_file
                        .extend(batch.events().filter_map(|event| Some(event.message().ok()?.into_owned())));
                    std::ops::ControlFlow::Continue(())
                });
                let (events, streamed) = read(form, &packed);
                assert_eq!(from_file, events.messages, "{name}, {packing}, {form}");
                assert_eq!((summary.events, summary.bytes), (streamed.events, streamed.bytes));
                assert_eq!(problems(&summary), problems(&streamed));
            }
        }
    }
}

#[test]
fn one_object_laid_out_over_lines_is_one_event() {
    let object = "{\n  \"eventName\": \"GetObject\",\n  \"n\": [\n    1,\n    {}\n  ]\n}";
    for text in [object.to_owned(), format!("\n{object}\n")] {
        let (events, summary) = read(Auto, &text);
        assert_eq!(events.messages, [object]);
        assert!(summary.is_clean());
    }
    let (events, _) = read(Auto, format!("{object}\n{object}\n{{}}\n"));
    assert_eq!(events.messages, [object, object, "{}"], "as jq prints");
}

#[test]
fn plain_lines_are_events_as_they_are() {
    let text = "[main] started\r\n\n  {\"a\":1} and more\nlast";
    for form in [Auto, Lines] {
        let (events, summary) = read(form, text);
        assert_eq!(events.messages, ["[main] started", "", "  {\"a\":1} and more", "last"], "{form}");
        assert_eq!(events.times, [None; 4]);
        assert_eq!(events.places, [(0, Some(1)), (16, Some(2)), (17, Some(3)), (36, Some(4))]);
        assert_eq!((summary.lines, summary.bytes), (4, text.len() as u64));
    }
    for text in ["{main} started\n", "[[main] started\n", "[1] a\n", "\"quoted\"\n", "[{main}] x\n"] {
        assert_eq!(read(Auto, text).0.messages, [text.trim_end()]);
    }
}

#[test]
fn an_application_log_is_not_taken_for_log_events_of_the_service() {
    let text = r#"{"timestamp":1725250020000,"level":"INFO","message":"hello","events":[{"a":1}]}"#;
    let (events, summary) = read(Auto, format!("{text}\n{text}\n"));
    assert_eq!(events.messages, [text, text]);
    assert_eq!(events.times, [Some(FIRST_TIME); 2]);
    assert!(summary.is_clean());
}

#[test]
fn documents_without_records_hold_no_events() {
    for text in [
        "{\"Records\":[]}",
        "[]",
        "{\"events\":[],\"searchedLogStreams\":[]}",
        "{\"Events\": [ ]}",
        "",
        " \n\n",
        "\u{feff}",
    ] {
        let (events, summary) = read(Auto, text);
        assert_eq!(events.messages, [""; 0], "{text:?}");
        assert!(summary.is_clean(), "{text:?}: {:?}", summary.problems);
        assert_eq!(summary.files, 1);
    }
}

#[test]
fn times_are_read_in_every_notation() {
    let time = |member: &str| read(Ndjson, format!("{{{member}}}\n")).0.times[0];
    assert_eq!(time(r#""eventTime":"2024-09-02T04:07:00Z""#), Some(FIRST_TIME));
    assert_eq!(time(r#""eventTime":"2024-09-02T06:07:00.250+02:00""#), Some(FIRST_TIME + 250));
    assert_eq!(time(r#""timestamp":1725250020000"#), Some(FIRST_TIME));
    assert_eq!(time(r#""@timestamp":"1725250020000""#), Some(FIRST_TIME));
    assert_eq!(time(r#""timestamp":1725250020000.7"#), Some(FIRST_TIME));
    assert_eq!(time(r#""timestamp":-1"#), Some(-1));
    assert_eq!(
        time(r#""@timestamp":5,"timestamp":6,"eventTime":null"#),
        Some(6),
        "in the order of preference"
    );
    for none in
        [r#""eventTime":"yesterday""#, r#""timestamp":1e300"#, r#""timestamp":true"#, r#""a":1"#, r#""a":"#]
    {
        assert_eq!(time(none), None, "{none}");
    }
}

#[test]
fn escapes_in_the_text_are_never_overlooked() {
    let clean = r#"{"a":"xu0041"},{"b":"\n"}"#;
    for (text, free) in [(clean, true), (r#"{"a":"\u0041"}"#, false)] {
        let mut certain = Vec::new();
        let text = format!("[{text}]");
        trailql::events::UnitReader::new(crate::options(CloudTrail)).read_stream(
            trailql::events::Source::Stream,
            &mut text.as_bytes(),
            &mut |batch| {
                certain.push(batch.is_free_of_unicode_escapes());
                std::ops::ControlFlow::Continue(())
            },
        );
        assert_eq!(certain, [free], "{text}");
    }
}

#[test]
fn one_by_one_events_come_with_message_and_time() {
    for (name, text, forms) in inputs() {
        let Some(&form) = forms.first() else { continue };
        let mut seen = Vec::new();
        let summary = EventReader::new(gzip(text.as_bytes()).as_slice(), form)
            .for_each(|event| seen.push((event.message().to_owned(), event.timestamp().unwrap().0)));
        assert_eq!(seen, [(FIRST.to_owned(), FIRST_TIME), (SECOND.to_owned(), FIRST_TIME + 1_000)], "{name}");
        assert_eq!(summary.events, 2);
    }
}

#[test]
fn what_the_form_demands_and_is_not_there_is_reported() {
    let (events, summary) = read(Cwl, "{\"timestamp\":1,\"message\":\"m\"}\n{\"timestamp\":2}\n");
    assert_eq!(events.messages[0], "m");
    assert_eq!(events.messages[1], "<skipped, because it holds no `message`>");
    assert!(summary.is_clean(), "whoever opens the event reports it");

    let (events, summary) = read(CloudTrail, "some text\n{\"Records\":[{}]}\n{\"x\":[{}]} more");
    assert_eq!(events.messages, ["{}"]);
    assert_eq!(
        problems(&summary),
        [("IO010", Some(0), None), ("IO010", Some(27), None), ("IO010", Some(38), None)]
    );
    assert_eq!(summary.skipped, 3);

    let mut smallest = crate::options(Auto);
    smallest.block_bytes = 0;
    smallest.max_event_bytes = 0;
    assert_eq!(read_with(smallest, b"{}\n{}".as_slice()).0.messages, ["{}", "{}"]);
}
