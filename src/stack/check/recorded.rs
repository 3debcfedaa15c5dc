//! Whether the trail records the events that filters wait for (`spec/filter-pattern.md` 7.3, A-13 and A-14).

mod demand;
mod events;

use super::{Checker, Defined};
use crate::diagnostic::Diagnostic;
use crate::listing::listed_names;
use crate::stack::{CheckedFilter, MetricFilter, Trail, codes};
use crate::syntax::filter::FilterPattern;

use demand::Demand;
use events::{DATA_EVENTS, DataEvents, is_management_source, reads};

/// Why a trail does not record an event.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gap {
    /// It is a data event of this type of resource, and no selector records those.
    Data(&'static str),
    /// It is a management event, and no selector records those.
    Management,
    /// Selectors of management events exclude its source.
    Source,
    /// Selectors of management events record reads only, or writes only.
    ReadOnly(bool),
}

impl Checker<'_> {
    pub(super) fn recorded(&mut self, filters: &[Defined<'_, MetricFilter, CheckedFilter>]) {
        let Some(trail) = self.stack.trail.as_ref().filter(|_| self.is_joined()) else { return };
        let own = filters.iter().filter(|(written, _)| written.log_group_name.is_none());
        for (written, filter) in own {
            let FilterPattern::Json(expr) = &filter.pattern else { continue };
            let demands = demand::of(expr);
            let lost: Vec<(&str, Gap)> = demands
                .iter()
                .filter_map(|demand| Some((demand.name.or(demand.source)?, self.gap(trail, demand)?)))
                .collect();
            let Some((_, gap)) = lost.first() else { continue };
            let mut names: Vec<&str> = lost.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            let all = if lost.len() == demands.len() { "which" } else { "which among others" };
            let message = format!(
                "the trail does not record {}, {all} the filter `{}` waits for",
                listed_names(names, "and"),
                written.filter_name
            );
            let finding = Diagnostic::warning(codes::NOT_RECORDED, written.filter_pattern.span, message);
            self.say(finding.also(trail.name.span, "the trail").help(help(*gap)));
        }
    }

    /// Why a trail certainly does not record what is asked for.
    fn gap(&self, trail: &Trail, demand: &Demand<'_>) -> Option<Gap> {
        match (demand.source, demand.name) {
            (Some(source), Some(name)) => named_gap(trail, source, name),
            (Some(source), None) => {
                let has_data = DATA_EVENTS.iter().any(|data| data.source == source);
                let is_management = is_management_source(source) && !has_data;
                if is_management { management_gap(trail, source, None) } else { None }
            }
            (None, Some(name)) => {
                let distinct = DATA_EVENTS.iter().find(|data| data.is_distinct && data.names.contains(&name));
                if let Some(data) = distinct {
                    return data_gap(trail, data, name);
                }
                // Whichever source has events of the name, none of them may be recorded.
                let sources = self.texts.schema.sources_of(name);
                let gaps: Option<Vec<Gap>> =
                    sources.iter().map(|source| named_gap(trail, source.name(), name)).collect();
                gaps?.first().copied()
            }
            (None, None) => None,
        }
    }
}

fn help(gap: Gap) -> String {
    match gap {
        Gap::Data(kind) => {
            format!("add an event selector with `eventCategory` = `Data` and `resources.type` = `{kind}`")
        }
        Gap::Management => {
            "add an event selector with `eventCategory` = `Management`: selectors replace what a trail \
                            records by itself"
                .to_owned()
        }
        Gap::Source => "drop its source from `NotEquals` of the selector of management events".to_owned(),
        Gap::ReadOnly(read) => {
            let word = if read { "reads" } else { "writes" };
            format!("drop `readOnly` from the selector of management events, or add one that records {word}")
        }
    }
}

/// Why a trail certainly does not record an event of this name and source.
fn named_gap(trail: &Trail, source: &str, name: &str) -> Option<Gap> {
    match DATA_EVENTS.iter().find(|data| data.source == source && data.names.contains(&name)) {
        Some(data) => data_gap(trail, data, name),
        None if is_management_source(source) => management_gap(trail, source, reads(source, name)),
        None => None,
    }
}

fn data_gap(trail: &Trail, data: &DataEvents, name: &str) -> Option<Gap> {
    let mut known = vec![
        ("eventCategory", "Data"),
        ("resources.type", data.resource_type),
        ("eventName", name),
        ("eventSource", data.source),
    ];
    known.extend(reads(data.source, name).map(|read| ("readOnly", word(read))));
    (!is_recorded(trail, &known)).then_some(Gap::Data(data.resource_type))
}

fn management_gap(trail: &Trail, source: &str, read: Option<bool>) -> Option<Gap> {
    if trail.advanced_event_selectors.is_empty() {
        return None;
    }
    let mut known = vec![("eventCategory", "Management")];
    if !is_recorded(trail, &known) {
        return Some(Gap::Management);
    }
    known.push(("eventSource", source));
    if !is_recorded(trail, &known) {
        return Some(Gap::Source);
    }
    let read = read?;
    known.push(("readOnly", word(read)));
    (!is_recorded(trail, &known)).then_some(Gap::ReadOnly(read))
}

/// Whether some selector may let through an event of which some fields are known.
fn is_recorded(trail: &Trail, known: &[(&str, &str)]) -> bool {
    trail.advanced_event_selectors.iter().any(|selector| {
        selector.field_selectors.iter().all(|field| {
            let value = known.iter().find(|(name, _)| *name == field.field.as_str());
            value.is_none_or(|(_, value)| field.admits(value))
        })
    })
}

fn word(read: bool) -> &'static str {
    if read { "true" } else { "false" }
}
