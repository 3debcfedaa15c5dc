//! LI336: an alternative of nothing, which everything matches.

use regex_syntax::ast::Ast;

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI336"),
    severity: Severity::Warning,
    title: "an alternative of nothing",
    why: "A regex is looked for anywhere in a text, and nothing is found in every text. With an empty \
          alternative, as a `|` at the end or a doubled one makes it, the condition holds wherever the field is \
          there.",
    bad: "filter errorCode like /AccessDenied|Unauthorized|/",
    good: "filter errorCode like /AccessDenied|Unauthorized/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step).into_iter().filter(|regex| regex.like.is_some()) {
            let alternatives = regex.alternatives();
            if alternatives.len() > 1 && alternatives.iter().any(|leg| matches!(leg, Ast::Empty(_))) {
                findings.push(
                    finding(&RULE, regex.span, "an alternative of this regex is empty, so it matches every text")
                        .label("a `|` too many")
                        .help("remove the `|`; write `\\|` for the sign"),
                );
            }
        }
    }
}
