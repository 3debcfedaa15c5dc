//! Whether a stack fits the service's requests and itself; what fits is compiled on the way.

mod alarms;
mod dashboards;
mod data;
mod detectors;
mod filters;
mod metrics;
mod queries;
mod references;
mod selectors;
mod texts;
mod trail;

use std::collections::BTreeMap;

use super::quoted::Quoted;
use super::{CheckedStack, Stack, Text, codes};
use crate::diagnostic::{Code, Diagnostic};
use crate::{Parsed, Span};

impl Stack {
    /// The stack with everything in it compiled, if nothing in it is refused; and what was found on the way, at its place
    /// in `source`, the text that the stack was read from.
    ///
    /// ```
    /// use trailql::stack::Stack;
    ///
    /// let source = r#"
    ///     [[metricFilters]]
    ///     filterName = "downloads"
    ///     filterPattern = '{ $.eventName == GetObject }'
    ///     metricTransformations = [{ metricNamespace = "trail", metricName = "downloads", metricValue = "1" }]
    /// "#;
    /// let checked = Stack::parse(source)?.check(source);
    /// assert!(checked.ast.is_none());
    /// assert_eq!(checked.diagnostics[0].span().slice(source), "==", "a place in the file");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn check(&self, source: &str) -> Parsed<CheckedStack> {
        let mut checker = Checker { source, stack: self, found: Vec::new() };
        checker.trail();
        let filters = checker.filters();
        let detectors = checker.detectors();
        let alarms = checker.alarms();
        let logs_queries = checker.logs_queries();
        let metric_queries = checker.metric_queries();
        checker.dashboards();
        let mut found = std::mem::take(&mut checker.found);
        found.sort_by_key(Diagnostic::span);
        let ast = (!found.iter().any(Diagnostic::is_error)).then(|| CheckedStack {
            name: self.name.as_ref().map(|name| name.value.clone()),
            description: self.description.as_ref().map(|text| text.value.clone()),
            log_group: self.log_group.as_ref().map(|group| group.log_group_name.value.clone()),
            filters,
            detectors,
            alarms,
            logs_queries,
            metric_queries,
        });
        Parsed { ast, diagnostics: found }
    }
}

/// Gathers what is found.
struct Checker<'s> {
    source: &'s str,
    stack: &'s Stack,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn say(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.say(Diagnostic::error(code, span, message));
    }

    /// Findings about a text in the file, at their places in the file.
    fn lift(&mut self, text: &Text, findings: impl IntoIterator<Item = Diagnostic>) {
        let quoted = Quoted::at(self.source, text.span, text);
        for finding in findings {
            self.say(match &quoted {
                Some(quoted) => quoted.lift(finding),
                None => at(text.span, finding),
            });
        }
    }

    /// Names that stand twice.
    fn distinct<'t>(&mut self, what: &str, names: impl IntoIterator<Item = &'t Text>) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names {
            match seen.get(name.as_str()) {
                Some(first) => {
                    let message = format!("there are two {what} called `{name}`");
                    let finding = Diagnostic::error(codes::DUPLICATE, name.span, message);
                    self.say(finding.also(*first, "the first").help("give each a name of its own"));
                }
                None => {
                    seen.insert(name.as_str(), name.span);
                }
            }
        }
    }
}

/// A finding about a text whose inside cannot be pointed at.
fn at(span: Span, mut finding: Diagnostic) -> Diagnostic {
    finding.labels.truncate(1);
    for label in &mut finding.labels {
        label.span = span;
    }
    Diagnostic { fix: None, ..finding }
}
