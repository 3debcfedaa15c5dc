//! A backtest as one page for a browser: verdict, findings, definitions, charts, tables.

use super::charts::{charts, zone_of};
use super::text::{cost, metric_of, who};
use super::{Replayed, Table, facts};
use crate::alarm::AlarmState;
use crate::anomaly::APPROXIMATION;
use crate::backtest::AlarmHistory;
use crate::report::html::{Block, CalloutKind, Column, Moment, MomentKind, Page, Section};
use crate::report::{counted, grouped};

/// Rows that a table of the page shows at most.
const MOST_ROWS: usize = 50;

/// The page, complete in itself: nothing is loaded from elsewhere, and nothing runs.
pub fn render(replayed: &Replayed<'_>) -> String {
    let title = replayed.stack.name().unwrap_or(replayed.name);
    let page = Page {
        title: format!("Backtest of {title}"),
        lead: lead(replayed),
        sections: sections(replayed),
        footer: format!("Written by trailql {}. {}.", env!("CARGO_PKG_VERSION"), capitalized(APPROXIMATION)),
    };
    page.render()
}

fn lead(replayed: &Replayed<'_>) -> String {
    let summary = &replayed.published.summary;
    let read = format!(
        "{} of {}, {}, replayed against the stack file `{}`.",
        counted(summary.events, "event"),
        counted(summary.files, "file"),
        facts::times(replayed.backtest.range, &jiff::tz::TimeZone::UTC),
        replayed.name,
    );
    match replayed.stack.description() {
        Some(description) => format!("{description}.\n\n{read}"),
        None => read,
    }
}

fn sections(replayed: &Replayed<'_>) -> Vec<Section> {
    let mut sections = vec![Section { heading: "At a glance".into(), blocks: glance(replayed) }];
    let charts = charts(replayed);
    let (watched, queries) = charts.split_at(replayed.backtest.watched.len().min(charts.len()));
    for (series, named) in replayed.backtest.watched.iter().zip(watched) {
        let mut blocks = vec![Block::Figure {
            chart: Box::new(named.chart.clone()),
            caption: facts::outside(series)
                .map(|text| format!("{}.", capitalized(&text)))
                .unwrap_or_default(),
        }];
        if let Some(missing) = &series.missing {
            let text = format!("No data: {missing}.");
            blocks.push(Block::Callout { kind: CalloutKind::Warning, text });
        }
        if let Some((table, more)) = facts::outside_table(series, MOST_ROWS) {
            blocks.push(block_of(table));
            if more > 0 {
                blocks.push(Block::Text(format!("And {}.", counted(more as u64, "further run"))));
            }
        }
        for close in &named.close {
            blocks.push(Block::Figure { chart: Box::new(close.clone()), caption: String::new() });
        }
        let name = series.alarm.as_deref().unwrap_or(&series.label);
        sections.push(Section { heading: format!("What {name} watches"), blocks });
    }
    for alarm in &replayed.backtest.alarms {
        sections.push(Section {
            heading: format!("Alarm {}", alarm.name),
            blocks: alarm_blocks(replayed, alarm),
        });
    }
    for (query, named) in replayed.backtest.queries.iter().zip(queries) {
        let mut blocks = vec![
            Block::Code { language: "Metrics Insights".into(), text: query.query.to_string() },
            Block::Figure { chart: Box::new(named.chart.clone()), caption: String::new() },
        ];
        blocks.extend(query.notes.iter().map(|note| Block::Callout {
            kind: CalloutKind::Note,
            text: format!("{}.", capitalized(&note.to_string())),
        }));
        sections.push(Section { heading: query.path.clone(), blocks });
    }
    for query in &replayed.backtest.not_run {
        let text = format!("Not run: {}.", query.reason);
        let blocks = vec![Block::Callout { kind: CalloutKind::Warning, text }];
        sections.push(Section { heading: query.path.clone(), blocks });
    }
    for query in replayed.queries {
        let mut blocks = vec![Block::Code { language: "Logs Insights".into(), text: query.text.clone() }];
        blocks.push(match &query.result {
            Ok(table) if table.rows.is_empty() => Block::Text("No rows.".into()),
            Ok(table) => block_of(table.clone()),
            Err(reason) => Block::Callout { kind: CalloutKind::Warning, text: format!("Not run: {reason}.") },
        });
        sections.push(Section { heading: query.name.clone(), blocks });
    }
    sections.push(Section { heading: "Definitions".into(), blocks: definitions(replayed) });
    sections
}

