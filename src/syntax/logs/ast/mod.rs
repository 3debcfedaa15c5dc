//! The syntax tree of a Logs Insights query.
//!
//! Trees are equal when they mean the same: spans, comments, spellings of names and keywords are
//! [`Trivia`]. The one text that counts is that of an item without alias, for it names a column.

mod expr;
mod parts;

pub use expr::*;

use crate::Span;
use crate::syntax::Trivia;

/// A Logs Insights query, parsed: its stages in order (`spec/logs-insights.md` 1.2).
///
/// ```
/// use trailql::LogsQuery;
///
/// let query: LogsQuery = "filter a=1|limit 5".parse()?;
/// assert_eq!(query.to_string(), "filter a = 1\n| limit 5");
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct LogsQuery {
    /// The stages; the parser gives at least one.
    pub stages: Vec<Stage>,
}

/// One command of a pipeline.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stage {
    /// What it does.
    pub command: Command,
    /// Where it stands, without the pipe.
    pub span: Trivia<Span>,
    /// Comments that belong to it.
    pub comments: Trivia<Comments>,
}

/// Comments of a stage, each without its `#` and without blanks around it.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Comments {
    /// On lines before the stage or within it.
    pub before: Vec<String>,
    /// Behind the stage, on its last line.
    pub behind: Option<String>,
}

/// What a stage does.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Command {
    /// `SOURCE …`: which log groups are read.
    Source(Source),
    /// `$Name(…)`: a saved query.
    Saved(SavedCall),
    /// `fields …`
    Fields(Vec<Item>),
    /// `display …`
    Display(Vec<Item>),
    /// `filter …` or `where …`
    Filter {
        /// What must hold.
        condition: Expr,
        /// Whether it was spelled `where`.
        spelled_where: Trivia<bool>,
    },
    /// `filterIndex …`: predicates that all must hold.
    FilterIndex(Vec<IndexPredicate>),
    /// `stats … by …`
    Stats(Stats),
    /// `sort …` or `order …`
    Sort(Vec<SortKey>),
    /// `limit N`, `limit any N`
    Limit {
        /// Whether any rows will do.
        any: bool,
        /// How many rows.
        rows: Count,
    },
    /// `head N`, a legacy spelling of `limit`.
    Head(Count),
    /// `tail N`, legacy: the last rows.
    Tail(Count),
    /// `search …`, a legacy spelling of `filter`.
    Search(Expr),
    /// `parse …`
    Parse(Parse),
    /// `json field=… "…" as …`
    Json {
        /// What holds the JSON text.
        field: Field,
        /// The path within it.
        path: Text,
        /// The new name.
        alias: Name,
    },
    /// `dedup …`
    Dedup(Vec<Field>),
    /// `pattern …`
    Pattern(Expr),
    /// `diff …`
    Diff(DiffWindow),
    /// `anomaly`
    Anomaly,
    /// `unmask …`
    Unmask(Vec<Expr>),
    /// `unnest … into …`
    Unnest {
        /// The list.
        path: Expr,
        /// The name of an element.
        into: Name,
    },
    /// `expand …`
    Expand(Field),
    /// `lookup …`
    Lookup(Lookup),
    /// `cidrlookup …`
    CidrLookup(CidrLookup),
    /// `join …`
    Join(Box<Join>),
    /// `appendcols … ( … )`
    AppendCols {
        /// Whether a pasted column wins over one of the same name.
        over: Option<bool>,
        /// How many rows are pasted at most.
        max: Option<Count>,
        /// Where they come from.
        pipeline: LogsQuery,
    },
    /// `addtotals …`
    AddTotals {
        /// The name of the row total.
        name: Option<Name>,
        /// Whether rows get totals.
        row: Option<bool>,
        /// Whether a row of column totals is added.
        col: Option<bool>,
        /// What is added up; all numeric columns without any.
        fields: Vec<Field>,
    },
    /// `accum …`
    Accum {
        /// What is added up.
        field: Field,
        /// The name of the sum; the field's own without one.
        alias: Option<Name>,
    },
    /// `autoregress …`
    AutoRegress {
        /// What is copied from earlier rows.
        field: Field,
        /// The name of the copy.
        alias: Option<Name>,
        /// First lag.
        from: Option<Count>,
        /// Last lag, where a range was given.
        to: Option<Count>,
    },
    /// `filldown …`: names or globs with `*`.
    FillDown(Vec<Name>),
    /// `fillmissing with … for …`
    FillMissing(Vec<(Literal, Field)>),
    /// `outlier …`
    Outlier {
        /// What becomes of an outlier.
        action: Option<OutlierAction>,
        /// How many interquartile ranges away it begins.
        param: Option<NumberText>,
        /// Whether small values are outliers too.
        uselower: Option<bool>,
        /// Whether a field marks it.
        mark: Option<bool>,
        /// What is looked at.
        fields: Vec<Field>,
    },
    /// `sessionize …`
    Sessionize {
        /// What makes a session's identity.
        fields: Vec<Field>,
        /// The longest pause within a session.
        maxspan: Option<Period>,
        /// The name of the session's identifier.
        alias: Option<Name>,
    },
    /// `countFrequent …`
    CountFrequent(Vec<Field>),
    /// `relevantfields … where …`
    RelevantFields {
        /// Which fields are compared; all without any.
        fields: Vec<Field>,
        /// What splits the events in two.
        condition: Expr,
    },
    /// `logcompare timeshift …`
    LogCompare(Period),
    /// `estimate`
    Estimate,
}

