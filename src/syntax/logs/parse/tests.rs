//! What is read, what is said about what cannot be read, and how reading goes on.

use super::ParseOptions;
use crate::syntax::Parsed;
use crate::syntax::logs::{
    BinaryOp, Command, ExprKind, InSet, ItemLabel, LikePattern, ParseMode, PeriodUnit, UnaryOp,
};
use crate::{Diagnostic, LogsQuery};

fn read(query: &str) -> Parsed<LogsQuery> {
    LogsQuery::parse_lossy(query, &ParseOptions::default())
}

/// The canonical text of a query without findings.
fn canonical(query: &str) -> String {
    let parsed = read(query);
    assert!(parsed.diagnostics.is_empty(), "{query}: {:#?}", parsed.diagnostics);
    parsed.ast.unwrap().to_string()
}

fn condition(text: &str) -> ExprKind {
    let query =
        LogsQuery::parse(&format!("filter {text}")).unwrap_or_else(|errors| panic!("{text}: {errors}"));
    match query.stages.into_iter().next().map(|stage| stage.command) {
        Some(Command::Filter { condition, .. }) => condition.kind,
        other => panic!("{other:?}"),
    }
}

/// Each finding as its code and the text under its main place.
fn findings(query: &str) -> Vec<(&'static str, &str)> {
    read(query).diagnostics.iter().map(|finding| (finding.code.0, finding.span().slice(query))).collect()
}

/// The query after every fix.
fn mended(query: &str) -> String {
    let findings = read(query).diagnostics;
    let fixes = findings.iter().rev().filter_map(|finding| finding.fix.as_ref());
    fixes.fold(query.to_owned(), |text, fix| fix.apply(&text))
}

#[test]
fn operators_bind_as_the_table_says() {
    for (written, parenthesised) in [
        ("a or b and c", "a or (b and c)"),
        ("not a = 1 and b", "(not (a = 1)) and b"),
        ("a + b * c - d", "(a + (b * c)) - d"),
        ("-a ^ b", "-(a ^ b)"),
        ("a ^ b ^ c", "a ^ (b ^ c)"),
        ("a ^ -b", "a ^ (-b)"),
        ("a + 1 >= b % 2", "(a + 1) >= (b % 2)"),
        ("a / b / c", "(a / b) / c"),
        ("not a =~ /x/ and b =~ /y/", "(not (a =~ /x/)) and (b =~ /y/)"),
        ("a - -b", "a - (-b)"),
        ("not not a", "not (not a)"),
        ("!ispresent(a) or b", "(not ispresent(a)) or b"),
    ] {
        assert_eq!(condition(written), condition(parenthesised), "{written}");
    }
    assert_ne!(condition("(a + b) * c"), condition("a + b * c"));
}

#[test]
fn a_slash_divides_but_behind_like_it_begins_a_regex() {
    assert!(matches!(condition("a / b / c"), ExprKind::Binary(BinaryOp::Divide, ..)));
    let ExprKind::Like { pattern: LikePattern::Regex(regex), .. } = condition("a like / b\\/c | d /") else {
        panic!("no regex");
    };
    assert_eq!(regex.source, " b\\/c | d ");
    assert_eq!(condition("a like /x/"), condition("a =~ /x/"));
}

#[test]
fn dotted_names_are_one_field_and_parts_of_other_things_are_members() {
    let ExprKind::Field(field) = condition("requestParameters.items.0.`b c`") else { panic!("no field") };
    assert_eq!(field.name, "requestParameters.items.0.b c");
    let ExprKind::Member(container, name) = condition("a.b[1].c") else { panic!("no member") };
    assert_eq!(name, "c");
    assert!(matches!(&container.kind, ExprKind::Index(list, 1) if matches!(list.kind, ExprKind::Field(_))));
    assert!(matches!(condition("jsonParse(a).b"), ExprKind::Member(..)));
    assert_ne!(condition("(a).b"), condition("a.b"));
}

#[test]
fn words_of_the_language_may_be_names() {
    assert_eq!(
        canonical("STATS Count(*) AS count BY stats, limit.x | SORT count DESC, sort"),
        "stats Count(*) as count by stats, limit.x\n| sort count desc, sort"
    );
    assert_eq!(canonical("fields as as x, by, in"), "fields `as` as x, by, in");
    assert_eq!(canonical("parse logfmt logfmt as csv"), "parse `logfmt` logfmt as `csv`");
    assert_eq!(canonical("parse csv \"*\" as a"), "parse `csv` \"*\" as a");
    assert_eq!(canonical("sort desc desc, asc"), "sort `desc` desc, `asc`");
}

