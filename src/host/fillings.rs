//! What can be said for certain of a text that has holes: what holds whatever is put into them.
//!
//! A hole can be any text, so the text is read with several: a word, a clause, a bracket. Those with which it has the
//! fewest errors are what it may become; a finding counts if it is there with each of them, at the same place, and that
//! place touches no hole.

use std::collections::BTreeMap;

use crate::check::{Language, Options};
use crate::{Diagnostic, Span};

use super::Embedded;
use super::checked::of_text;
use super::text::Text;

/// Of a text with more different holes nothing is said.
const MOST_HOLES: usize = 12;

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
    let mut trials = Trials { embedded, options, names: &names, candidates, known: BTreeMap::new() };
    let mut best = vec![0; count];
    // One hole after the other, and again, for what suits one hole may depend on the next.
    for _ in 0..2 {
        for hole in 0..count {
            let chosen =
                (0..candidates.len()).min_by_key(|&candidate| trials.errors(&with(&best, hole, candidate)));
            best = with(&best, hole, chosen.unwrap_or(0));
        }
    }
    let fewest = trials.errors(&best);
    let mut good: Vec<Vec<usize>> = Vec::new();
    for hole in 0..count {
        let others = (0..candidates.len()).map(|candidate| with(&best, hole, candidate));
        good.extend(others.filter(|choice| trials.errors(choice) == fewest));
    }
    let mut certain = trials.findings(&best);
    for choice in good {
        let found = trials.findings(&choice);
        certain.retain(|finding| found.iter().any(|other| is_same(finding, other)));
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

/// What was found with each choice so far.
struct Trials<'a> {
    embedded: &'a Embedded,
    options: &'a Options,
    names: &'a [usize],
    candidates: &'static [&'static str],
    known: BTreeMap<Vec<usize>, (usize, Vec<Diagnostic>)>,
}

impl Trials<'_> {
    fn errors(&mut self, choice: &[usize]) -> usize {
        self.run(choice).0
    }

    fn findings(&mut self, choice: &[usize]) -> Vec<Diagnostic> {
        self.run(choice).1.clone()
    }

    fn run(&mut self, choice: &[usize]) -> &(usize, Vec<Diagnostic>) {
        if !self.known.contains_key(choice) {
            let result = self.trial(choice);
            self.known.insert(choice.to_vec(), result);
        }
        self.known.entry(choice.to_vec()).or_default()
    }

    /// The number of errors, and what does not touch a hole.
    fn trial(&self, choice: &[usize]) -> (usize, Vec<Diagnostic>) {
        let filled = self.filled(choice);
        let found = of_text(&filled.value, self.embedded.language, self.options);
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
