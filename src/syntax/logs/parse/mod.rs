//! Text to tree: the cursor, the pipeline, and what is done after a fault.
//!
//! The small pieces are nom parsers (`lex`), read where the grammar calls for them, for `/` divides or begins a regex by
//! its place. This folder strings them together so that one fault gives one message: after a fault the rest of its
//! stage is skipped, and the stages behind the next pipe are still read.

mod clause;
mod combine;
mod command;
mod expr;
mod extract;
mod foreign;
mod operand;
mod recover;
mod source;
#[cfg(test)]
mod tests;
mod unknown;
mod window;

use std::str::FromStr;

use nom::IResult;

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::{ParseErrors, Parsed, Trivia};

use super::ast::{Comments, Item, LogsQuery, Stage};
use super::{codes, lex, print};

/// How a text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether a new line with a command on it may stand for the pipe, with a warning.
    pub lenient_newline: bool,
    /// The most characters; the service takes 10,000.
    pub max_chars: usize,
    /// How deep parentheses, calls and signs may be nested; at most 128.
    pub nesting: usize,
}

impl Default for ParseOptions {
    fn default() -> Self {
        ParseOptions { lenient_newline: false, max_chars: 10_000, nesting: 64 }
    }
}

/// The deepest nesting that any caller gets: the tree is read and walked by recursion.
const DEEPEST: usize = 128;

/// How high the tree of one expression may grow; a chain of operators is as high as it is long.
const HIGHEST: usize = 512;

/// How many levels of nesting a pipeline within a pipeline takes.
const PIPELINE_LEVELS: usize = 16;

impl LogsQuery {
    /// Parses a query as the service would.
    ///
    /// ```
    /// use trailql::LogsQuery;
    ///
    /// assert!(LogsQuery::parse("fields eventName | sort @timestamp desc").is_ok());
    /// let errors = LogsQuery::parse("filter a = 1\nstats count(*)").unwrap_err();
    /// assert_eq!(errors.diagnostics()[0].code.0, "LI001");
    /// ```
    ///
    /// # Errors
    /// Every fault of the text, each with its place and the way out (`spec/logs-insights.md` sections 1 and 8).
    pub fn parse(source: &str) -> Result<Self, ParseErrors> {
        let parsed = Self::parse_lossy(source, &ParseOptions::default());
        parsed.ast.ok_or(ParseErrors::new(parsed.diagnostics))
    }

    /// Parses a query and keeps the warnings too.
    ///
    /// ```
    /// use trailql::LogsQuery;
    /// use trailql::syntax::logs::ParseOptions;
    ///
    /// let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
    /// let parsed = LogsQuery::parse_lossy("filter a = 1\nstats count(*)", &lenient);
    /// assert_eq!(parsed.ast.unwrap().to_string(), "filter a = 1\n| stats count(*)");
    /// assert_eq!(parsed.diagnostics[0].code.0, "LI001");
    /// ```
    pub fn parse_lossy(source: &str, options: &ParseOptions) -> Parsed<Self> {
        read(source, options).0
    }

    /// The canonical spelling of a query, with its comments.
    ///
    /// ```
    /// use trailql::LogsQuery;
    ///
    /// let formatted = LogsQuery::format("FILTER a=1 # first\n|limit 5")?;
    /// assert_eq!(formatted, "filter a = 1 # first\n| limit 5");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    ///
    /// # Errors
    /// As [`LogsQuery::parse`].
    pub fn format(source: &str) -> Result<String, ParseErrors> {
        Self::format_with(source, &ParseOptions::default())
    }

    /// As [`LogsQuery::format`], of a text that is read with these options.
    ///
    /// # Errors
    /// As [`LogsQuery::parse`]; a missing pipe is put in where the options allow it.
    pub fn format_with(source: &str, options: &ParseOptions) -> Result<String, ParseErrors> {
        let (parsed, trailing) = read(source, options);
        match parsed.ast {
            Some(query) => Ok(print::with_comments(&query, &trailing)),
            None => Err(ParseErrors::new(parsed.diagnostics)),
        }
    }
}

impl FromStr for LogsQuery {
    type Err = ParseErrors;

    fn from_str(source: &str) -> Result<Self, ParseErrors> {
        Self::parse(source)
    }
}

/// The tree and the findings, and the comments behind the last stage.
fn read(source: &str, options: &ParseOptions) -> (Parsed<LogsQuery>, Vec<String>) {
    let mut parser = Parser::new(source, options);
    let mut ast = if parser.is_within_length() { parser.query() } else { None };
    let trailing = ast.as_mut().map(|query| parser.attach_comments(query)).unwrap_or_default();
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(Diagnostic::span);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    (Parsed { ast: ast.filter(|_| !failed), diagnostics }, trailing)
}

