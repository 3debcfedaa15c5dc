//! The examples of a family of rules, as a test sees them.

use crate::check::{Language, Options, check};
use crate::syntax::Rule;
use crate::{Code, Diagnostic};

/// Holds the examples of each rule against everything that is said of a text: the bad one raises the rule alone, with
/// its weight, the good one nothing, and a fix leaves neither the finding nor a new one.
pub(super) fn hold(rules: &[Rule], language: Language) {
    let findings = |text: &str| check(text, language, &Options::default());
    let codes = |findings: &[Diagnostic]| findings.iter().map(|finding| finding.code).collect::<Vec<Code>>();
    assert!(rules.is_sorted_by(|one, next| one.code < next.code));
    for rule in rules {
        let found = findings(rule.bad);
        assert_eq!(codes(&found), [rule.code], "{}: {found:#?}", rule.bad);
        assert_eq!(found[0].severity, rule.severity, "{}", rule.bad);
        let left = findings(rule.good);
        assert!(left.is_empty(), "{}: {left:#?}", rule.good);
        for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
            let mended = fix.apply(rule.bad);
            let left = findings(&mended);
            assert!(left.is_empty(), "{} became {mended}: {left:#?}", rule.bad);
        }
    }
}
