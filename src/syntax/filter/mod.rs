//! CloudWatch Logs filter patterns: syntax tree, parser, printer (`spec/filter-pattern.md` sections 1 and 2).

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod ast;
pub mod codes;
mod lex;
mod parse;
mod print;
mod regex;
mod tight;
mod words;

pub use crate::syntax::{ParseErrors, Parsed};
#[cfg(feature = "arbitrary")]
pub(crate) use arbitrary::WORDS;
pub use ast::{
    Comparison, Condition, DuplicateField, Entry, Expr, FieldTest, FilterPattern, Item, ItemAtom, Key, Legs,
    Name, NumberLiteral, Ordering, Prefix, Selector, SelectorStep, SpacePattern, Terms, Text, Trivia, Value,
};
pub use parse::NotASelector;
pub use regex::{RegexFault, RegexFaultKind, RegexLiteral};