struct Parser<'a> {
    source: &'a str,
    options: &'a ParseOptions,
    /// The next token, behind blanks and comments.
    at: usize,
    /// The end of the last token.
    last: usize,
    /// Blanks and comments between tokens, in order.
    gaps: Vec<Span>,
    comments: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
    /// How deep the place is nested.
    depth: usize,
    /// How many pipelines are around the place.
    pipelines: usize,
    /// How many brackets are open in the stage that is being read.
    brackets: usize,
    /// The height of the expression read last.
    height: usize,
    /// Whether the stage that is being read is a `parse`, where a slash begins a regex.
    in_parse: bool,
    /// A text over several lines that swallowed a pipe: probably not closed where it was meant to be.
    swallower: Option<Span>,
    /// What the last `stats` or `fields` computed, for what `sort` may mean.
    computed: Vec<Item>,
    /// The aliases so far.
    aliases: Vec<String>,
}

/// A place to go back to.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    last: usize,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str, options: &'a ParseOptions) -> Self {
        let mut parser = Parser {
            source,
            options,
            at: 0,
            last: 0,
            gaps: Vec::new(),
            comments: Vec::new(),
            diagnostics: Vec::new(),
            depth: 0,
            pipelines: 0,
            brackets: 0,
            height: 0,
            in_parse: false,
            swallower: None,
            computed: Vec::new(),
            aliases: Vec::new(),
        };
        parser.skip_gap();
        parser
    }

    fn is_within_length(&mut self) -> bool {
        let most = self.options.max_chars;
        let Some((first_beyond, _)) = self.source.char_indices().nth(most) else { return true };
        let characters = self.source.chars().count();
        self.report(
            Diagnostic::error(
                codes::TOO_LONG,
                Span::new(first_beyond, self.source.len()),
                format!("the query has {characters} characters, the limit is {most}"),
            )
            .label("beyond the limit")
            .help("shorten lists and comments, or split the query"),
        );
        false
    }

    fn query(&mut self) -> Option<LogsQuery> {
        if self.rest().is_empty() {
            self.report(
                Diagnostic::error(
                    codes::SYNTAX,
                    Span::at(self.at),
                    "expected a command, found the end of the query",
                )
                .help("write one, such as `fields @timestamp, @message | limit 20`"),
            );
            return None;
        }
        let mut whole = self.pipeline();
        while self.rest().starts_with(')') {
            self.report(
                Diagnostic::error(codes::SYNTAX, self.here(), "this `)` has no `(`").help("remove it"),
            );
            self.advance(1);
            whole = None;
            self.recover();
            if self.eat("|") {
                self.pipeline();
            }
        }
        whole
    }

    /// Reads up to the end, or to a closing parenthesis that it did not open. `None` after a fault, reported.
    fn pipeline(&mut self) -> Option<LogsQuery> {
        let mut stages = Vec::new();
        let mut whole = !self.leading_pipes();
        loop {
            match self.stage() {
                Some(stage) => stages.push(stage),
                None => {
                    whole = false;
                    self.recover();
                }
            }
            loop {
                if self.at_pipeline_end() {
                    return Some(LogsQuery { stages }).filter(|_| whole);
                }
                if self.rest().starts_with('|') {
                    if !self.pipe() {
                        return None;
                    }
                    break;
                }
                if self.missing_pipe() {
                    break;
                }
                whole = false;
                self.behind_stage();
                self.recover();
            }
        }
    }

    fn stage(&mut self) -> Option<Stage> {
        let start = self.at;
        self.brackets = 0;
        self.in_parse = false;
        self.swallower = None;
        let command = self.command()?;
        Some(Stage { command, span: Trivia(self.span_from(start)), comments: Trivia::default() })
    }

    fn at_pipeline_end(&self) -> bool {
        self.rest().is_empty() || self.rest().starts_with(')')
    }

    /// Gives each comment to its stage; hands out those behind the last one.
    fn attach_comments(&self, query: &mut LogsQuery) -> Vec<String> {
        let mut comments = self.comments.iter().copied().peekable();
        let text = |span: Span| span.slice(self.source).get(1..).unwrap_or_default().trim().to_owned();
        for stage in &mut query.stages {
            let end = stage.span.0.range().end;
            let mut own = Comments::default();
            while let Some(comment) = comments.next_if(|comment| comment.range().start < end) {
                own.before.push(text(comment));
            }
            // Up to the pipe: what stands behind that, on the same line, belongs to a later stage.
            let same_line = |comment: &Span| {
                let between = self.source.get(end..comment.range().start).unwrap_or_default();
                between.chars().all(|c| c.is_whitespace() && c != '\n')
                    || between.trim_end_matches([' ', '\t']).trim_start_matches([' ', '\t']) == "|"
            };
            own.behind = comments.next_if(same_line).map(text);
            stage.comments = Trivia(own);
        }
        comments.map(text).collect()
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports that something else was expected here.
    fn fail<T>(&mut self, wanted: &str) -> Option<T> {
        let diagnostic = self.unexpected(wanted);
        self.fault(diagnostic)
    }

    /// Reports that the text does not follow the grammar, at the quote that is not closed where one may be to blame.
    fn fault<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        if let Some(swallower) = self.swallower.take() {
            return self.unclosed_text(swallower);
        }
        self.report(diagnostic);
        None
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn behind(&self, length: usize) -> &'a str {
        self.rest().get(length..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The word at the current place; empty where there is none.
    fn word(&self) -> &'a str {
        lex::word(self.rest()).map(|(_, word)| word).unwrap_or_default()
    }

    fn text(&self, span: Span) -> &'a str {
        span.slice(self.source)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.last.max(start))
    }

    /// The character at the current place, or an empty span at the end.
    fn here(&self) -> Span {
        Span::new(self.at, self.at + self.peek().map_or(0, char::len_utf8))
    }

    /// Whether no blank or comment stands before the current place.
    fn is_adjacent(&self) -> bool {
        self.at == self.last
    }

    /// Whether a line ends between the last token and the current place.
    fn is_on_new_line(&self) -> bool {
        self.source.get(self.last..self.at).is_some_and(|between| between.contains(lex::is_line_end))
    }

    fn mark(&self) -> Mark {
        Mark { at: self.at, last: self.last }
    }

    fn go_back(&mut self, mark: Mark) {
        self.at = mark.at;
        self.last = mark.last;
    }

    /// Steps over a token of this length and what is blank behind it.
    fn advance(&mut self, length: usize) {
        self.at += length;
        self.last = self.at;
        self.skip_gap();
    }

    fn skip_gap(&mut self) {
        let start = self.at;
        let Ok((rest, gap)) = lex::gap(self.rest()) else { return };
        self.at = self.source.len() - rest.len();
        if gap.is_empty() || self.gaps.last().is_some_and(|known| known.range().start >= start) {
            return;
        }
        self.gaps.push(Span::new(start, self.at));
        let mut inside = gap;
        while let Some(hash) = inside.find('#') {
            let from = inside.get(hash..).unwrap_or_default();
            let Ok((behind, comment)) = lex::comment(from) else { return };
            let begin = self.at - from.len();
            self.comments.push(Span::new(begin, begin + comment.len()));
            inside = behind;
        }
    }

    /// Reads a piece, or nothing.
    fn read<T>(&mut self, lexer: impl Fn(&'a str) -> IResult<&'a str, T>) -> Option<T> {
        let (rest, piece) = lexer(self.rest()).ok()?;
        self.advance(self.rest().len() - rest.len());
        Some(piece)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.advance(token.len());
        }
        found
    }

    /// Whether this word stands here, whatever its case of letters, and is not the head of a path.
    fn is_at(&self, word: &str) -> bool {
        self.word().eq_ignore_ascii_case(word) && !self.behind(word.len()).starts_with('.')
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_at(word);
        if found {
            self.advance(word.len());
        }
        found
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        if self.eat(token) { Some(()) } else { self.fail(&format!("`{token}`")) }
    }

    fn expect_word(&mut self, word: &str) -> Option<()> {
        if self.eat_word(word) { Some(()) } else { self.fail(&format!("`{word}`")) }
    }

    /// Whether `word =` stands here.
    fn is_at_option(&self, word: &str) -> bool {
        self.is_at(word) && {
            let behind = lex::gap(self.behind(word.len())).map(|(rest, _)| rest).unwrap_or_default();
            behind.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=~")
        }
    }

    /// Steps over `word =`.
    fn eat_option(&mut self, word: &str) -> bool {
        let found = self.is_at_option(word);
        if found {
            self.advance(word.len());
            self.advance(1);
        }
        found
    }

    fn expect_option(&mut self, word: &str) -> Option<()> {
        if self.eat_option(word) { Some(()) } else { self.fail(&format!("`{word}=`")) }
    }

    /// Reads one level deeper, or reports that this is too deep.
    fn deeper<T>(&mut self, levels: usize, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let most = self.options.nesting.min(DEEPEST);
        if self.depth + levels > most {
            if !self.has_error(codes::TOO_LARGE) {
                self.report(
                    Diagnostic::error(codes::TOO_LARGE, self.here(), format!("nested more than {most} deep"))
                        .help("compute parts of it in `fields … as` before"),
                );
            }
            return None;
        }
        self.depth += levels;
        let read = read(self);
        self.depth -= levels;
        read
    }

    /// Notes the height of an expression over operands of this height.
    fn grow(&mut self, operands: usize, place: Span) -> Option<()> {
        self.height = operands + 1;
        if self.height <= HIGHEST {
            return Some(());
        }
        if !self.has_error(codes::TOO_LARGE) {
            self.report(
                Diagnostic::error(
                    codes::TOO_LARGE,
                    place,
                    format!("more than {HIGHEST} operators in one expression"),
                )
                .help("write `x in [ … ]` for `x = … or x = …`, or use several `filter` stages"),
            );
        }
        None
    }

    fn has_error(&self, code: Code) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == code && diagnostic.is_error())
    }

    /// The text of an item: its blanks and comments made one blank each.
    fn source_text(&self, span: Span) -> String {
        let mut text = String::new();
        let mut from = span.range().start;
        let inside = self.gaps.partition_point(|gap| gap.start < span.start);
        for gap in self.gaps.get(inside..).unwrap_or_default().iter().take_while(|gap| gap.end <= span.end) {
            text.push_str(self.source.get(from..gap.range().start).unwrap_or_default());
            text.push(' ');
            from = gap.range().end;
        }
        text.push_str(self.source.get(from..span.range().end).unwrap_or_default());
        text
    }
}
