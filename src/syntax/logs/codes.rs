//! The rules of Logs Insights queries that need no schema: code, weight, a bad and a good example each.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

/// The rule with this code, whatever its case of letters.
///
/// ```
/// use trailql::syntax::logs::codes;
///
/// assert_eq!(codes::find("li039").unwrap().bad, "fields *");
/// assert!(codes::find("LI999").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

rules! {
    MISSING_PIPE "LI001" Error "there is no pipe between two commands":
        "A new line does not end a command; only `|` does.",
        "filter eventName = \"GetObject\"\nstats count(*)" => "filter eventName = \"GetObject\"\n| stats count(*)";
    STRAY_PIPE "LI002" Error "a pipe too many":
        "A pipe stands between two commands: not first, not last, not twice.",
        "fields eventName | limit 5 |" => "fields eventName | limit 5";
    REGEX_FLAG "LI003" Error "flags behind a regex":
        "A regex ends at its slash; flags stand at its beginning, as in `(?i)`.",
        "filter eventName like /create/i" => "filter eventName like /(?i)create/";
    FOREIGN_OPERATOR "LI004" Error "the operator does not exist":
        "The language has `and`, `or`, `not`, `=`, `!=`, `<`, `<=`, `>`, `>=`, `like`, `=~` and `in`.",
        "filter a = 1 && b = 2" => "filter a = 1 and b = 2";
    SORT_EXPRESSION "LI005" Error "`sort` takes names only":
        "A field or alias is sorted by; an expression is named before, in `stats` or `fields`.",
        "stats count(*) as n by bin(1h) | sort count(*)" => "stats count(*) as n by bin(1h) | sort n";
    UNKNOWN_NAME "LI006" Error "the name is gone behind `stats`":
        "Behind `stats` there are only its groups and results.",
        "stats count(*) as n by eventName | filter awsRegion = \"us-east-1\"" => "filter awsRegion = \"us-east-1\" | stats count(*) as n by eventName";
    BIN_WITHOUT_TIMESTAMP "LI007" Error "`bin` needs `@timestamp`":
        "`bin` cuts `@timestamp`, which is gone behind `stats`.",
        "stats count(*) as n by bin(1m) | stats max(n) by bin(1h)" => "stats count(*) as n, max(@timestamp) as @t by bin(1m) | stats max(n) by datefloor(@t, 1h)";
    BEFORE_LAST_STATS "LI008" Error "`sort` or `limit` stands between two `stats`":
        "With several `stats`, `sort` and `limit` stand behind the last one.",
        "stats count(*) as n by eventName, awsRegion | sort n | stats max(n) as m by awsRegion" => "stats count(*) as n by eventName, awsRegion | stats max(n) as m by awsRegion | sort m";
    TOO_MANY_STATS "LI009" Error "too many `stats`":
        "A query takes 10 `stats`, and 2 at level L1.",
        "stats count(*) as a | stats max(a) as b | stats max(b) as c | stats max(c) as d | stats max(d) as e | stats max(e) as f | stats max(f) as g | stats max(g) as h | stats max(h) as i | stats max(i) as j | stats max(j) as k"
            => "stats count(*) as a | stats max(a) as b";
    AFTER_DEDUP "LI010" Error "only `limit` may follow `dedup`":
        "The service refuses other commands behind `dedup`.",
        "dedup eventName | sort eventName" => "sort eventName asc | dedup eventName";
    PATTERN_AFTER_SORT "LI011" Error "`pattern` behind `sort`":
        "Patterns are found in unsorted events.",
        "sort @timestamp | pattern @message" => "pattern @message";
    DIFF_WITHOUT_PATTERN "LI012" Error "`diff` without `pattern`":
        "`diff` compares the patterns of two windows.",
        "filter level = \"ERROR\" | diff" => "filter level = \"ERROR\" | pattern @message | diff";
    BAD_LIMIT "LI013" Error "not a number of rows":
        "`limit` takes a whole number from 1 to 100,000; to 10,000 at level L1.",
        "limit 1.5" => "limit 2";
    PARSE_NAMES "LI014" Error "the names do not fit the pattern":
        "Each `*`, and each unnamed group, takes one name.",
        "parse @message \"user=*, method=*\" as user" => "parse @message \"user=*, method=*\" as user, method";
    REGEX_CONSTRUCT "LI015" Error "not available in a regex":
        "There are no look-around, back-references or possessive quantifiers.",
        "filter eventName like /^Get(?!Object)/" => "filter eventName like /^Get/ and eventName not like /^GetObject/";
    ODD_FIELD_NAME "LI016" Error "the name needs backticks":
        "Without backticks a name has letters, digits, `_`, `@` and dots only.",
        "fields eventName as event-name" => "fields eventName as `event-name`";
    UNQUOTED_VALUE "LI017" Error "the text needs quotes":
        "Without quotes it is a name, an operator or nothing that can be read.",
        "filter referrer = http://example.com/" => "filter referrer = \"http://example.com/\"";
    TOO_LONG "LI018" Error "the query is too long":
        "The service takes 10,000 characters.",
        "" => "limit 5";
    UNKNOWN_FUNCTION "LI019" Error "there is no such function":
        "The reference does not know the name.",
        "stats p95(duration)" => "stats pct(duration, 95)";
    MISUSED_FUNCTION "LI020" Error "the function is used wrongly":
        "It takes another number of arguments, or stands in `stats` only.",
        "filter eventName = \"GetObject\" | count(*)" => "filter eventName = \"GetObject\" | stats count(*)";
    TOPK "LI021" Error "`topk` stands alone":
        "`topk` takes no groups, no aggregates beside it, and a number from 1 to 10,000.",
        "stats topk(3, eventName) by awsRegion" => "stats topk(3, eventName)";
    ESTIMATE "LI022" Error "`estimate` is the last command":
        "It answers for the query before it.",
        "estimate | limit 5" => "limit 5 | estimate";
    JOIN "LI023" Error "one `join`, and no query within a query within a query":
        "The service takes one `join` a query and one level of queries within.",
        "filter a in (SOURCE \"g\" | filter b in (SOURCE \"h\" | fields b) | fields a)" => "filter a in (SOURCE \"g\" | fields a)";
    EQUALS_FOR_AS "LI024" Error "`=` compares":
        "In `fields`, `x = y` shows whether they are equal; a value is named by `as`.",
        "fields who = coalesce(userIdentity.userName, userIdentity.type)" => "fields coalesce(userIdentity.userName, userIdentity.type) as who";
    SYNTAX "LI030" Error "something else was expected here":
        "The query does not follow the grammar at this place.",
        "filter eventName \"GetObject\"" => "filter eventName = \"GetObject\"";
    UNCLOSED "LI031" Error "something is not closed":
        "A quote, backtick, bracket or regex runs to the end of the query.",
        "filter eventName = \"GetObject" => "filter eventName = \"GetObject\"";
    UNKNOWN_COMMAND "LI032" Error "there is no such command":
        "Each stage begins with a command of the language.",
        "fields eventName | srot eventName" => "fields eventName | sort eventName";
    TOO_LARGE "LI033" Error "nested too deeply or too large":
        "trailql reads 64 levels of nesting and 512 operators in one expression.",
        "" => "filter (a = 1)";
    SOURCE_NOT_FIRST "LI034" Error "`SOURCE` stands first":
        "Log groups are chosen before anything is read.",
        "fields eventName | SOURCE \"g\"" => "SOURCE \"g\" | fields eventName";
    FILLMISSING_WITHOUT_BINS "LI035" Error "`fillmissing` needs bins":
        "It fills the gaps between the groups of `stats … by bin(…)`.",
        "stats count(*) as n by eventName | fillmissing" => "stats count(*) as n by bin(5m) | fillmissing";
    BAD_ARGUMENT "LI036" Error "the argument is of a wrong kind":
        "A period is a whole number and a unit: `5m`; a network is `\"10.0.0.0/8\"`.",
        "stats count(*) by bin(5M)" => "stats count(*) by bin(5m)";
    LEVEL "LI037" Error "the level does not have this":
        "It came with a later edition of the language than the one chosen.",
        "where eventName = \"GetObject\"" => "filter eventName = \"GetObject\"";
    UNKNOWN_TABLE "LI038" Error "there is no such table, log group or saved query":
        "What a query reads beside its events is given along with it.",
        "lookup users id OUTPUT name" => "fields id";
    FIELDS_STAR "LI039" Error "there is no `*` for all fields":
        "Fields are named one by one; `@message` is the whole event.",
        "fields *" => "fields @message";
    LIKE_WILDCARD "LI106" Warning "`like` has no wildcards":
        "In a text behind `like`, `%` and `*` stand for themselves.",
        "filter eventName like \"%Object%\"" => "filter eventName like \"Object\"";
    DOUBLE_EQUALS "LI110" Info "equality is one `=`":
        "`==` is in use, but nowhere promised.",
        "filter eventName == \"GetObject\"" => "filter eventName = \"GetObject\"";
    LEGACY_WORD "LI111" Info "an old word":
        "`order`, `head`, `tail`, `search` and `sort by` have given way to `sort`, `limit` and `filter`.",
        "fields eventName | sort by eventName" => "fields eventName | sort eventName";
    PERIOD_CAP "LI112" Warning "the period is lowered to its cap":
        "The service takes 60 seconds, 60 minutes, 24 hours at most, and silently lowers what is more.",
        "stats count(*) by bin(300s)" => "stats count(*) by bin(5m)";
    LIMIT_BEFORE_SORT "LI113" Warning "`limit` before `sort`":
        "Rows are taken first and sorted then.",
        "limit 10 | sort eventName asc" => "sort eventName asc | limit 10";
    SORT_BEFORE_STATS "LI114" Warning "`sort` before `stats`":
        "Groups do not keep the order of events.",
        "sort eventName | stats count(*)" => "stats count(*)";
    SEVERAL_DISPLAYS "LI115" Info "several `display`":
        "Only the last one counts.",
        "display eventName | display awsRegion" => "display awsRegion";
    NULL_COMPARISON "LI127" Warning "nothing compares with `null`":
        "Whether a field is there is asked by `ispresent`.",
        "filter errorCode != null" => "filter ispresent(errorCode)";
    REDEFINED_ALIAS "LI128" Warning "a name is defined twice":
        "The service may answer that it is unknown.",
        "fields eventName | fields awsRegion as eventName" => "fields eventName | fields awsRegion as region";
    LAZY_GROUP "LI130" Warning "a lazy group at the end takes nothing":
        "Nothing follows that it would have to reach.",
        "parse @message /user=(?<user>.*?)/" => "parse @message /user=(?<user>.*)/";
    SAME_FIELDS_MEMBER "LI132" Warning "a member of a map from the same `fields`":
        "The service finds nothing there; the next `fields` does.",
        "fields jsonParse(@message) as j, j.name as name" => "fields jsonParse(@message) as j | fields j.name as name";
    CONTAINER "LI133" Warning "a map or list has no order and no group":
        "`sort`, `stats`, `dedup` and `pattern` take values only.",
        "fields jsonParse(@message) as j | sort j" => "fields jsonParse(@message) as j | fields j.name as name | sort name";
    SPLIT_ROWS "LI134" Warning "no rows from `split`":
        "`unnest` and `expand` do not work on what `split` gives.",
        "fields split(a, \",\") as parts | expand parts" => "expand parts";
    STRCONTAINS_FLAG "LI135" Warning "the flag of `strcontains` has no effect":
        "Case counts all the same; bring both sides to lower case.",
        "filter strcontains(@message, \"get\", true)" => "filter strcontains(tolower(@message), \"get\")";
    HISTOGRAM "LI136" Warning "the second argument of `histogram` is disputed":
        "The reference and what was seen do not agree on its meaning.",
        "stats histogram(duration, 10)" => "stats count(*) by bin(1m)";
    REGEX_IN_QUOTES "LI140" Warning "a regex in quotes":
        "`=~` is documented with a regex between slashes.",
        "filter eventName =~ \"^Get\"" => "filter eventName =~ /^Get/";
    ANOMALY_WITHOUT_PATTERN "LI145" Warning "`anomaly` without `pattern`":
        "It looks for anomalies among patterns.",
        "fields @message | anomaly" => "fields @message | pattern @message | anomaly";
    PARSE_WITHOUT_AS "LI153" Warning "there is no `as` before the names":
        "It is in use without, but nowhere promised.",
        "parse @message \"user=*\" user" => "parse @message \"user=*\" as user";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use crate::LogsQuery;
    use crate::syntax::logs::ParseOptions;
    use std::collections::HashSet;

    /// Rules that need more than the text: names, order, levels, what is there beside the query.
    const AFTER_PARSING: &[Code] = &[
        UNKNOWN_NAME,
        BIN_WITHOUT_TIMESTAMP,
        BEFORE_LAST_STATS,
        TOO_MANY_STATS,
        AFTER_DEDUP,
        PATTERN_AFTER_SORT,
        DIFF_WITHOUT_PATTERN,
        UNKNOWN_FUNCTION,
        TOPK,
        ESTIMATE,
        JOIN,
        SOURCE_NOT_FIRST,
        FILLMISSING_WITHOUT_BINS,
        LEVEL,
        UNKNOWN_TABLE,
        PERIOD_CAP,
        LIMIT_BEFORE_SORT,
        SORT_BEFORE_STATS,
        SEVERAL_DISPLAYS,
        REDEFINED_ALIAS,
        SAME_FIELDS_MEMBER,
        CONTAINER,
        SPLIT_ROWS,
        STRCONTAINS_FLAG,
        HISTOGRAM,
        ANOMALY_WITHOUT_PATTERN,
    ];

    fn findings(query: &str) -> Vec<crate::Diagnostic> {
        LogsQuery::parse_lossy(query, &ParseOptions::default()).diagnostics
    }

    #[test]
    fn codes_are_unique_ascending_and_named_by_their_family() {
        let mut seen = HashSet::new();
        for rule in RULES {
            assert!(rule.code.0.len() == 5 && rule.code.0.starts_with("LI"), "{}", rule.code);
            assert!(seen.insert(rule.code), "{} stands twice", rule.code);
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.code));
    }

    #[test]
    fn the_bad_example_of_each_rule_raises_exactly_that_rule_and_the_good_one_none() {
        let deep = format!("filter {}a{}", "(".repeat(65), ")".repeat(65));
        let long = format!("filter a = \"{}\"", "x".repeat(10_000));
        for rule in RULES {
            let bad = match rule.code {
                TOO_LARGE => &deep,
                TOO_LONG => &long,
                _ => rule.bad,
            };
            let found = findings(bad);
            let codes: Vec<Code> = found.iter().map(|diagnostic| diagnostic.code).collect();
            if AFTER_PARSING.contains(&rule.code) {
                assert!(found.is_empty(), "{bad}: {found:#?}");
            } else {
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
            for diagnostic in findings(rule.bad) {
                let Some(fix) = &diagnostic.fix else { continue };
                fixes += 1;
                let mended = fix.apply(rule.bad);
                let left = findings(&mended);
                assert!(left.is_empty(), "{} became {mended}: {left:#?}", rule.bad);
            }
        }
        assert!(fixes >= 15, "only {fixes} fixes");
    }
}
