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
use crate::Limits;

/// How much is written beyond what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// Blanks around operators and inside braces.
    is_wide: bool,
    /// Quotes around every text.
    is_quoted: bool,
}

const CANONICAL: Layout = Layout { is_wide: true, is_quoted: true };

impl FilterPattern {
    /// The pattern in as few characters as will do: no blanks and no quotes beyond need. For a pattern that is over the
    /// service's 1,024 characters.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// let pattern: FilterPattern = r#"{ ($.eventName = "DeleteTrail") && ($.a = "b c") }"#.parse()?;
    /// assert_eq!(pattern.to_tight_string(), r#"{$.eventName=DeleteTrail&&$.a="b c"}"#);
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn to_tight_string(&self) -> String {
        self.spelled(Layout { is_wide: false, is_quoted: false })
    }

    /// The canonical spelling with quotes only where they are needed: for places where each quote must be escaped.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// let pattern: FilterPattern = r#"{($.eventName="DeleteTrail")&&($.a="1")}"#.parse()?;
    /// assert_eq!(pattern.to_lean_string(), r#"{ $.eventName = DeleteTrail && $.a = "1" }"#);
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn to_lean_string(&self) -> String {
        self.spelled(Layout { is_wide: true, is_quoted: false })
    }

    /// The pattern in a layout if that reads as the same pattern; else canonically.
    fn spelled(&self, layout: Layout) -> String {
        let text = InLayout(self, layout).to_string();
        let read = FilterPattern::parse_with(&text, &Limits::without_quotas());
        if read.as_ref() == Ok(self) { text } else { self.to_string() }
    }
}

impl Display for FilterPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        InLayout(self, CANONICAL).fmt(f)
    }
}

struct InLayout<'a>(&'a FilterPattern, Layout);

impl Display for InLayout<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let InLayout(pattern, layout) = self;
        match pattern {
            FilterPattern::All => Ok(()),
            FilterPattern::Terms(terms) => separated(f, " ", terms.items(), |f, item| {
                match item.prefix {
                    Prefix::Required => {}
                    Prefix::Optional => f.write_char('?')?,
                    Prefix::Excluded => f.write_char('-')?,
                }
                match &item.atom {
                    ItemAtom::Text(one) => text(f, one, layout.is_quoted || !is_plain_term(&one.text)),
                    ItemAtom::Regex(regex) => regex.fmt(f),
                }
            }),
            FilterPattern::Json(expr) => {
                f.write_str(if layout.is_wide { "{ " } else { "{" })?;
                expression(f, expr, *layout, &|f, one: &Condition| condition(f, one, *layout))?;
                f.write_str(if layout.is_wide { " }" } else { "}" })
            }
            FilterPattern::Space(space) => {
                f.write_char('[')?;
                let comma = if layout.is_wide { ", " } else { "," };
                separated(f, comma, space.entries(), |f, entry| match entry {
                    Entry::Unnamed => Ok(()),
                    Entry::Ellipsis => f.write_str("..."),
                    Entry::Field { name, test: None } => name.fmt(f),
                    Entry::Field { name, test: Some(test) } => {
                        expression(f, test, *layout, &|f, test: &FieldTest| {
                            field_test(f, name, test, *layout)
                        })
                    }
                })?;
                f.write_char(']')
            }
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        condition(f, self, CANONICAL)
    }
}

fn condition(f: &mut Formatter<'_>, condition: &Condition, layout: Layout) -> fmt::Result {
    condition.selector.fmt(f)?;
    match &condition.test {
        Comparison::Equal(value) => compared(f, "=", layout, |f| value_in(f, value, layout)),
        Comparison::NotEqual(value) => compared(f, "!=", layout, |f| value_in(f, value, layout)),
        Comparison::Order(ordering, number) => compared(f, ordering.as_str(), layout, |f| number.fmt(f)),
        Comparison::IsNull => f.write_str(" IS NULL"),
        Comparison::IsBool(true) => f.write_str(" IS TRUE"),
        Comparison::IsBool(false) => f.write_str(" IS FALSE"),
        Comparison::NotExists => f.write_str(" NOT EXISTS"),
    }
}

