//! What a text says of the fields of a record, whatever language it says it in.

use std::borrow::Cow;
use std::rc::Rc;

use crate::Span;
use crate::schema::Key;

/// Everything that a text says of the record.
#[derive(Default)]
pub(super) struct Facts<'a> {
    /// Each place that names a field of the record.
    pub(super) uses: Vec<FieldUse<'a>>,
    /// The names of CloudWatch Logs' own fields, with their `@`, and where they stand.
    pub(super) system_names: Vec<(&'a str, Span)>,
}

/// One place that names a field.
pub(super) struct FieldUse<'a> {
    /// The steps from the root of the record.
    pub(super) path: Vec<Key<'a>>,
    /// Where the path stands.
    pub(super) span: Span,
    /// Where what is said of it stands, path included.
    pub(super) whole: Span,
    /// What is said of it.
    pub(super) test: Test<'a>,
    /// Whether an element is named in brackets where the language has another spelling.
    pub(super) is_bracketed: bool,
    /// What else must hold where this matters.
    pub(super) beside: Beside<'a>,
}

/// What is said of a field.
pub(super) enum Test<'a> {
    /// Its value is used: shown, grouped, handed to the function of this name (lower case, no `_`).
    Read(Option<Cow<'a, str>>),
    /// It equals one of these, or (`negated`) none of them.
    Equal {
        /// Whether it must not.
        negated: bool,
        /// At least one.
        values: Vec<Literal<'a>>,
    },
    /// It is smaller or larger.
    Order(Literal<'a>),
    /// A regex is found in it, or (`negated`) not.
    Regex,
    /// It is the boolean.
    IsBool(bool),
    /// It is `null`.
    IsNull,
    /// It is not there.
    NotExists,
    /// It stands as a condition by itself.
    Truth,
    /// It stands where a text would: the use with this number is compared with it.
    InPlaceOfText(usize),
}

/// A value that a field is compared with.
#[derive(Clone)]
pub(super) struct Literal<'a> {
    /// What it is.
    pub(super) kind: LiteralKind,
    /// The characters meant, without wildcards.
    pub(super) text: Cow<'a, str>,
    /// Whether anything may stand before them.
    pub(super) open_start: bool,
    /// Whether anything may stand after them.
    pub(super) open_end: bool,
    /// Where it stands, quotes included.
    pub(super) span: Span,
}

/// What a literal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LiteralKind {
    /// A text.
    Text,
    /// A number without quotes.
    Number,
    /// `true` or `false` without quotes, in a language that knows them.
    Bool,
}

/// What must hold together with a test.
#[derive(Clone, Default)]
pub(super) struct Beside<'a> {
    /// The event source is one of these.
    pub(super) event_sources: Option<Rc<[Exact<'a>]>>,
    /// The event name is one of these.
    pub(super) event_names: Option<Rc<[Exact<'a>]>>,
    /// `userIdentity.type` is one of these.
    pub(super) identity_types: Option<Rc<[Exact<'a>]>>,
}

/// A text without wildcards, and where it stands.
#[derive(Clone)]
pub(super) struct Exact<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
}

impl<'a> FieldUse<'a> {
    /// Whether the path is this one of names.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        self.path.len() == names.len() && self.starts_with(names)
    }

    /// Whether the path begins with these names.
    pub(super) fn starts_with(&self, names: &[&str]) -> bool {
        let mut steps = self.path.iter();
        names.iter().all(|name| steps.next() == Some(&Key::Name(name)))
    }

    /// The first step, if it is a name.
    pub(super) fn first_name(&self) -> Option<&'a str> {
        match self.path.first() {
            Some(Key::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The texts it is compared with for equality.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Literal<'a>> {
        self.values().iter().filter(|literal| literal.kind == LiteralKind::Text)
    }

    /// What it is compared with for equality.
    pub(super) fn values(&self) -> &[Literal<'a>] {
        match &self.test {
            Test::Equal { values, .. } => values,
            _ => &[],
        }
    }

    /// Whether a value must be there for this to hold.
    pub(super) fn needs_a_value(&self) -> bool {
        match &self.test {
            Test::Equal { negated, .. } => !negated,
            Test::Order(_) | Test::IsBool(_) | Test::Truth => true,
            _ => false,
        }
    }
}

impl<'a> Literal<'a> {
    /// The text, if nothing else may stand around it.
    pub(super) fn exact(&self) -> Option<&str> {
        (!self.open_start && !self.open_end).then_some(&*self.text)
    }

    /// Whether a value is covered.
    pub(super) fn covers(&self, value: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => value == self.text,
            (true, false) => value.ends_with(&*self.text),
            (false, true) => value.starts_with(&*self.text),
            (true, true) => value.contains(&*self.text),
        }
    }

    /// Whether a value would be covered if letter case did not count.
    pub(super) fn covers_without_case(&self, value: &str) -> bool {
        let lower = Literal { text: self.text.to_ascii_lowercase().into(), ..self.clone() };
        lower.covers(&value.to_ascii_lowercase())
    }
}
