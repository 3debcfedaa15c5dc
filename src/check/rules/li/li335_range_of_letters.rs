//! LI335: `[A-z]` in a regex.

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI335"),
    severity: Severity::Warning,
    title: "`[A-z]` is more than letters",
    why: "Between `Z` and `a` stand the signs `[`, `\\`, `]`, `^`, `_` and the backtick, and a range takes them \
          in. The letters of both cases are `[A-Za-z]`.",
    bad: "filter errorCode like /^[A-z]+$/",
    good: "filter errorCode like /^[A-Za-z]+$/",
    see: "",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step) {
            for range in regexes::ranges(&regex.tree) {
                if (range.start.c, range.end.c) == ('A', 'z') {
                    let place = regex.place(range.span.start.offset, range.span.end.offset);
                    findings.push(
                        finding(&RULE, place, "`A-z` takes in six signs that are no letters")
                            .label("also `[`, `]`, `^`, `_`")
                            .help("write `A-Za-z`")
                            .fix(Fix::replace("write `A-Za-z`", place, "A-Za-z")),
                    );
                }
            }
        }
    }
}
