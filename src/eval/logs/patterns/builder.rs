//! Lines in, one entry a distinct template held.

use hashbrown::HashMap;

use super::observed::{MOST_BYTES, Observed};
use super::template::{Level, decode, encode};
use super::tokens::{Token, tokenize};
use super::{Patterns, merge, rows};

/// How many templates are kept at most.
const MOST_TEMPLATES: usize = 100_000;

/// How many bytes they may come to, all their places full.
const MOST_WEIGHT: usize = 256 << 20;

/// Collects the lines of one window for [`Patterns`].
///
/// It holds each distinct template once, with its count and a few of the values seen at its places; never the lines.
/// Beyond 100,000 templates, or as many as could take 256 MiB, all templates are made coarser, step by step, until they
/// fit: words with a digit vary, then words beyond the first eight tokens, then all words but those of severity, in the
/// end only the number of tokens (up to 64) counts. No line is left out and counts stay exact. How coarse it gets
/// depends on the set of lines alone, so parts of an input that are collected apart and merged give what the whole
/// gives.
#[derive(Clone, Debug)]
pub struct PatternBuilder {
    templates: Templates,
    level: Level,
    weight: usize,
    places: usize,
    value_bytes: usize,
    total: u64,
    limits: Limits,
}

pub(super) type Templates = HashMap<Box<[u8]>, Entry>;

/// What the lines of one template showed.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) count: u64,
    /// For each place, left to right.
    pub(super) places: Box<[Observed]>,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    templates: usize,
    weight: usize,
}

impl Default for PatternBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl PatternBuilder {
    /// Nothing collected yet.
    pub fn new() -> Self {
        Self::bounded(MOST_TEMPLATES, MOST_WEIGHT)
    }

    pub(super) fn bounded(templates: usize, weight: usize) -> Self {
        PatternBuilder {
            templates: Templates::new(),
            level: Level::default(),
            weight: 0,
            places: 0,
            value_bytes: 0,
            total: 0,
            limits: Limits { templates, weight },
        }
    }

    /// Counts a line, of which the first 1,500 characters are looked at.
    pub fn add(&mut self, text: &str) {
        let mut tokens = Vec::with_capacity(64);
        tokenize(text, &mut tokens);
        self.total += 1;
        let (mut key, mut texts) = (Vec::with_capacity(text.len().min(2_048)), Vec::new());
        for (at, token) in tokens.iter().enumerate() {
            if let Some(token) = self.level.show(at, *token) {
                encode(token, &mut key);
                if token.class.is_some() {
                    texts.push(token.text);
                }
            }
        }
        self.put(&key, 1, texts.len(), |at, place| texts.get(at).map_or(0, |text| place.add(text, 1)));
        self.fit();
    }

    /// Adds what another part of the input collected.
    pub fn merge(&mut self, mut later: PatternBuilder) {
        let level = self.level.max(later.level);
        self.coarsen(level);
        later.coarsen(level);
        self.total += later.total;
        for (key, entry) in later.templates {
            self.put(&key, entry.count, entry.places.len(), |at, place| {
                entry.places.get(at).map_or(0, |seen| place.merge(seen))
            });
        }
        self.fit();
    }

    /// About how many bytes this holds.
    pub fn footprint(&self) -> usize {
        let keys = self.weight.saturating_sub(self.places * MOST_BYTES);
        keys + self.places * size_of::<Observed>() + self.value_bytes
    }

    /// The patterns of all lines.
    pub fn finish(self) -> Patterns {
        let mut windows = Self::finish_windows(vec![self]);
        windows.pop().unwrap_or_default()
    }

    /// The patterns of two windows that are to be compared: found in the lines of both together, so that the same thing
    /// has the same text on both sides, and counted in each.
    pub fn finish_pair(current: Self, previous: Self) -> (Patterns, Patterns) {
        let mut windows = Self::finish_windows(vec![current, previous]).into_iter();
        (windows.next().unwrap_or_default(), windows.next().unwrap_or_default())
    }

    fn finish_windows(mut windows: Vec<Self>) -> Vec<Patterns> {
        let level = windows.iter().map(|window| window.level).max().unwrap_or_default();
        for window in &mut windows {
            window.coarsen(level);
        }
        let totals: Vec<u64> = windows.iter().map(|window| window.total).collect();
        let windows: Vec<Templates> = windows.into_iter().map(|window| window.templates).collect();
        let groups = merge::groups(&windows);
        rows::rows(&groups, &windows, &totals)
    }

