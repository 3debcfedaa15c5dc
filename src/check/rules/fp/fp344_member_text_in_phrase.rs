//! FP344: a phrase is a piece of JSON.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::terms::{items, text};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP344"),
    severity: Severity::Info,
    title: "a phrase depends on how JSON is spelled",
    why: "A phrase is found where the message has exactly these characters. JSON may or may not have a blank \
          behind the colon, and CloudTrail's has none. A JSON pattern tests the member whatever the spelling.",
    bad: r#""\"level\": \"ERROR\"""#,
    good: r#"{ $.level = "ERROR" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for item in items(view) {
        let Some(member) = text(item).and_then(member) else { continue };
        findings.push(
            found(&RULE, item.span.0, "this is found only where the JSON has the same blanks")
                .help(format!("test the member: `{{ $.{member} = \"…\" }}`")),
        );
    }
}

/// The name in `"name":`.
fn member(text: &str) -> Option<&str> {
    let (before, _) = text.split_once("\":")?;
    let (_, name) = before.rsplit_once('"')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}
