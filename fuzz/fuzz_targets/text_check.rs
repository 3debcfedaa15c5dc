//! Any text in any language, with every rule and the schema: no panic, every place lies in the text, findings are in order,
//! and a fix makes nothing illegal that was legal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::Diagnostic;
use trailql::check::{Language, Options, Records, check};

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let language = match choice % 4 {
        0 => Language::FilterPattern,
        1 => Language::LogsInsights,
        2 => Language::MetricsInsights,
        _ => Language::MetricMath,
    };
    let records = if choice < 128 { Records::CloudTrail } else { Records::Auto };
    let options = Options { records, ..Options::default() };
    let findings = check(text, language, &options);
    assert!(findings.is_sorted_by_key(Diagnostic::span), "{findings:?}");
    let was_legal = !findings.iter().any(Diagnostic::is_error);
    for finding in &findings {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        let Some(fix) = &finding.fix else { continue };
        assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        if was_legal {
            let fixed = fix.apply(text);
            let left = check(&fixed, language, &options);
            assert!(!left.iter().any(Diagnostic::is_error), "{finding:?}\n{fixed}\n{left:?}");
        }
    }
});
