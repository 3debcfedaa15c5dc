//! Expressions of the tree resolved to nodes.

use std::sync::Arc;

use memchr::memmem;
use regex::Regex;

use super::lower::Lowering;
use super::node::{Arithmetic, Comparison, Node, Reg};
use super::op::Aggregate;
use super::scope::Scope;
use crate::syntax::Trivia;
use crate::syntax::logs::{
    Argument, ArgumentKind, Arguments, BinaryOp, Call, Expr, ExprKind, Field, Function, InSet, LikePattern,
    Literal, LiteralKind, Period, Signature, UnaryOp, codes,
};
use crate::values::{AggregateSpec, ScalarCall, Value, compile_regex, parse_number};
use crate::{Code, Diagnostic, Span};

/// The parts of a `stats` that have been resolved so far.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// What exists once the groups are made.
    pub(super) scope: Scope,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) needs_time: bool,
    /// Within an aggregate's arguments, where the rows' own fields count.
    pub(super) inside: bool,
}

impl Lowering<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Literal(literal) => Node::Constant(value_of(literal)),
            ExprKind::Field(field) => self.field(field),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Member(base, name) => Node::Member(Box::new(self.expr(base)), name.clone()),
            ExprKind::Index(base, index) => {
                let index = usize::try_from(*index).unwrap_or(usize::MAX);
                Node::Element(Box::new(self.expr(base)), index)
            }
            ExprKind::Unary(op, operand) => {
                let operand = Box::new(self.expr(operand));
                match op {
                    UnaryOp::Not => Node::Not(operand),
                    UnaryOp::Minus => Node::Negative(operand),
                    UnaryOp::Plus => Node::Positive(operand),
                }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Like { operand, negated, pattern } => self.like(operand, *negated, pattern),
            ExprKind::In { operand, negated, set } => {
                let operand = Box::new(self.expr(operand));
                match set {
                    InSet::List(literals) => Node::OneOf {
                        operand,
                        negated: *negated,
                        values: literals.iter().map(value_of).collect(),
                    },
                    InSet::Pipeline(pipeline) => {
                        let nested = self.subquery(pipeline, expr.span.0);
                        Node::OneOfRows { operand, negated: *negated, nested }
                    }
                }
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Node {
        let nodes = (self.expr(left), self.expr(right));
        match op {
            BinaryOp::And => match nodes {
                (Node::And(mut legs), right) => {
                    legs.push(right);
                    Node::And(legs)
                }
                (left, right) => Node::And(vec![left, right]),
            },
            BinaryOp::Or => match nodes {
                (Node::Or(mut legs), right) => {
                    legs.push(right);
                    Node::Or(legs)
                }
                (left, right) => Node::Or(vec![left, right]),
            },
            _ => {
                let (left, right) = (Box::new(nodes.0), Box::new(nodes.1));
                match (Comparison::of(op), Arithmetic::of(op)) {
                    (Some(_), _) if is_null(&left) => Node::Never(right),
                    (Some(_), _) if is_null(&right) => Node::Never(left),
                    (Some(comparison), _) => Node::Compare(comparison, left, right),
                    (_, Some(arithmetic)) => Node::Arithmetic(arithmetic, left, right),
                    _ => Node::Constant(Value::Missing),
                }
            }
        }
    }

    fn like(&mut self, operand: &Expr, negated: bool, pattern: &LikePattern) -> Node {
        let operand = Box::new(self.expr(operand));
        let (source, span) = match pattern {
            LikePattern::Substring(text) => {
                let finder = Box::new(memmem::Finder::new(text.text.as_bytes()).into_owned());
                return Node::Contains { operand, negated, finder };
            }
            LikePattern::Regex(regex) => (&regex.source, regex.span.0),
            LikePattern::RegexInQuotes(text) => (&text.text, text.span.0),
        };
        match self.regex(source, span) {
            Some(regex) => Node::Matches { operand, negated, regex },
            None => Node::Constant(Value::Missing),
        }
    }

    pub(super) fn regex(&mut self, source: &str, span: Span) -> Option<Arc<Regex>> {
        match compile_regex(source) {
            Ok(regex) => Some(Arc::new(regex)),
            Err(reason) => {
                let message = format!("the regex cannot be used: {reason}");
                self.report(
                    Diagnostic::error(codes::REGEX_CONSTRUCT, span, message)
                        .help("the service's dialect is RE2: no look-around, no back-references"),
                );
                None
            }
        }
    }

    /// The value of a name, where the expression stands.
    pub(super) fn field(&mut self, field: &Field) -> Node {
        let outside = self.group.as_ref().filter(|group| !group.inside);
        if let Some(group) = outside {
            return match group.scope.resolve_defined(&field.name) {
                Some(node) => node,
                None => {
                    let known = group.scope.known().map(str::to_owned).collect();
                    self.unknown_in_group(field, known)
                }
            };
        }
        self.name(&field.name, field.span.0)
    }

    fn call(&mut self, call: &Call) -> Node {
        // Unknown functions and wrong counts of arguments have been reported.
        let missing = Node::Constant(Value::Missing);
        let Some(signature) = Signature::find(&call.function.text) else { return missing };
        let arguments: &[Argument] = match &call.arguments {
            Arguments::Star => &[],
            Arguments::List(list) => list,
        };
        if !(signature.min..=signature.max).contains(&arguments.len()) && call.arguments != Arguments::Star {
            return missing;
        }
        if signature.aggregate && !(signature.function == Function::Histogram && self.is_key) {
            return self.aggregate(signature, call, arguments);
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut periods: Vec<Option<Period>> = Vec::new();
        for argument in arguments {
            match argument {
                Argument::Expr(expr) => {
                    nodes.push(self.expr(expr));
                    periods.push(None);
                }
                Argument::Period(period) => {
                    nodes.push(Node::Constant(Value::Missing));
                    periods.push(Some(*period));
                }
            }
        }
        match signature.function {
            Function::If => match <[Node; 3]>::try_from(nodes) {
                Ok(nodes) => Node::If(Box::new(nodes)),
                Err(_) => missing,
            },
            Function::Case => case(nodes),
            Function::Coalesce => Node::Coalesce(nodes),
            Function::Unmask => nodes.into_iter().next().unwrap_or(missing),
            Function::IsPresent => match nodes.into_iter().next() {
                Some(node) => Node::IsPresent(Box::new(node)),
                None => missing,
            },
            Function::Bin => {
                let Some(period) = periods.into_iter().next().flatten() else { return missing };
                self.bin(period, call.function.span.0)
            }
            function => {
                if matches!(
                    function,
                    Function::QueryStartTime | Function::QueryEndTime | Function::QueryTimeRange
                ) {
                    self.needs_window.get_or_insert(signature.name);
                }
                let literals: Vec<_> = nodes.iter().map(constant).collect();
                match ScalarCall::prepare(function, &literals, &periods) {
                    Ok(ready) => Node::Call(Box::new(ready), nodes),
                    Err(fault) => {
                        let span = argument_span(call, fault.argument);
                        let code = match signature.kind(fault.argument) {
                            ArgumentKind::Regex => codes::REGEX_CONSTRUCT,
                            _ => codes::BAD_ARGUMENT,
                        };
                        self.bad_argument(code, span, fault.message, fault.help);
                        missing
                    }
                }
            }
        }
    }

    /// `bin(…)`: `@timestamp` cut down, shifted where the stage says so.
    fn bin(&mut self, period: Period, span: Span) -> Node {
        if !self.scope.raw && self.scope.resolve_defined("@timestamp").is_none() {
            // `bin` behind an earlier `stats` has been reported.
            return Node::Constant(Value::Missing);
        }
        // Among groups it is the key that is a bin, which has been shifted.
        let of_group = self.group.as_ref().is_some_and(|group| !group.inside);
        let name = "@timestamp".to_owned();
        let mut time = self.field(&Field { name, spelled: Default::default(), span: Trivia(span) });
        if self.offset_millis != 0 && !of_group {
            let shift = Node::Constant(Value::number_of(self.offset_millis as f64));
            time = Node::Arithmetic(Arithmetic::Add, Box::new(time), Box::new(shift));
        }
        match ScalarCall::prepare(Function::DateFloor, &[None, None], &[None, Some(period)]) {
            Ok(ready) => Node::Call(Box::new(ready), vec![time, Node::Constant(Value::Missing)]),
            Err(fault) => {
                self.bad_argument(codes::BAD_ARGUMENT, period.span.0, fault.message, fault.help);
                Node::Constant(Value::Missing)
            }
        }
    }

    fn aggregate(&mut self, signature: &Signature, call: &Call, arguments: &[Argument]) -> Node {
        let missing = Node::Constant(Value::Missing);
        match &mut self.group {
            // Aggregates outside `stats` and within one another have been reported.
            None => return missing,
            Some(group) if group.inside => return missing,
            Some(group) => group.inside = true,
        }
        let mut literals = Vec::new();
        let mut periods = Vec::new();
        let mut inputs = Vec::new();
        for argument in arguments {
            let (node, period) = match argument {
                Argument::Expr(expr) => (self.expr(expr), None),
                Argument::Period(period) => (missing.clone(), Some(*period)),
            };
            literals.push(constant(&node));
            periods.push(period);
            inputs.push(node);
        }
        if let Some(group) = &mut self.group {
            group.inside = false;
        }
        let spec = match AggregateSpec::prepare(signature.function, &literals, &periods) {
            Ok(spec) => spec,
            Err(fault) => {
                let span = argument_span(call, fault.argument);
                self.bad_argument(codes::BAD_ARGUMENT, span, fault.message, Some(fault.help));
                return missing;
            }
        };
        let place = spec.input();
        let present = Node::Constant(Value::bool(true));
        let input = inputs.into_iter().nth(place).unwrap_or(present);
        let to = self.new_reg();
        if let Some(group) = &mut self.group {
            group.needs_time |= spec.needs_time();
            group.aggregates.push(Aggregate { spec, input, to });
        }
        Node::Reg(to)
    }

    fn bad_argument(&mut self, code: Code, span: Span, message: String, help: Option<String>) {
        let diagnostic = Diagnostic::error(code, span, message);
        self.report(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    pub(super) fn new_reg(&mut self) -> Reg {
        let reg = Reg(*self.registers);
        *self.registers += 1;
        reg
    }
}

pub(super) fn value_of(literal: &Literal) -> Value<'static> {
    match &literal.kind {
        LiteralKind::Text(text) => Value::text_of(text.clone()),
        LiteralKind::Number(number) => parse_number(number).map_or(Value::Missing, Value::number_of),
        LiteralKind::Bool(holds) => Value::bool(*holds),
        LiteralKind::Null => Value::Missing,
    }
}

fn is_null(node: &Node) -> bool {
    matches!(node, Node::Constant(Value::Missing))
}

/// The value of an expression that is the same for every row.
fn constant(node: &Node) -> Option<Value<'static>> {
    match node {
        Node::Constant(value) => Some(value.clone()),
        Node::Negative(node) => match constant(node)? {
            Value::Number(number) => Some(Value::number_of(-number.value())),
            _ => None,
        },
        _ => None,
    }
}

fn case(nodes: Vec<Node>) -> Node {
    let mut branches = Vec::new();
    let mut nodes = nodes.into_iter();
    while let Some(first) = nodes.next() {
        match nodes.next() {
            Some(value) => branches.push((first, value)),
            None => return Node::Case { branches, otherwise: Some(Box::new(first)) },
        }
    }
    Node::Case { branches, otherwise: None }
}

fn argument_span(call: &Call, place: usize) -> Span {
    let Arguments::List(list) = &call.arguments else { return call.function.span.0 };
    match list.get(place) {
        Some(Argument::Expr(expr)) => expr.span.0,
        Some(Argument::Period(period)) => period.span.0,
        None => call.function.span.0,
    }
}
