//! Commands that bring in other rows: joins, pasted columns, lookups, saved queries, pipelines within pipelines.

use crate::Span;
use crate::diagnostic::Diagnostic;
use crate::syntax::Trivia;

use super::super::ast::{CidrLookup, Command, Join, JoinKind, Literal, LogsQuery, Lookup, Name, SavedCall};
use super::super::codes;
use super::super::lex;
use super::{PIPELINE_LEVELS, Parser};

impl Parser<'_> {
    /// Reads `( stage | … )`.
    pub(super) fn nested_pipeline(&mut self, open: Span) -> Option<LogsQuery> {
        let (brackets, in_parse) = (self.brackets, self.in_parse);
        let (computed, aliases) = (std::mem::take(&mut self.computed), self.aliases.len());
        if !self.rest().starts_with('(') {
            return self.fail("`(`");
        }
        self.advance(1);
        let said = self.diagnostics.len();
        self.pipelines += 1;
        let query = self.deeper(PIPELINE_LEVELS, |parser| {
            if parser.at_pipeline_end() { parser.fail("a command") } else { parser.pipeline() }
        });
        self.pipelines -= 1;
        self.brackets = brackets;
        self.in_parse = in_parse;
        self.computed = computed;
        self.aliases.truncate(aliases);
        if self.eat(")") {
            return query;
        }
        let has_failed = self.diagnostics.iter().skip(said).any(Diagnostic::is_error);
        if !has_failed {
            self.report(
                Diagnostic::error(codes::UNCLOSED, open, "this `(` is never closed")
                    .help("write `)` where the inner query ends"),
            );
        }
        None
    }

    /// Reads `(SOURCE … | …)`.
    fn source_pipeline(&mut self) -> Option<LogsQuery> {
        let open = self.here();
        self.nested_pipeline(open)
    }

    pub(super) fn join(&mut self) -> Option<Join> {
        let (mut kind, mut left, mut right) = (None, None, None);
        loop {
            if self.eat_option("type") {
                kind = Some(match self.word().to_ascii_lowercase().as_str() {
                    "inner" => JoinKind::Inner,
                    "left" => JoinKind::Left,
                    _ => return self.fail("`inner` or `left`"),
                });
                self.advance(self.word().len());
            } else if self.eat_option("left") {
                left = Some(self.alias_name()?);
            } else if self.eat_option("right") {
                right = Some(self.alias_name()?);
            } else {
                break;
            }
        }
        let Some(left) = left else { return self.fail("`left=` and a name for the rows so far") };
        let Some(right) = right else { return self.fail("`right=` and a name for the other rows") };
        self.expect_word("where")?;
        let left_key = self.field()?;
        if !self.single_equals() {
            return self.fail("`=`");
        }
        let right_key = self.field()?;
        if !self.rest().starts_with('(') {
            return self.fail("`(` and the other query, which begins with `SOURCE`");
        }
        let pipeline = self.source_pipeline()?;
        Some(Join { kind, left, right, left_key, right_key, pipeline })
    }

    pub(super) fn append_cols(&mut self) -> Option<Command> {
        let (mut over, mut max) = (None, None);
        loop {
            if self.eat_option("override") {
                over = Some(self.bool_word()?);
            } else if self.eat_option("max") {
                max = Some(self.count()?);
            } else {
                break;
            }
        }
        let open = self.here();
        let pipeline = self.nested_pipeline(open)?;
        Some(Command::AppendCols { over, max, pipeline })
    }

    pub(super) fn lookup(&mut self) -> Option<Lookup> {
        let table = self.table()?;
        let mut matches = Vec::new();
        loop {
            let column = self.name()?;
            let field = if self.eat_word("as") { Some(self.field()?) } else { None };
            matches.push((column, field));
            if !self.comma()? {
                break;
            }
        }
        let only_new = self.output()?;
        Some(Lookup { table, matches, only_new, outputs: self.names()? })
    }

    pub(super) fn cidr_lookup(&mut self) -> Option<CidrLookup> {
        let table = self.table()?;
        let field = self.field()?;
        let column = if self.eat_word("as") { Some(self.name()?) } else { None };
        let only_new = self.output()?;
        let mut outputs = Vec::new();
        loop {
            let output = self.name()?;
            let alias = self.alias()?;
            outputs.push((output, alias));
            if !self.comma()? {
                return Some(CidrLookup { table, field, column, only_new, outputs });
            }
        }
    }

    /// The name of a lookup table, which may hold hyphens.
    fn table(&mut self) -> Option<Name> {
        let start = self.at;
        match self.read(lex::hyphenated) {
            Some(table) => Some(Name { text: table.to_owned(), span: Trivia(self.span_from(start)) }),
            None => self.name(),
        }
    }

    /// `OUTPUT`, or `OUTPUTNEW`, which gives true.
    fn output(&mut self) -> Option<bool> {
        if self.eat_word("outputnew") {
            Some(true)
        } else if self.eat_word("output") {
            Some(false)
        } else {
            self.fail("`OUTPUT` or `OUTPUTNEW`")
        }
    }

    pub(super) fn saved_call(&mut self) -> Option<Command> {
        self.at += 1;
        let start = self.at;
        let name = match self.read(lex::backticked) {
            Some(name) => name,
            None if self.rest().starts_with('`') => return self.unclosed_backtick(),
            None => match self.read(lex::word) {
                Some(name) => name,
                None => return self.fail("the name of a saved query"),
            },
        };
        let name = Name { text: name.to_owned(), span: Trivia(self.span_from(start)) };
        let open = self.here();
        if !self.rest().starts_with('(') {
            return self.fail("`(`");
        }
        self.open(1);
        let mut arguments = Vec::new();
        if !self.rest().starts_with(')') {
            arguments.push(self.saved_argument()?);
            while self.comma()? {
                arguments.push(self.saved_argument()?);
            }
        }
        self.close(open, ')')?;
        Some(Command::Saved(SavedCall { name, arguments }))
    }

    fn saved_argument(&mut self) -> Option<(Name, Literal)> {
        let name = self.name()?;
        if !self.single_equals() {
            return self.fail("`=`");
        }
        Some((name, self.literal()?))
    }
}
