//! Findings of the checker of queries: what each says, where, and what its fix makes of the query.

use crate::syntax::logs::Level;
use crate::{Diagnostic, LogsQuery};

fn check_at(query: &str, level: Level) -> Vec<Diagnostic> {
    LogsQuery::parse(query).unwrap_or_else(|errors| panic!("{query}: {errors}")).check(level)
}

/// Code and text under the caret of each finding.
fn found_at(query: &str, level: Level) -> Vec<(&'static str, &str)> {
    check_at(query, level).iter().map(|finding| (finding.code.0, finding.span().slice(query))).collect()
}

#[track_caller]
fn finds(query: &str, expected: &[(&str, &str)]) {
    assert_eq!(found_at(query, Level::L3), expected, "{query}");
}

#[track_caller]
fn accepts(query: &str) {
    finds(query, &[]);
}

#[track_caller]
fn accepts_at(query: &str, level: Level) {
    assert_eq!(found_at(query, level), [], "{query} at {level}");
}

/// The first finding has a fix that gives `mended`, and nothing with its code is found in that.
#[track_caller]
fn mends(query: &str, mended: &str) {
    let found = check_at(query, Level::L3);
    let first = found.first().unwrap_or_else(|| panic!("nothing found in {query}"));
    let fix = first.fix.as_ref().unwrap_or_else(|| panic!("no fix for {query}: {first}"));
    assert_eq!(fix.apply(query), mended, "{query}");
    let left = check_at(mended, Level::L3);
    assert!(left.iter().all(|finding| finding.code != first.code), "{mended}: {left:#?}");
}

#[track_caller]
fn has_no_fix(query: &str) {
    let found = check_at(query, Level::L3);
    assert!(!found.is_empty(), "nothing found in {query}");
    assert!(found.iter().all(|finding| finding.fix.is_none()), "{query}: {found:#?}");
}

#[test]
fn source_comes_first() {
    finds("fields @message | SOURCE 'g'", &[("LI034", "SOURCE")]);
    accepts("SOURCE 'a' | SOURCE 'b' | fields @message");
    finds("filter a in (fields b | SOURCE 'g')", &[("LI034", "SOURCE")]);
}

#[test]
fn the_number_of_stats_is_limited_by_the_level() {
    let three = "stats count(*) as n by a | stats sum(n) as n by a | stats max(n)";
    accepts(three);
    assert_eq!(found_at(three, Level::L1), [("LI009", "stats")]);
    assert_eq!(check_at(three, Level::L1)[0].span().range().start, three.rfind("stats").unwrap());
    let many = |count: usize| vec!["stats max(n) as n by a"; count].join(" | ");
    accepts(&many(10));
    finds(&many(12), &[("LI009", "stats")]);
}

#[test]
fn sort_and_limit_come_behind_the_last_stats() {
    finds(
        "stats count(*) as n by a | sort n | limit 3 | stats max(n)",
        &[("LI008", "sort"), ("LI008", "limit")],
    );
    finds("order by a | stats count(*) as n by a | stats max(n)", &[("LI008", "order")]);
    finds("sort a | stats count(*) by a", &[("LI114", "sort")]);
    finds("limit 5 | stats count(*) by a", &[("LI114", "limit")]);
    accepts("stats count(*) as n by a | sort n | limit 3");
    mends("filter a = 1 | sort a | stats count(*) by a", "filter a = 1 | stats count(*) by a");
    mends("sort a\n| stats count(*) by a", "stats count(*) by a");
}

#[test]
fn a_sort_that_decides_which_rows_are_counted_has_an_effect() {
    finds("sort a desc | limit 10 | stats sum(a)", &[("LI114", "limit")]);
    accepts("sort a | accum b as c | stats max(c)");
}

#[test]
fn a_fix_takes_no_comment_with_it() {
    has_no_fix("sort a # by size\n| stats count(*) by a");
}

