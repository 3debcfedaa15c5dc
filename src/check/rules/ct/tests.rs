//! Every rule on its own examples, in both languages, and what makes a text one about CloudTrail.

use crate::check::{Language, Options, Records, check};

use super::RULES;

fn language(text: &str) -> Language {
    if text.starts_with('{') { Language::FilterPattern } else { Language::LogsInsights }
}

#[test]
fn each_rule_speaks_of_its_bad_example_and_of_nothing_else() {
    let mut faults = Vec::new();
    for rule in RULES {
        for records in [Records::Auto, Records::CloudTrail] {
            let options = Options { records, ..Options::default() };
            let found = check(rule.bad, language(rule.bad), &options);
            let is_alone =
                matches!(found.as_slice(), [one] if one.code == rule.code && one.severity == rule.severity);
            if !is_alone {
                faults.push(format!("{} {records:?}: {}: {found:#?}", rule.code, rule.bad));
            }
            let left = check(rule.good, language(rule.good), &options);
            if !left.is_empty() {
                faults.push(format!("{} {records:?}: {}: {left:#?}", rule.code, rule.good));
            }
            for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
                let mended = fix.apply(rule.bad);
                let left = check(&mended, language(&mended), &options);
                if !left.is_empty() {
                    faults.push(format!("{}: {} became {mended}: {left:#?}", rule.code, rule.bad));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What this family says of a text of which nobody says what it is about.
fn codes(text: &str) -> Vec<&'static str> {
    let found = check(text, language(text), &Options::default());
    found.iter().map(|one| one.code.0).filter(|code| code.starts_with("CT")).collect()
}

#[test]
fn logs_of_an_application_are_left_alone() {
    for text in [
        r#"{ $.level = "ERROR" }"#,
        "{ $.latency > 100 }",
        r#"{ $.message = "*timeout*" && $.level = "error" }"#,
        r#"{ $.errorCode = "E1001" && $.service = "billing" }"#,
        r#"{ $.errorCode = "AccessDenied" && $.tenant = "acme" && $.level = "ERROR" }"#,
        r#"{ $.eventType = "OrderPlaced" && $.amount > 100 }"#,
        r#"{ $.eventName = "order_placed" && $.user.id = 7 }"#,
        r#"{ $.event_name = "GetObject" && $.event_source = "web" }"#,
        r#"{ $.eventSource = "mobile-application" && $.screen = "home" }"#,
        r#"{ $.eventSource = "aws:s3" && $.eventName = "ObjectCreated:Put" && $.s3.bucket.name = "b" }"#,
        r#"{ $.detail-type = "EC2 Instance State-change Notification" && $.detail.state = "stopped" }"#,
        r#"{ $.source = "aws.s3" && $.detail.eventName = "PutObject" && $.detail.requestParameters.key = "a" }"#,
        r#"{ $.kubernetes.namespace_name = "abc" && $.kubernetes.container_name = "def" }"#,
        r#"{ $.requestId = "*" && $.status >= 500 }"#,
        r#"{ $.awsRegion = "us-east-1" && $.level = "ERROR" }"#,
        r#"{ $.userAgent = "*bot*" && $.path = "/login" && $.status = 401 }"#,
        "fields @timestamp, level, message | filter level = \"ERROR\"",
        "filter status >= 400 | stats count(*) as n by path, userAgent",
        "stats avg(duration) as d by eventType",
        "fields RequestId, requestId, eventId | sort requestId",
        "fields timestamp, message | sort timestamp desc | limit 20",
        "stats sum(packets) as p by srcAddr, dstAddr",
        r#"parse @message "user=*, eventNme=*" as user, eventNme | filter eventNme = "consolelogin""#,
        "ERROR",
        "[ip, user, eventName = GetObjekt, status]",
    ] {
        assert_eq!(codes(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn records_are_recognised_by_their_fields_or_nearly_so_and_by_their_values() {
    for (text, code) in [
        (r#"{ $.evntName = "ConsoleLogin" }"#, "CT001"),
        (r#"{ $.eventname = "ConsoleLogin" }"#, "CT001"),
        (r#"{ $.useridentity.type = "Root" }"#, "CT001"),
        (r#"{ $.userIdentity.typ = "Root" }"#, "CT001"),
        (r#"{ $.sourceIpAddress = "203.0.113.7" }"#, "CT001"),
        (r#"{ $.eventName = "ConsolLogin" }"#, "CT014"),
        (r#"{ $.eventSource = "s3.amazonaws.con" }"#, "CT013"),
        (r#"{ $.eventSource = "iam" }"#, "CT013"),
        (r#"{ $.errrCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }"#, "CT001"),
        (r#"{ $.detail.eventName = "ConsoleLogin" }"#, "CT003"),
        (r#"{ $.Records[*].eventSource = "s3.amazonaws.com" }"#, "CT003"),
        ("{ $.readOnly = true }", "CT007"),
        (r#"{ $.eventName = "GetObject" && $.bucketName = "b" }"#, "CT001"),
        (r#"filter eventName = "AttachUserPolicy" | fields requestParameters.polcyArn"#, "CT017"),
        (r#"filter EventName = "CreateUser""#, "CT001"),
        ("stats count(*) as n by @eventName", "CT029"),
    ] {
        assert_eq!(codes(text), [code], "{text}");
    }
}

#[test]
fn a_text_without_its_quotes_tells_as_much_as_one_with_them() {
    for query in [
        "filter eventName = GetObject",
        "filter eventName != GetObject | stats count(*)",
        "filter eventSource = s3.amazonaws.com",
        "filter userIdentity.type = IAMUser",
        "filter userIdentity.userName = alice",
        "fields @timestamp | filter (eventName = DeleteTrail or eventName = StopLogging)",
    ] {
        assert!(codes(query).contains(&"CT001"), "{query}: {:?}", codes(query));
    }
    for query in [
        "filter eventName = previousName",
        "filter eventName = PreviousState",
        "filter eventSource = lastSource",
        "filter level = error and service = billing",
        "fields 'x' as GetObject | filter eventName = GetObject",
    ] {
        assert!(codes(query).is_empty(), "{query}: {:?}", codes(query));
    }
}

#[test]
fn both_languages_are_checked_alike() {
    const IAM: &str = r#"filter eventSource = "iam.amazonaws.com" and "#;
    for (condition, code) in [
        (r#"userIdentity.username = "bob""#, "CT001"),
        (r#"tlsDetails.version = "TLSv1.2""#, "CT002"),
        (r#"Records.0.eventName = "CreateUser""#, "CT003"),
        (r#"resources.ARN like "user""#, "CT004"),
        (r#"resources[0].ARN like "user""#, "CT005"),
        ("ispresent(responseElements)", "CT006"),
        (r#"readOnly = "false""#, "CT007"),
        ("readOnly = true", "CT007"),
        ("userIdentity.sessionContext.attributes.mfaAuthenticated = 1", "CT008"),
        ("sessionCredentialFromConsole = true", "CT008"),
        ("additionalEventData.MFAUsed = 0", "CT009"),
        (r#"additionalEventData.bytesTransferredOut > "100""#, "CT010"),
        ("eventName > 5", "CT011"),
        ("eventVersion > 1.8", "CT012"),
        (r#"eventName = "CreateUsr""#, "CT014"),
        (r#"eventName in ["CreateUser", "createuser"]"#, "CT015"),
        (r#"eventName = "RunInstances""#, "CT016"),
        (r#"eventName = "CreateUser" and requestParameters.nme = "bob""#, "CT017"),
        (r#"eventName = "CreateUser" and responseElements.usr.arn like "bob""#, "CT018"),
        (r#"userIdentity.type in ["IAMUser", "User"]"#, "CT019"),
        (r#"recipientAccountId = "1111-2222-3333""#, "CT020"),
        (r#"awsRegion = "us-east1""#, "CT021"),
        (r#"sourceIPAddress = "10.0.0.0/8""#, "CT022"),
        (r#"userIdentity.arn = "user/bob""#, "CT023"),
        (r#"userIdentity.arn = "arn:aws:iam::111122223333:role/deploy""#, "CT024"),
        (r#"errorCode = "AccesDenied""#, "CT025"),
        (r#"eventName like "create""#, "CT027"),
        ("@eventName = 1", "CT029"),
        ("toMillis(eventTime) > 0", "CT030"),
        (r#"eventTime = "2026-03-01""#, "CT031"),
        (r#"userIdentity.type = "AssumedRole" and userIdentity.userName = "deploy""#, "CT032"),
        (r#"additionalEventData.mfaused = "No""#, "CT033"),
    ] {
        let text = format!("{IAM}{condition} | stats count(*) as calls by awsRegion");
        assert_eq!(codes(&text), [code], "{text}");
    }
    let ec2 = r#"filter eventSource = "ec2.amazonaws.com" and errorCode = "UnauthorizedOperation""#;
    assert_eq!(codes(ec2), ["CT026"]);
}

#[test]
fn the_name_under_which_a_service_logs_a_call_is_written_instead() {
    for (wrong, right) in [
        (
            r#"eventSource = "lambda.amazonaws.com" && $.eventName = "RemovePermission""#,
            "RemovePermission20150331v2",
        ),
        (r#"eventSource = "s3.amazonaws.com" && $.eventName = "ListObjectsV2""#, "ListObjects"),
        (r#"eventSource = "s3.amazonaws.com" && $.eventName = "s3:PutBucketPolicy""#, "PutBucketPolicy"),
        (r#"eventSource = "S3.amazonaws.com" && $.eventName = "PutBucketPolicy""#, "s3.amazonaws.com"),
    ] {
        let text = format!("{{ $.{wrong} }}");
        let found = check(&text, Language::FilterPattern, &Options::default());
        let [one] = found.as_slice() else { panic!("{text}: {found:#?}") };
        let mended = one.fix.as_ref().map(|fix| fix.apply(&text)).unwrap_or_default();
        assert!(mended.contains(&format!("\"{right}\"")), "{text}: {mended}");
        assert_eq!(codes(&mended), [] as [&str; 0], "{mended}");
    }
}

#[test]
fn what_the_records_do_have_is_not_complained_of() {
    for text in [
        r#"{ $.recipientAccountId = 012345678901 && $.eventName = "ConsoleLogin" }"#,
        r#"{ $.userIdentity.accountId = "anonymous" && $.eventSource = "s3.amazonaws.com" }"#,
        r#"{ $.eventSource = "lambda.amazonaws.com" && $.eventName = "UpdateFunctionCode20150331v2" }"#,
        r#"{ $.eventSource = "lambda.amazonaws.com" && $.eventName = "UpdateFunctionCode*" }"#,
        r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.SomethingNew = "x" }"#,
        r#"{ $.sourceIPAddress = "AWS Internal" && $.eventType = "AwsServiceEvent" }"#,
        r#"{ $.sourceIPAddress = "10.*" && $.eventName = "ConsoleLogin" }"#,
        r#"{ $.userIdentity.arn = "arn:aws:sts::111122223333:assumed-role/*" && $.eventName = "ConsoleLogin" }"#,
        r#"{ $.eventSource = "s3.amazonaws.com" && $.requestParameters.X-Amz-Expires = "300" }"#,
        r#"{ $.requestParameters IS NULL && $.eventSource = "s3.amazonaws.com" }"#,
        r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }"#,
        r#"{ ($.eventSource = "s3.amazonaws.com" && $.eventName = "PutObject") || ($.eventSource = "ec2.amazonaws.com" && $.eventName = "RunInstances") }"#,
        r#"{ ($.eventSource = "s3.amazonaws.com" || $.eventSource = "ec2.amazonaws.com") && ($.eventName = "PutObject" || $.eventName = "RunInstances") }"#,
        "filter readOnly = 0 and managementEvent = 1 | stats count(*) as n by eventName",
        "fields eventTime, tolower(eventName) as name | filter name = \"consolelogin\" | sort eventTime desc",
        "filter eventSource = \"s3.amazonaws.com\" | stats sum(additionalEventData.bytesTransferredOut) as bytes by requestParameters.bucketName",
        "fields jsonParse(@message) as record | fields record.requestParameters.items[0].id as id | filter eventName = \"CreateUser\" and ispresent(id)",
        "filter recipientAccountId = 111122223333 and eventName = \"ConsoleLogin\"",
        "filter eventName = \"ConsoleLogin\" | stats count(*) as n by eventName | filter n > 5 | sort n desc",
    ] {
        assert_eq!(codes(text), [] as [&str; 0], "{text}");
    }
}
