//! CT011: a text of the record is compared as a number.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Field, Kind};
use crate::{Diagnostic, syntax::Rule};

use super::facts::{LiteralKind, Test};
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT011"),
    severity: Severity::Warning,
    title: "a text is neither smaller nor larger than a number",
    why: "In a filter pattern `<`, `<=`, `>` and `>=` are false for every text, even for one of digits, and account ids, \
          versions and times of a record are texts. In Logs Insights a text of digits counts as a number, but names and \
          times never do.",
    bad: "{ $.recipientAccountId > 100000000000 }",
    good: r#"{ $.recipientAccountId = "1*" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

/// Texts that are never a number, whatever a user may call things.
const NEVER_NUMBERS: &[&str] = &[
    "awsRegion",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "sourceIPAddress",
    "tlsDetails.cipherSuite",
    "tlsDetails.tlsVersion",
    "userAgent",
    "userIdentity.arn",
    "userIdentity.invokedBy",
    "userIdentity.sessionContext.attributes.creationDate",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.type",
    "userIdentity.type",
];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known().filter(|(_, field)| field.kind == Kind::String) {
        let path = context.written(one.span);
        let is_wrong = match (&one.test, context.spelling) {
            (Test::Order(_), Spelling::Filter) => true,
            (Test::Order(value), Spelling::Logs) => value.kind == LiteralKind::Number && is_never_a_number(field),
            (Test::Equal { values, .. }, Spelling::Logs) => {
                values.iter().any(|value| value.kind == LiteralKind::Number) && is_never_a_number(field)
            }
            _ => false,
        };
        if !is_wrong {
            continue;
        }
        let found = finding(&RULE, one.whole, format!("`{path}` is a text, and this comparison with a number never holds"));
        findings.push(match (field.path.as_str(), context.spelling) {
            ("eventTime", Spelling::Logs) => found.help("the time range of the query chooses by time, and `toMillis(@timestamp)` is a number"),
            ("eventTime", Spelling::Filter) => found.help("a prefix chooses by time: `\"2026-03-01T*\"`"),
            (_, Spelling::Filter) => found.help("compare by `=` with a text, which may end in `*`, or by a regex"),
            (_, Spelling::Logs) => found.help("compare with a text in quotes"),
        });
    }
}

fn is_never_a_number(field: &Field) -> bool {
    NEVER_NUMBERS.contains(&field.path.as_str())
}
