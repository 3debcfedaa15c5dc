//! A page with pictures, as a backtest writes one.

use roxmltree::Document;
use trailql::report::html::{Block, CalloutKind, Column, Moment, MomentKind, Page, Section};

use crate::gallery::{days, groups, minutes, presigned};
use crate::keep;

#[test]
fn a_page_holds_several_pictures() {
    let text = str::to_owned;
    let moment = |at: &str, kind, label: &str, why: &str| Moment {
        at: text(at),
        kind,
        label: text(label),
        text: text(why),
    };
    let column = |name: &str, numeric| Column { name: text(name), numeric };
    let row = |cells: &[&str]| cells.iter().map(|cell| text(cell)).collect::<Vec<_>>();
    let section = |heading: &str, blocks| Section { heading: text(heading), blocks };
    let page = Page {
        title: text("Backtest of `presigned-url/stack.toml`"),
        lead: text(
            "Two weeks of CloudTrail records, from 2024-09-02 to 2024-09-16 UTC, replayed through two metric filters, one anomaly detector and two alarms.",
        ),
        sections: vec![
            section(
                "Summary",
                vec![
                    Block::Facts(vec![
                        (text("records read"), text("4,500")),
                        (text("matches"), text("2,088")),
                        (text("alarms"), text("1")),
                        (text("outside of the injected window"), text("0")),
                    ]),
                    Block::Callout {
                        kind: CalloutKind::Alarm,
                        text: text(
                            "`presigned-URL-anomaly` went into ALARM at 03:20 and stayed there for 85 minutes.",
                        ),
                    },
                    Block::Callout {
                        kind: CalloutKind::Note,
                        text: text("The band approximates CloudWatch's unpublished model."),
                    },
                ],
            ),
            section(
                "Metric and band",
                vec![
                    Block::Figure {
                        chart: Box::new(presigned(days(14), minutes(5))),
                        caption: text(
                            "Sum of `presigned-URL`, what was expected, and the 5-minute periods outside of it.",
                        ),
                    },
                    Block::Timeline(vec![
                        moment(
                            "2 Sep 00:05",
                            MomentKind::Ok,
                            "INSUFFICIENT_DATA → OK",
                            "3 of 3 datapoints were inside of the band.",
                        ),
                        moment(
                            "12 Sep 03:20",
                            MomentKind::Alarm,
                            "OK → ALARM",
                            "2 of 3 datapoints were above the band: 7 (03:10, at most 3.2) and 9 (03:15, at most 3.2).",
                        ),
                        moment("12 Sep 04:45", MomentKind::Ok, "ALARM → OK", ""),
                        moment(
                            "16 Sep 00:00",
                            MomentKind::InsufficientData,
                            "OK → INSUFFICIENT_DATA",
                            "No data in 3 periods.",
                        ),
                    ]),
                ],
            ),
            section(
                "Who",
                vec![
                    Block::Figure {
                        chart: Box::new(groups(20, |n| format!("user-{n}"))),
                        caption: text("One line per `userName`."),
                    },
                    Block::Table {
                        columns: vec![
                            column("userName", false),
                            column("accountId", false),
                            column("arn", false),
                            column("downloads", true),
                            column("share", true),
                        ],
                        rows: vec![
                            row(&[
                                "unauthorizedUser",
                                "444455556666",
                                "arn:aws:iam::444455556666:user/unauthorizedUser",
                                "72",
                                "3.4 %",
                            ]),
                            row(&[
                                "app-backend",
                                "111122223333",
                                "arn:aws:sts::111122223333:assumed-role/app-backend/i-0123456789abcdef0",
                                "823",
                                "39.4 %",
                            ]),
                        ],
                    },
                ],
            ),
            section(
                "Definitions",
                vec![
                    Block::Text(text("Two filters stand on log group `aws-cloudtrail-logs`.")),
                    Block::Code {
                        language: text("filter pattern"),
                        text: text(
                            "{ ($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString) }",
                        ),
                    },
                    Block::Code {
                        language: text("Metrics Insights"),
                        text: text(
                            "SELECT SUM(\"presigned-URL-userName\")\nFROM \"advanced-cloudtrail-event\"\nGROUP BY userName",
                        ),
                    },
                    Block::Findings(text(
                        "warning[MI012]: `presigned-URL-userName` must be quoted\n  --> stack.toml:41:12\n   |\n41 | query = \"SELECT SUM(presigned-URL-userName) …\"\n   |                     ^^^^^^^^^^^^^^^^^^^^^^ write it in double quotes",
                    )),
                ],
            ),
        ],
        footer: text("Written by trailql."),
    };
    let html = page.render();
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = Document::parse_with_options(&html, options).unwrap();
    let pictures =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "svg")));
    assert_eq!(pictures.count(), 4);
    keep("report.html", &html);
}
