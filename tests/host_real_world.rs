//! Patterns as people keep them, in every kind of file: read back to the byte, judged as by themselves, faults at their place.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `spec`.
#![cfg(feature = "hosts")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its counts"
)]

use std::path::PathBuf;

use serde_json::Value;
use trailql::check::{Language, Options, check};
use trailql::host::{self, HostKind};

/// The real-world patterns that the service takes.
fn patterns() -> Option<Vec<(String, String)>> {
    let Some(shared) = std::env::var_os("TRAILQL_SHARED").map(PathBuf::from) else {
        println!("TRAILQL_SHARED is not set: nothing ran");
        return None;
    };
    let text = std::fs::read_to_string(shared.join("spec/cases/filter-pattern.jsonl")).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let word = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
    let real: Vec<_> = cases
        .filter(|case| case["id"].as_str().unwrap().starts_with("RW") && case["valid"] == true)
        .map(|case| (word(&case, "id"), word(&case, "pattern")))
        .collect();
    assert!(real.len() > 30, "{}", real.len());
    Some(real)
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}", " ".repeat(by))).collect::<Vec<_>>().join("\n")
}

/// A pattern in each form that can hold it: what the form is called, its kind, the file.
fn forms(pattern: &str) -> Vec<(&'static str, HostKind, String)> {
    let json = serde_json::to_string(pattern).unwrap();
    let marked = |text: &str| text.replace("${", "$${").replace("%{", "%%{");
    let resource = |value: &str| {
        format!(
            "# é\nresource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  name    = \"f\"\n  pattern = {value}\n}}\n"
        )
    };
    let stack = |value: &str| {
        format!(
            "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = {value}\nmetricTransformations = [{{ metricNamespace = 'n', metricName = 'm', metricValue = '1' }}]\n"
        )
    };
    let template = |value: &str| {
        format!(
            "# é\nResources:\n  F:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n      FilterPattern: {value}\n      LogGroupName: g\n"
        )
    };
    let properties = serde_json::json!({ "FilterPattern": pattern });
    let resources = serde_json::json!({ "Resources": { "F": { "Type": "AWS::Logs::MetricFilter", "Properties": properties } } });
    let body = serde_json::json!({ "resource": { "aws_cloudwatch_log_metric_filter": { "f": { "pattern": marked(pattern) } } } });
    let is_one_line = !pattern.contains('\n');
    let mut forms = vec![
        ("raw", HostKind::Text(Language::FilterPattern), format!("{pattern}\n")),
        ("stack, basic", HostKind::Stack, stack(&json)),
        ("stack, multi-line basic", HostKind::Stack, stack(&format!("\"\"{json}\"\""))),
        ("Terraform, quoted", HostKind::Terraform, resource(&marked(&json))),
        ("Terraform, heredoc", HostKind::Terraform, resource(&format!("<<EOT\n{}\nEOT", marked(pattern)))),
        (
            "Terraform, indented heredoc",
            HostKind::Terraform,
            resource(&format!("<<-EOT\n{}\n  EOT", indented(&marked(pattern), 4))),
        ),
        ("Terraform, JSON", HostKind::TerraformJson, format!("{body:#}\n")),
        ("CloudFormation, double quotes", HostKind::CloudFormation, template(&json)),
        (
            "CloudFormation, literal",
            HostKind::CloudFormation,
            template(&format!("|\n{}", indented(pattern, 8))),
        ),
        (
            "CloudFormation, Fn::Sub",
            HostKind::CloudFormation,
            template(&format!("!Sub |-\n{}", indented(&pattern.replace("${", "${!"), 8))),
        ),
        ("CloudFormation, JSON", HostKind::CloudFormation, format!("{resources:#}\n")),
        (
            "Serverless",
            HostKind::CloudFormation,
            format!("service: s\nresources:\n{}", indented(&template(&json), 2)),
        ),
        ("Markdown", HostKind::Markdown, format!("# é\n\n```cwfilter\n{pattern}\n```\n")),
    ];
    if !pattern.contains('\'') {
        forms.push(("stack, literal", HostKind::Stack, stack(&format!("'''{pattern}'''"))));
    }
    if is_one_line {
        let single = format!("'{}'", pattern.replace('\'', "''"));
        forms.push(("CloudFormation, single quotes", HostKind::CloudFormation, template(&single)));
        let folded = pattern.replacen(" && ", " &&\n", 1);
        let is_foldable = !pattern.contains("  ") && !pattern.starts_with(' ') && !pattern.ends_with(' ');
        if is_foldable {
            let folded = format!(">-\n{}", indented(&folded, 8));
            forms.push(("CloudFormation, folded", HostKind::CloudFormation, template(&folded)));
        }
        if pattern.starts_with(|c: char| c.is_ascii_alphabetic())
            && !pattern.contains([':', '#', ',', '[', '{'])
        {
            forms.push(("CloudFormation, plain", HostKind::CloudFormation, template(pattern)));
        }
    }
    forms
}

