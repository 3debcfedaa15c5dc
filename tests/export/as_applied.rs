//! An export means what `apply` does: an account in which the template was deployed has nothing left to be changed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use trailql::provision::{
    Action, Call, ExportFormat, ExportOptions, Manifest, Operation, Place, Plan, PlanOptions, Services,
};
use trailql::stack::CheckedStack;

use super::account::{ACCOUNT, Account, Organization};
use super::made_stacks::recipes;
use super::{EXAMPLE, RICH, json_of, stack_of};

const ORGANIZATION: &str = "o-exampleorgid";

/// What CloudFormation puts in the place of references.
struct Deployment<'d> {
    region: &'d str,
    resources: &'d Map<String, Value>,
}

impl Deployment<'_> {
    fn property<'v>(&'v self, id: &str, name: &str) -> Option<&'v str> {
        self.resources.get(id)?["Properties"][name].as_str()
    }

    fn reference(&self, name: &str) -> String {
        match name {
            "AWS::AccountId" => ACCOUNT.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::Region" => self.region.to_owned(),
            "OrganizationId" => ORGANIZATION.to_owned(),
            id => match self.property(id, "TopicName") {
                Some(topic) => format!("arn:aws:sns:{}:{ACCOUNT}:{topic}", self.region),
                None => {
                    let name = ["LogGroupName", "BucketName", "RoleName"]
                        .iter()
                        .find_map(|name| self.property(id, name));
                    name.unwrap_or_else(|| panic!("`{id}` has a name")).to_owned()
                }
            },
        }
    }

    fn attribute(&self, id: &str) -> String {
        match (self.property(id, "LogGroupName"), self.property(id, "RoleName")) {
            (Some(group), _) => format!("arn:aws:logs:{}:{ACCOUNT}:log-group:{group}:*", self.region),
            (_, Some(role)) => format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
            _ => format!("arn:aws:s3:::{}", self.property(id, "BucketName").unwrap()),
        }
    }

    fn substituted(&self, text: &str, variables: &Value) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, behind) = rest.split_at(start);
            let (name, after) = behind[2..].split_once('}').unwrap();
            out.push_str(before);
            out.push_str(&match (name.strip_prefix('!'), name.strip_suffix(".Arn")) {
                (Some(literal), _) => format!("${{{literal}}}"),
                (_, Some(id)) => self.attribute(id),
                _ => variables[name].as_str().map_or_else(|| self.reference(name), str::to_owned),
            });
            rest = after;
        }
        out + rest
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) if members.len() == 1 => match members.iter().next().unwrap() {
                (name, Value::String(text)) if name == "Ref" => json!(self.reference(text)),
                (name, Value::String(text)) if name == "Fn::Sub" => {
                    json!(self.substituted(text, &Value::Null))
                }
                (name, Value::Array(both)) if name == "Fn::Sub" => {
                    json!(self.substituted(both[0].as_str().unwrap(), &both[1]))
                }
                (name, Value::Array(path)) if name == "Fn::GetAtt" => {
                    json!(self.attribute(path[0].as_str().unwrap()))
                }
                _ => self.members(members),
            },
            Value::Object(members) => self.members(members),
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            other => other.clone(),
        }
    }

    fn members(&self, members: &Map<String, Value>) -> Value {
        members.iter().map(|(name, value)| (name.clone(), self.resolved(value))).collect::<Map<_, _>>().into()
    }
}

