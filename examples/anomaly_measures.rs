//! Measures the anomaly band: delay to alarm and false alarms on generated traffic, coverage and interval score.
//!
//! ```text
//! TRAILQL_SHARED=… cargo run --release --example anomaly_measures -- [traffic] [coverage]
//! ```
//!
//! `TRAILQL_SHARED` names the folder that holds `data/gen.py`, the labelled two weeks and the benchmark's series;
//! python3 runs the generator. Everything is judged causally: each period by what came before it.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a program that prints tables of its own numbers"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use trailql::EpochMillis;
use trailql::anomaly::{APPROXIMATION, Band, BandWidth, Detector, DetectorConfiguration};
use trailql::series::Period;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let shared = PathBuf::from(
        std::env::var_os("TRAILQL_SHARED").ok_or("TRAILQL_SHARED names no folder: nothing to measure")?,
    );
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    println!("{APPROXIMATION}\n");
    if wants("traffic") {
        traffic(&shared)?;
    }
    if wants("coverage") {
        coverage(&shared)?;
    }
    Ok(())
}

// ------------------------------------------------------------------------------------------------ traffic

/// Values of every period from a start on, and the window with the injected anomaly.
struct Traffic {
    name: String,
    start: i64,
    period: i64,
    values: Vec<f64>,
    /// Whether a period without a download is missing, as for a metric filter without a default value.
    leaves_out_zeros: bool,
    window: Option<(i64, i64)>,
    /// The first instant of the first period that holds an injected event.
    injected: Option<i64>,
}

/// An alarm: `m` of the last `n` values above the upper edge at `width`.
#[derive(Clone, Copy, PartialEq)]
struct Alarm {
    width: f64,
    m: usize,
    n: usize,
}

#[derive(Default)]
struct Tally {
    sets: usize,
    hits: usize,
    delays: Vec<i64>,
    false_alarms: usize,
    judged_weeks: f64,
    most_false: usize,
}

const SETTINGS: [(usize, usize); 5] = [(1, 1), (2, 2), (2, 3), (3, 3), (3, 5)];
const PERIODS: [i64; 3] = [60, 300, 1_800];
const WIDTHS: [f64; 3] = [2.0, 2.5, 3.0];

fn traffic(shared: &Path) -> Outcome<()> {
    let mut sets: Vec<Traffic> = Vec::new();
    for period in PERIODS {
        for set in [given(shared, period)?, example(period)?] {
            let name = format!("{}, zeros missing", set.name);
            sets.push(Traffic { name, leaves_out_zeros: true, values: set.values.clone(), ..set });
            sets.push(set);
        }
    }
    let folder = tempfile::tempdir()?;
    for (kind, arguments) in [
        ("sparse", ["--presigned-per-hour", "5", "--header-ratio", "0.6"]),
        ("busy", ["--presigned-per-hour", "60", "--header-ratio", "0.1"]),
    ] {
        for anomaly in ["burst", "drip", "none"] {
            for seed in 1..=10 {
                let out = folder.path().join("traffic.ndjson");
                let seed = seed.to_string();
                let status = Command::new("python3")
                    .arg(shared.join("data/gen.py"))
                    .args(["--events", "4600", "--days", "14", "--anomaly", anomaly, "--seed", &seed])
                    .args(arguments)
                    .arg("--out")
                    .arg(&out)
                    .stderr(std::process::Stdio::null())
                    .status()?;
                if !status.success() {
                    return Err("gen.py failed".into());
                }
                let labels: Value = serde_json::from_str(&std::fs::read_to_string(
                    folder.path().join("traffic.ndjson.labels.json"),
                )?)?;
                for period in PERIODS {
                    let name = format!("{kind} {anomaly}");
                    sets.push(labelled(name, &labels, period, std::fs::File::open(&out)?)?);
                }
            }
        }
    }

    let mut tallies: BTreeMap<(String, i64, usize), Tally> = BTreeMap::new();
    let alarms: Vec<Alarm> = WIDTHS
        .iter()
        .flat_map(|width| SETTINGS.iter().map(|(m, n)| Alarm { width: *width, m: *m, n: *n }))
        .collect();
    for set in &sets {
        let judged = judge(set)?;
        for (index, alarm) in alarms.iter().enumerate() {
            tallies.entry((set.name.clone(), set.period, index)).or_default().add(
                set,
                &judged[WIDTHS.iter().position(|width| *width == alarm.width).unwrap_or(0)],
                *alarm,
            );
        }
    }
    println!(
        "| traffic | period | alarm | width | hits | delay in periods (median, worst) | false alarms a week | most in a set |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for ((name, period, index), tally) in &mut tallies {
        let alarm = alarms[*index];
        tally.delays.sort_unstable();
        let delay = match tally.delays.as_slice() {
            [] => "-".to_owned(),
            delays => format!("{}, {}", delays[delays.len() / 2], delays[delays.len() - 1]),
        };
        let hits =
            if name.ends_with("none") { "-".to_owned() } else { format!("{} of {}", tally.hits, tally.sets) };
        println!(
            "| {name} | {period} s | {} of {} | {} | {hits} | {delay} | {:.2} | {} |",
            alarm.m,
            alarm.n,
            alarm.width,
            tally.false_alarms as f64 / tally.judged_weeks,
            tally.most_false
        );
    }
    println!();
    Ok(())
}

