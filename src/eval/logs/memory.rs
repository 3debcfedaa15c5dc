//! Log groups in memory, and which of the groups at hand a `SOURCE` selects.

use super::pass::{Part, Pass};
use super::record::{LogRecord, RecordTime};
use super::run::{LogGroups, RunError};
use crate::EpochMillis;
use crate::syntax::logs::{SelectorKey, Source, SourceItem};
use crate::values::Value;

/// A log event in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryRecord {
    /// The raw text: `@message`.
    pub message: String,
    /// When it happened; what the message says where this is not given.
    pub timestamp: Option<EpochMillis>,
    /// When it arrived.
    pub ingestion_time: Option<EpochMillis>,
    /// `@logStream`
    pub log_stream: Option<String>,
    /// `@log`
    pub log: Option<String>,
    /// Further fields of the service's own, by names that begin with `@`.
    pub system: Vec<(String, Value<'static>)>,
}

/// Log groups in memory, for tests and for those who have their events from elsewhere.
///
/// ```
/// use trailql::{EpochMillis, LogsQuery};
/// use trailql::eval::logs::{MemoryGroups, MemoryRecord, QueryWindow, RunLimits};
///
/// let query: LogsQuery = "stats count(*) as n by eventName".parse()?;
/// let plan = query.compile(&Default::default())?;
/// let record = |name: &str| MemoryRecord { message: format!(r#"{{"eventName":"{name}"}}"#), ..Default::default() };
/// let mut groups = MemoryGroups::of_events(vec![record("GetObject"), record("PutObject"), record("GetObject")]);
///
/// let window = QueryWindow::everything(EpochMillis(0));
/// let result = plan.run(&window, &RunLimits::default(), &mut groups)?;
/// let texts: Vec<_> = result.rows[0].iter().map(|value| value.render().unwrap().into_owned()).collect();
/// assert_eq!((result.columns, texts), (vec!["eventName".into(), "n".into()], vec!["GetObject".into(), "2".into()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryGroups {
    /// Read where no `SOURCE` names another.
    events: Vec<MemoryRecord>,
    groups: Vec<(String, Vec<MemoryRecord>)>,
    part_events: usize,
}

impl MemoryGroups {
    /// Events of a group without a name.
    pub fn of_events(events: Vec<MemoryRecord>) -> Self {
        MemoryGroups { events, groups: Vec::new(), part_events: usize::MAX }
    }

    /// The same with another group.
    #[must_use]
    pub fn with_group(mut self, name: impl Into<String>, events: Vec<MemoryRecord>) -> Self {
        self.groups.push((name.into(), events));
        self
    }

    /// The same, read in parts of so many events, which are merged: as many threads would do it. Results do not depend
    /// on it.
    #[must_use]
    pub fn in_parts_of(mut self, events: usize) -> Self {
        self.part_events = events.max(1);
        self
    }
}

impl LogGroups for MemoryGroups {
    fn scan(&mut self, source: Option<&Source>, pass: &Pass<'_>) -> Result<Part, RunError> {
        let names: Vec<&str> = self.groups.iter().map(|(name, _)| name.as_str()).collect();
        let selected = match source {
            None => Selection::Default,
            Some(source) => select(source, &names)?,
        };
        let groups: Vec<&[MemoryRecord]> = match selected {
            Selection::Default => vec![&self.events],
            Selection::Named(places) => {
                places.iter().filter_map(|&at| Some(self.groups.get(at)?.1.as_slice())).collect()
            }
        };
        let mut total = pass.nothing();
        let parts = groups.iter().flat_map(|events| {
            let starts = (0..).step_by(self.part_events.min(events.len().max(1)));
            starts.zip(events.chunks(self.part_events))
        });
        for (start, part) in parts {
            let mut worker = pass.worker();
            for (index, record) in (start..).zip(part) {
                let record = LogRecord {
                    message: &record.message,
                    timestamp: match record.timestamp {
                        Some(time) => RecordTime::Given(Some(time)),
                        None => RecordTime::InMessage,
                    },
                    ingestion_time: record.ingestion_time,
                    log_stream: record.log_stream.as_deref(),
                    log: record.log.as_deref(),
                    place: Some(("memory", index)),
                    promises_json: false,
                    system: &record.system,
                };
                if worker.record(&record)?.is_break() {
                    break;
                }
            }
            pass.merge(&mut total, worker.finish())?;
            if pass.is_satisfied(&total) {
                break;
            }
        }
        Ok(total)
    }
}

/// Which groups a `SOURCE` selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// None are known by name: what is at hand without a name.
    Default,
    /// These, by their places, each once.
    Named(Vec<usize>),
}

/// The groups of these names that `source` selects. Where no group has a name, what is at hand is taken for it.
///
/// # Errors
///
/// [`RunError::UnknownGroup`] for a name that is not there, and for a selection by what files do not have.
pub fn select(source: &Source, names: &[&str]) -> Result<Selection, RunError> {
    if names.is_empty() {
        return Ok(Selection::Default);
    }
    let unknown = |message: String| Err(RunError::UnknownGroup { message });
    let known = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut places: Vec<usize> = Vec::new();
    for item in &source.items {
        let found: Vec<usize> = match item {
            SourceItem::Group(name) => match names.iter().position(|known| *known == name.text) {
                Some(place) => vec![place],
                None => {
                    return unknown(format!("there is no log group `{}`; known are {}", name.text, known()));
                }
            },
            SourceItem::LogGroups(keys) => {
                let mut places: Vec<usize> = (0..names.len()).collect();
                for (key, values) in keys {
                    let any = |test: &dyn Fn(&str) -> bool| values.iter().any(|value| test(&value.text));
                    match key {
                        SelectorKey::NamePrefix => places.retain(|&at| {
                            names.get(at).is_some_and(|name| any(&|prefix| name.starts_with(prefix)))
                        }),
                        // Groups of files discover fields, as those of the Standard class do.
                        SelectorKey::Class => places.retain(|_| any(&|class| class == "STANDARD")),
                        SelectorKey::AccountIdentifiers => {
                            return unknown(
                                "files belong to no account: select log groups by `namePrefix`".to_owned(),
                            );
                        }
                    }
                }
                places
            }
            SourceItem::DataSource(_) | SourceItem::LogGroupTags(_) => {
                return unknown("files have neither data sources nor tags: name the log groups".to_owned());
            }
        };
        for place in found {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(Selection::Named(places))
}
