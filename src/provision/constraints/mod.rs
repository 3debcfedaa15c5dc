//! A request held against what the service is known to demand of it, before it is sent.

mod across;
mod pages;
mod pattern;
mod table;
#[cfg(test)]
mod tests;
mod violation;
mod walk;

pub use violation::{Unit, Violation, Wrong};

use super::Call;

/// What the service would refuse a call for, as far as its model and its pages tell; nothing for a call that is in order.
///
/// Held against are the members that the model knows, which of them are required, their types, lengths, bounds, patterns
/// and values (`data/requests.tsv`, from botocore's models), and what only AWS's documentation says
/// (`data/requests-pages.tsv`, each rule with its source). What depends on the account, such as whether a name is taken or
/// a quota is used up, is not seen here.
///
/// ```
/// use serde_json::json;
/// use trailql::provision::{Call, Operation, constraints};
///
/// let call = |days: u32| {
///     Call::new(Operation::PutRetentionPolicy, json!({ "logGroupName": "trail", "retentionInDays": days }))
/// };
/// assert_eq!(constraints::check(&call(90)), []);
/// let found = constraints::check(&call(91));
/// assert!(found[0].to_string().starts_with("logs:PutRetentionPolicy: retentionInDays is `91`, and the service takes only"));
/// ```
pub fn check(call: &Call) -> Vec<Violation> {
    let mut found = walk::of(call);
    across::of(call, &mut found);
    found
}
