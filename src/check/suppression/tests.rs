//! Comments that silence findings: where they count, and what is said of idle ones.

use crate::check::{Language, Options, check};

/// The codes of the findings that these tests are about.
fn found(query: &str) -> Vec<&'static str> {
    let findings = check(query, Language::LogsInsights, &Options::default());
    let codes = findings.iter().map(|finding| finding.code.0);
    codes.filter(|code| code.starts_with("SU") || *code == "LI106").collect()
}

fn mended(query: &str) -> String {
    let mut text = query.to_owned();
    loop {
        let mut findings = check(&text, Language::LogsInsights, &Options::default()).into_iter();
        match findings.find(|finding| finding.code == super::codes::UNUSED).and_then(|finding| finding.fix) {
            Some(fix) => text = fix.apply(&text),
            None => return text,
        }
    }
}

const BAD: &str = "filter a like \"%b\"";

#[test]
fn a_comment_counts_for_its_own_line_or_the_next() {
    assert_eq!(found(BAD), ["LI106"]);
    assert!(found(&format!("{BAD} # trailql: ignore[LI106] why")).is_empty());
    assert!(found(&format!("{BAD} ## trailql: ignore[ li106 ]")).is_empty());
    assert!(found(&format!("# trailql: ignore[LI106]\n\n# more\n{BAD}")).is_empty());
    assert_eq!(found(&format!("{BAD}\n# trailql: ignore[LI106]\n| limit 5")), ["LI106", "SU002"]);
    assert_eq!(found(&format!("# trailql: ignore[LI106]\nfields c\n| {BAD}")), ["SU002", "LI106"]);
}

#[test]
fn what_silences_nothing_is_found_and_mended() {
    let unused = "fields a # trailql: ignore[LI106] why\n| limit 5".to_owned();
    assert_eq!(found(&unused), ["SU002"]);
    assert_eq!(mended(&unused), "fields a\n| limit 5");
    assert_eq!(mended("  # trailql: ignore[LI106, LI110]\nfields a"), "fields a");
    assert_eq!(
        mended(&format!("{BAD} # trailql: ignore[LI110, LI106] why")),
        format!("{BAD} # trailql: ignore[LI106] why")
    );
    assert_eq!(
        mended(&format!("{BAD} # trailql: ignore[LI106, LI110]")),
        format!("{BAD} # trailql: ignore[LI106]")
    );
}

#[test]
fn a_comment_must_name_codes_that_exist() {
    assert_eq!(found(&format!("{BAD} # trailql: ignore")), ["LI106", "SU001"]);
    assert_eq!(found(&format!("{BAD} # trailql: ignore[]")), ["LI106", "SU001"]);
    assert_eq!(found(&format!("{BAD} # trailql: ignore[LI16]")), ["LI106", "SU003"]);
    assert_eq!(found(&format!("{BAD} # trailql: noqa")), ["LI106", "SU004"]);
    assert_eq!(found(&format!("{BAD} # trailql: ignroe[LI106]")), ["LI106", "SU004"]);
    assert_eq!(found(&format!("{BAD} # trailql: ignore[LI106")), ["LI106", "SU004"]);
    assert_eq!(found(&format!("{BAD} # trailql: a note\n| limit 5")), ["LI106"]);
}

#[test]
fn a_query_of_metrics_has_two_kinds_of_comment() {
    let query = "SELECT AVG(CPUUtilization) FROM SCHEMA(\"AWS/EC2\") GROUP BY InstanceId";
    let found = |text: &str| -> Vec<&'static str> {
        let findings = check(text, Language::MetricsInsights, &Options::default());
        let shown = findings.iter().filter(|finding| finding.severity > crate::Severity::Hint);
        shown.map(|finding| finding.code.0).collect()
    };
    let plain = found(query);
    assert!(!plain.is_empty());
    for marker in ["--", "#"] {
        assert!(found(&format!("{query} {marker} trailql: ignore[{}]", plain.join(","))).is_empty());
    }
}

#[test]
fn examples_raise_what_they_say() {
    for rule in super::codes::RULES {
        assert_eq!(found(rule.bad), [rule.code.0]);
        assert!(found(rule.good).is_empty(), "{}", rule.good);
    }
}
