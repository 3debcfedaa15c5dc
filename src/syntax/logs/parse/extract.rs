//! `parse` and `json`, and regexes between slashes: their flags, their syntax, their groups.

use regex_syntax::ast::{self, Ast, ErrorKind, GroupKind};

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{Command, Expr, Name, Parse, ParseMode, RegexText, Text};
use super::super::codes;
use super::super::lex;
use super::Parser;

impl Parser<'_> {
    pub(super) fn parse_command(&mut self, command: Span) -> Option<Parse> {
        self.in_parse = true;
        let operand = if self.is_at_mode() { None } else { Some(self.operand()?) };
        let mode = match self.peek() {
            Some('"' | '\'') => self.glob()?,
            Some('/') => self.regex_mode()?,
            _ if self.eat_word("logfmt") => {
                self.check_mode_order("logfmt")?;
                ParseMode::Logfmt(self.expect_alias()?)
            }
            _ if self.eat_word("csv") => {
                self.check_mode_order("csv")?;
                self.expect_word("as")?;
                ParseMode::Csv(self.names()?)
            }
            _ => return self.no_mode(operand, command),
        };
        Some(Parse { operand, mode })
    }

    /// Whether the mode stands here rather than the operand: a word is a mode where `as` or a field follows it.
    fn is_at_mode(&self) -> bool {
        match self.peek() {
            Some('"' | '\'' | '/') => true,
            _ => ["logfmt", "csv"].iter().any(|mode| {
                let behind = lex::gap(self.behind(mode.len())).map(|(rest, _)| rest).unwrap_or_default();
                let next = lex::word(behind).map(|(_, next)| next).unwrap_or_default();
                self.is_at(mode)
                    && !behind.starts_with(['"', '\'', '/'])
                    && !["logfmt", "csv"].iter().any(|mode| mode.eq_ignore_ascii_case(next))
            }),
        }
    }

    /// `parse logfmt @message` is the wrong way round.
    fn check_mode_order(&mut self, mode: &str) -> Option<()> {
        if self.is_at("as") {
            return Some(());
        }
        let begin = self.last;
        let start = begin - mode.len();
        let Ok((behind, _)) = lex::path(self.rest()) else { return Some(()) };
        let place = Span::new(self.at, self.source.len() - behind.len());
        let operand = self.text(place).to_owned();
        let whole = Span::new(start, place.range().end);
        self.report(
            Diagnostic::error(codes::SYNTAX, place, format!("expected `as`, found `{operand}`"))
                .help(format!("the mode stands behind the field: `parse {operand} {mode} as …`"))
                .fix(Fix::replace("write the field first", whole, format!("{operand} {mode}"))),
        );
        None
    }

    fn no_mode(&mut self, operand: Option<Expr>, command: Span) -> Option<Parse> {
        let place = operand.map_or(command, |operand| operand.span.0);
        let diagnostic = self
            .unexpected("a text with `*`, a regex between slashes, `logfmt` or `csv`")
            .also(place, "of this");
        self.report(diagnostic);
        None
    }

    fn expect_alias(&mut self) -> Option<Name> {
        self.expect_word("as")?;
        self.alias_name()
    }

    fn glob(&mut self) -> Option<ParseMode> {
        let pattern = self.quoted_text()?;
        let mut names = Vec::new();
        if self.eat_word("as") {
            names = self.names()?;
        } else if self.begins_name() {
            self.parse_without_as();
            names = self.names()?;
        }
        self.check_glob(&pattern, &names);
        Some(ParseMode::Glob { pattern, names })
    }

    fn begins_name(&self) -> bool {
        self.rest().starts_with(|c| lex::is_word_start(c) || c == '`') && !self.begins_command(self.at)
    }

    fn parse_without_as(&mut self) {
        let place = Span::new(self.at, self.at + self.word().len().max(1));
        self.report(
            Diagnostic::warning(codes::PARSE_WITHOUT_AS, place, "there is no `as` before the names")
                .help("write it: the reference has no form without")
                .fix(Fix::replace("write `as`", Span::at(self.at), "as ")),
        );
    }

    fn check_glob(&mut self, pattern: &Text, names: &[Name]) {
        let stars = stars(&pattern.text);
        if stars == names.len() && stars > 0 {
            return;
        }
        let place = pattern.span.0;
        let count = |count: usize, what: &str| match count {
            0 => format!("no {what}"),
            1 => format!("1 {what}"),
            many => format!("{many} {what}s"),
        };
        let message = format!("the text has {} for {}", count(stars, "`*`"), count(names.len(), "name"));
        let mut diagnostic = Diagnostic::error(codes::PARSE_NAMES, place, message)
            .help("each `*` takes one name, behind `as`; a star itself is written `\\*`");
        if let (Some(first), Some(last)) = (names.first(), names.last()) {
            diagnostic = diagnostic.also(first.span.0.to(last.span.0), "the names");
        }
        self.report(diagnostic);
    }

    fn regex_mode(&mut self) -> Option<ParseMode> {
        let regex = self.regex()?;
        let mut names = Vec::new();
        if self.eat_word("as") {
            names = self.names()?;
        }
        let multi = self.eat_word("multi");
        if names.is_empty() && self.begins_name() && !self.is_at("multi") {
            return self.fail("`as`, `multi` or `|`");
        }
        self.check_groups(&regex, &names);
        Some(ParseMode::Regex { regex, names, multi })
    }

    fn check_groups(&mut self, regex: &RegexText, names: &[Name]) {
        let Ok(tree) = ast::parse::Parser::new().parse(&regex.source) else { return };
        let mut groups = Groups::default();
        // The parser bounds how deep its tree is.
        groups.count(&tree);
        let place = regex.span.0;
        if names.is_empty() && groups.named == 0 {
            self.report(
                Diagnostic::error(codes::PARSE_NAMES, place, "the regex gives no name to what it finds")
                    .help("name a group, as in `(?<name>…)`, or write `as name` behind the regex"),
            );
        } else if !names.is_empty() && names.len() != groups.all {
            let count =
                |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let message =
                format!("the regex has {} for {}", count(groups.all, "group"), count(names.len(), "name"));
            self.report(
                Diagnostic::error(codes::PARSE_NAMES, place, message)
                    .help("each group takes one name; a group that shall have none is written `(?:…)`"),
            );
        }
        if let Some(lazy) = lazy_end(&tree) {
            let start = place.range().start + 1;
            let place = Span::new(start + lazy.start.offset, start + lazy.end.offset);
            self.report(
                Diagnostic::warning(
                    codes::LAZY_GROUP,
                    place,
                    "nothing follows, so this takes as little as it can",
                )
                .help("remove the `?`, or write what must follow the group"),
            );
        }
    }

    /// A regex between slashes.
    pub(super) fn regex(&mut self) -> Option<RegexText> {
        let start = self.at;
        let Some(source) = self.read(lex::regex) else { return self.unclosed_regex() };
        let span = self.span_from(start);
        let regex = RegexText { source: source.to_owned(), span: Trivia(span) };
        if self.is_adjacent() && self.rest().starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            self.regex_tail(span)?;
        }
        self.check_regex(source, span, start + 1)?;
        Some(regex)
    }

    fn unclosed_regex<T>(&mut self) -> Option<T> {
        let open = self.here();
        self.report(
            Diagnostic::error(codes::UNCLOSED, open, "this regex is never closed")
                .help("end it with `/`; a slash inside is written `\\/`"),
        );
        self.at += 1;
        self.skip_line();
        None
    }

    /// Letters directly behind a regex: flags of other languages, or the rest of a path.
    fn regex_tail(&mut self, regex: Span) -> Option<()> {
        let start = self.at;
        let length = self.rest().find(|c: char| !(lex::is_word(c))).unwrap_or(self.rest().len());
        let place = Span::new(start, start + length);
        let flags = self.text(place).to_owned();
        let is_flags = flags.chars().all(|c| "gimsuxy".contains(c));
        if !is_flags || self.behind(length).starts_with('/') {
            let end = self.rest().find(|c: char| lex::is_blank(c) || "|)".contains(c));
            let place = Span::new(start, end.map_or(self.source.len(), |end| start + end));
            let written = self.text(place).to_owned();
            self.report(
                Diagnostic::error(codes::SYNTAX, place, format!("the regex ends before `{written}`"))
                    .also(regex, "the regex")
                    .help("a slash inside a regex is written `\\/`"),
            );
            return None;
        }
        self.advance(length);
        let inline: String = flags.chars().filter(|c| "imsx".contains(*c)).collect();
        let source = self.text(Span::new(regex.range().start + 1, regex.range().end - 1));
        let instead =
            if inline.is_empty() { format!("/{source}/") } else { format!("/(?{inline}){source}/") };
        let (line, column) = self.line_and_column(start);
        self.report(
            Diagnostic::error(
                codes::REGEX_FLAG,
                place,
                format!("there are no flags behind a regex: `{flags}`"),
            )
            .help(if inline.is_empty() {
                "remove them".to_owned()
            } else {
                format!("write `(?{inline})` at its beginning")
            })
            .fix(Fix::replace(format!("write `{instead}`"), regex.to(place), instead))
            .service_text(format!("unexpected symbol found {flags} at line {line} and position {column}")),
        );
        Some(())
    }

    /// Line from 1 and column from 0, as the service counts.
    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let before = self.source.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count())
    }

    /// Whether the regex crate takes this; `base` is where its text begins.
    fn check_regex(&mut self, source: &str, place: Span, base: usize) -> Option<()> {
        let Some(fault) = regex_fault(source) else { return Some(()) };
        let start = base + fault.offset;
        let place = if fault.length > 0 { Span::new(start, start + fault.length) } else { place };
        let mut diagnostic = Diagnostic::error(codes::REGEX_CONSTRUCT, place, fault.message);
        diagnostic.help = fault.help.map(str::to_owned);
        self.report(diagnostic);
        None
    }

    pub(super) fn regex_in_quotes(&mut self, operator: Span, text: &Text) {
        let place = text.span.0;
        let regex = super::super::print::regex(&text.text);
        if let Some(fault) = regex_fault(&text.text) {
            let mut diagnostic = Diagnostic::error(codes::REGEX_CONSTRUCT, place, fault.message);
            diagnostic.help = fault.help.map(str::to_owned);
            self.report(diagnostic);
        }
        self.report(
            Diagnostic::warning(
                codes::REGEX_IN_QUOTES,
                place,
                "`=~` takes a regex between slashes, not a text",
            )
            .help(format!("write `{regex}` for a regex, or `like` for a text"))
            .fix(Fix::replace("write slashes", operator.to(place), format!("=~ {regex}"))),
        );
    }

    pub(super) fn json(&mut self) -> Option<Command> {
        self.expect_option("field")?;
        let field = self.field()?;
        let path = self.quoted_text()?;
        self.expect_word("as")?;
        let alias = self.alias_name()?;
        Some(Command::Json { field, path, alias })
    }
}

