//! Fixes put into a text, round after round, until none is left.

use std::collections::BTreeMap;

use crate::{Diagnostic, Edit, Fix};

/// A fix can make the next one possible; more rounds than this are a circle.
const ROUNDS: usize = 10;

/// The text after its fixes, and how many there were. `findings` gives what is found in a text.
///
/// Fixes that overlap take turns. A round after which the text has more errors than before is taken back, and ends it.
pub(super) fn fixed(text: &str, findings: impl Fn(&str) -> Vec<Diagnostic>) -> (String, u64) {
    let errors = |found: &[Diagnostic]| found.iter().filter(|finding| finding.is_error()).count();
    let (mut text, mut count) = (text.to_owned(), 0);
    let mut found = findings(&text);
    for _ in 0..ROUNDS {
        let (fix, applied) = round(&found);
        if applied == 0 {
            break;
        }
        let mended = fix.apply(&text);
        let left = findings(&mended);
        if errors(&left) > errors(&found) {
            break;
        }
        count += applied;
        (text, found) = (mended, left);
    }
    (text, count)
}

/// The edits of all fixes that do not touch each other, as one, and of how many fixes they are.
fn round(found: &[Diagnostic]) -> (Fix, u64) {
    // By where they start; none touches another, so only the last that starts before the end of an edit can touch it.
    let mut taken: BTreeMap<(u32, usize), &Edit> = BTreeMap::new();
    let mut applied = 0;
    for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
        let touches = |edit: &Edit| {
            let before = taken.range(..=(edit.span.end, usize::MAX)).next_back();
            before.is_some_and(|(_, known)| known.span.end >= edit.span.start)
        };
        if !fix.edits.iter().any(touches) {
            let numbered = fix.edits.iter().enumerate();
            taken.extend(numbered.map(|(index, edit)| ((edit.span.start, index), edit)));
            applied += 1;
        }
    }
    (Fix { title: String::new(), edits: taken.into_values().cloned().collect() }, applied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Language, Options, check};

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let findings = |text: &str| check(text, Language::LogsInsights, &Options::default());
        let (text, count) = fixed("filter a == 1\nstats count(*) by bin(300s)", findings);
        assert_eq!((text.as_str(), count), ("filter a = 1\n| stats count(*) by bin(5m)", 3));
    }

    #[test]
    fn fixes_that_touch_take_turns() {
        let finding = |fix| Diagnostic::error(crate::Code("FP007"), crate::Span::at(0), "").fix(fix);
        let findings = |text: &str| match text {
            "ab" => vec![
                finding(Fix::replace("", crate::Span::new(0, 1), "x")),
                finding(Fix::replace("", crate::Span::new(1, 2), "y")),
            ],
            "xb" => vec![finding(Fix::replace("", crate::Span::new(1, 2), "y"))],
            _ => Vec::new(),
        };
        assert_eq!(fixed("ab", findings), ("xy".to_owned(), 2));
    }
}
