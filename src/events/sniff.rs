//! Which shape an input has, from its first record.

use super::InputForm;
use super::members::{MemberWalk, Step};
use super::unwrap::Wrap;

/// How an input is cut into events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An event a line; `json` where each must be an object.
    Lines { json: bool, wrap: Wrap },
    /// Objects whose member `key` is an array of events.
    Documents { key: &'static str, wrap: Wrap },
    /// Arrays of events.
    Arrays { wrap: Wrap },
    /// Events one after the other, laid out over lines or not.
    Sequence { wrap: Wrap },
}

/// Members of a document that hold its events, and how those hold their messages.
const EVENT_ARRAYS: [(&str, Wrap, InputForm); 4] = [
    ("Records", Wrap::Bare, InputForm::CloudTrail),
    ("Events", Wrap::LookupRecord, InputForm::CloudTrail),
    ("events", Wrap::CwlMessage, InputForm::Cwl),
    ("logEvents", Wrap::CwlMessage, InputForm::Cwl),
];

/// What members a CloudWatch Logs event has in any of the shapes that the service gives out.
const LOG_EVENT_MEMBERS: [&[u8]; 8] = [
    b"timestamp",
    b"message",
    b"ingestionTime",
    b"eventId",
    b"logStreamName",
    b"logGroupName",
    b"id",
    b"extractedFields",
];

/// The shape of the input that begins with `start`, behind any byte order mark; `None` where more of it must be seen.
/// With `whole`, `start` is all there is to see, and the answer is never `None`.
pub(super) fn sniff(start: &[u8], whole: bool, form: InputForm) -> Option<Shape> {
    let plain = Shape::Lines { json: false, wrap: Wrap::Bare };
    match form {
        InputForm::Lines => return Some(plain),
        InputForm::Ndjson => return json_lines(start, whole, form),
        InputForm::Auto | InputForm::CloudTrail | InputForm::Cwl => {}
    }
    let text = start.trim_ascii_start();
    let Some((first, rest)) = text.split_first() else {
        return whole.then_some(Shape::Lines { json: true, wrap: Wrap::Bare });
    };
    match first {
        b'{' => object(rest, whole, form),
        b'[' => array(rest, whole, form),
        _ => Some(match form {
            InputForm::CloudTrail => Shape::Documents { key: "Records", wrap: Wrap::Bare },
            InputForm::Cwl => Shape::Lines { json: true, wrap: Wrap::CwlMessage },
            _ => plain,
        }),
    }
}

/// The first line that is an object decides what wraps the records.
fn json_lines(start: &[u8], whole: bool, form: InputForm) -> Option<Shape> {
    let mut rest = start;
    loop {
        let (line, next) = match memchr::memchr(b'\n', rest) {
            Some(end) => (rest.get(..end)?, rest.get(end + 1..)?),
            None if whole => (rest, [].as_slice()),
            None => return None,
        };
        let line = line.trim_ascii();
        if let [b'{', members @ .., b'}'] = line {
            let wrap = Traits::of(members).wrap(form);
            return Some(Shape::Lines { json: true, wrap });
        }
        if whole && next.is_empty() {
            return Some(Shape::Lines { json: true, wrap: Traits::default().wrap(form) });
        }
        rest = next;
    }
}

/// `rest` is what follows the `[`.
fn array(rest: &[u8], whole: bool, form: InputForm) -> Option<Shape> {
    let forced = form != InputForm::Auto;
    let plain = Some(Shape::Lines { json: false, wrap: Wrap::Bare });
    let undecided = |wrap: Wrap| whole.then_some(Shape::Arrays { wrap });
    let bare = Traits::default().wrap(form);
    let text = rest.trim_ascii_start();
    match text.split_first() {
        None => undecided(bare),
        Some((b']', _)) => Some(Shape::Arrays { wrap: bare }),
        Some((b'{', members)) => {
            let is_object = matches!(members.trim_ascii_start().first(), None | Some(b'"' | b'}'));
            if !forced && !is_object {
                return plain;
            }
            match Traits::of_first(members) {
                Some(traits) => Some(Shape::Arrays { wrap: traits.wrap(form) }),
                None => undecided(bare),
            }
        }
        // Brackets and nothing else are meant as JSON, however broken; `[[main] INFO` is not.
        Some((b'[', _)) if !forced => {
            let next = text.iter().find(|&&byte| byte != b'[' && !byte.is_ascii_whitespace());
            match next {
                None => undecided(bare),
                Some(b'{' | b']' | b'"') => Some(Shape::Arrays { wrap: bare }),
                Some(_) => plain,
            }
        }
        Some(_) if forced => Some(Shape::Arrays { wrap: bare }),
        Some(_) => plain,
    }
}

