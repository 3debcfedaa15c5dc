//! FP323: anchors around a list of alternatives hold for the first and the last only.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

use super::regexes::regexes;
use super::texts::{alternatives, ends_in_escape};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP323"),
    severity: Severity::Warning,
    title: "the anchors belong to the outer alternatives",
    why: "In a regex `|` binds weakest, and there are no groups. `^a|b|c$` is what begins with `a`, has `b` \
          anywhere or ends in `c`. To compare whole values each alternative needs anchors of its own.",
    bad: "{ $.eventName = %^GetObject|PutObject$% }",
    good: "{ $.eventName = %^GetObject$|^PutObject$% }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        let alternatives = alternatives(regex.regex.as_str());
        let [first, inner @ .., last] = alternatives.as_slice() else { continue };
        let is_bare = |alternative: &str| !begins(alternative) && !ends(alternative);
        if begins(first) && !ends(first) && ends(last) && !begins(last) && inner.iter().all(|one| is_bare(one)) {
            let bare = |alternative: &str| alternative.trim_start_matches('^').trim_end_matches('$').to_owned();
            let anchored: Vec<String> =
                alternatives.iter().map(|alternative| format!("^{}$", bare(alternative))).collect();
            let instead = format!("%{}%", anchored.join("|"));
            findings.push(
                found(&RULE, regex.span, "`^` belongs to the first alternative only, `$` to the last")
                    .help(format!("write `{instead}`"))
                    .fix(Fix::replace("anchor each alternative", regex.span, instead)),
            );
        }
    }
}

fn begins(alternative: &str) -> bool {
    alternative.starts_with('^')
}

fn ends(alternative: &str) -> bool {
    alternative.strip_suffix('$').is_some_and(|rest| !ends_in_escape(rest))
}
