//! Input as it should not be: each gives one message that names file and place, the rest is read, the status is 2.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PATTERN: &str = "{ $.a = 1 }";

fn trailql(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trailql")).args(arguments).current_dir(folder).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn folder_with(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

/// Runs a count over one file and checks count, status and a part of the message.
fn counts(name: &str, bytes: &[u8], matched: &str, status: i32, says: &str) {
    let folder = folder_with(name, bytes);
    let output = trailql(&["match", "-c", PATTERN, name], folder.path());
    assert_eq!(stdout(&output).trim(), matched, "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(status), "{}", stderr(&output));
    assert!(stderr(&output).contains(says), "no `{says}` in: {}", stderr(&output));
    let lenient = trailql(&["match", "--lenient", "-c", PATTERN, name], folder.path());
    let expected = i32::from(matched == "0");
    assert_eq!(lenient.status.code(), Some(expected), "lenient: {}", stderr(&lenient));
}

#[test]
fn a_truncated_gzip_gives_what_came_before() {
    let records: String = (0..50_000).map(|n| format!("{{\"a\":1,\"n\":{n}}}\n")).collect();
    let whole = gzip(records.as_bytes());
    let folder = folder_with("cut.ndjson.gz", &whole[..whole.len() / 2]);
    let output = trailql(&["match", "-c", PATTERN, "cut.ndjson.gz"], folder.path());
    let found: u64 = stdout(&output).trim().parse().unwrap();
    assert!((10_000..50_000).contains(&found), "{found}");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("warning[IO004]: cut.ndjson.gz"), "{}", stderr(&output));
}

#[test]
fn bytes_that_are_not_utf8_cost_their_line_only() {
    counts(
        "a.ndjson",
        b"{\"a\":1}\n{\"a\":1,\"b\":\"\xff\"}\n{\"a\":1}\n",
        "2",
        2,
        "warning[IO007]: a.ndjson, line 2, byte 8",
    );
}

#[test]
fn half_a_record_is_named_and_skipped() {
    counts("a.ndjson", b"{\"a\":1}\n{\"a\":1,\"user", "1", 2, "warning[IO008]: a.ndjson, line 2, byte 8");
    counts("a.json", b"{\"Records\":[{\"a\":1},{\"a\":1,\"us", "1", 2, "a.json");
}

#[test]
fn a_record_broken_inside_is_named_when_it_is_looked_at() {
    counts(
        "a.ndjson",
        b"{\"a\":1}\n{\"a\":1,,}\n{\"a\":1}\n",
        "2",
        2,
        "warning[IO008]: a.ndjson, line 2, byte 8",
    );
}

#[test]
fn a_line_of_200_megabytes_is_skipped_within_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.ndjson");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(b"{\"a\":1}\n{\"b\":\"").unwrap();
    for _ in 0..200 {
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    file.write_all(b"\"}\n{\"a\":1}\n").unwrap();
    drop(file);
    let output = trailql(&["match", "-c", PATTERN, "long.ndjson"], folder.path());
    assert_eq!(stdout(&output).trim(), "2", "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("warning[IO009]: long.ndjson"), "{}", stderr(&output));
}

#[test]
fn a_hundred_thousand_open_parentheses_are_refused_at_once() {
    let folder = folder_with("deep.cwfilter", format!("{{ {}", "(".repeat(100_000)).as_bytes());
    let output = trailql(&["check", "--format", "full", "deep.cwfilter"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error[FP201]: the pattern has 100002 characters, the limit is 1024"));
    let output = trailql(&["match", &"(".repeat(100_000), "deep.cwfilter"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.len() < 10_000, "the message is short");
}

#[test]
fn a_hundred_thousand_open_brackets_in_an_event_are_no_object() {
    let line = format!("{{\"a\":{}}}\n{{\"a\":1}}\n", "[".repeat(100_000));
    counts("deep.ndjson", line.as_bytes(), "1", 2, "warning[IO008]: deep.ndjson, line 1");
    let balanced = format!("{{\"b\":{}{},\"a\":1}}\n", "[".repeat(1_000), "]".repeat(1_000));
    let folder = folder_with("balanced.ndjson", balanced.as_bytes());
    let output = trailql(&["match", "-c", PATTERN, "balanced.ndjson"], folder.path());
    assert_eq!((stdout(&output).trim(), output.status.code()), ("1", Some(0)));
}

#[test]
fn a_file_that_is_not_there_is_named_and_the_others_are_read() {
    let folder = folder_with("a.ndjson", b"{\"a\":1}\n");
    let output = trailql(&["match", "-c", PATTERN, "missing.json", "a.ndjson"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains('1'));
    assert!(
        stderr(&output).contains("warning[IO001]: missing.json: cannot be opened"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_empty_file_is_no_fault() {
    let folder = folder_with("empty.ndjson", b"");
    let output = trailql(&["match", "-c", PATTERN, "empty.ndjson"], folder.path());
    assert_eq!((stdout(&output).trim(), output.status.code()), ("0", Some(1)));
    assert!(stderr(&output).starts_with("0 events in 1 file (0 B)"), "{}", stderr(&output));
}

#[test]
fn a_directory_without_logs_is_named() {
    let folder = folder_with("picture.png", b"\x89PNG");
    let output = trailql(&["match", "-c", PATTERN, "."], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("warning[IO003]: .: the directory holds no log file"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn escape_sequences_of_a_message_are_printed_as_they_are() {
    let folder = folder_with("a.log", b"\x1b[31mERROR\x1b[0m disk\n");
    for colour in ["never", "auto", "always"] {
        let output = trailql(&["match", "--color", colour, "ERROR", "a.log"], folder.path());
        assert_eq!(stdout(&output), "\u{1b}[31mERROR\u{1b}[0m disk\n");
    }
}

#[test]
fn standard_input_is_read_and_a_closed_pipe_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["match", "-c", PATTERN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"{\"a\":1}\n{\"a\":2}\n").unwrap();
    assert_eq!(stdout(&child.wait_with_output().unwrap()).trim(), "1");

    let lines = "{\"a\":1}\n".repeat(200_000);
    let folder = folder_with("many.ndjson", lines.as_bytes());
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["match", PATTERN, "many.ndjson"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_refused_stack_is_no_finding_to_the_commands_that_need_one() {
    let no_toml = "name = \"x\"\n[[metricFilters]\n";
    let no_pattern = "[[metricFilters]]\nfilterName = \"f\"\nfilterPattern = \"{ $.a == 1 }\"\n\
        metricTransformations = [{ metricNamespace = \"n\", metricName = \"m\", metricValue = \"1\" }]\n";
    for stack in [no_toml, no_pattern] {
        let folder = folder_with("s.toml", stack.as_bytes());
        for arguments in [
            &["plan", "--detailed-exitcode", "s.toml"] as &[&str],
            &["plan", "s.toml"],
            &["plan", "--iam-policy", "s.toml"],
            &["plan", "--iam-policy", "--account", "111122223333", "s.toml"],
            &["apply", "--yes", "s.toml"],
            &["destroy", "--yes", "s.toml"],
            &["drift", "--detailed-exitcode", "s.toml"],
            &["export", "--format", "terraform", "s.toml"],
            &["metrics", "--stack", "s.toml"],
            &["backtest", "--stack", "s.toml"],
        ] {
            let output = trailql(arguments, folder.path());
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
            assert!(stderr(&output).starts_with("error["), "{arguments:?}: {}", stderr(&output));
        }
        assert_eq!(trailql(&["check", "s.toml"], folder.path()).status.code(), Some(1));
    }
}

#[test]
fn a_completion_script_that_nobody_reads_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_completion_script_for_a_full_disk_is_an_error() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["completions", "bash"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: cannot write: "), "{}", stderr(&output));
}

#[test]
fn the_mark_that_begins_a_file_is_no_part_of_its_text() {
    let folder = folder_with("p.cwfilter", "\u{feff}{ $.eventName == GetObject }\n".as_bytes());
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("q.cwli", "\u{feff}stats count(*)\n");
    write("q.txt", "\u{feff}filter a == 1\n");
    write("a.ndjson", "{\"a\":1}\n");
    let checked = trailql(&["check", "p.cwfilter", "q.cwli", "q.txt"], folder.path());
    let said = stdout(&checked);
    assert!(said.starts_with("p.cwfilter:1:15: error[FP007]"), "{said}");
    assert!(said.contains("q.txt:1:10: info[LI110]"), "{said}");
    assert!(said.contains("3 texts in 3 files checked: 1 error, 1 info"), "{said}");
    let full = trailql(&["check", "--format", "full", "p.cwfilter"], folder.path());
    assert!(stdout(&full).contains("--> p.cwfilter:1:15\n"), "{}", stdout(&full));
    let counted = trailql(&["query", "-f", "q.cwli", "a.ndjson"], folder.path());
    assert_eq!(counted.status.code(), Some(0), "{}", stderr(&counted));
    let explained = trailql(&["explain", "q.cwli"], folder.path());
    assert_eq!(explained.status.code(), Some(0), "{}", stderr(&explained));
    assert!(trailql(&["check", "--fix", "p.cwfilter"], folder.path()).status.success());
    assert!(trailql(&["fmt", "p.cwfilter"], folder.path()).status.success());
    let mended = std::fs::read_to_string(folder.path().join("p.cwfilter")).unwrap();
    assert_eq!(mended, "\u{feff}{ $.eventName = \"GetObject\" }\n");
}

#[test]
fn a_stack_on_standard_input_is_told_from_a_pattern() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"name = 'x'\n[[metricFilters]]\nfilterName = 'f'\n").unwrap();
    let said = stdout(&child.wait_with_output().unwrap());
    assert!(said.starts_with("<stdin>:2:1: error[PR002]"), "{said}");
}

#[test]
fn a_named_toml_without_a_word_of_a_stack_is_noted() {
    let folder = folder_with("other.toml", b"[server]\nport = 1\n");
    std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = 'a'\n").unwrap();
    let noted = "note: `other.toml` is not recognised as a stack file, and left out; `--lang stack` takes it as one\n";
    let named = trailql(&["check", "other.toml", "Cargo.toml"], folder.path());
    assert_eq!((stderr(&named).as_str(), named.status.code()), (noted, Some(0)));
    assert_eq!(stderr(&trailql(&["check", "."], folder.path())), "");
}

#[test]
fn one_table_in_the_style_of_another_tool_is_mended_to_a_list() {
    let folder = folder_with("s.toml", b"[metric_filter]\nfilterName = 'f'\n");
    let output = trailql(&["check", "--fix", "s.toml"], folder.path());
    assert!(stdout(&output).contains("there is no `filterPattern`"), "{}", stdout(&output));
    let mended = std::fs::read_to_string(folder.path().join("s.toml")).unwrap();
    assert_eq!(mended, "[[metricFilters]]\nfilterName = 'f'\n");
}

#[test]
fn what_is_wrong_with_additions_is_shown_at_its_place() {
    let folder = folder_with("d.toml", b"[[fields]]\npath = 'tenant'\nkind = 'text'\n");
    for arguments in [
        &["check", "--schema", "d.toml", "-e", "{ $.a = 1 }"] as &[&str],
        &["schema", "--schema", "d.toml", "s3:GetObject"],
    ] {
        let output = trailql(arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("--> d.toml:3:8\n"), "{arguments:?}: {}", stderr(&output));
    }
}
