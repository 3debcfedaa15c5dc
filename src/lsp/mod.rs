//! The language server: findings, fixes, hovering, completion and formatting for editors, over the Language Server Protocol.

mod answers;
mod document;
mod server;

pub use server::{ServeError, Settings, serve, serve_stdio};
