//! What the SDK's errors are as faults.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use hyper_util::client::legacy::Error as HttpError;

use super::asked::Witness;
use crate::provision::{Fault, Operation};

pub(super) fn of<E>(error: SdkError<E, HttpResponse>, operation: Operation, witness: &Witness) -> Fault
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            let meta = refused.err().meta();
            service(meta.code(), meta.message(), status, operation, refused.err())
        }
        SdkError::ResponseError(answer) if answer.raw().status().as_u16() >= 300 => {
            let status = answer.raw().status().as_u16();
            service(None, None, status, operation, &SdkError::<E, HttpResponse>::ResponseError(answer))
        }
        error => without_answer(&error, operation, witness),
    }
}

fn service(
    code: Option<&str>,
    message: Option<&str>,
    status: u16,
    operation: Operation,
    error: &dyn Error,
) -> Fault {
    let code = code.filter(|code| !code.is_empty());
    let message = message.filter(|message| !message.is_empty());
    Fault::Service {
        code: code.map_or_else(|| code_of(status, operation), str::to_owned),
        message: message.map_or_else(|| format!("HTTP status {status} ({})", chain(error)), str::to_owned),
        status: Some(status),
    }
}

/// The code of an answer that names none.
///
/// To `HEAD` the status is the whole answer. Elsewhere such an answer is not the service's own but that of something in
/// between, and its 404 does not say that a resource is missing.
fn code_of(status: u16, operation: Operation) -> String {
    match (operation, status) {
        (Operation::HeadBucket, 301) => "PermanentRedirect".to_owned(),
        (Operation::HeadBucket, 400) => "BadRequest".to_owned(),
        (Operation::HeadBucket, 403) => "AccessDenied".to_owned(),
        (Operation::HeadBucket, 404) => "NotFound".to_owned(),
        _ => format!("Http{status}"),
    }
}

fn without_answer<E>(error: &SdkError<E, HttpResponse>, operation: Operation, witness: &Witness) -> Fault
where
    E: Error + 'static,
{
    let reason = chain(error);
    if let Some(missing) = within::<CredentialsError>(error) {
        return credentials(missing);
    }
    let Some(endpoint) = witness.endpoint() else {
        // Nothing was on its way yet. The SDK's time limit for credentials has no public type, but a text.
        let late =
            matches!(error, SdkError::TimeoutError(_)) || reason.contains("identity resolver timed out");
        return match late {
            true => Fault::Credentials { message: format!("they took too long to come: {reason}") },
            false => Fault::Unsupported { reason: format!("cannot send {operation}: {reason}") },
        };
    };
    match error {
        SdkError::ConstructionFailure(_) => {
            Fault::Unsupported { reason: format!("cannot send {operation}: {reason}") }
        }
        SdkError::DispatchFailure(_) if within::<HttpError>(error).is_some_and(HttpError::is_connect) => {
            Fault::Unreachable { endpoint, reason }
        }
        _ => Fault::NoAnswer { endpoint, reason },
    }
}

/// Errors of credentials name providers, profiles and files, never what is in them.
fn credentials(error: &CredentialsError) -> Fault {
    let message = match (error, error.source()) {
        // That a provider is not enabled says nothing to a person; what follows says all.
        (CredentialsError::CredentialsNotLoaded(_), Some(looked)) => chain(looked),
        _ => chain(error),
    };
    Fault::Credentials { message }
}

fn within<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// All that an error and its causes say, each thing once and on one line.
pub(super) fn chain(error: &(dyn Error + '_)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("; ").replace(":;", ":")
}
