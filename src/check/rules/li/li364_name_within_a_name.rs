//! LI364: a whole event name looked for within others.

use super::condition::{Says, conjunctions, test};
use super::pipeline::{expressions, field_name, steps};
use super::{Context, finding, regexes};
use crate::schema::Schema;
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, LikePattern};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI364"),
    severity: Severity::Info,
    title: "an event name found within others",
    why: "`like` finds a text anywhere, so that the name of one call is found in longer names too: `GetObject` \
          in `GetObjectAcl` and `GetObjectTagging`. Where one call is meant, `=` says so and uses the index.",
    bad: "filter eventSource = \"s3.amazonaws.com\" and eventName like \"GetObject\"",
    good: "filter eventSource = \"s3.amazonaws.com\" and eventName = \"GetObject\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    let sources = named_sources(context);
    for step in steps(context.query) {
        let mut texts: Vec<(&Expr, String, Span)> = Vec::new();
        for (expr, _) in expressions(&step) {
            if let ExprKind::Like { operand, pattern: LikePattern::Substring(part), .. } = &expr.kind {
                texts.push((operand, part.text.clone(), part.span.0));
            }
        }
        for regex in regexes::of(&step) {
            let plain = regexes::literal(&regex.sequence());
            if let (Some(like), Some(text)) = (regex.like, plain) {
                texts.push((like.subject, text, regex.span));
            }
        }
        for (subject, text, span) in texts {
            if step.event_field(subject) != Some("eventName") || !schema.is_event_name(&text) {
                continue;
            }
            let others = longer_names(schema, &text, &sources);
            if let Some(example) = others.first() {
                findings.push(
                    finding(&RULE, span, format!("`{text}` is found in `{example}` too"))
                        .label(match others.len() {
                            1 => "one longer name has it".to_owned(),
                            many => format!("{many} longer names have it"),
                        })
                        .help(format!("write `= \"{text}\"` for this call alone")),
                );
            }
        }
    }
}

/// The names of the same event sources that have this one within.
fn longer_names(schema: &Schema, name: &str, sources: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = schema
        .sources_of(name)
        .iter()
        .filter(|source| sources.is_empty() || sources.contains(&source.name()))
        .flat_map(|source| source.event_names())
        .filter(|other| other != name && other.contains(name))
        .collect();
    found.sort_by_key(|other| (other.len(), other.clone()));
    found.dedup();
    found
}

/// The event sources that are asked for; none where that is open.
fn named_sources<'q>(context: &Context<'q>) -> Vec<&'q str> {
    let all = conjunctions(context.query);
    let tests = all.iter().flatten().filter_map(|leg| test(leg));
    let named = tests.filter(|said| field_name(said.subject) == Some("eventSource"));
    named
        .flat_map(|said| match said.says {
            Says::Equal { negated: false, values } => values.iter().map(|value| value.text).collect(),
            _ => Vec::new(),
        })
        .collect()
}
