//! The items of a terms pattern, as far as several rules look at them alike.

use crate::Span;
use crate::syntax::filter::{FilterPattern, Item, ItemAtom};

use super::View;

/// The items; none where the pattern is of another kind.
pub(super) fn items<'a>(view: &View<'a>) -> &'a [Item] {
    match view.pattern {
        FilterPattern::Terms(terms) => terms.items(),
        _ => &[],
    }
}

/// The text that an item looks for, unless it is a regex.
pub(super) fn text(item: &Item) -> Option<&str> {
    match &item.atom {
        ItemAtom::Text(text) => Some(&text.text),
        _ => None,
    }
}

/// The text that an item looks for where it stands without quotes.
pub(super) fn word(item: &Item) -> Option<&str> {
    match &item.atom {
        ItemAtom::Text(text) if !text.quoted.0 => Some(&text.text),
        _ => None,
    }
}

/// An item and the blanks before it, or behind it where it is the first one.
pub(super) fn removal(text: &str, item: Span) -> Span {
    let before = text.get(..item.range().start).unwrap_or_default().trim_end();
    if !before.is_empty() {
        return Span::new(before.len(), item.range().end);
    }
    let behind = text.get(item.range().end..).unwrap_or_default().trim_start();
    Span::new(item.range().start, text.len() - behind.len())
}
