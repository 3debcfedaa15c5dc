//! Buckets, roles, organizations and trails.

use super::*;

#[test]
fn a_trail_needs_a_bucket_that_lets_it_write() {
    let account = Account::new();
    let create = Operation::CreateTrail;
    assert_eq!(code(&account, create, trail()), "S3BucketDoesNotExistException");
    ok(
        &account,
        Operation::CreateBucket,
        json!({
            "Bucket": BUCKET, "CreateBucketConfiguration": { "LocationConstraint": "eu-central-1" },
        }),
    );
    let insufficient = "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: trail-bucket";
    assert_eq!(refused(&account, create, trail()), insufficient);
    // Another account's folder, another trail, no acl, a denial: none will do.
    let good = bucket_policy(ACCOUNT);
    let denied = {
        let mut document: Value = serde_json::from_str(&good).unwrap();
        document["Statement"].as_array_mut().unwrap().push(json!({
            "Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": format!("arn:aws:s3:::{BUCKET}/*"),
        }));
        document.to_string()
    };
    for bad in [
        bucket_policy("999988887777"),
        good.replace("trail/organization-trail", "trail/other"),
        good.replace("bucket-owner-full-control", "private"),
        good.replace("s3:GetBucketAcl", "s3:GetBucketLocation"),
        good.replace("cloudtrail.amazonaws.com", "config.amazonaws.com"),
        denied,
    ] {
        ok(&account, Operation::PutBucketPolicy, json!({ "Bucket": BUCKET, "Policy": bad }));
        assert_eq!(refused(&account, create, trail()), insufficient, "{bad}");
    }
    ok(&account, Operation::PutBucketPolicy, json!({ "Bucket": BUCKET, "Policy": good }));
    let answer = ok(&account, create, trail());
    assert_eq!(answer["TrailARN"], TRAIL);
    assert_eq!(answer["IncludeGlobalServiceEvents"], true);
    assert_eq!(code(&account, create, trail()), "TrailAlreadyExistsException");
}

#[test]
fn a_trail_is_refused_by_its_name() {
    let account = Account::new();
    bucket(&account, &bucket_policy(ACCOUNT));
    for bad in
        ["ab", "my-_namespace", "my--namespace", "192.168.5.4", "-trail", "trail-", "a b c", &"a".repeat(129)]
    {
        let input = json!({ "Name": bad, "S3BucketName": BUCKET });
        assert_eq!(code(&account, Operation::CreateTrail, input), "InvalidTrailNameException", "{bad}");
    }
}

#[test]
fn a_delivering_trail_needs_a_group_and_a_role_that_trusts_it() {
    let account = Account::new();
    bucket(&account, &bucket_policy(ACCOUNT));
    let create = Operation::CreateTrail;
    assert_eq!(code(&account, create, delivering_trail()), "InvalidCloudWatchLogsLogGroupArnException");
    group(&account);
    let mut without_star = delivering_trail();
    without_star["CloudWatchLogsLogGroupArn"] =
        format!("arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:{GROUP}").into();
    assert_eq!(code(&account, create, without_star), "InvalidCloudWatchLogsLogGroupArnException");

    let no_trust =
        "InvalidCloudWatchLogsRoleArnException: Access denied. Check the trust relationships for your role.";
    assert_eq!(refused(&account, create, delivering_trail()), no_trust);
    role(&account, &format!("{ACCOUNT}_CloudTrail_eu-central-1*"));
    let document = |service: &str| json!({ "RoleName": "delivery", "PolicyDocument": trust(service) });
    ok(&account, Operation::UpdateAssumeRolePolicy, document("ec2.amazonaws.com"));
    assert_eq!(refused(&account, create, delivering_trail()), no_trust);
    ok(&account, Operation::UpdateAssumeRolePolicy, document("cloudtrail.amazonaws.com"));
    ok(&account, create, delivering_trail());

    let account = Account::new();
    group(&account);
    bucket(&account, &bucket_policy(ACCOUNT));
    role(&account, &format!("{ACCOUNT}_CloudTrail_us-east-1*"));
    assert_eq!(
        refused(&account, create, delivering_trail()),
        "InvalidCloudWatchLogsLogGroupArnException: Access denied. Verify in IAM that the role has adequate permissions."
    );
    let mut without_role = delivering_trail();
    without_role.as_object_mut().unwrap().remove("CloudWatchLogsRoleArn");
    assert_eq!(
        refused(&account, create, without_role),
        "InvalidCloudWatchLogsRoleArnException: You must specify a role ARN as well as a log group."
    );
}

