//! Namespaces that no filter emits into, where another one is probably meant.

use super::Extent;
use crate::diagnostic::Diagnostic;
use crate::stack::places::rewritten;
use crate::stack::{MetricTransformationEntry, Places, Stack, Text, codes};
use crate::syntax::metrics::Identifier;
use crate::{Fix, MetricsQuery, Span};

/// Where the service keeps the metrics of its own.
const OF_AWS: &str = "AWS/";

/// Names of fewer letters differ in one of them on purpose: `prod`, `prd`.
const SHORTEST: usize = 5;

/// The metric of a filter that is probably meant by one of a namespace that no filter emits into.
pub(super) struct Meant<'s> {
    pub(super) entry: &'s MetricTransformationEntry,
    /// Whether the two namespaces are the same but for slips.
    is_slip: bool,
}

impl<'s> Meant<'s> {
    /// A metric of the same name may as well be that of somebody else, if something watches the filter's own.
    pub(super) fn by(stack: &'s Stack, extent: Extent, namespace: &str, name: &str) -> Option<Self> {
        if namespace.starts_with(OF_AWS) || stack.emitted().any(|entry| *entry.metric_namespace == namespace)
        {
            return None;
        }
        let named = || stack.emitted().filter(|entry| *entry.metric_name == name);
        if let Some(entry) = named().find(|entry| is_slip(namespace, &entry.metric_namespace)) {
            return (extent != Extent::Part).then_some(Meant { entry, is_slip: true });
        }
        let entry = named().find(|entry| !is_watched(stack, entry));
        entry.filter(|_| extent == Extent::Whole).map(|entry| Meant { entry, is_slip: false })
    }

    fn finding(&self, namespace: &str, span: Span) -> Diagnostic {
        let MetricTransformationEntry { metric_namespace, metric_name, .. } = self.entry;
        let message = format!(
            "no metric filter of the stack emits into `{namespace}`; `{metric_name}` goes into `{metric_namespace}`"
        );
        let finding = Diagnostic::warning(codes::NO_SUCH_METRIC, span, message);
        finding.help(format!("write `{metric_namespace}` if that metric is meant"))
    }
}

fn is_watched(stack: &Stack, entry: &MetricTransformationEntry) -> bool {
    let alarms = stack.alarms.iter().flat_map(|alarm| alarm.reads());
    let detectors = stack.anomaly_detectors.iter().flat_map(|detector| detector.reads());
    let is_read = alarms
        .chain(detectors)
        .any(|(namespace, name)| *entry.metric_namespace == namespace && *entry.metric_name == name);
    let mut drawn = stack.dashboards.iter().map(|dashboard| &dashboard.dashboard_body);
    is_read
        || drawn.any(|body| {
            body.contains(entry.metric_namespace.as_str()) && body.contains(entry.metric_name.as_str())
        })
}

/// Whether one namespace is the other but for slips: other signs between its words, the case of letters, a letter in a long
/// word. Names that are told apart by a number, by a short word or by more letters are names of two things.
fn is_slip(written: &str, known: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (written, known) = (words(written), words(known));
    written.len() == known.len() && written.iter().zip(&known).all(|(one, other)| is_nearly(one, other))
}

fn is_nearly(written: &str, known: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shortest = written.chars().count().min(known.chars().count());
    let is_near = || digits(written) == digits(known) && strsim::osa_distance(written, known) <= 1;
    written == known || shortest >= SHORTEST && is_near()
}

/// What is to be said of a metric that is read of a namespace in place of another one.
pub(crate) fn of_metric(
    stack: &Stack,
    extent: Extent,
    places: &dyn Places,
    namespace: &Text,
    name: &str,
) -> Option<Diagnostic> {
    let meant = Meant::by(stack, extent, namespace, name)?;
    let finding = meant.finding(namespace, namespace.span);
    Some(match meant.is_slip {
        true => rewritten(places, namespace, &meant.entry.metric_namespace, finding),
        false => finding,
    })
}

/// The same of a query, at a place in its text.
pub(crate) fn of_query(stack: &Stack, extent: Extent, query: &MetricsQuery) -> Option<Diagnostic> {
    let namespace = &query.from.namespace;
    let written = |meant: &str| Identifier::new(meant).to_string();
    in_text(stack, extent, (&namespace.name, &query.select.metric.name), namespace.span.0, written)
}

/// The same of a namespace at a place in a text, where one is written like this.
pub(super) fn in_text(
    stack: &Stack,
    extent: Extent,
    (namespace, name): (&str, &str),
    span: Span,
    written: impl FnOnce(&str) -> String,
) -> Option<Diagnostic> {
    let meant = Meant::by(stack, extent, namespace, name)?;
    let finding = meant.finding(namespace, span);
    if !meant.is_slip {
        return Some(finding);
    }
    let written = written(&meant.entry.metric_namespace);
    let title = format!("write `{written}`");
    Some(finding.help(title.clone()).fix(Fix::replace(title, span, written)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leaves_the_words_apart_from_case_signs_and_letters_of_long_words() {
        for (written, known) in [
            ("Trail/downloads", "trail/downloads"),
            ("trail.downloads", "trail/downloads"),
            ("trail/downlods", "trail/downloads"),
            ("CloudTrailMetrcis", "CloudTrailMetrics"),
        ] {
            assert!(is_slip(written, known), "{written}");
        }
        for (written, known) in [
            ("team-a", "team-b"),
            ("prod", "prd"),
            ("service1", "service2"),
            ("trail", "trail/downloads"),
            ("App", "Trail"),
            ("Web/external", "Web/internal"),
            ("Jobs/exporter", "Jobs/importer"),
        ] {
            assert!(!is_slip(written, known), "{written}");
        }
    }
}
