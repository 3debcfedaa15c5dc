//! Statistics against values computed by hand, and their texts.

use proptest::prelude::*;

use super::*;

fn of(statistic: &str, values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<ValueCount> = values.iter().map(|value| (*value, 1)).collect();
    sorted.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    statistic.parse::<Statistic>().unwrap().of_values(&sorted)
}

#[test]
fn bounds_of_percent_cut_values_and_those_of_value_do_not() {
    let five = [1.0, 2.0, 3.0, 4.0, 100.0];
    // 4.5 of 5 values are in: 1 + 2 + 3 + 4 + half of 100.
    assert_eq!(of("tc90", &five), Some(4.5));
    assert_eq!(of("ts90", &five), Some(60.0));
    assert_eq!(of("tm90", &five), Some(60.0 / 4.5));
    // From 1.25 to 3.75: three quarters of 2, the 3, three quarters of 4.
    assert_eq!(of("IQM", &five), Some(3.0));
    assert_eq!(of("wm80", &five), Some((1.0 + 2.0 + 3.0 + 4.0 + 4.0) / 5.0));
    assert_eq!(of("WM(20%:80%)", &five), Some((2.0 + 2.0 + 3.0 + 4.0 + 4.0) / 5.0));
    assert_eq!(of("TC(1:4)", &five), Some(3.0), "exclusive below, inclusive above");
    assert_eq!(of("PR(1:4)", &five), Some(60.0));
    assert_eq!(of("TM(4:)", &five), Some(100.0));
    assert_eq!(of("TM(100:)", &five), None, "the mean of nothing");
    assert_eq!(of("TC(100:)", &five), Some(0.0));
    assert_eq!(of("WM(2:50)", &five), Some((2.0 + 2.0 + 3.0 + 4.0 + 50.0) / 5.0));
}

#[test]
fn a_percentile_is_the_value_at_the_nearest_rank() {
    let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
    for (statistic, expected) in [
        ("p0", 1.0),
        ("p1", 1.0),
        ("p1.5", 2.0),
        ("p50", 50.0),
        ("p99", 99.0),
        ("p99.0000000001", 100.0),
        ("p100", 100.0),
    ] {
        assert_eq!(of(statistic, &hundred), Some(expected), "{statistic}");
    }
}

#[test]
fn the_least_number_of_samples_grows_with_the_tail() {
    for (statistic, expected) in [
        ("p99", Some(1_000)),
        ("p50", Some(20)),
        ("p99.9", Some(10_000)),
        ("p10", Some(100)),
        ("p97", Some(334)),
        ("p100", None),
        ("tm99", None),
    ] {
        assert_eq!(statistic.parse::<Statistic>().unwrap().least_samples(), expected, "{statistic}");
    }
}

/// Texts of all forms, right and wrong.
fn texts() -> impl Strategy<Value = String> {
    let number = "[0-9]{1,3}(\\.[0-9]{0,11})?";
    let bound = format!("(|{number}|{number}%|[0-9]{{1,4}}[eE][-+]?[0-9]{{1,2}})");
    let of = |pattern: &str| proptest::string::string_regex(pattern).unwrap();
    prop_oneof![
        of(&format!("(p|tm|tc|ts|wm|P|TM|pr|o|u){number}(_E|_L|_H)?")),
        of(&format!("(TM|TC|TS|WM|PR|tm|XX)\\({bound}:{bound}\\)")),
        of("\\PC{0,60}"),
    ]
}

proptest! {
    #[test]
    fn what_is_parsed_is_printed_and_parsed_again(text in texts()) {
        if let Ok(statistic) = text.parse::<Statistic>() {
            let printed = statistic.to_string();
            prop_assert_eq!(printed.parse::<Statistic>(), Ok(statistic), "{}", printed);
        }
    }

    #[test]
    fn a_way_out_leads_out(text in texts()) {
        if let Err(StatisticError::Misspelled { instead, .. }) = text.parse::<Statistic>() {
            prop_assert!(!matches!(instead.parse::<Statistic>(), Err(StatisticError::Unknown(_))), "{}", instead);
        }
    }
}
