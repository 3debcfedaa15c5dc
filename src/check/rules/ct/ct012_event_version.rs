//! CT012: an event version that no record has, or versions compared as decimals.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::facts::{LiteralKind, Test};
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT012"),
    severity: Severity::Warning,
    title: "event versions are no decimals",
    why: "The versions run 1.0, 1.01 to 1.09, 1.10, 1.11: the minor version has two digits. `1.8` is none of them, and as \
          a decimal 1.10 is the same as 1.1 and less than 1.9.",
    bad: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventVersion = "1.8" }"#,
    good: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventVersion = "1.08" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["eventVersion"])) {
        match &one.test {
            // The other language has no order of texts at all.
            Test::Order(bound)
                if context.spelling == Spelling::Logs
                    && bound.kind == LiteralKind::Number
                    && minor(&bound.text).is_some_and(|minor| minor != "1") =>
            {
                    findings.push(
                        finding(&RULE, one.whole, format!("as a decimal, `{}` is larger than version 1.10", bound.text))
                            .help(r#"list the versions: `eventVersion in ["1.10", "1.11"]`"#),
                    );
            }
            Test::Equal { values, .. } => {
                for value in values {
                    let Some(minor) = value.exact().and_then(minor) else { continue };
                    let found = finding(&RULE, value.span, format!("no event version is spelled `{}`", value.text));
                    findings.push(if minor == "1" {
                        found.help("write `\"1.01\"` or `\"1.10\"`")
                    } else {
                        let text = context.spelling.text_for(value, context.text, &format!("1.0{minor}"));
                        found.help(format!("write `{text}`")).fix(Fix::replace(format!("write `{text}`"), value.span, text))
                    });
                }
            }
            _ => {}
        }
    }
}

/// The minor version of `1.8`, where it is a single digit but 0.
fn minor(version: &str) -> Option<&str> {
    let minor = version.strip_prefix("1.")?;
    (minor.len() == 1 && minor.bytes().all(|digit| matches!(digit, b'1'..=b'9'))).then_some(minor)
}