/// `spec/provisioning.md` 1, row 5: until it is seen, one of two refusals.
#[test]
fn a_new_role_is_seen_after_a_while() {
    let account = Account::new();
    account.role_visible_after(2);
    ground(&account);
    let create = || account.call(&Call::new(Operation::CreateTrail, delivering_trail()));
    let faults = [create().unwrap_err(), create().unwrap_err()];
    assert!(faults[0].to_string().starts_with("CloudWatchLogsDeliveryUnavailableException"), "{}", faults[0]);
    assert!(faults[1].to_string().starts_with("InvalidCloudWatchLogsRoleArnException"), "{}", faults[1]);
    assert_eq!(faults.map(|fault| fault.cause()), [Cause::RoleNotVisible; 2]);
    create().unwrap();
}

#[test]
fn an_organization_trail_needs_its_organization() {
    let mut input = trail();
    input["IsOrganizationTrail"] = true.into();
    let refusal = |account: Account| {
        bucket(&account, &bucket_policy(""));
        code(&account, Operation::CreateTrail, input.clone())
    };
    assert_eq!(refusal(Account::new()), "OrganizationsNotInUseException");
    let elsewhere = Organization::managed_elsewhere();
    assert_eq!(
        refusal(Account::new().in_organization(elsewhere.clone())),
        "NotOrganizationMasterAccountException"
    );
    let untrusting = Organization { trusts_cloudtrail: false, ..Organization::managed_here() };
    assert_eq!(refusal(Account::new().in_organization(untrusting)), "CloudTrailAccessNotEnabledException");

    // The folder of the account alone is not enough.
    let account = Account::new().in_organization(Organization::managed_here());
    bucket(&account, &bucket_policy(ACCOUNT));
    assert_eq!(code(&account, Operation::CreateTrail, input.clone()), "InsufficientS3BucketPolicyException");
    ok(&account, Operation::PutBucketPolicy, json!({ "Bucket": BUCKET, "Policy": bucket_policy("") }));
    ok(&account, Operation::CreateTrail, input.clone());
    let described = ok(&account, Operation::DescribeOrganization, json!({}));
    assert_eq!(described["Organization"]["MasterAccountId"], ACCOUNT);

    // A delegated administrator makes it in the name of the management account, and knows it by its ARN only.
    let delegated = Account::new().in_organization(Organization::delegated_here());
    bucket(&delegated, &bucket_policy(""));
    assert_eq!(
        code(&delegated, Operation::CreateTrail, input.clone()),
        "InsufficientS3BucketPolicyException"
    );
    let theirs = |text: &str| text.replace(ACCOUNT, "999988887777");
    let policy = json!({ "Bucket": BUCKET, "Policy": theirs(&bucket_policy("")) });
    ok(&delegated, Operation::PutBucketPolicy, policy);
    assert_eq!(ok(&delegated, Operation::CreateTrail, input)["TrailARN"], theirs(TRAIL));
    let name = json!({ "Name": "organization-trail" });
    assert_eq!(code(&delegated, Operation::StartLogging, name), "TrailNotFoundException");
    ok(&delegated, Operation::StartLogging, json!({ "Name": theirs(TRAIL) }));
    let all = ok(&delegated, Operation::DescribeTrails, json!({}));
    assert_eq!(all["trailList"][0]["TrailARN"], theirs(TRAIL));
    let stranger = Account::new().in_organization(elsewhere);
    let by_arn = json!({ "Name": theirs(TRAIL) });
    assert_eq!(code(&stranger, Operation::GetTrail, by_arn), "CloudTrailARNInvalidException");
    assert_eq!(
        code(&Account::new(), Operation::DescribeOrganization, json!({})),
        "AWSOrganizationsNotInUseException"
    );
}

