//! MI303: groups by a label with a value of its own for nearly every event, without saying which are kept.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Names under which such values are commonly published, in lower case without dots, hyphens and underscores: the
/// fields of a CloudTrail record whose values hardly repeat.
const UNBOUNDED: &[&str] = &[
    "accesskeyid",
    "clientip",
    "eventid",
    "eventtime",
    "ipaddress",
    "principalid",
    "requestid",
    "sharedeventid",
    "sourceip",
    "sourceipaddress",
    "useridentityaccesskeyid",
    "useridentityprincipalid",
];

pub(super) const RULE: Rule = Rule {
    code: Code("MI303"),
    severity: Severity::Warning,
    title: "`GROUP BY` a label of very many values, without `ORDER BY`",
    why: "A query reads 10,000 metrics and gives 500 series at most. Without `ORDER BY` the service does not say which \
          are left, and a label such as an address or an ID soon has more values than that.",
    bad: "SELECT SUM(Calls) FROM SCHEMA(Trail, sourceIPAddress) GROUP BY sourceIPAddress",
    good: "SELECT SUM(Calls) FROM SCHEMA(Trail, sourceIPAddress) GROUP BY sourceIPAddress ORDER BY SUM() DESC LIMIT 10",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-limits.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let query = context.query;
    if query.order_by.is_some() || query.limit.is_some() {
        return;
    }
    let unbounded = query.group_by.iter().find(|key| {
        key.dimension().is_some_and(is_unbounded) && !context.is_fixed(key)
    });
    if let Some(key) = unbounded {
        let message = format!("`{key}` soon has more values than the 500 series that a query gives");
        findings.push(
            Diagnostic::warning(RULE.code, key.span(), message).help(format!(
                "say which are kept: `ORDER BY {}() DESC LIMIT 10`",
                query.select.function
            )),
        );
    }
}

fn is_unbounded(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    UNBOUNDED.contains(&plain.as_str())
}
