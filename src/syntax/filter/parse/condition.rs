//! One condition of a JSON pattern: selector, operator, value, and what people write instead.

use crate::diagnostic::{Diagnostic, Fix};
use crate::{Severity, Span};

use super::super::ast::{Comparison, Condition, Selector, Trivia};
use super::super::codes;
use super::super::lex::{self, Relation, WordTest};
use super::value::{quote, wrong_quote};
use super::{Kind, Parser};

impl Parser<'_> {
    /// Reads a condition. `None` after a fault, reported and recovered from.
    pub(super) fn condition(&mut self) -> Option<Condition> {
        let start = self.at;
        let selector = self.selector()?;
        let had_blank = self.blank();
        let test_start = self.at;
        let test = match self.read(lex::word_test) {
            Ok(test) if had_blank => {
                self.check_keyword_case(test_start);
                match test {
                    WordTest::IsNull => Comparison::IsNull,
                    WordTest::IsBool(value) => Comparison::IsBool(value),
                    WordTest::NotExists => Comparison::NotExists,
                }
            }
            Ok(_) => {
                let keyword = self.span_from(test_start);
                self.report(
                    Diagnostic::error(codes::UNEXPECTED, keyword, "a blank is needed before the keyword")
                        .fix(Fix::replace("insert a blank", Span::at(test_start), " ")),
                );
                return None;
            }
            Err(_) => self.relation_test(selector.span.0)?,
        };
        Some(Condition { selector, test, span: Trivia(self.span_from(start)) })
    }

    fn relation_test(&mut self, subject: Span) -> Option<Comparison> {
        let start = self.at;
        let Ok(relation) = self.read(lex::relation) else {
            let diagnostic = self.operator_fault(subject);
            self.report(diagnostic);
            return None;
        };
        let operator = self.span_from(start);
        match relation {
            Relation::Equal => self.value(Kind::Json, subject, operator).map(Comparison::Equal),
            Relation::NotEqual => self.value(Kind::Json, subject, operator).map(Comparison::NotEqual),
            Relation::Order(ordering) => {
                self.ordered_number(ordering).map(|number| Comparison::Order(ordering, number))
            }
        }
    }

    fn check_keyword_case(&mut self, start: usize) {
        let span = self.span_from(start);
        let written = self.text(span);
        let capitals = written.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
        if written.bytes().any(|b| b.is_ascii_lowercase()) {
            self.report(
                Diagnostic::new(
                    codes::KEYWORD_CASE,
                    Severity::Info,
                    span,
                    format!("`{written}` is not in capitals"),
                )
                .help(format!("write `{capitals}`"))
                .fix(Fix::replace("use capitals", span, capitals)),
            );
        }
    }

    pub(super) fn selector(&mut self) -> Option<Selector> {
        let start = self.at;
        if !self.eat("$") {
            let diagnostic = self.selector_fault();
            self.report(diagnostic);
            return None;
        }
        let mut steps = Vec::new();
        while self.rest().starts_with(['.', '[']) {
            let step_start = self.at;
            let Ok((step, undotted_key)) = self.read(lex::selector_step) else {
                let diagnostic = self.step_fault(start);
                self.report(diagnostic);
                self.recover();
                return None;
            };
            if undotted_key {
                self.report_undotted_key(step_start);
            }
            steps.push(step);
        }
        let span = self.span_from(start);
        let Some(mut selector) = Selector::new(steps).filter(|_| self.at_selector_end()) else {
            let diagnostic = self.selector_end_fault(span);
            self.report(diagnostic);
            self.recover();
            return None;
        };
        selector.span = Trivia(span);
        self.count_wildcards(&selector);
        Some(selector)
    }

    fn count_wildcards(&mut self, selector: &Selector) {
        let found = selector.wildcards();
        let (a_selector, a_pattern) = (self.limits.wildcards_per_selector, self.limits.wildcard_selectors);
        if found > a_selector {
            self.report(
                Diagnostic::error(
                    codes::SELECTOR_WILDCARDS,
                    selector.span.0,
                    format!("the selector has {found} wildcards, the limit is {a_selector}"),
                )
                .help("name the other levels: `[0]` or `.key`")
                .service_text(format!(
                    "Your filter pattern has a JSON path selector that exceeds the maximum of {a_selector} wildcard \
                     allowed per json selector."
                )),
            );
        }
        self.wildcard_selectors += usize::from(found > 0);
        if found > 0 && self.wildcard_selectors.checked_sub(1) == Some(a_pattern) {
            self.report(
                Diagnostic::error(
                    codes::WILDCARD_SELECTORS,
                    selector.span.0,
                    format!("this is selector number {} with a wildcard, the limit is {a_pattern}", self.wildcard_selectors),
                )
                .help("split the pattern over two filters")
                .service_text(format!(
                    "Your input has exceeded the maximum of {a_pattern} JSON wildcard selectors allowed per filter \
                     pattern."
                )),
            );
        }
    }

    fn report_undotted_key(&mut self, start: usize) {
        let bracket = self.span_from(start);
        let dotted = format!(".{}", self.text(bracket));
        self.report(
            Diagnostic::warning(
                codes::UNDOTTED_KEY,
                bracket,
                "a bracketed key is documented with a dot before it",
            )
            .help(format!("write `{dotted}`"))
            .fix(Fix::replace("insert the dot", Span::at(start), ".")),
        );
    }

    /// Whether something stands here that may follow a selector.
    fn at_selector_end(&self) -> bool {
        match self.peek() {
            None | Some('=' | '!' | '<' | '>' | '~' | '&' | '|' | ')' | '}' | ',') => true,
            Some(':') => self.rest().chars().nth(1).is_none_or(|c| lex::is_blank(c) || c == '='),
            // A word directly behind a bracket: the test that follows says that a blank is missing.
            Some(c) => lex::is_blank(c) || c.is_ascii_alphabetic(),
        }
    }

    /// What is wrong where a selector should begin; moves on.
    fn selector_fault(&mut self) -> Diagnostic {
        let start = self.at;
        let follows_joint = self
            .source
            .get(..start)
            .unwrap_or_default()
            .trim_end_matches(lex::is_blank)
            .ends_with(['&', '|']);
        match self.peek() {
            None | Some(')' | '}' | '&' | '|') => {
                let diagnostic = self.unexpected("a condition").help("as in `$.eventName = \"GetObject\"`");
                // What stands here may itself be the joint at which reading goes on.
                if !self.rest().starts_with(')') {
                    self.recover();
                }
                diagnostic
            }
            Some('.') => {
                self.recover();
                Diagnostic::error(
                    codes::MISSING_DOLLAR,
                    Span::new(start, start + 1),
                    "the selector has no `$`",
                )
                .help("a selector begins with `$.`; in a shell, single quotes keep the `$`")
                .fix(Fix::replace("insert `$`", Span::at(start), "$"))
            }
            Some('"') => self.value_in_front(follows_joint),
            Some(c) if wrong_quote(c) || c.is_ascii_digit() => {
                self.recover();
                let extent = self.trimmed_from(start);
                if follows_joint && !self.text(extent).contains('$') {
                    value_list(extent)
                } else {
                    value_first(extent)
                }
            }
            Some(c) if c.is_alphabetic() || c == '_' => self.word_in_front(follows_joint),
            Some(_) => {
                let diagnostic =
                    self.unexpected("a condition").help("a condition begins with a selector: `$.eventName`");
                self.recover();
                diagnostic
            }
        }
    }

    /// A quoted text where a selector should be: an example event, a value list, or a condition the wrong way round.
    fn value_in_front(&mut self, follows_joint: bool) -> Diagnostic {
        let start = self.at;
        if self.read(lex::quoted).is_err() {
            self.at = self.end;
            return Diagnostic::error(
                codes::UNTERMINATED_QUOTE,
                Span::new(start, start + 1),
                "this quote is never closed",
            )
            .help("add the closing `\"`");
        }
        let quoted = self.span_from(start);
        self.blank();
        if self.rest().starts_with(':') {
            let member = self.text(quoted);
            self.at = self.end;
            return Diagnostic::error(
                codes::EXAMPLE_OBJECT,
                Span::new(start, self.end),
                "this is an event, not a pattern",
            )
            .help(format!("name the member by a selector: `$.{} = …`", member.trim_matches('"')))
            .service_text("Invalid metric filter pattern");
        }
        self.recover();
        let extent = self.trimmed_from(start);
        if follows_joint && extent == quoted {
            return value_list(extent);
        }
        value_first(extent).service_text(format!("Invalid character(s) in term '{}'", self.text(quoted)))
    }

    /// A word where a selector should be: a field without `$.`, or a value list.
    fn word_in_front(&mut self, follows_joint: bool) -> Diagnostic {
        let start = self.at;
        let path_end = self.rest().find(|c: char| !(c.is_alphanumeric() || "_-.[]*'".contains(c)));
        let path = self.rest().get(..path_end.unwrap_or(self.rest().len())).unwrap_or_default();
        let span = Span::new(start, start + path.len());
        self.at = span.range().end;
        self.blank();
        let alone = self.rest().is_empty() || self.rest().starts_with([')', '&', '|']);
        self.recover();
        if follows_joint && alone {
            return value_list(span);
        }
        Diagnostic::error(codes::MISSING_DOLLAR, span, format!("`{path}` is no selector"))
            .help(format!("write `$.{path}`"))
            .fix(Fix::replace("insert `$.`", Span::at(start), "$."))
    }

    /// What is wrong with a step that begins at the current place with a dot or a bracket.
    fn step_fault(&self, selector_start: usize) -> Diagnostic {
        let rest = self.rest();
        let behind = rest.strip_prefix('.').unwrap_or(rest);
        let piece = |length: usize| rest.get(..length).unwrap_or(rest);
        let bracket = rest.find(']').map_or(rest.len(), |at| at + 1);
        let (length, message, help, service) = if rest.starts_with("..") {
            (
                2,
                "there is no recursive descent".to_owned(),
                "name every level of the path",
                Some("$..".to_owned()),
            )
        } else if behind.starts_with("[-") {
            let help = "elements count from the start: `[0]` is the first";
            (bracket, "an index cannot be negative".to_owned(), help, Some("[-".to_owned()))
        } else if behind.starts_with('[')
            && piece(bracket).contains(':')
            && !piece(bracket).contains(['\'', '"'])
        {
            let service = piece(rest.find(':').map_or(0, |at| at + 1)).trim_start_matches('.').to_owned();
            (
                bracket,
                "there are no slices".to_owned(),
                "use one index, or `[*]` for all elements",
                Some(service),
            )
        } else if behind.starts_with('[') && !behind.contains(']') {
            (1, "this bracket is never closed".to_owned(), "add the `]`", None)
        } else if behind.starts_with("[]") {
            (bracket, "the brackets are empty".to_owned(), "write `[0]`, `[*]` or `['key']`", None)
        } else if behind.starts_with('[') {
            let help = "write `[0]`, `[*]` or, for a key, `['key']`, without blanks";
            (bracket, format!("`{}` is no step", piece(bracket)), help, None)
        } else if behind.is_empty() || behind.starts_with(|c: char| lex::is_blank(c)) {
            (
                1,
                "the selector ends in a dot".to_owned(),
                "a selector has no blanks, and a key after each dot",
                None,
            )
        } else {
            let length = 1 + behind.chars().next().map_or(0, char::len_utf8);
            let help = "a key with other characters than letters, digits, `_` and `-` is written `.['key']`";
            (length, format!("`{}` cannot begin a key", piece(length).trim_start_matches('.')), help, None)
        };
        let diagnostic =
            Diagnostic::error(codes::BAD_SELECTOR, Span::new(self.at, self.at + length), message)
                .help(help)
                .also(Span::new(selector_start, self.at), "in this selector");
        match service {
            Some(text) => diagnostic.service_text(format!("Invalid character(s) in term '{text}'")),
            None => diagnostic,
        }
    }

    /// What is wrong with a selector that has no steps, or a character behind it that cannot follow.
    fn selector_end_fault(&mut self, selector: Span) -> Diagnostic {
        let written = self.text(selector);
        match self.peek() {
            Some(c) if written == "$" && (c.is_alphanumeric() || c == '_') => {
                let word = lex::word(self.rest());
                let span = Span::new(selector.range().start, self.at + word.len());
                Diagnostic::error(codes::MISSING_DOLLAR, span, format!("`${word}` is no selector"))
                    .help(format!("write `$.{word}`; `$name` belongs to space-delimited patterns"))
                    .fix(Fix::replace("insert the dot", Span::at(self.at), "."))
            }
            Some('(') if written != "$" => {
                Diagnostic::error(codes::BAD_SELECTOR, self.here(), "a selector has no functions")
                    .help("a selector is a path of `.key`, `[0]` and `[*]`")
            }
            Some(c) if !lex::is_blank(c) && written != "$" => {
                let key = written.rsplit(['.', ']']).next().unwrap_or_default();
                let end = self.rest().find(|c: char| lex::is_blank(c) || "=!<>&|()".contains(c));
                let tail = self.rest().get(..end.unwrap_or(self.rest().len())).unwrap_or_default();
                Diagnostic::error(codes::BAD_SELECTOR, self.here(), format!("`{c}` cannot stand in a key"))
                    .help(format!("write the key in brackets: `.['{key}{tail}']`"))
            }
            _ => Diagnostic::error(codes::BAD_SELECTOR, selector, "the selector names no member")
                .help("name one after `$.`, without blanks: `$.eventName`"),
        }
    }

    /// What is wrong where an operator should be; moves on.
    fn operator_fault(&mut self, subject: Span) -> Diagnostic {
        const SYMBOLS: [(&str, Option<&str>); 18] = [
            ("!==", Some("!=")),
            ("===", Some("=")),
            ("==", Some("=")),
            ("=~", None),
            ("!~", None),
            ("=!", Some("!=")),
            ("<>", Some("!=")),
            ("=<", Some("<=")),
            ("=>", Some(">=")),
            (":=", Some("=")),
            ("<<", None),
            (">>", None),
            (">~", None),
            ("<~", None),
            (">!", None),
            ("<!", None),
            ("~", None),
            (":", Some("=")),
        ];
        const WORDS: [&str; 12] = [
            "LIKE",
            "IN",
            "CONTAINS",
            "BETWEEN",
            "MATCHES",
            "MATCH",
            "STARTSWITH",
            "ENDSWITH",
            "EQUALS",
            "EQ",
            "NE",
            "RLIKE",
        ];
        let start = self.at;
        let rest = self.rest();
        let word = lex::word(rest).to_owned();
        let written = self.text(subject).to_owned();
        if let Some((symbol, instead)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            let span = Span::new(start, start + symbol.len());
            self.recover();
            let diagnostic =
                Diagnostic::error(codes::UNKNOWN_OPERATOR, span, format!("`{symbol}` is no operator"));
            return match instead {
                Some(instead) => diagnostic.help(format!("write `{instead}`")).fix(Fix::replace(
                    format!("write `{instead}`"),
                    span,
                    *instead,
                )),
                None => diagnostic.help("a regex is compared by `=` or `!=`: `= %^Get%`"),
            };
        }
        if WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            let span = Span::new(start, start + word.len());
            self.recover();
            return Diagnostic::error(codes::UNKNOWN_OPERATOR, span, format!("`{word}` is no operator"))
                .help("use `=` with a star at an end (`\"Put*\"`), a regex (`%^x$|^y$%`), or repeat the selector for each value");
        }
        let tests = ["exists", "exist", "is", "not", "isnull", "notexists", "missing"];
        if tests.iter().any(|test| word.eq_ignore_ascii_case(test)) {
            return self.test_fault(&word, &written);
        }
        if rest.starts_with('.') {
            self.recover();
            return Diagnostic::error(
                codes::BAD_SELECTOR,
                Span::new(start, start + 1),
                "there is a blank inside the selector",
            )
            .help("write the path without blanks");
        }
        let mut diagnostic = self.unexpected("an operator").help(format!(
            "one of `=`, `!=`, `<`, `<=`, `>`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE`, `NOT EXISTS`; for existence `{written} = \"*\"`"
        ));
        let is_joint = ["and", "or"].iter().any(|joint| word.eq_ignore_ascii_case(joint));
        if rest.starts_with('"') || (!word.is_empty() && !is_joint) {
            diagnostic = diagnostic.fix(Fix::replace("insert `=`", Span::at(start), "= "));
        }
        self.recover();
        diagnostic
    }

    fn test_fault(&mut self, word: &str, subject: &str) -> Diagnostic {
        let start = self.at;
        self.recover();
        let extent = self.trimmed_from(start);
        let written = self.text(extent);
        let upper = written.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
        if upper == "IS" || upper == "NOT" {
            let wanted = if upper == "IS" { "`NULL`, `TRUE` or `FALSE`" } else { "`EXISTS`" };
            let message = format!("expected {wanted} after `{written}`");
            return Diagnostic::error(codes::UNEXPECTED, extent, message);
        }
        let exists = quote("*");
        let instead: Option<String> = match upper.as_str() {
            "EXISTS" | "EXIST" | "IS NOT MISSING" => Some(format!("= {exists}")),
            "NOT EXIST" | "NOTEXISTS" | "IS MISSING" | "MISSING" => Some("NOT EXISTS".to_owned()),
            "ISNULL" => Some("IS NULL".to_owned()),
            _ => None,
        };
        let service =
            if word.eq_ignore_ascii_case("not") || upper.starts_with("IS NOT") { "NOT" } else { word };
        let diagnostic =
            Diagnostic::error(codes::UNKNOWN_TEST, extent, format!("there is no test `{written}`"))
                .service_text(format!("Invalid character(s) in term '{service}'"));
        match instead {
            Some(instead) => diagnostic
                .help(format!("write `{subject} {instead}`"))
                .fix(Fix::replace(format!("write `{instead}`"), extent, instead)),
            None => diagnostic.help(format!(
                "there are `IS NULL`, `IS TRUE`, `IS FALSE` and `NOT EXISTS`; a text or number that is there fulfils `{subject} = {exists}`"
            )),
        }
    }
}

fn value_list(span: Span) -> Diagnostic {
    Diagnostic::error(codes::VALUE_LIST, span, "a value stands where a condition is due")
        .help("repeat the selector for every value, or use one regex such as `%^x$|^y$%`")
}

fn value_first(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SIDES, span, "a condition begins with a selector")
        .help("write the selector on the left, then the operator, then the value")
}
