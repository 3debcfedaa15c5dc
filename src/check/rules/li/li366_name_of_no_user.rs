//! LI366: a text that no IAM user is called.

use super::condition::{Says, test};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, LikePattern};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI366"),
    severity: Severity::Warning,
    title: "a role or path looked for among user names",
    why: "`userIdentity.userName` is the name of an IAM user, and is missing where a role or the root user \
          calls. A role, session or ARN is never found there; it stands in `userIdentity.arn`.",
    bad: "filter userIdentity.userName like \"assumed-role/Admin\"",
    good: "filter userIdentity.arn like \"assumed-role/Admin\"",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
};

/// What stands in ARNs, and in no name.
const ARN: &[&str] = &["arn:aws", "assumed-role/", ":role/", ":user/"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            if matches!(expr.kind, ExprKind::Unary(..)) {
                continue;
            }
            let Some((subject, texts)) = compared(expr) else { continue };
            if step.event_field(subject) != Some("userIdentity.userName") {
                continue;
            }
            for (text, span) in texts {
                if ARN.iter().any(|part| text.contains(part)) {
                    findings.push(
                        finding(&RULE, span, format!("no user is called `{text}`"))
                            .label("part of an ARN")
                            .help("look in `userIdentity.arn`"),
                    );
                }
            }
        }
    }
}

fn compared(expr: &Expr) -> Option<(&Expr, Vec<(&str, Span)>)> {
    let said = test(expr)?;
    let texts = match &said.says {
        Says::Equal { values, .. } => values.iter().map(|value| (value.text, value.span)).collect(),
        Says::Like { pattern: LikePattern::Substring(part), .. } => vec![(part.text.as_str(), part.span.0)],
        _ => return None,
    };
    Some((said.subject, texts))
}
