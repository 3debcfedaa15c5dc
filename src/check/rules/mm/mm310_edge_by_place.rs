//! MM310: an edge of a band taken by its place.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind, PlainFunction};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM310"),
    severity: Severity::Info,
    title: "an edge of a band by its place",
    why: "The service's own guide once called the last series of a band its lower edge, and now its upper one. \
          An expression that takes `FIRST` or `LAST` of a band relies on an order that changed in the documentation.",
    bad: "LAST(ANOMALY_DETECTION_BAND(m1, 2))",
    good: "ANOMALY_DETECTION_BAND(m1, 2)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Call(MathCall::Plain { function, argument }) = &part.kind else { return };
        let edge = match function {
            PlainFunction::First => "lower",
            PlainFunction::Last => "upper",
            _ => return,
        };
        if matches!(argument.kind, MathKind::Call(MathCall::Band(_))) {
            let message =
                format!("`{}` of a band is its {edge} edge, which the guide has not always said", function.as_str());
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, part.span.0, message)
                    .help("compare an alarm with the band by `ThresholdMetricId` where that will do"),
            );
        }
    });
}
