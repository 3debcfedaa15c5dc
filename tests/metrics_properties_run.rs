//! Laws of what Metrics Insights queries and metric math give.
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use trailql::series::math::{MathOperand, MathRun, MathValue, Origin};
use trailql::series::query::{QueryResult, QueryRun, TagTable};
use trailql::series::{
    MetricIdentity, MetricStore, Period, Point, StorageResolution, TimeRange, TimeSeries, Unit,
};
use trailql::syntax::math::MathExpression;
use trailql::syntax::metrics::{AggregateFunction, Direction, LabelKey, MetricsQuery, OrderBy};
use trailql::{EpochMillis, syntax::metrics::Limit};

const MINUTES: i64 = 12;

/// An observation: values of the dimensions `a` and `b`, minute, value.
type Observation = (Option<u8>, Option<u8>, i64, i32);

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let label = || prop::option::of(0..3_u8);
    prop::collection::vec((label(), label(), 0..MINUTES, -1_000..1_000_i32), 0..60)
}

fn store(observations: &[Observation]) -> MetricStore {
    let mut store = MetricStore::new();
    for (a, b, minute, value) in observations {
        let dimensions = [("a", a), ("b", b)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, format!("v{}", (*value)?))));
        let metric = MetricIdentity::new("App", "Errors").with(dimensions.collect());
        let at = EpochMillis(minute * 60_000);
        store.put(&metric, Unit::Count, StorageResolution::Minute, at, f64::from(*value)).unwrap();
    }
    store
}

fn run(query: &MetricsQuery, store: &MetricStore, period: Period) -> QueryResult {
    let tags = TagTable::default();
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(MINUTES * 60_000) };
    query.run(store, &QueryRun { account: Some("1"), ..QueryRun::new(range, period, &tags) }).unwrap()
}

fn query(text: &str) -> MetricsQuery {
    text.parse().unwrap()
}

fn queries() -> impl Strategy<Value = MetricsQuery> {
    let generated = prop::collection::vec(any::<u8>(), 0..300)
        .prop_filter_map("the bytes spell nothing", |bytes| {
            MetricsQuery::arbitrary(&mut Unstructured::new(&bytes)).ok()
        });
    // Metrics of the store, so that there is something to give.
    generated.prop_map(|mut query| {
        query.select.metric.name = "Errors".to_owned();
        query.from.namespace.name = "App".to_owned();
        query
    })
}

fn functions() -> impl Strategy<Value = AggregateFunction> {
    prop::sample::select(AggregateFunction::ALL.to_vec())
}

fn periods() -> impl Strategy<Value = Period> {
    prop::sample::select(vec![60, 120, 300, 3_600]).prop_map(|seconds| Period::from_seconds(seconds).unwrap())
}

