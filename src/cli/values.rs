//! What values of options must look like, where several commands take them.

use std::num::NonZeroUsize;

/// How many threads work.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "a number of threads is at least 1".to_owned())
}

/// The id of an account.
pub(super) fn account(text: &str) -> Result<String, String> {
    let is_one = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.to_owned()).ok_or_else(|| "an account has twelve digits".to_owned())
}

/// The id of an organization.
pub(super) fn organization(text: &str) -> Result<String, String> {
    let is_one = text.strip_prefix("o-").is_some_and(|rest| {
        (10..=32).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    let refusal = || "an organization is `o-` and 10 to 32 small letters and digits".to_owned();
    is_one.then(|| text.to_owned()).ok_or_else(refusal)
}
