//! FP345: a command line takes a pattern that begins with a hyphen for an option.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Severity};

use super::terms::items;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP345"),
    severity: Severity::Hint,
    title: "a hyphen at the start",
    why: "Given to a command as a word of its own, a pattern that begins with a hyphen is read as an option. \
          The service takes a blank before it, and `--filter-pattern=…` keeps both together.",
    bad: "-DEBUG",
    good: "ERROR -DEBUG",
    see: "",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(first) = items(view).first() else { return };
    if first.prefix == Prefix::Excluded && view.text.starts_with('-') {
        findings.push(
            found(&RULE, first.span.0, "on a command line this looks like an option")
                .help("there, write `--filter-pattern=…` in one word"),
        );
    }
}
