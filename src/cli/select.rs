//! `trailql select`: a Metrics Insights query over metric data.

use std::path::PathBuf;

use crate::report::{self, Checked};
use crate::series::exchange::{ImportedSeries, SeriesStatus};
use crate::series::query::{QueryError, QueryRun, TagTable};
use crate::syntax::metrics::{Dialect, ParseOptions, codes};
use crate::{Diagnostic, MetricsQuery};

use super::metrics::{DataSource, Format, print};
use super::terminal::Terminal;
use super::{Failure, Status};

/// Run a Metrics Insights query over the metric data that a stack's filters emit, or that other tools exported.
#[derive(Debug, clap::Args)]
pub(super) struct Select {
    /// The query.
    #[arg(value_name = "SQL")]
    query: String,

    #[command(flatten)]
    data: DataSource,

    /// Resource tags, for `tag.` labels: a CSV file with the columns dimension, value, tag, tag_value, and perhaps
    /// namespace, start and end.
    #[arg(long, value_name = "PATH")]
    tags: Option<PathBuf>,

    /// The account that asks and that owns the data, for `AWS.AccountId`.
    #[arg(long, value_name = "ID")]
    account: Option<String>,

    /// Whose grammar counts: strict for the service's, grafana for `OR` and parentheses.
    #[arg(long, value_enum, default_value_t = Grammar::Strict)]
    dialect: Grammar,

    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Grammar {
    Strict,
    Grafana,
}

impl Select {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let dialect = match self.dialect {
            Grammar::Strict => Dialect::Strict,
            Grammar::Grafana => Dialect::Grafana,
        };
        let parsed =
            MetricsQuery::parse_lossy(&self.query, &ParseOptions { dialect, ..ParseOptions::default() });
        self.show(&parsed.diagnostics, terminal);
        let Some(query) = parsed.ast else { return Ok(Status::Failure) };
        let tags = self.tags()?;
        let Some(data) = self.data.read(terminal)? else { return Ok(Status::Failure) };
        // What the data say is more than what the text alone lets one guess.
        let known = query.check_data(&data.store);
        let mut findings = query.check();
        findings.retain(|finding| finding.code != codes::GROUP_WITHOUT_SCHEMA || !known.is_empty());
        findings.extend(known);
        findings.sort_by_key(Diagnostic::span);
        self.show(&findings, terminal);
        let is_faulty = findings.iter().any(Diagnostic::is_error);
        let run =
            QueryRun { account: self.account.as_deref(), ..QueryRun::new(data.range, data.period, &tags) };
        let result = query.run(&data.store, &run).map_err(|error| {
            Failure::Usage(match error {
                QueryError::NoAccount { .. } => format!("{error} with --account"),
                QueryError::NotKnown { .. } => error.to_string(),
            })
        })?;
        for note in &result.notes {
            terminal.note(&format!("note: {note}\n"));
        }
        let series: Vec<ImportedSeries> = result
            .rows
            .into_iter()
            .map(|row| ImportedSeries {
                label: row.label,
                period: Some(result.period),
                status: SeriesStatus::Complete,
                points: row.points,
                ..ImportedSeries::default()
            })
            .collect();
        print(&series, self.format, &data, "series", terminal)?;
        // The rows are those that the service would give; what the query names is not there all the same.
        let status = self.data.status(&data, series.is_empty());
        Ok(if is_faulty && status == Status::Success { Status::Failure } else { status })
    }

    fn show(&self, findings: &[Diagnostic], terminal: &Terminal) {
        let checked = Checked { name: "<query>", source: &self.query, diagnostics: findings };
        terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
    }

    fn tags(&self) -> Result<TagTable, Failure> {
        let Some(path) = &self.tags else { return Ok(TagTable::default()) };
        let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
        let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        TagTable::from_csv(&bytes).map_err(|error| failed(error.to_string()))
    }
}
