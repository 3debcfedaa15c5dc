//! Queries and what they say in plain words, sentence by sentence.

use crate::LogsQuery;

const START: &str = "Reads log events of the chosen log groups and time range, newest first.\n\n";
const CAP: &str = "; at most 10,000 rows, as there is no `limit`.";
const NEGATIVE: &str = "\nA field that is missing fulfils no test, so that negative tests (`!=`, `not`, `not like`, \
                        `not in`) hold for it; AWS does not document this.";

#[track_caller]
fn says(query: &str, lines: &[&str]) {
    let words = LogsQuery::parse(query).unwrap_or_else(|errors| panic!("{query}: {errors}")).in_words();
    assert_eq!(words, format!("{START}{}", lines.concat()), "{query}");
}

/// The words of the first stage.
#[track_caller]
fn begins(query: &str, sentence: &str) {
    let words = LogsQuery::parse(query).unwrap_or_else(|errors| panic!("{query}: {errors}")).in_words();
    let first = words.lines().find_map(|line| line.strip_prefix("1. ")).unwrap();
    assert_eq!(first, sentence, "{query}");
}

#[test]
fn raw_events() {
    says(
        "filter eventName = 'CreateUser'",
        &[
            "1. Keep rows in which `eventName` is \"CreateUser\".\n",
            "\nShows `@timestamp` and `@message`",
            CAP,
        ],
    );
    says(
        "fields @timestamp, eventName as name | sort @timestamp asc | limit 1",
        &[
            "1. Add the columns `@timestamp` and `eventName` as `name`.\n",
            "2. Sort by `@timestamp`, oldest first.\n",
            "3. Keep the first row.\n",
            "\nShows `@timestamp` and `name`.",
        ],
    );
}

#[test]
fn groups() {
    says(
        "filter errorCode like /Denied/ or errorCode = 'x' and readOnly = 0 | stats count(*) as n, avg(a.b) by \
         userIdentity.arn | sort n desc, userIdentity.arn | limit 20",
        &[
            "1. Keep rows in which `errorCode` matches `/Denied/` or (`errorCode` is \"x\" and `readOnly` is 0).\n",
            "2. Group rows by `userIdentity.arn`, and compute of each group: the number of rows as `n` and the mean of \
             `a.b`.\n",
            "3. Sort by `n`, largest first, then by `userIdentity.arn`, smallest first.\n",
            "4. Keep the first 20 rows.\n",
            "\nShows `userIdentity.arn`, `n` and `avg(a.b)`.",
        ],
    );
}

#[test]
fn groups_without_an_order() {
    says(
        "stats max(a) by b, bin(1h) as hour",
        &[
            "1. Group rows by `b` and the 1-hour bin of `@timestamp` as `hour`, and compute of each group: the largest \
             value of `a`.\n",
            "\nShows `b`, `hour` and `max(a)`",
            CAP,
            " The groups come in no promised order.",
        ],
    );
    says("stats count(*)", &["1. Compute over all rows: the number of rows.\n", "\nShows `count(*)`."]);
}

#[test]
fn periods_as_the_service_takes_them() {
    says(
        "stats sum(bytes) / count(*) as mean by bin(300s)",
        &[
            "1. Group rows by the 60-second bin of `@timestamp`, and compute of each group: (the sum of \
             `bytes`) / (the number of rows) as `mean`.\n",
            "\nShows `bin(300s)` and `mean`",
            CAP,
            "\nThe service takes `300s` for `60s`.",
        ],
    );
}

#[test]
fn negative_tests_hold_for_missing_fields() {
    says(
        "filter errorCode != 'x' and userIdentity.invokedBy not like 'aws' | limit 1000",
        &[
            "1. Keep rows in which `errorCode` is not \"x\" and `userIdentity.invokedBy` does not contain \"aws\".\n",
            "2. Keep the first 1,000 rows.\n",
            "\nShows `@timestamp` and `@message`.",
            NEGATIVE,
        ],
    );
    says(
        "filter not ispresent(a) and ispresent(b) | limit 5",
        &[
            "1. Keep rows in which `a` is missing and `b` is present.\n",
            "2. Keep the first 5 rows.\n",
            "\nShows `@timestamp` and `@message`.",
        ],
    );
}

#[test]
fn parsed_fields_are_shown_too() {
    says(
        "parse @message /user=(?<user>\\S+)/ | parse @message \"[*] *\" as level, text | filter not (level = 'A' or \
         level in ['B', 'C'])",
        &[
            "1. Take `user` from `@message` where it matches `/user=(?<user>\\S+)/`; other rows stay, without.\n",
            "2. Take `level` and `text` from `@message` where it matches the glob \"[*] *\"; other rows stay, without.\n",
            "3. Keep rows in which not (`level` is \"A\" or `level` is one of \"B\" or \"C\").\n",
            "\nShows `@timestamp`, `@message`, `user`, `level` and `text`",
            CAP,
            NEGATIVE,
        ],
    );
}

#[test]
fn the_last_display_decides() {
    says(
        "fields a | display a, b | display toupper(c) as d, e = 'x' as f | limit any 3",
        &[
            "1. Add the column `a`.\n",
            "2. Choose the columns `a` and `b`. A later `display` chooses others.\n",
            "3. Choose the columns the upper case of `c` as `d` and (whether `e` is \"x\") as `f`.\n",
            "4. Keep any 3 rows, and read no further.\n",
            "\nShows `d` and `f`.",
        ],
    );
}

