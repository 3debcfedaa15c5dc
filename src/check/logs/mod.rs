//! The checks of a Logs Insights query that need neither names in scope nor a schema (`spec/logs-insights.md` 2.6, 3, 8).

mod arguments;
mod calls;
mod levels;
mod order;
mod periods;
pub(in crate::check) mod place;
mod selection;
#[cfg(test)]
mod tests;
mod unknown;
pub(super) mod walk;

use crate::syntax::logs::{Command, ExprKind, InSet, Level, LogsQuery, codes};
use crate::{Diagnostic, Span};

impl LogsQuery {
    /// What the service at this level would refuse in the query or read otherwise than it looks, in order of place.
    ///
    /// Names that are not in scope, and whether a field exists, are no matter of this check.
    ///
    /// ```
    /// use trailql::LogsQuery;
    /// use trailql::syntax::logs::Level;
    ///
    /// let text = "stats p95(@duration) by bin(300s)";
    /// let query: LogsQuery = text.parse()?;
    /// let found = query.check(Level::L3);
    /// assert_eq!(found.iter().map(|one| one.code.0).collect::<Vec<_>>(), ["LI019", "LI112"]);
    /// let mended = found[0].fix.as_ref().map(|fix| fix.apply(text));
    /// assert_eq!(mended.as_deref(), Some("stats pct(@duration, 95) by bin(300s)"));
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn check(&self, level: Level) -> Vec<Diagnostic> {
        let mut check = Check { level, first_join: None, findings: Vec::new() };
        check.pipeline(self, 0);
        check.findings.sort_by_key(Diagnostic::span);
        check.findings
    }
}

/// One run over a query.
struct Check {
    level: Level,
    first_join: Option<Span>,
    findings: Vec<Diagnostic>,
}

impl Check {
    /// Checks a pipeline that stands within this many others.
    fn pipeline(&mut self, query: &LogsQuery, depth: usize) {
        order::check(query, depth > 0, self.level, &mut self.findings);
        for stage in &query.stages {
            levels::command(stage, self.level, &mut self.findings);
            selection::check(stage, &mut self.findings);
            periods::command(&stage.command, &mut self.findings);
            self.nested_command(stage, depth);
            if let Command::Stats(stats) = &stage.command {
                calls::topk(stats, &mut self.findings);
            }
            let mut subqueries = Vec::new();
            walk::expressions(&stage.command, |expr, role| match &expr.kind {
                ExprKind::Call(call) => calls::check(call, expr, role, self.level, &mut self.findings),
                ExprKind::In { set: InSet::Pipeline(pipeline), .. } => subqueries.push((pipeline, expr)),
                _ => {}
            });
            for (pipeline, expr) in subqueries {
                let span = place::extent(pipeline).unwrap_or(expr.span.0);
                self.findings.extend(levels::newer("a subquery", span, Level::L2, self.level));
                if depth == 1 {
                    self.findings.push(
                        Diagnostic::error(codes::JOIN, span, "a subquery cannot stand in a nested pipeline")
                            .label("nested twice")
                            .help("write its result as a list, or make it a query of its own"),
                    );
                }
                self.pipeline(pipeline, depth + 1);
            }
        }
    }

    fn nested_command(&mut self, stage: &crate::syntax::logs::Stage, depth: usize) {
        let keyword = place::keyword(stage);
        match &stage.command {
            Command::Join(join) => {
                if let Some(first) = self.first_join {
                    self.findings.push(
                        Diagnostic::error(codes::JOIN, keyword, "a query takes one `join`")
                            .label("a second one")
                            .also(first, "the first one")
                            .help("look the values up in a table with `lookup`, or run two queries"),
                    );
                } else {
                    self.first_join = Some(keyword);
                }
                self.pipeline(&join.pipeline, depth + 1);
            }
            Command::AppendCols { pipeline, .. } => {
                if depth == 1 {
                    self.findings.push(
                        Diagnostic::error(
                            codes::JOIN,
                            keyword,
                            "`appendcols` cannot stand in a nested pipeline",
                        )
                        .label("nested twice")
                        .help("move it to the outer pipeline"),
                    );
                }
                self.pipeline(pipeline, depth + 1);
            }
            _ => {}
        }
    }
}
