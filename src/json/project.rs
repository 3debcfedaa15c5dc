//! Projection: one validating pass over a record that notes where a few paths lead.

use fearless_simd::Level;

use super::cursor::Steps;
use super::page::Page;
use super::text::RawString;
use super::trie::{NodeId, Step, Trie};
use super::{Node, plain, walk};

/// A set of paths, compiled so that one pass over a record finds them all; slot *i* belongs to path *i*.
///
/// A step walks an object by its decoded key, case-sensitive, or an array by its zero-based index; every other walk
/// ends in [`Node::Absent`]. Of members with equal keys the last one counts, whole: what an earlier one held is
/// forgotten. Paths may be equal to one another, or lead on from one another; a path of no steps is the record.
///
/// ```
/// use trailql::json::{Node, Projection, Slots, Step};
///
/// let key = |name: &str| Step::Key(name.into());
/// let paths = [vec![key("resources"), Step::Index(1), key("type")], vec![key("readOnly")]];
/// let projection = Projection::new(&paths);
/// let mut slots = Slots::new();
///
/// let record = r#"{"readOnly":true,"resources":[{"type":"a"},{"type":"b"}]}"#;
/// projection.project(record, &mut slots).unwrap();
/// assert!(matches!(slots.node(record, 0), Node::String(text) if text.eq_str("b")));
/// assert_eq!(slots.node(record, 1), Node::Bool(true));
///
/// let cut = r#"{"readOnly":true,"resources":["#;
/// assert!(projection.project(cut, &mut slots).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Projection {
    trie: Trie,
    slots: usize,
    level: Level,
}

impl Projection {
    /// Compiles `paths`.
    ///
    /// # Limits
    ///
    /// The paths are taken as they are: how many there are, and how long, is for the caller to bound.
    pub fn new<P: AsRef<[Step]>>(paths: &[P]) -> Self {
        Projection { trie: Trie::new(paths), slots: paths.len(), level: Level::new() }
    }

    /// The number of paths, and so of slots.
    pub fn len(&self) -> usize {
        self.slots
    }

    /// Whether there are no paths; [`project`](Self::project) then validates only.
    pub fn is_empty(&self) -> bool {
        self.slots == 0
    }

    /// Validates that `text` is one JSON object, with JSON whitespace around it or not, and fills `slots`.
    ///
    /// The whole text is always validated, against RFC 8259 and as `serde_json` does: a lone surrogate escape such as
    /// `\ud800` is an error. Nesting may be of any depth.
    ///
    /// # Errors
    ///
    /// [`NotAnObject`] says what is wrong and where; every slot is [`Node::Absent`] then.
    pub fn project(&self, text: &str, slots: &mut Slots) -> Result<(), NotAnObject> {
        let (body, offset) = trim(text);
        slots.reset(self.slots, offset);
        if walk::project(self.level, &self.trie, body, slots) {
            return Ok(());
        }
        slots.reset(self.slots, offset);
        plain::project(&self.trie, body, slots).map_err(|error| {
            slots.reset(self.slots, offset);
            NotAnObject { offset: error.offset + offset, ..error }
        })
    }
}

/// The text without the whitespace around it, and how much stood before it.
fn trim(text: &str) -> (&str, usize) {
    const WHITESPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    if text.starts_with('{') && text.ends_with('}') {
        return (text, 0);
    }
    let body = text.trim_start_matches(WHITESPACE);
    (body.trim_end_matches(WHITESPACE), text.len() - body.len())
}

/// Where the paths of a [`Projection`] led in the record projected last: offsets only, to be reused for every record.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    values: Vec<Value>,
    /// Where the record starts in its text.
    offset: usize,
    pub(super) walk: Walk,
}

impl Slots {
    /// No slots yet; the first projection makes room.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a slot, with its text cut from `text`, the text last projected.
    ///
    /// A slot number past the projection's paths gives [`Node::Absent`], and so may any other text than the one
    /// projected.
    pub fn node<'a>(&self, text: &'a str, slot: usize) -> Node<'a> {
        self.values.get(slot).and_then(|value| value.node(text, self.offset)).unwrap_or_default()
    }

    pub(super) fn reset(&mut self, slots: usize, offset: usize) {
        self.values.clear();
        self.values.resize(slots, Value::default());
        self.offset = offset;
        self.walk.clear();
    }

    #[cfg(test)]
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }

    /// Forgets every slot below `node`.
    pub(super) fn forget(&mut self, trie: &Trie, node: NodeId) {
        for &slot in trie.node(node).into_iter().flat_map(|node| &node.subtree) {
            self.set(slot, Value::default());
        }
    }

    /// Fills the slots whose path ends at `node`.
    pub(super) fn fill(&mut self, trie: &Trie, node: NodeId, value: Value) {
        for &slot in trie.node(node).into_iter().flat_map(|node| &node.own) {
            self.set(slot, value);
        }
    }

    fn set(&mut self, slot: u32, value: Value) {
        if let Some(it) = self.values.get_mut(slot as usize) {
            *it = value;
        }
    }
}

