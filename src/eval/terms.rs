//! Terms patterns on the raw message (`spec/filter-pattern.md` 3.1, 3.2).

use memchr::memmem;

use crate::plan::filter::{Term, TermsPlan};

pub(super) fn is_match(plan: &TermsPlan, message: &str) -> bool {
    plan.required.iter().all(|term| occurs(term, message))
        && !plan.excluded.iter().any(|term| occurs(term, message))
        && (plan.alternatives.is_empty() || plan.alternatives.iter().any(|term| occurs(term, message)))
}

pub(super) fn occurs(term: &Term, message: &str) -> bool {
    match term {
        Term::Text(text) => memmem::find(message.as_bytes(), text.as_bytes()).is_some(),
        Term::Regex(regex) => regex.is_match(message),
    }
}
