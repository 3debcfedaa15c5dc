//! The rules of metric math expressions: code, weight, a bad and a good example each.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

/// The rule with this code, whatever its case of letters.
///
/// ```
/// use trailql::syntax::math::codes;
///
/// assert_eq!(codes::find("mm004").unwrap().title, "the function is not evaluated here");
/// assert!(codes::find("MM999").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

rules! {
    SYNTAX "MM001" Error "something else was expected here":
        "The expression does not follow the grammar at this place.",
        "m1 +" => "m1 + m2";
    UNCLOSED "MM002" Error "something is not closed":
        "A quote, parenthesis or bracket runs to the end of the expression.",
        "SUM(m1" => "SUM(m1)";
    UNKNOWN_FUNCTION "MM003" Error "there is no such function":
        "Metric math does not know the name.",
        "MEDIAN(m1)" => "AVG(m1)";
    NOT_EVALUATED "MM004" Error "the function is not evaluated here":
        "The service has it, but it needs more than series: searches, calendars, quotas, other services.",
        "SEARCH('{App,userName} Errors', 'Sum')" => "METRICS()";
    CASE "MM005" Error "functions and words are in upper case":
        "Words in lower case are ids.",
        "sum(m1)" => "SUM(m1)";
    ARGUMENTS "MM006" Error "the arguments do not fit":
        "The function takes another number of arguments, or others.",
        "SUM(m1, m2)" => "SUM([m1, m2])";
    BAD_ID "MM007" Error "no id":
        "An id begins with a lower-case letter, and has letters, digits and `_`, 255 at most.",
        "Q1 / 2" => "q1 / 2";
    FOREIGN_OPERATOR "MM008" Error "the operator does not exist":
        "There are `+`, `-`, `*`, `/`, `^`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `AND` and `OR`.",
        "IF(m1 = 0, m2)" => "IF(m1 == 0, m2)";
    TOO_LARGE "MM009" Error "nested too deeply or too large":
        "trailql reads 64 levels of nesting and 512 operators.",
        "" => "m1";
    MIXED "MM010" Error "a query within metric math":
        "An expression is a query or metric math; math names a query by its id.",
        "SUM(SELECT SUM(Errors) FROM App)" => "SUM(q1)";
    TOO_LONG "MM011" Error "the expression is too long":
        "The service takes 2,048 characters.",
        "" => "m1";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use crate::syntax::math::{MathExpression, MathParseOptions};

    fn findings(text: &str) -> Vec<crate::Diagnostic> {
        MathExpression::parse_lossy(text, &MathParseOptions::default()).diagnostics
    }

    #[test]
    fn the_bad_example_of_each_rule_raises_that_rule_and_the_good_one_none() {
        let long = "1+".repeat(1_024) + "1";
        let deep = format!("{}1{}", "(".repeat(65), ")".repeat(65));
        assert!(RULES.is_sorted_by(|one, next| one.code < next.code));
        for rule in RULES {
            let bad = match rule.code {
                TOO_LONG => &long,
                TOO_LARGE => &deep,
                _ => rule.bad,
            };
            let found: Vec<Code> = findings(bad).iter().map(|finding| finding.code).collect();
            assert_eq!(found, [rule.code], "{bad}");
            assert!(findings(rule.good).is_empty(), "{}", rule.good);
        }
    }

    #[test]
    fn a_fix_leaves_an_expression_without_the_finding() {
        for rule in RULES {
            for finding in findings(rule.bad) {
                let Some(fix) = &finding.fix else { continue };
                let mended = fix.apply(rule.bad);
                assert!(findings(&mended).is_empty(), "{} became {mended}", rule.bad);
            }
        }
    }
}
