//! What stands at a place of a text that may be half-written: its tokens, and what the place belongs to.

use crate::check::Language;
use crate::schema::Key;
use crate::syntax::filter::SelectorStep;
use crate::{FilterPattern, Span};

/// A step of a path into a record, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
    AnyElement,
    AnyMember,
}

impl Step {
    pub(super) fn key(&self) -> Key<'_> {
        match self {
            Step::Name(name) => Key::Name(name),
            Step::Index(number) => Key::Index(*number),
            Step::AnyElement => Key::AnyElement,
            Step::AnyMember => Key::AnyMember,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A name, a path, a number.
    Word,
    /// A text in quotes, quotes included; the end of the text closes it too.
    Quoted,
    /// Anything else, operators as one.
    Symbol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    span: Span,
}

/// What a place of a text belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A path into the record, or the beginning of one.
    Path(Span),
    /// A value that is compared with the field at `path`.
    Value {
        /// The field.
        path: String,
        /// The value as written, quotes included.
        span: Span,
        /// Whether it began with a quote.
        quoted: bool,
    },
    /// The name of a command.
    Command(Span),
    /// A name in an expression of a query.
    Name {
        /// The name as written.
        span: Span,
        /// The command it is in.
        command: String,
    },
    /// Inside a text, a comment or a regex.
    Elsewhere,
}

/// What stands at `offset`.
pub(super) fn place(text: &str, language: Language, offset: usize) -> Place {
    let mut tokens = tokens(text, language);
    let is_at = |token: &Token| token.span.range().start < offset && offset <= token.span.range().end;
    tokens.retain(|token| token.span.range().start < offset);
    let current = tokens.pop_if(|token| is_at(token) && token.kind != Kind::Symbol);
    let span = current.map_or(Span::at(offset), |token| token.span);
    let quoted = current.is_some_and(|token| token.kind == Kind::Quoted);
    if let Some(path) = compared(text, &tokens) {
        return Place::Value { path, span, quoted };
    }
    if quoted {
        return Place::Elsewhere;
    }
    match language {
        Language::FilterPattern => Place::Path(span),
        Language::LogsInsights => in_query(text, &tokens, span),
        Language::MetricsInsights | Language::MetricMath => Place::Name { span, command: String::new() },
    }
}

/// The word or path at `offset`, if one is there.
pub(super) fn word_at(text: &str, language: Language, offset: usize) -> Option<Span> {
    let token = tokens(text, language)
        .into_iter()
        .find(|token| token.kind == Kind::Word && token.span.range().contains(&offset))?;
    Some(token.span)
}

/// The text in quotes at `offset`, if one is there, and the path it is compared with.
pub(super) fn value_at(text: &str, language: Language, offset: usize) -> Option<(String, Span)> {
    let mut tokens = tokens(text, language);
    let at =
        tokens.iter().position(|token| token.kind != Kind::Symbol && token.span.range().contains(&offset))?;
    tokens.truncate(at + 1);
    let token = tokens.pop()?;
    Some((compared(text, &tokens)?, token.span))
}

/// The path that the next token would be compared with.
fn compared(text: &str, before: &[Token]) -> Option<String> {
    let mut rest = before.iter().rev();
    let is_word = |token: &Token, word: &str| token.span.slice(text).eq_ignore_ascii_case(word);
    let mut token = rest.next()?;
    // Inside a list, the operator stands before its bracket.
    while matches!(token.span.slice(text), "," | "[") || token.kind == Kind::Quoted {
        token = rest.next()?;
    }
    if is_word(token, "in") || is_word(token, "like") {
        token = rest.next()?;
        if is_word(token, "not") {
            token = rest.next()?;
        }
    } else if matches!(token.span.slice(text), "=" | "!=" | "==") {
        token = rest.next()?;
    } else {
        return None;
    }
    (token.kind == Kind::Word).then(|| token.span.slice(text).to_owned())
}

fn in_query(text: &str, before: &[Token], span: Span) -> Place {
    let starts = |token: &Token| matches!(token.span.slice(text), "|" | "(");
    let stage = before.iter().rposition(|token| token.span.slice(text) == "|").map_or(0, |at| at + 1);
    match before.get(stage) {
        None => Place::Command(span),
        // The pipeline of a subquery begins with a command too.
        Some(_) if before.last().is_some_and(starts) && is_nested(text, before) => Place::Command(span),
        Some(command) => Place::Name { span, command: command.span.slice(text).to_ascii_lowercase() },
    }
}

fn is_nested(text: &str, before: &[Token]) -> bool {
    let [.., word, open] = before else { return false };
    let word = word.span.slice(text);
    open.span.slice(text) == "("
        && (word.eq_ignore_ascii_case("in") || word.eq_ignore_ascii_case("appendcols"))
}

fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest, language);
        if let Some(kind) = kind {
            found.push(Token { kind, span: Span::new(at, at + length) });
        }
        at += length.max(1);
    }
    found
}

