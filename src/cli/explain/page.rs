//! The page of a rule: what it is about, its example as it is reported, and how to silence it.

use serde_json::{Value, json};

use crate::check::{Language, Options, Records, registry};
use crate::host::{self, HostKind};
use crate::report::{self, Checked};
use crate::schema::Additions;
use crate::syntax::Rule;
use crate::{Diagnostic, Severity};

/// What is found in the bad example of a rule, of that rule.
pub(super) fn example(rule: &Rule) -> Option<Diagnostic> {
    let options = Options { records: Records::CloudTrail, ..Options::default() };
    let found = match kind(rule) {
        Some(kind) => {
            let found = host::check(kind, rule.bad, &options).diagnostics;
            if found.iter().any(|finding| finding.code == rule.code) {
                found
            } else {
                host::check(kind, rule.bad, &Options::default()).diagnostics
            }
        }
        None => Additions::from_toml(rule.bad).diagnostics,
    };
    found.into_iter().find(|finding| finding.code == rule.code)
}

/// What the examples of a rule are; `None` for a file of additions to the schema.
fn kind(rule: &Rule) -> Option<HostKind> {
    let family = rule.code.0.get(..2).unwrap_or_default();
    Some(match family {
        "FP" => HostKind::Text(Language::FilterPattern),
        "LI" => HostKind::Text(Language::LogsInsights),
        "MI" => HostKind::Text(Language::MetricsInsights),
        "MM" => HostKind::Text(Language::MetricMath),
        "PR" | "ES" => HostKind::Stack,
        "IO" => HostKind::Terraform,
        "CT" if rule.code.0 >= "CT090" => return None,
        _ => HostKind::Text(Language::guess(rule.bad)),
    })
}

/// The finding as `check` prints it.
pub(super) fn rendered(rule: &Rule, finding: &Diagnostic, colour: bool) -> String {
    let name = match kind(rule) {
        Some(HostKind::Text(Language::FilterPattern)) => "example.cwfilter",
        Some(HostKind::Text(Language::LogsInsights)) => "example.cwlogs",
        Some(HostKind::Text(_)) => "example.cwmetrics",
        Some(HostKind::Terraform) => "example.tf",
        _ => "example.toml",
    };
    let checked = Checked { name, source: rule.bad, diagnostics: std::slice::from_ref(finding) };
    report::full::render(&checked, colour).trim_end().to_owned()
}

/// How findings of a rule are silenced.
pub(super) fn silence(rule: &Rule) -> String {
    let code = rule.code;
    let in_file = match code.0.get(..2).unwrap_or_default() {
        "LI" => format!(
            "`# trailql: ignore[{code}] why` on the line before, in the query or in the file that holds it"
        ),
        "MI" => format!(
            "`-- trailql: ignore[{code}] why` on the line before, in the query or in the file that holds it"
        ),
        _ => format!("`# trailql: ignore[{code}] why` on the line before, in the file that holds it"),
    };
    let is_of_patterns = code.0.starts_with("FP") || (code.0.starts_with("CT") && code.0 < "CT090");
    let alone = if is_of_patterns {
        format!(
            ", and `\"NAME.cwfilter\" = [\"{code}\"]` under `[per-file-ignores]` for a pattern alone in its file, which has no \
             comments"
        )
    } else {
        String::new()
    };
    format!("{in_file}; `ignore = [\"{code}\"]` in `trailql.toml` for a project{alone}")
}

/// The page in Markdown.
pub(super) fn markdown(rule: &Rule) -> String {
    let mut page = format!("# {}: {}\n\n", rule.code, rule.title);
    let finding = example(rule);
    let fix = match finding.as_ref().and_then(|finding| finding.fix.as_ref()) {
        Some(fix) => format!("`--fix` mends it: {}", fix.title),
        None => "it is mended by hand".to_owned(),
    };
    page += &format!("{}; {fix}.\n\n{}\n", weight(rule.severity), rule.why);
    if !rule.bad.is_empty() {
        page += &format!("\n## Bad\n\n{}\n", fenced(rule.bad));
        if let Some(finding) = &finding {
            page += &format!("\n{}\n", fenced(&rendered(rule, finding, false)));
        }
        page += &format!("\n## Good\n\n{}\n", fenced(rule.good));
    }
    page += &format!("\n## To silence it\n\n{}.\n", silence(rule));
    if let Some(reference) = registry::reference(rule) {
        page += &format!("\n## Reference\n\n<{reference}>\n");
    }
    page
}

/// A text between fences that are longer than any in it.
fn fenced(text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
        Severity::Hint => "Hint",
    }
}

/// The list of all rules in Markdown, each with a link to its page.
pub(super) fn index() -> String {
    let mut page = String::from("# Rules\n\n| code | weight | rule |\n|---|---|---|\n");
    for rule in registry::rules() {
        let title = rule.title.replace('|', "\\|");
        page += &format!("| [{0}]({0}.md) | {1} | {title} |\n", rule.code, rule.severity);
    }
    page
}

/// All that is known of a rule.
pub(super) fn json(rule: &Rule) -> Value {
    let finding = example(rule);
    json!({
        "code": rule.code.0,
        "severity": rule.severity.as_str(),
        "title": rule.title,
        "why": rule.why,
        "bad": rule.bad,
        "good": rule.good,
        "fixable": finding.is_some_and(|finding| finding.fix.is_some()),
        "reference": registry::reference(rule),
        "page": markdown(rule),
    })
}
