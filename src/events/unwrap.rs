//! From the raw text of an event to its message and time: CloudWatch Logs, EventBridge and LookupEvents wrappers.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::ProblemKind;
use crate::json::{Node, Projection, Slots, Step};
use crate::{EpochMillis, event_time};

/// How the raw text of an event holds its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wrap {
    /// The raw text is the message.
    Bare,
    /// A CloudWatch Logs event: the message is the string `message`, the time is `timestamp`.
    CwlMessage,
    /// An EventBridge envelope: the message is the object `detail`, the time is `time`.
    Detail,
    /// An event of LookupEvents: the message is the string `CloudTrailEvent`, the time is `EventTime`.
    LookupRecord,
}

/// One event of a [`Batch`](super::Batch): its text as it stands in the input.
#[derive(Clone, Copy, Debug)]
pub struct RawEvent<'b> {
    text: &'b str,
    wrap: Wrap,
    /// Where it is known without counting.
    index: Option<usize>,
    start: usize,
}

/// The message of an event and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened<'b> {
    /// The message; borrowed unless a wrapper spelled it with escapes.
    pub message: Cow<'b, str>,
    /// The time, where one is given.
    pub timestamp: Option<EpochMillis>,
}

impl<'b> RawEvent<'b> {
    pub(super) fn new(text: &'b str, wrap: Wrap, index: Option<usize>, start: usize) -> Self {
        RawEvent { text, wrap, index, start }
    }

    /// The text of the event as it stands in the input, wrapper included.
    pub fn raw(&self) -> &'b str {
        self.text
    }

    pub(super) fn known_index(&self) -> Option<usize> {
        self.index
    }

    /// Offset of [`raw`](Self::raw) in the text of its batch.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The message: what a filter pattern looks at. Costs nothing where there is no wrapper.
    ///
    /// # Errors
    ///
    /// [`ProblemKind::BrokenWrapper`] when the wrapper is not JSON or holds no message. A bare message is not looked at.
    pub fn message(&self) -> Result<Cow<'b, str>, ProblemKind> {
        match self.wrap {
            Wrap::Bare => Ok(Cow::Borrowed(self.text)),
            wrap => Wrapper::of(wrap).message(self.text, &mut Slots::new()),
        }
    }

    /// When it happened: the wrapper's time, else a JSON message's `eventTime` (RFC 3339), else its `timestamp` or
    /// `@timestamp` (milliseconds since 1970, or RFC 3339). `None` for plain text and where none of them is given.
    pub fn timestamp(&self) -> Option<EpochMillis> {
        self.open(&mut Slots::new()).ok()?.timestamp
    }

    /// Message and time together; `slots` is working space to be used again for the next event.
    ///
    /// # Errors
    ///
    /// As of [`message`](Self::message).
    pub fn open(&self, slots: &mut Slots) -> Result<Opened<'b>, ProblemKind> {
        if self.wrap == Wrap::Bare {
            return Ok(Opened {
                message: Cow::Borrowed(self.text),
                timestamp: time_of_record(self.text, slots),
            });
        }
        let wrapper = Wrapper::of(self.wrap);
        let message = wrapper.message(self.text, slots)?;
        let own = wrapper.time(self.text, slots);
        let timestamp = own.or_else(|| time_of_record(&message, slots));
        Ok(Opened { message, timestamp })
    }
}

impl<'b> RawEvent<'b> {
    /// The log stream and the time of arrival that the wrapper of an exported log event names.
    pub fn origin(&self, slots: &mut Slots) -> Origin<'b> {
        static ORIGIN: LazyLock<Projection> = LazyLock::new(|| paths(&["logStreamName", "ingestionTime"]));
        if self.wrap != Wrap::CwlMessage || ORIGIN.project(self.text, slots).is_err() {
            return Origin::default();
        }
        Origin {
            log_stream: match slots.node(self.text, 0) {
                Node::String(name) => Some(name.decode()),
                _ => None,
            },
            ingestion_time: event_time::of_node(slots.node(self.text, 1), 1),
        }
    }
}

/// Where a log event came from, as far as its wrapper says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin<'b> {
    /// The log stream.
    pub log_stream: Option<Cow<'b, str>>,
    /// When the event arrived.
    pub ingestion_time: Option<EpochMillis>,
}

/// Which members of a wrapper hold what.
struct Wrapper {
    message: &'static str,
    /// Whether the message is a JSON object there, and not a string.
    holds_object: bool,
    /// What a time given as a number counts, in milliseconds.
    millis_in_unit: i64,
    projection: Projection,
}

impl Wrapper {
    fn of(wrap: Wrap) -> &'static Wrapper {
        static LOG_EVENT: LazyLock<Wrapper> =
            LazyLock::new(|| Wrapper::new("message", false, "timestamp", 1));
        static ENVELOPE: LazyLock<Wrapper> = LazyLock::new(|| Wrapper::new("detail", true, "time", 1));
        static LOOKUP: LazyLock<Wrapper> =
            LazyLock::new(|| Wrapper::new("CloudTrailEvent", false, "EventTime", 1_000));
        match wrap {
            Wrap::Bare | Wrap::CwlMessage => &LOG_EVENT,
            Wrap::Detail => &ENVELOPE,
            Wrap::LookupRecord => &LOOKUP,
        }
    }

    fn new(message: &'static str, holds_object: bool, time: &'static str, millis_in_unit: i64) -> Self {
        Wrapper { message, holds_object, millis_in_unit, projection: paths(&[message, time]) }
    }

    fn message<'b>(&self, text: &'b str, slots: &mut Slots) -> Result<Cow<'b, str>, ProblemKind> {
        let broken = || ProblemKind::BrokenWrapper { expected: self.message };
        self.projection.project(text, slots).map_err(|_| broken())?;
        match (self.holds_object, slots.node(text, 0)) {
            (true, Node::Object(message)) => Ok(Cow::Borrowed(message)),
            (false, Node::String(message)) => Ok(message.decode()),
            _ => Err(broken()),
        }
    }

    /// The wrapper's time, from the slots that [`message`](Self::message) filled.
    fn time(&self, text: &str, slots: &Slots) -> Option<EpochMillis> {
        event_time::of_node(slots.node(text, 1), self.millis_in_unit)
    }
}

fn paths(keys: &[&str]) -> Projection {
    let paths: Vec<_> = keys.iter().map(|&key| [Step::Key(key.into())]).collect();
    Projection::new(&paths)
}

fn time_of_record(record: &str, slots: &mut Slots) -> Option<EpochMillis> {
    static TIMES: LazyLock<Projection> = LazyLock::new(|| paths(&["eventTime", "timestamp", "@timestamp"]));
    if !record.trim_start().starts_with('{') {
        return None;
    }
    TIMES.project(record, slots).ok()?;
    (0..TIMES.len()).find_map(|slot| event_time::of_node(slots.node(record, slot), 1))
}
