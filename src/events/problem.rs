//! What could not be read: one problem for each fault, with the file, the position and a stable code.

use std::fmt;

use super::Source;

/// One thing that could not be read, and where it stands.
///
/// Shown as `trail.json, line 3, byte 120: …`. Nothing that is skipped goes without one of these, save that only the
/// first few of one file are kept and the rest counted ([`Summary::more_problems`](super::Summary::more_problems)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file or stream.
    pub source: Source,
    /// Where in it; `None` where the whole of it is meant.
    pub place: Option<Place>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// A position in an input, counted in what it holds once decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Zero-based offset of the first byte meant.
    pub offset: u64,
    /// One-based number of its line, in the forms that hold one event a line.
    pub line: Option<u64>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)?;
        if let Some(place) = self.place {
            if let Some(line) = place.line {
                write!(f, ", line {line}")?;
            }
            write!(f, ", byte {}", place.offset)?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// What is wrong with an input. The message says what happened and the way out; [`code`](Self::code) names it for good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// There is no such file or directory.
    #[error("cannot be opened: {reason}; check the path")]
    NotFound {
        /// The operating system's words.
        reason: String,
    },
    /// The operating system would not open or go on reading it.
    #[error("cannot be read: {reason}")]
    Unreadable {
        /// The operating system's words.
        reason: String,
    },
    /// A directory was named in which nothing looks like a log.
    #[error("the directory holds no log file; a file of any other name is read when it is named itself")]
    NoLogs,
    /// The compressed data stops before its end mark.
    #[error(
        "the gzip data ends early, after {compressed} compressed bytes; what came before it was read, fetch the \
         file again for the rest"
    )]
    TruncatedGzip {
        /// How many compressed bytes there were.
        compressed: u64,
    },
    /// A gzip member whose data, checksum or header is wrong, or other data behind the last member.
    #[error("the gzip data is damaged at compressed byte {compressed}: {reason}; fetch the file again")]
    BadGzip {
        /// Where decompression stopped, in compressed bytes.
        compressed: u64,
        /// What is wrong there.
        reason: String,
    },
    /// Zstandard data that stops early or is wrong.
    #[error("the zstd data is damaged near compressed byte {compressed}: {reason}; fetch the file again")]
    BadZstd {
        /// About where decompression stopped, in compressed bytes.
        compressed: u64,
        /// What the decoder says.
        reason: String,
    },
    /// An event that is not UTF-8 text.
    #[error("not UTF-8 text, skipped; convert the file to UTF-8")]
    NotUtf8,
    /// A record that was looked at and is not one JSON object.
    #[error("broken record, skipped: {fault}")]
    MalformedRecord {
        /// What is wrong with it.
        fault: String,
    },
    /// What stands in a record's place is not one whole JSON object.
    #[error("broken record, skipped: it {fault}")]
    BrokenRecord {
        /// What is wrong with it.
        fault: FrameFault,
    },
    /// An event longer than the limit.
    #[error("an event of more than {limit} bytes, skipped")]
    TooLong {
        /// The limit in bytes.
        limit: u64,
    },
    /// Something other than a document with records.
    #[error("expected {expected}, skipped up to the next one; name the input's form if it was taken wrongly")]
    UnexpectedText {
        /// What the input holds elsewhere.
        expected: Expected,
    },
    /// The input ends in the middle of a document, between records.
    #[error("the document ends before its array of records is closed; the records up to here were read")]
    UnclosedDocument,
    /// A wrapper, such as a CloudWatch Logs event, that holds no message.
    #[error("skipped, because it holds no `{expected}`")]
    BrokenWrapper {
        /// The member that should hold the message.
        expected: &'static str,
    },
}

impl ProblemKind {
    /// The stable code: `IO` and three digits.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "IO001",
            Self::Unreadable { .. } => "IO002",
            Self::NoLogs => "IO003",
            Self::TruncatedGzip { .. } => "IO004",
            Self::BadGzip { .. } => "IO005",
            Self::BadZstd { .. } => "IO006",
            Self::NotUtf8 => "IO007",
            Self::BrokenRecord { .. } | Self::MalformedRecord { .. } => "IO008",
            Self::TooLong { .. } => "IO009",
            Self::UnexpectedText { .. } => "IO010",
            Self::UnclosedDocument => "IO011",
            Self::BrokenWrapper { .. } => "IO012",
        }
    }

    /// The kind for an error of the operating system.
    pub(super) fn from_io(error: &std::io::Error) -> Self {
        let reason = error.to_string();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { reason },
            _ => Self::Unreadable { reason },
        }
    }
}

/// What is wrong with a broken record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameFault {
    /// It does not begin with `{`.
    NoOpeningBrace,
    /// It does not end with `}`.
    NoClosingBrace,
    /// The input ends inside it, or the next record starts inside it.
    Unfinished,
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOpeningBrace => "does not begin with `{`",
            Self::NoClosingBrace => "does not end with `}`",
            Self::Unfinished => "is cut off before its closing `}`",
        })
    }
}

/// What a document of the input should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A JSON object with this member, an array of records.
    ObjectWith(&'static str),
    /// A JSON array of records.
    Array,
    /// A record, as a JSON object.
    Record,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ObjectWith(key) => write!(f, "an object with an array `{key}`"),
            Self::Array => f.write_str("an array of records"),
            Self::Record => f.write_str("a record"),
        }
    }
}
