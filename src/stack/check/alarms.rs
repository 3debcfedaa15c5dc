//! Alarms: what each watches, how it is evaluated, and what it does.

use super::texts::ANY;
use super::{Checker, Defined};
use crate::alarm::{
    AlarmError, AlarmSource, AlarmSpec, AlarmWarning, BandOperator, ComparisonOperator,
    EvaluateLowSampleCountPercentile, EvaluationWindow, StaticOperator, TreatMissingData, WallClockZone,
    WarmUpConfiguration,
};
use crate::anomaly::BandWidth;
use crate::diagnostic::{Diagnostic, Severity};
use crate::stack::{
    BandSubject, CheckedAlarm, DataEntry, DataQueries, MetricAlarm, MetricDataQuery, MetricSource, Text,
    codes,
};
use crate::syntax::math::{MathCall, MathKind};
use crate::{MetricsQuery, Span};

const MOST_ACTIONS: usize = 5;
/// The statistics that stand under `Statistic`; all others stand under `ExtendedStatistic`.
const BASIC: &[&str] = &["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
/// The `Id` of the metric of an alarm that spells none.
const ONLY: &str = "m1";

impl<'s> Checker<'s> {
    pub(super) fn alarms(&mut self) -> Vec<Defined<'s, MetricAlarm, CheckedAlarm>> {
        let alarms = &self.stack.alarms;
        self.distinct("alarms", alarms.iter().map(|alarm| &alarm.alarm_name));
        alarms.iter().filter_map(|alarm| Some((alarm, self.alarm(alarm)?))).collect()
    }

    fn alarm(&mut self, alarm: &MetricAlarm) -> Option<CheckedAlarm> {
        self.text("alarm's name", &alarm.alarm_name, (1, 255), &ANY);
        if let Some(text) = &alarm.alarm_description {
            self.text("alarm's description", text, (0, 1_024), &ANY);
        }
        for actions in [&alarm.alarm_actions, &alarm.ok_actions, &alarm.insufficient_data_actions] {
            self.actions(actions);
        }
        let operator = self.operator(&alarm.comparison_operator);
        let (watched, band) = self.watched(alarm)?;
        let spec = self.settings(alarm, operator?, &watched)?;
        let definition = match spec.check() {
            Ok(definition) => definition,
            Err(errors) => {
                for error in &errors {
                    self.refuse(alarm, error);
                }
                return None;
            }
        };
        // Of what others emit it is not known how it comes.
        if self.is_whole() || self.reads_filter(&watched) {
            for warning in definition.warnings() {
                self.warn(alarm, warning);
            }
        }
        let checked = CheckedAlarm { definition, watched, band };
        self.relate(alarm, &checked);
        Some(checked)
    }

    fn operator(&mut self, word: &Text) -> Option<ComparisonOperator> {
        let fixed = StaticOperator::ALL.iter().map(|one| (one.as_str(), ComparisonOperator::Static(*one)));
        let band = BandOperator::ALL.iter().map(|one| (one.as_str(), ComparisonOperator::Band(*one)));
        let known: Vec<_> = fixed.chain(band).collect();
        self.choice("comparison operator", word, &known)
    }

    /// What the alarm watches, whichever way it says so.
    fn watched(&mut self, alarm: &MetricAlarm) -> Option<(DataQueries, Option<BandSubject>)> {
        let place = alarm.alarm_name.span;
        if alarm.metrics.is_empty() {
            return Some((self.single(alarm)?, None));
        }
        let beside = [
            ("MetricName", alarm.metric_name.as_ref().map(|text| text.span)),
            ("Namespace", alarm.namespace.as_ref().map(|text| text.span)),
            ("Dimensions", alarm.dimensions.first().map(|dimension| dimension.name.span)),
            ("Period", alarm.period.as_ref().map(|number| number.span)),
            ("Statistic", alarm.statistic.as_ref().map(|text| text.span)),
            ("ExtendedStatistic", alarm.extended_statistic.as_ref().map(|text| text.span)),
            ("Unit", alarm.unit.as_ref().map(|text| text.span)),
        ];
        for (member, span) in beside {
            if let Some(span) = span {
                let message = format!("`{member}` does not go with `Metrics`");
                let finding = Diagnostic::error(codes::DATA_SOURCE, span, message);
                self.say(finding.help("put it into the entry of `Metrics`"));
            }
        }
        let Some(id) = &alarm.threshold_metric_id else {
            return Some((self.data_queries(&alarm.metrics, place, None)?, None));
        };
        let Some(query) = alarm.metrics.iter().find(|query| query.id == *id) else {
            let message = format!("no entry of `Metrics` is called `{id}`");
            self.error(codes::BAND, id.span, message);
            return None;
        };
        let band = self.band(query);
        let watched = self.data_queries(&alarm.metrics, place, Some(query));
        let (watched, band) = (watched?, band?);
        let around = watched.entries.get(watched.result).map(|(id, _)| id.as_str());
        if watched.get(&band.around).is_none() {
            let span = query.expression.as_ref().map_or(query.id.span, |text| text.span);
            let message = format!("the band is laid around `{}`, and no entry has that `Id`", band.around);
            self.error(codes::DATA_QUERY, span, message);
            return None;
        }
        if around != Some(band.around.as_str()) {
            let message = format!(
                "the alarm watches `{}`, but the band is laid around `{}`",
                around.unwrap_or(""),
                band.around
            );
            let finding = Diagnostic::warning(codes::BAND, id.span, message);
            self.say(
                finding.help("set `ReturnData = false` on the entries that are neither watched nor the band"),
            );
        }
        Some((watched, Some(band)))
    }

    /// The band of an entry that an alarm compares with.
    fn band(&mut self, query: &MetricDataQuery) -> Option<BandSubject> {
        let Some(text) = &query.expression else {
            let finding = Diagnostic::error(codes::BAND, query.id.span, format!("`{}` is no band", query.id));
            self.say(finding.help("write `Expression = \"ANOMALY_DETECTION_BAND(m1, 2)\"`"));
            return None;
        };
        let expression = self.math(text)?;
        let refuse = |message: String| {
            let finding = Diagnostic::error(codes::BAND, text.span, message);
            finding.help(
                "a band is `ANOMALY_DETECTION_BAND(m1, 2)`: the `Id` of another entry, and a number above 0",
            )
        };
        let MathKind::Call(MathCall::Band(band)) = &expression.root.kind else {
            self.say(refuse(format!("`{}` is no band", text.value)));
            return None;
        };
        let MathKind::Id(around) = &band.series.kind else {
            self.say(refuse("the band is laid around an expression".to_owned()));
            return None;
        };
        let width = match band.width.as_ref().map(|width| &width.kind) {
            None => Ok(BandWidth::default()),
            Some(MathKind::Number(number)) => {
                BandWidth::new(number.value()).map_err(|error| error.to_string())
            }
            Some(_) => Err("the width of the band is no number".to_owned()),
        };
        match width {
            Ok(width) => Some(BandSubject { around: around.clone(), width }),
            Err(message) => {
                self.say(refuse(message));
                None
            }
        }
    }

    fn single(&mut self, alarm: &MetricAlarm) -> Option<DataQueries> {
        let place = alarm.alarm_name.span;
        let (Some(namespace), Some(name)) = (&alarm.namespace, &alarm.metric_name) else {
            let finding = Diagnostic::error(
                codes::DATA_SOURCE,
                place,
                format!("the alarm `{}` watches nothing", alarm.alarm_name),
            );
            self.say(finding.help("give it `Namespace` and `MetricName`, or `Metrics`"));
            return None;
        };
        if let Some(id) = &alarm.threshold_metric_id {
            let finding = Diagnostic::error(
                codes::BAND,
                id.span,
                "a band needs `Metrics`: the metric, and the band around it",
            );
            self.say(finding);
            return None;
        }
        let metric = self.metric(namespace, name, &alarm.dimensions, None);
        let statistic = self.one_statistic(alarm);
        let Some(period) = &alarm.period else {
            let finding = Diagnostic::error(
                codes::DATA_SOURCE,
                place,
                format!("the alarm `{}` has no `Period`", alarm.alarm_name),
            );
            self.say(finding.help("add `Period = 300`"));
            return None;
        };
        let period = self.period(period)?;
        let unit = self.unit(alarm.unit.as_ref());
        let source = MetricSource { metric, statistic: statistic?, period, unit };
        Some(DataQueries { entries: vec![(ONLY.to_owned(), DataEntry::Metric(source))], result: 0, period })
    }

    fn one_statistic(&mut self, alarm: &MetricAlarm) -> Option<crate::series::Statistic> {
        let (text, extended) = match (&alarm.statistic, &alarm.extended_statistic) {
            (Some(text), None) => (text, false),
            (None, Some(text)) => (text, true),
            (one, _) => {
                let span = one.as_ref().map_or(alarm.alarm_name.span, |text| text.span);
                let finding = Diagnostic::error(
                    codes::DATA_SOURCE,
                    span,
                    "an alarm on a metric has `Statistic` or `ExtendedStatistic`, one of them",
                );
                self.say(finding.help("add `Statistic = \"Sum\"`"));
                return None;
            }
        };
        let statistic = self.statistic(text)?;
        if BASIC.contains(&text.as_str()) == extended {
            let member = if extended { "Statistic" } else { "ExtendedStatistic" };
            let finding =
                Diagnostic::error(codes::STATISTIC, text.span, format!("`{text}` stands under `{member}`"));
            self.say(finding);
            return None;
        }
        Some(statistic)
    }

    fn settings(
        &mut self,
        alarm: &MetricAlarm,
        comparison_operator: ComparisonOperator,
        watched: &DataQueries,
    ) -> Option<AlarmSpec> {
        let count = |number: &crate::stack::Located<i64>| {
            u32::try_from(number.value.clamp(0, i64::from(u32::MAX))).ok()
        };
        let evaluation_periods = count(&alarm.evaluation_periods)?;
        let missing = TreatMissingData::ALL.iter().map(|one| (one.as_str(), *one)).collect::<Vec<_>>();
        let treat_missing_data = match &alarm.treat_missing_data {
            Some(word) => self.choice("treatment of missing data", word, &missing)?,
            None => TreatMissingData::Missing,
        };
        let low =
            EvaluateLowSampleCountPercentile::ALL.iter().map(|one| (one.as_str(), *one)).collect::<Vec<_>>();
        let evaluate_low_sample_count_percentile = match &alarm.evaluate_low_sample_count_percentile {
            Some(word) => Some(self.choice("treatment of few samples", word, &low)?),
            None => None,
        };
        let statistic = match (watched.result(), &alarm.metrics) {
            (Some(DataEntry::Metric(source)), metrics) if metrics.is_empty() => {
                Some(source.statistic.to_string())
            }
            _ => None,
        };
        let source = match watched.result() {
            Some(DataEntry::Query(query)) => AlarmSource::Query {
                is_grouped: !query.group_by.is_empty(),
                is_ordered: query.order_by.is_some(),
            },
            _ => AlarmSource::Metric,
        };
        Some(AlarmSpec {
            name: alarm.alarm_name.value.clone(),
            source,
            statistic,
            period: u64::from(watched.period.seconds()),
            evaluation_periods,
            datapoints_to_alarm: alarm.datapoints_to_alarm.as_ref().and_then(count),
            comparison_operator,
            threshold: alarm.threshold.as_ref().map(|threshold| threshold.value),
            threshold_metric_id: alarm.threshold_metric_id.as_ref().map(|id| id.value.clone()),
            treat_missing_data,
            evaluate_low_sample_count_percentile,
            evaluation_window: self.evaluation_window(alarm)?,
            warm_up: alarm.warm_up_configuration.as_ref().map(|warm_up| WarmUpConfiguration {
                minutes: count(&warm_up.warm_up_period_duration_in_minutes).unwrap_or(0),
                only_start_evaluating_after_end: warm_up
                    .only_start_evaluating_after_warm_up_period_ends
                    .as_ref()
                    .is_some_and(|only| only.value),
            }),
            actions_enabled: alarm.actions_enabled.as_ref().is_none_or(|enabled| enabled.value),
        })
    }

    fn evaluation_window(&mut self, alarm: &MetricAlarm) -> Option<EvaluationWindow> {
        let Some(windows) = &alarm.evaluation_window else { return Some(EvaluationWindow::Sliding) };
        if let (Some(sliding), Some(_)) = (&windows.sliding_window, &windows.wall_clock_window) {
            self.error(codes::EVALUATION, sliding.span, "the periods end now or follow the clock, not both");
            return None;
        }
        let Some(window) = &windows.wall_clock_window else { return Some(EvaluationWindow::Sliding) };
        let Some(name) = &window.timezone else {
            return Some(EvaluationWindow::WallClock(WallClockZone::default()));
        };
        match WallClockZone::parse(name) {
            Ok(zone) => Some(EvaluationWindow::WallClock(zone)),
            Err(error) => {
                self.error(codes::TIME, name.span, error.to_string());
                None
            }
        }
    }

    fn refuse(&mut self, alarm: &MetricAlarm, error: &AlarmError) {
        let period = alarm.period.as_ref().map(|period| period.span);
        let of_entry = alarm.metrics.iter().find_map(|query| {
            let stat = query.metric_stat.as_ref().map(|stat| stat.period.span);
            stat.or(query.period.as_ref().map(|period| period.span))
        });
        let threshold = alarm.threshold.as_ref().map(|threshold| threshold.span);
        let band = alarm.threshold_metric_id.as_ref().map(|id| id.span);
        let (code, span): (_, Option<Span>) = match error {
            AlarmError::Name(_) => (codes::TEXT, None),
            AlarmError::Period(_) | AlarmError::ShortPeriod(_) | AlarmError::WallClockPeriod(_) => {
                (codes::NUMBER, period.or(of_entry))
            }
            AlarmError::NoEvaluationPeriods | AlarmError::Span { .. } | AlarmError::QuerySpan { .. } => {
                (codes::EVALUATION, Some(alarm.evaluation_periods.span))
            }
            AlarmError::NoDatapointsToAlarm | AlarmError::MoreDatapointsThanPeriods { .. } => {
                (codes::EVALUATION, alarm.datapoints_to_alarm.as_ref().map(|number| number.span))
            }
            AlarmError::NoThreshold(_) | AlarmError::NoThresholdMetricId(_) => {
                (codes::BAND, Some(alarm.comparison_operator.span))
            }
            AlarmError::Threshold(_) => (codes::NUMBER, threshold),
            AlarmError::ThresholdBesideBand(_) => (codes::BAND, threshold),
            AlarmError::BandBesideThreshold(_) | AlarmError::BandOverQuery => (codes::BAND, band),
            AlarmError::GroupsWithoutOrder => {
                let query = alarm.metrics.iter().find_map(|query| query.expression.as_ref());
                (codes::DATA_QUERY, query.map(|text| text.span))
            }
            AlarmError::WarmUp(_) => {
                let warm_up = alarm.warm_up_configuration.as_ref();
                (codes::NUMBER, warm_up.map(|warm_up| warm_up.warm_up_period_duration_in_minutes.span))
            }
            _ => (codes::EVALUATION, None),
        };
        self.error(code, span.unwrap_or(alarm.alarm_name.span), error.to_string());
    }

    /// What is probably not meant. That CloudTrail's events come late is true of every alarm on them, and not repeated.
    pub(super) fn warn(&mut self, alarm: &MetricAlarm, warning: &AlarmWarning) {
        let is_told_apart =
            *warning == AlarmWarning::EmptyQueryLooksFine && (self.has_heartbeat(alarm) || !self.is_whole());
        if matches!(warning, AlarmWarning::LateData(_)) || is_told_apart {
            return;
        }
        let finding = Diagnostic::new(
            codes::ALARM_SETTING,
            Severity::Warning,
            alarm.alarm_name.span,
            warning.to_string(),
        );
        self.say(finding);
    }

    /// Whether another alarm tells when the metric of a query alarm has no data.
    fn has_heartbeat(&self, alarm: &MetricAlarm) -> bool {
        let queries = alarm.metrics.iter().filter_map(|query| query.expression.as_ref());
        let read: Vec<MetricsQuery> = queries.filter_map(|text| MetricsQuery::parse(text).ok()).collect();
        let others = self.stack.alarms.iter().filter(|other| other.alarm_name != alarm.alarm_name);
        let mut watchful = others.filter(|other| {
            other.treat_missing_data.as_ref().is_some_and(|word| word.as_str() == "breaching")
        });
        watchful.any(|other| {
            let single = other.namespace.as_ref().zip(other.metric_name.as_ref());
            let stats = other.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
            let of_entries = stats.map(|stat| (&stat.metric.namespace, &stat.metric.metric_name));
            single.into_iter().chain(of_entries).any(|(namespace, name)| {
                read.iter().any(|query| {
                    query.from.namespace.name == namespace.as_str()
                        && query.select.metric.name == name.as_str()
                })
            })
        })
    }

    fn actions(&mut self, actions: &[Text]) {
        if let Some(sixth) = actions.get(MOST_ACTIONS) {
            let message =
                format!("there are {} actions for one state; {MOST_ACTIONS} is the most", actions.len());
            self.error(codes::TOO_MANY, sixth.span, message);
        }
        for action in actions {
            self.text("action", action, (1, 1_024), &ANY);
            match action.strip_prefix("topic:") {
                Some(name) if self.stack.topics.iter().any(|topic| topic.name.as_str() == name) => {}
                Some(name) => {
                    let finding = Diagnostic::error(
                        codes::REFERENCE,
                        action.span,
                        format!("there is no topic `{name}` in the stack"),
                    );
                    self.say(finding.help(format!(
                        "add `[[topics]]` with `Name = \"{name}\"`, or write the topic's ARN"
                    )));
                }
                None if action.starts_with("arn:") => {}
                None => {
                    let finding = Diagnostic::error(
                        codes::REFERENCE,
                        action.span,
                        format!("`{action}` is neither an ARN nor a topic of the stack"),
                    );
                    self.say(finding.help("write `topic:NAME`, or an ARN that begins with `arn:`"));
                }
            }
        }
    }
}
