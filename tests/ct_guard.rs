//! The guard against false alarms: what is said of patterns and queries that are made of the fields of real records.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `data`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test tells by failing and prints its counts"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use trailql::check::{Language, Options, Records, check};
use trailql::{Diagnostic, Severity};

/// Recorded by CloudTrail; what a tool's authors made up is not among them.
const REAL: [&str; 4] = ["invictus", "otrf", "stratus", "traildiscover"];

fn records(names: &[&str]) -> Option<Vec<Value>> {
    let Some(shared) = std::env::var_os("TRAILQL_SHARED").map(PathBuf::from) else {
        println!("TRAILQL_SHARED is not set: nothing ran");
        return None;
    };
    let mut records = Vec::new();
    for name in names {
        let text = std::fs::read_to_string(shared.join(format!("data/cloudtrail/{name}.ndjson"))).unwrap();
        let read = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        // Every record has a version. One of them has been rewritten by the tool that collected it.
        records.extend(read.filter(|record| record.get("eventVersion").is_some()));
    }
    Some(records)
}

/// The scalar leaves of a record: the steps to each, and its value.
fn leaves<'r>(value: &'r Value, path: &mut Vec<Step<'r>>, found: &mut Vec<(Vec<Step<'r>>, &'r Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                // One record has this member at its top, which no document names and no other record has.
                if path.is_empty() && name == "service" {
                    continue;
                }
                path.push(Step::Name(name));
                leaves(member, path, found);
                path.pop();
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate().take(3) {
                path.push(Step::Index(index));
                leaves(element, path, found);
                path.pop();
            }
        }
        Value::Null => {}
        scalar => found.push((path.clone(), scalar)),
    }
}

#[derive(Clone, Debug)]
enum Step<'r> {
    Name(&'r str),
    Index(usize),
}

