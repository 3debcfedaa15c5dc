//! Findings one a line, for pipes, editors and problem matchers.

use crate::{Diagnostic, Severity};

use super::printable::one_line;
use super::{Checked, Positions};

/// One line a finding: `path:line:column: severity[CODE] message`, with `[*]` before the message where `--fix` mends it.
pub fn render(checked: &Checked<'_>, colour: bool) -> String {
    if checked.diagnostics.is_empty() {
        return String::new();
    }
    let positions = Positions::of(checked.source);
    checked.diagnostics.iter().map(|finding| line(checked.name, finding, &positions, colour)).collect()
}

fn line(name: &str, finding: &Diagnostic, positions: &Positions<'_>, colour: bool) -> String {
    let place = positions.at(finding.span().range().start);
    let (name, message) = (one_line(name), one_line(&finding.message));
    let head = format!("{}[{}]", finding.severity, finding.code);
    let mark = if finding.fix.is_some() { "[*] " } else { "" };
    let (line, column) = (place.line, place.column);
    if !colour {
        return format!("{name}:{line}:{column}: {head} {mark}{message}\n");
    }
    let (weight, faint) = (style(finding.severity), anstyle::Style::new().dimmed());
    let fixable = anstyle::AnsiColor::Cyan.on_default();
    let mark = if mark.is_empty() { String::new() } else { format!("{fixable}[*]{fixable:#} ") };
    format!("{name}{faint}:{line}:{column}:{faint:#} {weight}{head}{weight:#} {mark}{message}\n")
}

/// The colour of a weight, as the carets have it.
pub(crate) fn style(severity: Severity) -> anstyle::Style {
    use anstyle::AnsiColor::{BrightBlue, BrightGreen, BrightRed, Yellow};
    match severity {
        Severity::Error => BrightRed,
        Severity::Warning => Yellow,
        Severity::Info => BrightBlue,
        Severity::Hint => BrightGreen,
    }
    .on_default()
    .bold()
}

#[cfg(test)]
mod tests {
    use crate::{Code, Fix, Span};

    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_its_message() {
        let source = "{ $.a == 1 }\n\u{e9} x";
        let diagnostics = [
            Diagnostic::error(Code("FP007"), Span::new(6, 8), "`==` is\nno operator").fix(Fix::replace(
                "write `=`",
                Span::new(6, 8),
                "=",
            )),
            Diagnostic::warning(Code("FP101"), Span::new(16, 17), "`x`"),
        ];
        let checked = Checked { name: "a b.cwfilter", source, diagnostics: &diagnostics };
        assert_eq!(
            render(&checked, false),
            "a b.cwfilter:1:7: error[FP007] [*] `==` is no operator\na b.cwfilter:2:3: warning[FP101] `x`\n"
        );
    }
}
