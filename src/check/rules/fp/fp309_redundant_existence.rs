//! FP309: existence is tested beside a condition that implies it.

use crate::plan::glob::Glob;
use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::{Clause, Test};
use super::contradiction::is_void;
use super::domain::implies;
use super::legs::junctions;

pub(super) const RULE: Rule = Rule {
    code: Code("FP309"),
    severity: Severity::Info,
    title: "existence follows from another condition",
    why: "`= \"*\"` holds where a member is a text or number. Every comparison, `!=` too, holds only there: beside one of them \
          the test says nothing.",
    bad: "{ $.errorCode = \"*\" && $.errorCode != \"AccessDenied\" }",
    good: "{ $.errorCode != \"AccessDenied\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees).iter().filter(|junction| junction.all) {
        for leg in &junction.legs {
            let Some(clause) = leg.clause().filter(|clause| is_existence(clause)) else { continue };
            let by = junction.legs.iter().filter_map(|other| other.clause()).find(|other| {
                other.subject == clause.subject
                    && !is_existence(other)
                    && !is_void(other)
                    && implies(other, clause)
            });
            let Some(other) = by else { continue };
            let mut finding = Diagnostic::new(
                RULE.code,
                RULE.severity,
                clause.span(),
                format!("`{}` holds only where `{}` is there", other.span().slice(view.text), clause.subject),
            )
            .also(other.span(), "this one")
            .help("remove the test of existence");
            if let Some(fix) = leg.removal(view.text) {
                finding = finding.fix(fix);
            }
            findings.push(finding);
        }
    }
}

/// Whether the condition is `= "*"`.
pub(super) fn is_existence(clause: &Clause<'_>) -> bool {
    match clause.test {
        Test::Equal(Value::Text(text)) => Glob::new(&text.text) == Glob::Any,
        _ => false,
    }
}
