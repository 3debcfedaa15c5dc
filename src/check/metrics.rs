//! The checks of a Metrics Insights query that need the text alone (`spec/metrics-insights.md` 8): what can never select
//! anything, and what probably selects something else than was meant.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Fix};
use crate::span::Span;
use crate::syntax::metrics::{
    Comparison, Direction, Identifier, LabelKey, LabelValue, MetricsQuery, Predicate, codes,
};

impl MetricsQuery {
    /// What is wrong or doubtful in a query that parses, in order of place. An error means that the result is certainly
    /// not what the query says; it can be run all the same.
    ///
    /// Whether metrics of these names exist is no matter of this check.
    ///
    /// ```
    /// use trailql::MetricsQuery;
    ///
    /// let text = "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE region = 'x' GROUP BY userName LIMIT 5";
    /// let query: MetricsQuery = text.parse()?;
    /// let codes: Vec<&str> = query.check().iter().map(|one| one.code.0).collect();
    /// assert_eq!(codes, ["MI005", "MI113"]);
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        self.schema(&mut findings);
        self.groups(&mut findings);
        self.order(&mut findings);
        self.tags(&mut findings);
        let predicates = self.filter.as_ref().map(|condition| condition.predicates()).unwrap_or_default();
        predicates.iter().for_each(|predicate| value(predicate, &mut findings));
        let required = self.filter.as_ref().map(|condition| condition.required()).unwrap_or_default();
        pairs(&required, &mut findings);
        findings.sort_by_key(Diagnostic::span);
        findings
    }

    /// The labels that the query names, in `WHERE` and `GROUP BY`.
    fn keys(&self) -> impl Iterator<Item = &LabelKey> {
        let predicates = self.filter.as_ref().map(|condition| condition.predicates()).unwrap_or_default();
        predicates.into_iter().map(|predicate| &predicate.key).chain(&self.group_by)
    }

    fn schema(&self, findings: &mut Vec<Diagnostic>) {
        let Some(schema) = &self.from.schema else { return };
        let is_in = |name: &str| schema.iter().any(|key| key.name == name);
        let predicates = self.filter.as_ref().map(|condition| condition.predicates()).unwrap_or_default();
        for predicate in predicates {
            let Some(name) = predicate.key.dimension().filter(|name| !is_in(name)) else { continue };
            let always = match predicate.comparison {
                Comparison::Equal => "never holds",
                Comparison::NotEqual => "always holds",
            };
            findings.push(self.with_key(
                Diagnostic::error(
                    codes::NOT_IN_SCHEMA,
                    predicate.key.span(),
                    format!("no metric of this `SCHEMA` has `{name}`, so that this {always}"),
                ),
                name,
            ));
        }
        for key in &self.group_by {
            let Some(name) = key.dimension().filter(|name| !is_in(name)) else { continue };
            findings.push(self.with_key(
                Diagnostic::warning(
                    codes::GROUP_NOT_IN_SCHEMA,
                    key.span(),
                    format!("no metric of this `SCHEMA` has `{name}`, so that every group is `Other`"),
                ),
                name,
            ));
        }
    }

    /// The finding with the way to put a key into `SCHEMA`. It is no fix, for `SCHEMA` must be the exact set.
    fn with_key(&self, finding: Diagnostic, name: &str) -> Diagnostic {
        let mut source = self.from.clone();
        if let Some(schema) = &mut source.schema {
            schema.push(Identifier::new(name));
        }
        finding
            .also(self.from.span.0, "exactly these dimensions")
            .help(format!("if the metric has it, write `{source}`; else drop it"))
    }

    fn groups(&self, findings: &mut Vec<Diagnostic>) {
        if self.from.schema.is_some() {
            return;
        }
        let required = self.filter.as_ref().map(|condition| condition.required()).unwrap_or_default();
        let is_given = |key: &LabelKey| {
            required
                .iter()
                .any(|predicate| predicate.key == *key && predicate.comparison == Comparison::Equal)
        };
        let mut lacking = self.group_by.iter().filter(|key| key.dimension().is_some() && !is_given(key));
        let Some(first) = lacking.next() else { return };
        let mut source = self.from.clone();
        let named: Vec<Identifier> = self
            .keys()
            .filter_map(LabelKey::dimension)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(Identifier::new)
            .collect();
        source.schema = Some(named);
        findings.push(
            Diagnostic::warning(
                codes::GROUP_WITHOUT_SCHEMA,
                first.span(),
                format!("metrics without `{}` form a group `Other`", first.dimension().unwrap_or_default()),
            )
            .also(self.from.span.0, "metrics of any dimensions")
            .help(format!("name the dimensions of the metric: `FROM {source}`, if these are all")),
        );
    }

    fn order(&self, findings: &mut Vec<Diagnostic>) {
        let order = self.order_by.as_ref().map(|order| order.span.0);
        let limit = self.limit.as_ref().map(|limit| limit.span.0);
        if self.group_by.is_empty() {
            let Some(place) = order.or(limit) else { return };
            let clause = match (order, limit) {
                (Some(_), Some(_)) => "`ORDER BY` and `LIMIT` have",
                (Some(_), None) => "`ORDER BY` has",
                _ => "`LIMIT` has",
            };
            findings.push(
                Diagnostic::warning(
                    codes::ONE_SERIES,
                    place,
                    format!("{clause} no effect: without `GROUP BY` there is one series"),
                )
                .help("group by a label, or remove it"),
            );
            return;
        }
        match (&self.order_by, limit) {
            (None, Some(limit)) => findings.push(
                Diagnostic::warning(
                    codes::LIMIT_WITHOUT_ORDER,
                    limit,
                    "which groups are left is not said without `ORDER BY`",
                )
                .help(format!(
                    "for the largest write `ORDER BY {}() DESC` before `LIMIT`",
                    self.select.function
                )),
            ),
            (Some(order), Some(_)) if order.direction == Direction::Asc && !order.is_explicit.0 => findings
                .push(
                    Diagnostic::warning(
                        codes::LOWEST_FIRST,
                        order.span.0,
                        "without a direction the lowest are left",
                    )
                    .help("write `DESC` for the largest, or `ASC` if the lowest are meant")
                    .fix(Fix::replace(
                        "write `DESC`",
                        Span::at(order.span.0.range().end),
                        " DESC",
                    )),
                ),
            _ => {}
        }
    }

    fn tags(&self, findings: &mut Vec<Diagnostic>) {
        for key in self.keys() {
            let Some(name) = key.dimension() else { continue };
            let is_written = key.span() != Span::default();
            let instead = match name.get(..4) {
                _ if name.eq_ignore_ascii_case("aws.accountid") => {
                    LabelKey::Account { span: Default::default() }
                }
                Some(prefix) if prefix.eq_ignore_ascii_case("tag.") && name.len() > 4 => {
                    LabelKey::Tag(Identifier::new(name.get(4..).unwrap_or_default()))
                }
                _ => continue,
            };
            let mut finding = Diagnostic::warning(
                codes::QUOTED_TAG,
                key.span(),
                format!("in one pair of quotes `{name}` is the name of a dimension"),
            )
            .help(format!("write `{instead}`"));
            if is_written {
                finding =
                    finding.fix(Fix::replace(format!("write `{instead}`"), key.span(), instead.to_string()));
            }
            findings.push(finding);
        }
        let Some(LabelKey::Tag(tag)) = self.keys().find(|key| matches!(key, LabelKey::Tag(_))) else {
            return;
        };
        if self.from.schema.as_ref().is_some_and(Vec::is_empty) {
            let namespace = self.from.namespace.to_string();
            let fix = Fix::replace(format!("write `FROM {namespace}`"), self.from.span.0, namespace.clone());
            findings.push(
                Diagnostic::warning(
                    codes::TAG_WITHOUT_DIMENSIONS,
                    self.from.span.0,
                    "this `SCHEMA` takes metrics without dimensions, which have no tags",
                )
                .also(tag.span.0, "a tag")
                .help(format!("write `FROM {namespace}`"))
                .fix(fix),
            );
        } else if !self.from.namespace.name.starts_with("AWS/") {
            findings.push(
                Diagnostic::warning(
                    codes::CUSTOM_TAG,
                    tag.span.0,
                    format!(
                        "metrics of `{}` have no tags: only those of AWS resources do",
                        self.from.namespace.name
                    ),
                )
                .help("use a dimension"),
            );
        }
    }
}

