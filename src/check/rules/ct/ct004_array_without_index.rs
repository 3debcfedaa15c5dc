//! CT004: the path goes through an array without saying which element.

use crate::diagnostic::{Code, Severity};
use crate::schema::Key;
use crate::{Diagnostic, syntax::Rule};

use super::facts::Test;
use super::paths::Nowhere;
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT004"),
    severity: Severity::Warning,
    title: "the path goes through an array",
    why: "A path does not look into the elements of an array by itself: it has to name one of them, or, in a filter \
          pattern, all of them by `[*]`. Without that it finds nothing.",
    bad: r#"{ $.eventName = "GetObject" && $.resources.type = "AWS::S3::Object" }"#,
    good: r#"{ $.eventName = "GetObject" && $.resources[*].type = "AWS::S3::Object" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for lost in context.lost(Nowhere::Array) {
        let Some(first) = lost.uses.first() else { continue };
        let (array, behind) = (first.path.get(..lost.step), first.path.get(lost.step..));
        let (Some(array), Some(behind)) = (array, behind) else { continue };
        let with = |step: Key<'_>| {
            let path: Vec<Key<'_>> = array.iter().copied().chain([step]).chain(behind.iter().copied()).collect();
            context.spelling.path(&path)
        };
        let (Some(array), Some(one)) = (context.spelling.path(array), with(Key::Index(0))) else { continue };
        let mut found = finding(&RULE, first.span, format!("`{array}` is an array, and its elements have the members"));
        for other in lost.uses.iter().skip(1) {
            found = found.also(other.span, "here too");
        }
        findings.push(match (context.spelling, with(Key::AnyElement)) {
            // A selector beside a pattern takes one value.
            (Spelling::Filter, Some(any)) if !matches!(first.test, Test::Read(_)) => {
                found.help(format!("write `{any}` for any element, or `{one}` for the first"))
            }
            _ => found.help(format!("write `{one}` for the first element")),
        });
    }
}
