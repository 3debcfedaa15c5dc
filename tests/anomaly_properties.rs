//! Properties of the anomaly band on random series.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test tells by failing")]

use jiff::tz::TimeZone;
use proptest::prelude::*;
use trailql::EpochMillis;
use trailql::anomaly::{
    AdaptationSpeed, Band, BandWidth, Detector, DetectorConfiguration, OutlierFilteringStrength,
};
use trailql::series::{Period, Point, TimeRange, Unit};

/// Monday 2024-09-02T00:00:00Z.
const START: i64 = 1_725_235_200_000;
const WEEK: i64 = 7 * 86_400_000;

/// What a series is made of: a level, a day, noise, an incident, and gaps.
#[derive(Clone, Debug)]
struct Made {
    period: i64,
    level: f64,
    daily: f64,
    noise: f64,
    are_counts: bool,
    incident: (usize, usize, f64),
    gap: usize,
    days: i64,
    seed: u64,
}

fn made() -> impl Strategy<Value = Made> {
    (
        prop_oneof![Just(900_i64), Just(3_600), Just(7_200)],
        prop_oneof![Just(0.0), 0.0..3.0, 0.0..5_000.0],
        0.0..1.0,
        prop_oneof![Just(0.0), 0.0..2.0],
        any::<bool>(),
        (0_usize..900, 0_usize..60, 0.0..100.0),
        prop_oneof![Just(0_usize), 2_usize..9],
        4_i64..18,
        any::<u64>(),
    )
        .prop_map(|(period, level, daily, noise, are_counts, incident, gap, days, seed)| Made {
            period,
            level,
            daily,
            noise,
            are_counts,
            incident,
            gap,
            days,
            seed,
        })
}

