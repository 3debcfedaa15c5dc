//! CT026: EC2's error codes have a prefix.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, syntax::Rule};

use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT026"),
    severity: Severity::Info,
    title: "EC2 puts `Client.` before its error codes",
    why: "In records of EC2 every error code begins with `Client.` or `Server.`: `Client.UnauthorizedOperation`. The code \
          alone, as the API reference has it, equals none of them.",
    bad: r#"{ $.eventSource = "ec2.amazonaws.com" && $.errorCode = "UnauthorizedOperation" }"#,
    good: r#"{ $.eventSource = "ec2.amazonaws.com" && $.errorCode = "*UnauthorizedOperation" }"#,
    see: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
};

const EC2: &str = "ec2.amazonaws.com";

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["errorCode"])) {
        let sources = one.beside.event_sources.as_deref().unwrap_or_default();
        let is_of_ec2 = !sources.is_empty() && sources.iter().all(|source| source.text == EC2);
        let is_of_another = !sources.is_empty() && sources.iter().all(|source| source.text != EC2);
        for value in one.texts() {
            let Some(code) = value.exact() else { continue };
            let is_bare = !code.is_empty() && !code.starts_with("Client.") && !code.starts_with("Server.");
            // The name of this one is EC2's alone.
            let is_ec2s_own = code == "UnauthorizedOperation" && !is_of_another;
            if !(is_bare && (is_of_ec2 || is_ec2s_own)) {
                continue;
            }
            let found = finding(&RULE, value.span, format!("EC2 logs `{code}` as `Client.{code}`"));
            findings.push(match context.spelling {
                Spelling::Filter => found.help(format!("write `\"*{code}\"` to have it of any service")),
                Spelling::Logs => found.help(format!("write `like \"{code}\"` to have it of any service")),
            });
        }
    }
}
