//! A filter pattern in plain words.

use std::fmt::Write;

use crate::listing::listed;
use crate::plan::glob::Glob;

use super::ast::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, ItemAtom, Ordering, Prefix, Terms, Value,
};

impl FilterPattern {
    /// What the pattern selects, in sentences for a person; several lines, the last one without a line feed.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// let pattern: FilterPattern = "{ $.eventName = Get* && $.errorCode NOT EXISTS }".parse()?;
    /// let words = pattern.in_words();
    /// assert!(words.contains("`$.eventName` is a text or number that begins with `Get`"));
    /// assert!(words.contains("`$.errorCode` is absent"));
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn in_words(&self) -> String {
        match self {
            FilterPattern::All => "Every event matches.".to_owned(),
            FilterPattern::Terms(terms) => terms_in_words(terms),
            FilterPattern::Json(expr) => json_in_words(expr),
            FilterPattern::Space(space) => space_in_words(space.entries()),
        }
    }
}

fn json_in_words(expr: &Expr<Condition>) -> String {
    let mut words = String::from("An event matches if its message is one JSON object and");
    match expr {
        Expr::Leaf(condition) => drop(write!(words, "\n  {}.", condition_in_words(condition))),
        junction => write_junction(&mut words, junction, 1, &condition_in_words),
    }
    let conditions = expr.leaves();
    let compares = conditions.iter().any(|condition| {
        matches!(condition.test, Comparison::Equal(_) | Comparison::NotEqual(_) | Comparison::Order(..))
    });
    if conditions.iter().any(|condition| matches!(condition.test, Comparison::NotEqual(_))) {
        words
            .push_str("\n\nA member that is absent, null, a boolean, an array or an object fulfils no `!=`.");
    } else if compares {
        words.push_str(
            "\n\nA member that is absent, null, a boolean, an array or an object fulfils no comparison.",
        );
    }
    if conditions.iter().any(|condition| condition.selector.wildcards() > 0) {
        words.push_str("\nEach condition with a wildcard may be fulfilled by a value of its own.");
    }
    words
}

fn write_junction<L>(words: &mut String, expr: &Expr<L>, depth: usize, leaf: &dyn Fn(&L) -> String) {
    let (heading, legs) = match expr {
        Expr::Leaf(one) => return words.push_str(&leaf(one)),
        Expr::And(legs) => ("all of these hold:", legs),
        Expr::Or(legs) => ("at least one of these holds:", legs),
    };
    words.push_str(if depth == 1 { " " } else { "" });
    words.push_str(heading);
    for leg in legs.legs() {
        let _ = write!(words, "\n{:indent$}- ", "", indent = depth * 2);
        write_junction(words, leg, depth + 1, leaf);
    }
}

fn condition_in_words(condition: &Condition) -> String {
    let subject = if condition.selector.wildcards() > 0 {
        format!("some value at `{}`", condition.selector)
    } else {
        format!("`{}`", condition.selector)
    };
    match &condition.test {
        Comparison::Equal(value) => format!("{subject} is {}", value_in_words(value)),
        Comparison::NotEqual(value) => {
            format!("{subject} is there, a text or number, and not {}", value_in_words(value))
        }
        Comparison::Order(ordering, number) => {
            format!("{subject} is a number {} {number}", order_in_words(*ordering))
        }
        Comparison::IsNull => format!("{subject} is null, or an array with a null in it"),
        Comparison::IsBool(value) => format!("{subject} is the boolean {value}"),
        Comparison::NotExists if condition.selector.wildcards() > 0 => {
            format!("no value is at `{}`", condition.selector)
        }
        Comparison::NotExists => format!("{subject} is absent"),
    }
}

fn value_in_words(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("the number {number}, or the text `{number}`"),
        Value::Regex(regex) => format!("a text or number in which the regex `{}` is found", regex.as_str()),
        Value::Text(text) => match Glob::new(&text.text) {
            Glob::Any => "any text or number".to_owned(),
            Glob::Exact(core) if core.is_empty() => "the empty text".to_owned(),
            Glob::Exact(core) => format!("`{core}`"),
            Glob::Prefix(core) => format!("a text or number that begins with `{core}`"),
            Glob::Suffix(core) => format!("a text or number that ends with `{core}`"),
            Glob::Contains(core) => format!("a text or number that contains `{core}`"),
        },
    }
}

fn order_in_words(ordering: Ordering) -> &'static str {
    match ordering {
        Ordering::Less => "below",
        Ordering::LessOrEqual => "at most",
        Ordering::Greater => "above",
        Ordering::GreaterOrEqual => "at least",
    }
}

