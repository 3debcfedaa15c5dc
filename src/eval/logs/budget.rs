//! How much memory a run may take for the rows and groups that it has to hold.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::run::RunError;

/// What all parts of a run hold together.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    held: AtomicUsize,
}

/// What one part of a run holds of it.
#[derive(Debug, Default)]
pub(crate) struct Share {
    held: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Budget { limit, held: AtomicUsize::new(0) }
    }

    /// Notes that a part holds so many bytes now.
    pub(crate) fn set(&self, share: &mut Share, bytes: usize, what: &'static str) -> Result<(), RunError> {
        let before = std::mem::replace(&mut share.held, bytes);
        let held = if bytes >= before {
            self.held.fetch_add(bytes - before, Ordering::Relaxed) + (bytes - before)
        } else {
            self.held.fetch_sub(before - bytes, Ordering::Relaxed) - (before - bytes)
        };
        if held > self.limit { Err(RunError::Memory { what, budget: self.limit }) } else { Ok(()) }
    }
}
