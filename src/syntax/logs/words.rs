//! A Logs Insights query in plain words.

mod expressions;
mod shown;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use expressions::{Phrases, field, literal, name};

use crate::listing::listed;

use super::ast::{
    Command, DiffWindow, Expr, IndexValues, Item, ItemLabel, JoinKind, LogsQuery, OutlierAction, Parse,
    ParseMode, SelectorKey, SortKey, Source, SourceItem, Stage, Stats, Text, TimeRef,
};

impl LogsQuery {
    /// What the query does, for a person: a numbered line for each stage, then what is shown; the last line without a
    /// line feed.
    ///
    /// ```
    /// use trailql::LogsQuery;
    ///
    /// let query: LogsQuery = "filter eventName = 'CreateUser' | limit 5".parse()?;
    /// let words = query.in_words();
    /// assert!(words.contains("1. Keep rows in which `eventName` is \"CreateUser\"."));
    /// assert!(words.contains("2. Keep the first 5 rows."));
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn in_words(&self) -> String {
        let mut words = Words { out: String::new(), phrases: Phrases::default() };
        words.out.push_str(match self.stages.first().map(|stage| &stage.command) {
            Some(Command::Source(_)) => "Reads log events of the time range, newest first.\n\n",
            _ => "Reads log events of the chosen log groups and time range, newest first.\n\n",
        });
        words.pipeline(self, 0);
        let _ = write!(words.out, "\n{}", shown::in_words(self));
        words.notes();
        words.out
    }
}

struct Words<'q> {
    out: String,
    phrases: Phrases<'q>,
}

impl<'q> Words<'q> {
    fn pipeline(&mut self, query: &'q LogsQuery, indent: usize) {
        for (index, stage) in query.stages.iter().enumerate() {
            let sentence = self.stage(query, index, stage);
            let _ = writeln!(self.out, "{:indent$}{}. {sentence}", "", index.saturating_add(1));
            for nested in std::mem::take(&mut self.phrases.nested) {
                self.pipeline(nested, indent.saturating_add(3));
            }
        }
    }

    fn notes(&mut self) {
        if self.phrases.negative {
            self.out.push_str(
                "\nA field that is missing fulfils no test, so that negative tests (`!=`, `not`, `not like`, `not in`) hold \
                 for it; AWS does not document this.",
            );
        }
        for (written, taken) in &self.phrases.capped {
            let _ = write!(self.out, "\nThe service takes `{written}` for `{taken}`.");
        }
    }

