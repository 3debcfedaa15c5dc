//! Where stages meet: pipes that are missing or too many, and how reading goes on after a fault.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix, Severity};

use super::super::{codes, lex};
use super::Parser;
use super::unknown::is_command;

/// Commands that may stand alone.
const ALONE: &[&str] = &["addtotals", "anomaly", "diff", "estimate", "filldown", "fillmissing", "unmask"];

/// Words that go on with an expression or item, so that what stands before them is a name.
const JOINTS: &[&str] = &["and", "or", "in", "like", "as", "asc", "desc", "by"];

impl Parser<'_> {
    /// Reports pipes before the first stage.
    pub(super) fn leading_pipes(&mut self) -> bool {
        let start = self.at;
        while self.eat("|") {}
        let found = self.at > start;
        if found {
            let pipes = self.span_from(start);
            self.report(
                Diagnostic::error(codes::STRAY_PIPE, pipes, "a pipeline cannot begin with a pipe")
                    .help("remove it")
                    .fix(Fix::replace("remove the pipe", Span::new(start, self.at), ""))
                    .service_text("mismatched input '|' expecting K_STATS"),
            );
        }
        found
    }

    /// Steps over the pipe here and reports further ones; `false` where no stage follows.
    pub(super) fn pipe(&mut self) -> bool {
        let start = self.at;
        self.advance(1);
        let end_of_first = self.last;
        let second = self.at;
        while self.eat("|") {}
        if self.at_pipeline_end() {
            let pipes = Span::new(start, self.last);
            self.report(
                Diagnostic::error(codes::STRAY_PIPE, pipes, "no command follows this pipe")
                    .help("remove it, or write a command behind it")
                    .fix(Fix::replace("remove the pipe", pipes, "")),
            );
            return false;
        }
        if self.last > end_of_first {
            let further = self.span_from(second);
            let between = Span::new(end_of_first, second);
            let removed = if self.text(between).contains('#') { further } else { between.to(further) };
            self.report(
                Diagnostic::error(codes::STRAY_PIPE, further, "there is no command between these pipes")
                    .help("write one pipe between two commands")
                    .fix(Fix::replace("remove the pipe", removed, ""))
                    .service_text(format!("mismatched input '|' expecting {SERVICE_COMMANDS}")),
            );
        }
        true
    }

    /// Whether a command stands where a pipe is due; reported, and read as if the pipe stood there.
    pub(super) fn missing_pipe(&mut self) -> bool {
        if !self.begins_command(self.at) {
            return false;
        }
        let command = self.word().to_owned();
        let place = Span::new(self.at, self.at + command.len());
        let severity = if self.options.lenient_newline && self.is_on_new_line() {
            Severity::Warning
        } else {
            Severity::Error
        };
        let message = if self.is_on_new_line() {
            format!("a new line does not end a command: there is no `|` before `{command}`")
        } else {
            format!("there is no `|` before `{command}`")
        };
        self.report(
            Diagnostic::new(codes::MISSING_PIPE, severity, place, message)
                .help(format!("write `| {command}`"))
                .fix(Fix::replace("insert the pipe", Span::at(self.at), "| ")),
        );
        true
    }

    /// Whether a command that stands on a new line ends a list without commas here.
    pub(super) fn is_next_stage(&self) -> bool {
        self.is_on_new_line() && self.begins_command(self.at)
    }

    /// Whether a command begins there: its word, and behind it nothing that would make the word a name.
    pub(super) fn begins_command(&self, at: usize) -> bool {
        let text = self.source.get(at..).unwrap_or_default();
        let Ok((behind, word)) = lex::word(text) else { return false };
        if !is_command(word) || behind.starts_with('.') {
            return false;
        }
        let behind = lex::gap(behind).map(|(rest, _)| rest).unwrap_or_default();
        let is = |commands: &[&str]| commands.iter().any(|command| command.eq_ignore_ascii_case(word));
        match behind.chars().next() {
            None | Some('|' | ')') => is(ALONE),
            Some('/' | '*') => is(&["parse", "fields", "display"]),
            Some('!') => is(&["filter", "where", "search"]) && !behind.starts_with("!="),
            Some('-' | '(') => {
                is(&["filter", "where", "search", "fields", "display", "stats", "unmask", "sort"])
            }
            Some('\'' | '"' | '`') => true,
            Some(c) if c.is_ascii_digit() || lex::is_word_start(c) => {
                let next = lex::word(behind).map(|(_, next)| next).unwrap_or_default();
                !JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(next)) || is(&["sort", "order"])
            }
            Some(_) => false,
        }
    }

    /// Skips to where the next stage of this pipeline may begin, or its end.
    pub(super) fn recover(&mut self) {
        let open = std::mem::take(&mut self.brackets);
        // A bracket that is never closed would hide every pipe behind it.
        let end = self.stage_end(open).or_else(|| self.stage_end_among_brackets());
        let end = end.unwrap_or(self.source.len());
        self.advance(end - self.at);
        if self.last == end && self.at == end {
            // Nothing blank stands there: what stood before it may still tell a new line.
            self.last = self.source.get(..end).unwrap_or_default().trim_end_matches(lex::is_blank).len();
        }
    }

    /// The next pipe, closing parenthesis or command on a new line outside of brackets, of which so many are open.
    pub(super) fn stage_end(&self, mut open: usize) -> Option<usize> {
        let mut tokens = Tokens::new(self.source, self.at, self.in_parse);
        while let Some((at, token)) = tokens.next() {
            match token {
                Token::Open => open += 1,
                Token::Close(')') if open == 0 && self.pipelines > 0 => return Some(at),
                Token::Close(_) => open = open.saturating_sub(1),
                Token::Pipe if open == 0 && !self.is_foreign_or(at) => return Some(at),
                Token::Word
                    if open == 0
                        && at > self.at
                        && tokens.is_first_of_line(at)
                        && self.begins_command(at) =>
                {
                    return Some(at);
                }
                _ => {}
            }
        }
        (open == 0).then_some(self.source.len())
    }

    fn stage_end_among_brackets(&self) -> Option<usize> {
        let mut tokens = Tokens::new(self.source, self.at, self.in_parse);
        while let Some((at, token)) = tokens.next() {
            if token == Token::Pipe {
                return Some(at);
            }
        }
        None
    }

    /// Whether `||` stands there and means `or`.
    pub(super) fn is_foreign_or(&self, at: usize) -> bool {
        let text = self.source.get(at..).unwrap_or_default();
        let before = self.source.get(..at).unwrap_or_default();
        if before.ends_with('|') {
            return true;
        }
        let Some(behind) = text.strip_prefix("||") else { return false };
        let behind = lex::gap(behind).map(|(rest, _)| rest).unwrap_or_default();
        !behind.is_empty()
            && !behind.starts_with('|')
            && !self.begins_command(self.source.len() - behind.len())
    }
}

