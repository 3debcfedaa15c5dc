//! What the rows of a query are made of: values, the functions on them, aggregates, lookup tables
//! (`spec/logs-insights.md` 3 and 4).
//!
//! Nothing here knows of queries, events or files.

mod aggregate;
mod functions;
mod lookup;
mod order;
mod value;

pub(crate) use aggregate::{Accumulator, AggregateSpec, Total};
pub use functions::Clock;
pub(crate) use functions::regex::compile as compile_regex;
pub(crate) use functions::{ScalarCall, period};
pub use lookup::{CidrIndex, LookupError, LookupIndex, LookupTable};
pub use value::{Map, Number, Value, parse_number, render_number, render_time};
