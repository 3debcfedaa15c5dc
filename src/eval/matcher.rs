//! A compiled filter pattern: match, extract, explain.

use crate::json::{Node, NotAnObject, Projection, Slots, Step};
use crate::plan::filter::{CompileError, FilterPlan};
use crate::plan::requirement::Requirement;
use crate::syntax::filter::FilterPattern;
use crate::{Limits, LogEvent};

use super::explain::Explanation;
use super::prefilter::Prefilter;
use super::{explain, json, space, terms};

/// A compiled filter pattern.
///
/// ```
/// use trailql::{FilterPattern, Limits, LogEvent};
///
/// let pattern: FilterPattern = "{ $.errorCode != AccessDenied }".parse()?;
/// let matcher = pattern.compile(&Limits::default())?;
/// assert!(matcher.is_match(&LogEvent::new(r#"{"errorCode":"NoSuchKey"}"#)));
/// assert!(!matcher.is_match(&LogEvent::new("{}")), "an absent member does not fulfil !=");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Matcher {
    pattern: FilterPattern,
    plan: FilterPlan,
    /// Fills the slots of a JSON plan; empty for the other kinds.
    projection: Projection,
    prefilter: Option<Prefilter>,
    /// The same for messages that stand in the raw text as JSON strings.
    string_prefilter: Option<Prefilter>,
}

/// Memory that is used again from event to event.
#[derive(Debug)]
pub struct Scratch {
    slots: Slots,
}

impl Scratch {
    /// Empty; it grows with its first use.
    pub fn new() -> Self {
        Scratch { slots: Slots::new() }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

/// The values of the fields of a line, as `TestMetricFilter` reports them: `$name`, or `$position` counted from one
/// where the field has no name.
pub type Extracted = Vec<(String, String)>;

impl FilterPattern {
    /// Compiles the pattern.
    ///
    /// # Errors
    /// A regex that needs more than [`Limits::regex_bytes`]; a pattern that was parsed within the same limits has
    /// none.
    pub fn compile(&self, limits: &Limits) -> Result<Matcher, CompileError> {
        let plan = FilterPlan::new(self, limits)?;
        let projection = match &plan {
            FilterPlan::Json(plan) => Projection::new(&plan.paths),
            _ => Projection::new::<&[Step]>(&[]),
        };
        let requirement = Requirement::of(&plan);
        let string_prefilter = requirement.as_ref().and_then(Requirement::inside_string).map(Prefilter::new);
        let prefilter = requirement.map(Prefilter::new);
        Ok(Matcher { pattern: self.clone(), plan, projection, prefilter, string_prefilter })
    }
}

impl Matcher {
    /// Whether the service would count this event.
    pub fn is_match(&self, event: &LogEvent<'_>) -> bool {
        self.is_match_with(&mut Scratch::new(), event)
    }

    /// As [`Matcher::is_match`], with memory of the caller's.
    pub fn is_match_with(&self, scratch: &mut Scratch, event: &LogEvent<'_>) -> bool {
        self.evaluate(scratch, event).unwrap_or(false)
    }

    /// Whether the service would count this event, and, where the pattern is one for JSON and the message is no JSON
    /// object, why it is none.
    ///
    /// # Errors
    /// The fault of the message; the event does not match.
    pub fn evaluate(&self, scratch: &mut Scratch, event: &LogEvent<'_>) -> Result<bool, NotAnObject> {
        let message = event.message();
        Ok(match &self.plan {
            FilterPlan::All => true,
            FilterPlan::Terms(plan) => terms::is_match(plan, message),
            FilterPlan::Space(plan) => space::is_match(plan, message),
            FilterPlan::Json(plan) => {
                self.projection.project(message, &mut scratch.slots)?;
                json::holds(&plan.root, message, &scratch.slots)
            }
        })
    }

    /// What `TestMetricFilter` extracts from a matching event: for a space-delimited pattern every field of the
    /// line, for any other kind nothing. `None` where the event does not match.
    ///
    /// ```
    /// use trailql::{FilterPattern, Limits, LogEvent};
    ///
    /// let matcher = "[ip, ..., size]".parse::<FilterPattern>()?.compile(&Limits::default())?;
    /// let values = matcher.extract(&LogEvent::new("10.0.0.1 GET 512")).unwrap();
    /// assert_eq!(values[1], ("$2".to_string(), "GET".to_string()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn extract(&self, event: &LogEvent<'_>) -> Option<Extracted> {
        let FilterPlan::Space(plan) = &self.plan else {
            return self.is_match(event).then(Vec::new);
        };
        let bound = space::bind(plan, event.message())?;
        if !bound.iter().all(space::field_holds) {
            return None;
        }
        Some(bound.iter().map(|field| (field.key(), field.text.to_owned())).collect())
    }

    /// The text of one field of a line: by its name, or by its position counted from one. `None` where the line
    /// has no such field, or the pattern is of another kind.
    pub(crate) fn field<'a>(&self, event: &LogEvent<'a>, wanted: FieldKey<'_>) -> Option<&'a str> {
        let FilterPlan::Space(plan) = &self.plan else { return None };
        let bound = space::bind(plan, event.message())?;
        let found = bound.iter().find(|field| match wanted {
            FieldKey::Name(name) => field.name() == Some(name),
            FieldKey::Position(position) => field.position == position,
        });
        found.map(|field| field.text)
    }

    /// Which conditions held, and what they saw.
    ///
    /// ```
    /// use trailql::{FilterPattern, Limits, LogEvent};
    ///
    /// let matcher = "{ $.a = 1 && $.b != 2 }".parse::<FilterPattern>()?.compile(&Limits::default())?;
    /// let explanation = matcher.explain(&LogEvent::new(r#"{"a":1}"#));
    /// assert!(!explanation.matched);
    /// assert!(explanation.clauses[0].held);
    /// assert_eq!(explanation.clauses[1].to_string(), "$.b != 2: is absent, and an absent value fulfils no comparison");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, event: &LogEvent<'_>) -> Explanation {
        explain::explain(&self.pattern, self, event)
    }

    /// The search that finds candidates in raw text; `None` where every event must be evaluated.
    pub fn prefilter(&self) -> Option<&Prefilter> {
        self.prefilter.as_ref()
    }

    /// The same for messages that stand in the raw text as JSON strings, as in exported log events.
    pub fn string_prefilter(&self) -> Option<&Prefilter> {
        self.string_prefilter.as_ref()
    }

    /// The pattern that was compiled.
    pub fn pattern(&self) -> &FilterPattern {
        &self.pattern
    }

    pub(super) fn plan(&self) -> &FilterPlan {
        &self.plan
    }
}

/// How a field of a line is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKey<'a> {
    /// By its name.
    Name(&'a str),
    /// By its position, counted from one.
    Position(usize),
}

/// The value at a path of a JSON event; [`Node::Absent`] where the message is no JSON object.
pub(crate) fn node_at<'a>(message: &'a str, path: &[Step]) -> Node<'a> {
    let mut slots = Slots::new();
    match Projection::new(&[path]).project(message, &mut slots) {
        Ok(()) => slots.node(message, 0),
        Err(_) => Node::Absent,
    }
}