/// The function of numbers, plainly.
fn plainly(function: AggregateFunction, values: &[f64]) -> f64 {
    match function {
        AggregateFunction::Avg => values.iter().sum::<f64>() / values.len() as f64,
        AggregateFunction::Count => values.len() as f64,
        AggregateFunction::Max => values.iter().copied().fold(f64::MIN, f64::max),
        AggregateFunction::Min => values.iter().copied().fold(f64::MAX, f64::min),
        AggregateFunction::Sum => values.iter().sum(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn grouping_partitions_the_sum_and_the_count(
        observations in observations(),
        keys in prop::sample::subsequence(vec!["a", "b", "c", "tag.x", "AWS.AccountId"], 1..4),
        period in periods(),
        function in prop::sample::select(vec!["SUM", "COUNT"]),
    ) {
        let store = store(&observations);
        let whole = run(&query(&format!("SELECT {function}(Errors) FROM App")), &store, period);
        let grouped = run(&query(&format!("SELECT {function}(Errors) FROM App GROUP BY {}", keys.join(", "))), &store, period);
        let mut parts: BTreeMap<EpochMillis, f64> = BTreeMap::new();
        for point in grouped.rows.iter().flat_map(|row| &row.points) {
            *parts.entry(point.at).or_default() += point.value;
        }
        let whole: BTreeMap<EpochMillis, f64> =
            whole.rows.iter().flat_map(|row| &row.points).map(|point| (point.at, point.value)).collect();
        prop_assert_eq!(parts, whole);
        let groups: BTreeSet<_> = grouped.rows.iter().map(|row| row.group.clone()).collect();
        prop_assert_eq!(groups.len(), grouped.rows.len(), "a group stands twice");
    }

    #[test]
    fn a_series_is_the_function_of_all_observations(
        observations in observations(),
        function in functions(),
        period in periods(),
    ) {
        let text = format!("SELECT {function}(Errors) FROM SCHEMA(App, b, a) GROUP BY a");
        let found = run(&query(&text), &store(&observations), period);
        let mut expected: BTreeMap<(String, EpochMillis), Vec<f64>> = BTreeMap::new();
        for (a, b, minute, value) in &observations {
            if let (Some(a), Some(_)) = (a, b) {
                let at = period.floor(EpochMillis(minute * 60_000));
                expected.entry((format!("v{a}"), at)).or_default().push(f64::from(*value));
            }
        }
        let expected: Vec<_> =
            expected.into_iter().map(|((group, at), values)| (group, at, plainly(function, &values))).collect();
        let found: Vec<_> = found
            .rows
            .iter()
            .flat_map(|row| row.points.iter().map(|point| (row.label.clone(), point.at, point.value)))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn order_is_by_worth_and_then_by_label(
        observations in observations(),
        function in functions(),
        by in functions(),
        descending in any::<bool>(),
    ) {
        let direction = if descending { "DESC" } else { "ASC" };
        let text = format!("SELECT {function}(Errors) FROM App GROUP BY a, b ORDER BY {by}() {direction}");
        let rows = run(&query(&text), &store(&observations), Period::MINUTE).rows;
        let worth = |row: &trailql::series::query::QueryRow| match by {
            AggregateFunction::Count => row.observations,
            by => plainly(by, &row.points.iter().map(|point| point.value).collect::<Vec<_>>()),
        };
        for pair in rows.windows(2) {
            let (first, next) = (worth(&pair[0]), worth(&pair[1]));
            let near = (first - next).abs() <= 1e-9 * first.abs().max(next.abs());
            prop_assert!(near || (first < next) != descending, "{} {}", first, next);
            if first == next && by != AggregateFunction::Avg {
                prop_assert!(pair[0].shown().cmp(pair[1].shown()).is_le());
            }
        }
        for (index, row) in rows.iter().enumerate() {
            let rank = format!("{} - ", index + 1);
            prop_assert!(row.label.starts_with(&rank), "{}", row.label);
        }
    }

    #[test]
    fn a_limit_cuts_what_there_is_without_it(observations in observations(), query in queries(), series in 1..6_u16) {
        let store = store(&observations);
        let mut whole = query.clone();
        whole.limit = None;
        let mut cut = query;
        cut.limit = Some(Limit { series, span: Default::default() });
        let (whole, cut) = (run(&whole, &store, Period::MINUTE), run(&cut, &store, Period::MINUTE));
        let most = whole.rows.len().min(usize::from(series));
        prop_assert_eq!(&whole.rows[..most], &cut.rows[..]);
    }

    #[test]
    fn the_other_direction_gives_the_same_series(observations in observations(), query in queries()) {
        let store = store(&observations);
        let with = |direction| {
            let order = OrderBy {
                function: AggregateFunction::Sum,
                direction,
                is_explicit: Default::default(),
                span: Default::default(),
            };
            let mut query = MetricsQuery { order_by: Some(order), ..query.clone() };
            query.limit = None;
            let rows = run(&query, &store, Period::MINUTE).rows;
            rows.into_iter().map(|row| (row.group, row.points.len())).collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(with(Direction::Asc), with(Direction::Desc));
    }

    #[test]
    fn a_comparison_and_its_negation_part_the_metrics(observations in observations(), value in 0..4_u8, key in prop::sample::select(vec!["a", "b", "c"])) {
        let store = store(&observations);
        let sum = |comparison: &str| {
            let text = format!("SELECT COUNT(Errors) FROM App WHERE {key} {comparison} 'v{value}'");
            run(&query(&text), &store, Period::MINUTE).rows.iter().map(|row| row.observations).sum::<f64>()
        };
        prop_assert_eq!(sum("=") + sum("!="), observations.len() as f64);
    }

    #[test]
    fn any_query_runs_and_points_are_in_order_and_in_the_range(observations in observations(), query in queries(), period in periods()) {
        let result = run(&query, &store(&observations), period);
        prop_assert!(result.rows.len() <= 500);
        for row in &result.rows {
            prop_assert_eq!(row.group.len(), query.group_by.len());
            prop_assert!(!row.points.is_empty(), "a group without data");
            prop_assert!(row.points.is_sorted_by(|one, next| one.at < next.at));
            prop_assert!(row.points.iter().all(|point| point.at.0 >= 0 && point.at.0 < MINUTES * 60_000));
        }
        let is_grouped = query.group_by.iter().any(|key| matches!(key, LabelKey::Dimension(_) | LabelKey::Tag(_) | LabelKey::Account { .. }));
        prop_assert!(is_grouped || result.rows.len() <= 1);
    }

    #[test]
    fn any_expression_has_a_value_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        values in prop::collection::vec(prop::option::of(-5..5_i32), 0..8),
    ) {
        let Ok(expression) = MathExpression::arbitrary(&mut Unstructured::new(&bytes)) else { return Ok(()) };
        let series = |id: &str, sign: f64| TimeSeries {
            label: id.to_owned(),
            points: (0..)
                .zip(&values)
                .filter_map(|(minute, value)| Some(Point { at: EpochMillis(minute * 60_000), value: sign * f64::from((*value)?) }))
                .collect(),
        };
        let mut operands = Vec::new();
        for id in ["m1", "m2", "error_rate", "sum", "and1", "aB_9"] {
            let sign = if id == "m2" { -1.0 } else { 1.0 };
            operands.push(MathOperand { id: id.to_owned(), origin: Origin::Metric, value: MathValue::Series(series(id, sign)) });
        }
        let groups = MathValue::Array(vec![series("x", 1.0), series("y", 2.0)]);
        operands.push(MathOperand { id: "q1".to_owned(), origin: Origin::Query, value: groups });
        let range = TimeRange { start: EpochMillis(0), end: EpochMillis(8 * 60_000) };
        let run = MathRun::new(range, Period::MINUTE, &operands);
        match expression.evaluate(&run) {
            Ok(value) => {
                for series in value.series() {
                    prop_assert!(series.points.iter().all(|point| point.value.is_finite()), "{}", expression);
                    prop_assert!(series.points.is_sorted_by(|one, next| one.at < next.at), "{}", expression);
                }
                prop_assert_eq!(expression.evaluate(&run).unwrap(), value);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn an_expression_as_large_as_can_be_has_its_value() {
    let point = Point { at: EpochMillis(0), value: 1.0 };
    let value = MathValue::Series(TimeSeries { label: "m".to_owned(), points: vec![point] });
    let operands = [MathOperand { id: "m".to_owned(), origin: Origin::Metric, value }];
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(60_000) };
    let run = MathRun::new(range, Period::MINUTE, &operands);
    for (operator, expected) in [("+", 513.0), ("^", 1.0), ("-", -511.0)] {
        let text = format!("m{}", format!("{operator}m").repeat(512));
        let value = text.parse::<MathExpression>().unwrap().evaluate(&run).unwrap();
        assert_eq!(value.series()[0].points[0].value, expected);
    }
    let long = MathRun { range: TimeRange { start: EpochMillis(0), end: EpochMillis(i64::MAX) }, ..run };
    for text in ["FILL(m, 0)", "TIME_SERIES(1)", "FILL([m, m], REPEAT)"] {
        let error = text.parse::<MathExpression>().unwrap().evaluate(&long).unwrap_err();
        assert!(error.to_string().starts_with("`FILL` and `TIME_SERIES` would give"), "{error}");
    }
}