fn glance(replayed: &Replayed<'_>) -> Vec<Block> {
    let filters = replayed.stack.filters().iter().zip(&replayed.published.filters);
    let mut facts: Vec<(String, String)> = filters
        .map(|(filter, run)| (format!("matches of {}", filter.name), grouped(run.emission().matches)))
        .collect();
    let mut blocks = Vec::new();
    for alarm in &replayed.backtest.alarms {
        let episodes = alarm.episodes();
        facts.push((format!("episodes of {}", alarm.name), grouped(episodes.len() as u64)));
        blocks.push(match episodes.first() {
            Some(first) => Block::Callout {
                kind: CalloutKind::Alarm,
                text: format!(
                    "`{}` was {}, first from {}.",
                    alarm.name,
                    facts::raised(alarm),
                    facts::times(*first, &zone_of(replayed, &alarm.name)),
                ),
            },
            None => Block::Callout {
                kind: CalloutKind::Good,
                text: format!("`{}` never went into ALARM.", alarm.name),
            },
        });
    }
    let (lines, warnings) = cost(replayed);
    let metrics = lines.first().map_or("", String::as_str);
    facts.push(("custom metrics".into(), metrics.split(' ').next().unwrap_or_default().to_owned()));
    blocks.insert(0, Block::Facts(facts));
    for warning in warnings {
        blocks
            .push(Block::Callout { kind: CalloutKind::Warning, text: format!("{}.", capitalized(&warning)) });
    }
    blocks.push(match replayed.findings.trim() {
        "" => Block::Callout { kind: CalloutKind::Good, text: "Nothing was found in the stack file.".into() },
        findings => Block::Findings(findings.to_owned()),
    });
    blocks
}

fn alarm_blocks(replayed: &Replayed<'_>, alarm: &AlarmHistory) -> Vec<Block> {
    let zone = zone_of(replayed, &alarm.name);
    let moments = alarm.timeline().changes().iter().take(MOST_ROWS).map(|change| Moment {
        at: facts::time(change.at, &zone),
        kind: match change.to {
            AlarmState::Alarm => MomentKind::Alarm,
            AlarmState::Ok => MomentKind::Ok,
            AlarmState::InsufficientData => MomentKind::InsufficientData,
        },
        label: format!("{} → {}", change.from, change.to),
        text: change.reason.clone(),
    });
    let mut blocks = vec![Block::Timeline(moments.collect())];
    for causes in replayed.backtest.causes.iter().filter(|causes| causes.alarm == alarm.name) {
        let when = facts::times(causes.during, &zone);
        blocks.push(Block::Text(format!("Who was behind it, {when}, by `{}`:", causes.path)));
        blocks.push(block_of(who(causes, MOST_ROWS)));
    }
    blocks
}

fn definitions(replayed: &Replayed<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for filter in replayed.stack.filters() {
        blocks.push(Block::Text(format!(
            "`{}` counts into `{}`.\n\n{}",
            filter.name,
            metric_of(filter),
            filter.pattern.in_words()
        )));
        blocks.push(Block::Code { language: "filter pattern".into(), text: filter.pattern.to_string() });
    }
    blocks.push(Block::Code { language: replayed.name.to_owned(), text: replayed.source.to_owned() });
    blocks
}

fn block_of(table: Table) -> Block {
    let is_number = |cell: &Option<String>| {
        let digits = cell.as_ref().map(|text| text.replace(',', ""));
        digits.is_none_or(|text| text.parse::<f64>().is_ok())
    };
    let columns = table.columns.iter().enumerate().map(|(index, name)| Column {
        name: name.clone(),
        numeric: table.rows.iter().filter_map(|row| row.get(index)).all(is_number),
    });
    Block::Table {
        columns: columns.collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.clone().unwrap_or_default()).collect())
            .collect(),
    }
}

/// The same with a large first letter.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
