//! The right side of a comparison: quoted and bare texts, numbers, regexes, and what people write instead.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{NumberLiteral, Ordering, Text, Trivia, Value};
use super::super::codes;
use super::super::lex;
use super::super::regex::{RegexFault, RegexFaultKind, RegexLiteral};
use super::{Kind, Parser};

impl Parser<'_> {
    /// Reads the value after `=` or `!=`; `operator` spans the operator. `None` after a fault, recovered from.
    pub(super) fn value(&mut self, kind: Kind, subject: Span, operator: Span) -> Option<Value> {
        self.blank();
        match self.peek() {
            Some('"') => {
                let text = self.quoted_text()?;
                Some(Value::Text(self.wildcard_text(text.0, text.1)))
            }
            Some('%') => self.regex_literal().map(Value::Regex),
            Some(quote) if wrong_quote(quote) => self.wrong_quotes(quote),
            Some('[' | '(') => self.value_list(),
            Some('$') if kind == Kind::Json => self.second_selector(),
            None | Some(')') => self.missing_value(),
            Some('&' | '|') if self.rest().starts_with("&&") || self.rest().starts_with("||") => {
                self.missing_value()
            }
            Some(_) => self.bare_value(kind, subject, operator),
        }
    }

    /// Reads the number after an ordering operator. `None` after a fault, recovered from.
    pub(super) fn ordered_number(&mut self, ordering: Ordering) -> Option<NumberLiteral> {
        self.blank();
        let start = self.at;
        if self.peek().is_none() || self.rest().starts_with([')', '&', '|']) {
            return self.missing_value();
        }
        if self.rest().starts_with('$') {
            return self.second_selector();
        }
        if let Ok(lexeme) = self.read(lex::bare)
            && let Some(number) = NumberLiteral::new(lexeme)
            && self.at_value_end()
        {
            return Some(number);
        }
        self.at = start;
        let quoted_number = self.read(lex::quoted).ok().filter(|inside| lex::is_number(inside));
        if quoted_number.is_none() {
            self.recover();
        }
        let extent = self.trimmed_from(start);
        let found = self.text(extent);
        let mut diagnostic = Diagnostic::error(
            codes::ORDER_VALUE,
            extent,
            format!("`{}` takes a number, found `{found}`", ordering.as_str()),
        )
        .help("an unquoted number such as `100`, `-2.5` or `1e3`")
        .service_text(format!("Invalid character(s) in term '{found}'"));
        if let Some(number) = quoted_number {
            diagnostic = diagnostic.fix(Fix::replace("remove the quotes", extent, number));
        }
        self.report(diagnostic);
        None
    }

    /// Reads a quoted text: its characters after escapes, and where it stands. `None` where it is not closed.
    pub(super) fn quoted_text(&mut self) -> Option<(Text, Span)> {
        let start = self.at;
        let Ok(inside) = self.read(lex::quoted) else {
            let open = Span::new(start, start + 1);
            let rest = self.rest().to_owned();
            self.report(
                Diagnostic::error(codes::UNTERMINATED_QUOTE, open, "this quote is never closed")
                    .help("add the closing `\"`; a quote inside a text is written `\\\"`")
                    .service_text(format!("Invalid character(s) in term '{rest}'")),
            );
            self.at = self.end;
            return None;
        };
        let span = self.span_from(start);
        let (text, kept_backslash) = unescape(inside);
        if let Some(escape) = kept_backslash {
            let escape = Span::new(start + 1 + escape.start, start + 1 + escape.end);
            self.report(
                Diagnostic::warning(codes::UNKNOWN_ESCAPE, escape, "this backslash is kept as it is")
                    .help("only `\\\"` and `\\\\` are escapes: write `\\\\` if a backslash is meant"),
            );
        }
        Some((Text { text, quoted: Trivia(true) }, span))
    }

    /// Reads a regex and counts it. `None` after a fault.
    pub(super) fn regex_literal(&mut self) -> Option<RegexLiteral> {
        let start = self.at;
        let Ok(body) = self.read(lex::regex) else {
            let open = Span::new(start, start + 1);
            self.report(
                Diagnostic::error(codes::BROKEN_REGEX, open, "this regex is never closed")
                    .help(
                        "a regex stands between two percent signs; a percent sign inside is written `\\x25`",
                    )
                    .service_text(format!("Invalid character(s) in term '{}'", self.rest())),
            );
            self.at = self.end;
            return None;
        };
        let span = self.span_from(start);
        self.regexes += 1;
        let most = self.limits.regexes;
        if self.regexes.checked_sub(1) == Some(most) {
            self.report(
                Diagnostic::error(
                    codes::REGEX_COUNT,
                    span,
                    format!("this is regex number {}, the limit is {most}", self.regexes),
                )
                .help("join alternatives in one regex with `|`, or use wildcards at the ends of a text")
                .service_text(format!(
                    "Your input has exceeded the maximum of {most} regular expressions per filter pattern."
                )),
            );
        }
        match RegexLiteral::new(body) {
            Ok(literal) => {
                self.check_regex_size(&literal, span);
                Some(literal)
            }
            Err(fault) => {
                let diagnostic = regex_diagnostic(&fault, start + 1, body);
                self.report(diagnostic);
                None
            }
        }
    }

    fn check_regex_size(&mut self, literal: &RegexLiteral, span: Span) {
        // Only repetition of repetition-free pieces is possible, so small bounds cannot grow large.
        let may_be_large = literal.as_str().bytes().filter(|b| b.is_ascii_digit()).count() > 2
            && literal.as_str().contains('{');
        let compiled = || {
            ::regex::RegexBuilder::new(literal.rust_pattern())
                .size_limit(self.limits.regex_bytes)
                .build()
                .is_ok()
        };
        if may_be_large && !compiled() {
            self.report(
                Diagnostic::error(codes::REGEX_SIZE, span, "this regex is too large")
                    .help("use smaller repetition bounds, or `*` and `+`"),
            );
        }
    }

    /// The text of a comparison, after a warning where a star inside it is no wildcard.
    fn wildcard_text(&mut self, text: Text, span: Span) -> Text {
        let inner = text.text.strip_prefix('*').unwrap_or(&text.text);
        let inner = inner.strip_suffix('*').unwrap_or(inner);
        if inner.contains('*') {
            self.report(
                Diagnostic::warning(codes::INTERIOR_STAR, span, "a star inside a value is no wildcard")
                    .label("taken literally")
                    .help("a star counts at the start and at the end only; use a regex such as `%^Put.*Policy$%`"),
            );
        }
        text
    }

    fn bare_value(&mut self, kind: Kind, subject: Span, operator: Span) -> Option<Value> {
        let start = self.at;
        let bare = self.read(lex::bare).unwrap_or_default();
        let span = self.span_from(start);
        if !self.at_value_end() || self.continues_as_phrase(bare) {
            return self.unquoted_value(start);
        }
        if kind == Kind::Json && bare.eq_ignore_ascii_case("null") {
            self.null_value(subject, operator, span);
            return None;
        }
        if kind == Kind::Space && bare == "SPACE" {
            self.report(
                Diagnostic::error(codes::RESERVED_WORD, span, "`SPACE` is refused as an unquoted value")
                    .help("quote the value")
                    .fix(Fix::replace("quote the value", span, "\"SPACE\"")),
            );
            return None;
        }
        Some(match NumberLiteral::new(bare) {
            Some(number) => Value::Number(number),
            None => {
                let text = Text { text: bare.to_owned(), quoted: Trivia(false) };
                Value::Text(self.wildcard_text(text, span))
            }
        })
    }

    /// Whether something stands here that may follow a value.
    fn at_value_end(&self) -> bool {
        match self.peek() {
            None | Some(')' | '&' | '|' | '}') => true,
            Some(',') => self.rest().chars().nth(1).is_none_or(lex::is_blank),
            Some(c) => lex::is_blank(c),
        }
    }

    /// Whether the bare text just read goes on after a blank with further words, as in `Failed authentication`.
    fn continues_as_phrase(&self, bare: &str) -> bool {
        let behind = self.rest().trim_start_matches(lex::is_blank);
        let word = lex::word(behind);
        let joins = ["and", "or", "not"].iter().any(|joint| word.eq_ignore_ascii_case(joint));
        !bare.is_empty() && !word.is_empty() && !joins && !self.begins_condition(behind, word)
    }

    /// Whether `behind`, which begins with `word`, reads like a condition whose `$.` or joint was forgotten.
    fn begins_condition(&self, behind: &str, word: &str) -> bool {
        let after = behind.get(word.len()..).unwrap_or_default().trim_start_matches(lex::is_blank);
        after.starts_with(['=', '<', '>']) || after.starts_with("!=")
    }

    fn unquoted_value(&mut self, start: usize) -> Option<Value> {
        self.recover();
        let extent = self.trimmed_from(start);
        let found = self.text(extent);
        let offending: String =
            found.chars().filter(|c| !(c.is_ascii_alphanumeric() || "_.*+-".contains(*c))).take(1).collect();
        let mut diagnostic =
            Diagnostic::error(codes::UNQUOTED_VALUE, extent, format!("the value `{found}` needs quotes"))
                .help("without quotes a value can hold letters, digits and `_ . * + -` only");
        if !offending.trim().is_empty() {
            diagnostic = diagnostic.service_text(format!("Invalid character(s) in term '{offending}'"));
        }
        if !found.contains(['"', '=', '<', '>', '(', '[', '{']) {
            diagnostic = diagnostic.fix(Fix::replace("quote the value", extent, quote(found)));
        }
        self.report(diagnostic);
        None
    }

    fn null_value(&mut self, subject: Span, operator: Span, span: Span) {
        let (subject, operator_text) = (self.text(subject), self.text(operator));
        let whole = Span { start: operator.start, end: span.end };
        let mut diagnostic = Diagnostic::error(codes::NULL_VALUE, span, "`null` is not a value")
            .service_text("Invalid metric filter pattern");
        diagnostic = if operator_text == "=" {
            diagnostic
                .help(format!("write `{subject} IS NULL`; where the member may be absent too, add `|| {subject} NOT EXISTS`"))
                .fix(Fix::replace("write `IS NULL`", whole, "IS NULL"))
        } else {
            diagnostic.help(format!("a text or number that is there fulfils `{subject} = \"*\"`"))
        };
        self.report(diagnostic);
    }

    fn wrong_quotes(&mut self, quote_char: char) -> Option<Value> {
        let start = self.at;
        let inside_start = start + quote_char.len_utf8();
        let inside = self.source.get(inside_start..self.end).unwrap_or_default();
        let closing = inside.char_indices().find(|(_, c)| wrong_quote(*c) || *c == '"');
        let mut diagnostic = match closing {
            Some((length, c)) => {
                let text = inside.get(..length).unwrap_or_default();
                self.at = inside_start + length + c.len_utf8();
                let span = self.span_from(start);
                Diagnostic::error(codes::WRONG_QUOTES, span, format!("`{quote_char}` does not quote"))
                    .fix(Fix::replace("use straight double quotes", span, quote(text)))
            }
            None => {
                let diagnostic = Diagnostic::error(
                    codes::WRONG_QUOTES,
                    self.here(),
                    format!("`{quote_char}` does not quote"),
                );
                self.recover();
                diagnostic
            }
        };
        diagnostic = diagnostic
            .help("only straight double quotes do: `\"…\"`")
            .service_text(format!("Invalid character(s) in term '{quote_char}'"));
        self.report(diagnostic);
        None
    }

    fn value_list(&mut self) -> Option<Value> {
        let start = self.at;
        self.recover();
        let extent = self.trimmed_from(start);
        self.report(
            Diagnostic::error(codes::VALUE_LIST, extent, "a comparison takes one value, not a list")
                .help("repeat the selector for every value and join with `||`, or use one regex such as `%^x$|^y$%`"),
        );
        None
    }

    fn second_selector<T>(&mut self) -> Option<T> {
        let start = self.at;
        self.recover();
        let extent = self.trimmed_from(start);
        self.report(
            Diagnostic::error(codes::SIDES, extent, "two selectors cannot be compared")
                .help("the right side is a text, a number or a regex"),
        );
        None
    }

    fn missing_value<T>(&mut self) -> Option<T> {
        let diagnostic =
            self.unexpected("a value").help("a text, a number or a `%regex%`; for existence `\"*\"`");
        self.report(diagnostic);
        self.recover();
        None
    }

    /// The text read since `start`, without the blanks at its end.
    pub(super) fn trimmed_from(&self, start: usize) -> Span {
        let text = self.source.get(start..self.at).unwrap_or_default();
        Span::new(start, start + text.trim_end_matches(lex::is_blank).len())
    }
}

