//! LI344: a word where `trim` takes a set of characters.

use super::condition::{function, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, Function};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI344"),
    severity: Severity::Warning,
    title: "a word trimmed away letter by letter",
    why: "The second argument of `trim`, `ltrim` and `rtrim` is a set of characters: all of them are taken away \
          from the end of the text, in any order. `ltrim(x, \"assumed-role/\")` also eats the beginning of a \
          role called `deploy`.",
    bad: "fields ltrim(userIdentity.principalId, \"assumed-role/\") as role",
    good: "fields replace(userIdentity.principalId, \"assumed-role/\", \"\") as role",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            if !matches!(function(expr), Some(Function::Trim | Function::LTrim | Function::RTrim)) {
                continue;
            }
            let given = call.arguments.expressions();
            let [_, set] = given.as_slice() else { continue };
            let Some(word) = text(set) else { continue };
            // Nobody writes a character twice into a set.
            let repeats = word
                .char_indices()
                .any(|(at, c)| c.is_alphanumeric() && word.get(..at).is_some_and(|before| before.contains(c)));
            if repeats {
                findings.push(
                    finding(&RULE, set.span.0, format!("`{word}` is taken as a set of characters, not as a word"))
                        .label("each of these, in any order")
                        .help("use `replace(…)` or `regexReplace(…)` to take a word away"),
                );
            }
        }
    }
}
