//! `SOURCE`: which log groups are read.

use serde_json::Value;

use crate::Span;
use crate::diagnostic::Diagnostic;
use crate::syntax::Trivia;

use super::super::ast::{Period, SelectorKey, Source, SourceItem, TagFilter, Text, TimeRef};
use super::super::codes;
use super::super::lex;
use super::Parser;

impl Parser<'_> {
    pub(super) fn source_command(&mut self) -> Option<Source> {
        let mut items = vec![self.source_item()?];
        while self.begins_source_item() {
            items.push(self.source_item()?);
        }
        let window = if self.eat_option("start") {
            let start = self.time_ref()?;
            self.expect_option("end")?;
            Some((start, self.time_ref()?))
        } else {
            None
        };
        Some(Source { items, window })
    }

    fn begins_source_item(&self) -> bool {
        self.rest().starts_with(|c: char| is_bare_group(c) || matches!(c, '"' | '\''))
            && !self.is_at_option("start")
            && !self.is_at_option("end")
            && !self.is_next_stage()
    }

    fn source_item(&mut self) -> Option<SourceItem> {
        if self.rest().starts_with(['"', '\'']) {
            return self.quoted_text().map(SourceItem::Group);
        }
        let start = self.at;
        let length = self.rest().find(|c| !is_bare_group(c)).unwrap_or(self.rest().len());
        if length == 0 {
            return self
                .fail("the name of a log group, `logGroups(…)`, `dataSource([…])` or `logGroupTags([…])`");
        }
        let written = self.rest().get(..length).unwrap_or_default();
        self.advance(length);
        if !self.rest().starts_with('(') {
            let span = Trivia(self.span_from(start));
            return Some(SourceItem::Group(Text { text: written.to_owned(), span }));
        }
        let open = self.here();
        let item = match written.to_ascii_lowercase().as_str() {
            "loggroups" => {
                self.open(1);
                SourceItem::LogGroups(self.selectors()?)
            }
            "datasource" => {
                self.open(1);
                SourceItem::DataSource(self.texts()?)
            }
            "loggrouptags" => {
                self.open(1);
                SourceItem::LogGroupTags(self.tag_filters()?)
            }
            _ => return self.fail("a log group or `|`"),
        };
        self.close(open, ')')?;
        Some(item)
    }

    fn selectors(&mut self) -> Option<Vec<(SelectorKey, Vec<Text>)>> {
        let mut selectors = Vec::new();
        if self.rest().starts_with(')') {
            return Some(selectors);
        }
        loop {
            let key = match self.word().to_ascii_lowercase().as_str() {
                "nameprefix" => SelectorKey::NamePrefix,
                "accountidentifier" | "accountidentifiers" => SelectorKey::AccountIdentifiers,
                "class" | "loggroupclass" => SelectorKey::Class,
                _ => return self.fail("`namePrefix`, `accountIdentifier` or `class`"),
            };
            self.advance(self.word().len());
            self.expect(":")?;
            selectors.push((key, self.texts()?));
            if !self.comma()? {
                return Some(selectors);
            }
        }
    }

    /// `["…", …]`; one page of the reference writes `['accountId' = '…']`, where the value counts.
    fn texts(&mut self) -> Option<Vec<Text>> {
        let open = self.here();
        if !self.rest().starts_with('[') {
            return self.fail("a list, such as `[\"a\", \"b\"]`");
        }
        self.open(1);
        let mut texts = Vec::new();
        loop {
            let text = self.quoted_text()?;
            let is_key = text.text == "accountId" && self.eat("=");
            texts.push(if is_key { self.quoted_text()? } else { text });
            if !self.comma()? {
                self.close(open, ']')?;
                return Some(texts);
            }
        }
    }

    /// The argument of `logGroupTags`, which is JSON.
    fn tag_filters(&mut self) -> Option<Vec<TagFilter>> {
        let start = self.at;
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        let value = match values.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let at = start + offset_of(self.rest(), error.line(), error.column());
                self.report(
                    Diagnostic::error(codes::SYNTAX, Span::at(at.min(self.source.len())), "this is no JSON")
                        .help("write `logGroupTags([{\"key\": \"team\", \"values\": [\"a\", \"b\"]}])`"),
                );
                return None;
            }
            None => return self.fail("a list, such as `[{\"key\": \"team\", \"values\": [\"a\"]}]`"),
        };
        let length = values.byte_offset();
        self.advance(length);
        let filters = value.as_array().and_then(|filters| filters.iter().map(tag_filter).collect());
        if filters.is_none() {
            let place = self.span_from(start);
            self.report(
                Diagnostic::error(codes::SYNTAX, place, "expected a list of tags with their values")
                    .help("write `logGroupTags([{\"key\": \"team\", \"values\": [\"a\", \"b\"]}])`"),
            );
        }
        filters
    }

    fn time_ref(&mut self) -> Option<TimeRef> {
        if self.eat_word("now") {
            return Some(TimeRef::Now);
        }
        let start = self.at;
        self.eat("-");
        let period = self.period()?;
        Some(TimeRef::Ago(Period { span: Trivia(self.span_from(start)), ..period }))
    }
}

fn is_bare_group(c: char) -> bool {
    lex::is_word(c) || matches!(c, '-' | '/' | '.')
}

fn tag_filter(value: &Value) -> Option<TagFilter> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    let values = members.get("values")?.as_array()?;
    Some(TagFilter {
        key: members.get("key")?.as_str()?.to_owned(),
        values: values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<_>>()?,
    })
}

/// The byte at this line and column, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
