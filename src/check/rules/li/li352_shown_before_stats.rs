//! LI352: fields shown before `stats`.

use super::pipeline::{names_read, replaces_rows, steps};
use super::{Context, finding};
use crate::check::logs::place::{keyword, removal, spelling};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ItemLabel, Stage};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI352"),
    severity: Severity::Info,
    title: "fields shown before `stats`",
    why: "`fields` and `display` say what is shown of the events, and behind `stats` only its groups and \
          results are shown. All fields of an event can be used without being listed, so that such a stage has \
          no effect unless it names something that a later one uses.",
    bad: "fields @timestamp, @message | filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by eventName",
    good: "filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let (Command::Fields(items) | Command::Display(items)) = &step.stage.command else { continue };
        let Some(stats) = step.behind().iter().find(|stage| replaces_rows(&stage.command)) else { continue };
        if !matches!(stats.command, Command::Stats(_)) || !step.sees_events {
            continue;
        }
        // A later `display` has a finding of its own, and what totals or fills columns may take those shown.
        let between = |stage: &&Stage| !std::ptr::eq(*stage, stats);
        let is_plain = step.behind().iter().take_while(between).all(|stage| {
            matches!(
                stage.command,
                Command::Filter { .. }
                    | Command::Search(_)
                    | Command::FilterIndex(_)
                    | Command::Fields(_)
                    | Command::Parse(_)
                    | Command::Sort(_)
                    | Command::Limit { .. }
            )
        });
        let used: Vec<&str> = step.behind().iter().flat_map(names_read).collect();
        let is_idle = items.iter().all(|item| {
            let name = match &item.label {
                ItemLabel::Alias(name) => name.text.as_str(),
                ItemLabel::Source(text) => text.as_str(),
            };
            let is_used = used
                .iter()
                .any(|read| read.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
            super::pipeline::field_name(&item.expr).is_some_and(|field| field == name) || !is_used
        });
        if !is_plain || !is_idle {
            continue;
        }
        let word = spelling(step.stage);
        let found = finding(&RULE, step.stage.span.0, format!("`{word}` before `stats` has no effect"))
            .label("not shown")
            .also(keyword(stats), "from here on there are groups")
            .help("take it out");
        findings.push(match step.behind().first().and_then(|next| removal(step.stage, next)) {
            Some(fix) => found.fix(fix),
            None => found,
        });
    }
}
