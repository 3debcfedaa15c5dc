//! FP337: parentheses directly inside parentheses.

use crate::syntax::Rule;
use crate::syntax::filter::Expr;
use crate::{Code, Diagnostic, Edit, Fix, Severity, Span};

use super::clause::Clause;
use super::layout::parentheses_around;
use super::legs::extent;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP337"),
    severity: Severity::Hint,
    title: "doubled parentheses",
    why: "A second pair of parentheses around the same conditions changes nothing and uses up the 1,024 \
          characters of a pattern.",
    bad: r#"{ (($.level = "ERROR")) }"#,
    good: r#"{ ($.level = "ERROR") }"#,
    see: "",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    view.trees.iter().for_each(|tree| walk(view.text, tree, findings));
}

fn walk(text: &str, expr: &Expr<Clause<'_>>, findings: &mut Vec<Diagnostic>) {
    let doubled = parentheses_around(text, extent(expr)).and_then(|inner| parentheses_around(text, inner));
    if let Some(outer) = doubled {
        let (start, end) = (outer.range().start, outer.range().end);
        let nothing = |at| Edit { span: Span::new(at, at + 1), replacement: String::new() };
        findings.push(
            found(&RULE, outer, "these parentheses stand directly around others")
                .help("remove one pair")
                .fix(Fix {
                    title: "remove one pair".to_owned(),
                    edits: vec![nothing(start), nothing(end.saturating_sub(1))],
                }),
        );
    }
    if let Expr::And(legs) | Expr::Or(legs) = expr {
        legs.legs().iter().for_each(|leg| walk(text, leg, findings));
    }
}
