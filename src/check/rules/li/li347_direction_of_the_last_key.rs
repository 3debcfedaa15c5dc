//! LI347: a direction behind the last of several keys.

use super::li346_direction_left_open::direction;
use super::pipeline::steps;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI347"),
    severity: Severity::Info,
    title: "`desc` belongs to one key",
    why: "As in SQL, `desc` belongs to the key before it: in `sort a, b desc` the rows go by `a` first, in the \
          direction taken where none is written, and by `b` only among equal ones.",
    bad: "stats avg(CpuUtilized) as cpu, avg(MemoryUtilized) as memory by TaskId | sort memory, cpu desc",
    good: "stats avg(CpuUtilized) as cpu, avg(MemoryUtilized) as memory by TaskId | sort memory desc, cpu desc",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Sort(keys) = &step.stage.command else { continue };
        let open = (0..keys.len()).take_while(|place| direction(context, step.stage, keys, *place).is_none()).count();
        let ends_down = direction(context, step.stage, keys, keys.len().saturating_sub(1)) == Some("desc");
        let Some(first) = keys.first() else { continue };
        if open > 0 && open.saturating_add(1) == keys.len() && ends_down {
            let shown = context.written(first.field.span.0);
            findings.push(
                finding(&RULE, first.field.span.0, format!("`desc` behind the last key does not hold for `{shown}`"))
                    .label("no direction of its own")
                    .help(format!("write `{shown} desc` if the largest are to come first, `{shown} asc` if not")),
            );
        }
    }
}
