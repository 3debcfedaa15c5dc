//! Reasons in the service's words: `StateReason`. Which wordings are recorded and which are ours is in `grammar.md`.

use super::definition::{AlarmDefinition, Comparison};
use super::evaluate::{Decision, PointState};
use super::lanes::Slot;
use super::number::{double, short_time};
use super::settings::{AlarmState, BandOperator, StaticOperator, TreatMissingData};

/// Why a contributor that the query no longer returns is `OK`.
pub(super) const NO_LONGER_RETURNED: &str = "No data was returned for this contributor";

/// Beyond so many contributors in `ALARM` they are not counted.
const COUNTED_CONTRIBUTORS: usize = 100;

/// Why a decision over these periods, newest first, came to a new state.
pub(super) fn of_decision(definition: &AlarmDefinition, decision: &Decision, slots: &[Slot]) -> String {
    let periods = definition.rule().evaluation_periods();
    let is_alarm = match decision.state {
        AlarmState::InsufficientData => {
            return format!("Insufficient Data: {} unknown.", datapoints(periods, ""));
        }
        AlarmState::Alarm => true,
        AlarmState::Ok => false,
    };
    let wanted = if is_alarm { PointState::Breaching } else { PointState::NotBreaching };
    let fitting: Vec<_> = slots.iter().filter(|slot| slot.state == wanted).collect();
    let filled = filled(definition.rule().treat_missing_data(), decision.missing);
    let Ok(count @ 1..) = u32::try_from(fitting.len()) else {
        let plural = if periods == 1 { "" } else { "s" };
        let received = datapoints(decision.datapoints, "");
        return format!("Threshold Crossed: {received} received for {periods} period{plural}{filled}.");
    };
    let values: Vec<_> = fitting.iter().map(|slot| point(slot)).collect();
    let values = format!(" [{}]", values.join(", "));
    let is_set = definition.is_datapoints_to_alarm_set();
    let counted = match is_set {
        true => {
            let verb = if count == 1 { "was" } else { "were" };
            format!("{count} out of the last {periods} datapoints{values} {verb}")
        }
        false => datapoints(count, &values),
    };
    let heading = match definition.comparison() {
        Comparison::Static { .. } => "Threshold Crossed",
        Comparison::Band { .. } => "Thresholds Crossed",
    };
    let comparison = comparison(definition.comparison(), is_alarm, &fitting);
    let minimum = if is_set { minimum(definition, is_alarm) } else { String::new() };
    format!("{heading}: {counted} {comparison}{filled}{minimum}.")
}

/// Why an alarm on a grouped query is in a state.
pub(super) fn of_contributors(state: AlarmState, in_state: usize, returned: usize) -> String {
    match state {
        AlarmState::Alarm if in_state > COUNTED_CONTRIBUTORS => {
            format!("{COUNTED_CONTRIBUTORS}+ time series evaluated to ALARM")
        }
        AlarmState::Alarm => format!("{in_state} out of {returned} time series evaluated to ALARM"),
        AlarmState::Ok | AlarmState::InsufficientData => {
            format!("{in_state} time series evaluated to {state}")
        }
    }
}

/// Why an alarm on a grouped query is in a state when nothing was returned.
pub(super) fn of_empty_result(treat_missing_data: TreatMissingData) -> String {
    let treatment = treatment(treat_missing_data);
    format!("No time series were returned by the query. Treat missing data is configured as [{treatment}].")
}

/// `1 datapoint was`, `no datapoints were`, `2 datapoints [2.0 (…), 1.0 (…)] were`
fn datapoints(count: u32, values: &str) -> String {
    match count {
        0 => format!("no datapoints{values} were"),
        1 => format!("1 datapoint{values} was"),
        _ => format!("{count} datapoints{values} were"),
    }
}

/// `32.6 (03/07/25 08:29:00)`
fn point(slot: &Slot) -> String {
    let value = slot.datapoint.value.map(double).unwrap_or_default();
    format!("{value} ({})", short_time(slot.bucket.start))
}

/// ` and 2 missing datapoints were treated as [Breaching]`, where they were.
fn filled(treat_missing_data: TreatMissingData, missing: u32) -> String {
    let is_filled =
        matches!(treat_missing_data, TreatMissingData::Breaching | TreatMissingData::NotBreaching);
    let treatment = treatment(treat_missing_data);
    match missing {
        1.. if !is_filled => String::new(),
        0 => String::new(),
        1 => format!(" and 1 missing datapoint was treated as [{treatment}]"),
        _ => format!(" and {missing} missing datapoints were treated as [{treatment}]"),
    }
}

fn treatment(treat_missing_data: TreatMissingData) -> &'static str {
    match treat_missing_data {
        TreatMissingData::Missing => "Missing",
        TreatMissingData::Ignore => "Ignore",
        TreatMissingData::Breaching => "Breaching",
        TreatMissingData::NotBreaching => "NonBreaching",
    }
}

/// `greater than the threshold (31.0)`, with `not` where nothing breaches.
fn comparison(comparison: &Comparison, is_alarm: bool, fitting: &[&Slot]) -> String {
    let not = if is_alarm { "" } else { "not " };
    let (operator, threshold) = match comparison {
        Comparison::Band { operator, .. } => return of_band(*operator, not, fitting),
        Comparison::Static { operator, threshold } => (*operator, double(*threshold)),
    };
    let words = match operator {
        StaticOperator::GreaterThanOrEqualToThreshold => "greater than or equal to",
        StaticOperator::GreaterThanThreshold => "greater than",
        StaticOperator::LessThanThreshold => "less than",
        StaticOperator::LessThanOrEqualToThreshold => "less than or equal to",
    };
    format!("{not}{words} the threshold ({threshold})")
}

fn of_band(operator: BandOperator, not: &str, fitting: &[&Slot]) -> String {
    let bands = || fitting.iter().filter_map(|slot| slot.datapoint.band);
    let lower = || bands().map(|band| double(band.lower)).collect::<Vec<_>>().join(", ");
    let upper = || bands().map(|band| double(band.upper)).collect::<Vec<_>>().join(", ");
    let lower = operator.sees_lower().then(|| format!("{not}less than the lower thresholds [{}]", lower()));
    let upper =
        operator.sees_upper().then(|| format!("{not}greater than the upper thresholds [{}]", upper()));
    [lower, upper].into_iter().flatten().collect::<Vec<_>>().join(" or ")
}

/// ` (minimum 1 datapoint for OK -> ALARM transition)`: M, or as many as leave no room for M.
fn minimum(definition: &AlarmDefinition, is_alarm: bool) -> String {
    let rule = definition.rule();
    let (least, transition) = match is_alarm {
        true => (rule.datapoints_to_alarm(), "OK -> ALARM"),
        false => (rule.evaluation_periods() - rule.datapoints_to_alarm() + 1, "ALARM -> OK"),
    };
    let plural = if least == 1 { "" } else { "s" };
    format!(" (minimum {least} datapoint{plural} for {transition} transition)")
}
