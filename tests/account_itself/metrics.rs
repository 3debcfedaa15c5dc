//! Detectors, alarms, dashboards and topics.

use super::*;

fn detector(stat: &str) -> Value {
    json!({ "SingleMetricAnomalyDetector": { "Namespace": "trail", "MetricName": "downloads", "Stat": stat } })
}

fn detectors(account: &Account, input: Value) -> Vec<Value> {
    ok(account, Operation::DescribeAnomalyDetectors, input)["AnomalyDetectors"].as_array().unwrap().clone()
}

#[test]
fn a_detector_is_known_by_its_metric_and_statistic() {
    let account = Account::new();
    let mut first = detector("Sum");
    first["Configuration"] = json!({ "MetricTimezone": "Europe/Berlin", "ExcludedTimeRanges": [
        { "StartTime": "2026-11-01T00:00:00Z", "EndTime": "2026-11-02T00:00:00Z" },
    ] });
    let id = ok(&account, Operation::PutAnomalyDetector, first);
    assert_eq!(detectors(&account, json!({}))[0]["Configuration"]["MetricTimezone"], "Europe/Berlin");
    // The same again: a full replacement (`spec/metrics-insights.md` 9, U35), under the same id.
    assert_eq!(ok(&account, Operation::PutAnomalyDetector, detector("Sum")), id);
    let found = detectors(&account, json!({}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["Configuration"], json!({ "ExcludedTimeRanges": [] }));
    assert_eq!(found[0]["StateValue"], "PENDING_TRAINING");
    assert_eq!(found[0]["MetricName"], "downloads");
    ok(&account, Operation::PutAnomalyDetector, detector("p99"));
    let mut with_dimensions = detector("Sum");
    with_dimensions["SingleMetricAnomalyDetector"]["Dimensions"] =
        json!([{ "Name": "a", "Value": "1" }, { "Name": "b", "Value": "2" }]);
    ok(&account, Operation::PutAnomalyDetector, with_dimensions.clone());
    with_dimensions["SingleMetricAnomalyDetector"]["Dimensions"] =
        json!([{ "Name": "b", "Value": "2" }, { "Name": "a", "Value": "1" }]);
    ok(&account, Operation::PutAnomalyDetector, with_dimensions);
    assert_eq!(detectors(&account, json!({})).len(), 3);
}

#[test]
fn detectors_are_found_by_metric_and_kind() {
    let account = Account::new();
    ok(&account, Operation::PutAnomalyDetector, detector("Sum"));
    let metric = json!({ "Id": "m1", "MetricStat": {
        "Metric": { "Namespace": "trail", "MetricName": "downloads" }, "Period": 300, "Stat": "Sum",
    }, "ReturnData": false });
    let rate = json!({ "Id": "e1", "Expression": "m1 / PERIOD(m1)" });
    let math = json!({ "MetricMathAnomalyDetector": { "MetricDataQueries": [metric, rate] } });
    ok(&account, Operation::PutAnomalyDetector, math.clone());
    assert_eq!(detectors(&account, json!({})).len(), 1);
    assert_eq!(detectors(&account, json!({ "AnomalyDetectorTypes": ["METRIC_MATH"] })).len(), 1);
    assert_eq!(
        detectors(&account, json!({ "AnomalyDetectorTypes": ["METRIC_MATH", "SINGLE_METRIC"] })).len(),
        2
    );
    assert_eq!(detectors(&account, json!({ "Namespace": "trail", "MetricName": "other" })).len(), 0);
    assert_eq!(detectors(&account, json!({ "Namespace": "trail", "Dimensions": [] })).len(), 1);
    let dimension = json!({ "Dimensions": [{ "Name": "a", "Value": "1" }] });
    assert_eq!(detectors(&account, dimension).len(), 0);
    let id = detectors(&account, json!({}))[0]["AnomalyDetectorId"].clone();
    assert_eq!(detectors(&account, json!({ "AnomalyDetectorIds": [id] })).len(), 1);
    let both = json!({ "AnomalyDetectorIds": [id], "Namespace": "trail" });
    assert_eq!(code(&account, Operation::DescribeAnomalyDetectors, both), "InvalidParameterCombination");

    ok(&account, Operation::DeleteAnomalyDetector, math.clone());
    assert_eq!(code(&account, Operation::DeleteAnomalyDetector, math), "ResourceNotFoundException");
    ok(&account, Operation::DeleteAnomalyDetector, json!({ "AnomalyDetectorId": id }));
    assert!(account.is_empty());
}

#[test]
fn detectors_are_refused() {
    let account = Account::new();
    let put = Operation::PutAnomalyDetector;
    assert_eq!(code(&account, put, json!({})), "MissingParameter");
    let mut both = detector("Sum");
    both["MetricName"] = "downloads".into();
    assert_eq!(code(&account, put, both), "InvalidParameterCombination");
    let configured = |configuration: Value| {
        let mut input = detector("Sum");
        input["Configuration"] = configuration;
        input
    };
    let range = json!({ "StartTime": "2026-11-01T00:00:00Z", "EndTime": "2026-11-02T00:00:00Z" });
    for bad in [
        json!({ "MetricTimezone": "Europe/Nowhere" }),
        json!({ "AdaptationSpeed": "QUICK" }),
        json!({ "ExcludedTimeRanges": vec![range.clone(); 11] }),
        json!({ "ExcludedTimeRanges": [{ "StartTime": range["EndTime"], "EndTime": range["StartTime"] }] }),
    ] {
        assert_eq!(code(&account, put, configured(bad.clone())), "InvalidParameterValue", "{bad}");
    }
    ok(
        &account,
        put,
        configured(json!({ "ExcludedTimeRanges": vec![range; 10], "AdaptationSpeed": "SLOW" })),
    );
    account.quotas(|quotas| quotas.detectors = 1);
    assert_eq!(code(&account, put, detector("Average")), "LimitExceededException");
    ok(&account, put, detector("Sum"));
}

fn alarm() -> Value {
    json!({
        "AlarmName": "downloads", "Namespace": "trail", "MetricName": "downloads", "Statistic": "Sum", "Period": 300,
        "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
    })
}

/// The band alarm of `spec/metrics-insights.md` 5.1.
fn band() -> Value {
    json!({
        "AlarmName": "band",
        "Metrics": [
            { "Id": "m1", "ReturnData": true, "MetricStat": {
                "Metric": { "Namespace": "trail", "MetricName": "downloads" }, "Period": 300, "Stat": "Sum",
            } },
            { "Id": "ad1", "ReturnData": true, "Expression": "ANOMALY_DETECTION_BAND(m1, 2)" },
        ],
        "ThresholdMetricId": "ad1", "ComparisonOperator": "GreaterThanUpperThreshold", "EvaluationPeriods": 3,
    })
}

#[test]
fn an_alarm_is_replaced_and_described_with_what_the_service_adds() {
    let account = Account::new();
    let mut first = alarm();
    first["AlarmDescription"] = "too many".into();
    first["Tags"] = json!([{ "Key": "team", "Value": "security" }]);
    ok(&account, Operation::PutMetricAlarm, first);
    let mut second = alarm();
    second["Tags"] = json!([{ "Key": "team", "Value": "ignored" }]);
    ok(&account, Operation::PutMetricAlarm, second);
    let found = ok(&account, Operation::DescribeAlarms, json!({ "AlarmNames": ["downloads", "other"] }));
    let found = found["MetricAlarms"].as_array().unwrap().clone();
    assert_eq!(found.len(), 1);
    let of = &found[0];
    assert_eq!(of["AlarmArn"], "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:downloads");
    assert_eq!(of["StateValue"], "INSUFFICIENT_DATA");
    assert_eq!((&of["ActionsEnabled"], &of["AlarmActions"]), (&json!(true), &json!([])));
    assert_eq!(of["Threshold"].to_string(), "1.0");
    assert_eq!(of.get("AlarmDescription"), None);
    // Tags of an update are ignored.
    let tags = ok(&account, Operation::ListAlarmTags, json!({ "ResourceARN": of["AlarmArn"] }));
    assert_eq!(tags["Tags"], json!([{ "Key": "team", "Value": "security" }]));
    ok(
        &account,
        Operation::TagAlarm,
        json!({
            "ResourceARN": of["AlarmArn"], "Tags": [{ "Key": "team", "Value": "audit" }],
        }),
    );
    let tags = ok(&account, Operation::ListAlarmTags, json!({ "ResourceARN": of["AlarmArn"] }));
    assert_eq!(tags["Tags"], json!([{ "Key": "team", "Value": "audit" }]));
    assert_eq!(
        ok(&account, Operation::DescribeAlarms, json!({ "AlarmTypes": ["CompositeAlarm"] }))["MetricAlarms"],
        json!([])
    );
}

#[test]
fn deleting_alarms_takes_those_that_are_there() {
    let account = Account::new();
    ok(&account, Operation::PutMetricAlarm, alarm());
    let both = Call::new(Operation::DeleteAlarms, json!({ "AlarmNames": ["other", "downloads"] }));
    assert_eq!(account.call(&both).unwrap_err().cause(), Cause::Missing);
    assert!(account.is_empty());
}

/// `spec/metrics-insights.md` 5.1 and 9, U37.
#[test]
fn alarms_are_refused() {
    let account = Account::new();
    let refusal = |mut input: Value, changes: Value| {
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(input.as_object_mut().unwrap().remove(name)),
                value => input[name] = value.clone(),
            }
        }
        refused(&account, Operation::PutMetricAlarm, input)
    };
    assert_eq!(
        refusal(alarm(), json!({ "DatapointsToAlarm": 4 })),
        "ValidationError: DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    );
    assert_eq!(
        refusal(alarm(), json!({ "ComparisonOperator": "GreaterThanUpperThreshold" })),
        "ValidationError: ComparisonOperators for ranges require ThresholdMetricId to be set"
    );
    assert_eq!(refusal(alarm(), json!({ "Period": null })), "ValidationError: Period must not be null");
    let select = json!({ "Id": "q1", "Expression": "SELECT SUM(downloads) FROM trail" });
    let metrics = json!({ "Metrics": [select], "ThresholdMetricId": null, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold" });
    assert_eq!(refusal(band(), metrics), "ValidationError: Period must not be null");
    for (changes, code) in [
        (json!({ "Threshold": null }), "MissingParameter"),
        (json!({ "Statistic": null }), "InvalidParameterCombination"),
        (json!({ "ExtendedStatistic": "p99" }), "InvalidParameterCombination"),
        (json!({ "Metrics": [{ "Id": "m1" }] }), "InvalidParameterCombination"),
        (json!({ "Period": 90 }), "ValidationError"),
        (json!({ "TreatMissingData": "never" }), "ValidationError"),
        (json!({ "EvaluationPeriods": 300 }), "ValidationError"),
        (json!({ "AlarmActions": [1, 2, 3, 4, 5, 6] }), "ValidationError"),
        (json!({ "AlarmName": "" }), "ValidationError"),
        (json!({ "WarmUpConfiguration": { "WarmUpPeriodDurationInMinutes": 2881 } }), "ValidationError"),
        (json!({ "EvaluationWindow": {} }), "ValidationError"),
        (json!({ "EvaluationWindow": { "WallClockWindow": {} }, "Period": 600 }), "ValidationError"),
    ] {
        let text = refusal(alarm(), changes.clone());
        assert!(text.starts_with(&format!("{code}:")), "{changes}: {text}");
    }
    for (changes, code) in [
        (json!({ "Threshold": 1 }), "InvalidParameterCombination"),
        (json!({ "ThresholdMetricId": "other" }), "ValidationError"),
        (json!({ "ThresholdMetricId": "m1" }), "ValidationError"),
        (json!({ "Period": 300 }), "InvalidParameterCombination"),
    ] {
        let text = refusal(band(), changes.clone());
        assert!(text.starts_with(&format!("{code}:")), "{changes}: {text}");
    }
    let mut by_the_clock = alarm();
    by_the_clock["EvaluationWindow"] = json!({ "WallClockWindow": { "Timezone": "Europe/Berlin" } });
    by_the_clock["WarmUpConfiguration"] = json!({ "WarmUpPeriodDurationInMinutes": 30 });
    ok(&account, Operation::PutMetricAlarm, by_the_clock);
    ok(&account, Operation::PutMetricAlarm, band());
    account.quotas(|quotas| quotas.alarms = 2);
    let text = refusal(alarm(), json!({ "AlarmName": "third" }));
    assert!(text.starts_with("LimitExceeded:"), "{text}");
}

#[test]
fn defaults_are_described_on_demand() {
    let account = Account::new();
    account.describe_defaults(true);
    ok(&account, Operation::PutMetricAlarm, band());
    ok(&account, Operation::PutAnomalyDetector, detector("Sum"));
    let found = ok(&account, Operation::DescribeAlarms, json!({}))["MetricAlarms"][0].clone();
    assert_eq!((&found["TreatMissingData"], &found["DatapointsToAlarm"]), (&json!("missing"), &json!(3)));
    assert_eq!(detectors(&account, json!({}))[0]["Configuration"]["AdaptationSpeed"], "NORMAL");
}

#[test]
fn dashboards_come_with_messages() {
    let account = Account::new();
    let put = |name: &str, body: &str| json!({ "DashboardName": name, "DashboardBody": body });
    let empty =
        r#"{ "widgets": [{ "type": "metric", "properties": { "region": "eu-central-1", "metrics": [] } }] }"#;
    let answer = ok(&account, Operation::PutDashboard, put("trail", empty));
    assert_eq!(answer["DashboardValidationMessages"][0]["DataPath"], "/widgets/0/properties/metrics");
    // The body is kept as it was sent.
    let got = ok(&account, Operation::GetDashboard, json!({ "DashboardName": "trail" }));
    assert_eq!(got["DashboardBody"], empty);
    assert_eq!(got["DashboardArn"], "arn:aws:cloudwatch::111122223333:dashboard/trail");
    let answer = ok(&account, Operation::PutDashboard, put("trail", r#"{"widgets":[]}"#));
    assert_eq!(answer["DashboardValidationMessages"], json!([]));

    for (name, body) in [
        ("trail", "{"),
        ("trail", "[]"),
        ("trail", "{}"),
        ("trail", r#"{"widgets":[{"type":"picture"}]}"#),
        ("trail", r#"{"widgets":[{"type":"log","properties":{}}]}"#),
        ("trail", r#"{"widgets":[{"type":"text","x":24,"y":0,"properties":{}}]}"#),
        ("trail", r#"{"widgets":[{"type":"text","x":1,"properties":{}}]}"#),
        ("a b", r#"{"widgets":[]}"#),
        (&"a".repeat(256), r#"{"widgets":[]}"#),
    ] {
        assert_eq!(
            code(&account, Operation::PutDashboard, put(name, body)),
            "InvalidParameterInput",
            "{body}"
        );
    }
    account.move_to("us-east-1");
    ok(&account, Operation::DeleteDashboards, json!({ "DashboardNames": ["trail"] }));
    assert_eq!(
        code(&account, Operation::GetDashboard, json!({ "DashboardName": "trail" })),
        "ResourceNotFound"
    );
    assert_eq!(
        code(&account, Operation::DeleteDashboards, json!({ "DashboardNames": ["trail"] })),
        "ResourceNotFound"
    );
}

#[test]
fn topics_are_made_once_and_subscriptions_wait() {
    let account = Account::new();
    let tagged = json!({ "Name": "alarms", "Tags": [{ "Key": "team", "Value": "security" }] });
    assert_eq!(ok(&account, Operation::CreateTopic, tagged), json!({ "TopicArn": TOPIC }));
    assert_eq!(
        ok(&account, Operation::CreateTopic, json!({ "Name": "alarms" })),
        json!({ "TopicArn": TOPIC })
    );
    let other = json!({ "Name": "alarms", "Tags": [{ "Key": "team", "Value": "other" }] });
    assert_eq!(
        refused(&account, Operation::CreateTopic, other),
        "InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different tags"
    );
    for bad in ["", "a.b", "a b", &"a".repeat(257)] {
        assert_eq!(
            code(&account, Operation::CreateTopic, json!({ "Name": bad })),
            "InvalidParameter",
            "{bad}"
        );
    }

    let subscribe = |protocol: &str, endpoint: &str| json!({ "TopicArn": TOPIC, "Protocol": protocol, "Endpoint": endpoint });
    let mail = subscribe("email", "a@example.com");
    assert_eq!(ok(&account, Operation::Subscribe, mail.clone())["SubscriptionArn"], "pending confirmation");
    ok(&account, Operation::Subscribe, mail);
    let list = || {
        ok(&account, Operation::ListSubscriptionsByTopic, json!({ "TopicArn": TOPIC }))["Subscriptions"]
            .clone()
    };
    assert_eq!(names(&list(), "SubscriptionArn"), ["PendingConfirmation"]);
    let pending = json!({ "SubscriptionArn": "PendingConfirmation" });
    assert_eq!(code(&account, Operation::Unsubscribe, pending), "InvalidParameter");
    let attributes =
        ok(&account, Operation::GetTopicAttributes, json!({ "TopicArn": TOPIC }))["Attributes"].clone();
    assert_eq!(
        (&attributes["SubscriptionsPending"], &attributes["SubscriptionsConfirmed"]),
        (&json!("1"), &json!("0"))
    );

    account.confirm_subscriptions("a@example.com");
    let arn = list()[0]["SubscriptionArn"].clone();
    assert!(arn.as_str().unwrap().starts_with(&format!("{TOPIC}:")), "{arn}");
    let queue = subscribe("sqs", "arn:aws:sqs:eu-central-1:111122223333:queue");
    assert!(
        ok(&account, Operation::Subscribe, queue)["SubscriptionArn"].as_str().unwrap().starts_with(TOPIC)
    );
    assert_eq!(code(&account, Operation::Subscribe, subscribe("email", "nobody")), "InvalidParameter");
    assert_eq!(code(&account, Operation::Subscribe, subscribe("pigeon", "x")), "InvalidParameter");
    ok(&account, Operation::Unsubscribe, json!({ "SubscriptionArn": arn }));
    assert_eq!(list().as_array().unwrap().len(), 1);

    ok(&account, Operation::DeleteTopic, json!({ "TopicArn": TOPIC }));
    ok(&account, Operation::DeleteTopic, json!({ "TopicArn": TOPIC }));
    assert_eq!(code(&account, Operation::GetTopicAttributes, json!({ "TopicArn": TOPIC })), "NotFound");
    assert!(account.is_empty());
}
