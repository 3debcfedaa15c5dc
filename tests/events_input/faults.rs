//! Broken input: each fault is reported once, with its place, and everything else is read.

use std::io::Read;
use std::time::{Duration, Instant};

use trailql::events::InputForm::{Auto, CloudTrail, Cwl, Lines, Ndjson};
use trailql::events::{EventReader, Source, Summary, Unit, UnitReader};

use crate::{Chunks, gzip, options, packed_in_pieces, problems, read, read_with, zstd};

fn records(count: usize) -> Vec<String> {
    // Numbers that a compressor cannot make much of.
    let noise = |n: usize| (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|n| format!(r#"{{"n":{n},"noise":"{:x}{:x}"}}"#, noise(n), noise(n + 7919))).collect()
}

fn ndjson(records: &[String]) -> Vec<u8> {
    records.iter().flat_map(|record| [record.as_bytes(), b"\n"].concat()).collect()
}

fn delivery(records: &[String]) -> Vec<u8> {
    format!("{{\"Records\":[{}]}}", records.join(",")).into_bytes()
}

fn read_file(bytes: &[u8]) -> (Vec<String>, Summary) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let mut messages = Vec::new();
    let unit = Unit::whole(Source::File(file.path().to_owned()));
    let summary = UnitReader::new(options(Auto)).read(&unit, &mut |batch| {
        messages.extend(batch.events().map(|event| event.raw().to_owned()));
        std::ops::ControlFlow::Continue(())
    });
    assert!(summary.problems.iter().all(|problem| problem.source == Source::File(file.path().to_owned())));
    (messages, summary)
}

#[test]
fn of_a_truncated_gzip_everything_before_the_cut_is_read() {
    let all = records(4_000);
    for (text, whole_lines) in [(ndjson(&all), true), (delivery(&all), false)] {
        let packed = gzip(&text);
        for cut in [packed.len() / 2, packed.len() - 1, packed.len() - 9] {
            let cut_packed = &packed[..cut];
            let (events, summary) = read(Auto, cut_packed);
            assert_eq!((events.messages.clone(), summary.events), {
                let (from_file, summary) = read_file(cut_packed);
                (from_file, summary.events)
            });
            let seen = events.messages.len();
            assert_eq!(events.messages, all[..seen]);
            assert!(seen > 1_500, "{seen} of 4000 at {cut} of {}", packed.len());
            let [problem] = summary.problems.as_slice() else { panic!("{:?}", summary.problems) };
            assert_eq!(problem.kind.code(), "IO004");
            let message = problem.to_string();
            assert!(message.contains(&format!("after {cut} compressed bytes")), "{message}");
            assert!(message.starts_with("<stream>, "), "{message}");
            assert_eq!(problem.place.unwrap().offset, summary.bytes);
            assert_eq!(problem.place.unwrap().line.is_some(), whole_lines);
            // The record that the cut goes through counts as skipped.
            let cut_through =
                summary.bytes > all[..seen].iter().map(|record| record.len() as u64 + 1).sum::<u64>() + 20;
            assert!(!cut_through || summary.skipped == 1);
        }
    }
    for cut in 3..18 {
        let (events, summary) = read(Auto, &gzip(b"{}\n")[..cut]);
        assert!(events.messages.len() <= 1);
        assert_eq!(problems(&summary)[0].0, "IO004", "{cut}");
    }
}

#[test]
fn behind_a_damaged_gzip_member_the_next_one_is_read() {
    let all = records(3_000);
    let parts: Vec<_> = all.chunks(1_000).map(ndjson).collect();
    let packed: Vec<_> = parts.iter().map(|part| gzip(part)).collect();
    let damage = |at: usize, with: u8| {
        let mut second = packed[1].clone();
        second[at] ^= with;
        [packed[0].as_slice(), &second, &packed[2]].concat()
    };
    let length = packed[1].len();
    for (what, damaged, whole_second) in [
        ("header", damage(2, 0xff), false),
        ("data", damage(length / 2, 0xff), false),
        ("checksum", damage(length - 7, 0x01), true),
        ("length", damage(length - 1, 0x80), true),
    ] {
        for (messages, summary) in [
            {
                let (events, summary) = read(Auto, &damaged);
                (events.messages, summary)
            },
            read_file(&damaged),
        ] {
            assert_eq!(messages[..1_000], all[..1_000], "{what}");
            assert_eq!(messages[messages.len() - 1_000..], all[2_000..], "{what}");
            if whole_second {
                assert_eq!(messages, all, "{what}");
            }
            let gzip_problems = problems(&summary).iter().filter(|problem| problem.0 == "IO005").count();
            assert_eq!(gzip_problems, 1, "{what}: {:?}", summary.problems);
        }
    }
}

#[test]
fn what_follows_the_last_gzip_member_is_not_dropped_in_silence() {
    let (messages, summary) = read_file(&[gzip(b"{\"a\":1}\n").as_slice(), b"trailing"].concat());
    assert_eq!(messages, ["{\"a\":1}"]);
    assert_eq!(problems(&summary), [("IO005", Some(8), Some(2))]);
}

#[test]
fn of_damaged_zstd_the_sound_part_is_read() {
    let all = records(20_000);
    let packed = packed_in_pieces(&ndjson(&all), 4, zstd);
    for damaged in [packed[..packed.len() / 2].to_vec(), {
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 16].fill(0xff);
        damaged
    }] {
        let (events, summary) = read(Auto, &damaged);
        let seen = events.messages.len();
        assert_eq!(events.messages, all[..seen]);
        assert!((4_000..20_000).contains(&seen), "{seen}");
        assert_eq!(summary.problems.len(), 1);
        assert_eq!(summary.problems[0].kind.code(), "IO006", "{:?}", summary.problems);
    }
}

