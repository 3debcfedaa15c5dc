//! AWS Organizations, as far as a trail needs it.

use serde_json::json;
use trailql::provision::Operation;

use super::request::{Answer, Request, refused};

/// The organization that an account is in.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) management_account: String,
    /// Whether CloudTrail has trusted access.
    pub(crate) trusts_cloudtrail: bool,
    /// Whether the account may manage trails in the name of the management account.
    pub(crate) delegated: bool,
}

impl Organization {
    /// Managed by the account itself, with trusted access.
    pub(crate) fn managed_here() -> Self {
        Organization {
            id: "o-exampleorgid".to_owned(),
            management_account: super::ACCOUNT.to_owned(),
            trusts_cloudtrail: true,
            delegated: false,
        }
    }

    /// Managed by another account, which lets this one manage trails.
    pub(crate) fn delegated_here() -> Self {
        Organization { delegated: true, ..Organization::managed_elsewhere() }
    }

    /// Managed by another account.
    pub(crate) fn managed_elsewhere() -> Self {
        Organization { management_account: "999988887777".to_owned(), ..Organization::managed_here() }
    }
}

pub(super) fn call(organization: Option<&Organization>, account: &str, request: Request<'_>) -> Answer {
    let not_in_use =
        || refused("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
    let organization = organization.ok_or_else(not_in_use)?;
    let management = &organization.management_account;
    if request.operation == Operation::ListOrganizationAccess {
        request.only(&["NextToken", "MaxResults"])?;
        if management != account && !organization.delegated {
            return Err(refused(
                "AccessDeniedException",
                "You don't have permissions to access this resource.",
            ));
        }
        let since = "2024-01-01T00:00:00Z";
        let mut principals = vec![json!({ "ServicePrincipal": "sso.amazonaws.com", "DateEnabled": since })];
        if organization.trusts_cloudtrail {
            principals.push(json!({ "ServicePrincipal": "cloudtrail.amazonaws.com", "DateEnabled": since }));
        }
        return Ok(json!({ "EnabledServicePrincipals": principals }));
    }
    request.only(&[])?;
    assert_eq!(request.operation, Operation::DescribeOrganization);
    let id = &organization.id;
    Ok(json!({ "Organization": {
        "Id": id,
        "Arn": format!("arn:aws:organizations::{management}:organization/{id}"),
        "FeatureSet": "ALL",
        "MasterAccountArn": format!("arn:aws:organizations::{management}:account/{id}/{management}"),
        "MasterAccountId": management,
        "MasterAccountEmail": "management@example.com",
    } }))
}
