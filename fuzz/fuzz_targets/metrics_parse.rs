//! Any text: a tree or errors, never a panic; every place lies in the text; a tree prints and parses to itself, and
//! formatting settles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::MetricsQuery;
use trailql::syntax::metrics::{Dialect, ParseOptions};

fuzz_target!(|input: (bool, &str)| {
    let (is_grafana, text) = input;
    let dialect = if is_grafana { Dialect::Grafana } else { Dialect::Strict };
    let options = ParseOptions { dialect, ..ParseOptions::default() };
    let parsed = MetricsQuery::parse_lossy(text, &options);
    assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(|finding| finding.is_error()));
    let checked = parsed.ast.iter().flat_map(MetricsQuery::check);
    for finding in parsed.diagnostics.iter().cloned().chain(checked) {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        if let Some(fix) = &finding.fix {
            assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        }
    }
    let Some(query) = parsed.ast else { return };
    let room = ParseOptions { dialect: Dialect::Grafana, max_chars: usize::MAX };
    let printed = query.to_string();
    let again = MetricsQuery::parse_lossy(&printed, &room);
    assert!(again.ast.as_ref() == Some(&query), "{printed} {:?}", again.diagnostics);
    let formatted = MetricsQuery::format_with(text, &options);
    assert!(
        formatted.as_ref().is_ok_and(|text| MetricsQuery::format_with(text, &room) == formatted),
        "{formatted:?}"
    );
});
