//! LI353: what `parse` makes, and nothing uses.

use super::pipeline::{names_made, names_read, replaces_rows, steps};
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ParseMode};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI353"),
    severity: Severity::Info,
    title: "parsed for nothing",
    why: "Behind `stats` only its groups and results exist. Where none of the names that a `parse` makes is \
          used before that, the stage reads every event for nothing.",
    bad: "parse @message \"user=* \" as user | stats count(*) as n by @logStream",
    good: "parse @message \"user=* \" as user | stats count(*) as n by user",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Parse(parse) = &step.stage.command else { continue };
        let multiplies = matches!(&parse.mode, ParseMode::Regex { multi: true, .. });
        let Some(end) = step.behind().iter().position(|stage| replaces_rows(&stage.command)) else { continue };
        let until = step.behind().get(..=end).unwrap_or_default();
        let Some(stats) = until.last().filter(|stage| matches!(stage.command, Command::Stats(_))) else { continue };
        let names = names_made(&step.stage.command);
        let reads = |name: &String| {
            until.iter().flat_map(names_read).any(|read| {
                read.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let is_plain = until.iter().all(|stage| {
            matches!(
                stage.command,
                Command::Filter { .. }
                    | Command::Search(_)
                    | Command::FilterIndex(_)
                    | Command::Fields(_)
                    | Command::Display(_)
                    | Command::Parse(_)
                    | Command::Stats(_)
                    | Command::Sort(_)
                    | Command::Limit { .. }
            )
        });
        if !multiplies && is_plain && !names.is_empty() && !names.iter().any(reads) {
            findings.push(
                finding(&RULE, step.stage.span.0, "nothing uses what this `parse` makes")
                    .label("made for nothing")
                    .also(keyword(stats), "from here on it is gone")
                    .help("take it out, or group by what it makes"),
            );
        }
    }
}