/// Which log groups a pipeline reads (`spec/logs-insights.md` 2.2).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Source {
    /// What selects them; at least one.
    pub items: Vec<SourceItem>,
    /// `start=… end=…`
    pub window: Option<(TimeRef, TimeRef)>,
}

/// One way to select log groups.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum SourceItem {
    /// By name.
    Group(Text),
    /// `logGroups(key: ["…"], …)`
    LogGroups(Vec<(SelectorKey, Vec<Text>)>),
    /// `dataSource(["…"])`
    DataSource(Vec<Text>),
    /// `logGroupTags([{"key": …, "values": […]}])`
    LogGroupTags(Vec<TagFilter>),
}

/// The key of an argument of `logGroups`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum SelectorKey {
    /// `namePrefix`
    NamePrefix,
    /// `accountIdentifier` or `accountIdentifiers`
    AccountIdentifiers,
    /// `class` or `logGroupClass`
    Class,
}

/// One filter of `logGroupTags`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TagFilter {
    /// The tag's key.
    pub key: String,
    /// What its value may be; `*` is a wildcard, a leading `!` negates.
    pub values: Vec<String>,
}

/// A time relative to the query's start.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum TimeRef {
    /// `now`
    Now,
    /// `-1d`
    Ago(Period),
}

/// A call of a saved query.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SavedCall {
    /// Its name.
    pub name: Name,
    /// What its parameters stand for.
    pub arguments: Vec<(Name, Literal)>,
}

/// An expression and the name of its column.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Item {
    /// What is computed.
    pub expr: Expr,
    /// What it is called.
    pub label: ItemLabel,
}

/// What the column of an item is called.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum ItemLabel {
    /// `as name`
    Alias(Name),
    /// The source text of the expression, runs of blanks outside quotes made one (`spec/logs-insights.md` 4.6).
    Source(String),
}

/// A stage that makes groups of rows.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stats {
    /// What is computed for each group.
    pub aggregates: Vec<Item>,
    /// What makes the groups.
    pub by: Vec<Item>,
    /// How far bins are shifted.
    pub offset: Option<Period>,
}

/// One predicate of `filterIndex`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IndexPredicate {
    /// The indexed field.
    pub field: Field,
    /// What it may be: one literal, or several of a list.
    pub values: IndexValues,
}

/// What an indexed field may be.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum IndexValues {
    /// `= literal`
    Equal(Literal),
    /// `in […]`
    In(Vec<Literal>),
}

/// A field and a direction.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SortKey {
    /// What is sorted by.
    pub field: Field,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// `parse` with its source and mode.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Parse {
    /// What is read; `@message` without one.
    pub operand: Option<Expr>,
    /// How.
    pub mode: ParseMode,
}

/// How `parse` reads (`spec/logs-insights.md` 6.1 to 6.3).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum ParseMode {
    /// A glob and a name for each `*`.
    Glob {
        /// The glob.
        pattern: Text,
        /// The names.
        names: Vec<Name>,
    },
    /// A regex with named groups, or with names for its groups.
    Regex {
        /// The regex.
        regex: RegexText,
        /// Names for the groups; empty where the groups have their own.
        names: Vec<Name>,
        /// A row for each match.
        multi: bool,
    },
    /// `logfmt as map`
    Logfmt(Name),
    /// `csv as …`
    Csv(Vec<Name>),
}

/// With which window `diff` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum DiffWindow {
    /// The one immediately before.
    Before,
    /// The same a day earlier.
    PreviousDay,
    /// The same seven days earlier.
    PreviousWeek,
    /// The same a calendar month earlier.
    PreviousMonth,
}

/// `lookup` in a table.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lookup {
    /// The table.
    pub table: Name,
    /// Columns and the fields they must equal; a field of the column's name without one.
    pub matches: Vec<(Name, Option<Field>)>,
    /// Whether fields that are there already stay.
    pub only_new: bool,
    /// The columns to take.
    pub outputs: Vec<Name>,
}

/// `cidrlookup` in a table.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CidrLookup {
    /// The table.
    pub table: Name,
    /// The field with the address.
    pub field: Field,
    /// The column with the networks; `cidr` without one.
    pub column: Option<Name>,
    /// Whether fields that are there already stay.
    pub only_new: bool,
    /// The columns to take, and what to call them.
    pub outputs: Vec<(Name, Option<Name>)>,
}

/// `join` with another pipeline.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Join {
    /// `inner` or `left`.
    pub kind: Option<JoinKind>,
    /// The name of the rows so far.
    pub left: Name,
    /// The name of the other pipeline's rows.
    pub right: Name,
    /// One side of the equation, with its prefix.
    pub left_key: Field,
    /// The other side.
    pub right_key: Field,
    /// The other pipeline.
    pub pipeline: LogsQuery,
}

/// Which rows a `join` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum JoinKind {
    /// Rows with a partner.
    Inner,
    /// All rows of the left side.
    Left,
}

/// What `outlier` does with an outlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum OutlierAction {
    /// The row goes.
    Remove,
    /// The value is brought back to the fence.
    Transform,
}
