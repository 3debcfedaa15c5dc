//! Random queries, for property tests and fuzzing.
//!
//! Every tree that comes out can be printed and parsed again. Whether it makes sense (functions, order of commands,
//! names) is left to chance.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::ast::{
    Argument, Arguments, BinaryOp, Call, CidrLookup, Command, Count, Expr, ExprKind, Field, FunctionName,
    InSet, IndexPredicate, IndexValues, Item, ItemLabel, Join, LikePattern, Literal, LiteralKind, LogsQuery,
    Lookup, Name, NumberText, Parse, ParseMode, Period, RegexText, SavedCall, SortKey, Source, SourceItem,
    Stage, Stats, TagFilter, Text, TimeRef, UnaryOp,
};
use super::functions::FUNCTIONS;
use super::lex;
use crate::syntax::Trivia;

/// Deeper expressions are not made.
const DEEPEST: usize = 4;

/// Names that random events use too, and names that need backticks.
const NAMES: &[&str] = &[
    "eventName",
    "awsRegion",
    "a",
    "b",
    "n",
    "@timestamp",
    "@message",
    "userIdentity.userName",
    "items.0.id",
    "@aws.tag.a:b",
    "count",
    "stats",
    "limit",
    "by",
    "as",
    "and",
    "not",
    "true",
    "csv",
    "logfmt",
    "where",
    "OUTPUT",
    "distinct",
    "is",
    "row",
    "detail-type",
    "count(*)",
    "a..b",
    "0.a",
    "a b",
    "é",
    ".",
    "@",
    "accountId",
    "/a|b#",
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "GetObject",
    "a\"b",
    "a'b",
    "a\\",
    "\\d+",
    "\\\\",
    "\\\"",
    "%a%",
    "* | x",
    "# no comment",
    "two\nlines",
    "a\n| b",
    "é",
    "{{x}}",
    "accountId",
    "  blanks  ",
    "/",
];

const NUMBERS: &[&str] = &["0", "1", "1.5", "1e3", "12.50E-1", "007", "9007199254740993", "1e+2"];

/// Regexes with the number of their groups and whether one has a name.
const REGEXES: &[(&str, usize, bool)] = &[
    ("", 0, false),
    ("a", 0, false),
    ("^Get", 0, false),
    (r"a\/b", 0, false),
    ("(?i)a|b # c", 0, false),
    ("a\nb", 0, false),
    (r"\|", 0, false),
    ("[|\"'`]", 0, false),
    ("(a)", 1, false),
    ("(a)(?:b)(c)", 2, false),
    ("(?<x>a+)", 1, true),
    ("(?P<x>a)(b)", 2, true),
];

impl<'a> Arbitrary<'a> for LogsQuery {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        query(u, 0)
    }
}

impl<'a> Arbitrary<'a> for Expr {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        expr(u, 0)
    }
}

fn query(u: &mut Unstructured<'_>, depth: usize) -> Result<LogsQuery> {
    let stages = many(u, 1, if depth == 0 { 4 } else { 2 }, |u| {
        Ok(Stage { command: command(u, depth)?, span: Trivia::default(), comments: Trivia::default() })
    })?;
    Ok(LogsQuery { stages })
}

fn many<'a, T>(
    u: &mut Unstructured<'a>,
    least: usize,
    most: usize,
    mut make: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..u.int_in_range(least..=most)?).map(|_| make(u)).collect()
}

fn maybe<'a, T>(
    u: &mut Unstructured<'a>,
    make: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if u.arbitrary()? { make(u).map(Some) } else { Ok(None) }
}

