//! What the patterns of small windows are, by hand.

use super::*;

fn builder(lines: &[&str]) -> PatternBuilder {
    let mut builder = PatternBuilder::new();
    for line in lines {
        builder.add(line);
    }
    builder
}

fn rows(lines: &[&str]) -> Vec<(String, u64, f64, &'static str)> {
    let patterns = builder(lines).finish();
    patterns.rows.into_iter().map(|row| (row.pattern, row.count, row.ratio, row.severity)).collect()
}

fn texts(lines: &[&str]) -> Vec<String> {
    rows(lines).into_iter().map(|(pattern, ..)| pattern).collect()
}

const TX: [&str; 4] = [
    "[ERROR] disk full on host-1",
    "[INFO] started in 12 ms",
    "[ERROR] disk full on host-2",
    "Exception: boom",
];

#[test]
fn the_text_events_have_three_patterns() {
    assert_eq!(
        rows(&TX),
        [
            ("[ERROR] disk full on <Token-1>".to_owned(), 2, 0.5, "ERROR"),
            ("Exception: boom".to_owned(), 1, 0.25, "ERROR"),
            ("[INFO] started in <Number-1> ms".to_owned(), 1, 0.25, "INFO"),
        ]
    );
    assert_eq!(rows(&[TX[0], TX[2]]), [("[ERROR] disk full on <Token-1>".to_owned(), 2, 1.0, "ERROR")]);
}

#[test]
fn tokens_are_numbered_over_all_kinds() {
    assert_eq!(
        texts(&[
            "2026-03-01T10:00:00Z [INFO] Calling DynamoDB to store for resource id a1b2c3d4e5",
            "2026-03-01T10:00:01Z [INFO] Calling DynamoDB to store for resource id f6a7b8c9d0",
        ]),
        ["<Time-1> [INFO] Calling DynamoDB to store for resource id <ID-2>"]
    );
}

#[test]
fn a_place_with_one_value_in_several_lines_is_a_literal_again() {
    assert_eq!(texts(&["port 443 from 10.0.0.1", "port 443 from 10.0.0.2"]), ["port 443 from <IP-1>"]);
    assert_eq!(texts(&["port 443 from 10.0.0.1"]), ["port <Number-1> from <IP-2>"]);
}

#[test]
fn three_in_ten_literals_may_differ_and_no_more() {
    // Ten words each: three differ, then four.
    assert_eq!(
        texts(&["a b c d e f g h i j", "a b c d e f g x y z"]),
        ["a b c d e f g <Token-1> <Token-2> <Token-3>"]
    );
    assert_eq!(texts(&["a b c d e f g h i j", "a b c d e f w x y z"]).len(), 2);
    // A place is no literal position: one word of three differs, which is more than 30 %.
    assert_eq!(texts(&["a 1 b c", "a 2 b d"]), ["a <Number-1> b c", "a <Number-1> b d"]);
}

#[test]
fn places_of_different_kinds_are_of_no_kind() {
    assert_eq!(texts(&["took 12", "took 10.0.0.1"]), ["took <Token-1>"]);
}

#[test]
fn severity_and_delimiters_are_never_merged() {
    assert_eq!(
        texts(&["[ERROR] a b c d e f", "[INFO] a b c d e f", "(INFO) a b c d e f"]),
        ["(INFO) a b c d e f", "[ERROR] a b c d e f", "[INFO] a b c d e f"]
    );
}

#[test]
fn an_empty_line_is_a_pattern_too() {
    assert_eq!(rows(&["", "  "]), [(String::new(), 2, 1.0, "NONE")]);
    assert_eq!(PatternBuilder::new().finish(), Patterns::default());
}

#[test]
fn tokens_show_their_values_and_range() {
    let patterns = builder(&["took 5 ms", "took 7 ms", "took 5 ms"]).finish();
    let token = &patterns.rows[0].tokens[0];
    let values: Vec<(&str, u64)> =
        token.values.iter().map(|value| (value.text.as_str(), value.count)).collect();
    assert_eq!((token.kind, token.several, token.range), ("Number", false, Some((5.0, 7.0))));
    assert_eq!(values, [("5", 2), ("7", 1)]);
}

