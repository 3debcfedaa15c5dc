//! The policies around a trail: who may take on its role, what the role may do, what the bucket lets the trail write
//! (`spec/provisioning.md` 1, rows 3 and 5).

use super::outline::Outline;
use super::value::{Fact, Members, Piece, Value};
use crate::stack::Trail;

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
const VERSION: &str = "2012-10-17";

/// Who may take on the role.
pub(super) fn trust() -> Members {
    let statement = Members::new()
        .with("Effect", "Allow")
        .with("Principal", Members::new().with("Service", CLOUDTRAIL))
        .with("Action", "sts:AssumeRole");
    document([statement])
}

/// What the role may do: make and write its streams in the log group.
pub(super) fn delivery(outline: &Outline<'_>) -> Members {
    let streams = |pieces: Vec<Piece>| {
        let mut all = vec![Piece::Fact(Fact::LogGroupArn), text(":log-stream:")];
        all.extend(pieces);
        Value::pieces(all)
    };
    let mut resources =
        vec![streams(vec![outline.account(), text("_CloudTrail_"), Piece::Fact(Fact::Region), text("*")])];
    if outline.is_of_organization() {
        resources.push(streams(vec![outline.organization(), text("_*")]));
    }
    let statement = |sid: &str, action: &str| {
        Members::new()
            .with("Sid", sid)
            .with("Effect", "Allow")
            .with("Action", action)
            .with("Resource", Value::List(resources.clone()))
    };
    document([
        statement("AWSCloudTrailCreateLogStream", "logs:CreateLogStream"),
        statement("AWSCloudTrailPutLogEvents", "logs:PutLogEvents"),
    ])
}

/// What the bucket lets the trail do.
pub(super) fn bucket(outline: &Outline<'_>, trail: &Trail) -> Members {
    document(bucket_statements(outline, trail))
}

/// The statements that the policy of the bucket must hold.
pub(super) fn bucket_statements(outline: &Outline<'_>, trail: &Trail) -> Vec<Members> {
    let bucket_arn = || match outline.made_bucket() {
        Some(_) => vec![Piece::Fact(Fact::BucketArn)],
        None => vec![text("arn:"), Piece::Fact(Fact::Partition), text(":s3:::"), text(&trail.s3_bucket_name)],
    };
    let source = || {
        Value::pieces(vec![
            text("arn:"),
            Piece::Fact(Fact::Partition),
            text(":cloudtrail:"),
            Piece::Fact(Fact::Region),
            text(":"),
            outline.account(),
            text(":trail/"),
            text(&trail.name),
        ])
    };
    let statement = |sid: &str, action: &str, resource: Vec<Piece>, condition: Members| {
        Members::new()
            .with("Sid", sid)
            .with("Effect", "Allow")
            .with("Principal", Members::new().with("Service", CLOUDTRAIL))
            .with("Action", action)
            .with("Resource", Value::pieces(resource))
            .with("Condition", Members::new().with("StringEquals", condition))
    };
    let write = |sid: &str, owner: Piece| {
        let mut resource = bucket_arn();
        let prefix = trail.s3_key_prefix.as_ref().map(|prefix| format!("{prefix}/")).unwrap_or_default();
        resource.extend([text(&format!("/{prefix}AWSLogs/")), owner, text("/*")]);
        let condition =
            Members::new().with("s3:x-amz-acl", "bucket-owner-full-control").with("aws:SourceArn", source());
        statement(sid, "s3:PutObject", resource, condition)
    };
    let look = Members::new().with("aws:SourceArn", source());
    let mut statements = vec![
        statement("CloudTrailAclCheck", "s3:GetBucketAcl", bucket_arn(), look),
        write("CloudTrailWrite", outline.account()),
    ];
    if outline.is_of_organization() {
        statements.push(write("CloudTrailWriteOrganization", outline.organization()));
    }
    statements
}

fn document(statements: impl IntoIterator<Item = Members>) -> Members {
    Members::new().with("Version", VERSION).with_list("Statement", statements)
}

fn text(text: &str) -> Piece {
    Piece::Text(text.to_owned())
}
