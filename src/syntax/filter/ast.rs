//! The syntax tree of a filter pattern.
//!
//! Trees are equal when they mean the same text: spans, parentheses and quote style are [`Trivia`] and take no
//! part in equality. Illegal trees do not build: what a pattern cannot spell has no constructor.

use std::collections::HashSet;
use std::fmt;

use crate::Span;

use super::regex::RegexLiteral;
pub use crate::syntax::Trivia;

/// A filter pattern, parsed.
///
/// ```
/// use trailql::FilterPattern;
///
/// let tight: FilterPattern = "{$.eventName=GetObject}".parse()?;
/// let wide: FilterPattern = r#"{ ( $.eventName = "GetObject" ) }"#.parse()?;
/// assert_eq!(tight, wide);
/// assert_eq!(tight.to_string(), r#"{ $.eventName = "GetObject" }"#);
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum FilterPattern {
    /// The empty pattern: every event.
    All,
    /// Words, quoted phrases and regexes, looked for in the raw message.
    Terms(Terms),
    /// `{ … }`: conditions on the members of a JSON object.
    Json(Expr<Condition>),
    /// `[ … ]`: conditions on the blank-separated fields of a line.
    Space(SpacePattern),
}

impl FilterPattern {
    /// Whether there is a regex in it. A log group takes few such filters.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// assert!("{ $.eventName = %^Get% }".parse::<FilterPattern>()?.has_regex());
    /// assert!(!"{ $.eventName = \"%^Get%\" }".parse::<FilterPattern>()?.has_regex());
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn has_regex(&self) -> bool {
        let in_value = |value: &Value| matches!(value, Value::Regex(_));
        match self {
            FilterPattern::Terms(terms) => {
                terms.items().iter().any(|item| matches!(item.atom, ItemAtom::Regex(_)))
            }
            FilterPattern::Json(expr) => expr.leaves().iter().any(|leaf| match &leaf.test {
                Comparison::Equal(value) | Comparison::NotEqual(value) => in_value(value),
                _ => false,
            }),
            FilterPattern::Space(space) => space.entries().iter().any(|entry| match entry {
                Entry::Field { test: Some(test), .. } => test.leaves().iter().any(|leaf| match leaf {
                    FieldTest::Equal(value) | FieldTest::NotEqual(value) => in_value(value),
                    FieldTest::Order(..) => false,
                }),
                _ => false,
            }),
            FilterPattern::All => false,
        }
    }
}

/// A terms pattern: at least one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Terms {
    items: Vec<Item>,
}

impl Terms {
    /// The items, in order; `None` without any, for that is [`FilterPattern::All`].
    pub fn new(items: Vec<Item>) -> Option<Self> {
        (!items.is_empty()).then_some(Terms { items })
    }

    /// The items, in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

/// One item of a terms pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Item {
    /// How the item takes part.
    pub prefix: Prefix,
    /// What is looked for.
    pub atom: ItemAtom,
    /// Where it stands, prefix included.
    pub span: Trivia<Span>,
}

/// How an item of a terms pattern takes part (`spec/filter-pattern.md` 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Prefix {
    /// No prefix: must occur.
    Required,
    /// `?`: one of these must occur, unless an item without `?` is there: then it is ignored.
    Optional,
    /// `-`: must not occur.
    Excluded,
}

/// What an item of a terms pattern looks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ItemAtom {
    /// A word or a quoted phrase: a substring of the message.
    Text(Text),
    /// A regex, searched for in the message.
    Regex(RegexLiteral),
}

/// A text as it was meant, after escapes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Text {
    /// The characters meant.
    pub text: String,
    /// Whether it stood in double quotes.
    pub quoted: Trivia<bool>,
}

impl Text {
    /// A text that will be printed in double quotes.
    pub fn new(text: impl Into<String>) -> Self {
        Text { text: text.into(), quoted: Trivia(true) }
    }
}

/// Leaves joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Expr<L> {
    /// One condition.
    Leaf(L),
    /// All legs hold.
    And(Legs<L>),
    /// Some leg holds.
    Or(Legs<L>),
}

/// The two or more operands of one `&&` or `||`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Legs<L> {
    legs: Vec<Expr<L>>,
    /// For each leg, whether it stood in parentheses of its own.
    pub parenthesised: Trivia<Vec<bool>>,
}

