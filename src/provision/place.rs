//! Where a stack goes: the account, its organization, the partition and the Region; and the ARNs that follow from them.

use serde_json::{Value, json};

use super::caller::Caller;
use super::{Call, Failure, Operation, Pause, Services};

/// An account and a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The twelve digits of the account.
    pub account: String,
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: String,
    /// The Region.
    pub region: String,
    /// The organization, where it was asked for.
    pub organization: Option<Organization>,
}

/// The organization that an account is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id, `o-…`.
    pub id: String,
    /// The account that manages it, and that its trails belong to, whoever makes them.
    pub management_account: String,
}

impl Place {
    /// The place that the caller's credentials lead to. The organization is asked for only where it is needed, for not
    /// everybody may.
    ///
    /// # Errors
    /// What the services say; of an account without organization, that there is none.
    pub fn find(
        services: &dyn Services,
        region: &str,
        with_organization: bool,
        pause: Pause<'_>,
    ) -> Result<Place, Failure> {
        let caller = Caller::new(services, pause);
        let ask = |operation| caller.call(&Call::new(operation, json!({})));
        let identity = ask(Operation::GetCallerIdentity)?;
        let text = |member: &str| identity.get(member).and_then(Value::as_str).unwrap_or_default();
        let partition = text("Arn").split(':').nth(1).filter(|partition| !partition.is_empty());
        let organization = if with_organization {
            let answer = ask(Operation::DescribeOrganization)?;
            let text = |member: &str| {
                answer.get("Organization").and_then(|one| one.get(member)).and_then(Value::as_str)
            };
            let management_account = text("MasterAccountId").unwrap_or_default().to_owned();
            text("Id").map(|id| Organization { id: id.to_owned(), management_account })
        } else {
            None
        };
        Ok(Place {
            account: text("Account").to_owned(),
            partition: partition.unwrap_or("aws").to_owned(),
            region: region.to_owned(),
            organization,
        })
    }

    /// The ARN of something of this account and Region.
    ///
    /// ```
    /// use trailql::provision::Place;
    ///
    /// let place = Place {
    ///     account: "111122223333".into(),
    ///     partition: "aws".into(),
    ///     region: "us-east-1".into(),
    ///     organization: None,
    /// };
    /// assert_eq!(place.arn("sns", "security"), "arn:aws:sns:us-east-1:111122223333:security");
    /// ```
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition, self.region, self.account)
    }

    /// The ARN of a log group, as tags take it: without `:*`.
    pub fn log_group_arn(&self, name: &str) -> String {
        self.arn("logs", &format!("log-group:{name}"))
    }

    /// The ARN of a trail of one account, or of all accounts of the organization: such a one belongs to the management account.
    pub fn trail_arn(&self, name: &str, is_of_organization: bool) -> String {
        let owner = self.trail_owner(is_of_organization);
        format!("arn:{}:cloudtrail:{}:{owner}:trail/{name}", self.partition, self.region)
    }

    /// The account that a trail belongs to.
    pub fn trail_owner(&self, is_of_organization: bool) -> &str {
        let organization = self.organization.as_ref().filter(|_| is_of_organization);
        organization.map_or(&self.account, |organization| &organization.management_account)
    }

    /// The ARN of an alarm.
    pub fn alarm_arn(&self, name: &str) -> String {
        self.arn("cloudwatch", &format!("alarm:{name}"))
    }

    /// The ARN of a topic.
    pub fn topic_arn(&self, name: &str) -> String {
        self.arn("sns", name)
    }

    /// The ARN of a role.
    pub fn role_arn(&self, name: &str) -> String {
        format!("arn:{}:iam::{}:role/{name}", self.partition, self.account)
    }

    /// The ARN of a dashboard.
    pub fn dashboard_arn(&self, name: &str) -> String {
        format!("arn:{}:cloudwatch::{}:dashboard/{name}", self.partition, self.account)
    }

    /// The ARN of a bucket.
    pub fn bucket_arn(&self, bucket: &str) -> String {
        format!("arn:{}:s3:::{bucket}", self.partition)
    }
}
