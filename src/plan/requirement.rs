//! What must occur in the raw text of every event that a pattern can match: the ground of the prefilter.
//!
//! The analysis may only weaken: where it cannot prove that a text occurs, it says nothing. A condition that holds
//! needs its path, so every key of the path stands in the text, and a text that is equal to a value holds it.
//! `NOT EXISTS` and a regex prove nothing; an `||` proves what each leg proves, one of them.
//!
//! In JSON every character may also be spelled as an escape. A needle holds only characters that have no other
//! escape than `\u…`, so an event without the needle can match only if it has a `\u`: whoever searches must look
//! for that too ([`Requirement::in_json`]).

use crate::syntax::filter::{Expr, SelectorStep};

use super::filter::{
    FieldOperand, FieldPredicate, FilterPlan, JsonPlan, Operand, Predicate, SlotTest, SpacePlan, Term,
};
use super::glob::Glob;
use crate::json::Step;

/// Several texts, one of which must occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyOf {
    /// The texts, none empty.
    pub needles: Vec<Box<str>>,
    /// Whether they come from values, which tell events apart better than keys do.
    pub from_values: bool,
}

/// What the raw text of an event must hold for a pattern to match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// All of these hold; the one that is likely to be the rarest comes first.
    pub clauses: Vec<AnyOf>,
    /// Whether the needles are spelled as in JSON text, so that a `\u` escape may hide them.
    pub in_json: bool,
}

/// More needles than this in one clause are not worth searching for.
const MOST_NEEDLES: usize = 64;

/// Shorter needles occur nearly everywhere.
const SHORTEST_NEEDLE: usize = 3;

impl Requirement {
    /// What `plan` requires; `None` where nothing can be proved.
    ///
    /// ```
    /// use trailql::{FilterPattern, Limits};
    /// use trailql::plan::{filter::FilterPlan, requirement::Requirement};
    ///
    /// let pattern: FilterPattern = "{ $.eventName = GetObject }".parse()?;
    /// let plan = FilterPlan::new(&pattern, &Limits::default())?;
    /// let requirement = Requirement::of(&plan).unwrap();
    /// assert_eq!(&*requirement.clauses[0].needles[0], "\"GetObject\"");
    ///
    /// let pattern: FilterPattern = "{ $.errorCode NOT EXISTS }".parse()?;
    /// assert!(Requirement::of(&FilterPlan::new(&pattern, &Limits::default())?).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(plan: &FilterPlan) -> Option<Self> {
        let (mut clauses, in_json) = match plan {
            FilterPlan::All => return None,
            FilterPlan::Json(plan) => (json(&plan.root, plan), true),
            FilterPlan::Space(plan) => (space(plan), false),
            FilterPlan::Terms(plan) => {
                let mut clauses: Vec<AnyOf> =
                    plan.required.iter().filter_map(|term| terms(&[term])).collect();
                clauses.extend(terms(&plan.alternatives.iter().collect::<Vec<_>>()));
                (clauses, false)
            }
        };
        clauses.sort_by_key(|clause| clause.rank());
        clauses.dedup();
        (!clauses.is_empty()).then_some(Requirement { clauses, in_json })
    }

    /// All of these clauses about JSON text; `None` without any.
    pub(super) fn of_clauses(mut clauses: Vec<AnyOf>) -> Option<Self> {
        clauses.sort_by_key(|clause| clause.rank());
        clauses.dedup();
        (!clauses.is_empty()).then_some(Requirement { clauses, in_json: true })
    }
}

impl Requirement {
    /// What the raw text must hold where the message stands in it as a JSON string, as in an exported log event:
    /// there every quote, backslash and the like of the message has an escape of its own.
    pub fn inside_string(&self) -> Option<Self> {
        let clauses: Vec<AnyOf> = self
            .clauses
            .iter()
            .filter_map(|clause| {
                let parts = clause.needles.iter().map(|needle| longest_plain_part(needle, false, false));
                let needles: Vec<Box<str>> = parts.map(String::into_boxed_str).collect();
                let worthwhile = needles.iter().all(|needle| needle.len() >= SHORTEST_NEEDLE);
                worthwhile.then_some(AnyOf { needles, from_values: clause.from_values })
            })
            .collect();
        (!clauses.is_empty()).then_some(Requirement { clauses, in_json: true })
    }
}