fn command(u: &mut Unstructured<'_>, depth: usize) -> Result<Command> {
    Ok(match u.int_in_range(0..=39)? {
        0 => Command::Source(source(u)?),
        1 => Command::Saved(SavedCall {
            name: name(u)?,
            arguments: many(u, 0, 2, |u| Ok((name(u)?, literal(u, true)?)))?,
        }),
        2..=4 => Command::Fields(many(u, 1, 3, |u| shown_item(u, depth))?),
        5 => Command::Display(many(u, 1, 3, |u| item(u, depth))?),
        6..=10 => Command::Filter { condition: expr(u, depth)?, spelled_where: Trivia(u.arbitrary()?) },
        11 => Command::FilterIndex(many(u, 1, 2, |u| {
            let values = if u.arbitrary()? {
                IndexValues::Equal(literal(u, true)?)
            } else {
                IndexValues::In(many(u, 0, 3, |u| literal(u, true))?)
            };
            Ok(IndexPredicate { field: field(u)?, values })
        })?),
        12..=15 => Command::Stats(stats(u, depth)?),
        16..=17 => {
            Command::Sort(many(u, 1, 3, |u| Ok(SortKey { field: field(u)?, descending: u.arbitrary()? }))?)
        }
        18 => Command::Limit { any: u.arbitrary()?, rows: count(u)? },
        19 => Command::Head(count(u)?),
        20 => Command::Tail(count(u)?),
        21 => Command::Search(expr(u, depth)?),
        22..=24 => Command::Parse(parse(u, depth)?),
        25 => Command::Json { field: field(u)?, path: text(u)?, alias: name(u)? },
        26 => Command::Dedup(many(u, 1, 3, field)?),
        27 => Command::Pattern(expr(u, depth)?),
        28 => Command::Diff(u.arbitrary()?),
        29 => match u.int_in_range(0..=2)? {
            0 => Command::Anomaly,
            1 => Command::Estimate,
            _ => Command::Unmask(many(u, 0, 2, |u| expr(u, depth))?),
        },
        30 => Command::Unnest { path: operand(u, depth)?, into: name(u)? },
        31 => Command::Expand(field(u)?),
        32 => Command::Lookup(Lookup {
            table: name(u)?,
            matches: many(u, 1, 2, |u| Ok((name(u)?, maybe(u, field)?)))?,
            only_new: u.arbitrary()?,
            outputs: many(u, 1, 3, name)?,
        }),
        33 => Command::CidrLookup(CidrLookup {
            table: name(u)?,
            field: field(u)?,
            column: maybe(u, name)?,
            only_new: u.arbitrary()?,
            outputs: many(u, 1, 2, |u| Ok((name(u)?, maybe(u, name)?)))?,
        }),
        34 if depth == 0 => Command::Join(Box::new(Join {
            kind: u.arbitrary()?,
            left: name(u)?,
            right: name(u)?,
            left_key: field(u)?,
            right_key: field(u)?,
            pipeline: query(u, depth + 1)?,
        })),
        35 if depth == 0 => Command::AppendCols {
            over: u.arbitrary()?,
            max: maybe(u, count)?,
            pipeline: query(u, depth + 1)?,
        },
        _ => table_command(u, depth)?,
    })
}

fn table_command(u: &mut Unstructured<'_>, depth: usize) -> Result<Command> {
    Ok(match u.int_in_range(0..=9)? {
        0 => Command::AddTotals {
            name: maybe(u, name)?,
            row: u.arbitrary()?,
            col: u.arbitrary()?,
            fields: many(u, 0, 3, field)?,
        },
        1 => Command::Accum { field: field(u)?, alias: maybe(u, name)? },
        2 => {
            let from = maybe(u, count)?;
            let to = if from.is_some() { maybe(u, count)? } else { None };
            Command::AutoRegress { field: field(u)?, alias: maybe(u, name)?, from, to }
        }
        3 => Command::FillDown(many(u, 0, 3, |u| {
            let name = name(u)?;
            Ok(if u.arbitrary()? { Name { text: format!("{}*", name.text), ..name } } else { name })
        })?),
        4 => Command::FillMissing(many(u, 0, 2, |u| Ok((literal(u, true)?, field(u)?)))?),
        5 => Command::Outlier {
            action: u.arbitrary()?,
            param: maybe(u, |u| {
                Ok(NumberText { text: (*u.choose(NUMBERS)?).to_owned(), span: Trivia::default() })
            })?,
            uselower: u.arbitrary()?,
            mark: u.arbitrary()?,
            fields: many(u, 1, 3, field)?,
        },
        6 => Command::Sessionize {
            fields: many(u, 1, 2, field)?,
            maxspan: maybe(u, period)?,
            alias: maybe(u, name)?,
        },
        7 => Command::CountFrequent(many(u, 1, 2, field)?),
        8 => Command::RelevantFields { fields: many(u, 0, 2, field)?, condition: expr(u, depth)? },
        _ => Command::LogCompare(period(u)?),
    })
}

