//! FP335: a value has a character as HTML spells it.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::terms::{items, text};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP335"),
    severity: Severity::Warning,
    title: "an HTML entity in a value",
    why: "The value was copied from a web page or an escaped document. The service knows no entities: `&amp;` \
          is five characters, and an event has the one that is meant.",
    bad: r#"{ $.message = "*read &amp; write*" }"#,
    good: r#"{ $.message = "*read & write*" }"#,
    see: "",
};

const ENTITIES: &[(&str, &str)] = &[
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\\\""),
    ("&#34;", "\\\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
];

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let of_clauses = view.clauses().filter_map(|clause| Some((clause.text_value()?, clause.place.value)));
    let of_items = items(view).iter().filter_map(|item| Some((text(item)?, item.span.0)));
    for (text, span) in of_clauses.chain(of_items) {
        if let Some((entity, character)) = ENTITIES.iter().find(|(entity, _)| text.contains(entity)) {
            findings.push(
                found(&RULE, span, format!("`{entity}` is compared as it stands"))
                    .help(format!("write the character itself: `{character}`")),
            );
        }
    }
}
