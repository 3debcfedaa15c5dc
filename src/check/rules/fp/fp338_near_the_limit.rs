//! FP338: the pattern is close to the limit of its length.

use crate::syntax::Rule;
use crate::syntax::filter::FilterPattern;
use crate::{Code, Diagnostic, Limits, Severity, Span};

use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP338"),
    severity: Severity::Info,
    title: "the pattern is nearly too long",
    why: "The service takes 1,024 characters. The pattern is close to that, so the next name that is added to \
          it may be refused.",
    bad: "{ \
          $.host = \"web-01.eu-central-1.example.internal\" || $.host = \"web-02.eu-central-1.example.internal\" || \
          $.host = \"web-03.eu-central-1.example.internal\" || $.host = \"web-04.eu-central-1.example.internal\" || \
          $.host = \"web-05.eu-central-1.example.internal\" || $.host = \"web-06.eu-central-1.example.internal\" || \
          $.host = \"web-07.eu-central-1.example.internal\" || $.host = \"web-08.eu-central-1.example.internal\" || \
          $.host = \"web-09.eu-central-1.example.internal\" || $.host = \"web-10.eu-central-1.example.internal\" || \
          $.host = \"web-11.eu-central-1.example.internal\" || $.host = \"web-12.eu-central-1.example.internal\" || \
          $.host = \"web-13.eu-central-1.example.internal\" || $.host = \"web-14.eu-central-1.example.internal\" || \
          $.host = \"web-15.eu-central-1.example.internal\" || $.host = \"web-16.eu-central-1.example.internal\" || \
          $.host = \"web-17.eu-central-1.example.internal\" || $.host = \"web-18.eu-central-1.example.internal\" || \
          $.host = \"web-19.eu-central-1.example.internal\" }",
    good: r#"{ $.host = "web-*" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
};

const WORTH_A_WORD: usize = 900;

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let characters = view.text.chars().count();
    let most = Limits::default().pattern_chars;
    if !(WORTH_A_WORD..=most).contains(&characters) {
        return;
    }
    let tight = match view.pattern {
        FilterPattern::Terms(_) => characters,
        pattern => pattern.to_tight_string().chars().count(),
    };
    let help = if tight < characters {
        format!("its tight spelling, without quotes and blanks that it does not need, has {tight}")
    } else {
        "a value with a star at its end takes several names, and one regex a list of them".to_owned()
    };
    let whole = Span::new(0, view.text.len());
    findings.push(found(&RULE, whole, format!("the pattern has {characters} of {most} characters")).help(help));
}
