//! A Metrics Insights query in plain words.

use std::fmt::Write;

use crate::listing::listed;

use super::ast::{
    AggregateFunction, Comparison, Condition, Direction, Identifier, LabelKey, LabelValue, MetricsQuery,
    OrderBy, Predicate,
};

impl MetricsQuery {
    /// What the query does, for a person; several lines, the last one without a line feed.
    ///
    /// ```
    /// use trailql::MetricsQuery;
    ///
    /// let query: MetricsQuery = "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName LIMIT 5".parse()?;
    /// let words = query.in_words();
    /// assert!(words.contains("the sum of all observations of `Errors`"));
    /// assert!(words.contains("One series for each value of `userName`."));
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn in_words(&self) -> String {
        let mut words = format!(
            "For each period, {} of `{}` in the namespace `{}`",
            match self.select.function {
                AggregateFunction::Avg => "the mean of all observations",
                AggregateFunction::Count => "the number of observations",
                AggregateFunction::Max => "the largest observation",
                AggregateFunction::Min => "the smallest observation",
                AggregateFunction::Sum => "the sum of all observations",
            },
            self.select.metric.name,
            self.from.namespace.name,
        );
        words.push_str(&match self.from.schema.as_deref() {
            None => ", whatever its dimensions.".to_owned(),
            Some([]) => ", of the metric without dimensions.".to_owned(),
            Some([one]) => format!(", of metrics with the dimension `{}` and no other.", one.name),
            Some(keys) => format!(", of metrics with exactly the dimensions {}.", names(keys)),
        });
        if let Some(condition) = &self.filter {
            let _ = write!(words, "\n\nOnly metrics of which {}.", test(condition));
            if condition.predicates().iter().any(|one| one.comparison == Comparison::NotEqual) {
                words.push_str(" A metric without the label passes `!=`; AWS does not document this.");
            }
        }
        words.push_str("\n\n");
        if self.group_by.is_empty() {
            words.push_str("One series.");
        } else {
            let keys: Vec<String> = self.group_by.iter().map(|key| format!("`{key}`")).collect();
            let of = if keys.len() == 1 { "each value" } else { "each combination of the values" };
            let _ = write!(words, "One series for {of} of {}.", listed(&keys, "and"));
            let schema = self.from.schema.as_deref().unwrap_or_default();
            let is_sure = |key: &LabelKey| match key {
                LabelKey::Dimension(name) => schema.contains(name),
                LabelKey::Tag(_) => false,
                LabelKey::Account { .. } => true,
            };
            if !self.group_by.iter().all(is_sure) {
                words.push_str(" Metrics without the label form the group `Other`.");
            }
            words.push_str(&order(self.order_by.as_ref()));
        }
        if let Some(limit) = self.limit.as_ref().filter(|_| !self.group_by.is_empty()) {
            let _ = write!(words, " The first {} are given.", limit.series);
        }
        words
    }
}

fn order(order: Option<&OrderBy>) -> String {
    let Some(OrderBy { function, direction, .. }) = order else {
        return " They are sorted by label.".to_owned();
    };
    let worth = match function {
        AggregateFunction::Avg => "the mean of its points",
        AggregateFunction::Count => "its number of observations",
        AggregateFunction::Max => "its largest point",
        AggregateFunction::Min => "its smallest point",
        AggregateFunction::Sum => "the sum of its points",
    };
    let first = match direction {
        Direction::Asc => "the smallest",
        Direction::Desc => "the largest",
    };
    format!(" They are sorted by what each is worth over the whole range, {worth}, {first} first.")
}

fn names(keys: &[Identifier]) -> String {
    listed(&keys.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>(), "and")
}

fn test(condition: &Condition) -> String {
    match condition {
        Condition::Test(predicate) => comparison(predicate),
        Condition::All(legs) => listed(&legs.iter().map(inner).collect::<Vec<_>>(), "and"),
        Condition::Any(legs) => listed(&legs.iter().map(inner).collect::<Vec<_>>(), "or"),
    }
}

fn inner(condition: &Condition) -> String {
    match condition {
        Condition::Test(predicate) => comparison(predicate),
        Condition::All(_) | Condition::Any(_) => format!("({})", test(condition)),
    }
}

fn comparison(predicate: &Predicate) -> String {
    let subject = match &predicate.key {
        LabelKey::Dimension(name) => format!("`{}`", name.name),
        LabelKey::Tag(name) => format!("the tag `{}`", name.name),
        LabelKey::Account { .. } => "the account".to_owned(),
    };
    let verb = if predicate.comparison == Comparison::Equal { "is" } else { "is not" };
    match &predicate.value {
        LabelValue::Text { text, .. } => format!("{subject} {verb} `{text}`"),
        LabelValue::CurrentAccount => format!("{subject} {verb} the one that asks"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clause_is_said() {
        let query: MetricsQuery = "SELECT AVG(Duration) FROM \"AWS/Lambda\" WHERE tag.env != 'prod' AND \
                                   AWS.AccountId = CURRENT_ACCOUNT_ID() GROUP BY FunctionName, tag.team \
                                   ORDER BY MAX() DESC LIMIT 3"
            .parse()
            .unwrap();
        assert_eq!(
            query.in_words(),
            "For each period, the mean of all observations of `Duration` in the namespace `AWS/Lambda`, whatever its \
             dimensions.\n\nOnly metrics of which the tag `env` is not `prod` and the account is the one that asks. A \
             metric without the label passes `!=`; AWS does not document this.\n\nOne series for each combination of \
             the values of `FunctionName` and `tag.team`. Metrics without the label form the group `Other`. They are \
             sorted by what each is worth over the whole range, its largest point, the largest first. The first 3 are \
             given."
        );
    }

    #[test]
    fn schemas_are_told_apart() {
        let said =
            |from: &str| format!("SELECT SUM(m) FROM {from}").parse::<MetricsQuery>().unwrap().in_words();
        assert!(said("n").contains("whatever its dimensions"));
        assert!(said("SCHEMA(n)").contains("without dimensions"));
        assert!(said("SCHEMA(n, a)").contains("the dimension `a` and no other"));
        assert!(said("SCHEMA(n, a, b)").contains("exactly the dimensions `a` and `b`"));
    }
}