fn source(u: &mut Unstructured<'_>) -> Result<Source> {
    let items = many(u, 1, 2, |u| {
        Ok(match u.int_in_range(0..=5)? {
            0 => SourceItem::LogGroups(many(u, 0, 2, |u| Ok((u.arbitrary()?, many(u, 1, 2, text)?)))?),
            1 => SourceItem::DataSource(many(u, 1, 2, text)?),
            2 => SourceItem::LogGroupTags(many(u, 0, 2, |u| {
                Ok(TagFilter { key: word(u)?, values: many(u, 0, 2, word)? })
            })?),
            _ => SourceItem::Group(text(u)?),
        })
    })?;
    Ok(Source { items, window: maybe(u, |u| Ok((time_ref(u)?, time_ref(u)?)))? })
}

fn time_ref(u: &mut Unstructured<'_>) -> Result<TimeRef> {
    Ok(if u.arbitrary()? { TimeRef::Now } else { TimeRef::Ago(period(u)?) })
}

fn stats(u: &mut Unstructured<'_>, depth: usize) -> Result<Stats> {
    let aggregates = many(u, 1, 2, |u| item(u, depth))?;
    let by = many(u, 0, 2, |u| item(u, depth))?;
    let offset = if by.is_empty() { None } else { maybe(u, period)? };
    Ok(Stats { aggregates, by, offset })
}

fn parse(u: &mut Unstructured<'_>, depth: usize) -> Result<Parse> {
    let operand = maybe(u, |u| operand(u, depth))?;
    let mode = match u.int_in_range(0..=3)? {
        0 => {
            let names = many(u, 1, 3, name)?;
            let pattern: String = names.iter().map(|_| r"a \*b: *").collect();
            ParseMode::Glob { pattern: Text { text: pattern, span: Trivia::default() }, names }
        }
        1 => {
            let (source, groups, has_names) = *u.choose(REGEXES)?;
            let named = groups > 0 && (!has_names || u.arbitrary()?);
            if groups == 0 {
                return Ok(Parse { operand, mode: ParseMode::Logfmt(name(u)?) });
            }
            ParseMode::Regex {
                regex: RegexText { source: source.to_owned(), span: Trivia::default() },
                names: if named { many(u, groups, groups, name)? } else { Vec::new() },
                multi: u.arbitrary()?,
            }
        }
        2 => ParseMode::Logfmt(name(u)?),
        _ => ParseMode::Csv(many(u, 1, 3, name)?),
    };
    Ok(Parse { operand, mode })
}

/// An item of `fields`, where an equality without a name is refused.
fn shown_item(u: &mut Unstructured<'_>, depth: usize) -> Result<Item> {
    let item = item(u, depth)?;
    if matches!(item.expr.kind, ExprKind::Binary(BinaryOp::Equal, ..)) {
        return Ok(Item { label: ItemLabel::Alias(name(u)?), ..item });
    }
    Ok(item)
}

fn item(u: &mut Unstructured<'_>, depth: usize) -> Result<Item> {
    let expr = expr(u, depth)?;
    let label = if u.arbitrary()? { ItemLabel::Alias(name(u)?) } else { ItemLabel::Source(expr.to_string()) };
    Ok(Item { expr, label })
}

fn expr(u: &mut Unstructured<'_>, depth: usize) -> Result<Expr> {
    if depth >= DEEPEST {
        return operand(u, depth);
    }
    let boxed = |u: &mut Unstructured<'_>| expr(u, depth + 1).map(Box::new);
    let kind = match u.int_in_range(0..=11)? {
        0 => ExprKind::Unary(UnaryOp::arbitrary(u)?, boxed(u)?),
        1..=5 => ExprKind::Binary(u.arbitrary()?, boxed(u)?, boxed(u)?),
        6 => {
            let operand = boxed(u)?;
            like(u, operand)?
        }
        7 => {
            let operand = boxed(u)?;
            let set = if depth == 0 && u.ratio(1, 8)? {
                InSet::Pipeline(query(u, depth + 1)?)
            } else {
                InSet::List(many(u, 0, 3, |u| literal(u, true))?)
            };
            ExprKind::In { operand, negated: u.arbitrary()?, set }
        }
        8 => ExprKind::Literal(literal(u, false)?),
        _ => return operand(u, depth),
    };
    Ok(Expr { kind, span: Trivia::default() })
}