/// Quotes that the service does not know.
pub(super) fn wrong_quote(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}'
    )
}

/// `text` in double quotes, escaped.
pub(in crate::syntax::filter) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The characters that a quoted text means, and where the first backslash stands that is no escape.
fn unescape(inside: &str) -> (String, Option<std::ops::Range<usize>>) {
    let mut text = String::with_capacity(inside.len());
    let mut kept = None;
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
            Some((_, other)) => {
                kept.get_or_insert(at..at + 1 + other.len_utf8());
                text.push('\\');
                text.push(other);
            }
            None => text.push('\\'),
        }
    }
    (text, kept)
}

/// The finding for a faulty regex whose body begins at `start`.
fn regex_diagnostic(fault: &RegexFault, start: usize, body: &str) -> Diagnostic {
    let at = fault.span.range();
    let span = Span::new(start + at.start, start + at.end);
    let (code, service) = if matches!(fault.kind, RegexFaultKind::Character('(')) {
        let piece = body.get(..at.end).unwrap_or(body);
        (codes::REGEX_CONSTRUCT, format!("Invalid character(s) in term '%{piece}'"))
    } else if fault.kind == RegexFaultKind::BoundTooLarge {
        (codes::REGEX_SIZE, "Failed to compile regular expression.".to_owned())
    } else if fault.kind.is_outside_subset() {
        (codes::REGEX_CONSTRUCT, format!("Invalid character(s) in term '%{body}%'"))
    } else {
        (codes::BROKEN_REGEX, "Failed to compile regular expression.".to_owned())
    };
    let diagnostic = Diagnostic::error(code, span, fault.to_string()).service_text(service);
    match &fault.kind {
        RegexFaultKind::Character(c @ ('(' | ')')) => diagnostic.help(format!(
            "there are no groups; the character itself is `\\x{:02x}`, alternatives need none: `%a|b%`",
            u32::from(*c)
        )),
        RegexFaultKind::Character(c) if c.is_ascii() => {
            let hex = format!("\\x{:02x}", u32::from(*c));
            diagnostic.help(format!("write the character as `{hex}`")).fix(Fix::replace(
                format!("write `{hex}`"),
                span,
                hex,
            ))
        }
        RegexFaultKind::Character(_) => {
            diagnostic.help("a regex holds ASCII only; `.` stands for any one character")
        }
        RegexFaultKind::Escape(escaped) if escaped.starts_with(['(', ')']) => {
            let hex = if escaped.starts_with('(') { "\\x28" } else { "\\x29" };
            diagnostic.help(format!("escaping does not help; write `{hex}`")).fix(Fix::replace(
                format!("write `{hex}`"),
                span,
                hex,
            ))
        }
        RegexFaultKind::Escape(_) => diagnostic
            .help("a backslash stands before an operator, a backslash, `d D s S w W`, or as `\\xhh`"),
        RegexFaultKind::DoubleQuantifier => {
            diagnostic.help("there are no lazy or possessive quantifiers; use one quantifier")
        }
        RegexFaultKind::Empty => diagnostic.help("write something between the percent signs"),
        RegexFaultKind::UnclosedClass => diagnostic.help("add the `]`; a literal bracket is written `\\[`"),
        RegexFaultKind::EmptyClass => {
            diagnostic.help("put characters into the class; a literal bracket is written `\\[`")
        }
        RegexFaultKind::NothingToRepeat(c) => {
            diagnostic.help(format!("the character itself is written `\\{c}`"))
        }
        RegexFaultKind::BoundsOrder => diagnostic.help("the smaller bound comes first"),
        RegexFaultKind::BoundTooLarge => diagnostic.help("use a smaller bound, or `*` and `+`"),
        RegexFaultKind::BadRange(_) => diagnostic.help("a range runs from a lower to a higher character"),
        RegexFaultKind::TrailingBackslash => diagnostic.help("a literal backslash is written `\\\\`"),
    }
}
