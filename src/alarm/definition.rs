//! What an alarm is told: as it is written, and checked.

use crate::series::Period;

use super::data::Datapoint;
use super::error::AlarmError;
use super::evaluate::{EvaluationRule, PointState};
use super::settings::{
    BandOperator, ComparisonOperator, EvaluateLowSampleCountPercentile, StaticOperator, TreatMissingData,
};
use super::warning::AlarmWarning;
use super::window::EvaluationWindow;

/// Seconds for which a query alarm has data.
const QUERY_SPAN: u64 = 10_800;

/// The settings of `PutMetricAlarm` that concern evaluation, unchecked (`spec/metrics-insights.md` 5.1).
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmSpec {
    /// `AlarmName`
    pub name: String,
    /// What it watches.
    pub source: AlarmSource,
    /// `Statistic` or `ExtendedStatistic`; `None` for metric math, bands and queries, whose reasons name none.
    pub statistic: Option<String>,
    /// `Period`, in seconds; for a query that of its entry.
    pub period: u64,
    /// `EvaluationPeriods`, N.
    pub evaluation_periods: u32,
    /// `DatapointsToAlarm`, M; every period where it is left out.
    pub datapoints_to_alarm: Option<u32>,
    /// `ComparisonOperator`
    pub comparison_operator: ComparisonOperator,
    /// `Threshold`
    pub threshold: Option<f64>,
    /// `ThresholdMetricId`: which entry gives the band.
    pub threshold_metric_id: Option<String>,
    /// `TreatMissingData`
    pub treat_missing_data: TreatMissingData,
    /// `EvaluateLowSampleCountPercentile`
    pub evaluate_low_sample_count_percentile: Option<EvaluateLowSampleCountPercentile>,
    /// `EvaluationWindow`
    pub evaluation_window: EvaluationWindow,
    /// `WarmUpConfiguration`
    pub warm_up: Option<WarmUpConfiguration>,
    /// `ActionsEnabled`
    pub actions_enabled: bool,
}

/// What an alarm watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmSource {
    /// A metric, or the one series of an expression.
    Metric,
    /// A Metrics Insights query.
    Query {
        /// With `GROUP BY`: each series is a contributor with a state of its own.
        is_grouped: bool,
        /// With `ORDER BY`.
        is_ordered: bool,
    },
}

/// `WarmUpConfiguration`: how long a new alarm only gathers data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarmUpConfiguration {
    /// `WarmUpPeriodDurationInMinutes`, 1 to 2880.
    pub minutes: u32,
    /// `OnlyStartEvaluatingAfterWarmUpPeriodEnds`; otherwise it ends as soon as the window can be filled.
    pub only_start_evaluating_after_end: bool,
}

/// What a value is compared with, and how.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// One number for all times.
    Static {
        /// How.
        operator: StaticOperator,
        /// A finite number.
        threshold: f64,
    },
    /// The band of another entry.
    Band {
        /// How.
        operator: BandOperator,
        /// Which entry.
        threshold_metric_id: String,
    },
}

/// An alarm that can be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmDefinition {
    name: String,
    source: AlarmSource,
    statistic: Option<String>,
    period: Period,
    rule: EvaluationRule,
    is_datapoints_to_alarm_set: bool,
    comparison: Comparison,
    low_sample_count: Option<f64>,
    evaluation_window: EvaluationWindow,
    warm_up: Option<WarmUpConfiguration>,
    actions_enabled: bool,
    warnings: Vec<AlarmWarning>,
}

impl AlarmSpec {
    /// An alarm on a metric with the service's defaults for everything else.
    pub fn new(
        name: impl Into<String>,
        comparison_operator: ComparisonOperator,
        period: u64,
        evaluation_periods: u32,
    ) -> Self {
        AlarmSpec {
            name: name.into(),
            source: AlarmSource::Metric,
            statistic: None,
            period,
            evaluation_periods,
            datapoints_to_alarm: None,
            comparison_operator,
            threshold: None,
            threshold_metric_id: None,
            treat_missing_data: TreatMissingData::Missing,
            evaluate_low_sample_count_percentile: None,
            evaluation_window: EvaluationWindow::Sliding,
            warm_up: None,
            actions_enabled: true,
        }
    }

