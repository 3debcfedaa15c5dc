//! The schema over paths, sources, names and members.

use super::*;

fn path(text: &str) -> Vec<Key<'_>> {
    let mut keys = Vec::new();
    for part in text.split('.') {
        let (name, index) = part.split_once('[').map_or((part, None), |(name, index)| (name, Some(index)));
        if !name.is_empty() {
            keys.push(if name == "*" { Key::AnyMember } else { Key::Name(name) });
        }
        match index.map(|index| index.trim_end_matches(']')) {
            Some("*") => keys.push(Key::AnyElement),
            Some(index) => keys.push(Key::Index(index.parse().unwrap())),
            None => {}
        }
    }
    keys
}

fn known(text: &str) -> Field {
    match Schema::cloudtrail().lookup(&path(text)) {
        Lookup::Known(field) => field,
        other => panic!("{text}: {other:?}"),
    }
}

fn unknown(text: &str) -> (usize, Vec<String>) {
    match Schema::cloudtrail().lookup(&path(text)) {
        Lookup::Unknown { step, suggestions } => (step, suggestions),
        other => panic!("{text}: {other:?}"),
    }
}

fn first_suggestion(text: &str) -> String {
    unknown(text).1.into_iter().next().unwrap_or_default()
}

#[test]
fn fields_have_the_types_of_the_record_reference() {
    for (text, kind) in [
        ("readOnly", Kind::Boolean),
        ("managementEvent", Kind::Boolean),
        ("userIdentity.sessionContext.attributes.mfaAuthenticated", Kind::String),
        ("sessionCredentialFromConsole", Kind::String),
        ("recipientAccountId", Kind::String),
        ("userIdentity", Kind::Object),
        ("resources", Kind::Array),
        ("resources[0]", Kind::Object),
        ("resources[1].accountId", Kind::String),
        ("additionalEventData.bytesTransferredOut", Kind::Number),
        ("insightDetails.insightContext.attributions[0].insight[0].average", Kind::Number),
        ("tlsDetails.tlsVersion", Kind::String),
    ] {
        let field = known(text);
        assert_eq!((field.path.as_str(), field.kind), (text, kind));
    }
    assert_eq!(known("tlsDetails").since, Some("1.08"));
    assert_eq!(known("additionalEventData.AuthenticationMethod").values, ["AuthHeader", "QueryString"]);
    assert_eq!(known("eventName").occurrence, Occurrence::Always);
    assert_eq!(known("errorCode").occurrence, Occurrence::Sometimes);
}

#[test]
fn what_depends_on_the_call_is_open() {
    for text in [
        "requestParameters.bucketName",
        "requestParameters.policy.statement[0]",
        "responseElements.ConsoleLogin",
        "additionalEventData.configRuleName",
        "serviceEventDetails.eventRequestDetails.x",
        "eventContext.requestContext.aws:SourceArn",
        "userIdentity.sessionContext.webIdFederationData.attributes.sub",
        "*",
        "userIdentity.*",
    ] {
        assert_eq!(Schema::cloudtrail().lookup(&path(text)), Lookup::Open, "{text}");
    }
}

#[test]
fn closed_parts_have_no_other_members() {
    for (text, step, suggestion) in [
        ("eventname", 0, "eventName"),
        ("evntName", 0, "eventName"),
        ("sourceIpAddress", 0, "sourceIPAddress"),
        ("requestId", 0, "requestID"),
        ("userIdentity.username", 1, "userIdentity.userName"),
        (
            "userIdentity.sessionContext.sessionIssuer.arnn",
            3,
            "userIdentity.sessionContext.sessionIssuer.arn",
        ),
        ("userIdentiy.tpye", 0, "userIdentity.type"),
        ("detail.eventName", 0, "eventName"),
        ("Records[0].eventName", 0, "eventName"),
        ("Records[*].userIdentity.username", 0, "userIdentity.userName"),
        ("detail.requestParameters.bucketName", 0, "requestParameters.bucketName"),
        ("userName", 0, "userIdentity.userName"),
        ("sourceIP", 0, "sourceIPAddress"),
        ("mfaAuthenticated", 0, "userIdentity.sessionContext.attributes.mfaAuthenticated"),
        ("userIdentity.mfaAuthenticated", 1, "userIdentity.sessionContext.attributes.mfaAuthenticated"),
        ("resources.ARN", 1, "resources[0].ARN"),
        ("resources.arn", 1, "resources[0].ARN"),
        ("resources[0].arn", 2, "resources[0].ARN"),
        ("userIdentity[0].type", 1, "userIdentity.type"),
        ("tlsDetails.tlsversion", 1, "tlsDetails.tlsVersion"),
    ] {
        assert_eq!((unknown(text).0, first_suggestion(text).as_str()), (step, suggestion), "{text}");
    }
    assert_eq!(unknown("eventName.x").0, 1, "a text has no members");
    assert_eq!(unknown("zzzzzz"), (0, Vec::new()));
    assert_eq!(unknown("userIdentity.username").1, ["userIdentity.userName"], "the letters leave no doubt");
}

