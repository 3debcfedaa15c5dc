//! Splitting a long array into its elements, block after block, without holding it whole.

/// Finds the ends of the elements of an array while its text arrives in blocks of any size.
///
/// For CloudTrail delivery files, `{"Records":[{…},{…}]}`: start it just behind the `[`. It only tells strings from
/// brackets; whether an element is valid JSON is for [`Projection::project`](super::Projection::project) to say.
///
/// ```
/// use trailql::json::ElementScanner;
///
/// let mut scanner = ElementScanner::new();
/// let mut ends = Vec::new();
/// assert_eq!(scanner.scan(br#"{"a":1},{"b":"]"#, &mut ends), None);
/// assert_eq!(ends, [7]);
/// ends.clear();
/// assert_eq!(scanner.scan(br#"}"}]}"#, &mut ends), Some(3));
/// assert_eq!(ends, [3]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ElementScanner {
    depth: usize,
    in_string: bool,
    /// Whether the last byte was a backslash that escapes the next one.
    escaping: bool,
    unicode_escape: bool,
}

impl ElementScanner {
    /// A scanner that stands just behind an array's `[`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scans `block` on from where the last block ended, and pushes to `ends` the offset in it just past each element
    /// that is an array or object. Gives the offset of the array's own `]`, where the scan stops, once it is there.
    ///
    /// Brackets are counted, not paired: a stray `}` between elements is passed over.
    pub fn scan(&mut self, block: &[u8], ends: &mut Vec<usize>) -> Option<usize> {
        for (at, &byte) in block.iter().enumerate() {
            if std::mem::take(&mut self.escaping) {
                self.unicode_escape |= byte == b'u';
                continue;
            }
            match byte {
                b'"' => self.in_string = !self.in_string,
                b'\\' => self.escaping = true,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => match self.depth {
                    0 if byte == b']' => return Some(at),
                    0 => {}
                    1 => {
                        self.depth = 0;
                        ends.push(at + 1);
                    }
                    _ => self.depth -= 1,
                },
                _ => {}
            }
        }
        None
    }

    /// How many arrays and objects are open, the array itself not counted.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Whether the last block ended within a string.
    pub fn in_string(&self) -> bool {
        self.in_string
    }

    /// Whether a `\u` escape was seen since this was last asked. May be true without one, never false with one.
    pub fn take_unicode_escape(&mut self) -> bool {
        std::mem::take(&mut self.unicode_escape)
    }
}
