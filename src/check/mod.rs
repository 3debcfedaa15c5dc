//! What a service refuses or misreads in a text that parses.

mod logs;
mod metrics;