/// How many stars of a glob are wildcards.
pub(super) fn stars(glob: &str) -> usize {
    let mut before = ' ';
    let mut stars = 0;
    for c in glob.chars() {
        stars += usize::from(c == '*' && before != '\\');
        before = c;
    }
    stars
}

/// Why a regex is refused, and where within it; a length of 0 where that is not known.
struct RegexFault {
    offset: usize,
    length: usize,
    message: String,
    help: Option<&'static str>,
}

fn regex_fault(source: &str) -> Option<RegexFault> {
    let tree = match ast::parse::Parser::new().parse(source) {
        Ok(tree) => tree,
        Err(error) => return Some(syntax_fault(&error)),
    };
    if let Some(possessive) = possessive(&tree) {
        return Some(RegexFault {
            offset: possessive.start.offset,
            length: possessive.end.offset - possessive.start.offset,
            message: "a regex has no possessive quantifiers".to_owned(),
            help: Some("leave out the second `+`: nothing is gained by it here"),
        });
    }
    None
}

fn syntax_fault(error: &ast::Error) -> RegexFault {
    let span = error.span();
    let (message, help) = match error.kind() {
        ErrorKind::UnsupportedLookAround => (
            "a regex has no look-around".to_owned(),
            Some("match more and take what is needed by a group, or use a second condition with `not like`"),
        ),
        ErrorKind::UnsupportedBackreference => (
            "a regex has no back-references".to_owned(),
            Some("take both parts by groups of `parse`, and compare them in `filter`"),
        ),
        other => (format!("the regex is broken: {other}"), None),
    };
    RegexFault { offset: span.start.offset, length: span.end.offset - span.start.offset, message, help }
}

