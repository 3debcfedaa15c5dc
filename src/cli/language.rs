//! Which language a text is in: as it is said, as its file is named, or as it looks.

use std::path::Path;

use crate::check;
use crate::host::HostKind;

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
        self.said().unwrap_or_else(|| HostKind::guess(text))
    }

    /// What a file or text is that was named, by its name and content; nothing for a file that mostly holds other things and
    /// has nothing of ours in it.
    pub(super) fn of_named(self, name: &str, text: &str) -> Option<HostKind> {
        self.said()
            .or_else(|| HostKind::of(name, text))
            .or_else(|| (!is_of_many_uses(name)).then(|| self.of_text(text)))
    }
}

/// Whether files of this name mostly hold nothing of ours. A hook names every file that was changed, a `Cargo.toml` too.
fn is_of_many_uses(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let endings = ["toml", "tf", "tofu", "yaml", "yml", "json", "template", "md", "markdown"];
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}
