//! What metric data say of a query: names that nothing has, and dimension sets that are taken together
//! (`spec/metrics-insights.md` 8, L06, L07, L10, L11).

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Fix};
use crate::series::{MetricIdentity, MetricStore};
use crate::syntax::metrics::{Comparison, Condition, Identifier, LabelKey, MetricsQuery, Source, codes};

/// How many dimension sets a message names.
const MOST_SHOWN: usize = 3;

impl MetricsQuery {
    /// What is wrong or doubtful in a query over these metric data, in order of place; beside what
    /// [`MetricsQuery::check`] finds. Nothing is said where there are no data at all.
    ///
    /// ```
    /// use trailql::series::{MetricIdentity, MetricStore, StorageResolution, Unit};
    /// use trailql::{EpochMillis, MetricsQuery};
    ///
    /// let mut store = MetricStore::new();
    /// let metric = MetricIdentity::new("App", "Errors").with([("userName", "alice")].into_iter().collect());
    /// store.put(&metric, Unit::Count, StorageResolution::Minute, EpochMillis(0), 1.0)?;
    /// let query: MetricsQuery = "SELECT SUM(Errors) FROM App WHERE username = 'alice'".parse()?;
    /// let found = query.check_data(&store);
    /// assert_eq!((found[0].code.0, found[0].help.as_deref()), ("MI011", Some("write `userName`")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_data(&self, store: &MetricStore) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let (namespace, name) = (&self.from.namespace, &self.select.metric);
        let metrics = || store.metrics().map(|(metric, _)| metric);
        let of_namespace = || metrics().filter(|metric| metric.namespace == namespace.name);
        let asked: Vec<&MetricIdentity> = of_namespace().filter(|metric| metric.name == name.name).collect();
        if store.is_empty() {
            return findings;
        }
        if of_namespace().next().is_none() {
            findings.push(unknown("namespace", namespace, metrics().map(|metric| metric.namespace.as_str())));
        } else if asked.is_empty() {
            findings.push(unknown("metric", name, of_namespace().map(|metric| metric.name.as_str())));
        } else {
            self.dimensions(&asked, &mut findings);
        }
        findings.sort_by_key(Diagnostic::span);
        findings
    }

    fn dimensions(&self, asked: &[&MetricIdentity], findings: &mut Vec<Diagnostic>) {
        let sets: BTreeSet<Vec<&str>> =
            asked.iter().map(|metric| metric.dimensions.names().collect()).collect();
        let names: BTreeSet<&str> = sets.iter().flatten().copied().collect();
        let predicates = self.filter.iter().flat_map(Condition::predicates).map(|predicate| &predicate.key);
        let schema = self.from.schema.iter().flatten();
        let keys = predicates.chain(&self.group_by).filter_map(|key| match key {
            LabelKey::Dimension(name) => Some(name),
            _ => None,
        });
        let mut lacking: Vec<&Identifier> =
            schema.chain(keys).filter(|key| !names.contains(key.name.as_str())).collect();
        lacking.dedup_by(|one, other| one.name == other.name);
        let has_lacking = !lacking.is_empty();
        findings.extend(lacking.into_iter().map(|key| unknown("label", key, names.iter().copied())));
        match &self.from.schema {
            Some(keys) => {
                let mut set: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
                set.sort_unstable();
                if !sets.contains(&set) && !has_lacking {
                    findings.push(
                        Diagnostic::error(
                            codes::UNKNOWN_SCHEMA,
                            self.from.span.0,
                            format!("no metric `{}` has exactly these dimensions", self.select.metric.name),
                        )
                        .help(format!("it has {}", self.told(&sets))),
                    );
                }
            }
            None => {
                let required = self.filter.iter().flat_map(Condition::required);
                let given: Vec<&str> = required
                    .filter(|predicate| predicate.comparison == Comparison::Equal)
                    .filter_map(|predicate| predicate.key.dimension())
                    .collect();
                let taken: BTreeSet<Vec<&str>> =
                    sets.into_iter().filter(|set| given.iter().all(|key| set.contains(key))).collect();
                if taken.len() > 1 {
                    findings.push(
                        Diagnostic::warning(
                            codes::MIXED_SETS,
                            self.from.span.0,
                            format!("metrics of {} different dimension sets are taken together", taken.len()),
                        )
                        .help(format!("choose one: there is {}", self.told(&taken))),
                    );
                }
            }
        }
    }

    /// The sets as they are written behind `FROM`.
    fn told(&self, sets: &BTreeSet<Vec<&str>>) -> String {
        let written = |set: &Vec<&str>| {
            let schema = set.iter().map(|name| Identifier::new(*name)).collect();
            format!("`{}`", Source { schema: Some(schema), ..self.from.clone() })
        };
        let shown: Vec<String> = sets.iter().take(MOST_SHOWN).map(written).collect();
        let more = sets.len().saturating_sub(MOST_SHOWN);
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
    }
}

/// A name that none of the known ones is.
fn unknown<'a>(what: &str, name: &Identifier, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: BTreeSet<&str> = known.collect();
    if let Some(meant) = known.iter().find(|known| known.eq_ignore_ascii_case(&name.name)) {
        let written = Identifier::new(*meant).to_string();
        return Diagnostic::error(
            codes::OTHER_CASE,
            name.span.0,
            format!("there is no {what} `{}`, but `{meant}`: case counts", name.name),
        )
        .help(format!("write `{written}`"))
        .fix(Fix::replace(format!("write `{written}`"), name.span.0, written));
    }
    let shown: Vec<String> = match nearest(&name.name, &known) {
        Some(near) => vec![format!("`{near}`")],
        None => known.iter().take(MOST_SHOWN).map(|known| format!("`{known}`")).collect(),
    };
    let help = match shown.as_slice() {
        [] => "they have no dimension".to_owned(),
        shown => format!("there is {}", shown.join(", ")),
    };
    Diagnostic::error(codes::UNKNOWN_NAME, name.span.0, format!("the data have no {what} `{}`", name.name))
        .help(help)
}

/// The known name that was probably meant: a third of its characters may differ.
fn nearest<'a>(name: &str, known: &BTreeSet<&'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_ceil(3);
    let near = known.iter().map(|known| (strsim::damerau_levenshtein(known, name), *known)).min();
    near.filter(|(distance, _)| *distance <= most).map(|(_, known)| known)
}
