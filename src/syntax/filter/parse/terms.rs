//! Terms patterns: words, quoted phrases and regexes, separated by blanks.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{FilterPattern, Item, ItemAtom, Prefix, Terms, Text, Trivia};
use super::super::codes;
use super::super::lex;
use super::value::{quote, wrong_quote};
use super::{Kind, Parser};

/// An operator between terms, which does not exist.
struct Operator {
    span: Span,
}

impl Parser<'_> {
    pub(super) fn terms(&mut self) -> Option<FilterPattern> {
        if let Some(forgotten) = self.comment().or_else(|| self.forgotten_brackets()) {
            self.report(forgotten);
            return None;
        }
        let (mut items, mut operators) = (Vec::new(), Vec::new());
        while !self.rest().is_empty() {
            match self.operator() {
                Some(operator) => operators.push(operator),
                None => items.extend(self.item()),
            }
            self.blank();
        }
        self.report_operators(&operators, &items);
        self.report_ignored(&items);
        Terms::new(items).map(FilterPattern::Terms)
    }

    /// A comment before what is plainly meant as the whole pattern.
    fn comment(&self) -> Option<Diagnostic> {
        let text = self.rest();
        let pattern =
            text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        let line =
            text.lines().next().filter(|line| line.starts_with('#') && pattern.starts_with(['{', '[']))?;
        let place = Span::new(self.at, self.at + line.len());
        Some(
            Diagnostic::error(codes::FORGOTTEN_BRACKETS, place, "a filter pattern has no comments")
                .help(
                    "delete the line; what is found in a file of one pattern is silenced by `per-file-ignores` in \
                     `trailql.toml`",
                )
                .service_text("Invalid metric filter pattern"),
        )
    }

    /// A pattern that is plainly meant as `{ … }` or `[ … ]`.
    fn forgotten_brackets(&self) -> Option<Diagnostic> {
        let text = self.rest();
        let unquoted = without_delimited(text);
        let kind = if unquoted.contains("$.") {
            Kind::Json
        } else if (unquoted.contains('=') && unquoted.contains(',')) || unquoted.contains("...") {
            Kind::Space
        } else {
            return None;
        };
        let whole = Span::new(self.at, self.end);
        let (open, close, what) = match kind {
            Kind::Json => ("{ ", " }", "braces"),
            Kind::Space => ("[", "]", "brackets"),
        };
        let wrapped = format!("{open}{text}{close}");
        let diagnostic =
            Diagnostic::error(codes::FORGOTTEN_BRACKETS, whole, format!("the {what} are missing"))
                .help(match kind {
                    Kind::Json => "conditions on a JSON event stand in `{ … }`",
                    Kind::Space => "conditions on the fields of a line stand in `[ … ]`",
                })
                .service_text("Invalid metric filter pattern");
        let mends = FilterPattern::parse_with(&wrapped, self.limits).is_ok();
        Some(if mends {
            diagnostic.fix(Fix::replace(format!("add the {what}"), whole, wrapped))
        } else {
            diagnostic
        })
    }

    /// Steps over `||`, `&&`, a parenthesis or a lone `|` or `&`.
    fn operator(&mut self) -> Option<Operator> {
        let start = self.at;
        let found = ["||", "&&", "|", "&", "(", ")"].iter().any(|token| self.eat(token));
        found.then(|| Operator { span: self.span_from(start) })
    }

    fn report_operators(&mut self, operators: &[Operator], items: &[Item]) {
        let Some((first, others)) = operators.split_first() else { return };
        let found = self.text(first.span).to_owned();
        let mut diagnostic = Diagnostic::error(codes::TERM_OPERATOR, first.span, format!("terms have no operator `{found}`"))
            .help("plain terms must all occur; for one of several write `?A ?B`; for any mixture use a regex: `%A|B%`")
            .service_text(format!("Invalid character(s) in term '{found}'"));
        for other in others {
            diagnostic = diagnostic.also(other.span, "");
        }
        let all_alternatives = operators.iter().all(|operator| self.text(operator.span) == "||");
        let all_plain = items.iter().all(|item| item.prefix == Prefix::Required);
        if all_alternatives && all_plain && operators.len() + 1 == items.len() {
            let whole = Span::new(
                items.first().map_or(0, |item| item.span.0.range().start),
                items.last().map_or(0, |item| item.span.0.range().end),
            );
            let alternatives: Vec<String> =
                items.iter().map(|item| format!("?{}", self.text(item.span.0))).collect();
            diagnostic = diagnostic.fix(Fix::replace("mark the alternatives", whole, alternatives.join(" ")));
        }
        self.report(diagnostic);
    }

    fn report_ignored(&mut self, items: &[Item]) {
        let mut optional = items.iter().filter(|item| item.prefix == Prefix::Optional);
        let Some(first) = optional.next() else { return };
        if items.iter().all(|item| item.prefix == Prefix::Optional) {
            return;
        }
        let mut diagnostic = Diagnostic::warning(
            codes::OPTIONAL_IGNORED,
            first.span.0,
            "terms with `?` are ignored beside plain or `-` terms",
        )
        .label("ignored")
        .help("use a regex for the alternatives: `%A|B% C`");
        for other in optional {
            diagnostic = diagnostic.also(other.span.0, "ignored");
        }
        self.report(diagnostic);
    }

    /// Reads one item. `None` after a fault.
    fn item(&mut self) -> Option<Item> {
        let start = self.at;
        let prefix = if self.eat("?") {
            Prefix::Optional
        } else if self.eat("-") {
            Prefix::Excluded
        } else {
            Prefix::Required
        };
        if prefix != Prefix::Required && !self.check_prefix(start) {
            return None;
        }
        let atom = self.atom(start)?;
        let item = Item { prefix, atom, span: Trivia(self.span_from(start)) };
        self.check_separated(start).then_some(item)
    }

    /// Whether one prefix was read and the next character can begin its term.
    fn check_prefix(&mut self, start: usize) -> bool {
        let prefix = Span::new(start, self.at);
        let written = self.text(prefix).to_owned();
        let (message, help) = match self.peek() {
            None => {
                (format!("the prefix `{written}` has no term"), "write the term directly behind the prefix")
            }
            Some(c) if lex::is_blank(c) => {
                let message = format!("the prefix `{written}` does not touch its term");
                let diagnostic = Diagnostic::error(codes::TERM_PREFIX, prefix, message)
                    .help("remove the blank; a literal hyphen or question mark needs quotes");
                let gap_end = self.end - self.rest().trim_start_matches(lex::is_blank).len();
                let fix = Fix::replace("remove the blank", Span::new(self.at, gap_end), "");
                self.report(diagnostic.fix(fix));
                return false;
            }
            Some('?' | '-') => {
                let term = self.rest().trim_start_matches(['?', '-']).len();
                self.at = self.end - term;
                let prefixes = self.span_from(start);
                self.report(
                    Diagnostic::error(codes::TERM_PREFIX, prefixes, "a term has one prefix at most")
                        .help("`?` marks alternatives, `-` excludes; they cannot be combined"),
                );
                self.skip_term();
                return false;
            }
            Some(_) => return true,
        };
        self.report(Diagnostic::error(codes::TERM_PREFIX, prefix, message).help(help));
        false
    }

    fn atom(&mut self, start: usize) -> Option<ItemAtom> {
        match self.peek() {
            Some('"') => {
                let (text, span) = self.quoted_text()?;
                if text.text.is_empty() || text.text == " " {
                    self.report_empty_phrase(&text.text, span);
                }
                Some(ItemAtom::Text(text))
            }
            Some('%') => self.regex_literal().map(ItemAtom::Regex),
            Some(quote) if wrong_quote(quote) => {
                self.wrong_term_quotes(quote);
                None
            }
            _ => self.word(start),
        }
    }

    fn report_empty_phrase(&mut self, text: &str, span: Span) {
        let message = if text.is_empty() {
            "an empty phrase asks for nothing"
        } else {
            "this asks for a blank in the message"
        };
        self.report(
            Diagnostic::warning(codes::EMPTY_PHRASE, span, message)
                .help("for every event leave the pattern empty"),
        );
    }

    /// Reads a word of letters, digits and underscores, up to the next blank.
    fn word(&mut self, item_start: usize) -> Option<ItemAtom> {
        let start = self.at;
        let word = lex::word(self.rest());
        self.at += word.len();
        let at_operator = ["||", "&&", "(", ")"].iter().any(|operator| self.rest().starts_with(operator));
        let offends = self.peek().filter(|c| !lex::is_blank(*c) && !matches!(c, '"' | '%') && !at_operator);
        if let Some(c) = offends {
            self.skip_term();
            let term = self.span_from(start);
            let found = self.text(term);
            let quoted = Fix::replace("quote the term", term, quote(found));
            let fixable = !found.contains(['"', '%']);
            let mut diagnostic = Diagnostic::error(
                codes::TERM_CHARACTER,
                term,
                format!("`{c}` is not allowed in an unquoted term"),
            )
            .help(if c == '*' {
                "a term is found anywhere in the message: drop the star; a literal one needs quotes"
            } else {
                "quote the term"
            })
            .service_text(format!("Invalid character(s) in term '{c}'"));
            if fixable {
                diagnostic = diagnostic.fix(quoted);
            }
            self.report(diagnostic);
            return None;
        }
        if word.is_empty() {
            let diagnostic = self.unexpected("a term");
            self.report(diagnostic);
            self.at = self.end.min(item_start.max(self.at) + self.peek().map_or(1, char::len_utf8));
            return None;
        }
        if !word.is_ascii() {
            let span = self.span_from(start);
            self.report(
                Diagnostic::warning(codes::UNICODE_WORD, span, format!("`{word}` has letters outside ASCII"))
                    .help("quote the term")
                    .fix(Fix::replace("quote the term", span, quote(word))),
            );
        }
        Some(ItemAtom::Text(Text { text: word.to_owned(), quoted: Trivia(false) }))
    }

    fn wrong_term_quotes(&mut self, quote_char: char) {
        let start = self.at;
        let inside_start = start + quote_char.len_utf8();
        let inside = self.source.get(inside_start..self.end).unwrap_or_default();
        let closing = inside.char_indices().find(|(_, c)| wrong_quote(*c) || *c == '"');
        self.at = closing.map_or(self.end, |(length, c)| inside_start + length + c.len_utf8());
        let span = self.span_from(start);
        let mut diagnostic =
            Diagnostic::error(codes::WRONG_QUOTES, span, format!("`{quote_char}` does not quote"))
                .help("only straight double quotes do: `\"…\"`")
                .service_text(format!("Invalid character(s) in term '{quote_char}'"));
        if let Some((length, _)) = closing {
            let text = inside.get(..length).unwrap_or_default();
            diagnostic = diagnostic.fix(Fix::replace("use straight double quotes", span, quote(text)));
        }
        self.report(diagnostic);
    }

    /// Whether a blank or the end follows; reports where two terms touch.
    fn check_separated(&mut self, start: usize) -> bool {
        match self.peek() {
            None | Some('|' | '&' | '(' | ')') => true,
            Some(c) if lex::is_blank(c) => true,
            Some(_) => {
                let touch = self.at;
                self.skip_term();
                let both = self.span_from(start);
                self.report(
                    Diagnostic::error(codes::TERM_PREFIX, both, "a blank is missing between two terms")
                        .help("separate terms by a blank")
                        .fix(Fix::replace("insert a blank", Span::at(touch), " ")),
                );
                false
            }
        }
    }

    /// Skips to the next blank outside of quotes.
    fn skip_term(&mut self) {
        let rest = self.rest();
        let mut skip_to = 0;
        for (at, c) in rest.char_indices() {
            if at < skip_to {
                continue;
            }
            if c == '"' {
                skip_to = at + super::skip_delimited(rest.get(at..).unwrap_or_default());
            } else if lex::is_blank(c) {
                return self.at += at;
            }
        }
        self.at = self.end;
    }
}

/// The text with every quoted text and regex left out.
fn without_delimited(text: &str) -> String {
    let mut skip_to = 0;
    text.char_indices()
        .filter(|(at, c)| {
            if *at >= skip_to && matches!(c, '"' | '%') {
                skip_to = at + super::skip_delimited(text.get(*at..).unwrap_or_default());
            }
            *at >= skip_to
        })
        .map(|(_, c)| c)
        .collect()
}
