//! Text to tree: the cursor over the tokens, the clauses in their order, and what is done after a fault.
//!
//! A fault gives one message; the rest of its clause is skipped, and the clauses behind it are still read. Within
//! `WHERE` reading goes on behind the next `AND`.

mod condition;
mod foreign;
mod layout;
mod name;
mod select;
mod tail;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::span::Span;
use crate::syntax::{ParseErrors, Parsed};

use super::ast::{Condition, LabelKey, Limit, MetricsQuery, OrderBy, Select, Source};
use super::codes;
use super::lex::{self, Comment, Kind, Token};
use layout::Layout;

/// How a text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whose grammar counts.
    pub dialect: Dialect,
    /// The most characters without comments; the service takes 2,048.
    pub max_chars: usize,
}

impl Default for ParseOptions {
    fn default() -> Self {
        ParseOptions { dialect: Dialect::Strict, max_chars: 2_048 }
    }
}

/// Whose grammar counts (`spec/metrics-insights.md` 1.2, U02).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// That of the CloudWatch guide.
    #[default]
    Strict,
    /// That of Grafana, which has `OR` and parentheses in `WHERE`; each with a warning.
    Grafana,
}

/// The deepest nesting of parentheses: the tree is read and walked by recursion.
const DEEPEST: usize = 64;

/// Longer texts are not looked at, comments or not.
const MOST_BYTES: usize = 1 << 20;

impl MetricsQuery {
    /// Parses a query as the service would.
    ///
    /// ```
    /// use trailql::MetricsQuery;
    ///
    /// let text = r#"SELECT SUM("presigned-URL-userName") FROM SCHEMA(CloudTrailMetrics, userName) GROUP BY userName"#;
    /// assert!(MetricsQuery::parse(text).is_ok());
    /// let errors = MetricsQuery::parse("SELECT SUM(presigned-URL) FROM AWS/S3").unwrap_err();
    /// let codes: Vec<&str> = errors.diagnostics().iter().map(|one| one.code.0).collect();
    /// assert_eq!(codes, ["MI003", "MI003"]);
    /// ```
    ///
    /// # Errors
    /// Every fault of the text, each with its place and the way out (`spec/metrics-insights.md` 1 and 8).
    pub fn parse(source: &str) -> Result<Self, ParseErrors> {
        let parsed = Self::parse_lossy(source, &ParseOptions::default());
        parsed.ast.ok_or(ParseErrors::new(parsed.diagnostics))
    }

    /// Parses a query and keeps the warnings too.
    ///
    /// ```
    /// use trailql::MetricsQuery;
    /// use trailql::syntax::metrics::ParseOptions;
    ///
    /// let parsed = MetricsQuery::parse_lossy("SELECT SUM(m) FROM n WHERE Type = 'API'", &ParseOptions::default());
    /// assert_eq!(parsed.ast.unwrap().to_string(), "SELECT SUM(m) FROM n WHERE \"Type\" = 'API'");
    /// assert_eq!(parsed.diagnostics[0].code.0, "MI104");
    /// ```
    pub fn parse_lossy(source: &str, options: &ParseOptions) -> Parsed<Self> {
        read(source, options).0
    }

    /// The canonical spelling of a query, a clause a line, with its comments.
    ///
    /// ```
    /// use trailql::MetricsQuery;
    ///
    /// let formatted = MetricsQuery::format("select sum(m) from n -- all of them\nlimit 5;")?;
    /// assert_eq!(formatted, "SELECT SUM(m)\nFROM n -- all of them\nLIMIT 5");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    ///
    /// # Errors
    /// As [`MetricsQuery::parse`].
    pub fn format(source: &str) -> Result<String, ParseErrors> {
        Self::format_with(source, &ParseOptions::default())
    }

    /// As [`MetricsQuery::format`], of a text that is read with these options.
    ///
    /// # Errors
    /// As [`MetricsQuery::parse`].
    pub fn format_with(source: &str, options: &ParseOptions) -> Result<String, ParseErrors> {
        let (parsed, layout) = read(source, options);
        match parsed.ast {
            Some(query) => Ok(layout.with_comments(source, &query)),
            None => Err(ParseErrors::new(parsed.diagnostics)),
        }
    }
}

impl FromStr for MetricsQuery {
    type Err = ParseErrors;

    fn from_str(source: &str) -> Result<Self, ParseErrors> {
        Self::parse(source)
    }
}

