//! The mutation trial: valid patterns of the kind that people use, one typo each, and the share of typos that are found.
//!
//! The patterns are the published ones of the shared cases, where `TRAILQL_SHARED` names the folder that holds `spec`, and
//! composed ones in their style up to 200 in all. Each gets one typo of every kind that it has a place for. A typo that
//! gives a pattern another meaning that is as valid (`!=` that becomes `=`, an event name that becomes another one) is no
//! fault that a checker could know of, and is drawn anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing and prints its counts"
)]

mod compose;
mod random;
mod typo;

use std::collections::BTreeMap;
use std::path::PathBuf;

use trailql::check::{Language, Options, check};
use trailql::schema::Schema;
use trailql::{Diagnostic, FilterPattern, Severity};

use random::Random;
use typo::Kind;

const PATTERNS: usize = 200;
const SEED: u64 = 20_260_301;

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut found = check(text, Language::FilterPattern, &Options::default());
    found.retain(|one| one.severity >= Severity::Info);
    found
}

fn is_clean(text: &str) -> bool {
    findings(text).iter().all(|one| one.severity < Severity::Warning)
}

/// The published patterns on CloudTrail that are valid and of which nothing is said.
fn published() -> Vec<String> {
    let Some(shared) = std::env::var_os("TRAILQL_SHARED").map(PathBuf::from) else {
        println!("TRAILQL_SHARED is not set: all patterns are composed");
        return Vec::new();
    };
    let text = std::fs::read_to_string(shared.join("spec/cases/filter-pattern.jsonl")).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let is_real = |case: &serde_json::Value| case["id"].as_str().unwrap().starts_with("RW");
    let patterns = cases.filter(|case| is_real(case) && case["valid"] == true);
    let mut patterns: Vec<String> =
        patterns.map(|case| case["pattern"].as_str().unwrap().to_owned()).collect();
    let before = patterns.len();
    // The others are on lines of Lambda or Kubernetes, which no schema knows.
    patterns.retain(|pattern| pattern.contains("$.") && !pattern.contains("kubernetes") && is_clean(pattern));
    println!("{} of {before} published patterns are on CloudTrail and clean", patterns.len());
    patterns
}

fn patterns(random: &mut Random) -> Vec<String> {
    let schema = Schema::cloudtrail();
    let mut patterns = published();
    while patterns.len() < PATTERNS {
        let composed = compose::pattern(&schema, random);
        assert!(FilterPattern::parse(&composed).is_ok(), "{composed}");
        if is_clean(&composed) && !patterns.contains(&composed) {
            patterns.push(composed);
        }
    }
    patterns
}

#[derive(Default)]
struct Score {
    found: usize,
    errors: usize,
    missed: Vec<(String, String)>,
}

/// Whether something is said of the second text that is not said of the first.
fn is_told(before: &[Diagnostic], after: &[Diagnostic]) -> bool {
    let count = |findings: &[Diagnostic], code| findings.iter().filter(|one| one.code == code).count();
    after.iter().any(|one| count(after, one.code) > count(before, one.code))
}

#[test]
fn typos_are_found() {
    let mut random = Random::new(SEED);
    let schema = Schema::cloudtrail();
    let patterns = patterns(&mut random);
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    for pattern in &patterns {
        let before = findings(pattern);
        for kind in Kind::ALL {
            let Some(typo) = typo::apply(pattern, kind, &schema, &mut random) else { continue };
            let after = findings(&typo.text);
            let score = scores.entry(kind).or_default();
            if is_told(&before, &after) {
                score.found += 1;
                score.errors += usize::from(after.iter().any(Diagnostic::is_error));
            } else {
                score.missed.push((typo.what, typo.text));
            }
        }
    }
    println!("{} patterns, seed {SEED}", patterns.len());
    println!("{:<12} {:>6} {:>6} {:>8} {:>10}", "kind", "typos", "found", "share", "as errors");
    for (kind, score) in &scores {
        let typos = score.found + score.missed.len();
        println!(
            "{:<12} {typos:>6} {:>6} {:>7.1}% {:>10}",
            kind.name(),
            score.found,
            share(score),
            score.errors
        );
    }
    for (kind, score) in &scores {
        for (what, text) in &score.missed {
            println!("missed {}: {what} in {text}", kind.name());
        }
    }
    for (kind, score) in &scores {
        let least = if kind.is_syntax() { 95.0 } else { 90.0 };
        assert!(score.found + score.missed.len() >= 50, "too few typos of kind {}", kind.name());
        assert!(share(score) >= least, "{}: {:.1} %", kind.name(), share(score));
    }
}

fn share(score: &Score) -> f64 {
    score.found as f64 * 100.0 / (score.found + score.missed.len()) as f64
}
