//! One call on its way: what it asks for, and what is seen of it on the line.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_sts::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::BoxError;
use serde_json::{Map, Value};

use super::Input;
use crate::provision::{Fault, Operation};

/// A call that nobody has sent yet.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) operation: Operation,
    pub(super) input: Map<String, Value>,
    pub(super) witness: Witness,
}

impl Asked {
    pub(super) fn new(operation: Operation, input: Input) -> Self {
        Asked { operation, input, witness: Witness::default() }
    }

    /// The refusal of a file that is asked for another service's operation.
    pub(super) fn not_here(&self) -> Fault {
        Fault::Unsupported { reason: format!("the client of AWS does not know {}", self.operation) }
    }
}

/// Sees where a request goes and what Region the answer names.
///
/// The SDK's errors say neither, and both decide what a person is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Witness(Arc<Mutex<Seen>>);

#[derive(Clone, Debug, Default)]
struct Seen {
    endpoint: Option<String>,
    bucket_region: Option<String>,
}

impl Witness {
    /// Where the request was sent, once it was on its way.
    pub(super) fn endpoint(&self) -> Option<String> {
        self.seen(|seen| seen.endpoint.clone())
    }

    /// The Region that the last answer names for the bucket.
    pub(super) fn bucket_region(&self) -> Option<String> {
        self.seen(|seen| seen.bucket_region.clone())
    }

    fn seen<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Witness {
    fn name(&self) -> &'static str {
        "Witness"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let endpoint = origin(context.request().uri());
        self.seen(|seen| seen.endpoint = Some(endpoint));
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let region = context.response().headers().get("x-amz-bucket-region").map(str::to_owned);
        self.seen(|seen| seen.bucket_region = region);
        Ok(())
    }
}

/// Scheme, host and port, without a user's name and password.
fn origin(uri: &str) -> String {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("https", uri));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_has_no_path_and_no_password() {
        assert_eq!(origin("http://127.0.0.1:5000/a?b"), "http://127.0.0.1:5000");
        assert_eq!(origin("https://me:secret@logs.example.com/"), "https://logs.example.com");
    }
}
