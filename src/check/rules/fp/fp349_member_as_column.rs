//! FP349: members of a CloudTrail record are tested as columns of a line.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::clause::Subject;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP349"),
    severity: Severity::Warning,
    title: "members are no columns",
    why: "Between square brackets a name is that of a column: the message is split at its blanks, whatever is \
          in it. A CloudTrail record is one JSON object without columns, and its members are tested between \
          braces.",
    bad: r#"[eventName = "GetObject", ...]"#,
    good: r#"{ $.eventName = "GetObject" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

/// Names that no log with columns uses for them.
const MEMBERS: &[&str] = &[
    "awsRegion",
    "eventName",
    "eventSource",
    "eventType",
    "eventVersion",
    "recipientAccountId",
    "sourceIPAddress",
    "userIdentity",
];

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let member = view.clauses().find_map(|clause| match clause.subject {
        Subject::Field(name) if MEMBERS.contains(&name) => Some((name, clause)),
        _ => None,
    });
    if let Some((name, clause)) = member {
        findings.push(
            found(&RULE, clause.span(), format!("`{name}` is the name of a column here, not a member of a record"))
                .help(format!("test the member: `{{ $.{name} = \"…\" }}`")),
        );
    }
}
