//! The properties of the module as a whole: projection against `serde_json`, the fast walk against the plain one.

use std::sync::LazyLock;

use fearless_simd::Level;
use proptest::prelude::*;
use regex::Regex;
use serde_json::Value as Json;

use super::project::Value;
use super::trie::Trie;
use super::{Member, Node, Projection, Slots, Step, members, plain, walk};

fn key(name: &str) -> Step {
    Step::Key(name.into())
}

/// The levels of this machine.
pub(super) fn levels() -> Vec<Level> {
    let best = Level::new();
    let mut levels = vec![best, Level::baseline()];
    #[cfg(target_arch = "x86_64")]
    {
        levels.extend(best.as_avx2().map(Level::Avx2));
        levels.extend(best.as_sse4_2().map(Level::Sse4_2));
        levels.extend(best.as_sse2().map(Level::Sse2));
    }
    levels
}

/// A JSON value as it is to be written, equal keys and all.
#[derive(Clone, Debug)]
enum Tree {
    Word(&'static str),
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[abAB]{0,2}",
        2 => "[ -~]{0,20}",
        1 => any::<String>(),
        1 => "[a-z\\\\\"/]{50,140}",
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(Tree::Word),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?".prop_map(Tree::Number),
        text().prop_map(Tree::Text),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Tree::Array),
            prop::collection::vec((text(), inner), 0..6).prop_map(Tree::Object),
        ]
    })
}

fn object() -> impl Strategy<Value = Tree> {
    prop::collection::vec((text(), tree()), 0..8).prop_map(Tree::Object)
}

/// Writes a tree; what is left open, whitespace and escapes, is decided by the bytes of `whims`, over and over.
struct Printer<'a> {
    out: String,
    whims: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    escapes: bool,
    spaces: Spaces,
}

#[derive(Clone, Copy, Debug)]
enum Spaces {
    None,
    /// As Python's `json.dumps` does.
    One,
    Any,
}

impl Printer<'_> {
    fn whim(&mut self) -> u8 {
        self.whims.next().copied().unwrap_or(0)
    }

    fn gap(&mut self, usual: bool) {
        match self.spaces {
            Spaces::None => {}
            Spaces::One => self.out.push_str(if usual { " " } else { "" }),
            Spaces::Any => {
                let whim = self.whim();
                let count = if whim < 4 { 70 } else { whim % 3 };
                for _ in 0..count {
                    let space = [' ', '\n', '\t', '\r'][usize::from(self.whim() % 4)];
                    self.out.push(space);
                }
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            let whim = self.whim();
            if self.escapes && whim.is_multiple_of(8) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let hex = if whim < 128 { format!("{unit:04x}") } else { format!("{unit:04X}") };
                    self.out.push_str("\\u");
                    self.out.push_str(&hex);
                }
            } else if c == '/' && whim.is_multiple_of(2) {
                self.out.push_str("\\/");
            } else {
                let quoted = serde_json::to_string(&c).unwrap();
                self.out.push_str(quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap());
            }
        }
        self.out.push('"');
    }

    fn tree(&mut self, tree: &Tree) {
        match tree {
            Tree::Word(word) => self.out.push_str(word),
            Tree::Number(number) => self.out.push_str(number),
            Tree::Text(text) => self.string(text),
            Tree::Array(elements) => {
                self.out.push('[');
                self.gap(false);
                for (at, element) in elements.iter().enumerate() {
                    self.comma(at);
                    self.tree(element);
                    self.gap(false);
                }
                self.out.push(']');
            }
            Tree::Object(members) => {
                self.out.push('{');
                self.gap(false);
                for (at, (key, value)) in members.iter().enumerate() {
                    self.comma(at);
                    self.string(key);
                    self.gap(false);
                    self.out.push(':');
                    self.gap(true);
                    self.tree(value);
                    self.gap(false);
                }
                self.out.push('}');
            }
        }
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.out.push(',');
            self.gap(true);
        }
    }
}

