//! Any text: the projection accepts exactly the JSON objects that `serde_json` accepts, at any place in a buffer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::json::{Projection, Slots, Step};

fuzz_target!(|text: &str| {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    let projection =
        Projection::new(&[vec![Step::Key("a".into())], vec![Step::Key("a".into()), Step::Index(1)]]);
    let mut slots = Slots::new();
    let accepted = projection.project(text, &mut slots).is_ok();
    if brackets < 100 {
        let expected = serde_json_accepts(text);
        assert_eq!(accepted, expected, "{text}");
    }
});

fn serde_json_accepts(text: &str) -> bool {
    trailql::eval::plain::is_json_object(text)
}