    /// Counts lines of a template whose places show what `fill` puts there, and says by how many bytes that grew.
    fn put(&mut self, key: &[u8], count: u64, places: usize, fill: impl Fn(usize, &mut Observed) -> isize) {
        let update = |entry: &mut Entry| -> isize {
            entry.count += count;
            entry.places.iter_mut().enumerate().map(|(at, place)| fill(at, place)).sum()
        };
        let grown = if let Some(entry) = self.templates.get_mut(key) {
            update(entry)
        } else {
            let mut entry = Entry { count: 0, places: vec![Observed::default(); places].into() };
            let grown = update(&mut entry);
            self.templates.insert(key.into(), entry);
            self.weight += weight(key, places);
            self.places += places;
            grown
        };
        self.value_bytes = self.value_bytes.saturating_add_signed(grown);
    }

    /// Makes the templates coarser until they fit.
    fn fit(&mut self) {
        while self.templates.len() > self.limits.templates || self.weight > self.limits.weight {
            let Some(level) = self.level.next() else { return };
            self.coarsen(level);
        }
    }

    fn coarsen(&mut self, level: Level) {
        if level == self.level {
            return;
        }
        self.level = level;
        (self.weight, self.places, self.value_bytes) = (0, 0, 0);
        for (finer, entry) in std::mem::take(&mut self.templates) {
            let (mut key, mut places) = (Vec::with_capacity(finer.len()), Vec::new());
            let mut observed = entry.places.into_iter();
            for (at, token) in decode(&finer).enumerate() {
                let place = match token.class {
                    Some(_) => observed.next(),
                    None => None,
                };
                if let Some(token) = level.show(at, token) {
                    encode(token, &mut key);
                    if token.class.is_some() {
                        places.push(place.unwrap_or_else(|| literal(token, entry.count)));
                    }
                }
            }
            self.put(&key, entry.count, places.len(), |at, place| {
                places.get(at).map_or(0, |seen| place.merge(seen))
            });
        }
    }
}

/// A literal as what was seen at a place.
pub(super) fn literal(token: Token<'_>, count: u64) -> Observed {
    let mut place = Observed::default();
    place.add(token.text, count);
    place
}

/// What a template may come to in memory. It depends on the template alone, so that the bound does not depend on the
/// order of lines.
fn weight(key: &[u8], places: usize) -> usize {
    size_of::<(Box<[u8]>, Entry)>() + key.len() + places * MOST_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn built(bounds: (usize, usize), lines: &[String]) -> PatternBuilder {
        let mut builder = PatternBuilder::bounded(bounds.0, bounds.1);
        for line in lines {
            builder.add(line);
        }
        builder
    }

    /// Lines out of few words, so that templates meet.
    fn lines() -> impl Strategy<Value = Vec<String>> {
        let word = prop_oneof![
            Just("ERROR".to_owned()),
            Just("2026-03-01 10:00:00".to_owned()),
            "[a-c]{1,2}",
            "[a-c][0-9]",
            "[0-9]{1,3}",
            "\\[x\\]",
        ];
        prop::collection::vec(prop::collection::vec(word, 0..9).prop_map(|words| words.join(" ")), 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn patterns_do_not_depend_on_how_the_input_was_cut(
            lines in lines(),
            cuts in prop::collection::vec(0_usize..60, 0..4),
            templates in prop_oneof![Just(3_usize), Just(12), Just(1_000)],
            weight in prop_oneof![Just(30_000_usize), Just(1 << 30)],
        ) {
            let bounds = (templates, weight);
            let whole = built(bounds, &lines).finish();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(lines.len())).collect();
            cuts.extend([0, lines.len()]);
            cuts.sort_unstable();
            let mut merged = PatternBuilder::bounded(bounds.0, bounds.1);
            for cut in cuts.windows(2) {
                merged.merge(built(bounds, &lines[cut[0]..cut[1]]));
            }
            let footprint = merged.footprint();
            prop_assert_eq!(footprint, built(bounds, &lines).footprint());
            prop_assert_eq!(merged.finish(), whole.clone());
            let counted: u64 = whole.rows.iter().map(|row| row.count).sum();
            prop_assert_eq!(counted, lines.len() as u64);
            prop_assert_eq!(whole.total, lines.len() as u64);
        }
    }

    #[test]
    fn ever_new_words_are_held_in_bounded_memory() {
        let mut builder = PatternBuilder::bounded(1_000, 64 << 20);
        for round in 0..20_000_u32 {
            let word: String =
                round.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
            builder.add(&format!("the word {word} is new"));
        }
        assert!(builder.templates.len() <= 1_000);
        assert!(builder.footprint() < 64 << 20);
        let patterns = builder.finish();
        assert_eq!(patterns.total, 20_000);
        assert_eq!(patterns.rows.iter().map(|row| row.count).sum::<u64>(), 20_000);
    }
}
