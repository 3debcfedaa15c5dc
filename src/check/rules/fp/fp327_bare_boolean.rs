//! FP327: an unquoted true or false is the word, not the boolean.

use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Severity};

use super::clause::{Subject, Test};
use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP327"),
    severity: Severity::Warning,
    title: "`true` and `false` are words here",
    why: "The value behind `=` is a text, also without quotes. It equals the text `true`, never the JSON \
          boolean, which fulfils no comparison at all: booleans are tested by `IS TRUE` and `IS FALSE`.",
    bad: "{ $.request.cached = true }",
    good: "{ $.request.cached IS TRUE }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let (Subject::Member(selector), Some(Value::Text(text))) = (clause.subject, clause.value()) else { continue };
        let word = text.text.to_ascii_lowercase();
        // Of the fields that it knows the schema knows the type too.
        if text.quoted.0 || !matches!(word.as_str(), "true" | "false") || record::field(view.schema, selector).is_some() {
            continue;
        }
        let negated = matches!(clause.test, Test::NotEqual(_));
        let keyword = if (word == "true") != negated { "IS TRUE" } else { "IS FALSE" };
        findings.push(
            found(&RULE, clause.place.value, format!("this is the text `{}`, which no boolean equals", text.text))
                .help(format!("for the boolean write `{selector} {keyword}`; for the text put it in quotes")),
        );
    }
}
