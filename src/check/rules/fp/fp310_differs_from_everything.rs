//! FP310: `!= "*"`, which nothing fulfils.

use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::View;
use super::clause::{Subject, Test};
use super::contradiction::is_void;

pub(super) const RULE: Rule = Rule {
    code: Code("FP310"),
    severity: Severity::Warning,
    title: "nothing differs from `*`",
    why: "The star alone stands for every text and number, and `!=` asks for a text or number that is there: `!= \"*\"` holds for \
          no event, not even for one without the member. Absence is `NOT EXISTS`.",
    bad: "{ $.eventName = \"GetObject\" && $.errorCode != \"*\" }",
    good: "{ $.eventName = \"GetObject\" && $.errorCode NOT EXISTS }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| is_void(clause)) {
        let mut finding = Diagnostic::new(
            RULE.code,
            RULE.severity,
            clause.span(),
            format!("`{}` never holds", clause.span().slice(view.text)),
        );
        finding = match (clause.subject, clause.test) {
            (Subject::Member(_), Test::NotEqual(Value::Text(_))) => {
                let replaced = Span { start: clause.place.operator.start, end: clause.span().end };
                let before = replaced.range().start.checked_sub(1).and_then(|at| view.text.get(at..at + 1));
                let absent = if before == Some(" ") { "NOT EXISTS" } else { " NOT EXISTS" };
                finding
                    .help("absence is `NOT EXISTS`")
                    .fix(Fix::replace("write `NOT EXISTS`", replaced, absent))
            }
            (Subject::Member(_), _) => finding.help("absence is `NOT EXISTS`"),
            (Subject::Field(_), _) => finding.help("a field of a line is always there"),
        };
        findings.push(finding);
    }
}
