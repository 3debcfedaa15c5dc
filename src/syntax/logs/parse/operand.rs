//! Operands: literals, fields, calls, parentheses, and members and elements of these.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{
    Argument, Arguments, Call, Expr, ExprKind, Field, FunctionName, Literal, LiteralKind, Period,
};
use super::super::codes;
use super::super::lex;
use super::Parser;

/// Words that go on with what stands before them: as a name only where something of that kind follows again.
const JOINTS: &[&str] = &["and", "as", "by", "in", "like", "or"];

impl Parser<'_> {
    /// Reads an operand with its members and elements.
    pub(super) fn operand(&mut self) -> Option<Expr> {
        let start = self.at;
        let mut operand = self.primary()?;
        while self.is_adjacent() && self.rest().starts_with(['.', '[']) {
            let (height, place) = (self.height, self.here());
            let kind =
                if self.rest().starts_with('.') { self.member(operand)? } else { self.element(operand)? };
            self.grow(height, place)?;
            operand = Expr { kind, span: Trivia(self.span_from(start)) };
        }
        Some(operand)
    }

    fn member(&mut self, container: Expr) -> Option<ExprKind> {
        self.eat(".");
        if self.rest().starts_with('`')
            && let Err(_) = lex::backticked(self.rest())
        {
            return self.unclosed_backtick();
        }
        match self.is_adjacent().then(|| self.read(lex::segment)).flatten() {
            Some(name) => Some(ExprKind::Member(Box::new(container), name.to_owned())),
            None => self.fail("a name behind the dot"),
        }
    }

    fn element(&mut self, container: Expr) -> Option<ExprKind> {
        let open = self.here();
        self.open(1);
        if !self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return self.fail("the number of an element");
        }
        let index = self.count()?;
        self.close(open, ']')?;
        Some(ExprKind::Index(Box::new(container), index.value))
    }

    fn primary(&mut self) -> Option<Expr> {
        let start = self.at;
        self.height = 0;
        let kind = match self.peek() {
            Some('(') => return self.parenthesised(),
            Some('"' | '\'') => LiteralKind::Text(self.quoted_text()?.text),
            Some(c) if c.is_ascii_digit() => LiteralKind::Number(self.number_literal()?),
            Some(c) if lex::is_word_start(c) || c == '`' => return self.named(),
            _ => return self.no_operand(),
        };
        Some(self.literal_expr(kind, start))
    }

    fn literal_expr(&self, kind: LiteralKind, start: usize) -> Expr {
        let span = Trivia(self.span_from(start));
        Expr { kind: ExprKind::Literal(Literal { kind, span }), span }
    }

    fn parenthesised(&mut self) -> Option<Expr> {
        let open = self.here();
        self.open(1);
        if self.rest().starts_with(')') {
            return self.fail("an expression");
        }
        self.check_not_left_open(open, ')')?;
        let inner = self.expr()?;
        self.close(open, ')')?;
        Some(Expr { kind: inner.kind, span: Trivia(self.span_from(open.range().start)) })
    }

    fn number_literal(&mut self) -> Option<String> {
        let start = self.at;
        let number = self.read(lex::number)?;
        let goes_on = |c: char| lex::is_word(c) || c == '`';
        let is_whole = !number.contains(['.', 'e', 'E']);
        let has_fraction_twice = !is_whole && self.rest().starts_with('.');
        if self.is_adjacent() && (self.rest().starts_with(goes_on) || has_fraction_twice) {
            return self.broken_number(start);
        }
        Some(number.to_owned())
    }

    /// A call, a field, or a literal that is a word.
    fn named(&mut self) -> Option<Expr> {
        let start = self.at;
        if let Some(kind) = self.word_literal() {
            return Some(self.literal_expr(kind, start));
        }
        let word = self.word();
        let is_joint = JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word));
        if self.is_at("not") || is_joint && self.is_at(word) && self.begins_operand_behind(word) {
            return self.no_operand();
        }
        let path = self.path("an expression")?;
        if self.goes_on_oddly(&[':']) {
            return self.odd_name(start);
        }
        let span = self.span_from(start);
        if self.rest().starts_with('(') && path.is_word && !self.is_next_stage() {
            return self.call(FunctionName { text: path.name, span: Trivia(span) });
        }
        let field =
            Field { name: path.name, spelled: Trivia(self.text(span).to_owned()), span: Trivia(span) };
        Some(Expr { kind: ExprKind::Field(field), span: Trivia(span) })
    }

    /// Whether an operand stands behind this word, so that the word is no name.
    pub(super) fn begins_operand_behind(&self, word: &str) -> bool {
        let Ok((behind, _)) = lex::gap(self.behind(word.len())) else { return false };
        let next = lex::word(behind).map(|(_, next)| next).unwrap_or_default();
        let begins =
            |c: char| lex::is_word_start(c) || c.is_ascii_digit() || matches!(c, '`' | '"' | '\'' | '(');
        behind.starts_with(begins)
            && !JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(next))
            && !["asc", "desc", "not"].iter().any(|joint| joint.eq_ignore_ascii_case(next))
            && !self.begins_command(self.source.len() - behind.len())
    }

    fn call(&mut self, function: FunctionName) -> Option<Expr> {
        let start = function.span.0.range().start;
        let open = self.here();
        self.open(1);
        self.check_not_left_open(open, ')')?;
        let arguments = if self.rest().starts_with(')') {
            Arguments::List(Vec::new())
        } else if self.is_star_alone() {
            self.advance(1);
            Arguments::Star
        } else {
            Arguments::List(self.deeper(1, |parser| parser.arguments(&function))?)
        };
        self.close(open, ')')?;
        let kind = ExprKind::Call(Call { function, arguments });
        Some(Expr { kind, span: Trivia(self.span_from(start)) })
    }

    fn is_star_alone(&mut self) -> bool {
        let mark = self.mark();
        let is_alone = self.eat("*") && self.ends_brackets();
        self.go_back(mark);
        is_alone
    }

    fn arguments(&mut self, function: &FunctionName) -> Option<Vec<Argument>> {
        self.check_distinct(function)?;
        let mut arguments = Vec::new();
        let mut highest = 0;
        loop {
            arguments.push(match self.period_argument()? {
                Some(period) => Argument::Period(period),
                None => Argument::Expr(self.operation(super::expr::Binding::Or)?),
            });
            highest = highest.max(self.height);
            if !self.comma()? {
                self.grow(highest, function.span.0)?;
                return Some(arguments);
            }
        }
    }

    /// `5m` or `5 min`, where it is all of the argument.
    fn period_argument(&mut self) -> Option<Option<Period>> {
        let mark = self.mark();
        let is_period = self.read(lex::number).is_some()
            && self.read(lex::word).is_some()
            && (self.rest().starts_with([',', ')']) || self.ends_brackets());
        self.go_back(mark);
        if !is_period {
            return Some(None);
        }
        self.height = 0;
        self.period().map(Some)
    }

    /// `count(distinct x)` of SQL.
    fn check_distinct(&mut self, function: &FunctionName) -> Option<()> {
        if !self.is_at("distinct") || !self.begins_operand_behind("distinct") {
            return Some(());
        }
        let distinct = Span::new(self.at, self.at + "distinct".len());
        let mut diagnostic =
            Diagnostic::error(codes::SYNTAX, distinct, "there is no `distinct` before an argument")
                .help("write `countDistinct(…)`");
        self.advance("distinct".len());
        if function.key() == "count" {
            diagnostic = diagnostic.fix(Fix {
                title: "write `countDistinct`".to_owned(),
                edits: vec![
                    crate::Edit { span: function.span.0, replacement: "countDistinct".to_owned() },
                    crate::Edit {
                        span: Span::new(distinct.range().start, self.at),
                        replacement: String::new(),
                    },
                ],
            });
        }
        self.report(diagnostic);
        Some(())
    }
}
