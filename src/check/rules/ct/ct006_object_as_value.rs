//! CT006: an object or array is tested or shown as if it had a value.

use crate::diagnostic::{Code, Severity};
use crate::schema::Kind;
use crate::{Diagnostic, syntax::Rule};

use super::facts::Test;
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT006"),
    severity: Severity::Warning,
    title: "an object has no value",
    why: "In a filter pattern no comparison with an object or array holds, neither `=` nor `!=`, not even `= \"*\"`. In \
          Logs Insights only what has no further members is a field, so the object shows nothing and is never present.",
    bad: r#"{ $.eventName = "CreateUser" && $.responseElements = "*" }"#,
    good: r#"{ $.eventName = "CreateUser" && $.responseElements.user.arn = "*" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (one, field) in context.known() {
        let what = match field.kind {
            Kind::Object => "an object",
            Kind::Array => "an array",
            _ => continue,
        };
        if one.is_bracketed || matches!(one.test, Test::IsNull | Test::NotExists) {
            continue;
        }
        let path = context.written(one.span);
        findings.push(match context.spelling {
            // A pattern itself only tests: this is a selector beside it.
            Spelling::Filter if matches!(one.test, Test::Read(_)) => finding(&RULE, one.span, format!("`{path}` is {what}, which has no value to take"))
                .help("name one of its members"),
            Spelling::Filter => finding(&RULE, one.whole, format!("`{path}` is {what}, and no such test of it holds"))
                .help("test one of its members"),
            Spelling::Logs => finding(&RULE, one.span, format!("`{path}` is {what} and no field, so it has no value"))
                .help(format!("name one of its members, or take `jsonParse(@message).{path}`")),
        });
    }
}
