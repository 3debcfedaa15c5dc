//! The expressions that stand in a command, and those that stand in an expression.

use super::{Argument, Arguments, Command, Expr, ExprKind};

impl Command {
    /// The expressions of the command itself, in the order of the text; those of nested pipelines are not among them.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        match self {
            Command::Fields(items) | Command::Display(items) => items.iter().map(|item| &item.expr).collect(),
            Command::Stats(stats) => {
                stats.aggregates.iter().chain(&stats.by).map(|item| &item.expr).collect()
            }
            Command::Unmask(exprs) => exprs.iter().collect(),
            Command::Parse(parse) => parse.operand.iter().collect(),
            Command::Filter { condition: expr, .. }
            | Command::Search(expr)
            | Command::Pattern(expr)
            | Command::Unnest { path: expr, .. }
            | Command::RelevantFields { condition: expr, .. } => vec![expr],
            _ => Vec::new(),
        }
    }
}

impl Expr {
    /// Whether a name stands in it, alone or before a dot.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        let is_of_it = |rest: &str| rest.is_empty() || rest.starts_with('.');
        self.and_its_parts().any(|expr| match &expr.kind {
            ExprKind::Field(field) => field.name.strip_prefix(name).is_some_and(is_of_it),
            _ => false,
        })
    }

    /// The expression and all that it is made of, in the order of the text; nested pipelines are left alone.
    pub(crate) fn and_its_parts(&self) -> impl Iterator<Item = &Expr> {
        // Not by recursion: a long sum is as deep as it is long.
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let expr = open.pop()?;
            open.extend(expr.operands().into_iter().rev());
            Some(expr)
        })
    }

    /// What the expression is made of, one level down.
    pub(crate) fn operands(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Field(_) => Vec::new(),
            ExprKind::Call(call) => call.arguments.expressions(),
            ExprKind::Member(operand, _)
            | ExprKind::Index(operand, _)
            | ExprKind::Unary(_, operand)
            | ExprKind::Like { operand, .. }
            | ExprKind::In { operand, .. } => vec![operand],
            ExprKind::Binary(_, left, right) => vec![left, right],
        }
    }
}

impl Arguments {
    /// The arguments that are expressions.
    pub(crate) fn expressions(&self) -> Vec<&Expr> {
        let Arguments::List(arguments) = self else { return Vec::new() };
        let exprs = arguments.iter().map(|argument| match argument {
            Argument::Expr(expr) => Some(expr),
            Argument::Period(_) => None,
        });
        exprs.flatten().collect()
    }
}
