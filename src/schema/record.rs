//! The fields of a CloudTrail record, as the record reference of the user guide and real records have them.

use super::field::{Kind, Occurrence};
use Kind::{Any, Array, Boolean, Number, Object, String as Text};
use Occurrence::{Always, Sometimes};

/// A field, or what the elements of an array are (`[]`).
#[derive(Debug)]
pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) kind: Kind,
    pub(super) occurrence: Occurrence,
    pub(super) since: Option<&'static str>,
    pub(super) values: &'static [&'static str],
    pub(super) note: &'static str,
    /// Whether it may have members that the table does not name.
    pub(super) is_open: bool,
}

const fn row(path: &'static str, kind: Kind, occurrence: Occurrence, since: &'static str) -> Row {
    let since = if since.is_empty() { None } else { Some(since) };
    Row { path, kind, occurrence, since, values: &[], note: "", is_open: false }
}

impl Row {
    const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    const fn open(mut self) -> Self {
        self.is_open = true;
        self
    }
}

const IDENTITY_TYPES: &[&str] = &[
    "Root",
    "IAMUser",
    "AssumedRole",
    "Role",
    "FederatedUser",
    "Directory",
    "AWSAccount",
    "AWSService",
    "IdentityCenterUser",
    "SAMLUser",
    "WebIdentityUser",
    "Unknown",
];
const YES_NO: &[&str] = &["Yes", "No"];

