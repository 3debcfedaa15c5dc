//! PR230: two saved queries with the same text.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR230"),
    severity: Severity::Info,
    title: "the same query is saved twice",
    why: "Both names stand for the same query of the same log groups. One of them was probably to be something \
          else, or is to go.",
    bad: r#"
[[queryDefinitions]]
name = 'logins'
queryString = 'filter eventName = "ConsoleLogin" | stats count(*) by userIdentity.type'

[[queryDefinitions]]
name = 'sign-ins'
queryString = 'filter eventName = "ConsoleLogin" | stats count(*) by userIdentity.type'
"#,
    good: r#"
[[queryDefinitions]]
name = 'logins'
queryString = 'filter eventName = "ConsoleLogin" | stats count(*) by userIdentity.type'
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let definitions = &context.stack.query_definitions;
    for (at, later) in definitions.iter().enumerate() {
        let first = definitions.iter().take(at).find(|first| {
            first.query_string.trim() == later.query_string.trim()
                && first.log_group_names == later.log_group_names
                && first.parameters == later.parameters
        });
        let Some(first) = first else { continue };
        let message = format!("`{}` and `{}` are the same query", first.name, later.name);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, later.name.span, message)
                .also(first.name.span, "the first")
                .help("keep one of the two"),
        );
    }
}
