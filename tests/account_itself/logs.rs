//! Log groups, metric filters, saved queries.

use super::*;

#[test]
fn a_log_group_has_what_the_service_adds() {
    let account = Account::new();
    ok(&account, Operation::CreateLogGroup, json!({ "logGroupName": GROUP, "tags": { "team": "security" } }));
    let found = ok(&account, Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": GROUP }));
    let group = &found["logGroups"][0];
    let arn = format!("arn:aws:logs:eu-central-1:111122223333:log-group:{GROUP}");
    assert_eq!(group["logGroupArn"], arn);
    assert_eq!(group["arn"], format!("{arn}:*"));
    assert_eq!(group["metricFilterCount"], 0);
    assert_eq!(group.get("retentionInDays"), None);
    assert!(group["creationTime"].as_i64().unwrap() > 1_796_025_600_000);

    // Tags go by the ARN without `:*`.
    let tags = ok(&account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }));
    assert_eq!(tags, json!({ "tags": { "team": "security" } }));
    let starred = json!({ "resourceArn": format!("{arn}:*") });
    assert_eq!(code(&account, Operation::ListLogGroupTags, starred), "InvalidParameterException");
    ok(
        &account,
        Operation::TagLogGroup,
        json!({ "resourceArn": arn, "tags": { "team": "audit", "a": "b" } }),
    );
    let tags = ok(&account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }));
    assert_eq!(tags, json!({ "tags": { "team": "audit", "a": "b" } }));
}

