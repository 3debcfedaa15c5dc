//! The service boundary: which operations are called, with what, and who answers.

use std::fmt;

use serde_json::{Map, Value};

use super::Fault;

/// Who carries calls to AWS, or to whatever stands for it.
///
/// Requests and answers are JSON under the member names of the service's own model, whatever its protocol: a string set is
/// an object, a timestamp a text such as `2026-11-30T08:00:00Z`, a policy document the text that the service takes. A member
/// without a value is left out.
///
/// Calls come from several threads at once. An implementation does not retry by itself: what is retried, and how
/// often, is decided by the [`Cause`](super::Cause) of the fault in one place.
///
/// ```
/// use serde_json::{Value, json};
/// use trailql::provision::{Call, Fault, Operation, Services};
///
/// struct Nobody;
/// impl Services for Nobody {
///     fn call(&self, call: &Call) -> Result<Value, Fault> {
///         match call.operation {
///             Operation::GetCallerIdentity => Ok(json!({ "Account": "111122223333" })),
///             _ => Err(Fault::service("AccessDenied", "not here")),
///         }
///     }
/// }
/// let identity = Nobody.call(&Call::new(Operation::GetCallerIdentity, json!({})));
/// assert_eq!(identity.unwrap()["Account"], "111122223333");
/// ```
pub trait Services: Sync {
    /// The answer to a call: the members of the operation's output.
    ///
    /// # Errors
    /// What the service says instead, or why it could not be asked.
    fn call(&self, call: &Call) -> Result<Value, Fault>;
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is asked for.
    pub operation: Operation,
    /// The members of the operation's input.
    pub input: Map<String, Value>,
}

impl Call {
    /// A call with the members of a JSON object; of anything else, without members.
    pub fn new(operation: Operation, input: Value) -> Self {
        let input = match input {
            Value::Object(input) => input,
            _ => Map::new(),
        };
        Call { operation, input }
    }

    /// What it does to an account: that of its operation, but a saved query that is named by its id is only put there again.
    pub fn access(&self) -> Access {
        match self.operation {
            Operation::PutQueryDefinition if self.input.contains_key("queryDefinitionId") => Access::Put,
            operation => operation.access(),
        }
    }

    /// A member that is a text.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.input.get(member).and_then(Value::as_str)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation.fmt(f)
    }
}

/// A service, by the name in its endpoints and actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// AWS STS.
    Sts,
    /// AWS Organizations.
    Organizations,
    /// Amazon S3.
    S3,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS IAM.
    Iam,
    /// AWS CloudTrail.
    CloudTrail,
    /// Amazon CloudWatch.
    CloudWatch,
    /// Amazon SNS.
    Sns,
}

impl Service {
    /// Its name before the colon of an action.
    pub fn prefix(self) -> &'static str {
        match self {
            Service::Sts => "sts",
            Service::Organizations => "organizations",
            Service::S3 => "s3",
            Service::Logs => "logs",
            Service::Iam => "iam",
            Service::CloudTrail => "cloudtrail",
            Service::CloudWatch => "cloudwatch",
            Service::Sns => "sns",
        }
    }
}

/// What an operation does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Nothing.
    Read,
    /// The same however often it is called.
    Put,
    /// A second call makes another one, or fails.
    Create,
    /// Takes something away.
    Delete,
}

macro_rules! operations {
    ($($variant:ident = $service:ident $name:literal $access:ident $action:literal;)*) => {
        /// An operation of the services that a stack lives in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Operation {
            /// All of them.
            pub const ALL: &'static [Operation] = &[$(Operation::$variant),*];

            /// Whose operation it is.
            pub fn service(self) -> Service {
                match self { $(Operation::$variant => Service::$service,)* }
            }

            /// Its name in the service's model.
            pub fn name(self) -> &'static str {
                match self { $(Operation::$variant => $name,)* }
            }

            /// What it does to an account.
            pub fn access(self) -> Access {
                match self { $(Operation::$variant => Access::$access,)* }
            }

            /// The action that a policy has to allow.
            pub fn action(self) -> &'static str {
                match self { $(Operation::$variant => $action,)* }
            }
        }
    };
}

