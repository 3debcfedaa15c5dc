//! The least policy with which a stack can be planned, applied and destroyed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::resource::{self, Kind, Resource};
use super::{Access, Operation, Place, Wanted};

/// Operations whose actions know no resource, or which search among all.
const ON_ANYTHING: &[Operation] = &[
    Operation::DescribeLogGroups,
    Operation::TestMetricFilter,
    Operation::DescribeTrails,
    Operation::Unsubscribe,
    Operation::DescribeQueryDefinitions,
    Operation::PutQueryDefinition,
    Operation::DeleteQueryDefinition,
    Operation::DescribeAlarms,
    Operation::DescribeAnomalyDetectors,
    Operation::PutAnomalyDetector,
    Operation::DeleteAnomalyDetector,
];

/// What a policy statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Plan,
    Apply,
    Destroy,
}

impl Wanted {
    /// A policy document that allows what the stack needs and no more: for each resource the actions that read it (`Plan…`),
    /// make and change it (`Apply…`) and take it away (`Destroy…`, beside the others). Who never destroys leaves those out.
    ///
    /// Actions that know no resource are allowed on all. What an organization trail needs besides is from
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html>.
    pub fn iam_policy(&self, place: &Place) -> Value {
        let mut allowed: BTreeMap<(Purpose, BTreeSet<String>), BTreeSet<String>> = BTreeMap::new();
        let mut by_action: BTreeMap<(Purpose, &str), BTreeSet<String>> = BTreeMap::new();
        for resource in &self.resources {
            // Under its name a trail is the account's, and under its ARN that of whom it belongs to.
            let own = resource::arn(place, &resource.id);
            let owners = resource.is_organization_trail().then(|| place.trail_arn(&resource.id.name, true));
            let arns: BTreeSet<String> = owners.into_iter().chain([own]).collect();
            for operation in resource::operations(resource.id.kind) {
                let purpose = match operation.access() {
                    Access::Read => Purpose::Plan,
                    Access::Put | Access::Create => Purpose::Apply,
                    Access::Delete if is_part_of_a_change(*operation) => Purpose::Apply,
                    Access::Delete => Purpose::Destroy,
                };
                let all = || BTreeSet::from(["*".to_owned()]);
                let on = if ON_ANYTHING.contains(operation) { all() } else { arns.clone() };
                by_action.entry((purpose, operation.action())).or_default().extend(on);
            }
        }
        for ((purpose, action), resources) in by_action {
            // On all is on each.
            let resources =
                if resources.contains("*") { BTreeSet::from(["*".to_owned()]) } else { resources };
            allowed.entry((purpose, with_streams(resources))).or_default().insert(action.to_owned());
        }
        let mut statements = Vec::new();
        let mut numbers: BTreeMap<Purpose, usize> = BTreeMap::new();
        for ((purpose, resources), actions) in allowed {
            let number = numbers.entry(purpose).or_default();
            *number += 1;
            statements.push(json!({
                "Sid": format!("{purpose:?}{number}"),
                "Effect": "Allow",
                "Action": actions,
                "Resource": resources,
            }));
        }
        statements.extend(self.trail_statements(place));
        json!({ "Version": "2012-10-17", "Statement": statements })
    }

    /// What a trail needs besides: its role handed over, its organization looked up.
    fn trail_statements(&self, place: &Place) -> Vec<Value> {
        let mut statements = Vec::new();
        for role in self.resources.iter().filter(|resource| resource.id.kind == Kind::Role) {
            statements.push(json!({
                "Sid": "PassRole",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": resource::arn(place, &role.id),
                "Condition": { "StringEquals": { "iam:PassedToService": "cloudtrail.amazonaws.com" } },
            }));
        }
        if self.resources.iter().any(Resource::is_organization_trail) {
            statements.push(json!({
                "Sid": "Organization",
                "Effect": "Allow",
                "Action": ["organizations:DescribeOrganization", "organizations:ListAWSServiceAccessForOrganization"],
                "Resource": "*",
            }));
            // The first organization trail of an account makes CloudTrail's own role.
            let partition = &place.partition;
            statements.push(json!({
                "Sid": "ServiceLinkedRole",
                "Effect": "Allow",
                "Action": ["iam:CreateServiceLinkedRole", "iam:GetRole"],
                "Resource": format!(
                    "arn:{partition}:iam::{}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail",
                    place.account
                ),
            }));
        }
        statements
    }
}

/// Operations that take something away and leave the resource: `DeleteRetentionPolicy` makes a group keep its events.
fn is_part_of_a_change(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::DeleteRetentionPolicy
            | Operation::DisassociateKmsKey
            | Operation::UntagLogGroup
            | Operation::UntagRole
            | Operation::UntagTrail
            | Operation::UntagAlarm
            | Operation::UntagTopic
            | Operation::Unsubscribe
    )
}

/// Actions on a log group are checked on its ARN with and without `:*`.
fn with_streams(resources: BTreeSet<String>) -> BTreeSet<String> {
    let streams: Vec<String> =
        resources.iter().filter(|arn| arn.contains(":log-group:")).map(|arn| format!("{arn}:*")).collect();
    resources.into_iter().chain(streams).collect()
}
