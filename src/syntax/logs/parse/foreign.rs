//! What people write instead: operators of other languages, values without quotes, pieces that are never closed.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{BinaryOp, Expr, ExprKind, Literal, PeriodUnit, Text};
use super::super::codes;
use super::super::lex;
use super::Parser;
use super::expr::{Binding, Joint};

/// A test of another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// `is null`, `is not null`
    Null { negated: bool },
    /// `between … and …`
    Between { negated: bool },
    /// `contains "…"`
    Contains { negated: bool },
    /// `ilike`, `matches` and their kind, followed by a value.
    Other,
}

/// Operators that look like comparisons, and what to write instead.
const SYMBOLS: &[(&str, Option<(&str, BinaryOp)>)] = &[
    ("===", Some(("=", BinaryOp::Equal))),
    ("!==", Some(("!=", BinaryOp::NotEqual))),
    ("<>", Some(("!=", BinaryOp::NotEqual))),
    ("=!", Some(("!=", BinaryOp::NotEqual))),
    ("=<", Some(("<=", BinaryOp::LessOrEqual))),
    ("=>", Some((">=", BinaryOp::GreaterOrEqual))),
];

impl Parser<'_> {
    /// `&&` or `||`, reported and read as the word.
    pub(super) fn foreign_junction(&mut self) -> Option<Joint> {
        let (symbol, word, operator) = if self.rest().starts_with("&&") {
            ("&&", "and", BinaryOp::And)
        } else if self.rest().starts_with("||") && self.is_foreign_or(self.at) {
            ("||", "or", BinaryOp::Or)
        } else {
            return None;
        };
        let place = Span::new(self.at, self.at + symbol.len());
        self.advance(symbol.len());
        self.foreign_symbol(place, word);
        Some(Joint::Binary(operator))
    }

    /// `&&` between predicates of `filterIndex`.
    pub(super) fn foreign_and(&mut self) -> bool {
        self.rest().starts_with("&&") && self.foreign_junction().is_some()
    }

    /// A comparison that does not exist, reported and read as the one that does.
    pub(super) fn foreign_comparison(&mut self) -> Option<Joint> {
        let start = self.at;
        if self.rest().starts_with("!~") {
            let place = Span::new(start, start + 2);
            self.advance(2);
            self.foreign_symbol(place, "not like");
            return Some(Joint::Like { negated: true });
        }
        let (symbol, instead) = SYMBOLS.iter().find(|(symbol, _)| self.rest().starts_with(symbol))?;
        let (instead, operator) = (*instead)?;
        let place = Span::new(start, start + symbol.len());
        self.advance(symbol.len());
        self.foreign_symbol(place, instead);
        Some(Joint::Binary(operator))
    }

    fn foreign_symbol(&mut self, place: Span, instead: &str) {
        let symbol = self.text(place).to_owned();
        let touches = |text: &str, at_end: bool| {
            let c = if at_end { text.chars().next_back() } else { text.chars().next() };
            c.is_some_and(lex::is_word)
        };
        let is_word = instead.starts_with(|c: char| c.is_ascii_alphabetic());
        let before = self.source.get(..place.range().start).is_some_and(|text| touches(text, true));
        let behind = self.source.get(place.range().end..).is_some_and(|text| touches(text, false));
        let padded = format!(
            "{}{instead}{}",
            if is_word && before { " " } else { "" },
            if is_word && behind { " " } else { "" }
        );
        self.report(
            Diagnostic::error(codes::FOREIGN_OPERATOR, place, format!("there is no operator `{symbol}`"))
                .help(format!("write `{instead}`"))
                .fix(Fix::replace(format!("write `{instead}`"), place, padded)),
        );
    }

    /// A word that tests something in other languages; steps over it.
    pub(super) fn foreign_word(&mut self, negated: bool) -> Option<Test> {
        if self.is_next_stage() {
            return None;
        }
        if !negated && self.eat_word("is") {
            let negated = self.eat_word("not");
            return self.eat_word("null").then_some(Test::Null { negated });
        }
        if self.eat_word("between") {
            return Some(Test::Between { negated });
        }
        if self.eat_word("contains") {
            return Some(Test::Contains { negated });
        }
        let others = ["ilike", "rlike", "regexp", "matches", "startswith", "endswith", "equals"];
        let word = self.word();
        let is_other = others.iter().any(|other| other.eq_ignore_ascii_case(word));
        (is_other && self.begins_operand_behind(word)).then(|| {
            self.advance(word.len());
            Test::Other
        })
    }

    /// Reads the rest of a test of another language and tells how to write it; `place` is its word.
    pub(super) fn foreign_test(&mut self, left: Expr, test: Test, place: Span) -> Option<ExprKind> {
        let subject = self.source_text(left.span.0);
        let start = left.span.0.range().start;
        let word = self.source_text(place);
        let report = |parser: &mut Self, help: String, fix: Option<Fix>| {
            let mut diagnostic =
                Diagnostic::error(codes::FOREIGN_OPERATOR, place, format!("there is no operator `{word}`"))
                    .help(help);
            diagnostic.fix = fix;
            parser.report(diagnostic);
        };
        match test {
            Test::Null { negated } => {
                let present = if negated { "ispresent" } else { "not ispresent" };
                let instead = format!("{present}({subject})");
                let fix = Fix::replace(format!("write `{instead}`"), self.span_from(start), instead.clone());
                let is_field = matches!(left.kind, ExprKind::Field(_));
                report(self, format!("write `{instead}`"), Some(fix).filter(|_| is_field));
            }
            Test::Between { negated } => {
                let lowest = self.operation(Binding::Add)?;
                self.expect_word("and")?;
                let highest = self.operation(Binding::Add)?;
                let (lowest, highest) = (self.text(lowest.span.0), self.text(highest.span.0));
                let range = format!("({subject} >= {lowest} and {subject} <= {highest})");
                let instead = if negated { format!("not {range}") } else { range };
                let fix = Fix::replace("write two comparisons", self.span_from(start), instead.clone());
                report(self, format!("write `{instead}`"), Some(fix));
            }
            Test::Contains { negated } => {
                let like = if negated { "not like" } else { "like" };
                let is_text = self.rest().starts_with(['"', '\'']);
                let right = self.operation(Binding::Add)?;
                let right = self.text(right.span.0).to_owned();
                if is_text {
                    let fix = Fix::replace(format!("write `{like}`"), place, like);
                    report(self, format!("write `{subject} {like} {right}`"), Some(fix));
                } else {
                    report(self, format!("write `strcontains({subject}, {right})`"), None);
                }
            }
            Test::Other => {
                if self.rest().starts_with('/') {
                    self.regex()?;
                } else {
                    self.operation(Binding::Add)?;
                }
                let help = "write `=`, `like \"part\"` or `like /regex/`; `(?i)` in a regex ignores case";
                report(self, help.to_owned(), None);
            }
        }
        self.height = 0;
        Some(left.kind)
    }

    /// The right side of a comparison.
    pub(super) fn compared_value(&mut self, operator: BinaryOp, place: Span) -> Option<Expr> {
        if self.rest().starts_with('/') && self.is_regex_here() {
            return self.compared_regex(operator, place);
        }
        if self.bare_text(self.at).is_some() {
            return None;
        }
        let value = self.operation(Binding::Add)?;
        self.check_unquoted(&value)?;
        Some(value)
    }

    fn is_regex_here(&self) -> bool {
        lex::regex(self.rest()).is_ok_and(|(behind, inside)| {
            !inside.is_empty()
                && !inside.contains(lex::is_line_end)
                && !behind.starts_with(|c: char| !lex::is_blank(c) && !matches!(c, '|' | ')'))
        })
    }

    fn compared_regex<T>(&mut self, operator: BinaryOp, place: Span) -> Option<T> {
        let instead = match operator {
            BinaryOp::Equal => Some("like"),
            BinaryOp::NotEqual => Some("not like"),
            _ => None,
        };
        let symbol = self.text(place).to_owned();
        let mut diagnostic = Diagnostic::error(
            codes::SYNTAX,
            self.here(),
            format!("`{symbol}` compares with a value, not with a regex"),
        )
        .help("a regex stands behind `like` or `=~`");
        if let Some(instead) = instead {
            diagnostic = diagnostic.fix(Fix::replace(format!("write `{instead}`"), place, instead));
        }
        self.report(diagnostic);
        self.read(lex::regex);
        None
    }

    /// Words behind a field, or a subtraction without blanks, where a text was probably meant.
    fn check_unquoted(&mut self, value: &Expr) -> Option<()> {
        let place = value.span.0;
        let written = self.text(place).to_owned();
        match &value.kind {
            ExprKind::Field(field) => {
                if self.goes_on_as_phrase() {
                    return self.unquoted_phrase(place.range().start);
                }
                let is_shouted = written.starts_with(|c: char| c.is_ascii_uppercase())
                    && written.len() > 1
                    && written.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                if is_shouted && !self.aliases.contains(&field.name) {
                    self.report(
                        Diagnostic::warning(
                            codes::UNQUOTED_VALUE,
                            place,
                            format!("without quotes `{written}` is a field, and two fields are compared"),
                        )
                        .help(format!("write `\"{written}\"` for the text")),
                    );
                }
            }
            ExprKind::Binary(BinaryOp::Subtract, ..)
                if written.starts_with(|c: char| c.is_ascii_alphabetic())
                    && written.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') =>
            {
                self.report(
                    Diagnostic::warning(
                        codes::UNQUOTED_VALUE,
                        place,
                        format!("without quotes `{written}` is a subtraction"),
                    )
                    .help(format!("write `\"{written}\"` for the text"))
                    .fix(Fix::replace("quote the text", place, format!("\"{written}\""))),
                );
            }
            _ => {}
        }
        Some(())
    }

    /// Whether a word follows on the same line that cannot go on with an expression.
    fn goes_on_as_phrase(&self) -> bool {
        const FOLLOWS: &[&str] = &[
            "and", "or", "in", "like", "not", "as", "asc", "desc", "by", "is", "between", "contains", "for",
            "into", "offset", "where",
        ];
        let word = self.word();
        !word.is_empty()
            && !self.is_on_new_line()
            && !FOLLOWS.iter().any(|follows| follows.eq_ignore_ascii_case(word))
            && !self.begins_command(self.at)
    }

    fn unquoted_phrase<T>(&mut self, start: usize) -> Option<T> {
        while self.goes_on_as_phrase() {
            self.advance(self.word().len());
        }
        self.unquoted(self.span_from(start))
    }

    /// Reports that a text needs quotes.
    fn unquoted<T>(&mut self, place: Span) -> Option<T> {
        let written = self.text(place).to_owned();
        self.report(
            Diagnostic::error(codes::UNQUOTED_VALUE, place, format!("the text `{written}` needs quotes"))
                .help(format!("write `\"{written}\"`"))
                .fix(Fix::replace("quote the text", place, format!("\"{written}\""))),
        );
        None
    }

    /// Text that is certainly no expression: with a colon or a path, or a number that goes on. Reported and stepped over.
    pub(super) fn bare_text(&mut self, start: usize) -> Option<()> {
        let rest = self.source.get(start..)?;
        let end = rest.find(|c: char| lex::is_blank(c) || "|),]\"'`#".contains(c)).unwrap_or(rest.len());
        let run = rest.get(..end)?;
        let first = run.chars().next()?;
        let has_colon = run.contains(':') && !run.contains(['(', '[']);
        let is_path = first == '/' && run.len() > 1;
        let number = lex::number(run).map(|(behind, _)| behind).unwrap_or_default();
        let is_long_number = first.is_ascii_digit()
            && number.starts_with(|c: char| lex::is_word(c) || c == '.')
            && PeriodUnit::from_spelling(number).is_none();
        if !(has_colon || is_path || is_long_number) || !(first.is_ascii_alphanumeric() || first == '/') {
            return None;
        }
        self.at = start;
        self.advance(run.len());
        let _: Option<()> = self.unquoted(Span::new(start, start + run.len()));
        Some(())
    }

    /// A word where only a literal may stand.
    pub(super) fn bare_word_as_literal(&mut self) -> Option<Literal> {
        let start = self.at;
        let Ok((_, path)) = lex::path(self.rest()) else { return self.fail("a literal") };
        let end = self.rest().find(|c: char| !(lex::is_word(c) || matches!(c, '.' | '-' | '`')));
        let length = end.unwrap_or(self.rest().len());
        self.advance(length);
        if path.name.is_empty() {
            return self.fail("a literal");
        }
        self.unquoted(Span::new(start, start + length))
    }

    /// A number that goes on as something else.
    pub(super) fn broken_number<T>(&mut self, start: usize) -> Option<T> {
        let rest = self.source.get(start..).unwrap_or_default();
        let end =
            rest.find(|c: char| !(lex::is_word(c) || matches!(c, '.' | ':' | '-'))).unwrap_or(rest.len());
        let place = Span::new(start, start + end);
        let written = self.text(place).to_owned();
        let unit = written.trim_start_matches(|c: char| c.is_ascii_digit());
        let mut diagnostic =
            Diagnostic::error(codes::SYNTAX, place, format!("expected a number, found `{written}`"));
        diagnostic = if PeriodUnit::from_spelling(unit).is_some() {
            diagnostic.help("a period stands alone, as an argument: `bin(5m)`")
        } else {
            diagnostic.help(format!("write `\"{written}\"` for the text"))
        };
        self.report(diagnostic);
        self.at = start;
        self.advance(end);
        None
    }

    /// Where a text or regex should stand behind `like` or `=~`.
    pub(super) fn no_pattern<T>(&mut self, wanted: &str) -> Option<T> {
        let begins = self.rest().starts_with(|c: char| lex::is_word_start(c) || c.is_ascii_digit());
        if !begins {
            return self.fail(wanted);
        }
        let start = self.at;
        let end = self.rest().find(|c: char| lex::is_blank(c) || "|),#\"'`".contains(c));
        let length = end.unwrap_or(self.rest().len());
        self.advance(length);
        self.unquoted(Span::new(start, start + length))
    }

    pub(super) fn check_wildcards(&mut self, text: &Text) {
        let inner = text.text.trim_matches(['%', '*']);
        if !text.text.contains(['%', '*']) {
            return;
        }
        let place = text.span.0;
        let quote = |text: &str| super::super::print::quoted(text);
        let is_both = text.text.starts_with(['%', '*']) && text.text.ends_with(['%', '*']);
        let mut diagnostic = Diagnostic::warning(
            codes::LIKE_WILDCARD,
            place,
            "`like` with a text has no wildcards: `%` and `*` stand for themselves",
        );
        diagnostic = if inner.is_empty() || inner.contains(['%', '*']) {
            diagnostic.help("a regex has them: `like /a.*b/`")
        } else if is_both {
            diagnostic
                .help(format!("a text is found anywhere: write `like {}`", quote(inner)))
                .fix(Fix::replace("remove the wildcards", place, quote(inner)))
        } else {
            let escaped = regex_syntax::escape(inner).replace('/', "\\/");
            let (begin, end) = if text.text.ends_with(['%', '*']) { ("^", "") } else { ("", "$") };
            diagnostic.help(format!(
                "write `like /{begin}{escaped}{end}/`, or `like {}` for anywhere",
                quote(inner)
            ))
        };
        self.report(diagnostic);
    }

    /// A list in parentheses, as in SQL.
    pub(super) fn list_in_parentheses(&mut self) -> Option<Diagnostic> {
        let open = self.here();
        let (behind, _) = lex::gap(self.behind(1)).ok()?;
        let is_literal =
            behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\'' | '-' | ')'));
        if !is_literal {
            return None;
        }
        let mut diagnostic = Diagnostic::error(codes::SYNTAX, open, "expected a list in brackets, found `(`")
            .help("write `[ … ]` around the values");
        self.open(1);
        let mut closing = None;
        let mut at = self.at;
        while let Some(c) = self.source.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = self.source.get(at..).unwrap_or_default();
            match c {
                '"' | '\'' => at += lex::quoted(rest).map_or(1, |(behind, _)| rest.len() - behind.len()),
                ')' => {
                    closing = Some(at);
                    break;
                }
                '(' | '|' => break,
                _ => at += c.len_utf8(),
            }
        }
        if let Some(closing) = closing {
            diagnostic = diagnostic.fix(Fix {
                title: "write brackets".to_owned(),
                edits: vec![
                    crate::Edit { span: open, replacement: "[".to_owned() },
                    crate::Edit { span: Span::new(closing, closing + 1), replacement: "]".to_owned() },
                ],
            });
        }
        Some(diagnostic)
    }

    /// An alias with characters that need backticks.
    pub(super) fn odd_name<T>(&mut self, start: usize) -> Option<T> {
        let rest = self.source.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| lex::is_blank(c) || "|),]([\"'`#=".contains(c)).unwrap_or(rest.len());
        let place = Span::new(start, start + end);
        let written = self.text(place).to_owned();
        self.report(
            Diagnostic::error(codes::ODD_FIELD_NAME, place, format!("the name `{written}` needs backticks"))
                .help("without backticks a name has letters, digits, `_`, `@` and dots only")
                .fix(Fix::replace("put it in backticks", place, format!("`{written}`"))),
        );
        self.at = start;
        self.advance(end);
        None
    }

    /// Reports a name that goes on with a letter outside ASCII.
    pub(super) fn check_name_end(&mut self, start: usize) -> bool {
        if self.is_adjacent() && self.rest().starts_with(|c: char| !c.is_ascii() && c.is_alphanumeric()) {
            return self.odd_name::<()>(start).is_some();
        }
        true
    }

    pub(super) fn unclosed_backtick<T>(&mut self) -> Option<T> {
        let open = self.here();
        if self.rest().starts_with("``") {
            self.report(
                Diagnostic::error(
                    codes::SYNTAX,
                    Span::new(self.at, self.at + 2),
                    "there is no name between the backticks",
                )
                .help("write one"),
            );
            self.advance(2);
            return None;
        }
        self.report(
            Diagnostic::error(codes::UNCLOSED, open, "this backtick is never closed")
                .help("write one behind the name, on the same line"),
        );
        self.at += 1;
        self.skip_line();
        None
    }

    pub(super) fn unclosed_quote<T>(&mut self) -> Option<T> {
        let open = self.swallower.take().unwrap_or(self.here());
        self.unclosed_text(open)
    }

    pub(super) fn unclosed_text<T>(&mut self, open: Span) -> Option<T> {
        let start = open.range().start;
        let quote = self.source.get(start..start + 1).unwrap_or("\"").to_owned();
        let open = Span::new(start, start + 1);
        self.report(
            Diagnostic::error(codes::UNCLOSED, open, "this quote is never closed")
                .help(format!("add the closing `{quote}`; a quote inside a text is written `\\{quote}`")),
        );
        self.at = start + 1;
        self.skip_line();
        None
    }

    /// Skips the rest of a line whose tokens cannot be told.
    pub(super) fn skip_line(&mut self) {
        let line = self.rest().find(lex::is_line_end).unwrap_or(self.rest().len());
        self.advance(line);
    }

    /// Remembers a text that reaches over a line that begins with a pipe.
    pub(super) fn note_swallowed_pipe(&mut self, inside: &str, span: Span) {
        let swallows = inside
            .split(lex::is_line_end)
            .skip(1)
            .any(|line| line.trim_start_matches(lex::is_blank).starts_with('|'));
        if swallows {
            self.swallower = self.swallower.or(Some(span));
        }
    }
}
