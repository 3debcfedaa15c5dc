//! FP307: a condition or term stands twice.

use crate::syntax::Rule;
use crate::syntax::filter::FilterPattern;
use crate::{Code, Diagnostic, Fix, Severity};

use super::View;
use super::legs::junctions;
use super::terms;

pub(super) const RULE: Rule = Rule {
    code: Code("FP307"),
    severity: Severity::Warning,
    title: "said twice",
    why: "The same condition or term stands twice in one list, where once is enough. It changes nothing, uses up the 1,024 \
          characters of a pattern, and often stands where another value was meant.",
    bad: "{ $.eventName = \"StopLogging\" || $.eventName = \"DeleteTrail\" || $.eventName = \"StopLogging\" }",
    good: "{ $.eventName = \"StopLogging\" || $.eventName = \"DeleteTrail\" }",
    see: "",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees) {
        for (index, later) in junction.legs.iter().enumerate() {
            let Some(earlier) = junction.legs.iter().take(index).find(|earlier| earlier.expr == later.expr) else {
                continue;
            };
            let what = if later.clause().is_some() { "condition" } else { "group of conditions" };
            let mut finding = Diagnostic::new(
                RULE.code,
                RULE.severity,
                later.span(),
                format!("this {what} stands twice"),
            )
            .also(earlier.span(), "here first")
            .help("remove it, or test the value that was meant");
            if let Some(fix) = later.removal(view.text) {
                finding = finding.fix(fix);
            }
            findings.push(finding);
        }
    }
    let FilterPattern::Terms(terms) = view.pattern else { return };
    for (index, later) in terms.items().iter().enumerate() {
        let Some(earlier) = terms.items().iter().take(index).find(|earlier| *earlier == later) else { continue };
        let gone = terms::removal(view.text, later.span.0);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, later.span.0, "this term stands twice")
                .also(earlier.span.0, "here first")
                .help("remove it, or look for what was meant")
                .fix(Fix::replace("remove it", gone, "")),
        );
    }
}
