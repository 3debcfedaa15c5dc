//! AWS STS: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_sts::Client;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::send;
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::GetCallerIdentity => send!(asked, client.get_caller_identity() {} => {
            UserId: user_id,
            Account: account,
            Arn: arn,
        }),
        _ => Err(asked.not_here()),
    }
}
