//! FP334: a placeholder of a template was not filled in.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::clause::Clause;
use super::terms::{items, text};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP334"),
    severity: Severity::Warning,
    title: "a placeholder was not filled in",
    why: "Templates replace `${…}`, `{{…}}` and the like before the pattern is sent. The service replaces \
          nothing: what is left of a placeholder is compared as it stands and finds nothing.",
    bad: r#"{ $.requestParameters.bucketName = "${bucket_name}" }"#,
    good: r#"{ $.requestParameters.bucketName = "reports" }"#,
    see: "",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    // Programs that were built without their own templates filled in say so in the user agent.
    let is_user_agent = |clause: &Clause<'_>| clause.subject.to_string() == "$.userAgent";
    let clauses = view.clauses().filter(|clause| !is_user_agent(clause));
    let of_clauses = clauses.filter_map(|clause| Some((clause.text_value()?, clause.place.value)));
    let of_items = items(view).iter().filter_map(|item| Some((text(item)?, item.span.0)));
    for (text, span) in of_clauses.chain(of_items) {
        if let Some(placeholder) = placeholder(text) {
            findings.push(
                found(&RULE, span, format!("`{placeholder}` is compared as it stands"))
                    .help("fill it in before the pattern is used"),
            );
        }
    }
}

/// The first `${name}`, `{{ name }}` or `<NAME>`. Variables of policies, as `${aws:username}`, occur in records.
fn placeholder(text: &str) -> Option<&str> {
    let between = |open: &str, close: &str| {
        let start = text.find(open)?;
        let inside = text.get(start + open.len()..)?;
        let end = inside.find(close)?;
        Some((inside.get(..end)?, text.get(start..start + open.len() + end + close.len())?))
    };
    let is_name = |name: &str| {
        name.trim().starts_with(|c: char| c.is_ascii_alphabetic())
            && name.trim().replace("::", "").chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
    };
    let is_capitals = |name: &str| {
        name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || "_- ".contains(c))
    };
    let found = |open, close, is_one: &dyn Fn(&str) -> bool| {
        between(open, close).filter(|(name, _)| is_one(name)).map(|(_, whole)| whole)
    };
    found("${", "}", &is_name).or_else(|| found("{{", "}}", &is_name)).or_else(|| found("<", ">", &is_capitals))
}
