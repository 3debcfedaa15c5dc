//! A Logs Insights query read as facts on the record.
//!
//! Names that the query defines itself are no fields, and behind a stage that replaces the events nothing is. Pipelines
//! within the query may read another log group and are left alone.

use std::borrow::Cow;

use crate::Span;
use crate::schema::Key;
use crate::syntax::logs::{
    Argument, Arguments, BinaryOp, Command, Expr, ExprKind, Field, InSet, IndexValues, Item, ItemLabel,
    LikePattern, Literal as Written, LiteralKind as WrittenKind, LogsQuery, ParseMode, RegexText, Text,
    UnaryOp,
};

use super::conjunction::{self, Tree};
use super::facts::{Beside, Facts, FieldUse, Literal, LiteralKind, Test};

/// What the stages that see the events say.
pub(super) fn facts(query: &LogsQuery) -> Facts<'_> {
    let mut reader = Reader::default();
    for stage in &query.stages {
        if !reader.stage(&stage.command) {
            break;
        }
    }
    let Reader { mut facts, filters, conditions, .. } = reader;
    let pipeline = Tree::All(filters);
    // What passes all filters is what anything else in the query is about.
    let around = conjunction::implied(&pipeline, &facts.uses);
    facts.uses.iter_mut().for_each(|found| found.beside = around.clone());
    conditions.iter().for_each(|condition| conjunction::note(condition, &around, &mut facts.uses));
    conjunction::note(&pipeline, &Beside::default(), &mut facts.uses);
    facts
}

#[derive(Default)]
struct Reader<'q> {
    facts: Facts<'q>,
    /// Names that are no fields of the events any more.
    defined: Vec<Cow<'q, str>>,
    filters: Vec<Tree>,
    /// Conditions that decide on values, not on rows.
    conditions: Vec<Tree>,
}

impl<'q> Reader<'q> {
    /// Reads one stage; whether the next one still sees the events.
    fn stage(&mut self, command: &'q Command) -> bool {
        match command {
            Command::Source(_) | Command::Limit { .. } | Command::Head(_) | Command::Tail(_) => {}
            Command::Fields(items) | Command::Display(items) => self.items(items),
            Command::Filter { condition, .. } | Command::Search(condition) => {
                let tree = self.condition(condition, false);
                self.filters.push(tree);
            }
            Command::FilterIndex(predicates) => {
                for predicate in predicates {
                    let values = match &predicate.values {
                        IndexValues::Equal(value) => std::slice::from_ref(value),
                        IndexValues::In(values) => values,
                    };
                    let Some(path) = self.field(&predicate.field) else { continue };
                    let tree = self.tested(path, predicate.field.span.0, equality(values, false));
                    self.filters.push(tree);
                }
            }
            Command::Stats(stats) => {
                self.items(stats.aggregates.iter().chain(&stats.by));
                return false;
            }
            Command::Sort(keys) => keys.iter().for_each(|key| self.read_field(&key.field)),
            Command::Dedup(fields) => fields.iter().for_each(|field| self.read_field(field)),
            Command::Parse(parse) => {
                parse.operand.iter().for_each(|operand| self.value(operand));
                match &parse.mode {
                    ParseMode::Glob { names, .. } | ParseMode::Csv(names) => {
                        self.defined.extend(names.iter().map(|name| Cow::Borrowed(name.text.as_str())));
                    }
                    ParseMode::Regex { regex, names, .. } => {
                        self.defined.extend(names.iter().map(|name| Cow::Borrowed(name.text.as_str())));
                        self.defined.extend(group_names(regex));
                    }
                    ParseMode::Logfmt(name) => self.defined.push(Cow::Borrowed(&name.text)),
                }
            }
            Command::Json { field, alias, .. } => {
                self.read_field(field);
                self.defined.push(Cow::Borrowed(&alias.text));
            }
            Command::Unnest { path, into } => {
                self.value(path);
                self.defined.push(Cow::Borrowed(&into.text));
            }
            Command::Unmask(exprs) => exprs.iter().for_each(|expr| self.value(expr)),
            Command::Pattern(expr) => {
                self.value(expr);
                return false;
            }
            Command::CountFrequent(fields) => {
                fields.iter().for_each(|field| self.read_field(field));
                return false;
            }
            Command::Lookup(lookup) => {
                lookup
                    .matches
                    .iter()
                    .filter_map(|(_, field)| field.as_ref())
                    .for_each(|field| self.read_field(field));
                self.defined.extend(lookup.outputs.iter().map(|name| Cow::Borrowed(name.text.as_str())));
                return !lookup.outputs.is_empty();
            }
            Command::CidrLookup(lookup) => {
                self.read_field(&lookup.field);
                for (column, alias) in &lookup.outputs {
                    self.defined.push(Cow::Borrowed(&alias.as_ref().unwrap_or(column).text));
                }
                return !lookup.outputs.is_empty();
            }
            // What these leave behind has names of their own.
            _ => return false,
        }
        true
    }