#[test]
fn a_trail_is_changed_at_home_only() {
    let account = Account::new();
    bucket(&account, &bucket_policy(ACCOUNT));
    let mut everywhere = trail();
    everywhere["IsMultiRegionTrail"] = true.into();
    ok(&account, Operation::CreateTrail, everywhere);
    account.move_to("us-east-1");
    let name = json!({ "Name": "organization-trail" });
    let arn = json!({ "Name": TRAIL });
    let shadow = ok(&account, Operation::GetTrail, arn.clone());
    assert_eq!(
        (&shadow["Trail"]["TrailARN"], &shadow["Trail"]["HomeRegion"]),
        (&json!(TRAIL), &json!("eu-central-1"))
    );
    for change in [Operation::StartLogging, Operation::UpdateTrail, Operation::DeleteTrail] {
        let fault = account.call(&Call::new(change, arn.clone())).unwrap_err();
        assert_eq!(fault.cause(), Cause::HomeRegion, "{change}");
    }
    // A shadow is listed and takes the name, but does not go by it, and has no tags.
    let shadows = || ok(&account, Operation::DescribeTrails, json!({}))["trailList"].clone();
    assert_eq!(shadows()[0]["HomeRegion"], "eu-central-1");
    let named = json!({ "trailNameList": ["organization-trail"] });
    assert_eq!(ok(&account, Operation::DescribeTrails, named)["trailList"], json!([]));
    assert_eq!(code(&account, Operation::GetTrail, name.clone()), "TrailNotFoundException");
    assert_eq!(code(&account, Operation::CreateTrail, trail()), "TrailAlreadyExistsException");
    let tags = json!({ "ResourceIdList": [TRAIL] });
    assert_eq!(code(&account, Operation::ListTrailTags, tags), "CloudTrailARNInvalidException");

    // A trail of one Region is not known in another, and the refusal names the Region that was asked.
    account.move_to("eu-central-1");
    ok(&account, Operation::UpdateTrail, json!({ "Name": TRAIL, "IsMultiRegionTrail": false }));
    account.move_to("us-east-1");
    assert_eq!(shadows(), json!([]));
    assert_eq!(
        refused(&account, Operation::GetTrail, name),
        "TrailNotFoundException: Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/organization-trail for the user: 111122223333"
    );
}

