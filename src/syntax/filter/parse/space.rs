//! Space-delimited patterns: a list of fields, with or without conditions.

use crate::Span;
use crate::diagnostic::{Diagnostic, Fix};

use super::super::ast::{Entry, FieldTest, FilterPattern, Name, SpacePattern};
use super::super::codes;
use super::super::lex::{self, Relation};
use super::{Kind, Parser, skip_delimited};

impl Parser<'_> {
    pub(super) fn space(&mut self) -> Option<FilterPattern> {
        if !self.enter_brackets('[', ']') {
            return None;
        }
        let end = self.end;
        self.blank();
        let mut entries = Vec::new();
        if !self.rest().is_empty() {
            loop {
                self.end = self.at + next_comma(self.rest());
                self.blank();
                let start = self.at;
                if let Some(entry) = self.entry() {
                    entries.push(entry);
                    self.report_duplicate(&entries, start);
                }
                self.at = self.end;
                self.end = end;
                if !self.eat(",") {
                    break;
                }
            }
        }
        SpacePattern::new(entries).ok().map(FilterPattern::Space)
    }

    /// Reads one entry up to its end. `None` after a fault.
    fn entry(&mut self) -> Option<Entry> {
        if self.rest().is_empty() {
            self.report(
                Diagnostic::warning(codes::EMPTY_ENTRY, Span::at(self.at), "this entry has no name")
                    .label("one field of any text")
                    .help(
                        "name the field; older editions of the guide show empty entries, newer ones do not",
                    ),
            );
            return Some(Entry::Unnamed);
        }
        if self.eat("...") {
            self.blank();
            if self.rest().is_empty() {
                return Some(Entry::Ellipsis);
            }
            let diagnostic = self.unexpected("`,` or `]`").help("an ellipsis has no condition");
            self.report(diagnostic);
            return None;
        }
        let start = self.at;
        let mut name: Option<Name> = None;
        let before = self.diagnostics.len();
        let test = if self.is_lone_name() {
            name = self.field_name();
            None
        } else {
            self.expression(Kind::Space, &mut |parser| parser.field_test(&mut name))
        };
        if self.diagnostics.iter().skip(before).any(Diagnostic::is_error) {
            return None;
        }
        let Some(name) = name else {
            let span = self.trimmed_from(start);
            self.report(Diagnostic::error(codes::UNEXPECTED, span, "expected a field name"));
            return None;
        };
        Some(Entry::Field { name, test })
    }

    /// Whether the entry is a single word.
    fn is_lone_name(&self) -> bool {
        lex::name(self.rest()).is_ok_and(|(rest, _)| rest.trim_start_matches(lex::is_blank).is_empty())
    }

    fn field_name(&mut self) -> Option<Name> {
        let name = self.read(lex::name).ok().and_then(Name::new);
        self.blank();
        name
    }

    /// Reads one test of the entry's field; the first name in an entry is the entry's own.
    fn field_test(&mut self, own: &mut Option<Name>) -> Option<FieldTest> {
        let start = self.at;
        let Some(name) = self.read(lex::name).ok().and_then(Name::new) else {
            let diagnostic = self.name_fault(own.as_ref());
            self.report(diagnostic);
            self.recover();
            return None;
        };
        let name_span = self.span_from(start);
        let had_blank = self.blank();
        let operator_start = self.at;
        if had_blank && self.report_test_words() {
            own.get_or_insert(name);
            return None;
        }
        let Ok(relation) = self.read(lex::relation) else {
            self.relation_fault(own, name, name_span);
            return None;
        };
        let operator = self.span_from(operator_start);
        let is_foreign = own.as_ref().is_some_and(|own| *own != name);
        let own_name = own.get_or_insert_with(|| name.clone()).clone();
        let test = match relation {
            Relation::Equal => self.value(Kind::Space, name_span, operator).map(FieldTest::Equal),
            Relation::NotEqual => self.value(Kind::Space, name_span, operator).map(FieldTest::NotEqual),
            Relation::Order(ordering) => {
                self.ordered_number(ordering).map(|number| FieldTest::Order(ordering, number))
            }
        };
        if is_foreign {
            self.report(
                Diagnostic::error(
                    codes::FOREIGN_FIELD,
                    name_span,
                    format!("the entry of `{own_name}` cannot test `{name}`"),
                )
                .help(format!("test `{name}` in an entry of its own; the comma between entries means and"))
                .service_text("Invalid metric filter pattern"),
            );
            return None;
        }
        test
    }

    /// `IS …`, `NOT EXISTS` and the like behind a field name: reported and skipped.
    fn report_test_words(&mut self) -> bool {
        let word = lex::word(self.rest());
        let words = ["is", "not", "exists", "exist"];
        if !words.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return false;
        }
        let start = self.at;
        self.recover();
        let extent = self.trimmed_from(start);
        let written = self.text(extent);
        self.report(
            Diagnostic::error(
                codes::NOT_FOR_FIELDS,
                extent,
                format!("a field of a line has no test `{written}`"),
            )
            .help("a field is always there and always a text: use `=`, `!=` or an order with a number"),
        );
        true
    }

    fn relation_fault(&mut self, own: &mut Option<Name>, name: Name, name_span: Span) {
        let rest = self.rest();
        let is_glued = self.at == name_span.range().end;
        let symbols = ["===", "==", "=~", "<>", "!==", "=<", "=>", "=!", "!~", "~", ":"];
        let joint_behind = rest.is_empty() || rest.starts_with([')', '&', '|']);
        let words = ["like", "in", "contains", "matches"];
        let word = lex::word(rest).to_ascii_lowercase();
        let diagnostic = if let Some(symbol) = symbols.iter().find(|symbol| rest.starts_with(**symbol)) {
            let span = Span::new(self.at, self.at + symbol.len());
            let diagnostic =
                Diagnostic::error(codes::UNKNOWN_OPERATOR, span, format!("`{symbol}` is no operator"))
                    .help("the operators are `=`, `!=`, `<`, `<=`, `>` and `>=`");
            let instead = match *symbol {
                "==" | "===" => Some("="),
                "<>" | "!==" | "=!" => Some("!="),
                "=<" => Some("<="),
                "=>" => Some(">="),
                _ => None,
            };
            match instead {
                Some(instead) => diagnostic.fix(Fix::replace(format!("write `{instead}`"), span, instead)),
                None => diagnostic,
            }
        } else if words.contains(&word.as_str()) {
            let span = Span::new(self.at, self.at + word.len());
            Diagnostic::error(codes::UNKNOWN_OPERATOR, span, format!("`{}` is no operator", self.text(span)))
                .help("use `=` with a star at an end (`*html*`) or a regex (`%a|b%`)")
        } else if let (true, Some(own)) = (joint_behind, own.as_ref()) {
            let help = format!("repeat the field for every value: `{own} = {name}`");
            Diagnostic::error(codes::VALUE_LIST, name_span, "a value stands where a test is due").help(help)
        } else if rest.starts_with('.') || rest.starts_with('[') || rest.starts_with('$') {
            Diagnostic::error(
                codes::NOT_FOR_FIELDS,
                self.here(),
                format!("{} cannot stand in a field name", self.found()),
            )
            .help("a field name holds letters, digits, `_` and `-`; selectors belong into `{ … }`")
        } else if own.is_none()
            && is_glued
            && !rest.is_empty()
            && !joint_behind
            && !rest.starts_with(['"', '%', '('])
        {
            Diagnostic::error(
                codes::NOT_FOR_FIELDS,
                self.here(),
                format!("{} cannot stand in a field name", self.found()),
            )
            .help("a field name holds letters, digits, `_` and `-`")
        } else {
            self.unexpected("an operator")
                .help("one of `=`, `!=`, `<`, `<=`, `>`, `>=`; entries are separated by commas")
        };
        own.get_or_insert(name);
        self.report(diagnostic);
        self.recover();
    }

    /// What is wrong where a field name should be.
    fn name_fault(&self, own: Option<&Name>) -> Diagnostic {
        match (self.peek(), own) {
            (Some('$'), _) => Diagnostic::error(
                codes::NOT_FOR_FIELDS,
                self.here(),
                "a space-delimited pattern has no selectors",
            )
            .help("name the field without `$`; `$name` is for metric values and dimensions"),
            (Some('"' | '%'), Some(own)) => {
                Diagnostic::error(codes::VALUE_LIST, self.here(), "a value stands where a test is due")
                    .help(format!("repeat the field for every value: `{own} = …`"))
            }
            (None | Some(')' | '&' | '|'), _) => self.unexpected("a test of the field"),
            (Some('%' | '=' | '!' | '<' | '>' | '('), None) => {
                self.unexpected("a field name").help("an entry is a name, or a name, an operator and a value")
            }
            (Some('.'), _) if self.rest().starts_with("..") => {
                self.unexpected("a field name").help("an ellipsis has three dots: `...`")
            }
            _ => Diagnostic::error(
                codes::NOT_FOR_FIELDS,
                self.here(),
                format!("{} cannot stand in a field name", self.found()),
            )
            .help("a field name holds letters, digits, `_` and `-`"),
        }
    }

    fn report_duplicate(&mut self, entries: &[Entry], start: usize) {
        let Some((last, earlier)) = entries.split_last() else { return };
        let span = self.trimmed_from(start);
        let diagnostic = match last {
            Entry::Ellipsis if earlier.contains(&Entry::Ellipsis) => {
                Diagnostic::error(codes::SECOND_ELLIPSIS, span, "there is a second ellipsis")
                    .help("keep one `...`")
                    .service_text("Duplicate field '...'")
            }
            Entry::Field { name, .. } => {
                let repeats = earlier
                    .iter()
                    .any(|entry| matches!(entry, Entry::Field { name: other, .. } if other == name));
                if !repeats {
                    return;
                }
                let name_span = Span::new(start, start + name.as_str().len());
                Diagnostic::error(
                    codes::DUPLICATE_FIELD,
                    name_span,
                    format!("the field `{name}` stands twice"),
                )
                .help("give each column a name of its own")
                .service_text(format!("Duplicate field '{name}'"))
            }
            _ => return,
        };
        // A fault read before this entry leaves the last good entry in place: only a new one is compared.
        if !self
            .diagnostics
            .iter()
            .any(|known| known.span() == diagnostic.span() && known.code == diagnostic.code)
        {
            self.report(diagnostic);
        }
    }
}

/// The offset of the comma that ends the entry, outside of quotes, regexes and parentheses; else the length.
fn next_comma(text: &str) -> usize {
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        match c {
            '"' | '%' => skip_to = at + skip_delimited(text.get(at..).unwrap_or_default()),
            ',' => return at,
            _ => {}
        }
    }
    text.len()
}
