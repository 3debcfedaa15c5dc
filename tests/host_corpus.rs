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
