//! Tree to text: the canonical spelling of a query.
//!
//! A stage a line, keywords as the reference spells them, texts in double quotes, no parentheses but those that are
//! needed. An item without alias keeps its text, for that is the name of its column. `parse(print(tree)) == tree`.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{
    Argument, Arguments, BinaryOp, Call, Command, Expr, ExprKind, Field, InSet, IndexValues, Item, ItemLabel,
    LikePattern, Literal, LiteralKind, LogsQuery, Name, ParseMode, Period, PeriodUnit, RegexText,
    SelectorKey, Source, SourceItem, Text, TimeRef, UnaryOp,
};
use super::ast::{DiffWindow, JoinKind, OutlierAction};
use super::lex;

/// The query with its comments, and those behind its last stage.
pub(super) fn with_comments(query: &LogsQuery, trailing: &[String]) -> String {
    let mut lines = Vec::new();
    let comment = |text: &String| match text.as_str() {
        "" => "#".to_owned(),
        text if text.starts_with('#') => format!("#{text}"),
        text => format!("# {text}"),
    };
    for (index, stage) in query.stages.iter().enumerate() {
        let comments = &stage.comments.0;
        lines.extend(comments.before.iter().map(comment));
        let pipe = if index > 0 { "| " } else { "" };
        let behind = comments.behind.as_ref().map(|text| format!(" {}", comment(text))).unwrap_or_default();
        lines.push(format!("{pipe}{}{behind}", stage.command));
    }
    lines.extend(trailing.iter().map(comment));
    lines.join("\n")
}

impl Display for LogsQuery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        listed(f, "\n| ", &self.stages, |f, stage| stage.command.fmt(f))
    }
}