/// The commands that the service names in its own errors.
pub(super) const SERVICE_COMMANDS: &str = "{K_PARSE, K_SEARCH, K_FIELDS, K_DISPLAY, K_FILTER, K_SORT, K_ORDER, \
                                           K_HEAD, K_LIMIT, K_TAIL}";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close(char),
    Pipe,
    Word,
    Other,
}

/// A rough reading of a text that need not follow the grammar.
struct Tokens<'a> {
    source: &'a str,
    at: usize,
    slash_begins_regex: bool,
    in_parse: bool,
}

impl<'a> Tokens<'a> {
    fn new(source: &'a str, at: usize, in_parse: bool) -> Self {
        Tokens { source, at, slash_begins_regex: in_parse, in_parse }
    }

    fn is_first_of_line(&self, at: usize) -> bool {
        let before = self.source.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        before.ends_with(lex::is_line_end)
    }

    fn next(&mut self) -> Option<(usize, Token)> {
        let rest = self.source.get(self.at..)?;
        let (rest, _) = lex::gap(rest).ok()?;
        let at = self.source.len() - rest.len();
        let c = rest.chars().next()?;
        let skipped = |(behind, _): (&str, &str)| rest.len() - behind.len();
        let was_expecting_regex = std::mem::replace(&mut self.slash_begins_regex, self.in_parse);
        let (length, token) = match c {
            '"' | '\'' => (lex::quoted(rest).map_or(1, skipped), Token::Other),
            '`' => (lex::backticked(rest).map_or(1, skipped), Token::Other),
            '/' if was_expecting_regex => (lex::regex(rest).map_or(1, skipped), Token::Other),
            '(' | '[' => (1, Token::Open),
            ')' | ']' => (1, Token::Close(c)),
            '|' => (1, Token::Pipe),
            '=' if rest.starts_with("=~") => {
                self.slash_begins_regex = true;
                (2, Token::Other)
            }
            _ => match lex::word(rest) {
                Ok((behind, word)) => {
                    self.slash_begins_regex |= word.eq_ignore_ascii_case("like");
                    (rest.len() - behind.len(), Token::Word)
                }
                Err(_) => (c.len_utf8(), Token::Other),
            },
        };
        self.at = at + length;
        Some((at, token))
    }
}
