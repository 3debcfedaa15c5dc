//! Region, credentials and clients, found the way every AWS tool finds them.

use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result as Provided, future};
use aws_sdk_sts::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_types::service_config::ServiceConfigKey;

use super::{AwsOptions, refusal};
use crate::provision::Fault;

/// One client a service.
#[derive(Clone)]
pub(super) struct Clients {
    pub(super) region: String,
    pub(super) cloudtrail: aws_sdk_cloudtrail::Client,
    pub(super) cloudwatch: aws_sdk_cloudwatch::Client,
    pub(super) iam: aws_sdk_iam::Client,
    pub(super) logs: aws_sdk_cloudwatchlogs::Client,
    pub(super) organizations: aws_sdk_organizations::Client,
    pub(super) s3: aws_sdk_s3::Client,
    pub(super) sns: aws_sdk_sns::Client,
    pub(super) sts: aws_sdk_sts::Client,
}

pub(super) async fn connect(options: &AwsOptions) -> Result<Clients, Fault> {
    let times = times(options);
    let imds = metadata(&times);
    let region = region(options, imds.clone()).await.ok_or(Fault::Region)?;
    let http = http_client(ProxyConfig::from_env());
    let credentials = credentials(options, &region, http.clone(), &times, imds).await;
    let name = AppName::new("trailql").map_err(|error| Fault::Unsupported { reason: error.to_string() })?;

    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .app_name(name)
        .region(region.clone())
        .credentials_provider(credentials)
        .identity_cache(IdentityCache::lazy().load_timeout(LOADING).build())
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .timeout_config(times)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &options.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    Ok(clients(&loader.load().await, &region))
}

/// How long credentials may take: a process may ask a person for a code.
const LOADING: Duration = Duration::from_secs(25);

fn times(options: &AwsOptions) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(options.connect_timeout.unwrap_or(Duration::from_secs(5)))
        .operation_attempt_timeout(options.attempt_timeout.unwrap_or(Duration::from_secs(30)))
        .build()
}

/// The instance metadata, asked once and not for long: most callers are no instance.
fn metadata(times: &TimeoutConfig) -> imds::Client {
    // The address is the machine's own, so no proxy leads there.
    let direct = provider(http_client(ProxyConfig::disabled()), times);
    imds::Client::builder()
        .configure(&direct)
        .max_attempts(1)
        .connect_timeout(Duration::from_millis(500))
        .read_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(2))
        .build()
}

async fn region(options: &AwsOptions, imds: imds::Client) -> Option<Region> {
    let profile = ProfileFileRegionProvider::builder();
    let profile = match &options.profile {
        Some(name) => profile.profile_name(name),
        None => profile,
    };
    RegionProviderChain::first_try(options.region.clone().map(Region::new))
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .or_else(imds::region::ImdsRegionProvider::builder().imds_client(imds).build())
        .region()
        .await
}

async fn credentials(
    options: &AwsOptions,
    region: &Region,
    http: SharedHttpClient,
    times: &TimeoutConfig,
    imds: imds::Client,
) -> Looking {
    let chain = DefaultCredentialsChain::builder()
        .configure(provider(http, times))
        .region(region.clone())
        .imds_client(imds);
    let chain = match &options.profile {
        Some(name) => chain.profile_name(name),
        None => chain,
    };
    let profile = options.profile.clone().or_else(|| std::env::var("AWS_PROFILE").ok());
    Looking { chain: chain.build().await, profile: profile.unwrap_or_else(|| "default".to_owned()) }
}

fn provider(http: SharedHttpClient, times: &TimeoutConfig) -> ProviderConfig {
    ProviderConfig::without_region()
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_http_client(http)
        .with_timeout_config(times.clone())
}

fn http_client(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        if let Some(settings) = settings {
            connector.set_connector_settings(Some(settings.clone()));
        }
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    })
}

/// The chain, which says where it looked, and refuses credentials that are over, with which the SDK would sign.
#[derive(Debug)]
struct Looking {
    chain: DefaultCredentialsChain,
    profile: String,
}

impl ProvideCredentials for Looking {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            match self.chain.provide_credentials().await {
                Ok(credentials) => not_expired(credentials),
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) => Err(self.nowhere(&error)),
                Err(error) => Err(error),
            }
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.chain.fallback_on_interrupt()
    }
}

impl Looking {
    fn nowhere(&self, error: &CredentialsError) -> CredentialsError {
        CredentialsError::not_loaded(format!(
            "looked at the environment (`AWS_ACCESS_KEY_ID`), the profile `{}`, a web identity, the container and the \
             instance metadata ({})",
            self.profile,
            refusal::chain(error)
        ))
    }
}

fn not_expired(credentials: Credentials) -> Provided {
    match credentials.expiry() {
        Some(end) if end <= SystemTime::now() => {
            let end = jiff::Timestamp::try_from(end).map(|end| end.to_string()).unwrap_or_default();
            Err(CredentialsError::provider_error(format!("the credentials expired at {end}")))
        }
        _ => Ok(credentials),
    }
}

fn clients(config: &SdkConfig, region: &Region) -> Clients {
    Clients {
        region: region.to_string(),
        cloudtrail: aws_sdk_cloudtrail::Client::new(config),
        cloudwatch: aws_sdk_cloudwatch::Client::new(config),
        iam: aws_sdk_iam::Client::new(config),
        logs: aws_sdk_cloudwatchlogs::Client::new(config),
        organizations: aws_sdk_organizations::Client::new(config),
        s3: aws_sdk_s3::Client::from_conf(bucket_config(config)),
        sns: aws_sdk_sns::Client::new(config),
        sts: aws_sdk_sts::Client::new(config),
    }
}

/// S3 behind an endpoint of one's own has no name a bucket, so the bucket goes into the path.
fn bucket_config(config: &SdkConfig) -> aws_sdk_s3::Config {
    let own =
        ServiceConfigKey::builder().service_id("S3").env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let own = own.ok().zip(config.service_config()).and_then(|(key, settings)| settings.load_config(key));
    aws_sdk_s3::config::Builder::from(config)
        .force_path_style(config.endpoint_url().is_some() || own.is_some())
        .build()
}
