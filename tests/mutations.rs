//! Typos in sound patterns: how many are found, by kind.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `spec`; prints the shares. The patterns are the real-world ones
//! of the specification that are clean, and as many composed in their style by a seeded program as make 200.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing and prints its shares"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use trailql::check::{Language, Options, check};
use trailql::{Diagnostic, Severity};

/// SplitMix64: the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        let index = self.below(items.len());
        &items[index]
    }
}

fn findings(text: &str) -> Vec<Diagnostic> {
    check(text, Language::FilterPattern, &Options::default())
}

fn is_clean(text: &str) -> bool {
    findings(text).iter().all(|finding| finding.severity < Severity::Warning)
}

/// What people watch: an event source and some of its events.
const WATCHED: &[(&str, &[&str])] = &[
    (
        "iam.amazonaws.com",
        &["CreateUser", "DeleteUser", "AttachUserPolicy", "PutRolePolicy", "CreateAccessKey"],
    ),
    (
        "s3.amazonaws.com",
        &["PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "DeleteBucketCors", "GetObject"],
    ),
    (
        "ec2.amazonaws.com",
        &["AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "RunInstances", "CreateVpc"],
    ),
    ("kms.amazonaws.com", &["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"]),
    ("cloudtrail.amazonaws.com", &["CreateTrail", "UpdateTrail", "DeleteTrail", "StopLogging"]),
    ("config.amazonaws.com", &["StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel"]),
    ("organizations.amazonaws.com", &["CreateAccount", "LeaveOrganization", "AttachPolicy"]),
    ("secretsmanager.amazonaws.com", &["GetSecretValue", "DeleteSecret", "PutSecretValue"]),
    ("sts.amazonaws.com", &["AssumeRole", "GetSessionToken"]),
    ("guardduty.amazonaws.com", &["DeleteDetector", "CreateFilter"]),
];

/// What people add.
const GUARDS: &[&str] = &[
    "$.errorCode NOT EXISTS",
    "$.errorCode = \"AccessDenied*\"",
    "$.errorCode = \"*UnauthorizedOperation\"",
    "$.userIdentity.type = \"Root\"",
    "$.userIdentity.type = \"IAMUser\"",
    "$.userIdentity.invokedBy NOT EXISTS",
    "$.userIdentity.sessionContext.attributes.mfaAuthenticated = \"false\"",
    "$.readOnly IS FALSE",
    "$.awsRegion = \"us-east-1\"",
    "$.eventType = \"AwsApiCall\"",
    "$.recipientAccountId = \"111122223333\"",
    "$.additionalEventData.AuthenticationMethod = \"QueryString\"",
    "$.tlsDetails.tlsVersion = \"TLSv1.2\"",
    "$.eventCategory = \"Management\"",
];

fn composed(numbers: &mut Numbers) -> String {
    let (source, names) = numbers.of(WATCHED);
    let count = 1 + numbers.below(names.len());
    let start = numbers.below(names.len());
    let mut chosen: Vec<&str> = (0..count).map(|index| names[(start + index) % names.len()]).collect();
    chosen.sort_unstable();
    let tests: Vec<String> = chosen.iter().map(|name| format!("($.eventName = \"{name}\")")).collect();
    let names = if tests.len() == 1 { tests[0].clone() } else { format!("({})", tests.join(" || ")) };
    let mut parts = vec![format!("($.eventSource = \"{source}\")"), names];
    for _ in 0..numbers.below(3) {
        let guard = format!("({})", numbers.of(GUARDS));
        if !parts.contains(&guard) {
            parts.push(guard);
        }
    }
    format!("{{ {} }}", parts.join(" && "))
}

/// A word with one slip of the hand.
fn slip(word: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = numbers.below(letters.len());
    match numbers.below(5) {
        0 if letters.len() > 3 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        3 => {
            const KEYS: &str = "qwertyuiopasdfghjklzxcvbnm";
            let beside = KEYS.find(letters[at].to_ascii_lowercase()).map_or('x', |key| {
                KEYS.as_bytes()[if key + 1 < KEYS.len() { key + 1 } else { key - 1 }] as char
            });
            letters[at] = if letters[at].is_uppercase() { beside.to_ascii_uppercase() } else { beside };
        }
        _ if letters[at].is_uppercase() => letters[at] = letters[at].to_ascii_lowercase(),
        _ => letters[at] = letters[at].to_ascii_uppercase(),
    }
    letters.into_iter().collect()
}

/// The places of a text that a closure finds, as byte ranges.
fn words(text: &str, is_in: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        match (is_in(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn replaced(text: &str, at: usize, old: &str, new: &str) -> String {
    format!("{}{new}{}", &text[..at], &text[at + old.len()..])
}

fn field(text: &str, numbers: &mut Numbers) -> Option<String> {
    let paths: Vec<_> = words(text, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '$' | '_'))
        .into_iter()
        .filter(|(_, word)| word.starts_with("$."))
        .collect();
    let (at, path) = *(!paths.is_empty()).then(|| numbers.of(&paths))?;
    let names: Vec<(usize, &str)> =
        words(path, |c| c.is_ascii_alphanumeric() || c == '_').into_iter().collect();
    let (inside, name) = *numbers.of(&names);
    let mistyped = slip(name, numbers);
    (mistyped != name).then(|| replaced(text, at + inside, name, &mistyped))
}

fn event_name(text: &str, numbers: &mut Numbers) -> Option<String> {
    let marker = "$.eventName";
    let places: Vec<(usize, &str)> = text
        .match_indices(marker)
        .filter_map(|(at, _)| {
            let behind = &text[at + marker.len()..];
            let skipped = behind.len() - behind.trim_start_matches([' ', '=', '!', '"']).len();
            let start = at + marker.len() + skipped;
            let length = text[start..].find(|c: char| !c.is_ascii_alphanumeric())?;
            let name = &text[start..start + length];
            (name.len() > 3 && !text[start + length..].starts_with('*') && skipped > 0)
                .then_some((start, name))
        })
        .collect();
    let (at, name) = *(!places.is_empty()).then(|| numbers.of(&places))?;
    let mistyped = slip(name, numbers);
    (mistyped != name).then(|| replaced(text, at, name, &mistyped))
}

fn one_of(text: &str, numbers: &mut Numbers, slips: &[(&str, &str)]) -> Option<String> {
    let fitting: Vec<&(&str, &str)> = slips.iter().filter(|(old, _)| text.contains(old)).collect();
    let (old, new) = **(!fitting.is_empty()).then(|| numbers.of(&fitting))?;
    let places: Vec<usize> = text.match_indices(old).map(|(at, _)| at).collect();
    let at = *numbers.of(&places);
    Some(replaced(text, at, old, new))
}

fn operator(text: &str, numbers: &mut Numbers) -> Option<String> {
    let slips = [
        (" = ", " == "),
        (" = ", " =! "),
        (" = ", " "),
        (" != ", " <> "),
        (" != ", " =! "),
        (" && ", " & "),
        (" && ", " and "),
        (" && ", " "),
        (" || ", " | "),
        (" || ", " or "),
        (" NOT EXISTS", " NOT EXIST"),
        (" IS FALSE", " IS FALS"),
    ];
    one_of(text, numbers, &slips)
}

fn quote(text: &str, numbers: &mut Numbers) -> Option<String> {
    one_of(text, numbers, &[("\"", ""), ("\"", "'"), ("\"", "“"), ("\"", "\"\"")])
}

fn parenthesis(text: &str, numbers: &mut Numbers) -> Option<String> {
    one_of(text, numbers, &[("(", ""), (")", ""), ("(", "(("), (")", "))"), (")", "]"), ("{", ""), ("}", "")])
}

type Typo = fn(&str, &mut Numbers) -> Option<String>;

const KINDS: [(&str, Typo, bool); 5] = [
    ("field", field, false),
    ("event name", event_name, false),
    ("operator", operator, true),
    ("quote", quote, true),
    ("parenthesis", parenthesis, true),
];

#[test]
fn nearly_every_typo_is_found() {
    let Some(shared) = std::env::var_os("TRAILQL_SHARED").map(PathBuf::from) else {
        println!("TRAILQL_SHARED is not set: nothing ran");
        return;
    };
    let text = std::fs::read_to_string(shared.join("spec/cases/filter-pattern.jsonl")).unwrap();
    let mut patterns: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|case| case["id"].as_str().unwrap().starts_with("RW") && case["valid"] == true)
        .map(|case| case["pattern"].as_str().unwrap().to_owned())
        .filter(|pattern| pattern.starts_with('{') && is_clean(pattern))
        .filter(|pattern| {
            ["eventName", "eventSource", "userIdentity"].iter().any(|name| pattern.contains(name))
        })
        .collect();
    let real = patterns.len();
    let mut numbers = Numbers(20_261_130);
    while patterns.len() < 200 {
        let pattern = composed(&mut numbers);
        if is_clean(&pattern) && !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    println!("{} sound patterns, {real} of them from the real world", patterns.len());
    let (mut syntax, mut names) = ((0, 0), (0, 0));
    for (kind, typo, is_syntax) in KINDS {
        let (mut found, mut tried) = (0, 0);
        let mut missed: BTreeMap<String, usize> = BTreeMap::new();
        for pattern in &patterns {
            let Some(mistyped) = typo(pattern, &mut numbers) else { continue };
            tried += 1;
            let before = findings(pattern).len();
            let after = findings(&mistyped);
            let is_told =
                after.iter().any(|finding| finding.severity >= Severity::Warning) || after.len() > before;
            if is_told {
                found += 1;
            } else {
                *missed.entry(mistyped).or_default() += 1;
            }
        }
        println!(
            "{kind:<12} {found:>3} of {tried:>3} found ({:.1} %)",
            f64::from(found) * 100.0 / f64::from(tried)
        );
        for text in missed.keys() {
            println!("    missed: {}", text.chars().take(150).collect::<String>());
        }
        let sum = if is_syntax { &mut syntax } else { &mut names };
        *sum = (sum.0 + found, sum.1 + tried);
    }
    let share = |(found, tried): (i32, i32)| f64::from(found) * 100.0 / f64::from(tried);
    println!("syntax {:.1} %, names {:.1} %", share(syntax), share(names));
    assert!(syntax.1 > 500 && names.1 > 300, "{syntax:?} {names:?}");
    assert!(share(syntax) >= 95.0, "{}", share(syntax));
    assert!(share(names) >= 90.0, "{}", share(names));
}
