//! Faults of Metrics Insights queries, and what is said of them.

use super::*;

fn codes_of(text: &str) -> Vec<&'static str> {
    let parsed = MetricsQuery::parse_lossy(text, &ParseOptions::default());
    assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error), "{text}");
    parsed.diagnostics.iter().map(|finding| finding.code.0).collect()
}

#[test]
fn one_fault_gives_one_message_and_the_rest_is_read() {
    for (text, expected) in [
        (
            "SELECT SUM(a-b) FROM AWS/S3 WHERE x = \"y\" GROUP BY 'z' ORDER BY SUM(q) LIMIT 0",
            "MI003 MI003 MI001 MI002 MI023 MI012",
        ),
        ("SELECT SUM(m) FROM n WHERE a < 'x' AND b = 'y' AND c LIKE 'z'", "MI018 MI018"),
        ("SELECT SUM(m) FROM n GROUP BY a HAVING COUNT() > 5 ORDER BY SUM() DESC", "MI021"),
        ("SELECT SUM(m FROM n", "MI031"),
        ("SELECT SUM(m) FROM", "MI030"),
        ("", "MI030"),
        (";", "MI030 MI148"),
        ("SELECT", "MI030"),
        ("SELECT SUM(m) FROM n WHERE", "MI030"),
        ("SELECT SUM(m) FORM n", "MI030"),
        ("SELECT SUM(m) FROM n WERE a = 'x' LIMIT 0", "MI030 MI012"),
    ] {
        assert_eq!(codes_of(text).join(" "), expected, "{text}");
    }
}

#[test]
fn a_fix_of_an_unquoted_name_takes_the_whole_name() {
    let text = "SELECT SUM(presigned-URL-userName) FROM AWS/S3 WHERE userIdentity.type = 'Root'";
    let parsed = MetricsQuery::parse_lossy(text, &ParseOptions::default());
    let mended = parsed.diagnostics.iter().rev().fold(text.to_owned(), |text, finding| {
        finding.fix.as_ref().map_or(text.clone(), |fix| fix.apply(&text))
    });
    assert_eq!(
        mended,
        r#"SELECT SUM("presigned-URL-userName") FROM "AWS/S3" WHERE "userIdentity.type" = 'Root'"#
    );
}

#[test]
fn comments_are_no_part_of_the_length() {
    let comment = format!("-- {}\n", "x".repeat(3_000));
    assert_eq!(codes_of(&format!("{comment}SELECT SUM(m) FROM n")), ["MI148"]);
    assert_eq!(codes_of(&format!("SELECT SUM({}) FROM n", "x".repeat(2_048))), ["MI044"]);
    assert_eq!(codes_of(&"x".repeat(MOST_BYTES + 1)), ["MI044"]);
}

#[test]
fn formatting_keeps_comments() {
    let text = "# top\nselect /*no*/ sum(m)";
    assert!(MetricsQuery::format(text).is_err());
    let text =
        "# top\nselect -- inside\n sum(m) # behind\n\n from n where a='x' and -- why\n b!='y';\n-- end  ";
    let formatted =
        "# top\n-- inside\nSELECT SUM(m) # behind\nFROM n\n-- why\nWHERE a = 'x' AND b != 'y'\n-- end";
    assert_eq!(MetricsQuery::format(text).as_deref(), Ok(formatted));
    assert_eq!(MetricsQuery::format(formatted).as_deref(), Ok(formatted));
}

#[test]
fn parentheses_are_read_to_a_depth() {
    let deep = |levels: usize| {
        format!("SELECT SUM(m) FROM n WHERE {}a = 'x'{}", "(".repeat(levels), ")".repeat(levels))
    };
    let grafana = ParseOptions { dialect: Dialect::Grafana, max_chars: usize::MAX };
    assert!(MetricsQuery::parse_lossy(&deep(64), &grafana).ast.is_some());
    assert!(MetricsQuery::parse_lossy(&deep(65), &grafana).ast.is_none());
    assert!(MetricsQuery::parse_lossy(&deep(100_000), &grafana).ast.is_none());
}