fn read(source: &str, options: &ParseOptions) -> (Parsed<MetricsQuery>, Layout) {
    if source.len() > MOST_BYTES {
        let whole = Span::new(0, source.len());
        let message =
            format!("the text has {} bytes, a query has {} characters", source.len(), options.max_chars);
        let diagnostics = vec![Diagnostic::error(codes::TOO_LONG, whole, message)];
        return (Parsed { ast: None, diagnostics }, Layout::default());
    }
    let (tokens, comments) = lex::tokens(source);
    let mut parser =
        Parser { source, options, tokens, next: 0, diagnostics: Vec::new(), depth: 0, clauses: Vec::new() };
    parser.comments(&comments);
    parser.length(&comments);
    let ast = parser.query();
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(Diagnostic::span);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    let layout = Layout { comments, clauses: parser.clauses };
    (Parsed { ast: ast.filter(|_| !failed), diagnostics }, layout)
}

/// A clause, in the order of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clause {
    Select,
    From,
    Where,
    GroupBy,
    OrderBy,
    Limit,
}

impl Clause {
    const ALL: [(&'static str, Clause); 6] = [
        ("SELECT", Clause::Select),
        ("FROM", Clause::From),
        ("WHERE", Clause::Where),
        ("GROUP", Clause::GroupBy),
        ("ORDER", Clause::OrderBy),
        ("LIMIT", Clause::Limit),
    ];

    fn of(word: &str) -> Option<Clause> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, clause)| *clause)
    }

    fn name(self) -> &'static str {
        match self {
            Clause::Select => "SELECT",
            Clause::From => "FROM",
            Clause::Where => "WHERE",
            Clause::GroupBy => "GROUP BY",
            Clause::OrderBy => "ORDER BY",
            Clause::Limit => "LIMIT",
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Draft {
    select: Option<Select>,
    from: Option<Source>,
    filter: Option<Condition>,
    group_by: Vec<LabelKey>,
    order_by: Option<OrderBy>,
    limit: Option<Limit>,
}

struct Parser<'a> {
    source: &'a str,
    options: &'a ParseOptions,
    tokens: Vec<Token>,
    /// The index of the token here.
    next: usize,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
    clauses: Vec<Span>,
}

impl<'a> Parser<'a> {
    fn comments(&mut self, comments: &[Comment]) {
        for comment in comments.iter().filter(|comment| comment.is_block) {
            self.report(
                Diagnostic::error(
                    codes::BLOCK_COMMENT,
                    comment.span,
                    "there are no comments between `/*` and `*/`",
                )
                .help("begin each line of a comment with `#` or `--`")
                .fix(Fix::replace("remove the comment", comment.span, " ")),
            );
        }
        if let Some(first) = comments.iter().find(|comment| !comment.is_block) {
            self.report(
                Diagnostic::new(
                    codes::NOT_SENT,
                    Severity::Hint,
                    first.span,
                    "comments are not part of the query that is sent",
                )
                .help("take them out where the text goes to the service"),
            );
        }
    }

    fn length(&mut self, comments: &[Comment]) {
        let most = self.options.max_chars;
        let is_comment = |at: usize| {
            let behind = comments.partition_point(|comment| comment.span.range().start <= at);
            let last = behind.checked_sub(1).and_then(|index| comments.get(index));
            last.is_some_and(|comment| at < comment.span.range().end)
        };
        let sent = || self.source.char_indices().filter(|(at, _)| !is_comment(*at));
        let Some((beyond, _)) = sent().nth(most) else { return };
        let characters = sent().count();
        self.report(
            Diagnostic::error(
                codes::TOO_LONG,
                Span::new(beyond, self.source.len()),
                format!("the query has {characters} characters, the limit is {most}"),
            )
            .label("beyond the limit")
            .help("drop comparisons, or group by the label instead"),
        );
    }

    fn query(&mut self) -> Option<MetricsQuery> {
        let mut draft = Draft::default();
        let mut seen: Vec<Clause> = Vec::new();
        self.beginning();
        while let Some(token) = self.token() {
            if self.is_symbol(";") {
                self.semicolon();
                continue;
            }
            let start = token.span;
            let clause = match Clause::of(self.word()) {
                Some(clause) => clause,
                None => match self.behind_clause(seen.last().copied()) {
                    Some(clause) => clause,
                    None => {
                        self.skip_clause();
                        continue;
                    }
                },
            };
            self.in_order(clause, &seen);
            seen.push(clause);
            self.advance();
            if self.clause(clause, &mut draft).is_none() {
                self.skip_clause();
            }
            self.clauses.push(start.to(self.last_span()));
        }
        for (needed, is_there) in
            [(Clause::Select, draft.select.is_some()), (Clause::From, draft.from.is_some())]
        {
            if !is_there && !self.has_error() {
                let wanted = if needed == Clause::From { "`FROM` and a namespace" } else { "`SELECT`" };
                self.fail::<()>(wanted);
            }
        }
        Some(MetricsQuery {
            select: draft.select?,
            from: draft.from?,
            filter: draft.filter,
            group_by: draft.group_by,
            order_by: draft.order_by,
            limit: draft.limit,
        })
    }

