//! What holds for any stack in an account: what is applied is there, nothing is done twice, nothing is left, and no failure at any
//! call changes where it ends.
#![cfg(feature = "provision")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod account;
mod desk;
mod made_stacks;

use account::{Account, Failure, Organization, When};
use desk::Desk;
use made_stacks::{Recipe, recipes};
use proptest::prelude::*;
use serde_json::{Value, json};
use trailql::provision::{Access, Action, Call, Kind, Manifest, Operation, Plan, PlanOptions, Services};

const REGION: &str = account::REGION;

/// An account with the bucket that the made-up trails deliver to.
fn account() -> Account {
    let account = Account::new().in_organization(Organization::managed_here());
    let location = json!({ "LocationConstraint": REGION });
    let bucket = json!({ "Bucket": "made-bucket", "CreateBucketConfiguration": location });
    account.call(&Call::new(Operation::CreateBucket, bucket)).unwrap();
    account.forget_calls();
    account
}

fn options() -> PlanOptions {
    PlanOptions { name: "made".to_owned(), bucket_policy: true, delete_data: true, ..PlanOptions::default() }
}

fn desk(account: &Account) -> Desk<'_> {
    Desk::at(account, "made", REGION, options())
}

/// What is there beside the bucket, which is not the stack's.
fn is_empty_but_for_the_bucket(account: &Account) -> bool {
    account.snapshot() == self::account().snapshot()
}

/// Everybody who was ever asked says yes.
fn confirm_all(account: &Account) {
    (0..5).for_each(|one| account.confirm_subscriptions(&format!("team-{one}@example.com")));
}

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { cases: count, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn what_is_applied_is_there(recipe in recipes(), describes_defaults in any::<bool>()) {
        let account = account();
        account.describe_defaults(describes_defaults);
        let stack = recipe.checked();
        let mut desk = desk(&account);
        let outcome = desk.apply(&stack);
        prop_assert!(outcome.is_complete(), "{outcome:?}");
        let again = desk.plan(&stack).unwrap();
        prop_assert!(again.is_empty(), "{:#?}", again.changes.iter().filter(|change| change.is_change()).collect::<Vec<_>>());
        // Who has no manifest knows by tags what is whose.
        let stranger = self::desk(&account);
        let plan = stranger.plan(&stack).unwrap();
        prop_assert!(plan.is_empty() && plan.problems.is_empty(), "{:?}", plan.problems);
    }

    #[test]
    fn nothing_is_left(recipe in recipes(), with_manifest in any::<bool>()) {
        let account = account();
        let stack = recipe.checked();
        let mut desk = desk(&account);
        desk.apply(&stack);
        if !with_manifest {
            desk.manifest = Manifest::new("made", &desk.place);
        }
        let plan = desk.plan_destruction(&stack);
        let outcome = desk.run(&plan);
        prop_assert!(outcome.is_complete(), "{outcome:?}");
        prop_assert!(is_empty_but_for_the_bucket(&account), "{:#}", account.snapshot());
        prop_assert!(desk.plan_destruction(&stack).is_empty());
    }

    #[test]
    fn one_stack_becomes_another(before in recipes(), after in recipes()) {
        let changed = account();
        let mut desk = desk(&changed);
        desk.apply(&before.checked());
        confirm_all(&changed);
        let outcome = desk.apply(&after.checked());
        prop_assert!(outcome.is_complete(), "{outcome:?}");
        prop_assert!(desk.plan(&after.checked()).unwrap().is_empty());
        let fresh = account();
        self::desk(&fresh).apply(&after.checked());
        confirm_all(&changed);
        confirm_all(&fresh);
        prop_assert_eq!(without_what_only_grows(changed.snapshot()), without_what_only_grows(fresh.snapshot()));
        // What only grows goes with the rest.
        let plan = desk.plan_destruction(&after.checked());
        prop_assert!(desk.run(&plan).is_complete());
        prop_assert!(is_empty_but_for_the_bucket(&changed), "{:#}", changed.snapshot());
    }

    #[test]
    fn a_failure_at_any_call_does_not_change_where_it_ends(
        recipe in recipes(),
        call in 1usize..80,
        failure in proptest::sample::select(Failure::ALL.to_vec()),
    ) {
        let stack = recipe.checked();
        let untroubled = account();
        desk(&untroubled).apply(&stack);

        let account = account();
        let mut desk = desk(&account);
        account.inject(When::Call(call), failure);
        // A plan that could not be read is a plan to be read again.
        if let Ok(plan) = desk.plan(&stack) {
            desk.run(&plan);
        }
        account.heal();
        let outcome = desk.apply(&stack);
        prop_assert!(outcome.is_complete(), "{outcome:?}");
        prop_assert_eq!(account.snapshot(), untroubled.snapshot());
        prop_assert!(desk.plan(&stack).unwrap().is_empty());
        let plan = desk.plan_destruction(&stack);
        prop_assert!(desk.run(&plan).is_complete());
        prop_assert!(is_empty_but_for_the_bucket(&account), "{:#}", account.snapshot());
    }

    #[test]
    fn a_failure_while_destroying_leaves_the_rest_for_the_next_time(
        recipe in recipes(),
        change in 1usize..30,
        failure in proptest::sample::select(Failure::ALL.to_vec()),
    ) {
        let account = account();
        let stack = recipe.checked();
        let mut desk = desk(&account);
        desk.apply(&stack);
        account.forget_calls();
        account.inject(When::Change(change), failure);
        let plan = desk.plan_destruction(&stack);
        desk.run(&plan);
        account.heal();
        let plan = desk.plan_destruction(&stack);
        let outcome = desk.run(&plan);
        prop_assert!(outcome.is_complete(), "{outcome:?}");
        prop_assert!(is_empty_but_for_the_bucket(&account), "{:#}", account.snapshot());
    }

    #[test]
    fn nothing_is_made_before_what_it_needs(recipe in recipes()) {
        let account = account();
        let stack = recipe.checked();
        let mut desk = desk(&account);
        let plan = desk.plan(&stack).unwrap();
        account.forget_calls();
        desk.run(&plan);
        let changes = account.changes();
        let first = |operation: Operation| changes.iter().position(|one| one.call.operation == operation);
        let last = |operation: Operation| changes.iter().rposition(|one| one.call.operation == operation);
        for (before, behind) in [
            (Operation::CreateLogGroup, Operation::PutMetricFilter),
            (Operation::CreateLogGroup, Operation::CreateRole),
            (Operation::PutRolePolicy, Operation::CreateTrail),
            (Operation::PutBucketPolicy, Operation::CreateTrail),
            (Operation::CreateTrail, Operation::StartLogging),
            (Operation::CreateLogGroup, Operation::PutQueryDefinition),
        ] {
            if let (Some(before), Some(behind)) = (last(before), first(behind)) {
                prop_assert!(before < behind);
            }
        }
        prop_assert!(changes.iter().all(|one| one.call.operation.access() != Access::Delete));
    }
}