    /// Reads items and their aliases, which the items behind them may use.
    fn items(&mut self, items: impl IntoIterator<Item = &'q Item>) {
        for item in items {
            self.value(&item.expr);
            if let ItemLabel::Alias(name) = &item.label {
                self.defined.push(Cow::Borrowed(&name.text));
            }
        }
    }

    fn read_field(&mut self, field: &'q Field) {
        if let Some(path) = self.field(field) {
            self.tested(path, field.span.0, Test::Read(None));
        }
    }

    /// Reads an expression that gives a value.
    fn value(&mut self, expr: &'q Expr) {
        // Not by recursion: a long sum is as deep as it is long.
        let mut open: Vec<(&'q Expr, Option<&'q str>)> = vec![(expr, None)];
        while let Some((expr, function)) = open.pop() {
            if let Some(path) = self.path(expr) {
                let key = function.map(|name| Cow::Owned(function_key(name)));
                self.tested(path, expr.span.0, Test::Read(key));
                continue;
            }
            match &expr.kind {
                ExprKind::Literal(_) | ExprKind::Field(_) => {}
                ExprKind::Call(call) => {
                    if let Arguments::List(arguments) = &call.arguments {
                        open.extend(arguments.iter().rev().filter_map(|argument| match argument {
                            Argument::Expr(expr) => Some((expr, Some(call.function.text.as_str()))),
                            Argument::Period(_) => None,
                        }));
                    }
                }
                ExprKind::Member(operand, _) | ExprKind::Index(operand, _) => open.push((operand, None)),
                ExprKind::Unary(UnaryOp::Minus | UnaryOp::Plus, operand) => open.push((operand, None)),
                ExprKind::Binary(op, left, right) if is_arithmetic(*op) => {
                    open.extend([(&**right, None), (&**left, None)]);
                }
                _ => {
                    let tree = self.condition(expr, false);
                    self.conditions.push(tree);
                }
            }
        }
    }

    /// Reads an expression that is true or false.
    fn condition(&mut self, expr: &'q Expr, negated: bool) -> Tree {
        let whole = expr.span.0;
        match &expr.kind {
            ExprKind::Binary(joint @ (BinaryOp::And | BinaryOp::Or), ..) => {
                let legs = chain(expr, *joint).into_iter().map(|leg| self.condition(leg, negated)).collect();
                if (*joint == BinaryOp::And) == negated { Tree::Any(legs) } else { Tree::All(legs) }
            }
            ExprKind::Unary(UnaryOp::Not, operand) => self.condition(operand, !negated),
            ExprKind::Binary(op, left, right) if is_comparison(*op) => {
                let (subject, value) = match (literal(left), literal(right)) {
                    (None, Some(value)) => (left, value),
                    (Some(value), None) => (right, value),
                    _ => {
                        self.compared(*op, left, right);
                        return Tree::Other;
                    }
                };
                let test = match op {
                    BinaryOp::Equal => Test::Equal { negated, values: vec![value] },
                    BinaryOp::NotEqual => Test::Equal { negated: !negated, values: vec![value] },
                    _ => Test::Order(value),
                };
                self.test(subject, whole, test)
            }
            ExprKind::Like { operand, negated: unlike, pattern } => {
                let test = match pattern {
                    LikePattern::Substring(text) => {
                        Test::Equal { negated: negated != *unlike, values: vec![substring(text)] }
                    }
                    _ => Test::Regex,
                };
                self.test(operand, whole, test)
            }
            ExprKind::In { operand, negated: outside, set: InSet::List(values) } if !values.is_empty() => {
                self.test(operand, whole, equality(values, negated != *outside))
            }
            ExprKind::In { operand, .. } => self.test(operand, whole, Test::Read(None)),
            ExprKind::Field(_) | ExprKind::Member(..) | ExprKind::Index(..) => {
                self.test(expr, whole, Test::Truth)
            }
            ExprKind::Literal(_) => Tree::Other,
            _ => {
                self.value(expr);
                Tree::Other
            }
        }
    }

    /// Reads a comparison in which no literal stands.
    fn compared(&mut self, op: BinaryOp, left: &'q Expr, right: &'q Expr) {
        let before = self.facts.uses.len();
        self.value(left);
        self.value(right);
        let are_fields = [left, right].iter().all(|one| matches!(one.kind, ExprKind::Field(_)));
        let is_equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if let Some(last) = self.facts.uses.get_mut(before + 1).filter(|_| are_fields && is_equality) {
            last.test = Test::InPlaceOfText(before);
        }
    }

