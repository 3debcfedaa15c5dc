//! FP315: two conditions with `[*]` may hold for two different elements.

use crate::syntax::Rule;
use crate::syntax::filter::{Selector, SelectorStep};
use crate::{Code, Diagnostic, Severity};

use super::clause::{Clause, Test};
use super::legs::junctions;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP315"),
    severity: Severity::Warning,
    title: "each condition may hold for another element",
    why: "A condition with `[*]` holds if some element fulfils it, each condition on its own. Joined by `&&` \
          they are also fulfilled by two different elements, one for each. The language cannot tie conditions \
          to one element.",
    bad: r#"{ $.items[*].kind = "disk" && $.items[*].state = "failed" }"#,
    good: r#"{ $.items[0].kind = "disk" && $.items[0].state = "failed" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees).iter().filter(|junction| junction.all) {
        let clauses: Vec<&Clause<'_>> = junction
            .legs
            .iter()
            .filter_map(|leg| leg.clause())
            .filter(|clause| clause.test != Test::NotExists)
            .collect();
        for (index, later) in clauses.iter().enumerate() {
            let Some(array) = later.selector().and_then(array) else { continue };
            let other = clauses.iter().take(index).find(|earlier| {
                earlier.subject != later.subject && earlier.selector().and_then(self::array) == Some(array)
            });
            let Some(other) = other else { continue };
            let written = Selector::new(array.to_vec()).map(|selector| selector.to_string()).unwrap_or_default();
            findings.push(
                found(&RULE, later.span(), format!("each of these may hold for another value of `{written}`"))
                    .also(other.span(), "the other condition")
                    .help("name one element, as `[0]`; what ties conditions to any one element is beyond the language"),
            );
            break;
        }
    }
}

/// The steps up to and with a wildcard that further steps follow.
fn array(selector: &Selector) -> Option<&[SelectorStep]> {
    let at = selector.steps().iter().position(SelectorStep::is_wildcard)?;
    let (array, rest) = selector.steps().split_at_checked(at + 1)?;
    (!rest.is_empty()).then_some(array)
}
