//! One evaluation: the state that M of N points make, with what is missing (`spec/metrics-insights.md` 5.3).

use super::error::AlarmError;
use super::settings::{AlarmState, TreatMissingData};

/// What a period is to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointState {
    /// No point, or one that cannot be compared.
    Missing,
    /// A point that does not breach.
    NotBreaching,
    /// A point that breaches.
    Breaching,
}

/// M of N, what fills the gaps, and how far back an evaluation looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluationRule {
    datapoints_to_alarm: u32,
    evaluation_periods: u32,
    treat_missing_data: TreatMissingData,
    evaluation_range: u32,
}

/// What an evaluation comes to, and on what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The state.
    pub state: AlarmState,
    /// How many points decided: the newest ones that are there, N at most.
    pub datapoints: u32,
    /// How many of them breach.
    pub breaching: u32,
    /// How many of N places had no point. `TreatMissingData` fills them.
    pub missing: u32,
    /// Whether it is `ALARM` with less than M breaching points, for they are old and nothing better came after.
    pub premature: bool,
}

impl EvaluationRule {
    /// M of N points, looking back over [`EvaluationRule::usual_range`].
    ///
    /// ```
    /// use trailql::alarm::{AlarmState, EvaluationRule, PointState, TreatMissingData};
    ///
    /// let rule = EvaluationRule::new(2, 3, TreatMissingData::Missing)?;
    /// // Newest first: 0 - X - X of the service's guide.
    /// let points = [
    ///     PointState::Breaching,
    ///     PointState::Missing,
    ///     PointState::Breaching,
    ///     PointState::Missing,
    ///     PointState::NotBreaching,
    /// ];
    /// assert_eq!(rule.decide(points, AlarmState::Ok).state, AlarmState::Alarm);
    /// # Ok::<(), trailql::alarm::AlarmError>(())
    /// ```
    ///
    /// # Errors
    /// N is 0, M is 0, or M is more than N.
    pub fn new(
        datapoints_to_alarm: u32,
        evaluation_periods: u32,
        treat_missing_data: TreatMissingData,
    ) -> Result<Self, AlarmError> {
        if evaluation_periods == 0 {
            return Err(AlarmError::NoEvaluationPeriods);
        }
        if datapoints_to_alarm == 0 {
            return Err(AlarmError::NoDatapointsToAlarm);
        }
        if datapoints_to_alarm > evaluation_periods {
            return Err(AlarmError::MoreDatapointsThanPeriods { datapoints_to_alarm, evaluation_periods });
        }
        let evaluation_range = Self::usual_range(evaluation_periods);
        Ok(EvaluationRule { datapoints_to_alarm, evaluation_periods, treat_missing_data, evaluation_range })
    }

    /// How many periods the service is taken to look back over: N + 2, and above N = 8 a third more than N. Its guide
    /// gives one example, 5 for N = 3.
    pub fn usual_range(evaluation_periods: u32) -> u32 {
        let more = if evaluation_periods <= 8 { 2 } else { evaluation_periods / 3 };
        evaluation_periods.saturating_add(more)
    }

    /// The longest evaluation range, in periods, unless N itself asks for more.
    pub const LONGEST_RANGE: u32 = 20_000;

    /// The same with another evaluation range, in periods: N at least, [`EvaluationRule::LONGEST_RANGE`] at most.
    #[must_use]
    pub fn with_range(self, evaluation_range: u32) -> Self {
        let evaluation_range = evaluation_range.min(Self::LONGEST_RANGE).max(self.evaluation_periods);
        EvaluationRule { evaluation_range, ..self }
    }

    /// M
    pub fn datapoints_to_alarm(&self) -> u32 {
        self.datapoints_to_alarm
    }

    /// N
    pub fn evaluation_periods(&self) -> u32 {
        self.evaluation_periods
    }

    /// What fills the gaps.
    pub fn treat_missing_data(&self) -> TreatMissingData {
        self.treat_missing_data
    }

    /// How many periods an evaluation looks back over.
    pub fn evaluation_range(&self) -> u32 {
        self.evaluation_range
    }

    /// The state that these points make of the current one. They come newest first; what lies beyond the evaluation
    /// range is not looked at, and an end before it means missing points.
    pub fn decide(
        &self,
        newest_first: impl IntoIterator<Item = PointState>,
        current: AlarmState,
    ) -> Decision {
        let (mut datapoints, mut breaching, mut oldest) = (0_u32, 0_u32, 0_u32);
        for (age, point) in (1..=self.evaluation_range).zip(newest_first) {
            if point == PointState::Missing {
                continue;
            }
            datapoints += 1;
            breaching += u32::from(point == PointState::Breaching);
            oldest = age;
            if datapoints == self.evaluation_periods {
                break;
            }
        }
        let missing = self.evaluation_periods.saturating_sub(datapoints);
        let (state, premature) = self.state(breaching, datapoints, missing, oldest, current);
        Decision { state, datapoints, breaching, missing, premature }
    }

    /// The state, and whether the rule of premature alarms made it.
    fn state(
        &self,
        breaching: u32,
        datapoints: u32,
        missing: u32,
        oldest: u32,
        current: AlarmState,
    ) -> (AlarmState, bool) {
        let alarm_if = |alarm| if alarm { AlarmState::Alarm } else { AlarmState::Ok };
        let enough = breaching >= self.datapoints_to_alarm;
        let state = match self.treat_missing_data {
            _ if missing == 0 => alarm_if(enough),
            TreatMissingData::Breaching => alarm_if(breaching + missing >= self.datapoints_to_alarm),
            TreatMissingData::NotBreaching => alarm_if(enough),
            TreatMissingData::Missing if datapoints == 0 => AlarmState::InsufficientData,
            TreatMissingData::Ignore if datapoints == 0 => current,
            TreatMissingData::Missing | TreatMissingData::Ignore if enough => AlarmState::Alarm,
            TreatMissingData::Missing | TreatMissingData::Ignore if breaching < datapoints => AlarmState::Ok,
            TreatMissingData::Ignore => current,
            // Only breaching points, too few of them: they alarm once the oldest could have been the first of M.
            TreatMissingData::Missing if oldest >= self.datapoints_to_alarm => {
                return (AlarmState::Alarm, true);
            }
            TreatMissingData::Missing => current,
        };
        (state, false)
    }
}