#[test]
fn dedup_comes_last_but_for_limit() {
    finds("dedup a | sort b", &[("LI010", "sort")]);
    assert_eq!(
        check_at("dedup a | sort b", Level::L3)[0].service_text.as_deref(),
        Some("unexpected symbol found sort")
    );
    accepts("sort b | dedup a | limit 5");
    accepts("dedup a | estimate");
    finds("dedup a | fields b | display b", &[("LI010", "fields")]);
    assert!(check_at("dedup a | fields b", Level::L3).iter().all(|finding| !finding.is_error()));
    // One fault, one message; the others are named in it.
    let several = "dedup a | filter b = 1 | sort c";
    finds(several, &[("LI010", "filter")]);
    assert_eq!(check_at(several, Level::L3)[0].labels.last().unwrap().span.slice(several), "sort");
    finds("dedup a | dedup b", &[("LI010", "dedup")]);
}

#[test]
fn pattern_does_not_follow_sort() {
    finds("sort a | pattern @message", &[("LI011", "pattern")]);
    mends("filter a = 1 | sort a | pattern @message", "filter a = 1 | pattern @message");
    has_no_fix("sort a | limit 50 | pattern @message");
    finds("sort a | sort b | pattern @message", &[("LI011", "pattern")]);
    has_no_fix("sort a | sort b | pattern @message");
    accepts("pattern @message | sort @sampleCount desc");
}

#[test]
fn diff_follows_pattern_at_once() {
    let query = "filter @message like /GET/ | diff";
    finds(query, &[("LI012", "diff")]);
    mends(query, "filter @message like /GET/ | pattern @message | diff");
    mends("diff previousDay", "pattern @message | diff previousDay");
    accepts("pattern @message | diff previousWeek");
    finds("pattern @message | filter @sampleCount > 5 | diff", &[("LI012", "diff")]);
    has_no_fix("pattern @message | filter @sampleCount > 5 | diff");
    has_no_fix("sort a | diff");
}

#[test]
fn anomaly_without_pattern_is_doubtful() {
    finds("fields @message | anomaly", &[("LI145", "anomaly")]);
    accepts("fields @message | pattern @message | anomaly");
    accepts("pattern @message | filter @sampleCount > 5 | anomaly");
}

#[test]
fn a_query_has_one_join_and_nothing_is_nested_twice() {
    let join = |body: &str| format!("join left=l right=r where l.a = r.a (SOURCE 'g'{body})");
    accepts(&join(""));
    finds(&format!("{} | {}", join(""), join("")), &[("LI023", "join")]);
    finds(&join(&format!(" | {}", join(""))), &[("LI023", "join")]);
    finds(&join(" | filter b in (SOURCE 'h' | fields b)"), &[("LI023", "SOURCE 'h' | fields b")]);
    finds(
        "filter a in (SOURCE 'g' | filter b in (SOURCE 'h' | fields b) | fields a)",
        &[("LI023", "SOURCE 'h' | fields b")],
    );
    // The innermost one is nested twice only because the one around it is.
    finds(
        "filter a in (filter b in (filter c in (fields c) | fields b) | fields a)",
        &[("LI023", "filter c in (fields c) | fields b")],
    );
    finds("appendcols (SOURCE 'g' | appendcols (SOURCE 'h' | fields a))", &[("LI023", "appendcols")]);
    accepts("filter a in (SOURCE 'g' | fields a) and b in (SOURCE 'h' | fields b)");
}

#[test]
fn nested_pipelines_are_checked_too() {
    finds("filter a in (dedup a | sort a)", &[("LI010", "sort")]);
    finds("stats count(*) as n | appendcols (stats p95(b) as p)", &[("LI019", "p95")]);
    finds("join left=l right=r where l.a = r.a (SOURCE 'g' | limit 0)", &[("LI013", "0")]);
}

#[test]
fn estimate_is_the_last_command_of_the_query() {
    accepts("filter a = 1 | estimate");
    finds("estimate | limit 5", &[("LI022", "estimate")]);
    finds("filter a in (fields a | estimate)", &[("LI022", "estimate")]);
}

