//! Any text as a stack file: a stack or errors, never a panic; every place lies in the text; a file that was TOML is TOML
//! after each fix; a stack without errors replays.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::EpochMillis;
use trailql::backtest::{Backtest, BacktestOptions};
use trailql::series::{MetricStore, StorageResolution, TimeRange, Unit};
use trailql::stack::Stack;

fuzz_target!(|text: &str| {
    let parsed = Stack::parse_lossy(text);
    let (mut findings, mut checked) = (parsed.diagnostics, None);
    if let Some(stack) = &parsed.ast {
        let result = stack.check(text);
        findings.extend(result.diagnostics);
        checked = result.ast;
    }
    for finding in &findings {
        assert!(finding.labels.iter().all(|label| text.get(label.span.range()).is_some()), "{finding:?}");
        let Some(fix) = &finding.fix else { continue };
        assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{finding:?}");
        if parsed.ast.is_some() {
            let fixed = fix.apply(text);
            let again = Stack::parse_lossy(&fixed);
            assert!(again.ast.is_some(), "{fixed} {:?}", again.diagnostics);
        }
    }
    assert_eq!(checked.is_none(), findings.iter().any(|finding| finding.is_error()));
    let Some(stack) = checked else { return };
    let mut store = MetricStore::new();
    for (index, filter) in stack.filters().iter().enumerate() {
        for minute in 0..40_i64 {
            let at = EpochMillis(1_725_235_200_000 + minute * 60_000);
            let _ = store.put(
                &filter.metric(),
                Unit::Count,
                StorageResolution::Minute,
                at,
                (minute % 7) as f64 + index as f64,
            );
        }
    }
    let start = EpochMillis(1_725_235_200_000);
    let range = TimeRange { start, end: EpochMillis(start.0 + 2_400_000) };
    let _ = Backtest::run(&stack, &store, range, &BacktestOptions::default());
});
