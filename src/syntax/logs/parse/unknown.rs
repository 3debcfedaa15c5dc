//! What stands where something else is due, in words; commands that do not exist.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::Command;
use super::super::codes;
use super::super::functions::Signature;
use super::super::lex;
use super::Parser;
use super::recover::SERVICE_COMMANDS;

/// Every command by its word.
const COMMANDS: &[&str] = &[
    "SOURCE",
    "accum",
    "addtotals",
    "anomaly",
    "appendcols",
    "autoregress",
    "cidrlookup",
    "countFrequent",
    "count_frequent",
    "dedup",
    "diff",
    "display",
    "estimate",
    "expand",
    "fields",
    "filldown",
    "fillmissing",
    "filter",
    "filterIndex",
    "head",
    "join",
    "json",
    "limit",
    "logcompare",
    "lookup",
    "order",
    "outlier",
    "parse",
    "pattern",
    "relevantfields",
    "search",
    "sessionize",
    "sort",
    "stats",
    "tail",
    "unmask",
    "unnest",
    "where",
];

/// Words of other languages, what to write instead, and whether the word alone can be replaced by a command.
const FOREIGN: &[(&str, &str, Option<&str>)] = &[
    ("select", "name columns by `fields a, b`, and begin with no `select`", None),
    ("from", "log groups are chosen beside the query, or by `SOURCE \"name\"` at its beginning", None),
    ("group", "groups are part of `stats`: `stats count(*) by a`", None),
    ("by", "groups are part of `stats`: `stats count(*) by a`", None),
    ("having", "filter behind `stats`: `| filter n > 1`", Some("filter")),
    ("eval", "compute by `fields … as name`", None),
    ("extend", "compute by `fields … as name`", None),
    ("let", "compute by `fields … as name`", None),
    ("set", "compute by `fields … as name`", None),
    ("project", "name columns by `display a, b`", Some("display")),
    ("table", "name columns by `display a, b`", Some("display")),
    ("rename", "name a field by `fields a as b`", None),
    ("summarize", "aggregate by `stats count(*) by a`", Some("stats")),
    ("aggregate", "aggregate by `stats count(*) by a`", Some("stats")),
    ("timechart", "aggregate by `stats count(*) by bin(5m)`", None),
    ("take", "write `limit 20`", Some("limit")),
    ("top", "aggregate, sort and limit: `stats count(*) as n by a | sort n desc | limit 10`", None),
    ("rare", "aggregate and sort: `stats count(*) as n by a | sort n`", None),
    ("distinct", "keep one row of each by `dedup a`", Some("dedup")),
    ("uniq", "keep one row of each by `dedup a`", Some("dedup")),
    ("rex", "extract by `parse @message /(?<name>…)/`", None),
    ("extract", "extract by `parse @message /(?<name>…)/`", None),
    ("grep", "search by `filter @message like \"text\"`", None),
    ("orderby", "write `sort a desc`", Some("sort")),
    ("mvexpand", "write `expand a`", Some("expand")),
];

const CURLY: [char; 4] = ['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

const PLACEHOLDER: &str = "a placeholder belongs in a saved query, whose parameters replace it";

pub(super) fn is_command(word: &str) -> bool {
    COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(word))
}

