//! Any text: a tree or errors, never a panic; every place lies in the text; a tree prints and parses to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::{FilterPattern, Limits};

fuzz_target!(|text: &str| {
    let parsed = FilterPattern::parse_lossy(text);
    assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(|finding| finding.is_error()));
    for finding in &parsed.diagnostics {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        if let Some(fix) = &finding.fix {
            assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        }
    }
    if let Some(pattern) = parsed.ast {
        let room = Limits::without_quotas();
        assert_eq!(FilterPattern::parse_with(&pattern.to_string(), &room), Ok(pattern));
    }
});