/// `rest` is what follows the `{`.
fn object(rest: &[u8], whole: bool, form: InputForm) -> Option<Shape> {
    let forced = form != InputForm::Auto;
    match rest.trim_ascii_start().first() {
        None if !whole => return None,
        Some(b'"' | b'}') => {}
        _ if forced => {}
        _ => return Some(Shape::Lines { json: false, wrap: Wrap::Bare }),
    }
    let mut walk = MemberWalk::new();
    let mut traits = Traits::default();
    let mut one_line = true;
    // The last byte that is no white space, and the first line feed behind it.
    let mut last = b'{';
    let mut line_end = None;
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        let after = rest.get(at + 1..).unwrap_or_default();
        if byte == b'\n' {
            one_line = false;
            line_end = line_end.or(Some(at));
        }
        // The record breaks off with its line, and the next one follows.
        let cut = match byte {
            b'\n' => walk.in_string(),
            b'{' => line_end.is_some() && (walk.awaits_key() || !b":[,".contains(&last)),
            _ => false,
        };
        if cut && form != InputForm::CloudTrail {
            return json_lines(rest.get(line_end? + 1..)?, whole, form);
        }
        match walk.step(byte) {
            Step::Value => {
                traits.add(walk.key(), byte);
                if byte == b'['
                    && let Some(found) = event_array(walk.key(), after, whole, form, &traits)
                {
                    return found;
                }
            }
            Step::End => {
                return behind_object(after, one_line, whole, form, traits.wrap(form));
            }
            Step::Inside => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
            line_end = None;
        }
        at += 1 + walk.passable(after);
    }
    // The first record is not whole: what is broken in it, the framing says.
    whole.then(|| match form {
        InputForm::CloudTrail => Shape::Sequence { wrap: traits.wrap(form) },
        _ if one_line => Shape::Lines { json: true, wrap: traits.wrap(form) },
        _ => Shape::Sequence { wrap: traits.wrap(form) },
    })
}

/// Whether the array member `key` holds the events of a document: `None` if not, `Some(None)` where more must be seen.
/// `after` is what follows its `[`.
fn event_array(
    key: &[u8],
    after: &[u8],
    whole: bool,
    form: InputForm,
    root: &Traits,
) -> Option<Option<Shape>> {
    let (key, wrap, of) = EVENT_ARRAYS.into_iter().find(|(name, ..)| name.as_bytes() == key)?;
    let document = Some(Some(Shape::Documents { key, wrap }));
    if form != InputForm::Auto {
        return if form == of { document } else { None };
    }
    match after.trim_ascii_start().split_first() {
        None if whole => document,
        None => Some(None),
        Some((b'{', _)) if key == "Records" => document,
        // Any log may have an array `events`; the service's holds what the service's events hold.
        Some((b'{', members)) => match Traits::of_first(members) {
            Some(traits) => (traits.wrap(form) == wrap).then_some(Some(Shape::Documents { key, wrap })),
            None if whole => document,
            None => Some(None),
        },
        Some((b']', _)) => {
            if root.members == 1 || root.subscription || key == "Records" {
                document
            } else {
                None
            }
        }
        Some(_) => None,
    }
}

/// The shape, by what follows the first object, in which no array of events was found.
fn behind_object(after: &[u8], one_line: bool, whole: bool, form: InputForm, wrap: Wrap) -> Option<Shape> {
    if !one_line || form == InputForm::CloudTrail {
        return Some(Shape::Sequence { wrap });
    }
    let lines = Some(Shape::Lines { json: true, wrap });
    match after.iter().find(|&&byte| byte == b'\n' || !byte.is_ascii_whitespace()) {
        None => whole.then_some(Shape::Lines { json: true, wrap }),
        Some(b'\n') => lines,
        Some(b'{') => Some(Shape::Sequence { wrap }),
        Some(_) => lines,
    }
}

/// What the members of an object say about what kind of object it is.
#[derive(Clone, Copy, Debug, Default)]
struct Traits {
    members: usize,
    /// Members that no CloudWatch Logs event has.
    foreign: bool,
    message: bool,
    timestamp: bool,
    record_text: bool,
    detail: bool,
    detail_type: bool,
    subscription: bool,
}

impl Traits {
    /// Of the object whose text behind the `{` is `members`, as far as it goes.
    fn of(members: &[u8]) -> Traits {
        let mut traits = Traits::default();
        traits.walk(members);
        traits
    }

    /// The same, but `None` where the object does not end.
    fn of_first(members: &[u8]) -> Option<Traits> {
        let mut traits = Traits::default();
        traits.walk(members).then_some(traits)
    }

    fn walk(&mut self, members: &[u8]) -> bool {
        let mut walk = MemberWalk::new();
        let mut rest = members;
        while let Some((&byte, next)) = rest.split_first() {
            match walk.step(byte) {
                Step::Value => self.add(walk.key(), byte),
                Step::End => return true,
                Step::Inside => {}
            }
            rest = next.get(walk.passable(next)..).unwrap_or_default();
        }
        false
    }

    fn add(&mut self, key: &[u8], first: u8) {
        self.members += 1;
        self.foreign |= !LOG_EVENT_MEMBERS.contains(&key);
        match (key, first) {
            (b"message", b'"') => self.message = true,
            (b"timestamp", b'-' | b'0'..=b'9') => self.timestamp = true,
            (b"CloudTrailEvent", b'"') => self.record_text = true,
            (b"detail", b'{') => self.detail = true,
            (b"detail-type", b'"') => self.detail_type = true,
            (b"messageType", b'"') => self.subscription = true,
            _ => {}
        }
    }

    fn wrap(&self, form: InputForm) -> Wrap {
        match form {
            InputForm::Cwl => Wrap::CwlMessage,
            InputForm::Auto if self.message && self.timestamp && !self.foreign => Wrap::CwlMessage,
            _ if self.record_text && form != InputForm::Ndjson => Wrap::LookupRecord,
            _ if self.detail && self.detail_type => Wrap::Detail,
            _ => Wrap::Bare,
        }
    }
}
