//! Faults, records and threads.

use super::*;

fn create(name: &str) -> Call {
    Call::new(Operation::CreateLogGroup, json!({ "logGroupName": name }))
}

#[test]
fn a_fault_comes_to_the_call_that_was_named() {
    let account = Account::new();
    account.inject(When::Change(2), Failure::Throttled);
    account.inject(When::Of(Operation::DescribeLogGroups, 2), Failure::Unreachable);
    let describe = Call::new(Operation::DescribeLogGroups, json!({}));
    account.call(&create("a")).unwrap();
    account.call(&describe).unwrap();
    let fault = account.call(&create("b")).unwrap_err();
    assert_eq!(fault.to_string(), "ThrottlingException: Rate exceeded");
    assert_eq!(account.call(&describe).unwrap_err().cause(), Cause::Network);
    account.call(&create("b")).unwrap();
    let made: Vec<_> = account.calls().into_iter().map(|recorded| recorded.carried_out).collect();
    assert_eq!(made, [true, true, false, false, true]);
    assert_eq!(account.changes().len(), 3);
    assert_eq!(account.calls_of(Operation::CreateLogGroup)[2], create("b"));
}

#[test]
fn a_lost_answer_leaves_the_change_and_a_lost_request_does_not() {
    let account = Account::new();
    account.inject(When::Call(1), Failure::NoAnswerAfter);
    account.inject(When::Call(2), Failure::NoAnswerBefore);
    let after = account.call(&create("a")).unwrap_err();
    let before = account.call(&create("b")).unwrap_err();
    assert_eq!(after, before, "whoever calls cannot tell them apart");
    assert_eq!(after.cause(), Cause::Unknown);
    assert_eq!(account.call(&create("a")).unwrap_err().cause(), Cause::Exists);
    account.call(&create("b")).unwrap();
}

#[test]
fn each_failure_has_its_cause_in_every_service() {
    for failure in Failure::ALL {
        let wanted = match failure {
            Failure::Throttled | Failure::ServerErrorAfter => Cause::Throttled,
            Failure::AccessDenied => Cause::Denied,
            Failure::OperationAborted => Cause::Conflict,
            Failure::LimitExceeded => Cause::Quota,
            Failure::ExpiredToken => Cause::Session,
            Failure::NoAnswerAfter | Failure::NoAnswerBefore => Cause::Unknown,
            Failure::Unreachable => Cause::Network,
        };
        for operation in Operation::ALL {
            let account = Account::new();
            account.inject(When::Every(*operation), failure);
            if matches!(failure, Failure::NoAnswerAfter | Failure::ServerErrorAfter) {
                continue;
            }
            let fault = account.call(&Call::new(*operation, json!({}))).unwrap_err();
            assert_eq!(fault.cause(), wanted, "{operation} {failure:?}: {fault}");
            assert!(account.is_empty());
        }
    }
}

#[test]
fn faults_count_from_where_calls_are_forgotten_and_heal() {
    let account = Account::new();
    account.call(&create("a")).unwrap();
    account.forget_calls();
    account.inject(When::Change(1), Failure::OperationAborted);
    assert_eq!(account.call(&create("b")).unwrap_err().cause(), Cause::Conflict);
    account.inject(When::Every(Operation::CreateLogGroup), Failure::AccessDenied);
    let fault = account.call(&create("b")).unwrap_err();
    assert!(fault.to_string().ends_with("is not authorized to perform: logs:CreateLogGroup"), "{fault}");
    account.heal();
    account.call(&create("b")).unwrap();

    account.forget_calls();
    account.inject(When::From(2), Failure::ExpiredToken);
    let seen: Vec<_> = ["c", "d", "e"].iter().map(|name| account.call(&create(name)).is_ok()).collect();
    assert_eq!(seen, [true, false, false]);
}

#[test]
fn snapshots_have_neither_ids_nor_times() {
    let twice = [0, 5].map(|calls_before| {
        let account = Account::new();
        for _ in 0..calls_before {
            ok(&account, Operation::PutQueryDefinition, json!({ "name": "x", "queryString": "limit 1" }));
        }
        let queries =
            ok(&account, Operation::DescribeQueryDefinitions, json!({}))["queryDefinitions"].clone();
        for query in queries.as_array().unwrap() {
            let id = json!({ "queryDefinitionId": query["queryDefinitionId"] });
            ok(&account, Operation::DeleteQueryDefinition, id);
        }
        ground(&account);
        ok(&account, Operation::CreateTrail, delivering_trail());
        ok(&account, Operation::StartLogging, json!({ "Name": TRAIL }));
        ok(&account, Operation::PutQueryDefinition, json!({ "name": "a", "queryString": "limit 1" }));
        ok(&account, Operation::PutMetricFilter, filter("f", "ERROR"));
        account.snapshot()
    });
    assert_eq!(twice[0], twice[1]);
    assert_ne!(twice[0], Account::new().snapshot());
}

#[test]
fn several_threads_call_at_once() {
    let account = Account::new();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let account = &account;
            scope.spawn(move || {
                for number in 0..20 {
                    account.call(&create(&format!("group-{thread}-{number}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(account.calls().len(), 160);
    let found = ok(&account, Operation::DescribeLogGroups, json!({}));
    assert_eq!(found["logGroups"].as_array().unwrap().len(), 160);
}

#[test]
fn a_member_that_the_service_does_not_have_is_seen() {
    let account = Account::new();
    let call = Call::new(Operation::CreateLogGroup, json!({ "logGroupName": "a", "retentionInDays": 1 }));
    let fault = account.call(&call).unwrap_err();
    assert_eq!(fault.to_string(), "a request of logs:CreateLogGroup has no member `retentionInDays`");
    assert_eq!(constraints::check(&call).len(), 1);
}