fn terms_in_words(terms: &Terms) -> String {
    let of = |prefix: Prefix| -> Vec<String> {
        let items = terms.items().iter().filter(|item| item.prefix == prefix);
        items
            .map(|item| match &item.atom {
                ItemAtom::Text(text) => format!("`{}`", text.text),
                ItemAtom::Regex(regex) => format!("a match of the regex `{}`", regex.as_str()),
            })
            .collect()
    };
    let (required, excluded, optional) = (of(Prefix::Required), of(Prefix::Excluded), of(Prefix::Optional));
    let mut parts = Vec::new();
    if !required.is_empty() {
        parts.push(format!("holds {}", listed(&required, "and")));
    }
    if !excluded.is_empty() {
        let negation = if excluded.len() > 1 { "holds neither" } else { "does not hold" };
        parts.push(format!("{negation} {}", listed(&excluded, "nor")));
    }
    let ignored = !parts.is_empty() && !optional.is_empty();
    if parts.is_empty() {
        let one_of = if optional.len() > 1 { "at least one of " } else { "" };
        parts.push(format!("holds {one_of}{}", listed(&optional, "or")));
    }
    let mut words = format!("An event matches if its message {}.", parts.join(" and "));
    if ignored {
        let _ = write!(words, "\nThe service ignores {} here.", listed(&optional, "and"));
    }
    words.push_str("\n\nUpper and lower case differ, and a term is found inside of longer words too.");
    words
}

fn space_in_words(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "An event matches if its message has at least one field.".to_owned();
    }
    let has_ellipsis = entries.contains(&Entry::Ellipsis);
    let fields = entries.len() - usize::from(has_ellipsis);
    let plural = if fields == 1 { "" } else { "s" };
    let mut words = format!(
        "An event matches if its message has at least {fields} field{plural} separated by blanks and"
    );
    let tested: Vec<String> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Field { name, test: Some(test) } => {
                let mut words = String::new();
                let leaf = |test: &FieldTest| format!("`${name}` {}", field_test_in_words(test));
                write_junction(&mut words, test, 2, &leaf);
                Some(words)
            }
            _ => None,
        })
        .collect();
    if tested.is_empty() {
        let end = words.len() - " and".len();
        words.truncate(end);
        words.push('.');
    } else {
        words.push_str(" all of these hold:");
        for test in &tested {
            let _ = write!(words, "\n  - {test}");
        }
    }
    match entries.iter().rev().find(|entry| **entry != Entry::Unnamed) {
        Some(Entry::Field { name, .. }) if !has_ellipsis => {
            let _ = write!(words, "\n\n`${name}` takes the rest of the line.");
        }
        _ => {}
    }
    words
}

fn field_test_in_words(test: &FieldTest) -> String {
    let value_in_words = |value: &Value| match value {
        Value::Number(number) => format!("`{number}`"),
        other => value_in_words(other).replace("text or number", "text"),
    };
    match test {
        FieldTest::Equal(value) => format!("is {}", value_in_words(value)),
        FieldTest::NotEqual(value) => format!("is not {}", value_in_words(value)),
        FieldTest::Order(ordering, number) => {
            format!("spells a number {} {number}", order_in_words(*ordering))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::FilterPattern;

    fn words(pattern: &str) -> String {
        FilterPattern::parse(pattern).unwrap().in_words()
    }

    #[test]
    fn nested_junctions_are_nested_lists() {
        let expected = "An event matches if its message is one JSON object and all of these hold:\n  \
                        - `$.a` is `x`\n  - at least one of these holds:\n    - `$.b` is the boolean true\n    \
                        - `$.c` is a number above 5\n\n\
                        A member that is absent, null, a boolean, an array or an object fulfils no comparison.";
        assert_eq!(words("{ $.a = x && ($.b IS TRUE || $.c > 5) }"), expected);
    }

    #[test]
    fn ignored_terms_are_told() {
        assert!(words("?A B -C").starts_with(
            "An event matches if its message holds `B` and does not hold `C`.\nThe service ignores `A` here."
        ));
        assert!(
            words("?A ?B").starts_with("An event matches if its message holds at least one of `A` or `B`.")
        );
    }

    #[test]
    fn a_line_without_conditions_needs_its_fields_only() {
        assert_eq!(
            words("[a, b]"),
            "An event matches if its message has at least 2 fields separated by blanks.\n\n`$b` takes the rest of the line."
        );
        assert!(words("[..., a = 4*]").contains("  - `$a` is a text that begins with `4`"));
    }
}
