//! Properties of Metrics Insights queries and metric math: printing is exact, formatting settles, parsing is total.
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use trailql::syntax::math::{MathExpression, MathParseOptions};
use trailql::syntax::metrics::{Dialect, ParseOptions};
use trailql::{Diagnostic, MetricsQuery};

/// Room for every tree that the generator makes.
fn roomy() -> ParseOptions {
    ParseOptions { dialect: Dialect::Grafana, max_chars: usize::MAX }
}

fn generated<T: for<'a> Arbitrary<'a> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..400)
        .prop_filter_map("the bytes spell nothing", |bytes| T::arbitrary(&mut Unstructured::new(&bytes)).ok())
}

/// Pieces of queries, for texts that are nearly legal.
const PIECES: &[&str] = &[
    "SELECT",
    "SUM(",
    "COUNT",
    "(",
    ")",
    "m",
    "FROM",
    "SCHEMA(",
    "\"AWS/EC2\"",
    "AWS/EC2",
    "a-b",
    "WHERE",
    "a",
    "=",
    "!=",
    "<",
    "'x'",
    "\"y\"",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "IS NULL",
    "BETWEEN",
    "GROUP",
    "BY",
    "ORDER",
    "LIMIT",
    "5",
    "-1",
    "tag.",
    "AWS.AccountId",
    "CURRENT_ACCOUNT_ID()",
    ",",
    ";",
    "--c\n",
    "#c\n",
    "/*c*/",
    "\n",
    "'",
    "\"",
    "\\",
    "é",
    "“",
    "`z`",
    "*",
    "DISTINCT",
    "AS",
    "HAVING",
    "UNION",
    "Type",
    "select",
    "&&",
    "||",
    ".",
    ":",
    "$v",
];

const MATH_PIECES: &[&str] = &[
    "m1",
    "q1",
    "SUM(",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "==",
    "=",
    "<",
    "AND",
    "or",
    "||",
    "1",
    "1.5e3",
    "FILL(",
    "REPEAT",
    "IF(",
    "SORT(",
    "AVG",
    "DESC",
    "METRICS(",
    "'x'",
    "\"",
    "SELECT",
    "é",
    "ANOMALY_DETECTION_BAND(",
];

fn spans_fit(text: &str, findings: &[Diagnostic]) -> Result<(), TestCaseError> {
    for finding in findings {
        for label in &finding.labels {
            prop_assert!(text.get(label.span.range()).is_some(), "{} {:?}", text, finding);
        }
        if let Some(fix) = &finding.fix {
            prop_assert!(
                fix.edits.iter().all(|edit| text.get(edit.span.range()).is_some()),
                "{} {:?}",
                text,
                finding
            );
            prop_assert!(
                fix.edits.is_sorted_by(|one, next| one.span.end <= next.span.start),
                "{} {:?}",
                text,
                finding
            );
        }
    }
    Ok(())
}

fn is_sound(text: &str, options: &ParseOptions) -> Result<(), TestCaseError> {
    let parsed = MetricsQuery::parse_lossy(text, options);
    prop_assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error), "{}", text);
    spans_fit(text, &parsed.diagnostics)?;
    let Some(query) = parsed.ast else { return Ok(()) };
    spans_fit(text, &query.check())?;
    prop_assert!(!query.in_words().is_empty());
    let printed = query.to_string();
    prop_assert_eq!(
        MetricsQuery::parse_lossy(&printed, &roomy()).ast,
        Some(query),
        "{} became {}",
        text,
        printed
    );
    let formatted = MetricsQuery::format_with(text, options).unwrap();
    prop_assert_eq!(MetricsQuery::format_with(&formatted, &roomy()), Ok(formatted));
    Ok(())
}

fn math_is_sound(text: &str) -> Result<(), TestCaseError> {
    let parsed = MathExpression::parse_lossy(text, &MathParseOptions::default());
    prop_assert_eq!(parsed.ast.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error), "{}", text);
    spans_fit(text, &parsed.diagnostics)?;
    let Some(expression) = parsed.ast else { return Ok(()) };
    let room = MathParseOptions { max_chars: usize::MAX };
    let printed = expression.to_string();
    prop_assert_eq!(
        MathExpression::parse_lossy(&printed, &room).ast,
        Some(expression),
        "{} became {}",
        text,
        printed
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_query_prints_as_text_that_parses_to_itself(query in generated::<MetricsQuery>()) {
        for printed in [query.to_string(), format!("{query:#}")] {
            let parsed = MetricsQuery::parse_lossy(&printed, &roomy());
            prop_assert_eq!(parsed.ast.as_ref(), Some(&query), "{} {:?}", printed, parsed.diagnostics);
        }
        let formatted = MetricsQuery::format_with(&query.to_string(), &roomy()).unwrap();
        prop_assert_eq!(&formatted, &format!("{query:#}"));
    }

    #[test]
    fn an_expression_prints_as_text_that_parses_to_itself(expression in generated::<MathExpression>()) {
        let room = MathParseOptions { max_chars: usize::MAX };
        let printed = expression.to_string();
        let parsed = MathExpression::parse_lossy(&printed, &room);
        prop_assert_eq!(parsed.ast.as_ref(), Some(&expression), "{} {:?}", printed, parsed.diagnostics);
        prop_assert_eq!(parsed.ast.unwrap().to_string(), printed);
    }

    #[test]
    fn any_text_is_a_tree_or_errors(text in "\\PC{0,80}") {
        is_sound(&text, &ParseOptions::default())?;
        math_is_sound(&text)?;
    }

    #[test]
    fn nearly_legal_text_is_a_tree_or_errors(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        blank in prop::sample::select(vec![" ", "", "\n"]),
        legal_start in any::<bool>(),
        grafana in any::<bool>(),
    ) {
        let start = if legal_start { "SELECT SUM(m) FROM n WHERE " } else { "" };
        let dialect = if grafana { Dialect::Grafana } else { Dialect::Strict };
        is_sound(&format!("{start}{}", pieces.join(blank)), &ParseOptions { dialect, ..ParseOptions::default() })?;
    }

    #[test]
    fn nearly_legal_math_is_a_tree_or_errors(pieces in prop::collection::vec(prop::sample::select(MATH_PIECES), 0..16)) {
        math_is_sound(&pieces.join(" "))?;
    }
}
