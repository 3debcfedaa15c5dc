//! How a text is written in each kind of place, so that a replacement can be written the same way.

use super::span_map::Place;

/// One way of writing a text inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// Between the double quotes of JSON.
    Json,
    /// In a string of TOML.
    Toml(crate::stack::quoted::Style),
    /// Between the double quotes of HCL.
    HclQuoted,
    /// In a heredoc of HCL, each line behind so many blanks.
    HclHeredoc { indent: usize },
    /// In YAML without quotes.
    YamlPlain,
    /// Between single quotes.
    YamlSingle,
    /// Between double quotes.
    YamlDouble,
    /// In a block whose lines stay lines, each behind so many blanks.
    YamlLiteral { indent: usize },
    /// In a block whose lines are joined by blanks.
    YamlFolded,
    /// In `Fn::Sub`, where `${` begins a variable.
    Sub,
    /// In the first argument of `format`, where `%` begins a verb.
    Format,
    /// In a fenced block of Markdown, each line behind so many blanks.
    Fence { indent: usize },
    /// As it is, but on one line.
    Line,
}

impl Layer {
    /// `text` as it is written there; `None` where it cannot be, or where what stands around it could change it.
    pub(super) fn spell(self, text: &str, place: Place) -> Option<String> {
        match self {
            Layer::Json => Some(escaped(text, |c| c.is_control(), |c| format!("\\u{:04x}", u32::from(c)))),
            Layer::Toml(style) => style.written(text),
            Layer::HclQuoted => {
                is_apart(text, place).then(|| templated(&escaped(text, is_control, hcl_code)))
            }
            Layer::HclHeredoc { indent } => {
                let fits = is_apart(text, place) && !text.chars().any(|c| is_control(c) && c != '\n');
                fits.then(|| templated(&indented(text, indent)))
            }
            Layer::YamlPlain => is_plain(text, place).then(|| text.to_owned()),
            Layer::YamlSingle => is_one_line(text, place).then(|| text.replace('\'', "''")),
            Layer::YamlDouble => Some(escaped(text, is_control, |c| format!("\\u{:04X}", u32::from(c)))),
            Layer::YamlLiteral { indent } => {
                let fits = !text.chars().any(|c| is_control(c) && !matches!(c, '\n' | '\t'));
                // The indentation of a block is that of its first line.
                let begins = !(place.is_first && text.starts_with([' ', '\n', '\t']));
                (fits && begins).then(|| indented(text, indent))
            }
            Layer::YamlFolded => is_one_line(text, place).then(|| text.to_owned()),
            Layer::Sub => {
                let is_cut =
                    text.ends_with('$') && !place.is_last || text.starts_with('{') && !place.is_first;
                (!is_cut).then(|| text.replace("${", "${!"))
            }
            Layer::Format => Some(text.replace('%', "%%")),
            Layer::Line => is_one_line(text, place).then(|| text.to_owned()),
            Layer::Fence { indent } => {
                (!text.contains("```") && !text.contains("~~~")).then(|| indented(text, indent))
            }
        }
    }
}

/// With backslashes before quotes and backslashes, the usual letters for the usual controls, and `code` for the others
/// that `is_refused`.
fn escaped(text: &str, is_refused: fn(char) -> bool, code: fn(char) -> String) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if is_refused(c) => written.push_str(&code(c)),
            c => written.push(c),
        }
    }
    written
}

fn is_control(c: char) -> bool {
    c.is_control()
}

fn hcl_code(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// With the beginnings of interpolations and directives doubled.
fn templated(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Whether a text makes no template together with what may stand before or behind it.
fn is_apart(text: &str, place: Place) -> bool {
    let runs_on = text.ends_with(['$', '%']) && !place.is_last;
    let is_run_into = text.starts_with('{') && !place.is_first;
    !runs_on && !is_run_into
}

/// With the indentation behind each line feed.
fn indented(text: &str, indent: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// Whether a text has no line ends, and no blanks where a line of the file could begin or end.
fn is_one_line(text: &str, place: Place) -> bool {
    let has_blank_end = text.starts_with(' ') && place.is_first || text.ends_with(' ') && place.is_last;
    !text.chars().any(is_control) && !has_blank_end
}

/// Whether a text can be a part of a plain scalar, in a list or map between brackets too.
fn is_plain(text: &str, place: Place) -> bool {
    let has_blank_end = text.starts_with(' ') || text.ends_with(' ');
    let begins = !place.is_first
        || text.chars().next().is_some_and(|c| !"!&*-?:,[]{}#|>@`\"'%".contains(c) && !c.is_whitespace());
    let is_refused = |c: char| c.is_control() || matches!(c, ',' | '[' | ']' | '{' | '}' | '#');
    begins
        && !has_blank_end
        && !text.is_empty()
        && !text.chars().any(is_refused)
        && !text.contains(": ")
        && !text.ends_with(':')
}
