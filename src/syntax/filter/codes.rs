//! The rules that the parser of filter patterns itself enforces: code, weight, a bad and a good example each.
//!
//! Errors are what the service refuses; the rest is accepted and worth a word. Rules that need the CloudTrail
//! schema or the meaning of the whole pattern live elsewhere.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

/// The rule with this code, whatever its case of letters.
///
/// ```
/// use trailql::syntax::filter::codes;
///
/// assert_eq!(codes::find("fp007").unwrap().bad, "{ $.eventName == GetObject }");
/// assert!(codes::find("FP999").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

rules! {
    UNEXPECTED "FP001" Error "something else was expected here":
        "The pattern does not follow the grammar at this place.",
        "{ $.eventName GetObject }" => "{ $.eventName = GetObject }";
    UNCLOSED "FP002" Error "the pattern is not closed":
        "A pattern that starts with `{` or `[` must end with `}` or `]`.",
        "{ $.eventName = GetObject" => "{ $.eventName = GetObject }";
    TRAILING "FP003" Error "text after the end of the pattern":
        "JSON, space-delimited and terms notation cannot be combined.",
        "{ $.eventName = GetObject } ERROR" => "{ $.eventName = GetObject }";
    WRONG_QUOTES "FP004" Error "only the straight double quote quotes":
        "Single and curly quotes are ordinary characters to the service, and not allowed in a value.",
        "{ $.eventName = 'GetObject' }" => "{ $.eventName = \"GetObject\" }";
    UNTERMINATED_QUOTE "FP005" Error "the quote is not closed":
        "The text runs to the end of the pattern.",
        "{ $.eventName = \"GetObject }" => "{ $.eventName = \"GetObject\" }";
    UNQUOTED_VALUE "FP006" Error "the value needs quotes":
        "Without quotes a value can hold letters, digits and `_ . * + -` only.",
        "{ $.errorMessage = Failed authentication }" => "{ $.errorMessage = \"Failed authentication\" }";
    UNKNOWN_OPERATOR "FP007" Error "the operator does not exist":
        "The operators are `=`, `!=`, `<`, `<=`, `>`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE`, `NOT EXISTS`.",
        "{ $.eventName == GetObject }" => "{ $.eventName = GetObject }";
    WORD_OPERATOR "FP008" Error "conditions are joined by `&&` and `||`":
        "The words `AND`, `OR` and `NOT` are no operators, and there is no negation of a condition.",
        "{ $.a = 1 AND $.b = 2 }" => "{ $.a = 1 && $.b = 2 }";
    UNKNOWN_TEST "FP009" Error "the test does not exist":
        "Existence of a text or number is `= \"*\"`; absence is `NOT EXISTS`; null is `IS NULL`.",
        "{ $.errorCode EXISTS }" => "{ $.errorCode = \"*\" }";
    MISSING_DOLLAR "FP010" Error "a selector begins with `$.`":
        "A field of a JSON event is named by its path from the root, `$`.",
        "{ eventName = GetObject }" => "{ $.eventName = GetObject }";
    BAD_SELECTOR "FP011" Error "the selector is malformed":
        "A selector is `$` and steps `.key`, `.*`, `[0]`, `[*]` or `.['key']`, without blanks.",
        "{ $..eventName = GetObject }" => "{ $.eventName = GetObject }";
    REGEX_CONSTRUCT "FP012" Error "not available in a regex":
        "The service takes a subset: no groups, no `!`, no quotes, nothing outside ASCII.",
        "%(GET|PUT)%" => "%GET|PUT%";
    BROKEN_REGEX "FP013" Error "the regex is broken":
        "It does not form a regular expression between two percent signs.",
        "%[a-z%" => "%[a-z]%";
    NULL_VALUE "FP014" Error "null is not a value":
        "A null is tested by `IS NULL`; a quoted \"null\" is the four letters.",
        "{ $.responseElements = null }" => "{ $.responseElements IS NULL }";
    ORDER_VALUE "FP015" Error "only numbers have an order":
        "`<`, `<=`, `>` and `>=` take an unquoted number.",
        "{ $.latency > \"100\" }" => "{ $.latency > 100 }";
    VALUE_LIST "FP016" Error "a comparison takes one value":
        "There are no lists; every alternative repeats the selector.",
        "{ $.eventName = \"A\" || \"B\" }" => "{ $.eventName = \"A\" || $.eventName = \"B\" }";
    EMPTY_CONDITION "FP017" Error "there is no condition":
        "Braces and parentheses hold at least one condition.",
        "{ }" => "{ $.eventName = \"*\" }";
    PARENTHESIS "FP018" Error "the parentheses do not match":
        "Every `(` has its `)`.",
        "{ ($.a = 1 && $.b = 2 }" => "{ ($.a = 1 && $.b = 2) }";
    TERM_CHARACTER "FP019" Error "the term needs quotes":
        "Without quotes a term holds letters, digits and underscores only.",
        "hello-world" => "\"hello-world\"";
    TERM_PREFIX "FP020" Error "the prefix or blank is misplaced":
        "One `?` or `-` may touch the term it belongs to; terms are separated by blanks.",
        "ERROR - DEBUG" => "ERROR -DEBUG";
    TERM_OPERATOR "FP021" Error "terms have no operators":
        "All plain terms must occur; `?` marks alternatives.",
        "ERROR || WARN" => "?ERROR ?WARN";
    FORGOTTEN_BRACKETS "FP022" Error "the braces or brackets are missing":
        "Conditions on JSON stand in `{ }`, conditions on fields of a line in `[ ]`.",
        "$.eventName = GetObject" => "{ $.eventName = GetObject }";
    DUPLICATE_FIELD "FP023" Error "the field name stands twice":
        "Field names are unique; a column of no interest needs a name of its own.",
        "[ip, -, -, status]" => "[ip, id, user, status]";
    SECOND_ELLIPSIS "FP024" Error "there is a second ellipsis":
        "One `...` at most can stand for any number of fields.",
        "[..., status, ...]" => "[..., status, bytes]";
    FOREIGN_FIELD "FP025" Error "the condition is on another field":
        "An entry tests its own field only; the comma between entries already means and.",
        "[..., status = 4* && bytes > 1000]" => "[..., status = 4*, bytes > 1000]";
    RESERVED_WORD "FP026" Error "the word is reserved":
        "The service refuses this word as an unquoted value.",
        "[kind = SPACE, size]" => "[kind = \"SPACE\", size]";
    NOT_FOR_FIELDS "FP027" Error "not available for fields of a line":
        "A field always exists and is a text: only `=`, `!=`, `<`, `<=`, `>`, `>=` after its name.",
        "[ip NOT EXISTS, size]" => "[ip = \"\", size]";
    EXAMPLE_OBJECT "FP028" Error "this is an event, not a pattern":
        "A pattern has conditions with selectors, not members.",
        "{\"eventName\": \"GetObject\"}" => "{ $.eventName = \"GetObject\" }";
    SIDES "FP029" Error "a condition is a selector, an operator, a value":
        "The selector stands on the left and cannot be compared with another.",
        "{ \"GetObject\" = $.eventName }" => "{ $.eventName = \"GetObject\" }";
    OPTIONAL_IGNORED "FP105" Warning "`?` terms are ignored here":
        "Beside a plain or `-` term the service ignores every `?` term.",
        "?ERROR ?WARN -debug" => "%ERROR|WARN% -debug";
    KEYWORD_CASE "FP107" Info "keywords are documented in capitals":
        "Lower case is in use, but nowhere promised.",
        "{ $.readOnly is false }" => "{ $.readOnly IS FALSE }";
    SURROUNDING_BLANKS "FP108" Info "blanks around the pattern":
        "They count towards the length, and some APIs are said to refuse a blank before the brace.",
        " { $.eventName = GetObject }" => "{ $.eventName = GetObject }";
    INTERIOR_STAR "FP109" Warning "the star is taken literally":
        "A star is a wildcard at the start and at the end of a value only.",
        "{ $.eventName = \"Put*Policy\" }" => "{ $.eventName = %^Put.*Policy$% }";
    UNKNOWN_ESCAPE "FP110" Warning "the backslash is kept":
        "Only `\\\"` and `\\\\` are escapes; any other backslash stands for itself.",
        "\"C:\\temp\"" => "\"C:\\\\temp\"";
    EMPTY_PHRASE "FP111" Warning "not a way to match everything":
        "A quoted blank asks for a blank in the message; the empty pattern matches every event.",
        "\" \"" => "";
    EMPTY_ENTRY "FP112" Warning "an entry without a name":
        "Nothing between two commas stands for one field, in older editions of the guide only.",
        "[..., status = 4*,]" => "[..., status = 4*, bytes]";
    UNICODE_WORD "FP113" Warning "letters outside ASCII without quotes":
        "Only ASCII letters are documented to need no quotes.",
        "café" => "\"café\"";
    UNDOTTED_KEY "FP114" Warning "the documented spelling has a dot before the bracket":
        "`$.['key']` is documented, `$['key']` is not.",
        "{ $['cluster.name'] = \"c\" }" => "{ $.['cluster.name'] = \"c\" }";
    TOO_LONG "FP201" Error "the pattern is too long":
        "The service takes 1,024 characters.",
        "" => "";
    SELECTOR_WILDCARDS "FP202" Error "too many wildcards in one selector":
        "The service takes one wildcard a selector.",
        "{ $.a[*].b[*] = 1 }" => "{ $.a[*].b[0] = 1 }";
    WILDCARD_SELECTORS "FP203" Error "too many selectors with a wildcard":
        "The service takes three selectors with a wildcard a pattern.",
        "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }" => "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 }";
    REGEX_COUNT "FP204" Error "too many regexes":
        "The service takes two regexes a pattern; alternatives fit into one.",
        "%a+% %b+% %c+%" => "%a+% %b+|c+%";
    NESTING "FP205" Error "the parentheses are nested too deeply":
        "trailql reads 256 levels; no real pattern needs more.",
        "" => "";
    REGEX_SIZE "FP206" Error "the regex is too large":
        "Its repetitions multiply to more states than trailql builds.",
        "%.{9999}x.{9999}%" => "%x.{9}%";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use crate::FilterPattern;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_named_by_their_family() {
        let mut seen = HashSet::new();
        for rule in RULES {
            assert!(rule.code.0.len() == 5 && rule.code.0.starts_with("FP"), "{}", rule.code);
            assert!(seen.insert(rule.code), "{} stands twice", rule.code);
        }
    }

    #[test]
    fn the_bad_example_of_each_rule_raises_exactly_that_rule_and_the_good_one_none() {
        let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(300), ")".repeat(300));
        let long = format!("\"{}\"", "x".repeat(1023));
        for rule in RULES {
            let bad = match rule.code {
                NESTING => &deep,
                TOO_LONG => &long,
                _ => rule.bad,
            };
            let found = FilterPattern::parse_lossy(bad).diagnostics;
            let codes: Vec<Code> = found.iter().map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, [rule.code], "{bad}: {found:#?}");
            assert_eq!(found[0].severity, rule.severity, "{bad}");
            let left = FilterPattern::parse_lossy(rule.good);
            assert!(left.diagnostics.is_empty(), "{}: {:#?}", rule.good, left.diagnostics);
            assert!(left.ast.is_some());
        }
    }

    #[test]
    fn a_fix_leaves_a_pattern_without_the_finding() {
        let mut fixes = 0;
        for rule in RULES {
            for diagnostic in FilterPattern::parse_lossy(rule.bad).diagnostics {
                let Some(fix) = &diagnostic.fix else { continue };
                fixes += 1;
                let mended = fix.apply(rule.bad);
                let left = FilterPattern::parse_lossy(&mended).diagnostics;
                assert!(left.is_empty(), "{} became {mended}: {left:#?}", rule.bad);
            }
        }
        assert!(fixes >= 15, "only {fixes} fixes");
    }
}