fn record() -> impl Strategy<Value = String> {
    let spaces = prop::sample::select(vec![Spaces::None, Spaces::One, Spaces::Any]);
    let whims = prop::collection::vec(any::<u8>(), 1..200);
    (object(), spaces, any::<bool>(), whims).prop_map(|(tree, spaces, escapes, whims)| {
        let mut printer = Printer { out: String::new(), whims: whims.iter().cycle(), escapes, spaces };
        printer.tree(&tree);
        printer.out
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => "[abAB]{0,2}".prop_map(|name| key(&name)),
        1 => text().prop_map(|name| key(&name)),
        2 => (0..4_usize).prop_map(Step::Index),
    ]
}

fn paths() -> impl Strategy<Value = Vec<Vec<Step>>> {
    prop::collection::vec(prop::collection::vec(step(), 0..4), 0..6)
}

/// The paths that lead to something in `json`, a few of them.
fn real_paths(json: &Json, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    found.push(path.clone());
    let children: Vec<(Step, &Json)> = match json {
        Json::Object(members) => members.iter().map(|(name, value)| (key(name), value)).collect(),
        Json::Array(elements) => elements.iter().enumerate().map(|(at, it)| (Step::Index(at), it)).collect(),
        _ => Vec::new(),
    };
    for (step, child) in children {
        path.push(step);
        real_paths(child, path, found);
        path.pop();
    }
}

fn walk_json<'a>(json: &'a Json, path: &[Step]) -> Option<&'a Json> {
    path.iter().try_fold(json, |json, step| match step {
        Step::Key(key) => json.as_object()?.get(&**key),
        Step::Index(index) => json.as_array()?.get(*index),
    })
}

fn to_json(node: Node<'_>) -> Option<Json> {
    Some(match node {
        Node::Absent => return None,
        Node::Null => Json::Null,
        Node::Bool(truth) => Json::Bool(truth),
        Node::Number(text) | Node::Array(text) | Node::Object(text) => serde_json::from_str(text).unwrap(),
        Node::String(string) => {
            assert_eq!(string.has_escape(), string.raw().contains('\\'));
            Json::String(string.decode().into_owned())
        }
    })
}

/// Both walks agree on `text`, at every level.
fn check_walks(paths: &[Vec<Step>], text: &str) {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let trie = Trie::new(paths);
    let run = |walk: &dyn Fn(&mut Slots) -> bool| {
        let mut slots = Slots::new();
        slots.reset(paths.len(), 0);
        let done = walk(&mut slots);
        (done, slots.values().to_vec())
    };
    let (valid, values) = run(&|slots| plain::project(&trie, text, slots).is_ok());
    for level in levels() {
        let (fast, fast_values) = run(&|slots| walk::project(level, &trie, text, slots));
        // An escaped key is left to the plain walk, on purpose.
        assert_eq!(fast, valid && !has_escaped_key(text), "{level:?} on {text}");
        if fast {
            assert_eq!(fast_values, values, "{level:?} on {text}");
        }
    }
}

