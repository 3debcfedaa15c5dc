//! Names: of namespaces, metrics, dimensions and tags, and what people write instead.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};
use crate::syntax::Trivia;

use super::super::ast::{Identifier, LabelKey};
use super::super::lex::{self, Kind};
use super::super::print::{name_in_quotes, needs_quotes};
use super::super::{codes, reserved};
use super::{Clause, Parser, foreign, shortened};

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Metric,
    Namespace,
    Dimension,
    /// A dimension in a list, where a blank is a missing comma rather than part of the name.
    Listed,
    Tag,
}

impl Named {
    pub(super) fn article(self) -> &'static str {
        match self {
            Named::Metric => "the name of a metric",
            Named::Namespace => "a namespace",
            Named::Dimension | Named::Listed => "a label",
            Named::Tag => "the key of a tag",
        }
    }

    fn may_have_blanks(self) -> bool {
        matches!(self, Named::Metric | Named::Namespace | Named::Dimension)
    }
}

const LONGEST_NAME: usize = 255;

impl<'a> Parser<'a> {
    /// `userName`, `"user name"`, `tag.env`, `AWS.AccountId`
    pub(super) fn label_key(&mut self, named: Named) -> Option<LabelKey> {
        let start = self.here();
        let unquoted = self.unquoted_here();
        if unquoted.eq_ignore_ascii_case(":aws.accountid") {
            let place = Span::new(start.range().start, start.range().start + unquoted.len());
            self.report(
                Diagnostic::error(
                    codes::SEARCH_ACCOUNT,
                    place,
                    format!("`{unquoted}` is how `SEARCH` spells the account"),
                )
                .help("write `AWS.AccountId`")
                .fix(Fix::replace("write `AWS.AccountId`", place, "AWS.AccountId")),
            );
            self.advance_to(place.range().end);
            return Some(LabelKey::Account { span: Trivia(place) });
        }
        if self.is_word("tag") && self.is_symbol_after(1, ".") {
            self.advance();
            self.advance();
            let mut key = self.name(Named::Tag)?;
            key.span = Trivia(start.to(key.span.0));
            return Some(LabelKey::Tag(key));
        }
        let is_account = self.is_word("aws")
            && self.is_symbol_after(1, ".")
            && self.word_after(2).eq_ignore_ascii_case("accountid")
            && (unquoted.len() == 3 || unquoted.len() == 4 || unquoted.eq_ignore_ascii_case("aws.accountid"));
        if is_account {
            for _ in 0..3 {
                self.advance();
            }
            return Some(LabelKey::Account { span: Trivia(start.to(self.last_span())) });
        }
        Some(LabelKey::Dimension(self.name(named)?))
    }

    /// A name, in double quotes or without; what is wrong with it is reported, and reading goes on as if it were right.
    pub(super) fn name(&mut self, named: Named) -> Option<Identifier> {
        let Some(token) = self.token() else { return self.fail(named.article()) };
        match token.kind {
            Kind::Name => {
                self.advance();
                self.quoted_name(token.span, named)
            }
            Kind::Text => {
                self.advance();
                let (name, _) = lex::unescape(self.inside(token.span));
                self.report(
                    Diagnostic::error(
                        codes::VALUE_FOR_NAME,
                        token.span,
                        format!(
                            "{} stands here, and `{}` is a value",
                            named.article(),
                            self.text(token.span)
                        ),
                    )
                    .help("single quotes are for values, double quotes for names")
                    .fix(Fix::replace(
                        "write double quotes",
                        token.span,
                        name_in_quotes(&name),
                    )),
                );
                Some(Identifier { name, span: Trivia(token.span) })
            }
            Kind::Foreign => {
                self.advance();
                let name = unwrapped(self.text(token.span)).to_owned();
                let written = if needs_quotes(&name) { name_in_quotes(&name) } else { name.clone() };
                self.report(
                    Diagnostic::error(
                        codes::FOREIGN_QUOTES,
                        token.span,
                        "names stand in straight double quotes, `\"`",
                    )
                    .help(format!("write `{written}`"))
                    .fix(Fix::replace("write straight quotes", token.span, written)),
                );
                Some(Identifier { name, span: Trivia(token.span) })
            }
            Kind::Word | Kind::Number | Kind::Odd | Kind::Symbol => self.bare_name(named),
            Kind::Unclosed => self.unclosed(token.span),
        }
    }

    fn quoted_name(&mut self, span: Span, named: Named) -> Option<Identifier> {
        let inside = self.inside(span);
        let (name, stray) = lex::unescape(inside);
        self.stray_escape(span, stray);
        if inside.contains(lex::is_line_end) {
            return self.over_lines(span);
        }
        self.possible_name(&name, span, named);
        Some(Identifier { name, span: Trivia(span) })
    }

    fn possible_name(&mut self, name: &str, span: Span, named: Named) {
        let message = if name.trim().is_empty() {
            format!("{} has at least one character that is no blank", named.article())
        } else if name.chars().count() > LONGEST_NAME {
            format!("{} has {LONGEST_NAME} characters at most", named.article())
        } else if name.starts_with(':')
            && matches!(named, Named::Namespace | Named::Dimension | Named::Listed)
        {
            format!("{} does not begin with a colon", named.article())
        } else {
            return;
        };
        self.report(
            Diagnostic::error(codes::IMPOSSIBLE_NAME, span, message)
                .help("write a name that a metric can have"),
        );
    }

