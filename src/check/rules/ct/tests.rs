//! Every rule on its own examples, and what makes a text one about CloudTrail.

use crate::check::{Language, Options, Records, check};

use super::RULES;

fn language(text: &str) -> Language {
    if text.starts_with('{') { Language::FilterPattern } else { Language::LogsInsights }
}

fn codes(text: &str, records: Records) -> Vec<&'static str> {
    let options = Options { records, ..Options::default() };
    check(text, language(text), &options).iter().map(|found| found.code.0).collect()
}

#[test]
fn each_rule_speaks_of_its_bad_example_and_of_nothing_else() {
    for rule in RULES {
        for records in [Records::Auto, Records::CloudTrail] {
            let options = Options { records, ..Options::default() };
            let found = check(rule.bad, language(rule.bad), &options);
            let codes: Vec<_> = found.iter().map(|one| one.code).collect();
            assert_eq!(codes, [rule.code], "{records:?}: {}: {found:#?}", rule.bad);
            assert_eq!(found[0].severity, rule.severity, "{}", rule.bad);
            let left = check(rule.good, language(rule.good), &options);
            assert!(left.is_empty(), "{records:?}: {}: {left:#?}", rule.good);
            if let Some(fix) = &found[0].fix {
                let mended = fix.apply(rule.bad);
                let left = check(&mended, language(&mended), &options);
                assert!(left.is_empty(), "{} became {mended}: {left:#?}", rule.bad);
            }
        }
    }
}
