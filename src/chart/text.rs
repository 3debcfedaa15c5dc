//! What a label may hold, how much room it takes, and how it is cut or broken to fit.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The mark of a cut.
const ELLIPSIS: char = '…';

/// The text without characters that XML forbids, that move a terminal's cursor or that turn the writing direction.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        text.chars().map(|c| if is_unsafe(c) { harmless(c) } else { c }).collect::<String>().into()
    } else {
        text.into()
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{fffe}' | '\u{ffff}')
}

fn harmless(c: char) -> char {
    if c.is_whitespace() { ' ' } else { char::REPLACEMENT_CHARACTER }
}

/// How many terminal cells a text takes.
pub(super) fn cells(text: &str) -> usize {
    text.width()
}

/// An upper estimate of the width of a text in a sans-serif font of this size. Wide fonts are assumed, so that labels
/// that are laid out with it do not touch in narrower ones.
pub(super) fn width(text: &str, size: f64) -> f64 {
    // Some sequences, as those of emoji, are wider than their characters.
    text.chars().map(advance).sum::<f64>().max(0.6 * text.width() as f64) * size
}

fn advance(c: char) -> f64 {
    match c.width() {
        None | Some(0) => 0.0,
        Some(1) => match c {
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1.0,
            'A'..='Z' | '+' | '−' | '=' | '<' | '>' | '&' | '#' | '~' => 0.76,
            'a'..='z' | '0'..='9' | ' '..='/' | ':' | ';' | '_' | '|' | '·' | '–' => 0.64,
            _ => 0.8,
        },
        Some(more) => 0.6 * more as f64,
    }
}

/// The text, or its beginning and end around an ellipsis where it is wider than `most` by `measure`: names that begin
/// alike, as ARNs do, stay apart.
pub(super) fn fit_middle<'t>(text: &'t str, most: f64, measure: impl Fn(&str) -> f64) -> Cow<'t, str> {
    if measure(text) <= most {
        return text.into();
    }
    let chars: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let head = kept / 2;
        let tail = chars.len().saturating_sub(kept - head);
        chars.iter().take(head).chain([&ELLIPSIS]).chain(chars.iter().skip(tail)).collect()
    };
    longest(chars.len().saturating_sub(1), most, cut, measure).into()
}

/// The text, or its beginning before an ellipsis where it is wider than `most`.
pub(super) fn fit_end<'t>(text: &'t str, most: f64, measure: impl Fn(&str) -> f64) -> Cow<'t, str> {
    if measure(text) <= most {
        return text.into();
    }
    let count = text.chars().count();
    let cut = |kept: usize| -> String { text.chars().take(kept).chain([ELLIPSIS]).collect() };
    longest(count.saturating_sub(1), most, cut, measure).into()
}

/// The longest cut that fits, by bisection; an empty text where none does.
fn longest(
    mut most_kept: usize,
    most: f64,
    cut: impl Fn(usize) -> String,
    measure: impl Fn(&str) -> f64,
) -> String {
    let mut least_kept = 0;
    if measure(&cut(0)) > most {
        return String::new();
    }
    while least_kept < most_kept {
        let middle = least_kept + (most_kept - least_kept).div_ceil(2);
        if measure(&cut(middle)) <= most {
            least_kept = middle;
        } else {
            most_kept = middle - 1;
        }
    }
    cut(least_kept)
}

/// The text in lines of at most this width, broken at blanks; what does not fit into `lines` is cut.
pub(super) fn wrap(text: &str, most: f64, lines: usize, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
        if measure(&longer) <= most || line.is_empty() && done.len() + 1 < lines {
            line = longer;
            words.next();
        } else if done.len() + 1 < lines {
            done.push(std::mem::take(&mut line));
        } else {
            let rest: Vec<&str> = words.collect();
            let blank = if line.is_empty() { "" } else { " " };
            line = format!("{line}{blank}{}", rest.join(" "));
            break;
        }
    }
    if !line.is_empty() {
        done.push(line);
    }
    done.into_iter().map(|line| fit_end(&line, most, &measure).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_replaced() {
        assert_eq!(clean("a\u{1b}[31m\nb\u{202e}c\u{ffff}\0"), "a\u{fffd}[31m b\u{fffd}c\u{fffd}\u{fffd}");
        assert!(matches!(clean("naïve 日本 </script>"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_names_keep_both_ends() {
        let by_cells = |text: &str| cells(text) as f64;
        assert_eq!(fit_middle("arn:aws:iam::111122223333:user/alice", 13.0, by_cells), "arn:aw…/alice");
        assert_eq!(fit_middle("short", 5.0, by_cells), "short");
        assert_eq!(fit_middle("日本語日本語", 5.0, by_cells), "日…語");
        assert_eq!(fit_middle("abc", 0.0, by_cells), "");
        assert_eq!(fit_end("abcdef", 4.0, by_cells), "abc…");
    }

    #[test]
    fn lines_break_at_blanks() {
        let by_cells = |text: &str| cells(text) as f64;
        assert_eq!(wrap("one two three four", 8.0, 2, by_cells), ["one two", "three f…"]);
        assert_eq!(wrap("one two three", 8.0, 3, by_cells), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 6.0, 2, by_cells), ["unbre…"]);
        assert!(wrap("  ", 6.0, 2, by_cells).is_empty());
    }
}
