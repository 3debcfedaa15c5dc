//! LI360: two `*` of a glob side by side.

use super::pipeline::steps;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ParseMode};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI360"),
    severity: Severity::Warning,
    title: "two `*` side by side",
    why: "A `*` takes as little text as it can up to what follows it. With another `*` right behind it, it \
          takes nothing, and the second one takes all.",
    bad: "parse @message \"user=**\" as user, rest",
    good: "parse @message \"user=* *\" as user, rest",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Parse(parse) = &step.stage.command else { continue };
        let ParseMode::Glob { pattern, .. } = &parse.mode else { continue };
        if pattern.text.contains("**") && !pattern.text.contains("\\*") {
            findings.push(
                finding(&RULE, pattern.span.0, "of two `*` side by side the first one takes nothing")
                    .label("nothing stands between them")
                    .help("write what stands between the two parts"),
            );
        }
    }
}
