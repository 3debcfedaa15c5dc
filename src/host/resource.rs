//! A resource of a file, as it is declared there.

use crate::Span;

use super::node::Node;

/// A resource, or a module that makes some.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Its type; of a module nothing.
    pub(super) kind: Option<String>,
    /// What the file calls it.
    pub(super) name: String,
    /// Where the file calls it so.
    pub(super) place: Span,
    /// What is said of it.
    pub(super) body: Node,
    /// Whether it is there exactly as it is written: neither under a condition, nor any number of times, nor with a number of
    /// blocks that only a deployment knows, nor changed by others.
    pub(super) is_certain: bool,
    /// Which of the documents of the file it is in.
    pub(super) document: usize,
}
