//! The paths of a projection as one trie, and the record of where on it a walk stands.

use super::planes::{BLOCK, ByteClasses};

/// One step of a path into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The member of an object with exactly this (decoded) key.
    Key(Box<str>),
    /// The element of an array with this zero-based index.
    Index(usize),
}

/// The number of a node in its [`Trie`].
pub(super) type NodeId = u32;

/// The root of every trie: the record itself.
pub(super) const ROOT: NodeId = 0;

/// All paths of a projection, common beginnings shared.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    root: TrieNode,
    nodes: Vec<TrieNode>,
    /// What the text at an opening quote must be like for one of the keys to be there; none if there are many keys.
    pub(super) filters: Vec<Filter>,
    /// All ones if there are keys but no filters.
    pub(super) unfiltered: u64,
    /// The classes of bytes, the letters among them that filters ask for.
    pub(super) classes: ByteClasses,
}

/// A mark of a key: its length and one of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// From the opening quote to the closing one.
    pub(super) length: u32,
    /// From the opening quote to the letter.
    pub(super) distance: u32,
}

/// With more keys than this, comparing beats filtering.
const FILTERS: usize = 16;

#[derive(Clone, Debug, Default)]
pub(super) struct TrieNode {
    pub(super) keys: Vec<KeyChild>,
    /// Ascending by index.
    pub(super) elements: Vec<(usize, NodeId)>,
    /// The slots whose path ends here.
    pub(super) own: Vec<u32>,
    /// The slots whose path leads through here, those that end here included.
    pub(super) subtree: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct KeyChild {
    pub(super) key: Box<str>,
    pub(super) node: NodeId,
    /// The key as it is written without escapes, up to and with the closing quote; `None` if it needs an escape.
    written: Option<Box<[u8]>>,
}

impl KeyChild {
    fn new(key: &str, node: NodeId) -> Self {
        let needs_escape = key.bytes().any(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'));
        let written = (!needs_escape).then(|| [key.as_bytes(), b"\""].concat().into());
        KeyChild { key: key.into(), node, written }
    }

    /// Whether the key is written, without escapes, from `at` on.
    #[inline(always)]
    pub(super) fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        let Some(written) = &self.written else { return false };
        let Some(there) = bytes.get(at..).and_then(|rest| rest.get(..written.len())) else { return false };
        let ends = |bytes: &[u8]| Some((*bytes.first_chunk::<8>()?, *bytes.last_chunk::<8>()?));
        match (ends(there), ends(written)) {
            // Two words that overlap hold all of it.
            (Some(there), Some(written)) if self.key.len() < 16 => there == written,
            _ => *there == **written,
        }
    }
}

impl Trie {
    pub(super) fn new<P: AsRef<[Step]>>(paths: &[P]) -> Self {
        let mut trie = Trie {
            root: TrieNode::default(),
            nodes: Vec::new(),
            filters: Vec::new(),
            unfiltered: 0,
            classes: ByteClasses::new(&[]),
        };
        for (slot, path) in (0..).zip(paths) {
            let mut node = ROOT;
            trie.with(node, |it| it.subtree.push(slot));
            for step in path.as_ref() {
                node = trie.child(node, step);
                trie.with(node, |it| it.subtree.push(slot));
            }
            trie.with(node, |it| it.own.push(slot));
        }
        for node in [&mut trie.root].into_iter().chain(&mut trie.nodes) {
            node.elements.sort_unstable();
        }
        trie.add_filters();
        trie
    }

    fn add_filters(&mut self) {
        let nodes = [&self.root].into_iter().chain(&self.nodes);
        let mut keys: Vec<&str> = nodes.flat_map(|node| &node.keys).map(|child| &*child.key).collect();
        keys.sort_unstable();
        keys.dedup();
        // A key that no lane holds with its closing quote passes every filter.
        if keys.len() > FILTERS || keys.iter().any(|key| key.len() + 1 >= BLOCK) {
            self.unfiltered = !0;
            return;
        }
        let mut letters = Vec::new();
        for key in keys {
            // Names are written in camel case and often share all but one of their words.
            let capital = key.bytes().rposition(|byte| byte.is_ascii_uppercase());
            let place = capital.unwrap_or(key.len() / 2);
            // An empty key has its closing quote there.
            letters.push(key.as_bytes().get(place).copied().unwrap_or(b'"'));
            self.filters.push(Filter { length: key.len() as u32 + 1, distance: place as u32 + 1 });
        }
        letters.sort_unstable();
        letters.dedup();
        self.classes = ByteClasses::new(&letters);
    }

    pub(super) fn root(&self) -> &TrieNode {
        &self.root
    }

    #[inline]
    pub(super) fn node(&self, id: NodeId) -> Option<&TrieNode> {
        match id.checked_sub(1) {
            Some(at) => self.nodes.get(at as usize),
            None => Some(&self.root),
        }
    }

    fn with(&mut self, id: NodeId, change: impl FnOnce(&mut TrieNode)) {
        let node = match id.checked_sub(1) {
            Some(at) => self.nodes.get_mut(at as usize),
            None => Some(&mut self.root),
        };
        if let Some(node) = node {
            change(node);
        }
    }

    /// The child of `parent` along `step`, added when it is new.
    fn child(&mut self, parent: NodeId, step: &Step) -> NodeId {
        let known = self.node(parent).and_then(|node| match step {
            Step::Key(key) => node.keys.iter().find(|child| child.key == *key).map(|child| child.node),
            Step::Index(index) => node.elements.iter().find(|(at, _)| at == index).map(|&(_, child)| child),
        });
        known.unwrap_or_else(|| {
            self.nodes.push(TrieNode::default());
            let id = self.nodes.len() as NodeId;
            self.with(parent, |node| match step {
                Step::Key(key) => node.keys.push(KeyChild::new(key, id)),
                Step::Index(index) => node.elements.push((*index, id)),
            });
            id
        })
    }
}
