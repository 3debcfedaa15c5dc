//! The rules of Metrics Insights queries: code, weight, a bad and a good example each.
//!
//! The last two digits are those of the trap in `spec/metrics-insights.md` 8, where there is one.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

/// The rule with this code, whatever its case of letters.
///
/// ```
/// use trailql::syntax::metrics::codes;
///
/// assert_eq!(codes::find("mi003").unwrap().bad, "SELECT SUM(presigned-URL) FROM CloudTrailMetrics");
/// assert!(codes::find("MI999").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

rules! {
    NAME_FOR_VALUE "MI001" Error "a value in double quotes":
        "Double quotes are for names, single quotes for the values of labels.",
        "SELECT SUM(Errors) FROM App WHERE userName = \"alice\"" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    VALUE_FOR_NAME "MI002" Error "a name in single quotes":
        "Single quotes are for the values of labels, double quotes for names.",
        "SELECT SUM('presigned-URL') FROM App" => "SELECT SUM(\"presigned-URL\") FROM App";
    UNQUOTED_NAME "MI003" Error "the name needs double quotes":
        "Without quotes a name has letters, digits and `_` only, and does not begin with a digit.",
        "SELECT SUM(presigned-URL) FROM CloudTrailMetrics" => "SELECT SUM(\"presigned-URL\") FROM CloudTrailMetrics";
    STRUCTURAL_NAME "MI004" Error "a word of the language as a name":
        "A word that shapes a query is a name in double quotes only.",
        "SELECT AVG(LIMIT) FROM App" => "SELECT AVG(\"LIMIT\") FROM App";
    NOT_IN_SCHEMA "MI005" Error "`WHERE` asks for a label that `SCHEMA` rules out":
        "`SCHEMA` takes metrics with exactly the dimensions it names, so that none has the label.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE eventSource = 'x'" => "SELECT SUM(Errors) FROM SCHEMA(App, userName, eventSource) WHERE eventSource = 'x'";
    UNKNOWN_SCHEMA "MI006" Error "no metric has exactly these dimensions":
        "`SCHEMA` takes the exact set, so that nothing is selected and an alarm may stay green.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName)" => "SELECT SUM(Errors) FROM SCHEMA(App, userName, eventSource)";
    UNKNOWN_NAME "MI010" Error "no metric has the name or the label":
        "A label that no metric has selects nothing, or puts everything into the group `Other`.",
        "SELECT SUM(Errors) FROM App WHERE usrName = 'alice'" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    OTHER_CASE "MI011" Error "a name in another case":
        "Names of namespaces, metrics and labels differ by case.",
        "SELECT AVG(CpuUtilization) FROM \"AWS/EC2\"" => "SELECT AVG(CPUUtilization) FROM \"AWS/EC2\"";
    BAD_LIMIT "MI012" Error "not a number of series":
        "`LIMIT` takes a whole number from 1 to 500.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY SUM() DESC LIMIT 501" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY SUM() DESC LIMIT 500";
    WILDCARD "MI017" Error "there are no wildcards":
        "A value is compared as it stands, `%` and `*` with it.",
        "SELECT SUM(Errors) FROM App WHERE userName = 'process%'" => "SELECT SUM(Errors) FROM App WHERE userName = 'process'";
    FOREIGN_OPERATOR "MI018" Error "the operator does not exist":
        "Labels are compared by `=` and `!=`, and comparisons joined by `AND`.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName <> 'alice'" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName != 'alice'";
    CONTRADICTION "MI019" Error "the comparisons contradict each other":
        "No label has two values, so that nothing is ever selected.",
        "SELECT SUM(Errors) FROM App WHERE userName = 'alice' AND userName = 'bob'" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    UNKNOWN_FUNCTION "MI020" Error "there is no such function":
        "The language has `AVG`, `COUNT`, `MAX`, `MIN` and `SUM`; percentiles are statistics of a single metric.",
        "SELECT P99(Duration) FROM App" => "SELECT MAX(Duration) FROM App";
    FOREIGN_CLAUSE "MI021" Error "the clause does not exist":
        "A query has `SELECT`, `FROM`, `WHERE`, `GROUP BY`, `ORDER BY` and `LIMIT`.",
        "SELECT SUM(Errors) FROM App GROUP BY userName HAVING SUM() > 5" => "SELECT SUM(Errors) FROM App";
    ONE_ITEM "MI022" Error "one function of one metric is selected":
        "There are no lists, stars, aliases or expressions behind `SELECT`.",
        "SELECT SUM(Errors) AS n FROM App" => "SELECT SUM(Errors) FROM App";
    ORDER_KEY "MI023" Error "series are sorted by a function without arguments":
        "`ORDER BY` takes one of the five functions, of the values that each series gives.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY SUM(Errors) DESC" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY SUM() DESC";
    UNQUOTED_VALUE "MI024" Error "the value needs single quotes":
        "Values of labels always stand in single quotes.",
        "SELECT SUM(Errors) FROM App WHERE userName = alice" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    STRAY_ESCAPE "MI026" Error "a backslash that hides nothing":
        "Within quotes a backslash hides a quote or a backslash.",
        "SELECT SUM(\"a\\d\") FROM App" => "SELECT SUM(\"a\\\\d\") FROM App";
    ACCOUNT_VALUE "MI027" Error "`CURRENT_ACCOUNT_ID()` is an account":
        "It is compared with `AWS.AccountId` only.",
        "SELECT SUM(Errors) FROM App WHERE userName = CURRENT_ACCOUNT_ID()" => "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = CURRENT_ACCOUNT_ID()";
    IMPOSSIBLE_NAME "MI028" Error "no metric has such a name":
        "Names have 1 to 255 characters on one line and do not begin with a colon.",
        "SELECT SUM(\"\") FROM App" => "SELECT SUM(Errors) FROM App";
    SYNTAX "MI030" Error "something else was expected here":
        "The query does not follow the grammar at this place.",
        "SELECT SUM(Errors) App" => "SELECT SUM(Errors) FROM App";
    UNCLOSED "MI031" Error "something is not closed":
        "A quote or parenthesis runs to the end of the query.",
        "SELECT SUM(Errors) FROM \"AWS/EC2" => "SELECT SUM(Errors) FROM \"AWS/EC2\"";
    CLAUSE_ORDER "MI032" Error "a clause at the wrong place, or twice":
        "The order is `SELECT`, `FROM`, `WHERE`, `GROUP BY`, `ORDER BY`, `LIMIT`, each once.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) LIMIT 5 WHERE userName = 'alice'" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'alice'";
    TOO_LARGE "MI033" Error "nested too deeply":
        "trailql reads 64 levels of parentheses.",
        "" => "SELECT SUM(Errors) FROM App";
    FOREIGN_QUOTES "MI034" Error "quotes of another language":
        "Names stand in straight double quotes, values in straight single quotes.",
        "SELECT SUM(Errors) FROM `App`" => "SELECT SUM(Errors) FROM App";
    BLOCK_COMMENT "MI035" Error "there are no comments over several lines":
        "A comment begins with `#` or `--` and ends with its line.",
        "SELECT SUM(Errors) /* all */ FROM App" => "SELECT SUM(Errors) FROM App";
    SEARCH_ACCOUNT "MI040" Error "the account as `SEARCH` spells it":
        "`:aws.AccountId` and `'LOCAL'` belong to `SEARCH`; here it is `AWS.AccountId` and `CURRENT_ACCOUNT_ID()`.",
        "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = 'LOCAL'" => "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = CURRENT_ACCOUNT_ID()";
    SCHEMA_LABEL "MI041" Error "`SCHEMA` takes the names of dimensions":
        "Tags, accounts and values belong to `WHERE` and `GROUP BY`.",
        "SELECT SUM(Errors) FROM SCHEMA(App, AWS.AccountId)" => "SELECT SUM(Errors) FROM SCHEMA(App) GROUP BY AWS.AccountId";
    NO_OR "MI042" Error "there is no `OR`, and there are no parentheses":
        "The guide of the service has `AND` only; Grafana writes more, which the service may refuse.",
        "SELECT SUM(Errors) FROM App WHERE userName = 'alice' OR userName = 'bob'" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    TOO_LONG "MI044" Error "the query is too long":
        "The service takes 2,048 characters; comments are not sent.",
        "" => "SELECT SUM(Errors) FROM App";
    RESERVED_NAME "MI104" Warning "a reserved word as a name without quotes":
        "The reference wants such names in double quotes, but its own samples have them bare.",
        "SELECT SUM(Errors) FROM App WHERE Type = 'API'" => "SELECT SUM(Errors) FROM App WHERE \"Type\" = 'API'";
    MIXED_SETS "MI107" Warning "several dimension sets are taken together":
        "Without `SCHEMA` what is published with and without a dimension counts twice.",
        "SELECT SUM(Calls) FROM App" => "SELECT SUM(Calls) FROM SCHEMA(App)";
    GROUP_NOT_IN_SCHEMA "MI108" Warning "`GROUP BY` a label that `SCHEMA` rules out":
        "`SCHEMA` takes metrics with exactly the dimensions it names, so that every series lands in the group `Other`.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY eventSource" => "SELECT SUM(Errors) FROM SCHEMA(App, eventSource) GROUP BY eventSource";
    GROUP_WITHOUT_SCHEMA "MI109" Warning "`GROUP BY` without `SCHEMA`":
        "Metrics that lack the label land in the group `Other`, and those of several dimension sets count twice.",
        "SELECT SUM(Errors) FROM App GROUP BY userName" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName";
    NUMBER_VALUE "MI110" Warning "a number without quotes as a value":
        "Values always stand in single quotes, though the reference shows an account without.",
        "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = 444455556666" => "SELECT SUM(Errors) FROM App WHERE AWS.AccountId = '444455556666'";
    LIMIT_WITHOUT_ORDER "MI113" Warning "`LIMIT` without `ORDER BY`":
        "Which groups are left is not said; the top ones need `ORDER BY`.",
        "SELECT MAX(Errors) FROM SCHEMA(App, userName) GROUP BY userName LIMIT 10" => "SELECT MAX(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY MAX() DESC LIMIT 10";
    LOWEST_FIRST "MI114" Warning "`ORDER BY` with `LIMIT` and without a direction":
        "The default is `ASC`, which leaves the lowest.",
        "SELECT MAX(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY MAX() LIMIT 10" => "SELECT MAX(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY MAX() DESC LIMIT 10";
    ONE_SERIES "MI116" Warning "`ORDER BY` or `LIMIT` without `GROUP BY`":
        "There is one series, and nothing to sort or to cut.",
        "SELECT SUM(Errors) FROM App LIMIT 10" => "SELECT SUM(Errors) FROM App";
    SAID_TWICE "MI119" Warning "the same comparison twice":
        "It holds or not whether it stands once or twice.",
        "SELECT SUM(Errors) FROM App WHERE userName = 'alice' AND userName = 'alice'" => "SELECT SUM(Errors) FROM App WHERE userName = 'alice'";
    TAG_WITHOUT_DIMENSIONS "MI122" Warning "tags of metrics without dimensions":
        "`SCHEMA` with a namespace alone takes metrics without dimensions, and those belong to no resource that could have tags.",
        "SELECT MAX(CPUUtilization) FROM SCHEMA(\"AWS/EC2\") WHERE tag.env = 'prod'" => "SELECT MAX(CPUUtilization) FROM \"AWS/EC2\" WHERE tag.env = 'prod'";
    ESCAPED_VALUE "MI126" Warning "a backslash in a value":
        "How a value holds a quote or a backslash is not documented.",
        "SELECT SUM(Errors) FROM App WHERE userName = 'O\\'Hara'" => "SELECT SUM(Errors) FROM App WHERE userName = 'OHara'";
    EMPTY_VALUE "MI128" Warning "no label has such a value":
        "The values of labels have 1 to 1,024 characters, one of them no blank.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName != ''" => "SELECT SUM(Errors) FROM SCHEMA(App, userName)";
    DUPLICATE_KEY "MI130" Warning "a label twice":
        "Each label counts once.",
        "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName, userName" => "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName";
    CUSTOM_TAG "MI137" Warning "tags of custom metrics":
        "Only metrics of AWS resources have tags; those of metric filters and of one's own have none.",
        "SELECT SUM(Errors) FROM App WHERE tag.env = 'prod'" => "SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE tag.env = 'prod'";
    QUOTED_TAG "MI139" Warning "a dimension that looks like a tag or account":
        "In one pair of quotes it is a dimension of that name; of a tag only the key stands in quotes.",
        "SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE \"tag.env\" = 'prod'" => "SELECT SUM(Errors) FROM \"AWS/Lambda\" WHERE tag.env = 'prod'";
    NOT_SENT "MI148" Hint "a comment or semicolon":
        "The grammar has neither; they are not part of the query that is sent.",
        "SELECT SUM(Errors) FROM App;" => "SELECT SUM(Errors) FROM App";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::metrics::{Dialect, ParseOptions};
    use crate::{Code, Diagnostic, MetricsQuery};

    /// Rules that need metric data.
    const OF_DATA: &[Code] = &[UNKNOWN_SCHEMA, UNKNOWN_NAME, OTHER_CASE, MIXED_SETS];

    fn findings(query: &str) -> Vec<Diagnostic> {
        let parsed = MetricsQuery::parse_lossy(query, &ParseOptions::default());
        let mut findings = parsed.diagnostics;
        findings.extend(parsed.ast.map(|query| query.check()).unwrap_or_default());
        findings
    }

    #[test]
    fn codes_are_unique_ascending_and_named_by_their_family() {
        assert!(RULES.iter().all(|rule| rule.code.0.len() == 5 && rule.code.0.starts_with("MI")));
        assert!(RULES.is_sorted_by(|one, next| one.code < next.code));
    }

    #[test]
    fn the_bad_example_of_each_rule_raises_that_rule_and_the_good_one_none() {
        let long = format!("SELECT SUM(Errors) FROM App WHERE a = '{}'", "x".repeat(2_048));
        let deep = format!("SELECT SUM(Errors) FROM App WHERE {}a = 'x'", "(".repeat(65));
        for rule in RULES {
            let bad = match rule.code {
                TOO_LONG => &long,
                TOO_LARGE => &deep,
                _ => rule.bad,
            };
            let found = findings(bad);
            let codes: Vec<Code> = found.iter().map(|finding| finding.code).collect();
            if OF_DATA.contains(&rule.code) {
                assert!(found.is_empty(), "{bad}: {found:#?}");
                continue;
            }
            assert!(codes.contains(&rule.code), "{bad}: {found:#?}");
            if rule.code != TOO_LARGE {
                assert_eq!(codes, [rule.code], "{bad}: {found:#?}");
                assert_eq!(found[0].severity, rule.severity, "{bad}");
            }
            let left = findings(rule.good);
            assert!(left.is_empty(), "{}: {left:#?}", rule.good);
        }
    }

    #[test]
    fn a_fix_leaves_a_query_without_the_finding() {
        let mut fixes = 0;
        for rule in RULES {
            for finding in findings(rule.bad) {
                let Some(fix) = &finding.fix else { continue };
                fixes += 1;
                let mended = fix.apply(rule.bad);
                let left = findings(&mended);
                assert!(
                    left.iter().all(|one| one.code != rule.code),
                    "{} became {mended}: {left:#?}",
                    rule.bad
                );
            }
        }
        assert!(fixes >= 20, "only {fixes} fixes");
    }

    #[test]
    fn grafana_may_write_or_with_a_warning() {
        let query = find("MI042").unwrap().bad;
        let grafana = ParseOptions { dialect: Dialect::Grafana, ..ParseOptions::default() };
        let parsed = MetricsQuery::parse_lossy(query, &grafana);
        assert!(parsed.ast.is_some());
        assert_eq!(parsed.diagnostics.iter().map(|one| one.code).collect::<Vec<_>>(), [NO_OR]);
    }
}
