//! Any text as metric math: a tree or errors, never a panic; every place lies in the text; a tree prints and parses to
//! itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::syntax::math::{MathExpression, MathParseOptions};

fuzz_target!(|text: &str| {
    let parsed = MathExpression::parse_lossy(text, &MathParseOptions::default());
    assert_eq!(parsed.ast.is_none(), !parsed.diagnostics.is_empty());
    for finding in &parsed.diagnostics {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        if let Some(fix) = &finding.fix {
            assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        }
    }
    let Some(expression) = parsed.ast else { return };
    let room = MathParseOptions { max_chars: usize::MAX };
    let printed = expression.to_string();
    let again = MathExpression::parse_lossy(&printed, &room);
    assert!(again.ast.as_ref() == Some(&expression), "{printed} {:?}", again.diagnostics);
});