fn value(predicate: &Predicate, findings: &mut Vec<Diagnostic>) {
    let LabelValue::Text { text, span } = &predicate.value else { return };
    let wildcard = text.chars().find(|c| matches!(c, '%' | '*'));
    if let Some(wildcard) = wildcard {
        findings.push(
            Diagnostic::error(
                codes::WILDCARD,
                span.0,
                format!("`{wildcard}` is no wildcard: it is compared as it stands"),
            )
            .help("name the value whole, or group by the label and pick series in metric math"),
        );
    } else if text.trim().is_empty() || text.chars().count() > 1_024 {
        findings.push(
            Diagnostic::warning(codes::EMPTY_VALUE, span.0, "no label has this value")
                .help("values have 1 to 1,024 characters; whether a label is there is a matter of `SCHEMA`"),
        );
    }
}

/// What two comparisons of one label say together, all of which must hold.
fn pairs(required: &[&Predicate], findings: &mut Vec<Diagnostic>) {
    for (index, later) in required.iter().enumerate() {
        for earlier in required.iter().take(index).filter(|earlier| earlier.key == later.key) {
            let same_value = earlier.value == later.value;
            let both_texts =
                matches!((&earlier.value, &later.value), (LabelValue::Text { .. }, LabelValue::Text { .. }));
            let contradicts = match (earlier.comparison, later.comparison) {
                (Comparison::Equal, Comparison::Equal) => !same_value && both_texts,
                (Comparison::NotEqual, Comparison::NotEqual) => false,
                _ => same_value,
            };
            if contradicts {
                findings.push(
                    Diagnostic::error(
                        codes::CONTRADICTION,
                        later.span.0,
                        "these comparisons never hold together",
                    )
                    .also(earlier.span.0, "the other one")
                    .help("a label has one value: write a query for each, or group by the label"),
                );
                return;
            }
            if earlier == later {
                findings.push(
                    Diagnostic::warning(codes::SAID_TWICE, later.span.0, "this comparison stands twice")
                        .also(earlier.span.0, "here first")
                        .help("remove it"),
                );
            }
        }
    }
}