/// A pipeline on one line, in parentheses.
fn nested(f: &mut Formatter<'_>, query: &LogsQuery) -> fmt::Result {
    f.write_char('(')?;
    listed(f, " | ", &query.stages, |f, stage| stage.command.fmt(f))?;
    f.write_char(')')
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Command::Source(source) => source.fmt(f),
            Command::Saved(call) => {
                write!(f, "${}(", segment(&call.name.text, true))?;
                listed(f, ", ", &call.arguments, |f, (name, value)| write!(f, "{name} = {value}"))?;
                f.write_char(')')
            }
            Command::Fields(items) => with_list(f, "fields", items),
            Command::Display(items) => with_list(f, "display", items),
            Command::Filter { condition, spelled_where } => {
                write!(f, "{} {condition}", if spelled_where.0 { "where" } else { "filter" })
            }
            Command::FilterIndex(predicates) => {
                f.write_str("filterIndex ")?;
                listed(f, " and ", predicates, |f, predicate| match &predicate.values {
                    IndexValues::Equal(value) => write!(f, "{} = {value}", predicate.field),
                    IndexValues::In(values) => {
                        write!(f, "{} in ", predicate.field)?;
                        list(f, values)
                    }
                })
            }
            Command::Stats(stats) => {
                with_list(f, "stats", &stats.aggregates)?;
                if !stats.by.is_empty() {
                    with_list(f, " by", &stats.by)?;
                }
                optional(f, " offset ", stats.offset.as_ref())
            }
            Command::Sort(keys) => {
                f.write_str("sort ")?;
                listed(f, ", ", keys, |f, key| {
                    write!(f, "{}{}", key.field, if key.descending { " desc" } else { "" })
                })
            }
            Command::Limit { any, rows } => {
                write!(f, "limit {}{}", if *any { "any " } else { "" }, rows.value)
            }
            Command::Head(rows) => write!(f, "head {}", rows.value),
            Command::Tail(rows) => write!(f, "tail {}", rows.value),
            Command::Search(condition) => write!(f, "search {condition}"),
            Command::Parse(parse) => {
                f.write_str("parse ")?;
                if let Some(operand) = &parse.operand {
                    expression(f, operand, OPERAND)?;
                    f.write_char(' ')?;
                }
                parse_mode(f, &parse.mode)
            }
            Command::Json { field, path, alias } => write!(f, "json field={field} {path} as {alias}"),
            Command::Dedup(fields) => with_list(f, "dedup", fields),
            Command::Pattern(expr) => write!(f, "pattern {expr}"),
            Command::Diff(window) => f.write_str(match window {
                DiffWindow::Before => "diff",
                DiffWindow::PreviousDay => "diff previousDay",
                DiffWindow::PreviousWeek => "diff previousWeek",
                DiffWindow::PreviousMonth => "diff previousMonth",
            }),
            Command::Anomaly => f.write_str("anomaly"),
            Command::Unmask(masked) => with_list(f, "unmask", masked),
            Command::Unnest { path, into } => {
                f.write_str("unnest ")?;
                expression(f, path, OPERAND)?;
                write!(f, " into {into}")
            }
            Command::Expand(field) => write!(f, "expand {field}"),
            Command::Lookup(lookup) => {
                write!(f, "lookup {} ", Table(&lookup.table))?;
                listed(f, ", ", &lookup.matches, |f, (column, field)| {
                    column.fmt(f)?;
                    optional(f, " as ", field.as_ref())
                })?;
                with_list(f, output(lookup.only_new), &lookup.outputs)
            }
            Command::CidrLookup(lookup) => {
                write!(f, "cidrlookup {} {}", Table(&lookup.table), lookup.field)?;
                optional(f, " as ", lookup.column.as_ref())?;
                write!(f, "{} ", output(lookup.only_new))?;
                listed(f, ", ", &lookup.outputs, |f, (column, alias)| {
                    column.fmt(f)?;
                    optional(f, " as ", alias.as_ref())
                })
            }
            Command::Join(join) => {
                f.write_str(match join.kind {
                    None => "join",
                    Some(JoinKind::Inner) => "join type=inner",
                    Some(JoinKind::Left) => "join type=left",
                })?;
                write!(f, " left={} right={}", join.left, join.right)?;
                write!(f, " where {} = {} ", join.left_key, join.right_key)?;
                nested(f, &join.pipeline)
            }
            Command::AppendCols { over, max, pipeline } => {
                f.write_str("appendcols")?;
                optional(f, " override=", over.as_ref())?;
                optional(f, " max=", max.as_ref().map(|max| &max.value))?;
                f.write_char(' ')?;
                nested(f, pipeline)
            }
            Command::AddTotals { name, row, col, fields } => {
                f.write_str("addtotals")?;
                optional(f, " fieldname=", name.as_ref())?;
                optional(f, " row=", row.as_ref())?;
                optional(f, " col=", col.as_ref())?;
                with_list(f, "", fields)
            }
            Command::Accum { field, alias } => {
                write!(f, "accum {field}")?;
                optional(f, " as ", alias.as_ref())
            }
            Command::AutoRegress { field, alias, from, to } => {
                write!(f, "autoregress {field}")?;
                optional(f, " as ", alias.as_ref())?;
                optional(f, " p=", from.as_ref().map(|from| &from.value))?;
                optional(f, "-", to.as_ref().map(|to| &to.value))
            }
            Command::FillDown(names) => {
                f.write_str("filldown")?;
                names.iter().try_for_each(|name| write!(f, " {}", Glob(name)))
            }
            Command::FillMissing(pairs) => {
                f.write_str(if pairs.is_empty() { "fillmissing" } else { "fillmissing with " })?;
                listed(f, ", ", pairs, |f, (value, field)| write!(f, "{value} for {field}"))
            }
            Command::Outlier { action, param, uselower, mark, fields } => {
                f.write_str(match action {
                    None => "outlier",
                    Some(OutlierAction::Remove) => "outlier action=remove",
                    Some(OutlierAction::Transform) => "outlier action=transform",
                })?;
                optional(f, " param=", param.as_ref().map(|param| &param.text))?;
                optional(f, " uselower=", uselower.as_ref())?;
                optional(f, " mark=", mark.as_ref())?;
                with_list(f, "", fields)
            }
            Command::Sessionize { fields, maxspan, alias } => {
                with_list(f, "sessionize", fields)?;
                optional(f, " maxspan ", maxspan.as_ref())?;
                optional(f, " as ", alias.as_ref())
            }
            Command::CountFrequent(fields) => with_list(f, "countFrequent", fields),
            Command::RelevantFields { fields, condition } => {
                with_list(f, "relevantfields", fields)?;
                write!(f, " where {condition}")
            }
            Command::LogCompare(shift) => write!(f, "logcompare timeshift {shift}"),
            Command::Estimate => f.write_str("estimate"),
        }
    }
}