/// A value by its place in the record. For a string the place is the text between the quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Absent,
    Null,
    True,
    False,
    Number,
    String,
    EscapedString,
    Array,
    Object,
}

impl Value {
    fn node(self, text: &str, offset: usize) -> Option<Node<'_>> {
        let part = || text.get(self.start + offset..self.end + offset);
        Some(match self.kind {
            Kind::Absent => Node::Absent,
            Kind::Null => Node::Null,
            Kind::True => Node::Bool(true),
            Kind::False => Node::Bool(false),
            Kind::Number => Node::Number(part()?),
            Kind::String => Node::String(RawString::new(part()?, false)),
            Kind::EscapedString => Node::String(RawString::new(part()?, true)),
            Kind::Array => Node::Array(part()?),
            Kind::Object => Node::Object(part()?),
        })
    }
}

/// Scratch memory of a walk over one record, kept between records.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// The open containers, outermost first: whether each is an array.
    pub(super) kinds: BitStack,
    /// Those of the open containers that are on the trie; they are always the outermost ones.
    pub(super) frames: Vec<Frame>,
    /// What the fast walk keeps of the kinds of outer containers.
    pub(super) outer: Vec<u64>,
    pub(super) steps: Option<Box<Steps>>,
    pub(super) page: Option<Box<Page>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    /// Where the container starts.
    pub(super) start: usize,
    /// In an array: the index of the current element.
    pub(super) index: usize,
}

impl Walk {
    fn clear(&mut self) {
        self.kinds.clear();
        self.frames.clear();
        self.outer.clear();
    }
}

/// A stack of bits, 64 to a word.
#[derive(Clone, Debug, Default)]
pub(super) struct BitStack {
    /// The newest bit is the lowest.
    top: u64,
    depth: usize,
    full: Vec<u64>,
}

impl BitStack {
    fn clear(&mut self) {
        self.depth = 0;
        self.full.clear();
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn push(&mut self, bit: bool) {
        if self.depth.is_multiple_of(64) && self.depth > 0 {
            self.full.push(self.top);
        }
        self.top = self.top << 1 | u64::from(bit);
        self.depth += 1;
    }

    pub(super) fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.top & 1 == 1)
    }

    pub(super) fn pop(&mut self) -> Option<bool> {
        let last = self.last()?;
        self.depth -= 1;
        self.top >>= 1;
        if self.depth.is_multiple_of(64) {
            self.top = self.full.pop().unwrap_or_default();
        }
        Some(last)
    }
}

/// A text is not one JSON object: what is wrong with it, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {offset}")]
pub struct NotAnObject {
    /// The byte of the text at which it is seen, counted from 0.
    pub offset: usize,
    /// What is wrong there.
    pub reason: NotAnObjectReason,
}

/// Why a text is not one JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAnObjectReason {
    /// The text does not begin with a brace.
    #[error("expected a JSON object")]
    NoObject,
    /// The text ends within the object.
    #[error("the JSON object is cut off")]
    CutOff,
    /// Something follows the object.
    #[error("text after the JSON object")]
    TrailingText,
    /// A key or a closing brace should stand here.
    #[error("expected a key")]
    ExpectedKey,
    /// A colon should stand here.
    #[error("expected a colon")]
    ExpectedColon,
    /// A value should stand here.
    #[error("expected a value")]
    ExpectedValue,
    /// A comma or the matching closing bracket should stand here.
    #[error("expected a comma or the closing bracket")]
    ExpectedComma,
    /// A character below U+0020 in a string.
    #[error("control character in a string, which must be written as an escape")]
    ControlCharacter,
    /// An escape that JSON does not have.
    #[error("invalid escape in a string")]
    InvalidEscape,
    /// Half of a surrogate pair.
    #[error("half a surrogate pair in a string")]
    LoneSurrogate,
    /// Not a number as JSON writes it.
    #[error("invalid number")]
    InvalidNumber,
}