/// Whether a key of the object `text` holds an escape.
fn has_escaped_key(text: &str) -> bool {
    static STRING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""((?:[^"\\]|\\.)*)"([ \t\r\n]*:)?"#).unwrap());
    text.contains('\\')
        && STRING.captures_iter(text).any(|found| found.get(2).is_some() && found[1].contains('\\'))
}

/// Whether `serde_json` takes the whole of `text` for a JSON object, or `None` if it does not say, since a number is
/// too large for it.
fn serde_takes(text: &str) -> Option<bool> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Some(false);
    }
    match serde_json::from_str::<Json>(text) {
        Ok(json) => Some(json.is_object()),
        Err(error) if error.to_string().contains("out of range") => None,
        Err(_) => Some(false),
    }
}

fn check_validity(text: &str) {
    let mut slots = Slots::new();
    let projection = Projection::new::<Vec<Step>>(&[]);
    if let Some(expected) = serde_takes(text) {
        assert_eq!(projection.project(text, &mut slots).is_ok(), expected, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn slots_hold_what_serde_json_finds(record in record(), paths in paths(), before in "[ \t\r\n]{0,3}", after in "[ \t\r\n]{0,3}") {
        let json: Json = serde_json::from_str(&record).unwrap();
        let mut paths = paths;
        real_paths(&json, &mut Vec::new(), &mut paths);
        let text = format!("{before}{record}{after}");
        let mut slots = Slots::new();
        // Few paths at a time, and all of them.
        for paths in paths.chunks(3).chain([&paths[..]]) {
            let projection = Projection::new(paths);
            prop_assert_eq!(projection.len(), paths.len());
            projection.project(&text, &mut slots).unwrap();
            for (slot, path) in paths.iter().enumerate() {
                prop_assert_eq!(to_json(slots.node(&text, slot)), walk_json(&json, path).cloned(), "{:?}", path);
            }
            prop_assert_eq!(slots.node(&text, paths.len()), Node::Absent);
            check_walks(paths, &record);
        }
    }

    #[test]
    fn mutated_records_are_judged_as_serde_json_does(
        record in record(),
        paths in paths(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_u8), 1..4),
    ) {
        const LETTERS: &[u8] = b"{}[]:,\"\\ \n\t\x00\x0b\x1f\x7f0123456789-+.eEtrufalsn/d8";
        let mut bytes = record.into_bytes();
        for (place, letter, change) in changes {
            let letter = LETTERS[letter.index(LETTERS.len())];
            let at = place.index(bytes.len() + 1);
            match change {
                0 => bytes.insert(at, letter),
                1 if at < bytes.len() => bytes[at] = letter,
                _ if at < bytes.len() => drop(bytes.remove(at)),
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        check_validity(&text);
        check_walks(&paths, &text);
    }

    #[test]
    fn soups_of_tokens_are_judged_as_serde_json_does(tokens in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"a\"", "\"\"", "1", "-", "null", "true", "tru", " ", "\n", "\"a\":", "{\"a\":", "[1,",
    ]), 0..12), pad in 0..70_usize) {
        let soup = tokens.concat();
        check_validity(&soup);
        check_walks(&[vec![key("a")], vec![key("a"), key("a")], vec![key("a"), Step::Index(1)]], &soup);
        let long = format!("{{\"{}\":[{soup}]}}", "x".repeat(pad));
        check_validity(&long);
        check_walks(&[vec![key("a")]], &long);
    }

    #[test]
    fn children_are_those_of_serde_json(record in record()) {
        let json: Json = serde_json::from_str(&record).unwrap();
        check_members(&record, &json);
    }

    #[test]
    fn children_of_anything_end(text in any::<String>(), soup in "[\\[\\]{}:,\"a1 \\\\]{0,40}") {
        prop_assert!(members(&text).count() <= text.len());
        prop_assert!(members(&soup).count() <= soup.len());
    }
}

fn check_members(text: &str, json: &Json) {
    let children: Vec<Member<'_>> = members(text).collect();
    match json {
        Json::Object(expected) => {
            assert_eq!(children.len(), expected.len());
            for child in children {
                let name = child.key.unwrap().decode();
                check_child(child.value, &expected[&*name]);
            }
        }
        Json::Array(expected) => {
            assert_eq!(children.len(), expected.len());
            for (child, expected) in children.iter().zip(expected) {
                assert_eq!(child.key, None);
                check_child(child.value, expected);
            }
        }
        _ => assert!(children.is_empty()),
    }
}

fn check_child(node: Node<'_>, expected: &Json) {
    assert_eq!(to_json(node).as_ref(), Some(expected));
    if let Node::Array(text) | Node::Object(text) = node {
        check_members(text, expected);
    }
}

#[test]
fn every_alignment_of_every_token_is_walked() {
    let tail = r#""a":[{"b":-1.5e3},"x\"\\",[],{},true,"c"],"b" : "\ud83d\ude00","n":null,"a":{"b":[0,1]}"#;
    let paths = [
        vec![key("a")],
        vec![key("b")],
        vec![key("a"), key("b"), Step::Index(1)],
        vec![key("a"), Step::Index(0), key("b")],
        vec![],
    ];
    for pad in 0..=192 {
        let record = format!(r#"{{"pad":"{}",{tail}}}"#, "p".repeat(pad));
        check_validity(&record);
        check_walks(&paths, &record);
        for cut in 0..record.len() {
            if pad < 64 && pad % 7 == 0 {
                check_walks(&paths, record.get(..cut).unwrap());
                check_validity(record.get(..cut).unwrap());
            }
        }
    }
}

#[test]
fn long_records_are_walked_page_by_page() {
    let tail = r#""a":[{"b":-1.5e3},"x\"\\",[],{},true,"c"],"b" : "\ud83d\ude00","n":null,"a":{"b":[0,1]}"#;
    let paths = [
        vec![key("a"), key("b"), Step::Index(1)],
        vec![key("a"), Step::Index(0), key("b")],
        vec![key("n")],
        vec![key(&"k".repeat(70))],
    ];
    let key70 = format!(r#""{}":"#, "k".repeat(70));
    for pad in (3850..4110).step_by(13).chain([8000, 8120, 16_000]) {
        let digits = "7".repeat(pad);
        for record in [
            format!(r#"{{"pad":"{}",{tail}}}"#, "p".repeat(pad)),
            format!(r#"{{{tail},"pad":{digits},{tail}}}"#),
            format!(r#"{{{tail}{},{key70}true}}"#, " ".repeat(pad)),
            format!(r#"{{{tail},"{digits}":{{{key70}1}},{key70}[2]}}"#),
        ] {
            check_walks(&paths, &record);
            check_validity(&record);
            // Cut within a page, and not at the end of one.
            check_walks(&paths, record.strip_suffix('}').unwrap());
        }
    }
}

#[test]
fn elements_are_counted_across_pages() {
    let elements: Vec<String> = (0..1500).map(|at| format!(r#"{{"b":[{at},[0],"x,y"]}}"#)).collect();
    let record = format!(r#"{{"a":[[9],0],"a":[{}],"c":[5,6]}}"#, elements.join(","));
    let indices = [0, 1, 63, 64, 65, 700, 1499, 1500];
    let mut paths: Vec<_> =
        indices.iter().map(|&at| vec![key("a"), Step::Index(at), key("b"), Step::Index(0)]).collect();
    paths.extend([vec![key("c"), Step::Index(1)], vec![key("a"), Step::Index(1499)]]);
    let mut slots = Slots::new();
    Projection::new(&paths).project(&record, &mut slots).unwrap();
    for (slot, at) in indices.iter().enumerate().take(7) {
        assert_eq!(slots.node(&record, slot), Node::Number(&at.to_string()));
    }
    assert_eq!(slots.node(&record, 7), Node::Absent);
    assert_eq!(slots.node(&record, 8), Node::Number("6"));
    assert_eq!(slots.node(&record, 9), Node::Object(r#"{"b":[1499,[0],"x,y"]}"#));
    check_walks(&paths, &record);
}

#[test]
fn many_keys_are_found_however_many() {
    let names: Vec<String> = (0..40).map(|at| format!("key{}{at}", "A".repeat(at % 7))).collect();
    let members: Vec<String> = names.iter().map(|name| format!(r#""{name}":"{name}""#)).collect();
    let record = format!("{{{}}}", members.join(","));
    for count in [1, 3, 4, 5, 16, 17, 40] {
        let paths: Vec<_> = names.iter().take(count).map(|name| vec![key(name)]).collect();
        let mut slots = Slots::new();
        Projection::new(&paths).project(&record, &mut slots).unwrap();
        for (slot, name) in names.iter().enumerate().take(count) {
            assert!(matches!(slots.node(&record, slot), Node::String(text) if text.eq_str(name)));
        }
        check_walks(&paths, &record);
    }
}

#[test]
fn depth_has_no_limit() {
    let projection = Projection::new(&[[key("b")]]);
    let mut slots = Slots::new();
    for depth in [1, 62, 63, 64, 65, 127, 128, 129, 1_000, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"a":"#, "}]")] {
            let text = format!(r#"{{"a":{}1{},"b":2}}"#, open.repeat(depth), close.repeat(depth));
            assert_eq!(projection.project(&text, &mut slots), Ok(()));
            assert_eq!(slots.node(&text, 0), Node::Number("2"));
            for wrong in ["1]", "1}"] {
                let wrong = text.replacen('1', wrong, 1);
                assert!(projection.project(&wrong, &mut slots).is_err());
                assert_eq!(slots.node(&wrong, 0), Node::Absent);
            }
            assert_eq!(members(&text).count(), 2);
            if depth < 10_000 {
                check_walks(&[vec![key("b")], vec![key("a")]], &text);
            }
        }
    }
}

#[test]
fn faults_are_told_with_their_place() {
    use super::NotAnObjectReason as Reason;
    let cases = [
        ("", 0, Reason::NoObject),
        ("  [1]", 2, Reason::NoObject),
        (r#"{"a":1"#, 6, Reason::CutOff),
        (r#"{"a":"x"#, 7, Reason::CutOff),
        (r#" {"a":1} x"#, 9, Reason::TrailingText),
        (r#"{"a":1,}"#, 7, Reason::ExpectedKey),
        (r#"{1:1}"#, 1, Reason::ExpectedKey),
        (r#"{"a" 1}"#, 5, Reason::ExpectedColon),
        (r#"{"a":}"#, 5, Reason::ExpectedValue),
        (r#"{"a":tru}"#, 5, Reason::ExpectedValue),
        (r#"{"a":[1 2]}"#, 8, Reason::ExpectedComma),
        (r#"{"a":[1}}"#, 7, Reason::ExpectedComma),
        ("{\"a\":\"\n\"}", 6, Reason::ControlCharacter),
        (r#"{"a":"\x"}"#, 6, Reason::InvalidEscape),
        (r#"{"a":"\ud800"}"#, 6, Reason::LoneSurrogate),
        (r#"{"a":"\udc00\ud800"}"#, 6, Reason::LoneSurrogate),
        (r#"{"a":-}"#, 5, Reason::InvalidNumber),
        (r#"{"a":01}"#, 6, Reason::ExpectedComma),
    ];
    let mut slots = Slots::new();
    for (text, offset, reason) in cases {
        let error = Projection::new(&[[key("a")]]).project(text, &mut slots).unwrap_err();
        assert_eq!((error.offset, error.reason), (offset, reason), "{text}");
        assert_eq!(slots.node(text, 0), Node::Absent);
        check_validity(text);
    }
}

#[test]
fn values_equal_where_offsets_do() {
    // `check_walks` compares values: this is what it compares by.
    assert_ne!(Value::default(), Value { end: 1, ..Value::default() });
}
