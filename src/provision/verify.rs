//! The service's own evaluation of patterns against ours (`TestMetricFilter`).

use serde_json::{Value, json};

use super::caller::{Caller, Failure, Pause};
use super::{Call, Operation, Services};
use crate::LogEvent;
use crate::stack::{CheckedFilter, CheckedStack};

/// How many events one call takes.
const EVENTS: usize = 50;

/// An event of which the service says one thing and this crate another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The name of the metric filter.
    pub filter: String,
    /// The index of the event.
    pub event: usize,
    /// Whether the service says that it matches.
    pub service: bool,
}

/// Asks the service which events the metric filters of a stack match, and tells where that is not what
/// [`Matcher`](crate::Matcher) says. Empty messages are left out, for the service takes none.
///
/// ```
/// use serde_json::{Value, json};
/// use trailql::provision::{Call, Fault, Services, verify_remote};
/// use trailql::stack::Stack;
///
/// /// A service for which everything matches.
/// struct Everything;
/// impl Services for Everything {
///     fn call(&self, call: &Call) -> Result<Value, Fault> {
///         let events = call.input["logEventMessages"].as_array().unwrap().len();
///         let matches: Vec<Value> = (1..=events).map(|number| json!({ "eventNumber": number })).collect();
///         Ok(json!({ "matches": matches }))
///     }
/// }
/// let source = r#"
/// [logGroup]
/// logGroupName = "trail"
/// [[metricFilters]]
/// filterName = "downloads"
/// filterPattern = '{ $.eventName = GetObject }'
/// metricTransformations = [{ metricNamespace = "trail", metricName = "downloads", metricValue = "1" }]
/// "#;
/// let stack = Stack::parse(source)?.check(source).ast.unwrap();
/// let events = [r#"{"eventName":"GetObject"}"#, r#"{"eventName":"PutObject"}"#];
/// let found = verify_remote(&stack, &events, &Everything, &|_| ())?;
/// assert_eq!((found.len(), found[0].event, found[0].service), (1, 1, true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first call that failed for good.
pub fn verify_remote(
    stack: &CheckedStack,
    messages: &[impl AsRef<str>],
    services: &dyn Services,
    pause: Pause<'_>,
) -> Result<Vec<Disagreement>, Failure> {
    let caller = Caller::new(services, pause);
    let messages: Vec<(usize, &str)> =
        messages.iter().map(AsRef::as_ref).enumerate().filter(|(_, message)| !message.is_empty()).collect();
    let mut found = Vec::new();
    for (filter, written) in stack.filters().iter().zip(&stack.definition().metric_filters) {
        for some in messages.chunks(EVENTS) {
            found.extend(disagreements(&caller, filter, &written.filter_pattern, some)?);
        }
    }
    Ok(found)
}

fn disagreements(
    caller: &Caller<'_>,
    filter: &CheckedFilter,
    pattern: &str,
    messages: &[(usize, &str)],
) -> Result<Vec<Disagreement>, Failure> {
    let texts: Vec<&str> = messages.iter().map(|(_, message)| *message).collect();
    let input = json!({ "filterPattern": pattern, "logEventMessages": texts });
    let answer = caller.call(&Call::new(Operation::TestMetricFilter, input))?;
    let matches = answer.get("matches").and_then(Value::as_array).into_iter().flatten();
    // Events are counted from one.
    let numbers: Vec<u64> = matches.filter_map(|one| one.get("eventNumber")?.as_u64()).collect();
    let says = |index: usize| u64::try_from(index + 1).is_ok_and(|number| numbers.contains(&number));
    let told = messages.iter().enumerate().map(|(index, (event, message))| (*event, *message, says(index)));
    let differs =
        told.filter(|(_, message, service)| filter.matcher.is_match(&LogEvent::new(message)) != *service);
    Ok(differs
        .map(|(event, _, service)| Disagreement { filter: filter.name.clone(), event, service })
        .collect())
}
