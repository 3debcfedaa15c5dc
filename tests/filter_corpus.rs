//! Runs `tests/corpus/filter/*.toml`: parse, warnings, canonical text, match, extraction, samples.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trailql::series::TransformationSpec;
use trailql::{FilterPattern, Limits, LogEvent, Severity};

mod corpus_files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    pattern: String,
    #[serde(default, rename = "match")]
    matching: Vec<String>,
    #[serde(default)]
    no_match: Vec<String>,
    codes: Option<BTreeSet<String>>,
    warns: Option<BTreeSet<String>>,
    service: Option<String>,
    canonical: Option<String>,
    extract: Option<Extract>,
    transformation: Option<Transformation>,
    #[serde(default)]
    events: Vec<String>,
    samples: Option<Vec<ExpectedSample>>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extract {
    message: String,
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transformation {
    value: String,
    default: Option<f64>,
    unit: Option<String>,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ExpectedSample {
    event: usize,
    value: f64,
    #[serde(default, rename = "default")]
    is_default: bool,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
}

#[test]
fn every_case_of_the_corpus_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for (file, corpus) in corpus_files::of::<Corpus>("filter") {
        let mut names = BTreeSet::new();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{file}: {}", case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            for failure in run(case) {
                failures.push(format!("{place} ({})\n    `{}`\n    {failure}", case.source, case.pattern));
            }
        }
    }
    println!("{ran} cases");
    assert!(ran > 0, "no cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
}

/// What does not hold.
fn run(case: &Case) -> Vec<String> {
    let mut failures = Vec::new();
    let parsed = FilterPattern::parse_lossy(&case.pattern);
    let codes = |accept: &dyn Fn(Severity) -> bool| -> BTreeSet<String> {
        parsed.diagnostics.iter().filter(|d| accept(d.severity)).map(|d| d.code.to_string()).collect()
    };
    let errors = codes(&|severity| severity == Severity::Error);
    if let Some(expected) = &case.codes {
        if errors != *expected {
            failures.push(format!("expected the errors {expected:?}, found {:#?}", parsed.diagnostics));
        }
        assert!(case.matching.is_empty() && case.no_match.is_empty(), "a refused pattern matches nothing");
    }
    if let Some(service) = &case.service {
        let texts: Vec<_> = parsed.diagnostics.iter().filter_map(|d| d.service_text.clone()).collect();
        if !texts.contains(service) {
            failures.push(format!("expected the service's text `{service}`, found {texts:?}"));
        }
    }
    let Some(pattern) = parsed.ast.clone() else {
        if case.codes.is_none() {
            failures.push(format!("refused: {:#?}", parsed.diagnostics));
        }
        return failures;
    };
    if let Some(expected) = &case.warns {
        let found = codes(&|severity| severity != Severity::Error);
        if found != *expected {
            failures.push(format!("expected the warnings {expected:?}, found {found:?}"));
        }
    }
    let printed = pattern.to_string();
    // Canonical text may be longer than what it was made from, and longer than the service takes.
    let room = Limits::without_quotas();
    if FilterPattern::parse_with(&printed, &room).as_ref() != Ok(&pattern) {
        failures.push(format!("prints as `{printed}`, which does not parse to the same tree"));
    }
    if let Some(canonical) = &case.canonical
        && printed != *canonical
    {
        failures.push(format!("prints as `{printed}`, not as `{canonical}`"));
    }
    let matcher = pattern.compile(&Limits::default()).unwrap();
    for (messages, expected) in [(&case.matching, true), (&case.no_match, false)] {
        for message in messages {
            let event = LogEvent::new(message);
            if matcher.is_match(&event) != expected {
                failures.push(format!("on `{message}` should be {expected}"));
            }
            if matcher.explain(&event).matched != expected {
                failures.push(format!("explains `{message}` as {}", !expected));
            }
            #[cfg(feature = "reference")]
            if trailql::eval::plain::is_match(&pattern, message).is_some_and(|plain| plain != expected) {
                failures.push(format!("the plain evaluator on `{message}` should be {expected}"));
            }
        }
    }
    if let Some(extract) = &case.extract {
        let found = matcher.extract(&LogEvent::new(&extract.message));
        let found: Option<BTreeMap<String, String>> = found.map(|values| values.into_iter().collect());
        if found.as_ref() != Some(&extract.values) {
            failures.push(format!("extracts {found:?} from `{}`", extract.message));
        }
    }
    if let Some(transformation) = &case.transformation {
        failures.extend(run_transformation(case, transformation, &pattern));
    }
    failures
}

fn run_transformation(case: &Case, transformation: &Transformation, pattern: &FilterPattern) -> Vec<String> {
    let spec = TransformationSpec {
        namespace: "corpus".into(),
        name: "metric".into(),
        value: transformation.value.clone(),
        default_value: transformation.default,
        unit: transformation.unit.clone(),
        dimensions: transformation.dimensions.clone().into_iter().collect(),
    };
    let checked = match (spec.check(pattern), &case.error) {
        (Err(errors), Some(expected)) => {
            let texts: Vec<_> = errors.iter().filter_map(|error| error.service_text()).collect();
            return if texts.contains(expected) { vec![] } else { vec![format!("errors are {errors:?}")] };
        }
        (Ok(_), Some(expected)) => return vec![format!("is accepted, should be refused with `{expected}`")],
        (Err(errors), None) => return vec![format!("is refused: {errors:?}")],
        (Ok(checked), None) => checked,
    };
    let matcher = pattern.compile(&Limits::default()).unwrap();
    let found: Vec<ExpectedSample> = case
        .events
        .iter()
        .enumerate()
        .filter_map(|(event, message)| {
            let sample = checked.sample(&matcher, &LogEvent::new(message)).ok()?;
            let dimensions = sample.dimensions.into_iter().collect();
            Some(ExpectedSample { event, value: sample.value, is_default: sample.is_default, dimensions })
        })
        .collect();
    let expected = case.samples.as_ref().unwrap_or_else(|| panic!("{} names no samples", case.name));
    if found == *expected { vec![] } else { vec![format!("samples are {found:?}, not {expected:?}")] }
}
