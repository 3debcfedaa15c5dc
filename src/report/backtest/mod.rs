//! A backtest as text for a terminal, as JSON for programs and as a page for a browser.

mod charts;
mod facts;
mod json;
mod page;
mod text;

use crate::backtest::Backtest;
use crate::events::Published;
use crate::stack::CheckedStack;

pub use charts::{NamedChart, charts};
pub use json::render as json;
pub use page::render as page;
pub use text::{TextOptions, render as text};

/// Everything that a report tells.
#[derive(Debug)]
pub struct Replayed<'r> {
    /// What the stack file is called.
    pub name: &'r str,
    /// Its text.
    pub source: &'r str,
    /// The stack.
    pub stack: &'r CheckedStack,
    /// What its metric filters published.
    pub published: &'r Published,
    /// What its detectors and alarms did.
    pub backtest: &'r Backtest,
    /// What its Logs Insights queries gave.
    pub queries: &'r [QueryTable],
    /// What was found in the stack, as text without colours.
    pub findings: &'r str,
}

/// What a saved Logs Insights query gave.
#[derive(Clone, Debug)]
pub struct QueryTable {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Rows, or why there are none.
    pub result: Result<Table, String>,
}

/// Names of columns, and rows of texts as the service renders them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The names.
    pub columns: Vec<String>,
    /// The rows; a cell without a value is none.
    pub rows: Vec<Vec<Option<String>>>,
}
