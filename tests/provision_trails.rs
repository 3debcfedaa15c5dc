//! A stack's trail where accounts are less simple than the scenario's: what an update takes away, whose trail it is, in which
//! Region it and its role are, whose bucket it has and who else writes the bucket's policy.
#![cfg(feature = "provision")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod account;
mod desk;
mod made_stacks;

use account::{ACCOUNT, Account, Failure, Organization, REGION, When};
use desk::Desk;
use serde_json::{Value, json};
use trailql::provision::{
    Action, Call, Fault, Kind, Operation, Plan, PlanOptions, Problem, Services, Wanted, import,
    needed_bucket_statements,
};
use trailql::stack::CheckedStack;

const BUCKET: &str = "trail-bucket";
const TRAIL: &str = "security-trail";
const MANAGEMENT: &str = "999988887777";

/// A stack of a log group and a trail with these further members.
fn stack(members: &str) -> CheckedStack {
    made_stacks::checked(&format!(
        "name = 'watch'\n[logGroup]\nlogGroupName = 'trail'\n[trail]\nName = '{TRAIL}'\nS3BucketName = '{BUCKET}'\n{members}\n"
    ))
}

fn of_organization() -> CheckedStack {
    stack("IsOrganizationTrail = true\nIsMultiRegionTrail = true")
}

fn call(account: &Account, operation: Operation, input: Value) -> Value {
    account.call(&Call::new(operation, input)).unwrap_or_else(|fault| panic!("{operation}: {fault}"))
}

fn with_bucket(account: Account) -> Account {
    let location = json!({ "LocationConstraint": REGION });
    call(
        &account,
        Operation::CreateBucket,
        json!({ "Bucket": BUCKET, "CreateBucketConfiguration": location }),
    );
    account
}

fn desk(account: &Account) -> Desk<'_> {
    in_region(account, REGION)
}

fn in_region<'a>(account: &'a Account, region: &str) -> Desk<'a> {
    let options = PlanOptions { bucket_policy: true, delete_data: true, ..PlanOptions::default() };
    Desk::at(account, "watch", region, options)
}

fn told(plan: &Plan) -> Vec<String> {
    plan.problems.iter().map(ToString::to_string).collect()
}

fn trail(account: &Account, name: &str) -> Value {
    call(account, Operation::GetTrail, json!({ "Name": name }))["Trail"].clone()
}

fn policy(account: &Account) -> Value {
    let answer = call(account, Operation::GetBucketPolicy, json!({ "Bucket": BUCKET }));
    serde_json::from_str(answer["Policy"].as_str().unwrap()).unwrap()
}

fn put_policy(account: &Account, statements: &[Value]) {
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    call(account, Operation::PutBucketPolicy, json!({ "Bucket": BUCKET, "Policy": policy }));
}

fn of_others(sid: &str) -> Value {
    json!({ "Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject",
        "Resource": format!("arn:aws:s3:::{BUCKET}/*") })
}

#[test]
fn what_a_trail_no_longer_wants_goes() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    let key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    desk.settle(&stack(&format!(
        "S3KeyPrefix = 'audit'\nKmsKeyId = '{key}'\nEnableLogFileValidation = true"
    )));
    let before = trail(&account, TRAIL);
    assert_eq!((&before["S3KeyPrefix"], &before["KmsKeyId"]), (&json!("audit"), &json!(key)));
    desk.settle(&stack(""));
    let after = trail(&account, TRAIL);
    assert_eq!((after.get("S3KeyPrefix"), after.get("KmsKeyId")), (None, None));
    assert_eq!(after["LogFileValidationEnabled"], false);
    // And the delivery, with the log group.
    desk.settle(&made_stacks::checked(&format!(
        "name = 'watch'\n[trail]\nName = '{TRAIL}'\nS3BucketName = '{BUCKET}'\n"
    )));
    assert_eq!(trail(&account, TRAIL).get("CloudWatchLogsLogGroupArn"), None);
}

#[test]
fn a_delegated_administrator_s_trail_is_the_management_account_s() {
    let account = with_bucket(Account::new().in_organization(Organization::delegated_here()));
    let mut desk = desk(&account);
    desk.settle(&of_organization());
    let arn = format!("arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/{TRAIL}");
    let made = trail(&account, &arn);
    assert_eq!(made["IsOrganizationTrail"], true);
    assert_eq!(call(&account, Operation::GetTrailStatus, json!({ "Name": arn }))["IsLogging"], true);
    for statement in policy(&account)["Statement"].as_array().unwrap() {
        assert_eq!(statement["Condition"]["StringEquals"]["aws:SourceArn"], arn);
        let resource = statement["Resource"].as_str().unwrap();
        assert!(!resource.contains(ACCOUNT), "{resource}");
    }
    // Both what the name and what the ARN stands for may be asked for.
    let wanted = Wanted::of(&of_organization(), &desk.place, "");
    let allowed = wanted.iam_policy(&desk.place).to_string();
    assert!(allowed.contains(&arn) && allowed.contains(&arn.replace(MANAGEMENT, ACCOUNT)), "{allowed}");

    // It is changed and taken away by its ARN as well.
    let changed = stack("IsOrganizationTrail = true\nIsMultiRegionTrail = true\nS3KeyPrefix = 'audit'");
    desk.settle(&changed);
    assert_eq!(trail(&account, &arn)["S3KeyPrefix"], "audit");
    let imported = import("trail", &desk.place, &account, &|_| ()).unwrap().unwrap();
    assert_eq!(imported.stack.trail.unwrap().name.as_str(), TRAIL);
    let plan = desk.plan_destruction(&changed);
    let outcome = desk.run(&plan);
    assert!(outcome.is_complete(), "{outcome:?}");
    assert_eq!(account.snapshot(), with_bucket(Account::new()).snapshot());
}

