//! Measures the example's alarm on generated traffic: hits, delay and false alarms, each a whole backtest from records on.
//!
//! ```text
//! TRAILQL_SHARED=… cargo run --release --example backtest_measures -- [SEEDS]
//! ```
//!
//! `TRAILQL_SHARED` names the folder that holds `data/gen.py`, which python3 runs. The alarm slides, as the service's does:
//! it is evaluated each minute.
#![allow(clippy::print_stdout, reason = "a program that prints a table of its own numbers")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use trailql::anomaly::APPROXIMATION;
use trailql::backtest::{Backtest, BacktestOptions};
use trailql::events::{ReadOptions, collect_sources, publish};
use trailql::series::MetricIdentity;
use trailql::stack::Stack;

type Outcome<T> = Result<T, Box<dyn Error>>;

const STACK: &str = include_str!("presigned-url/stack.toml");
const MINUTE: i64 = 60_000;
/// The generator's own traffic, and that of the shared two weeks.
const TRAFFIC: [(&str, &[&str]); 2] =
    [("busy", &[]), ("sparse", &["--presigned-per-hour", "5", "--header-ratio", "0.6"])];
/// M, N and the width of the band.
const ALARMS: [(u32, u32, &str); 3] = [(2, 2, "2"), (2, 3, "2.5"), (1, 1, "3.5")];

fn main() -> Outcome<()> {
    let shared = PathBuf::from(std::env::var_os("TRAILQL_SHARED").ok_or("TRAILQL_SHARED names no folder")?);
    let seeds: u32 = std::env::args().nth(1).map_or(Ok(10), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    println!("{APPROXIMATION}\n");
    println!(
        "| traffic | anomaly | alarm | hits | delay, median and worst | false alarms a week | most in two weeks |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (traffic, arguments) in TRAFFIC {
        for anomaly in ["burst", "drip", "none"] {
            let files: Vec<PathBuf> = (1..=seeds)
                .map(|seed| generated(&shared, folder.path(), arguments, anomaly, seed))
                .collect::<Outcome<_>>()?;
            for (m, n, width) in ALARMS {
                let runs: Vec<Run> =
                    files.iter().map(|file| run(file, anomaly, m, n, width)).collect::<Outcome<_>>()?;
                println!("| {traffic} | {anomaly} | {m} of {n}, width {width} | {} |", row(&runs, anomaly));
            }
        }
    }
    Ok(())
}

/// Two weeks of records of one seed.
fn generated(shared: &Path, folder: &Path, arguments: &[&str], anomaly: &str, seed: u32) -> Outcome<PathBuf> {
    let out = folder.join(format!("{}-{anomaly}-{seed}.ndjson", arguments.len()));
    let status = Command::new("python3")
        .arg(shared.join("data/gen.py"))
        .arg("--out")
        .arg(&out)
        .args(["--events", "4600", "--days", "14", "--anomaly", anomaly, "--seed", &seed.to_string()])
        .args(arguments)
        .output()?
        .status;
    if status.success() { Ok(out) } else { Err(format!("gen.py failed for seed {seed}").into()) }
}

struct Run {
    /// From the minute of the first injected event to the first alarm within the window.
    delay_minutes: Option<i64>,
    false_alarms: usize,
}

fn run(file: &Path, anomaly: &str, m: u32, n: u32, width: &str) -> Outcome<Run> {
    let source = STACK
        .replace("EvaluationPeriods = 2", &format!("EvaluationPeriods = {n}"))
        .replace("DatapointsToAlarm = 2", &format!("DatapointsToAlarm = {m}"))
        .replace("BAND(m1, 2)\" },", &format!("BAND(m1, {width})\" }},"));
    let stack = Stack::parse(&source)?.check(&source).ast.ok_or("the example's stack is refused")?;
    let filters: Vec<_> = stack
        .filters()
        .iter()
        .map(|filter| (filter.matcher.clone(), filter.transformation.clone()))
        .collect();
    let sources = collect_sources([file]).sources;
    let published = publish(&filters, &sources, &ReadOptions::default(), 2, &Arc::default())?;
    let times = published.times.ok_or("no event has a time")?;
    let backtest = Backtest::run(&stack, &published.store, times, &BacktestOptions::default())?;
    let alarm = backtest.alarms.first().ok_or("the stack has no alarm")?;

    let of_user = MetricIdentity::new("advanced-cloudtrail-event", "presigned-URL-userName")
        .with([("userName", "unauthorizedUser")].into_iter().collect());
    let injected = published.store.get(&of_user).and_then(|data| data.range()).filter(|_| anomaly != "none");
    let is_inside = |start: i64| {
        injected.is_some_and(|range| range.start.0 <= start && start <= range.end.0 + alarm.span_millis)
    };
    let starts: Vec<i64> = alarm.episodes().iter().map(|episode| episode.start.0).collect();
    let first = starts.iter().copied().find(|start| is_inside(*start));
    let delay = first.and_then(|first| Some((first - injected?.start.0) / MINUTE));
    let false_alarms = starts.iter().filter(|start| !is_inside(**start)).count();
    Ok(Run { delay_minutes: delay, false_alarms })
}

fn row(runs: &[Run], anomaly: &str) -> String {
    let mut delays: Vec<i64> = runs.iter().filter_map(|run| run.delay_minutes).collect();
    delays.sort_unstable();
    let hits =
        if anomaly == "none" { "–".to_owned() } else { format!("{} of {}", delays.len(), runs.len()) };
    let delay = match (delays.get(delays.len() / 2), delays.last()) {
        (Some(median), Some(worst)) => format!("{median} and {worst} min"),
        _ => "–".to_owned(),
    };
    let total: usize = runs.iter().map(|run| run.false_alarms).sum();
    let most = runs.iter().map(|run| run.false_alarms).max().unwrap_or(0);
    format!("{hits} | {delay} | {:.2} | {most}", total as f64 / (2.0 * runs.len() as f64))
}
