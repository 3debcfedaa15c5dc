//! Tree to text: the canonical spelling of a filter pattern.
//!
//! One blank around operators, keywords in capitals, every text in double quotes, numbers and regexes as written.
//! A junction inside a junction stands in parentheses; a condition stands without. `parse(print(tree)) == tree`.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, ItemAtom, Key, Name, NumberLiteral, Prefix,
    Selector, SelectorStep, Text, Value,
};
use super::lex;
use super::regex::RegexLiteral;

impl Display for FilterPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            FilterPattern::All => Ok(()),
            FilterPattern::Terms(terms) => separated(f, " ", terms.items(), |f, item| {
                match item.prefix {
                    Prefix::Required => {}
                    Prefix::Optional => f.write_char('?')?,
                    Prefix::Excluded => f.write_char('-')?,
                }
                match &item.atom {
                    ItemAtom::Text(text) => text.fmt(f),
                    ItemAtom::Regex(regex) => regex.fmt(f),
                }
            }),
            FilterPattern::Json(expr) => {
                f.write_str("{ ")?;
                expression(f, expr, &|f, condition: &Condition| condition.fmt(f))?;
                f.write_str(" }")
            }
            FilterPattern::Space(space) => {
                f.write_char('[')?;
                separated(f, ", ", space.entries(), |f, entry| match entry {
                    Entry::Unnamed => Ok(()),
                    Entry::Ellipsis => f.write_str("..."),
                    Entry::Field { name, test: None } => name.fmt(f),
                    Entry::Field { name, test: Some(test) } => {
                        expression(f, test, &|f, test: &FieldTest| field_test(f, name, test))
                    }
                })?;
                f.write_char(']')
            }
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.selector.fmt(f)?;
        match &self.test {
            Comparison::Equal(value) => write!(f, " = {value}"),
            Comparison::NotEqual(value) => write!(f, " != {value}"),
            Comparison::Order(ordering, number) => write!(f, " {} {number}", ordering.as_str()),
            Comparison::IsNull => f.write_str(" IS NULL"),
            Comparison::IsBool(true) => f.write_str(" IS TRUE"),
            Comparison::IsBool(false) => f.write_str(" IS FALSE"),
            Comparison::NotExists => f.write_str(" NOT EXISTS"),
        }
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        self.steps().iter().try_for_each(|step| match step {
            SelectorStep::Key(key) => key_step(f, key),
            SelectorStep::Index(index) => write!(f, "[{index}]"),
            SelectorStep::AnyMember => f.write_str(".*"),
            SelectorStep::AnyElement => f.write_str("[*]"),
        })
    }
}

fn key_step(f: &mut Formatter<'_>, key: &Key) -> fmt::Result {
    let name = key.as_str();
    if !name.is_empty() && name.chars().all(lex::is_key) {
        write!(f, ".{name}")
    } else if name.contains('\'') {
        write!(f, ".[\"{name}\"]")
    } else {
        write!(f, ".['{name}']")
    }
}

fn field_test(f: &mut Formatter<'_>, name: &Name, test: &FieldTest) -> fmt::Result {
    match test {
        FieldTest::Equal(value) => write!(f, "{name} = {value}"),
        FieldTest::NotEqual(value) => write!(f, "{name} != {value}"),
        FieldTest::Order(ordering, number) => write!(f, "{name} {} {number}", ordering.as_str()),
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => text.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Regex(regex) => regex.fmt(f),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.text.chars() {
            if matches!(c, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(c)?;
        }
        f.write_char('"')
    }
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Display for RegexLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "%{}%", self.as_str())
    }
}

/// Writes a tree whose leaves `leaf` writes.
fn expression<L>(
    f: &mut Formatter<'_>,
    expr: &Expr<L>,
    leaf: &dyn Fn(&mut Formatter<'_>, &L) -> fmt::Result,
) -> fmt::Result {
    let (joint, legs) = match expr {
        Expr::Leaf(one) => return leaf(f, one),
        Expr::And(legs) => (" && ", legs),
        Expr::Or(legs) => (" || ", legs),
    };
    separated(f, joint, legs.legs(), |f, leg| match leg {
        Expr::Leaf(one) => leaf(f, one),
        nested => {
            f.write_char('(')?;
            expression(f, nested, leaf)?;
            f.write_char(')')
        }
    })
}

fn separated<T>(
    f: &mut Formatter<'_>,
    separator: &str,
    items: &[T],
    write: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(f, item)?;
    }
    Ok(())
}
