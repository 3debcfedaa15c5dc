//! Where the texts of a stack stand in the file they were read from, and how they are written there.

use super::Text;
use super::quoted::Quoted;
use crate::{Diagnostic, Edit, Fix, Label, Span};

/// A file that definitions were read from: who knows how its texts are quoted can point into them and write into them.
///
/// Spans of [`Located`](super::Located) values are places in the file already; this is about what is inside of a text.
pub trait Places {
    /// A finding about the inside of a text as one about the file. Where the inside cannot be pointed at, it is about the
    /// whole text; a fix that cannot be written there is left out.
    fn lift(&self, text: &Text, finding: Diagnostic) -> Diagnostic;

    /// The edit after which the text is `replacement`; `None` where that cannot be written.
    fn rewrite(&self, text: &Text, replacement: &str) -> Option<Edit>;
}

/// A stack file: TOML.
///
/// ```
/// use trailql::stack::{Places, Stack, StackFile};
///
/// let source = "name = 'trail'";
/// let name = Stack::parse(source)?.name.unwrap();
/// let edit = StackFile(source).rewrite(&name, "trails").unwrap();
/// assert_eq!((edit.span.slice(source), edit.replacement.as_str()), ("'trail'", "\"trails\""));
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StackFile<'s>(pub &'s str);

impl Places for StackFile<'_> {
    fn lift(&self, text: &Text, finding: Diagnostic) -> Diagnostic {
        match Quoted::at(self.0, text.span, text) {
            Some(quoted) => quoted.lift(finding),
            None => on_the_whole(text.span, finding),
        }
    }

    fn rewrite(&self, text: &Text, replacement: &str) -> Option<Edit> {
        let is_plain = !replacement.contains(['"', '\\']) && !replacement.chars().any(char::is_control);
        is_plain.then(|| Edit { span: text.span, replacement: format!("\"{replacement}\"") })
    }
}

/// A finding about a text whose inside cannot be pointed at.
pub(crate) fn on_the_whole(span: Span, finding: Diagnostic) -> Diagnostic {
    let text = finding.labels.first().map(|label| label.text.clone()).unwrap_or_default();
    Diagnostic { labels: vec![Label { span, text }], fix: None, ..finding }
}

/// The finding with a fix after which a text is `replacement`, where the file can have it.
pub(super) fn rewritten(
    places: &dyn Places,
    text: &Text,
    replacement: &str,
    finding: Diagnostic,
) -> Diagnostic {
    let title = format!("write `{replacement}`");
    let finding = finding.help(title.clone());
    match places.rewrite(text, replacement) {
        Some(edit) => finding.fix(Fix { title, edits: vec![edit] }),
        None => finding,
    }
}