impl Tally {
    fn add(&mut self, set: &Traffic, above: &[Option<bool>], alarm: Alarm) {
        self.sets += 1;
        let mut was_alarm = false;
        let mut hit = None;
        let mut false_alarms = 0;
        for index in 0..above.len() {
            let range = &above[(index + 1).saturating_sub(alarm.n)..=index];
            let is_alarm = range.iter().filter(|above| **above == Some(true)).count() >= alarm.m;
            let at = set.start + index as i64 * set.period * 1_000;
            if is_alarm && !was_alarm {
                // An alarm whose breaching range touches the window belongs to it.
                let inside = set.window.is_some_and(|(start, end)| {
                    at >= start && at < end + alarm.n as i64 * set.period * 1_000
                });
                if inside {
                    hit.get_or_insert(at);
                } else {
                    false_alarms += 1;
                }
            } else if is_alarm
                && set.window.is_some_and(|(start, end)| at > start - set.period * 1_000 && at < end)
            {
                hit.get_or_insert(at);
            }
            was_alarm = is_alarm;
        }
        if let (Some(hit), Some(injected)) = (hit, set.injected) {
            self.hits += 1;
            // The value is known at the end of its period.
            self.delays.push(((hit - injected) / (set.period * 1_000) + 1).max(0));
        }
        self.false_alarms += false_alarms;
        self.most_false = self.most_false.max(false_alarms);
        let judged = above.iter().filter(|above| above.is_some()).count() as f64;
        self.judged_weeks += judged * set.period as f64 / 604_800.0;
    }
}

/// For each width, whether each value was above the upper edge; `None` without a band.
fn judge(set: &Traffic) -> Outcome<[Vec<Option<bool>>; 3]> {
    let mut detector = Detector::new(DetectorConfiguration::new(Period::from_seconds(set.period as u64)?));
    let widths = [BandWidth::new(WIDTHS[0])?, BandWidth::new(WIDTHS[1])?, BandWidth::new(WIDTHS[2])?];
    let mut judged: [Vec<Option<bool>>; 3] = Default::default();
    let values =
        set.values.iter().map(|value| Some(*value).filter(|value| *value > 0.0 || !set.leaves_out_zeros));
    for (index, value) in values.enumerate() {
        let at = EpochMillis(set.start + index as i64 * set.period * 1_000);
        for (judged, width) in judged.iter_mut().zip(widths) {
            judged.push(detector.band(at, width).map(|band| value.is_some_and(|value| value > band.upper)));
        }
        detector.observe(at, value);
    }
    Ok(judged)
}

fn given(shared: &Path, period: i64) -> Outcome<Traffic> {
    let path = shared.join("data/synthetic-2weeks.ndjson.gz");
    let labels = std::fs::read_to_string(path.with_extension("gz.labels.json"))?;
    let records = flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?);
    labelled("given two weeks".to_owned(), &serde_json::from_str(&labels)?, period, records)
}

fn example(period: i64) -> Outcome<Traffic> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json"))?)?;
    let start = millis("2024-09-02T00:00:00Z")?;
    let records = flate2::read::MultiGzDecoder::new(std::fs::File::open(folder.join("events.ndjson.gz"))?);
    let window = window(&expected["anomaly"])?;
    Ok(Traffic {
        name: "presigned-url example".to_owned(),
        start,
        period,
        leaves_out_zeros: false,
        values: counted(records, start, period, 14 * 86_400)?,
        injected: window.map(|(start, _)| start / (period * 1_000) * (period * 1_000)),
        window,
    })
}