#[test]
fn an_event_that_is_not_utf8_is_skipped_with_its_place() {
    let text = b"{\"n\":1}\n{\"n\":\"\xff\"}\n{\"n\":3}\n{\"n\":\"\xc3\"}";
    let (events, summary) = read(Auto, text);
    assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":3}"]);
    assert_eq!(events.places[1], (18, Some(3)));
    assert_eq!(problems(&summary), [("IO007", Some(8), Some(2)), ("IO007", Some(26), Some(4))]);
    assert_eq!((summary.skipped, summary.lines), (2, 4));

    let (events, summary) = read(Auto, b"{\"Records\":[{\"n\":1}, {\"n\":\"\xff\"}, {\"n\":3}]}");
    assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":3}"]);
    assert_eq!(problems(&summary), [("IO007", Some(21), None)]);

    let (events, summary) = read(Lines, b"\xff\xfea\0b\0\nplain\n");
    assert_eq!(events.messages, ["plain"]);
    assert_eq!(problems(&summary), [("IO007", Some(0), Some(1))]);
}

#[test]
fn of_many_problems_the_first_are_kept_and_the_others_counted() {
    let started = Instant::now();
    let (events, summary) = read(Lines, b"\xff\n".repeat(200_000));
    assert_eq!(events.messages.len(), 0);
    assert_eq!((summary.problems.len(), summary.more_problems), (10, 199_990));
    assert_eq!((summary.skipped, summary.lines), (200_000, 200_000));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_line_that_holds_half_a_record_is_skipped_with_its_place() {
    let text = "{\"n\":1}\n{\"n\":2,\n\n\"x\":3}\n{\"n\":4}\n{\"n\":";
    for form in [Auto, Ndjson] {
        let (events, summary) = read(form, text);
        assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":4}"]);
        assert_eq!(events.places[1], (24, Some(5)));
        let expected =
            [("IO008", Some(8), Some(2)), ("IO008", Some(17), Some(4)), ("IO008", Some(32), Some(6))];
        assert_eq!(problems(&summary), expected);
        assert_eq!((summary.skipped, summary.lines), (3, 6));
    }
    assert_eq!(
        read(Ndjson, text).1.problems[1].to_string(),
        "<stream>, line 4, byte 17: broken record, skipped: it does not begin with `{`"
    );
    for first in ["{\"n\":\"cut", "{\"n\":{\"a\":1},", "{\"n\":1,", "{\"n\":{"] {
        let (events, summary) = read(Auto, format!("{first}\n{{\"n\":1}}\n{{\"n\":2}}\n"));
        assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":2}"], "{first}");
        assert_eq!(problems(&summary)[0], ("IO008", Some(0), Some(1)), "{first}");
    }
    let (events, summary) = read(Cwl, "{\"timestamp\":1,\"message\":\"a\"}\n{\"timestamp\":1,\"mess\n");
    assert_eq!(events.messages, ["a"]);
    assert_eq!(problems(&summary), [("IO008", Some(30), Some(2))]);
}

