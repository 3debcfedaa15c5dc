//! What each alarm would have done.

use super::BacktestError;
use super::bands::Bands;
use super::watch::{Data, Groups, Watch};
use crate::alarm::{
    AlarmSource, AlarmState, QueryTimeline, ReplayOptions, StateInterval, Timeline, replay, replay_query,
};
use crate::series::{Period, TimeRange};
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
    data: Data<'_>,
    range: TimeRange,
    options: &ReplayOptions,
) -> Result<AlarmHistory, BacktestError> {
    let definition = &alarm.definition;
    let name = definition.name();
    let too_long = |error| BacktestError::Alarm { alarm: name.to_owned(), error };
    let history = match (definition.source(), alarm.watched.result()) {
        (AlarmSource::Query { is_grouped: true, .. }, Some(DataEntry::Query(query))) => {
            // What cannot be run is told now: to the alarm it would look like a query without series.
            data.run(query, range, Period::MINUTE, range.start).map_err(|error| BacktestError::Watch {
                what: format!("the alarm `{name}`"),
                error: error.into(),
            })?;
            let groups = Groups { data, query, period: definition.period() };
            History::Grouped(replay_query(definition, &groups, range, options).map_err(too_long)?)
        }
        _ => {
            let watch = Watch { data, queries: &alarm.watched, band: bands.track(index) };
            History::Single(replay(definition, &watch, range, options).map_err(too_long)?)
        }
    };
    let periods = i64::from(definition.rule().evaluation_periods());
    let span_millis = definition.period().millis().saturating_mul(periods);
    Ok(AlarmHistory { name: name.to_owned(), span_millis, history })
}