#[test]
fn dedup_keeps_rows_without_the_field() {
    says(
        "dedup a, b | limit 2",
        &[
            "1. Keep one row for each `a` and `b`, the newest; rows in which one of them is missing all stay.\n",
            "2. Keep the first 2 rows.\n",
            "\nShows `@timestamp` and `@message`.",
        ],
    );
    begins("dedup a", "Keep one row for each `a`, the newest; rows without `a` all stay.");
}

#[test]
fn patterns() {
    says(
        "pattern @message | diff previousWeek | sort @diffEventCount desc | head 5",
        &[
            "1. Replace the rows by the patterns of `@message` and how often each occurs.\n",
            "2. Compare the patterns with those of the same time seven days earlier.\n",
            "3. Sort by `@diffEventCount`, largest first.\n",
            "4. Keep the first 5 rows.\n",
            "\nShows `@pattern`, `@sampleCount`, `@ratio`, `@severityLabel`, `@diffEventCount` and `@diffDescription`.",
        ],
    );
}

#[test]
fn nested_queries_are_indented() {
    says(
        "filter id in (SOURCE 'g' | filter a > 5 | fields id) | limit 7",
        &[
            "1. Keep rows in which `id` is among the results of the query below.\n",
            "   1. Read the log group `g`.\n",
            "   2. Keep rows in which `a` is above 5.\n",
            "   3. Add the column `id`.\n",
            "2. Keep the first 7 rows.\n",
            "\nShows `@timestamp` and `@message`.",
        ],
    );
}

#[test]
fn other_commands() {
    begins("where a >= 1.5", "Keep rows in which `a` is at least 1.5.");
    begins("SOURCE 'a' 'b' start=-1d end=now", "Read the log groups `a` and `b`, from 1 day ago to now.");
    begins(
        "SOURCE logGroups(namePrefix: ['p', 'q'])",
        "Read the log groups whose name begins with `p` or `q`.",
    );
    begins("accum a as b", "Add the running sum of `a` as `b`.");
    begins("autoregress a p=2", "Copy `a` of the row 2 places before as `a_p2`.");
    begins("autoregress a p=1-3", "Copy `a` of the rows 1 to 3 before as `a_p1` to `a_p3`.");
    begins("expand a", "Make a row of each element of the JSON list in `a`; other rows stay as they are.");
    begins(
        "sessionize user maxspan 90m as s",
        "Number the sessions of each `user` as `s`; a pause of more than 60 minutes begins a new one.",
    );
    begins(
        "lookup t id as user OUTPUTNEW name, mail",
        "Look up `name` and `mail` in the table `t` where column `id` is `user`; fields that are there already stay.",
    );
    begins(
        "join type=left left=l right=r where l.a = r.b (SOURCE 'g')",
        "Join each row with those of the query below for which `l.a` is `r.b`; rows without a partner stay. Fields are \
         called `l.…` and `r.…` from here on.",
    );
    begins("estimate", "Tell how many bytes this would read, without reading them.");
    begins(
        "outlier action=remove param=3 a b",
        "Drop rows with outliers of `a` and `b`: values more than 3 interquartile ranges above the third quartile.",
    );
}

#[test]
fn expressions() {
    for (expr, words) in [
        ("a + b * 2", "`a` + `b` * 2"),
        ("(a + b) * 2", "(`a` + `b`) * 2"),
        ("a - (b - c)", "`a` - (`b` - `c`)"),
        ("a - b - c", "`a` - `b` - `c`"),
        ("2 ^ 3 ^ a", "2 ^ 3 ^ `a`"),
        ("(2 ^ 3) ^ a", "(2 ^ 3) ^ `a`"),
        ("-a ^ 2", "-`a` ^ 2"),
        ("(-a) ^ 2", "(-`a`) ^ 2"),
        ("strlen(a) > 5", "whether the length of `a` is above 5"),
        ("if(a = 1, 'x', 'y')", "\"x\" if `a` is 1, else \"y\""),
        ("case(a, 1, b > 2, 2)", "1 if `a` is true, 2 if `b` is above 2, else nothing"),
        ("coalesce(a, b)", "the first that is present of `a` and `b`"),
        ("jsonParse(a).b[0].c", "`c` of element 0 of `b` of the JSON in `a`"),
        ("REGEX_REPLACE(a, 'x', 'y')", "regexReplace(`a`, \"x\", \"y\")"),
        ("not a", "whether `a` is not true"),
        ("datefloor(t, 1h)", "the 1-hour bin of `t`"),
        ("isIpv4InSubnet(a, '10.0.0.0/8')", "whether `a` is an address in \"10.0.0.0/8\""),
        ("a in []", "whether `a` is one of none"),
        ("a not in [1, 2]", "whether `a` is none of 1 or 2"),
    ] {
        begins(&format!("display {expr}"), &format!("Choose the column {words}."));
    }
    for (aggregate, words) in [
        ("count(a)", "the number of rows with `a`"),
        ("count_distinct(a)", "the number of different values of `a`"),
        ("sum(ispresent(a))", "the number of rows in which `a` is present"),
        ("sum(a > 5)", "the number of rows in which `a` is above 5"),
        ("sum(a + b)", "the sum of (`a` + `b`)"),
        ("pct(a, 95)", "the value that 95 % of `a` do not exceed"),
        ("latest(a)", "`a` of the latest row"),
        ("histogram(a, 4)", "the numbers of rows in 4 equal ranges of `a`"),
    ] {
        begins(&format!("stats {aggregate}"), &format!("Compute over all rows: {words}."));
    }
}

#[test]
fn a_long_sum_takes_no_deep_stack() {
    let query = format!("display {}", vec!["a"; 40].join(" + "));
    begins(&query, &format!("Choose the column {}.", vec!["`a`"; 40].join(" + ")));
}
