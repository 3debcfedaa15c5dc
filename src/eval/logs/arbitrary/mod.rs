//! Random queries over random log events, for property tests and fuzzing: few names and values, so that much agrees.

mod commands;
mod events;
mod expressions;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::memory::{MemoryGroups, MemoryRecord};
use super::run::QueryWindow;
use crate::EpochMillis;
use crate::plan::logs::{CompileOptions, MissingNegation};
use crate::values::LookupTable;
use commands::Text;
use events::records;

/// A query, mostly one that compiles, and events, mostly such that the query says something about them.
#[derive(Clone)]
pub struct ArbitraryRun {
    /// The text of the query.
    pub query: String,
    /// With two lookup tables, `t` and `nets`.
    pub options: CompileOptions,
    /// When and over which time it is run.
    pub window: QueryWindow,
    /// Log groups; that without a name is the default.
    pub groups: Vec<(Option<String>, Vec<MemoryRecord>)>,
}

/// 2026-03-01 10:00 UTC.
const START: i64 = 1_772_359_200_000;
const TABLE: &str = "a,name,n\n1,one,5\nx,ex,\n2,two,7\n1,again,9\n";
const NETS: &str = "cidr,zone\n10.0.0.0/8,inner\n10.0.0.0/24,inmost\n2001:db8::/32,six\n";

impl fmt::Debug for ArbitraryRun {
    /// The query, the window and the events, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let negation = self.options.missing_negation;
        write!(f, "{}\n  {:?}, {negation:?}", self.query, self.window.range)?;
        for (group, records) in &self.groups {
            for record in records {
                let (name, time) = (group.as_deref().unwrap_or("-"), record.timestamp.map(|time| time.0));
                write!(f, "\n  {name} {time:?} {}", record.message)?;
                if !record.system.is_empty() {
                    write!(f, " {:?}", record.system)?;
                }
            }
        }
        Ok(())
    }
}

impl<'a> Arbitrary<'a> for ArbitraryRun {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let window = if u.ratio(2, 3)? {
            let start = START + 60_000 * u.int_in_range(-20..=20)?;
            Some((EpochMillis(start), EpochMillis(start + 60_000 * u.int_in_range(5..=90)?)))
        } else {
            None
        };
        let mut text = Text::new(u, window.is_some());
        text.pipeline(6)?;
        let query = text.out;
        let mut groups = vec![(None, records(u, 10)?)];
        for name in ["g", "h"] {
            groups.push((Some(name.to_owned()), records(u, 4)?));
        }
        let missing_negation = if u.ratio(1, 4)? { MissingNegation::NoMatch } else { MissingNegation::Match };
        let window = QueryWindow { now: EpochMillis(START + 7_200_000), range: window };
        Ok(ArbitraryRun { query, options: ArbitraryRun::options(missing_negation), window, groups })
    }
}

impl ArbitraryRun {
    /// A run of this text over these messages.
    pub fn of_text(query: &str, messages: &[&str]) -> Self {
        let record =
            |message: &&str| MemoryRecord { message: (*message).to_owned(), ..MemoryRecord::default() };
        ArbitraryRun {
            query: query.to_owned(),
            options: ArbitraryRun::options(MissingNegation::Match),
            window: QueryWindow {
                now: EpochMillis(START + 7_200_000),
                range: Some((EpochMillis(START), EpochMillis(START + 3_600_000))),
            },
            groups: vec![
                (None, messages.iter().map(record).collect()),
                (Some("g".to_owned()), messages.iter().rev().map(record).collect()),
            ],
        }
    }

    /// The groups, read in parts of so many events.
    pub fn memory(&self, part_events: usize) -> MemoryGroups {
        let unnamed = self.groups.iter().find(|(name, _)| name.is_none());
        let events = unnamed.map(|(_, records)| records.clone()).unwrap_or_default();
        let mut groups = MemoryGroups::of_events(events).in_parts_of(part_events);
        for (name, records) in &self.groups {
            if let Some(name) = name {
                groups = groups.with_group(name, records.clone());
            }
        }
        groups
    }

    fn options(missing_negation: MissingNegation) -> CompileOptions {
        let table = |name: &str, csv: &str| {
            Some((name.to_owned(), Arc::new(LookupTable::from_csv(csv.as_bytes()).ok()?)))
        };
        let tables: BTreeMap<String, Arc<LookupTable>> =
            [table("t", TABLE), table("nets", NETS)].into_iter().flatten().collect();
        CompileOptions { missing_negation, tables, ..CompileOptions::default() }
    }
}