#[test]
fn fillmissing_needs_bins() {
    accepts("stats avg(a) as m by bin(1m) as t | fillmissing with 0 for m");
    accepts("stats avg(a) as m by bin(1m), b | sort m | fillmissing");
    finds("fields a | fillmissing", &[("LI035", "fillmissing")]);
    finds("stats avg(a) as m by b | fillmissing", &[("LI035", "fillmissing")]);
    finds("stats avg(a) as m by bin(1m) | stats max(m) as m by m | fillmissing", &[("LI035", "fillmissing")]);
}

#[test]
fn limits_are_within_the_level() {
    finds("limit 0", &[("LI013", "0")]);
    finds("head 0", &[("LI013", "0")]);
    accepts("limit 100000");
    finds("limit 100001", &[("LI013", "100001")]);
    accepts_at("limit 10000", Level::L1);
    assert_eq!(found_at("limit 10001", Level::L1), [("LI013", "10001")]);
}

#[test]
fn limit_before_sort_is_doubtful() {
    finds("limit 5 | sort a", &[("LI113", "limit")]);
    mends("fields a | limit 5 | sort a desc", "fields a | sort a desc | limit 5");
    // The first order may choose the rows and the second one show them.
    finds("sort a desc | limit 5 | sort b", &[("LI113", "limit")]);
    has_no_fix("sort a desc | limit 5 | sort b");
    has_no_fix("limit any 5 | sort a");
    has_no_fix("limit 5 | sort a | sort b");
    // What other rules speak of already.
    finds("limit 5 | sort a | stats max(a)", &[("LI114", "limit"), ("LI114", "sort")]);
    finds("dedup a | limit 5 | sort a", &[("LI010", "sort")]);
    accepts("sort a | limit 5");
}

#[test]
fn the_last_display_counts() {
    finds("display a | display b", &[("LI115", "display")]);
    mends("display a | filter b = 1 | display b", "filter b = 1 | display b");
    has_no_fix("display a as b | display b");
    finds("display a | display b | display c", &[("LI115", "display"), ("LI115", "display")]);
}

#[test]
fn bin_needs_the_time_of_the_event() {
    finds("stats count(*) as n by a | stats avg(n) by bin(5m)", &[("LI007", "bin(5m)")]);
    accepts("stats count(*) as n by a, bin(5m)");
    accepts("stats count(*) as n, max(@timestamp) as @t by a | stats avg(n) by dateceil(@t, 5m)");
    accepts("stats max(@timestamp) as @timestamp by a | stats count(*) by bin(5m)");
    accepts("stats count(*) as n by @timestamp, a | stats sum(n) by bin(5m)");
}

#[test]
fn unknown_functions_get_a_remedy() {
    mends("stats p95(v)", "stats pct(v, 95)");
    mends("stats P99 ( v / 2 ) as p", "stats pct ( v / 2, 99 ) as p");
    mends("stats median(v) by a", "stats pct(v, 50) by a");
    mends("fields length(a)", "fields strlen(a)");
    mends("filter contains(a, \"b\")", "filter strcontains(a, \"b\")");
    mends("fields lower(a)", "fields tolower(a)");
    mends("fields nvl(a, 'x')", "fields coalesce(a, 'x')");
    mends("stats count_if(v > 1) as n", "stats sum(if(v > 1, 1, 0)) as n");
    mends("stats count(*) by date_trunc('hour', @timestamp)", "stats count(*) by datefloor(@timestamp, 1h)");
    mends("stats cuont(*)", "stats count(*)");
    for (query, name, help) in [
        ("filter isnull(a)", "isnull", "write `not ispresent(x)`"),
        (
            "fields substring(a, 1, 2)",
            "substring",
            "write `substr(text, start, length)`; the start counts from 0",
        ),
        ("stats smu(a)", "smu", "did you mean `sum`?"),
        ("stats p95(a, b)", "p95", "write `pct(x, 95)`"),
    ] {
        finds(query, &[("LI019", name)]);
        has_no_fix(query);
        assert_eq!(check_at(query, Level::L3)[0].help.as_deref(), Some(help), "{query}");
    }
    finds("fields frobnicate(a)", &[("LI019", "frobnicate")]);
    assert_eq!(check_at("fields frobnicate(a)", Level::L3)[0].help, None);
    // At L1 the same remedies are not all there.
    assert!(check_at("stats count_if(v > 1)", Level::L1)[0].fix.is_none());
    assert!(check_at("stats var(v)", Level::L1)[0].fix.is_none());
    // Function names have no case and no underscores.
    accepts("stats COUNT_DISTINCT(a), Percentile(b, 90) by date_floor(@timestamp, 5m)");
}

