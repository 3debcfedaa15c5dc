//! The twelve broken filters of `tests/compare`: each has exactly the one fault that its line says.
#![cfg(feature = "hosts")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::path::Path;

use trailql::check::{Options, registry};
use trailql::host::{HostKind, check};

#[test]
fn each_filter_has_exactly_its_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare");
    let faults = std::fs::read_to_string(folder.join("faults.tsv")).unwrap();
    let mut count = 0;
    for line in faults.lines() {
        let [file, fault, code] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let text = std::fs::read_to_string(folder.join("twelve").join(file)).unwrap();
        let kind = HostKind::of(file, &text).unwrap();
        let checked = check(kind, &text, &Options::default());
        let found: Vec<&str> = checked.diagnostics.iter().map(|finding| finding.code.0).collect();
        assert_eq!(found, [code], "{file}: {fault}");
        assert!(registry::find(code).is_some());
        let pattern = text.find("FilterPattern:").unwrap()..text.find("MetricTransformations:").unwrap();
        let place = checked.diagnostics[0].span().range();
        assert!(pattern.contains(&place.start) && pattern.contains(&place.end), "{file}");
        count += 1;
    }
    let files = std::fs::read_dir(folder.join("twelve")).unwrap().count();
    assert_eq!((count, files), (12, 12));
}

#[test]
fn a_call_that_is_logged_under_another_name_is_mended() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare/twelve/12-api-name-for-an-event-name.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let checked = check(HostKind::CloudFormation, &text, &Options::default());
    let mended = checked.diagnostics[0].fix.as_ref().unwrap().apply(&text);
    assert_eq!(mended, text.replace("ListObjectsV2", "ListObjects"));
}
