//! Random filter patterns, for property tests and fuzzing.
//!
//! Every tree that comes out can be printed and parsed again, given room: the quotas are the caller's.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::ast::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, Item, ItemAtom, Key, Legs, Name,
    NumberLiteral, Selector, SelectorStep, SpacePattern, Terms, Text, Trivia, Value,
};
use super::regex::RegexLiteral;

/// Deeper junctions are not made.
const DEEPEST: usize = 4;

/// Words that random events use too, so that patterns and events have a chance to meet.
pub(crate) const WORDS: &[&str] = &[
    "a",
    "b",
    "eventName",
    "GetObject",
    "Get",
    "Object",
    "x.y",
    "",
    "true",
    "null",
    "1",
    "10",
    "1.0",
    "1e1",
    "-0",
    "*",
    "Put*Policy",
    "ethos/x",
    "a\"b",
    "a\\b",
    "é",
    "\u{1F600}",
    "\t",
    "\n",
    "ERROR",
    "two words",
    "[x]",
    "%d%",
];

const NUMBERS: &[&str] =
    &["0", "-0", "+1", "1", "1.0", "1e0", "10e-1", "100", "1e2", "9007199254740993", "-2.5", "1E+3"];

const REGEXES: &[&str] = &[
    "a",
    "^Get",
    "Object$",
    "[0-9]+",
    r"\d{1,3}\.\d",
    "a|b",
    ".",
    "^.*$",
    r"\W",
    r"\x28",
    "a{,2}",
    "[^a-z]",
    "two w",
];

impl<'a> Arbitrary<'a> for FilterPattern {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=9)? {
            0 => FilterPattern::All,
            1..=2 => {
                let items = (0..u.int_in_range(1..=4)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
                Terms::new(items).map_or(FilterPattern::All, FilterPattern::Terms)
            }
            3..=4 => FilterPattern::Space(u.arbitrary()?),
            _ => FilterPattern::Json(expression(u, 0, &mut Condition::arbitrary)?),
        })
    }
}

fn expression<'a, L>(
    u: &mut Unstructured<'a>,
    depth: usize,
    leaf: &mut dyn FnMut(&mut Unstructured<'a>) -> Result<L>,
) -> Result<Expr<L>> {
    if depth >= DEEPEST || u.ratio(1, 2)? {
        return leaf(u).map(Expr::Leaf);
    }
    let first = expression(u, depth + 1, leaf)?;
    let second = expression(u, depth + 1, leaf)?;
    let third = if u.ratio(1, 3)? { Some(expression(u, depth + 1, leaf)?) } else { None };
    let legs = Legs::new(first, second, third);
    Ok(if u.arbitrary()? { Expr::And(legs) } else { Expr::Or(legs) })
}

fn word(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(if u.ratio(3, 4)? { (*u.choose(WORDS)?).to_owned() } else { u.arbitrary()? })
}

impl<'a> Arbitrary<'a> for Item {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let atom =
            if u.ratio(1, 5)? { ItemAtom::Regex(u.arbitrary()?) } else { ItemAtom::Text(u.arbitrary()?) };
        Ok(Item { prefix: u.arbitrary()?, atom, span: Trivia::default() })
    }
}

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let core = word(u)?;
        Ok(Text::new(match u.int_in_range(0..=5)? {
            0 => format!("{core}*"),
            1 => format!("*{core}"),
            2 => format!("*{core}*"),
            _ => core,
        }))
    }
}

impl<'a> Arbitrary<'a> for NumberLiteral {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let lexeme =
            if u.arbitrary()? { (*u.choose(NUMBERS)?).to_owned() } else { i64::arbitrary(u)?.to_string() };
        NumberLiteral::new(&lexeme).ok_or(arbitrary::Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for RegexLiteral {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let own = if u.ratio(1, 4)? { Some(String::arbitrary(u)?) } else { None };
        let own = own.and_then(|body| RegexLiteral::new(&body).ok());
        match own {
            Some(literal) => Ok(literal),
            None => RegexLiteral::new(u.choose(REGEXES)?).map_err(|_| arbitrary::Error::IncorrectFormat),
        }
    }
}

impl<'a> Arbitrary<'a> for Value {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=5)? {
            0 => Value::Regex(u.arbitrary()?),
            1 => Value::Number(u.arbitrary()?),
            _ => Value::Text(u.arbitrary()?),
        })
    }
}

impl<'a> Arbitrary<'a> for Condition {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let test = match u.int_in_range(0..=9)? {
            0 => Comparison::IsNull,
            1 => Comparison::IsBool(u.arbitrary()?),
            2 => Comparison::NotExists,
            3 => Comparison::Order(u.arbitrary()?, u.arbitrary()?),
            4..=6 => Comparison::NotEqual(u.arbitrary()?),
            _ => Comparison::Equal(u.arbitrary()?),
        };
        Ok(Condition { selector: u.arbitrary()?, test, span: Trivia::default() })
    }
}

impl<'a> Arbitrary<'a> for Selector {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let steps = (0..u.int_in_range(1..=3)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
        Selector::new(steps).ok_or(arbitrary::Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for SelectorStep {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=11)? {
            0 => SelectorStep::AnyMember,
            1 => SelectorStep::AnyElement,
            2 => SelectorStep::Index(u.int_in_range(0..=3)?),
            3 => SelectorStep::Index(u.arbitrary()?),
            _ => SelectorStep::Key(u.arbitrary()?),
        })
    }
}

impl<'a> Arbitrary<'a> for Key {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let name = word(u)?;
        Key::new(name.replace('\'', "")).ok_or(arbitrary::Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for SpacePattern {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut entries = Vec::new();
        let count = u.int_in_range(0..=4)?;
        let ellipsis = u.int_in_range(0..=9)?;
        for index in 0..count {
            entries.push(match u.int_in_range(0..=5)? {
                _ if index == ellipsis => Entry::Ellipsis,
                0 => Entry::Unnamed,
                1..=2 => Entry::Field { name: name(index)?, test: None },
                _ => Entry::Field {
                    name: name(index)?,
                    test: Some(expression(u, 2, &mut FieldTest::arbitrary)?),
                },
            });
        }
        SpacePattern::new(entries).map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}

fn name(index: usize) -> Result<Name> {
    Name::new(&format!("field-{index}")).ok_or(arbitrary::Error::IncorrectFormat)
}

impl<'a> Arbitrary<'a> for FieldTest {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=4)? {
            0 => FieldTest::Order(u.arbitrary()?, u.arbitrary()?),
            1 => FieldTest::NotEqual(u.arbitrary()?),
            _ => FieldTest::Equal(u.arbitrary()?),
        })
    }
}
