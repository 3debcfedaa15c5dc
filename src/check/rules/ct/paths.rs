//! Paths that lead nowhere: what they are taken for, and the one finding for all places that spell them alike.

use crate::schema::{Key, Kind, Lookup};
use crate::syntax::Rule;
use crate::{Diagnostic, Edit, Fix};

use super::facts::FieldUse;
use super::near;
use super::spelling::{Spelling, documented};
use super::{Context, finding};

/// Objects that a record stands in elsewhere, never in CloudWatch Logs.
const WRAPPERS: &[&str] = &["Records", "detail"];

/// Fields of CloudWatch Logs that people write without their `@`.
const SYSTEM_NAMES: &[&str] = &["ingestionTime", "log", "logStream", "message", "ptr", "timestamp"];

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nowhere {
    /// It begins with what wraps a record elsewhere.
    Wrapper,
    /// It is a field of CloudWatch Logs itself, without the `@`.
    SystemName,
    /// It goes through an array without saying which element.
    Array,
    /// The record itself or `userIdentity` has no such member.
    Field,
    /// Another object that is closed has no such member.
    Member,
}

/// A path that leads nowhere, and the places that spell it.
pub(super) struct Lost<'a> {
    pub(super) uses: Vec<&'a FieldUse<'a>>,
    /// The step that fails.
    pub(super) step: usize,
    /// Whole paths that may have been meant, likeliest first.
    pub(super) meant: Vec<Vec<Key<'a>>>,
}

impl<'a> Context<'a> {
    /// The paths that lead nowhere for this reason, in order of their first place.
    pub(super) fn lost<'c>(&'c self, reason: Nowhere) -> Vec<Lost<'c>> {
        let mut lost: Vec<Lost<'c>> = Vec::new();
        for (one, found) in self.uses() {
            let Lookup::Unknown { step, suggestions } = found else { continue };
            if self.reason(one, *step) != reason {
                continue;
            }
            match lost.iter_mut().find(|known| known.uses.iter().any(|other| other.path == one.path)) {
                Some(known) => known.uses.push(one),
                None => {
                    let meant = suggestions.iter().map(|path| documented(path)).collect();
                    lost.push(Lost { uses: vec![one], step: *step, meant });
                }
            }
        }
        lost
    }

    fn reason(&self, one: &FieldUse<'_>, step: usize) -> Nowhere {
        let first = one.first_name().unwrap_or_default();
        if step == 0 && is_wrapped(one) {
            return Nowhere::Wrapper;
        }
        if self.spelling == Spelling::Logs && one.path.len() == 1 && SYSTEM_NAMES.contains(&first) {
            return Nowhere::SystemName;
        }
        let parent = one.path.get(..step).unwrap_or_default();
        let fails_at_name = matches!(one.path.get(step), Some(Key::Name(_)));
        match self.schema.lookup(parent) {
            Lookup::Known(field) if field.kind == Kind::Array && fails_at_name => Nowhere::Array,
            _ if step == 0 || first == "userIdentity" => Nowhere::Field,
            _ => Nowhere::Member,
        }
    }
}

/// What a rule says of a path that leads nowhere: where, what may have been meant, and the change if it is certain.
pub(super) fn report(
    context: &Context<'_>,
    rule: &Rule,
    lost: &Lost<'_>,
    message: String,
) -> Option<Diagnostic> {
    let first = lost.uses.first()?;
    let mut found = finding(rule, first.span, message);
    for other in lost.uses.iter().skip(1) {
        found = found.also(other.span, "here too");
    }
    let certain = certain(&first.path, lost).and_then(|path| context.spelling.path(path));
    Some(match certain {
        Some(path) => found.help(format!("did you mean `{path}`?")).fix(replace_all(lost, &path)),
        None => match did_you_mean(lost.meant.iter().filter_map(|path| context.spelling.path(path))) {
            Some(help) => found.help(help),
            None => found,
        },
    })
}

/// The change that writes another path at every place.
pub(super) fn replace_all(lost: &Lost<'_>, written: &str) -> Fix {
    let edits = lost.uses.iter().map(|one| Edit { span: one.span, replacement: written.to_owned() });
    Fix { title: format!("write `{written}`"), edits: edits.collect() }
}

/// The one path that differs from the one written in no more than the spelling of its names.
fn certain<'l>(written: &[Key<'_>], lost: &'l Lost<'_>) -> Option<&'l [Key<'l>]> {
    let Some(Key::Name(wrong)) = written.get(lost.step) else { return None };
    let is_near = |meant: &&Vec<Key<'_>>| {
        meant.len() == written.len()
            && written.iter().zip(meant.iter()).all(|(one, other)| match (one, other) {
                (Key::Name(one), Key::Name(other)) => one == other || near::nearest(one, [*other]).is_some(),
                _ => one == other,
            })
    };
    let name = |path: &Vec<Key<'l>>| match path.get(lost.step) {
        Some(Key::Name(name)) => Some(*name),
        _ => None,
    };
    let candidates: Vec<&'l Vec<Key<'l>>> = lost.meant.iter().filter(is_near).collect();
    let nearest = near::nearest(wrong, candidates.iter().filter_map(|path| name(path)))?;
    // Documents spell it `requestId` now and then, and a log group may hold such records.
    if *wrong == "requestId" {
        return None;
    }
    candidates.into_iter().find(|path| name(path) == Some(nearest.name())).map(Vec::as_slice)
}

/// `did you mean …?`, of what there is to suggest.
pub(super) fn did_you_mean(meant: impl IntoIterator<Item = String>) -> Option<String> {
    let meant: Vec<String> = meant.into_iter().collect();
    let listed = crate::listing::listed_names(meant.iter().map(String::as_str), "or");
    (!meant.is_empty()).then(|| format!("did you mean {listed}?"))
}

/// Whether a path leads through what wraps a record elsewhere.
pub(super) fn is_wrapped(one: &FieldUse<'_>) -> bool {
    one.path.len() > 1 && one.first_name().is_some_and(|first| WRAPPERS.contains(&first))
}
