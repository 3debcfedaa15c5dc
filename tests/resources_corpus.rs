//! The corpus of resources that are held against each other: files of Terraform and CloudFormation, and all that is said of
//! each, as `CODE bytes of the file`.
//!
//! `«name»` stands for the part of that name of the same corpus file.
#![cfg(feature = "hosts")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing"
)]

mod corpus_files;

use std::collections::{BTreeMap, BTreeSet};

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

fn source_of(case: &Case, parts: &BTreeMap<String, String>) -> Result<String, String> {
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
    Ok(source)
}

fn judge(case: &Case, parts: &BTreeMap<String, String>) -> Result<(), String> {
    let source = source_of(case, parts)?;
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

/// What is said of definitions, each by its code and line.
fn of_definitions(kind: HostKind, source: &str) -> BTreeSet<(&'static str, usize)> {
    let found = host::check(kind, source, &Options::default()).diagnostics;
    let own = found.iter().filter(|one| one.code.0.starts_with("PR") || one.code.0.starts_with("ES"));
    let line = |at: usize| source.get(..at).unwrap().matches('\n').count();
    own.map(|one| (one.code.0, line(one.span().range().start))).collect()
}

/// Each file of the corpus that is not too long.
fn files() -> Vec<(String, HostKind, String)> {
    let mut files = Vec::new();
    for (_, corpus) in corpus_files::of::<Corpus>("resources") {
        for case in corpus.case {
            let source = source_of(&case, &corpus.parts).unwrap();
            let kind = HostKind::of(&case.file, &source).unwrap();
            if source.len() < 6_000 && !case.file.ends_with("json") {
                files.push((case.name, kind, source));
            }
        }
    }
    files
}

/// A value that only a deployment knows, in place of any that is written, leaves less to be said and never more.
#[test]
fn a_hole_is_never_the_reason_for_a_finding() {
    let (mut count, mut failures) = (0, Vec::new());
    for (name, kind, source) in files() {
        let before = of_definitions(kind, &source);
        let (sign, hole) = if kind == HostKind::Terraform { ("= ", "var.hole") } else { (": ", "!Ref Hole") };
        let mut start = 0;
        for line in source.split_inclusive('\n') {
            let end = start + line.trim_end().len();
            let value = line.find(sign).map(|at| start + at + sign.len()).filter(|at| *at < end);
            start += line.len();
            // What is commented, and what tells a resource from others, is no value.
            let is_other = line.trim_start().starts_with("#")
                || line.trim_start().starts_with("source ")
                || line.trim_start().starts_with("Type: AWS::") && !line.contains("::Object");
            let Some(value) =
                value.filter(|at| !is_other && !source[*at..end].ends_with(['{', '[', '|', 'T']))
            else {
                continue;
            };
            let holed = [&source[..value], hole, &source[end..]].concat();
            count += 1;
            let more: Vec<_> = of_definitions(kind, &holed).difference(&before).copied().collect();
            if !more.is_empty() {
                failures.push(format!("{name}: {more:?} for `{}`:\n{holed}", &source[value..end]));
            }
        }
    }
    println!("{count} files with a hole");
    assert!(count > 1_000, "{count}");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A resource that may not be there, or several times, leaves less to be said and never more.
#[test]
fn a_resource_under_a_condition_is_never_the_reason_for_a_finding() {
    let (mut count, mut failures) = (0, Vec::new());
    for (name, kind, source) in files() {
        let before = of_definitions(kind, &source);
        let (opening, condition): (&str, &[&str]) = match kind {
            HostKind::Terraform => {
                ("resource \"", &["count = var.is_on ? 1 : 0", "for_each = var.all", "provider = aws.other"])
            }
            _ => ("    Type: AWS::", &["\n    Condition: IsOn"]),
        };
        for (at, _) in source.match_indices(opening) {
            let line = at + source[at..].find('\n').unwrap();
            for condition in condition {
                // On the same line, so that the others keep their numbers.
                let unsure = [&source[..line], " ", condition, &source[line..]].concat();
                let unsure = if kind == HostKind::Terraform {
                    [&source[..=line], "  ", condition, "\n", &source[line + 1..]].concat()
                } else {
                    unsure
                };
                count += 1;
                let shifted = |(code, number): &(&'static str, usize)| {
                    let own = source[..line].matches('\n').count();
                    (*code, if *number > own { number + 1 } else { *number })
                };
                let known: BTreeSet<_> = before.iter().map(shifted).collect();
                let more: Vec<_> = of_definitions(kind, &unsure).difference(&known).copied().collect();
                if !more.is_empty() {
                    failures.push(format!("{name}: {more:?}:\n{unsure}"));
                }
            }
        }
    }
    println!("{count} files with a condition");
    assert!(count > 500, "{count}");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Files of very many resources: read in little time, whatever comes of them.
#[test]
fn many_resources_do_no_harm() {
    let start = std::time::Instant::now();
    let each = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
    let filter = |n: usize| {
        format!(
            "resource \"aws_cloudwatch_log_metric_filter\" \"f{n}\" {{\n  name = \"f{n}\"\n  pattern = \"{{ $.a = {n} }}\"\n  \
             log_group_name = \"g\"\n  metric_transformation {{\n    name = \"m{n}\"\n    namespace = \"n\"\n    value = \"1\"\n  }}\n}}\n"
        )
    };
    let alarm = |n: usize| {
        format!(
            "resource \"aws_cloudwatch_metric_alarm\" \"a{n}\" {{\n  alarm_name = \"a{n}\"\n  namespace = \"n\"\n  metric_name = \
             \"m{n}\"\n  statistic = \"Sum\"\n  period = 300\n  evaluation_periods = 3\n  threshold = {n}\n  \
             comparison_operator = \"GreaterThanThreshold\"\n}}\n"
        )
    };
    let trail = |n: usize| {
        format!(
            "resource \"aws_cloudtrail\" \"t{n}\" {{\n  provider = aws.p{n}\n  name = \"t{n}\"\n  s3_bucket_name = \
             \"bucket\"\n  cloud_watch_logs_group_arn = \"${{var.g{n}}}:*\"\n}}\n"
        )
    };
    let document = |n: usize| {
        format!(
            "---\nResources:\n  G{n}:\n    Type: AWS::Logs::LogGroup\n  F{n}:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n      \
             LogGroupName: !Ref G{n}\n      FilterPattern: ERROR\n      MetricTransformations: [{{MetricName: m, MetricNamespace: n, \
             MetricValue: '1'}}]\n"
        )
    };
    let selectors = format!(
        "resource \"aws_cloudtrail\" \"t\" {{\n  name = \"trail\"\n  s3_bucket_name = \"bucket\"\n{}}}\n",
        each(2_000, &|n| format!(
            "  advanced_event_selector {{\n    field_selector {{\n      field = \"eventCategory\"\n      equals = [\"{n}\"]\n    }}\n  }}\n"
        ))
    );
    for (what, kind, source) in [
        ("filters and alarms", HostKind::Terraform, each(1_000, &filter) + &each(1_000, &alarm)),
        ("trails of many providers", HostKind::Terraform, each(2_000, &trail) + &each(10, &filter)),
        (
            "trails of one provider",
            HostKind::Terraform,
            each(1_000, &trail).replace("aws.p", "aws # ") + &each(10, &filter),
        ),
        ("selectors", HostKind::Terraform, selectors),
        ("documents", HostKind::CloudFormation, each(1_000, &document)),
    ] {
        let before = start.elapsed();
        let found = host::check(kind, &source, &Options::default()).diagnostics;
        println!("{what}, {} bytes: {} findings, {:?}", source.len(), found.len(), start.elapsed() - before);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
