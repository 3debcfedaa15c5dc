//! Dashboards: the body is JSON, and the expressions in it are checked as those elsewhere (`spec/metrics-insights.md` 7.1).

use serde_json::Value;

use super::texts::DASHBOARD;
use super::widgets::{self, Board, Drawn, Placed, Widget};
use super::{Checker, namespaces};
use crate::Span;
use crate::check::{Language, check};
use crate::diagnostic::Diagnostic;
use crate::listing::listed_names;
use crate::series::MetricIdentity;
use crate::stack::quoted::Quoted;
use crate::stack::{Dashboard, Text, codes};
use crate::syntax::Expression;
use crate::syntax::math::codes::NOT_EVALUATED;

const TYPES: &[&str] = &["metric", "text", "log", "alarm", "explorer"];
const MOST_WIDGETS: usize = 500;

impl<'s> Checker<'s> {
    pub(super) fn dashboards(&mut self) -> Vec<Board<'s>> {
        let dashboards = &self.stack.dashboards;
        self.distinct("dashboards", dashboards.iter().map(|dashboard| &dashboard.dashboard_name));
        let mut boards = Vec::new();
        for dashboard in dashboards {
            self.text("dashboard's name", &dashboard.dashboard_name, (1, 255), &DASHBOARD);
            let Some(widgets) = self.body(dashboard) else { continue };
            for widget in &widgets {
                let findings = self.widget(widget, &dashboard.dashboard_body);
                self.lift(&dashboard.dashboard_body, findings);
            }
            boards.push(Board { written: dashboard, widgets });
        }
        boards
    }

    fn body(&mut self, dashboard: &Dashboard) -> Option<Vec<Widget>> {
        let body = &dashboard.dashboard_body;
        if let Err(error) = serde_json::from_str::<Value>(body) {
            self.error(codes::DASHBOARD, body.span, format!("the dashboard's body is no JSON: {error}"));
            return None;
        }
        let Some(widgets) = widgets::read(body) else {
            self.error(codes::DASHBOARD, body.span, "the dashboard's body has no list `widgets`");
            return None;
        };
        if widgets.len() > MOST_WIDGETS {
            let message = format!("the dashboard has {} widgets; {MOST_WIDGETS} is the most", widgets.len());
            self.error(codes::TOO_MANY, body.span, message);
        }
        Some(widgets)
    }

    /// What is to be said of a widget, at its places in the body.
    fn widget(&self, widget: &Widget, body: &Text) -> Vec<Diagnostic> {
        let say = |span: Span, message: String| Diagnostic::error(codes::DASHBOARD, span, message);
        let mut found = Vec::new();
        let kind = widget.kind.value.as_str();
        if !TYPES.contains(&kind) {
            found.push(
                say(widget.kind.span, format!("there is no type of widget `{kind}`"))
                    .help(format!("types are {}", listed_names(TYPES.iter().copied(), "and"))),
            );
        }
        if !widget.has_properties {
            found.push(say(widget.span, "the widget has no `properties`".into()));
            return found;
        }
        if matches!(kind, "metric" | "log") && widget.region.is_none() {
            found.push(say(widget.span, "the widget has no `region`".into()));
        }
        let mut queries = 0;
        for entry in &widget.entries {
            match &entry.drawn {
                Drawn::Misshapen => {
                    found.push(say(entry.span, "each of `metrics` is a list of its own".into()))
                }
                Drawn::Expression { text, parsed } if Expression::is_query(&text.value) => {
                    queries += 1;
                    if queries == 2 {
                        let message = "there is more than one Metrics Insights query; a widget takes one";
                        found.push(say(entry.span, message.into()));
                    }
                    found.extend(inside(body, text, self.of_query(&text.value)));
                    if let Some(Expression::Query(query)) = parsed {
                        found.extend(self.not_queried(query, text.span));
                    }
                }
                Drawn::Expression { text, .. } => {
                    let found_here = check(&text.value, Language::MetricMath, &self.options.texts);
                    // A dashboard may hold what is not evaluated here; of such an expression nothing can be said.
                    if !found_here.iter().any(|finding| finding.code == NOT_EVALUATED) {
                        found.extend(inside(body, text, found_here));
                    }
                }
                Drawn::Metric { metric, namespace, name, is_local: true, .. } => {
                    found.extend(self.not_emitted(metric, *name));
                    let text = namespace.map(|span| Placed { value: metric.namespace.to_string(), span });
                    found.extend(text.into_iter().flat_map(|text| self.drawn_namespace(body, &text, metric)));
                }
                Drawn::Metric { .. } | Drawn::Unknown => {}
            }
        }
        if kind == "log" {
            match &widget.query {
                Some(query) => {
                    let found_here = check(&query.value, Language::LogsInsights, &self.options.texts);
                    found.extend(inside(body, query, found_here));
                }
                None => found.push(say(widget.span, "the widget has no `query`".into())),
            }
        }
        found
    }
}

impl Checker<'_> {
    /// What is to be said of the namespace of a metric that is drawn.
    fn drawn_namespace(
        &self,
        body: &Text,
        text: &Placed<String>,
        metric: &MetricIdentity,
    ) -> Vec<Diagnostic> {
        let whole = Span::new(0, text.value.len());
        let read = (text.value.as_str(), metric.name.as_ref());
        let found = namespaces::in_text(self.stack, self.options.extent, read, whole, str::to_owned);
        inside(body, text, found.into_iter().collect()).collect()
    }
}

/// Findings about a string of the body, as findings about the body. JSON's escapes are among those of TOML.
fn inside(body: &str, text: &Placed<String>, findings: Vec<Diagnostic>) -> impl Iterator<Item = Diagnostic> {
    let quoted = Quoted::at(body, text.span, &text.value);
    findings.into_iter().map(move |finding| match &quoted {
        Some(quoted) => quoted.lift(finding),
        None => crate::stack::places::on_the_whole(text.span, finding),
    })
}