impl<L> Legs<L> {
    /// These operands, in order.
    pub fn new(first: Expr<L>, second: Expr<L>, rest: impl IntoIterator<Item = Expr<L>>) -> Self {
        let mut legs = vec![first, second];
        legs.extend(rest);
        Legs { legs, parenthesised: Trivia(Vec::new()) }
    }

    /// These operands; the single one itself, or `None` without any, where there are fewer than two.
    pub(super) fn join(
        mut legs: Vec<Expr<L>>,
        parenthesised: Vec<bool>,
        junction: fn(Legs<L>) -> Expr<L>,
    ) -> Option<Expr<L>> {
        match legs.len() {
            0 | 1 => legs.pop(),
            _ => Some(junction(Legs { legs, parenthesised: Trivia(parenthesised) })),
        }
    }

    /// The operands, in order.
    pub fn legs(&self) -> &[Expr<L>] {
        &self.legs
    }

    /// Each operand through `map`, until one fails.
    pub(crate) fn try_map<'l, M, E>(
        &'l self,
        map: impl FnMut(&'l Expr<L>) -> Result<Expr<M>, E>,
    ) -> Result<Legs<M>, E> {
        let legs = self.legs.iter().map(map).collect::<Result<_, E>>()?;
        Ok(Legs { legs, parenthesised: self.parenthesised.clone() })
    }

    /// Each operand through `map`.
    pub(crate) fn map(self, map: impl FnMut(Expr<L>) -> Expr<L>) -> Legs<L> {
        Legs { legs: self.legs.into_iter().map(map).collect(), parenthesised: self.parenthesised }
    }

    /// The operands in ascending order of `key`, equal ones as they stood.
    pub(crate) fn sorted_by_key(mut self, key: fn(&Expr<L>) -> u32) -> Legs<L> {
        self.legs.sort_by_key(key);
        self.parenthesised.0.clear();
        self
    }
}

impl<L> Expr<L> {
    /// The leaves, from left to right.
    ///
    /// Takes stack in proportion to the nesting, which the parser bounds by
    /// [`Limits::nesting`](crate::Limits::nesting).
    pub fn leaves(&self) -> Vec<&L> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a L>) {
        match self {
            Expr::Leaf(leaf) => found.push(leaf),
            Expr::And(legs) | Expr::Or(legs) => legs.legs().iter().for_each(|leg| leg.collect(found)),
        }
    }
}

/// One condition of a JSON pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Condition {
    /// Which member is tested.
    pub selector: Selector,
    /// What it must fulfil.
    pub test: Comparison,
    /// Where the whole condition stands.
    pub span: Trivia<Span>,
}

/// What a JSON condition asks of a value (`spec/filter-pattern.md` 3.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Comparison {
    /// `= value`
    Equal(Value),
    /// `!= value`
    NotEqual(Value),
    /// `<`, `<=`, `>` or `>=` a number.
    Order(Ordering, NumberLiteral),
    /// `IS NULL`
    IsNull,
    /// `IS TRUE` and `IS FALSE`
    IsBool(bool),
    /// `NOT EXISTS`
    NotExists,
}

/// An ordering operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Ordering {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Ordering {
    /// The operator as written.
    pub fn as_str(self) -> &'static str {
        match self {
            Ordering::Less => "<",
            Ordering::LessOrEqual => "<=",
            Ordering::Greater => ">",
            Ordering::GreaterOrEqual => ">=",
        }
    }

    /// Whether `left operator right` holds, given how `left` compares with `right`.
    pub fn holds(self, left_to_right: std::cmp::Ordering) -> bool {
        match self {
            Ordering::Less => left_to_right.is_lt(),
            Ordering::LessOrEqual => left_to_right.is_le(),
            Ordering::Greater => left_to_right.is_gt(),
            Ordering::GreaterOrEqual => left_to_right.is_ge(),
        }
    }
}

/// The right side of `=` and `!=`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Value {
    /// A word or a quoted text; a star at either end is a wildcard.
    Text(Text),
    /// An unquoted number: compared by value with JSON numbers, by spelling with texts.
    Number(NumberLiteral),
    /// A regex, searched for.
    Regex(RegexLiteral),
}

