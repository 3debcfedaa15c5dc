//! A query stage by stage, its nested pipelines too: which names are fields of the events there, and which the query
//! made itself.

use crate::syntax::logs::{Command, Expr, ExprKind, InSet, ItemLabel, LogsQuery, ParseMode, Stage};

/// A stage and what it sees.
pub(super) struct Step<'q> {
    pub(super) stage: &'q Stage,
    /// The stages of its pipeline.
    pub(super) stages: &'q [Stage],
    /// Its place among them.
    pub(super) place: usize,
    /// Whether rows are still events here.
    pub(super) sees_events: bool,
    defined: Vec<String>,
}

impl<'q> Step<'q> {
    /// Whether the name is a field of the events here, and not something that the query defines.
    pub(super) fn is_event_field(&self, name: &str) -> bool {
        let is_defined = |known: &String| {
            name.strip_prefix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.sees_events && !self.defined.iter().any(is_defined)
    }

    /// The name, where the expression is a field of the events.
    pub(super) fn event_field(&self, expr: &'q Expr) -> Option<&'q str> {
        field_name(expr).filter(|name| self.is_event_field(name))
    }

    /// The stages behind this one.
    pub(super) fn behind(&self) -> &'q [Stage] {
        self.stages.get(self.place.saturating_add(1)..).unwrap_or_default()
    }

    /// The stages before this one.
    pub(super) fn before(&self) -> &'q [Stage] {
        self.stages.get(..self.place).unwrap_or_default()
    }
}

/// The stages of a query and of the pipelines in it.
pub(super) fn steps(query: &LogsQuery) -> Vec<Step<'_>> {
    let mut open = vec![query];
    let mut steps = Vec::new();
    while let Some(pipeline) = open.pop() {
        let stages = pipeline.stages.as_slice();
        let (mut defined, mut sees_events) = (Vec::new(), true);
        for (place, stage) in stages.iter().enumerate() {
            let new = names_made(&stage.command);
            let mut here: Vec<String> = defined.clone();
            here.extend(new.iter().cloned());
            steps.push(Step { stage, stages, place, sees_events, defined: here });
            sees_events &= !replaces_rows(&stage.command);
            defined.extend(new);
            open.extend(nested(&stage.command));
        }
    }
    steps
}

/// Whether rows of another shape take the place of the events.
pub(super) fn replaces_rows(command: &Command) -> bool {
    matches!(
        command,
        Command::Stats(_)
            | Command::Pattern(_)
            | Command::CountFrequent(_)
            | Command::RelevantFields { .. }
            | Command::LogCompare(_)
            | Command::Estimate
            | Command::Join(_)
            | Command::Saved(_)
    )
}

/// The names that a command gives to something.
pub(super) fn names_made(command: &Command) -> Vec<String> {
    match command {
        Command::Fields(items) | Command::Display(items) => {
            items.iter().filter_map(|item| alias(&item.label)).collect()
        }
        Command::Stats(stats) => {
            stats.aggregates.iter().chain(&stats.by).filter_map(|item| alias(&item.label)).collect()
        }
        Command::Parse(parse) => match &parse.mode {
            ParseMode::Glob { names, .. } | ParseMode::Csv(names) => {
                names.iter().map(|name| name.text.clone()).collect()
            }
            ParseMode::Regex { regex, names, .. } => {
                let groups = group_names(&regex.source);
                groups.chain(names.iter().map(|name| name.text.as_str())).map(str::to_owned).collect()
            }
            ParseMode::Logfmt(name) => vec![name.text.clone()],
        },
        Command::Json { alias, .. } => vec![alias.text.clone()],
        Command::Unnest { into, .. } => vec![into.text.clone()],
        Command::Expand(field) => vec![field.name.clone()],
        Command::Lookup(lookup) => lookup.outputs.iter().map(|name| name.text.clone()).collect(),
        Command::CidrLookup(lookup) => lookup
            .outputs
            .iter()
            .map(|(column, alias)| alias.as_ref().unwrap_or(column).text.clone())
            .collect(),
        Command::Accum { field, alias } => {
            vec![alias.as_ref().map_or(field.name.clone(), |alias| alias.text.clone())]
        }
        _ => Vec::new(),
    }
}

fn alias(label: &ItemLabel) -> Option<String> {
    match label {
        ItemLabel::Alias(name) => Some(name.text.clone()),
        ItemLabel::Source(_) => None,
    }
}

/// The names in `(?<name>…)` and `(?P<name>…)`.
pub(super) fn group_names(regex: &str) -> impl Iterator<Item = &str> {
    regex.split("(?").skip(1).filter_map(|group| {
        let named = group.strip_prefix('P').unwrap_or(group).strip_prefix('<')?;
        Some(named.split_once('>')?.0)
    })
}

fn nested(command: &Command) -> Vec<&LogsQuery> {
    let mut found = Vec::new();
    match command {
        Command::Join(join) => found.push(&join.pipeline),
        Command::AppendCols { pipeline, .. } => found.push(pipeline),
        _ => {}
    }
    for root in command.expressions() {
        parts(root, |expr, _| {
            if let ExprKind::In { set: InSet::Pipeline(pipeline), .. } = &expr.kind {
                found.push(pipeline);
            }
        });
    }
    found
}

/// Visits an expression and all its parts, each with what it is a part of.
pub(super) fn parts<'q>(expr: &'q Expr, mut visit: impl FnMut(&'q Expr, Option<&'q Expr>)) {
    // Not by recursion: a long sum is as deep as it is long.
    let mut open: Vec<(&'q Expr, Option<&'q Expr>)> = vec![(expr, None)];
    while let Some((expr, parent)) = open.pop() {
        visit(expr, parent);
        open.extend(expr.operands().into_iter().rev().map(|operand| (operand, Some(expr))));
    }
}

/// Every expression of a step, its parts included, each with what it is a part of.
pub(super) fn expressions<'q>(step: &Step<'q>) -> Vec<(&'q Expr, Option<&'q Expr>)> {
    let mut found = Vec::new();
    for root in step.stage.command.expressions() {
        parts(root, |expr, parent| found.push((expr, parent)));
    }
    found
}

/// The name, where the expression is a field or alias.
pub(super) fn field_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Field(field) => Some(field.name.as_str()),
        _ => None,
    }
}

/// The names that a stage reads.
pub(super) fn names_read(stage: &Stage) -> Vec<&str> {
    let mut names = Vec::new();
    for root in stage.command.expressions() {
        parts(root, |expr, _| names.extend(field_name(expr)));
    }
    match &stage.command {
        Command::Sort(keys) => names.extend(keys.iter().map(|key| key.field.name.as_str())),
        Command::Dedup(fields) | Command::CountFrequent(fields) => {
            names.extend(fields.iter().map(|field| field.name.as_str()));
        }
        Command::FilterIndex(predicates) => {
            names.extend(predicates.iter().map(|predicate| predicate.field.name.as_str()));
        }
        Command::Json { field, .. } | Command::Expand(field) | Command::Accum { field, .. } => {
            names.push(&field.name);
        }
        _ => {}
    }
    names
}
