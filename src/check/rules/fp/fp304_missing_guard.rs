//! FP304: `!=` on a field that some records lack.

use crate::schema::Occurrence;
use crate::syntax::Rule;
use crate::syntax::filter::{Expr, Value};
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::{Clause, Test};
use super::contradiction::is_void;
use super::record;

pub(super) const RULE: Rule = Rule {
    code: Code("FP304"),
    severity: Severity::Info,
    title: "`!=` on a field that can be absent",
    why: "`!=` holds for a text or number that is there and differs. A record without the field, or with null in it, does \
          not match, although one would say that it has another value. To take such records along, add `NOT EXISTS` as an \
          alternative.",
    bad: "{ $.eventName = \"GetObject\" && $.userIdentity.userName != \"backup\" }",
    good: "{ $.eventName = \"GetObject\" && ($.userIdentity.userName != \"backup\" || $.userIdentity.userName NOT EXISTS) }",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    if view.schema.is_none() {
        return;
    }
    view.trees.iter().for_each(|tree| walk(view, tree, &[], false, findings));
}

/// `given` are the conditions that hold whenever this one counts; `guarded` tells whether alternatives of it do not need
/// the field.
fn walk<'a>(
    view: &View<'_>,
    expr: &Expr<Clause<'a>>,
    given: &[Clause<'a>],
    guarded: bool,
    findings: &mut Vec<Diagnostic>,
) {
    match expr {
        Expr::Leaf(clause) if !guarded => findings.extend(finding(view, clause, given)),
        Expr::Leaf(_) => {}
        Expr::And(legs) => {
            let mut known = given.to_vec();
            known.extend(legs.legs().iter().filter_map(leaf));
            legs.legs().iter().for_each(|leg| walk(view, leg, &known, guarded, findings));
        }
        Expr::Or(legs) => {
            let alternatives: Vec<Clause<'a>> = legs.legs().iter().filter_map(leaf).collect();
            for leg in legs.legs() {
                let has_guard = leaf(leg).is_some_and(|clause| {
                    alternatives.iter().any(|other| other.subject == clause.subject && takes_absence(other))
                });
                walk(view, leg, given, guarded || has_guard, findings);
            }
        }
    }
}

fn leaf<'a>(expr: &Expr<Clause<'a>>) -> Option<Clause<'a>> {
    match expr {
        Expr::Leaf(clause) => Some(*clause),
        _ => None,
    }
}

fn takes_absence(clause: &Clause<'_>) -> bool {
    matches!(clause.test, Test::NotExists | Test::IsNull)
}

fn finding(view: &View<'_>, clause: &Clause<'_>, given: &[Clause<'_>]) -> Option<Diagnostic> {
    let (Test::NotEqual(_), Some(selector)) = (clause.test, clause.selector()) else { return None };
    let field = record::field(view.schema, selector)?;
    if field.occurrence == Occurrence::Always
        || clause.subject.has_wildcard()
        || is_void(clause)
        || given.iter().any(|other| says_that_it_is_there(other, clause) || record_has(other, &field.path))
    {
        return None;
    }
    let written = clause.span().slice(view.text);
    let message = if matches!(field.path.as_str(), "errorCode" | "errorMessage") {
        format!("a call that succeeded has no `{selector}` and does not match")
    } else {
        format!("a record without `{selector}` does not match")
    };
    Some(
        Diagnostic::new(RULE.code, RULE.severity, clause.span(), message)
            .help(format!("to take such records along write `({written} || {selector} NOT EXISTS)`")),
    )
}

/// Whether another condition on the field, or on something inside of it, holds only where the field is there.
fn says_that_it_is_there(other: &Clause<'_>, clause: &Clause<'_>) -> bool {
    other.subject == clause.subject
        && matches!(other.test, Test::Equal(_) | Test::Order(..) | Test::IsBool(_))
}

/// Whether a record that fulfils the condition always has the field.
fn record_has(given: &Clause<'_>, path: &str) -> bool {
    let (Test::Equal(Value::Text(value)), Some(selector)) = (given.test, given.selector()) else { return false };
    match (selector.to_string().as_str(), value.text.as_str()) {
        ("$.eventName", "ConsoleLogin") => path.starts_with("additionalEventData."),
        ("$.userIdentity.type", kind) => {
            let members: &[&str] = match kind {
                "IAMUser" => &["principalId", "arn", "accountId", "userName"],
                "Root" => &["principalId", "arn", "accountId"],
                "AssumedRole" => &[
                    "principalId",
                    "arn",
                    "accountId",
                    "sessionContext.sessionIssuer.type",
                    "sessionContext.sessionIssuer.arn",
                    "sessionContext.sessionIssuer.userName",
                ],
                "AWSService" => &["invokedBy"],
                "AWSAccount" => &["principalId", "accountId"],
                _ => &[],
            };
            path.strip_prefix("userIdentity.").is_some_and(|member| members.contains(&member))
        }
        ("$.errorCode", _) => path == "errorCode",
        _ => false,
    }
}
