//! Every rule there is, by its code.

use crate::syntax::{Rule, filter, logs, math, metrics};

use super::{rules, suppression};

/// Every rule, family by family, in order of code.
///
/// ```
/// use trailql::check::registry;
///
/// assert!(registry::rules().any(|rule| rule.code.0 == "FP007"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let families: &[&'static [Rule]] = &[
        filter::codes::RULES,
        rules::fp::RULES,
        logs::codes::RULES,
        rules::li::RULES,
        metrics::codes::RULES,
        rules::mi::RULES,
        math::codes::RULES,
        rules::mm::RULES,
        rules::ct::RULES,
        #[cfg(feature = "stack")]
        crate::schema::codes::RULES,
        suppression::codes::RULES,
        #[cfg(feature = "stack")]
        crate::stack::codes::RULES,
        #[cfg(feature = "stack")]
        crate::stack::check::RULES,
        #[cfg(feature = "hosts")]
        crate::host::codes::RULES,
    ];
    let mut all: Vec<&'static Rule> = families.iter().flat_map(|family| family.iter()).collect();
    all.sort_by_key(|rule| rule.code);
    all.into_iter()
}

/// The rule with this code, whatever its case of letters.
pub fn find(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

/// The rule whose code is spelled most like this one.
pub(crate) fn similar(code: &str) -> Option<&'static Rule> {
    let code = code.to_ascii_uppercase();
    let distance = |rule: &&Rule| strsim::osa_distance(rule.code.0, &code);
    rules().min_by_key(distance).filter(|rule| distance(rule) == 1)
}

/// Where the service's documentation speaks of what a rule is about: the rule's own page, else that of its family; none
/// for the rules about comments and files.
///
/// ```
/// use trailql::check::registry;
///
/// let rule = registry::find("FP007").unwrap();
/// assert!(registry::reference(rule).unwrap().ends_with("/FilterAndPatternSyntax.html"));
/// ```
pub fn reference(rule: &Rule) -> Option<&'static str> {
    if !rule.see.is_empty() {
        return Some(rule.see);
    }
    match rule.code.0.get(..2)? {
        "FP" => Some("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"),
        "LI" => Some("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html"),
        "MI" => Some(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
        ),
        "MM" => Some("https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"),
        "CT" => Some(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
        ),
        "ES" => Some("https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html"),
        "PR" => Some("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html"),
        _ => None,
    }
}
