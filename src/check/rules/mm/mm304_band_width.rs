//! MM304: a band that is not wider than nothing.

use super::{Context, constant};
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM304"),
    severity: Severity::Error,
    title: "the width of the band is not above 0",
    why: "The second argument of `ANOMALY_DETECTION_BAND` is a number of standard deviations above 0; 2 is taken \
          where there is none.",
    bad: "ANOMALY_DETECTION_BAND(m1, 0)",
    good: "ANOMALY_DETECTION_BAND(m1, 2)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Call(MathCall::Band(band)) = &part.kind else { return };
        let Some(width) = band.width.as_deref() else { return };
        if constant(width).is_some_and(|number| number <= 0.0) {
            let message = format!("a band of `{width}` standard deviations does not exist");
            findings.push(
                Diagnostic::error(RULE.code, width.span.0, message)
                    .help("write a number above 0: the larger, the wider the band"),
            );
        }
    });
}