impl AnyOf {
    pub(super) fn one(needle: String, from_values: bool) -> Option<Self> {
        (needle.len() >= SHORTEST_NEEDLE).then(|| AnyOf { needles: vec![needle.into()], from_values })
    }

    /// Values before keys, few needles before many, long ones before short ones.
    fn rank(&self) -> (bool, usize, usize) {
        let shortest = self.needles.iter().map(|needle| needle.len()).min().unwrap_or(0);
        (!self.from_values, self.needles.len(), usize::MAX - shortest)
    }
}

/// One clause that every leg proves a part of; `None` where a leg proves nothing.
pub(super) fn either(legs: impl Iterator<Item = Vec<AnyOf>>) -> Option<AnyOf> {
    let mut joined = AnyOf { needles: Vec::new(), from_values: true };
    for clauses in legs {
        let best = clauses.into_iter().min_by_key(AnyOf::rank)?;
        joined.from_values &= best.from_values;
        joined.needles.extend(best.needles);
    }
    joined.needles.sort();
    joined.needles.dedup();
    (!joined.needles.is_empty() && joined.needles.len() <= MOST_NEEDLES).then_some(joined)
}

fn json(expr: &Expr<SlotTest>, plan: &JsonPlan) -> Vec<AnyOf> {
    match expr {
        Expr::Leaf(test) => slot_test(test, plan),
        Expr::And(legs) => legs.legs().iter().flat_map(|leg| json(leg, plan)).collect(),
        Expr::Or(legs) => either(legs.legs().iter().map(|leg| json(leg, plan))).into_iter().collect(),
    }
}

fn slot_test(test: &SlotTest, plan: &JsonPlan) -> Vec<AnyOf> {
    if matches!(test.predicate, Predicate::NotExists) {
        return Vec::new();
    }
    let path = plan.paths.get(test.slot).into_iter().flatten().filter_map(|step| match step {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    });
    let behind_wildcard = test.wildcard.iter().flatten().filter_map(|step| match step {
        SelectorStep::Key(key) => Some(key.as_str()),
        _ => None,
    });
    let mut clauses: Vec<AnyOf> = path
        .chain(behind_wildcard)
        .filter_map(|key| AnyOf::one(longest_plain_part(key, true, true), false))
        .collect();
    if let Predicate::Equal(Operand::Text(glob)) = &test.predicate {
        clauses.extend(AnyOf::one(value_needle(glob), true));
    }
    clauses
}

/// A text that stands in the JSON spelling of every value that fulfils `glob`; may be empty.
fn value_needle(glob: &Glob) -> String {
    let (core, from_start, to_end) = match glob {
        Glob::Any => return String::new(),
        Glob::Exact(core) => (core, true, true),
        Glob::Prefix(core) => (core, true, false),
        Glob::Suffix(core) => (core, false, true),
        Glob::Contains(core) => (core, false, false),
    };
    // A number matches by its lexeme, which has no quotes around it.
    let may_be_number =
        core.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    longest_plain_part(core, from_start && !may_be_number, to_end && !may_be_number)
}

/// The longest part of `text` without characters that have an escape of their own in JSON; with the quote of the
/// JSON text where the part reaches an end that is also the end of the whole text.
pub(super) fn longest_plain_part(text: &str, from_start: bool, to_end: bool) -> String {
    let parts: Vec<&str> = text.split(|c: char| matches!(c, '"' | '\\' | '/') || c.is_control()).collect();
    let last = parts.len().saturating_sub(1);
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            let open = if from_start && index == 0 { "\"" } else { "" };
            let close = if to_end && index == last { "\"" } else { "" };
            format!("{open}{part}{close}")
        })
        .max_by_key(String::len)
        .unwrap_or_default()
}

