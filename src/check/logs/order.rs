//! Which commands may follow which, and how often (`spec/logs-insights.md` 2.6).

use crate::syntax::logs::{
    Command, Count, Expr, ExprKind, Function, Item, ItemLabel, Level, LogsQuery, Signature, Stage, Stats,
    codes,
};
use crate::{Code, Diagnostic, Fix, Span};

use super::place::{keyword, removal, spelling, swap};
use super::walk;

/// Checks one pipeline, which may be `nested` in another; pipelines within it are left alone.
pub(super) fn check(query: &LogsQuery, nested: bool, level: Level, findings: &mut Vec<Diagnostic>) {
    let stages = query.stages.as_slice();
    sources(stages, findings);
    number_of_stats(stages, level, findings);
    before_stats(stages, findings);
    bins_of_later_stats(stages, findings);
    after_dedup(stages, findings);
    pattern_family(stages, findings);
    fillmissing(stages, findings);
    limits(stages, level, findings);
    limits_before_sort(stages, findings);
    displays(stages, findings);
    estimate(stages, nested, findings);
}

fn sources(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let others = stages.iter().skip_while(|stage| matches!(stage.command, Command::Source(_)));
    for stage in others.filter(|stage| matches!(stage.command, Command::Source(_))) {
        findings.push(
            Diagnostic::error(
                codes::SOURCE_NOT_FIRST,
                keyword(stage),
                "`SOURCE` stands behind another command",
            )
            .label("too late")
            .help("move it to the start: log groups are chosen before anything is read"),
        );
    }
}

fn number_of_stats(stages: &[Stage], level: Level, findings: &mut Vec<Diagnostic>) {
    let stats: Vec<&Stage> = stages.iter().filter(|stage| is_stats(stage)).collect();
    let most = level.max_stats();
    if let Some(surplus) = stats.get(most) {
        let message = format!("{} `stats` in one query, where level {level} takes {most}", stats.len());
        let found = Diagnostic::error(codes::TOO_MANY_STATS, keyword(surplus), message).label("one too many");
        findings.push(if stats.len() <= Level::default().max_stats() {
            found.help(format!("set the level to {} if the service has it by now", Level::L2))
        } else {
            found.help("group by more keys at once, or split the query")
        });
    }
}

/// `sort` and `limit` belong behind the last `stats`.
fn before_stats(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let Some(last) = stages.iter().rposition(is_stats) else { return };
    let (Some(last_stats), Some(before)) = (stages.get(last), stages.get(..last)) else { return };
    let several = before.iter().any(is_stats);
    for (index, stage) in before.iter().enumerate() {
        let (sorts, word) = (matches!(stage.command, Command::Sort(_)), spelling(stage));
        if !sorts && !is_limit(stage) {
            continue;
        }
        if several {
            findings.push(
                Diagnostic::error(
                    codes::BEFORE_LAST_STATS,
                    keyword(stage),
                    format!("`{word}` stands before the last `stats`"),
                )
                .label("too early")
                .also(keyword(last_stats), "the last `stats`")
                .help(format!("move `{word}` behind the last `stats`")),
            );
        } else if !sorts {
            findings.push(
                Diagnostic::warning(
                    codes::SORT_BEFORE_STATS,
                    keyword(stage),
                    format!("`{word}` before `stats` limits what is counted, not what is shown"),
                )
                .label("the groups are made of these rows only")
                .also(keyword(last_stats), "makes the groups")
                .help(format!("move `{word}` behind `stats` to limit the groups")),
            );
        } else if !before.iter().skip(index).any(minds_order) {
            let found = Diagnostic::warning(
                codes::SORT_BEFORE_STATS,
                keyword(stage),
                format!("`{word}` before `stats` has no effect"),
            )
            .label("groups have an order of their own")
            .also(keyword(last_stats), "makes the groups")
            .help(format!("take it out; to sort the groups, write `{word}` behind `stats`"));
            let next = stages.get(index.saturating_add(1));
            findings.push(match next.and_then(|next| removal(stage, next)) {
                Some(fix) => found.fix(fix),
                None => found,
            });
        }
    }
}

