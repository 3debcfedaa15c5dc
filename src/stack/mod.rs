//! The stack file: everything that watches a trail, in one TOML file, under the service's own names.
//!
//! [`Stack`] is the file as it was read; [`Stack::check`] makes a [`CheckedStack`] of it, whose patterns, queries and
//! alarms are compiled and fit together. Only that can be replayed.

pub(crate) mod check;
mod checked;
pub mod codes;
mod file;
mod located;
mod metrics;
pub(crate) mod places;
pub(crate) mod quoted;

pub use check::{Extent, StackOptions};
pub use checked::{
    BandSubject, CheckedAlarm, CheckedDetector, CheckedFilter, CheckedLogsQuery, CheckedMetricQuery,
    CheckedStack, DataEntry, DataQueries, DetectorSubject, MetricSource, MetricText,
};
pub use file::*;
pub use located::Located;
pub use places::{Places, StackFile};

/// Whether a text has the shape of a Region's name, such as `us-east-1`. Which Regions there are is not known here: there
/// are new ones each year.
///
/// ```
/// use trailql::stack::is_region;
///
/// assert!(["us-east-1", "us-gov-west-1", "ap-southeast-10"].into_iter().all(is_region));
/// assert!(["nowhere", "us-east", "us_east_1", "us-east-1a", "US-EAST-1", ""].into_iter().all(|text| !is_region(text)));
/// ```
pub fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many of the things without tags that a stack makes one tag of its log group tells: 28 digests of eight digits and the
/// blanks between them have 251 of the 256 characters of a value.
pub(crate) const MADE_IN_A_TAG: usize = 28;

use crate::toml_refusal::refusal;
use crate::{ParseErrors, Parsed};

impl Stack {
    /// The stack of a file.
    ///
    /// ```
    /// use trailql::stack::Stack;
    ///
    /// let stack = Stack::parse(
    ///     r#"
    ///     [[metricFilters]]
    ///     filterName = "presigned-URL-filter"
    ///     filterPattern = '{ $.eventName = GetObject }'
    ///     metricTransformations = [{ metricNamespace = "trail", metricName = "downloads", metricValue = "1" }]
    ///     "#,
    /// )?;
    /// assert_eq!(*stack.metric_filters[0].filter_name, "presigned-URL-filter");
    /// assert!(Stack::parse("filters = []").is_err(), "a member that does not exist");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    ///
    /// # Errors
    /// The first place at which the text is no TOML, or does not have the shape of a stack.
    pub fn parse(text: &str) -> Result<Stack, ParseErrors> {
        let parsed = Stack::parse_lossy(text);
        parsed.ast.ok_or_else(|| ParseErrors::new(parsed.diagnostics))
    }

    /// The stack of a file, or why there is none.
    pub fn parse_lossy(text: &str) -> Parsed<Stack> {
        match toml::from_str::<Stack>(text) {
            Ok(stack) => Parsed { ast: Some(stack), diagnostics: Vec::new() },
            Err(error) => {
                Parsed { ast: None, diagnostics: vec![refusal(&error, text, codes::NOT_TOML, codes::SHAPE)] }
            }
        }
    }
}
