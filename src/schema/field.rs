//! Fields of a CloudTrail record: what a path leads to.

use super::spelling;

/// One step of a path into a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key<'a> {
    /// A member by its name.
    Name(&'a str),
    /// An element of an array by its number.
    Index(usize),
    /// Any element of an array.
    AnyElement,
    /// Any member of an object.
    AnyMember,
}

/// The JSON type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A text.
    String,
    /// `true` or `false`, without quotes.
    Boolean,
    /// A number.
    Number,
    /// An object.
    Object,
    /// An array.
    Array,
    /// Different from record to record, or not documented.
    Any,
}

impl Kind {
    /// The lower-case word, as files of additions have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::Object => "object",
            Kind::Array => "array",
            Kind::Any => "any",
        }
    }
}

/// How often a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// In every record that a trail delivers for an API call.
    Always,
    /// In some records only.
    Sometimes,
}

/// A field that the schema knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path, joined by dots, as documents spell it.
    pub path: String,
    /// Its JSON type.
    pub kind: Kind,
    /// Whether records always have it.
    pub occurrence: Occurrence,
    /// The event version it came with, such as `1.08`; `None` where no document says.
    pub since: Option<&'static str>,
    /// The values it takes, where they are few and known; empty otherwise.
    pub values: &'static [&'static str],
    /// What else is worth knowing, in a sentence; may be empty.
    pub note: &'static str,
}

impl Field {
    /// The values of a closed list that an unknown one may have been meant for, likeliest first, at most three.
    ///
    /// ```
    /// use trailql::schema::{Key, Lookup, Schema};
    ///
    /// let path = [Key::Name("userIdentity"), Key::Name("type")];
    /// let Lookup::Known(field) = Schema::cloudtrail().lookup(&path) else { panic!("a field") };
    /// assert_eq!(field.suggest_value("IamUser"), ["IAMUser"]);
    /// ```
    pub fn suggest_value(&self, value: &str) -> Vec<&'static str> {
        spelling::nearest(value, self.values.iter().copied(), 3)
    }
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup {
    /// A field that is known.
    Known(Field),
    /// Something inside a part of the record whose members depend on the call, or that is free in form.
    Open,
    /// Nothing: the part of the record it would be in is closed.
    Unknown {
        /// Which step of the path fails, counted from zero.
        step: usize,
        /// What may have been meant, likeliest first: whole paths, joined by dots.
        suggestions: Vec<String>,
    },
}
