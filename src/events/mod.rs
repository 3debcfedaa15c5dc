//! Log events from files, directories and streams: every shape that CloudTrail's records come in, plain or compressed.
//!
//! A **source** is a file or a stream, read as one **unit**, or as several where it is long and holds an event a line.
//! A unit is read into **batches** of whole events, each a piece of text to be searched at once; an event's **message**
//! is unwrapped only when someone asks for it. [`collect_sources`] finds sources, [`plan_units`] plans units,
//! [`UnitReader`] reads one, [`run_ordered`] reads all of them on all cores and keeps their order, and [`Totals`] adds up.
//! [`EventReader`] is the simple way: one stream, event by event.
//!
//! The shapes (`spec/cloudtrail-schema.md` 1) are those of [`InputForm`]; gzip of one or more members and zstd are
//! undone, whatever a file is called. Memory is bounded, whatever an input holds: events are skipped that are longer
//! than [`MAX_EVENT_BYTES`], and nesting costs nothing. Nothing is dropped in silence: what cannot be read becomes a
//! [`Problem`] with its place, the rest is read, and the [`Summary`] counts both.

mod batch;
mod decode;
mod documents;
mod filters;
mod form;
mod gzip;
mod lines;
mod members;
mod ordered;
mod problem;
mod query;
mod reader;
mod search;
mod sniff;
mod source;
mod summary;
mod unit;
mod unwrap;
mod window;

pub use batch::{Batch, EventCursor, Framing};
pub use filters::{PublishError, Published, publish};
pub use form::{InputForm, UnknownForm};
pub use ordered::{Outlet, default_threads, run_ordered};
pub use problem::{Expected, FrameFault, Place, Problem, ProblemKind};
pub use query::FileGroups;
pub use reader::EventReader;
pub use search::{Judged, Search};
pub use source::{Collected, Source, collect_sources};
pub use summary::{Summary, Totals};
pub use unit::{ReadOptions, Unit, UnitReader, plan_units};
pub use unwrap::{Opened, Origin, RawEvent, Wrap};

/// An event longer than this, 16 MiB, is skipped and reported. CloudTrail's own are at most 1 MB
/// (`spec/cloudtrail-schema.md` 1), those of CloudWatch Logs at most as long.
pub const MAX_EVENT_BYTES: usize = 16 << 20;
