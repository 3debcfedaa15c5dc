//! One model for everything the crate has to say about a text: code, severity, place, way out.

use std::fmt;

use crate::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// For editors only.
    Hint,
    /// Cost or style.
    Info,
    /// Accepted by the service, but probably not what was meant.
    Warning,
    /// The service would refuse it, or it can never do what it says.
    Error,
}

impl Severity {
    /// The lower-case word, as reports print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The stable name of a rule: two letters of its family and three digits, never reused.
///
/// Families: `FP` filter pattern, `LI` Logs Insights, `MI` Metrics Insights, `MM` metric math, `CT` CloudTrail
/// schema, `ES` event selectors, `PR` provisioning, `SU` suppressions, `IO` input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A place in the source and what is to be said about it there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Label {
    /// The bytes meant.
    pub span: Span,
    /// A few words beside the place; may be empty.
    pub text: String,
}

/// One replacement of some bytes by others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Edit {
    /// The bytes to replace; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// A change that mends the finding and may be applied without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fix {
    /// What the change does, in the imperative.
    pub title: String,
    /// The edits, in ascending order, without overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit.
    pub fn replace(title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        Fix { title: title.into(), edits: vec![Edit { span, replacement: replacement.into() }] }
    }

    /// The source after the edits. An edit that does not fit the source is left out.
    ///
    /// ```
    /// use trailql::{Fix, Span};
    ///
    /// let fix = Fix::replace("use one equals sign", Span::new(6, 8), "=");
    /// assert_eq!(fix.apply("{ $.a == 1 }"), "{ $.a = 1 }");
    /// ```
    pub fn apply(&self, source: &str) -> String {
        let mut out = String::with_capacity(source.len());
        let mut copied = 0;
        for edit in &self.edits {
            let range = edit.span.range();
            if range.start < copied || source.get(range.clone()).is_none() {
                continue;
            }
            out.push_str(source.get(copied..range.start).unwrap_or_default());
            out.push_str(&edit.replacement);
            copied = range.end;
        }
        out.push_str(source.get(copied..).unwrap_or_default());
        out
    }
}

/// One finding about one source text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diagnostic {
    /// The rule that speaks.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What happened: lower case, no final period, the user's words in back-ticks.
    pub message: String,
    /// Where: the first label is the main place.
    pub labels: Vec<Label>,
    /// The way out, where one can be named.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub help: Option<String>,
    /// A change that surely mends it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub fix: Option<Fix>,
    /// What the service itself answers, where that is on record.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub service_text: Option<String>,
}

impl Diagnostic {
    /// A finding at `span`, without label text, help or fix.
    pub fn new(code: Code, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
            fix: None,
            service_text: None,
        }
    }

    /// An error at `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Error, span, message)
    }

    /// A warning at `span`.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Warning, span, message)
    }

    /// The same with these words beside the main place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// The same with a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The same with the service's own words.
    #[must_use]
    pub fn service_text(mut self, text: impl Into<String>) -> Self {
        self.service_text = Some(text.into());
        self
    }

    /// The main place; an empty span at the start where there is none.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] at {}: {}", self.severity, self.code, self.span(), self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_overlap_or_do_not_fit_are_left_out() {
        let fix = Fix {
            title: String::new(),
            edits: vec![
                Edit { span: Span::new(0, 2), replacement: "xy".into() },
                Edit { span: Span::new(1, 3), replacement: "never".into() },
                Edit { span: Span::new(90, 91), replacement: "never".into() },
            ],
        };
        assert_eq!(fix.apply("abcd"), "xycd");
    }

    #[test]
    fn severities_are_ordered_by_weight() {
        assert!(Severity::Error > Severity::Warning && Severity::Info > Severity::Hint);
    }
}
