//! What goes wrong on the way, on demand.

use trailql::provision::{Access, Fault, Operation, Service};

use super::request::refused_with;
use super::world::Context;

/// Which call a fault comes to; counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// The n-th of all.
    Call(usize),
    /// The n-th that is not a read.
    Change(usize),
    /// The n-th of an operation.
    Of(Operation, usize),
    /// Every one of an operation.
    Every(Operation),
    /// The n-th of all and all after it.
    From(usize),
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Too many calls.
    Throttled,
    /// The caller may not.
    AccessDenied,
    /// Somebody else changes the same thing.
    OperationAborted,
    /// A quota is used up.
    LimitExceeded,
    /// The session is over.
    ExpiredToken,
    /// It was carried out, and the answer is lost.
    NoAnswerAfter,
    /// It was carried out, and the service says that it failed.
    ServerErrorAfter,
    /// It is lost on the way there, which the caller cannot tell from a lost answer.
    NoAnswerBefore,
    /// The service is not reached.
    Unreachable,
}

impl Failure {
    pub(crate) const ALL: [Failure; 9] = [
        Failure::Throttled,
        Failure::AccessDenied,
        Failure::OperationAborted,
        Failure::LimitExceeded,
        Failure::ExpiredToken,
        Failure::NoAnswerAfter,
        Failure::ServerErrorAfter,
        Failure::NoAnswerBefore,
        Failure::Unreachable,
    ];

    /// As the service would say it.
    pub(super) fn fault(self, operation: Operation, context: &Context) -> Fault {
        use Service::{CloudTrail, CloudWatch, Iam, Logs, Organizations, S3, Sns, Sts};
        let service = operation.service();
        let endpoint = || format!("{}.{}.amazonaws.com", service.prefix(), context.region);
        match self {
            Failure::Throttled => match service {
                S3 => refused_with(503, "SlowDown", "Please reduce your request rate."),
                Organizations => refused_with(429, "TooManyRequestsException", "Too many requests"),
                Logs | CloudTrail => refused_with(400, "ThrottlingException", "Rate exceeded"),
                _ => refused_with(400, "Throttling", "Rate exceeded"),
            },
            Failure::AccessDenied => {
                let code = match service {
                    Logs | CloudTrail | Organizations => "AccessDeniedException",
                    Sns => "AuthorizationError",
                    _ => "AccessDenied",
                };
                let message = format!(
                    "User: {} is not authorized to perform: {}",
                    context.caller(),
                    operation.action()
                );
                refused_with(403, code, &message)
            }
            Failure::OperationAborted => {
                let code = match service {
                    Logs => "OperationAbortedException",
                    S3 => "OperationAborted",
                    Iam => "ConcurrentModification",
                    Sns => "ConcurrentAccess",
                    CloudTrail => "ConflictException",
                    _ => "ConcurrentModificationException",
                };
                let message = "Multiple concurrent requests to update the same resource were in conflict.";
                refused_with(if service == S3 { 409 } else { 400 }, code, message)
            }
            Failure::LimitExceeded => {
                let code = match service {
                    CloudTrail => "MaximumNumberOfTrailsExceededException",
                    S3 => "TooManyBuckets",
                    Sns => "TopicLimitExceeded",
                    Iam | CloudWatch => "LimitExceeded",
                    _ => "LimitExceededException",
                };
                refused_with(400, code, "Resource limit exceeded.")
            }
            Failure::ExpiredToken => {
                let code = if matches!(service, S3 | Sts | Iam | Sns | CloudWatch) {
                    "ExpiredToken"
                } else {
                    "ExpiredTokenException"
                };
                refused_with(403, code, "The security token included in the request is expired")
            }
            Failure::ServerErrorAfter => refused_with(500, "InternalFailure", "An unknown error occurred"),
            Failure::NoAnswerAfter | Failure::NoAnswerBefore => {
                Fault::NoAnswer { endpoint: endpoint(), reason: "the connection was closed".to_owned() }
            }
            Failure::Unreachable => {
                Fault::Unreachable { endpoint: endpoint(), reason: "connection refused".to_owned() }
            }
        }
    }
}

#[derive(Default)]
pub(super) struct Faults {
    planned: Vec<(When, Failure)>,
    made: Vec<Operation>,
}

impl Faults {
    pub(super) fn add(&mut self, when: When, failure: Failure) {
        self.planned.push((when, failure));
    }

    pub(super) fn start_over(&mut self) {
        self.made.clear();
    }

    /// What happens to the call that is made now.
    pub(super) fn next(&mut self, operation: Operation) -> Option<Failure> {
        self.made.push(operation);
        let changes = self.made.iter().filter(|made| made.access() != Access::Read).count();
        let same = self.made.iter().filter(|made| **made == operation).count();
        let now = |when: When| match when {
            When::Call(number) => number == self.made.len(),
            When::Change(number) => operation.access() != Access::Read && number == changes,
            When::Of(of, number) => of == operation && number == same,
            When::Every(of) => of == operation,
            When::From(number) => number <= self.made.len(),
        };
        self.planned.iter().find(|(when, _)| now(*when)).map(|(_, failure)| *failure)
    }
}
