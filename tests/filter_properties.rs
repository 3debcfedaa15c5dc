//! Properties of filter patterns: printing is exact, parsing is total, fast paths equal the plain evaluator.
#![cfg(all(feature = "arbitrary", feature = "reference"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use trailql::eval::{ArbitraryMessage, PrefilterState, plain};
use trailql::{FilterPattern, Limits, LogEvent};

/// Room for every tree that the generator makes.
fn roomy() -> Limits {
    Limits { parse_bytes: usize::MAX, ..Limits::without_quotas() }
}

fn generated<T: for<'a> Arbitrary<'a> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..600)
        .prop_filter_map("the bytes spell nothing", |bytes| T::arbitrary(&mut Unstructured::new(&bytes)).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_is_exact(pattern in generated::<FilterPattern>()) {
        let printed = pattern.to_string();
        let parsed = FilterPattern::parse_with(&printed, &roomy());
        prop_assert_eq!(parsed.as_ref(), Ok(&pattern), "{}", printed);
        prop_assert_eq!(parsed.unwrap().to_string(), printed, "printing twice changes nothing");
    }

    #[test]
    fn any_text_gives_a_tree_or_an_error_inside_the_text(text in "\\PC{0,80}|[{}\\[\\]$.()&|!=<>\"%*?a1 ,'\\\\-]{0,60}") {
        let parsed = FilterPattern::parse_lossy(&text);
        prop_assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(|finding| finding.is_error()));
        for finding in &parsed.diagnostics {
            for label in &finding.labels {
                prop_assert!(text.get(label.span.range()).is_some(), "{} {:?}", text, finding);
            }
            if let Some(fix) = &finding.fix {
                prop_assert!(fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{} {:?}", text, finding);
            }
        }
        if let Some(pattern) = parsed.ast {
            prop_assert_eq!(FilterPattern::parse_with(&pattern.to_string(), &roomy()), Ok(pattern));
        }
    }

    #[test]
    fn slots_equal_the_plain_evaluator(pattern in generated::<FilterPattern>(), messages in prop::collection::vec(generated::<ArbitraryMessage>(), 1..6)) {
        let matcher = pattern.compile(&roomy()).unwrap();
        for ArbitraryMessage(message) in &messages {
            let Some(expected) = plain::is_match(&pattern, message) else { continue };
            let event = LogEvent::new(message);
            prop_assert_eq!(matcher.is_match(&event), expected, "{} on {}", pattern, message);
            let explanation = matcher.explain(&event);
            prop_assert_eq!(explanation.matched, expected);
            prop_assert_eq!(matcher.extract(&event).is_some(), expected);
        }
    }

    #[test]
    fn the_prefilter_leaves_out_no_match(pattern in generated::<FilterPattern>(), message in generated::<ArbitraryMessage>()) {
        let matcher = pattern.compile(&roomy()).unwrap();
        let Some(prefilter) = matcher.prefilter() else { return Ok(()) };
        let ArbitraryMessage(message) = message;
        let mut state = PrefilterState::default();
        while let Some(mut candidates) = prefilter.candidates(&state, &message, true) {
            if candidates.next_from(0).is_none() {
                prop_assert!(!matcher.is_match(&LogEvent::new(&message)), "{} on {}", pattern, message);
            }
            state.observe(1, 1);
        }
    }

    #[test]
    fn the_prefilter_leaves_out_no_match_inside_a_string(pattern in generated::<FilterPattern>(), message in generated::<ArbitraryMessage>(), escape_all in any::<bool>()) {
        let matcher = pattern.compile(&roomy()).unwrap();
        let Some(prefilter) = matcher.string_prefilter() else { return Ok(()) };
        let ArbitraryMessage(message) = message;
        let spelled = if escape_all {
            message.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
        } else {
            serde_json::to_string(&message).unwrap()
        };
        let mut state = PrefilterState::default();
        while let Some(mut candidates) = prefilter.candidates(&state, &spelled, true) {
            if candidates.next_from(0).is_none() {
                prop_assert!(!matcher.is_match(&LogEvent::new(&message)), "{} on {}", pattern, message);
            }
            state.observe(1, 1);
        }
    }
}
