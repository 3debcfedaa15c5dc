//! Any text as any kind of host file: no panic; what is found and what is extracted lies in the file; each place of an
//! embedded text is a place of the file; a file is still of its kind after formatting, which settles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::check::{Language, Options};
use trailql::host::{self, HostKind, Style};

const KINDS: [HostKind; 9] = [
    HostKind::Text(Language::FilterPattern),
    HostKind::Text(Language::LogsInsights),
    HostKind::Text(Language::MetricsInsights),
    HostKind::Stack,
    HostKind::Terraform,
    HostKind::TerraformJson,
    HostKind::CloudFormation,
    HostKind::Dashboard,
    HostKind::Markdown,
];

fuzz_target!(|input: (u8, &str)| {
    let (choice, file) = input;
    let Some(kind) = KINDS.get(usize::from(choice) % KINDS.len()).copied() else { return };
    let extracted = host::extract(kind, file);
    for embedded in &extracted.embedded {
        let characters = embedded.text.char_indices().map(|(at, _)| at);
        for at in characters.chain([embedded.text.len()]) {
            let span = embedded.map.to_source(trailql::Span::at(at));
            assert!(file.get(span.range()).is_some(), "{embedded:?} at {at}");
        }
        assert!(embedded.holes.iter().all(|hole| file.get(hole.source.range()).is_some()), "{embedded:?}");
    }
    let checked = host::check(kind, file, &Options::default());
    for finding in &checked.diagnostics {
        assert!(finding.labels.iter().all(|label| file.get(label.span.range()).is_some()), "{finding:?}");
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        for edit in edits {
            assert!(file.get(edit.span.range()).is_some(), "{finding:?}");
        }
    }
    if let Ok(formatted) = host::format(kind, file, Style::Canonical) {
        let again = host::format(kind, &formatted, Style::Canonical);
        assert_eq!(again.as_ref(), Ok(&formatted), "{file}");
        let before: Vec<_> = extracted.embedded.iter().map(|embedded| embedded.language).collect();
        let after = host::extract(kind, &formatted).embedded;
        assert_eq!(before, after.iter().map(|embedded| embedded.language).collect::<Vec<_>>(), "{formatted}");
    }
});