/// Where a repetition is repeated by `+` at once, which other engines take for a promise never to go back.
fn possessive(tree: &Ast) -> Option<ast::Span> {
    match tree {
        Ast::Repetition(outer) => match &*outer.ast {
            Ast::Repetition(inner) if is_plus(outer) => Some(inner.op.span.with_end(outer.op.span.end)),
            inner => possessive(inner),
        },
        Ast::Group(group) => possessive(&group.ast),
        Ast::Alternation(branches) => branches.asts.iter().find_map(possessive),
        Ast::Concat(parts) => parts.asts.iter().find_map(possessive),
        _ => None,
    }
}

fn is_plus(repetition: &ast::Repetition) -> bool {
    repetition.op.kind == ast::RepetitionKind::OneOrMore && repetition.greedy
}

#[derive(Default)]
struct Groups {
    all: usize,
    named: usize,
}

impl Groups {
    fn count(&mut self, tree: &Ast) {
        match tree {
            Ast::Group(group) => {
                self.all += usize::from(group.is_capturing());
                self.named += usize::from(matches!(group.kind, GroupKind::CaptureName { .. }));
                self.count(&group.ast);
            }
            Ast::Repetition(repetition) => self.count(&repetition.ast),
            Ast::Alternation(branches) => branches.asts.iter().for_each(|branch| self.count(branch)),
            Ast::Concat(parts) => parts.asts.iter().for_each(|part| self.count(part)),
            _ => {}
        }
    }
}

/// The lazy repetition at the end of a group at the end of a regex.
fn lazy_end(tree: &Ast) -> Option<ast::Span> {
    fn last(tree: &Ast) -> &Ast {
        match tree {
            Ast::Concat(parts) => parts.asts.last().map_or(tree, last),
            _ => tree,
        }
    }
    let Ast::Group(group) = last(tree) else { return None };
    match last(&group.ast) {
        Ast::Repetition(repetition) if group.is_capturing() && !repetition.greedy => Some(repetition.op.span),
        _ => None,
    }
}
