//! Raw JSON text: structure masks, projection of a few paths in one validating pass, splitting of arrays.
//!
//! Nothing here knows CloudTrail or a query language. No tree is ever built.

mod compact;
mod cursor;
mod escape;
mod lanes;
mod members;
mod number;
mod page;
mod plain;
mod planes;
mod project;
mod split;
mod text;
mod trie;
mod walk;

#[cfg(test)]
mod tests;

pub use compact::compact;
pub use members::{Member, members};
pub use number::Decimal;
pub use project::{NotAnObject, NotAnObjectReason, Projection, Slots};
pub use split::ElementScanner;
pub use text::RawString;
pub use trie::Step;

/// What a path of a JSON text leads to: the three states of presence, and what kind of value it is.
///
/// Presence has three states, and they are told apart here so that no caller can forget one: [`Node::Absent`],
/// [`Node::Null`], and any of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Node<'a> {
    /// The path cannot be walked.
    #[default]
    Absent,
    /// The JSON `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, spelled as in the text.
    Number(&'a str),
    /// A string, as written between its quotes.
    String(RawString<'a>),
    /// An array: its text, brackets included.
    Array(&'a str),
    /// An object: its text, braces included.
    Object(&'a str),
}
