//! A bar on standard error, on a terminal, for what takes more than a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::events::{Source, Unit};

use super::terminal::Terminal;

/// A bar that watches a counter of bytes until it is finished.
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

/// Shorter work shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

impl Progress {
    /// Begins to watch `read` on its way to the bytes that `units` have; shows nothing where standard error is no
    /// terminal.
    pub(super) fn start(terminal: &Terminal, units: &[Unit], read: &Arc<AtomicU64>) -> Self {
        if !terminal.stderr_is_terminal() {
            return Progress { running: None };
        }
        let total = total_bytes(units);
        let read = Arc::clone(read);
        let (finish, finished) = channel();
        let thread = std::thread::spawn(move || {
            if !matches!(finished.recv_timeout(PATIENCE), Err(RecvTimeoutError::Timeout)) {
                return;
            }
            let bar = bar(total);
            while matches!(finished.recv_timeout(TICK), Err(RecvTimeoutError::Timeout)) {
                bar.set_position(read.load(Ordering::Relaxed));
            }
            bar.finish_and_clear();
        });
        Progress { running: Some((finish, thread)) }
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        if let Some((finish, thread)) = self.running {
            drop(finish);
            let _ = thread.join();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:40} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}",
        ),
        None => (ProgressBar::no_length(), "{spinner} {decimal_bytes} {decimal_bytes_per_sec}"),
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// The bytes on disk; `None` where standard input is read, whose end is not known.
fn total_bytes(units: &[Unit]) -> Option<u64> {
    units
        .iter()
        .filter(|unit| !unit.continues())
        .map(|unit| match unit.source() {
            Source::Stdin | Source::Stream => None,
            Source::File(path) => Some(std::fs::metadata(path).map_or(0, |metadata| metadata.len())),
        })
        .sum()
}
