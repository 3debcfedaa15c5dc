//! Periods that the service lowers in silence, and empty ones (`spec/logs-insights.md` 3.4.1).

use crate::syntax::logs::{Command, Period, PeriodUnit, TimeRef, codes};
use crate::{Diagnostic, Fix};

/// Checks the periods of a command that stand outside of expressions.
pub(super) fn command(command: &Command, findings: &mut Vec<Diagnostic>) {
    match command {
        Command::Stats(stats) => findings.extend(stats.offset.as_ref().and_then(cap)),
        Command::Sessionize { maxspan: Some(period), .. } | Command::LogCompare(period) => {
            findings.extend(check(period));
        }
        Command::Source(source) => {
            let times = source.window.iter().flat_map(|(start, end)| [start, end]);
            findings.extend(times.filter_map(|time| match time {
                TimeRef::Ago(period) => cap(period),
                TimeRef::Now => None,
            }));
        }
        _ => {}
    }
}

/// Checks a period that cannot be zero.
pub(super) fn check(period: &Period) -> Option<Diagnostic> {
    if period.count == 0 {
        let message = format!("`{}` is no length of time", spelled(period.count, period.unit));
        let help = format!("write `{}` or more", spelled(1, period.unit));
        return Some(Diagnostic::error(codes::BAD_ARGUMENT, period.span.0, message).label("zero").help(help));
    }
    cap(period)
}

fn cap(period: &Period) -> Option<Diagnostic> {
    let cap = period.unit.cap().filter(|&cap| period.count > cap)?;
    let (written, taken) = (spelled(period.count, period.unit), spelled(cap, period.unit));
    let message = format!("the service takes `{written}` for `{taken}`");
    let found = Diagnostic::warning(codes::PERIOD_CAP, period.span.0, message)
        .label(format!("the largest number before `{}` is {cap}", period.unit.as_str()));
    Some(match exact(period) {
        Some((count, unit)) => {
            let same = spelled(count, unit);
            let fix = Fix::replace(format!("write `{same}`"), period.span.0, same.clone());
            found.help(format!("write `{same}`")).fix(fix)
        }
        None => found.help(format!("write `{taken}` if that will do; no larger unit says `{written}`")),
    })
}

/// The same length in the largest unit up to a day, where it can be said within that unit's cap.
fn exact(period: &Period) -> Option<(u64, PeriodUnit)> {
    const LADDER: [(PeriodUnit, u64, PeriodUnit); 4] = [
        (PeriodUnit::Millisecond, 1000, PeriodUnit::Second),
        (PeriodUnit::Second, 60, PeriodUnit::Minute),
        (PeriodUnit::Minute, 60, PeriodUnit::Hour),
        (PeriodUnit::Hour, 24, PeriodUnit::Day),
    ];
    let (mut count, mut unit) = (period.count, period.unit);
    for (from, ratio, to) in LADDER {
        if unit == from && count.is_multiple_of(ratio) {
            (count, unit) = (count / ratio, to);
        }
    }
    unit.cap().is_none_or(|cap| count <= cap).then_some((count, unit))
}

fn spelled(count: u64, unit: PeriodUnit) -> String {
    format!("{count}{}", unit.as_str())
}