#[test]
fn selectors_replace_one_another_as_a_whole() {
    let account = Account::new();
    bucket(&account, &bucket_policy(ACCOUNT));
    ok(&account, Operation::CreateTrail, trail());
    let get = || ok(&account, Operation::GetEventSelectors, json!({ "TrailName": "organization-trail" }));
    // Without any, management events are recorded.
    assert_eq!(get()["EventSelectors"][0]["IncludeManagementEvents"], true);
    let management = json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] });
    let data = json!({ "Name": "objects", "FieldSelectors": [
        { "Field": "eventCategory", "Equals": ["Data"] },
        { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
        { "Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::bucket/"] },
    ] });
    let put = |selectors: Value| json!({ "TrailName": TRAIL, "AdvancedEventSelectors": selectors });
    ok(&account, Operation::PutEventSelectors, put(json!([management, data])));
    assert_eq!(get()["AdvancedEventSelectors"], json!([management, data]));
    assert_eq!(get().get("EventSelectors"), None);
    ok(&account, Operation::PutEventSelectors, put(json!([data])));
    assert_eq!(get()["AdvancedEventSelectors"], json!([data]));
    assert_eq!(
        ok(&account, Operation::GetTrail, json!({ "Name": TRAIL }))["Trail"]["HasCustomEventSelectors"],
        true
    );

    let field = |field: Value| put(json!([{ "FieldSelectors": [field] }]));
    let many: Vec<_> = (0..501).map(|number| format!("arn:aws:s3:::bucket-{number}/")).collect();
    let mut too_many = data.clone();
    too_many["FieldSelectors"][2]["StartsWith"] = json!(many);
    for bad in [
        put(json!([])),
        field(json!({ "Field": "readOnly", "Equals": ["true"] })),
        field(json!({ "Field": "eventCategory", "Equals": ["Data"] })),
        field(json!({ "Field": "eventCategory", "StartsWith": ["Man"] })),
        field(json!({ "Field": "eventCategory", "Equals": [] })),
        field(json!({ "Field": "eventCategory", "Equals": ["Insight"] })),
        put(json!([too_many])),
        json!({ "TrailName": TRAIL }),
        json!({ "TrailName": TRAIL, "AdvancedEventSelectors": [management], "EventSelectors": [{}] }),
    ] {
        assert_eq!(
            code(&account, Operation::PutEventSelectors, bad.clone()),
            "InvalidEventSelectorsException",
            "{bad}"
        );
    }
}

#[test]
fn logging_tags_and_updates_of_a_trail() {
    let account = Account::new();
    ground(&account);
    let mut tagged = delivering_trail();
    tagged["TagsList"] = json!([{ "Key": "team", "Value": "security" }]);
    ok(&account, Operation::CreateTrail, tagged);
    let status = || ok(&account, Operation::GetTrailStatus, json!({ "Name": TRAIL }));
    assert_eq!(status()["IsLogging"], false);
    ok(&account, Operation::StartLogging, json!({ "Name": TRAIL }));
    assert_eq!(status()["IsLogging"], true);
    ok(&account, Operation::StopLogging, json!({ "Name": "organization-trail" }));
    assert_eq!(status()["IsLogging"], false);

    ok(
        &account,
        Operation::TagTrail,
        json!({ "ResourceId": TRAIL, "TagsList": [{ "Key": "a", "Value": "b" }] }),
    );
    let tags = ok(&account, Operation::ListTrailTags, json!({ "ResourceIdList": [TRAIL] }));
    assert_eq!(
        tags["ResourceTagList"][0]["TagsList"],
        json!([
            { "Key": "a", "Value": "b" }, { "Key": "team", "Value": "security" },
        ])
    );
    let by_name = json!({ "ResourceIdList": ["organization-trail"] });
    assert_eq!(code(&account, Operation::ListTrailTags, by_name), "CloudTrailARNInvalidException");

    // An update changes what it names and nothing else; nothing ends the delivery.
    ok(&account, Operation::UpdateTrail, json!({ "Name": TRAIL, "EnableLogFileValidation": true }));
    let of = ok(&account, Operation::GetTrail, json!({ "Name": TRAIL }))["Trail"].clone();
    assert_eq!((&of["LogFileValidationEnabled"], &of["IsMultiRegionTrail"]), (&json!(true), &json!(true)));
    ok(
        &account,
        Operation::UpdateTrail,
        json!({
            "Name": TRAIL, "CloudWatchLogsLogGroupArn": "", "CloudWatchLogsRoleArn": "",
        }),
    );
    let of = ok(&account, Operation::GetTrail, json!({ "Name": TRAIL }))["Trail"].clone();
    assert_eq!(of.get("CloudWatchLogsLogGroupArn"), None);
}

