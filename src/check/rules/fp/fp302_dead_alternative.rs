//! FP302: an alternative of `||` can never hold.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::contradiction::dead;
use super::fp301_never_matches::{Reason, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("FP302"),
    severity: Severity::Warning,
    title: "an alternative never holds",
    why: "The conditions of this alternative of `||`, together with those that must hold besides, exclude each other. The \
          pattern matches through its other alternatives only, so what this one was meant to find is never found.",
    bad: "{ ($.eventName = \"PutObject\" && $.errorCode = \"AccessDenied\" && $.errorCode NOT EXISTS) || $.eventName = \"DeleteObject\" }",
    good: "{ ($.eventName = \"PutObject\" && $.errorCode NOT EXISTS) || $.eventName = \"DeleteObject\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let (false, found) = dead(&view.trees) else { return };
    for dead in found {
        let reason = Reason::of(&dead.clauses);
        findings.extend(finding(RULE.code, RULE.severity, view.text, &dead.clauses, |pair| {
            format!("this alternative never holds: {pair}")
        }).map(|finding| finding.help(reason.help())));
    }
}