    /// The alarm, if the service would take it and could evaluate it.
    ///
    /// ```
    /// use trailql::alarm::{AlarmError, AlarmSpec, ComparisonOperator, StaticOperator};
    ///
    /// let operator = ComparisonOperator::Static(StaticOperator::GreaterThanThreshold);
    /// let spec = AlarmSpec { threshold: Some(31.0), ..AlarmSpec::new("presigned", operator, 300, 3) };
    /// let alarm = spec.clone().check().unwrap();
    /// assert_eq!(alarm.rule().datapoints_to_alarm(), 3, "M is N where it is left out");
    ///
    /// let errors = AlarmSpec { datapoints_to_alarm: Some(4), ..spec }.check().unwrap_err();
    /// let expected = AlarmError::MoreDatapointsThanPeriods { datapoints_to_alarm: 4, evaluation_periods: 3 };
    /// assert_eq!(errors, [expected]);
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(self) -> Result<AlarmDefinition, Vec<AlarmError>> {
        let mut errors = Vec::new();
        let name_length = self.name.chars().count();
        if !(1..=255).contains(&name_length) {
            errors.push(AlarmError::Name(name_length));
        }
        let period = self.checked_period().map_err(|error| errors.push(error)).ok();
        let datapoints_to_alarm = self.datapoints_to_alarm.unwrap_or(self.evaluation_periods);
        let rule = EvaluationRule::new(datapoints_to_alarm, self.evaluation_periods, self.treat_missing_data);
        let rule = rule.map_err(|error| errors.push(error)).ok();
        let comparison = self.comparison().map_err(|error| errors.push(error)).ok();
        if let Some(period) = period {
            errors.extend(self.span_error(period));
            if let EvaluationWindow::WallClock(_) = self.evaluation_window
                && !matches!(period.seconds(), 60 | 300 | 3_600 | 86_400 | 604_800)
            {
                errors.push(AlarmError::WallClockPeriod(period.seconds()));
            }
        }
        if self.source == (AlarmSource::Query { is_grouped: true, is_ordered: false }) {
            errors.push(AlarmError::GroupsWithoutOrder);
        }
        if let Some(warm_up) = self.warm_up.filter(|warm_up| !(1..=2_880).contains(&warm_up.minutes)) {
            errors.push(AlarmError::WarmUp(warm_up.minutes));
        }
        let (Some(period), Some(rule), Some(comparison), true) =
            (period, rule, comparison, errors.is_empty())
        else {
            return Err(errors);
        };
        let ignores_low =
            self.evaluate_low_sample_count_percentile == Some(EvaluateLowSampleCountPercentile::Ignore);
        Ok(AlarmDefinition {
            warnings: self.warnings(period),
            low_sample_count: self.significant_samples().filter(|_| ignores_low),
            name: self.name,
            source: self.source,
            statistic: self.statistic,
            period,
            rule,
            is_datapoints_to_alarm_set: self.datapoints_to_alarm.is_some(),
            comparison,
            evaluation_window: self.evaluation_window,
            warm_up: self.warm_up,
            actions_enabled: self.actions_enabled,
        })
    }

    fn is_query(&self) -> bool {
        matches!(self.source, AlarmSource::Query { .. })
    }

    fn checked_period(&self) -> Result<Period, AlarmError> {
        let period = Period::from_seconds(self.period)?;
        match period.seconds() {
            short @ ..60 if self.is_query() && short > 0 => Ok(Period::MINUTE),
            short @ ..10 => Err(AlarmError::ShortPeriod(short)),
            _ => Ok(period),
        }
    }

    fn comparison(&self) -> Result<Comparison, AlarmError> {
        match (self.comparison_operator, self.threshold, &self.threshold_metric_id) {
            (ComparisonOperator::Static(operator), _, Some(_)) => {
                Err(AlarmError::BandBesideThreshold(operator))
            }
            (ComparisonOperator::Static(operator), None, None) => Err(AlarmError::NoThreshold(operator)),
            (ComparisonOperator::Static(operator), Some(threshold), None) if threshold.is_finite() => {
                Ok(Comparison::Static { operator, threshold })
            }
            (ComparisonOperator::Static(_), Some(threshold), None) => Err(AlarmError::Threshold(threshold)),
            (ComparisonOperator::Band(operator), Some(_), _) => {
                Err(AlarmError::ThresholdBesideBand(operator))
            }
            (ComparisonOperator::Band(operator), None, None) => {
                Err(AlarmError::NoThresholdMetricId(operator))
            }
            (ComparisonOperator::Band(_), None, Some(_)) if self.is_query() => Err(AlarmError::BandOverQuery),
            (ComparisonOperator::Band(operator), None, Some(id)) => {
                Ok(Comparison::Band { operator, threshold_metric_id: id.clone() })
            }
        }
    }

    fn span_error(&self, period: Period) -> Option<AlarmError> {
        let (period, evaluation_periods) = (period.seconds(), self.evaluation_periods);
        let span = u64::from(period) * u64::from(evaluation_periods);
        if self.is_query() {
            return (span > QUERY_SPAN).then_some(AlarmError::QuerySpan { period, evaluation_periods, span });
        }
        let limit = if period < 3_600 { 86_400 } else { 604_800 };
        (span > limit).then_some(AlarmError::Span { period, evaluation_periods, span, limit })
    }

    /// How many samples make a percentile significant: 10/(1−p) from the median on, 10/p below it.
    fn significant_samples(&self) -> Option<f64> {
        let percent: f64 = self.statistic.as_deref()?.strip_prefix('p')?.parse().ok()?;
        let tail = if percent < 50.0 { percent } else { 100.0 - percent };
        // 100 - 99.9 is a little less than a tenth in doubles: rounded, p99.9 asks for 10,000 and not for one more.
        (tail > 0.0 && tail <= 50.0).then_some((1e9 / tail).round() / 1e6)
    }