/// The kind and length of what `rest` begins with; no kind for blanks and comments.
fn next(rest: &str, language: Language) -> (Option<Kind>, usize) {
    let Some(first) = rest.chars().next() else { return (None, 0) };
    let run = |is_in: fn(char) -> bool| rest.find(|c| !is_in(c)).unwrap_or(rest.len());
    let comments = match language {
        Language::LogsInsights => "#",
        Language::MetricsInsights => "--",
        _ => "\0",
    };
    match first {
        _ if rest.starts_with(comments) => (None, rest.find('\n').unwrap_or(rest.len())),
        c if c.is_whitespace() => (None, run(char::is_whitespace)),
        '"' => (Some(Kind::Quoted), quoted(rest, '"')),
        '\'' if language != Language::FilterPattern => (Some(Kind::Quoted), quoted(rest, '\'')),
        '$' if language == Language::FilterPattern => (Some(Kind::Word), selector(rest)),
        '`' => (Some(Kind::Word), path(rest)),
        c if is_name(c) => {
            (Some(Kind::Word), if language == Language::LogsInsights { path(rest) } else { run(is_bare) })
        }
        '=' | '!' | '<' | '>' | '&' => {
            (Some(Kind::Symbol), run(|c| matches!(c, '=' | '!' | '<' | '>' | '&')))
        }
        c => (Some(Kind::Symbol), c.len_utf8()),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@')
}

fn is_bare(c: char) -> bool {
    is_name(c) || matches!(c, '.' | '*' | '+' | '-')
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            '\n' => return at,
            _ => {}
        }
    }
    rest.len()
}

/// `$.a.['b c'][0]`, perhaps half-written.
fn selector(rest: &str) -> usize {
    let mut inside: Option<char> = None;
    for (at, c) in rest.char_indices() {
        match (inside, c) {
            (Some(quote), c) if c == quote => inside = None,
            (Some(_), '\n') => return at,
            (Some(_), _) => {}
            (None, '\'') => inside = Some('\''),
            (None, '$' | '.' | '[' | ']' | '*' | '-') => {}
            (None, c) if is_name(c) => {}
            (None, _) => return at,
        }
    }
    rest.len()
}

/// ``a.b.`c d` ``, perhaps half-written.
fn path(rest: &str) -> usize {
    let mut inside = false;
    for (at, c) in rest.char_indices() {
        match c {
            '`' => inside = !inside,
            '\n' => return at,
            _ if inside => {}
            '.' => {}
            c if is_name(c) => {}
            _ => return at,
        }
    }
    rest.len()
}

/// A path as it is written in a language, step by step; `None` where it is none.
pub(super) fn steps(written: &str, language: Language) -> Option<Vec<Step>> {
    if language == Language::LogsInsights {
        return Some(query_steps(written));
    }
    let pattern = FilterPattern::parse(&format!("{{ {written} = 1 }}")).ok()?;
    let FilterPattern::Json(expr) = pattern else { return None };
    let selector = expr.leaves().first().map(|leaf| leaf.selector.clone())?;
    Some(selector.steps().iter().map(step).collect())
}

fn step(step: &SelectorStep) -> Step {
    match step {
        SelectorStep::Key(name) => Step::Name(name.as_str().to_owned()),
        SelectorStep::Index(number) => Step::Index(usize::try_from(*number).unwrap_or(usize::MAX)),
        SelectorStep::AnyElement => Step::AnyElement,
        SelectorStep::AnyMember => Step::AnyMember,
    }
}

fn query_steps(written: &str) -> Vec<Step> {
    let mut steps = vec![String::new()];
    let mut inside = false;
    for c in written.chars() {
        match c {
            '`' => inside = !inside,
            '.' if !inside => steps.push(String::new()),
            c => {
                if let Some(last) = steps.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    let numbered = |name: String| name.parse().map_or(Step::Name(name), Step::Index);
    steps.into_iter().map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the `^` in a text that has none.
    fn at(marked: &str, language: Language) -> (String, Place) {
        let offset = marked.find('^').unwrap();
        let text = marked.replace('^', "");
        let place = place(&text, language, offset);
        (text, place)
    }

    #[test]
    fn a_pattern_has_paths_and_values() {
        let (text, place) = at("{ $.eventSource = s3.amazonaws.com && $.userId^ }", Language::FilterPattern);
        assert!(matches!(place, Place::Path(span) if span.slice(&text) == "$.userId"));
        let (text, place) = at("{ $.eventName = \"Get^", Language::FilterPattern);
        assert_eq!(
            place,
            Place::Value { path: "$.eventName".into(), span: Span::new(16, text.len()), quoted: true }
        );
        let (_, place) = at("{ $.eventName = ^ }", Language::FilterPattern);
        assert!(matches!(place, Place::Value { quoted: false, .. }));
    }

    #[test]
    fn a_query_has_commands_names_and_values() {
        assert!(matches!(at("filter a = 1 | st^", Language::LogsInsights).1, Place::Command(_)));
        assert!(matches!(at("^", Language::LogsInsights).1, Place::Command(_)));
        let (_, place) = at("stats cou^", Language::LogsInsights);
        assert!(matches!(place, Place::Name { command, .. } if command == "stats"));
        let (_, place) = at("filter eventName in [\"GetObject\", \"Pu^\"]", Language::LogsInsights);
        assert!(matches!(place, Place::Value { path, .. } if path == "eventName"));
        let (_, place) = at("filter eventName like \"Ge^\"", Language::LogsInsights);
        assert!(matches!(place, Place::Value { path, .. } if path == "eventName"));
        assert_eq!(at("parse @message \"a^\" as b", Language::LogsInsights).1, Place::Elsewhere);
    }

    #[test]
    fn paths_are_read_step_by_step() {
        let name = |text: &str| Step::Name(text.into());
        assert_eq!(
            steps("$.resources[0].ARN", Language::FilterPattern),
            Some(vec![name("resources"), Step::Index(0), name("ARN")])
        );
        assert_eq!(
            steps("resources.0.`a.b`", Language::LogsInsights),
            Some(vec![name("resources"), Step::Index(0), name("a.b")])
        );
    }
}