    fn stage(&mut self, query: &'q LogsQuery, index: usize, stage: &'q Stage) -> String {
        let before = query.stages.get(..index).unwrap_or_default();
        let after = query.stages.get(index.saturating_add(1)..).unwrap_or_default();
        match &stage.command {
            Command::Source(source) => self.source(source),
            Command::Saved(call) => {
                let arguments =
                    call.arguments.iter().map(|(key, value)| format!("{} = {}", name(key), literal(value)));
                let arguments: Vec<String> = arguments.collect();
                let with = if arguments.is_empty() {
                    String::new()
                } else {
                    format!(" with {}", listed(&arguments, "and"))
                };
                format!("Do what the saved query {} says{with}.", name(&call.name))
            }
            Command::Fields(items) => format!("Add {}.", self.columns(items)),
            Command::Display(items) => {
                let replaced = after.iter().any(|stage| matches!(stage.command, Command::Display(_)));
                let replaced = if replaced { " A later `display` chooses others." } else { "" };
                format!("Choose {}.{replaced}", self.columns(items))
            }
            Command::Filter { condition, .. } | Command::Search(condition) => {
                format!("Keep rows in which {}.", self.phrases.condition(condition))
            }
            Command::FilterIndex(predicates) => {
                let tests = predicates.iter().map(|predicate| match &predicate.values {
                    IndexValues::Equal(value) => format!("{} is {}", field(&predicate.field), literal(value)),
                    IndexValues::In(values) => {
                        let values: Vec<String> = values.iter().map(literal).collect();
                        format!("{} is one of {}", field(&predicate.field), listed(&values, "or"))
                    }
                });
                let tests: Vec<String> = tests.collect();
                format!(
                    "Keep rows in which {}, reading only log groups with an index of it.",
                    tests.join(" and ")
                )
            }
            Command::Stats(stats) => self.stats(stats),
            Command::Sort(keys) => format!("Sort by {}.", sort_keys(keys)),
            Command::Limit { any: false, rows } | Command::Head(rows) => {
                format!("Keep the first {}.", one_or_more(rows.value))
            }
            Command::Limit { any: true, rows } => {
                format!("Keep any {}, and read no further.", rows_in_words(rows.value))
            }
            Command::Tail(rows) => format!("Keep the last {}.", one_or_more(rows.value)),
            Command::Parse(parse) => self.parse(parse),
            Command::Json { field: source, path, alias } => {
                format!("Take {} from the JSON in {} as {}.", quoted(path), field(source), name(alias))
            }
            Command::Dedup(fields) => {
                let sorted = before.iter().any(|stage| matches!(stage.command, Command::Sort(_)));
                let which = if sorted { "the first in this order" } else { "the newest" };
                let stay = match fields.as_slice() {
                    [one] => format!("rows without {} all stay", field(one)),
                    _ => "rows in which one of them is missing all stay".to_owned(),
                };
                let fields: Vec<String> = fields.iter().map(field).collect();
                format!("Keep one row for each {}, {which}; {stay}.", listed(&fields, "and"))
            }
            Command::Pattern(expr) => {
                format!(
                    "Replace the rows by the patterns of {} and how often each occurs.",
                    self.phrases.value(expr)
                )
            }
            Command::Diff(window) => {
                format!("Compare the patterns with those of {}.", window_in_words(*window))
            }
            Command::Anomaly => "Mark what is unusual among the patterns.".to_owned(),
            Command::Unmask(exprs) => format!("Show {} unmasked.", self.values(exprs)),
            Command::Unnest { path, into } => format!(
                "Make a row of each element of {}, called {}; rows without an element are dropped.",
                self.phrases.value(path),
                name(into)
            ),
            Command::Expand(list) => {
                format!(
                    "Make a row of each element of the JSON list in {}; other rows stay as they are.",
                    field(list)
                )
            }
            Command::Lookup(lookup) => {
                let matches = lookup.matches.iter().map(|(column, with)| {
                    format!(
                        "column {} is {}",
                        name(column),
                        with.as_ref().map_or_else(|| name(column), field)
                    )
                });
                let matches: Vec<String> = matches.collect();
                let outputs: Vec<String> = lookup.outputs.iter().map(name).collect();
                format!(
                    "Look up {} in the table {} where {}; {}.",
                    listed(&outputs, "and"),
                    name(&lookup.table),
                    matches.join(" and "),
                    kept(lookup.only_new)
                )
            }
            Command::CidrLookup(lookup) => {
                let outputs = lookup.outputs.iter().map(|(column, alias)| match alias {
                    Some(alias) => format!("{} as {}", name(column), name(alias)),
                    None => name(column),
                });
                let outputs: Vec<String> = outputs.collect();
                format!(
                    "Look up {} in the table {} where the network in column {} holds {}; {}.",
                    listed(&outputs, "and"),
                    name(&lookup.table),
                    lookup.column.as_ref().map_or_else(|| "`cidr`".to_owned(), name),
                    field(&lookup.field),
                    kept(lookup.only_new)
                )
            }
            Command::Join(join) => {
                self.phrases.nested.push(&join.pipeline);
                let without = match join.kind {
                    Some(JoinKind::Left) => "stay",
                    Some(JoinKind::Inner) | None => "are dropped",
                };
                format!(
                    "Join each row with those of the query below for which {} is {}; rows without a partner {without}. \
                     Fields are called `{}.…` and `{}.…` from here on.",
                    field(&join.left_key),
                    field(&join.right_key),
                    join.left.text,
                    join.right.text
                )
            }
            Command::AppendCols { over, max, pipeline } => {
                self.phrases.nested.push(pipeline);
                format!(
                    "Paste the columns of the query below beside the rows, row by row, {} at most; where both have a name \
                     the {} value stays.",
                    rows_in_words(max.map_or(10_000, |max| max.value)),
                    if *over == Some(true) { "pasted" } else { "present" }
                )
            }
            Command::AddTotals { name: total, row, col, fields } => {
                let fields: Vec<String> = fields.iter().map(field).collect();
                let what = if fields.is_empty() { "the numbers".to_owned() } else { listed(&fields, "and") };
                let total = total.as_ref().map_or_else(|| "`Total`".to_owned(), name);
                let mut parts = Vec::new();
                if *row != Some(false) {
                    parts.push(format!("Add up {what} of each row as {total}."));
                }
                if *col == Some(true) {
                    parts.push(format!("Add a last row with the sums of {what}."));
                }
                if parts.is_empty() { "Add no totals.".to_owned() } else { parts.join(" ") }
            }
            Command::Accum { field: summed, alias } => match alias {
                Some(alias) => format!("Add the running sum of {} as {}.", field(summed), name(alias)),
                None => format!("Replace {} by its running sum.", field(summed)),
            },
            Command::AutoRegress { field: copied, alias, from, to } => {
                let from = from.map_or(1, |from| from.value);
                let stem = alias.as_ref().map_or(&copied.name, |alias| &alias.text);
                match to.map(|to| to.value).filter(|&to| to != from) {
                    Some(to) => format!(
                        "Copy {} of the rows {from} to {to} before as `{stem}_p{from}` to `{stem}_p{to}`.",
                        field(copied)
                    ),
                    None => {
                        let copy = alias.as_ref().map_or_else(|| format!("`{stem}_p{from}`"), name);
                        let places = if from == 1 { String::new() } else { format!("{from} places ") };
                        format!("Copy {} of the row {places}before as {copy}.", field(copied))
                    }
                }
            }
            Command::FillDown(names) => {
                let names: Vec<String> = names.iter().map(name).collect();
                let what = if names.is_empty() { "all fields".to_owned() } else { listed(&names, "and") };
                format!("Fill missing values of {what} from the row above.")
            }
            Command::FillMissing(values) => {
                let values = values.iter().map(|(value, of)| format!("{} for {}", literal(value), field(of)));
                let values: Vec<String> = values.collect();
                let with = if values.is_empty() {
                    String::new()
                } else {
                    format!(", with {}", listed(&values, "and"))
                };
                format!("Add a row for each bin of the time range that has none{with}.")
            }
            Command::Outlier { action, param, uselower, mark, fields } => {
                let fields: Vec<String> = fields.iter().map(field).collect();
                let done = match action {
                    Some(OutlierAction::Remove) => "Drop rows with outliers of",
                    Some(OutlierAction::Transform) | None => "Bring back to the fence the outliers of",
                };
                let lower = if *uselower == Some(true) { " or below the first" } else { "" };
                let marked = if *mark == Some(true) { " A field marks them." } else { "" };
                format!(
                    "{done} {}: values more than {} interquartile ranges above the third quartile{lower}.{marked}",
                    listed(&fields, "and"),
                    param.as_ref().map_or("2.5", |param| &param.text)
                )
            }
            Command::Sessionize { fields, maxspan, alias } => {
                let pause = match maxspan {
                    Some(maxspan) => self.phrases.period(maxspan),
                    None => "30 minutes".to_owned(),
                };
                let fields: Vec<String> = fields.iter().map(field).collect();
                format!(
                    "Number the sessions of each {} as {}; a pause of more than {pause} begins a new one.",
                    listed(&fields, "and"),
                    alias.as_ref().map_or_else(|| "`session_id`".to_owned(), name)
                )
            }
            Command::CountFrequent(fields) => {
                let fields: Vec<String> = fields.iter().map(field).collect();
                format!(
                    "Count, approximately, how often each {} occurs, most frequent first.",
                    listed(&fields, "and")
                )
            }
            Command::RelevantFields { fields, condition } => {
                let fields: Vec<String> = fields.iter().map(field).collect();
                let among = if fields.is_empty() { "all fields".to_owned() } else { listed(&fields, "and") };
                format!(
                    "Among {among}, find those whose values differ most between rows in which {} and the others.",
                    self.phrases.condition(condition)
                )
            }
            Command::LogCompare(shift) => {
                format!(
                    "Compare the patterns of `@message` with those {} earlier.",
                    self.phrases.period(shift)
                )
            }
            Command::Estimate => "Tell how many bytes this would read, without reading them.".to_owned(),
        }
    }