    /// Reports a backslash at this offset behind the quote.
    pub(super) fn stray_escape(&mut self, span: Span, stray: Option<usize>) {
        let Some(offset) = stray else { return };
        let at = span.range().start + 1 + offset;
        self.report(
            Diagnostic::error(
                codes::STRAY_ESCAPE,
                Span::new(at, at + 1),
                "this backslash hides nothing that needs it",
            )
            .help("write `\\\\` for a backslash")
            .fix(Fix::replace("write two backslashes", Span::new(at, at + 1), "\\\\")),
        );
    }

    /// Reports a quote that is closed on another line.
    pub(super) fn over_lines<T>(&mut self, span: Span) -> Option<T> {
        let first = Span::new(span.range().start, span.range().start + 1);
        let quote = self.text(first).to_owned();
        self.report(
            Diagnostic::error(codes::UNCLOSED, first, format!("this `{quote}` is not closed on its line"))
                .help("names and values stand on one line"),
        );
        None
    }

    fn bare_name(&mut self, named: Named) -> Option<Identifier> {
        let first = self.token()?;
        let start = first.span.range().start;
        let text = self.unquoted_here();
        if first.kind != Kind::Word && !text.contains(|c: char| c.is_alphanumeric()) {
            return self.fail(named.article());
        }
        let is_word = first.kind == Kind::Word && text.len() == first.span.range().len();
        let structural = is_word && reserved::is_structural(text);
        if structural && !self.ends_name(1) {
            return self.fail(named.article());
        }
        self.advance_to(start + text.len());
        let blanks = named.may_have_blanks() && !structural && self.more_words();
        let span = Span::new(start, if blanks { self.last_span().range().end } else { start + text.len() });
        let name = self.text(span).to_owned();
        if !is_word || blanks {
            let trimmed = name.trim_end_matches(['.', ':']);
            let quoted = name_in_quotes(trimmed);
            self.report(
                Diagnostic::error(
                    codes::UNQUOTED_NAME,
                    span,
                    format!("`{}` needs double quotes", shortened(&name)),
                )
                .label(reason(&name))
                .help(format!("write `{quoted}`"))
                .fix(Fix::replace("write double quotes", span, quoted.clone())),
            );
        } else if reserved::is_reserved(&name) {
            let quoted = name_in_quotes(&name);
            let message = format!("`{name}` is a reserved word");
            let finding = if structural {
                Diagnostic::error(codes::STRUCTURAL_NAME, span, message)
            } else {
                Diagnostic::warning(codes::RESERVED_NAME, span, message)
            };
            self.report(finding.help(format!("write `{quoted}` where a name is meant")).fix(Fix::replace(
                "write double quotes",
                span,
                quoted.clone(),
            )));
        }
        Some(Identifier { name, span: Trivia(span) })
    }

    /// Steps over words that belong to a name with blanks, and tells whether there were any.
    fn more_words(&mut self) -> bool {
        let start = self.next;
        while let Some(token) = self.token() {
            let text = self.text(token.span);
            let belongs = match token.kind {
                Kind::Number | Kind::Odd => true,
                Kind::Word => {
                    !reserved::is_structural(text)
                        && !foreign::begins_clause(text)
                        && !foreign::is_operator(text)
                        && foreign::misspelt(text).is_none()
                        && !self.is_symbol_after(1, "(")
                }
                _ => false,
            };
            if !belongs {
                break;
            }
            self.advance_to(token.span.range().start + self.unquoted_here().len().max(1));
        }
        self.next > start
    }

    /// Whether what stands so many tokens further can only stand behind a name.
    fn ends_name(&self, further: usize) -> bool {
        let Some(token) = self.token_after(further) else { return true };
        let text = self.text(token.span);
        match token.kind {
            Kind::Symbol => matches!(text, ")" | "," | "=" | "!=" | ";" | "==" | "<>"),
            Kind::Word => Clause::of(text).is_some() || text.eq_ignore_ascii_case("and"),
            _ => false,
        }
    }

    /// What stands here, as far as it may be a name without its quotes.
    pub(super) fn unquoted_here(&self) -> &'a str {
        let start = self.here().range().start;
        lex::unquoted(self.source.get(start..).unwrap_or_default())
    }

    /// What stands between the quotes.
    pub(super) fn inside(&self, span: Span) -> &'a str {
        let text = self.text(span);
        text.get(1..text.len().saturating_sub(1)).unwrap_or_default()
    }
}

/// Why a name needs quotes, in a few words.
fn reason(name: &str) -> String {
    match name.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '_')) {
        Some(' ' | '\t' | '\n' | '\r') => "it has a blank".to_owned(),
        Some(c) => format!("it has `{c}`"),
        None => "it begins with a digit".to_owned(),
    }
}

/// A text without its first and last character.
pub(super) fn unwrapped(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}
