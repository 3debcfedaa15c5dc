//! The embedded event table, read in place: `data/events.bin`, whose layout `tests/schema_table/encode.rs` tells.
//!
//! Nothing is decoded before it is asked for, and no look-up allocates. Every read is checked; what lies outside
//! reads as absent.

static BYTES: &[u8] = include_bytes!("../../data/events.bin");

const BLOCK: u32 = 16;
const SOURCE: u32 = 24;
const ENTRY: u32 = 9;
const UNKNOWN: u32 = 0xff_ffff;

/// Where the parts begin.
mod part {
    pub(super) const STRINGS: u32 = 4;
    pub(super) const BLOCKS: u32 = 8;
    pub(super) const TEXTS: u32 = 12;
    pub(super) const LISTS: u32 = 16;
    pub(super) const SOURCES: u32 = 20;
    pub(super) const ENTRIES: u32 = 24;
    pub(super) const NAMES: u32 = 28;
    pub(super) const EVENTS: u32 = 32;
}

/// The number of a string: in the order of the strings.
pub(super) type StringId = u16;

/// What the table says of an event source.
#[derive(Clone, Copy, Debug)]
pub(super) struct SourceRow {
    /// Its full name.
    pub(super) name: &'static str,
    /// Whether no model lists its event names.
    pub(super) open: bool,
    entries: u32,
    count: u32,
    /// What any request may have.
    pub(super) request: List,
    /// What any response may have.
    pub(super) response: List,
}

/// What the table says of an event name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryRow {
    pub(super) name: StringId,
    pub(super) kind: EntryKind,
}

/// Whether a name is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// It is, with this `eventType` and these members, where they are known.
    Event { event_type: &'static str, request: Option<List>, response: Option<List> },
    /// That one is, which has a date at its end.
    Suffixed(StringId),
    /// That one is.
    LoggedAs(StringId),
    /// That one is; this is the name of the permission.
    IamAction(StringId),
}

/// A list of strings, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List(u32);

fn byte(at: u32) -> Option<u8> {
    BYTES.get(at as usize).copied()
}

fn bytes(at: u32, length: u32) -> Option<&'static [u8]> {
    let start = at as usize;
    BYTES.get(start..start.checked_add(length as usize)?)
}

fn number(at: u32, width: u32) -> Option<u32> {
    Some(bytes(at, width)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn varint(at: &mut u32) -> Option<u32> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let next = byte(*at)?;
        *at += 1;
        number |= u32::from(next & 0x7f) << shift;
        if next < 0x80 {
            return Some(number);
        }
    }
    None
}

/// The first of `0..count` for which `is_past` holds, by bisection; `count` where there is none.
fn partition(count: u32, mut is_past: impl FnMut(u32) -> Option<bool>) -> Option<u32> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_past(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// The strings of one block, each told by what it shares with the one before.
struct Block {
    at: u32,
    left: u32,
}

impl Block {
    fn new(block: u32) -> Option<Self> {
        let offset = number(number(part::BLOCKS, 4)? + 4 * block, 4)?;
        let left = number(part::STRINGS, 4)?.saturating_sub(block * BLOCK).min(BLOCK);
        Some(Block { at: number(part::TEXTS, 4)? + offset, left })
    }
}

impl Iterator for Block {
    /// How many bytes to keep of the string before, and what follows them.
    type Item = (usize, &'static [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let shared = varint(&mut self.at)?;
        let length = varint(&mut self.at)?;
        let rest = bytes(self.at, length)?;
        self.at += length;
        Some((shared as usize, rest))
    }
}

/// The number of this string, if the table has it.
pub(super) fn find(wanted: &[u8]) -> Option<StringId> {
    let blocks = number(part::STRINGS, 4)?.div_ceil(BLOCK);
    let past = partition(blocks, |block| Some(Block::new(block)?.next()?.1 > wanted))?;
    let block = past.checked_sub(1)?;
    // How many bytes the string before has in common with `wanted`; it is smaller, and differs just after them.
    let mut common = 0;
    for (id, (shared, rest)) in (block * BLOCK..).zip(Block::new(block)?) {
        if shared < common {
            return None;
        }
        if shared > common {
            continue;
        }
        let left = wanted.get(common..)?;
        common += rest.iter().zip(left).take_while(|(one, other)| one == other).count();
        match rest.cmp(left) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return u16::try_from(id).ok(),
            std::cmp::Ordering::Greater => return None,
        }
    }
    None
}

