//! A template in YAML that a person reads: comments, blocks for texts of several lines, no quotes where none are needed.

use super::node::{Entry, Node};

/// The longest line of a comment.
const WIDTH: usize = 110;

/// Plain words that readers of one version of YAML or another take for something else.
const NOT_TEXT: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// The whole template, below a comment.
pub(super) fn text(head: &[String], root: &[Entry]) -> String {
    let mut out = String::new();
    head.iter().for_each(|line| comment(line, 0, &mut out));
    map(root, 0, &mut out);
    out
}

/// The entries of a map, each on a line of its own that is not begun yet.
fn map(entries: &[Entry], depth: usize, out: &mut String) {
    for (index, one) in entries.iter().enumerate() {
        if one.is_spaced && (index > 0 || depth == 0) {
            out.push('\n');
        }
        comment(&one.comment, depth, out);
        indent(depth, out);
        entry(one, depth, out);
    }
}

fn entry(entry: &Entry, depth: usize, out: &mut String) {
    out.push_str(&inline(&entry.key));
    out.push(':');
    match &entry.value {
        Node::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            map(entries, depth + 1, out);
        }
        Node::List(nodes) if !nodes.is_empty() => {
            out.push('\n');
            list(nodes, depth + 1, out);
        }
        Node::Sub(text, variables) if !variables.is_empty() => substitution(text, variables, depth + 1, out),
        other => scalar(other, depth + 1, out),
    }
}

/// `!Sub` with variables of its own, behind its key or dash.
fn substitution(text: &str, variables: &[Entry], depth: usize, out: &mut String) {
    out.push_str(" !Sub\n");
    list(&[Node::Text(text.to_owned()), Node::Map(variables.to_vec())], depth, out);
}

fn list(nodes: &[Node], depth: usize, out: &mut String) {
    for node in nodes {
        indent(depth, out);
        out.push('-');
        match node {
            Node::Map(entries) if !entries.is_empty() => {
                for (index, one) in entries.iter().enumerate() {
                    if index > 0 {
                        indent(depth + 1, out);
                    } else {
                        out.push(' ');
                    }
                    entry(one, depth + 1, out);
                }
            }
            Node::Sub(text, variables) if !variables.is_empty() => {
                substitution(text, variables, depth + 1, out);
            }
            other => scalar(other, depth + 1, out),
        }
    }
}

/// A value behind its key or dash, with a blank before it and a line end behind it.
fn scalar(node: &Node, depth: usize, out: &mut String) {
    let written = match node {
        Node::Code(text) if fits_block(text) => return block(text, depth, out),
        Node::Text(text) if text.contains('\n') && fits_block(text) => return block(text, depth, out),
        Node::Text(text) | Node::Code(text) => inline(text),
        Node::Plain(written) => written.clone(),
        Node::Ref(id) => format!("!Ref {id}"),
        Node::GetAtt(id, attribute) => format!("!GetAtt {id}.{attribute}"),
        // Only ones without variables, and empty ones, come here.
        Node::Sub(text, _) => format!("!Sub {}", quoted(text)),
        Node::List(_) => "[]".to_owned(),
        Node::Map(_) => "{}".to_owned(),
    };
    out.push(' ');
    out.push_str(&written);
    out.push('\n');
}

/// Whether a block says exactly this text to every reader of YAML: its first line tells the indentation, no line is of
/// blanks alone, and no character needs an escape.
fn fits_block(text: &str) -> bool {
    let begins_with_text = text.starts_with(|c: char| !c.is_whitespace());
    let has_blank_line = text.split('\n').any(|line| !line.is_empty() && line.trim().is_empty());
    let ends_once = !text.ends_with("\n\n");
    begins_with_text
        && !has_blank_line
        && ends_once
        && text.chars().all(|c| c == '\n' || c == '\t' || is_printed(c))
}

fn block(text: &str, depth: usize, out: &mut String) {
    let (body, indicator) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    out.push(' ');
    out.push_str(indicator);
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(depth, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A text on the line of its key.
fn inline(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text without quotes is this text to every reader of YAML.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_safe = |c: char| c.is_alphanumeric() || " _-./+(),:'=$*&|<>?;@%".contains(c);
    begins
        && text.chars().all(|c| is_safe(c) && is_printed(c))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !NOT_TEXT.contains(&text.to_ascii_lowercase().as_str())
        && text.parse::<f64>().is_err()
}

fn quoted(text: &str) -> String {
    if text.chars().all(is_printed) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printed(c) => quoted.push(c),
            c if u32::from(c) > 0xffff => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character stands for itself on a line of YAML, whatever its version.
fn is_printed(c: char) -> bool {
    let is_line_end = matches!(c, '\u{2028}' | '\u{2029}');
    !c.is_control() && !is_line_end && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A comment in lines of a readable length.
fn comment(text: &str, depth: usize, out: &mut String) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH - 2 * depth {
            comment_line(&line, depth, out);
            line = String::from(" ");
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.trim().is_empty() {
        comment_line(&line, depth, out);
    }
}

fn comment_line(line: &str, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push_str("# ");
    out.extend(line.chars().filter(|c| is_printed(*c)));
    out.push('\n');
}

fn indent(depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
}