fn output(only_new: bool) -> &'static str {
    if only_new { " OUTPUTNEW" } else { " OUTPUT" }
}

fn parse_mode(f: &mut Formatter<'_>, mode: &ParseMode) -> fmt::Result {
    match mode {
        ParseMode::Glob { pattern, names } => {
            pattern.fmt(f)?;
            with_list(f, " as", names)
        }
        ParseMode::Regex { regex, names, multi } => {
            regex.fmt(f)?;
            if !names.is_empty() {
                with_list(f, " as", names)?;
            }
            f.write_str(if *multi { " multi" } else { "" })
        }
        ParseMode::Logfmt(name) => write!(f, "logfmt as {name}"),
        ParseMode::Csv(names) => with_list(f, "csv as", names),
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SOURCE")?;
        for item in &self.items {
            f.write_char(' ')?;
            item.fmt(f)?;
        }
        match &self.window {
            Some((start, end)) => write!(f, " start={start} end={end}"),
            None => Ok(()),
        }
    }
}

impl Display for SourceItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SourceItem::Group(name) => name.fmt(f),
            SourceItem::LogGroups(selectors) => {
                f.write_str("logGroups(")?;
                listed(f, ", ", selectors, |f, (key, values)| {
                    f.write_str(match key {
                        SelectorKey::NamePrefix => "namePrefix: ",
                        SelectorKey::AccountIdentifiers => "accountIdentifiers: ",
                        SelectorKey::Class => "class: ",
                    })?;
                    list(f, values)
                })?;
                f.write_char(')')
            }
            SourceItem::DataSource(names) => {
                f.write_str("dataSource(")?;
                list(f, names)?;
                f.write_char(')')
            }
            SourceItem::LogGroupTags(filters) => {
                f.write_str("logGroupTags([")?;
                let json = |text: &str| serde_json::Value::from(text);
                listed(f, ", ", filters, |f, filter| {
                    write!(f, "{{\"key\": {}, \"values\": [", json(&filter.key))?;
                    listed(f, ", ", &filter.values, |f, value| json(value).fmt(f))?;
                    f.write_str("]}")
                })?;
                f.write_str("])")
            }
        }
    }
}

impl Display for TimeRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TimeRef::Now => f.write_str("now"),
            TimeRef::Ago(period) => write!(f, "-{period}"),
        }
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.label {
            ItemLabel::Alias(name) => write!(f, "{} as {name}", self.expr),
            ItemLabel::Source(text) => f.write_str(text),
        }
    }
}

/// How tightly an operator binds; what binds less than its place asks for stands in parentheses.
type Binding = u8;
const OR: Binding = 1;
const AND: Binding = 2;
const NOT: Binding = 3;
const COMPARE: Binding = 4;
const ADD: Binding = 5;
const MULTIPLY: Binding = 6;
const UNARY: Binding = 7;
const POWER: Binding = 8;
const OPERAND: Binding = 9;

fn binding(kind: &ExprKind) -> Binding {
    match kind {
        ExprKind::Binary(BinaryOp::Or, ..) => OR,
        ExprKind::Binary(BinaryOp::And, ..) => AND,
        ExprKind::Unary(UnaryOp::Not, _) => NOT,
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..) => ADD,
        ExprKind::Binary(BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder, ..) => MULTIPLY,
        ExprKind::Binary(BinaryOp::Power, ..) => POWER,
        ExprKind::Binary(..) | ExprKind::Like { .. } | ExprKind::In { .. } => COMPARE,
        ExprKind::Unary(..) => UNARY,
        _ => OPERAND,
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        expression(f, self, OR)
    }
}

