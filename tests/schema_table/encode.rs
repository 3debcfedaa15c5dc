//! The event table as the crate embeds it. All numbers are little-endian.
//!
//! ```text
//! header    "TQEV", u32 count of strings, seven u32 offsets: blocks, texts, lists, sources, entries, names, events
//! sources   u32 count, then 24 bytes a source in the order of their names:
//!           u32 offset and u16 length of its full name, u16 flags (1: no model lists its events),
//!           u32 offset and u32 count of its entries, u32 and u32 lists of members that any operation may have
//! names     the full names of the sources
//! entries   9 bytes an event in the order of their names: u16 name, u24 list of request members,
//!           u24 list of response members (0xff_ffff: not known), u8 kind;
//!           of kind 128 and up the first u24 is the name of the event that is logged instead
//! events    a bit a string: whether some source has an event of this name
//! blocks    u32 offset of every sixteenth string
//! texts     strings in order: bytes shared with the one before (varint; none at a block's start), length of the rest
//!           (varint), the rest
//! lists     varint count, then varint steps from one string's number to the next
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{EventKind, Model, Source};

const BLOCK: usize = 16;
const UNKNOWN: u32 = 0xff_ffff;

pub(crate) fn encode(model: &Model) -> Vec<u8> {
    let strings = strings(model);
    let number: BTreeMap<&str, u32> = strings.iter().zip(0..).map(|(text, at)| (*text, at)).collect();
    assert!(strings.len() <= usize::from(u16::MAX), "a string's number has two bytes");

    let mut lists = Lists { bytes: Vec::new(), offsets: HashMap::new(), number };
    let mut entries = Vec::new();
    let mut tables: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut names = Vec::new();
    let mut sources = u32_bytes(model.sources.len()).to_vec();
    for (name, source) in &model.sources {
        let table = table(source, &mut lists);
        let offset = *tables.entry(table.clone()).or_insert_with(|| {
            entries.extend_from_slice(&table);
            entries.len() - table.len()
        });
        sources.extend(u32_bytes(names.len()));
        names.extend_from_slice(name.as_bytes());
        sources.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        sources.extend(u16::from(source.open).to_le_bytes());
        sources.extend(u32_bytes(offset));
        sources.extend(u32_bytes(source.events.len()));
        sources.extend(lists.add(&source.common_request).to_le_bytes());
        sources.extend(lists.add(&source.common_response).to_le_bytes());
    }
    let (blocks, texts) = front_coded(&strings);
    let events = events(model, &lists.number);

    let mut bytes = b"TQEV".to_vec();
    bytes.extend(u32_bytes(strings.len()));
    let parts = [blocks, texts, lists.bytes, sources, entries, names, events];
    let mut offset = 4 + 4 + parts.len() * 4;
    for part in &parts {
        bytes.extend(u32_bytes(offset));
        offset += part.len();
    }
    bytes.extend(parts.concat());
    bytes
}

fn table(source: &Source, lists: &mut Lists<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, event) in &source.events {
        let list = |lists: &mut Lists<'_>, members: &Option<BTreeSet<String>>| match members {
            Some(members) => lists.add(members),
            None => UNKNOWN,
        };
        let (first, kind) = match &event.kind {
            EventKind::AwsApiCall => (list(lists, &event.request), 0),
            EventKind::AwsServiceEvent => (list(lists, &event.request), 1),
            EventKind::AwsConsoleAction => (list(lists, &event.request), 2),
            EventKind::AwsConsoleSignIn => (list(lists, &event.request), 3),
            EventKind::Suffixed(other) => (lists.number[other.as_str()], 128),
            EventKind::LoggedAs(other) => (lists.number[other.as_str()], 129),
            EventKind::IamAction(other) => (lists.number[other.as_str()], 130),
        };
        let second = list(lists, &event.response);
        bytes.extend(u16::try_from(lists.number[name.as_str()]).unwrap().to_le_bytes());
        bytes.extend(&first.to_le_bytes()[..3]);
        bytes.extend(&second.to_le_bytes()[..3]);
        bytes.push(kind);
    }
    bytes
}

fn events(model: &Model, number: &BTreeMap<&str, u32>) -> Vec<u8> {
    let mut bits = vec![0; number.len().div_ceil(8)];
    for source in model.sources.values() {
        let logged = source.events.iter().filter(|(_, event)| {
            !matches!(event.kind, EventKind::Suffixed(_) | EventKind::LoggedAs(_) | EventKind::IamAction(_))
        });
        for (name, _) in logged {
            let at = number[name.as_str()] as usize;
            bits[at / 8] |= 1 << (at % 8);
        }
    }
    bits
}

fn strings(model: &Model) -> Vec<&str> {
    let mut all = BTreeSet::new();
    for source in model.sources.values() {
        all.extend(source.common_request.iter().chain(&source.common_response).map(String::as_str));
        for (name, event) in &source.events {
            all.insert(name);
            all.extend(event.request.iter().chain(&event.response).flatten().map(String::as_str));
        }
    }
    assert!(all.iter().all(|text| text.is_ascii()), "a string may be cut anywhere");
    all.into_iter().collect()
}

/// Lists of members, each kept once.
struct Lists<'m> {
    bytes: Vec<u8>,
    offsets: HashMap<Vec<u8>, u32>,
    number: BTreeMap<&'m str, u32>,
}

impl Lists<'_> {
    fn add(&mut self, members: &BTreeSet<String>) -> u32 {
        let mut list = varint(members.len());
        let mut last = 0;
        for member in members {
            let number = self.number[member.as_str()];
            list.extend(varint((number - last) as usize));
            last = number;
        }
        let next = u32::try_from(self.bytes.len()).unwrap();
        assert!(next < UNKNOWN, "an offset of a list has three bytes");
        *self.offsets.entry(list).or_insert_with_key(|list| {
            self.bytes.extend_from_slice(list);
            next
        })
    }
}

fn front_coded(strings: &[&str]) -> (Vec<u8>, Vec<u8>) {
    let (mut blocks, mut texts) = (Vec::new(), Vec::new());
    let mut last = "";
    for (at, text) in strings.iter().enumerate() {
        let mut shared = 0;
        if at % BLOCK == 0 {
            blocks.extend(u32_bytes(texts.len()));
        } else {
            shared = text.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        }
        texts.extend(varint(shared));
        texts.extend(varint(text.len() - shared));
        texts.extend(&text.as_bytes()[shared..]);
        last = text;
    }
    (blocks, texts)
}

fn u32_bytes(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
