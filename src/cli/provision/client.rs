//! The client that carries calls to AWS, in a build that has one.

use crate::cli;
use crate::provision::Services;

/// A client, and the Region that it calls.
#[cfg(feature = "aws")]
pub(super) fn connect(
    region: Option<&str>,
    profile: Option<&str>,
) -> Result<(Box<dyn Services>, String), cli::Failure> {
    use crate::provision::{AwsOptions, AwsServices};
    use crate::provision::{Call, Failure, Operation};

    let options = AwsOptions {
        region: region.map(str::to_owned),
        profile: profile.map(str::to_owned),
        ..AwsOptions::default()
    };
    let services = AwsServices::connect(&options).map_err(|fault| {
        let call = Call::new(Operation::GetCallerIdentity, serde_json::Value::Null);
        super::told(&Failure::new(call, fault, 1), &super::nowhere(region.unwrap_or_default()))
    })?;
    // It may also come from the environment or a profile.
    let region = super::region(services.region()).map_err(cli::Failure::Usage)?;
    Ok((Box::new(services), region))
}

/// Says that this build has none.
#[cfg(not(feature = "aws"))]
pub(super) fn connect(_: Option<&str>, _: Option<&str>) -> Result<(Box<dyn Services>, String), cli::Failure> {
    Err(cli::Failure::Usage(
        "this build has no AWS client: build it with `--features aws`; `trailql export` needs none"
            .to_owned(),
    ))
}
