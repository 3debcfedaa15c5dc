//! FP322: a regex for names of events is also found inside longer names.

use crate::syntax::Rule;
use crate::plan::glob::Glob;
use crate::schema::Schema;
use crate::{Code, Diagnostic, Severity};

use super::regexes::regexes;
use super::texts::regex_globs;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP322"),
    severity: Severity::Info,
    title: "a regex is also found inside longer names",
    why: "A regex is searched for: without `^` and `$` it is found anywhere in the value. Names of events \
          often contain each other, so a list of names without anchors takes more events than it names.",
    bad: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventName = %GetObject|PutObject% }"#,
    good: r#"{ $.eventSource = "s3.amazonaws.com" && $.eventName = %^GetObject$|^PutObject$% }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = view.schema else { return };
    for regex in regexes(view) {
        let is_on_names = regex.clause.is_some_and(|clause| clause.subject.to_string() == "$.eventName");
        let Some(globs) = regex_globs(regex.regex).filter(|globs| is_on_names && globs.len() > 1) else { continue };
        let names: Vec<&str> = globs
            .iter()
            .filter_map(|glob| match glob {
                Glob::Contains(name) if schema.is_event_name(name) => Some(&**name),
                _ => None,
            })
            .collect();
        if names.len() < globs.len() {
            continue;
        }
        let Some((name, longer)) = names.iter().find_map(|name| Some((name, longer_name(schema, name, &names)?))) else {
            continue;
        };
        findings.push(
            found(&RULE, regex.span, format!("`{name}` is also found in `{longer}`"))
                .help("anchor each name at both ends: `%^GetObject$|^PutObject$%`"),
        );
    }
}

/// A name of an event with `name` in it that none of `names` is meant for.
fn longer_name(schema: &Schema, name: &str, names: &[&str]) -> Option<String> {
    schema
        .event_sources()
        .flat_map(|source| source.event_names())
        .find(|other| other.len() > name.len() && other.contains(name) && !names.contains(&other.as_str()))
}
