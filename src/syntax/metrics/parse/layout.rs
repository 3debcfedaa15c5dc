//! Where clauses and comments stand in a text, so that the formatter keeps the comments.

use crate::Span;
use crate::syntax::metrics::ast::MetricsQuery;
use crate::syntax::metrics::lex::{self, Comment};

/// Where clauses and comments stand, for the formatter.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) comments: Vec<Comment>,
    pub(super) clauses: Vec<Span>,
}

impl Layout {
    /// Comments before a clause or within it stand before it; one behind it on its line stays there.
    pub(super) fn with_comments(&self, source: &str, query: &MetricsQuery) -> String {
        let mut lines = Vec::new();
        let mut comments = self.comments.iter().map(|comment| comment.span).peekable();
        let text = |span: Span| span.slice(source).trim_end().to_owned();
        for (index, clause) in query.clauses().iter().enumerate() {
            let end = self.clauses.get(index).map_or(source.len(), |span| span.range().end);
            let next = self.clauses.get(index + 1).map_or(source.len(), |span| span.range().start);
            while let Some(comment) = comments.next_if(|comment| comment.range().start < end) {
                lines.push(text(comment));
            }
            let is_behind = |comment: &Span| {
                let start = comment.range().start;
                start < next && !source.get(end..start).unwrap_or_default().contains(lex::is_line_end)
            };
            match comments.next_if(is_behind) {
                Some(comment) => lines.push(format!("{clause} {}", text(comment))),
                None => lines.push(clause.clone()),
            }
        }
        lines.extend(comments.map(text));
        lines.join("\n")
    }
}