    fn test(&mut self, subject: &'q Expr, whole: Span, test: Test<'q>) -> Tree {
        match self.path(subject) {
            Some(path) => {
                let tree = self.tested(path, subject.span.0, test);
                if let Some(last) = self.facts.uses.last_mut() {
                    last.whole = whole;
                }
                tree
            }
            None => {
                if !matches!(subject.kind, ExprKind::Field(_)) {
                    self.value(subject);
                }
                Tree::Other
            }
        }
    }

    fn tested(&mut self, (path, is_bracketed): (Vec<Key<'q>>, bool), span: Span, test: Test<'q>) -> Tree {
        let beside = Beside::default();
        self.facts.uses.push(FieldUse { path, span, whole: span, test, is_bracketed, beside });
        Tree::Use(self.facts.uses.len() - 1)
    }

    /// The path that an expression spells, if it is one into the record; and whether it has brackets.
    fn path(&mut self, expr: &'q Expr) -> Option<(Vec<Key<'q>>, bool)> {
        let mut behind = Vec::new();
        let mut expr = expr;
        loop {
            match &expr.kind {
                ExprKind::Member(container, name) => {
                    behind.push(Key::Name(name));
                    expr = container;
                }
                ExprKind::Index(container, index) => {
                    behind.push(Key::Index(usize::try_from(*index).unwrap_or(usize::MAX)));
                    expr = container;
                }
                ExprKind::Field(field) => {
                    let (mut path, _) = self.field(field)?;
                    let is_bracketed = !behind.is_empty();
                    path.extend(behind.into_iter().rev());
                    return Some((path, is_bracketed));
                }
                _ => return None,
            }
        }
    }

    fn field(&mut self, field: &'q Field) -> Option<(Vec<Key<'q>>, bool)> {
        let name = field.name.as_str();
        if self.is_defined(name) {
            return None;
        }
        if name.starts_with('@') {
            self.facts.system_names.push((name, field.span.0));
            return None;
        }
        let steps = name.split('.').enumerate().map(|(place, segment)| match segment.parse::<usize>() {
            // As a number is printed: `007` is a key.
            Ok(index) if place > 0 && index.to_string() == segment => Key::Index(index),
            _ => Key::Name(segment),
        });
        Some((steps.collect(), false))
    }

    /// Whether the query defined the name, or a map that the name leads into.
    fn is_defined(&self, name: &str) -> bool {
        let heads = name.match_indices('.').filter_map(|(at, _)| name.get(..at));
        heads.chain([name]).any(|head| self.defined.iter().any(|known| known == head))
    }
}

fn function_key(name: &str) -> String {
    name.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Divide, Multiply, Power, Remainder, Subtract};
    matches!(op, Add | Subtract | Multiply | Divide | Remainder | Power)
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}

/// The operands of a run of one operator, from left to right.
fn chain(expr: &Expr, joint: BinaryOp) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Binary(op, left, right) if *op == joint => open.extend([&**right, &**left]),
            _ => found.push(expr),
        }
    }
    found
}

fn literal(expr: &Expr) -> Option<Literal<'_>> {
    match &expr.kind {
        ExprKind::Literal(written) => of_literal(written),
        ExprKind::Unary(UnaryOp::Minus, operand) => match &operand.kind {
            ExprKind::Literal(Written { kind: WrittenKind::Number(digits), .. }) => Some(Literal {
                text: format!("-{digits}").into(),
                ..plain(LiteralKind::Number, "", expr.span.0)
            }),
            _ => None,
        },
        _ => None,
    }
}

/// `null` is nothing to compare with, and said to be so elsewhere.
fn of_literal(written: &Written) -> Option<Literal<'_>> {
    let span = written.span.0;
    match &written.kind {
        WrittenKind::Text(text) => Some(plain(LiteralKind::Text, text, span)),
        WrittenKind::Number(digits) => Some(plain(LiteralKind::Number, digits, span)),
        WrittenKind::Bool(value) => {
            Some(plain(LiteralKind::Bool, if *value { "true" } else { "false" }, span))
        }
        WrittenKind::Null => None,
    }
}

fn equality(values: &[Written], negated: bool) -> Test<'_> {
    let values: Vec<_> = values.iter().filter_map(of_literal).collect();
    if values.is_empty() { Test::Read(None) } else { Test::Equal { negated, values } }
}

fn substring(text: &Text) -> Literal<'_> {
    Literal { open_start: true, open_end: true, ..plain(LiteralKind::Text, &text.text, text.span.0) }
}

fn plain(kind: LiteralKind, text: &str, span: Span) -> Literal<'_> {
    Literal { kind, text: Cow::Borrowed(text), open_start: false, open_end: false, span }
}

/// The names in `(?<name>…)` and `(?P<name>…)`.
fn group_names(regex: &RegexText) -> impl Iterator<Item = Cow<'_, str>> {
    regex.source.split("(?").skip(1).filter_map(|group| {
        let named = group.strip_prefix('P').unwrap_or(group).strip_prefix('<')?;
        Some(Cow::Borrowed(named.split_once('>')?.0))
    })
}
