//! Calls that may take more than one try: what is tried again, how often, and after how long.

use std::time::Duration;

use serde_json::Value;

use super::{Access, Call, Cause, Fault, Services, Usage};

/// How a thread waits.
///
/// The library has no clock; a program gives `std::thread::sleep`, a test whatever counts the waits.
pub type Pause<'p> = &'p (dyn Fn(Duration) + Sync);

/// A call that failed for good.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{call}: {fault}")]
pub struct Failure {
    /// What was asked for.
    pub call: Call,
    /// What came of it at the last try.
    pub fault: Fault,
    /// How often it was tried.
    pub tries: u32,
    /// How much of a quota is used, where the call ran into one and it could be counted.
    pub in_use: Vec<Usage>,
}

impl Failure {
    /// A call that failed after some tries.
    pub fn new(call: Call, fault: Fault, tries: u32) -> Self {
        Failure { call, fault, tries, in_use: Vec::new() }
    }
}

/// Services, asked with patience.
#[derive(Clone, Copy)]
pub(super) struct Caller<'c> {
    services: &'c dyn Services,
    pause: Pause<'c>,
}

impl<'c> Caller<'c> {
    pub(super) fn new(services: &'c dyn Services, pause: Pause<'c>) -> Self {
        Caller { services, pause }
    }

    /// The answer, after as many tries as the cause of each fault is worth.
    pub(super) fn call(&self, call: &Call) -> Result<Value, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let fault = match self.services.call(call) {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            match wait(call, &fault, tries) {
                Some(pause) => (self.pause)(pause),
                None => return Err(Failure::new(call.clone(), fault, tries)),
            }
        }
    }

    /// The answer; none where what is asked for is not there.
    pub(super) fn look(&self, call: &Call) -> Result<Option<Value>, Failure> {
        match self.call(call) {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if failure.fault.cause() == Cause::Missing => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// How long to wait before the next try; none where another one is of no use, or might do the work twice.
fn wait(call: &Call, fault: &Fault, tries: u32) -> Option<Duration> {
    // Until the role of a trail is seen: 61 seconds in all (`spec/provisioning.md` 1, row 5).
    const UNTIL_THE_ROLE_IS_SEEN: [u64; 7] = [1, 2, 4, 8, 16, 15, 15];
    // Until CloudTrail sees a bucket or its policy that was only now made or written.
    const UNTIL_THE_BUCKET_IS_SEEN: [u64; 4] = [1, 2, 4, 8];
    const TRIES: u32 = 6;
    let step = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
    match fault.cause() {
        Cause::RoleNotVisible => UNTIL_THE_ROLE_IS_SEEN.get(step).copied().map(Duration::from_secs),
        Cause::Bucket => UNTIL_THE_BUCKET_IS_SEEN.get(step).copied().map(Duration::from_secs),
        Cause::Throttled | Cause::Conflict if tries < TRIES => Some(apart(call, tries)),
        // Whether it was carried out is not known: only what may be done twice is done again.
        Cause::Unknown if tries < 3 && call.access() != Access::Create => Some(apart(call, tries)),
        _ => None,
    }
}

/// Twice as long with each try, from half a second on, and for each call a little different, so that calls which got into
/// each other's way do not meet again.
fn apart(call: &Call, tries: u32) -> Duration {
    let base = 500_u64 << tries.saturating_sub(1).min(5);
    let seed = twox_hash::XxHash3_64::oneshot(format!("{call}{:?}{tries}", call.input).as_bytes());
    Duration::from_millis(base + seed % (base / 2))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;
    use crate::provision::Operation;

    /// Refuses some times, then answers.
    struct Refusing(Mutex<Vec<Fault>>);

    impl Services for Refusing {
        fn call(&self, _: &Call) -> Result<Value, Fault> {
            self.0.lock().unwrap().pop().map_or(Ok(json!({})), Err)
        }
    }

    fn tried(operation: Operation, faults: Vec<Fault>) -> (Result<Value, Failure>, Vec<Duration>) {
        let waits = Mutex::new(Vec::new());
        let pause = |wait: Duration| waits.lock().unwrap().push(wait);
        let services = Refusing(Mutex::new(faults));
        let answer = Caller::new(&services, &pause).call(&Call::new(operation, json!({})));
        (answer, waits.into_inner().unwrap())
    }

    #[test]
    fn throttling_is_waited_out_longer_each_time() {
        let throttled = Fault::service("ThrottlingException", "Rate exceeded");
        let (answer, waits) = tried(Operation::PutMetricFilter, vec![throttled.clone(); 3]);
        assert!(answer.is_ok());
        assert_eq!(waits.len(), 3);
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
        let (answer, waits) = tried(Operation::PutMetricFilter, vec![throttled; 9]);
        assert_eq!((answer.unwrap_err().tries, waits.len()), (6, 5));
    }

    #[test]
    fn a_role_is_waited_for_a_minute() {
        let unseen = Fault::service("InvalidCloudWatchLogsRoleArnException", "");
        let (answer, waits) = tried(Operation::CreateTrail, vec![unseen; 99]);
        assert_eq!(answer.unwrap_err().tries, 8);
        assert_eq!(waits.iter().sum::<Duration>(), Duration::from_secs(61));
    }

    #[test]
    fn a_bucket_is_waited_for_a_quarter_of_a_minute() {
        let unseen = Fault::service("InsufficientS3BucketPolicyException", "");
        let (answer, waits) = tried(Operation::CreateTrail, vec![unseen; 99]);
        assert_eq!(answer.unwrap_err().tries, 5);
        assert_eq!(waits.iter().sum::<Duration>(), Duration::from_secs(15));
    }

    #[test]
    fn what_may_have_been_made_is_not_made_again() {
        let cut = Fault::NoAnswer { endpoint: "https://logs".into(), reason: "connection reset".into() };
        let (answer, waits) = tried(Operation::PutQueryDefinition, vec![cut.clone()]);
        assert_eq!((answer.unwrap_err().tries, waits.len()), (1, 0));
        let (answer, _) = tried(Operation::PutMetricFilter, vec![cut]);
        assert!(answer.is_ok(), "an upsert may be sent twice");
    }

    #[test]
    fn a_refusal_is_final() {
        let (answer, waits) = tried(Operation::CreateRole, vec![Fault::service("AccessDenied", "no")]);
        assert_eq!((answer.unwrap_err().tries, waits.len()), (1, 0));
    }
}