    fn warnings(&self, period: Period) -> Vec<AlarmWarning> {
        let mut warnings = Vec::new();
        if let Some(asked) = u32::try_from(self.period).ok().filter(|asked| *asked < period.seconds()) {
            warnings.push(AlarmWarning::CoarserPeriod(asked));
        }
        if self.is_query() && self.treat_missing_data == TreatMissingData::NotBreaching {
            warnings.push(AlarmWarning::EmptyQueryLooksFine);
        }
        match (self.significant_samples(), self.evaluate_low_sample_count_percentile, &self.statistic) {
            (Some(samples), None | Some(EvaluateLowSampleCountPercentile::Evaluate), Some(statistic))
                if samples >= 100.0 =>
            {
                warnings
                    .push(AlarmWarning::FewSamples { statistic: statistic.clone(), samples: samples.ceil() });
            }
            (None, Some(_), _) => warnings.push(AlarmWarning::NoPercentile),
            _ => {}
        }
        if self.evaluation_periods == 1 && period.seconds() <= 300 {
            warnings.push(AlarmWarning::LateData(period.seconds()));
        }
        if !self.actions_enabled {
            warnings.push(AlarmWarning::ActionsDisabled);
        }
        warnings
    }
}

impl AlarmDefinition {
    /// `AlarmName`
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it watches.
    pub fn source(&self) -> AlarmSource {
        self.source
    }

    /// The statistic that reasons name.
    pub fn statistic(&self) -> Option<&str> {
        self.statistic.as_deref()
    }

    /// The length of a period; for a query a minute at least.
    pub fn period(&self) -> Period {
        self.period
    }

    /// M of N, and what fills the gaps.
    pub fn rule(&self) -> EvaluationRule {
        self.rule
    }

    /// Whether M was given. The service's reasons differ where it was not.
    pub fn is_datapoints_to_alarm_set(&self) -> bool {
        self.is_datapoints_to_alarm_set
    }

    /// What a value is compared with.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Below how many samples in a period the state is left as it is.
    pub fn low_sample_count(&self) -> Option<f64> {
        self.low_sample_count
    }

    /// Which clock the periods follow.
    pub fn evaluation_window(&self) -> &EvaluationWindow {
        &self.evaluation_window
    }

    /// How long it only gathers data at first.
    pub fn warm_up(&self) -> Option<WarmUpConfiguration> {
        self.warm_up
    }

    /// Whether a change of state does anything.
    pub fn actions_enabled(&self) -> bool {
        self.actions_enabled
    }

    /// What is probably not meant.
    pub fn warnings(&self) -> &[AlarmWarning] {
        &self.warnings
    }

    /// What is probably not meant on a metric that a metric filter publishes: its gaps are normal where it has
    /// dimensions, or no default value.
    ///
    /// ```
    /// use trailql::alarm::{AlarmSpec, AlarmWarning, ComparisonOperator, StaticOperator};
    ///
    /// let operator = ComparisonOperator::Static(StaticOperator::GreaterThanThreshold);
    /// let alarm = AlarmSpec { threshold: Some(5.0), ..AlarmSpec::new("by user", operator, 300, 3) }.check().unwrap();
    /// assert_eq!(alarm.warnings_of_metric_filter(true, false), [AlarmWarning::GapsAreNormal(alarm.rule().treat_missing_data())]);
    /// ```
    pub fn warnings_of_metric_filter(
        &self,
        has_dimensions: bool,
        has_default_value: bool,
    ) -> Vec<AlarmWarning> {
        let treatment = self.rule.treat_missing_data();
        let sees_gaps = matches!(treatment, TreatMissingData::Missing | TreatMissingData::Breaching);
        let is_band = matches!(self.comparison, Comparison::Band { .. });
        let gaps = (has_dimensions && sees_gaps).then_some(AlarmWarning::GapsAreNormal(treatment));
        let band = (is_band && !has_default_value).then_some(AlarmWarning::BandOverGaps);
        gaps.into_iter().chain(band).collect()
    }

    /// The rule over an evaluation range of so many periods, or the usual one; for a query no further back than the
    /// 3 hours for which there are data.
    pub(super) fn rule_over(&self, evaluation_range: Option<u32>) -> EvaluationRule {
        let range = evaluation_range.unwrap_or_else(|| self.rule.evaluation_range());
        let most = match self.source {
            AlarmSource::Metric => u32::MAX,
            AlarmSource::Query { .. } => 10_800 / self.period.seconds().max(1),
        };
        self.rule.with_range(range.min(most))
    }

    /// What a datapoint is to this alarm.
    pub fn point_state(&self, datapoint: &Datapoint) -> PointState {
        let Some(value) = datapoint.value.filter(|value| !value.is_nan()) else { return PointState::Missing };
        let is_breaching = match (&self.comparison, datapoint.band) {
            (Comparison::Static { operator, threshold }, _) => operator.is_breaching(value, *threshold),
            (Comparison::Band { operator, .. }, Some(band))
                if !(band.lower.is_nan() || band.upper.is_nan()) =>
            {
                operator.is_breaching(value, band.lower, band.upper)
            }
            (Comparison::Band { .. }, _) => return PointState::Missing,
        };
        if is_breaching { PointState::Breaching } else { PointState::NotBreaching }
    }
}