#[test]
fn half_a_record_in_a_document_costs_that_record_only() {
    let cases = [
        // The input ends within a record, or between two.
        (r#"{"Records":[{"n":1},{"n":"#, vec![r#"{"n":1}"#], vec![("IO008", 20)]),
        (r#"{"Records":[{"n":1},"#, vec![r#"{"n":1}"#], vec![("IO011", 20)]),
        (r#"[{"n":1}"#, vec![r#"{"n":1}"#], vec![("IO011", 8)]),
        (r#"{"Records":[{"n":1}]"#, vec![r#"{"n":1}"#], vec![("IO011", 20)]),
        // The next record begins within it.
        (
            "[\n{\"n\":1},\n{\"n\":{\"a\n{\"n\":3},\n{\"n\":4}\n]",
            vec![r#"{"n":1}"#, r#"{"n":3}"#, r#"{"n":4}"#],
            vec![("IO008", 11)],
        ),
        (
            "{\n \"n\": 1\n}\n{\n \"n\": {\n{\n \"n\": 3\n}\n",
            vec!["{\n \"n\": 1\n}", "{\n \"n\": 3\n}"],
            vec![("IO008", 12)],
        ),
        // The next document begins within it, or behind it.
        (
            "{\"Records\":[{\"n\":1},{\"n\":\n{\"Records\":[{\"n\":3}]}\n",
            vec![r#"{"n":1}"#, r#"{"n":3}"#],
            vec![("IO008", 20)],
        ),
        (
            "{\"Records\":[{\"n\":1},{\"n\":\"\n{\"Records\":[{\"n\":3}]}\n",
            vec![r#"{"n":1}"#, r#"{"n":3}"#],
            vec![("IO008", 20)],
        ),
        (
            "{\"Records\":[{\"n\":1},\n{\"Records\":[{\"n\":3}]}\n",
            vec![r#"{"n":1}"#, r#"{"n":3}"#],
            vec![("IO011", 21)],
        ),
        // A brace is missing.
        (
            "{\"Records\":[{\"n\":1},{\"n\":{\"a\":2}]}\n{\"Records\":[{\"n\":3}]}\n",
            vec![r#"{"n":1}"#, r#"{"n":3}"#],
            vec![("IO008", 20)],
        ),
        // Other values between the records.
        (
            r#"{"Records":[1,"{",{"n":1} , null,[{}], {"n":2},x]}"#,
            vec![r#"{"n":1}"#, r#"{"n":2}"#],
            vec![("IO008", 12), ("IO008", 28), ("IO008", 47)],
        ),
    ];
    for (text, messages, faults) in cases {
        let (events, summary) = read(CloudTrail, text);
        assert_eq!(events.messages, messages, "{text}");
        let expected: Vec<_> = faults.into_iter().map(|(code, offset)| (code, Some(offset), None)).collect();
        assert_eq!(problems(&summary), expected, "{text}");
    }
}

/// So many bytes of a pattern, without holding them.
struct Repeated {
    pattern: &'static [u8],
    left: u64,
}

impl Read for Repeated {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = (self.left.min(out.len() as u64) as usize) / self.pattern.len() * self.pattern.len();
        for piece in out[..length].chunks_exact_mut(self.pattern.len()) {
            piece.copy_from_slice(self.pattern);
        }
        self.left -= length as u64;
        Ok(length)
    }
}

const LONG: u64 = 200_000_000;

#[test]
fn a_line_of_200_mb_is_skipped_and_the_next_is_read() {
    for (form, before) in [(Ndjson, "{\"a\":\""), (Auto, "{\"a\":\""), (Lines, "x")] {
        let line = before.as_bytes().chain(Repeated { pattern: b"abcdefgh", left: LONG });
        let input = b"{\"n\":1}\n".chain(line.chain(b"\"}\n{\"n\":2}\n".as_slice()));
        let (events, summary) = read_with(options(form), input);
        assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":2}"]);
        assert_eq!(problems(&summary), [("IO009", Some(8), Some(2))]);
        assert_eq!((summary.skipped, summary.lines), (1, 3));
        assert_eq!(events.places[1].1, Some(3));
    }
}

#[test]
fn an_element_of_200_mb_is_skipped_and_the_next_is_read() {
    let element = b"{\"a\":\"".chain(Repeated { pattern: b"abcdefgh", left: LONG }).chain(b"\"}".as_slice());
    let input = b"{\"Records\":[{\"n\":1},".chain(element).chain(b",{\"n\":2}]}".as_slice());
    let (events, summary) = read_with(options(Auto), input);
    assert_eq!(events.messages, ["{\"n\":1}", "{\"n\":2}"]);
    assert_eq!(problems(&summary), [("IO009", Some(20), None)]);
    assert_eq!(summary.skipped, 1);
}

#[test]
fn a_hundred_thousand_open_brackets_are_one_problem() {
    for pattern in ["[", "{", "{\"a\":", "[{\"a\":", "[ "] {
        let brackets = pattern.repeat(100_000);
        for (text, form) in [
            (brackets.clone(), CloudTrail),
            (format!("{{\"Records\":[{{\"n\":1}},{brackets}"), Auto),
            (format!("{{\"n\":1}}\n{{\"a\":{brackets}\n{{\"n\":2}}\n"), Auto),
        ] {
            let (events, summary) = read(form, &text);
            assert!(events.messages.iter().all(|message| message.len() < 10));
            assert_eq!(summary.problems.len(), 1, "{pattern} {form}: {:?}", summary.problems);
            assert_eq!(summary.skipped, 1);
        }
    }
    let (_, summary) = read(Auto, "[".repeat(100_000));
    assert_eq!(problems(&summary), [("IO008", Some(1), None)]);

    let deep = format!("{{\"n\":{}1{}}}", "[".repeat(1_000), "]".repeat(1_000));
    let (events, summary) = read(Auto, format!("{{\"Records\":[{deep},{deep}]}}"));
    assert_eq!(events.messages, [deep.as_str(), deep.as_str()]);
    assert!(summary.is_clean(), "a nesting of 1,000 levels is nothing special");
}

#[test]
fn records_of_a_megabyte_are_read() {
    let record = format!("{{\"a\":\"{}\",\"eventTime\":\"2024-09-02T04:07:00Z\"}}", "x".repeat(1 << 20));
    for text in [format!("{record}\n{record}\n"), format!("{{\"Records\":[{record},{record}]}}")] {
        let (events, summary) = read(Auto, gzip(text.as_bytes()));
        assert!(events.messages == [record.as_str(), record.as_str()] && summary.is_clean());
        assert_eq!(events.times, [Some(1_725_250_020_000); 2]);
    }
}

#[test]
fn no_bytes_take_long() {
    let started = Instant::now();
    // What could make a scan start over and over again.
    for pattern in [
        "{\"Records\":[",
        "{\"Records\":[{",
        "[{[}]",
        "{\n{",
        "\n{",
        "{\"events\":[{",
        "{\"a\":\n",
        "\"",
        "[1,",
        "]",
        "}",
        ",",
        "{\"Records\":[{[}]}",
        "\\",
        "{\"events\":[",
        "[[{\n",
        "\u{1f}",
        "{}",
        "{\"Records\":[{}]}",
        "{\"Records\":1}",
    ] {
        let text = pattern.repeat((1 << 17) / pattern.len());
        for form in trailql::events::InputForm::ALL {
            let summary = EventReader::new(text.as_bytes(), form).for_each(|_| {});
            assert_eq!(summary.bytes, text.len() as u64, "{pattern:?} {form}");
        }
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn a_file_that_is_not_there_or_not_readable_is_one_problem() {
    let directory = tempfile::tempdir().unwrap();
    let missing = Source::File(directory.path().join("missing.json"));
    for (source, code, text) in [
        (missing, "IO001", "missing.json: cannot be opened: No such file or directory"),
        (Source::File(directory.path().to_owned()), "IO002", "cannot be read: Is a directory"),
    ] {
        let mut reader = UnitReader::new(options(Auto));
        let summary = reader.read(&Unit::whole(source), &mut |_| panic!("an event out of nothing"));
        assert_eq!(problems(&summary), [(code, None, None)]);
        assert!(summary.problems[0].to_string().contains(text), "{}", summary.problems[0]);
        assert_eq!(summary.files, 0);
    }
}

#[test]
fn a_read_error_ends_the_input_there() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let start = Chunks { bytes: b"{\"n\":1}\n{\"n\"", lengths: vec![3, 1, 5], at: 0 };
    let (events, summary) = read_with(options(Auto), start.chain(Failing));
    assert_eq!(events.messages, ["{\"n\":1}"]);
    assert_eq!(problems(&summary), [("IO002", Some(12), Some(3))]);
    assert_eq!(summary.skipped, 1);
}

#[test]
fn every_kind_of_problem_has_a_code_of_its_own() {
    use trailql::events::{Expected, FrameFault, ProblemKind};
    let reason = String::new;
    let kinds = [
        ProblemKind::NotFound { reason: reason() },
        ProblemKind::Unreadable { reason: reason() },
        ProblemKind::NoLogs,
        ProblemKind::TruncatedGzip { compressed: 1 },
        ProblemKind::BadGzip { compressed: 1, reason: reason() },
        ProblemKind::BadZstd { compressed: 1, reason: reason() },
        ProblemKind::NotUtf8,
        ProblemKind::BrokenRecord { fault: FrameFault::Unfinished },
        ProblemKind::TooLong { limit: 1 },
        ProblemKind::UnexpectedText { expected: Expected::Array },
        ProblemKind::UnclosedDocument,
        ProblemKind::BrokenWrapper { expected: "message" },
    ];
    let codes: std::collections::BTreeSet<_> = kinds.iter().map(ProblemKind::code).collect();
    assert_eq!(codes.len(), kinds.len());
}
