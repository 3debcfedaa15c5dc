//! `trailql query` on input and options as they should not be, and on more than fits in memory.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn query(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trailql"))
        .arg("query")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn records(count: usize) -> String {
    let record = |n: usize| {
        let (hour, minute, second) = (n / 3600 % 24, n / 60 % 60, n % 60);
        format!(
            "{{\"eventTime\":\"2026-03-01T{hour:02}:{minute:02}:{second:02}Z\",\"n\":{n},\"k\":\"k{}\"}}\n",
            n % 7
        )
    };
    (0..count).map(record).collect()
}

/// What goes wrong: the arguments, the status, and words of the one message.
#[test]
fn each_misuse_has_its_message() {
    let folder = folder_with(&[
        ("events.ndjson", &records(10)),
        ("ragged.csv", "a,b\n1,2\n3\n"),
        ("networks.csv", "cidr,name\nnonsense,x\n"),
    ]);
    let table: &[(&[&str], &str)] = &[
        (&[], "required arguments"),
        (&["limit 5", "missing.ndjson"], "missing.ndjson"),
        (&["limit", "events.ndjson"], "error[LI030]"),
        (&["selct n", "events.ndjson"], "error[LI032]"),
        (&["filter n = 1 && k = \"k1\"", "events.ndjson"], "error[LI004]"),
        (&["stats count(*) by n | filter k = 1", "events.ndjson"], "error[LI006]"),
        (&["limit 0", "events.ndjson"], "error[LI013]"),
        (&["--level", "L1", "where n = 1", "events.ndjson"], "error[LI037]"),
        (&["--level", "L9", "limit 1", "events.ndjson"], "no such level"),
        (&["--format", "xml", "limit 1", "events.ndjson"], "invalid value 'xml'"),
        (&["--start", "noon", "limit 1", "events.ndjson"], "`noon` is no time"),
        (
            &["--start", "2026-03-02", "--end", "2026-03-01", "limit 1", "events.ndjson"],
            "ends before it starts",
        ),
        (&["--lookup", "t", "limit 1", "events.ndjson"], "write `--lookup name=path`"),
        (&["--lookup", "t=none.csv", "limit 1", "events.ndjson"], "none.csv"),
        (&["--lookup", "t=ragged.csv", "limit 1", "events.ndjson"], "line 3"),
        (&["--lookup", "t=networks.csv", "cidrlookup t ip OUTPUT name", "events.ndjson"], "nonsense"),
        (&["--group", "g", "limit 1", "events.ndjson"], "write `--group name=path`"),
        (&["--group", "g=events.ndjson", "SOURCE \"a\" \"b\" | limit 1"], "there is no log group `a`"),
        (&["--saved", "none", "$Q()", "events.ndjson"], "none"),
        (&["$Q()", "events.ndjson"], "error[LI038]"),
        (&["--memory", "much", "limit 1", "events.ndjson"], "`MUCH` is no unit"),
        (&["pattern k | diff", "events.ndjson"], "give --start"),
        (&["stats queryTimeRange() as r", "events.ndjson"], "give --start"),
        (&["--start", "-1d", "pattern k | diff", "-"], "can be read only once"),
        (&["stats count(*) as n | appendcols (stats count(*) as m)", "-"], "can be read only once"),
    ];
    for (arguments, message) in table {
        let output = query(arguments, folder.path());
        assert!(stderr(&output).contains(message), "{arguments:?}: no `{message}` in: {}", stderr(&output));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_broken_record_is_told_of_and_the_rest_is_counted() {
    let folder = folder_with(&[("events.ndjson", "{\"n\":1}\n{\"n\":}\n{\"n\":3}\n")]);
    let output = query(&["--format", "csv", "stats sum(n) as s", "events.ndjson"], folder.path());
    assert_eq!(stdout(&output), "s\n4\n");
    assert!(stderr(&output).contains("events.ndjson, line 2"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
    let lenient = query(&["--lenient", "stats sum(n) as s", "events.ndjson"], folder.path());
    assert_eq!(lenient.status.code(), Some(0));
}

#[test]
fn more_than_the_budget_is_refused_by_name() {
    let folder = folder_with(&[("events.ndjson", &records(5_000))]);
    for text in
        ["sort n | filter n > 5", "stats count(*) by n", "stats values(n)", "fields n | accum n as total"]
    {
        let output = query(&["--memory", "100KB", text, "events.ndjson"], folder.path());
        assert!(stderr(&output).contains("memory budget of 100000 bytes"), "{text}: {}", stderr(&output));
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert_eq!(stdout(&output), "", "{text}: nothing is printed in part");
    }
    // What holds few rows goes through.
    for text in ["stats count(*) by k", "sort n desc | limit 5", "dedup k", "limit any 5", "filter n < 5"] {
        let output = query(&["--memory", "100KB", text, "events.ndjson"], folder.path());
        assert_eq!(output.status.code(), Some(0), "{text}: {}", stderr(&output));
    }
}

#[test]
fn results_do_not_depend_on_threads_or_packing() {
    // Each file is a unit of work of its own.
    let text = records(4_000);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let parts: Vec<String> = lines.chunks(500).map(<[_]>::concat).collect();
    let folder = tempfile::tempdir().unwrap();
    for (index, part) in parts.iter().enumerate() {
        for (kind, packed) in [("plain", false), ("packed", true)] {
            std::fs::create_dir_all(folder.path().join(kind)).unwrap();
            let file =
                std::fs::File::create(folder.path().join(kind).join(format!("{index}.ndjson"))).unwrap();
            if packed {
                let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::default());
                packed.write_all(part.as_bytes()).unwrap();
                packed.finish().unwrap();
            } else {
                (&file).write_all(part.as_bytes()).unwrap();
            }
        }
    }
    for text in [
        "stats count(*) as c, sum(n) as s, avg(n) as a, stddev(n) as d, pct(n, 90) as p by k, bin(1h)",
        "stats values(k) as v, earliest(n) as first, latest(n) as last",
        "filter n > 100 | sort k, n desc | limit 20",
        "fields n | limit 7",
        "dedup k",
        "limit any 3 | fields n",
    ] {
        let run = |threads: &str, file: &str| {
            let output = query(&["-j", threads, "--format", "csv", text, file], folder.path());
            assert_eq!(output.status.code(), Some(0), "{text}: {}", stderr(&output));
            stdout(&output)
        };
        let one = run("1", "plain");
        assert_eq!(run("4", "plain"), one, "{text}");
        assert_eq!(run("2", "packed"), one, "{text}");
    }
}

#[test]
fn standard_input_is_read_where_no_file_is_given() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["query", "--format", "csv", "stats count(*) as n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(records(3).as_bytes()).unwrap();
    assert_eq!(stdout(&child.wait_with_output().unwrap()), "n\n3\n");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder_with(&[("events.ndjson", &records(5_000))]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["query", "--format", "ndjson", "fields n", "events.ndjson"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