/// The state without what a stack adds to and takes from only when it goes: a trail writes by what its bucket allows until it is
/// another trail. Whoever never confirmed a subscription cannot be unsubscribed.
fn without_what_only_grows(mut state: Value) -> Value {
    strip(&mut state);
    state
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !matches!(name.as_str(), "policy"));
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => {
            items.retain(|item| item.get("confirmed").is_none_or(|confirmed| confirmed == true));
            items.iter_mut().for_each(strip);
        }
        _ => {}
    }
}

#[test]
fn what_others_made_stays() {
    let account = account();
    let recipe = Recipe {
        trail: None,
        retention: None,
        filters: Vec::new(),
        subscriptions: Vec::new(),
        alarms: Vec::new(),
        queries: Vec::new(),
        dashboards: Vec::new(),
        tag: None,
    };
    let group = json!({ "logGroupName": "made/trail" });
    account.call(&Call::new(Operation::CreateLogGroup, group)).unwrap();
    let stack = recipe.checked();
    let mut desk = desk(&account);
    let plan = desk.plan(&stack).unwrap();
    assert_eq!(plan.problems.len(), 1);
    assert_eq!(
        plan.problems[0].to_string(),
        "log group `made/trail` is there already, and this stack did not make it"
    );
    assert_eq!(desk.run(&plan).done.len(), 0, "a plan with problems does nothing");

    let adopting = PlanOptions { adopt: true, ..options() };
    let plan = Plan::apply(&stack, &desk.place, &desk.manifest, &account, &|_| (), &adopting).unwrap();
    assert!(plan.problems.is_empty());
    assert!(desk.run(&plan).is_complete());
    assert!(desk.plan(&stack).unwrap().problems.is_empty(), "what was taken over once is known");
    let plan = desk.plan_destruction(&stack);
    desk.run(&plan);
    let groups = account.call(&Call::new(Operation::DescribeLogGroups, json!({}))).unwrap();
    assert_eq!(groups["logGroups"].as_array().unwrap().len(), 1, "what was there before stays");
    assert!(plan.changes.iter().any(|change| {
        change.resource.id.kind == Kind::LogGroup && matches!(change.action, Action::Keep(_))
    }));
}