    fn clause(&mut self, clause: Clause, draft: &mut Draft) -> Option<()> {
        match clause {
            Clause::Select => draft.select = Some(self.select()?),
            Clause::From => draft.from = Some(self.from()?),
            Clause::Where => draft.filter = Some(self.filter()?),
            Clause::GroupBy => draft.group_by = self.group_by()?,
            Clause::OrderBy => draft.order_by = Some(self.order_by()?),
            Clause::Limit => draft.limit = Some(self.limit()?),
        }
        Some(())
    }

    fn in_order(&mut self, clause: Clause, seen: &[Clause]) {
        let name = clause.name();
        let message = if seen.contains(&clause) {
            format!("`{name}` stands twice")
        } else if let Some(later) = seen.iter().find(|before| **before > clause) {
            format!("`{name}` stands behind `{}`, and belongs before it", later.name())
        } else {
            if clause > Clause::From && !seen.contains(&Clause::From) && !self.has_error() {
                self.fail::<()>("`FROM` and a namespace");
            }
            return;
        };
        let place = self.here();
        self.report(
            Diagnostic::error(codes::CLAUSE_ORDER, place, message)
                .help("the order is `SELECT`, `FROM`, `WHERE`, `GROUP BY`, `ORDER BY`, `LIMIT`, each once"),
        );
    }

    /// The semicolon at the end is no fault; one before the end is.
    fn semicolon(&mut self) {
        let place = self.here();
        self.advance();
        if self.token().is_none() {
            self.report(
                Diagnostic::new(codes::NOT_SENT, Severity::Hint, place, "the grammar has no semicolon")
                    .help("remove it")
                    .fix(Fix::replace("remove the semicolon", place, "")),
            );
        } else {
            self.report(
                Diagnostic::error(
                    codes::SYNTAX,
                    place,
                    "a text holds one query, and more stands behind this `;`",
                )
                .help("send each query by itself"),
            );
            self.next = self.tokens.len();
        }
    }

    /// Skips to the next clause, or the end.
    fn skip_clause(&mut self) {
        while self.token().is_some() && Clause::of(self.word()).is_none() && !self.is_symbol(";") {
            self.advance();
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn has_error(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Reports that something else was expected here.
    fn fail<T>(&mut self, wanted: &str) -> Option<T> {
        let token = self.token();
        if let Some(token) = token.filter(|token| token.kind == Kind::Unclosed) {
            return self.unclosed(token.span);
        }
        let found = match token {
            Some(token) => format!("`{}`", shortened(token.span.slice(self.source))),
            None => "the end of the query".to_owned(),
        };
        self.report(Diagnostic::error(
            codes::SYNTAX,
            self.here(),
            format!("expected {wanted}, found {found}"),
        ));
        None
    }

    fn unclosed<T>(&mut self, span: Span) -> Option<T> {
        let quote = self.text(span).chars().next().unwrap_or_default();
        let place = Span::new(span.range().start, span.range().start + quote.len_utf8());
        self.report(
            Diagnostic::error(codes::UNCLOSED, place, format!("this `{quote}` is not closed"))
                .help(format!("write `{quote}` behind the last character that belongs to it")),
        );
        self.next = self.tokens.len();
        None
    }

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    fn token_after(&self, further: usize) -> Option<Token> {
        self.tokens.get(self.next + further).copied()
    }

    fn text(&self, span: Span) -> &'a str {
        span.slice(self.source)
    }

    /// The word here, or nothing.
    fn word(&self) -> &'a str {
        self.word_after(0)
    }

    fn word_after(&self, further: usize) -> &'a str {
        let word = self.token_after(further).filter(|token| token.kind == Kind::Word);
        word.map(|token| self.text(token.span)).unwrap_or_default()
    }

    fn is_word(&self, word: &str) -> bool {
        self.word().eq_ignore_ascii_case(word)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.is_symbol_after(0, symbol)
    }

    fn is_symbol_after(&self, further: usize, symbol: &str) -> bool {
        self.token_after(further)
            .is_some_and(|token| token.kind == Kind::Symbol && self.text(token.span) == symbol)
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len());
    }

    /// Steps over what begins before this offset.
    fn advance_to(&mut self, end: usize) {
        while self.token().is_some_and(|token| token.span.range().start < end) {
            self.advance();
        }
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// The place of the token here; behind the last one at the end.
    fn here(&self) -> Span {
        match self.token() {
            Some(token) => token.span,
            None => Span::at(self.last_span().range().end),
        }
    }

    /// The place of the token before this one.
    fn last_span(&self) -> Span {
        let last = self.next.checked_sub(1).and_then(|index| self.tokens.get(index));
        last.map(|token| token.span).unwrap_or_default()
    }
}

/// The beginning of a text that may be long.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether a word shapes the query at this place.
fn reserved_here(word: &str) -> bool {
    super::reserved::is_structural(word)
}
