//! LI312: a condition that another one makes idle.

use super::condition::{conjunctions, disjunctions, test};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI312"),
    severity: Severity::Info,
    title: "a condition that never decides",
    why: "Where a field must equal one text, it differs from every other text and need not be told to. Of two \
          alternatives of which one includes the other, the smaller one adds no row. The idle condition costs \
          time and hides what the query asks.",
    bad: "filter eventName = \"StopLogging\" and eventName != \"StartLogging\"",
    good: "filter eventName = \"StopLogging\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let all = conjunctions(context.query).into_iter().map(|legs| (legs, true));
    let any = disjunctions(context.query).into_iter().map(|legs| (legs, false));
    for (legs, together) in all.chain(any) {
        let tests: Vec<_> = legs.iter().filter_map(|leg| Some((*leg, test(leg)?))).collect();
        for (idle, said) in &tests {
            // Under `and` the weaker one is idle, under `or` the stronger one.
            let decisive = tests.iter().find(|(_, other)| {
                if together { other.implies(said) } else { said.implies(other) }
            });
            let Some((decisive, _)) = decisive else { continue };
            let written = context.written(idle.span.0);
            findings.push(
                finding(&RULE, idle.span.0, format!("`{written}` never decides anything"))
                    .label("idle")
                    .also(decisive.span.0, if together { "implies it" } else { "includes it" })
                    .help("remove it, or correct the other one"),
            );
        }
    }
}
