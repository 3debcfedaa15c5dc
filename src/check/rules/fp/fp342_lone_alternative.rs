//! FP342: a single `?` term has no alternative.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::terms::items;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP342"),
    severity: Severity::Info,
    title: "an alternative to nothing",
    why: "Of the terms with `?` one must occur. A single one must occur itself, as it would without the \
          prefix; and the prefix is ignored as soon as a plain term is added.",
    bad: "?ERROR",
    good: "ERROR",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let [only] = items(view) else { return };
    if only.prefix == Prefix::Optional {
        let start = only.span.0.range().start;
        findings.push(
            found(&RULE, only.span.0, "this term has no alternative")
                .help("remove the `?`, or add the others, each with a `?`")
                .fix(Fix::replace("remove the `?`", Span::new(start, start + 1), "")),
        );
    }
}
