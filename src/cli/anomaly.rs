//! `trailql anomaly`: expected values and anomaly scores of a series that lies in a CSV file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::EpochMillis;
use crate::anomaly::score::Scorer;
use crate::anomaly::{Band, BandWidth, Detector, DetectorConfiguration};
use crate::series::Period;

use super::window::instant;
use super::{Failure, Status};

/// Judge the values of a series by those before them.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Anomaly {
    Score(Score),
}

impl Anomaly {
    pub(super) fn run(&self) -> Result<Status, Failure> {
        match self {
            Anomaly::Score(score) => score.run(),
        }
    }
}

/// Add the expected band and an anomaly score to each row of a CSV file.
///
/// Reads a header with `timestamp` and `value`, other columns are left out; a timestamp is RFC 3339, UTC where it has no
/// offset, or epoch seconds or milliseconds; an empty value is a gap. Writes
/// `timestamp,value,expected,lower,upper,anomaly_score`, each row from that row and earlier ones only: the band is empty
/// until there are three days of data, the score is 0 to 1, and one from 0.5 on is worth an alarm.
///
/// The band approximates CloudWatch's anomaly detection, whose model is unpublished; the service has no score.
#[derive(Debug, clap::Args)]
pub(super) struct Score {
    /// The CSV file; `-` is standard input.
    file: PathBuf,

    /// Seconds from one row to the next, a period as the service knows it; by default the median distance.
    #[arg(long, value_name = "SECONDS", value_parser = period)]
    period: Option<Period>,

    /// The width of the band in standard deviations.
    #[arg(long, default_value = "2", value_name = "N", value_parser = width)]
    band: BandWidth,

    /// The time zone whose days and hours the season of the band follows, such as `Europe/Rome`.
    #[arg(long, default_value = "UTC", value_name = "ZONE", value_parser = zone)]
    timezone: TimeZone,
}

fn period(text: &str) -> Result<Period, String> {
    let seconds = text.parse::<u64>().map_err(|_| "give whole seconds, such as 300".to_owned())?;
    Period::from_seconds(seconds).map_err(|bad| bad.to_string())
}

fn width(text: &str) -> Result<BandWidth, String> {
    let deviations = text.parse::<f64>().map_err(|_| "give a number, such as 2".to_owned())?;
    BandWidth::new(deviations).map_err(|bad| bad.to_string())
}

fn zone(text: &str) -> Result<TimeZone, String> {
    crate::time_zones::named(text)
        .ok_or_else(|| "give the name of a time zone, such as Europe/Rome or UTC".to_owned())
}

impl Score {
    fn run(&self) -> Result<Status, Failure> {
        let failed = |reason: String| Failure::Input { name: self.file.display().to_string(), reason };
        let bytes = read(&self.file).map_err(|error| failed(error.to_string()))?;
        let rows = rows(&bytes).map_err(|bad| failed(bad.to_string()))?;
        self.write(&rows, &mut io::stdout().lock()).map_err(Failure::Output)?;
        Ok(Status::Success)
    }

