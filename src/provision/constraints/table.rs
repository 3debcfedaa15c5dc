//! The table of requests that is built from the service models (`data/requests.py`), read once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::pages::{self, Rule};
use super::pattern::Pattern;

const MODELS: &str = include_str!("../../../data/requests.tsv");

static TABLE: LazyLock<Result<Table, String>> = LazyLock::new(|| Table::read(MODELS, pages::PAGES));

/// The table.
///
/// # Errors
/// The line that cannot be read; never the case for the one that is embedded, as a test says.
pub(super) fn table() -> Result<&'static Table, &'static str> {
    TABLE.as_ref().map_err(String::as_str)
}

/// All requests, under names such as `logs:PutMetricFilter`.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) requests: HashMap<&'static str, Request>,
}

/// The members of one request by their paths, such as `metricTransformations[].dimensions{key}`.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) members: HashMap<&'static str, Member>,
    /// The members of each structure, under its path; the request itself has the empty one.
    pub(super) structures: HashMap<&'static str, Vec<Named>>,
    /// What the pages say of a path.
    pub(super) rules: HashMap<&'static str, Vec<Rule>>,
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
}

/// What the model says of a member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) least: Option<i64>,
    pub(super) most: Option<i64>,
    pub(super) pattern: Option<Arc<Pattern>>,
    pub(super) one_of: Option<Arc<[&'static str]>>,
}

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Integer,
    Long,
    Double,
    Boolean,
    Timestamp,
    List,
    Map,
    Structure,
    Union,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Kind::String,
            "integer" => Kind::Integer,
            "long" => Kind::Long,
            "double" => Kind::Double,
            "boolean" => Kind::Boolean,
            "timestamp" => Kind::Timestamp,
            "list" => Kind::List,
            "map" => Kind::Map,
            "structure" => Kind::Structure,
            "union" => Kind::Union,
            _ => return None,
        })
    }

    /// Its name, with an article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::String => "a string",
            Kind::Integer | Kind::Long => "an integer",
            Kind::Double => "a number",
            Kind::Boolean => "a boolean",
            Kind::Timestamp => "a time such as `2026-11-30T08:00:00Z`",
            Kind::List => "a list",
            Kind::Map => "a map",
            Kind::Structure | Kind::Union => "a structure",
        }
    }
}

impl Table {
    fn read(models: &'static str, pages: &'static str) -> Result<Self, String> {
        let mut table = Table::default();
        let mut texts = Texts::default();
        let mut operation = None;
        for line in models.lines() {
            if let Some(text) = line.strip_prefix('=') {
                texts.add(text).ok_or_else(|| unreadable(line))?;
            } else if let Some(name) = line.strip_prefix('@') {
                operation = Some(table.requests.entry(name).or_default());
            } else {
                let request = operation.as_deref_mut().ok_or_else(|| unreadable(line))?;
                request.add(line, &texts).ok_or_else(|| unreadable(line))?;
            }
        }
        pages::read(pages, &mut table)?;
        Ok(table)
    }
}

impl Request {
    fn add(&mut self, line: &'static str, texts: &Texts) -> Option<()> {
        let mut columns = line.split('\t');
        let path = columns.next()?;
        let kind = columns.next()?;
        let bounds = columns.next().filter(|bounds| !bounds.is_empty()).unwrap_or("..");
        let (least, most) = bounds.split_once("..")?;
        let member = Member {
            kind: Kind::of(kind.trim_end_matches('!'))?,
            required: kind.ends_with('!'),
            least: bound(least)?,
            most: bound(most)?,
            pattern: named(&texts.patterns, columns.next())?,
            one_of: named(&texts.sets, columns.next())?,
        };
        if !path.ends_with([']', '}']) {
            let (structure, name) = path.rsplit_once('.').unwrap_or(("", path));
            self.structures.entry(structure).or_default().push(Named { name, path });
        }
        self.members.insert(path, member);
        Some(())
    }
}

/// The patterns and sets of values, which many members share.
#[derive(Default)]
struct Texts {
    patterns: HashMap<&'static str, Arc<Pattern>>,
    sets: HashMap<&'static str, Arc<[&'static str]>>,
}

impl Texts {
    fn add(&mut self, line: &'static str) -> Option<()> {
        let mut columns = line.splitn(3, '\t');
        match (columns.next()?, columns.next()?, columns.next()?) {
            ("pattern", name, text) => {
                self.patterns.insert(name, Arc::new(Pattern::new(text)));
            }
            ("enum", name, values) => {
                self.sets.insert(name, values.split('|').collect());
            }
            _ => return None,
        }
        Some(())
    }
}

/// The text under a name; `Some(None)` where the column is empty.
fn named<T: ?Sized>(texts: &HashMap<&'static str, Arc<T>>, name: Option<&str>) -> Option<Option<Arc<T>>> {
    match name {
        None | Some("") => Some(None),
        Some(name) => texts.get(name).cloned().map(Some),
    }
}

fn bound(text: &str) -> Option<Option<i64>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn unreadable(line: &str) -> String {
    format!("the table of requests has a line that cannot be read: `{line}`")
}