impl Made {
    fn values(&self) -> Vec<(EpochMillis, Option<f64>)> {
        let mut bits = self.seed | 1;
        (0..self.days * 86_400 / self.period)
            .map(|index| {
                bits ^= bits << 13;
                bits ^= bits >> 7;
                bits ^= bits << 17;
                let noise = (bits >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
                let days = (index * self.period) as f64 / 86_400.0;
                let wave = 1.0 + self.daily * (days * std::f64::consts::TAU).sin();
                let (from, length, times) = self.incident;
                let at = index as usize;
                let times = if (from..from + length).contains(&at) { times } else { 1.0 };
                let value = (self.level * wave + self.level.sqrt() * self.noise * 3.0 * noise) * times;
                let value = if self.are_counts { value.max(0.0).round() } else { value };
                let is_gap = self.gap > 0 && bits.is_multiple_of(self.gap as u64);
                (EpochMillis(START + index * self.period * 1_000), (!is_gap).then_some(value))
            })
            .collect()
    }

    fn configuration(&self) -> DetectorConfiguration {
        DetectorConfiguration {
            adaptation_speed: [AdaptationSpeed::Fast, AdaptationSpeed::Normal, AdaptationSpeed::Slow]
                [(self.seed % 3) as usize],
            outlier_filtering: [
                OutlierFilteringStrength::Minimal,
                OutlierFilteringStrength::Moderate,
                OutlierFilteringStrength::Strict,
            ][(self.seed / 3 % 3) as usize],
            periodic_spikes: self.seed.is_multiple_of(2),
            unit: if self.seed.is_multiple_of(5) { Unit::Percent } else { Unit::Count },
            ..DetectorConfiguration::new(Period::from_seconds(self.period as u64).unwrap())
        }
    }
}

fn bands(
    configuration: DetectorConfiguration,
    values: &[(EpochMillis, Option<f64>)],
    width: f64,
) -> Vec<Option<Band>> {
    let mut detector = Detector::new(configuration);
    let width = BandWidth::new(width).unwrap();
    values
        .iter()
        .map(|(at, value)| {
            let band = detector.band(*at, width);
            detector.observe(*at, *value);
            band
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn edges_are_in_order_and_a_wider_band_holds_the_narrower(made in made(), width in 0.05_f64..4.0, more in 0.05_f64..6.0) {
        let values = made.values();
        let narrow = bands(made.configuration(), &values, width);
        let wide = bands(made.configuration(), &values, width + more);
        for (narrow, wide) in narrow.iter().zip(&wide) {
            prop_assert_eq!(narrow.is_some(), wide.is_some());
            let (Some(narrow), Some(wide)) = (narrow, wide) else { continue };
            for band in [narrow, wide] {
                prop_assert!(band.lower <= band.expected && band.expected <= band.upper, "{:?}", band);
                prop_assert!(band.lower.is_finite() && band.upper.is_finite(), "{:?}", band);
            }
            prop_assert!(wide.lower <= narrow.lower && narrow.upper <= wide.upper, "{:?} {:?}", narrow, wide);
            prop_assert_eq!(narrow.expected, wide.expected);
        }
    }

    #[test]
    fn what_never_was_negative_has_no_band_below_zero(made in made()) {
        let values = made.values();
        if values.iter().all(|(_, value)| value.is_none_or(|value| value >= 0.0)) {
            for band in bands(made.configuration(), &values, 2.0).into_iter().flatten() {
                prop_assert!(band.lower >= 0.0, "{:?}", band);
            }
        }
    }

    #[test]
    fn no_band_knows_the_future(made in made(), share in 0.0_f64..1.0, other in -1e6_f64..1e6) {
        let values = made.values();
        let now = (values.len() as f64 * share) as usize;
        let mut changed = values.clone();
        for (_, value) in &mut changed[now..] {
            *value = Some(other);
        }
        let (before, after) = (bands(made.configuration(), &values, 2.0), bands(made.configuration(), &changed, 2.0));
        let known = (now + 1).min(before.len());
        prop_assert_eq!(&before[..known], &after[..known]);
    }

    #[test]
    fn whole_weeks_change_nothing(made in made(), weeks in -50_i64..50) {
        let values = made.values();
        let shifted: Vec<_> = values.iter().map(|(at, value)| (EpochMillis(at.0 + weeks * WEEK), *value)).collect();
        prop_assert_eq!(bands(made.configuration(), &values, 2.0), bands(made.configuration(), &shifted, 2.0));
    }

    #[test]
    fn an_excluded_range_is_as_if_it_were_missing(made in made(), from in 0.0_f64..1.0, hours in 1_i64..100) {
        let values = made.values();
        let start = START + (made.days as f64 * from) as i64 * 86_400_000;
        let range = TimeRange { start: EpochMillis(start), end: EpochMillis(start + hours * 3_600_000) };
        let excluded = DetectorConfiguration { excluded: vec![range], ..made.configuration() };
        let missing: Vec<_> =
            values.iter().map(|(at, value)| (*at, value.filter(|_| !range.contains(*at)))).collect();
        prop_assert_eq!(bands(excluded, &values, 2.0), bands(made.configuration(), &missing, 2.0));
    }

    #[test]
    fn training_at_once_is_training_step_by_step(made in made()) {
        let values = made.values();
        let points: Vec<Point> =
            values.iter().filter_map(|(at, value)| Some(Point { at: *at, value: (*value)? })).collect();
        let end = EpochMillis(START + made.days * 86_400_000);
        let at_once = Detector::train(made.configuration(), &points, end);
        let mut step_by_step = Detector::new(made.configuration());
        points.iter().for_each(|point| step_by_step.observe(point.at, Some(point.value)));
        prop_assert_eq!(at_once.band(end, BandWidth::default()), step_by_step.band(end, BandWidth::default()));
        prop_assert_eq!(at_once.state(), step_by_step.state());
    }

    #[test]
    fn no_value_and_no_time_breaks_it(
        observed in proptest::collection::vec(
            (
                prop_oneof![any::<i64>(), -2_000_000_000_000_i64..2_000_000_000_000, 0_i64..3_000_000_000],
                proptest::option::of(prop_oneof![
                    any::<f64>(),
                    Just(f64::NAN),
                    Just(f64::INFINITY),
                    Just(1e300),
                    Just(-2e108),
                    Just(2e108),
                    Just(5e-324),
                    Just(9e15),
                    0.0_f64..10.0,
                ]),
            ),
            0..400,
        ),
        period in prop_oneof![Just(1_u64), Just(60), Just(300), Just(86_400), Just(604_800)],
        width in prop_oneof![Just(1e-300), Just(1e300), 0.1_f64..10.0],
        zone in prop_oneof![Just("UTC"), Just("Europe/Berlin"), Just("Pacific/Apia"), Just("America/St_Johns")],
    ) {
        let mut observed = observed;
        observed.sort_by_key(|(at, _)| *at);
        let mut detector = Detector::new(DetectorConfiguration {
            time_zone: TimeZone::get(zone).unwrap(),
            ..DetectorConfiguration::new(Period::from_seconds(period).unwrap())
        });
        let width = BandWidth::new(width).unwrap();
        for (at, value) in observed {
            if let Some(band) = detector.band(EpochMillis(at), width) {
                prop_assert!(band.lower <= band.expected && band.expected <= band.upper, "{:?}", band);
            }
            detector.observe(EpochMillis(at), value);
        }
    }

    #[test]
    fn extreme_values_at_regular_times_keep_the_edges_in_order(
        values in proptest::collection::vec(
            prop_oneof![Just(-2e108), Just(2e108), Just(0.0), Just(1e-300), Just(1.0), Just(9e15), -1.0_f64..1.0],
            100..300,
        ),
        width in prop_oneof![Just(1e-300), Just(1e300), 0.1_f64..10.0],
    ) {
        let values: Vec<_> =
            (0..).zip(values).map(|(hour, value)| (EpochMillis(START + hour * 3_600_000), Some(value))).collect();
        for band in bands(DetectorConfiguration::new(Period::from_seconds(3_600).unwrap()), &values, width).into_iter().flatten() {
            prop_assert!(band.lower <= band.expected && band.expected <= band.upper, "{:?}", band);
            prop_assert!(band.lower.is_finite() && band.upper.is_finite(), "{:?}", band);
        }
    }
}
