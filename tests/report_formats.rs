//! What other programs read of a report: SARIF against its published schema, GitLab's and JUnit's required members.
//!
//! The schema in `tests/golden` is that of OASIS, as the crate `serde-sarif` ships it.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Value, json};
use trailql::check::{Language, Options, check, registry};
use trailql::report::{Checked, gitlab, junit, sarif};
use trailql::{Code, Diagnostic, Fix, Severity, Span};

const FILTER: &str = "{ $.eventName == ConsoleLogin }";
const QUERY: &str =
    "filter eventName like \"%Object%\"\n| sort \u{1d5ba} | fields eventName\n| sort by eventName";

/// A file with an error that has a fix, one with several findings behind characters of several bytes, and a clean one.
struct Files {
    filter: Vec<Diagnostic>,
    query: Vec<Diagnostic>,
}

impl Files {
    fn new() -> Self {
        let filter = check(FILTER, Language::FilterPattern, &Options::default());
        let mut query = check(QUERY, Language::LogsInsights, &Options::default());
        let last = Span::new(QUERY.len() - 9, QUERY.len());
        query.push(
            Diagnostic::new(Code("LI111"), Severity::Info, last, "a <word> & \"another\"\u{1}")
                .also(Span::new(0, 6), "here")
                .fix(Fix::replace("insert", Span::at(3), "x")),
        );
        assert!(filter.iter().any(|finding| finding.fix.is_some()) && query.len() > 2);
        Files { filter, query }
    }

    fn checked(&self) -> [Checked<'_>; 3] {
        [
            Checked { name: "rules/root login.cwfilter", source: FILTER, diagnostics: &self.filter },
            Checked { name: "./b.cwlogs", source: QUERY, diagnostics: &self.query },
            Checked { name: "/srv/clean.cwfilter", source: "ERROR", diagnostics: &[] },
        ]
    }
}

fn sarif_of(checked: &[Checked<'_>]) -> Value {
    serde_json::from_str(&sarif::render(checked, |code| registry::find(code.0), registry::reference)).unwrap()
}

#[test]
fn sarif_follows_its_published_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sarif-2.1.0.schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // The published pattern of a language has a bracket too many and is no regex of ECMA 262.
    for holder in ["run", "toolComponent"] {
        let language =
            schema.pointer_mut(&format!("/definitions/{holder}/properties/language/pattern")).unwrap();
        assert_eq!(language.take(), "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        *language = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    let validator = jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap();
    for document in [sarif_of(&Files::new().checked()), sarif_of(&[])] {
        let faults: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
    }
    // The validator would notice.
    let mut broken = sarif_of(&Files::new().checked());
    broken["runs"][0]["results"][0]["level"] = json!("fatal");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn sarif_tells_rules_places_and_fixes() {
    let files = Files::new();
    let document = sarif_of(&files.checked());
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        let known = registry::find(rule["id"].as_str().unwrap()).unwrap();
        assert_eq!(rule["fullDescription"]["text"], known.why);
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://docs.aws.amazon.com/"));
        assert!(rule["defaultConfiguration"]["level"].is_string());
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), files.filter.len() + files.query.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let first = &results[0];
    assert_eq!((&first["ruleId"], &first["level"]), (&json!("FP007"), &json!("error")));
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "rules/root%20login.cwfilter");
    let region = json!({ "startLine": 1, "startColumn": 15, "endLine": 1, "endColumn": 17 });
    assert_eq!(place["region"], region);
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement, &json!({ "deletedRegion": region, "insertedContent": { "text": "=" } }));
    let last = results.last().unwrap();
    assert_eq!(last["locations"][0]["physicalLocation"]["region"]["startColumn"], 11);
    assert_eq!(last["relatedLocations"][0]["message"]["text"], "here");
}

#[test]
fn gitlab_gets_its_required_members_and_no_fingerprint_twice() {
    let files = Files::new();
    let report: Value = serde_json::from_str(&gitlab::render(&files.checked())).unwrap();
    let issues = report.as_array().unwrap();
    assert_eq!(issues.len(), files.filter.len() + files.query.len());
    let mut fingerprints = HashSet::new();
    for issue in issues {
        assert!(!issue["description"].as_str().unwrap().is_empty());
        assert!(registry::find(issue["check_name"].as_str().unwrap()).is_some());
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()));
        let weight = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&weight), "{weight}");
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'), "{path}");
        assert!(issue["location"]["positions"]["begin"]["line"].as_u64().unwrap() >= 1);
    }
    assert_eq!(gitlab::render(&[]), "[]\n");
}

#[test]
fn junit_is_xml_that_counts_right() {
    let files = Files::new();
    let text = junit::render(&files.checked(), |severity| severity >= Severity::Warning);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let suites: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
    let names: Vec<_> = suites.iter().map(|suite| suite.attribute("name").unwrap()).collect();
    assert_eq!(names, ["rules/root login.cwfilter", "./b.cwlogs", "/srv/clean.cwfilter"]);
    let mut totals = (0, 0);
    for suite in &suites {
        let count = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        let said = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((said("tests"), said("failures")), (count("testcase"), count("failure")));
        assert!(count("testcase") > 0);
        totals = (totals.0 + said("tests"), totals.1 + said("failures"));
    }
    let said = |name: &str| root.attribute(name).unwrap().parse::<usize>().unwrap();
    assert_eq!((said("tests"), said("failures")), totals);
    let heavy = files.filter.iter().chain(&files.query).filter(|f| f.severity >= Severity::Warning).count();
    assert_eq!(totals.1, heavy);
    let light = document.descendants().rfind(|node| node.has_tag_name("system-out")).unwrap();
    assert_eq!(light.text().unwrap(), "info: ./b.cwlogs:3:11: a <word> & \"another\"?");
}
