//! PR202: a dimension whose field some matching events lack.

use super::facts::{dotted, guarantees, path_of, values};
use super::{Context, dimension_span};
use crate::json::Step;
use crate::schema::{Key, Lookup, Occurrence};
use crate::series::FieldReference;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// What records of an identity of each type have (`spec/cloudtrail-schema.md` 3).
const OF_TYPES: &[(&str, &[&str])] = &[
    ("Root", &["principalId", "arn", "accountId"]),
    ("IAMUser", &["principalId", "arn", "accountId", "userName"]),
    ("AssumedRole", &["principalId", "arn", "accountId"]),
    ("AWSService", &["invokedBy"]),
];

pub(super) const RULE: Rule = Rule {
    code: Code("PR202"),
    severity: Severity::Warning,
    title: "some matching events lack the dimension's field",
    why: "What becomes of a matching event that lacks the field of a dimension is not documented: it may count under \
          other dimensions or not at all. In CloudTrail `userIdentity.userName`, for one, is there for IAM users and not \
          for assumed roles. A pattern that asks for the field tells which events count.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'denied'
filterPattern = '{ $.errorCode = AccessDenied* }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'denied', metricValue = '1', dimensions = { userName = '$.userIdentity.userName' } }]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'denied'
filterPattern = '{ $.errorCode = AccessDenied* && $.userIdentity.userName = * }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'denied', metricValue = '1', dimensions = { userName = '$.userIdentity.userName' } }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        let Some(schema) = context.schema_of(written, filter) else { continue };
        for dimension in &filter.transformation.dimensions {
            let FieldReference::Path(path) = &dimension.value else { continue };
            let keys: Vec<Key<'_>> = path.iter().map(key).collect();
            let note = match schema.lookup(&keys) {
                Lookup::Known(field) if field.occurrence == Occurrence::Sometimes => field.note,
                Lookup::Open => "",
                _ => continue,
            };
            if guarantees(&filter.pattern, path) || is_of_type(filter, path) {
                continue;
            }
            let field = dotted(path);
            let span = dimension_span(written, &dimension.name).unwrap_or(written.filter_name.span);
            let message = format!("not every record that the pattern matches has `{field}`");
            findings.push(
                Diagnostic::warning(RULE.code, span, message)
                    .label(note)
                    .also(written.filter_pattern.span, "does not ask for it")
                    .help(format!("if only those with it are to count, add `&& $.{field} = \"*\"` to the pattern")),
            );
        }
    }
}

fn key(step: &Step) -> Key<'_> {
    match step {
        Step::Key(key) => Key::Name(key),
        Step::Index(index) => Key::Index(*index),
    }
}

/// Whether the pattern asks for types of identities whose records all have the field.
fn is_of_type(filter: &CheckedFilter, path: &[Step]) -> bool {
    let [Step::Key(parent), Step::Key(member)] = path else { return false };
    let Some(types) = values(&filter.pattern, &path_of(&["userIdentity", "type"])) else { return false };
    let has = |kind: &&str| {
        let members = OF_TYPES.iter().find(|(known, _)| known == kind).map(|(_, members)| *members);
        members.is_some_and(|members| members.contains(&&**member))
    };
    &**parent == "userIdentity" && types.iter().all(has)
}