impl Parser<'_> {
    pub(super) fn unexpected(&self, wanted: &str) -> Diagnostic {
        let (span, found) = self.found();
        Diagnostic::error(codes::SYNTAX, span, format!("expected {wanted}, found {found}"))
    }

    /// What stands here, and how to name it.
    fn found(&self) -> (Span, String) {
        let rest = self.rest();
        let (length, named) = match rest.chars().next() {
            None => return (Span::at(self.last), "the end of the query".to_owned()),
            Some('"' | '\'') => {
                let length = lex::quoted(rest).map_or(1, |(behind, _)| rest.len() - behind.len());
                (length, None)
            }
            Some('\u{a0}') => ('\u{a0}'.len_utf8(), Some("a no-break space")),
            Some('\u{feff}' | '\u{200b}') => (3, Some("an invisible character")),
            Some(c) => {
                let word = lex::path(rest).map_or(c.len_utf8(), |(behind, _)| rest.len() - behind.len());
                let number = lex::number(rest).map_or(word, |(behind, _)| rest.len() - behind.len());
                (number, None)
            }
        };
        let span = Span::new(self.at, self.at + length);
        let text = self.text(span);
        let named = named.map(str::to_owned).unwrap_or_else(|| {
            let short: String = text.chars().take(40).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            format!("`{short}{dots}`")
        });
        (span, named)
    }

    /// Something stands behind a whole stage where a pipe or the end is due.
    pub(super) fn behind_stage(&mut self) {
        let mut diagnostic = self.unexpected("an operator, `,`, `|` or the end");
        let word = self.word();
        if let Some((comma, command)) = self.comma_before_command() {
            let word = self.text(command).to_owned();
            diagnostic = Diagnostic::error(codes::SYNTAX, comma, format!("`{word}` stands behind a comma"))
                .help(format!("write a pipe before `{word}` if it is the next command"))
                .fix(Fix {
                    title: "write a pipe".to_owned(),
                    edits: vec![
                        crate::Edit { span: comma, replacement: String::new() },
                        crate::Edit { span: Span::at(command.range().start), replacement: "| ".to_owned() },
                    ],
                });
        } else if self.rest().starts_with(',') {
            diagnostic = self.unexpected("`|` or the end");
        } else if word.eq_ignore_ascii_case("group") {
            diagnostic = diagnostic.help("groups are made by `by` alone: `stats count(*) by field`");
        } else if word.eq_ignore_ascii_case("having") {
            diagnostic = diagnostic.help("filter the groups in a stage of its own: `stats … | filter …`");
        } else if self.is_on_new_line() && !word.is_empty() {
            diagnostic = self.unexpected("`|` or the end").help(match nearest_command(word) {
                Some(command) => format!("write `| {command}` if that is the next command"),
                None => "a new line does not end a command: write `|` before the next one".to_owned(),
            });
        } else if self.rest().starts_with(CURLY) {
            diagnostic = self.curly(diagnostic);
        } else if self.rest().starts_with("{{") {
            diagnostic = diagnostic.help(PLACEHOLDER);
        } else if self.rest().starts_with(';') {
            diagnostic = diagnostic.help("a query has no `;` at its end").fix(Fix::replace(
                "remove the semicolon",
                self.here(),
                "",
            ));
        } else if self.rest().starts_with(']') {
            diagnostic =
                Diagnostic::error(codes::SYNTAX, self.here(), "this `]` has no `[`").help("remove it");
        }
        let _: Option<()> = self.fault(diagnostic);
    }

    /// A command at the beginning of a line that was read as a name, for a comma ends the line before.
    fn comma_before_command(&self) -> Option<(Span, Span)> {
        let read = self.source.get(..self.last)?;
        let before = read.trim_end_matches(lex::is_word);
        let (command, list) = (Span::new(before.len(), self.last), before.trim_end_matches(lex::is_blank));
        let is_on_new_line = before.get(list.len()..)?.contains(lex::is_line_end);
        (is_on_new_line && is_command(self.text(command)) && list.ends_with(','))
            .then(|| (Span::new(list.len() - 1, list.len()), command))
    }

    /// Where an operand is due.
    pub(super) fn no_operand<T>(&mut self) -> Option<T> {
        let rest = self.rest();
        if rest.starts_with(|c: char| !c.is_ascii() && c.is_alphanumeric()) {
            return self.odd_name(self.at);
        }
        let mut diagnostic = self.unexpected("an expression");
        diagnostic = if self.is_at("not") || rest.starts_with('!') {
            diagnostic.help("put it in parentheses: `(not …)`")
        } else if rest.starts_with('/') {
            diagnostic.help("a regex stands behind `like` or `=~`; as an argument it is a text in quotes")
        } else if rest.starts_with(CURLY) {
            self.curly(diagnostic)
        } else if rest.starts_with("{{") {
            diagnostic.help(PLACEHOLDER)
        } else if rest.starts_with('$') {
            diagnostic.help("fields are named without `$`: `userIdentity.userName`")
        } else if rest.starts_with('[') {
            diagnostic.help("a list stands behind `in` only")
        } else {
            diagnostic
        };
        self.fault(diagnostic)
    }

    /// Curly quotes, and the straight ones in their place.
    fn curly(&self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = diagnostic.help("curly quotes do not quote: write straight ones, `\"`");
        let mut chars = self.rest().char_indices().take_while(|(_, c)| !lex::is_line_end(*c) && *c != '"');
        let straight = |at: usize, c: char| crate::Edit {
            span: Span::new(self.at + at, self.at + at + c.len_utf8()),
            replacement: "\"".to_owned(),
        };
        let open = chars.next();
        let close = chars.find(|(_, c)| CURLY.contains(c));
        match open.zip(close) {
            Some((open, close)) => diagnostic.fix(Fix {
                title: "write straight quotes".to_owned(),
                edits: vec![straight(open.0, open.1), straight(close.0, close.1)],
            }),
            None => diagnostic,
        }
    }

    /// Where a command is due and no word stands.
    pub(super) fn no_command(&mut self) -> Option<Command> {
        let mut diagnostic = self.unexpected("a command");
        if self.rest().starts_with('/') || self.rest().starts_with("--") {
            diagnostic = diagnostic.help("a comment begins with `#`");
        } else if self.rest().starts_with("{{") {
            diagnostic =
                diagnostic.help("a placeholder belongs in a saved query, whose parameters replace it");
        } else if self.rest().starts_with('{') {
            diagnostic = diagnostic
                .help("`{ … }` is a filter pattern, another language; here write `filter eventName = \"…\"`");
        }
        self.report(diagnostic);
        None
    }

    pub(super) fn unknown_command(&mut self, name: Span) -> Option<Command> {
        let word = self.text(name).to_owned();
        let service = format!("mismatched input '{word}' expecting {SERVICE_COMMANDS}");
        let aggregate = Signature::find(&word).filter(|signature| signature.aggregate);
        if aggregate.is_some() && self.rest().starts_with('(') {
            self.report(
                Diagnostic::error(codes::MISUSED_FUNCTION, name, format!("`{word}` stands in `stats` only"))
                    .help(format!("write `stats {word}(…)`"))
                    .fix(Fix::replace("write `stats`", Span::at(name.range().start), "stats "))
                    .service_text(service),
            );
            return None;
        }
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_COMMAND, name, format!("there is no command `{word}`"))
                .service_text(service);
        let foreign = FOREIGN.iter().find(|(foreign, ..)| foreign.eq_ignore_ascii_case(&word));
        diagnostic = match (foreign, nearest_command(&word)) {
            (Some((_, help, instead)), _) => {
                let diagnostic = diagnostic.help(*help);
                match instead {
                    Some(instead) => {
                        diagnostic.fix(Fix::replace(format!("write `{instead}`"), name, *instead))
                    }
                    None => diagnostic,
                }
            }
            (None, Some(command)) => diagnostic.help(format!("did you mean `{command}`?")).fix(Fix::replace(
                format!("write `{command}`"),
                name,
                command,
            )),
            (None, None) if self.rest().starts_with(['=', '<', '>', '!', '.']) || self.is_at("like") => {
                diagnostic.help("a condition stands behind `filter`").fix(Fix::replace(
                    "write `filter`",
                    Span::at(name.range().start),
                    "filter ",
                ))
            }
            (None, None) => diagnostic
                .help("the commands used most are `fields`, `filter`, `stats`, `sort`, `limit` and `parse`"),
        };
        self.report(diagnostic);
        None
    }
}

/// The command that differs from this word by a slip of the keys.
fn nearest_command(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let most = if word.len() <= 4 { 1 } else { 2 };
    let distances =
        COMMANDS.iter().map(|command| (strsim::osa_distance(&word, &command.to_ascii_lowercase()), *command));
    distances
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, command)| command)
}
