//! What the command prints to: colours, standard output, standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// The two streams, and whether each takes colours.
#[derive(Debug)]
pub(super) struct Terminal {
    choice: ColorChoice,
}

pub(super) const NAME: Style = AnsiColor::Magenta.on_default();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const FAINT: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// `text` in `style`.
pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

impl Terminal {
    pub(super) fn new(colour: Colour) -> Self {
        let choice = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        Terminal { choice }
    }

    /// Standard output, which strips styles where it takes no colours.
    pub(super) fn stdout(&self) -> AutoStream<io::StdoutLock<'static>> {
        AutoStream::new(io::stdout().lock(), self.choice)
    }

    fn stderr(&self) -> AutoStream<io::StderrLock<'static>> {
        AutoStream::new(io::stderr().lock(), self.choice)
    }

    pub(super) fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    pub(super) fn stdout_is_coloured(&self) -> bool {
        self.stdout().current_choice() != ColorChoice::Never
    }

    pub(super) fn stderr_is_coloured(&self) -> bool {
        self.stderr().current_choice() != ColorChoice::Never
    }

    /// Writes text to standard error as it is. That nobody reads there is no failure of the command.
    pub(super) fn note(&self, text: &str) {
        let _ = self.stderr().write_all(text.as_bytes());
    }

    /// Writes one line about something that went wrong.
    pub(super) fn complain(&self, message: &str) {
        self.note(&format!("{}: {message}\n", styled(ERROR, "error")));
    }

    /// Writes one line about something that was left out.
    pub(super) fn warn(&self, code: &str, message: &str) {
        self.note(&format!("{}: {message}\n", styled(WARNING, format_args!("warning[{code}]"))));
    }
}
