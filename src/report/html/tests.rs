//! Pages as a reader of XML meets them.

use proptest::prelude::*;
use roxmltree::{Document, ParsingOptions};

use super::*;
use crate::EpochMillis;
use crate::series::{Period, Point, TimeRange, TimeSeries};

fn chart(label: &str, value: f64) -> Chart {
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(3_600_000) };
    let mut chart = Chart::new(label, range, Period::MINUTE);
    let points = (0..60).map(|n| Point { at: EpochMillis(n * 60_000), value: value * n as f64 }).collect();
    chart.lines = vec![TimeSeries { label: label.to_owned(), points }];
    chart
}

/// A page that holds a text everywhere.
fn page(text: &str) -> Page {
    let own = || text.to_owned();
    let blocks = vec![
        Block::Text(own()),
        Block::Facts(vec![(own(), own())]),
        Block::Code { language: own(), text: own() },
        Block::Table {
            columns: vec![Column { name: own(), numeric: true }, Column::default()],
            rows: vec![vec![own()], vec![own(), own(), own()], Vec::new()],
        },
        Block::Table { columns: Vec::new(), rows: Vec::new() },
        Block::Figure { chart: Box::new(chart(text, 1.0)), caption: own() },
        Block::Findings(own()),
        Block::Callout { kind: CalloutKind::Warning, text: own() },
        Block::Timeline(vec![Moment { at: own(), kind: MomentKind::Alarm, label: own(), text: own() }]),
        Block::Timeline(Vec::new()),
    ];
    let section = Section { heading: own(), blocks };
    Page { title: own(), lead: own(), sections: vec![section; 4], footer: own() }
}

fn parsed(html: &str) -> Document<'_> {
    Document::parse_with_options(html, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() })
        .unwrap()
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let html = page("</script><script src='https://example.com/x.js'>alert(1)</script><img src=x onerror=y>")
        .render();
    let document = parsed(&html);
    for node in document.descendants().filter(|node| node.is_element()) {
        assert!(!matches!(node.tag_name().name(), "script" | "img" | "link" | "iframe" | "object" | "use"));
        for attribute in node.attributes() {
            assert!(!matches!(attribute.name(), "src" | "style") && !attribute.name().starts_with("on"));
            assert!(attribute.name() != "href" || attribute.value().starts_with("#section-"));
        }
    }
    assert!(!html.contains("url(") && !html.contains("@import"));
}

#[test]
fn headings_tables_and_identifiers_are_in_order() {
    let html = page("text").render();
    let document = parsed(&html);
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("h1"), count("h2"), count("nav")), (1, 4, 1));
    let headers: Vec<_> = document.descendants().filter(|node| node.has_tag_name("th")).collect();
    assert!(headers.iter().all(|header| header.attribute("scope") == Some("col")));
    let mut ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((all, ids.len()), (4, 4));
}

#[test]
fn code_keeps_its_lines_and_back_ticks_mark_code() {
    let html = Page {
        sections: vec![Section {
            heading: "h".to_owned(),
            blocks: vec![
                Block::Code { language: String::new(), text: "a\n\tb\n  c".to_owned() },
                Block::Text("one `two` three `four\n\nfive ``".to_owned()),
            ],
        }],
        ..Page::default()
    }
    .render();
    assert!(html.contains("<code>a\n\tb\n  c</code>"), "{html}");
    assert!(html.contains("<p>one <code>two</code> three `four</p>\n<p>five ``</p>"), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_makes_a_well_formed_page(text in "(\\PC|[\\x00-\\x20<>&\"'`/\\-\\]]|</script>|<!--|\\u{202e}|\\u{ffff}){0,40}") {
        parsed(&page(&text).render());
    }
}
