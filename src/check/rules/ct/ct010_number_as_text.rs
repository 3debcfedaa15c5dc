//! CT010: a number of the record is compared with a text.

use crate::diagnostic::{Code, Severity};
use crate::schema::Kind;
use crate::syntax::filter::NumberLiteral;
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::{LiteralKind, Test};
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT010"),
    severity: Severity::Warning,
    title: "the field is a number",
    why: "In quotes a number is a text. A filter pattern then compares it with the spelling in the record, so that `\"353\"` \
          misses `353.0`; whether Logs Insights compares the two at all is disputed.",
    bad: r#"{ $.additionalEventData.bytesTransferredOut = "353" }"#,
    good: "{ $.additionalEventData.bytesTransferredOut = 353 }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, _) in context.known().filter(|(_, field)| field.kind == Kind::Number) {
        let path = context.written(one.span);
        let compared = match &one.test {
            Test::Equal { values, .. } => values.as_slice(),
            Test::Order(value) => std::slice::from_ref(value),
            Test::IsBool(_) => {
                findings.push(finding(&RULE, one.whole, format!("`{path}` is a number, never a boolean")));
                continue;
            }
            _ => continue,
        };
        for value in compared.iter().filter(|value| value.kind == LiteralKind::Text) {
            let Some(text) = value.exact() else { continue };
            if NumberLiteral::new(text).is_some() {
                findings.push(
                    finding(&RULE, value.span, format!("`{path}` is a number, and this is a text"))
                        .help("remove the quotes")
                        .fix(Fix::replace("remove the quotes", value.span, text)),
                );
            } else if context.spelling == Spelling::Filter || one.needs_a_value() {
                findings.push(
                    finding(&RULE, value.span, format!("`{path}` is a number, which this text never equals"))
                        .help("compare with a number"),
                );
            }
        }
    }
}
