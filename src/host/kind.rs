//! What a file is, as far as it can hold patterns and queries.

use crate::byte_order_mark;
use crate::check::Language;

/// A kind of file that holds patterns or queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostKind {
    /// One pattern or query.
    Text(Language),
    /// A stack file of this crate.
    Stack,
    /// Terraform, `.tf`.
    Terraform,
    /// Terraform, `.tf.json`.
    TerraformJson,
    /// A CloudFormation template in YAML or JSON: by hand, by CDK, for SAM, or in the `resources` of the Serverless
    /// Framework.
    CloudFormation,
    /// The body of a dashboard, as JSON.
    Dashboard,
    /// Markdown with blocks of patterns and queries.
    Markdown,
}

/// Members that only a stack file has, one of which any that is of use has.
const STACK: &[&str] = &[
    "metricFilters",
    "filterPattern",
    "metricTransformations",
    "anomalyDetectors",
    "queryDefinitions",
    "queryString",
    "metricQueryDefinitions",
    "logGroupName",
    "S3BucketName",
    "AdvancedEventSelectors",
    "SingleMetricAnomalyDetector",
    "AlarmName",
    "ComparisonOperator",
    "DashboardBody",
];

/// What a CloudFormation template, or what becomes one, has in it where it has anything for us.
pub(super) const CLOUDFORMATION: &[&str] = &[
    "AWS::Logs::",
    "AWS::CloudWatch::",
    "AWS::CloudTrail::",
    // SAM and the Serverless Framework.
    "CloudWatchLogs",
    "cloudwatchLog",
];

/// The same for Terraform.
pub(super) const TERRAFORM: &[&str] =
    &["_cloudwatch_", "aws_cloudtrail", "awscc_logs_", "cloudwatch/aws", "log-metric-filter"];

impl HostKind {
    /// What a text without a name is: a stack where it has lists of tables of one, which neither a pattern nor a query can have, and
    /// else the language that it looks like.
    ///
    /// ```
    /// use trailql::check::Language;
    /// use trailql::host::HostKind;
    ///
    /// assert_eq!(HostKind::guess("[[metricFilters]]"), HostKind::Stack);
    /// assert_eq!(HostKind::guess("[ip, user]"), HostKind::Text(Language::FilterPattern));
    /// ```
    pub fn guess(text: &str) -> HostKind {
        let has_lists =
            byte_order_mark::behind(text).lines().any(|line| line.starts_with("[[") && is_stack(line));
        if has_lists { HostKind::Stack } else { HostKind::Text(Language::guess(text)) }
    }

    /// What a file of this name is, by its content where the name says too little, as `.yaml` and `.json` do; `None` where
    /// there is nothing of ours in it.
    ///
    /// ```
    /// use trailql::check::Language;
    /// use trailql::host::HostKind;
    ///
    /// assert_eq!(HostKind::of("a/root.cwfilter", ""), Some(HostKind::Text(Language::FilterPattern)));
    /// assert_eq!(HostKind::of("main.tf", "# aws_cloudwatch_dashboard"), Some(HostKind::Terraform));
    /// assert_eq!(HostKind::of("main.tf", "resource \"aws_s3_bucket\" \"b\" {}"), None);
    /// assert_eq!(HostKind::of("package.json", "{}"), None);
    /// ```
    pub fn of(name: &str, text: &str) -> Option<HostKind> {
        if let Some(language) = Language::of_file(name) {
            return Some(HostKind::Text(language));
        }
        let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let name = name.to_ascii_lowercase();
        if name.ends_with(".tf.json") || name.ends_with(".tofu.json") {
            return holds(TERRAFORM).then_some(HostKind::TerraformJson);
        }
        match name.rsplit_once('.')?.1 {
            "tf" | "tofu" => holds(TERRAFORM).then_some(HostKind::Terraform),
            "toml" => is_stack(text).then_some(HostKind::Stack),
            "md" | "markdown" => super::markdown::has_blocks(text).then_some(HostKind::Markdown),
            "yaml" | "yml" | "template" => holds(CLOUDFORMATION).then_some(HostKind::CloudFormation),
            "json" => {
                let is_dashboard = || text.contains("\"widgets\"") && text.contains("\"properties\"");
                let is_template = holds(CLOUDFORMATION) && text.contains("\"Resources\"");
                is_template
                    .then_some(HostKind::CloudFormation)
                    .or_else(|| is_dashboard().then_some(HostKind::Dashboard))
            }
            _ => None,
        }
    }
}

/// Whether a line of the text sets or opens a member of a stack, or what one letter off is one.
fn is_stack(text: &str) -> bool {
    byte_order_mark::behind(text).lines().any(|line| {
        let line = line.trim_start();
        let name = line.trim_start_matches('[').trim_start();
        let is_table = line.starts_with('[');
        let is_part = |c: char| c.is_ascii_alphanumeric() || (is_table && matches!(c, '_' | '-'));
        let end = name.find(|c| !is_part(c)).unwrap_or(name.len());
        let Some((name, behind)) = name.split_at_checked(end) else { return false };
        behind.trim_start().starts_with(['=', ']', '.'])
            && STACK
                .iter()
                .any(|member| is_near(member, name) || (is_table && is_near(&plain(member), &plain(name))))
    })
}

fn is_near(member: &str, name: &str) -> bool {
    member.len().abs_diff(name.len()) <= 1 && strsim::osa_distance(member, name) <= 1
}

/// The name as it is whatever the style of names: `metric_filters` of a table is meant as `metricFilters`.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_told_from_other_toml() {
        for stack in [
            "[[metricFilters]]",
            "\u{feff}[[metricFilters]]",
            "[[metricFilter]]\nfilterName = 'a'",
            "[metric_filter]\npattern = 'a'",
            "[[anomaly-detectors]]",
            "[logGroup]\nlogGroupName = 'b'",
        ] {
            assert_eq!(HostKind::of("a.toml", stack), Some(HostKind::Stack), "{stack}");
        }
        for other in [
            "[package]\nname = 'a'",
            "[[bench]]",
            "description = 'metricFilters'",
            "# metricFilters = 1",
            "query_string = 'a'\ns3_bucket_name = 'b'",
        ] {
            assert_eq!(HostKind::of("Cargo.toml", other), None, "{other}");
        }
    }
}
