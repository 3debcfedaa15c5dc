//! Stack files: the texts in them, and what is to be said of the stack as a whole.

use crate::Diagnostic;
use crate::check::Language;
use crate::stack::quoted::Quoted;
use crate::stack::{self, MetricDataQuery, Stack};
use crate::syntax::Expression;

use super::spelling::Layer;
use super::text::Text;
use super::{Embedded, Extracted, dashboard};

/// The texts of a stack file; what is wrong with its shape.
pub(super) fn extract(file: &str) -> Extracted {
    let parsed = Stack::parse_lossy(file);
    let mut extracted = Extracted { diagnostics: parsed.diagnostics, embedded: Vec::new() };
    let Some(stack) = parsed.ast else { return extracted };
    let mut texts = Texts { file, found: &mut extracted.embedded };
    for filter in &stack.metric_filters {
        texts.add(Language::FilterPattern, &filter.filter_name, &filter.filter_pattern);
    }
    for alarm in &stack.alarms {
        texts.expressions(&alarm.alarm_name, &alarm.metrics);
    }
    for detector in &stack.anomaly_detectors {
        if let Some(math) = &detector.metric_math_anomaly_detector {
            texts.expressions("", &math.metric_data_queries);
        }
    }
    for query in &stack.query_definitions {
        let is_insights = query.query_language.as_ref().is_none_or(|language| language.as_str() == "CWLI");
        // With parameters the text is not yet a query.
        if is_insights && query.parameters.is_empty() {
            texts.add(Language::LogsInsights, &query.name, &query.query_string);
        }
    }
    for query in &stack.metric_query_definitions {
        texts.expression(&query.path, &query.expression);
    }
    for dashboard in &stack.dashboards {
        if let Some(body) = texts.text(&dashboard.dashboard_body) {
            dashboard::extract_text(&dashboard.dashboard_name, &body, texts.found);
        }
    }
    extracted
}

/// What is to be said of the stack as a whole, texts included.
pub(super) fn findings(file: &str) -> Vec<Diagnostic> {
    Stack::parse_lossy(file).ast.map(|stack| stack.check(file).diagnostics).unwrap_or_default()
}

struct Texts<'a> {
    file: &'a str,
    found: &'a mut Vec<Embedded>,
}

impl Texts<'_> {
    fn add(&mut self, language: Language, owner: &str, text: &stack::Text) {
        if let Some(text) = self.text(text) {
            self.found.push(Embedded::new(language, owner, text));
        }
    }

    fn expression(&mut self, owner: &str, text: &stack::Text) {
        let is_query = Expression::is_query(text);
        self.add(if is_query { Language::MetricsInsights } else { Language::MetricMath }, owner, text);
    }

    fn expressions(&mut self, owner: &str, queries: &[MetricDataQuery]) {
        for expression in queries.iter().filter_map(|query| query.expression.as_ref()) {
            self.expression(owner, expression);
        }
    }

    /// A string of the file with the places of its bytes.
    fn text(&self, text: &stack::Text) -> Option<Text> {
        let quoted = Quoted::at(self.file, text.span, text)?;
        let pieces: Vec<_> = quoted.pieces().collect();
        let mut read = Text::spelled(vec![Layer::Toml(quoted.style())]);
        for (index, (start, source, is_verbatim)) in pieces.iter().enumerate() {
            let end = pieces.get(index + 1).map_or(text.len(), |(next, ..)| *next);
            let piece = text.get(*start..end)?;
            if *is_verbatim {
                read.push(piece, source.range().start);
            } else {
                read.push_escape(piece, *source);
            }
        }
        Some(read)
    }
}
