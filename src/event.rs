//! One log event: its message, and when it happened.

use std::fmt;

/// An instant as CloudWatch Logs counts it: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EpochMillis(pub i64);

impl fmt::Display for EpochMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A log event as the service evaluates it: one message, with or without a time.
///
/// A filter pattern looks at the message only. For CloudTrail the message is one record, as JSON text.
///
/// ```
/// use trailql::{EpochMillis, LogEvent};
///
/// let event = LogEvent::new(r#"{"eventName":"GetObject"}"#).at(EpochMillis(1_725_235_220_000));
/// assert_eq!(event.timestamp(), Some(EpochMillis(1_725_235_220_000)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEvent<'a> {
    message: &'a str,
    timestamp: Option<EpochMillis>,
}

impl<'a> LogEvent<'a> {
    /// An event with this message and no time.
    pub fn new(message: &'a str) -> Self {
        LogEvent { message, timestamp: None }
    }

    /// The same event at this time.
    pub fn at(self, timestamp: EpochMillis) -> Self {
        LogEvent { timestamp: Some(timestamp), ..self }
    }

    /// The whole message, as it was logged.
    pub fn message(&self) -> &'a str {
        self.message
    }

    /// When the event happened, where that is known.
    pub fn timestamp(&self) -> Option<EpochMillis> {
        self.timestamp
    }
}

impl<'a> From<&'a str> for LogEvent<'a> {
    fn from(message: &'a str) -> Self {
        LogEvent::new(message)
    }
}