#[test]
fn a_member_account_is_told_who_makes_an_organization_trail() {
    let account = with_bucket(Account::new().in_organization(Organization::managed_elsewhere()));
    let desk = desk(&account);
    let plan = desk.plan(&of_organization()).unwrap();
    assert_eq!(
        told(&plan),
        [format!(
            "an organization trail is made by the management account {MANAGEMENT} or a delegated administrator, and {ACCOUNT} cannot be seen to be one"
        )]
    );
    let help = plan.problems[0].help();
    assert!(
        help.contains(MANAGEMENT) && help.contains("organizations:ListAWSServiceAccessForOrganization"),
        "{help}"
    );
    assert!(plan.run(&account, &|_| (), &|_| ()).done.is_empty());

    // The management account may lack the permission and still make it.
    let account = with_bucket(Account::new().in_organization(Organization::managed_here()));
    account.inject(When::Every(Operation::ListOrganizationAccess), Failure::AccessDenied);
    self::desk(&account).settle(&of_organization());
}

#[test]
fn a_role_is_one_stack_s_in_one_region() {
    let account = with_bucket(Account::new());
    desk(&account).settle(&stack(""));
    let before = account.snapshot();
    let mut elsewhere = in_region(&account, "us-east-1");
    let plan = elsewhere.plan(&stack("")).unwrap();
    assert_eq!(
        told(&plan),
        [format!(
            "role `CloudTrailRoleForCloudWatchLogs_{TRAIL}` is there already, and the stack `watch` in {REGION} made it"
        )]
    );
    assert_eq!(
        plan.problems[0].help(),
        format!(
            "a role is of all Regions, and has its name from the trail: name the trail otherwise, or destroy the stack in {REGION}"
        )
    );
    // Nor does the one's end take the other's role away.
    let plan = elsewhere.plan_destruction(&stack(""));
    elsewhere.run(&plan);
    assert_eq!(account.snapshot(), before);

    // A role with another name is another role.
    let other = made_stacks::checked(&format!(
        "name = 'watch'\n[logGroup]\nlogGroupName = 'trail'\n[trail]\nName = 'second-trail'\nS3BucketName = '{BUCKET}'\n"
    ));
    elsewhere.settle(&other);
}

#[test]
fn a_trail_of_all_regions_is_seen_from_another_one() {
    let account = with_bucket(Account::new());
    desk(&account).settle(&stack("IsMultiRegionTrail = true"));
    let elsewhere = in_region(&account, "us-east-1");
    let plan = elsewhere
        .plan(&made_stacks::checked(&format!(
            "name = 'watch'\n[trail]\nName = '{TRAIL}'\nS3BucketName = '{BUCKET}'\n"
        )))
        .unwrap();
    assert_eq!(
        told(&plan),
        [format!("the trail `{TRAIL}` lives in {REGION}, and can be changed only there")]
    );

    // One of another Region alone is none of this one's.
    let account = with_bucket(Account::new());
    desk(&account).settle(&stack(""));
    let mut elsewhere = in_region(&account, "us-east-1");
    elsewhere.settle(&made_stacks::checked(&format!(
        "name = 'watch'\n[trail]\nName = '{TRAIL}'\nS3BucketName = '{BUCKET}'\n"
    )));
}

#[test]
fn the_bucket_of_a_log_archive_is_its_owner_s() {
    let account = Account::new();
    account.foreign_bucket(BUCKET, None);
    let desk = desk(&account);
    let plan = desk.plan(&stack("")).unwrap();
    assert_eq!(told(&plan), [""; 0]);
    for change in plan
        .changes
        .iter()
        .filter(|change| matches!(change.resource.id.kind, Kind::Bucket | Kind::BucketPolicy))
    {
        let Action::Keep(reason) = change.action else { panic!("{change:?}") };
        assert!(reason.to_string().contains("--bucket-statements"), "{reason}");
    }
    // CloudTrail sees what the owner has not allowed, and a person is told what to do.
    let outcome = plan.run(&account, &|_| (), &|_| ());
    let advice = outcome.failed[0].1.advice(&desk.place);
    assert!(advice.help.contains("--bucket-statements"), "{advice:?}");

    let account = Account::new();
    let mut desk = self::desk(&account);
    let statements = needed_bucket_statements(&stack(""), &desk.place);
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    account.foreign_bucket(BUCKET, Some(&policy));
    desk.settle(&stack(""));
    let plan = desk.plan_destruction(&stack(""));
    assert!(desk.run(&plan).is_complete());
    assert!(account.is_empty(), "{:#}", account.snapshot());
}

