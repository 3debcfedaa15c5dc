//! Which events are data events, and which calls read.

/// Data events of one kind of resource (AWS: *Logging data events*, and the pages on CloudTrail of each service).
pub(super) struct DataEvents {
    /// The event source.
    pub(super) source: &'static str,
    /// What a selector has as `resources.type`.
    pub(super) resource_type: &'static str,
    /// Whether no other source has management events of these names.
    pub(super) is_distinct: bool,
    /// The event names.
    pub(super) names: &'static [&'static str],
}

pub(super) const DATA_EVENTS: &[DataEvents] = &[
    DataEvents {
        source: "s3.amazonaws.com",
        resource_type: "AWS::S3::Object",
        is_distinct: true,
        names: &[
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "GetObjectTorrent",
            "HeadBucket",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListParts",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RestoreObject",
            "SelectObjectContent",
            "UploadPart",
            "UploadPartCopy",
        ],
    },
    DataEvents {
        source: "dynamodb.amazonaws.com",
        resource_type: "AWS::DynamoDB::Table",
        is_distinct: true,
        names: &[
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        ],
    },
    DataEvents {
        source: "dynamodb.amazonaws.com",
        resource_type: "AWS::DynamoDB::Table",
        is_distinct: false,
        names: &["BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction", "Query", "Scan"],
    },
    DataEvents {
        source: "lambda.amazonaws.com",
        resource_type: "AWS::Lambda::Function",
        is_distinct: true,
        names: &["Invoke"],
    },
    DataEvents {
        source: "sns.amazonaws.com",
        resource_type: "AWS::SNS::Topic",
        is_distinct: false,
        names: &["Publish", "PublishBatch"],
    },
    DataEvents {
        source: "sqs.amazonaws.com",
        resource_type: "AWS::SQS::Queue",
        is_distinct: false,
        names: &[
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        ],
    },
];

/// Sources whose events are management events, apart from those in [`DATA_EVENTS`].
const MANAGEMENT_SOURCES: &[&str] = &[
    "access-analyzer.amazonaws.com",
    "cloudformation.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "dynamodb.amazonaws.com",
    "ec2.amazonaws.com",
    "guardduty.amazonaws.com",
    "iam.amazonaws.com",
    "kms.amazonaws.com",
    "lambda.amazonaws.com",
    "organizations.amazonaws.com",
    "rds.amazonaws.com",
    "s3.amazonaws.com",
    "secretsmanager.amazonaws.com",
    "securityhub.amazonaws.com",
    "signin.amazonaws.com",
    "sts.amazonaws.com",
];

/// Whether the events of a source are management events, apart from those in [`DATA_EVENTS`].
pub(super) fn is_management_source(source: &str) -> bool {
    MANAGEMENT_SOURCES.contains(&source)
}

/// Sources with calls whose names begin with `Get` and that are recorded as writes.
const GETS_THAT_WRITE: &[&str] = &["sts.amazonaws.com", "signin.amazonaws.com"];

/// Verbs of calls that change something, all of them.
const WRITING_VERBS: &[&str] = &[
    "Add",
    "Attach",
    "Authorize",
    "Create",
    "Delete",
    "Detach",
    "Disable",
    "Enable",
    "Modify",
    "Put",
    "Remove",
    "Revoke",
    "Run",
    "Set",
    "Stop",
    "Terminate",
    "Update",
];

/// Whether a call is recorded with `readOnly` true; nothing where its name does not tell.
pub(super) fn reads(source: &str, name: &str) -> Option<bool> {
    let begins = |verbs: &[&str]| verbs.iter().any(|verb| verb_of(name) == *verb);
    if begins(&["Describe", "Head", "List", "Select"]) {
        Some(true)
    } else if begins(&["Get"]) {
        (!GETS_THAT_WRITE.contains(&source)).then_some(true)
    } else if begins(WRITING_VERBS) {
        Some(false)
    } else {
        None
    }
}

/// The first word of a name: up to the next capital.
fn verb_of(name: &str) -> &str {
    let end =
        name.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase()).map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_by_its_first_word_whether_it_reads() {
        assert_eq!(reads("s3.amazonaws.com", "GetObject"), Some(true));
        assert_eq!(reads("iam.amazonaws.com", "ListUsers"), Some(true));
        assert_eq!(reads("cloudtrail.amazonaws.com", "StopLogging"), Some(false));
        assert_eq!(reads("sts.amazonaws.com", "GetFederationToken"), None, "recorded as a write");
        assert_eq!(reads("sts.amazonaws.com", "AssumeRole"), None);
        assert_eq!(reads("x", "Listen"), None, "another word");
    }
}