#[test]
fn functions_take_so_many_arguments() {
    for query in
        ["concat()", "substr(\"abc\")", "now(1)", "if(a, b)", "round(a, 1, 2)", "strlen(*)", "case(a)"]
    {
        finds(&format!("fields {query}"), &[("LI020", query)]);
    }
    for query in ["pct(v)", "sum()", "count(a, b)", "sum(*)", "countDistinct(*)"] {
        finds(&format!("stats {query}"), &[("LI020", query)]);
    }
    accepts("stats count(), count(*), count(a), count_over_time(a)");
    mends("stats count(*) by bin(@timestamp, 5m)", "stats count(*) by bin(5m)");
    mends("stats count(*) by bin(t, 5m)", "stats count(*) by datefloor(t, 5m)");
}

#[test]
fn case_has_ten_branches_at_most() {
    let case = |branches: usize, default: &str| {
        format!("fields case({}{default})", vec!["a, b"; branches].join(", "))
    };
    accepts(&case(10, ""));
    accepts(&case(10, ", c"));
    let eleven = case(11, "");
    finds(&eleven, &[("LI020", eleven.strip_prefix("fields ").unwrap())]);
    assert!(check_at(&eleven, Level::L3)[0].message.contains("10 branches"));
}

#[test]
fn aggregates_stand_in_stats() {
    finds("filter count(*) > 5", &[("LI020", "count(*)")]);
    finds("fields a | fields count()", &[("LI020", "count()")]);
    finds("stats count(*) by max(v)", &[("LI020", "max(v)")]);
    finds("stats sum(max(v))", &[("LI020", "max(v)")]);
    finds("stats sum(1 + strlen(max(v)))", &[("LI020", "max(v)")]);
    // The inner one is no further fault where the outer one cannot stand at all.
    finds("filter sum(max(v)) > 1", &[("LI020", "sum(max(v))")]);
    accepts("stats ceil(avg(a - b)) as c, sum(a) / count(*) * 100 as d, coalesce(max(a), 0)");
    finds("stats count(*) by histogram(v, 10)", &[("LI136", "histogram(v, 10)")]);
}

#[test]
fn arguments_are_of_the_right_kind() {
    finds("stats count(*) by bin(5)", &[("LI036", "5")]);
    finds("stats count(*) by bin(a)", &[("LI036", "a")]);
    mends("stats count(*) by bin('5 min')", "stats count(*) by bin(5 min)");
    finds("fields datefloor(1h, @timestamp)", &[("LI036", "1h, @timestamp")]);
    finds("fields strlen(5m)", &[("LI036", "5m")]);
    finds("fields datefloor(@timestamp, 5)", &[("LI036", "5")]);
    finds("stats pct(v, 101)", &[("LI036", "101")]);
    finds("stats pct(v, -1)", &[("LI036", "-1")]);
    finds("stats pct(v, p)", &[("LI036", "p")]);
    finds("stats pct(v, \"95\")", &[("LI036", "\"95\"")]);
    accepts("stats pct(v, 0), pct(v, 99.9), pct(v, 100)");
    finds("stats topk(1.5, k)", &[("LI036", "1.5")]);
    finds("stats topk(n, k)", &[("LI036", "n")]);
}

#[test]
fn networks_are_checked() {
    let call = |network: &str| format!("filter isIpInSubnet(a, {network})");
    for network in ["\"10.0.0.0/8\"", "\"2001:db8::/32\"", "\"192.0.2.7/24\"", "\"0.0.0.0/0\"", "net"] {
        accepts(&call(network));
    }
    for network in [
        "\"10.0.0.0\"",
        "\"10.0.0.0/33\"",
        "\"10.0.0/8\"",
        "\"2001:db8::/129\"",
        "\"x/8\"",
        "\"10.0.0.0/+8\"",
        "5",
    ] {
        finds(&call(network), &[("LI036", network)]);
    }
    finds("filter isIpv4InSubnet(a, \"2001:db8::/32\")", &[("LI036", "\"2001:db8::/32\"")]);
    finds("filter isIpv6InSubnet(a, \"10.0.0.0/8\")", &[("LI036", "\"10.0.0.0/8\"")]);
}