#[test]
fn sources_go_by_their_full_names() {
    let schema = Schema::cloudtrail();
    assert_eq!(schema.event_source("s3.amazonaws.com").unwrap().name(), "s3.amazonaws.com");
    assert!(schema.event_source("s3").is_none());
    let names: Vec<&str> = schema.event_sources().map(|source| source.name()).collect();
    assert!(names.len() > 480 && names.is_sorted());
    assert!(names.iter().all(|name| schema.event_source(name).is_some()));
    for (wrong, right) in [
        ("s3", "s3.amazonaws.com"),
        ("iam.amazon.com", "iam.amazonaws.com"),
        ("sigin.amazonaws.com", "signin.amazonaws.com"),
        ("cloudtrial.amazonaws.com", "cloudtrail.amazonaws.com"),
        ("S3.amazonaws.com", "s3.amazonaws.com"),
        ("secretsmanger.amazonaws.com", "secretsmanager.amazonaws.com"),
    ] {
        assert_eq!(schema.suggest_source(wrong).first().map(String::as_str), Some(right), "{wrong}");
    }
}

#[test]
fn every_name_that_a_source_lists_is_found_in_it() {
    let schema = Schema::cloudtrail();
    let mut count = 0;
    for source in schema.event_sources() {
        let names: Vec<String> = source.event_names().collect();
        assert!(names.is_sorted());
        for name in names {
            let operation = source.operation(&name).unwrap_or_else(|| panic!("{} {name}", source.name()));
            assert_eq!(operation.name(), name);
            count += 1;
        }
    }
    assert!(count > 20_916, "{count}");
}

#[test]
fn members_go_by_the_rules_of_each_service() {
    let schema = Schema::cloudtrail();
    let operation = |source: &str, name: &str| {
        let source = schema.event_source(&format!("{source}.amazonaws.com")).unwrap();
        source.operation(name).unwrap_or_else(|| panic!("{name}"))
    };
    for (source, name, key, expected) in [
        ("s3", "GetObject", "bucketName", true),
        ("s3", "GetObject", "key", true),
        ("s3", "GetObject", "Host", true),
        ("s3", "GetObject", "X-Amz-Expires", true),
        ("s3", "GetObject", "response-content-disposition", true),
        ("s3", "GetObject", "objectName", false),
        ("s3", "GetBucketPublicAccessBlock", "publicAccessBlock", true),
        ("rds", "CreateDBInstance", "dBInstanceIdentifier", true),
        ("rds", "CreateDBInstance", "DBInstanceIdentifier", true),
        ("rds", "CreateDBInstance", "dbIdentifier", false),
        ("ec2", "RunInstances", "instancesSet", true),
        ("ec2", "DescribeInstances", "filterSet", true),
        ("ec2", "DescribeNatGateways", "DescribeNatGatewaysRequest", true),
        ("ec2", "DescribeNatGateways", "CreateNatGatewayRequest", false),
        ("iam", "CreateUser", "userName", true),
        ("iam", "CreateUser", "username", false),
        ("kms", "Decrypt", "encryptionContext", true),
        ("securityhub", "BatchImportFindings", "Findings", true),
        ("lambda", "UpdateFunctionCode20150331v2", "functionName", true),
        ("lambda", "GetAlias20150331", "functionName", true),
    ] {
        assert_eq!(operation(source, name).has_request_member(key), Some(expected), "{name} {key}");
    }
    for (source, name, key, expected) in [
        ("rds", "CreateDBInstance", "dBInstanceArn", true),
        ("iam", "CreateAccessKey", "accessKey", true),
        ("sts", "AssumeRole", "credentials", true),
        ("secretsmanager", "CreateSecret", "aRN", true),
        ("secretsmanager", "CreateSecret", "arn", true),
        ("ec2", "CreateTags", "_return", true),
        ("eks", "CreateCluster", "message", true),
        ("eks", "CreateCluster", "clusterName", false),
    ] {
        assert_eq!(operation(source, name).has_response_member(key), Some(expected), "{name} {key}");
    }
    assert_eq!(operation("s3", "GetObject").suggest_request_member("bucketname"), ["bucketName"]);
    assert_eq!(operation("iam", "CreateAccessKey").suggest_response_member("acessKey"), ["accessKey"]);
    assert_eq!(operation("signin", "ConsoleLogin").has_request_member("anything"), None);
    let members: Vec<String> = operation("iam", "CreateUser").request_members().collect();
    assert!(members.is_sorted() && members.contains(&"permissionsBoundary".to_owned()), "{members:?}");
}