/// `bin()` means `@timestamp`, which is gone after a `stats` that has no column of this name.
fn bins_of_later_stats(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let mut earlier: Option<(&Stage, &Stats)> = None;
    for stage in stages {
        let Command::Stats(stats) = &stage.command else { continue };
        if let Some((before, _)) = earlier.filter(|(_, stats)| !has_timestamp(stats)) {
            walk::expressions(&stage.command, |expr, _| {
                if is_bin(expr) {
                    findings.push(
                        Diagnostic::error(
                            codes::BIN_WITHOUT_TIMESTAMP,
                            expr.span.0,
                            "`bin` needs `@timestamp`, which an earlier `stats` left out",
                        )
                        .label("there is no `@timestamp` any more")
                        .also(keyword(before), "keeps its keys and results only")
                        .help("add `max(@timestamp) as @t` to the earlier `stats` and use `dateceil(@t, …)` here"),
                    );
                }
            });
        }
        earlier = Some((stage, stats));
    }
}

fn has_timestamp(stats: &Stats) -> bool {
    let is_timestamp = |item: &Item| match &item.label {
        ItemLabel::Alias(name) => name.text == "@timestamp",
        ItemLabel::Source(_) => {
            matches!(&item.expr.kind, ExprKind::Field(field) if field.name == "@timestamp")
        }
    };
    stats.by.iter().chain(&stats.aggregates).any(is_timestamp)
}

fn after_dedup(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let Some(first) = stages.iter().position(|stage| matches!(stage.command, Command::Dedup(_))) else {
        return;
    };
    let dedup = stages.get(first).map(keyword).unwrap_or_default();
    let late = || stages.iter().skip(first.saturating_add(1));
    let shows = |stage: &&Stage| matches!(stage.command, Command::Fields(_) | Command::Display(_));
    let refused =
        |stage: &&Stage| !is_limit(stage) && !shows(stage) && !matches!(stage.command, Command::Estimate);
    if let Some(stage) = late().find(refused) {
        let word = spelling(stage);
        let found = Diagnostic::error(
            codes::AFTER_DEDUP,
            keyword(stage),
            format!("`{}` stands behind `dedup`", if word == "$" { "a saved query" } else { word }),
        )
        .label("only `limit` may follow `dedup`")
        .also(dedup, "should come last but for `limit`")
        .help(format!(
            "move it before `dedup`{}",
            if word == "sort" { ": the order decides which row stays" } else { "" }
        ));
        let found =
            late().filter(refused).skip(1).fold(found, |found, stage| found.also(keyword(stage), "this too"));
        findings.push(match word {
            "sort" => found.service_text("unexpected symbol found sort"),
            _ => found,
        });
    }
    if let Some(stage) = late().find(shows) {
        findings.push(
            Diagnostic::warning(
                codes::AFTER_DEDUP,
                keyword(stage),
                format!("`{}` behind `dedup` may be refused", spelling(stage)),
            )
            .label("the reference allows only `limit` here, an example has it nevertheless")
            .also(dedup, "should come last but for `limit`")
            .help("move it before `dedup`"),
        );
    }
}

/// `pattern`, `diff` and `anomaly`.
fn pattern_family(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let (mut sorts, mut pattern): (Vec<usize>, Option<&Stage>) = (Vec::new(), None);
    for (index, stage) in stages.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| stages.get(before));
        match &stage.command {
            Command::Sort(_) => sorts.push(index),
            Command::Stats(_) | Command::CountFrequent(_) | Command::RelevantFields { .. } => sorts.clear(),
            Command::LogCompare(_) => {
                sorts.clear();
                pattern = Some(stage);
            }
            Command::Pattern(_) => {
                findings.extend(pattern_after_sort(stages, &sorts, stage));
                sorts.clear();
                pattern = Some(stage);
            }
            Command::Diff(_)
                if !before.is_some_and(|before| matches!(before.command, Command::Pattern(_))) =>
            {
                findings.push(diff_without_pattern(stage, pattern, !sorts.is_empty()));
            }
            Command::Anomaly if pattern.is_none() => {
                findings.push(
                    Diagnostic::warning(
                        codes::ANOMALY_WITHOUT_PATTERN,
                        keyword(stage),
                        "`anomaly` stands without `pattern`",
                    )
                    .label("looks for what is odd among patterns")
                    .help("write `pattern @message | anomaly`"),
                );
            }
            _ => {}
        }
    }
}

