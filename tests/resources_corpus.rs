//! The corpus of resources that are held against each other: files of Terraform and CloudFormation, and all that is said of
//! each, as `CODE bytes of the file`.
//!
//! `«name»` stands for the part of that name of the same corpus file.
#![cfg(feature = "hosts")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test tells by failing")]

mod corpus_files;

use std::collections::BTreeMap;

use serde::Deserialize;
use trailql::Diagnostic;
use trailql::check::Options;
use trailql::host::{self, HostKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    parts: BTreeMap<String, String>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The name of the file.
    file: String,
    source: String,
    /// Replaced in the source before anything else, each by the one behind it.
    #[serde(default)]
    with: Vec<(String, String)>,
    #[serde(default)]
    findings: Vec<String>,
    /// What one of the messages holds.
    message: Option<String>,
    /// What the file has after its fixes in place of the first of each pair.
    #[serde(default)]
    fixed: Vec<(String, String)>,
}

fn said(finding: &Diagnostic, source: &str) -> String {
    format!("{} {}", finding.code, finding.span().slice(source))
}

fn listed(found: &[Diagnostic]) -> String {
    found.iter().map(|finding| format!("\n    {finding}")).collect()
}

fn judge(case: &Case, parts: &BTreeMap<String, String>) -> Result<(), String> {
    let mut source = case.source.clone();
    for (name, part) in parts {
        source = source.replace(&format!("«{name}»"), part);
    }
    for (before, behind) in &case.with {
        if !source.contains(before.as_str()) {
            return Err(format!("nothing is {before:?}"));
        }
        source = source.replace(before.as_str(), behind);
    }
    let kind = HostKind::of(&case.file, &source).ok_or("there is nothing of ours in it")?;
    let found = host::check(kind, &source, &Options::default()).diagnostics;
    let findings: Vec<String> = found.iter().map(|finding| said(finding, &source)).collect();
    if findings != case.findings {
        return Err(format!("expected {:?}, found {findings:?}:{}\n{source}", case.findings, listed(&found)));
    }
    let has_message = |wanted: &String| found.iter().any(|finding| finding.message.contains(wanted.as_str()));
    if !case.message.iter().all(has_message) {
        return Err(format!("no message has {:?}:{}", case.message, listed(&found)));
    }
    if !case.fixed.is_empty() {
        let fixes: Vec<_> = found.iter().rev().filter_map(|finding| finding.fix.as_ref()).collect();
        let fixed = fixes.iter().fold(source.clone(), |text, fix| fix.apply(&text));
        let expected = case.fixed.iter().fold(source, |text, (from, to)| text.replace(from.as_str(), to));
        if fixed != expected {
            return Err(format!("fixed to {fixed}"));
        }
    }
    Ok(())
}

#[test]
fn every_case_is_as_it_says() {
    let (mut count, mut failures) = (0, Vec::new());
    for (file, corpus) in corpus_files::of::<Corpus>("resources") {
        for case in corpus.case {
            count += 1;
            if let Err(reason) = judge(&case, &corpus.parts) {
                failures.push(format!("{file}: {}: {reason}", case.name));
            }
        }
    }
    println!("{count} files");
    assert!(count >= 130, "{count}");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
