//! FP303: alternatives on one field leave no value out.

use crate::syntax::Rule;
use crate::syntax::filter::Expr;
use crate::{Code, Diagnostic, Edit, Fix, Severity, Span};

use super::View;
use super::clause::{Clause, Subject, Test};
use super::contradiction::is_void;
use super::domain::{self, Kinds, Literal};
use super::legs::{Junction, junctions};

pub(super) const RULE: Rule = Rule {
    code: Code("FP303"),
    severity: Severity::Warning,
    title: "alternatives that leave no value out",
    why: "One of several conditions joined by `||` is enough. `!= \"a\" || != \"b\"` holds for every value, for none is both: \
          to exclude both values, both conditions must hold, which is `&&`.",
    bad: "{ $.eventName != \"GetObject\" || $.eventName != \"HeadObject\" }",
    good: "{ $.eventName != \"GetObject\" && $.eventName != \"HeadObject\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees).iter().filter(|junction| !junction.all) {
        let Some((one, other)) = pair_without_remainder(junction) else { continue };
        let whatever = match one.subject {
            Subject::Member(_) => "every text and number",
            Subject::Field(_) => "every text",
        };
        let mut finding = Diagnostic::new(
            RULE.code,
            RULE.severity,
            other.span(),
            format!("one of these two holds for {whatever} at `{}`", one.subject),
        )
        .also(one.span(), "the other one");
        finding = match (one.test, other.test) {
            (Test::NotEqual(_), Test::NotEqual(_)) => {
                finding.help("to exclude several values, join their conditions by `&&`")
            }
            _ => finding.help("remove them, or join by `&&` what must hold together"),
        };
        if let Some(fix) = joined_by_and(view.text, junction) {
            finding = finding.fix(fix);
        }
        findings.push(finding);
    }
}

/// The first two alternatives on one field of which one always holds, neither of them by itself.
pub(super) fn pair_without_remainder<'t, 'a>(
    junction: &Junction<'t, 'a>,
) -> Option<(&'t Clause<'a>, &'t Clause<'a>)> {
    let clauses: Vec<&Clause<'_>> = junction
        .legs
        .iter()
        .filter_map(|leg| leg.clause())
        .filter(|clause| !clause.subject.has_wildcard() && !leaves_nothing(&[clause]) && !is_void(clause))
        .collect();
    clauses.iter().enumerate().find_map(|(index, later)| {
        let earlier = clauses
            .iter()
            .take(index)
            .find(|earlier| earlier.subject == later.subject && leaves_nothing(&[earlier, later]))?;
        Some((*earlier, *later))
    })
}

fn leaves_nothing(clauses: &[&Clause<'_>]) -> bool {
    let Some(first) = clauses.first() else { return false };
    let literals: Vec<Literal<'_>> = clauses.iter().map(|clause| Literal::fails(clause)).collect();
    !domain::possible(first.subject, &literals).overlaps(Kinds::STRING.or(Kinds::NUMBER))
}

/// `&&` in place of each `||`, where all that is joined excludes a value of one field. A `||` inside `&&` stands in parentheses, so
/// nothing around it changes.
fn joined_by_and(text: &str, junction: &Junction<'_, '_>) -> Option<Fix> {
    let mut clauses = Vec::new();
    for leg in &junction.legs {
        let Expr::Leaf(clause) = leg.expr else { return None };
        clauses.push(clause);
    }
    let subject = clauses.first()?.subject;
    let excludes = |clause: &&Clause<'_>| {
        clause.subject == subject && matches!(clause.test, Test::NotEqual(_))
    };
    if !clauses.iter().all(excludes) {
        return None;
    }
    let mut edits = Vec::new();
    for (one, next) in clauses.iter().zip(clauses.iter().skip(1)) {
        let gap = one.span().range().end..next.span().range().start;
        let joint = gap.start + text.get(gap)?.find("||")?;
        edits.push(Edit { span: Span::new(joint, joint + 2), replacement: "&&".to_owned() });
    }
    Some(Fix { title: "join them by `&&`".to_owned(), edits })
}
