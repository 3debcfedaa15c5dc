//! Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.

use std::fmt::Write;

use crate::{Diagnostic, Severity};

use super::printable::one_line;
use super::{Checked, Positions};

/// One `::error`, `::warning` or `::notice` a finding.
///
/// The service shows ten of each weight a step, and the rest in the log alone; so each message says its place too.
pub fn render(checked: &[Checked<'_>]) -> String {
    let mut out = String::new();
    for checked in checked.iter().filter(|checked| !checked.diagnostics.is_empty()) {
        let positions = Positions::of(checked.source);
        for finding in checked.diagnostics {
            out.push_str(&command(checked.name, finding, &positions));
        }
    }
    out
}

fn command(name: &str, finding: &Diagnostic, positions: &Positions<'_>) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    };
    let range = finding.span().range();
    let (start, end) = (positions.at(range.start), positions.at(range.end));
    let mut properties =
        format!("title={},file={}", property(&format!("trailql {}", finding.code)), property(name));
    let _ = write!(properties, ",line={}", start.line);
    // Columns are refused where the place has several lines.
    if end.line == start.line {
        let _ = write!(properties, ",endLine={},col={},endColumn={}", end.line, start.column, end.column);
    } else {
        let _ = write!(properties, ",endLine={}", end.line);
    }
    let place = format!("{}:{}:{}", one_line(name), start.line, start.column);
    let mut message = format!("{place}: {} {}", finding.code, one_line(&finding.message));
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    format!("::{word} {properties}::{}\n", data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::{Code, Span};

    use super::*;

    #[test]
    fn nothing_in_a_name_or_message_ends_the_command() {
        let diagnostics = [
            Diagnostic::error(Code("FP017"), Span::new(2, 4), "50% of `a::b,\nc`").help("one\ntwo"),
            Diagnostic::new(Code("LI039"), Severity::Info, Span::new(2, 8), "m"),
        ];
        let checked = Checked { name: "a,b:%.tf", source: "ab cd\nef\n", diagnostics: &diagnostics };
        assert_eq!(
            render(&[checked]),
            "::error title=trailql FP017,file=a%2Cb%3A%25.tf,line=1,endLine=1,col=3,endColumn=5::a,b:%25.tf:1:3: \
             FP017 50%25 of `a::b, c`%0Ahelp: one%0Atwo\n\
             ::notice title=trailql LI039,file=a%2Cb%3A%25.tf,line=1,endLine=2::a,b:%25.tf:1:3: LI039 m\n"
        );
    }
}
