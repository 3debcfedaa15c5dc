//! What is to be said of a host file and of everything in it, at places of the file.

use crate::check::suppression::{self, Marker};
use crate::check::{self, Language, Options, Records};
use crate::syntax::filter::codes::SURROUNDING_BLANKS;
use crate::syntax::math::codes::NOT_EVALUATED;
use crate::syntax::metrics::codes::GROUP_WITHOUT_SCHEMA;
use crate::{Diagnostic, Severity, Span};

use super::{Embedded, HostKind, codes, fillings, lowered, read, stack};

/// A host file, checked.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What was found, at places of the file, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many patterns and queries were checked.
    pub texts: usize,
}

/// Checks every pattern and query of a file, the file as far as it concerns them, and resources of Terraform and
/// CloudFormation beside one another.
///
/// ```
/// use trailql::check::Options;
/// use trailql::host::{HostKind, check};
///
/// let file = "# Alarms\n\n```filter-pattern\n{ $.eventName == DeleteTrail }\n```\n";
/// let checked = check(HostKind::Markdown, file, &Options::default());
/// assert_eq!(checked.texts, 1);
/// assert_eq!(checked.diagnostics[0].span().slice(file), "==");
/// ```
pub fn check(kind: HostKind, text: &str, options: &Options) -> Checked {
    let (extracted, resources) = read(kind, text);
    let lowered = lowered::lowered(&resources, text, options);
    // Where a trail delivers there are its records.
    let of_trails = (!lowered.of_trails.is_empty() && options.records == Records::Auto)
        .then(|| Options { records: Records::CloudTrail, ..options.clone() });
    let mut checked = Checked { diagnostics: extracted.diagnostics, texts: 0 };
    for embedded in &extracted.embedded {
        checked.texts += usize::from(!embedded.is_unknown());
        // A stack sees to its texts itself.
        if kind != HostKind::Stack {
            let is_of_trail = lowered.of_trails.contains(&embedded.map.source());
            let options = of_trails.as_ref().filter(|_| is_of_trail).unwrap_or(options);
            let mut found = findings(embedded, text, options);
            if embedded.holes.is_empty() && lowered.emits_groups_of(&embedded.text) {
                found.retain(|finding| finding.code != GROUP_WITHOUT_SCHEMA);
            }
            checked.diagnostics.extend(found);
        }
    }
    if kind == HostKind::Stack {
        checked.diagnostics.extend(stack::findings(text, options));
    }
    checked.diagnostics.extend(lowered.diagnostics);
    checked.diagnostics.sort_by_key(Diagnostic::span);
    if suppression::mentions(text) {
        let found = std::mem::take(&mut checked.diagnostics);
        checked.diagnostics = not_silenced(kind, text, &extracted.embedded, found);
        checked.diagnostics.sort_by_key(Diagnostic::span);
    }
    checked
}

/// What begins a comment in a file. JSON has none, and the languages see to their own.
fn markers(kind: HostKind) -> &'static [Marker] {
    match kind {
        HostKind::Terraform => &[Marker::Hash, Marker::Slashes],
        HostKind::CloudFormation | HostKind::Stack => &[Marker::Hash],
        HostKind::Markdown => &[Marker::Markup],
        _ => &[],
    }
}

/// The findings that no comment of the file silences, and what is to be said of these comments. One before a text, or at
/// the end of the line where it begins, counts for all lines of the text.
fn not_silenced(
    kind: HostKind,
    file: &str,
    embedded: &[Embedded],
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut suppressions = Vec::new();
    let mut start = 0;
    let sources: Vec<Span> = embedded.iter().map(|one| one.map.source()).collect();
    // Inside a text a comment is one of its own language.
    for source in sources.iter().copied().chain([Span::at(file.len())]) {
        let gap = Span::new(start, source.range().start.max(start));
        suppressions.extend(suppression::suppressions(file, gap, markers(kind)));
        start = source.range().end.max(start);
    }
    for suppression in &mut suppressions {
        for source in &sources {
            let between = file.get(suppression.scope.range().end..source.range().start);
            let begins_inside = suppression.scope.range().contains(&source.range().start);
            if begins_inside || between.is_some_and(|between| between.trim().is_empty()) {
                suppression.scope = suppression.scope.to(*source);
            }
        }
    }
    suppression::apply(file, &suppressions, findings)
}

/// What is to be said of one text, at places of the file.
fn findings(embedded: &Embedded, file: &str, options: &Options) -> Vec<Diagnostic> {
    let Some(first) = embedded.holes.first() else {
        let found = of_text(&embedded.text, embedded.language, options);
        return found.into_iter().map(|finding| embedded.map.lift(finding)).collect();
    };
    let named = short(first.source.slice(file));
    let (message, help) = if embedded.is_unknown() {
        (format!("`{named}` is known only when it is deployed, and is not checked"), None)
    } else {
        let help = "what does not depend on it is checked";
        (format!("`{named}` is known only when it is deployed"), Some(help))
    };
    let mut note = Diagnostic::new(codes::HOLE, Severity::Info, first.source, message);
    for hole in embedded.holes.iter().skip(1) {
        note = note.also(hole.source, "so is this");
    }
    note.help = help.map(str::to_owned);
    let mut found = vec![note];
    if !embedded.is_unknown() {
        found.extend(fillings::certain(embedded, file, options));
    }
    found
}

/// What is to be said of a text in which nothing is unknown.
pub(super) fn of_text(text: &str, language: Language, options: &Options) -> Vec<Diagnostic> {
    let mut found = check::check(text, language, options);
    // Line feeds at the ends are those of a heredoc or block, which has no way to be without.
    let blanks = [' ', '\t', '\r'];
    if text.trim_matches(blanks).starts_with('\n') || text.trim_matches(blanks).ends_with('\n') {
        found.retain(|finding| finding.code != SURROUNDING_BLANKS);
    }
    // Dashboards and alarms may hold functions that are not evaluated here; of such an expression nothing can be said.
    if found.iter().any(|finding| finding.code == NOT_EVALUATED) { Vec::new() } else { found }
}

/// The beginning of something the user wrote, on one line.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(kind: HostKind, file: &str) -> Vec<&'static str> {
        check(kind, file, &Options::default()).diagnostics.iter().map(|finding| finding.code.0).collect()
    }

    #[test]
    fn a_comment_of_the_file_silences_the_text_behind_it() {
        let text = "{ $.eventName = \"ConsolLogin\" }";
        let heredoc = |above: &str, behind: &str| {
            format!(
                "resource \"aws_cloudwatch_log_metric_filter\" \"f\" {{\n  {above}\n  pattern = <<EOT {behind}\n{text}\nEOT\n}}\n"
            )
            .replace("<<EOT \n", "<<EOT\n")
        };
        assert_eq!(codes(HostKind::Terraform, &heredoc("", "")), ["CT014"]);
        assert!(codes(HostKind::Terraform, &heredoc("# trailql: ignore[CT014] ours", "")).is_empty());
        assert!(codes(HostKind::Terraform, &heredoc("// trailql: ignore[CT014]", "")).is_empty());
        assert_eq!(codes(HostKind::Terraform, &heredoc("# trailql: ignore[FP007]", "")), ["SU002", "CT014"]);
        let yaml = format!(
            "Resources:\n  F:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n      # trailql: ignore[CT014]\n      FilterPattern: |\n        {text}\n"
        );
        assert!(codes(HostKind::CloudFormation, &yaml).is_empty());
        let page = format!("<!-- trailql: ignore[CT014] -->\n```cwfilter\n{text}\n```\n");
        assert!(codes(HostKind::Markdown, &page).is_empty());
    }
}