operations! {
    GetCallerIdentity = Sts "GetCallerIdentity" Read "sts:GetCallerIdentity";
    DescribeOrganization = Organizations "DescribeOrganization" Read "organizations:DescribeOrganization";
    ListOrganizationAccess = Organizations "ListAWSServiceAccessForOrganization" Read "organizations:ListAWSServiceAccessForOrganization";
    ListBuckets = S3 "ListBuckets" Read "s3:ListAllMyBuckets";
    HeadBucket = S3 "HeadBucket" Read "s3:ListBucket";
    CreateBucket = S3 "CreateBucket" Create "s3:CreateBucket";
    GetBucketPolicy = S3 "GetBucketPolicy" Read "s3:GetBucketPolicy";
    PutBucketPolicy = S3 "PutBucketPolicy" Put "s3:PutBucketPolicy";
    DeleteBucketPolicy = S3 "DeleteBucketPolicy" Delete "s3:DeleteBucketPolicy";
    DeleteBucket = S3 "DeleteBucket" Delete "s3:DeleteBucket";
    DescribeLogGroups = Logs "DescribeLogGroups" Read "logs:DescribeLogGroups";
    CreateLogGroup = Logs "CreateLogGroup" Create "logs:CreateLogGroup";
    PutRetentionPolicy = Logs "PutRetentionPolicy" Put "logs:PutRetentionPolicy";
    DeleteRetentionPolicy = Logs "DeleteRetentionPolicy" Delete "logs:DeleteRetentionPolicy";
    AssociateKmsKey = Logs "AssociateKmsKey" Put "logs:AssociateKmsKey";
    DisassociateKmsKey = Logs "DisassociateKmsKey" Delete "logs:DisassociateKmsKey";
    ListLogGroupTags = Logs "ListTagsForResource" Read "logs:ListTagsForResource";
    TagLogGroup = Logs "TagResource" Put "logs:TagResource";
    UntagLogGroup = Logs "UntagResource" Delete "logs:UntagResource";
    DeleteLogGroup = Logs "DeleteLogGroup" Delete "logs:DeleteLogGroup";
    DescribeMetricFilters = Logs "DescribeMetricFilters" Read "logs:DescribeMetricFilters";
    PutMetricFilter = Logs "PutMetricFilter" Put "logs:PutMetricFilter";
    DeleteMetricFilter = Logs "DeleteMetricFilter" Delete "logs:DeleteMetricFilter";
    TestMetricFilter = Logs "TestMetricFilter" Read "logs:TestMetricFilter";
    DescribeQueryDefinitions = Logs "DescribeQueryDefinitions" Read "logs:DescribeQueryDefinitions";
    PutQueryDefinition = Logs "PutQueryDefinition" Create "logs:PutQueryDefinition";
    DeleteQueryDefinition = Logs "DeleteQueryDefinition" Delete "logs:DeleteQueryDefinition";
    GetAccountSummary = Iam "GetAccountSummary" Read "iam:GetAccountSummary";
    GetRole = Iam "GetRole" Read "iam:GetRole";
    CreateRole = Iam "CreateRole" Create "iam:CreateRole";
    UpdateAssumeRolePolicy = Iam "UpdateAssumeRolePolicy" Put "iam:UpdateAssumeRolePolicy";
    TagRole = Iam "TagRole" Put "iam:TagRole";
    UntagRole = Iam "UntagRole" Delete "iam:UntagRole";
    DeleteRole = Iam "DeleteRole" Delete "iam:DeleteRole";
    GetRolePolicy = Iam "GetRolePolicy" Read "iam:GetRolePolicy";
    PutRolePolicy = Iam "PutRolePolicy" Put "iam:PutRolePolicy";
    DeleteRolePolicy = Iam "DeleteRolePolicy" Delete "iam:DeleteRolePolicy";
    DescribeTrails = CloudTrail "DescribeTrails" Read "cloudtrail:DescribeTrails";
    GetTrail = CloudTrail "GetTrail" Read "cloudtrail:GetTrail";
    CreateTrail = CloudTrail "CreateTrail" Create "cloudtrail:CreateTrail";
    UpdateTrail = CloudTrail "UpdateTrail" Put "cloudtrail:UpdateTrail";
    DeleteTrail = CloudTrail "DeleteTrail" Delete "cloudtrail:DeleteTrail";
    GetEventSelectors = CloudTrail "GetEventSelectors" Read "cloudtrail:GetEventSelectors";
    PutEventSelectors = CloudTrail "PutEventSelectors" Put "cloudtrail:PutEventSelectors";
    GetTrailStatus = CloudTrail "GetTrailStatus" Read "cloudtrail:GetTrailStatus";
    StartLogging = CloudTrail "StartLogging" Put "cloudtrail:StartLogging";
    StopLogging = CloudTrail "StopLogging" Put "cloudtrail:StopLogging";
    ListTrailTags = CloudTrail "ListTags" Read "cloudtrail:ListTags";
    TagTrail = CloudTrail "AddTags" Put "cloudtrail:AddTags";
    UntagTrail = CloudTrail "RemoveTags" Delete "cloudtrail:RemoveTags";
    DescribeAnomalyDetectors = CloudWatch "DescribeAnomalyDetectors" Read "cloudwatch:DescribeAnomalyDetectors";
    PutAnomalyDetector = CloudWatch "PutAnomalyDetector" Put "cloudwatch:PutAnomalyDetector";
    DeleteAnomalyDetector = CloudWatch "DeleteAnomalyDetector" Delete "cloudwatch:DeleteAnomalyDetector";
    DescribeAlarms = CloudWatch "DescribeAlarms" Read "cloudwatch:DescribeAlarms";
    PutMetricAlarm = CloudWatch "PutMetricAlarm" Put "cloudwatch:PutMetricAlarm";
    DeleteAlarms = CloudWatch "DeleteAlarms" Delete "cloudwatch:DeleteAlarms";
    ListAlarmTags = CloudWatch "ListTagsForResource" Read "cloudwatch:ListTagsForResource";
    TagAlarm = CloudWatch "TagResource" Put "cloudwatch:TagResource";
    UntagAlarm = CloudWatch "UntagResource" Delete "cloudwatch:UntagResource";
    ListDashboards = CloudWatch "ListDashboards" Read "cloudwatch:ListDashboards";
    GetDashboard = CloudWatch "GetDashboard" Read "cloudwatch:GetDashboard";
    PutDashboard = CloudWatch "PutDashboard" Put "cloudwatch:PutDashboard";
    DeleteDashboards = CloudWatch "DeleteDashboards" Delete "cloudwatch:DeleteDashboards";
    ListTopics = Sns "ListTopics" Read "sns:ListTopics";
    GetTopicAttributes = Sns "GetTopicAttributes" Read "sns:GetTopicAttributes";
    CreateTopic = Sns "CreateTopic" Put "sns:CreateTopic";
    ListTopicTags = Sns "ListTagsForResource" Read "sns:ListTagsForResource";
    TagTopic = Sns "TagResource" Put "sns:TagResource";
    UntagTopic = Sns "UntagResource" Delete "sns:UntagResource";
    ListSubscriptionsByTopic = Sns "ListSubscriptionsByTopic" Read "sns:ListSubscriptionsByTopic";
    Subscribe = Sns "Subscribe" Put "sns:Subscribe";
    Unsubscribe = Sns "Unsubscribe" Delete "sns:Unsubscribe";
    DeleteTopic = Sns "DeleteTopic" Delete "sns:DeleteTopic";
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service().prefix(), self.name())
    }
}
