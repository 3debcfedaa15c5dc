//! Dashboards: the body is JSON, and the expressions in it are checked as those elsewhere (`spec/metrics-insights.md` 7.1).

use serde_json::Value;

use super::Checker;
use super::texts::DASHBOARD;
use crate::diagnostic::Diagnostic;
use crate::listing::listed_names;
use crate::stack::{Dashboard, codes};
use crate::syntax::Expression;
use crate::syntax::logs::ParseOptions as LogsOptions;
use crate::syntax::math::codes::NOT_EVALUATED;
use crate::syntax::math::{MathExpression, MathParseOptions};
use crate::syntax::metrics::ParseOptions;
use crate::{LogsQuery, MetricsQuery};

const TYPES: &[&str] = &["metric", "text", "log", "alarm", "explorer"];
const MOST_WIDGETS: usize = 500;

impl Checker<'_> {
    pub(super) fn dashboards(&mut self) {
        let dashboards = &self.stack.dashboards;
        self.distinct("dashboards", dashboards.iter().map(|dashboard| &dashboard.dashboard_name));
        for dashboard in dashboards {
            self.text("dashboard's name", &dashboard.dashboard_name, (1, 255), &DASHBOARD);
            self.body(dashboard);
        }
    }

    fn body(&mut self, dashboard: &Dashboard) {
        let body = &dashboard.dashboard_body;
        let root: Value = match serde_json::from_str(body) {
            Ok(root) => root,
            Err(error) => {
                self.error(codes::DASHBOARD, body.span, format!("the dashboard's body is no JSON: {error}"));
                return;
            }
        };
        let Some(widgets) = root.get("widgets").and_then(Value::as_array) else {
            self.error(codes::DASHBOARD, body.span, "the dashboard's body has no list `widgets`");
            return;
        };
        if widgets.len() > MOST_WIDGETS {
            let message = format!("the dashboard has {} widgets; {MOST_WIDGETS} is the most", widgets.len());
            self.error(codes::TOO_MANY, body.span, message);
        }
        for (index, widget) in widgets.iter().enumerate() {
            for finding in widget_findings(widget) {
                let Diagnostic { code, severity, message, help, .. } = finding;
                let message = format!("widget {}: {message}", index + 1);
                self.say(Diagnostic { help, ..Diagnostic::new(code, severity, body.span, message) });
            }
        }
    }
}

fn widget_findings(widget: &Value) -> Vec<Diagnostic> {
    let say = |message: String| Diagnostic::error(codes::DASHBOARD, crate::Span::default(), message);
    let mut found = Vec::new();
    let kind = widget.get("type").and_then(Value::as_str).unwrap_or_default();
    if !TYPES.contains(&kind) {
        found.push(
            say(format!("there is no type of widget `{kind}`"))
                .help(format!("types are {}", listed_names(TYPES.iter().copied(), "and"))),
        );
    }
    let Some(properties) = widget.get("properties") else {
        found.push(say("there are no `properties`".into()));
        return found;
    };
    if matches!(kind, "metric" | "log") && properties.get("region").and_then(Value::as_str).is_none() {
        found.push(say("there is no `region`".into()));
    }
    let mut queries = 0;
    for entry in properties.get("metrics").and_then(Value::as_array).into_iter().flatten() {
        let Some(entry) = entry.as_array() else {
            found.push(say("each of `metrics` is a list of its own".into()));
            continue;
        };
        for text in entry.iter().filter_map(|part| part.get("expression")?.as_str()) {
            if Expression::is_query(text) {
                queries += 1;
                found.extend(MetricsQuery::parse_lossy(text, &ParseOptions::default()).diagnostics);
            } else {
                let found_here = MathExpression::parse_lossy(text, &MathParseOptions::default()).diagnostics;
                // A dashboard may hold what is not evaluated here; of such an expression nothing can be said.
                if !found_here.iter().any(|finding| finding.code == NOT_EVALUATED) {
                    found.extend(found_here);
                }
            }
        }
    }
    if queries > 1 {
        found.push(say("there is more than one Metrics Insights query; a widget takes one".into()));
    }
    if kind == "log" {
        match properties.get("query").and_then(Value::as_str) {
            Some(query) => found.extend(LogsQuery::parse_lossy(query, &LogsOptions::default()).diagnostics),
            None => found.push(say("there is no `query`".into())),
        }
    }
    found
}
