//! Faults of metric math, and what is said of them.

use super::*;

fn printed(text: &str) -> String {
    MathExpression::parse(text).map_or_else(|errors| errors.to_string(), |expression| expression.to_string())
}

#[test]
fn operators_bind_as_in_arithmetic() {
    for (text, canonical) in [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("a-b-c", "a - b - c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a^b^c", "a ^ b ^ c"),
        ("(a^b)^c", "(a ^ b) ^ c"),
        ("-a^b", "-a ^ b"),
        ("(-a)^b", "(-a) ^ b"),
        ("a^-b", "a ^ -b"),
        ("-a*b", "-a * b"),
        ("-(a*b)", "-(a * b)"),
        ("a*-b", "a * -b"),
        ("--a", "--a"),
        ("a>1 && b<2 || c==3", "a > 1 AND b < 2 OR c == 3"),
        ("a>1 AND (b<2 OR c==3)", "a > 1 AND (b < 2 OR c == 3)"),
        ("a<(b<c)", "a < (b < c)"),
    ] {
        assert_eq!(printed(text), canonical);
        assert_eq!(printed(canonical), canonical);
    }
    assert_eq!(MathExpression::parse("-a^b"), MathExpression::parse("-(a^b)"));
}

#[test]
fn documented_expressions_are_read() {
    for text in [
        "m1 + m2",
        "PERIOD(m1)/60",
        "5 * m1",
        "SUM(100/[m1, m2])",
        "AVG([m1,m2]/m3)",
        "METRICS()*100",
        "SUM(-[m1, m2])",
        "(metric1 > 15 AND metric2 > 15)",
        "ABS(m1-m2)",
        "MIN(ABS([m1, m2]))",
        "ANOMALY_DETECTION_BAND(m1)",
        "ANOMALY_DETECTION_BAND(m1,4)",
        "SUM([m1,m2])/AVG(m2)",
        "SUM(m1) / DATAPOINT_COUNT(m1)",
        "FILL(METRICS(), m1)",
        "FILL(m1, MIN(m1))",
        "FILL(m1, REPEAT)",
        "FILL(METRICS(), LINEAR)",
        "IF(FIRST(SORT(METRICS(), AVG, DESC))>100, 1, 0)",
        "LAST(ANOMALY_DETECTION_BAND(m1))",
        "m1/METRIC_COUNT(METRICS())",
        "SUM(METRICS(\"errors\"))/SUM(METRICS(\"requests\"))*100",
        "SUM([METRICS('4xx'), METRICS('5xx')])",
        "SLICE(SORT(METRICS(), SUM, DESC), 0, 10)",
        "SORT(METRICS(), AVG, DESC, 10)",
        "TIME_SERIES(5*AVG(m1))",
        "IF(metric1<400, 10, 2)",
        "(1 - error_rate) * 100",
        "FIRST(SORT(q1, MAX, DESC))",
        "q1/1024/1024",
    ] {
        let expression = MathExpression::parse(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        assert_eq!(MathExpression::parse(&expression.to_string()), Ok(expression), "{text}");
    }
}

#[test]
fn faults_have_their_code_and_place() {
    for (text, code, column) in [
        ("m1 + ", "MM001", 4),
        ("m1 m2", "MM001", 3),
        ("[]", "MM001", 0),
        ("2m1", "MM001", 1),
        ("'m1'", "MM001", 0),
        ("SUM", "MM001", 0),
        ("SUM(m1", "MM002", 3),
        ("METRICS(\"a)", "MM002", 8),
        ("MEDAIN(m1)", "MM003", 0),
        ("LAMBDA('x')", "MM004", 0),
        ("m1 and m2", "MM005", 3),
        ("FILL(m1, Repeat)", "MM005", 9),
        ("IF(m1)", "MM006", 0),
        ("SORT(m1, P99, ASC)", "MM006", 0),
        ("mq-X", "MM007", 3),
        ("größe", "MM007", 0),
        ("m1 % 2", "MM008", 3),
        ("m1 <> 2", "MM008", 3),
    ] {
        let errors = MathExpression::parse(text).expect_err(text);
        let found: Vec<(&str, u32)> =
            errors.diagnostics().iter().map(|one| (one.code.0, one.span().start)).collect();
        let first = found.iter().find(|(found, _)| *found != "MM002" || code == "MM002").copied();
        assert_eq!(first, Some((code, column)), "{text}: {errors}");
    }
}

#[test]
fn what_is_as_large_as_can_be_is_read_and_printed() {
    for (operator, first) in [("+", "m1"), ("^", "m1"), ("*", "-m1"), (" OR ", "m1"), ("==", "m1")] {
        let text =
            format!("{first}{}", format!("{operator}m1").repeat(if first == "m1" { 340 } else { 300 }));
        let options = MathParseOptions { max_chars: usize::MAX };
        let parsed = MathExpression::parse_lossy(&text, &options).ast.unwrap();
        assert_eq!(MathExpression::parse_lossy(&parsed.to_string(), &options).ast, Some(parsed));
        let too_large = format!("{text}{}", format!("{operator}m1").repeat(512));
        assert_eq!(MathExpression::parse_lossy(&too_large, &options).diagnostics[0].code, codes::TOO_LARGE);
    }
    let most = format!("m1{}", "+m1".repeat(512));
    let options = MathParseOptions { max_chars: usize::MAX };
    assert!(MathExpression::parse_lossy(&most, &options).ast.is_some());
    let deep = format!("{}m1{}", "SUM([".repeat(21), "])".repeat(21));
    assert!(MathExpression::parse(&deep).is_ok(), "63 levels");
}