#[test]
fn topk_stands_alone() {
    accepts("stats topk(3, a)");
    finds("stats topk(2, k) by v", &[("LI021", "topk(2, k)")]);
    finds("stats topk(2, k), count(*)", &[("LI021", "topk(2, k)")]);
    finds("stats topk(2, k), topk(3, k)", &[("LI021", "topk(2, k)")]);
    finds("stats topk(0, k)", &[("LI021", "0")]);
    finds("stats topk(-3, k)", &[("LI021", "-3")]);
    finds("stats topk(10001, k)", &[("LI021", "10001")]);
    accepts("stats topk(10000, k)");
}

#[test]
fn periods_above_their_cap_are_told() {
    finds("stats count(*) by bin(300s)", &[("LI112", "300s")]);
    for (written, meant) in [
        ("300s", "5m"),
        ("120m", "2h"),
        ("48h", "2d"),
        ("3600 sec", "1h"),
        ("2000ms", "2s"),
        ("86400s", "1d"),
    ] {
        mends(&format!("stats count(*) by bin({written})"), &format!("stats count(*) by bin({meant})"));
    }
    for written in ["90s", "90m", "25h", "1001ms", "7260s"] {
        let query = format!("stats count(*) by bin({written})");
        finds(&query, &[("LI112", written)]);
        has_no_fix(&query);
    }
    for kept in ["1000ms", "60s", "60m", "24h", "400d", "60w"] {
        accepts(&format!("stats count(*) by bin({kept})"));
    }
    finds("stats count(*) by bin(5m) offset 90m", &[("LI112", "90m")]);
    finds("sessionize a maxspan 120m", &[("LI112", "120m")]);
    finds("logcompare timeshift 36h", &[("LI112", "36h")]);
}

#[test]
fn periods_are_not_empty() {
    finds("stats count(*) by bin(0m)", &[("LI036", "0m")]);
    finds("fields dateceil(a, 0h)", &[("LI036", "0h")]);
    finds("logcompare timeshift 0d", &[("LI036", "0d")]);
    finds("sessionize a maxspan 0s", &[("LI036", "0s")]);
    accepts("stats count(*) by bin(5m) offset 0h");
}

#[test]
fn the_flag_of_strcontains_is_doubtful() {
    finds("filter strcontains(a, \"x\", true)", &[("LI135", "true")]);
    mends("filter strcontains(a, \"x\", true)", "filter strcontains(tolower(a), \"x\")");
    mends("filter strcontains(a, 'GET', true)", "filter strcontains(tolower(a), tolower('GET'))");
    mends("filter strcontains(tolower(a), b, true)", "filter strcontains(tolower(a), tolower(b))");
    accepts("filter strcontains(a, \"x\", false)");
    accepts("filter strcontains(a, \"x\")");
}

#[test]
fn what_is_newer_than_the_level_is_refused() {
    let l1 = |query: &str, place: &str| {
        assert_eq!(found_at(query, Level::L1), [("LI037", place)], "{query}");
        accepts_at(query, Level::L2);
    };
    l1("where a = 1", "where");
    l1("limit any 5", "limit");
    l1("count_frequent a", "count_frequent");
    l1("countFrequent a, b", "countFrequent");
    l1("accum a as b", "accum");
    l1("expand a", "expand");
    l1("addtotals", "addtotals");
    l1("filldown", "filldown");
    l1("autoregress a p=2", "autoregress");
    l1("outlier a", "outlier");
    l1("sessionize a", "sessionize");
    l1("relevantfields where a = 1", "relevantfields");
    l1("logcompare timeshift 1d", "logcompare");
    l1("json field=a \"b\" as c", "json");
    l1("cidrlookup t a OUTPUT b", "cidrlookup");
    l1("stats avg(a) as m by bin(1m) | fillmissing", "fillmissing");
    l1("join left=l right=r where l.a = r.a (SOURCE 'g')", "join");
    l1("appendcols (SOURCE 'g' | fields a)", "appendcols");
    l1("filter a in (SOURCE 'g' | fields a)", "SOURCE 'g' | fields a");
    l1("parse @message logfmt as a", "parse");
    l1("parse @message csv as a, b", "parse");
    l1("parse @message /(\\d+)/ as a multi", "multi");
    l1("stats count(*) by bin(5m) offset 1h", "1h");
    l1("fields if(a, b, c)", "if");
    l1("stats variance(a)", "variance");
    assert_eq!(found_at("estimate", Level::L2), [("LI037", "estimate")]);
    assert_eq!(
        found_at("fields if(strftime(a, 'b'), 1, 0)", Level::L1),
        [("LI037", "if"), ("LI037", "strftime")]
    );
}

