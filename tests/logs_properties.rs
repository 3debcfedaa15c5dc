//! Properties of Logs Insights queries: printing is exact, formatting settles, parsing is total.
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use std::fmt;

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use trailql::LogsQuery;
use trailql::syntax::logs::ParseOptions;

/// Room for every tree that the generator makes.
fn roomy() -> ParseOptions {
    ParseOptions { max_chars: usize::MAX, nesting: 128, ..ParseOptions::default() }
}

/// A tree that failures show by its text.
#[derive(Clone)]
struct Generated(LogsQuery);

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn generated() -> impl Strategy<Value = Generated> {
    prop::collection::vec(any::<u8>(), 0..800).prop_filter_map("the bytes spell nothing", |bytes| {
        LogsQuery::arbitrary(&mut Unstructured::new(&bytes)).ok().map(Generated)
    })
}

/// Pieces of queries, for texts that are nearly legal.
const PIECES: &[&str] = &[
    "fields", "filter", "stats", "sort", "parse", "display", "SOURCE", "join", "limit", "by", "as", "and",
    "not", "in", "like", "=~", "a", "b.c", "`d e`", "@m", "1", "5m", "\"x\"", "'y'", "/z/", "(", ")", "[",
    "]", "|", "||", "&&", ",", "=", "==", "!=", "<", "+", "-", "*", "/", "^", "!", ".", "#c", "\n", "\"",
    "`", "count(*)", "bin(", "is null", "where", "logfmt", "é", "“", "{{p}}", "$q(", "null", "multi",
    "between", "/i", "\\", "lookup t", "OUTPUT",
];

fn is_sound(text: &str, options: &ParseOptions) -> Result<(), TestCaseError> {
    let parsed = LogsQuery::parse_lossy(text, options);
    let errors = parsed.diagnostics.iter().filter(|finding| finding.is_error()).count();
    prop_assert_eq!(parsed.ast.is_none(), errors > 0, "{}", text);
    for finding in &parsed.diagnostics {
        for label in &finding.labels {
            prop_assert!(text.get(label.span.range()).is_some(), "{} {:?}", text, finding);
        }
        if let Some(fix) = &finding.fix {
            prop_assert!(
                fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()),
                "{} {:?}",
                text,
                finding
            );
            prop_assert!(
                fix.edits.is_sorted_by(|one, next| one.span.end <= next.span.start),
                "{} {:?}",
                text,
                finding
            );
        }
    }
    let Some(query) = parsed.ast else { return Ok(()) };
    let printed = query.to_string();
    prop_assert_eq!(
        LogsQuery::parse_lossy(&printed, &roomy()).ast,
        Some(query),
        "{} became {}",
        text,
        printed
    );
    let formatted = LogsQuery::format_with(text, options).unwrap();
    prop_assert_eq!(LogsQuery::format_with(&formatted, &roomy()), Ok(formatted));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_is_exact(Generated(query) in generated()) {
        let printed = query.to_string();
        let parsed = LogsQuery::parse_lossy(&printed, &roomy());
        prop_assert!(parsed.ast.as_ref() == Some(&query), "{} {:#?} {:#?}", printed, parsed, query);
        prop_assert_eq!(parsed.ast.unwrap().to_string(), printed, "printing twice changes nothing");
    }

    #[test]
    fn any_text_gives_a_tree_or_errors_inside_the_text(text in "\\PC{0,80}|[a-c|()\\[\\]`\"'/#\\\\ \n=<>!.,*@$1+-]{0,60}") {
        is_sound(&text, &ParseOptions::default())?;
    }

    #[test]
    fn nearly_legal_texts_give_a_tree_or_errors_inside_the_text(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        lenient_newline in any::<bool>(),
    ) {
        is_sound(&pieces.join(" "), &ParseOptions { lenient_newline, ..ParseOptions::default() })?;
        is_sound(&pieces.concat(), &ParseOptions { lenient_newline, ..ParseOptions::default() })?;
    }

    #[test]
    fn legal_texts_with_a_hole_or_a_piece_too_many_give_a_tree_or_errors_inside_the_text(
        Generated(query) in generated(),
        at in any::<prop::sample::Index>(),
        hole in 0..6_usize,
        piece in prop::sample::select(PIECES),
        lenient_newline in any::<bool>(),
    ) {
        let mut chars: Vec<char> = query.to_string().chars().collect();
        let from = at.index(chars.len() + 1);
        chars.splice(from..(from + hole).min(chars.len()), piece.chars());
        let text: String = chars.into_iter().collect();
        is_sound(&text, &ParseOptions { lenient_newline, ..roomy() })?;
    }

    #[test]
    fn comments_outlive_formatting(Generated(query) in generated(), comments in prop::collection::vec("[a-z|\"'`# ]{0,8}", 5)) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (stage, comment) in query.stages.iter().zip(&comments) {
            let pipe = if text.is_empty() { "" } else { "| " };
            text.push_str(&format!("#{comment}\n{pipe}{}#{comment}\n", stage.command));
            expected.extend([comment, comment]);
        }
        text.push_str(&format!("#{}", comments[4]));
        expected.push(&comments[4]);
        let formatted = LogsQuery::format_with(&text, &roomy()).unwrap();
        let mut rest = formatted.as_str();
        for comment in expected {
            let written = match comment.trim() {
                "" => "#".to_owned(),
                text if text.starts_with('#') => format!("#{text}"),
                text => format!("# {text}"),
            };
            let found = rest.find(&written);
            prop_assert!(found.is_some(), "`{}` is lost from {}", written, formatted);
            rest = rest.get(found.unwrap() + written.len()..).unwrap_or_default();
        }
        prop_assert_eq!(LogsQuery::format_with(&formatted, &roomy()), Ok(formatted));
    }
}
