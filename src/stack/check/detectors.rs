//! Anomaly detectors: what each learns, and how.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Checker, Defined};
use crate::EpochMillis;
use crate::anomaly::{AdaptationSpeed, DetectorConfiguration, OutlierFilteringStrength};
use crate::diagnostic::Diagnostic;
use crate::series::{Period, TimeRange};
use crate::stack::{
    AnomalyDetector, CheckedDetector, DataEntry, DetectorSubject, ExcludedTimeRange,
    SingleMetricAnomalyDetector, Text, codes,
};
use crate::time_zones;

const MOST_EXCLUDED: usize = 10;

impl<'s> Checker<'s> {
    pub(super) fn detectors(&mut self) -> Vec<Defined<'s, AnomalyDetector, CheckedDetector>> {
        let stack = self.stack;
        stack
            .anomaly_detectors
            .iter()
            .filter_map(|written| Some((written, self.detector(written)?)))
            .collect()
    }

    fn detector(&mut self, detector: &AnomalyDetector) -> Option<CheckedDetector> {
        let configuration = self.configuration(detector);
        let subject = match (&detector.single_metric_anomaly_detector, &detector.metric_math_anomaly_detector)
        {
            (Some(single), None) => self.single_metric(single)?,
            (None, Some(math)) => {
                let queries = &math.metric_data_queries;
                let watched = self.data_queries(queries, queries.span, None)?;
                if watched.entries.iter().any(|(_, entry)| matches!(entry, DataEntry::Query(_))) {
                    let finding = Diagnostic::error(
                        codes::DATA_SOURCE,
                        queries.span,
                        "a detector does not learn a Metrics Insights query",
                    );
                    self.say(finding.help("name the metrics, and combine them by metric math"));
                    return None;
                }
                DetectorSubject::Math(watched)
            }
            (single, _) => {
                let span = match single {
                    Some(single) => single.metric_name.span,
                    None => crate::Span::default(),
                };
                let finding = Diagnostic::error(
                    codes::DATA_SOURCE,
                    span,
                    "an anomaly detector learns one metric, or metric math, not both or neither",
                );
                self.say(
                    finding.help("give it `SingleMetricAnomalyDetector` or `MetricMathAnomalyDetector`"),
                );
                return None;
            }
        };
        Some(CheckedDetector { subject, configuration: configuration? })
    }

    fn single_metric(&mut self, single: &SingleMetricAnomalyDetector) -> Option<DetectorSubject> {
        let account = single.account_id.as_ref();
        let metric = self.metric(&single.namespace, &single.metric_name, &single.dimensions, account);
        self.account(account);
        let statistic = self.statistic(&single.stat)?;
        self.is_emitted(&metric, single.metric_name.span);
        Some(DetectorSubject::Metric(metric, statistic))
    }

    fn configuration(&mut self, detector: &AnomalyDetector) -> Option<DetectorConfiguration> {
        let mut configuration = DetectorConfiguration::new(Period::MINUTE);
        if let Some(characteristics) = &detector.metric_characteristics {
            configuration.periodic_spikes =
                characteristics.periodic_spikes.as_ref().is_some_and(|spikes| spikes.value);
        }
        let Some(given) = &detector.configuration else { return Some(configuration) };
        if let Some(eleventh) = given.excluded_time_ranges.get(MOST_EXCLUDED) {
            let message = format!(
                "{} time ranges are excluded; {MOST_EXCLUDED} is the most",
                given.excluded_time_ranges.len()
            );
            self.error(codes::TOO_MANY, eleventh.start_time.span, message);
        }
        for range in &given.excluded_time_ranges {
            configuration.excluded.push(self.excluded(range)?);
        }
        if let Some(name) = &given.metric_timezone {
            configuration.time_zone = self.time_zone(name)?;
        }
        if let Some(word) = &given.adaptation_speed {
            let speeds = [
                ("FAST", AdaptationSpeed::Fast),
                ("NORMAL", AdaptationSpeed::Normal),
                ("SLOW", AdaptationSpeed::Slow),
            ];
            configuration.adaptation_speed = self.choice("adaptation speed", word, &speeds)?;
        }
        if let Some(word) = &given.outlier_filtering_strength {
            let strengths = [
                ("MINIMAL", OutlierFilteringStrength::Minimal),
                ("MODERATE", OutlierFilteringStrength::Moderate),
                ("STRICT", OutlierFilteringStrength::Strict),
            ];
            configuration.outlier_filtering =
                self.choice("strength of outlier filtering", word, &strengths)?;
        }
        Some(configuration)
    }

    fn excluded(&mut self, range: &ExcludedTimeRange) -> Option<TimeRange> {
        let start = self.utc(&range.start_time);
        let end = self.utc(&range.end_time);
        let (start, end) = (start?, end?);
        if start >= end {
            self.error(codes::TIME, range.end_time.span, "the excluded time range ends before it starts");
            return None;
        }
        Some(TimeRange { start, end })
    }

    /// A time as the service takes it: `yyyy-MM-ddTHH:mm:ss`, in UTC.
    fn utc(&mut self, text: &Text) -> Option<EpochMillis> {
        let is_spelled = text.len() == 19 && text.chars().nth(10) == Some('T');
        let time = text.parse::<DateTime>().ok().filter(|_| is_spelled);
        let instant = time.and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
        if instant.is_none() {
            let finding = Diagnostic::error(codes::TIME, text.span, format!("`{text}` is no time"));
            self.say(finding.help("write `2024-09-12T03:10:00`, in UTC"));
        }
        instant.map(|instant| EpochMillis(instant.as_millisecond()))
    }

    fn time_zone(&mut self, name: &Text) -> Option<TimeZone> {
        let zone = time_zones::named(name).filter(|_| name.chars().count() <= 50);
        if zone.is_none() {
            let finding =
                Diagnostic::error(codes::TIME, name.span, format!("there is no time zone `{name}`"));
            self.say(finding.help("write a name of the time zone database, such as `Europe/Berlin`"));
        }
        zone
    }
}
