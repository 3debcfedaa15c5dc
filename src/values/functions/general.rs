//! Functions on values of any kind, and on the query itself (`spec/logs-insights.md` 3.3).

use super::Clock;
use crate::values::value::Value;

/// The first that is there.
pub(super) fn coalesce<'e>(arguments: &[Value<'e>]) -> Value<'e> {
    arguments.iter().find(|argument| !argument.is_missing()).cloned().unwrap_or_default()
}

/// `if` and `case`: pairs of condition and value, then perhaps a value for when no condition holds.
pub(super) fn choose<'e>(arguments: &[Value<'e>]) -> Value<'e> {
    let (branches, default) = arguments.as_chunks::<2>();
    let chosen = branches.iter().find(|[condition, _]| condition.truthy()).map(|[_, value]| value);
    chosen.or(default.first()).cloned().unwrap_or_default()
}

pub(super) fn is_numeric(value: &Value<'_>) -> Value<'static> {
    match value.is_missing() || value.is_container() {
        true => Value::Missing,
        false => Value::bool(value.number().is_some()),
    }
}

/// What `pick` makes of the window's bounds, in milliseconds.
pub(super) fn window(clock: &Clock, pick: impl FnOnce(i64, i64) -> i64) -> Value<'static> {
    clock.window.map_or(Value::Missing, |(start, end)| Value::number_of(pick(start.0, end.0) as f64))
}

#[cfg(test)]
mod tests {
    use super::super::ScalarCall;
    use super::super::testing::{CLOCK, call, number, text};
    use super::*;
    use crate::syntax::logs::Function;

    #[test]
    fn presence() {
        assert_eq!(call("ispresent", &[text("AccessDenied")]).as_deref(), Some("1"));
        assert_eq!(call("ispresent", &[text("")]).as_deref(), Some("1"));
        assert_eq!(call("ispresent", &[Value::Missing]).as_deref(), Some("0"));
        assert_eq!(call("coalesce", &[Value::Missing, text("-")]).as_deref(), Some("-"));
        assert_eq!(call("coalesce", &[text(""), text("-")]).as_deref(), Some(""));
        assert_eq!(call("coalesce", &[Value::Missing]), None);
    }

    #[test]
    fn choices() {
        assert_eq!(call("if", &[number(1.0), text("y"), text("n")]).as_deref(), Some("y"));
        assert_eq!(call("if", &[Value::Missing, text("y"), text("n")]).as_deref(), Some("n"));
        let case = [number(0.0), text("a"), number(1.0), text("b")];
        assert_eq!(call("case", &case).as_deref(), Some("b"));
        assert_eq!(call("case", &case[..2]), None);
        assert_eq!(call("case", &case[..3]).as_deref(), Some("1"));
    }

    #[test]
    fn what_is_numeric() {
        assert_eq!(call("isNumeric", &[text("1e3")]).as_deref(), Some("1"));
        assert_eq!(call("isNumeric", &[text("1x")]).as_deref(), Some("0"));
        assert_eq!(call("isNumeric", &[number(1.0)]).as_deref(), Some("1"));
        assert_eq!(call("isNumeric", &[Value::Missing]), None);
        assert_eq!(call("messageSize", &[text("\u{e9}")]).as_deref(), Some("2"));
        assert_eq!(call("messageSize", &[Value::Missing]), None);
        assert_eq!(call("unmask", &[text("x")]).as_deref(), Some("x"));
    }

    #[test]
    fn the_window_and_the_start() {
        assert_eq!(call("queryStartTime", &[]).as_deref(), Some("1772359200000"));
        assert_eq!(call("queryEndTime", &[]).as_deref(), Some("1772362800000"));
        assert_eq!(call("queryTimeRange", &[]).as_deref(), Some("3600000"));
        assert_eq!(call("now", &[]).as_deref(), Some("1772359620"));
        let clock = Clock { window: None, ..CLOCK };
        let range = ScalarCall::prepare(Function::QueryTimeRange, &[], &[]).unwrap();
        assert!(range.call(&[], &clock).is_missing());
    }
}
