//! Why a call did not do what it was asked to, and what that means for what comes next.

/// What came instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The service refused.
    #[error("{code}: {message}")]
    Service {
        /// The code of the error, such as `ThrottlingException`.
        code: String,
        /// What the service says.
        message: String,
        /// The HTTP status, where there was one.
        status: Option<u16>,
    },
    /// No credentials were found, or they are no longer valid before anything was sent.
    #[error("no credentials: {message}")]
    Credentials {
        /// What was looked at.
        message: String,
    },
    /// No Region was found.
    #[error("no region is set")]
    Region,
    /// The service was not reached.
    #[error("cannot reach {endpoint}: {reason}")]
    Unreachable {
        /// Where it was looked for.
        endpoint: String,
        /// Why not.
        reason: String,
    },
    /// The request was sent, and it is not known what became of it.
    #[error("no answer from {endpoint}: {reason}")]
    NoAnswer {
        /// Who was asked.
        endpoint: String,
        /// What came instead.
        reason: String,
    },
    /// The client does not know how.
    #[error("{reason}")]
    Unsupported {
        /// What it lacks.
        reason: String,
    },
}

/// What a fault means, whatever the service calls it (`spec/provisioning.md` 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Too many calls, or the service has trouble: again, later.
    Throttled,
    /// Somebody else changes the same thing: again, soon.
    Conflict,
    /// It is there already.
    Exists,
    /// It is not there.
    Missing,
    /// A quota is used up.
    Quota,
    /// The request is not legal.
    Invalid,
    /// The caller may not.
    Denied,
    /// The role of the trail or its policy is not seen yet, trusts somebody else or allows too little.
    RoleNotVisible,
    /// The bucket is missing, or does not let the trail write.
    Bucket,
    /// The key that is to encrypt is missing or disabled, or does not let the service use it.
    Key,
    /// Something else still hangs on it.
    InUse,
    /// The account may not have an organization trail.
    Organization,
    /// The trail lives in another Region.
    HomeRegion,
    /// The session is over, or there is none.
    Session,
    /// The service was not reached.
    Network,
    /// It is not known whether the call was carried out.
    Unknown,
    /// Anything else.
    Other,
}

impl Fault {
    /// A refusal, by its code.
    pub fn service(code: impl Into<String>, message: impl Into<String>) -> Self {
        Fault::Service { code: code.into(), message: message.into(), status: None }
    }

    /// What it means.
    ///
    /// ```
    /// use trailql::provision::{Cause, Fault};
    ///
    /// assert_eq!(Fault::service("OperationAbortedException", "").cause(), Cause::Conflict);
    /// assert_eq!(Fault::service("EntityAlreadyExists", "").cause(), Cause::Exists);
    /// assert_eq!(Fault::service("KmsKeyDisabledException", "").cause(), Cause::Key);
    ///
    /// let group = |message| Fault::service("InvalidCloudWatchLogsLogGroupArnException", message).cause();
    /// assert_eq!(group("Access denied. Verify in IAM that the role has adequate permissions."), Cause::RoleNotVisible);
    /// assert_eq!(group("Check the log group ARN: CloudTrail can't validate it."), Cause::Invalid);
    /// ```
    pub fn cause(&self) -> Cause {
        match self {
            Fault::Service { code, message, status } => of_code(code, message, *status),
            Fault::Credentials { .. } | Fault::Region => Cause::Session,
            Fault::Unreachable { .. } => Cause::Network,
            Fault::NoAnswer { .. } => Cause::Unknown,
            Fault::Unsupported { .. } => Cause::Other,
        }
    }

    /// Whether it is about too many calls; of what is [`Cause::Throttled`] the rest is trouble of the service's own.
    pub(super) fn is_throttling(&self) -> bool {
        let Fault::Service { code, status, .. } = self else { return false };
        is_throttling(name_of(code)) || *status == Some(429)
    }
}

/// Codes come with a namespace before `#`, and with and without `Exception` or `Fault` at the end.
fn name_of(code: &str) -> &str {
    let name = code.rsplit('#').next().unwrap_or(code);
    name.strip_suffix("Exception").or_else(|| name.strip_suffix("Fault")).unwrap_or(name)
}

