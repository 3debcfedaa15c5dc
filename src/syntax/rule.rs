//! What is known of a rule apart from where it fired.

use crate::diagnostic::{Code, Severity};

/// A rule: what it says, why, and what mends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code.
    pub code: Code,
    /// How much a finding weighs.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why the service or the reader minds.
    pub why: &'static str,
    /// A pattern or query that breaks it.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
    /// Where the service's own documentation says so; may be empty.
    pub see: &'static str,
}

/// The rules of a language, each `NAME "code" Severity "title": "why", "bad" => "good";`: a constant for each code, and
/// `RULES` of all of them.
macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $title:literal: $why:literal, $bad:expr => $good:expr;)*) => {
        $(
            #[doc = $title]
            pub const $name: $crate::Code = $crate::Code($code);
        )*

        /// Every rule, by code.
        pub const RULES: &[Rule] = &[
            $(Rule { code: $name, severity: $crate::Severity::$severity, title: $title, why: $why, bad: $bad, good: $good, see: "" },)*
        ];
    };
}

pub(crate) use rules;
