//! LI301: a star or percent sign in a text that is compared as it is.

use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind, InSet};
use crate::{Code, Diagnostic, Severity, Span};

use super::Context;
use super::expressions::{comparison, each, field, literal_text, text};

pub(super) const RULE: Rule = Rule {
    code: Code("LI301"),
    severity: Severity::Warning,
    title: "equality has no wildcards",
    why: "`=`, `!=` and `in` compare a text as it is: a star or percent sign in it is that character. Stars at the ends of a \
          value are a habit of filter patterns; here it is `like` that looks for a part of a text.",
    bad: r#"filter eventName = "Delete*" | stats count(*) as calls by eventName"#,
    good: r#"filter eventName like /^Delete/ | stats count(*) as calls by eventName"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        if let Some((BinaryOp::Equal | BinaryOp::NotEqual, name, other)) = comparison(expr)
            && let Some((value, span)) = text(other)
        {
            findings.extend(finding(&name.name, value, span));
        }
        if let ExprKind::In { operand, set: InSet::List(values), .. } = &expr.kind
            && let Some(name) = field(operand)
        {
            let texts = values.iter().filter_map(literal_text);
            findings.extend(texts.filter_map(|(value, span)| finding(&name.name, value, span)));
        }
    });
}

fn finding(name: &str, value: &str, span: Span) -> Option<Diagnostic> {
    let is_wild = |c: char| matches!(c, '*' | '%');
    let inner = value.trim_matches(is_wild);
    // A star alone, or one between other characters, may well be what is in the data.
    let is_meant = inner.len() < value.len() && inner.len() >= 3 && !inner.contains(is_wild);
    is_meant.then(|| {
        let start = if value.starts_with(is_wild) { "" } else { "^" };
        let end = if value.ends_with(is_wild) { "" } else { "$" };
        Diagnostic::new(RULE.code, RULE.severity, span, format!("`{value}` is compared as it is, wildcard included"))
            .help(format!("write `{name} like /{start}{}{end}/`", regex::escape(inner)))
    })
}
