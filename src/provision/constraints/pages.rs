//! What only AWS's pages say of requests, a table written by hand with its sources.

use super::pattern::Pattern;
use super::table::Table;

pub(super) const PAGES: &str = include_str!("../../../data/requests-pages.tsv");

/// A rule for one member of one request.
#[derive(Debug)]
pub(super) enum Rule {
    Least(i64),
    Most(i64),
    OneOf(Vec<&'static str>),
    Form { pattern: Pattern, words: &'static str },
    NotForm { pattern: Pattern, words: &'static str },
    Without(Vec<&'static str>),
    With(&'static str),
    ExactlyOne(Vec<&'static str>),
}

/// Adds the rules to the requests that they are about.
///
/// # Errors
/// A line that is not a rule, or that is about a member that no model has.
pub(super) fn read(text: &'static str, table: &mut Table) -> Result<(), String> {
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fault = || format!("the table of the pages has a line that cannot be read: `{line}`");
        let columns: Vec<&'static str> = line.split('\t').collect();
        let [operations, path, kind, argument, words, source] = columns.as_slice() else {
            return Err(fault());
        };
        if source.is_empty() {
            return Err(fault());
        }
        for operation in operations.split(',') {
            let request = table.requests.get_mut(operation).ok_or_else(fault)?;
            if !path.is_empty() && !request.members.contains_key(path) {
                return Err(fault());
            }
            let rule = rule(kind, argument, words).ok_or_else(fault)?;
            request.rules.entry(path).or_default().push(rule);
        }
    }
    Ok(())
}

fn rule(kind: &str, argument: &'static str, words: &'static str) -> Option<Rule> {
    let names = || argument.split('|').collect();
    Some(match kind {
        "min" => Rule::Least(argument.parse().ok()?),
        "max" => Rule::Most(argument.parse().ok()?),
        "enum" => Rule::OneOf(names()),
        "pattern" if !words.is_empty() => Rule::Form { pattern: Pattern::new(argument), words },
        "not" if !words.is_empty() => Rule::NotForm { pattern: Pattern::new(argument), words },
        "without" => Rule::Without(names()),
        "with" => Rule::With(argument),
        "one" => Rule::ExactlyOne(names()),
        _ => return None,
    })
}
