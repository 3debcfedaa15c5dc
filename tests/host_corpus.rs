//! The corpus of host files: what is found in them, where, and what is said of it.
//!
//! A case is a file with its name; the texts that are in it with what they belong to, `§` for a hole; what is found as
//! `CODE bytes of the file`; and the file as it is formatted, where that is of interest.
#![cfg(feature = "hosts")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test tells by failing")]

mod corpus_files;

use serde::Deserialize;
use trailql::check::Options;
use trailql::host::{self, Embedded, HostKind, Style};
use trailql::{Diagnostic, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The name of the file.
    file: String,
    source: String,
    /// Each text as `owner: text`.
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    findings: Vec<String>,
    /// The file after its fixes.
    fixed: Option<String>,
    /// The file in its canonical spelling.
    formatted: Option<String>,
    /// The same in as few characters as will do.
    tight: Option<String>,
    /// Whether the file holds nothing for us.
    #[serde(default)]
    is_none: bool,
}

fn with_holes(embedded: &Embedded) -> String {
    let mut text = embedded.text.clone();
    for hole in embedded.holes.iter().rev() {
        text.insert(hole.at, '§');
    }
    format!("{}: {text}", embedded.owner)
}

#[test]
fn every_case_is_as_it_says() {
    let (mut count, mut failures) = (0, Vec::new());
    for (file, corpus) in corpus_files::of::<Corpus>("host") {
        for case in corpus.case {
            count += 1;
            case.run(&mut |what, got, expected| {
                if got != expected {
                    failures.push(format!(
                        "{file}: {}: {what}\n  got      {got}\n  expected {expected}",
                        case.name
                    ));
                }
            });
        }
    }
    println!("{count} files");
    assert!(count >= 40, "{count}");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

impl Case {
    /// Tells what is and what should be.
    fn run(&self, compare: &mut dyn FnMut(&str, String, String)) {
        let source = &self.source;
        let kind = HostKind::of(&self.file, source);
        compare("whether it holds anything for us", kind.is_some().to_string(), (!self.is_none).to_string());
        let Some(kind) = kind.filter(|_| !self.is_none) else { return };
        let extracted = host::extract(kind, source);
        let texts: Vec<String> = extracted.embedded.iter().map(with_holes).collect();
        compare("texts", format!("{texts:#?}"), format!("{:#?}", self.texts));
        extracted.embedded.iter().for_each(|embedded| places(embedded, source, &self.name));
        let checked = host::check(kind, source, &Options::default());
        let said = |one: &Diagnostic| format!("{} {}", one.code, one.span().slice(source));
        let findings: Vec<String> = checked.diagnostics.iter().map(said).collect();
        compare("findings", format!("{findings:?}"), format!("{:?}", self.findings));
        if let Some(expected) = &self.fixed {
            let mut text = source.clone();
            for fix in checked.diagnostics.iter().rev().filter_map(|one| one.fix.as_ref()) {
                text = fix.apply(&text);
            }
            compare("fixed", text, expected.clone());
        }
        for (style, expected) in [(Style::Canonical, &self.formatted), (Style::Tight, &self.tight)] {
            let Some(expected) = expected else { continue };
            let formatted = host::format(kind, source, style);
            let again = formatted.as_ref().ok().and_then(|text| host::format(kind, text, style).ok());
            compare("formatted", format!("{formatted:?}"), format!("{:?}", Ok::<_, ()>(expected)));
            compare("formatted again", format!("{again:?}"), format!("{:?}", Some(expected)));
        }
    }
}

/// Every character has a place, in order; where it stands there as it is, the way back leads to it.
fn places(embedded: &Embedded, file: &str, place: &str) {
    let mut verbatim = 0;
    for (at, c) in embedded.text.char_indices() {
        let source = embedded.map.to_source(Span::new(at, at + c.len_utf8()));
        assert!(source.range().end <= file.len(), "{place}");
        if source.slice(file).starts_with(c) && source.slice(file).len() == c.len_utf8() {
            verbatim += 1;
            assert_eq!(embedded.map.to_text(source.range().start), Some(at), "{place}: `{c}` at {at}");
        }
    }
    let letters = embedded.text.chars().filter(|c| c.is_ascii_alphabetic()).count();
    assert!(verbatim >= letters / 2, "{place}: {verbatim} of {letters} letters stand as they are");
}

/// Files made to be long or deep: read in little time, whatever comes of them.
#[test]
fn hostile_files_do_no_harm() {
    let start = std::time::Instant::now();
    let marked = |text: &str| format!("# AWS::Logs::MetricFilter aws_cloudwatch_dashboard\n{text}");
    let mut aliases = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut chain = String::from("c0: &c0 [x]\n");
    for level in 1..40 {
        let before = level - 1;
        let nine = vec![format!("*a{before}"); 9].join(", ");
        aliases.push_str(&format!("a{level}: &a{level} [{nine}]\n"));
    }
    for level in 1..20_000 {
        chain.push_str(&format!("c{level}: &c{level} [*c{}]\n", level - 1));
    }
    let locals: String =
        (1..60).map(|n| format!("  l{n} = \"${{local.l{}}}${{local.l{}}}\"\n", n - 1, n - 1)).collect();
    let terraform = format!(
        "locals {{\n  l0 = \"xxxxxxxxxx\"\n{locals}}}\nresource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  pattern = local.l59\n}}\n"
    );
    let itself = |many: usize, list: bool| {
        let named: Vec<&str> = vec!["${local.a}"; many];
        let value = if list {
            format!("[{}]", vec!["local.a"; many].join(", "))
        } else {
            format!("\"{}\"", named.concat())
        };
        format!(
            "locals {{\n  a = {value}\n}}\nresource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  pattern = local.a\n}}\n"
        )
    };
    let holes: String = (0..300).map(|n| format!("${{var.v{n}}} ")).collect();
    let holed =
        format!("resource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  pattern = \"{holes}\"\n}}\n");
    let body = format!("{{\\\"widgets\\\": [{}]}}", "\\\"\\\\n\\\",".repeat(100_000));
    let board =
        format!("resource \"aws_cloudwatch_dashboard\" \"d\" {{\n  dashboard_body = \"{body}\"\n}}\n");
    for (kind, text) in [
        (HostKind::CloudFormation, marked(&aliases)),
        (HostKind::CloudFormation, marked(&chain)),
        (HostKind::CloudFormation, marked(&"[".repeat(100_000))),
        (HostKind::CloudFormation, marked(&"- ".repeat(100_000))),
        (HostKind::CloudFormation, format!("{{\"Resources\": {}", "[".repeat(100_000))),
        (HostKind::TerraformJson, "{\"a\":".repeat(100_000)),
        (HostKind::Dashboard, "[".repeat(100_000)),
        (HostKind::Terraform, marked(&format!("a = {}", "[".repeat(100_000)))),
        (HostKind::Terraform, marked(&"a {\n".repeat(100_000))),
        (HostKind::Terraform, terraform),
        (HostKind::Terraform, itself(8, false)),
        (HostKind::Terraform, itself(30, false)),
        (HostKind::Terraform, itself(8, true)),
        (HostKind::Terraform, itself(30, true)),
        (HostKind::Terraform, holed),
        (HostKind::Terraform, board),
        (HostKind::Markdown, format!("{}```cwfilter\nx\n", "> ".repeat(10_000))),
        (HostKind::Stack, format!("metricFilters = {}", "[".repeat(10_000))),
    ] {
        let before = start.elapsed();
        let checked = host::check(kind, &text, &Options::default());
        assert!(checked.diagnostics.len() < 100, "{kind:?}: {} findings", checked.diagnostics.len());
        println!("{kind:?}, {} bytes: {:?}", text.len(), start.elapsed() - before);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