#[test]
fn a_prefix_finds_more_than_the_group_of_that_name() {
    let account = Account::new();
    for name in ["trail-2", "trail", "other"] {
        ok(&account, Operation::CreateLogGroup, json!({ "logGroupName": name }));
    }
    let found = ok(&account, Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": "trail" }));
    assert_eq!(names(&found["logGroups"], "logGroupName"), ["trail", "trail-2"]);
    let found = ok(&account, Operation::DescribeLogGroups, json!({ "logGroupNamePattern": "the" }));
    assert_eq!(names(&found["logGroups"], "logGroupName"), ["other"]);
    let both = json!({ "logGroupNamePrefix": "trail", "logGroupNamePattern": "the" });
    assert_eq!(code(&account, Operation::DescribeLogGroups, both), "InvalidParameterException");
}

#[test]
fn log_groups_are_refused_by_name_and_by_being_there() {
    let account = Account::new();
    group(&account);
    let create = |name: &str| json!({ "logGroupName": name });
    assert_eq!(code(&account, Operation::CreateLogGroup, create(GROUP)), "ResourceAlreadyExistsException");
    for bad in ["", "a b", "a:b", "aws/x", &"x".repeat(513)] {
        assert_eq!(
            code(&account, Operation::CreateLogGroup, create(bad)),
            "InvalidParameterException",
            "{bad}"
        );
    }
    assert_eq!(code(&account, Operation::DeleteLogGroup, create("other")), "ResourceNotFoundException");
}

#[test]
fn retention_is_one_of_the_list() {
    let account = Account::new();
    group(&account);
    let days = |days: i64| json!({ "logGroupName": GROUP, "retentionInDays": days });
    assert_eq!(code(&account, Operation::PutRetentionPolicy, days(91)), "InvalidParameterException");
    ok(&account, Operation::PutRetentionPolicy, days(3653));
    let retention = || {
        let found = ok(&account, Operation::DescribeLogGroups, json!({}));
        found["logGroups"][0].get("retentionInDays").cloned()
    };
    assert_eq!(retention(), Some(3653.into()));
    ok(&account, Operation::DeleteRetentionPolicy, json!({ "logGroupName": GROUP }));
    assert_eq!(retention(), None);
    let other = json!({ "logGroupName": "other", "retentionInDays": 1 });
    assert_eq!(code(&account, Operation::PutRetentionPolicy, other), "ResourceNotFoundException");
}

#[test]
fn a_metric_filter_is_replaced_by_its_name_and_described_as_it_was_sent() {
    let account = Account::new();
    group(&account);
    let mut first = filter("presigned", " {$.eventName =  GetObject} ");
    first["metricTransformations"][0]["defaultValue"] = 0.into();
    ok(&account, Operation::PutMetricFilter, first);
    let found = ok(&account, Operation::DescribeMetricFilters, json!({ "logGroupName": GROUP }));
    let of = found["metricFilters"][0].clone();
    assert_eq!(of["filterPattern"], " {$.eventName =  GetObject} ");
    assert_eq!(of["metricTransformations"][0]["defaultValue"].to_string(), "0.0");
    assert_eq!(of["metricTransformations"][0].get("unit"), None);
    assert_eq!(of["metricTransformations"][0].get("dimensions"), None);

    ok(&account, Operation::PutMetricFilter, filter("presigned", "ERROR"));
    let found = ok(&account, Operation::DescribeMetricFilters, json!({ "logGroupName": GROUP }));
    assert_eq!(found["metricFilters"].as_array().unwrap().len(), 1);
    assert_eq!(found["metricFilters"][0]["filterPattern"], "ERROR");
    assert_eq!(found["metricFilters"][0]["creationTime"], of["creationTime"]);
    let groups = ok(&account, Operation::DescribeLogGroups, json!({}));
    assert_eq!(groups["logGroups"][0]["metricFilterCount"], 1);

    // A failed replacement leaves the old filter (`spec/filter-pattern.md` 4.2).
    refused(&account, Operation::PutMetricFilter, filter("presigned", "{ $.a = }"));
}

#[test]
fn metric_filters_are_found_by_group_or_by_metric() {
    let account = Account::new();
    group(&account);
    for name in ["b", "a", "ab"] {
        ok(&account, Operation::PutMetricFilter, filter(name, "ERROR"));
    }
    let describe = |input: Value| {
        names(&ok(&account, Operation::DescribeMetricFilters, input)["metricFilters"], "filterName")
    };
    assert_eq!(describe(json!({ "logGroupName": GROUP })), ["a", "ab", "b"]);
    assert_eq!(describe(json!({ "logGroupName": GROUP, "filterNamePrefix": "a" })), ["a", "ab"]);
    assert_eq!(describe(json!({ "metricNamespace": "trail", "metricName": "downloads" })).len(), 3);
    assert_eq!(describe(json!({ "metricNamespace": "trail", "metricName": "other" })).len(), 0);
    let half = json!({ "metricName": "downloads" });
    assert_eq!(code(&account, Operation::DescribeMetricFilters, half), "InvalidParameterException");
    let both = json!({ "logGroupName": GROUP, "metricNamespace": "trail", "metricName": "downloads" });
    assert_eq!(code(&account, Operation::DescribeMetricFilters, both), "InvalidParameterException");
    let other = json!({ "logGroupName": "other" });
    assert_eq!(code(&account, Operation::DescribeMetricFilters, other), "ResourceNotFoundException");
}

/// The texts of `spec/filter-pattern.md` 4.5.
#[test]
fn metric_filters_are_refused_in_the_service_s_words() {
    let account = Account::new();
    group(&account);
    let json_pattern = "{ $.eventName = GetObject }";
    let refusal = |pattern: &str, change: &dyn Fn(&mut Value)| {
        let mut input = filter("f", pattern);
        change(&mut input);
        let text = refused(&account, Operation::PutMetricFilter, input);
        text.strip_prefix("InvalidParameterException: ").unwrap_or(&text).to_owned()
    };
    let of = |change: fn(&mut Value)| move |input: &mut Value| change(&mut input["metricTransformations"][0]);

    assert_eq!(refusal("{ $.a = 1", &|_| ()), "Invalid metric filter pattern");
    assert_eq!(
        refusal("%a% %b% %c%", &|_| ()),
        "Your input has exceeded the maximum of 2 regular expressions per filter pattern."
    );
    assert_eq!(
        refusal(json_pattern, &of(|of| of["metricValue"] = "many".into())),
        "Invalid metric transformation: metric value many must be a valid number"
    );
    assert_eq!(
        refusal(json_pattern, &of(|of| of["dimensions"] = json!({ "User": "$.users[*].name" }))),
        "Invalid metric transformation: dimension value must be valid selector"
    );
    assert_eq!(
        refusal(
            json_pattern,
            &of(|of| {
                of["dimensions"] = json!({ "User": "$.userName" });
                of["defaultValue"] = 0.into();
            })
        ),
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties"
    );
    let four = json!({ "a": "$.a", "b": "$.b", "c": "$.c", "d": "$.d" });
    assert_eq!(
        refusal(json_pattern, &|input| input["metricTransformations"][0]["dimensions"] = four.clone()),
        "Number of dimensions exceeds the maximum number of dimensions supported per metric filter"
    );
    assert_eq!(
        refusal("ERROR", &of(|of| of["dimensions"] = json!({ "User": "$.userName" }))),
        "The specified filter pattern does not support dimensions"
    );
    assert_eq!(
        refusal("ERROR", &|input| input["emitSystemFieldDimensions"] = json!(["@aws.user"])),
        "The provided system fields are invalid. The supported system fields are - [@aws.region, @aws.account, @source.log]"
    );
    let long = refusal(&"x".repeat(1025), &|_| ());
    assert!(
        long.ends_with("at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to 1024"),
        "{long}"
    );
    for (member, text) in [("filterName", "a:b"), ("filterName", ""), ("filterName", "a*")] {
        assert!(refusal("ERROR", &|input| input[member] = text.into()).contains("'filterName'"), "{text}");
    }
    let mut elsewhere = filter("f", "ERROR");
    elsewhere["logGroupName"] = "other".into();
    assert_eq!(
        refused(&account, Operation::PutMetricFilter, elsewhere),
        "ResourceNotFoundException: The specified log group does not exist."
    );
}

#[test]
fn legal_dimensions_units_and_values_are_taken() {
    let account = Account::new();
    group(&account);
    let mut json_filter = filter("json", "{ $.eventName = GetObject }");
    json_filter["metricTransformations"][0]["dimensions"] = json!({ "a": "$.a.b", "b": "$.list[0].c" });
    json_filter["metricTransformations"][0]["metricValue"] =
        "$.additionalEventData.bytesTransferredOut".into();
    json_filter["metricTransformations"][0]["unit"] = "Bytes".into();
    json_filter["emitSystemFieldDimensions"] = json!(["@aws.account"]);
    ok(&account, Operation::PutMetricFilter, json_filter);
    let mut space = filter("space", "[ip, user, status = 5*]");
    space["metricTransformations"][0]["dimensions"] = json!({ "User": "$user" });
    ok(&account, Operation::PutMetricFilter, space);
    ok(&account, Operation::PutMetricFilter, filter("all", ""));
}

#[test]
fn a_group_has_a_hundred_filters_and_five_with_a_regex() {
    let account = Account::new();
    group(&account);
    let put = |name: &str, pattern: &str| {
        account.call(&Call::new(Operation::PutMetricFilter, filter(name, pattern)))
    };
    for number in 0..5 {
        put(&format!("regex-{number}"), "%a+%").unwrap();
    }
    let limit = Fault::service("LimitExceededException", "Resource limit exceeded.").to_string();
    assert_eq!(put("regex-5", "{ $.a = %b% }").unwrap_err().to_string(), limit);
    // Replacing one at the limit works, and `%` in quotes is no regex.
    put("regex-4", "%b+%").unwrap();
    put("quoted", "\"100%\" \"50%\"").unwrap();
    for number in 6..100 {
        put(&format!("f-{number}"), "ERROR").unwrap();
    }
    let fault = put("one-more", "ERROR").unwrap_err();
    assert_eq!(fault.to_string(), limit);
    assert_eq!(fault.cause(), Cause::Quota);
    put("f-6", "WARN").unwrap();
    ok(&account, Operation::DeleteMetricFilter, json!({ "logGroupName": GROUP, "filterName": "f-7" }));
    put("one-more", "ERROR").unwrap();
    assert_eq!(
        refused(
            &account,
            Operation::DeleteMetricFilter,
            json!({ "logGroupName": GROUP, "filterName": "f-7" })
        ),
        "ResourceNotFoundException: The specified metric filter does not exist."
    );
}

/// `spec/filter-pattern.md` 3.5.
#[test]
fn patterns_are_tested_on_messages_counted_from_one() {
    let account = Account::new();
    let test = |pattern: &str, messages: &[&str]| {
        ok(
            &account,
            Operation::TestMetricFilter,
            json!({ "filterPattern": pattern, "logEventMessages": messages }),
        )
    };
    let found =
        test("{ $.eventName = GetObject }", &["{\"eventName\":\"Other\"}", "{\"eventName\":\"GetObject\"}"]);
    assert_eq!(
        found,
        json!({ "matches": [
        { "eventNumber": 2, "eventMessage": "{\"eventName\":\"GetObject\"}", "extractedValues": {} },
    ] })
    );
    let found = test("[ip, , status]", &["10.0.0.1 alice 200"]);
    assert_eq!(
        found["matches"][0]["extractedValues"],
        json!({ "$ip": "10.0.0.1", "$2": "alice", "$status": "200" })
    );
    let none = json!({ "filterPattern": "a", "logEventMessages": [] });
    assert_eq!(code(&account, Operation::TestMetricFilter, none), "InvalidParameterException");
}

#[test]
fn a_saved_query_without_its_id_gets_a_twin() {
    let account = Account::new();
    let query =
        json!({ "name": "trail/downloads", "queryString": "stats count(*)", "logGroupNames": [GROUP] });
    let id = ok(&account, Operation::PutQueryDefinition, query.clone())["queryDefinitionId"].clone();
    let twin = ok(&account, Operation::PutQueryDefinition, query.clone())["queryDefinitionId"].clone();
    assert_ne!(id, twin);
    let describe = |prefix: &str| {
        let input = json!({ "queryDefinitionNamePrefix": prefix });
        ok(&account, Operation::DescribeQueryDefinitions, input)["queryDefinitions"].clone()
    };
    assert_eq!(names(&describe("trail/"), "name"), ["trail/downloads"; 2]);
    assert_eq!(describe("rail").as_array().unwrap().len(), 0);

    // An update replaces everything: log groups that are not named are gone.
    ok(
        &account,
        Operation::PutQueryDefinition,
        json!({
            "queryDefinitionId": twin, "name": "trail/other", "queryString": "limit 1",
        }),
    );
    let other = describe("trail/other")[0].clone();
    assert_eq!((&other["queryDefinitionId"], &other["logGroupNames"]), (&twin, &json!([])));
    ok(&account, Operation::DeleteQueryDefinition, json!({ "queryDefinitionId": twin }));
    let gone = json!({ "queryDefinitionId": twin });
    assert_eq!(code(&account, Operation::DeleteQueryDefinition, gone), "ResourceNotFoundException");
    let unknown = json!({ "queryDefinitionId": "x", "name": "a", "queryString": "b" });
    assert_eq!(code(&account, Operation::PutQueryDefinition, unknown), "ResourceNotFoundException");

    // A client token makes a repetition harmless.
    let mut tokened = query;
    tokened["clientToken"] = "0123456789-0123456789-0123456789-0123".into();
    let one = ok(&account, Operation::PutQueryDefinition, tokened.clone());
    assert_eq!(ok(&account, Operation::PutQueryDefinition, tokened), one);
}