    fn source(&mut self, source: &Source) -> String {
        let groups: Vec<String> = source
            .items
            .iter()
            .filter_map(|item| match item {
                SourceItem::Group(group) => Some(format!("`{}`", group.text)),
                _ => None,
            })
            .collect();
        let mut parts = Vec::new();
        match groups.as_slice() {
            [] => {}
            [one] => parts.push(format!("the log group {one}")),
            several => parts.push(format!("the log groups {}", listed(several, "and"))),
        }
        parts.extend(source.items.iter().filter_map(selection));
        let window = match &source.window {
            Some((start, end)) => format!(", from {} to {}", self.time(start), self.time(end)),
            None => String::new(),
        };
        format!("Read {}{window}.", listed(&parts, "and"))
    }

    fn time(&mut self, time: &TimeRef) -> String {
        match time {
            TimeRef::Now => "now".to_owned(),
            TimeRef::Ago(ago) => format!("{} ago", self.phrases.period(ago)),
        }
    }

    fn columns(&mut self, items: &'q [Item]) -> String {
        format!("the column{} {}", if items.len() == 1 { "" } else { "s" }, self.items(items))
    }

    fn items(&mut self, items: &'q [Item]) -> String {
        let items: Vec<String> = items.iter().map(|item| self.item(item)).collect();
        listed(&items, "and")
    }

    fn item(&mut self, item: &'q Item) -> String {
        match &item.label {
            ItemLabel::Alias(alias) => format!("{} as {}", self.phrases.subject(&item.expr), name(alias)),
            ItemLabel::Source(_) => self.phrases.value(&item.expr),
        }
    }

