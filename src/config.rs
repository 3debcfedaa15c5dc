//! `trailql.toml`: what a project wants checked, and how.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::check::Records;
use crate::syntax::logs::Level;

/// The name of the file, which is looked for in the folder of each checked file and upward.
pub const FILE_NAME: &str = "trailql.toml";

/// From which weight on a finding makes the exit status 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FailLevel {
    /// Errors alone.
    Error,
    /// Warnings too.
    #[default]
    Warning,
    /// Anything but hints.
    Info,
    /// Nothing does.
    Never,
}

/// The settings of a project.
///
/// ```
/// use trailql::config::{Configuration, FailLevel};
///
/// let configuration = Configuration::parse("ignore = ['FP304']\nfail-level = 'error'")?;
/// assert_eq!(configuration.fail_level, Some(FailLevel::Error));
/// assert!(Configuration::parse("ignored = []").is_err());
/// # Ok::<(), trailql::config::ConfigurationError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Configuration {
    /// The codes that are shown, and no others; a beginning such as `FP1` stands for all that start so.
    pub select: Vec<String>,
    /// The codes that are not shown.
    pub ignore: Vec<String>,
    /// From which weight on a finding makes the exit status 1: `error`, `warning` (if not said), `info` or `never`.
    pub fail_level: Option<FailLevel>,
    /// The edition of Logs Insights: `L1`, `L2` or `L3`.
    #[cfg_attr(feature = "json-schema", schemars(with = "Option<String>", extend("enum" = ["L1", "L2", "L3", null])))]
    #[serde(deserialize_with = "level")]
    pub level: Option<Level>,
    /// Whether the events are CloudTrail records: `auto` (by what a text names, if not said), `cloudtrail` or `other`.
    pub records: Option<RecordsSetting>,
    /// A file of further event names and fields, beside this one.
    pub schema: Option<String>,
    /// What is not looked at when folders are walked, as `.gitignore` would say it.
    pub exclude: Vec<String>,
    /// For files, as `.gitignore` would name them, the codes that are not shown there.
    pub per_file_ignores: BTreeMap<String, Vec<String>>,
}

/// [`Records`] as the file spells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RecordsSetting {
    /// CloudTrail records if the text looks like it.
    Auto,
    /// CloudTrail records.
    #[value(name = "cloudtrail")]
    CloudTrail,
    /// Something else; the schema has no say.
    Other,
}

impl From<RecordsSetting> for Records {
    fn from(setting: RecordsSetting) -> Self {
        match setting {
            RecordsSetting::Auto => Records::Auto,
            RecordsSetting::CloudTrail => Records::CloudTrail,
            RecordsSetting::Other => Records::Other,
        }
    }
}

/// Why a file is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigurationError(String);

impl Configuration {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// If it is no TOML, or has a member or value that is not known; the error shows the line and what would be.
    pub fn parse(text: &str) -> Result<Self, ConfigurationError> {
        toml::from_str(text).map_err(|error| ConfigurationError(error.to_string().trim_end().to_owned()))
    }
}

fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Level>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_with_its_line_and_what_would_do() {
        let said = |text: &str| Configuration::parse(text).unwrap_err().to_string();
        let unknown = said("select = []\nignored = []");
        assert!(unknown.contains("line 2") && unknown.contains("`ignored`") && unknown.contains("`ignore`"));
        assert!(said("level = 'L9'").contains("L9"));
        assert!(said("fail-level = 'warn'").contains("`warning`"));
    }

    #[test]
    fn every_setting_is_read() {
        let text = "select = ['FP']\nlevel = 'L1'\nrecords = 'cloudtrail'\nschema = 'own.toml'\nexclude = ['a/*']\n\
                    [per-file-ignores]\n'legacy/**' = ['FP304', 'CT']";
        let configuration = Configuration::parse(text).unwrap();
        assert_eq!(configuration.level, Some(Level::L1));
        assert_eq!(configuration.records, Some(RecordsSetting::CloudTrail));
        assert_eq!(configuration.per_file_ignores["legacy/**"], ["FP304", "CT"]);
    }
}
