//! A walk over the members of a root object, byte by byte, so that it can stop and go on anywhere.

/// Longer keys are told apart by their first bytes only; no key that is looked for is this long.
const MAX_KEY_BYTES: usize = 32;

/// Stands in a root object, and reports where the values of its own members begin and where it ends.
///
/// It tells strings from brackets and counts brackets without pairing them; of text that is not JSON it makes something,
/// and never fails.
#[derive(Clone, Debug)]
pub(super) struct MemberWalk {
    /// 1 in the root object itself.
    depth: usize,
    in_string: bool,
    escaping: bool,
    in_key: bool,
    key: Vec<u8>,
    awaited: Awaited,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Awaited {
    Key,
    Colon,
    Value,
    Comma,
}

/// What a byte was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing to report.
    Inside,
    /// The first byte of the value of the member [`MemberWalk::key`].
    Value,
    /// The object's closing brace.
    End,
}

impl MemberWalk {
    /// A walk that stands just behind the object's `{`.
    pub(super) fn new() -> Self {
        MemberWalk {
            depth: 1,
            in_string: false,
            escaping: false,
            in_key: false,
            key: Vec::new(),
            awaited: Awaited::Key,
        }
    }

    /// The key of the member whose value began last, as written.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    pub(super) fn in_string(&self) -> bool {
        self.in_string
    }

    /// Whether a member's key must come next.
    pub(super) fn awaits_key(&self) -> bool {
        self.depth == 1 && self.awaited == Awaited::Key
    }

    /// How many bytes of `rest`, which comes next, can be left out: what stands in a string before a quote, an escape
    /// or a line feed.
    pub(super) fn passable(&self, rest: &[u8]) -> usize {
        if !self.in_string || self.in_key || self.escaping {
            return 0;
        }
        memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len())
    }

    /// To be called when someone else has read on to the end of the array whose `[` was stepped over last.
    pub(super) fn array_was_read(&mut self) {
        self.depth = 1;
    }

    #[inline]
    pub(super) fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            self.step_in_string(byte);
            return Step::Inside;
        }
        let own = self.depth == 1;
        let starts_value = own && self.awaited == Awaited::Value;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return Step::Inside,
            b'"' => {
                self.in_string = true;
                if own && self.awaited == Awaited::Key {
                    self.key.clear();
                    self.in_key = true;
                    self.awaited = Awaited::Colon;
                }
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.depth = 1;
                    return Step::End;
                }
            }
            b':' if own && self.awaited == Awaited::Colon => self.awaited = Awaited::Value,
            b',' if own => self.awaited = Awaited::Key,
            _ => {}
        }
        if starts_value {
            self.awaited = Awaited::Comma;
            return Step::Value;
        }
        Step::Inside
    }

    #[inline]
    fn step_in_string(&mut self, byte: u8) {
        if std::mem::take(&mut self.escaping) {
        } else if byte == b'\\' {
            self.escaping = true;
        } else if byte == b'"' {
            self.in_string = false;
            self.in_key = false;
            return;
        }
        if self.in_key && self.key.len() < MAX_KEY_BYTES {
            self.key.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Vec<String> {
        let mut walk = MemberWalk::new();
        let mut seen = Vec::new();
        for byte in text.bytes() {
            match walk.step(byte) {
                Step::Inside => {}
                Step::Value => seen.push(format!("{}={}", String::from_utf8_lossy(walk.key()), byte as char)),
                Step::End => seen.push("end".into()),
            }
        }
        seen
    }

    #[test]
    fn only_the_objects_own_members_are_reported() {
        let text = r#""a":{"b":[1,{"c":2}]}, "d" : "x}\",\"e\":", "f":-1,"g":[],"h":null}"#;
        assert_eq!(walk(text), ["a={", "d=\"", "f=-", "g=[", "h=n", "end"]);
    }

    #[test]
    fn a_bracket_in_the_place_of_a_value_is_no_value() {
        assert_eq!(walk(r#""a":}"#), ["end"]);
    }
}