fn space(plan: &SpacePlan) -> Vec<AnyOf> {
    let fields = plan.head.iter().chain(plan.tail.iter().flatten());
    fields.filter_map(|field| field.test.as_ref()).flat_map(field_test).collect()
}

fn field_test(expr: &Expr<FieldPredicate>) -> Vec<AnyOf> {
    match expr {
        Expr::And(legs) => legs.legs().iter().flat_map(field_test).collect(),
        Expr::Or(legs) => either(legs.legs().iter().map(field_test)).into_iter().collect(),
        Expr::Leaf(FieldPredicate::Equal(FieldOperand::Text(glob))) => match glob {
            Glob::Any => Vec::new(),
            Glob::Exact(core) | Glob::Prefix(core) | Glob::Suffix(core) | Glob::Contains(core) => {
                AnyOf::one(core.to_string(), true).into_iter().collect()
            }
        },
        Expr::Leaf(_) => Vec::new(),
    }
}

/// The clause of several terms of which one must occur.
fn terms(terms: &[&Term]) -> Option<AnyOf> {
    either(terms.iter().map(|term| match term {
        Term::Text(text) => AnyOf::one(text.to_string(), true).into_iter().collect(),
        Term::Regex(_) => Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FilterPattern, Limits};

    fn needles(pattern: &str) -> Vec<Vec<String>> {
        let pattern = FilterPattern::parse(pattern).unwrap();
        let plan = FilterPlan::new(&pattern, &Limits::default()).unwrap();
        let clauses = Requirement::of(&plan).map_or(Vec::new(), |requirement| requirement.clauses);
        clauses
            .iter()
            .map(|clause| clause.needles.iter().map(|needle| needle.to_string()).collect())
            .collect()
    }

    #[test]
    fn values_come_first_and_carry_their_quotes() {
        let found = needles("{ $.a.bcd = Get* && $.xyz != \"q\" }");
        assert_eq!(found, [vec!["\"Get"], vec!["\"bcd\""], vec!["\"xyz\""], vec!["\"a\""]]);
    }

    #[test]
    fn a_text_that_a_number_may_spell_has_no_quotes() {
        assert_eq!(needles(r#"{ $.a = "1234" }"#)[0], ["1234"]);
        assert_eq!(needles(r#"{ $.abc = 1234 }"#), [["\"abc\""]]);
    }

    #[test]
    fn characters_with_an_escape_of_their_own_split_a_needle() {
        assert_eq!(needles(r#"{ $.abc = "ethos/secret\"x" }"#)[0], ["secret"]);
        assert_eq!(
            needles(r#"{ $.abc = "*says \"*" }"#)[0],
            ["says "],
            "a quote of the value is escaped in JSON"
        );
        assert_eq!(needles(r#"{ $.abc = "path\"*" }"#)[0], ["\"path"]);
    }

    #[test]
    fn inside_a_string_needles_lose_their_quotes() {
        let requirement = Requirement {
            clauses: vec![AnyOf { needles: vec!["\"GetObject\"".into(), "a/bcd".into()], from_values: true }],
            in_json: true,
        };
        let inside = requirement.inside_string().unwrap();
        assert_eq!(inside.clauses[0].needles, ["GetObject", "bcd"].map(Box::<str>::from));
    }

    #[test]
    fn a_disjunction_needs_one_of_its_legs_and_every_leg_must_prove_something() {
        assert_eq!(needles("{ $.abc = One || $.abc = Two }"), [["\"One\"", "\"Two\""]]);
        assert!(needles("{ $.abc = One || $.abc NOT EXISTS }").is_empty());
    }

    #[test]
    fn ignored_alternatives_prove_nothing() {
        assert_eq!(needles("?ERROR ?WARN"), [["ERROR", "WARN"]]);
        assert!(needles("?ERROR -WARN").is_empty());
    }
}