/// A number, spelled as in the pattern.
///
/// ```
/// use trailql::syntax::filter::NumberLiteral;
///
/// assert_eq!(NumberLiteral::new("1e+3").unwrap().as_str(), "1e+3");
/// assert!(NumberLiteral::new(".5").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct NumberLiteral {
    lexeme: String,
}

impl NumberLiteral {
    /// The literal with this spelling: an optional sign, digits, optionally a fraction and an exponent; `None`
    /// for any other spelling.
    pub fn new(lexeme: &str) -> Option<Self> {
        super::lex::is_number(lexeme).then(|| NumberLiteral { lexeme: lexeme.to_owned() })
    }

    /// The spelling.
    pub fn as_str(&self) -> &str {
        &self.lexeme
    }
}

/// A path into a JSON object: `$`, then at least one step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Selector {
    steps: Vec<SelectorStep>,
    /// Where it stands.
    pub span: Trivia<Span>,
}

impl Selector {
    /// The selector with these steps; `None` without any, for `$` alone is refused.
    pub fn new(steps: Vec<SelectorStep>) -> Option<Self> {
        (!steps.is_empty()).then_some(Selector { steps, span: Trivia(Span::default()) })
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[SelectorStep] {
        &self.steps
    }

    /// How many of the steps are wildcards.
    pub fn wildcards(&self) -> usize {
        self.steps.iter().filter(|step| step.is_wildcard()).count()
    }
}

/// One step of a selector.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SelectorStep {
    /// `.key` or `.['key']`: the member with that key.
    Key(Key),
    /// `[n]`: the element at that position, zero-based.
    Index(u64),
    /// `.*`: every member or element.
    AnyMember,
    /// `[*]`: every element or member.
    AnyElement,
}

impl SelectorStep {
    /// Whether the step stands for several values.
    pub fn is_wildcard(&self) -> bool {
        matches!(self, SelectorStep::AnyMember | SelectorStep::AnyElement)
    }
}

/// A key of a JSON object that a selector can spell: anything that does not hold both kinds of quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Key {
    name: String,
}

impl Key {
    /// The key, or `None` where it holds both `'` and `"`.
    pub fn new(name: impl Into<String>) -> Option<Self> {
        let name = name.into();
        (!(name.contains('\'') && name.contains('"'))).then_some(Key { name })
    }

    /// The key's characters.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

/// A space-delimited pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct SpacePattern {
    entries: Vec<Entry>,
}

/// A list of entries that no space-delimited pattern can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("duplicate field `{0}`")]
pub struct DuplicateField(pub String);

impl SpacePattern {
    /// The pattern of these entries. A single unnamed entry is the same as none, for `[]` spells both.
    ///
    /// # Errors
    /// A name, or the ellipsis, that stands twice.
    pub fn new(mut entries: Vec<Entry>) -> Result<Self, DuplicateField> {
        let mut seen = HashSet::new();
        for entry in &entries {
            let name = match entry {
                Entry::Unnamed => continue,
                Entry::Ellipsis => "...",
                Entry::Field { name, .. } => name.as_str(),
            };
            if !seen.insert(name) {
                return Err(DuplicateField(name.to_owned()));
            }
        }
        if matches!(entries.as_slice(), [Entry::Unnamed]) {
            entries.clear();
        }
        Ok(SpacePattern { entries })
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// One entry of a space-delimited pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Entry {
    /// Nothing between two commas: one field without a name.
    Unnamed,
    /// `...`: any number of fields.
    Ellipsis,
    /// A named field, with or without a condition.
    Field {
        /// Its name.
        name: Name,
        /// What its text must fulfil.
        test: Option<Expr<FieldTest>>,
    },
}

/// The name of a field: letters, digits, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Name {
    name: String,
}

impl Name {
    /// The name, or `None` where it is empty or has another character.
    pub fn new(name: &str) -> Option<Self> {
        let legal = !name.is_empty() && name.bytes().all(super::lex::is_name_byte);
        legal.then(|| Name { name: name.to_owned() })
    }

    /// The name's characters.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// One test of a field's text (`spec/filter-pattern.md` 3.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum FieldTest {
    /// `name = value`
    Equal(Value),
    /// `name != value`
    NotEqual(Value),
    /// `name <`, `<=`, `>` or `>=` a number.
    Order(Ordering, NumberLiteral),
}
