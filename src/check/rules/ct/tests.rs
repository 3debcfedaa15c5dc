//! Every rule on its own examples, and what makes a text one about CloudTrail.

use crate::check::{Language, Options, Records, check};

use super::RULES;

fn language(text: &str) -> Language {
    if text.starts_with('{') { Language::FilterPattern } else { Language::LogsInsights }
}

#[test]
fn each_rule_speaks_of_its_bad_example_and_of_nothing_else() {
    let mut faults = Vec::new();
    for rule in RULES {
        for records in [Records::Auto, Records::CloudTrail] {
            let options = Options { records, ..Options::default() };
            let found = check(rule.bad, language(rule.bad), &options);
            let is_alone =
                matches!(found.as_slice(), [one] if one.code == rule.code && one.severity == rule.severity);
            if !is_alone {
                faults.push(format!("{} {records:?}: {}: {found:#?}", rule.code, rule.bad));
            }
            let left = check(rule.good, language(rule.good), &options);
            if !left.is_empty() {
                faults.push(format!("{} {records:?}: {}: {left:#?}", rule.code, rule.good));
            }
            for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
                let mended = fix.apply(rule.bad);
                let left = check(&mended, language(&mended), &options);
                if !left.is_empty() {
                    faults.push(format!("{}: {} became {mended}: {left:#?}", rule.code, rule.bad));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
