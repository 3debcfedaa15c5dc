//! Any text: a tree or errors, never a panic; every place lies in the text; a tree prints and parses to itself, and
//! formatting settles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::LogsQuery;
use trailql::syntax::logs::ParseOptions;

fuzz_target!(|input: (bool, &str)| {
    let (lenient_newline, text) = input;
    let options = ParseOptions { lenient_newline, ..ParseOptions::default() };
    let parsed = LogsQuery::parse_lossy(text, &options);
    assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(|finding| finding.is_error()));
    for finding in &parsed.diagnostics {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        if let Some(fix) = &finding.fix {
            assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        }
    }
    let Some(query) = parsed.ast else { return };
    let room = ParseOptions { max_chars: usize::MAX, nesting: 128, ..ParseOptions::default() };
    let printed = query.to_string();
    let again = LogsQuery::parse_lossy(&printed, &room);
    assert!(again.ast.as_ref() == Some(&query), "{printed} {:?}", again.diagnostics);
    let formatted = LogsQuery::format_with(text, &options);
    assert!(
        formatted.as_ref().is_ok_and(|text| LogsQuery::format_with(text, &room) == formatted),
        "{formatted:?}"
    );
});
