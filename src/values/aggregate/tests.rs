//! Aggregates against values computed elsewhere, and against themselves however the input is cut.

use std::collections::HashSet;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::super::value::Number;
use super::distinct::EXACT_DISTINCT;
use super::sample::EXACT_SAMPLE;
use super::*;
use crate::Span;
use crate::syntax::Trivia;

fn text(text: &str) -> Value<'static> {
    Value::text_of(text.to_owned())
}

fn num(number: f64) -> Value<'static> {
    Value::Number(Number::new(number))
}

fn period(count: u64, unit: PeriodUnit) -> Period {
    Period { count, unit, span: Trivia(Span::default()) }
}

/// An aggregate with the given literal where its other argument stands.
fn spec(function: Function, literal: &str) -> AggregateSpec {
    let literals = [Some(text(literal)), Some(text(literal))];
    let periods = [None, Some(period(1, PeriodUnit::Second))];
    AggregateSpec::prepare(function, &literals, &periods).unwrap()
}

type Event = (Value<'static>, Option<EpochMillis>);

fn accumulated(spec: AggregateSpec, events: &[Event]) -> Accumulator {
    let mut accumulator = spec.start();
    for (value, time) in events {
        accumulator.add(value, *time);
    }
    accumulator
}

fn result(spec: AggregateSpec, values: &[Value<'static>]) -> Value<'static> {
    let events: Vec<Event> = values.iter().cloned().zip((0..).map(|at| Some(EpochMillis(at)))).collect();
    accumulated(spec, &events).finish()
}

fn shown(function: Function, literal: &str, words: &str) -> String {
    let values: Vec<_> = words.split(' ').map(text).collect();
    result(spec(function, literal), &values).render().map_or("-".to_owned(), |text| text.into_owned())
}

#[test]
fn the_examples_of_the_specification() {
    for (function, expected) in [
        (Function::Count, "3"),
        (Function::CountDistinct, "3"),
        (Function::Sum, "1500"),
        (Function::Avg, "500"),
        (Function::Min, "100"),
        (Function::Max, "1100"),
        (Function::StdDev, "432.0494"),
        (Function::Variance, "186666.6667"),
        (Function::Earliest, "100"),
        (Function::Latest, "1100"),
        (Function::SortsFirst, "100"),
        (Function::SortsLast, "1100"),
        (Function::CountOverTime, "3"),
        (Function::SumOverTime, "1500"),
    ] {
        assert_eq!(shown(function, "1", "100 300 1100"), expected, "{function:?}");
    }
    assert_eq!(shown(Function::Pct, "50", "100 300 1100"), "300");
    assert_eq!(shown(Function::Pct, "90", "100 300 1100"), "1100");
    assert_eq!(shown(Function::TopK, "3", "200 404 200 500 404 301 200"), r#"["200","404","301"]"#);
    let numbers = [100.0, 300.0, 1100.0, 300.0].map(num);
    assert_eq!(result(spec(Function::Values, "1"), &numbers).render().unwrap(), "[100,300,1100]");
}

#[test]
fn without_a_row_that_counts() {
    for function in [Function::Count, Function::CountDistinct] {
        assert_eq!(result(spec(function, "1"), &[Value::Missing]).render().unwrap(), "0");
    }
    for function in [
        Function::Sum,
        Function::Avg,
        Function::Min,
        Function::Variance,
        Function::StdDev,
        Function::Pct,
        Function::Values,
        Function::TopK,
        Function::Earliest,
        Function::SortsLast,
        Function::Rate,
        Function::Histogram,
    ] {
        let nothing = [Value::Missing, Value::List([num(1.0)].into())];
        assert!(result(spec(function, "1"), &nothing).is_missing(), "{function:?}");
    }
    for function in [Function::Sum, Function::Avg, Function::Pct, Function::StdDev, Function::Rate] {
        assert_eq!(shown(function, "1", "x y"), "-", "{function:?}");
    }
}

/// The results are those of Python's exact fractions, divided and rounded once.
#[test]
fn sums_are_rounded_once() {
    let cases: [(&[f64], [f64; 4]); 9] = [
        (&[0.1; 10], [1.0, 0.1, 0.0, 0.0]),
        (&[1e16, 1.0, -1e16, 0.1], [1.1, 0.275, 5e31, 7071067811865475.0]),
        (
            &[1000000000.1, 1000000000.2, 1000000000.3, 1000000000.4],
            [4000000001.0, 1000000000.25, 0.012499994039536944, 0.11180337221898516],
        ),
        (&[100.0, 300.0, 1100.0], [1500.0, 500.0, 186666.66666666666, 432.04937989385735]),
        (
            &[9007199254740992.0, 9007199254740991.0, -3.0],
            [1.801439850948198e16, 6004799503160660.0, 1.8028808536579273e31, 4246034448350516.0],
        ),
        (&[5e-324, 5e-324, 1e-310], [1.0000000000001e-310, 3.3333333333337e-311, 0.0, 4.71404520791e-311]),
        (&[1e308, -1e308, 1.5e308], [1.5e308, 5e307, f64::INFINITY, 1.0801234497346434e308]),
        (&[1e200, 1e-200, -1e200], [1e-200, 3.3333333333333335e-201, f64::INFINITY, 8.16496580927726e199]),
        (
            &[1.0 / 3.0, 2.0 / 3.0, 1e-5, 12345.678],
            [12346.67801, 3086.6695025, 28576412.84114629, 5345.691053656795],
        ),
    ];
    let functions = [Function::Sum, Function::Avg, Function::Variance, Function::StdDev];
    for (numbers, expected) in cases {
        let values: Vec<_> = numbers.iter().copied().map(num).collect();
        for (function, expected) in functions.into_iter().zip(expected) {
            let found = result(spec(function, "1"), &values).number().unwrap_or(f64::INFINITY);
            assert_eq!(found, expected, "{function:?} of {numbers:?}");
        }
    }
}

#[test]
fn many_large_squares_do_not_overflow() {
    // Two values in equal number: the variance is the square of half their difference.
    let values = [num(9007199254740992.0), num(0.0)].map(|value| (value, None));
    let mut accumulator = accumulated(spec(Function::Variance, "1"), &values);
    // 2^24 squares of 2^106 are beyond an `i128`.
    for _ in 0..24 {
        accumulator.merge(accumulator.clone());
    }
    assert_eq!(accumulator.finish().number(), Some(4503599627370496.0 * 4503599627370496.0));
}

#[test]
fn extremes_follow_the_sort_order() {
    assert_eq!(shown(Function::Min, "1", "10 9 b a"), "a");
    assert_eq!(shown(Function::Max, "1", "10 9 b a"), "10");
    assert_eq!(shown(Function::Min, "1", "2 1.0 1.00 01"), "01");
    assert_eq!(shown(Function::SortsLast, "1", "i-9 i-10 i-1"), "i-10");
}

#[test]
fn times_become_milliseconds_but_not_in_sort_order() {
    let times = [1780503582214, 1780503582213].map(|time| Value::Time(EpochMillis(time)));
    for (function, expected) in [
        (Function::Earliest, "1780503582214"),
        (Function::Latest, "1780503582213"),
        (Function::Min, "1780503582213"),
        (Function::Max, "1780503582214"),
        (Function::SortsFirst, "2026-06-03 16:19:42.213"),
    ] {
        assert_eq!(result(spec(function, "1"), &times).render().unwrap(), expected, "{function:?}");
    }
}

#[test]
fn by_time_the_first_of_equals_counts() {
    let events: Vec<Event> = [("a", Some(5)), ("b", Some(5)), ("-", None), ("c", Some(7)), ("d", Some(7))]
        .map(|(value, time)| (text(value), time.map(EpochMillis)))
        .into();
    let mut events = events;
    events.push((Value::Missing, Some(EpochMillis(0))));
    let of = |function| accumulated(spec(function, "1"), &events).finish();
    assert_eq!(of(Function::Earliest).render().unwrap(), "a");
    assert_eq!(of(Function::Latest).render().unwrap(), "c");
}

#[test]
fn the_rate_is_change_through_periods() {
    let rate = |events: &[(f64, i64)]| {
        let events: Vec<Event> =
            events.iter().map(|&(number, time)| (num(number), Some(EpochMillis(time)))).collect();
        accumulated(spec(Function::Rate, "1"), &events).finish().number()
    };
    // From 1 to 7 in three periods of a second.
    assert_eq!(rate(&[(4.0, 1_000), (1.0, 0), (7.0, 3_000)]), Some(2.0));
    assert_eq!(rate(&[(5.0, 0), (5.0, 9_000)]), Some(0.0));
    assert_eq!(rate(&[(5.0, 0)]), Some(0.0));
    assert_eq!(rate(&[(5.0, 1), (9.0, 1)]), Some(0.0));
}

#[test]
fn a_percentile_is_a_value_of_the_field() {
    assert_eq!(shown(Function::Pct, "50", "1.50 1 2"), "1.50");
    assert_eq!(shown(Function::Pct, "0", "0.123456 1 2"), "0.123456");
    assert_eq!(shown(Function::Pct, "100", "1 x 007 2"), "007");
    let thousand: Vec<String> = (1..=1000).map(|number| number.to_string()).collect();
    for (percent, expected) in [("99.9", "999"), ("7", "70"), ("55", "550"), ("99.95", "1000"), ("0.1", "1")]
    {
        assert_eq!(shown(Function::Pct, percent, &thousand.join(" ")), expected, "{percent}");
    }
}

#[test]
fn a_histogram_has_ranges_of_equal_width() {
    assert_eq!(shown(Function::Histogram, "2", "100 300 1100"), r#"{"100":2,"600":1}"#);
    assert_eq!(shown(Function::Histogram, "4", "0 1 2 8 8"), r#"{"0":2,"2":1,"4":0,"6":2}"#);
    assert_eq!(shown(Function::Histogram, "4", "5 5"), r#"{"5":2}"#);
    assert_eq!(shown(Function::Histogram, "2", "0 0.00002"), r#"{"0":1,"0.00001":1}"#);
    let extremes = result(spec(Function::Histogram, "2"), &[num(f64::MIN), num(f64::MAX)]);
    let Value::Map(extremes) = extremes else { panic!("a map") };
    assert_eq!(extremes.entries().len(), 2);
    assert!(extremes.entries().iter().all(|(_, count)| count.number() == Some(1.0)));
}

#[test]
fn beyond_the_limit_counts_are_close_and_cuts_do_not_matter() {
    let count = |texts: std::ops::Range<usize>| {
        let mut accumulator = spec(Function::CountDistinct, "1").start();
        texts.for_each(|number| accumulator.add(&text(&format!("arn:aws:iam::{number}")), None));
        accumulator
    };
    assert_eq!(count(0..EXACT_DISTINCT).finish().number(), Some(EXACT_DISTINCT as f64));
    let all = 2 * EXACT_DISTINCT;
    let whole = count(0..all).finish().number().unwrap();
    // Four standard errors.
    assert!((whole / all as f64 - 1.0).abs() < 4.0 * 0.0082, "{whole}");
    for cut in [1_000, 150_000] {
        // The parts overlap.
        let mut parts = count(0..cut);
        parts.merge(count(cut / 2..all));
        assert_eq!(parts.finish().number(), Some(whole), "{cut}");
    }
}

#[test]
fn beyond_the_limit_percentiles_are_close_and_cuts_do_not_matter() {
    let sample = |numbers: std::ops::Range<usize>| {
        let mut accumulator = spec(Function::Pct, "90").start();
        numbers.for_each(|number| accumulator.add(&num(number as f64 * 0.7 - 1000.0), None));
        accumulator
    };
    // The rank is 90 % of as many; numbers count from 0.
    let exact = |count: usize| (count as f64 * 0.9 - 1.0) * 0.7 - 1000.0;
    assert_eq!(sample(0..EXACT_SAMPLE).finish().number(), Some(exact(EXACT_SAMPLE)));
    let all = 3 * EXACT_SAMPLE;
    let whole = sample(0..all).finish().number().unwrap();
    assert!((whole / exact(all) - 1.0).abs() <= 1.0 / 512.0, "{whole}");
    for cut in [1_000, 90_000, 150_000, 250_000] {
        let mut parts = sample(0..cut);
        parts.merge(sample(cut..all));
        assert_eq!(parts.finish().number(), Some(whole), "{cut}");
    }
}

#[test]
fn a_sketch_of_small_whole_numbers_is_exact() {
    let mut low = spec(Function::Pct, "1").start();
    let mut high = spec(Function::Pct, "99").start();
    let mut histogram = spec(Function::Histogram, "2").start();
    for at in 0..EXACT_SAMPLE * 2 {
        let value = num((at % 401) as f64 - 200.0);
        for accumulator in [&mut low, &mut high, &mut histogram] {
            accumulator.add(&value, None);
        }
    }
    // Of 401 values in turn, the fifth smallest is the first at which 1 % is reached.
    assert_eq!(low.finish().number(), Some(-196.0));
    assert_eq!(high.finish().number(), Some(196.0));
    let Value::Map(histogram) = histogram.finish() else { panic!("a map") };
    let counts: Vec<_> = histogram.entries().iter().map(|(_, count)| count.number().unwrap()).collect();
    assert_eq!(counts.iter().sum::<f64>(), EXACT_SAMPLE as f64 * 2.0);
}

#[test]
fn bad_arguments_are_named() {
    let prepare = |function, literals: &[Option<Value<'static>>]| {
        AggregateSpec::prepare(function, literals, &[None, None]).unwrap_err()
    };
    let bad = prepare(Function::Pct, &[None, Some(text("101"))]);
    assert_eq!(
        (bad.argument, &*bad.message),
        (1, "the percentile of `pct` must be a number from 0 to 100, not `101`")
    );
    assert_eq!(prepare(Function::Pct, &[None, None]).argument, 1);
    for k in ["0", "10001", "1.5", "x"] {
        assert_eq!(prepare(Function::TopK, &[Some(text(k)), None]).argument, 0, "{k}");
        assert_eq!(prepare(Function::Histogram, &[None, Some(text(k))]).argument, 1, "{k}");
    }
    assert_eq!(prepare(Function::Rate, &[]).argument, 1);
    let no_time = AggregateSpec::prepare(Function::Rate, &[], &[None, Some(period(0, PeriodUnit::Hour))]);
    assert!(no_time.is_err());
    assert_eq!(prepare(Function::Abs, &[]).message, "`abs` is no aggregate");
}

#[test]
fn every_aggregate_function_and_no_other_can_be_prepared() {
    for signature in FUNCTIONS {
        let literals = [Some(text("5")), Some(text("5"))];
        let periods = [None, Some(period(1, PeriodUnit::Minute))];
        let prepared = AggregateSpec::prepare(signature.function, &literals, &periods);
        assert_eq!(prepared.is_ok(), signature.aggregate, "{}", signature.name);
    }
}

#[test]
fn only_values_in_time_need_it() {
    let needing: HashSet<Function> = FUNCTIONS
        .iter()
        .filter(|signature| signature.aggregate && spec(signature.function, "1").needs_time())
        .map(|signature| signature.function)
        .collect();
    assert_eq!(needing, HashSet::from([Function::Earliest, Function::Latest, Function::Rate]));
    assert_eq!(spec(Function::TopK, "1").input(), 1);
    assert_eq!(spec(Function::Pct, "1").input(), 0);
}

#[test]
fn footprints_grow_with_what_is_kept() {
    for function in [Function::CountDistinct, Function::Values, Function::TopK, Function::Pct] {
        let mut accumulator = spec(function, "5").start();
        let empty = accumulator.footprint();
        for number in 0..1_000 {
            accumulator.add(&text(&format!("{number}")), None);
        }
        assert!(accumulator.footprint() >= empty + 8 * 1_000, "{function:?}");
    }
    let mut sum = spec(Function::Sum, "1").start();
    for number in 0..1_000 {
        sum.add(&num(f64::from(number) + 0.1), None);
    }
    assert!(sum.footprint() < 500);
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let spelled = ["0", "-0", "01", "1", "1.0", "1.50", "x", "i-10", "i-9", "1e3", "true", ""];
    prop_oneof![
        3 => (-50_i32..50).prop_map(|number| num(number.into())),
        2 => (-1e6..1e6).prop_map(num),
        2 => any_finite().prop_map(num),
        3 => prop::sample::select(spelled.to_vec()).prop_map(text),
        1 => prop::sample::select(spelled.to_vec())
            .prop_map(|spelling| Number::spelled(spelling).map_or(Value::Missing, Value::Number)),
        1 => (0_i64..5).prop_map(|time| Value::Time(EpochMillis(time))),
        1 => Just(Value::Missing),
    ]
}

fn any_finite() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |number| number.is_finite())
}

fn any_event() -> impl Strategy<Value = Event> {
    (any_value(), prop::option::weighted(0.9, 0_i64..20).prop_map(|time| time.map(EpochMillis)))
}

/// The parts merged two by two, and these again.
fn merged_as_a_tree(mut parts: Vec<Accumulator>) -> Accumulator {
    while parts.len() > 1 {
        let mut pairs = Vec::new();
        let mut rest = parts.into_iter();
        while let Some(mut first) = rest.next() {
            if let Some(second) = rest.next() {
                first.merge(second);
            }
            pairs.push(first);
        }
        parts = pairs;
    }
    parts.pop().unwrap()
}

fn at_unit(number: f64) -> BigInt {
    // Every number is a whole multiple of 2^-1074.
    let bits = number.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let fraction = bits & 0xf_ffff_ffff_ffff;
    let magnitude = match exponent {
        0 => BigInt::from(fraction),
        _ => BigInt::from(fraction + (1 << 52)) * BigInt::from(2).pow(exponent as u32 - 1),
    };
    if number < 0.0 { -magnitude } else { magnitude }
}

/// Whether no number is nearer to `dividend / divisor` units than `found`.
fn is_nearest(found: f64, dividend: &BigInt, divisor: &BigInt) -> bool {
    let distance = |number: f64| (at_unit(number) * divisor - dividend).magnitude().clone();
    let own = distance(found);
    [found.next_up(), found.next_down()].into_iter().all(|other| !other.is_finite() || own <= distance(other))
}

proptest! {
    #[test]
    fn no_cut_of_the_input_changes_a_result(
        events in prop::collection::vec(any_event(), 0..60),
        cuts in prop::collection::vec(0_usize..60, 0..6),
        literal in 1_u32..100,
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(events.len())).collect();
        cuts.extend([0, events.len()]);
        cuts.sort_unstable();
        for signature in FUNCTIONS.iter().filter(|signature| signature.aggregate) {
            let spec = spec(signature.function, &literal.to_string());
            let once = format!("{:?}", accumulated(spec, &events).finish());
            let parts: Vec<Accumulator> =
                cuts.windows(2).map(|cut| accumulated(spec, &events[cut[0]..cut[1]])).collect();
            let mut in_line = spec.start();
            parts.iter().cloned().for_each(|part| in_line.merge(part));
            prop_assert_eq!(&format!("{:?}", in_line.finish()), &once, "{}", signature.name);
            let tree = merged_as_a_tree(parts);
            prop_assert_eq!(&format!("{:?}", tree.finish()), &once, "{}", signature.name);
        }
    }

    #[test]
    fn sums_means_and_deviations_are_the_nearest(
        numbers in prop::collection::vec(prop_oneof![any_finite(), -1e3..1e3, (-9_i32..9).prop_map(f64::from)], 1..20),
    ) {
        let values: Vec<_> = numbers.iter().copied().map(num).collect();
        let of = |function| result(spec(function, "1"), &values).number();
        let count = BigInt::from(numbers.len());
        let sum: BigInt = numbers.iter().copied().map(at_unit).sum();
        let squares: BigInt = numbers.iter().map(|&number| at_unit(number).pow(2)).sum();
        let numerator = &count * squares - &sum * &sum;
        let unit = BigInt::from(2).pow(1074);
        if let Some(found) = of(Function::Sum) {
            prop_assert!(is_nearest(found, &sum, &BigInt::from(1)), "sum {found}");
        }
        if let Some(found) = of(Function::Avg) {
            prop_assert!(is_nearest(found, &sum, &count), "avg {found}");
        }
        if let Some(found) = of(Function::Variance) {
            prop_assert!(is_nearest(found, &numerator, &(&count * &count * unit)), "variance {found}");
        }
        if let Some(found) = of(Function::StdDev) {
            // The root lies between the middles of the way to either neighbour.
            let four_times = numerator * 4;
            let middle = |other: f64| (&count * (at_unit(found) + at_unit(other))).pow(2);
            prop_assert!(four_times <= middle(found.next_up()), "stddev {found}");
            prop_assert!(found == 0.0 || middle(found.next_down()) <= four_times, "stddev {found}");
        }
    }

    #[test]
    fn percentiles_are_of_nearest_rank(
        numbers in prop::collection::vec(-20_i32..20, 1..50),
        percent in 0_u32..=100,
    ) {
        let values: Vec<_> = numbers.iter().map(|&number| num(number.into())).collect();
        let found = result(spec(Function::Pct, &percent.to_string()), &values).number().unwrap();
        let reached = |limit: i32| {
            let below = numbers.iter().filter(|&&number| number <= limit).count();
            100 * below >= percent as usize * numbers.len()
        };
        let expected = numbers.iter().copied().filter(|&number| reached(number)).min().unwrap();
        prop_assert_eq!(found, f64::from(expected));
    }
}