/// The string with this number.
pub(super) fn text(id: StringId) -> String {
    let id = u32::from(id);
    let mut text = Vec::new();
    let block = Block::new(id / BLOCK).into_iter().flatten();
    for (shared, rest) in block.take((id % BLOCK) as usize + 1) {
        text.truncate(shared);
        text.extend_from_slice(rest);
    }
    String::from_utf8(text).unwrap_or_default()
}

/// Whether this string is an event name of some source.
pub(super) fn is_event_name(id: StringId) -> bool {
    let at = number(part::EVENTS, 4).map(|at| at + u32::from(id / 8));
    at.and_then(byte).is_some_and(|bits| bits >> (id % 8) & 1 == 1)
}

/// Calls `act` with each event name of all sources, in order.
pub(super) fn each_event_name(act: &mut dyn FnMut(&str)) {
    let blocks = number(part::STRINGS, 4).unwrap_or(0).div_ceil(BLOCK);
    let mut text = Vec::new();
    for block in 0..blocks {
        for (id, (shared, rest)) in (block * BLOCK..).zip(Block::new(block).into_iter().flatten()) {
            text.truncate(shared);
            text.extend_from_slice(rest);
            if let (Ok(id), Ok(text)) = (u16::try_from(id), std::str::from_utf8(&text))
                && is_event_name(id)
            {
                act(text);
            }
        }
    }
}

/// How many event sources there are.
pub(super) fn source_count() -> u32 {
    number(part::SOURCES, 4).and_then(|at| number(at, 4)).unwrap_or(0)
}

/// One of the sources, in alphabetical order.
pub(super) fn source(index: u32) -> Option<SourceRow> {
    let at = number(part::SOURCES, 4)? + 4 + SOURCE * index;
    let name = bytes(number(part::NAMES, 4)? + number(at, 4)?, number(at + 4, 2)?)?;
    Some(SourceRow {
        name: std::str::from_utf8(name).ok()?,
        open: number(at + 6, 2)? & 1 == 1,
        entries: number(part::ENTRIES, 4)? + number(at + 8, 4)?,
        count: number(at + 12, 4)?,
        request: List(number(at + 16, 4)?),
        response: List(number(at + 20, 4)?),
    })
}

/// The source with exactly this name.
pub(super) fn find_source(name: &str) -> Option<SourceRow> {
    let past = partition(source_count(), |index| Some(source(index)?.name > name))?;
    source(past.checked_sub(1)?).filter(|row| row.name == name)
}

impl SourceRow {
    /// Its event names and what is logged under another name, in alphabetical order.
    pub(super) fn entries(self) -> impl Iterator<Item = EntryRow> {
        (0..self.count).filter_map(move |index| self.entry(index))
    }

    fn entry(self, index: u32) -> Option<EntryRow> {
        let at = self.entries + ENTRY * index;
        let list = |at| number(at, 3).map(|offset| (offset != UNKNOWN).then_some(List(offset)));
        let kind = byte(at + 8)?;
        let event_type = match kind {
            0 => "AwsApiCall",
            1 => "AwsServiceEvent",
            2 => "AwsConsoleAction",
            _ => "AwsConsoleSignIn",
        };
        let instead = u16::try_from(number(at + 2, 3)?);
        let kind = match kind {
            128 => EntryKind::Suffixed(instead.ok()?),
            129 => EntryKind::LoggedAs(instead.ok()?),
            130 => EntryKind::IamAction(instead.ok()?),
            _ => EntryKind::Event { event_type, request: list(at + 2)?, response: list(at + 5)? },
        };
        Some(EntryRow { name: u16::try_from(number(at, 2)?).ok()?, kind })
    }

    /// What it says of this name.
    pub(super) fn find(self, name: StringId) -> Option<EntryRow> {
        let past =
            partition(self.count, |index| Some(number(self.entries + ENTRY * index, 2)? > u32::from(name)))?;
        self.entry(past.checked_sub(1)?).filter(|row| row.name == name)
    }
}

impl List {
    /// The strings in it.
    pub(super) fn ids(self) -> impl Iterator<Item = StringId> {
        let mut at = number(part::LISTS, 4).unwrap_or_default() + self.0;
        let count = varint(&mut at).unwrap_or(0);
        let mut last = 0;
        (0..count).map_while(move |_| {
            last += varint(&mut at)?;
            u16::try_from(last).ok()
        })
    }

    /// Whether this string is in it.
    pub(super) fn contains(self, id: StringId) -> bool {
        self.ids().take_while(|one| *one <= id).any(|one| one == id)
    }
}
