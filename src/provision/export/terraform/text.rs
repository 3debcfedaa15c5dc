//! Texts as templates of HCL: what has to be escaped so that they come out equal to the byte.

use super::super::value::{Fact, Piece};
use super::Labels;

/// A text between double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", inside_quotes(text))
}

/// A text of pieces between double quotes; an expression where it is nothing but one.
pub(super) fn quoted_pieces(pieces: &[Piece], labels: &Labels) -> String {
    if let [Piece::Fact(fact)] = pieces
        && !(labels.region.is_some() && *fact == Fact::Region)
    {
        return labels.fact(*fact);
    }
    let inside: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => inside_quotes(text),
            Piece::Fact(fact) => interpolated(*fact, labels, inside_quotes),
        })
        .collect();
    format!("\"{inside}\"")
}

/// The same as a template without quotes, as strings of the JSON syntax are read.
pub(super) fn template_of_pieces(pieces: &[Piece], labels: &Labels) -> String {
    let template = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => template_of_text(text),
        Piece::Fact(fact) => interpolated(*fact, labels, template),
    });
    template.collect()
}

/// A fact inside a text: an interpolation, or what the stack says itself.
fn interpolated(fact: Fact, labels: &Labels, spelled: fn(&str) -> String) -> String {
    match &labels.region {
        Some(region) if fact == Fact::Region => spelled(region),
        _ => format!("${{{}}}", labels.fact(fact)),
    }
}

/// A text as a string of the JSON syntax is read. Terraform takes a mark of byte order away from its start, and where a carriage
/// return is in it reads `$$${` as it stands there: such a text is one of HCL, between quotes, in an interpolation.
pub(super) fn template_of_text(text: &str) -> String {
    let is_misread = text.contains('\r') && (text.contains("$${") || text.contains("%%{"));
    if is_misread || text.starts_with('\u{feff}') { format!("${{{}}}", quoted(text)) } else { template(text) }
}

/// A text in which nothing is interpolated: `${` and `%{` are doubled.
pub(super) fn template(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

fn inside_quotes(text: &str) -> String {
    let mut inside = String::new();
    for c in template(text).chars() {
        match c {
            '"' | '\\' => inside.extend(['\\', c]),
            '\n' => inside.push_str("\\n"),
            '\r' => inside.push_str("\\r"),
            '\t' => inside.push_str("\\t"),
            c if is_printed(c) => inside.push(c),
            c => inside.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    inside
}

/// Whether a character is visible in an editor, or at least harmless.
fn is_printed(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// A heredoc: its lines without their indentation, and the word that ends it.
pub(super) struct Heredoc {
    pub(super) lines: Vec<String>,
    pub(super) end: String,
    /// Whether the text lacks the line end that a heredoc always has.
    pub(super) is_chomped: bool,
}

impl Heredoc {
    /// The heredoc that says exactly this text. None where a text has one line, where it has characters that only an
    /// escape spells, or where `<<-` would take away blanks of its own: it takes as many from each line as the least
    /// indented one has, and does not count lines of blanks.
    pub(super) fn of(text: &str) -> Option<Heredoc> {
        let body = text.strip_suffix('\n').unwrap_or(text);
        let lines: Vec<&str> = body.split('\n').collect();
        let begins_at_margin = |line: &&&str| line.starts_with(|c: char| !c.is_whitespace());
        let is_blank = |line: &&str| !line.is_empty() && line.trim().is_empty();
        let fits = lines.len() > 1
            && lines.iter().any(|line| begins_at_margin(&line))
            && !lines.iter().any(is_blank)
            && text.chars().all(|c| matches!(c, '\n' | '\t') || is_printed(c));
        let is_chomped = !text.ends_with('\n');
        // What takes away the line end takes away all of them.
        let (first, last) = (lines.first()?, lines.last()?);
        if !fits || first.is_empty() || (is_chomped && last.is_empty()) {
            return None;
        }
        // Some readers take a line for the end that only begins like it.
        let mut end = String::from("EOT");
        while lines.iter().any(|line| line.trim_start().starts_with(&end)) {
            end.push('_');
        }
        Some(Heredoc { lines: lines.into_iter().map(template).collect(), end, is_chomped })
    }
}
