//! CT030: a time of the record is handed to a function of times.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, syntax::Rule};

use super::facts::Test;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT030"),
    severity: Severity::Warning,
    title: "times of a record are texts",
    why: "`eventTime` and `creationDate` are texts like `2026-03-01T10:00:00Z`, and functions of times take timestamps or \
          milliseconds. Of a text they make nothing.",
    bad: r#"filter eventName = "ConsoleLogin" | stats count(*) as logins by datefloor(eventTime, 1h)"#,
    good: r#"filter eventName = "ConsoleLogin" | stats count(*) as logins by datefloor(@timestamp, 1h)"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

/// Functions that take a time, by their keys.
const OF_TIMES: &[&str] = &["dateceil", "datefloor", "formatdate", "frommillis", "tomillis"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in &context.facts.uses {
        let is_event_time = one.is(&["eventTime"]);
        if !is_event_time && !one.is(&["userIdentity", "sessionContext", "attributes", "creationDate"]) {
            continue;
        }
        let Test::Read(Some(function)) = &one.test else { continue };
        if !OF_TIMES.contains(&&**function) {
            continue;
        }
        let path = context.written(one.span);
        let read = format!("`parseDate({path}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")` reads it");
        findings.push(
            finding(&RULE, one.span, format!("`{path}` is a text, and the function takes a time"))
                .help(if is_event_time { format!("use `@timestamp`; {read}") } else { read }),
        );
    }
}