#[test]
fn an_item_without_alias_keeps_its_text() {
    let query = LogsQuery::parse("fields  a  +\n b # sum\n, 'x  # y', c /  d").unwrap();
    let Command::Fields(items) = &query.stages[0].command else { panic!("no fields") };
    let labels: Vec<&ItemLabel> = items.iter().map(|item| &item.label).collect();
    let source = |text: &str| ItemLabel::Source(text.to_owned());
    assert_eq!(labels, [&source("a + b"), &source("'x  # y'"), &source("c / d")]);
    assert_eq!(query.to_string(), "fields a + b, 'x  # y', c / d");
}

#[test]
fn periods_are_arguments() {
    let ExprKind::Call(call) = condition("bin(5 minutes)") else { panic!("no call") };
    assert_eq!(
        call,
        match condition("BIN (5m)") {
            ExprKind::Call(call) => call,
            other => panic!("{other:?}"),
        }
    );
    let query = LogsQuery::parse("sessionize a maxspan 90s | logcompare timeshift 1 w").unwrap();
    let Command::LogCompare(shift) = &query.stages[1].command else { panic!("no shift") };
    assert_eq!((shift.count, shift.unit), (1, PeriodUnit::Week));
}

#[test]
fn texts_hide_quotes_and_backslashes_only() {
    let text = |written: &str| match condition(written) {
        ExprKind::Literal(literal) => literal.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(text(r#""a\"b""#), text(r#"'a"b'"#));
    assert_eq!(text(r#""\d\\""#), text(r"'\d\\'"));
    assert_eq!(canonical(r#"filter a = '\d \'"\\'"#), r#"filter a = "\d '\"\\""#);
}

#[test]
fn commands_take_what_the_grammar_gives_them() {
    for (written, expected) in [
        ("parse @message /(?<a>x)/ multi", "parse @message /(?<a>x)/ multi"),
        ("parse f(x).y 'a*' as b", "parse f(x).y \"a*\" as b"),
        ("limit ANY 5", "limit any 5"),
        ("addtotals col = true row=FALSE a b, c", "addtotals row=false col=true a, b, c"),
        ("autoregress a p=1-3 as b", "autoregress a as b p=1-3"),
        ("filldown a, cpu* *", "filldown a cpu* *"),
        ("count_frequent a, b", "countFrequent a, b"),
        ("diff PREVIOUSDAY", "diff previousDay"),
        ("unmask(@message)", "unmask @message"),
        ("filterindex a = -1 and b in ['x', 2, null]", "filterIndex a = -1 and b in [\"x\", 2, null]"),
        ("SOURCE lg-1 '/aws/x' start=-1d end=now", "SOURCE \"lg-1\" \"/aws/x\" start=-1d end=now"),
        (
            "source logGroups(accountIdentifiers: ['accountId' = '1'], logGroupClass: ['STANDARD'])",
            "SOURCE logGroups(accountIdentifiers: [\"1\"], class: [\"STANDARD\"])",
        ),
        (
            "join left=L right=R where L.k=R.k (SOURCE 'g')",
            "join left=L right=R where L.k = R.k (SOURCE \"g\")",
        ),
        ("$`A b`(x = -1, y='z')", "$`A b`(x = -1, y = \"z\")"),
        ("relevantfields where a > 1", "relevantfields where a > 1"),
        ("cidrlookup t ip OUTPUT a AS b, c", "cidrlookup t ip OUTPUT a as b, c"),
    ] {
        assert_eq!(canonical(written), expected);
    }
    let query = LogsQuery::parse("filter a not in (SOURCE 'g' | fields a)").unwrap();
    let Command::Filter { condition, .. } = &query.stages[0].command else { panic!("no filter") };
    assert!(
        matches!(&condition.kind, ExprKind::In { negated: true, set: InSet::Pipeline(inner), .. } if inner.stages.len() == 2)
    );
    let query = LogsQuery::parse("parse /(a)(b)/ as x, y").unwrap();
    let Command::Parse(parse) = &query.stages[0].command else { panic!("no parse") };
    assert!(
        parse.operand.is_none()
            && matches!(&parse.mode, ParseMode::Regex { names, multi: false, .. } if names.len() == 2)
    );
    assert!(matches!(condition_of_minus(), ExprKind::Unary(UnaryOp::Minus, _)));
}

fn condition_of_minus() -> ExprKind {
    condition("-1")
}

#[test]
fn a_new_line_is_no_pipe_but_may_be_taken_for_one() {
    let query =
        "filter userIdentity.userName =\"unauthorizedUser\"\nstats count(*) by userIdentity.accountId";
    assert_eq!(findings(query), [("LI001", "stats")]);
    assert!(read(query).ast.is_none());
    let piped = query.replace('\n', "\n| ");
    assert_eq!(mended(query), piped);
    let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
    assert_eq!(LogsQuery::parse_lossy(query, &lenient).ast, LogsQuery::parse(&piped).ok());
    assert!(LogsQuery::parse_lossy("fields a stats count(*)", &lenient).ast.is_none(), "not on one line");
}

#[test]
fn a_name_like_a_command_is_no_missing_pipe() {
    for query in
        ["fields a,\nstats", "filter a =\nlimit", "stats count(*) by a,\n sort, filter", "fields (\nlimit)"]
    {
        canonical(query);
    }
    assert_eq!(findings("fields a,\nstats count(*)"), [("LI030", ",")]);
    assert_eq!(mended("fields a,\nstats count(*)"), "fields a\n| stats count(*)");
    assert_eq!(
        findings("filldown a\nlimit 5\nrelevantfields a\nwhere b"),
        [("LI001", "limit"), ("LI001", "relevantfields")]
    );
}

#[test]
fn one_fault_gives_one_message_and_later_stages_are_read() {
    for (query, expected) in [
        ("filter a = | stats count( | sort x(1)", vec![("LI030", "|"), ("LI031", "("), ("LI005", "x(1)")]),
        ("filter (a = 1 b = 2) and c | limit x", vec![("LI030", "b"), ("LI013", "x")]),
        ("filter a like /x(/ | limit x", vec![("LI015", "("), ("LI013", "x")]),
        ("filter a like b|c/ | limit x", vec![("LI017", "b"), ("LI032", "c"), ("LI013", "x")]),
        ("filter a = \"x | limit 5\n| limit x", vec![("LI031", "\""), ("LI013", "x")]),
        ("filter a = \"x\n| filter b = \"y\"\n| limit x", vec![("LI031", "\""), ("LI013", "x")]),
        ("fields `a | limit 5\n| limit x", vec![("LI031", "`"), ("LI013", "x")]),
        ("filter a in [1, 2 | limit x", vec![("LI031", "["), ("LI013", "x")]),
        ("filter a in (SOURCE 'g' | srot b | fields a) | limit x", vec![("LI032", "srot"), ("LI013", "x")]),
        ("filter a in (SOURCE 'g' | fields a", vec![("LI031", "(")]),
        ("filter a = 1) | limit x", vec![("LI030", ")"), ("LI013", "x")]),
        ("filter a = b = c | limit x", vec![("LI030", "="), ("LI013", "x")]),
        ("filter a === 1\nlimit 5", vec![("LI004", "==="), ("LI001", "limit")]),
    ] {
        assert_eq!(findings(query), expected, "{query}");
    }
}

#[test]
fn operators_of_other_languages_have_a_fix_each() {
    for (query, fixed) in [
        ("filter a=1&&b=2||c<>3", "filter a=1 and b=2 or c!=3"),
        ("filter a is null or b is not null", "filter not ispresent(a) or ispresent(b)"),
        ("filter a between 1 and b + 2 and c", "filter (a >= 1 and a <= b + 2) and c"),
        ("filter a contains 'x' and b not contains \"y\"", "filter a like 'x' and b not like \"y\""),
        ("filter a === 1 and b =< 2", "filter a = 1 and b <= 2"),
        ("filter a == 1", "filter a = 1"),
        ("filter a = null and b != null", "filter not ispresent(a) and ispresent(b)"),
        ("filter a =~ \"b/c\"", "filter a =~ /b\\/c/"),
        ("filter a like /x/gi", "filter a like /(?i)x/"),
        ("filter a in ('x', 1)", "filter a in ['x', 1]"),
        ("filter a = /x/", "filter a like /x/"),
        ("filter a = “x”", "filter a = \"x\""),
        ("filter a = us-east-1", "filter a = \"us-east-1\""),
        ("filter a = http://b.c/d?e=f and g", "filter a = \"http://b.c/d?e=f\" and g"),
        ("filter a = Access Denied and b", "filter a = \"Access Denied\" and b"),
        ("filter a in [x, 10.0.0.1]", "filter a in [\"x\", 10.0.0.1]"),
        ("order by a", "sort a"),
        ("head 5 | search a", "limit 5 | filter a"),
        ("fields a | | limit 5", "fields a | limit 5"),
        ("| fields a |", "fields a "),
        ("parse logfmt @message", "parse @message logfmt"),
        ("fields x = f(y)", "fields f(y) as x"),
        ("dedup user-agent", "dedup `user-agent`"),
        ("stats avg(a) as b by c | sort avg(a) desc", "stats avg(a) as b by c | sort b desc"),
        ("stats avg(a) by c | sort avg(a)", "stats avg(a) by c | sort `avg(a)`"),
        ("stats count(distinct a)", "stats countDistinct(a)"),
        ("fields a | count(*)", "fields a | stats count(*)"),
        ("fields a;", "fields a"),
        ("stats count(*) by bin(5MIN)", "stats count(*) by bin(5min)"),
    ] {
        assert_eq!(mended(query), fixed, "{query}: {:#?}", read(query).diagnostics);
    }
}

#[test]
fn the_services_own_words_are_given_where_they_are_known() {
    for (query, expected) in [
        ("fields a\n| filter b like /x/i", "unexpected symbol found i at line 2 and position 19"),
        ("sort bin(1d) desc", "unexpected symbol found ("),
        ("| fields a", "mismatched input '|' expecting K_STATS"),
    ] {
        let texts: Vec<Option<String>> =
            read(query).diagnostics.into_iter().map(|finding| finding.service_text).collect();
        assert_eq!(texts, [Some(expected.to_owned())], "{query}");
    }
}

#[test]
fn the_fault_of_a_regex_is_told_where_it_is() {
    assert_eq!(findings("filter a like /b(?=c)/"), [("LI015", "(?=")]);
    assert_eq!(findings(r"filter a like /(b)\1/"), [("LI015", r"\1")]);
    assert_eq!(findings("filter a like /b++c/"), [("LI015", "++")]);
    assert_eq!(findings("parse @message /x(?<a>.*?)/"), [("LI130", "*?")]);
    assert_eq!(findings("parse @message /(?<a>.*?)x/"), []);
    assert_eq!(findings("parse @message /(a)(?:b)/ as c, d"), [("LI014", "/(a)(?:b)/")]);
    assert_eq!(findings("parse @message 'a \\* *' as b"), []);
}

#[test]
fn too_much_is_an_error_and_no_overflow() {
    let tight = ParseOptions { nesting: 3, ..ParseOptions::default() };
    assert!(LogsQuery::parse_lossy("filter ((a))", &tight).ast.is_some());
    assert!(LogsQuery::parse_lossy("filter (((a)))", &tight).ast.is_none());
    let roomy = ParseOptions { max_chars: usize::MAX, nesting: usize::MAX, ..ParseOptions::default() };
    let pipelines = format!("filter a in {}fields a{}", "(filter a in ".repeat(50), ")".repeat(50));
    for query in [
        format!("filter {}a{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("filter {}a", "not ".repeat(100_000)),
        format!("filter {}a", "-".repeat(100_000)),
        format!("filter a{}", " ^ a".repeat(100_000)),
        format!("filter {}a", "f(".repeat(100_000)),
        format!("filter a{}", " + a".repeat(100_000)),
        format!("fields f(){}", ".a".repeat(100_000)),
        pipelines,
    ] {
        let found: Vec<Diagnostic> = LogsQuery::parse_lossy(&query, &roomy).diagnostics;
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.0).collect();
        assert_eq!(codes, ["LI033"], "{:.30}", query);
    }
    let deepest = format!("filter {}a{}", "(".repeat(127), ")".repeat(127));
    let highest = format!("filter a{}", " or a".repeat(512));
    for query in [deepest, highest] {
        let tree = LogsQuery::parse_lossy(&query, &roomy).ast.unwrap();
        assert_eq!(LogsQuery::parse_lossy(&tree.to_string(), &roomy).ast, Some(tree));
    }
    assert_eq!(findings(&" ".repeat(10_001)).first().map(|(code, _)| *code), Some("LI018"));
    assert!(LogsQuery::parse(&format!("{:10000}", "limit 5")).is_ok());
}

#[test]
fn comments_stay_with_their_stages() {
    let formatted =
        LogsQuery::format("# head\nFIELDS a, # within\n b # first\n\n#| sort a\n|limit 5#last\n## end\n#");
    assert_eq!(
        formatted.unwrap(),
        "# head\n# within\nfields a, b # first\n# | sort a\n| limit 5 # last\n## end\n#"
    );
    let one_line =
        LogsQuery::format("limit 1 | sort a # of the second\n| fields b | # of the third\nlimit 3");
    assert_eq!(one_line.unwrap(), "limit 1\n| sort a # of the second\n| fields b # of the third\n| limit 3");
}
