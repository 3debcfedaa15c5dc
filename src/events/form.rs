//! The forms an input can have, as a user names them.

use std::fmt;
use std::str::FromStr;

/// What an input holds, as named by `--input`.
///
/// ```
/// use trailql::events::InputForm;
///
/// assert_eq!("cwl".parse(), Ok(InputForm::Cwl));
/// assert_eq!(InputForm::Ndjson.to_string(), "ndjson");
/// assert!("csv".parse::<InputForm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InputForm {
    /// Decided for each file by its first record.
    #[default]
    Auto,
    /// Documents that hold records: delivery files `{"Records":[…]}`, JSON arrays, the output of LookupEvents
    /// `{"Events":[{"CloudTrailEvent":"…"}]}`, bare records laid out over several lines; also several documents one
    /// after the other (`spec/cloudtrail-schema.md` 1).
    CloudTrail,
    /// One JSON record a line; an EventBridge envelope stands for its `detail`.
    Ndjson,
    /// One event a line, of any text.
    Lines,
    /// CloudWatch Logs' own shapes: one `{"timestamp":…,"message":"…"}` a line, an array of those, or documents
    /// `{"events":[…]}` (FilterLogEvents, GetLogEvents) and `{"logEvents":[…]}` (a subscription).
    Cwl,
}

impl InputForm {
    /// Every form.
    pub const ALL: [InputForm; 5] = [Self::Auto, Self::CloudTrail, Self::Ndjson, Self::Lines, Self::Cwl];

    /// The form's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::CloudTrail => "cloudtrail",
            Self::Ndjson => "ndjson",
            Self::Lines => "lines",
            Self::Cwl => "cwl",
        }
    }
}

impl fmt::Display for InputForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no input form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no input form; write auto, cloudtrail, ndjson, lines or cwl")]
pub struct UnknownForm(pub String);

impl FromStr for InputForm {
    type Err = UnknownForm;

    fn from_str(name: &str) -> Result<Self, UnknownForm> {
        Self::ALL.into_iter().find(|form| form.name() == name).ok_or_else(|| UnknownForm(name.to_owned()))
    }
}