/// Writes an expression where something that binds at least so tightly may stand.
fn expression(f: &mut Formatter<'_>, expr: &Expr, least: Binding) -> fmt::Result {
    if binding(&expr.kind) < least {
        f.write_char('(')?;
        unparenthesised(f, expr)?;
        return f.write_char(')');
    }
    unparenthesised(f, expr)
}

fn unparenthesised(f: &mut Formatter<'_>, expr: &Expr) -> fmt::Result {
    match &expr.kind {
        ExprKind::Literal(literal) => literal.fmt(f),
        ExprKind::Field(field) => field.fmt(f),
        ExprKind::Call(call) => call.fmt(f),
        ExprKind::Member(container, name) => {
            // `a.b` is one name, and `1.b` would be a broken number.
            container_of(f, container, matches!(container.kind, ExprKind::Field(_)))?;
            write!(f, ".{}", segment(name, false))
        }
        ExprKind::Index(container, index) => {
            container_of(f, container, false)?;
            write!(f, "[{index}]")
        }
        ExprKind::Unary(operator, operand) => {
            let (symbol, least) = match operator {
                UnaryOp::Not => ("not ", NOT),
                UnaryOp::Minus => ("-", UNARY),
                UnaryOp::Plus => ("+", UNARY),
            };
            f.write_str(symbol)?;
            expression(f, operand, least)
        }
        ExprKind::Binary(operator, ..) => chain(f, expr, *operator),
        ExprKind::Like { operand, negated, pattern } => {
            expression(f, operand, ADD)?;
            let not = if *negated { "not " } else { "" };
            match pattern {
                LikePattern::Substring(text) => write!(f, " {not}like {text}"),
                LikePattern::Regex(regex) => write!(f, " {not}like {regex}"),
                LikePattern::RegexInQuotes(text) => write!(f, " {not}=~ {text}"),
            }
        }
        ExprKind::In { operand, negated, set } => {
            expression(f, operand, ADD)?;
            f.write_str(if *negated { " not in " } else { " in " })?;
            match set {
                InSet::List(values) => list(f, values),
                InSet::Pipeline(query) => nested(f, query),
            }
        }
    }
}

fn container_of(f: &mut Formatter<'_>, container: &Expr, is_apart: bool) -> fmt::Result {
    let is_apart = is_apart || matches!(container.kind, ExprKind::Literal(_));
    expression(f, container, if is_apart { OPERAND + 1 } else { OPERAND })
}

/// Writes operators of one kind from left to right, for their tree may be as high as they are many.
fn chain(f: &mut Formatter<'_>, expr: &Expr, operator: BinaryOp) -> fmt::Result {
    let own = binding(&expr.kind);
    let (left, right) = match operator {
        BinaryOp::Power => (OPERAND, UNARY),
        _ if own == COMPARE => (ADD, ADD),
        _ => (own, own + 1),
    };
    let mut links = Vec::new();
    let mut head = expr;
    while let ExprKind::Binary(operator, before, behind) = &head.kind
        && binding(&head.kind) == own
    {
        links.push((operator, behind));
        head = before;
        if left > own {
            break;
        }
    }
    expression(f, head, left)?;
    links.iter().rev().try_for_each(|(operator, behind)| {
        write!(f, " {} ", symbol(**operator))?;
        expression(f, behind, right)
    })
}

fn symbol(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
        BinaryOp::Power => "^",
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.text)?;
        match &self.arguments {
            Arguments::Star => f.write_char('*')?,
            Arguments::List(arguments) => listed(f, ", ", arguments, |f, argument| match argument {
                Argument::Expr(expr) => expr.fmt(f),
                Argument::Period(period) => period.fmt(f),
            })?,
        }
        f.write_char(')')
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            LiteralKind::Text(text) => f.write_str(&quoted(text)),
            LiteralKind::Number(number) => f.write_str(number),
            LiteralKind::Bool(value) => value.fmt(f),
            LiteralKind::Null => f.write_str("null"),
        }
    }
}

