//! The regexes of a query, and what they are made of.

use regex_syntax::ast::{self, AssertionKind, Ast, ClassSet, ClassSetItem, LiteralKind};

use crate::Span;
use crate::syntax::logs::{Command, Expr, ExprKind, LikePattern, ParseMode};

use super::pipeline::{Step, expressions};

/// A regex between slashes.
pub(super) struct Regex<'q> {
    /// With the slashes.
    pub(super) span: Span,
    /// What it is compared with, and the whole comparison; nothing for one of `parse`.
    pub(super) like: Option<Like<'q>>,
    pub(super) tree: Ast,
}

/// A comparison with a regex.
#[derive(Clone, Copy)]
pub(super) struct Like<'q> {
    pub(super) subject: &'q Expr,
    pub(super) whole: &'q Expr,
    pub(super) negated: bool,
}

impl Regex<'_> {
    /// Where a part of the source stands in the query.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        let base = self.span.range().start.saturating_add(1);
        Span::new(base.saturating_add(start), base.saturating_add(end))
    }

    /// The parts of the whole that are side by side.
    pub(super) fn sequence(&self) -> Vec<&Ast> {
        sequence(&self.tree)
    }

    /// The alternatives of the whole; itself where there are none.
    pub(super) fn alternatives(&self) -> Vec<&Ast> {
        match &self.tree {
            Ast::Alternation(all) => all.asts.iter().collect(),
            one => vec![one],
        }
    }
}

/// The parts that are side by side.
pub(super) fn sequence(tree: &Ast) -> Vec<&Ast> {
    match tree {
        Ast::Concat(all) => all.asts.iter().collect(),
        Ast::Empty(_) => Vec::new(),
        one => vec![one],
    }
}

/// The regexes of a step.
pub(super) fn of<'q>(step: &Step<'q>) -> Vec<Regex<'q>> {
    let mut found: Vec<(&'q str, Span, Option<Like<'q>>)> = Vec::new();
    for (whole, _) in expressions(step) {
        if let ExprKind::Like { operand, negated, pattern: LikePattern::Regex(regex) } = &whole.kind {
            let like = Like { subject: operand, whole, negated: *negated };
            found.push((&regex.source, regex.span.0, Some(like)));
        }
    }
    if let Command::Parse(parse) = &step.stage.command
        && let ParseMode::Regex { regex, .. } = &parse.mode
    {
        found.push((&regex.source, regex.span.0, None));
    }
    let parsed = found.into_iter().filter_map(|(source, span, like)| {
        // The parser has taken it, and has said what is wrong where it has not.
        let tree = ast::parse::Parser::new().parse(source).ok()?;
        Some(Regex { span, like, tree })
    });
    parsed.collect()
}

/// The text that a part can match only, where it is nothing but characters.
pub(super) fn literal(parts: &[&Ast]) -> Option<String> {
    parts
        .iter()
        .map(|part| match part {
            Ast::Literal(one) => Some(one.c),
            _ => None,
        })
        .collect()
}

/// Whether a part is the beginning (`^`) or the end (`$`) of the text.
pub(super) fn is_start(part: &Ast) -> bool {
    matches!(part, Ast::Assertion(one) if matches!(one.kind, AssertionKind::StartLine | AssertionKind::StartText))
}

/// Whether a part is the end of the text.
pub(super) fn is_end(part: &Ast) -> bool {
    matches!(part, Ast::Assertion(one) if matches!(one.kind, AssertionKind::EndLine | AssertionKind::EndText))
}

/// Whether a part is `.*`, lazy or not.
pub(super) fn is_anything(part: &Ast) -> bool {
    match part {
        Ast::Repetition(repeated) => {
            matches!(*repeated.ast, Ast::Dot(_))
                && matches!(repeated.op.kind, ast::RepetitionKind::ZeroOrMore)
        }
        _ => false,
    }
}

/// Whether a part is a character written without a backslash.
pub(super) fn is_plain(part: &Ast, wanted: impl Fn(char) -> bool) -> bool {
    matches!(part, Ast::Literal(one) if one.kind == LiteralKind::Verbatim && wanted(one.c))
}

/// Visits a tree and all its parts.
pub(super) fn parts<'t>(tree: &'t Ast, mut visit: impl FnMut(&'t Ast)) {
    let mut open = vec![tree];
    while let Some(part) = open.pop() {
        visit(part);
        match part {
            Ast::Repetition(repeated) => open.push(&repeated.ast),
            Ast::Group(group) => open.push(&group.ast),
            Ast::Alternation(all) => open.extend(all.asts.iter().rev()),
            Ast::Concat(all) => open.extend(all.asts.iter().rev()),
            _ => {}
        }
    }
}

/// The ranges of the bracketed classes of a tree.
pub(super) fn ranges(tree: &Ast) -> Vec<&ast::ClassSetRange> {
    let mut found = Vec::new();
    parts(tree, |part| {
        let Ast::ClassBracketed(class) = part else { return };
        let ClassSet::Item(item) = &class.kind else { return };
        let mut open = vec![item];
        while let Some(item) = open.pop() {
            match item {
                ClassSetItem::Range(range) => found.push(range),
                ClassSetItem::Union(union) => open.extend(union.items.iter().rev()),
                _ => {}
            }
        }
    });
    found
}