/// The calls that a resource of a template comes to, by the pages of its type; with what has to be there before first.
fn calls(kind: &str, properties: &Value, region: &str) -> Vec<(u8, Call)> {
    let get = |name: &str| properties.get(name).cloned().unwrap_or_default();
    let call =
        |order: u8, operation: Operation, input: Value| (order, Call::new(operation, without_nothing(input)));
    match kind {
        "AWS::Logs::LogGroup" => {
            let name = get("LogGroupName");
            let mut calls = vec![call(
                0,
                Operation::CreateLogGroup,
                json!({ "logGroupName": name, "kmsKeyId": get("KmsKeyId"), "tags": tag_map(&get("Tags")) }),
            )];
            if !get("RetentionInDays").is_null() {
                let input = json!({ "logGroupName": name, "retentionInDays": get("RetentionInDays") });
                calls.push(call(1, Operation::PutRetentionPolicy, input));
            }
            calls
        }
        "AWS::S3::Bucket" => {
            let name = get("BucketName");
            let mut create = json!({ "Bucket": name, "Tags": get("Tags") });
            if region != "us-east-1" {
                create["CreateBucketConfiguration"] = json!({ "LocationConstraint": region });
            }
            // What the template says of public access is what a new bucket has by itself.
            let closed = get("PublicAccessBlockConfiguration");
            assert!(closed.as_object().unwrap().values().all(|block| *block == json!(true)));
            vec![call(0, Operation::CreateBucket, create)]
        }
        "AWS::S3::BucketPolicy" => {
            let input = json!({ "Bucket": get("Bucket"), "Policy": get("PolicyDocument").to_string() });
            vec![call(1, Operation::PutBucketPolicy, input)]
        }
        "AWS::IAM::Role" => {
            let create = json!({ "RoleName": get("RoleName"), "Tags": get("Tags"), "Description": get("Description"),
                "AssumeRolePolicyDocument": get("AssumeRolePolicyDocument").to_string() });
            let policy = &properties["Policies"][0];
            let put = json!({ "RoleName": get("RoleName"), "PolicyName": policy["PolicyName"],
                "PolicyDocument": policy["PolicyDocument"].to_string() });
            vec![call(1, Operation::CreateRole, create), call(2, Operation::PutRolePolicy, put)]
        }
        "AWS::CloudTrail::Trail" => {
            let mut input = properties.clone();
            let members = input.as_object_mut().unwrap();
            let name = members.remove("TrailName").unwrap();
            let selectors = members.remove("AdvancedEventSelectors");
            assert_eq!(members.remove("IsLogging"), Some(json!(true)));
            let tags = members.remove("Tags").unwrap_or_default();
            // The type spells it in its own way.
            let key = members.remove("KMSKeyId");
            members.extend(key.map(|key| ("KmsKeyId".to_owned(), key)));
            members.insert("Name".into(), name.clone());
            members.insert("TagsList".into(), tags);
            let mut calls = vec![call(3, Operation::CreateTrail, input)];
            if let Some(selectors) = selectors {
                let input = json!({ "TrailName": name, "AdvancedEventSelectors": selectors });
                calls.push(call(4, Operation::PutEventSelectors, input));
            }
            calls.push(call(5, Operation::StartLogging, json!({ "Name": name })));
            calls
        }
        "AWS::Logs::MetricFilter" => {
            let transformations: Vec<Value> = properties["MetricTransformations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| {
                    let dimensions = one["Dimensions"].as_array().into_iter().flatten();
                    let dimensions: Map<String, Value> = dimensions
                        .map(|one| (one["Key"].as_str().unwrap().to_owned(), one["Value"].clone()))
                        .collect();
                    json!({ "metricName": one["MetricName"], "metricNamespace": one["MetricNamespace"],
                        "metricValue": one["MetricValue"], "defaultValue": one["DefaultValue"], "unit": one["Unit"],
                        "dimensions": dimensions })
                })
                .collect();
            let input = json!({ "filterName": get("FilterName"), "logGroupName": get("LogGroupName"),
                "filterPattern": get("FilterPattern"), "metricTransformations": transformations });
            vec![call(2, Operation::PutMetricFilter, input)]
        }
        "AWS::CloudWatch::AnomalyDetector" => {
            let mut input = properties.clone();
            if let Some(configuration) = input.get_mut("Configuration").and_then(Value::as_object_mut) {
                // The type spells it in its own way.
                let zone = configuration.remove("MetricTimeZone");
                configuration.extend(zone.map(|zone| ("MetricTimezone".to_owned(), zone)));
                let ranges = configuration.get_mut("ExcludedTimeRanges").and_then(Value::as_array_mut);
                for time in
                    ranges.into_iter().flatten().flat_map(|range| range.as_object_mut().unwrap().values_mut())
                {
                    *time = json!(format!("{}Z", time.as_str().unwrap().trim_end_matches('Z')));
                }
            }
            vec![call(2, Operation::PutAnomalyDetector, input)]
        }
        "AWS::SNS::Topic" => {
            vec![call(0, Operation::CreateTopic, json!({ "Name": get("TopicName"), "Tags": get("Tags") }))]
        }
        "AWS::SNS::Subscription" => vec![call(1, Operation::Subscribe, properties.clone())],
        "AWS::CloudWatch::Alarm" => vec![call(3, Operation::PutMetricAlarm, properties.clone())],
        "AWS::Logs::QueryDefinition" => {
            let members = [
                ("name", "Name"),
                ("queryString", "QueryString"),
                ("logGroupNames", "LogGroupNames"),
                ("queryLanguage", "QueryLanguage"),
            ];
            let mut input: Map<String, Value> =
                members.iter().map(|(to, from)| ((*to).to_owned(), get(from))).collect();
            let parameters = get("Parameters").as_array().cloned().unwrap_or_default();
            let parameters = parameters.iter().map(|one| {
                json!({ "name": one["Name"], "defaultValue": one["DefaultValue"], "description": one["Description"] })
            });
            input.insert("parameters".to_owned(), parameters.collect());
            vec![call(2, Operation::PutQueryDefinition, input.into())]
        }
        "AWS::CloudWatch::Dashboard" => vec![call(2, Operation::PutDashboard, properties.clone())],
        other => panic!("{other}"),
    }
}

fn tag_map(tags: &Value) -> Value {
    let tags = tags.as_array().into_iter().flatten();
    tags.map(|tag| (tag["Key"].as_str().unwrap().to_owned(), tag["Value"].clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// A property that is not there is a member that is not sent.
fn without_nothing(value: Value) -> Value {
    let is_nothing = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty)
    };
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, without_nothing(value)))
            .filter(|(_, value)| !is_nothing(value))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}

