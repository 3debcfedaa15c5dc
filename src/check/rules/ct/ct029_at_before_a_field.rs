//! CT029: a field of the record is named with an `@`.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Key, Lookup};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT029"),
    severity: Severity::Warning,
    title: "only CloudWatch Logs' own fields begin with `@`",
    why: "What Logs Insights discovers in a record keeps its name. An `@` before it names a field of CloudWatch Logs itself, \
          which has none of this name.",
    bad: r#"filter eventSource = "iam.amazonaws.com" | stats count(*) as calls by @eventName"#,
    good: r#"filter eventSource = "iam.amazonaws.com" | stats count(*) as calls by eventName"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, span) in &context.facts.system_names {
        let Some(path) = name.strip_prefix('@').filter(|path| !path.starts_with('@')) else { continue };
        let steps: Vec<Key<'_>> = path.split('.').map(Key::Name).collect();
        // The records of the service's own functions hold these; `@requestId` is one of Lambda's.
        let is_field = matches!(context.schema.lookup(&steps), Lookup::Known(_) | Lookup::Open);
        if is_field && path != "requestId" {
            findings.push(
                finding(&RULE, *span, format!("`{name}` is no field, but `{path}` is one of the record"))
                    .help(format!("write `{path}`"))
                    .fix(Fix::replace("remove the `@`", *span, path)),
            );
        }
    }
}
