//! [`Services`] over the AWS SDK, for threads that wait.

mod asked;
#[expect(deprecated, reason = "the service still answers with members that its model calls deprecated")]
mod cloudtrail;
#[expect(deprecated, reason = "the service still answers with members that its model calls deprecated")]
mod cloudwatch;
mod connect;
mod iam;
mod logs;
mod members;
mod organizations;
mod refusal;
mod s3;
mod sns;
mod sts;

use std::collections::HashSet;
use std::fmt;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::runtime::{Builder, Runtime};

use self::asked::Asked;
use self::connect::Clients;
use super::{Call, Fault, Operation, Service, Services};

type Input = Map<String, Value>;

/// What is not left to the environment and the profile.
///
/// ```
/// use trailql::provision::AwsOptions;
///
/// let options = AwsOptions { region: Some("eu-central-1".to_owned()), ..AwsOptions::default() };
/// assert_eq!(options.endpoint, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsOptions {
    /// The Region; otherwise that of the environment, the profile or the instance.
    pub region: Option<String>,
    /// The profile; otherwise `AWS_PROFILE` or `default`.
    pub profile: Option<String>,
    /// One URL for all services; otherwise `AWS_ENDPOINT_URL`, its kin and the profile.
    pub endpoint: Option<String>,
    /// How long a connection may take; 5 seconds.
    pub connect_timeout: Option<Duration>,
    /// How long a call may take; 30 seconds.
    pub attempt_timeout: Option<Duration>,
}

/// The services of AWS, by the official SDK.
///
/// Region and credentials come from the SDK's own chain: the environment, the profile, the container, the instance.
/// Calls block; they may come from several threads at once, and also from within an async runtime. Nothing is retried
/// but a request to S3 that is told the bucket's own Region. Operations that answer in pages give all of them as one,
/// without a token. The policy documents of IAM are decoded. A member that the SDK does not know is a fault.
///
/// ```no_run
/// use trailql::provision::{AwsOptions, AwsServices, Call, Operation, Services};
///
/// # fn main() -> Result<(), trailql::provision::Fault> {
/// let aws = AwsServices::connect(&AwsOptions::default())?;
/// let identity = aws.call(&Call::new(Operation::GetCallerIdentity, serde_json::json!({})))?;
/// println!("{}", identity["Account"]);
/// # Ok(())
/// # }
/// ```
pub struct AwsServices {
    clients: Clients,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl AwsServices {
    /// Finds the Region and makes the clients. No service is called yet, and credentials are looked for by the first call.
    ///
    /// # Errors
    /// [`Fault::Region`] if there is none; [`Fault::Unsupported`] if the system gives no threads.
    pub fn connect(options: &AwsOptions) -> Result<Self, Fault> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("trailql-aws")
            .enable_all()
            .build()
            .map_err(|error| Fault::Unsupported {
                reason: format!("no threads for calls to AWS: {error}"),
            })?;
        let options = options.clone();
        let clients = wait(&runtime, async move { connect::connect(&options).await })?;
        Ok(AwsServices { clients, runtime: Some(runtime) })
    }

    /// The Region whose endpoints are called.
    pub fn region(&self) -> &str {
        &self.clients.region
    }
}

impl fmt::Debug for AwsServices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsServices").field("region", &self.clients.region).finish_non_exhaustive()
    }
}

impl Services for AwsServices {
    fn call(&self, call: &Call) -> Result<Value, Fault> {
        let Some(runtime) = &self.runtime else { return Err(ended()) };
        let (clients, operation, input) = (self.clients.clone(), call.operation, call.input.clone());
        wait(runtime, async move { all_pages(&clients, operation, input).await }).map(Value::Object)
    }
}

impl Drop for AwsServices {
    fn drop(&mut self) {
        // A runtime that is dropped within another one panics; one that is shut down does not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs it on the runtime's own threads, for blocking on a runtime within another one panics.
fn wait<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        // Nobody listens only if the caller's thread is gone.
        let _ = sender.send(work.await);
    });
    receiver.recv().unwrap_or_else(|_| Err(ended()))
}

fn ended() -> Fault {
    Fault::NoAnswer { endpoint: "AWS".to_owned(), reason: "the client's own thread ended".to_owned() }
}

async fn all_pages(clients: &Clients, operation: Operation, mut input: Input) -> Result<Input, Fault> {
    let Some(token) = token(operation) else { return once(clients, operation, input).await };
    let mut answer = Map::new();
    let mut seen = HashSet::new();
    loop {
        let mut page = once(clients, operation, input.clone()).await?;
        let next = page.remove(token);
        append(&mut answer, page);
        let Some(Value::String(next)) = next.filter(|next| next != "") else { return Ok(answer) };
        if !seen.insert(next.clone()) {
            return Err(Fault::Unsupported {
                reason: format!("{operation} gives the same page again and again"),
            });
        }
        input.insert(token.to_owned(), Value::String(next));
    }
}

/// The member that leads to the next page.
fn token(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::DescribeLogGroups
        | Operation::DescribeMetricFilters
        | Operation::DescribeQueryDefinitions => Some("nextToken"),
        Operation::DescribeAlarms
        | Operation::DescribeAnomalyDetectors
        | Operation::ListDashboards
        | Operation::ListOrganizationAccess
        | Operation::ListTrailTags
        | Operation::ListTopics
        | Operation::ListSubscriptionsByTopic => Some("NextToken"),
        Operation::ListBuckets => Some("ContinuationToken"),
        _ => None,
    }
}

/// Lists of a later page go behind those of the earlier ones.
fn append(answer: &mut Input, page: Input) {
    for (name, value) in page {
        match (answer.get_mut(&name), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (Some(_), _) => {}
            (None, value) => {
                answer.insert(name, value);
            }
        }
    }
}

async fn once(clients: &Clients, operation: Operation, input: Input) -> Result<Input, Fault> {
    let asked = Asked::new(operation, input);
    match operation.service() {
        Service::CloudTrail => cloudtrail::call(&clients.cloudtrail, asked).await,
        Service::CloudWatch => cloudwatch::call(&clients.cloudwatch, asked).await,
        Service::Iam => iam::call(&clients.iam, asked).await,
        Service::Logs => logs::call(&clients.logs, asked).await,
        Service::Organizations => organizations::call(&clients.organizations, asked).await,
        Service::S3 => s3::call(&clients.s3, &clients.region, asked).await,
        Service::Sns => sns::call(&clients.sns, asked).await,
        Service::Sts => sts::call(&clients.sts, asked).await,
    }
}