#[test]
fn roles_and_their_policies() {
    let account = Account::new();
    role(&account, "x*");
    let again =
        json!({ "RoleName": "DELIVERY", "AssumeRolePolicyDocument": trust("cloudtrail.amazonaws.com") });
    assert_eq!(
        refused(&account, Operation::CreateRole, again),
        "EntityAlreadyExists: Role with name DELIVERY already exists."
    );
    let no_json = json!({ "RoleName": "other", "AssumeRolePolicyDocument": "{" });
    assert_eq!(code(&account, Operation::CreateRole, no_json), "MalformedPolicyDocument");

    let of = ok(&account, Operation::GetRole, json!({ "RoleName": "delivery" }))["Role"].clone();
    assert_eq!(of["Arn"], "arn:aws:iam::111122223333:role/delivery");
    let encoded = of["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(encoded.starts_with("%7B%22Statement%22%3A%5B%7B%22Action%22"), "{encoded}");
    let named = json!({ "RoleName": "delivery", "PolicyName": "logs" });
    let policy = ok(&account, Operation::GetRolePolicy, named.clone());
    assert!(policy["PolicyDocument"].as_str().unwrap().starts_with("%7B%22"), "{policy}");

    assert_eq!(
        refused(&account, Operation::DeleteRole, json!({ "RoleName": "delivery" })),
        "DeleteConflict: Cannot delete entity, must delete policies first."
    );
    ok(&account, Operation::DeleteRolePolicy, named.clone());
    assert_eq!(code(&account, Operation::GetRolePolicy, named), "NoSuchEntity");
    ok(&account, Operation::DeleteRole, json!({ "RoleName": "delivery" }));
    assert_eq!(code(&account, Operation::GetRole, json!({ "RoleName": "delivery" })), "NoSuchEntity");
}

#[test]
fn buckets_are_somebody_s() {
    let account = Account::new();
    account.foreign_bucket("theirs", None);
    let of = |name: &str| json!({ "Bucket": name });
    let status = |operation: Operation, name: &str| match account.call(&Call::new(operation, of(name))) {
        Err(Fault::Service { code, status, .. }) => (code, status),
        other => panic!("{other:?}"),
    };
    assert_eq!(status(Operation::HeadBucket, "theirs"), ("Forbidden".to_owned(), Some(403)));
    assert_eq!(status(Operation::HeadBucket, "none"), ("NotFound".to_owned(), Some(404)));
    assert_eq!(status(Operation::GetBucketPolicy, "none"), ("NoSuchBucket".to_owned(), Some(404)));
    let create = |name: &str| json!({ "Bucket": name, "CreateBucketConfiguration": { "LocationConstraint": "eu-central-1" } });
    assert_eq!(code(&account, Operation::CreateBucket, create("theirs")), "BucketAlreadyExists");
    assert_eq!(code(&account, Operation::CreateBucket, create("Not_Legal")), "InvalidBucketName");
    assert_eq!(code(&account, Operation::CreateBucket, of("ours")), "IllegalLocationConstraintException");
    ok(&account, Operation::CreateBucket, create("ours"));
    assert_eq!(code(&account, Operation::CreateBucket, create("ours")), "BucketAlreadyOwnedByYou");
    assert_eq!(code(&account, Operation::GetBucketPolicy, of("ours")), "NoSuchBucketPolicy");
    let elsewhere = json!({ "Bucket": "ours", "Policy": bucket_policy(ACCOUNT) });
    assert_eq!(code(&account, Operation::PutBucketPolicy, elsewhere), "MalformedPolicy");
    account.fill_bucket("ours");
    assert_eq!(code(&account, Operation::DeleteBucket, of("ours")), "BucketNotEmpty");

    account.move_to("us-east-1");
    assert_eq!(
        code(
            &account,
            Operation::CreateBucket,
            json!({
                "Bucket": "fourth", "CreateBucketConfiguration": { "LocationConstraint": "us-east-1" },
            })
        ),
        "InvalidLocationConstraint"
    );
    ok(&account, Operation::CreateBucket, of("fourth"));
    ok(&account, Operation::CreateBucket, of("fourth"));
}