    fn values(&mut self, exprs: &'q [Expr]) -> String {
        let values: Vec<String> = exprs.iter().map(|expr| self.phrases.value(expr)).collect();
        if values.is_empty() { "`@message`".to_owned() } else { listed(&values, "and") }
    }

    fn stats(&mut self, stats: &'q Stats) -> String {
        let results = self.items(&stats.aggregates);
        if stats.by.is_empty() {
            return format!("Compute over all rows: {results}.");
        }
        self.phrases.grouping = true;
        let keys = self.items(&stats.by);
        self.phrases.grouping = false;
        let offset = match &stats.offset {
            Some(offset) => format!(", the bins shifted by {}", self.phrases.period(offset)),
            None => String::new(),
        };
        format!("Group rows by {keys}{offset}, and compute of each group: {results}.")
    }

    fn parse(&mut self, parse: &'q Parse) -> String {
        let operand = match &parse.operand {
            Some(operand) => self.phrases.value(operand),
            None => "`@message`".to_owned(),
        };
        match &parse.mode {
            ParseMode::Glob { pattern, names } => {
                let names: Vec<String> = names.iter().map(name).collect();
                format!(
                    "Take {} from {operand} where it matches the glob {}; other rows stay, without.",
                    listed(&names, "and"),
                    quoted(pattern)
                )
            }
            ParseMode::Regex { regex, names, multi } => {
                let names = if names.is_empty() {
                    shown::group_names(&regex.source).into_iter().map(|name| format!("`{name}`")).collect()
                } else {
                    names.iter().map(name).collect::<Vec<_>>()
                };
                let multi = if *multi { " Each match makes a row." } else { "" };
                format!(
                    "Take {} from {operand} where it matches `/{}/`; other rows stay, without.{multi}",
                    listed(&names, "and"),
                    regex.source
                )
            }
            ParseMode::Logfmt(map) => format!("Read {operand} as `key=value` pairs into {}.", name(map)),
            ParseMode::Csv(names) => {
                let names: Vec<String> = names.iter().map(name).collect();
                format!("Split {operand} at commas into {}.", listed(&names, "and"))
            }
        }
    }
}

fn selection(item: &SourceItem) -> Option<String> {
    let texts = |texts: &[Text]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("`{}`", text.text)).collect();
        listed(&texts, "or")
    };
    Some(match item {
        SourceItem::Group(_) => return None,
        SourceItem::LogGroups(arguments) if arguments.is_empty() => "all log groups".to_owned(),
        SourceItem::LogGroups(arguments) => {
            let arguments = arguments.iter().map(|(key, values)| match key {
                SelectorKey::NamePrefix => format!("whose name begins with {}", texts(values)),
                SelectorKey::AccountIdentifiers => format!("of account {}", texts(values)),
                SelectorKey::Class => format!("of class {}", texts(values)),
            });
            format!("the log groups {}", arguments.collect::<Vec<_>>().join(", "))
        }
        SourceItem::DataSource(names) => format!("the data source {}", texts(names)),
        SourceItem::LogGroupTags(filters) => {
            let filters = filters.iter().map(|filter| {
                let values: Vec<String> = filter.values.iter().map(|value| format!("`{value}`")).collect();
                format!("`{}` is {}", filter.key, listed(&values, "or"))
            });
            format!("the log groups whose tag {}", filters.collect::<Vec<_>>().join(" and "))
        }
    })
}

fn sort_keys(keys: &[SortKey]) -> String {
    let keys = keys.iter().map(|key| {
        let first = match (key.field.name.as_str(), key.descending) {
            ("@timestamp" | "@ingestionTime", true) => "newest first",
            ("@timestamp" | "@ingestionTime", false) => "oldest first",
            (_, true) => "largest first",
            (_, false) => "smallest first",
        };
        format!("{}, {first}", field(&key.field))
    });
    keys.collect::<Vec<_>>().join(", then by ")
}

fn window_in_words(window: DiffWindow) -> &'static str {
    match window {
        DiffWindow::Before => "the time just before, of the same length",
        DiffWindow::PreviousDay => "the same time a day earlier",
        DiffWindow::PreviousWeek => "the same time seven days earlier",
        DiffWindow::PreviousMonth => "the same time a month earlier",
    }
}

fn kept(only_new: bool) -> &'static str {
    if only_new { "fields that are there already stay" } else { "without a match they are emptied" }
}

fn quoted(text: &Text) -> String {
    format!("\"{}\"", text.text)
}

fn one_or_more(count: u64) -> String {
    if count == 1 { "row".to_owned() } else { rows_in_words(count) }
}

fn rows_in_words(count: u64) -> String {
    format!("{} row{}", with_commas(count), if count == 1 { "" } else { "s" })
}

fn with_commas(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
