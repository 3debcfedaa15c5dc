//! Any tree: prints as text that parses to the same tree, and printing again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::{FilterPattern, Limits};

fuzz_target!(|pattern: FilterPattern| {
    let room = Limits { parse_bytes: usize::MAX, ..Limits::without_quotas() };
    let printed = pattern.to_string();
    let parsed = FilterPattern::parse_with(&printed, &room);
    assert_eq!(parsed.as_ref(), Ok(&pattern), "{printed}");
    assert_eq!(pattern.to_string(), parsed.map(|parsed| parsed.to_string()).unwrap_or_default());
});
