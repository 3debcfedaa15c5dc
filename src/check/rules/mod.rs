//! The rules that look at the meaning of a text: one folder a family, one file a rule.

pub(super) mod ct;
#[cfg(test)]
mod examples;
pub(super) mod fp;
pub(super) mod li;
pub(super) mod mi;
pub(super) mod mm;

/// The files of a family: each has a `RULE` and a `check`, and is named here once.
macro_rules! family {
    ($context:ty: $($rule:ident),* $(,)?) => {
        $(mod $rule;)*

        /// The rules of the family.
        pub(crate) const RULES: &[$crate::syntax::Rule] = &[$($rule::RULE),*];

        /// What each rule has to say.
        fn each(context: &$context, findings: &mut Vec<$crate::Diagnostic>) {
            $($rule::check(context, findings);)*
        }
    };
}
pub(crate) use family;
