//! LI354: a result used under the text that computes it.

use super::pipeline::{names_read, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ExprKind, ItemLabel};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI354"),
    severity: Severity::Info,
    title: "a result without a name",
    why: "A result without `as` is called by the text that computes it, blanks and all, and later stages name \
          it by that text in backticks. How the text is kept is not documented, and the name breaks when the \
          expression is touched.",
    bad: "stats count(*) by eventName | sort `count(*)` desc",
    good: "stats count(*) as n by eventName | sort n desc",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        for item in &stats.aggregates {
            let ItemLabel::Source(text) = &item.label else { continue };
            let is_used = step.behind().iter().flat_map(names_read).any(|read| read == text);
            if is_used && !matches!(item.expr.kind, ExprKind::Field(_)) {
                findings.push(
                    finding(&RULE, item.expr.span.0, format!("`{text}` is used later and has no name"))
                        .label("called by its text")
                        .help("give it a name by `as`, and use that"),
                );
            }
        }
    }
}