fn like(u: &mut Unstructured<'_>, operand: Box<Expr>) -> Result<ExprKind> {
    let (source, ..) = *u.choose(REGEXES)?;
    Ok(match u.int_in_range(0..=2)? {
        0 => ExprKind::Like { operand, negated: u.arbitrary()?, pattern: LikePattern::Substring(text(u)?) },
        1 => ExprKind::Like {
            operand,
            negated: u.arbitrary()?,
            pattern: LikePattern::Regex(RegexText { source: source.to_owned(), span: Trivia::default() }),
        },
        _ => ExprKind::Like {
            operand,
            negated: false,
            pattern: LikePattern::RegexInQuotes(Text { text: source.to_owned(), span: Trivia::default() }),
        },
    })
}

/// A field or call, or a part of one.
fn operand(u: &mut Unstructured<'_>, depth: usize) -> Result<Expr> {
    let kind = match u.int_in_range(0..=6)? {
        0..=1 if depth < DEEPEST => ExprKind::Call(call(u, depth)?),
        2 if depth < DEEPEST => ExprKind::Member(Box::new(operand(u, depth + 1)?), name(u)?.text),
        3 if depth < DEEPEST => ExprKind::Index(Box::new(operand(u, depth + 1)?), u.arbitrary()?),
        _ => ExprKind::Field(field(u)?),
    };
    Ok(Expr { kind, span: Trivia::default() })
}

fn call(u: &mut Unstructured<'_>, depth: usize) -> Result<Call> {
    let text = u.choose(FUNCTIONS)?.name.to_owned();
    let arguments = if u.ratio(1, 5)? {
        Arguments::Star
    } else {
        Arguments::List(many(u, 0, 3, |u| {
            Ok(if u.ratio(1, 5)? {
                Argument::Period(period(u)?)
            } else {
                Argument::Expr(expr(u, depth + 1)?)
            })
        })?)
    };
    Ok(Call { function: FunctionName { text, span: Trivia::default() }, arguments })
}

/// A literal; only outside of expressions a number has a sign.
fn literal(u: &mut Unstructured<'_>, may_be_negative: bool) -> Result<Literal> {
    let kind = match u.int_in_range(0..=5)? {
        0 => LiteralKind::Bool(u.arbitrary()?),
        1 => LiteralKind::Null,
        2..=3 => {
            let own = u.int_in_range(0..=u64::MAX)?.to_string();
            let number = if u.arbitrary()? { *u.choose(NUMBERS)? } else { &own };
            let sign = if may_be_negative && u.arbitrary()? { "-" } else { "" };
            LiteralKind::Number(format!("{sign}{number}"))
        }
        _ => LiteralKind::Text(word(u)?),
    };
    Ok(Literal { kind, span: Trivia::default() })
}

fn field(u: &mut Unstructured<'_>) -> Result<Field> {
    let name = name(u)?.text;
    Ok(Field { name, spelled: Trivia::default(), span: Trivia::default() })
}

/// A name that backticks can hold.
fn name(u: &mut Unstructured<'_>) -> Result<Name> {
    let own: String = if u.ratio(1, 8)? { u.arbitrary()? } else { String::new() };
    let own: String = own.chars().filter(|&c| c != '`' && !lex::is_line_end(c)).collect();
    let text = if own.is_empty() { (*u.choose(NAMES)?).to_owned() } else { own };
    Ok(Name { text, span: Trivia::default() })
}

fn word(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(if u.ratio(3, 4)? { (*u.choose(TEXTS)?).to_owned() } else { u.arbitrary()? })
}

fn text(u: &mut Unstructured<'_>) -> Result<Text> {
    Ok(Text { text: word(u)?, span: Trivia::default() })
}

fn count(u: &mut Unstructured<'_>) -> Result<Count> {
    let value = if u.arbitrary()? { u.int_in_range(0..=20)? } else { u.arbitrary()? };
    Ok(Count { value, span: Trivia::default() })
}

fn period(u: &mut Unstructured<'_>) -> Result<Period> {
    let Count { value, .. } = count(u)?;
    Ok(Period { count: value, unit: u.arbitrary()?, span: Trivia::default() })
}
