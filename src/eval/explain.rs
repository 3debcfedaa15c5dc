//! Why an event matched or not: each condition with what it saw.

use std::fmt;

use memchr::memmem;

use crate::json::{Node, NotAnObject, Projection, Slots};
use crate::plan::filter::{FilterPlan, JsonPlan, Predicate, SlotTest, SpacePlan, TermsPlan};
use crate::syntax::filter::{Comparison, Condition, Entry, Expr, FilterPattern, Item, ItemAtom, Prefix};
use crate::{Limits, LogEvent, Span};

use super::matcher::Matcher;
use super::{json, space, terms};

/// How one event fared under one pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Explanation {
    /// Whether the event matches.
    pub matched: bool,
    /// Why no condition was looked at, where that is so.
    pub outcome: Outcome,
    /// The conditions in the order in which they stand in the pattern.
    pub clauses: Vec<ClauseReport>,
}

/// Whether the conditions could be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// They were.
    Evaluated,
    /// The empty pattern has none.
    MatchAll,
    /// A JSON pattern, and a message that is no JSON object, with the reason.
    NotJsonObject(String),
    /// A space-delimited pattern, and a line with too few fields.
    TooFewFields {
        /// Fields that the pattern needs.
        needed: usize,
        /// Fields that the line has.
        found: usize,
    },
}

/// One condition, and what it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClauseReport {
    /// Where the condition stands in the pattern; empty for a pattern built without text.
    pub span: Span,
    /// The condition in canonical spelling.
    pub clause: String,
    /// Whether it held.
    pub held: bool,
    /// What it saw.
    pub seen: Seen,
    /// Why that decides, where it is not plain.
    pub note: Option<&'static str>,
}

/// What a condition saw.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Seen {
    /// The path leads nowhere.
    Absent,
    /// A value, as JSON text, or the text of a field.
    Value(String),
    /// The values below a wildcard, as JSON text; only the first few.
    Several(Vec<String>),
    /// A term that occurs at this byte of the message.
    At(usize),
    /// A term that does not occur.
    Nowhere,
    /// A `?` term beside plain or `-` terms.
    Ignored,
}

impl fmt::Display for ClauseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.clause, self.seen)?;
        match self.note {
            Some(note) => write!(f, ", {note}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seen::Absent => f.write_str("is absent"),
            Seen::Value(value) => write!(f, "is {}", shortened(value)),
            Seen::Several(values) if values.is_empty() => f.write_str("leads to no value"),
            Seen::Several(values) => {
                f.write_str("leads to ")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{}", if index > 0 { ", " } else { "" }, shortened(value))?;
                }
                Ok(())
            }
            Seen::At(offset) => write!(f, "occurs at byte {offset}"),
            Seen::Nowhere => f.write_str("does not occur"),
            Seen::Ignored => f.write_str("is ignored beside plain or `-` terms"),
        }
    }
}

/// More values than this below a wildcard are not listed.
const MOST_VALUES: usize = 5;

/// Longer values are cut where they are shown.
const MOST_CHARS: usize = 120;

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MOST_CHARS) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or_default()),
        None => value.to_owned(),
    }
}

pub(super) fn explain(pattern: &FilterPattern, matcher: &Matcher, event: &LogEvent<'_>) -> Explanation {
    let message = event.message();
    let (outcome, clauses) = match (pattern, matcher.plan()) {
        (FilterPattern::Terms(items), FilterPlan::Terms(plan)) => {
            (Outcome::Evaluated, terms_clauses(items.items(), plan, message))
        }
        (FilterPattern::Json(expr), FilterPlan::Json(_)) => match json_clauses(expr, message) {
            Ok(clauses) => (Outcome::Evaluated, clauses),
            Err(fault) => (Outcome::NotJsonObject(fault.to_string()), Vec::new()),
        },
        (FilterPattern::Space(entries), FilterPlan::Space(plan)) => {
            space_clauses(entries.entries(), plan, message)
        }
        _ => (Outcome::MatchAll, Vec::new()),
    };
    Explanation { matched: matcher.is_match(event), outcome, clauses }
}

/// Each condition, evaluated on its own in the order of the pattern.
fn json_clauses(expr: &Expr<Condition>, message: &str) -> Result<Vec<ClauseReport>, NotAnObject> {
    let mut reports = Vec::new();
    for condition in expr.leaves() {
        let alone = FilterPattern::Json(Expr::Leaf(condition.clone()));
        let Ok(FilterPlan::Json(JsonPlan { paths, root: Expr::Leaf(test) })) =
            FilterPlan::new(&alone, &Limits { regex_bytes: usize::MAX, ..Limits::default() })
        else {
            continue;
        };
        let mut slots = Slots::new();
        Projection::new(&paths).project(message, &mut slots)?;
        reports.push(condition_report(condition, &test, slots.node(message, test.slot)));
    }
    Ok(reports)
}

