//! Trails of a file, and what they record.

use crate::host::node::Node;
use crate::stack::{AdvancedEventSelector, FieldSelector, Located, Text, Trail};

use super::members::Members;

/// What stands for a name that is not known. It is never shown.
const NAME: &str = "trail";
const BUCKET: &str = "bucket";

/// A trail.
pub(super) struct Lowered {
    /// It records at least what the one of the file does.
    pub(super) trail: Trail,
    /// Whether its selectors are those of the file.
    pub(super) is_exact: bool,
}

/// A trail; nothing where what it records may be more.
pub(super) fn trail(own: &Members<'_>, place: crate::Span) -> Option<Lowered> {
    own.has_all()?;
    if own.optional_flag("IsLogging")?.is_some_and(|is_on| !is_on.value) {
        return None;
    }
    let advanced = own.blocks("AdvancedEventSelectors")?;
    let basic = own.blocks("EventSelectors")?;
    let (selectors, is_exact) = match (advanced.as_slice(), basic.as_slice()) {
        (advanced, []) => self::advanced(advanced),
        ([], basic) => (basic.iter().flat_map(self::basic).collect(), false),
        _ => return None,
    };
    let flag = |name| own.optional_flag(name).flatten();
    let named = |name: &str, other: &str| {
        own.text(name).unwrap_or_else(|| Located { value: other.to_owned(), span: place })
    };
    let trail = Trail {
        name: named("TrailName", NAME),
        s3_bucket_name: named("S3BucketName", BUCKET),
        s3_key_prefix: own.optional_text("S3KeyPrefix").flatten(),
        is_multi_region_trail: flag("IsMultiRegionTrail"),
        is_organization_trail: flag("IsOrganizationTrail"),
        enable_log_file_validation: flag("EnableLogFileValidation"),
        include_global_service_events: flag("IncludeGlobalServiceEvents"),
        kms_key_id: None,
        advanced_event_selectors: selectors,
    };
    Some(Lowered { trail, is_exact })
}

/// Advanced selectors; a condition that is not known in full is left out, so that more is let through.
fn advanced(selectors: &[Members<'_>]) -> (Vec<AdvancedEventSelector>, bool) {
    let mut is_exact = true;
    let mut read = Vec::new();
    for own in selectors {
        let fields = own.blocks("FieldSelectors");
        let known: Vec<Option<FieldSelector>> = fields.iter().flatten().map(field_selector).collect();
        is_exact &= fields.is_some() && known.iter().all(Option::is_some);
        read.push(AdvancedEventSelector {
            name: own.text("Name"),
            field_selectors: Located { value: known.into_iter().flatten().collect(), span: own.span() },
        });
    }
    (read, is_exact)
}

fn field_selector(own: &Members<'_>) -> Option<FieldSelector> {
    own.has_only(&[
        "EndsWith",
        "Equals",
        "Field",
        "NotEndsWith",
        "NotEquals",
        "NotStartsWith",
        "StartsWith",
    ])?;
    Some(FieldSelector {
        field: own.text("Field")?,
        equals: own.texts("Equals")?,
        not_equals: own.texts("NotEquals")?,
        starts_with: own.texts("StartsWith")?,
        not_starts_with: own.texts("NotStartsWith")?,
        ends_with: own.texts("EndsWith")?,
        not_ends_with: own.texts("NotEndsWith")?,
    })
}

/// A basic selector as advanced ones that let through what it does: which objects it names is not asked for.
fn basic(own: &Members<'_>) -> Vec<AdvancedEventSelector> {
    let reads = match own.optional_text("ReadWriteType").flatten().as_deref().map(String::as_str) {
        Some("ReadOnly") => Some("true"),
        Some("WriteOnly") => Some("false"),
        _ => None,
    };
    let read_only = || reads.map(|value| equals("readOnly", value));
    let mut selectors = Vec::new();
    let has_management = own.optional_flag("IncludeManagementEvents").flatten();
    if has_management.is_none_or(|included| included.value) {
        let excluded = own.texts("ExcludeManagementEventSources").unwrap_or_default();
        let sources = (!excluded.is_empty())
            .then(|| FieldSelector { not_equals: excluded, ..equals_nothing("eventSource") });
        selectors.push([Some(equals("eventCategory", "Management")), read_only(), sources]);
    }
    let resources: Vec<Option<Text>> = match own.blocks("DataResources") {
        Some(resources) => resources.iter().map(|own| own.text("Type")).collect(),
        // Any type there may be.
        None => vec![None],
    };
    for kind in resources {
        let kind = kind.map(|kind| equals("resources.type", &kind));
        selectors.push([Some(equals("eventCategory", "Data")), read_only(), kind]);
    }
    let place = own.span();
    let selector = |fields: [Option<FieldSelector>; 3]| AdvancedEventSelector {
        name: None,
        field_selectors: Located { value: fields.into_iter().flatten().collect(), span: place },
    };
    selectors.into_iter().map(selector).collect()
}

fn equals(field: &str, value: &str) -> FieldSelector {
    FieldSelector { equals: vec![Located::bare(value.to_owned())], ..equals_nothing(field) }
}

fn equals_nothing(field: &str) -> FieldSelector {
    FieldSelector {
        field: Located::bare(field.to_owned()),
        equals: Vec::new(),
        not_equals: Vec::new(),
        starts_with: Vec::new(),
        not_starts_with: Vec::new(),
        ends_with: Vec::new(),
        not_ends_with: Vec::new(),
    }
}

/// Where the log group stands that a trail delivers to.
pub(super) fn group<'a>(own: &Members<'a>) -> Option<&'a Node> {
    own.get("CloudWatchLogsLogGroupArn")
}
