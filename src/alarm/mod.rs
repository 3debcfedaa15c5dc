//! CloudWatch alarms: M of N, missing data, bands and queries; what state each was in, and why.
//!
//! A definition is checked once ([`AlarmSpec::check`]); [`EvaluationRule::decide`] is one evaluation over given points;
//! [`AlarmRun`] and [`QueryAlarmRun`] evaluate an alarm as often as the service does and keep the changes of state.
//! Data come in through a trait, time as an argument (`spec/metrics-insights.md` 5).

mod contributors;
mod data;
mod definition;
mod error;
mod evaluate;
mod lanes;
mod number;
mod reason;
mod run;
mod schedule;
mod settings;
mod state_reason_data;
mod timeline;
mod warning;
mod window;

pub use contributors::{ContributorTimeline, QueryAlarmRun, QueryTimeline, replay_query};
pub use data::{
    AlarmData, BandEdges, Contributor, ContributorData, ContributorIdentity, ContributorSet, Datapoint,
};
pub use definition::{AlarmDefinition, AlarmSource, AlarmSpec, Comparison, WarmUpConfiguration};
pub use error::AlarmError;
pub use evaluate::{Decision, EvaluationRule, PointState};
pub use run::{AlarmRun, ReplayError, ReplayOptions, replay};
pub use settings::{
    AlarmState, BandOperator, ComparisonOperator, EmptyResult, EvaluateLowSampleCountPercentile,
    EvaluationState, StaticOperator, TreatMissingData, UnknownSetting,
};
pub use state_reason_data::{EvaluatedDatapoint, StateReasonData};
pub use timeline::{StateChange, StateInterval, Timeline};
pub use warning::AlarmWarning;
pub use window::{EvaluationWindow, WallClockZone};