fn pattern_after_sort(stages: &[Stage], sorts: &[usize], pattern: &Stage) -> Option<Diagnostic> {
    let (&first, others) = sorts.split_first()?;
    let sort = stages.get(first)?;
    let found =
        Diagnostic::error(codes::PATTERN_AFTER_SORT, keyword(pattern), "`pattern` cannot follow `sort`")
            .label("patterns are made of all rows, in no order")
            .also(keyword(sort), "take this out")
            .help("sort behind `pattern`, for instance by `@sampleCount`");
    let found = others
        .iter()
        .filter_map(|&other| stages.get(other))
        .fold(found, |found, other| found.also(keyword(other), "and this"));
    let mut between = stages.iter().skip(first).take_while(|stage| !std::ptr::eq(*stage, pattern));
    let has_effect = between.any(minds_order);
    let next = stages.get(first.saturating_add(1))?;
    Some(match removal(sort, next).filter(|_| others.is_empty() && !has_effect) {
        Some(fix) => found.fix(fix),
        None => found,
    })
}

fn diff_without_pattern(diff: &Stage, pattern: Option<&Stage>, sorted: bool) -> Diagnostic {
    let span = keyword(diff);
    let found =
        Diagnostic::error(codes::DIFF_WITHOUT_PATTERN, span, "`diff` needs `pattern` right before it")
            .service_text("Diff compilation Failed : Diff operation has to be used after Pattern");
    let found = match pattern {
        Some(pattern) => {
            return found
                .label("something stands between the two")
                .also(keyword(pattern), "the pattern")
                .help("move `diff` right behind `pattern`");
        }
        None => found.label("compares patterns").help("write `pattern @message | diff`"),
    };
    // Behind a sort the inserted `pattern` would be refused in its turn.
    if sorted {
        return found;
    }
    let at = Span::at(span.start as usize);
    found.fix(Fix::replace("insert `pattern @message`", at, "pattern @message | "))
}

fn fillmissing(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let mut stats: Option<(&Stage, bool)> = None;
    for stage in stages {
        match &stage.command {
            Command::Stats(now) => stats = Some((stage, now.by.iter().any(|key| is_bin(&key.expr)))),
            Command::FillMissing(_) if !stats.is_some_and(|(_, bins)| bins) => {
                let found = Diagnostic::error(
                    codes::FILLMISSING_WITHOUT_BINS,
                    keyword(stage),
                    "`fillmissing` needs a `stats … by bin(…)` before it",
                )
                .label("there are no bins to fill");
                let found = match stats {
                    Some((stats, _)) => found.also(keyword(stats), "has no `bin(…)` among its keys"),
                    None => found,
                };
                findings.push(found.help("group by `bin(5m)` or the like"));
            }
            _ => {}
        }
    }
}

fn limits(stages: &[Stage], level: Level, findings: &mut Vec<Diagnostic>) {
    for stage in stages {
        let (Command::Limit { rows, .. } | Command::Head(rows) | Command::Tail(rows)) = &stage.command else {
            continue;
        };
        let (word, most) = (spelling(stage), level.max_limit());
        if rows.value == 0 {
            findings.push(
                bad_limit(rows, format!("`{word} 0` leaves no row"))
                    .label("at least 1")
                    .help(format!("write a number from 1 to {most}")),
            );
        } else if rows.value > most {
            let found = bad_limit(rows, format!("`{word}` takes {most} rows at most at level {level}"))
                .label("too many");
            findings.push(if rows.value <= Level::default().max_limit() {
                found.help(format!("set the level to {} if the service has it by now", Level::L2))
            } else {
                found.help(format!("write `{word} {most}`, or split the time range"))
            });
        }
    }
}

fn bad_limit(rows: &Count, message: String) -> Diagnostic {
    let code: Code = codes::BAD_LIMIT;
    Diagnostic::error(code, rows.span.0, message)
}