fn condition_report(condition: &Condition, test: &SlotTest, node: Node<'_>) -> ClauseReport {
    let held = json::slot_test(test, node);
    let seen = match &test.wildcard {
        None => match node {
            Node::Absent => Seen::Absent,
            value => Seen::Value(json_text(value)),
        },
        Some(behind) => {
            let mut values = Vec::new();
            json::any_child(node, behind, &mut |value| {
                values.push(json_text(value));
                values.len() >= MOST_VALUES
            });
            Seen::Several(values)
        }
    };
    let note =
        if held || test.wildcard.is_some() { None } else { note(&condition.test, &test.predicate, node) };
    ClauseReport { span: condition.span.0, clause: condition.to_string(), held, seen, note }
}

/// What a reader may not expect about a condition that failed.
fn note(comparison: &Comparison, predicate: &Predicate, node: Node<'_>) -> Option<&'static str> {
    let compares = matches!(predicate, Predicate::Equal(_) | Predicate::NotEqual(_) | Predicate::Order(..));
    Some(match (comparison, node) {
        (_, Node::Absent) if compares => "and an absent value fulfils no comparison",
        (_, Node::Null) if compares => "and null fulfils no comparison",
        (_, Node::Bool(_)) if compares => "and a boolean fulfils no comparison; use IS TRUE or IS FALSE",
        (_, Node::Array(_)) if compares => "and an array fulfils no comparison; name an element",
        (_, Node::Object(_)) if compares => "and an object fulfils no comparison; name a member",
        (Comparison::Order(..), Node::String(_)) => "and a text has no order, even one made of digits",
        (Comparison::IsBool(_), Node::String(_)) => "a text, not a boolean",
        (Comparison::IsNull, Node::Absent) => "and an absent value is not null",
        (Comparison::NotExists, Node::Null) => "and null is there",
        _ => return None,
    })
}

fn json_text(node: Node<'_>) -> String {
    match node {
        Node::Absent => String::new(),
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Number(text) | Node::Array(text) | Node::Object(text) => text.to_owned(),
        Node::String(string) => format!("\"{}\"", string.raw()),
    }
}

fn terms_clauses(items: &[Item], plan: &TermsPlan, message: &str) -> Vec<ClauseReport> {
    let any_optional_ignored = plan.alternatives.is_empty();
    let mut required = plan.required.iter();
    let mut excluded = plan.excluded.iter();
    let mut alternatives = plan.alternatives.iter();
    let report = |item: &Item| {
        let term = match item.prefix {
            Prefix::Required => required.next(),
            Prefix::Excluded => excluded.next(),
            Prefix::Optional if any_optional_ignored => None,
            Prefix::Optional => alternatives.next(),
        };
        let place = match &item.atom {
            ItemAtom::Text(text) => memmem::find(message.as_bytes(), text.text.as_bytes()),
            ItemAtom::Regex(_) => match term {
                Some(crate::plan::filter::Term::Regex(regex)) => {
                    regex.find(message).map(|found| found.start())
                }
                _ => None,
            },
        };
        let occurs = term.is_some_and(|term| terms::occurs(term, message));
        let seen = match (term, place) {
            (None, _) => Seen::Ignored,
            (Some(_), Some(offset)) => Seen::At(offset),
            (Some(_), None) => Seen::Nowhere,
        };
        let one = crate::syntax::filter::Terms::new(vec![item.clone()]).map(FilterPattern::Terms);
        ClauseReport {
            span: item.span.0,
            clause: one.map(|one| one.to_string()).unwrap_or_default(),
            held: occurs != (item.prefix == Prefix::Excluded) && term.is_some(),
            seen,
            note: None,
        }
    };
    items.iter().map(report).collect()
}

fn space_clauses(entries: &[Entry], plan: &SpacePlan, message: &str) -> (Outcome, Vec<ClauseReport>) {
    let Some(bound) = space::bind(plan, message) else {
        let needed = (plan.head.len() + plan.tail.as_ref().map_or(0, Vec::len)).max(1);
        let found = space::Tokens::of(message).texts().len();
        return (Outcome::TooFewFields { needed, found }, Vec::new());
    };
    let tested = entries.iter().filter_map(|entry| match entry {
        Entry::Field { name, test: Some(_) } => Some((entry, name)),
        _ => None,
    });
    let reports = tested.filter_map(|(entry, name)| {
        let field = bound.iter().find(|field| field.name() == Some(name.as_str()))?;
        let one = crate::syntax::filter::SpacePattern::new(vec![entry.clone()]).ok()?;
        let clause = FilterPattern::Space(one).to_string();
        Some(ClauseReport {
            span: Span::default(),
            clause: clause
                .strip_prefix('[')
                .and_then(|clause| clause.strip_suffix(']'))
                .unwrap_or(&clause)
                .to_owned(),
            held: space::field_holds(field),
            seen: Seen::Value(format!("`{}`", field.text)),
            note: None,
        })
    });
    (Outcome::Evaluated, reports.collect())
}
