//! Walks a path through the fields of a record, and finds what may have been meant where it leads nowhere.

use super::additions::Additions;
use super::field::{Field, Key, Kind, Lookup};
use super::record::{CONFUSIONS, FIELDS, Row, WRAPPERS};
use super::spelling;

const MOST_SUGGESTIONS: usize = 3;

/// What the path leads to.
pub(super) fn lookup(path: &[Key<'_>], added: Option<&Additions>) -> Lookup {
    let found = walk(path, added);
    match found {
        Step::Field(field) => Lookup::Known(field),
        Step::Open => Lookup::Open,
        Step::Unknown(step) => Lookup::Unknown { step, suggestions: suggestions(path, step, added) },
    }
}

/// Every field, a parent before its members; `[0]` stands for the elements of an array.
pub(super) fn fields(added: Option<&Additions>) -> impl Iterator<Item = Field> {
    let elements = |path: &str| path.replace("[]", "[0]");
    let built_in = FIELDS.iter().filter(|row| !row.path.ends_with("[]")).map(move |row| Field {
        path: elements(row.path),
        kind: row.kind,
        occurrence: row.occurrence,
        since: row.since,
        values: row.values,
        note: row.note,
    });
    let added = added.map(|added| added.fields.as_slice()).unwrap_or_default();
    built_in.chain(added.iter().map(move |field| Field { path: elements(&field.path), ..field.clone() }))
}

enum Step {
    Field(Field),
    Open,
    Unknown(usize),
}

/// Where a walk stands.
#[derive(Clone, Copy)]
struct Node<'s> {
    path: &'s str,
    kind: Kind,
    is_open: bool,
    source: Source<'s>,
}

#[derive(Clone, Copy)]
enum Source<'s> {
    Root,
    Row(&'s Row),
    Added(&'s Field),
}

fn walk(path: &[Key<'_>], added: Option<&Additions>) -> Step {
    let mut node = Node { path: "", kind: Kind::Object, is_open: false, source: Source::Root };
    for (step, key) in path.iter().enumerate() {
        let child = match (node.kind, key) {
            (Kind::Any, _) | (Kind::Object, Key::AnyMember) => return Step::Open,
            (Kind::Object, Key::Name(name)) => child(node.path, Some(name), added),
            (Kind::Array, Key::Index(_) | Key::AnyElement) => child(node.path, None, added),
            _ => return Step::Unknown(step),
        };
        match child {
            Some(child) => node = child,
            // What the elements of an array of this kind are is not said.
            None if node.is_open || node.kind == Kind::Array => return Step::Open,
            None => return Step::Unknown(step),
        }
    }
    match node.source {
        Source::Root => Step::Open,
        Source::Row(row) => Step::Field(Field {
            path: shown(path),
            kind: row.kind,
            occurrence: row.occurrence,
            since: row.since,
            values: row.values,
            note: row.note,
        }),
        Source::Added(field) => Step::Field(Field { path: shown(path), ..field.clone() }),
    }
}

/// The fields directly in what the path leads to, or in its elements where that is an array; none where it is open.
pub(super) fn members(path: &[Key<'_>], added: Option<&Additions>) -> Vec<Field> {
    let mut parent = resting_place(path, added);
    let mut keys = path.to_vec();
    if children(&parent, added) == [None] {
        parent.push_str("[]");
        keys.push(Key::Index(0));
    }
    let names = children(&parent, added).into_iter().flatten();
    let fields = names.filter_map(|name| {
        keys.push(Key::Name(name));
        let step = walk(&keys, added);
        keys.pop();
        if let Step::Field(field) = step { Some(field) } else { None }
    });
    fields.collect()
}

/// A walk that goes one step at a time.
#[derive(Clone, Copy)]
pub(super) enum Walk<'s> {
    At { path: &'s str, kind: Kind, is_open: bool, added: Option<&'s Additions> },
    Open,
    Unknown,
}

impl<'s> Walk<'s> {
    /// At the record itself.
    pub(super) fn new(added: Option<&'s Additions>) -> Self {
        Walk::At { path: "", kind: Kind::Object, is_open: false, added }
    }

    /// At this member of an object.
    pub(super) fn member(self, name: &str) -> Self {
        self.step(Some(name))
    }

    /// At the elements of an array.
    pub(super) fn element(self) -> Self {
        self.step(None)
    }

    fn step(self, name: Option<&str>) -> Self {
        let Walk::At { path, kind, is_open, added } = self else { return self };
        match child(path, name, added) {
            Some(node) => Walk::At { path: node.path, kind: node.kind, is_open: node.is_open, added },
            None if is_open || matches!(kind, Kind::Any | Kind::Array) => Walk::Open,
            None => Walk::Unknown,
        }
    }
}

/// The member with this name, or, without a name, the elements.
fn child<'s>(parent: &str, name: Option<&str>, added: Option<&'s Additions>) -> Option<Node<'s>> {
    let is_child = |path: &str| own_name(parent, path).is_some_and(|own| own == name);
    if let Some(row) = FIELDS.iter().find(|row| is_child(row.path)) {
        return Some(Node { path: row.path, kind: row.kind, is_open: row.is_open, source: Source::Row(row) });
    }
    let fields = added.map(|added| added.fields.as_slice()).unwrap_or_default();
    let field = fields.iter().find(|field| is_child(&field.path))?;
    Some(Node {
        path: &field.path,
        kind: field.kind,
        is_open: is_open(field, fields),
        source: Source::Added(field),
    })
}