impl Display for Field {
    /// The backticks of the source stay where they hold more than a word: a dot within them may be meant to part
    /// nothing.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match respelled(&self.spelled.0).filter(|(_, name)| *name == self.name) {
            Some((spelled, _)) => f.write_str(&spelled),
            None => f.write_str(&path(&self.name)),
        }
    }
}

/// A spelling with backticks, without those that are not needed; and the name that it spells.
fn respelled(spelled: &str) -> Option<(String, String)> {
    if !spelled.contains('`') {
        return None;
    }
    let (rest, read) = lex::path(spelled).ok()?;
    let mut chunks = spelled.split('`').enumerate();
    let mut out = String::new();
    for (index, chunk) in chunks.by_ref() {
        let is_needed = !lex::is_plain_segment(chunk, out.is_empty()) || out.ends_with('@');
        match index % 2 {
            0 => out.push_str(chunk),
            _ if is_needed => drop(write!(out, "`{chunk}`")),
            _ => out.push_str(chunk),
        }
    }
    let is_whole = rest.is_empty()
        && lex::path(&out).is_ok_and(|(rest, again)| rest.is_empty() && again.name == read.name);
    let is_keyword = lex::is_keyword(&out);
    (is_whole && !is_keyword).then_some((out, read.name))
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&path(&self.text))
    }
}

/// A dotted name, backticks around what needs them.
fn path(name: &str) -> String {
    let mut segments = name.split('.').enumerate();
    if lex::is_keyword(name) || name.split('.').any(str::is_empty) {
        return format!("`{name}`");
    }
    if segments.all(|(index, segment)| lex::is_plain_segment(segment, index == 0)) {
        return name.to_owned();
    }
    match name.strip_prefix('@') {
        Some(behind) if !behind.is_empty() => format!("@`{behind}`"),
        _ => {
            let segments = name.split('.').enumerate().map(|(index, text)| segment(text, index == 0));
            segments.collect::<Vec<_>>().join(".")
        }
    }
}

fn segment(text: &str, is_first: bool) -> String {
    if lex::is_plain_segment(text, is_first) { text.to_owned() } else { format!("`{text}`") }
}

/// The name of a lookup table, which may hold hyphens.
struct Table<'a>(&'a Name);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = &self.0.text;
        match lex::hyphenated(text) {
            Ok(("", _)) => f.write_str(text),
            _ => write!(f, "`{text}`"),
        }
    }
}

/// A name in which `*` stands for anything.
struct Glob<'a>(&'a Name);

impl Display for Glob<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = &self.0.text;
        match lex::glob(text) {
            Ok(("", _)) => f.write_str(text),
            _ => write!(f, "`{text}`"),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.text))
    }
}

/// A text in double quotes; a backslash is doubled only where it would hide what follows.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let would_hide = c == '\\' && chars.peek().is_none_or(|next| matches!(next, '"' | '\'' | '\\'));
        if c == '"' || would_hide {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

impl Display for RegexText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&regex(&self.source))
    }
}

/// A regex between slashes; a slash within it has a backslash before it.
pub(crate) fn regex(source: &str) -> String {
    let mut out = String::from("/");
    let mut before = ' ';
    for c in source.chars() {
        if c == '/' && before != '\\' {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out.push('/');
    out
}

impl Display for Period {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

impl Display for PeriodUnit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `[a, b]`
fn list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    f.write_char('[')?;
    listed(f, ", ", items, |f, item| item.fmt(f))?;
    f.write_char(']')
}

/// A word and a list behind it; the word alone where the list is empty.
fn with_list<T: Display>(f: &mut Formatter<'_>, word: &str, items: &[T]) -> fmt::Result {
    f.write_str(word)?;
    if items.is_empty() {
        return Ok(());
    }
    f.write_char(' ')?;
    listed(f, ", ", items, |f, item| item.fmt(f))
}

fn optional<T: Display>(f: &mut Formatter<'_>, before: &str, value: Option<&T>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{before}{value}"),
        None => Ok(()),
    }
}

fn listed<T>(
    f: &mut Formatter<'_>,
    separator: &str,
    items: &[T],
    write: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(f, item)?;
    }
    Ok(())
}
