//! Expressions: operators by how tightly they bind, from `or` to `^`.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::syntax::Trivia;

use super::super::ast::{BinaryOp, Expr, ExprKind, InSet, LikePattern, LiteralKind, UnaryOp};
use super::super::codes;
use super::super::lex::{self, Comparator};
use super::Parser;
use super::foreign::Test;

/// How tightly operators bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
}

/// What may stand between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    Binary(BinaryOp),
    Like {
        negated: bool,
    },
    Matches,
    In {
        negated: bool,
    },
    /// What other languages have.
    Foreign(Test),
}

impl Joint {
    fn binding(self) -> Binding {
        match self {
            Joint::Binary(BinaryOp::Or) => Binding::Or,
            Joint::Binary(BinaryOp::And) => Binding::And,
            Joint::Binary(BinaryOp::Add | BinaryOp::Subtract) => Binding::Add,
            Joint::Binary(BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder) => Binding::Multiply,
            _ => Binding::Compare,
        }
    }
}

impl Parser<'_> {
    /// Reads an expression; `None` after a fault, reported.
    pub(super) fn expr(&mut self) -> Option<Expr> {
        self.deeper(1, |parser| parser.operation(Binding::Or))
    }

    /// Reads operands and the operators between them that bind at least as tightly as `lowest`.
    pub(super) fn operation(&mut self, lowest: Binding) -> Option<Expr> {
        let start = self.at;
        let (mut left, mut tightest) = self.negation(lowest)?;
        let mut height = self.height;
        loop {
            self.height = height;
            let (mark, said) = (self.mark(), self.diagnostics.len());
            let Some((joint, place)) = self.joint() else { return Some(left) };
            let binding = joint.binding();
            if binding < lowest || binding > tightest {
                self.go_back(mark);
                self.diagnostics.truncate(said);
                if binding == Binding::Compare && lowest <= binding {
                    return self.chained_comparison(place);
                }
                return Some(left);
            }
            let kind = self.joined(left, joint, place)?;
            self.grow(height.max(self.height), place)?;
            height = self.height;
            left = Expr { kind, span: Trivia(self.span_from(start)) };
            tightest = if binding == Binding::Compare { Binding::Not } else { binding };
        }
    }

    /// `not x`, `!x`, or an operand; and the tightest operator that may follow.
    fn negation(&mut self, lowest: Binding) -> Option<(Expr, Binding)> {
        let start = self.at;
        if lowest > Binding::Not || !(self.eat_word("not") || self.eat_exclamation()) {
            return self.unary().map(|operand| (operand, Binding::Multiply));
        }
        let place = Span::new(start, self.last);
        let operand = self.deeper(1, |parser| parser.operation(Binding::Not))?;
        self.grow(self.height, place)?;
        let kind = ExprKind::Unary(UnaryOp::Not, Box::new(operand));
        Some((Expr { kind, span: Trivia(self.span_from(start)) }, Binding::And))
    }

    fn eat_exclamation(&mut self) -> bool {
        !self.rest().starts_with("!=") && !self.rest().starts_with("!~") && self.eat("!")
    }

    fn unary(&mut self) -> Option<Expr> {
        let start = self.at;
        let operator = match self.peek() {
            Some('-') => UnaryOp::Minus,
            Some('+') => UnaryOp::Plus,
            _ => return self.power(),
        };
        self.advance(1);
        let place = Span::new(start, self.last);
        let operand = self.deeper(1, Self::unary)?;
        self.grow(self.height, place)?;
        let kind = ExprKind::Unary(operator, Box::new(operand));
        Some(Expr { kind, span: Trivia(self.span_from(start)) })
    }

    fn power(&mut self) -> Option<Expr> {
        let start = self.at;
        let base = self.operand()?;
        let (height, place) = (self.height, self.here());
        if !self.eat("^") {
            return Some(base);
        }
        let exponent = self.deeper(1, Self::unary)?;
        self.grow(height.max(self.height), place)?;
        let kind = ExprKind::Binary(BinaryOp::Power, Box::new(base), Box::new(exponent));
        Some(Expr { kind, span: Trivia(self.span_from(start)) })
    }

    /// Steps over what joins two operands, if that stands here.
    fn joint(&mut self) -> Option<(Joint, Span)> {
        let start = self.at;
        let joint = match self.peek()? {
            '+' => self.symbol(BinaryOp::Add),
            '-' => self.symbol(BinaryOp::Subtract),
            '*' => self.symbol(BinaryOp::Multiply),
            '/' => self.symbol(BinaryOp::Divide),
            '%' => self.symbol(BinaryOp::Remainder),
            '=' | '!' | '<' | '>' | '~' => self.comparison()?,
            '&' | '|' => self.foreign_junction()?,
            c if lex::is_word_start(c) => self.word_joint()?,
            _ => return None,
        };
        Some((joint, self.span_from(start)))
    }

    fn symbol(&mut self, operator: BinaryOp) -> Joint {
        self.advance(1);
        Joint::Binary(operator)
    }

    fn comparison(&mut self) -> Option<Joint> {
        let start = self.at;
        let Some(comparator) = self.read(lex::comparator) else { return self.foreign_comparison() };
        Some(match comparator {
            Comparator::Matches => Joint::Matches,
            Comparator::Equal => Joint::Binary(BinaryOp::Equal),
            Comparator::NotEqual => Joint::Binary(BinaryOp::NotEqual),
            Comparator::Less => Joint::Binary(BinaryOp::Less),
            Comparator::LessOrEqual => Joint::Binary(BinaryOp::LessOrEqual),
            Comparator::Greater => Joint::Binary(BinaryOp::Greater),
            Comparator::GreaterOrEqual => Joint::Binary(BinaryOp::GreaterOrEqual),
            Comparator::DoubleEqual => {
                self.double_equals(Span::new(start, start + 2));
                Joint::Binary(BinaryOp::Equal)
            }
        })
    }

    fn double_equals(&mut self, place: Span) {
        self.report(
            Diagnostic::new(codes::DOUBLE_EQUALS, Severity::Info, place, "equality is one `=`")
                .help("write `=`")
                .fix(Fix::replace("write `=`", place, "=")),
        );
    }

    /// `=` where nothing but equality may stand.
    pub(super) fn single_equals(&mut self) -> bool {
        let start = self.at;
        if self.rest().starts_with("=~") {
            return false;
        }
        if self.eat("==") {
            self.double_equals(Span::new(start, start + 2));
            return true;
        }
        self.eat("=")
    }

    fn word_joint(&mut self) -> Option<Joint> {
        if self.eat_word("and") {
            return Some(Joint::Binary(BinaryOp::And));
        }
        if self.eat_word("or") {
            return Some(Joint::Binary(BinaryOp::Or));
        }
        let mark = self.mark();
        let negated = self.eat_word("not");
        if self.eat_word("like") {
            return Some(Joint::Like { negated });
        }
        if self.eat_word("in") {
            return Some(Joint::In { negated });
        }
        let foreign = self.foreign_word(negated);
        if foreign.is_none() {
            self.go_back(mark);
        }
        foreign.map(Joint::Foreign)
    }

    /// Reads what stands to the right of a joint.
    fn joined(&mut self, left: Expr, joint: Joint, place: Span) -> Option<ExprKind> {
        Some(match joint {
            Joint::Binary(operator) => {
                let right = match joint.binding() {
                    Binding::Or => self.operation(Binding::And)?,
                    Binding::And => self.operation(Binding::Not)?,
                    Binding::Add => self.operation(Binding::Multiply)?,
                    Binding::Multiply => self.unary()?,
                    Binding::Not | Binding::Compare => {
                        let right = self.compared_value(operator, place)?;
                        self.check_null(&left, operator, &right);
                        right
                    }
                };
                ExprKind::Binary(operator, Box::new(left), Box::new(right))
            }
            Joint::Like { negated } => {
                let pattern = self.like_pattern()?;
                self.height = 0;
                ExprKind::Like { operand: Box::new(left), negated, pattern }
            }
            Joint::Matches => {
                let pattern = self.matches_pattern(place)?;
                self.height = 0;
                ExprKind::Like { operand: Box::new(left), negated: false, pattern }
            }
            Joint::In { negated } => {
                let set = self.in_set()?;
                self.height = 0;
                ExprKind::In { operand: Box::new(left), negated, set }
            }
            Joint::Foreign(test) => self.foreign_test(left, test, place)?,
        })
    }

    fn like_pattern(&mut self) -> Option<LikePattern> {
        match self.peek() {
            Some('"' | '\'') => {
                let text = self.quoted_text()?;
                self.check_wildcards(&text);
                Some(LikePattern::Substring(text))
            }
            Some('/') => self.regex().map(LikePattern::Regex),
            _ => self.no_pattern("a text in quotes or a regex between slashes"),
        }
    }

    fn matches_pattern(&mut self, operator: Span) -> Option<LikePattern> {
        match self.peek() {
            Some('"' | '\'') => {
                let text = self.quoted_text()?;
                self.regex_in_quotes(operator, &text);
                Some(LikePattern::RegexInQuotes(text))
            }
            Some('/') => self.regex().map(LikePattern::Regex),
            _ => self.no_pattern("a regex between slashes"),
        }
    }

    fn in_set(&mut self) -> Option<InSet> {
        if !self.rest().starts_with('(') {
            return self.literals().map(InSet::List);
        }
        let open = self.here();
        if let Some(fault) = self.list_in_parentheses() {
            self.report(fault);
            return None;
        }
        self.nested_pipeline(open).map(InSet::Pipeline)
    }

    fn check_null(&mut self, left: &Expr, operator: BinaryOp, right: &Expr) {
        let is_null = |expr: &Expr| matches!(&expr.kind, ExprKind::Literal(literal) if literal.kind == LiteralKind::Null);
        let tested = match (is_null(left), is_null(right)) {
            (false, true) => left,
            (true, false) => right,
            _ => return,
        };
        let place = left.span.0.to(right.span.0);
        let subject = self.text(tested.span.0).to_owned();
        let mut diagnostic =
            Diagnostic::warning(codes::NULL_COMPARISON, place, "nothing compares with `null`")
                .help(format!("write `ispresent({subject})` or `not ispresent({subject})`"));
        let replacement = match operator {
            BinaryOp::Equal => Some(format!("not ispresent({subject})")),
            BinaryOp::NotEqual => Some(format!("ispresent({subject})")),
            _ => None,
        };
        if let Some(replacement) = replacement.filter(|_| matches!(tested.kind, ExprKind::Field(_))) {
            diagnostic = diagnostic.fix(Fix::replace("ask whether it is there", place, replacement));
        }
        self.report(diagnostic);
    }

    fn chained_comparison(&mut self, place: Span) -> Option<Expr> {
        let operator = self.text(place).to_owned();
        self.report(
            Diagnostic::error(codes::SYNTAX, place, format!("expected `and` or `or`, found `{operator}`"))
                .label("a second comparison")
                .help("comparisons do not chain: write `a < b and b < c`"),
        );
        None
    }
}
