//! What each alarm would have done.

use super::bands::Bands;
use super::watch::{Groups, Watch};
use crate::alarm::{
    AlarmSource, AlarmState, QueryTimeline, ReplayError, ReplayOptions, StateInterval, Timeline, replay,
    replay_query,
};
use crate::series::{MetricStore, TimeRange};
use crate::stack::{CheckedAlarm, DataEntry};

/// What an alarm did.
#[derive(Clone, Debug)]
pub struct AlarmHistory {
    /// Its name.
    pub name: String,
    /// How long it looks back: its periods times their length, in milliseconds.
    pub span_millis: i64,
    /// What happened.
    pub history: History,
}

/// The states of an alarm over time.
#[derive(Clone, Debug)]
pub enum History {
    /// Of one series.
    Single(Timeline),
    /// Of a grouped query: of the alarm, and of each contributor.
    Grouped(QueryTimeline),
}

impl AlarmHistory {
    /// The states of the alarm as a whole.
    pub fn timeline(&self) -> &Timeline {
        match &self.history {
            History::Single(timeline) => timeline,
            History::Grouped(query) => &query.alarm,
        }
    }

    /// The times in ALARM.
    pub fn alarmed(&self) -> Vec<TimeRange> {
        let is_alarm = |interval: &StateInterval| interval.state == AlarmState::Alarm;
        self.timeline()
            .intervals()
            .iter()
            .filter(|interval| is_alarm(interval))
            .map(|one| one.range)
            .collect()
    }

    /// The times in ALARM, those joined between which the alarm looked back at the same periods.
    pub fn episodes(&self) -> Vec<TimeRange> {
        let mut episodes: Vec<TimeRange> = Vec::new();
        for range in self.alarmed() {
            match episodes.last_mut() {
                Some(last) if range.start.0.saturating_sub(last.end.0) <= self.span_millis => {
                    last.end = range.end
                }
                _ => episodes.push(range),
            }
        }
        episodes
    }
}

pub(super) fn replayed(
    index: usize,
    alarm: &CheckedAlarm,
    bands: &Bands,
    store: &MetricStore,
    range: TimeRange,
    options: &ReplayOptions,
) -> Result<AlarmHistory, ReplayError> {
    let definition = &alarm.definition;
    let history = match (definition.source(), alarm.watched.result()) {
        (AlarmSource::Query { is_grouped: true, .. }, Some(DataEntry::Query(query))) => History::Grouped(
            replay_query(definition, &Groups { store, query, period: definition.period() }, range, options)?,
        ),
        _ => {
            let watch = Watch { store, queries: &alarm.watched, band: bands.track(index) };
            History::Single(replay(definition, &watch, range, options)?)
        }
    };
    let span_millis =
        definition.period().millis().saturating_mul(i64::from(definition.rule().evaluation_periods()));
    Ok(AlarmHistory { name: definition.name().to_owned(), span_millis, history })
}
