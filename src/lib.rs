//! trailql compiles the query languages of Amazon CloudWatch over AWS CloudTrail events, checks them and runs them
//! offline, with the service's own semantics.
//!
//! It speaks filter patterns, Metrics Insights and Logs Insights, whole, and replays a stack of all three over past
//! logs. Every language has the same verbs: parse, check, compile, run.
//!
//! ```
//! use trailql::series::TransformationSpec;
//! use trailql::{EpochMillis, FilterPattern, Limits, LogEvent};
//!
//! // A metric filter on presigned downloads, counted by user.
//! let pattern: FilterPattern =
//!     "{ $.eventName = GetObject && $.additionalEventData.AuthenticationMethod = QueryString }".parse()?;
//! let transformation = TransformationSpec {
//!     namespace: "advanced-cloudtrail-event".into(),
//!     name: "presigned-URL-userName".into(),
//!     value: "1".into(),
//!     dimensions: vec![("userName".into(), "$.userIdentity.userName".into())],
//!     ..TransformationSpec::default()
//! };
//! let transformation = transformation.check(&pattern).expect("it fits the pattern");
//!
//! let matcher = pattern.compile(&Limits::default())?;
//! let record = r#"{"eventName":"GetObject","additionalEventData":{"AuthenticationMethod":"QueryString"},
//!                  "userIdentity":{"type":"IAMUser","userName":"unauthorizedUser"}}"#;
//! let event = LogEvent::new(record).at(EpochMillis(1_726_110_600_000));
//! assert!(matcher.is_match(&event));
//!
//! let sample = transformation.sample(&matcher, &event)?;
//! assert_eq!(sample.value, 1.0);
//! assert_eq!(sample.dimensions, [("userName".to_string(), "unauthorizedUser".to_string())]);
//!
//! // A fault has a code, a place and a way out.
//! let errors = FilterPattern::parse("{ $.eventName == GetObject }").unwrap_err();
//! let fault = &errors.diagnostics()[0];
//! assert_eq!((fault.code.0, fault.help.as_deref()), ("FP007", Some("write `=`")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```
//! use trailql::eval::logs::{MemoryGroups, MemoryRecord, QueryWindow, RunLimits};
//! use trailql::{EpochMillis, LogsQuery};
//!
//! // Who is behind the downloads?
//! let query: LogsQuery =
//!     r#"filter eventName = "GetObject" | stats count(*) as n by userIdentity.userName"#.parse()?;
//! let plan = query.compile(&Default::default())?;
//! let message = r#"{"eventName":"GetObject","userIdentity":{"userName":"unauthorizedUser"}}"#.to_owned();
//! let mut groups = MemoryGroups::of_events(vec![MemoryRecord { message, ..Default::default() }]);
//! let result = plan.run(&QueryWindow::everything(EpochMillis(0)), &RunLimits::default(), &mut groups)?;
//! assert_eq!(result.columns, ["userIdentity.userName", "n"]);
//! assert_eq!(result.rows[0][0].render().as_deref(), Some("unauthorizedUser"));
//!
//! // A missing pipe is found, and mended.
//! let errors = LogsQuery::parse("filter a = 1\nstats count(*)").unwrap_err();
//! let fix = errors.diagnostics()[0].fix.as_ref().unwrap();
//! assert_eq!(fix.apply("filter a = 1\nstats count(*)"), "filter a = 1\n| stats count(*)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The meaning of every construct, and every choice where AWS documents none, is in `grammar.md`; what the crate never
//! does is in `ARCHITECTURE.md`. Nothing here panics on bad input, and what is not supported is an error.
//!
//! Features: `cli` (default) the command; `events` the readers of files and streams; `stack` the stack file and backtests,
//! `json-schema` the schema of that file; `provision` plans for an account and exports, `aws` the client that carries them out; `serde` and `arbitrary` traits for
//! the trees; `reference` the plain evaluator, for tests. Without any, the crate has no I/O, clock or threads.

pub mod alarm;
pub mod anomaly;
pub mod assist;
#[cfg(feature = "stack")]
pub mod backtest;
mod byte_order_mark;
pub mod chart;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod config;
mod diagnostic;
pub mod eval;
mod event;
mod event_time;
#[cfg(feature = "events")]
pub mod events;
#[cfg(feature = "hosts")]
pub mod host;
pub mod json;
mod limits;
mod listing;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod plan;
#[cfg(feature = "provision")]
pub mod provision;
#[cfg(feature = "cli")]
pub mod report;
pub mod schema;
pub mod series;
mod span;
#[cfg(feature = "stack")]
pub mod stack;
pub mod syntax;
mod time_zones;
#[cfg(feature = "stack")]
mod toml_refusal;
pub mod values;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

pub use diagnostic::{Code, Diagnostic, Edit, Fix, Label, Severity};
pub use eval::{Explanation, Matcher, Scratch};
pub use event::{EpochMillis, LogEvent};
pub use limits::Limits;
pub use plan::filter::CompileError;
pub use span::Span;
pub use syntax::filter::FilterPattern;
pub use syntax::logs::LogsQuery;
pub use syntax::metrics::MetricsQuery;
pub use syntax::{ParseErrors, Parsed};