/// The path as a filter pattern spells it; none for keys that it cannot spell.
fn selector(path: &[Step<'_>]) -> Option<String> {
    let mut written = String::from("$");
    for step in path {
        match step {
            Step::Index(index) => written.push_str(&format!("[{index}]")),
            Step::Name(name) if name.contains('\'') || name.is_empty() => return None,
            Step::Name(name) => {
                let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                written.push_str(&if plain { format!(".{name}") } else { format!(".['{name}']") });
            }
        }
    }
    Some(written)
}

/// The path as a query spells it.
fn dotted(path: &[Step<'_>]) -> Option<String> {
    let steps = path.iter().map(|step| match step {
        Step::Index(index) => Some(index.to_string()),
        Step::Name(name) if name.contains(['`', '\n', '.']) || name.is_empty() => None,
        Step::Name(name) => {
            let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            Some(if word { (*name).to_owned() } else { format!("`{name}`") })
        }
    });
    Some(steps.collect::<Option<Vec<_>>>()?.join("."))
}

/// A condition that a member of this value fulfils, as a filter pattern has it; none for values that it cannot spell whole.
fn filter_condition(path: &[Step<'_>], value: &Value) -> Option<String> {
    let selector = selector(path)?;
    Some(match value {
        Value::Bool(value) => format!("{selector} IS {}", if *value { "TRUE" } else { "FALSE" }),
        Value::Number(number) => format!("{selector} = {number}"),
        Value::String(text) if text.len() > 200 || text.contains(['"', '\\', '*', '\n', '%']) => return None,
        Value::String(text) => format!("{selector} = \"{text}\""),
        _ => return None,
    })
}

fn query_condition(path: &[Step<'_>], value: &Value) -> Option<String> {
    let name = dotted(path)?;
    Some(match value {
        Value::Bool(value) => format!("{name} = {}", u8::from(*value)),
        Value::Number(number) => format!("{name} = {number}"),
        Value::String(text) if text.len() > 200 || text.contains(['"', '\\', '*', '\n', '%']) => return None,
        Value::String(text) => format!("{name} = \"{text}\""),
        _ => return None,
    })
}

/// How often each code was raised, and an example.
#[derive(Default)]
struct Raised {
    by_code: BTreeMap<&'static str, (usize, String)>,
    errors: usize,
    warnings: usize,
}

impl Raised {
    /// Counts the findings of one record's texts; whether there is a warning among them.
    fn count(&mut self, text: &str, found: &[Diagnostic]) -> bool {
        for finding in found.iter().filter(|finding| finding.severity >= Severity::Info) {
            let entry = self.by_code.entry(finding.code.0).or_default();
            entry.0 += 1;
            if entry.1.is_empty() {
                let end = text.floor_char_boundary(140);
                entry.1 = format!("{} — {}", finding.message, &text[..end]);
            }
            self.errors += usize::from(finding.severity == Severity::Error);
        }
        found.iter().any(|finding| finding.severity == Severity::Warning)
    }

    fn tell(&self, what: &str, texts: usize, records: usize) {
        println!("{what}: {texts} texts of {records} records, {} errors", self.errors);
        println!("  records with warnings: {} ({:.2} %)", self.warnings, self.percent(records));
        for (code, (times, example)) in &self.by_code {
            println!("  {code} {times} times: {example}");
        }
    }

    fn percent(&self, records: usize) -> f64 {
        self.warnings as f64 * 100.0 / records as f64
    }
}

/// Each leaf alone, the event with each of its parameters, and all that identifies the call together.
fn texts_of(
    record: &Value,
    condition: fn(&[Step<'_>], &Value) -> Option<String>,
    and: &str,
    whole: fn(&str) -> String,
) -> Vec<String> {
    let mut found = Vec::new();
    leaves(record, &mut Vec::new(), &mut found);
    let single = |name: &str| {
        let leaf =
            found.iter().find(|(path, _)| matches!(path.as_slice(), [Step::Name(one)] if *one == name));
        leaf.and_then(|(path, value)| condition(path, value))
    };
    let mut texts = Vec::new();
    let event: Vec<String> = ["eventSource", "eventName"].iter().filter_map(|name| single(name)).collect();
    if event.len() == 2 {
        texts.push(whole(&event.join(and)));
    }
    for (path, value) in &found {
        let Some(condition) = condition(path, value) else { continue };
        let top = matches!(path.first(), Some(Step::Name("requestParameters" | "responseElements")));
        if top && event.len() == 2 {
            texts.push(whole(&format!("{}{and}{condition}", event.join(and))));
        }
        texts.push(whole(&condition));
    }
    texts
}

#[test]
fn patterns_made_of_real_records_raise_no_error_and_hardly_a_warning() {
    let Some(records) = records(&REAL) else { return };
    assert!(records.len() > 1400, "{}", records.len());
    let options = Options { records: Records::CloudTrail, ..Options::default() };
    let (mut raised, mut texts) = (Raised::default(), 0);
    for record in &records {
        let mut warned = false;
        for text in texts_of(record, filter_condition, " && ", |condition| format!("{{ {condition} }}")) {
            if text.chars().count() > 1000 {
                continue;
            }
            texts += 1;
            warned |= raised.count(&text, &check(&text, Language::FilterPattern, &options));
        }
        raised.warnings += usize::from(warned);
    }
    raised.tell("filter patterns", texts, records.len());
    assert!(texts > 20_000, "{texts}");
    assert_eq!(raised.errors, 0);
    assert!(raised.percent(records.len()) < 2.0);
}

#[test]
fn queries_made_of_real_records_raise_no_error_and_hardly_a_warning() {
    let Some(records) = records(&REAL) else { return };
    assert!(records.len() > 1400, "{}", records.len());
    let options = Options { records: Records::CloudTrail, ..Options::default() };
    let (mut raised, mut texts) = (Raised::default(), 0);
    for record in &records {
        let mut warned = false;
        let whole = |condition: &str| format!("filter {condition} | stats count(*) as calls by eventName");
        for text in texts_of(record, query_condition, " and ", whole) {
            texts += 1;
            warned |= raised.count(&text, &check(&text, Language::LogsInsights, &options));
        }
        raised.warnings += usize::from(warned);
    }
    raised.tell("Logs Insights", texts, records.len());
    assert!(texts > 20_000, "{texts}");
    assert_eq!(raised.errors, 0);
    assert!(raised.percent(records.len()) < 2.0);
}

/// The names that the tests of a detection tool spell otherwise than CloudTrail.
const MADE_UP: [&str; 6] =
    ["accesKeyId", "accesskeyid", "accountid", "principalid", "session_name", "sessioncontext"];

#[test]
fn in_records_that_a_tool_s_authors_made_up_the_errors_are_their_slips() {
    let Some(records) = records(&["panther-tests"]) else { return };
    let options = Options { records: Records::CloudTrail, ..Options::default() };
    let (mut raised, mut texts) = (Raised::default(), 0);
    for record in &records {
        let mut warned = false;
        for text in texts_of(record, filter_condition, " && ", |condition| format!("{{ {condition} }}")) {
            texts += 1;
            let found = check(&text, Language::FilterPattern, &options);
            for error in found.iter().filter(|finding| finding.is_error()) {
                assert!(MADE_UP.iter().any(|name| error.message.contains(name)), "{text}: {error}");
            }
            warned |= raised.count(&text, &found);
        }
        raised.warnings += usize::from(warned);
    }
    raised.tell("made-up records", texts, records.len());
    assert!(texts > 2_000, "{texts}");
}
