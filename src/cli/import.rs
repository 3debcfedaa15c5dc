//! `--import`: metric data that other tools exported, and what is said of those that do not say it themselves.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::byte_order_mark;
use crate::series::exchange::{
    ImportError, ImportedSeries, NotRaw, csv, metric_data, metric_statistics, put_into_store,
};
use crate::series::{MetricIdentity, MetricStore, Statistic};

use super::Failure;

/// Files of other tools, and what their series are of.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Metric data of another tool, or of `metrics --format json` or `csv`: output of GetMetricData or
    /// GetMetricStatistics, or CSV; may stand several times.
    #[arg(long = "import", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The namespace of imported series that do not name their metric, as those of AWS do not.
    #[arg(long, value_name = "NAMESPACE", requires = "paths", requires = "import_metric")]
    import_namespace: Option<String>,

    /// The metric of such series.
    #[arg(long, value_name = "NAME", requires = "paths", requires = "import_namespace")]
    import_metric: Option<String>,

    /// A dimension of that metric; may stand several times.
    #[arg(long, value_name = "NAME=VALUE", requires = "import_metric", value_parser = dimension)]
    import_dimension: Vec<(String, String)>,

    /// The statistic of imported series that do not name it, as those of GetMetricData do not.
    #[arg(long, value_name = "STATISTIC", requires = "paths")]
    import_stat: Option<Statistic>,
}

fn dimension(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| "write it as `userName=alice`".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Import {
    /// Puts the series of all files into a store, judged together: a metric's statistics may be in a file each.
    pub(super) fn put_into(&self, store: &mut MetricStore) -> Result<(), Failure> {
        let mut all = Vec::new();
        let mut labels = BTreeSet::new();
        for path in &self.paths {
            let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
            let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
            let mut series = read(&text).map_err(|error| failed(error.to_string()))?;
            for series in &mut series {
                if self.complete(series) {
                    labels.insert(series.label.clone());
                }
            }
            all.extend(series);
        }
        if let (Some(one), Some(other)) = (labels.first(), labels.last())
            && one != other
        {
            let name = self.import_metric.clone().unwrap_or_default();
            return Err(Failure::Usage(format!(
                "`{one}` and `{other}` are different series, and --import-metric says of both that they are of `{name}`; \
                 import one of them, or write into each what it is of, as `metrics --format json` does"
            )));
        }
        put_into_store(&all, store).map(|_| ()).map_err(|error| {
            let options = match error {
                NotRaw::NoMetric(_) => " with --import-namespace and --import-metric",
                NotRaw::NoStatistic(_) => " with --import-stat",
                _ => "",
            };
            let names: Vec<_> = self.paths.iter().map(|path| path.display().to_string()).collect();
            Failure::Input { name: names.join("`, `"), reason: format!("{error}{options}") }
        })
    }

    /// Says of a series what it does not say itself; whether that is which metric it is of.
    fn complete(&self, series: &mut ImportedSeries) -> bool {
        series.statistic = series.statistic.or(self.import_stat);
        if let (None, Some(namespace), Some(name)) =
            (&series.metric, &self.import_namespace, &self.import_metric)
        {
            let metric = MetricIdentity::new(namespace, name);
            series.metric = Some(metric.with(self.import_dimension.iter().cloned().collect()));
            return true;
        }
        false
    }
}

/// The series of a text, by what it looks like.
fn read(text: &str) -> Result<Vec<ImportedSeries>, ImportError> {
    let text = byte_order_mark::behind(text);
    if !text.trim_start().starts_with(['{', '[']) {
        return csv::parse(text);
    }
    if text.contains("\"Datapoints\"") {
        return metric_statistics::parse(text);
    }
    metric_data::parse(text).map(|output| output.series)
}
