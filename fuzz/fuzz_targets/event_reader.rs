//! Any bytes in any form: events or problems, never a panic, and every message is valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::events::{EventReader, InputForm};

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (form, bytes) = input;
    let forms = [InputForm::Auto, InputForm::CloudTrail, InputForm::Ndjson, InputForm::Lines, InputForm::Cwl];
    let form = forms[usize::from(form) % forms.len()];
    let mut seen = 0usize;
    let summary = EventReader::new(bytes.as_slice(), form).for_each(|event| {
        seen += 1;
        let _ = event.message().len();
    });
    assert_eq!(summary.events, seen as u64);
});
