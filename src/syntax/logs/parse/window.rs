//! Commands over neighbouring rows and whole tables: totals, lags, gaps, outliers, sessions.

use super::super::ast::{Command, Field, Literal, Name, OutlierAction};
use super::super::lex;
use super::Parser;
use crate::syntax::Trivia;

impl Parser<'_> {
    pub(super) fn add_totals(&mut self) -> Option<Command> {
        let (mut name, mut row, mut col) = (None, None, None);
        loop {
            if self.eat_option("fieldname") {
                name = Some(self.alias_name()?);
            } else if self.eat_option("row") {
                row = Some(self.bool_word()?);
            } else if self.eat_option("col") {
                col = Some(self.bool_word()?);
            } else {
                break;
            }
        }
        Some(Command::AddTotals { name, row, col, fields: self.loose_fields()? })
    }

    pub(super) fn auto_regress(&mut self) -> Option<Command> {
        let field = self.field()?;
        let (mut alias, mut from, mut to) = (None, None, None);
        loop {
            if alias.is_none() && self.is_at("as") {
                alias = self.alias()?;
            } else if from.is_none() && self.eat_option("p") {
                from = Some(self.count()?);
                to = if self.eat("-") { Some(self.count()?) } else { None };
            } else {
                return Some(Command::AutoRegress { field, alias, from, to });
            }
        }
    }

    /// Names and globs, with or without commas.
    pub(super) fn fill_down(&mut self) -> Option<Vec<Name>> {
        let mut names = Vec::new();
        loop {
            let begins = self.rest().starts_with(|c: char| lex::is_word_start(c) || matches!(c, '*' | '`'));
            if !begins || self.is_next_stage() {
                return Some(names);
            }
            let start = self.at;
            let Some(text) = self.read(lex::glob) else { return self.unclosed_backtick() };
            names.push(Name { text, span: Trivia(self.span_from(start)) });
            self.comma()?;
        }
    }

    pub(super) fn fill_missing(&mut self) -> Option<Vec<(Literal, Field)>> {
        let mut pairs = Vec::new();
        if !self.eat_word("with") {
            return Some(pairs);
        }
        loop {
            let value = self.literal()?;
            self.expect_word("for")?;
            pairs.push((value, self.field()?));
            if !self.comma()? {
                return Some(pairs);
            }
        }
    }

    pub(super) fn outlier(&mut self) -> Option<Command> {
        let (mut action, mut param, mut uselower, mut mark) = (None, None, None, None);
        loop {
            if self.eat_option("action") {
                action = Some(match self.word().to_ascii_lowercase().as_str() {
                    "remove" => OutlierAction::Remove,
                    "transform" => OutlierAction::Transform,
                    _ => return self.fail("`remove` or `transform`"),
                });
                self.advance(self.word().len());
            } else if self.eat_option("param") {
                param = Some(self.number_text()?);
            } else if self.eat_option("uselower") {
                uselower = Some(self.bool_word()?);
            } else if self.eat_option("mark") {
                mark = Some(self.bool_word()?);
            } else {
                break;
            }
        }
        let fields = self.loose_fields()?;
        if fields.is_empty() {
            return self.fail("a field");
        }
        Some(Command::Outlier { action, param, uselower, mark, fields })
    }

    pub(super) fn sessionize(&mut self) -> Option<Command> {
        let fields = self.fields()?;
        let maxspan = if self.eat_word("maxspan") { Some(self.period()?) } else { None };
        Some(Command::Sessionize { fields, maxspan, alias: self.alias()? })
    }

    pub(super) fn relevant_fields(&mut self) -> Option<Command> {
        let fields = if self.is_at("where") { Vec::new() } else { self.fields()? };
        self.expect_word("where")?;
        Some(Command::RelevantFields { fields, condition: self.expr()? })
    }
}
