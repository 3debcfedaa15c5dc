//! What the labels must be: `WHERE`.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::syntax::Trivia;

use super::super::ast::{Comparison, Condition, LabelKey, LabelValue, Predicate};
use super::super::codes;
use super::super::lex::{self, Kind};
use super::super::print::value_in_quotes;
use super::super::reserved;
use super::foreign::{begins_clause, is_operator};
use super::name::{Named, unwrapped};
use super::{Clause, DEEPEST, Dialect, Parser, shortened};

impl Parser<'_> {
    pub(super) fn filter(&mut self) -> Option<Condition> {
        let first = self.next;
        if self.token().is_none() || Clause::of(self.word()).is_some() && !self.is_symbol_after(1, "=") {
            return self.fail("a comparison, such as `userName = 'alice'`");
        }
        let condition = self.any();
        self.not_in_the_guide(first);
        if self.is_symbol(")") {
            return self.fail("`AND` or the next clause");
        }
        condition
    }

    /// Legs joined by `OR`. A fault is reported, and the legs behind it are read.
    fn any(&mut self) -> Option<Condition> {
        let mut legs = vec![self.all()];
        while self.junction("OR", "||") {
            legs.push(self.all());
        }
        joined(legs, Condition::Any, |leg| match leg {
            Condition::Any(legs) => legs,
            leg => vec![leg],
        })
    }

    fn all(&mut self) -> Option<Condition> {
        let mut legs = vec![self.leg()];
        while self.junction("AND", "&&") || self.comma() || self.missing_and() {
            legs.push(self.leg());
        }
        joined(legs, Condition::All, |leg| match leg {
            Condition::All(legs) => legs,
            leg => vec![leg],
        })
    }

    /// Steps over the word that joins, or over the symbol of other languages, reported.
    fn junction(&mut self, word: &str, symbol: &str) -> bool {
        if self.eat_word(word) {
            return true;
        }
        let place = self.here();
        let found = self.eat(symbol);
        // What the guide lacks altogether is reported once for the whole condition.
        if found && (word == "AND" || self.options.dialect == Dialect::Grafana) {
            self.foreign_operator(place, &format!("write `{word}`"), Some((place, word)));
        }
        found
    }

    fn comma(&mut self) -> bool {
        if !self.is_symbol(",") {
            return false;
        }
        let place = self.here();
        self.advance();
        self.foreign_operator(place, "join comparisons by `AND`", Some((place, " AND")));
        true
    }

    /// Whether a comparison begins where `AND` is due; reported.
    fn missing_and(&mut self) -> bool {
        let begins = match self.token().map(|token| token.kind) {
            Some(Kind::Name | Kind::Foreign) => true,
            Some(Kind::Word) => {
                let word = self.word();
                !reserved::is_structural(word) && !begins_clause(word) && !is_operator(word)
            }
            _ => false,
        };
        let compared =
            |further| ["=", "!=", "<>", "=="].iter().any(|symbol| self.is_symbol_after(further, symbol));
        if !begins || !(compared(1) || self.is_symbol_after(1, ".") && compared(3)) {
            return false;
        }
        let place = self.here();
        self.report(
            Diagnostic::error(
                codes::SYNTAX,
                place,
                format!("there is no `AND` before `{}`", self.text(place)),
            )
            .help("join comparisons by `AND`")
            .fix(Fix::replace("insert `AND`", Span::at(place.range().start), "AND ")),
        );
        true
    }

    /// A comparison or something in parentheses; after a fault, reported, what is left of it is skipped.
    fn leg(&mut self) -> Option<Condition> {
        let leg = if self.is_symbol("(") {
            self.parenthesized()
        } else if self.is_word("NOT") {
            self.negated();
            None
        } else {
            self.predicate().map(Condition::Test)
        };
        if leg.is_none() {
            self.skip_leg();
        }
        leg
    }

    fn parenthesized(&mut self) -> Option<Condition> {
        let open = self.here();
        self.advance();
        if self.is_word("SELECT") {
            self.next = self.next.saturating_sub(1);
            return self.subquery();
        }
        if self.depth >= DEEPEST {
            self.report(
                Diagnostic::error(
                    codes::TOO_LARGE,
                    open,
                    format!("parentheses nested more than {DEEPEST} deep"),
                )
                .help("write a plainer condition"),
            );
            self.next = self.tokens.len();
            return None;
        }
        self.depth += 1;
        let inside = self.any();
        self.depth -= 1;
        if self.eat(")") {
            return inside;
        }
        if !self
            .diagnostics
            .iter()
            .any(|finding| finding.code == codes::TOO_LARGE || finding.code == codes::UNCLOSED)
        {
            self.report(
                Diagnostic::error(codes::UNCLOSED, open, "this `(` is not closed")
                    .help("write `)` behind what it holds"),
            );
        }
        None
    }

    fn predicate(&mut self) -> Option<Predicate> {
        let start = self.here();
        let key = self.label_key(Named::Dimension)?;
        let comparison = self.comparison(&key)?;
        let value = self.value(&key)?;
        Some(Predicate { key, comparison, value, span: Trivia(start.to(self.last_span())) })
    }

    fn comparison(&mut self, key: &LabelKey) -> Option<Comparison> {
        if self.eat("=") {
            return Some(Comparison::Equal);
        }
        if self.eat("!=") {
            return Some(Comparison::NotEqual);
        }
        self.foreign_comparison(key)
    }

    pub(super) fn value(&mut self, key: &LabelKey) -> Option<LabelValue> {
        let Some(token) = self.token() else { return self.fail("a value in single quotes") };
        let is_account = matches!(key, LabelKey::Account { .. });
        match token.kind {
            Kind::Text => {
                self.advance();
                self.quoted_value(token.span, is_account)
            }
            Kind::Name | Kind::Foreign => {
                self.advance();
                let text = match token.kind {
                    Kind::Name => lex::unescape(self.inside(token.span)).0,
                    _ => unwrapped(self.text(token.span)).to_owned(),
                };
                let (code, message) = match token.kind {
                    Kind::Name => (
                        codes::NAME_FOR_VALUE,
                        format!("a value stands here, and `{}` is a name", self.text(token.span)),
                    ),
                    _ => (codes::FOREIGN_QUOTES, "values stand in straight single quotes, `'`".to_owned()),
                };
                let written = value_in_quotes(&text);
                self.report(
                    Diagnostic::error(code, token.span, message)
                        .help(format!("write `{written}`"))
                        .fix(Fix::replace("write single quotes", token.span, written)),
                );
                Some(LabelValue::Text { text, span: Trivia(token.span) })
            }
            Kind::Word if self.is_word("CURRENT_ACCOUNT_ID") => self.current_account(is_account),
            Kind::Word if Clause::of(self.word()).is_some() || self.is_word("AND") || self.is_word("OR") => {
                self.fail("a value in single quotes")
            }
            Kind::Symbol if self.is_symbol("(") && self.word_after(1).eq_ignore_ascii_case("SELECT") => {
                self.subquery()
            }
            Kind::Unclosed => self.unclosed(token.span),
            Kind::Word | Kind::Number | Kind::Odd | Kind::Symbol => self.bare_value(is_account),
        }
    }

    fn quoted_value(&mut self, span: Span, is_account: bool) -> Option<LabelValue> {
        let inside = self.inside(span);
        if inside.contains(lex::is_line_end) {
            return self.over_lines(span);
        }
        if let Some(next) = self.token().filter(|next| next.kind == Kind::Text && next.span.start == span.end)
        {
            self.advance();
            let between = Span::new(span.range().end - 1, next.span.range().start + 1);
            self.report(
                Diagnostic::error(codes::SYNTAX, between, "two quotes do not stand for one")
                    .help("write `\\'` for a quote within a value")
                    .fix(Fix::replace("write `\\'`", between, "\\'")),
            );
            return Some(LabelValue::Text {
                text: lex::unescape(inside).0,
                span: Trivia(span.to(next.span)),
            });
        }
        let (text, stray) = lex::unescape(inside);
        let is_escaped = inside.contains('\\');
        self.stray_escape(span, stray);
        if is_escaped && stray.is_none() {
            self.report(
                Diagnostic::warning(
                    codes::ESCAPED_VALUE,
                    span,
                    "how a value holds a quote or backslash is not documented",
                )
                .help(format!("it is read as `{text}`; try the query before you trust it")),
            );
        }
        if is_account && text.eq_ignore_ascii_case("local") {
            self.local_account(span);
        }
        Some(LabelValue::Text { text, span: Trivia(span) })
    }

    fn local_account(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::SEARCH_ACCOUNT,
                span,
                format!("`{}` is how `SEARCH` spells one's own account", self.text(span)),
            )
            .help("write `CURRENT_ACCOUNT_ID()`")
            .fix(Fix::replace("write `CURRENT_ACCOUNT_ID()`", span, "CURRENT_ACCOUNT_ID()")),
        );
    }

    fn current_account(&mut self, is_account: bool) -> Option<LabelValue> {
        let word = self.here();
        self.advance();
        if !self.is_symbol("(") || !self.is_symbol_after(1, ")") {
            self.report(
                Diagnostic::error(codes::SYNTAX, word, "`CURRENT_ACCOUNT_ID` stands without its `()`")
                    .help("write `CURRENT_ACCOUNT_ID()`")
                    .fix(Fix::replace("write `()`", Span::at(word.range().end), "()")),
            );
            return Some(LabelValue::CurrentAccount);
        }
        self.advance();
        self.advance();
        if !is_account {
            self.report(
                Diagnostic::error(
                    codes::ACCOUNT_VALUE,
                    word.to(self.last_span()),
                    "`CURRENT_ACCOUNT_ID()` is compared with `AWS.AccountId` only",
                )
                .help("write the value in single quotes, or compare `AWS.AccountId`"),
            );
        }
        Some(LabelValue::CurrentAccount)
    }

    /// A value without its quotes, reported.
    fn bare_value(&mut self, is_account: bool) -> Option<LabelValue> {
        let start = self.here().range().start;
        let first = self.unquoted_here();
        if !first.contains(|c: char| c.is_alphanumeric()) {
            return self.fail("a value in single quotes");
        }
        let is_number =
            first.strip_prefix('-').unwrap_or(first).chars().all(|c| c.is_ascii_digit() || c == '.');
        let is_local = is_account && first.eq_ignore_ascii_case("local");
        self.advance_to(start + first.len());
        while let Some(token) = self.token() {
            let word = self.text(token.span);
            let belongs = matches!(token.kind, Kind::Word | Kind::Odd)
                && !reserved::is_structural(word)
                && !begins_clause(word)
                && super::foreign::misspelt(word).is_none()
                && !self.compared_after(1);
            if !belongs {
                break;
            }
            self.advance();
        }
        let more = self.last_span().range().end > start + first.len();
        let span = Span::new(start, if more { self.last_span().range().end } else { start + first.len() });
        let text = self.text(span).to_owned();
        if is_local {
            self.local_account(span);
            return Some(LabelValue::CurrentAccount);
        }
        if self.is_symbol("(") {
            return self.fail("a value in single quotes, and no function");
        }
        let written = value_in_quotes(&text);
        let fix = Fix::replace("write single quotes", span, written.clone());
        let finding = if is_number && !more {
            Diagnostic::warning(codes::NUMBER_VALUE, span, format!("`{text}` stands without quotes"))
                .help(format!("values stand in single quotes, numbers too: write `{written}`"))
        } else {
            let help = if text.eq_ignore_ascii_case("null") {
                "there is no `NULL`: metrics without the label pass `!=` and stand in the group `Other`"
                    .to_owned()
            } else {
                format!("write `{written}`")
            };
            Diagnostic::error(
                codes::UNQUOTED_VALUE,
                span,
                format!("`{}` needs single quotes", shortened(&text)),
            )
            .help(help)
        };
        let is_null = text.eq_ignore_ascii_case("null");
        self.report(if is_null { finding } else { finding.fix(fix) });
        Some(LabelValue::Text { text, span: Trivia(span) })
    }

    fn compared_after(&self, further: usize) -> bool {
        ["=", "!=", "<>", "==", "."].iter().any(|symbol| self.is_symbol_after(further, symbol))
    }

    /// Skips to what joins the next comparison, or the end of the clause.
    fn skip_leg(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.token() {
            let text = self.text(token.span);
            match token.kind {
                Kind::Symbol if text == "(" => open += 1,
                Kind::Symbol if text == ")" && open == 0 => return,
                Kind::Symbol if text == ")" => open -= 1,
                Kind::Symbol if open == 0 && matches!(text, "&&" | "||" | ";") => return,
                Kind::Word if Clause::of(text).is_some() => return,
                Kind::Word if open == 0 && (begins_clause(text) || matches_junction(text)) => return,
                _ => {}
            }
            self.advance();
        }
    }

    /// Reports `OR` and parentheses among the tokens from this one on: once, for they are one matter.
    fn not_in_the_guide(&mut self, first: usize) {
        let tokens = self.tokens.get(first..self.next).unwrap_or_default();
        let or = tokens.iter().find(|token| match token.kind {
            Kind::Word => self.text(token.span).eq_ignore_ascii_case("OR"),
            Kind::Symbol => self.text(token.span) == "||",
            _ => false,
        });
        // Those of a function or a list belong to it.
        let is_plain = |index: usize| {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            before.is_none_or(|token| matches_junction(self.text(token.span)) || self.text(token.span) == "(")
        };
        let open = (0..tokens.len())
            .filter(|index| {
                tokens.get(*index).is_some_and(|token| self.text(token.span) == "(") && is_plain(*index)
            })
            .filter_map(|index| tokens.get(index))
            .next();
        let severity = match self.options.dialect {
            Dialect::Strict => Severity::Error,
            Dialect::Grafana => Severity::Warning,
        };
        let finding = match (or, open) {
            (Some(or), _) => Diagnostic::new(
                codes::NO_OR,
                severity,
                or.span,
                format!("there is no `{}`", self.text(or.span)),
            )
            .help("write a query for each value, or group by the label and add the series up in metric math"),
            (None, Some(open)) => {
                let finding =
                    Diagnostic::new(codes::NO_OR, severity, open.span, "there are no parentheses in `WHERE`")
                        .help("join comparisons by `AND` alone");
                match tokens.iter().rfind(|token| self.text(token.span) == ")") {
                    Some(close)
                        if tokens.iter().filter(|token| self.text(token.span) == "(").count() == 1 =>
                    {
                        finding.fix(Fix {
                            title: "remove the parentheses".to_owned(),
                            edits: [open.span, close.span]
                                .map(|span| crate::diagnostic::Edit { span, replacement: String::new() })
                                .into(),
                        })
                    }
                    _ => finding,
                }
            }
            (None, None) => return,
        };
        self.report(finding);
    }
}

fn matches_junction(word: &str) -> bool {
    word.eq_ignore_ascii_case("AND") || word.eq_ignore_ascii_case("OR")
}

/// One leg as it is, several as a junction; nothing where one has a fault.
fn joined(
    legs: Vec<Option<Condition>>,
    junction: impl Fn(Vec<Condition>) -> Condition,
    flat: impl Fn(Condition) -> Vec<Condition>,
) -> Option<Condition> {
    let legs: Vec<Condition> = legs.into_iter().collect::<Option<Vec<_>>>()?;
    let mut legs: Vec<Condition> = legs.into_iter().flat_map(flat).collect();
    if legs.len() == 1 { legs.pop() } else { Some(junction(legs)) }
}
