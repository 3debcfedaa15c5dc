//! LI359: a regex in the quotes of `parse`, where it is a glob.

use super::pipeline::steps;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ParseMode};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI359"),
    severity: Severity::Warning,
    title: "a regex in the quotes of `parse`",
    why: "In quotes the pattern of `parse` is a glob: `*` takes text, and everything else stands for itself, \
          `(.` and `)` included. Such a pattern finds nothing in most logs. A regex stands between slashes.",
    bad: "parse @message \"user=(.*) \" as user",
    good: "parse @message \"user=* \" as user",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html",
};

const SIGNS: &[&str] = &["(.*)", "(.*?)", "([^", "(?<", "(?P<", "\\d*", "\\d+", "\\w*", "\\w+", "\\S*", "\\S+", "\\s*", "[^*"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Parse(parse) = &step.stage.command else { continue };
        let ParseMode::Glob { pattern, .. } = &parse.mode else { continue };
        if let Some(sign) = SIGNS.iter().find(|sign| pattern.text.contains(**sign)) {
            findings.push(
                finding(&RULE, pattern.span.0, format!("`{sign}` in quotes is no regex: only `*` takes text"))
                    .label("a glob")
                    .help("write the regex between slashes, or a `*` for each part to take"),
            );
        }
    }
}
