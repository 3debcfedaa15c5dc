//! The entries of `Metrics`: metrics, metric math over them, or one Metrics Insights query.

use super::Checker;
use crate::Span;
use crate::diagnostic::Diagnostic;
use crate::series::Period;
use crate::stack::{DataEntry, DataQueries, MetricDataQuery, MetricSource, MetricStat, Text, codes};
use crate::syntax::Expression;

/// Metrics, and expressions, that one alarm takes of each.
const MOST_OF_A_KIND: usize = 10;
const LONGEST_EXPRESSION: usize = 2_048;

/// An entry, and where its parts stand.
struct Read<'t> {
    text: &'t MetricDataQuery,
    entry: DataEntry,
    period: Option<Period>,
}

impl Checker<'_> {
    /// The entries, whose result is the one that returns data. A band, named by `band`, is not an entry of its own: it is
    /// laid around another one, which is then the result.
    pub(super) fn data_queries(
        &mut self,
        queries: &[MetricDataQuery],
        place: Span,
        band: Option<&MetricDataQuery>,
    ) -> Option<DataQueries> {
        let before = self.found.len();
        self.distinct("entries", queries.iter().map(|query| &query.id));
        self.kinds(queries, place);
        let own = || queries.iter().filter(|query| band.is_none_or(|band| !std::ptr::eq(*query, band)));
        let read: Vec<Read<'_>> = own().filter_map(|query| self.entry(query)).collect();
        if read.len() != own().count() {
            return None;
        }
        self.references(&read);
        let period = self.shared_period(&read, place)?;
        let returns: Vec<usize> =
            (0..read.len()).filter(|&at| read.get(at).is_some_and(|r| r.returns())).collect();
        let result = match (band, returns.as_slice()) {
            (_, [one]) => *one,
            // The sample of the service hides neither; some hide the metric.
            (Some(_), _) => 0,
            (None, _) => {
                let message =
                    format!("{} entries of `Metrics` return data; exactly one is the result", returns.len());
                let finding = Diagnostic::error(codes::DATA_QUERY, place, message);
                self.say(finding.help("set `ReturnData = false` on every entry but the result"));
                return None;
            }
        };
        let refused = self.found.get(before..).unwrap_or_default().iter().any(Diagnostic::is_error);
        let entries = read.into_iter().map(|read| (read.text.id.value.clone(), read.entry)).collect();
        (!refused).then_some(DataQueries { entries, result, period })
    }

    fn kinds(&mut self, queries: &[MetricDataQuery], place: Span) {
        let metrics = queries.iter().filter(|query| query.metric_stat.is_some()).count();
        let expressions = queries.len() - metrics;
        if metrics > MOST_OF_A_KIND || expressions > MOST_OF_A_KIND {
            let message = format!(
                "`Metrics` has {metrics} metrics and {expressions} expressions; 10 of each is the most"
            );
            self.error(codes::TOO_MANY, place, message);
        }
    }

    fn entry<'t>(&mut self, query: &'t MetricDataQuery) -> Option<Read<'t>> {
        let id = &query.id;
        let is_name = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && id.len() <= 255;
        if !is_name {
            let finding = Diagnostic::error(codes::DATA_QUERY, id.span, format!("`{id}` is no `Id`"));
            self.say(finding.help("it begins with a lower-case letter; letters, digits and `_` follow"));
        }
        self.account(query.account_id.as_ref());
        let own_period = query.period.as_ref().map(|period| self.period(period));
        let (entry, period) = match (&query.metric_stat, &query.expression) {
            (Some(stat), None) => {
                let source = self.metric_stat(stat, query.account_id.as_ref())?;
                let period = source.period;
                (DataEntry::Metric(source), Some(period))
            }
            (None, Some(text)) => {
                self.text("expression", text, (1, LONGEST_EXPRESSION), &super::texts::ANY);
                if !Expression::is_query(text) {
                    (DataEntry::Math(self.math(text)?), own_period.flatten())
                } else {
                    let query_text = self.sql(text)?;
                    let Some(period) = own_period else {
                        let finding = Diagnostic::error(
                            codes::DATA_QUERY,
                            id.span,
                            format!("the query `{id}` has no `Period`"),
                        );
                        self.say(finding.service_text("Period must not be null").help("add `Period = 300`"));
                        return None;
                    };
                    (DataEntry::Query(query_text), Some(period?.max(Period::MINUTE)))
                }
            }
            (first, _) => {
                let what = if first.is_some() {
                    "both a metric and an expression"
                } else {
                    "neither a metric nor an expression"
                };
                let finding =
                    Diagnostic::error(codes::DATA_QUERY, id.span, format!("the entry `{id}` has {what}"));
                self.say(finding.help("give it either `MetricStat` or `Expression`"));
                return None;
            }
        };
        Some(Read { text: query, entry, period })
    }

    fn metric_stat(&mut self, stat: &MetricStat, account: Option<&Text>) -> Option<MetricSource> {
        let metric = &stat.metric;
        let metric = self.metric(&metric.namespace, &metric.metric_name, &metric.dimensions, account);
        let statistic = self.statistic(&stat.stat);
        let period = self.period(&stat.period);
        let unit = self.unit(stat.unit.as_ref());
        Some(MetricSource { metric, statistic: statistic?, period: period?, unit })
    }

    /// What expressions refer to must be there, and no circle.
    fn references(&mut self, read: &[Read<'_>]) {
        for (at, one) in read.iter().enumerate() {
            let DataEntry::Math(expression) = &one.entry else { continue };
            for id in expression.ids() {
                let found = read.iter().position(|other| other.text.id.as_str() == id);
                let span = one.text.expression.as_ref().map_or(one.text.id.span, |text| text.span);
                if found.is_none() {
                    let message = format!(
                        "the expression `{}` refers to `{id}`, and no entry has that `Id`",
                        one.text.id
                    );
                    self.error(codes::DATA_QUERY, span, message);
                } else if reaches(read, id, at, 0) {
                    let message = format!("the expression `{}` refers to itself", one.text.id);
                    self.error(codes::DATA_QUERY, span, message);
                    return;
                }
            }
        }
        let sql: Vec<&Read<'_>> =
            read.iter().filter(|one| matches!(one.entry, DataEntry::Query(_))).collect();
        if let [_, second, ..] = sql.as_slice() {
            let finding = Diagnostic::error(
                codes::DATA_QUERY,
                second.text.id.span,
                "there is more than one Metrics Insights query",
            );
            self.say(
                finding.service_text("Maximum number of queries (1) exceeded").help("make an alarm of each"),
            );
        }
    }

    fn shared_period(&mut self, read: &[Read<'_>], place: Span) -> Option<Period> {
        let mut periods = read.iter().filter_map(|one| Some((one.period?, one.text)));
        let Some((first, _)) = periods.next() else {
            self.error(codes::DATA_QUERY, place, "no entry of `Metrics` has a period");
            return None;
        };
        if let Some((other, text)) = periods.find(|(period, _)| *period != first) {
            let message =
                format!("the entry `{}` has a period of {other}, others {first}; all share one", text.id);
            self.error(codes::DATA_QUERY, text.id.span, message);
            return None;
        }
        Some(first)
    }
}

impl Read<'_> {
    fn returns(&self) -> bool {
        self.text.return_data.as_ref().is_none_or(|returns| returns.value)
    }
}

/// Whether the entry called `id` refers, at any distance, to the one at `target`.
fn reaches(read: &[Read<'_>], id: &str, target: usize, depth: usize) -> bool {
    let Some(at) = read.iter().position(|one| one.text.id.as_str() == id) else { return false };
    if at == target {
        return true;
    }
    match read.get(at).map(|one| &one.entry) {
        Some(DataEntry::Math(expression)) if depth < read.len() => {
            expression.ids().into_iter().any(|next| reaches(read, next, target, depth + 1))
        }
        _ => false,
    }
}