#[test]
fn every_form_gives_the_pattern_back_and_no_other_finding() {
    let Some(patterns) = patterns() else { return };
    let options = Options::default();
    let mut count = 0;
    for (id, pattern) in &patterns {
        let alone: Vec<_> = check(pattern, Language::FilterPattern, &options)
            .iter()
            .map(|finding| (finding.code.0, finding.span().slice(pattern).to_owned()))
            .collect();
        for (form, kind, file) in forms(pattern) {
            count += 1;
            let found = host::extract(kind, &file);
            let [embedded] = found.embedded.as_slice() else { panic!("{id} {form}: {found:?}\n{file}") };
            let bare = if form == "raw" { pattern.as_str() } else { pattern.trim_end_matches('\n') };
            assert_eq!(
                embedded.text.trim_end_matches('\n'),
                bare.trim_end_matches('\n'),
                "{id} {form}\n{file}"
            );
            assert!(embedded.holes.is_empty(), "{id} {form}");
            let checked = host::check(kind, &file, &options);
            let codes: Vec<_> = checked
                .diagnostics
                .iter()
                .map(|one| one.code.0)
                .filter(|code| !code.starts_with("PR"))
                .collect();
            let expected: Vec<_> =
                alone.iter().map(|(code, _)| *code).filter(|code| *code != "FP108").collect();
            let got: Vec<_> = codes.iter().copied().filter(|code| *code != "FP108").collect();
            assert_eq!(got, expected, "{id} {form}: {:#?}\n{file}", checked.diagnostics);
            let is_verbatim = |span: trailql::Span, part: &str| span.slice(&file) == part;
            for (finding, (_, part)) in checked
                .diagnostics
                .iter()
                .filter(|one| one.code.0 != "FP108" && !one.code.0.starts_with("PR"))
                .zip(alone.iter().filter(|(code, _)| *code != "FP108"))
            {
                if !part.contains(['"', '\\', '\'', '\n']) && !form.contains("folded") {
                    assert!(is_verbatim(finding.span(), part), "{id} {form}: {finding:?}\n{file}");
                }
            }
        }
    }
    println!("{} patterns in {count} files", patterns.len());
    assert!(count > 400, "{count}");
}

#[test]
fn a_fault_is_found_at_its_own_bytes_in_every_form() {
    let Some(patterns) = patterns() else { return };
    let options = Options::default();
    let mut count = 0;
    for (id, pattern) in &patterns {
        let Some(at) = pattern.find(" = ").filter(|_| pattern.trim_start().starts_with('{')) else {
            continue;
        };
        let broken = [pattern.get(..at).unwrap(), " == ", pattern.get(at + 3..).unwrap()].concat();
        for (form, kind, file) in forms(&broken) {
            let checked = host::check(kind, &file, &options);
            let fault = checked.diagnostics.iter().find(|one| one.code.0 == "FP007");
            let fault = fault.unwrap_or_else(|| panic!("{id} {form}: {:#?}\n{file}", checked.diagnostics));
            assert_eq!(fault.span().slice(&file), "==", "{id} {form}\n{file}");
            assert_eq!(fault.span().range().start, file.find(" == ").unwrap() + 1, "{id} {form}\n{file}");
            let mended = fault.fix.as_ref().unwrap_or_else(|| panic!("{id} {form} has no fix")).apply(&file);
            let left = host::check(kind, &mended, &options);
            assert!(left.diagnostics.iter().all(|one| one.code.0 != "FP007"), "{id} {form}\n{mended}");
            count += 1;
        }
    }
    println!("{count} files with a fault");
    assert!(count > 200, "{count}");
}

/// A value, a selector, a condition or the whole pattern that only a deployment knows is no fault.
#[test]
fn a_hole_is_never_the_reason_for_a_false_alarm() {
    let Some(patterns) = patterns() else { return };
    let options = Options::default();
    let mut count = 0;
    for (id, pattern) in &patterns {
        let alone = check(pattern, Language::FilterPattern, &options);
        if !pattern.starts_with('{') || alone.iter().any(|one| one.severity >= trailql::Severity::Warning) {
            continue;
        }
        let words = pattern.split([' ', '(', ')']).filter(|word| word.len() > 2).take(8);
        let quoted: Vec<&str> =
            pattern.split('"').skip(1).step_by(2).filter(|inner| inner.len() > 2).take(4).collect();
        for part in words.chain(quoted).chain([pattern.as_str()]) {
            let holed = pattern.replacen(part, "§", 1);
            let json = serde_json::to_string(&holed).unwrap().replace('§', "${var.x}");
            let file =
                format!("resource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  pattern = {json}\n}}\n");
            let checked = host::check(HostKind::Terraform, &file, &options);
            let false_ones: Vec<_> =
                checked.diagnostics.iter().filter(|one| one.severity >= trailql::Severity::Warning).collect();
            assert!(false_ones.is_empty(), "{id}: {false_ones:#?}\n{file}");
            let holes = checked.diagnostics.iter().filter(|one| one.code.0 == "IO021").count();
            assert_eq!(holes, 1, "{id}: told once\n{file}");
            count += 1;
        }
    }
    println!("{count} files with a hole");
    assert!(count > 100, "{count}");
}