#[test]
fn a_policy_that_may_no_longer_be_read_is_not_taken_away() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    desk.settle(&stack(""));
    let before = policy(&account);
    account.inject(When::Every(Operation::GetBucketPolicy), Failure::AccessDenied);
    let plan = desk.plan_destruction(&stack(""));
    desk.run(&plan);
    account.heal();
    assert_eq!(policy(&account), before);
}

#[test]
fn what_others_write_into_the_policy_meanwhile_stays() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    // There was no policy when the plan was read.
    let plan = desk.plan(&stack("")).unwrap();
    put_policy(&account, &[of_others("first")]);
    assert!(desk.run(&plan).is_complete());
    let held = policy(&account)["Statement"].as_array().unwrap().clone();
    assert_eq!((held.len(), &held[0]), (3, &of_others("first")));

    // There was another one.
    let changed = stack("S3KeyPrefix = 'audit'");
    let plan = desk.plan(&changed).unwrap();
    put_policy(&account, &[held.as_slice(), &[of_others("second")]].concat());
    assert!(desk.run(&plan).is_complete());
    let held = policy(&account)["Statement"].as_array().unwrap().clone();
    assert!(held.contains(&of_others("first")) && held.contains(&of_others("second")), "{held:#?}");

    // And when the stack goes.
    let plan = desk.plan_destruction(&changed);
    put_policy(&account, &[held.as_slice(), &[of_others("third")]].concat());
    assert!(desk.run(&plan).is_complete());
    let left = policy(&account)["Statement"].clone();
    assert_eq!(left, json!([of_others("first"), of_others("second"), of_others("third")]));
}

#[test]
fn the_policy_of_the_bucket_is_waited_for() {
    let account = with_bucket(Account::new());
    account.bucket_visible_after(3);
    desk(&account).settle(&stack(""));
    assert_eq!(account.calls_of(Operation::CreateTrail).len(), 4);
}

#[test]
fn a_key_is_named_as_the_service_names_it() {
    let account = with_bucket(Account::new());
    let plan = desk(&account).plan(&stack("KmsKeyId = 'alias/trails'")).unwrap();
    let [problem @ Problem::KeyAlias { .. }] = plan.problems.as_slice() else {
        panic!("{:?}", plan.problems)
    };
    assert!(problem.to_string().contains("`alias/trails`"), "{problem}");
    assert!(problem.help().contains("aws kms describe-key --key-id alias/trails"), "{}", problem.help());
}

/// An account that tells empty texts of a trail where it has nothing.
struct Wordy<'a>(&'a Account);

impl Services for Wordy<'_> {
    fn call(&self, call: &Call) -> Result<Value, Fault> {
        let mut answer = self.0.call(call)?;
        if call.operation == Operation::GetTrail {
            for member in ["S3KeyPrefix", "KmsKeyId"] {
                answer["Trail"].as_object_mut().unwrap().entry(member).or_insert_with(|| json!(""));
            }
        }
        Ok(answer)
    }
}

#[test]
fn nothing_is_nothing_however_it_is_told() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    desk.settle(&stack(""));
    let plan = Plan::apply(&stack(""), &desk.place, &desk.manifest, &Wordy(&account), &|_| (), &desk.options)
        .unwrap();
    assert!(plan.is_empty(), "{plan:#?}");
}

#[test]
fn selectors_that_are_given_up_go() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    let selectors = "[[trail.AdvancedEventSelectors]]\nFieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, \
                     { Field = 'resources.type', Equals = ['AWS::S3::Object'] }]";
    desk.settle(&stack(selectors));
    desk.settle(&stack(""));
    let left = call(&account, Operation::GetEventSelectors, json!({ "TrailName": TRAIL }));
    assert_eq!(left.get("AdvancedEventSelectors"), None);
    assert_eq!(left["EventSelectors"][0]["IncludeManagementEvents"], true);
}

#[test]
fn a_policy_that_could_not_be_read_is_not_the_stack_s() {
    let account = with_bucket(Account::new());
    let mut desk = desk(&account);
    // Its owner adds what is needed, under names of his own.
    let mut statements = needed_bucket_statements(&stack(""), &desk.place);
    for (index, statement) in statements.iter_mut().enumerate() {
        statement["Sid"] = json!(format!("Archive{index}"));
    }
    put_policy(&account, &statements);
    let before = policy(&account);
    account.inject(When::Every(Operation::GetBucketPolicy), Failure::AccessDenied);

    // Statements cannot be added to what may not be read.
    let plan = desk.plan(&stack("")).unwrap();
    assert_eq!(
        told(&plan),
        [format!(
            "the policy of the bucket `{BUCKET}` cannot be read, and so not added to: s3:GetBucketPolicy is not allowed"
        )]
    );
    desk.options.bucket_policy = false;
    assert!(desk.apply(&stack("")).is_complete());
    account.heal();
    desk.options.delete_data = false;
    desk.settle(&stack(""));
    assert!(desk.destroy(&stack("")).is_complete());
    assert_eq!(policy(&account), before);
}