#[test]
fn the_first_level_has_the_classic_language() {
    for query in [
        "fields a, b as c | filter a like /x/ | sort c desc | limit 20",
        "stats countDistinct(a), count_distinct(b), pct(c, 99) by bin(5m) | sort @timestamp",
        "parse @message \"a=*\" as a | display a | dedup a",
        "pattern @message | diff previousDay",
        "fields unmask(@message), jsonParse(a) as j | unnest j.b into c",
        "filterIndex a = \"b\"",
        "lookup t a OUTPUT b",
    ] {
        accepts_at(query, Level::L1);
    }
}

#[test]
fn where_is_spelled_filter_at_the_first_level() {
    let query = "fields a | where a = 1";
    let fix = check_at(query, Level::L1)[0].fix.clone().unwrap();
    assert_eq!(fix.apply(query), "fields a | filter a = 1");
}

#[test]
fn the_selection_has_limits() {
    accepts("SOURCE logGroups(namePrefix: ['a', 'b', 'c', 'd', 'e'], class: ['STANDARD'])");
    finds("SOURCE logGroups(namePrefix: ['a', 'b', 'c', 'd', 'e', 'f'])", &[("LI036", "'f'")]);
    finds("SOURCE logGroups(class: ['standard'])", &[("LI036", "'standard'")]);
    finds("filterIndex @message = 'a'", &[("LI036", "@message")]);
    finds("appendcols max=0 (SOURCE 'g' | fields a)", &[("LI036", "0")]);
    finds("appendcols max=100001 (SOURCE 'g' | fields a)", &[("LI036", "100001")]);
    finds("autoregress a p=0", &[("LI036", "0")]);
    finds("autoregress a p=3-1", &[("LI036", "3-1")]);
    finds("autoregress a p=1-5000", &[("LI033", "5000")]);
}

#[test]
fn findings_are_in_order_of_place() {
    finds(
        "sort a | stats p95(b), topk(0, c) by bin(300s) | diff",
        &[
            ("LI114", "sort"),
            ("LI019", "p95"),
            ("LI021", "topk(0, c)"),
            ("LI021", "0"),
            ("LI112", "300s"),
            ("LI012", "diff"),
        ],
    );
}

#[test]
fn every_finding_has_a_label_and_a_way_out() {
    for query in [
        "fields @message | SOURCE 'g'",
        "stats count(*) as n by a | sort n | stats max(n) by bin(5m)",
        "dedup a | sort b",
        "sort a | pattern @message",
        "diff",
        "anomaly",
        "estimate | limit 0",
        "fillmissing",
        "limit 200000 | sort a",
        "display a | display b",
        "fields count(*), if(a), strcontains(a, b, true), datefloor(a, 5)",
        "stats topk(0, a), sum(max(b)) by histogram(a, 2), bin(300s)",
        "filter isIpInSubnet(a, 'b') and p95(c) > 1",
    ] {
        for finding in check_at(query, Level::L3) {
            assert!(finding.help.is_some() && !finding.labels[0].text.is_empty(), "{query}: {finding:#?}");
            assert!(
                !finding.message.ends_with('.') && finding.message.starts_with(|c: char| !c.is_uppercase())
            );
        }
    }
}