/// An operator and what stands behind it.
fn compared(
    f: &mut Formatter<'_>,
    operator: &str,
    layout: Layout,
    value: impl Fn(&mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    let blank = if layout.is_wide { " " } else { "" };
    write!(f, "{blank}{operator}{blank}")?;
    value(f)
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

fn field_test(f: &mut Formatter<'_>, name: &Name, test: &FieldTest, layout: Layout) -> fmt::Result {
    name.fmt(f)?;
    match test {
        FieldTest::Equal(value) => compared(f, "=", layout, |f| value_in(f, value, layout)),
        FieldTest::NotEqual(value) => compared(f, "!=", layout, |f| value_in(f, value, layout)),
        FieldTest::Order(ordering, number) => compared(f, ordering.as_str(), layout, |f| number.fmt(f)),
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        value_in(f, self, CANONICAL)
    }
}

fn value_in(f: &mut Formatter<'_>, value: &Value, layout: Layout) -> fmt::Result {
    match value {
        Value::Text(one) => text(f, one, layout.is_quoted || !is_plain_value(&one.text)),
        Value::Number(number) => number.fmt(f),
        Value::Regex(regex) => regex.fmt(f),
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        text(f, self, true)
    }
}

fn text(f: &mut Formatter<'_>, text: &Text, is_quoted: bool) -> fmt::Result {
    if !is_quoted {
        return f.write_str(&text.text);
    }
    f.write_char('"')?;
    for c in text.text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

/// Whether a term means the same without quotes.
fn is_plain_term(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a value means the same without quotes: no number, and none of the words with a meaning of their own.
fn is_plain_value(text: &str) -> bool {
    const WORDS: &[&str] = &["null", "true", "false", "is", "not", "exists"];
    let is_word = |word: &&str| text.eq_ignore_ascii_case(word);
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'*'))
        && text.contains(|c: char| c.is_ascii_alphabetic() || c == '*')
        && !lex::is_number(text)
        && !WORDS.iter().any(|word| is_word(word))
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
    layout: Layout,
    leaf: &dyn Fn(&mut Formatter<'_>, &L) -> fmt::Result,
) -> fmt::Result {
    let (joint, legs) = match expr {
        Expr::Leaf(one) => return leaf(f, one),
        Expr::And(legs) => (if layout.is_wide { " && " } else { "&&" }, legs),
        Expr::Or(legs) => (if layout.is_wide { " || " } else { "||" }, legs),
    };
    separated(f, joint, legs.legs(), |f, leg| match leg {
        Expr::Leaf(one) => leaf(f, one),
        nested => {
            f.write_char('(')?;
            expression(f, nested, layout, leaf)?;
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

#[cfg(test)]
mod tests {
    use crate::FilterPattern;

    fn tight(text: &str) -> String {
        let pattern: FilterPattern = text.parse().unwrap();
        let tight = pattern.to_tight_string();
        assert_eq!(tight.parse::<FilterPattern>().unwrap(), pattern, "{tight}");
        assert!(tight.len() <= pattern.to_string().len(), "{tight}");
        tight
    }

    #[test]
    fn what_is_not_needed_goes_and_the_meaning_stays() {
        assert_eq!(tight("{ ($.a = \"x\") || ($.b != \"x y\") }"), "{$.a=x||$.b!=\"x y\"}");
        assert_eq!(tight("{ $.a = \"17\" && $.b = 17 }"), "{$.a=\"17\"&&$.b=17}", "a number is no text");
        assert_eq!(tight("{ ($.a = 1 || $.b = 2) && $.c NOT EXISTS }"), "{($.a=1||$.b=2)&&$.c NOT EXISTS}");
        assert_eq!(tight("{ $.['a b'] = %x y% && $.c = \"s3:Get*\" }"), "{$.['a b']=%x y%&&$.c=\"s3:Get*\"}");
        assert_eq!(tight("[ip, ..., status = \"4*\"]"), "[ip,...,status=4*]");
        assert_eq!(tight("ERROR \"a b\" -\"c\""), "ERROR \"a b\" -c");
        assert_eq!(tight("{ $.a = \"null\" || $.a = \"1e5\" }"), "{$.a=\"null\"||$.a=\"1e5\"}");
    }
}
