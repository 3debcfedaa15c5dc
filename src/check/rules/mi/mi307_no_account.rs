//! MI307: an account that is no account ID.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{LabelKey, LabelValue};
use crate::{Code, Diagnostic, Severity};

/// How long account IDs are.
const DIGITS: usize = 12;

pub(super) const RULE: Rule = Rule {
    code: Code("MI307"),
    severity: Severity::Error,
    title: "no account has this ID",
    why: "The ID of an AWS account has 12 digits, leading zeros included, and labels are compared byte for byte. \
          Hyphens, as the console shows them, are no part of it, and neither is an alias.",
    bad: "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = '1111-2222-3333'",
    good: "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = '111122223333'",
    see: "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for predicate in context.predicates() {
        let (LabelKey::Account { .. }, LabelValue::Text { text, span }) = (&predicate.key, &predicate.value)
        else {
            continue;
        };
        // What is spelled as `SEARCH` has it, or with a star, is told by rules of its own.
        let is_told_elsewhere =
            text.eq_ignore_ascii_case("LOCAL") || text.trim().is_empty() || text.contains(['%', '*']);
        let is_id = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_id || is_told_elsewhere {
            continue;
        }
        let finding =
            Diagnostic::error(RULE.code, span.0, format!("`{text}` is no account ID, which has {DIGITS} digits"));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_grouped = digits.len() == DIGITS && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
        findings.push(if is_grouped {
            let written = format!("'{digits}'");
            let title = format!("write `{written}`");
            finding.help(title.clone()).fix(crate::Fix::replace(title, span.0, written))
        } else {
            finding.help("write the 12 digits, or `CURRENT_ACCOUNT_ID()`")
        });
    }
}
