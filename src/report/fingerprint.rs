//! A name for a finding that stays when lines move and when other findings come or go.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{Code, Diagnostic};

use super::Checked;
use super::printable::one_line;

/// The fingerprints of the findings of one file, in their order: 32 hexadecimal digits each, no two alike.
///
/// One is made of the path, the code, the lines that the finding is in and the words it points at, blanks apart; and
/// among findings equal in all that, of which one it is. So a line may move, and what is found elsewhere may change.
pub(super) fn fingerprints(checked: &Checked<'_>) -> Vec<String> {
    let mut seen: HashMap<(Code, String), u32> = HashMap::new();
    let name = checked.name.replace('\\', "/");
    checked
        .diagnostics
        .iter()
        .map(|finding| {
            let place = place(checked.source, finding);
            let ordinal = seen.entry((finding.code, place.clone())).or_default();
            let digest = Sha256::digest(format!("{name}\0{}\0{place}\0{ordinal}", finding.code));
            *ordinal += 1;
            digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}

/// The lines that a finding is in, and the words it points at.
fn place(source: &str, finding: &Diagnostic) -> String {
    let range = finding.span().range();
    let (start, end) = (range.start.min(source.len()), range.end.min(source.len()));
    let bytes = source.as_bytes();
    let line_start = memchr::memrchr(b'\n', bytes.get(..start).unwrap_or_default()).map_or(0, |at| at + 1);
    let line_end =
        memchr::memchr(b'\n', bytes.get(end..).unwrap_or_default()).map_or(source.len(), |at| end + at);
    let lines = source.get(line_start..line_end).unwrap_or_default();
    let words = source.get(start..end).unwrap_or_default();
    format!("{}\0{}", one_line(lines), one_line(words))
}

#[cfg(test)]
mod tests {
    use crate::Span;

    use super::*;

    const SOURCE: &str = "a\n  pattern = 1 + 1\nb\n  pattern = 1 + 1\n";

    fn finding(code: &'static str, start: usize) -> Diagnostic {
        Diagnostic::error(Code(code), Span::new(start, start + 1), "m")
    }

    fn of(source: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
        fingerprints(&Checked { name: "main.tf", source, diagnostics })
    }

    #[test]
    fn lines_may_move() {
        let moved = format!("# a new line\n\n{}", SOURCE.replace("  pattern", "\t\tpattern "));
        let at = |text: &str, nth: usize| text.match_indices("1 +").nth(nth).map_or(0, |(at, _)| at);
        let both = |text: &str| [finding("FP001", at(text, 0)), finding("FP001", at(text, 1))];
        assert_eq!(of(SOURCE, &both(SOURCE)), of(&moved, &both(&moved)));
    }

    #[test]
    fn other_findings_may_come_and_go() {
        let (first, second) = (finding("FP001", 14), finding("FP002", 14));
        let alone = of(SOURCE, std::slice::from_ref(&second));
        assert_eq!(of(SOURCE, &[first, second]).last(), alone.last());
    }

    #[test]
    fn no_two_are_alike() {
        let mut all = of(SOURCE, &[finding("FP001", 14), finding("FP001", 14), finding("FP001", 18)]);
        let other = Checked { name: "other.tf", source: SOURCE, diagnostics: &[finding("FP001", 14)] };
        all.extend(fingerprints(&other));
        all.extend(of(SOURCE, &[finding("FP002", 14)]));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 5);
    }
}