fn labelled(name: String, labels: &Value, period: i64, records: impl Read) -> Outcome<Traffic> {
    let start = millis(labels["start"].as_str().ok_or("labels without a start")?)?;
    let values = if period >= 300 {
        let counts = labels["queryStringGetObject"].as_array().ok_or("labels without counts")?;
        let counts: Vec<f64> = counts.iter().filter_map(Value::as_f64).collect();
        counts.chunks(usize::try_from(period / 300)?).map(|counts| counts.iter().sum()).collect()
    } else {
        counted(records, start, period, 14 * 86_400)?
    };
    let window = window(&labels["anomaly"])?;
    let first = labels["anomalyGetObject"]
        .as_array()
        .into_iter()
        .flatten()
        .position(|count| count.as_f64() > Some(0.0));
    Ok(Traffic {
        name,
        start,
        period,
        leaves_out_zeros: false,
        values,
        window,
        injected: window
            .and(first)
            .map(|first| (start + first as i64 * 300_000) / (period * 1_000) * (period * 1_000)),
    })
}

fn window(anomaly: &Value) -> Outcome<Option<(i64, i64)>> {
    let at = |name: &str| anomaly[name].as_str().map(millis).transpose();
    Ok(at("start")?.zip(at("end")?))
}

fn millis(text: &str) -> Outcome<i64> {
    Ok(text.parse::<jiff::Timestamp>()?.as_millisecond())
}

/// Presigned downloads a period.
fn counted(records: impl Read, start: i64, period: i64, seconds: i64) -> Outcome<Vec<f64>> {
    let mut counts = vec![0.0; usize::try_from(seconds / period)?];
    for line in BufReader::new(records).lines() {
        let record: Value = serde_json::from_str(&line?)?;
        if record["eventName"] != "GetObject"
            || record["additionalEventData"]["AuthenticationMethod"] != "QueryString"
        {
            continue;
        }
        let at = millis(record["eventTime"].as_str().ok_or("a record without a time")?)?;
        let index = usize::try_from((at - start) / (period * 1_000)).ok();
        if let Some(count) = index.and_then(|index| counts.get_mut(index)) {
            *count += 1.0;
        }
    }
    Ok(counts)
}

// ------------------------------------------------------------------------------------------------ coverage

/// A series and the band that somebody who knows how it was made would draw.
struct Clean {
    name: String,
    period: i64,
    points: Vec<(i64, f64)>,
    oracle: Option<Vec<(f64, f64)>>,
}

const DAYS: i64 = 21;
/// Monday 2024-09-02T00:00:00Z.
const START: i64 = 1_725_235_200_000;
/// Outside a band of two standard deviations lies this share of a normal distribution.
const OUTSIDE: f64 = 0.0455;

fn coverage(shared: &Path) -> Outcome<()> {
    println!(
        "| series | inside, days 4 to 8 | inside, days 9 to 21 | inside by the true distribution | interval score ÷ seasonal-naive band's | ÷ true distribution's |"
    );
    println!("|---|---|---|---|---|---|");
    for clean in clean_series() {
        report(&clean)?;
    }
    let mut groups: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(shared.join("data/nab/data"))
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "csv")) {
        let group = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let clean = benchmark_series(path)?;
        let measured = measure(&clean, 0..i64::MAX)?;
        groups.entry(group.unwrap_or_default()).or_default().push((measured.inside, measured.against_naive));
    }
    groups.insert("all 41".to_owned(), groups.values().flatten().copied().collect());
    println!(
        "\n| benchmark | series | inside: median, least | interval score ÷ seasonal-naive band's (geometric mean) |"
    );
    println!("|---|---|---|---|");
    for (group, mut measured) in groups {
        // Where the past repeats itself exactly the naive band has no width, and a quotient says nothing.
        let ratios: Vec<f64> =
            measured.iter().map(|(_, ratio)| ratio.ln()).filter(|ratio| ratio.is_finite()).collect();
        let ratio = ratios.iter().sum::<f64>() / ratios.len() as f64;
        measured.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (least, middle) = (measured[0].0, measured[measured.len() / 2].0);
        println!(
            "| {group} | {} | {:.1} %, {:.1} % | {:.2} |",
            measured.len(),
            100.0 * middle,
            100.0 * least,
            ratio.exp()
        );
    }
    Ok(())
}

