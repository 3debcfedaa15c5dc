//! Which language a text is in: as it is said, as its file is named, or as it looks.

use crate::check;
use crate::host::HostKind;

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

impl Language {
    /// What it says that a text is; nothing where that is to be told by the text.
    pub(super) fn said(self) -> Option<HostKind> {
        Some(match self {
            Language::Auto => return None,
            Language::Filter => HostKind::Text(check::Language::FilterPattern),
            Language::Logs => HostKind::Text(check::Language::LogsInsights),
            Language::Metrics => HostKind::Text(check::Language::MetricsInsights),
            Language::Stack => HostKind::Stack,
        })
    }

    /// What a text without a file is.
    pub(super) fn of_text(self, text: &str) -> HostKind {
        self.said().unwrap_or_else(|| HostKind::Text(check::Language::guess(text)))
    }

    /// What a text is that is to hold one pattern or query, or a stack.
    pub(super) fn of(self, source: &Source) -> HostKind {
        let by_name = || match check::Language::of_file(&source.name) {
            Some(language) => Some(HostKind::Text(language)),
            None => source.name.ends_with(".toml").then_some(HostKind::Stack),
        };
        self.said().or_else(by_name).unwrap_or_else(|| self.of_text(&source.text))
    }
}