/// An account, and the Region of a stack in it.
fn account_of(stack: &CheckedStack) -> (Account, &str) {
    let region = stack.definition().region.as_ref().map_or("eu-central-1", |region| region.as_str());
    let account = Account::new().in_organization(Organization::managed_here());
    account.move_to(region);
    (account, region)
}

/// Deploys the template of a stack, with the bucket of its trail.
fn deploy(stack: &CheckedStack, account: &Account, region: &str) {
    let options = ExportOptions { bucket: true, ..ExportOptions::default() };
    let template = json_of(stack, ExportFormat::CloudFormationJson, &options);
    let resources = template["Resources"].as_object().unwrap();
    let deployment = Deployment { region, resources };
    let mut all: Vec<(u8, Call)> = resources
        .values()
        .flat_map(|resource| {
            let properties = deployment.resolved(&resource["Properties"]);
            calls(resource["Type"].as_str().unwrap(), &properties, region)
        })
        .collect();
    all.sort_by_key(|(order, _)| *order);
    for (_, call) in &all {
        account.call(call).unwrap_or_else(|fault| panic!("{call} {:?}: {fault}", call.input));
    }
}

fn plan(stack: &CheckedStack, account: &Account, region: &str, adopt: bool) -> (Place, Plan) {
    let place = Place::find(account, region, true, &|_| ()).unwrap();
    let options = PlanOptions {
        name: "stack".to_owned(),
        adopt,
        create_bucket: true,
        bucket_policy: true,
        ..PlanOptions::default()
    };
    let manifest = Manifest::new("stack", &place);
    let plan = Plan::apply(stack, &place, &manifest, account, &|_| (), &options).unwrap();
    (place, plan)
}

/// What is left to be done in an account in which the template was deployed: paths of what differs.
fn left_to_do(stack: &CheckedStack) -> BTreeMap<String, Vec<String>> {
    let (account, region) = account_of(stack);
    deploy(stack, &account, region);
    let mut left = BTreeMap::new();
    for change in plan(stack, &account, region, true).1.changes {
        let paths = match change.action {
            Action::Update(differences) => differences.into_iter().map(|one| one.path).collect(),
            Action::Create => vec!["all of it".to_owned()],
            _ => continue,
        };
        left.insert(change.resource.id.to_string(), paths);
    }
    left
}

/// What the calls that made something say of it to people: its tags, but those of trailql itself, and what a role is for.
fn said_of_each(account: &Account) -> BTreeMap<String, (BTreeMap<String, Value>, Value)> {
    let of = |call: &Call| {
        let name = ["AlarmName", "DashboardName", "RoleName", "Bucket", "logGroupName", "Name"]
            .iter()
            .find_map(|name| call.input.get(*name)?.as_str());
        let list = call.input.get("Tags").or(call.input.get("TagsList")).cloned().unwrap_or_default();
        let map = call.input.get("tags").cloned().unwrap_or_else(|| tag_map(&list));
        let tags = map.as_object().into_iter().flatten();
        let tags = tags.filter(|(name, _)| !name.starts_with("trailql:"));
        let tags = tags.map(|(name, value)| (name.clone(), value.clone())).collect();
        (
            format!("{call} {}", name.unwrap()),
            (tags, call.input.get("Description").cloned().unwrap_or_default()),
        )
    };
    let makes = [
        Operation::CreateLogGroup,
        Operation::CreateRole,
        Operation::CreateBucket,
        Operation::CreateTrail,
        Operation::CreateTopic,
        Operation::PutMetricAlarm,
        Operation::PutDashboard,
    ];
    makes.iter().flat_map(|operation| account.calls_of(*operation)).map(|call| of(&call)).collect()
}

/// Checks that tags and descriptions are those that `apply` gives.
fn is_said_alike(stack: &CheckedStack) {
    let (deployed, region) = account_of(stack);
    deploy(stack, &deployed, region);
    let (applied, _) = account_of(stack);
    let (place, plan) = plan(stack, &applied, region, false);
    let outcome = plan.run(&applied, &|_| (), &|_| ());
    assert!(outcome.is_complete());
    assert_eq!(said_of_each(&deployed), said_of_each(&applied), "{place:?}");
}

#[test]
fn nothing_is_left_to_do_where_the_template_was_deployed() {
    assert_eq!(left_to_do(&stack_of(EXAMPLE)), BTreeMap::new());
    // Of this one the type has two settings not, and a note tells so.
    let settings =
        vec!["Configuration.AdaptationSpeed".to_owned(), "Configuration.OutlierFilteringStrength".to_owned()];
    let left = BTreeMap::from([("anomaly detector `rich / denied Sum`".to_owned(), settings)]);
    assert_eq!(left_to_do(&stack_of(RICH)), left);
}

#[test]
fn what_is_made_is_said_alike() {
    is_said_alike(&stack_of(EXAMPLE));
    is_said_alike(&stack_of(RICH));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nor_where_that_of_any_stack_was(recipe in recipes()) {
        prop_assert_eq!(left_to_do(&recipe.checked()), BTreeMap::new(), "{}", recipe.text());
        is_said_alike(&recipe.checked());
    }
}
