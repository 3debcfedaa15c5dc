//! Pictures of series as a reader meets them.
