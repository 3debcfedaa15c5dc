//! Metrics, statistics, units and the two languages over them.

use super::texts::ANY;
use super::{Checker, namespaces};
use crate::MetricsQuery;
use crate::check::{Language, check};
use crate::diagnostic::{Diagnostic, Severity};
use crate::series::{Dimensions, MetricIdentity, Period, Statistic, Unit};
use crate::stack::{Located, MetricDimension, Text, codes};
use crate::syntax::math::MathExpression;
use crate::syntax::metrics::codes::GROUP_WITHOUT_SCHEMA;

/// Dimensions that a metric may have.
const MOST_DIMENSIONS: usize = 30;

impl Checker<'_> {
    pub(super) fn sql(&mut self, text: &Text) -> Option<MetricsQuery> {
        let found = self.of_query(text);
        self.lift(text, found);
        MetricsQuery::parse(text).ok()
    }

    /// What is to be said of a Metrics Insights query, by itself and beside the filters of the stack.
    pub(super) fn of_query(&self, text: &str) -> Vec<Diagnostic> {
        let mut found = check(text, Language::MetricsInsights, &self.options.texts);
        let Ok(query) = MetricsQuery::parse(text) else { return found };
        // The filters of the stack say which dimensions there are.
        if self.stack.emits_groups_of(&query) {
            found.retain(|finding| finding.code != GROUP_WITHOUT_SCHEMA);
        }
        found.extend(self.mixed_sets(&query));
        found.extend(namespaces::of_query(self.stack, self.options.extent, &query));
        found
    }

    pub(super) fn math(&mut self, text: &Text) -> Option<MathExpression> {
        let found = check(text, Language::MetricMath, &self.options.texts);
        self.lift(text, found);
        MathExpression::parse(text).ok()
    }

    pub(super) fn metric(
        &mut self,
        namespace: &Text,
        name: &Text,
        dimensions: &[MetricDimension],
        account: Option<&Text>,
    ) -> MetricIdentity {
        self.text("namespace", namespace, (1, 255), &ANY);
        if namespace.starts_with(':') {
            self.error(codes::TEXT, namespace.span, format!("the namespace `{namespace}` begins with `:`"));
        }
        if account.is_none() {
            let other = namespaces::of_metric(self.stack, self.options.extent, self.places, namespace, name);
            other.into_iter().for_each(|finding| self.say(finding));
        }
        self.text("metric's name", name, (1, 255), &ANY);
        if let Some(dimension) = dimensions.get(MOST_DIMENSIONS) {
            let message =
                format!("there are {} dimensions; a metric has {MOST_DIMENSIONS} at most", dimensions.len());
            self.error(codes::TOO_MANY, dimension.name.span, message);
        }
        self.distinct("dimensions", dimensions.iter().map(|dimension| &dimension.name));
        for dimension in dimensions {
            self.text("dimension's name", &dimension.name, (1, 255), &ANY);
            self.text("dimension's value", &dimension.value, (1, 1_024), &ANY);
        }
        let pairs = dimensions.iter().map(|dimension| (dimension.name.as_str(), dimension.value.as_str()));
        MetricIdentity::new(namespace.as_str(), name.as_str()).with(pairs.collect::<Dimensions>())
    }

    /// Says what an account means to a replay.
    pub(super) fn account(&mut self, id: Option<&Text>) {
        let Some(id) = id else { return };
        self.text("account", id, (1, 255), &ANY);
        let message = format!("the metric is that of account `{id}`; a replay takes the data at hand for it");
        self.say(Diagnostic::new(codes::OTHER_ACCOUNT, Severity::Info, id.span, message));
    }

    pub(super) fn statistic(&mut self, text: &Text) -> Option<Statistic> {
        match text.parse() {
            Ok(statistic) => Some(statistic),
            Err(error) => {
                let error: crate::series::StatisticError = error;
                self.error(codes::STATISTIC, text.span, error.to_string());
                None
            }
        }
    }

    pub(super) fn period(&mut self, seconds: &Located<i64>) -> Option<Period> {
        let period = u64::try_from(seconds.value).ok().map(Period::from_seconds);
        match period {
            Some(Ok(period)) => Some(period),
            Some(Err(error)) => {
                self.error(codes::NUMBER, seconds.span, error.to_string());
                None
            }
            None => {
                self.error(codes::NUMBER, seconds.span, format!("a period of {seconds} s does not exist"));
                None
            }
        }
    }

    /// The unit of a name; none where there is none, or it is wrong.
    pub(super) fn unit(&mut self, text: Option<&Text>) -> Option<Unit> {
        let text = text?;
        match text.parse::<Unit>() {
            Ok(unit) => Some(unit),
            Err(error) => {
                self.say(Diagnostic::error(codes::CHOICE, text.span, error.to_string()));
                None
            }
        }
    }
}