#[test]
fn names_that_people_confuse_are_not_events() {
    let schema = Schema::cloudtrail();
    let first = |name: &str, sources: &[&str]| {
        let found = schema.suggest_event(name, sources).into_iter().next()?;
        Some((found.event_name, found.event_source, found.reason))
    };
    let some = |name: &str, source: &str, reason| {
        Some((name.to_owned(), Some(format!("{source}.amazonaws.com")), reason))
    };
    let s3 = ["s3.amazonaws.com"];
    assert_eq!(first("ListAllMyBuckets", &s3), some("ListBuckets", "s3", Reason::IamAction));
    assert_eq!(first("ListObjectsV2", &s3), some("ListObjects", "s3", Reason::LoggedAs));
    assert_eq!(first("ListObjectsV2", &[]), some("ListObjects", "s3", Reason::LoggedAs));
    assert_eq!(
        first("InvokeFunction", &["lambda.amazonaws.com"]),
        some("Invoke", "lambda", Reason::IamAction)
    );
    assert_eq!(
        first("UpdateFunctionCode", &["lambda.amazonaws.com"]),
        some("UpdateFunctionCode20150331v2", "lambda", Reason::DateSuffix)
    );
    assert_eq!(first("consolelogin", &[]), some("ConsoleLogin", "signin", Reason::LetterCase));
    assert_eq!(
        first("ConsoleLogon", &["signin.amazonaws.com"]),
        some("ConsoleLogin", "signin", Reason::Spelling)
    );
    assert_eq!(
        first("DeleteTrial", &["cloudtrail.amazonaws.com"]),
        some("DeleteTrail", "cloudtrail", Reason::Spelling)
    );
    assert_eq!(first("Zzzzzzzzzzz", &[]), None);
    for name in ["ListAllMyBuckets", "InvokeFunction", "UpdateFunctionCode", "DeleteTrial2"] {
        assert!(!schema.is_event_name(name), "{name}");
    }
    for name in
        ["ListObjects", "Invoke", "UpdateFunctionCode20150331v2", "GetAlias", "ConsoleLogin", "RotateKey"]
    {
        assert!(schema.is_event_name(name), "{name}");
    }
}

#[test]
fn sources_of_a_name_are_those_that_log_it() {
    let schema = Schema::cloudtrail();
    let sources =
        |name| schema.sources_of(name).iter().map(|source| source.name().to_owned()).collect::<Vec<_>>();
    assert_eq!(sources("StopLogging"), ["cloudtrail.amazonaws.com"]);
    assert!(sources("PutMetricAlarm").contains(&"monitoring.amazonaws.com".to_owned()));
    assert!(sources("ListTagsForResource").len() > 100);
    assert!(sources("ListTagsForResorce").is_empty());
    assert_eq!(sources("ModifyPaymentMethods"), ["aws-portal.amazonaws.com"]);
    let portal = schema.event_source("aws-portal.amazonaws.com").unwrap();
    assert!(!portal.has_known_events() && portal.operation("ModifyAnything").is_some());
    assert!(!schema.is_event_name("ModifyAnything"), "that it may be one there does not make it known");
}

#[test]
fn additions_are_known_beside_the_rest() {
    let schema = Schema::with(
        Additions::new()
            .events("orders.example.com", ["PlaceOrder"])
            .events("s3.amazonaws.com", ["CompactBucket"])
            .field("tenant", Kind::Object, Occurrence::Sometimes)
            .field("tenant.id", Kind::Number, Occurrence::Always),
    );
    let added = schema.event_source("orders.example.com").unwrap();
    assert_eq!(added.operation("PlaceOrder").unwrap().has_request_member("x"), None);
    assert!(added.operation("GetObject").is_none());
    let s3 = schema.event_source("s3.amazonaws.com").unwrap();
    assert!(s3.operation("CompactBucket").is_some() && s3.operation("GetObject").is_some());
    assert!(schema.event_sources().any(|source| source.name() == "orders.example.com"));
    assert!(schema.is_event_name("PlaceOrder"));
    let Lookup::Known(field) = schema.lookup(&path("tenant.id")) else { panic!("not known") };
    assert_eq!((field.kind, field.occurrence), (Kind::Number, Occurrence::Always));
    let Lookup::Unknown { suggestions, .. } = schema.lookup(&path("tenant.ID")) else { panic!("known") };
    assert_eq!(suggestions, ["tenant.id"]);
}
