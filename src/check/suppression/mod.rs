//! Comments that silence findings: `# trailql: ignore[LI106] why`.

pub mod codes;
mod comment;
mod scope;

pub(crate) use comment::{Marker, Suppression, mentions, suppressions};

use crate::{Diagnostic, Fix, Span};

use super::registry;

/// The findings that no comment silences, and what is to be said about the comments themselves.
pub(crate) fn apply(text: &str, suppressions: &[Suppression], findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut used: Vec<Vec<bool>> =
        suppressions.iter().map(|suppression| vec![false; suppression.codes.len()]).collect();
    let mut left: Vec<Diagnostic> =
        findings.into_iter().filter(|finding| !silenced(finding, suppressions, &mut used)).collect();
    for (suppression, used) in suppressions.iter().zip(&used) {
        judge(text, suppression, used, &mut left);
    }
    left
}

/// Whether a comment silences a finding; all that do are used.
fn silenced(finding: &Diagnostic, suppressions: &[Suppression], used: &mut [Vec<bool>]) -> bool {
    let place = finding.span().range();
    let mut is_silenced = false;
    for (suppression, used) in suppressions.iter().zip(used) {
        let scope = suppression.scope.range();
        let touches = place.start < scope.end && scope.start < place.end
            || place.is_empty() && scope.start <= place.start && place.start <= scope.end;
        if !touches {
            continue;
        }
        for (code, used) in suppression.codes.iter().zip(used) {
            if code.text.eq_ignore_ascii_case(finding.code.0) {
                (is_silenced, *used) = (true, true);
            }
        }
    }
    is_silenced
}

/// What is to be said about one comment.
fn judge(text: &str, suppression: &Suppression, used: &[bool], findings: &mut Vec<Diagnostic>) {
    if let Some(fault) = &suppression.fault {
        findings.push(fault.clone());
        return;
    }
    let of_none = suppression.codes.iter().zip(used).filter(|(_, used)| !**used);
    let (known, unknown): (Vec<_>, Vec<_>) =
        of_none.map(|(code, _)| code).partition(|code| registry::find(&code.text).is_some());
    for code in &unknown {
        let message = format!("there is no rule `{}`", code.text);
        let finding = Diagnostic::warning(codes::UNKNOWN_CODE, code.span, message);
        findings.push(match registry::similar(&code.text) {
            Some(rule) => finding.help(format!("did you mean `{}`?", rule.code)),
            None => finding.help("write a code as it stands in the finding"),
        });
    }
    if known.len() == suppression.codes.len() && !known.is_empty() {
        let message = match known.as_slice() {
            [code] => format!("there is no finding of `{}` here to silence", code.text),
            _ => "there is no finding here to silence".to_owned(),
        };
        let fix = Fix::replace("delete the comment", suppression.whole(text), "");
        findings.push(Diagnostic::warning(codes::UNUSED, suppression.comment, message).fix(fix));
        return;
    }
    for code in known {
        let message = format!("there is no finding of `{}` here to silence", code.text);
        let fix = Fix::replace("delete the code", suppression.without(code), "");
        findings.push(Diagnostic::warning(codes::UNUSED, code.span, message).fix(fix));
    }
}

/// What is found in a text whose own language has comments, after the comments in it.
pub(super) fn in_text(text: &str, markers: &[Marker], findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !mentions(text) {
        return findings;
    }
    let suppressions = suppressions(text, Span::new(0, text.len()), markers);
    apply(text, &suppressions, findings)
}

#[cfg(test)]
mod tests;
