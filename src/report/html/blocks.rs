//! The pieces of a page as HTML.

use super::{Block, CalloutKind, Column, Moment, MomentKind};
use crate::chart::{Chart, SvgOptions, escape, svg};

/// The pictures of wide and of narrow windows, in pixels.
const WIDE: SvgOptions = SvgOptions { width: 1_080, height: 380, embedded: true };
const NARROW: SvgOptions = SvgOptions { width: 400, height: 320, embedded: true };

pub(super) fn block(out: &mut String, block: &Block, heading: &str) {
    match block {
        Block::Text(text) => paragraphs(out, text, ""),
        Block::Facts(facts) => self::facts(out, facts),
        Block::Code { language, text } => code(out, language, text),
        Block::Table { columns, rows } => table(out, columns, rows, heading),
        Block::Figure { chart, caption } => figure(out, chart, caption),
        Block::Findings(text) => preformatted(out, "findings", "Findings", text),
        Block::Callout { kind, text } => callout(out, *kind, text),
        Block::Timeline(moments) => timeline(out, moments),
    }
}

/// Paragraphs, parted by blank lines, of this class.
pub(super) fn paragraphs(out: &mut String, text: &str, class: &str) {
    let open = if class.is_empty() { "<p>".to_owned() } else { format!("<p class=\"{class}\">") };
    for paragraph in text.replace("\r\n", "\n").split("\n\n").map(str::trim).filter(|text| !text.is_empty()) {
        out.push_str(&format!("{open}{}</p>\n", inline(paragraph)));
    }
}

/// A text in a line; what stands between two back-ticks is code.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, behind)| Some((before, behind.split_once('`')?)))
    {
        out.push_str(&escape(before));
        if code.is_empty() {
            out.push_str("``");
        } else {
            out.push_str(&format!("<code>{}</code>", escape(code)));
        }
        rest = after;
    }
    out.push_str(&escape(rest));
    out
}

/// A text whose lines and tabs count.
fn verbatim(text: &str) -> String {
    let line = |line: &str| line.split('\t').map(escape).collect::<Vec<_>>().join("\t");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn facts(out: &mut String, facts: &[(String, String)]) {
    out.push_str("<dl class=\"facts\">\n");
    for (name, value) in facts {
        out.push_str(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", inline(name), inline(value)));
    }
    out.push_str("</dl>\n");
}

fn code(out: &mut String, language: &str, text: &str) {
    out.push_str("<figure class=\"code\">\n");
    if !language.is_empty() {
        out.push_str(&format!("<figcaption>{}</figcaption>\n", inline(language)));
    }
    preformatted(out, "source", if language.is_empty() { "Source" } else { language }, text);
    out.push_str("</figure>\n");
}

/// Text that scrolls, also by keys.
fn preformatted(out: &mut String, class: &str, name: &str, text: &str) {
    let (name, text) = (escape(name), verbatim(text));
    out.push_str(&format!(
        "<pre class=\"{class}\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><code>{text}</code></pre>\n"
    ));
}

fn table(out: &mut String, columns: &[Column], rows: &[Vec<String>], heading: &str) {
    let name = escape(heading);
    out.push_str(&format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">\n<table>\n"
    ));
    let class = |numeric: bool| if numeric { " class=\"number\"" } else { "" };
    out.push_str("<thead><tr>");
    for column in columns {
        out.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(column.numeric), inline(&column.name)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for index in 0..columns.len().max(row.len()) {
            let cell = row.get(index).map(String::as_str).unwrap_or_default();
            let numeric = columns.get(index).is_some_and(|column| column.numeric);
            out.push_str(&format!("<td{}>{}</td>", class(numeric), inline(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    if rows.is_empty() {
        out.push_str("<p class=\"none\">no rows</p>\n");
    }
}

fn figure(out: &mut String, chart: &Chart, caption: &str) {
    out.push_str("<figure class=\"chart\">\n");
    for (class, options) in [("wide", &WIDE), ("narrow", &NARROW)] {
        out.push_str(&format!("<div class=\"{class}\">\n{}</div>\n", svg(chart, options)));
    }
    if !caption.is_empty() {
        out.push_str(&format!("<figcaption>{}</figcaption>\n", inline(caption)));
    }
    out.push_str("</figure>\n");
}

fn callout(out: &mut String, kind: CalloutKind, text: &str) {
    let (class, name) = match kind {
        CalloutKind::Note => ("note", "Note"),
        CalloutKind::Good => ("good", "Good"),
        CalloutKind::Warning => ("warning", "Warning"),
        CalloutKind::Error => ("error", "Error"),
        CalloutKind::Alarm => ("error", "Alarm"),
    };
    out.push_str(&format!("<div class=\"callout {class}\" role=\"note\">\n<strong>{name}</strong>\n"));
    paragraphs(out, text, "");
    out.push_str("</div>\n");
}

fn timeline(out: &mut String, moments: &[Moment]) {
    if moments.is_empty() {
        out.push_str("<p class=\"none\">nothing happened</p>\n");
        return;
    }
    out.push_str("<ol class=\"timeline\">\n");
    for moment in moments {
        let class = match moment.kind {
            MomentKind::Alarm => "alarm",
            MomentKind::Ok => "ok",
            MomentKind::InsufficientData => "insufficient",
            MomentKind::Note => "note",
        };
        out.push_str(&format!("<li class=\"{class}\"><span class=\"when\">{}</span> ", inline(&moment.at)));
        out.push_str(&format!("<strong>{}</strong>\n", inline(&moment.label)));
        paragraphs(out, &moment.text, "");
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}
