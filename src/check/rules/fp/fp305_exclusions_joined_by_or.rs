//! FP305: exclusions on different fields are joined to other alternatives by `||`.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::{Clause, Test};
use super::fp303_always_holds::pair_without_remainder;
use super::legs::junctions;

pub(super) const RULE: Rule = Rule {
    code: Code("FP305"),
    severity: Severity::Warning,
    title: "exclusions among the alternatives",
    why: "Each `!=` joined by `||` is an alternative that almost every event fulfils, so the other alternatives make no \
          difference and nothing is excluded. A widespread variant of the benchmark's filter on unauthorized calls has this \
          fault and counts nearly all events.",
    bad: "{ $.errorCode = \"AccessDenied*\" || $.sourceIPAddress != \"delivery.logs.amazonaws.com\" || $.eventName != \"HeadBucket\" }",
    good: "{ $.errorCode = \"AccessDenied*\" && $.sourceIPAddress != \"delivery.logs.amazonaws.com\" && $.eventName != \"HeadBucket\" }",
    see: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees).iter().filter(|junction| !junction.all) {
        let excludes = |clause: &&Clause<'_>| matches!(clause.test, Test::NotEqual(_));
        let exclusions: Vec<&Clause<'_>> =
            junction.legs.iter().filter_map(|leg| leg.clause()).filter(excludes).collect();
        let Some((first, others)) = exclusions.split_first() else { continue };
        let on_several_fields = others.iter().any(|other| other.subject != first.subject);
        let has_other_alternatives = exclusions.len() < junction.legs.len();
        if !on_several_fields || !has_other_alternatives || pair_without_remainder(junction).is_some() {
            continue;
        }
        let finding = Diagnostic::new(
            RULE.code,
            RULE.severity,
            first.span(),
            "as alternatives these exclusions hold for nearly every event",
        );
        let finding = others.iter().fold(finding, |finding, other| finding.also(other.span(), ""));
        findings.push(finding.help("join exclusions by `&&`, and put the alternatives in parentheses: `(a || b) && c != x && d != y`"));
    }
}