/// A limit before a sort, where no other rule speaks of either.
fn limits_before_sort(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let after_stats = stages.iter().rposition(is_stats).map_or(0, |last| last.saturating_add(1));
    let mut stages = stages.get(after_stats..).unwrap_or_default();
    if let Some(dedup) = stages.iter().position(|stage| matches!(stage.command, Command::Dedup(_))) {
        stages = stages.get(..dedup).unwrap_or_default();
    }
    let sorts = stages.iter().filter(|stage| matches!(stage.command, Command::Sort(_))).count();
    let mut limit: Option<usize> = None;
    for (index, stage) in stages.iter().enumerate() {
        match &stage.command {
            Command::Limit { .. } | Command::Head(_) => limit = limit.or(Some(index)),
            Command::Sort(_) => {
                if let Some(limit) = limit.take() {
                    findings.extend(limit_before_sort(stages, limit, index, sorts == 1));
                }
            }
            _ => {}
        }
    }
}

fn limit_before_sort(stages: &[Stage], limit: usize, sort: usize, only_sort: bool) -> Option<Diagnostic> {
    let (stage, next) = (stages.get(limit)?, stages.get(sort)?);
    let word = spelling(stage);
    let found = Diagnostic::warning(
        codes::LIMIT_BEFORE_SORT,
        keyword(stage),
        format!("`{word}` stands before `{}`", spelling(next)),
    )
    .label("takes rows before they are in order")
    .also(keyword(next), "puts in order what is left")
    .help(format!("move `{word}` behind `{}` to keep the first rows of that order", spelling(next)));
    let text = match &stage.command {
        Command::Limit { any: false, rows } => format!("limit {}", rows.value),
        Command::Head(rows) => format!("head {}", rows.value),
        _ => return Some(found),
    };
    // Between an earlier order and a later one, taking rows in the middle may be meant.
    let certain = only_sort && limit.checked_add(1) == Some(sort);
    Some(match swap(stage, next, &text).filter(|_| certain) {
        Some(fix) => found.fix(fix),
        None => found,
    })
}

fn displays(stages: &[Stage], findings: &mut Vec<Diagnostic>) {
    let Some(last) = stages.iter().rposition(|stage| matches!(stage.command, Command::Display(_))) else {
        return;
    };
    for (stage, next) in stages.iter().zip(stages.iter().skip(1)).take(last) {
        let Command::Display(items) = &stage.command else { continue };
        let found = Diagnostic::new(
            codes::SEVERAL_DISPLAYS,
            crate::Severity::Info,
            keyword(stage),
            "only the last `display` decides what is shown",
        )
        .label("a later one replaces it")
        .also(stages.get(last).map(keyword).unwrap_or_default(), "the last one");
        let names = items.iter().any(|item| matches!(item.label, ItemLabel::Alias(_)));
        findings.push(if names {
            found.help("write `fields` where it only names something")
        } else {
            match removal(stage, next) {
                Some(fix) => found.help("take it out").fix(fix),
                None => found.help("take it out"),
            }
        });
    }
}

fn estimate(stages: &[Stage], nested: bool, findings: &mut Vec<Diagnostic>) {
    let last = stages.len().saturating_sub(1);
    for (index, stage) in stages.iter().enumerate() {
        if matches!(stage.command, Command::Estimate) && (nested || index < last) {
            findings.push(
                Diagnostic::error(codes::ESTIMATE, keyword(stage), "`estimate` is not the last command")
                    .label(if nested { "within a nested pipeline" } else { "something follows it" })
                    .help("move it to the end of the query"),
            );
        }
    }
}

fn is_stats(stage: &Stage) -> bool {
    matches!(stage.command, Command::Stats(_))
}

fn is_limit(stage: &Stage) -> bool {
    matches!(stage.command, Command::Limit { .. } | Command::Head(_) | Command::Tail(_))
}

/// Whether what a stage does depends on the order of the rows before it.
fn minds_order(stage: &Stage) -> bool {
    is_limit(stage)
        || matches!(
            stage.command,
            Command::Dedup(_)
                | Command::Accum { .. }
                | Command::AutoRegress { .. }
                | Command::FillDown(_)
                | Command::AppendCols { .. }
                | Command::Saved(_)
        )
}

fn is_bin(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => {
            Signature::find(&call.function.text).is_some_and(|known| known.function == Function::Bin)
        }
        _ => false,
    }
}
