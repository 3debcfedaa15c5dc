//! PR208: a query names a label that the metric of the stack's filters does not have.

use super::Context;
use super::reads::{Read, Source};
use crate::listing::listed_names;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::syntax::metrics::Condition;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR208"),
    severity: Severity::Warning,
    title: "no filter gives the metric this label",
    why: "The filters of the stack emit the metric without the dimension that the query names. A comparison with it never \
          holds, and everything that is grouped by it is one group `Other`.",
    bad: r#"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin && $.userIdentity.type = * }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', dimensions = { type = '$.userIdentity.type' } }]

[[metricQueryDefinitions]]
Path = 'logins of root'
Type = 'SQL'
Expression = "SELECT SUM(logins) FROM trail WHERE who = 'Root'"
"#,
    good: r#"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin && $.userIdentity.type = * }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', dimensions = { who = '$.userIdentity.type' } }]

[[metricQueryDefinitions]]
Path = 'logins of root'
Type = 'SQL'
Expression = "SELECT SUM(logins) FROM trail WHERE who = 'Root'"
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.is_joined() {
        return;
    }
    for read in context.reads() {
        findings.extend(unknown(context, &read));
    }
}

fn unknown(context: &Context<'_>, read: &Read<'_>) -> Option<Diagnostic> {
    // Where there is a `SCHEMA`, that is what is compared with the filters.
    let Source::Query(query) = &read.what else { return None };
    let own: Vec<&CheckedFilter> =
        context.filters.iter().map(|(_, filter)| filter).filter(|filter| read.is_of(filter)).collect();
    if own.is_empty() || query.from.schema.is_some() {
        return None;
    }
    let compared = query.filter.iter().flat_map(Condition::predicates).map(|predicate| &predicate.key);
    let mut labels = compared.chain(&query.group_by).filter_map(|key| key.dimension());
    let known: Vec<&str> = own.iter().flat_map(|filter| super::pr206_counted_twice::names(filter)).collect();
    let label = labels.find(|label| !known.contains(label))?;
    let message = format!("no filter of the stack gives `{}` the dimension `{label}`", query.select.metric.name);
    Some(context.at(read, |span| {
        let finding = Diagnostic::warning(RULE.code, span, message);
        finding.help(match known.as_slice() {
            [] => "filters emit it without dimensions".to_owned(),
            known => format!("its dimensions are {}", listed_names(known.iter().copied(), "and")),
        })
    }))
}
