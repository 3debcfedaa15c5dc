//! Any tree on any message: slots, extraction, explanation and prefilter agree with the plain evaluator.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::eval::{ArbitraryMessage, PrefilterState, plain};
use trailql::{FilterPattern, Limits, LogEvent};

fuzz_target!(|input: (FilterPattern, ArbitraryMessage)| {
    let (pattern, ArbitraryMessage(message)) = input;
    let Some(expected) = plain::is_match(&pattern, &message) else { return };
    let Ok(matcher) = pattern.compile(&Limits::default()) else { return };
    let event = LogEvent::new(&message);
    assert_eq!(matcher.is_match(&event), expected, "{pattern} on {message}");
    assert_eq!(matcher.extract(&event).is_some(), expected, "{pattern} on {message}");
    assert_eq!(matcher.explain(&event).matched, expected, "{pattern} on {message}");
    let Some(prefilter) = matcher.prefilter() else { return };
    let mut state = PrefilterState::default();
    while let Some(mut candidates) = prefilter.candidates(&state, &message, true) {
        assert!(candidates.next_from(0).is_some() || !expected, "{pattern} on {message}");
        state.observe(1, 1);
    }
});