fn report(clean: &Clean) -> Outcome<()> {
    const DAY: i64 = 86_400_000;
    let learning = measure(clean, START..START + 8 * DAY)?;
    let measured = measure(clean, START + 8 * DAY..i64::MAX)?;
    println!(
        "| {} | {:.1} % | {:.1} % | {:.1} % | {:.2} | {:.2} |",
        clean.name,
        100.0 * learning.inside,
        100.0 * measured.inside,
        100.0 * measured.oracle_inside,
        measured.against_naive,
        measured.against_oracle
    );
    Ok(())
}

struct Measured {
    inside: f64,
    oracle_inside: f64,
    against_naive: f64,
    against_oracle: f64,
}

fn measure(clean: &Clean, span: std::ops::Range<i64>) -> Outcome<Measured> {
    let mut detector = Detector::new(DetectorConfiguration::new(Period::from_seconds(clean.period as u64)?));
    let width = BandWidth::default();
    let by_time: BTreeMap<i64, f64> = clean.points.iter().copied().collect();
    let mut judged: Vec<(usize, f64, Band)> = Vec::new();
    for (index, (at, value)) in clean.points.iter().enumerate() {
        if let Some(band) = detector.band(EpochMillis(*at), width).filter(|_| span.contains(at)) {
            judged.push((index, *value, band));
        }
        detector.observe(EpochMillis(*at), Some(*value));
    }
    let number = judged.len() as f64;
    let ours: f64 =
        judged.iter().map(|(_, value, band)| interval_score(*value, band.lower, band.upper)).sum();
    let inside = judged.iter().filter(|(_, value, band)| band.contains(*value)).count() as f64 / number;

    // The naive band has the width that, in hindsight, gives it the coverage of ours: the best it could have.
    let is_nonnegative = clean.points.iter().all(|(_, value)| *value >= 0.0);
    let naive: Vec<(f64, f64)> = judged
        .iter()
        .filter_map(|(index, value, _)| {
            let at = clean.points[*index].0;
            let before = |days: i64| {
                let (known, value) = by_time.range(..=at - days * 86_400_000).next_back()?;
                (at - days * 86_400_000 - known < 3 * clean.period * 1_000).then_some(*value)
            };
            Some((*value, before(7).or_else(|| before(1))?))
        })
        .collect();
    let mut distances: Vec<f64> = naive.iter().map(|(value, expected)| (value - expected).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let reach = distances[((inside * distances.len() as f64) as usize).min(distances.len() - 1)];
    let theirs: f64 = naive
        .iter()
        .map(|(value, expected)| {
            let lower = if is_nonnegative { f64::max(expected - reach, 0.0) } else { expected - reach };
            interval_score(*value, lower, expected + reach)
        })
        .sum();
    let against_naive = (ours / number) / (theirs / naive.len() as f64);

    let (mut oracle_inside, mut oracle_score) = (0.0, 0.0);
    for (index, value, _) in &judged {
        let Some((lower, upper)) = clean.oracle.as_ref().map(|oracle| oracle[*index]) else { continue };
        oracle_inside += f64::from(u8::from(lower <= *value && *value <= upper)) / number;
        oracle_score += interval_score(*value, lower, upper);
    }
    Ok(Measured { inside, oracle_inside, against_naive, against_oracle: ours / oracle_score })
}

/// Winkler's: the width, and a fine for a value outside.
fn interval_score(value: f64, lower: f64, upper: f64) -> f64 {
    let outside = f64::max(lower - value, 0.0) + f64::max(value - upper, 0.0);
    upper - lower + 2.0 / OUTSIDE * outside
}

/// The share of the rate at a time in days.
type Shape = fn(f64) -> f64;

fn clean_series() -> Vec<Clean> {
    let mut all = Vec::new();
    let shapes: [(&str, Shape); 3] = [
        ("flat", |_| 1.0),
        ("day and week", |days| {
            let weekend = if days.rem_euclid(7.0) >= 5.0 { 0.35 } else { 1.0 };
            weekend * (1.0 + 0.8 * ((days.fract() - 14.0 / 24.0) * std::f64::consts::TAU).cos())
        }),
        ("office hours", |days| {
            let is_work = days.rem_euclid(7.0) < 5.0 && (8.0 / 24.0..18.0 / 24.0).contains(&days.fract());
            if is_work { 2.0 } else { 0.1 }
        }),
    ];
    for (shape_name, shape) in shapes {
        for (rate, overdispersion) in
            [(0.1, 0.0), (0.44, 0.0), (2.0, 0.0), (10.0, 0.0), (10.0, 0.2), (300.0, 0.0), (300.0, 0.2)]
        {
            let mut random = Random(7 + (rate * 100.0) as u64);
            let (mut points, mut oracle) = (Vec::new(), Vec::new());
            for index in 0..DAYS * 288 {
                let mean = rate * shape(index as f64 / 288.0);
                points.push((START + index * 300_000, random.count(mean, overdispersion)));
                oracle.push(count_quantiles(mean, overdispersion));
            }
            let clusters = if overdispersion > 0.0 { ", clustered" } else { "" };
            let name = format!("counts, {shape_name}, {rate} in 5 min{clusters}");
            all.push(Clean { name, period: 300, points, oracle: Some(oracle) });
        }
        for (noise, inheritance, freedom) in [("normal", 0.0, 0), ("autocorrelated", 0.9, 0), ("t3", 0.0, 3)]
        {
            let mut random = Random(11);
            let (mut points, mut oracle, mut last) = (Vec::new(), Vec::new(), 0.0);
            for index in 0..DAYS * 288 {
                let expected = 40.0 + 10.0 * shape(index as f64 / 288.0) + inheritance * last;
                let shock = if freedom == 0 { random.normal() } else { random.student(freedom) };
                let value = expected + shock;
                last = value - (expected - inheritance * last);
                // The quantiles of Student's t with three degrees of freedom at 2.275 % and 97.725 %.
                let reach = if freedom == 0 { 2.0 } else { 3.307 };
                points.push((START + index * 300_000, value));
                oracle.push((expected - reach, expected + reach));
            }
            let name = format!("values, {shape_name}, {noise} noise");
            all.push(Clean { name, period: 300, points, oracle: Some(oracle) });
        }
    }
    all
}

/// The counts at the probabilities that a normal value has at two standard deviations.
fn count_quantiles(mean: f64, overdispersion: f64) -> (f64, f64) {
    let size = 1.0 / f64::max(overdispersion, 1e-9);
    let chance = mean / (mean + size);
    let mut probability = (-size * (mean / size).ln_1p()).exp();
    let (mut sum, mut count, mut lower) = (probability, 0.0, None);
    while sum < 0.977_25 && count < 1e5 {
        if sum >= 0.022_75 {
            lower.get_or_insert(count);
        }
        count += 1.0;
        probability *= (count - 1.0 + size) / count * chance;
        sum += probability;
    }
    (lower.unwrap_or(count), count)
}

fn benchmark_series(path: &Path) -> Outcome<Clean> {
    let mut points: Vec<(i64, f64)> = Vec::new();
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        let at: jiff::civil::DateTime = record[0].parse()?;
        points.push((jiff::tz::TimeZone::UTC.to_timestamp(at)?.as_millisecond(), record[1].parse()?));
    }
    points.sort_by_key(|(at, _)| *at);
    let mut steps: Vec<i64> =
        points.windows(2).map(|pair| (pair[1].0 - pair[0].0) / 1_000).filter(|step| *step > 0).collect();
    steps.sort_unstable();
    let period = (steps[steps.len() / 2] / 60 * 60).max(60);
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Clean { name, period, points, oracle: None })
}

