//! The corpus of host files: what is found in them, where, and what is said of it.
//!
//! A case is a file with its name; the texts that are in it with what they belong to, `§` for a hole; what is found as
//! `CODE bytes of the file`; and the file as it is formatted, where that is of interest.
#![cfg(feature = "hosts")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod corpus_files;

use serde::Deserialize;
use trailql::Span;
use trailql::check::Options;
use trailql::host::{self, Embedded, HostKind, Style};

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
    let mut count = 0;
    for (file, corpus) in corpus_files::of::<Corpus>("host") {
        for case in corpus.case {
            let place = format!("{file}: {}", case.name);
            count += 1;
            let kind = HostKind::of(&case.file, &case.source);
            if case.is_none {
                assert_eq!(kind, None, "{place}");
                continue;
            }
            let kind = kind.unwrap_or_else(|| panic!("{place}: nothing of ours"));
            let extracted = host::extract(kind, &case.source);
            let texts: Vec<String> = extracted.embedded.iter().map(with_holes).collect();
            assert_eq!(texts, case.texts, "{place}");
            extracted.embedded.iter().for_each(|embedded| places(embedded, &case.source, &place));
            let checked = host::check(kind, &case.source, &Options::default());
            let said: Vec<String> = checked
                .diagnostics
                .iter()
                .map(|one| format!("{} {}", one.code, one.span().slice(&case.source)))
                .collect();
            assert_eq!(said, case.findings, "{place}: {:#?}", checked.diagnostics);
            if let Some(fixed) = case.fixed {
                let mut text = case.source.clone();
                for fix in checked.diagnostics.iter().rev().filter_map(|one| one.fix.as_ref()) {
                    text = fix.apply(&text);
                }
                assert_eq!(text, fixed, "{place}");
            }
            for (style, expected) in [(Style::Canonical, case.formatted), (Style::Tight, case.tight)] {
                let Some(expected) = expected else { continue };
                let formatted = host::format(kind, &case.source, style).unwrap();
                assert_eq!(formatted, expected, "{place}");
                assert_eq!(host::format(kind, &formatted, style).unwrap(), formatted, "{place}: again");
            }
        }
    }
    assert!(count >= 40, "{count}");
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
