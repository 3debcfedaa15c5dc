//! FP341: AND, OR and NOT are looked for like any other word.

use crate::syntax::Rule;
use crate::syntax::filter::{Item, Prefix};
use crate::{Code, Diagnostic, Edit, Fix, Severity, Span};

use super::terms::{items, removal, word};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP341"),
    severity: Severity::Warning,
    title: "logical words are terms",
    why: "Terms have no operators. `AND`, `OR` and `NOT` are words that must occur in the message like the \
          others. All plain terms must occur anyway, `?` marks alternatives, and `-` excludes.",
    bad: "timeout AND payment",
    good: "timeout payment",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let items = items(view);
    let logical: Vec<&Item> = items.iter().filter(|item| is_logical(item)).collect();
    let Some((first, others)) = logical.split_first().filter(|_| logical.len() < items.len()) else { return };
    let name = word(first).unwrap_or_default();
    let help = match name.to_ascii_uppercase().as_str() {
        "AND" => "plain terms must all occur: remove it",
        "OR" => "mark the alternatives: `?A ?B`",
        _ => "exclude a term by a hyphen before it: `-A`",
    };
    let mut finding = found(&RULE, first.span.0, format!("`{name}` is looked for as a word")).help(help);
    for other in others {
        finding = finding.also(other.span.0, "so is this");
    }
    if let Some(fix) = fix(view.text, items, &logical) {
        finding = finding.fix(fix);
    }
    findings.push(finding);
}

fn is_logical(item: &Item) -> bool {
    item.prefix == Prefix::Required && word(item).is_some_and(|word| matches!(word, "AND" | "OR" | "NOT"))
}

/// Where all of them are `AND`, or all `OR` between plain terms.
fn fix(text: &str, items: &[Item], logical: &[&Item]) -> Option<Fix> {
    let all = |wanted: &str| logical.iter().all(|item| word(item) == Some(wanted));
    let stand_between = items.iter().enumerate().all(|(index, item)| is_logical(item) == (index % 2 == 1))
        && items.len() % 2 == 1;
    if all("AND") && stand_between {
        let edits = logical
            .iter()
            .map(|item| Edit { span: removal(text, item.span.0), replacement: String::new() })
            .collect();
        return Some(Fix { title: "remove `AND`".to_owned(), edits });
    }
    let are_plain = items.iter().all(|item| item.prefix == Prefix::Required);
    if all("OR") && stand_between && are_plain {
        let edits = items
            .iter()
            .map(|item| {
                let replacement = if is_logical(item) { "" } else { "?" }.to_owned();
                let start = item.span.0.range().start;
                let span = if is_logical(item) { removal(text, item.span.0) } else { Span::at(start) };
                Edit { span, replacement }
            })
            .collect();
        return Some(Fix { title: "mark the alternatives".to_owned(), edits });
    }
    None
}