fn is_throttling(name: &str) -> bool {
    matches!(
        name,
        "Throttling"
            | "Throttled"
            | "KMSThrottling"
            | "RequestLimitExceeded"
            | "TooManyRequests"
            | "SlowDown"
            | "RequestThrottled"
            | "PriorRequestNotComplete"
    )
}

fn of_code(code: &str, message: &str, status: Option<u16>) -> Cause {
    match name_of(code) {
        name if is_throttling(name) => Cause::Throttled,
        "ServiceUnavailable"
        | "InternalService"
        | "InternalServiceError"
        | "InternalServer"
        | "InternalFailure"
        | "InternalError"
        | "ServiceFailure" => Cause::Throttled,
        "RequestTimeout" => Cause::Unknown,
        "OperationAborted"
        | "ConcurrentModification"
        | "Conflict"
        | "ConcurrentAccess"
        | "ResourceConflict"
        | "StaleTag"
        | "EntityTemporarilyUnmodifiable" => Cause::Conflict,
        "ResourceAlreadyExists"
        | "EntityAlreadyExists"
        | "TrailAlreadyExists"
        | "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou" => Cause::Exists,
        "ResourceNotFound"
        | "NoSuchEntity"
        | "TrailNotFound"
        | "NotFound"
        | "NoSuchBucket"
        | "ResourceNotFoundError"
        | "DashboardNotFoundError"
        | "NoSuchBucketPolicy"
        | "NoSuchTagSet" => Cause::Missing,
        "LimitExceeded"
        | "ServiceQuotaExceeded"
        | "MaximumNumberOfTrailsExceeded"
        | "TopicLimitExceeded"
        | "TooManyTags"
        | "TagsLimitExceeded"
        | "TagLimitExceeded"
        | "TooManyBuckets"
        | "SubscriptionLimitExceeded" => Cause::Quota,
        "AccessDenied"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "Forbidden"
        | "InsufficientDependencyServiceAccessPermission"
        | "NotAuthorized" => Cause::Denied,
        "InvalidCloudWatchLogsRoleArn" | "CloudWatchLogsDeliveryUnavailable" => Cause::RoleNotVisible,
        // Also said of a role whose policy is not seen yet; any other text is about the ARN itself.
        "InvalidCloudWatchLogsLogGroupArn" if message.starts_with("Access denied") => Cause::RoleNotVisible,
        "InsufficientEncryptionPolicy"
        | "InvalidKmsKeyId"
        | "Kms"
        | "KmsAccessDenied"
        | "KmsKeyDisabled"
        | "KmsKeyNotFound"
        | "KMSAccessDenied"
        | "KMSDisabled"
        | "KMSInvalidState"
        | "KMSNotFound"
        | "KMSOptInRequired" => Cause::Key,
        // CloudWatch Logs has no code of its own for it.
        "InvalidParameter" if message.contains("KMS ") => Cause::Key,
        "DeleteConflict" | "BucketNotEmpty" => Cause::InUse,
        "S3BucketDoesNotExist" | "InsufficientS3BucketPolicy" => Cause::Bucket,
        "OrganizationsNotInUse"
        | "NotOrganizationMasterAccount"
        | "NotOrganizationManagementAccount"
        | "CloudTrailAccessNotEnabled"
        | "OrganizationNotInAllFeaturesMode"
        | "NoManagementAccountSLRExists"
        | "AWSOrganizationsNotInUse" => Cause::Organization,
        "InvalidHomeRegion" => Cause::HomeRegion,
        "ExpiredToken"
        | "InvalidClientTokenId"
        | "UnrecognizedClient"
        | "SignatureDoesNotMatch"
        | "InvalidSignature"
        | "RequestExpired"
        | "RequestTimeTooSkewed"
        | "RequestInTheFuture"
        | "InvalidAccessKeyId"
        | "CloudTrailInvalidClientTokenId"
        | "MissingAuthenticationToken"
        | "IncompleteSignature" => Cause::Session,
        name if name.starts_with("Invalid")
            || name.starts_with("Malformed")
            || name.starts_with("Validation")
            || name.starts_with("Missing")
            || name.starts_with("DashboardInvalid") =>
        {
            Cause::Invalid
        }
        _ if status.is_some_and(|status| status == 429 || status >= 500) => Cause::Throttled,
        _ => Cause::Other,
    }
}