/// SplitMix64 and what is drawn from it.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * f64::max(self.uniform(), 1e-300).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn student(&mut self, freedom: u32) -> f64 {
        let square: f64 = (0..freedom).map(|_| self.normal().powi(2)).sum();
        self.normal() / (square / f64::from(freedom)).sqrt()
    }

    /// Marsaglia and Tsang's.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = f64::max(self.uniform(), 1e-300).powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let third = shape - 1.0 / 3.0;
        let scale = 1.0 / (9.0 * third).sqrt();
        loop {
            let normal = self.normal();
            let cube = (1.0 + scale * normal).powi(3);
            let bound = 0.5 * normal * normal + third - third * cube + third * f64::max(cube, 1e-300).ln();
            if cube > 0.0 && f64::max(self.uniform(), 1e-300).ln() < bound {
                return third * cube;
            }
        }
    }

    fn count(&mut self, mean: f64, overdispersion: f64) -> f64 {
        let mean = if overdispersion > 0.0 {
            self.gamma(1.0 / overdispersion) * overdispersion * mean
        } else {
            mean
        };
        // The number of events of a Poisson process in pieces short enough for a product of uniforms.
        let (mut left, mut count) = (mean, 0.0);
        while left > 0.0 {
            let limit = (-left.min(30.0)).exp();
            let mut product = self.uniform();
            while product > limit {
                count += 1.0;
                product *= self.uniform();
            }
            left -= 30.0;
        }
        count
    }
}
