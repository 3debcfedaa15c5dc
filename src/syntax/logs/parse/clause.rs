//! What several commands share: fields, names, numbers, periods, literals and lists of them.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{Count, Field, Literal, LiteralKind, Name, NumberText, Period, PeriodUnit, Text};
use super::super::codes;
use super::super::lex::{self, Path};
use super::Parser;

impl Parser<'_> {
    pub(super) fn fields(&mut self) -> Option<Vec<Field>> {
        let mut fields = vec![self.field()?];
        while self.comma()? {
            fields.push(self.field()?);
        }
        Some(fields)
    }

    /// Fields with or without commas between, up to something that is no field.
    pub(super) fn loose_fields(&mut self) -> Option<Vec<Field>> {
        let mut fields = Vec::new();
        loop {
            let begins = self.rest().starts_with(|c| lex::is_word_start(c) || c == '`');
            if !begins || self.is_next_stage() {
                return Some(fields);
            }
            fields.push(self.field()?);
            self.comma()?;
        }
    }

    pub(super) fn field(&mut self) -> Option<Field> {
        let start = self.at;
        let path = self.path("a field")?;
        if self.goes_on_oddly(&['-', ':', '/']) {
            return self.odd_name(start);
        }
        let span = self.span_from(start);
        Some(Field { name: path.name, spelled: Trivia(self.text(span).to_owned()), span: Trivia(span) })
    }

    /// A new name, or that of a column, table or side.
    pub(super) fn name(&mut self) -> Option<Name> {
        let start = self.at;
        let path = self.path("a name")?;
        Some(Name { text: path.name, span: Trivia(self.span_from(start)) })
    }

    pub(super) fn names(&mut self) -> Option<Vec<Name>> {
        let mut names = vec![self.alias_name()?];
        while self.comma()? {
            names.push(self.alias_name()?);
        }
        Some(names)
    }

    pub(super) fn path(&mut self, wanted: &str) -> Option<Path> {
        let start = self.at;
        match self.read(lex::path) {
            Some(path) if self.check_name_end(start) => Some(path),
            Some(_) => None,
            None if self.rest().starts_with('`') => self.unclosed_backtick(),
            None => self.fail(wanted),
        }
    }

    /// `as name`, where it stands here.
    pub(super) fn alias(&mut self) -> Option<Option<Name>> {
        if !self.eat_word("as") {
            return Some(None);
        }
        self.alias_name().map(Some)
    }

    pub(super) fn alias_name(&mut self) -> Option<Name> {
        let start = self.at;
        let name = self.name()?;
        if self.goes_on_oddly(&['-', ':', '/']) {
            return self.odd_name(start);
        }
        self.aliases.push(name.text.clone());
        Some(name)
    }

    /// Whether the name just read goes on behind one of these characters, which need backticks.
    pub(super) fn goes_on_oddly(&self, characters: &[char]) -> bool {
        self.is_adjacent() && self.rest().starts_with(characters) && self.behind(1).starts_with(lex::is_word)
    }

    pub(super) fn count(&mut self) -> Option<Count> {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return self.fail("a whole number");
        }
        self.advance(digits);
        let span = self.span_from(start);
        // Digits that do not fit are more than any number that fits.
        Some(Count { value: self.text(span).parse().unwrap_or(u64::MAX), span: Trivia(span) })
    }

    pub(super) fn number_text(&mut self) -> Option<NumberText> {
        let start = self.at;
        match self.read(lex::number) {
            Some(number) => Some(NumberText { text: number.to_owned(), span: Trivia(self.span_from(start)) }),
            None => self.fail("a number"),
        }
    }

    pub(super) fn bool_word(&mut self) -> Option<bool> {
        if self.eat_word("true") {
            Some(true)
        } else if self.eat_word("false") {
            Some(false)
        } else {
            self.fail("`true` or `false`")
        }
    }

    /// A number and a unit.
    pub(super) fn period(&mut self) -> Option<Period> {
        let start = self.at;
        let Some(number) = self.read(lex::number) else {
            return self.fail("a period, such as `5m`");
        };
        let unit_at = self.at;
        let word = self.word();
        if word.is_empty() {
            let place = self.span_from(start);
            self.report(
                Diagnostic::error(codes::BAD_ARGUMENT, place, format!("the period `{number}` has no unit"))
                    .help("write a unit behind the number: `ms`, `s`, `m`, `h`, `d`, `w`, `mo`, `q` or `y`"),
            );
            return None;
        }
        self.advance(word.len());
        self.period_of(number, word, Span::new(unit_at, unit_at + word.len()), self.span_from(start))
    }

    fn period_of(&mut self, number: &str, word: &str, unit_place: Span, place: Span) -> Option<Period> {
        let Some(unit) = PeriodUnit::from_spelling(word) else {
            let lower = word.to_ascii_lowercase();
            let mut diagnostic =
                Diagnostic::error(codes::BAD_ARGUMENT, unit_place, format!("`{word}` is no unit of time"));
            diagnostic = match PeriodUnit::from_spelling(&lower) {
                Some(PeriodUnit::Minute) if word == "M" => {
                    diagnostic.help("units are in lower case: `m` is minutes, `mo` months")
                }
                Some(_) => diagnostic
                    .help(format!("units are in lower case: write `{lower}`"))
                    .fix(Fix::replace(format!("write `{lower}`"), unit_place, lower)),
                None => diagnostic.help("the units are `ms`, `s`, `m`, `h`, `d`, `w`, `mo`, `q` and `y`"),
            };
            self.report(diagnostic);
            return None;
        };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            self.report(
                Diagnostic::error(
                    codes::BAD_ARGUMENT,
                    place,
                    format!("`{number}` is no whole number of units"),
                )
                .help("write a whole number of a smaller unit"),
            );
            return None;
        }
        // Digits that do not fit are more than any number that fits.
        Some(Period { count: number.parse().unwrap_or(u64::MAX), unit, span: Trivia(place) })
    }

    /// A text in quotes.
    pub(super) fn quoted_text(&mut self) -> Option<Text> {
        let start = self.at;
        let Some(inside) = self.read(lex::quoted) else {
            return if self.rest().starts_with(['"', '\'']) {
                self.unclosed_quote()
            } else {
                self.fail("a text in quotes")
            };
        };
        let span = self.span_from(start);
        self.note_swallowed_pipe(inside, span);
        Some(Text { text: lex::unescape(inside), span: Trivia(span) })
    }

    /// A literal where no expression may stand; a sign belongs to it.
    pub(super) fn literal(&mut self) -> Option<Literal> {
        let start = self.at;
        let kind = match self.peek() {
            Some('"' | '\'') => LiteralKind::Text(self.quoted_text()?.text),
            Some('-' | '+') if self.behind(1).starts_with(|c: char| c.is_ascii_digit()) => {
                self.advance(1);
                let number = self.read(lex::number)?;
                let sign =
                    if self.source.get(start..).is_some_and(|text| text.starts_with('-')) { "-" } else { "" };
                LiteralKind::Number(format!("{sign}{number}"))
            }
            Some(c) if c.is_ascii_digit() => {
                if self.bare_text(start).is_some() {
                    return None;
                }
                LiteralKind::Number(self.read(lex::number)?.to_owned())
            }
            _ => match self.word_literal() {
                Some(kind) => kind,
                None if self.bare_text(start).is_some() => return None,
                None => return self.bare_word_as_literal(),
            },
        };
        Some(Literal { kind, span: Trivia(self.span_from(start)) })
    }

    /// `true`, `false` or `null`, where that is all of the word.
    pub(super) fn word_literal(&mut self) -> Option<LiteralKind> {
        let kinds = [
            ("true", LiteralKind::Bool(true)),
            ("false", LiteralKind::Bool(false)),
            ("null", LiteralKind::Null),
        ];
        kinds.into_iter().find(|(word, _)| self.eat_word(word)).map(|(_, kind)| kind)
    }

    /// `[ literal, … ]`
    pub(super) fn literals(&mut self) -> Option<Vec<Literal>> {
        let open = self.here();
        if !self.rest().starts_with('[') {
            return self.fail("a list, such as `[\"a\", \"b\"]`");
        }
        self.open(1);
        self.check_not_left_open(open, ']')?;
        let mut literals = Vec::new();
        if !self.rest().starts_with(']') {
            literals.push(self.literal()?);
            while self.comma()? {
                literals.push(self.literal()?);
            }
        }
        self.close(open, ']')?;
        Some(literals)
    }

    /// Steps over an opening bracket.
    pub(super) fn open(&mut self, length: usize) {
        self.advance(length);
        self.brackets += 1;
    }

    /// Reports an opening bracket with nothing of its stage behind it.
    pub(super) fn check_not_left_open(&mut self, open: Span, closing: char) -> Option<()> {
        if self.rest().is_empty() || self.rest().starts_with('|') {
            self.close(open, closing)
        } else {
            Some(())
        }
    }

    /// Whether what stands here goes on with something else than what is in brackets, so that one was to be closed before. Of
    /// `as` and `by` that is certain only where none is closed behind them.
    pub(super) fn ends_brackets(&self) -> bool {
        let is_clause = || self.is_at("as") || self.is_at("by");
        self.at_pipeline_end()
            || self.rest().starts_with('|')
            || self.is_next_stage()
            || is_clause() && self.stage_end(1).is_none()
    }

    /// Steps over the closing bracket, or reports that it is missing.
    pub(super) fn close(&mut self, open: Span, closing: char) -> Option<()> {
        if self.rest().starts_with(closing) {
            self.advance(1);
            self.brackets = self.brackets.saturating_sub(1);
            return Some(());
        }
        let opening = self.text(open).to_owned();
        if self.ends_brackets() {
            return self.fault(
                Diagnostic::error(codes::UNCLOSED, open, format!("this `{opening}` is never closed"))
                    .help(format!("write `{closing}` where it ends")),
            );
        }
        self.fail(&format!("`{closing}`"))
    }
}