    fn write(&self, rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
        let period = self.period.unwrap_or_else(|| usual_period(rows));
        let mut detector = Detector::new(DetectorConfiguration {
            time_zone: self.timezone.clone(),
            ..DetectorConfiguration::new(period)
        });
        let mut scorer = Scorer::new(period.millis());
        let mut out = csv::Writer::from_writer(out);
        out.write_record(["timestamp", "value", "expected", "lower", "upper", "anomaly_score"])?;
        for row in rows {
            let band = detector.band(row.at, self.band);
            detector.observe(row.at, row.value);
            let score = row.value.map_or(0.0, |value| scorer.observe(row.at, value));
            let edge =
                |of: fn(&Band) -> f64| band.as_ref().map_or_else(String::new, |band| of(band).to_string());
            let (expected, lower, upper) =
                (edge(|band| band.expected), edge(|band| band.lower), edge(|band| band.upper));
            let score = format!("{score:.6}");
            out.write_record([&row.time_text, &row.value_text, &expected, &lower, &upper, &score])?;
        }
        out.flush()
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// One row, with its cells as they were spelled.
struct Row {
    at: EpochMillis,
    time_text: String,
    /// `None` is a gap.
    value: Option<f64>,
    value_text: String,
}

/// Why a file cannot be scored.
#[derive(Debug, PartialEq, thiserror::Error)]
enum BadSeries {
    #[error("there is no column `{0}`; the first line names the columns, `timestamp` and `value` among them")]
    NoColumn(&'static str),
    #[error("line {line}: {reason}")]
    Row { line: u64, reason: String },
}

/// The rows of a CSV text with a header.
fn rows(bytes: &[u8]) -> Result<Vec<Row>, BadSeries> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().map_err(|error| in_csv(&error))?;
    let column =
        |name: &'static str| header.iter().position(|held| held == name).ok_or(BadSeries::NoColumn(name));
    let (time_column, value_column) = (column("timestamp")?, column("value")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| in_csv(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let bad = |reason: String| BadSeries::Row { line, reason };
        let time_text = record.get(time_column).unwrap_or_default().to_owned();
        let value_text = record.get(value_column).unwrap_or_default().to_owned();
        let at = time(&time_text).map_err(bad)?;
        let value = if value_text.is_empty() { None } else { Some(number(&value_text).map_err(bad)?) };
        rows.push(Row { at, time_text, value, value_text });
    }
    Ok(rows)
}

fn in_csv(error: &csv::Error) -> BadSeries {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells, and the first line has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is no UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    BadSeries::Row { line, reason }
}

fn time(text: &str) -> Result<EpochMillis, String> {
    let absolute = text.starts_with(|first: char| first.is_ascii_digit());
    let time = if absolute { instant(text, EpochMillis(0)).ok() } else { None };
    time.ok_or_else(|| {
        format!(
            "`{text}` is no time; write `2026-03-01 10:05:00` for UTC, RFC 3339, or epoch seconds or milliseconds"
        )
    })
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("`{text}` is no finite number; leave the value empty where there is none"))
}

/// The greatest period of the service that is no longer than the median distance of two rows; a minute where there are
/// no two.
fn usual_period(rows: &[Row]) -> Period {
    let distances = rows.windows(2).filter_map(|pair| match pair {
        [before, after] => Some(after.at.0.saturating_sub(before.at.0)),
        _ => None,
    });
    let mut distances: Vec<i64> = distances.filter(|distance| *distance > 0).collect();
    let middle = distances.len() / 2;
    if distances.is_empty() {
        return Period::MINUTE;
    }
    let (_, median, _) = distances.select_nth_unstable(middle);
    let seconds = u64::try_from(*median / 1_000).unwrap_or(0);
    let seconds = match seconds {
        60.. => (seconds - seconds % 60).min(u64::from(Period::MAX_SECONDS)),
        _ => [30, 20, 10, 5].into_iter().find(|known| *known <= seconds).unwrap_or(1),
    };
    Period::from_seconds(seconds).unwrap_or(Period::MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period_of(seconds: &[i64]) -> u32 {
        let row = |second: &i64| Row {
            at: EpochMillis(second * 1_000),
            time_text: String::new(),
            value: None,
            value_text: String::new(),
        };
        usual_period(&seconds.iter().map(row).collect::<Vec<_>>()).seconds()
    }

    #[test]
    fn the_period_is_one_that_the_service_has() {
        assert_eq!(period_of(&[]), 60);
        assert_eq!(period_of(&[5, 5, 5]), 60, "no distance at all");
        assert_eq!(period_of(&[0, 300, 600, 4_000, 4_300]), 300);
        assert_eq!(period_of(&[0, 250, 500]), 240);
        assert_eq!(period_of(&[0, 45, 90]), 30);
        assert_eq!(period_of(&[0, 3, 6]), 1);
        assert_eq!(period_of(&[0, 30 * 86_400, 60 * 86_400]), 604_800);
        assert_eq!(period_of(&[900, 600, 0, 300]), 300, "a clock that goes back counts for nothing");
    }
}
