//! `&&`, `||` and parentheses around leaves of any kind.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{Expr, Legs};
use super::super::codes;
use super::super::lex;
use super::{Kind, Parser};

/// One operand: what it is, where it could be read, and whether it stood in parentheses.
type Leg<L> = (Option<Expr<L>>, bool);

/// Makes one expression of operands and of whether each stood in parentheses.
type Join<L> = fn(Vec<Expr<L>>, Vec<bool>) -> Option<Expr<L>>;

/// How to read a leaf: `None` after a fault, which it has reported and recovered from.
type ReadLeaf<'r, 'a, L> = dyn FnMut(&mut Parser<'a>) -> Option<L> + 'r;

impl<'a> Parser<'a> {
    /// Reads up to the end of the part; the result counts only where nothing was reported.
    pub(super) fn expression<L>(
        &mut self,
        kind: Kind,
        read_leaf: &mut ReadLeaf<'_, 'a, L>,
    ) -> Option<Expr<L>> {
        self.disjunction(kind, read_leaf, 0).0
    }

    fn disjunction<L>(&mut self, kind: Kind, read_leaf: &mut ReadLeaf<'_, 'a, L>, depth: usize) -> Leg<L> {
        self.operands(Legs::join_or, |parser| parser.conjunction(kind, read_leaf, depth), Self::eat_or)
    }

    fn conjunction<L>(&mut self, kind: Kind, read_leaf: &mut ReadLeaf<'_, 'a, L>, depth: usize) -> Leg<L> {
        self.operands(
            Legs::join_and,
            |parser| parser.operand(kind, read_leaf, depth),
            |parser| {
                parser.check_joint(kind, depth);
                parser.eat_and()
            },
        )
    }

    fn operands<L>(
        &mut self,
        join: Join<L>,
        mut read: impl FnMut(&mut Self) -> Leg<L>,
        mut eat_joint: impl FnMut(&mut Self) -> bool,
    ) -> Leg<L> {
        let (mut legs, mut parenthesised) = (Vec::new(), Vec::new());
        loop {
            let (leg, in_parentheses) = read(self);
            legs.extend(leg);
            parenthesised.push(in_parentheses);
            if !eat_joint(self) {
                let alone = parenthesised.len() == 1 && parenthesised.first() == Some(&true);
                return (join(legs, parenthesised), alone);
            }
        }
    }

    fn operand<L>(&mut self, kind: Kind, read_leaf: &mut ReadLeaf<'_, 'a, L>, depth: usize) -> Leg<L> {
        self.blank();
        self.skip_negations();
        if self.peek() != Some('(') {
            return (read_leaf(self).map(Expr::Leaf), false);
        }
        let open = self.here();
        if depth >= self.limits.nesting {
            let most = self.limits.nesting;
            self.report(
                Diagnostic::error(
                    codes::NESTING,
                    open,
                    format!("parentheses are nested more than {most} deep"),
                )
                .help("flatten the pattern: `&&` binds tighter than `||`"),
            );
            self.at = self.end;
            return (None, true);
        }
        self.at += 1;
        self.blank();
        if self.eat(")") {
            let empty = self.span_from(open.start as usize);
            self.report(
                Diagnostic::error(
                    codes::EMPTY_CONDITION,
                    empty,
                    "there is no condition between the parentheses",
                )
                .help("remove the parentheses, or put a condition between them"),
            );
            return (None, true);
        }
        let (inner, _) = self.disjunction(kind, read_leaf, depth + 1);
        if !self.eat(")") && !self.has_error(codes::NESTING) && !self.has_error(codes::UNTERMINATED_QUOTE) {
            self.report(
                Diagnostic::error(codes::PARENTHESIS, open, "this `(` is never closed").help("add the `)`"),
            );
        }
        (inner, true)
    }

    /// `!` and `NOT` before a condition: reported, then stepped over, so that the condition itself is still read.
    fn skip_negations(&mut self) {
        loop {
            let start = self.at;
            let negates = if self.eat("!") {
                true
            } else {
                let word = lex::word(self.rest());
                let behind =
                    self.rest().get(word.len()..).unwrap_or_default().trim_start_matches(lex::is_blank);
                let is_not = word.eq_ignore_ascii_case("not") && behind.starts_with(['(', '$']);
                if is_not {
                    self.at += word.len();
                }
                is_not
            };
            if !negates {
                return;
            }
            let operator = self.span_from(start);
            self.report(
                Diagnostic::error(codes::WORD_OPERATOR, operator, "a condition cannot be negated")
                    .label("no such operator")
                    .help("negate each comparison instead (`!=`, `NOT EXISTS`), and swap `&&` and `||`")
                    .service_text(format!("Invalid character(s) in term '{}'", self.negation_text(operator))),
            );
            self.blank();
        }
    }

    fn negation_text(&self, operator: Span) -> String {
        let paren = if self.peek() == Some('(') { "(" } else { "" };
        match self.text(operator) {
            "!" => format!("!{paren}"),
            word => word.to_owned(),
        }
    }

    /// Reports what stands where only `&&`, `||`, `)` or the end may stand, and moves on to one of these.
    fn check_joint(&mut self, kind: Kind, depth: usize) {
        loop {
            self.blank();
            let rest = self.rest();
            if rest.is_empty() || rest.starts_with("&&") || rest.starts_with("||") {
                return;
            }
            if rest.starts_with(')') {
                if depth > 0 {
                    return;
                }
                self.report(
                    Diagnostic::error(codes::PARENTHESIS, self.here(), "this `)` has no `(`")
                        .help("remove it"),
                );
                self.at += 1;
                continue;
            }
            if self.is_word_joint() {
                return;
            }
            self.report_joint(kind, depth);
        }
    }

    fn report_joint(&mut self, kind: Kind, depth: usize) {
        let here = self.here();
        match self.peek() {
            Some('}') if kind == Kind::Json => {
                let behind = Span::new(self.at + 1, (self.end + 1).min(self.source.len()));
                self.report(
                    Diagnostic::error(codes::TRAILING, behind, "there is text after the closing `}`")
                        .help("a pattern ends with its closing brace"),
                );
                self.at = self.end;
            }
            Some(single @ ('&' | '|')) => {
                let operator = format!("{single}{single}");
                self.report(
                    Diagnostic::error(
                        codes::UNEXPECTED,
                        here,
                        format!("expected `{operator}`, found `{single}`"),
                    )
                    .fix(Fix::replace(format!("write `{operator}`"), here, operator)),
                );
                self.at += 1;
                self.recover();
            }
            Some(',') => {
                self.report(
                    Diagnostic::error(codes::UNEXPECTED, here, "expected `&&` or `||`, found `,`")
                        .help("conditions are joined by `&&` (both hold) or `||` (one holds)"),
                );
                self.at += 1;
                self.recover();
            }
            _ => {
                let close = match (depth, kind) {
                    (0, Kind::Json) => "`}`",
                    (0, Kind::Space) => "`,`",
                    _ => "`)`",
                };
                let diagnostic = self.unexpected(&format!("`&&`, `||` or {close}"));
                self.report(diagnostic);
                self.recover();
            }
        }
    }

    fn is_word_joint(&self) -> bool {
        let word = lex::word(self.rest());
        word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or")
    }

    fn eat_and(&mut self) -> bool {
        self.eat("&&") || self.eat_word_joint("and", "&&")
    }

    fn eat_or(&mut self) -> bool {
        self.eat("||") || self.eat_word_joint("or", "||")
    }

    fn eat_word_joint(&mut self, word: &str, operator: &str) -> bool {
        let found = lex::word(self.rest());
        if !found.eq_ignore_ascii_case(word) {
            return false;
        }
        let span = Span::new(self.at, self.at + found.len());
        self.at = span.range().end;
        self.report(
            Diagnostic::error(codes::WORD_OPERATOR, span, format!("`{found}` is no operator"))
                .help(format!("write `{operator}`"))
                .fix(Fix::replace(format!("write `{operator}`"), span, operator))
                .service_text(format!("Invalid character(s) in term '{found}'")),
        );
        true
    }
}

impl<L> Legs<L> {
    fn join_and(legs: Vec<Expr<L>>, parenthesised: Vec<bool>) -> Option<Expr<L>> {
        Legs::join(legs, parenthesised, Expr::And)
    }

    fn join_or(legs: Vec<Expr<L>>, parenthesised: Vec<bool>) -> Option<Expr<L>> {
        Legs::join(legs, parenthesised, Expr::Or)
    }
}
