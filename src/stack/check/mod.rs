//! Whether a stack fits the service's requests and itself; what fits is compiled on the way.

mod alarms;
mod dashboards;
mod data;
mod detectors;
mod filters;
mod metrics;
pub(crate) mod namespaces;
mod queries;
mod recorded;
mod references;
mod rules;
mod selectors;
mod texts;
mod trail;
mod widgets;

pub(crate) use rules::RULES;

use std::collections::BTreeMap;

use super::{CheckedStack, MetricFilter, Places, Stack, StackFile, Text, codes};
use crate::check::{self, Language, Records};
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
        self.check_in(&StackFile(source), &StackOptions::default())
    }

    /// The same of definitions that were read from any file, against these options.
    pub fn check_in(&self, places: &dyn Places, options: &StackOptions) -> Parsed<CheckedStack> {
        let mut checker =
            Checker { places, stack: self, options, texts: self.texts(options), found: Vec::new() };
        checker.trail();
        let filters = checker.filters();
        checker.recorded(&filters);
        let detectors = checker.detectors();
        let alarms = checker.alarms();
        let logs_queries = checker.logs_queries();
        let metric_queries = checker.metric_queries();
        let dashboards = checker.dashboards();
        let mut found = std::mem::take(&mut checker.found);
        let context = rules::Context {
            stack: self,
            places,
            texts: &checker.texts,
            other_texts: &options.texts,
            extent: options.extent,
            filters: &filters,
            detectors: &detectors,
            alarms: &alarms,
            metric_queries: &metric_queries,
            dashboards: &dashboards,
        };
        rules::check(&context, &mut found);
        found.sort_by_key(Diagnostic::span);
        let ast = (!found.iter().any(Diagnostic::is_error)).then(|| CheckedStack {
            definition: self.clone(),
            name: self.name.as_ref().map(|name| name.value.clone()),
            description: self.description.as_ref().map(|text| text.value.clone()),
            log_group: self.log_group.as_ref().map(|group| group.log_group_name.value.clone()),
            filters: checked(filters),
            detectors: checked(detectors),
            alarms: checked(alarms),
            logs_queries,
            metric_queries: checked(metric_queries),
        });
        Parsed { ast, diagnostics: found }
    }

    /// What patterns and queries on the stack's own log group are checked against: where there is a trail, its records.
    fn texts(&self, options: &StackOptions) -> check::Options {
        let mut texts = options.texts.clone();
        if self.trail.is_some() && texts.records == Records::Auto {
            texts.records = Records::CloudTrail;
        }
        texts
    }
}

/// What a stack is checked against.
#[derive(Clone, Debug, Default)]
pub struct StackOptions {
    /// What its patterns and queries are checked against.
    pub texts: check::Options,
    /// Whether the definitions are all there are.
    pub extent: Extent,
    /// Whether patterns and queries were checked by themselves before, so that only what definitions say beside one another is
    /// left to be said.
    pub are_texts_checked: bool,
}

/// Whether definitions are all there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Extent {
    /// All of them: what is not there is nowhere.
    #[default]
    Whole,
    /// Some of them, as in one file of several: nothing is said of what is missing.
    Part,
    /// Some of them, whole where they meet: of a metric that one of the filters emits all filters are there, and the trail
    /// is the only one that delivers to its log group. Nothing is said of what is missing.
    Joined,
}

/// A definition as it is written, and what comes of it.
type Defined<'s, Written, Checked> = (&'s Written, Checked);

fn checked<Written, Checked>(defined: Vec<Defined<'_, Written, Checked>>) -> Vec<Checked> {
    defined.into_iter().map(|(_, checked)| checked).collect()
}

/// Gathers what is found.
struct Checker<'s> {
    places: &'s dyn Places,
    stack: &'s Stack,
    options: &'s StackOptions,
    /// What texts on the stack's own log group are checked against.
    texts: check::Options,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn say(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.say(Diagnostic::error(code, span, message));
    }

    /// Whether the definitions are all there are.
    fn is_whole(&self) -> bool {
        self.options.extent == Extent::Whole
    }

    /// Whether a metric that a filter emits comes from these filters alone, and the trail's log group from this trail.
    fn is_joined(&self) -> bool {
        self.options.extent != Extent::Part
    }

    /// What the pattern of a filter is checked against.
    fn texts_of(&self, filter: &MetricFilter) -> &check::Options {
        if filter.log_group_name.is_none() { &self.texts } else { &self.options.texts }
    }

    /// What is to be said of a text by itself, where nobody said it before.
    fn said_of(&self, text: &str, language: Language, options: &check::Options) -> Vec<Diagnostic> {
        if self.options.are_texts_checked { Vec::new() } else { check::check(text, language, options) }
    }

    /// Findings about a text in the file, at their places in the file.
    fn lift(&mut self, text: &Text, findings: impl IntoIterator<Item = Diagnostic>) {
        for finding in findings {
            self.say(self.places.lift(text, finding));
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
