//! What the command prints to: standard output, standard error, and whether each takes colours.

use std::fmt::Display;
use std::io::{self, IsTerminal, StdoutLock, Write};

use anstream::stream::RawStream;
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

/// The two streams, and how each is painted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Of standard output.
    pub(super) out: Paint,
    /// Of standard error.
    pub(super) err: Paint,
}

/// Whether a stream takes colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Coloured,
    Plain,
}

pub(super) const NAME: Style = AnsiColor::Magenta.on_default();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const FAINT: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

impl Paint {
    fn of(stream: &impl RawStream, wish: Colour) -> Self {
        let coloured = match wish {
            Colour::Auto => AutoStream::choice(stream) != ColorChoice::Never,
            Colour::Always => true,
            Colour::Never => false,
        };
        if coloured { Paint::Coloured } else { Paint::Plain }
    }

    pub(super) fn is_coloured(self) -> bool {
        self == Paint::Coloured
    }

    /// `text` in `style`, where the stream takes it. What comes out of logs is never painted and never stripped.
    pub(super) fn paint(self, style: Style, text: impl Display) -> String {
        match self {
            Paint::Coloured => format!("{style}{text}{style:#}"),
            Paint::Plain => text.to_string(),
        }
    }
}

impl Terminal {
    pub(super) fn new(colour: Colour) -> Self {
        Terminal { out: Paint::of(&io::stdout(), colour), err: Paint::of(&io::stderr(), colour) }
    }

    pub(super) fn stdout(&self) -> StdoutLock<'static> {
        io::stdout().lock()
    }

    /// How many cells a line of standard output has; `None` where that is no terminal.
    pub(super) fn stdout_width(&self) -> Option<usize> {
        let (terminal_size::Width(width), _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(usize::from(width))
    }

    pub(super) fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Writes text to standard error as it is. That nobody reads there is no failure of the command.
    pub(super) fn note(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes one line about something that went wrong.
    pub(super) fn complain(&self, message: &str) {
        self.note(&format!("{}: {message}\n", self.err.paint(ERROR, "error")));
    }

    /// Writes one line about something that was left out.
    pub(super) fn warn(&self, code: &str, message: &str) {
        self.note(&format!("{}: {message}\n", self.err.paint(WARNING, format_args!("warning[{code}]"))));
    }
}
