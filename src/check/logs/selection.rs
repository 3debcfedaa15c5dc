//! The limits of what selects log groups and rows (`spec/logs-insights.md` 2.1 to 2.4).

use crate::syntax::logs::{Command, SelectorKey, Source, SourceItem, Stage, Text, codes};
use crate::{Diagnostic, Span};

use super::place::keyword;

const MOST_PREFIXES: usize = 5;
const MOST_ACCOUNTS: usize = 20;
const MOST_DATA_SOURCES: usize = 10;
const MOST_TAGS: usize = 5;
const MOST_TAG_VALUES: usize = 5;
const MOST_PASTED_ROWS: u64 = 100_000;
/// A guard: the service states no limit, and each step is a column.
const MOST_LAGS: u64 = 1_000;

/// Checks the arguments of a command that are no expressions.
pub(super) fn check(stage: &Stage, findings: &mut Vec<Diagnostic>) {
    match &stage.command {
        Command::Source(source) => check_source(source, keyword(stage), findings),
        Command::FilterIndex(predicates) => {
            let never = |name: &str| matches!(name, "@message" | "@timestamp" | "@log");
            for predicate in predicates.iter().filter(|predicate| never(&predicate.field.name)) {
                findings.push(
                    Diagnostic::error(
                        codes::BAD_ARGUMENT,
                        predicate.field.span.0,
                        format!("`{}` cannot have an index", predicate.field.name),
                    )
                    .label("`filterIndex` reads indexed fields only")
                    .help("write `filter`"),
                );
            }
        }
        Command::AppendCols { max: Some(max), .. } if max.value == 0 || max.value > MOST_PASTED_ROWS => {
            findings.push(
                Diagnostic::error(codes::BAD_ARGUMENT, max.span.0, "`max` is out of range")
                    .label(format!("1 to {MOST_PASTED_ROWS}"))
                    .help(format!("write a number from 1 to {MOST_PASTED_ROWS}")),
            );
        }
        Command::AutoRegress { from: Some(from), to, .. } => {
            let last = to.unwrap_or(*from);
            let finding = if from.value == 0 {
                Diagnostic::error(codes::BAD_ARGUMENT, from.span.0, "`p=0` is the row itself")
                    .label("at least 1")
                    .help("write `p=1` for the row before")
            } else if last.value < from.value {
                Diagnostic::error(
                    codes::BAD_ARGUMENT,
                    from.span.0.to(last.span.0),
                    "the range ends before it begins",
                )
                .label("from a larger number to a smaller one")
                .help(format!("write `p={}-{}`", last.value, from.value))
            } else if last.value > MOST_LAGS {
                Diagnostic::error(codes::TOO_LARGE, last.span.0, format!("more than {MOST_LAGS} rows back"))
                    .label("too far back")
                    .help(format!("look {MOST_LAGS} rows back at most"))
            } else {
                return;
            };
            findings.push(finding);
        }
        _ => {}
    }
}

fn check_source(source: &Source, keyword: Span, findings: &mut Vec<Diagnostic>) {
    for item in &source.items {
        match item {
            SourceItem::Group(_) => {}
            SourceItem::LogGroups(arguments) => {
                for (key, values) in arguments {
                    match key {
                        SelectorKey::NamePrefix => {
                            findings.extend(surplus(values, "namePrefix", MOST_PREFIXES))
                        }
                        SelectorKey::AccountIdentifiers => {
                            findings.extend(surplus(values, "accountIdentifier", MOST_ACCOUNTS));
                        }
                        SelectorKey::Class => findings.extend(values.iter().filter_map(class)),
                    }
                }
            }
            SourceItem::DataSource(names) => findings.extend(surplus(names, "dataSource", MOST_DATA_SOURCES)),
            SourceItem::LogGroupTags(filters) => {
                let too_many = if filters.len() > MOST_TAGS {
                    Some(format!("`logGroupTags` takes {MOST_TAGS} tags at most"))
                } else {
                    let filter = filters.iter().find(|filter| filter.values.len() > MOST_TAG_VALUES);
                    filter
                        .map(|filter| format!("tag `{}` takes {MOST_TAG_VALUES} values at most", filter.key))
                };
                findings.extend(too_many.map(|message| {
                    Diagnostic::error(codes::BAD_ARGUMENT, keyword, message)
                        .label("too many")
                        .help("use `*` in a value, or choose the groups by name")
                }));
            }
        }
    }
}

fn surplus(values: &[Text], what: &str, most: usize) -> Option<Diagnostic> {
    let first = values.get(most)?;
    Some(
        Diagnostic::error(codes::BAD_ARGUMENT, first.span.0, format!("`{what}` takes {most} texts at most"))
            .label("one too many")
            .help(format!("leave {} out", values.len().saturating_sub(most))),
    )
}

fn class(class: &Text) -> Option<Diagnostic> {
    (!matches!(class.text.as_str(), "STANDARD" | "INFREQUENT_ACCESS")).then(|| {
        Diagnostic::error(
            codes::BAD_ARGUMENT,
            class.span.0,
            format!("no log class is called `{}`", class.text),
        )
        .label("`STANDARD` or `INFREQUENT_ACCESS`")
        .help("write `'STANDARD'` or `'INFREQUENT_ACCESS'`")
    })
}
