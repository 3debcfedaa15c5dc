//! FP318: a regex stands in quotes.

use crate::syntax::Rule;
use crate::syntax::filter::{ItemAtom, RegexLiteral};
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::regexes::regexes;
use super::terms::items;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP318"),
    severity: Severity::Warning,
    title: "a regex in quotes is a plain text",
    why: "Inside quotes percent signs are ordinary characters: the value is compared with the percent signs in \
          it and finds nothing. A regex stands between two percent signs without quotes. Generators that quote \
          every value, such as the CDK's, need their own form for regexes.",
    bad: r#"{ $.message = "%time.?out%" }"#,
    good: "{ $.message = %time.?out% }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        if let Some(text) = clause.text_value() {
            findings.extend(finding(view, text, clause.place.value));
        }
    }
    for item in items(view) {
        let ItemAtom::Text(text) = &item.atom else { continue };
        let whole = item.span.0.range();
        let prefix = item.span.0.slice(view.text).find('"').unwrap_or_default();
        findings.extend(finding(view, &text.text, Span::new(whole.start + prefix, whole.end)));
    }
}

fn finding(view: &View<'_>, text: &str, span: Span) -> Option<Diagnostic> {
    let body = text.strip_prefix('%')?.strip_suffix('%')?;
    if body.contains('%') || RegexLiteral::new(body).is_err() {
        return None;
    }
    let finding = found(&RULE, span, "in quotes this is a text, not a regex").help("remove the quotes");
    // A pattern takes two.
    Some(if regexes(view).nth(1).is_none() {
        finding.fix(Fix::replace("remove the quotes", span, format!("%{body}%")))
    } else {
        finding
    })
}
