//! A report as one HTML page that asks for nothing else: no script, no font, no picture from elsewhere.

mod blocks;
mod style;
#[cfg(test)]
mod tests;

use crate::chart::{Chart, STYLE, escape};

/// A page. Every text is escaped; between back-ticks it is shown as code.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The name of the page and its first heading.
    pub title: String,
    /// What the page is about, beneath the title. Blank lines part paragraphs.
    pub lead: String,
    /// The parts, in their order. More than three get a list of contents.
    pub sections: Vec<Section>,
    /// The last line, such as which program wrote the page.
    pub footer: String,
}

/// A part of a page.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Block {
    /// Paragraphs, parted by blank lines.
    Text(String),
    /// The few numbers that matter most, large: each a name and a value.
    Facts(Vec<(String, String)>),
    /// Source text as it stands.
    Code {
        /// What it is written in, as a caption.
        language: String,
        /// The text.
        text: String,
    },
    /// Rows under a header; scrolls where it is too wide.
    Table {
        /// The header.
        columns: Vec<Column>,
        /// The cells. A row that is too short is filled up, and one that is too long is shown in full.
        rows: Vec<Vec<String>>,
    },
    /// A chart, drawn for wide and for narrow windows.
    Figure {
        /// The chart.
        chart: Box<Chart>,
        /// What is to be seen in it.
        caption: String,
    },
    /// Diagnostics as [`full`](super::full) prints them without colours.
    Findings(String),
    /// A paragraph that must not be missed.
    Callout {
        /// How much it matters.
        kind: CalloutKind,
        /// The text.
        text: String,
    },
    /// What happened when.
    Timeline(Vec<Moment>),
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers, which stand at the right.
    pub numeric: bool,
}

/// How much a callout matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalloutKind {
    /// Good to know.
    Note,
    /// All is well.
    Good,
    /// Probably not what was meant.
    Warning,
    /// Wrong.
    Error,
    /// An alarm went off.
    Alarm,
}

/// An entry of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When, as a text.
    pub at: String,
    /// The colour of its dot.
    pub kind: MomentKind,
    /// What happened, in a few words: `OK → ALARM`.
    pub label: String,
    /// Why; may be empty.
    pub text: String,
}

/// The state that a moment leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentKind {
    /// State ALARM.
    Alarm,
    /// State OK.
    Ok,
    /// State INSUFFICIENT_DATA.
    InsufficientData,
    /// No change of state.
    Note,
}

/// Nothing may be loaded and nothing may run, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

impl Page {
    /// The page as text: HTML that is well-formed XML too, light and dark, readable from 320 pixels on and on paper.
    ///
    /// ```
    /// use trailql::report::html::{Block, Page, Section};
    ///
    /// let page = Page {
    ///     title: "Backtest".into(),
    ///     sections: vec![Section {
    ///         heading: "Who".into(),
    ///         blocks: vec![Block::Text("It was `<script>`.".into())],
    ///     }],
    ///     ..Page::default()
    /// };
    /// assert!(page.render().contains("<p>It was <code>&lt;script&gt;</code>.</p>"));
    /// ```
    pub fn render(&self) -> String {
        let mut out =
            String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        out.push_str("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
        out.push_str(&format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>\n",
            escape(POLICY)
        ));
        out.push_str(&format!("<title>{}</title>\n<style>\n", escape(&self.title)));
        out.push_str(STYLE);
        out.push_str(style::PAGE);
        out.push_str("</style>\n</head>\n<body>\n<main>\n<header>\n");
        out.push_str(&format!("<h1>{}</h1>\n", blocks::inline(&self.title)));
        blocks::paragraphs(&mut out, &self.lead, "lead");
        out.push_str("</header>\n");
        if self.sections.len() > 3 {
            self.contents(&mut out);
        }
        for (index, section) in self.sections.iter().enumerate() {
            let id = format!("section-{}", index + 1);
            out.push_str(&format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">"));
            out.push_str(&format!("{}</h2>\n", blocks::inline(&section.heading)));
            for block in &section.blocks {
                blocks::block(&mut out, block, &section.heading);
            }
            out.push_str("</section>\n");
        }
        out.push_str("</main>\n");
        if !self.footer.is_empty() {
            out.push_str(&format!("<footer>{}</footer>\n", blocks::inline(&self.footer)));
        }
        out.push_str("</body>\n</html>\n");
        out
    }

    fn contents(&self, out: &mut String) {
        out.push_str("<nav aria-label=\"Contents\">\n<ol>\n");
        for (index, section) in self.sections.iter().enumerate() {
            let heading = blocks::inline(&section.heading);
            out.push_str(&format!("<li><a href=\"#section-{}\">{heading}</a></li>\n", index + 1));
        }
        out.push_str("</ol>\n</nav>\n");
    }
}