/// The name that a path adds to that of its parent: `Some(None)` for the elements of an array, `None` if it is not a
/// child of it.
fn own_name<'p>(parent: &str, path: &'p str) -> Option<Option<&'p str>> {
    let rest = path.strip_prefix(parent)?;
    if rest == "[]" {
        return Some(None);
    }
    let name = if parent.is_empty() { rest } else { rest.strip_prefix('.')? };
    (!name.is_empty() && !name.contains(['.', '['])).then_some(Some(name))
}

/// An object that was added without members may have any.
fn is_open(field: &Field, fields: &[Field]) -> bool {
    !fields.iter().any(|other| own_name(&field.path, &other.path).is_some())
}

/// The path joined by dots, an index in brackets.
fn shown(path: &[Key<'_>]) -> String {
    let mut text = String::new();
    for key in path {
        match key {
            Key::Name(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Key::Index(index) => text.push_str(&format!("[{index}]")),
            Key::AnyElement => text.push_str("[*]"),
            Key::AnyMember => text.push_str(".*"),
        }
    }
    text
}

/// Whole paths that may have been meant, likeliest first.
fn suggestions(path: &[Key<'_>], step: usize, added: Option<&Additions>) -> Vec<String> {
    let (before, rest) = path.split_at(step.min(path.len()));
    let Some((wrong, after)) = rest.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    match wrong {
        Key::Name(name) => {
            if let Some(inner) = without_wrapper(path, added) {
                found.push(inner);
            }
            let parent = resting_place(before, added);
            let siblings = children(&parent, added);
            if siblings == [None] {
                let through: Vec<Key<'_>> = before
                    .iter()
                    .copied()
                    .chain([Key::Index(0), *wrong])
                    .chain(after.iter().copied())
                    .collect();
                found.extend(mended(&through, added));
            }
            let siblings: Vec<&str> = siblings.into_iter().flatten().collect();
            let same_letters = siblings.iter().find(|sibling| sibling.eq_ignore_ascii_case(name));
            if let Some(right) = same_letters {
                return mended(&replaced(before, right, after), added).into_iter().collect();
            }
            for near in spelling::nearest(name, siblings.iter().copied(), MOST_SUGGESTIONS) {
                found.extend(mended(&replaced(before, near, after), added));
            }
            found.extend(elsewhere(name, after));
        }
        // An object is no array: the same path without the index.
        Key::Index(_) | Key::AnyElement => {
            let with: Vec<Key<'_>> = before.iter().chain(after).copied().collect();
            if !with.is_empty() {
                found.extend(mended(&with, added));
            }
        }
        Key::AnyMember => {}
    }
    let mut unique: Vec<String> = Vec::new();
    for one in found {
        if !unique.contains(&one) {
            unique.push(one);
        }
    }
    unique.truncate(MOST_SUGGESTIONS);
    unique
}

fn replaced<'k>(before: &[Key<'k>], name: &'k str, after: &[Key<'k>]) -> Vec<Key<'k>> {
    before.iter().copied().chain([Key::Name(name)]).chain(after.iter().copied()).collect()
}

/// The path itself if it leads somewhere; else the likeliest that does. It leads further than the one before it, so
/// this ends.
fn mended(path: &[Key<'_>], added: Option<&Additions>) -> Option<String> {
    match walk(path, added) {
        Step::Unknown(step) => suggestions(path, step, added).into_iter().next(),
        _ => Some(shown(path)),
    }
}

/// `detail.eventName` and `Records[0].eventName` are `eventName`.
fn without_wrapper(path: &[Key<'_>], added: Option<&Additions>) -> Option<String> {
    let (Key::Name(first), rest) = path.split_first()? else { return None };
    if !WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(first)) {
        return None;
    }
    let rest = match rest.split_first() {
        Some((Key::Index(_) | Key::AnyElement, rest)) => rest,
        _ => rest,
    };
    if rest.is_empty() { None } else { mended(rest, added) }
}

/// The path of the row that the steps lead to.
fn resting_place(steps: &[Key<'_>], added: Option<&Additions>) -> String {
    let mut path = String::new();
    for key in steps {
        let name = if let Key::Name(name) = key { Some(*name) } else { None };
        match child(&path, name, added) {
            Some(node) => path = node.path.to_owned(),
            None => break,
        }
    }
    path
}

fn children<'s>(parent: &str, added: Option<&'s Additions>) -> Vec<Option<&'s str>> {
    let fields = added.map(|added| added.fields.as_slice()).unwrap_or_default();
    let paths = FIELDS.iter().map(|row| row.path).chain(fields.iter().map(|field| field.path.as_str()));
    paths.filter_map(|path| own_name(parent, path)).collect()
}

/// What a name is called, or where a field of exactly this name is.
fn elsewhere(name: &str, after: &[Key<'_>]) -> Vec<String> {
    if !after.is_empty() {
        return Vec::new();
    }
    let lower = name.to_ascii_lowercase();
    let confused =
        CONFUSIONS.iter().filter(|(wrong, _)| *wrong == lower).map(|(_, right)| (*right).to_owned());
    let same = FIELDS
        .iter()
        .filter(|row| row.path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name)))
        .map(|row| row.path.replace("[]", "[0]"));
    confused.chain(same).collect()
}
