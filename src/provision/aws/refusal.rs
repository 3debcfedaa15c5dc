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
            service(meta.code(), meta.message(), status, refused.err())
        }
        SdkError::ResponseError(answer) if answer.raw().status().as_u16() >= 300 => {
            let status = answer.raw().status().as_u16();
            service(None, None, status, &SdkError::<E, HttpResponse>::ResponseError(answer))
        }
        error => without_answer(&error, operation, witness),
    }
}

/// A refusal by the service, whose code is that of the HTTP status where the answer has none: `HEAD` has no body.
fn service(code: Option<&str>, message: Option<&str>, status: u16, error: &dyn Error) -> Fault {
    let code = code.filter(|code| !code.is_empty()).map_or_else(|| code_of(status), str::to_owned);
    let message = message
        .filter(|message| !message.is_empty())
        .map_or_else(|| format!("HTTP status {status} ({})", chain(error)), str::to_owned);
    Fault::Service { code, message, status: Some(status) }
}

fn code_of(status: u16) -> String {
    match status {
        301 => "PermanentRedirect".to_owned(),
        307 => "TemporaryRedirect".to_owned(),
        400 => "BadRequest".to_owned(),
        401 | 403 => "AccessDenied".to_owned(),
        404 => "NotFound".to_owned(),
        409 => "Conflict".to_owned(),
        429 => "TooManyRequests".to_owned(),
        503 => "ServiceUnavailable".to_owned(),
        status => format!("Http{status}"),
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
        // Nothing was on its way yet.
        return match error {
            SdkError::TimeoutError(_) => {
                Fault::Credentials { message: format!("they took too long to come: {reason}") }
            }
            _ => Fault::Unsupported { reason: format!("cannot send {operation}: {reason}") },
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

/// What the chain of credentials looked at. Its errors name providers, profiles and files, never what is in them.
pub(super) fn credentials(error: &CredentialsError) -> Fault {
    let message = match error {
        CredentialsError::CredentialsNotLoaded(_) => format!(
            "looked at the environment (`AWS_ACCESS_KEY_ID`), the profile in `~/.aws`, a web identity, the container \
             and the instance metadata: {}",
            chain(error)
        ),
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

/// All that an error and its causes say, each thing once.
fn chain(error: &(dyn Error + '_)) -> String {
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
    text
}
