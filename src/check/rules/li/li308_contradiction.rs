//! LI308: one field is to equal two texts at once.

use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Command};
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::{comparison, conjuncts, text};

pub(super) const RULE: Rule = Rule {
    code: Code("LI308"),
    severity: Severity::Warning,
    title: "the conditions contradict each other",
    why: "One field is to equal two different texts in the same event, which none does, so nothing passes. Where either of \
          them will do, it is `or`, or a list behind `in`.",
    bad: r#"filter eventName = "DeleteTrail" and eventName = "StopLogging" | stats count(*) as calls by eventSource"#,
    good: r#"filter eventName in ["DeleteTrail", "StopLogging"] | stats count(*) as calls by eventSource"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    // A name may be given anew between two filters, so each is looked at alone.
    for stage in &context.query.stages {
        let Command::Filter { condition, .. } = &stage.command else { continue };
        let mut seen = Vec::new();
        for expr in conjuncts(condition) {
            let Some((BinaryOp::Equal, name, other)) = comparison(expr) else { continue };
            let Some((value, span)) = text(other) else { continue };
            let earlier = seen.iter().find(|(known, other, _)| *known == &name.name && *other != value);
            if let Some((_, other, place)) = earlier {
                findings.push(
                    Diagnostic::new(
                        RULE.code,
                        RULE.severity,
                        span,
                        format!("`{}` cannot be `{other}` and `{value}` in one event", name.name),
                    )
                    .also(*place, "the other text")
                    .help(format!("if either will do, write `{} in [\"{other}\", \"{value}\"]`", name.name)),
                );
            } else {
                seen.push((&name.name, value, span));
            }
        }
    }
}
