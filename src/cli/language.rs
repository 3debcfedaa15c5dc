//! Which language a text is in: as it is said, as its file is named, or as it looks.

use crate::check;

use super::sources::Source;

/// The language of a text, as an option.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Language {
    /// By the ending of the file (.cwli, .logs; .cwmetrics, .cwmi; .toml for stacks) or the beginning of the text.
    Auto,
    /// CloudWatch Logs filter patterns.
    Filter,
    /// CloudWatch Logs Insights queries.
    Logs,
    /// CloudWatch Metrics Insights queries.
    Metrics,
    /// Stack files.
    Stack,
}

/// The language of a text, once it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Filter,
    Logs,
    Metrics,
    Stack,
}

impl Language {
    pub(super) fn of(self, source: &Source) -> Known {
        match self {
            Language::Filter => Known::Filter,
            Language::Logs => Known::Logs,
            Language::Metrics => Known::Metrics,
            Language::Stack => Known::Stack,
            Language::Auto if source.name.ends_with(".toml") => Known::Stack,
            Language::Auto => {
                let said = check::Language::of_file(&source.name);
                match said.unwrap_or_else(|| check::Language::guess(&source.text)) {
                    check::Language::LogsInsights => Known::Logs,
                    check::Language::MetricsInsights => Known::Metrics,
                    _ => Known::Filter,
                }
            }
        }
    }
}
