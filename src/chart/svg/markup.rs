//! Writing elements: attributes and texts are escaped here and nowhere else.

use std::fmt::Write;

use crate::chart::text::clean;

/// Markup under construction.
#[derive(Debug, Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    /// Begins an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str(">\n");
    }

    /// Ends an element.
    pub(super) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element that holds a text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        self.out.push_str(&escape(text));
        self.close(name);
    }

    /// An element with a title, which browsers show beside the pointer.
    pub(super) fn titled(&mut self, name: &str, attributes: &[(&str, &str)], title: &str) {
        self.start(name, attributes);
        self.out.push('>');
        self.text("title", &[], title);
        self.out.pop();
        self.close(name);
    }

    /// A style sheet, which must hold neither `<` nor `&`.
    pub(super) fn style(&mut self, sheet: &str) {
        self.out.push_str("<style>\n");
        self.out.push_str(sheet);
        self.out.push_str("</style>\n");
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&escape(value));
            self.out.push('"');
        }
    }
}

/// A text as it stands in XML and HTML, between tags and in quoted attributes. What XML cannot hold is replaced.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A length in pixels, to a tenth.
pub(super) fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// The data of a path: absolute moves and lines.
#[derive(Debug, Default)]
pub(super) struct PathData {
    data: String,
}

impl PathData {
    pub(super) fn move_to(&mut self, x: f64, y: f64) {
        self.push('M', x, y);
    }

    pub(super) fn line_to(&mut self, x: f64, y: f64) {
        self.push('L', x, y);
    }

    /// A line through these places.
    pub(super) fn polyline(&mut self, places: impl Iterator<Item = (f64, f64)>) {
        for (index, (x, y)) in places.enumerate() {
            if index == 0 {
                self.move_to(x, y);
            } else {
                self.line_to(x, y);
            }
        }
    }

    /// A dot, where the stroke has round ends.
    pub(super) fn dot(&mut self, x: f64, y: f64) {
        self.move_to(x, y);
        self.line_to(x, y);
    }

    pub(super) fn close(&mut self) {
        self.data.push('Z');
    }

    pub(super) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.data
    }

    fn push(&mut self, command: char, x: f64, y: f64) {
        // Writing to a text does not fail.
        let _ = write!(self.data, "{command}{},{}", px(x), px(y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_means_something_to_a_reader_of_markup_is_escaped() {
        assert_eq!(
            escape("<a b='c' d=\"e\">&amp;\0"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;\u{fffd}"
        );
        let mut markup = Markup::default();
        markup.text("text", &[("class", "a\"b")], "</script>");
        assert_eq!(markup.finish(), "<text class=\"a&quot;b\">&lt;/script&gt;</text>\n");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([px(1.0), px(1.25), px(-0.01), px(12.96)], ["1", "1.2", "0", "13"]);
    }
}
