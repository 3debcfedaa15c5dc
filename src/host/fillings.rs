//! What can be said for certain of a text that has holes: what holds whatever is put into them.
//!
//! A hole can be any text, so the text is read with several: a word, a clause, a bracket. Those with which it has the
//! fewest errors are what it may become; a finding counts if it is there with each of them, at the same place, and that
//! place touches no hole.

use std::collections::BTreeMap;

use crate::check::{Language, Options};
use crate::syntax::math::{MathExpression, MathParseOptions};
use crate::syntax::{logs, metrics};
use crate::{Diagnostic, FilterPattern, LogsQuery, MetricsQuery, Span};

use super::Embedded;
use super::checked::of_text;
use super::text::Text;

/// Of a text with more different holes nothing is said.
const MOST_HOLES: usize = 12;
/// So many of what fits a hole as well as the best are tried.
const MOST_OF_A_HOLE: usize = 8;

/// What can be put into a hole of a filter pattern; `§` stands for a word of the hole's own.
const FILTER: &[&str] = &[
    "§",
    "\"§ §\"",
    "17",
    "*§*",
    "",
    "$.§",
    "$.§ = §",
    "$.§ = § &&",
    "$.§ = § ||",
    "&& $.§ = §",
    "|| $.§ = §",
    "= §",
    "!= \"§\"",
    "§\" && $.§ = \"§",
    "{ $.§ = § }",
    "{ $.§ = § &&",
    "{",
    "}",
    "(",
    ")",
    "{ (",
    ") }",
    "[",
    "]",
    "=",
    "&&",
    "||",
    "?§ ?§",
    "§, §",
    "%§%",
    "NOT EXISTS",
    "IS TRUE",
    "\"",
    ".§",
    "[0]",
    "$",
    "$.",
];

/// The same for a query over logs.
const LOGS: &[&str] = &[
    "§",
    "\"§\"",
    "17",
    "5m",
    "",
    "@§",
    "§, §",
    "(§, §)",
    "/§/",
    "§ = 17",
    "and § = 17",
    "§ = 17 and",
    "count(*)",
    "by §",
    "as §",
    "desc",
    "filter § = 17",
    "| filter § = 17",
    "filter § = 17 |",
    "stats count(*) by §",
    "| stats count(*) by §",
    "SOURCE \"§\"",
    "SOURCE \"§\" |",
    "=",
    "|",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "/",
    ",",
    "*",
    "# §\n",
];

/// The same for a query over metrics.
const METRICS: &[&str] = &[
    "§",
    "'§'",
    "\"§\"",
    "17",
    "",
    "SUM(§)",
    "SCHEMA(§, §)",
    "§, §",
    "§ = '§'",
    "AND § = '§'",
    "§ = '§' AND",
    "WHERE § = '§'",
    "GROUP BY §",
    "ORDER BY SUM() DESC",
    "LIMIT 7",
    "SELECT SUM(§) FROM §",
    "FROM §",
    "DESC",
    "=",
    "(",
    ")",
    "'",
    "\"",
    ",",
];

/// The same for metric math.
const MATH: &[&str] = &[
    "§", "17", "", "§ + §", "+ §", "§ +", "SUM(§)", "\"§\"", "'§'", "[§, §]", "+", "(", ")", "§, §", ", §",
    "\"",
];

fn candidates(language: Language) -> &'static [&'static str] {
    match language {
        Language::FilterPattern => FILTER,
        Language::LogsInsights => LOGS,
        Language::MetricsInsights => METRICS,
        _ => MATH,
    }
}

