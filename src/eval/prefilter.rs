//! A search in raw text that leaves out events which cannot match.
//!
//! Sound by [`Requirement`]: an event with none of the needles, and, for JSON, without a `\u` escape, cannot match.
//! Everything found is only a candidate and is evaluated as ever.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind, packed};
use memchr::memmem;

use crate::plan::requirement::{AnyOf, Requirement};

/// More clauses than this are not tried one after the other.
const MOST_CLAUSES: usize = 4;

/// The searches that a pattern allows.
#[derive(Clone, Debug)]
pub struct Prefilter {
    clauses: Vec<Clause>,
    /// Finds what may hide a needle in JSON text.
    escape: Option<memmem::Finder<'static>>,
}

#[derive(Clone, Debug)]
struct Clause {
    any_of: AnyOf,
    search: OnceLock<Option<Search>>,
}

#[derive(Clone, Debug)]
enum Search {
    One(memmem::Finder<'static>),
    /// By vectors, where the machine has them and the needles are few.
    Few(packed::Searcher),
    Many(AhoCorasick),
}

/// Which search is in use: it moves on when one turns out to find nearly every event.
#[derive(Clone, Debug, Default)]
pub struct PrefilterState {
    clause: usize,
}

/// The candidates of one block of text, in ascending order.
#[derive(Debug)]
pub struct Candidates<'p, 't> {
    search: &'p Search,
    escape: Option<&'p memmem::Finder<'static>>,
    text: &'t [u8],
    next_needle: Option<usize>,
    next_escape: Option<usize>,
}

impl Prefilter {
    /// The searches for what a pattern requires.
    pub fn new(requirement: Requirement) -> Self {
        let clause = |any_of| Clause { any_of, search: OnceLock::new() };
        Prefilter {
            clauses: requirement.clauses.into_iter().take(MOST_CLAUSES).map(clause).collect(),
            escape: requirement.in_json.then(|| memmem::Finder::new(r"\u").into_owned()),
        }
    }

    /// Looks through a block of whole events; `None` where no search is worth it any more and every event is to be
    /// evaluated. `may_have_escapes` is false where it is known that no `\u` stands in the block.
    pub fn candidates<'p, 't>(
        &'p self,
        state: &PrefilterState,
        text: &'t str,
        may_have_escapes: bool,
    ) -> Option<Candidates<'p, 't>> {
        let search = self.clauses.get(state.clause)?.search()?;
        let mut candidates = Candidates {
            search,
            escape: self.escape.as_ref().filter(|_| may_have_escapes),
            text: text.as_bytes(),
            next_needle: Some(0),
            next_escape: Some(0),
        };
        candidates.next_needle = candidates.find_needle(0);
        candidates.next_escape = candidates.find_escape(0);
        Some(candidates)
    }
}

impl PrefilterState {
    /// Takes note of how many of the `events` of a block were `candidates`; more than three in four, and the search
    /// in use costs more than it saves.
    pub fn observe(&mut self, events: usize, candidates: usize) {
        if candidates.saturating_mul(4) > events.saturating_mul(3) {
            self.clause += 1;
        }
    }
}

impl Clause {
    fn search(&self) -> Option<&Search> {
        self.search
            .get_or_init(|| match self.any_of.needles.as_slice() {
                [one] => Some(Search::One(memmem::Finder::new(one.as_bytes()).into_owned())),
                many => {
                    let needles = many.iter().map(|needle| needle.as_bytes());
                    let few =
                        packed::Config::new().builder().extend(needles.clone()).build().map(Search::Few);
                    let many = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(needles);
                    few.or_else(|| many().ok().map(Search::Many))
                }
            })
            .as_ref()
    }
}

impl Candidates<'_, '_> {
    /// The first place at or behind `from` that lies in a candidate.
    pub fn next_from(&mut self, from: usize) -> Option<usize> {
        if self.next_needle.is_some_and(|at| at < from) {
            self.next_needle = self.find_needle(from);
        }
        if self.next_escape.is_some_and(|at| at < from) {
            self.next_escape = self.find_escape(from);
        }
        match (self.next_needle, self.next_escape) {
            (Some(needle), Some(escape)) => Some(needle.min(escape)),
            (needle, escape) => needle.or(escape),
        }
    }

    fn find_needle(&self, from: usize) -> Option<usize> {
        let text = self.text.get(from..)?;
        let found = match self.search {
            Search::One(finder) => finder.find(text),
            Search::Few(searcher) => searcher.find(text).map(|found| found.start()),
            Search::Many(searcher) => searcher.find(text).map(|found| found.start()),
        };
        found.map(|at| from + at)
    }

    fn find_escape(&self, from: usize) -> Option<usize> {
        self.escape?.find(self.text.get(from..)?).map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(needles: &[&str], in_json: bool, text: &str) -> Vec<usize> {
        let any_of =
            AnyOf { needles: needles.iter().map(|needle| (*needle).into()).collect(), from_values: true };
        let prefilter = Prefilter::new(Requirement { clauses: vec![any_of], in_json });
        let mut candidates = prefilter.candidates(&PrefilterState::default(), text, true).unwrap();
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = candidates.next_from(from) {
            found.push(at);
            from = at + 1;
        }
        found
    }

    #[test]
    fn needles_and_escapes_are_found_in_ascending_order() {
        let text = r#"GetObject \u0047etObject GetObject \n"#;
        assert_eq!(places(&["GetObject"], true, text), [0, 10, 25]);
        assert_eq!(places(&["GetObject"], false, text), [0, 25]);
        assert_eq!(places(&["GetObject", "etO"], true, text), [0, 1, 10, 16, 25, 26]);
    }

    #[test]
    fn a_search_that_finds_nearly_every_event_is_given_up() {
        let any_of = AnyOf { needles: vec!["abc".into()], from_values: true };
        let prefilter = Prefilter::new(Requirement { clauses: vec![any_of], in_json: true });
        let mut state = PrefilterState::default();
        state.observe(4, 3);
        assert!(prefilter.candidates(&state, "abc", true).is_some());
        state.observe(4, 4);
        assert!(prefilter.candidates(&state, "abc", true).is_none());
    }
}
