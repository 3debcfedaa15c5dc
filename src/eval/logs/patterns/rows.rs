//! From groups of templates to the rows that `pattern` shows (`spec/logs-insights.md` 6.4, steps 4 to 7).

use super::builder::{Entry, Templates, literal};
use super::merge::Group;
use super::observed::Observed;
use super::severity::severity;
use super::template::decode;
use super::{PatternRow, PatternToken, Patterns, TokenValue};

/// The patterns of each window, with the same text for the same group.
pub(super) fn rows(groups: &[Group<'_>], windows: &[Templates], totals: &[u64]) -> Vec<Patterns> {
    let mut out: Vec<Patterns> =
        totals.iter().map(|total| Patterns { rows: Vec::new(), total: *total }).collect();
    for group in groups {
        let seen: Vec<Entry> = windows.iter().map(|window| seen(group, window)).collect();
        let text = Text::of(group, &seen);
        let severity = severity(&text.pattern);
        for (patterns, entry) in out.iter_mut().zip(&seen).filter(|(_, entry)| entry.count > 0) {
            patterns.rows.push(PatternRow {
                pattern: text.pattern.clone(),
                count: entry.count,
                ratio: entry.count as f64 / patterns.total as f64,
                severity,
                tokens: text.tokens(entry),
            });
        }
    }
    for patterns in &mut out {
        patterns.rows.sort_by(|left, right| {
            right.count.cmp(&left.count).then_with(|| left.pattern.cmp(&right.pattern))
        });
    }
    out
}

/// What the templates of a group showed in a window.
fn seen(group: &Group<'_>, window: &Templates) -> Entry {
    let mut count = 0;
    let mut places = vec![Observed::default(); group.classes().flatten().count()];
    for key in &group.members {
        let Some(entry) = window.get(*key) else { continue };
        count += entry.count;
        let (mut own, mut joint) = (entry.places.iter(), places.iter_mut());
        for (token, class) in decode(key).zip(group.classes()) {
            let observed = token.class.and_then(|_| own.next());
            if class.is_none() {
                continue;
            }
            let Some(place) = joint.next() else { continue };
            match observed {
                Some(observed) => place.merge(observed),
                None => place.merge(&literal(token, entry.count)),
            };
        }
    }
    Entry { count, places: places.into() }
}

/// A pattern's text and which places of its group vary in it.
struct Text {
    pattern: String,
    /// The kind of each place that is shown as a token.
    shown: Vec<Option<&'static str>>,
}

impl Text {
    fn of(group: &Group<'_>, windows: &[Entry]) -> Text {
        let lines: u64 = windows.iter().map(|entry| entry.count).sum();
        let mut text = Text { pattern: String::new(), shown: Vec::new() };
        let mut number = 0;
        let template = group.members.first().copied().unwrap_or_default();
        for (token, class) in decode(template).zip(group.classes()) {
            if token.spaced {
                text.pattern.push(' ');
            }
            let Some(class) = class else {
                text.pattern.push_str(token.text);
                continue;
            };
            let mut all = Observed::default();
            for entry in windows {
                if let Some(place) = entry.places.get(text.shown.len()) {
                    all.merge(place);
                }
            }
            if let Some(only) = all.only().filter(|_| lines >= 2) {
                text.pattern.push_str(only);
                text.shown.push(None);
            } else {
                number += 1;
                text.pattern.push_str(&format!("<{}-{number}>", class.name()));
                text.shown.push(Some(class.name()));
            }
        }
        text
    }

    /// The tokens of the pattern with what a window showed there.
    fn tokens(&self, entry: &Entry) -> Vec<PatternToken> {
        let shown = self.shown.iter().zip(&entry.places);
        shown.filter_map(|(kind, place)| kind.map(|kind| token(kind, place))).collect()
    }
}

fn token(kind: &'static str, place: &Observed) -> PatternToken {
    let mut values: Vec<TokenValue> = place
        .seen()
        .iter()
        .map(|seen| TokenValue { text: seen.text.to_string(), count: seen.count })
        .collect();
    values.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.text.cmp(&right.text)));
    PatternToken { kind, values, several: place.several(), range: place.range() }
}