/// What is to be said of the text whatever its holes are, at places of the file.
pub(super) fn certain(embedded: &Embedded, file: &str, options: &Options) -> Vec<Diagnostic> {
    let names = names(embedded, file);
    let count = names.iter().max().map_or(0, |most| most + 1);
    if count > MOST_HOLES {
        return Vec::new();
    }
    let candidates = candidates(embedded.language);
    let mut trials = Trials { embedded, names: &names, candidates, faults: BTreeMap::new() };
    let mut best = vec![0; count];
    // One hole after the other, and again, for what suits one hole may depend on the next.
    for _ in 0..2 {
        for hole in 0..count {
            let all = 0..candidates.len();
            let chosen = all.min_by_key(|&candidate| trials.faults(&with(&best, hole, candidate)));
            best = with(&best, hole, chosen.unwrap_or(0));
        }
    }
    let fewest = trials.faults(&best);
    let mut good = vec![best.clone()];
    for hole in 0..count {
        let others = (0..candidates.len()).map(|candidate| with(&best, hole, candidate));
        let others = others.filter(|choice| *choice != best && trials.faults(choice) == fewest);
        good.extend(others.take(MOST_OF_A_HOLE).collect::<Vec<_>>());
    }
    let found: Vec<(usize, Vec<Diagnostic>)> =
        good.iter().map(|choice| trials.findings(choice, options)).collect();
    let fewest = found.iter().map(|(errors, _)| *errors).min().unwrap_or(0);
    let mut found = found.into_iter().filter(|(errors, _)| *errors == fewest).map(|(_, findings)| findings);
    let mut certain = found.next().unwrap_or_default();
    for others in found {
        certain.retain(|finding| others.iter().any(|other| is_same(finding, other)));
    }
    certain
}

/// Which of the different holes each is: one that is spelled like another is the same text.
fn names(embedded: &Embedded, file: &str) -> Vec<usize> {
    let mut spelled: Vec<&str> = Vec::new();
    let mut names = Vec::new();
    for hole in &embedded.holes {
        let text = hole.source.slice(file);
        let index = spelled.iter().position(|known| *known == text).unwrap_or(spelled.len());
        if index == spelled.len() {
            spelled.push(text);
        }
        names.push(index);
    }
    names
}

fn with(choice: &[usize], hole: usize, candidate: usize) -> Vec<usize> {
    let mut changed = choice.to_vec();
    if let Some(place) = changed.get_mut(hole) {
        *place = candidate;
    }
    changed
}

/// What becomes of the text with each choice.
struct Trials<'a> {
    embedded: &'a Embedded,
    names: &'a [usize],
    candidates: &'static [&'static str],
    /// What the parser says of the choices so far.
    faults: BTreeMap<Vec<usize>, usize>,
}

impl Trials<'_> {
    /// How many errors the parser finds.
    fn faults(&mut self, choice: &[usize]) -> usize {
        if let Some(known) = self.faults.get(choice) {
            return *known;
        }
        let text = self.filled(choice).value;
        let found = match self.embedded.language {
            Language::FilterPattern => FilterPattern::parse_lossy(&text).diagnostics,
            Language::LogsInsights => {
                LogsQuery::parse_lossy(&text, &logs::ParseOptions::default()).diagnostics
            }
            Language::MetricsInsights => {
                MetricsQuery::parse_lossy(&text, &metrics::ParseOptions::default()).diagnostics
            }
            _ => MathExpression::parse_lossy(&text, &MathParseOptions::default()).diagnostics,
        };
        let faults = found.iter().filter(|finding| finding.is_error()).count();
        self.faults.insert(choice.to_vec(), faults);
        faults
    }

    /// The number of errors, and what does not touch a hole.
    fn findings(&self, choice: &[usize], options: &Options) -> (usize, Vec<Diagnostic>) {
        let filled = self.filled(choice);
        let found = of_text(&filled.value, self.embedded.language, options);
        let errors = found.iter().filter(|finding| finding.is_error()).count();
        let apart = found
            .into_iter()
            .filter(|finding| finding.labels.iter().all(|label| !filled.map.touches_hole(label.span)));
        (errors, apart.map(|finding| filled.map.lift(finding)).collect())
    }

    fn filled(&self, choice: &[usize]) -> Text {
        let whole =
            Text { value: self.embedded.text.clone(), map: self.embedded.map.clone(), holes: Vec::new() };
        let mut filled = Text::default();
        let mut copied = 0;
        for (hole, &name) in self.embedded.holes.iter().zip(self.names) {
            filled.append(whole.part(copied..hole.at));
            let candidate = choice.get(name).and_then(|&index| self.candidates.get(index)).copied();
            let word = format!("hole{}", name + 1);
            filled.push_filling(&candidate.unwrap_or_default().replace('§', &word), hole.source);
            copied = hole.at;
        }
        filled.append(whole.part(copied..whole.value.len()));
        filled
    }
}

fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    let places = |finding: &Diagnostic| finding.labels.iter().map(|label| label.span).collect::<Vec<Span>>();
    one.code == other.code
        && one.message == other.message
        && places(one) == places(other)
        && one.fix == other.fix
}
