//! What a definition says, whichever format writes it: texts, numbers, lists, maps, and what only a deployment knows.

/// A value of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    /// A pattern, a query or the body of a dashboard: on lines of its own where the format has that.
    Code(String),
    /// A text with parts that only a deployment knows.
    Pieces(Vec<Piece>),
    Whole(i64),
    Real(f64),
    Flag(bool),
    List(Vec<Value>),
    Map(Members),
    Reference(Reference),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Fact(Fact),
}

/// What only a deployment knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    Partition,
    Account,
    Region,
    Organization,
    /// The ARN of the log group, without `:*`.
    LogGroupArn,
    /// The ARN of the bucket that is exported too.
    BucketArn,
}

/// Another resource of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    LogGroupName,
    /// The ARN of the log group with `:*`, as a trail takes it.
    LogGroupStreams,
    RoleArn,
    RoleName,
    BucketName,
    /// The ARN of a topic, by its number.
    Topic(usize),
}

/// The members of a map, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Members(pub(super) Vec<(String, Value)>);

impl Members {
    pub(super) fn new() -> Self {
        Members::default()
    }

    /// With one more member.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// With one more member where there is a value for it.
    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With one more member where there is anything in the list.
    pub(super) fn with_list(self, name: &str, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self } else { self.with(name, Value::List(values)) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Calls `see` with every text in it, names of members too.
    pub(super) fn texts(&self, see: &mut impl FnMut(&str)) {
        for (name, value) in &self.0 {
            see(name);
            value.texts(see);
        }
    }
}

impl Value {
    /// A text of pieces; a plain one where nothing in it is open.
    pub(super) fn pieces(pieces: Vec<Piece>) -> Self {
        let known: Option<Vec<&str>> = { &pieces }.iter().map(Piece::known).collect();
        match known {
            Some(known) => Value::Text(known.concat()),
            None => Value::Pieces(pieces),
        }
    }

    /// Calls `see` with every text in it, names of members too.
    pub(super) fn texts(&self, see: &mut impl FnMut(&str)) {
        match self {
            Value::Text(text) | Value::Code(text) => see(text),
            Value::Pieces(pieces) => pieces.iter().filter_map(Piece::known).for_each(see),
            Value::List(values) => values.iter().for_each(|value| value.texts(see)),
            Value::Map(members) => members.texts(see),
            _ => {}
        }
    }

    /// Calls `see` with every fact in it.
    pub(super) fn facts(&self, see: &mut impl FnMut(Fact)) {
        match self {
            Value::Pieces(pieces) => pieces.iter().filter_map(Piece::fact).for_each(see),
            Value::List(values) => values.iter().for_each(|value| value.facts(see)),
            Value::Map(members) => members.0.iter().for_each(|(_, value)| value.facts(see)),
            _ => {}
        }
    }
}

impl Piece {
    fn known(&self) -> Option<&str> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Fact(_) => None,
        }
    }

    fn fact(&self) -> Option<Fact> {
        match self {
            Piece::Text(_) => None,
            Piece::Fact(fact) => Some(*fact),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<&crate::stack::Text> for Value {
    fn from(text: &crate::stack::Text) -> Self {
        Value::Text(text.value.clone())
    }
}

impl From<&crate::stack::Located<i64>> for Value {
    fn from(number: &crate::stack::Located<i64>) -> Self {
        Value::Whole(number.value)
    }
}

impl From<&crate::stack::Located<f64>> for Value {
    fn from(number: &crate::stack::Located<f64>) -> Self {
        Value::Real(number.value)
    }
}

impl From<&crate::stack::Located<bool>> for Value {
    fn from(flag: &crate::stack::Located<bool>) -> Self {
        Value::Flag(flag.value)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<Members> for Value {
    fn from(members: Members) -> Self {
        Value::Map(members)
    }
}

impl From<Reference> for Value {
    fn from(reference: Reference) -> Self {
        Value::Reference(reference)
    }
}
