//! AWS Organizations: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, send};
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::DescribeOrganization => {
            send!(asked, client.describe_organization() {} => { Organization: organization })
        }
        Operation::ListOrganizationAccess => {
            send!(asked, client.list_aws_service_access_for_organization() {
                NextToken: set_next_token,
                MaxResults: set_max_results,
            } => { EnabledServicePrincipals: enabled_service_principals, NextToken: next_token })
        }
        _ => Err(asked.not_here()),
    }
}

answer!(types::Organization {
    Id: id,
    Arn: arn,
    FeatureSet: feature_set,
    MasterAccountArn: master_account_arn,
    MasterAccountId: master_account_id,
    MasterAccountEmail: master_account_email,
    AvailablePolicyTypes: available_policy_types,
});

answer!(types::EnabledServicePrincipal { ServicePrincipal: service_principal, DateEnabled: date_enabled });

answer!(types::PolicyTypeSummary { Type: r#type, Status: status });

enumerations!(types::OrganizationFeatureSet, types::PolicyType, types::PolicyTypeStatus);
