//! Templates that differ in few words become one pattern (`spec/logs-insights.md` 6.4, step 3).
//!
//! Only templates of one shape are compared: equal number of tokens, the same delimiters, blanks and words of severity at
//! the same places. Templates of a shape are taken by count, then by text, and join the cluster that differs least, if
//! that is in at most 30 % of the literal positions. A literal against another literal, or against a place, differs;
//! place against place does not.
//!
//! More than [`COMPARED`] templates of a shape are not compared each with each but split first, left to right, by the
//! literal at a position; where that has more than [`BRANCHES`] values it varies. So the work grows with the number of
//! templates and not with its square, at the price that among so many templates a few more patterns are told apart, or
//! fewer, than by comparing all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::builder::Templates;
use super::severity::rank;
use super::template::decode;
use super::tokens::{Class, Token};

/// How many templates of a shape are compared each with each.
const COMPARED: usize = 512;

/// How many literals at a position split a shape.
const BRANCHES: usize = 100;

/// Templates that are one pattern.
#[derive(Debug)]
pub(super) struct Group<'k> {
    /// What stands at each position: the code of a class, or the number of a literal.
    pieces: Box<[u32]>,
    /// The keys of its templates.
    pub(super) members: Vec<&'k [u8]>,
}

impl Group<'_> {
    /// The class of each position that varies; `None` for a literal.
    pub(super) fn classes(&self) -> impl Iterator<Item = Option<Class>> {
        self.pieces.iter().map(|piece| class_of(*piece))
    }
}

/// The templates of all windows together, as groups that are one pattern each.
pub(super) fn groups(windows: &[Templates]) -> Vec<Group<'_>> {
    let mut counts: BTreeMap<&[u8], u64> = BTreeMap::new();
    for (key, entry) in windows.iter().flatten() {
        *counts.entry(key).or_default() += entry.count;
    }
    let mut keys: Vec<(Reverse<u64>, &[u8])> =
        counts.into_iter().map(|(key, count)| (Reverse(count), key)).collect();
    keys.sort_unstable();

    let mut literals: HashMap<&str, u32> = HashMap::new();
    let mut shapes: BTreeMap<Vec<u8>, Vec<Group<'_>>> = BTreeMap::new();
    for (_, key) in keys {
        let pieces = decode(key).map(|token| piece(token, &mut literals)).collect();
        let shape = decode(key).map(shape).collect();
        shapes.entry(shape).or_default().push(Group { pieces, members: vec![key] });
    }
    let mut out = Vec::new();
    for groups in shapes.into_values() {
        join_shape(groups, &mut out);
    }
    out
}

/// Codes of classes come before the numbers of literals.
const FIRST_LITERAL: u32 = 16;

fn piece<'k>(token: Token<'k>, literals: &mut HashMap<&'k str, u32>) -> u32 {
    match token.class {
        Some(class) => u32::from(class.code()),
        None => {
            let next = FIRST_LITERAL.saturating_add(u32::try_from(literals.len()).unwrap_or(u32::MAX));
            *literals.entry(token.text).or_insert(next)
        }
    }
}

fn is_literal(piece: u32) -> bool {
    piece >= FIRST_LITERAL
}

fn class_of(piece: u32) -> Option<Class> {
    u8::try_from(piece).ok().and_then(Class::from_code)
}

/// What templates must have in common at a position to be compared at all.
fn shape(token: Token<'_>) -> u8 {
    let spaced = if token.spaced { 0x80 } else { 0 };
    if token.class.is_some() {
        return spaced;
    }
    // Delimiters are ASCII and above the ranks of severity.
    let kind = token
        .delimiter()
        .or_else(|| rank(token.text).and_then(|rank| u8::try_from(rank + 1).ok()))
        .unwrap_or_default();
    spaced | kind
}

/// Splits the templates of a shape until few enough are left to compare each with each.
fn join_shape<'k>(groups: Vec<Group<'k>>, out: &mut Vec<Group<'k>>) {
    let mut waiting = vec![(groups, 0)];
    while let Some((groups, at)) = waiting.pop() {
        let length = groups.first().map_or(0, |group| group.pieces.len());
        if groups.len() <= COMPARED || at == length {
            out.extend(join_similar(groups));
            continue;
        }
        // All places are one branch.
        let branch = |group: &Group<'_>| {
            group.pieces.get(at).copied().filter(|piece| is_literal(*piece)).unwrap_or_default()
        };
        if groups.iter().map(branch).collect::<HashSet<_>>().len() > BRANCHES {
            waiting.push((vary(groups, at), at + 1));
            continue;
        }
        let mut branches: BTreeMap<u32, Vec<Group<'k>>> = BTreeMap::new();
        for group in groups {
            branches.entry(branch(&group)).or_default().push(group);
        }
        waiting.extend(branches.into_values().map(|branch| (branch, at + 1)));
    }
}

/// The groups with a place at this position; those that are equal now are one.
fn vary(groups: Vec<Group<'_>>, at: usize) -> Vec<Group<'_>> {
    let mut out: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<Box<[u32]>, usize> = HashMap::new();
    for mut group in groups {
        if let Some(piece) = group.pieces.get_mut(at) {
            *piece = u32::from(Class::Token.code());
        }
        match known.get(&group.pieces).and_then(|index| out.get_mut(*index)) {
            Some(same) => same.members.append(&mut group.members),
            None => {
                known.insert(group.pieces.clone(), out.len());
                out.push(group);
            }
        }
    }
    out
}

/// Joins groups of one shape, in their order, to the most similar one before them.
fn join_similar<'k>(groups: Vec<Group<'k>>) -> Vec<Group<'k>> {
    let mut clusters: Vec<Group<'k>> = Vec::new();
    for mut group in groups {
        let mut best: Option<(Difference, usize)> = None;
        for (index, cluster) in clusters.iter().enumerate() {
            let Some(difference) = difference(&cluster.pieces, &group.pieces) else { continue };
            if best.as_ref().is_none_or(|(least, _)| difference.less_than(least)) {
                let equal = difference.differing == 0;
                best = Some((difference, index));
                if equal {
                    break;
                }
            }
        }
        match best.and_then(|(_, index)| clusters.get_mut(index)) {
            Some(cluster) => {
                for (mine, piece) in cluster.pieces.iter_mut().zip(&group.pieces) {
                    if mine != piece {
                        *mine = u32::from(Class::Token.code());
                    }
                }
                cluster.members.append(&mut group.members);
            }
            None => clusters.push(group),
        }
    }
    clusters
}

struct Difference {
    differing: usize,
    literals: usize,
}

impl Difference {
    fn less_than(&self, other: &Difference) -> bool {
        self.differing * other.literals.max(1) < other.differing * self.literals.max(1)
    }
}

/// In how many of how many literal positions two templates differ; `None` if that is more than 30 %.
fn difference(left: &[u32], right: &[u32]) -> Option<Difference> {
    let (mut differing, mut literals) = (0, 0);
    for (mine, other) in left.iter().zip(right) {
        if is_literal(*mine) || is_literal(*other) {
            literals += 1;
            differing += usize::from(mine != other);
            // Not even if all that follow are equal.
            if differing * 10 > left.len() * 3 {
                return None;
            }
        }
    }
    (differing * 10 <= literals * 3).then_some(Difference { differing, literals })
}