/// Every field, a parent before its members.
pub(super) static FIELDS: &[Row] = &[
    row("eventVersion", Text, Always, "1.0")
        .note("the part after the dot is a number of its own: 1.11 follows 1.10"),
    row("userIdentity", Object, Always, "1.0").note("records of Insights events lack it"),
    row("eventTime", Text, Always, "1.0").note("when the call completed, as `YYYY-MM-DDTHH:MM:SSZ`"),
    row("eventSource", Text, Always, "1.0").note("the service, as `s3.amazonaws.com`"),
    row("eventName", Text, Always, "1.0"),
    row("awsRegion", Text, Always, "1.0").note("`us-east-1` for global services"),
    row("sourceIPAddress", Text, Always, "1.0")
        .note("an address, the DNS name of a service, or `AWS Internal`"),
    row("userAgent", Text, Sometimes, "1.0").note("S3 puts it in brackets"),
    row("errorCode", Text, Sometimes, "1.0").note("only of a call that failed, and not of every one"),
    row("errorMessage", Text, Sometimes, "1.0")
        .note("only of a call that failed; a failed ConsoleLogin has it without errorCode"),
    row("requestParameters", Object, Always, "1.0")
        .note("null where a call has none; its members depend on the event name")
        .open(),
    row("responseElements", Object, Always, "1.0")
        .note("null for calls that only read and for most failures; its members depend on the event name")
        .open(),
    row("additionalEventData", Object, Sometimes, "1.0").note("its members depend on the service").open(),
    row("requestID", Text, Sometimes, "1.01"),
    row("eventID", Text, Always, "1.01").note("the key of the record"),
    row("readOnly", Boolean, Always, "1.01"),
    row("resources", Array, Sometimes, "1.01"),
    row("apiVersion", Text, Sometimes, "1.01"),
    row("eventType", Text, Always, "1.02").values(&[
        "AwsApiCall",
        "AwsServiceEvent",
        "AwsConsoleAction",
        "AwsConsoleSignIn",
        "AwsVpceEvent",
        "AwsVpceEvents",
        "AwsCloudTrailInsight",
    ]),
    row("recipientAccountId", Text, Always, "1.02").note("twelve digits, a string"),
    row("sharedEventID", Text, Sometimes, "1.03").note("the same in the copies that several accounts get"),
    row("vpcEndpointId", Text, Sometimes, "1.04"),
    row("serviceEventDetails", Object, Sometimes, "1.05")
        .note("of records with the eventType AwsServiceEvent")
        .open(),
    row("managementEvent", Boolean, Always, "1.06"),
    row("eventCategory", Text, Always, "1.07").values(&["Management", "Data", "NetworkActivity", "Insight"]),
    row("insightDetails", Object, Sometimes, "1.07").note("only of Insights events"),
    row("addendum", Object, Sometimes, "1.08").note("only of records that came late or were mended"),
    row("sessionCredentialFromConsole", Text, Sometimes, "1.08")
        .values(&["true"])
        .note("the string `true`, or not there"),
    row("edgeDeviceDetails", Object, Sometimes, "1.08").note("of S3 on Outposts").open(),
    row("tlsDetails", Object, Sometimes, "1.08").note("not of calls that a service made"),
    row("vpcEndpointAccountId", Text, Sometimes, "1.09"),
    row("eventContext", Object, Sometimes, "1.11")
        .note("only in event data stores of CloudTrail Lake, never in what a trail delivers"),
    row("annotation", Any, Sometimes, "").note("named once in the user guide, without a description"),
    // userIdentity
    row("userIdentity.type", Text, Always, "1.0")
        .values(IDENTITY_TYPES)
        .note("records with the eventType AwsServiceEvent may lack it"),
    row("userIdentity.principalId", Text, Sometimes, "1.0"),
    row("userIdentity.arn", Text, Sometimes, "1.0"),
    row("userIdentity.accountId", Text, Sometimes, "1.0").note("twelve digits, a string"),
    row("userIdentity.accessKeyId", Text, Sometimes, "1.0").note("may be empty"),
    row("userIdentity.userName", Text, Sometimes, "1.0")
        .note("of IAM users; `HIDDEN_DUE_TO_SECURITY_REASONS` where a sign-in failed with an unknown name"),
    row("userIdentity.invokedBy", Text, Sometimes, "1.0").note("the service that made the call"),
    row("userIdentity.invokedByDelegate", Object, Sometimes, ""),
    row("userIdentity.invokedByDelegate.accountId", Text, Sometimes, ""),
    row("userIdentity.sessionContext", Object, Sometimes, "1.0").note("of calls with temporary credentials"),
    row("userIdentity.onBehalfOf", Object, Sometimes, "").note("of users of IAM Identity Center"),
    row("userIdentity.onBehalfOf.userId", Text, Sometimes, ""),
    row("userIdentity.onBehalfOf.identityStoreArn", Text, Sometimes, ""),
    row("userIdentity.inScopeOf", Object, Sometimes, ""),
    row("userIdentity.inScopeOf.sourceArn", Text, Sometimes, ""),
    row("userIdentity.inScopeOf.sourceAccount", Text, Sometimes, ""),
    row("userIdentity.inScopeOf.issuerType", Text, Sometimes, ""),
    row("userIdentity.inScopeOf.credentialsIssuedTo", Text, Sometimes, ""),
    row("userIdentity.inScopeOf.credentialsIssuedToVersion", Text, Sometimes, ""),
    row("userIdentity.credentialId", Text, Sometimes, "").note("of callers with a bearer token"),
    row("userIdentity.identityProvider", Text, Sometimes, "1.0")
        .note("of the types SAMLUser and WebIdentityUser"),
    row("userIdentity.sessionContext.sessionIssuer", Object, Sometimes, "1.0")
        .note("who the temporary credentials are from"),
    row("userIdentity.sessionContext.sessionIssuer.type", Text, Sometimes, "1.0"),
    row("userIdentity.sessionContext.sessionIssuer.principalId", Text, Sometimes, "1.0"),
    row("userIdentity.sessionContext.sessionIssuer.arn", Text, Sometimes, "1.0"),
    row("userIdentity.sessionContext.sessionIssuer.accountId", Text, Sometimes, "1.0"),
    row("userIdentity.sessionContext.sessionIssuer.userName", Text, Sometimes, "1.0")
        .note("the name of the role or user"),
    row("userIdentity.sessionContext.webIdFederationData", Object, Sometimes, "1.0").open(),
    row("userIdentity.sessionContext.webIdFederationData.federatedProvider", Text, Sometimes, "1.0"),
    row("userIdentity.sessionContext.webIdFederationData.attributes", Object, Sometimes, "1.0").open(),
    row("userIdentity.sessionContext.attributes", Object, Sometimes, "1.0"),
    row("userIdentity.sessionContext.attributes.creationDate", Text, Sometimes, "1.0")
        .note("as `YYYY-MM-DDTHH:MM:SSZ`"),
    row("userIdentity.sessionContext.attributes.mfaAuthenticated", Text, Sometimes, "1.0")
        .values(&["true", "false"])
        .note("a string, not a boolean"),
    row("userIdentity.sessionContext.sourceIdentity", Text, Sometimes, ""),
    row("userIdentity.sessionContext.ec2RoleDelivery", Text, Sometimes, "")
        .values(&["1.0", "2.0"])
        .note("the version of the instance metadata service that gave the credentials"),
    row("userIdentity.sessionContext.assumedRoot", Any, Sometimes, "")
        .note("`true` of sessions of AssumeRoot"),
    row("userIdentity.sessionContext.signInSessionArn", Text, Sometimes, ""),
    // additionalEventData, as far as documents and records agree on it
    row("additionalEventData.SignatureVersion", Text, Sometimes, "")
        .values(&["SigV2", "SigV4"])
        .note("of S3; not of unsigned calls"),
    row("additionalEventData.CipherSuite", Text, Sometimes, "").note("of S3"),
    row("additionalEventData.AuthenticationMethod", Text, Sometimes, "")
        .values(&["AuthHeader", "QueryString"])
        .note("of S3; `QueryString` is a presigned URL"),
    row("additionalEventData.x-amz-id-2", Text, Sometimes, "").note("of S3"),
    row("additionalEventData.bytesTransferredIn", Number, Sometimes, "").note("of S3"),
    row("additionalEventData.bytesTransferredOut", Number, Sometimes, "").note("of S3"),
    row("additionalEventData.SSEApplied", Text, Sometimes, "").note("of S3, such as `Default_SSE_S3`"),
    row("additionalEventData.aclRequired", Text, Sometimes, "")
        .values(&["Yes"])
        .note("of S3; `Yes`, or not there"),
    row("additionalEventData.LoginTo", Text, Sometimes, "").note("of sign-ins: the address"),
    row("additionalEventData.MobileVersion", Text, Sometimes, "").values(YES_NO).note("of sign-ins"),
    row("additionalEventData.MFAUsed", Text, Sometimes, "")
        .values(YES_NO)
        .note("of sign-ins; not of federated ones"),
    row("additionalEventData.MFAIdentifier", Text, Sometimes, "").note("of sign-ins"),
    row("additionalEventData.MfaType", Text, Sometimes, "").note("of CheckMfa, such as `Virtual MFA`"),
    row("additionalEventData.SamlProviderArn", Text, Sometimes, "").note("of sign-ins by SAML"),
    row("additionalEventData.SwitchFrom", Text, Sometimes, "").note("of SwitchRole"),
    // resources
    row("resources[]", Object, Sometimes, "1.01"),
    row("resources[].ARN", Text, Sometimes, "1.01"),
    row("resources[].ARNPrefix", Text, Sometimes, "1.01").note("of calls that list"),
    row("resources[].accountId", Text, Sometimes, "1.01").note("twelve digits, a string"),
    row("resources[].type", Text, Sometimes, "1.01").note("such as `AWS::S3::Object`"),
    // tlsDetails
    row("tlsDetails.tlsVersion", Text, Sometimes, "1.08").note("such as `TLSv1.2`"),
    row("tlsDetails.cipherSuite", Text, Sometimes, "1.08"),
    row("tlsDetails.clientProvidedHostHeader", Text, Sometimes, "1.08"),
    row("tlsDetails.keyExchange", Text, Sometimes, "").note("such as `X25519MLKEM768`"),
    // addendum
    row("addendum.reason", Text, Always, "1.08").values(&[
        "DELIVERY_DELAY",
        "UPDATED_DATA",
        "SERVICE_OUTAGE",
    ]),
    row("addendum.updatedFields", Any, Sometimes, "1.08"),
    row("addendum.originalRequestID", Text, Sometimes, "1.08"),
    row("addendum.originalEventID", Text, Sometimes, "1.08"),
    // eventContext
    row("eventContext.requestContext", Object, Sometimes, "1.11")
        .note("condition keys, such as `aws:SourceArn`")
        .open(),
    row("eventContext.tagContext", Object, Sometimes, "1.11").open(),
    // insightDetails
    row("insightDetails.state", Text, Always, "1.07").values(&["Start", "End"]),
    row("insightDetails.eventSource", Text, Always, "1.07"),
    row("insightDetails.eventName", Text, Always, "1.07"),
    row("insightDetails.insightType", Text, Always, "1.07")
        .values(&["ApiCallRateInsight", "ApiErrorRateInsight"]),
    row("insightDetails.errorCode", Text, Sometimes, "1.07").note("of the type ApiErrorRateInsight"),
    row("insightDetails.insightContext", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics.baseline", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics.baseline.average", Number, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics.insight", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics.insight.average", Number, Sometimes, "1.07"),
    row("insightDetails.insightContext.statistics.insightDuration", Number, Sometimes, "1.07")
        .note("in minutes"),
    row("insightDetails.insightContext.statistics.baselineDuration", Number, Sometimes, "1.07")
        .note("in minutes"),
    row("insightDetails.insightContext.attributions", Array, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[]", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].attribute", Text, Sometimes, "1.07").values(&[
        "userIdentityArn",
        "userAgent",
        "errorCode",
    ]),
    row("insightDetails.insightContext.attributions[].insight", Array, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].insight[]", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].insight[].value", Text, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].insight[].average", Number, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].baseline", Array, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].baseline[]", Object, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].baseline[].value", Text, Sometimes, "1.07"),
    row("insightDetails.insightContext.attributions[].baseline[].average", Number, Sometimes, "1.07"),
];

/// What people write in place of a field, and its path.
pub(super) static CONFUSIONS: &[(&str, &str)] = &[
    ("username", "userIdentity.userName"),
    ("user", "userIdentity.userName"),
    ("principalid", "userIdentity.principalId"),
    ("accesskeyid", "userIdentity.accessKeyId"),
    ("accountid", "recipientAccountId"),
    ("region", "awsRegion"),
    ("sourceip", "sourceIPAddress"),
    ("ipaddress", "sourceIPAddress"),
    ("clientip", "sourceIPAddress"),
    ("event", "eventName"),
    ("action", "eventName"),
    ("api", "eventName"),
    ("service", "eventSource"),
    ("source", "eventSource"),
    ("time", "eventTime"),
    ("timestamp", "eventTime"),
    ("error", "errorCode"),
    ("request", "requestParameters"),
    ("requestparams", "requestParameters"),
    ("response", "responseElements"),
    ("bucketname", "requestParameters.bucketName"),
    ("identity", "userIdentity"),
];

/// Names around a record that are not part of it: the delivery file, EventBridge, the LookupEvents API, log events.
pub(super) static WRAPPERS: &[&str] = &["Records", "detail", "CloudTrailEvent", "message", "@message"];
