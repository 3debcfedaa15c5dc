//! What the rules say of conditions together, held against what the evaluator makes of events: a pattern that never matches
//! matches none of them, one that leaves nothing out matches each value, and what adds nothing can go.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use trailql::check::{Language, Options, check};
use trailql::{Diagnostic, FilterPattern, Limits, LogEvent};

/// Tests of one member, behind its selector.
const TESTS: &[&str] = &[
    "= \"*\"",
    "= Put*",
    "= PutO*",
    "= Get*",
    "= *Object",
    "= *Acl",
    "= *Obj*",
    "= PutObject",
    "= GetObject",
    "= \"\"",
    "= \"10\"",
    "= \"1*\"",
    "= 10",
    "= 10.0",
    "= 1e1",
    "= 5",
    "= %^PutObject$%",
    "= %^Put%",
    "= %^PutObject$|^GetObject$%",
    "= %Obj.ct%",
    "= %^1%",
    "< 10",
    "<= 10",
    "> 10",
    ">= 10",
    "< 5",
    "> 5",
    "IS NULL",
    "IS TRUE",
    "IS FALSE",
    "NOT EXISTS",
];

/// Values of the member; the last one is absent.
const EVENTS: &[&str] = &[
    r#"{"a":"PutObject"}"#,
    r#"{"a":"PutObjectAcl"}"#,
    r#"{"a":"Put"}"#,
    r#"{"a":"GetObject"}"#,
    r#"{"a":"Object"}"#,
    r#"{"a":"Objxct"}"#,
    r#"{"a":"other"}"#,
    r#"{"a":""}"#,
    r#"{"a":"*"}"#,
    r#"{"a":"10"}"#,
    r#"{"a":"10.0"}"#,
    r#"{"a":"1e1"}"#,
    r#"{"a":"5"}"#,
    r#"{"a":10}"#,
    r#"{"a":10.0}"#,
    r#"{"a":1e1}"#,
    r#"{"a":1E1}"#,
    r#"{"a":5}"#,
    r#"{"a":5.0}"#,
    r#"{"a":7}"#,
    r#"{"a":1}"#,
    r#"{"a":12}"#,
    r#"{"a":-3}"#,
    r#"{"a":true}"#,
    r#"{"a":false}"#,
    r#"{"a":null}"#,
    r#"{"a":[]}"#,
    r#"{"a":[1,null]}"#,
    r#"{"a":{}}"#,
    r#"{"a":{"b":"PutObject"}}"#,
    r#"{"b":1}"#,
];

/// Texts of a line's first field.
const LINES: &[&str] = &[
    "PutObject x",
    "PutObjectAcl x",
    "Put x",
    "GetObject x",
    "Objxct x",
    "other x",
    "\"\" x",
    "10 x",
    "10.0 x",
    "1e1 x",
    "5 x",
    "7 x",
    "12 x",
    "-3 x",
    "* x",
];

fn findings(pattern: &str) -> Vec<Diagnostic> {
    check(pattern, Language::FilterPattern, &Options::default())
}

/// Which of the events match.
fn matches(pattern: &str, events: &[&str]) -> Vec<bool> {
    let parsed: FilterPattern = pattern.parse().unwrap();
    let matcher = parsed.compile(&Limits::default()).unwrap();
    events.iter().map(|event| matcher.is_match(&LogEvent::new(event))).collect()
}

/// How often each code was held against the events, so that none is held vacuously.
#[derive(Default)]
struct Held {
    never: usize,
    always: usize,
    removed: usize,
}

/// Holds what is said of `pattern` against events; `is_value` tells which have a text or number.
fn hold(pattern: &str, events: &[&str], is_value: &dyn Fn(&str) -> bool, held: &mut Held) {
    let matched = matches(pattern, events);
    for finding in findings(pattern) {
        match finding.code.0 {
            "FP301" => {
                held.never += 1;
                assert!(!matched.contains(&true), "{pattern} is said never to match: {matched:?}");
            }
            "FP302" => {
                let together: Vec<&str> =
                    finding.labels.iter().map(|label| label.span.slice(pattern)).collect();
                let together = format!("{{ {} }}", together.join(" && "));
                held.never += 1;
                assert!(!matches(&together, events).contains(&true), "{pattern}: {together} holds");
            }
            "FP303" => {
                held.always += 1;
                for (event, matched) in events.iter().zip(&matched).filter(|(event, _)| is_value(event)) {
                    assert!(matched, "{pattern} is said to leave nothing out, but does {event}");
                }
            }
            "FP307" | "FP308" | "FP309" | "FP311" => {
                let Some(fix) = finding.fix else { continue };
                held.removed += 1;
                let mended = fix.apply(pattern);
                assert_eq!(matches(&mended, events), matched, "{pattern} became {mended}");
            }
            _ => {}
        }
    }
}

fn with_negations(tests: &[&str]) -> Vec<String> {
    let negated =
        tests.iter().filter(|test| test.starts_with("= ")).map(|test| test.replacen("= ", "!= ", 1));
    tests.iter().map(|test| (*test).to_owned()).chain(negated).collect()
}

#[test]
fn pairs_of_conditions_on_a_member() {
    let mut held = Held::default();
    let tests = with_negations(TESTS);
    let is_scalar = |event: &str| {
        let value = event.strip_prefix("{\"a\":").unwrap_or_default();
        value.starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit())
    };
    for one in &tests {
        for other in &tests {
            for joint in ["&&", "||"] {
                hold(&format!("{{ $.a {one} {joint} $.a {other} }}"), EVENTS, &is_scalar, &mut held);
            }
        }
    }
    assert!(
        held.never > 500 && held.always > 50 && held.removed > 500,
        "{} {} {}",
        held.never,
        held.always,
        held.removed
    );
}

#[test]
fn conditions_on_a_member_and_on_what_is_in_it() {
    let mut held = Held::default();
    for one in with_negations(TESTS) {
        for inner in ["$.a.b = PutObject", "$.a.b NOT EXISTS", "$.a[0] = 1", "$.a[*] = 1", "$.a[1] IS NULL"] {
            hold(&format!("{{ $.a {one} && {inner} }}"), EVENTS, &|_| false, &mut held);
        }
    }
    assert!(held.never > 100, "{}", held.never);
}

#[test]
fn three_conditions_in_two_junctions() {
    let mut held = Held::default();
    let tests =
        ["= Put*", "= PutObject", "!= PutObject", "= 10", "> 5", "< 5", "NOT EXISTS", "IS NULL", "= \"*\""];
    for one in tests {
        for other in tests {
            for third in tests {
                for pattern in [
                    format!("{{ $.a {one} && ($.a {other} || $.a {third}) }}"),
                    format!("{{ $.a {one} || ($.a {other} && $.a {third}) }}"),
                ] {
                    hold(&pattern, EVENTS, &|_| false, &mut held);
                }
            }
        }
    }
    assert!(held.never > 100 && held.removed > 100, "{} {}", held.never, held.removed);
}

#[test]
fn pairs_of_conditions_on_a_field_of_a_line() {
    let mut held = Held::default();
    let tests: Vec<&str> = TESTS.iter().copied().filter(|test| !test.starts_with(['I', 'N'])).collect();
    for one in with_negations(&tests) {
        for other in with_negations(&tests) {
            for joint in ["&&", "||"] {
                hold(&format!("[a {one} {joint} a {other}, rest]"), LINES, &|_| true, &mut held);
            }
        }
    }
    assert!(
        held.never > 200 && held.always > 30 && held.removed > 200,
        "{} {} {}",
        held.never,
        held.always,
        held.removed
    );
}
