//! The folder with the specification and its data, where it lies at hand.

use std::path::PathBuf;

/// What `TRAILQL_SHARED` names; nothing, which is said, where it names nothing.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("TRAILQL_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("TRAILQL_SHARED is not set: nothing ran");
    }
    shared
}