#[test]
fn very_many_templates_of_one_shape_become_few_patterns() {
    let mut builder = PatternBuilder::new();
    let word = |number: u32| -> String {
        number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
    };
    for number in 0..40_000 {
        builder.add(&format!("user {} did {} in the {}", word(number), word(number % 7), word(number / 3)));
    }
    let started = std::time::Instant::now();
    let patterns = builder.finish();
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    // One for each of the seven verbs, as if all had been compared.
    assert_eq!(patterns.rows.len(), 7);
    assert_eq!(patterns.rows.iter().map(|row| row.count).sum::<u64>(), 40_000);
}

fn differences(current: &[&str], previous: &[&str]) -> Vec<(String, u64, i64, String)> {
    let (current, previous) = PatternBuilder::finish_pair(builder(current), builder(previous));
    diff(&current, &previous)
        .into_iter()
        .map(|row| (row.pattern, row.count, row.difference, row.description))
        .collect()
}

#[test]
fn diff_describes_each_change() {
    let current = ["same a", "new b", "more c", "more c", "more c", "less d"];
    let previous = ["same a", "more c", "less d", "less d", "less d", "less d", "gone e"];
    let row = |pattern: &str, count, difference, description: &str| {
        (pattern.to_owned(), count, difference, description.to_owned())
    };
    assert_eq!(
        differences(&current, &previous),
        [
            row("less d", 1, -3, "3 fewer"),
            row("more c", 3, 2, "2 more"),
            row("gone e", 0, -1, "No longer present"),
            row("new b", 1, 1, "New pattern"),
            row("same a", 1, 0, "Unchanged"),
        ]
    );
}

#[test]
fn the_same_thing_with_another_value_is_no_new_pattern() {
    assert_eq!(
        differences(&["took 5 ms", "took 5 ms"], &["took 7 ms"]),
        [("took <Number-1> ms".to_owned(), 2, 1, "1 more".to_owned())]
    );
}

fn anomalies(current: &[String], previous: &[String]) -> Vec<(String, &'static str)> {
    let lines = |lines: &[String]| builder(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let (current, previous) = PatternBuilder::finish_pair(lines(current), lines(previous));
    anomaly(&current, &previous)
        .into_iter()
        .map(|found| (current.rows[found.row].pattern.clone(), found.kind))
        .collect()
}

fn repeated(lines: &[(&str, usize)]) -> Vec<String> {
    lines.iter().flat_map(|(line, count)| std::iter::repeat_n((*line).to_owned(), *count)).collect()
}

#[test]
fn frequency_stands_out_from_three_times_and_ten_events_on() {
    for (now, before, found) in
        [(10, 3, true), (9, 3, false), (10, 4, false), (4, 12, true), (4, 11, false), (10, 10, false)]
    {
        let anomalies = anomalies(&repeated(&[("a", now)]), &repeated(&[("a", before)]));
        let expected: &[(String, &str)] = &[("a".to_owned(), "Pattern frequency")];
        assert_eq!(anomalies, if found { expected } else { &[] }, "{now} {before}");
    }
}

#[test]
fn what_was_not_there_before_is_new() {
    assert_eq!(
        anomalies(&repeated(&[("a", 1), ("b c", 1)]), &repeated(&[("a", 1)])),
        [("b c".to_owned(), "New pattern")]
    );
}

#[test]
fn a_number_beyond_the_fences_stands_out() {
    // Quartiles of 1, 2, 3, 4, 5: 2 and 4; fences 2 − 5 and 4 + 5.
    let previous = repeated(&[("took 1", 1), ("took 2", 1), ("took 3", 1), ("took 4", 1), ("took 5", 1)]);
    for (line, found) in [("took 9", false), ("took 10", true), ("took -3", false), ("took -4", true)] {
        let kinds: Vec<_> = anomalies(&repeated(&[(line, 1)]), &previous);
        let expected: &[(String, &str)] = &[("took <Number-1>".to_owned(), "Numeric token")];
        assert_eq!(kinds, if found { expected } else { &[] }, "{line}");
    }
}

#[test]
fn a_first_error_status_stands_out() {
    let before = repeated(&[("GET 200", 5), ("GET 304", 1)]);
    let expected = [("GET <Number-1>".to_owned(), "HTTP error code")];
    assert_eq!(anomalies(&repeated(&[("GET 200", 5), ("GET 503", 1)]), &before), expected);
    assert_eq!(anomalies(&repeated(&[("GET 200", 5), ("GET 302", 1)]), &before), []);
    let failing = repeated(&[("GET 200", 5), ("GET 404", 1)]);
    assert_eq!(anomalies(&repeated(&[("GET 200", 5), ("GET 503", 1)]), &failing), []);
}
