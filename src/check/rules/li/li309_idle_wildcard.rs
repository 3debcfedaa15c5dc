//! LI309: `.*` at an end of a regex that is looked for anywhere.

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Edit, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI309"),
    severity: Severity::Info,
    title: "`.*` at an end of a regex",
    why: "A regex behind `like` is looked for anywhere in the text, so that `.*` at its beginning or end \
          changes nothing but the time it takes. `^` and `$` tie it to the ends.",
    bad: "filter errorMessage like /.*not authorized.*/",
    good: "filter errorMessage like /not authorized/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step).into_iter().filter(|regex| regex.like.is_some()) {
            let parts = regex.sequence();
            let ends = [parts.first(), parts.last()];
            let idle: Vec<Span> = ends
                .into_iter()
                .flatten()
                .filter(|part| regexes::is_anything(part))
                .map(|part| regex.place(part.span().start.offset, part.span().end.offset))
                .collect();
            let (Some(first), Some(last)) = (idle.first(), idle.last()) else { continue };
            let found = finding(&RULE, first.to(*last), "`.*` at an end of a regex changes nothing")
                .label("found anywhere all the same");
            if parts.len() <= idle.len() {
                findings.push(found.help("write `ispresent(…)` to ask whether the field is there"));
                continue;
            }
            let edits = idle.iter().map(|span| Edit { span: *span, replacement: String::new() }).collect();
            findings.push(
                found.help("take it out").fix(Fix { title: "take `.*` out".to_owned(), edits }),
            );
        }
    }
}
