//! FP308: a condition adds nothing, for another on the same field covers or implies it.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::{Clause, Test};
use super::contradiction::{contradiction, is_void};
use super::domain::implies;
use super::fp309_redundant_existence::is_existence;
use super::legs::{Leg, junctions};

pub(super) const RULE: Rule = Rule {
    code: Code("FP308"),
    severity: Severity::Warning,
    title: "a condition that adds nothing",
    why: "Among alternatives, a value that a wider condition already takes needs no condition of its own; among conditions that \
          must all hold, a wider one says nothing beside a narrower one. It changes nothing, and often one of the two was \
          meant otherwise.",
    bad: "{ $.eventName = \"Put*\" || $.eventName = \"PutObject\" }",
    good: "{ $.eventName = \"Put*\" }",
    see: "",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for junction in junctions(&view.trees) {
        let clauses: Vec<(Leg<'_, '_>, &Clause<'_>)> =
            junction.legs.iter().filter_map(|leg| Some((*leg, leg.clause()?))).collect();
        if junction.all && contradiction(&clauses.iter().map(|(_, clause)| **clause).collect::<Vec<_>>()).is_some() {
            continue;
        }
        for (index, (leg, clause)) in clauses.iter().enumerate() {
            let by = clauses.iter().enumerate().find(|(other_index, (_, other))| {
                *other_index != index
                    && adds_nothing(clause, other, junction.all)
                    // Of two that say the same in different words, the later one goes.
                    && (*other_index < index || !adds_nothing(other, clause, junction.all))
            });
            let Some((_, (_, other))) = by else { continue };
            let written = other.span().slice(view.text);
            let message = if junction.all {
                format!("this follows from `{written}`")
            } else {
                format!("`{written}` already takes what this takes")
            };
            let mut finding = Diagnostic::new(RULE.code, RULE.severity, clause.span(), message)
                .also(other.span(), "this one")
                .help("remove it");
            if let Some(fix) = leg.removal(view.text) {
                finding = finding.fix(fix);
            }
            findings.push(finding);
        }
    }
}

/// Whether `clause` says nothing beside `other`.
fn adds_nothing(clause: &Clause<'_>, other: &Clause<'_>, all: bool) -> bool {
    if clause.subject != other.subject || clause.test == other.test || is_void(clause) || is_void(other) {
        return false;
    }
    let is_absence = |clause: &Clause<'_>| clause.test == Test::NotExists;
    if clause.subject.has_wildcard() && (is_absence(clause) || is_absence(other)) {
        return false;
    }
    if all { !is_existence(clause) && implies(other, clause) } else { implies(clause, other) }
}
