//! Findings as JUnit XML, which most services that run builds can show.

use std::fmt::Write;

use crate::{Diagnostic, Severity};

use super::{Checked, Positions};

/// A suite a file, in it a case a finding; a file without findings has one case, which passes.
///
/// A finding of a weight that `fails` is a failure; any other is a case that passes and says what was found.
pub fn render(checked: &[Checked<'_>], fails: impl Fn(Severity) -> bool) -> String {
    let failures =
        |checked: &Checked<'_>| checked.diagnostics.iter().filter(|finding| fails(finding.severity)).count();
    let tests = |checked: &Checked<'_>| checked.diagnostics.len().max(1);
    let total: usize = checked.iter().map(tests).sum();
    let failed: usize = checked.iter().map(failures).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ =
        writeln!(out, "<testsuites name=\"trailql\" tests=\"{total}\" failures=\"{failed}\" errors=\"0\">");
    for checked in checked {
        let name = escaped(checked.name);
        let (tests, failures) = (tests(checked), failures(checked));
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        );
        if checked.diagnostics.is_empty() {
            let _ = writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\"/>");
        } else {
            let positions = Positions::of(checked.source);
            for finding in checked.diagnostics {
                case(&mut out, checked.name, finding, &positions, fails(finding.severity));
            }
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(out: &mut String, name: &str, finding: &Diagnostic, positions: &Positions<'_>, fails: bool) {
    let place = positions.at(finding.span().range().start);
    let (line, column) = (place.line, place.column);
    let mut words = format!("{name}:{line}:{column}: {}", finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(words, "\nhelp: {help}");
    }
    let (code, name, words) = (finding.code, escaped(name), escaped(&words));
    let _ = writeln!(out, "    <testcase name=\"{code} at {line}:{column}\" classname=\"{name}\">");
    let _ = if fails {
        let (kind, message) = (finding.severity, escaped(&finding.message));
        writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{words}</failure>")
    } else {
        writeln!(out, "      <system-out>{}: {words}</system-out>", finding.severity)
    };
    out.push_str("    </testcase>\n");
}

/// Text as XML takes it, in attributes too. Characters that no XML document may hold become `?`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            c if c.is_ascii_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}
