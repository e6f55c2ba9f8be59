//! Finds Region, credentials and endpoints, and builds the clients.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig, profile};
use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_cognitoidentityprovider::config::retry::RetryPartition;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;
use secrecy::ExposeSecret;

use super::retry::NoRetryOnQuota;
use super::throttle::{ConnectionEvents, ThrottleWatch};
use crate::cognito::api::rate_limit::RateLimiter;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::{Gateway, Inner, Lazy};
use crate::cognito::oauth::http::HttpClients;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::hosts::AwsHosts;
use crate::cognito::sdk::http_client;
use crate::cognito::sdk::response_shape::ResponseShapes;
use crate::cognito::sdk::sign_in::{CredentialSession, CredentialSources};
use crate::cognito::target::{Credentials, TIMEOUT, Target};
use crate::domain::oauth::endpoints;
use crate::domain::shell::option_word;

/// The services, as the SDK names them.
const COGNITO: &str = "Cognito Identity Provider";
const STS: &str = "STS";
const APPSYNC: &str = "AppSync";
const SECRETS_MANAGER: &str = "Secrets Manager";
/// The connect timeout, if the call's timeout is longer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Enough attempts for a burst: Cognito refills 5 calls per second.
const MAX_ATTEMPTS: u32 = 5;
const APPSYNC_ATTEMPTS: u32 = 2;
/// With the SDK's 1 second a dead endpoint looks like a slow one.
const INITIAL_BACKOFF: Duration = Duration::from_millis(200);
/// Not adaptive: a throttled call would wait up to 20 seconds before each attempt.
const MAX_BACKOFF: Duration = Duration::from_secs(2);

/// The configuration of a service's client. The SDK has a type for each service and no common trait, so this is a macro.
macro_rules! configuration {
    ($sdk:ident, $config:expr, $service:expr, $given:expr, $retries:expr, $timeouts:expr) => {{
        let mut builder = $sdk::config::Builder::from($config)
            .retry_config($retries)
            .timeout_config($timeouts);
        let given: Option<String> = $given;
        let endpoint = given
            .clone()
            .or_else(|| configured_endpoint($config, $service));
        if let Some(url) = given {
            builder = builder.endpoint_url(url);
        }
        if let Some(client) = http_client::plain(endpoint.as_deref()) {
            builder = builder.http_client(client);
        }
        builder
    }};
}

impl Gateway {
    /// Reads the configuration that `target` does not set, and builds the clients. Sends nothing to Cognito; the first call fetches
    /// credentials. `signals` gets throttling events.
    ///
    /// # Errors
    /// No Region is set, the profile does not exist, or the endpoint is not a URL.
    pub async fn connect(target: Target, signals: ConnectionEvents) -> Result<Self, Error> {
        let config = match &target.credentials {
            Some(credentials) => fixed(credentials, &target),
            None => searched(&target).await,
        };
        let origin = origin(&config, &target).await?;
        let patience = target.timeout.unwrap_or(TIMEOUT);
        let timeouts = timeouts(patience);
        let retries = RetryConfig::adaptive()
            .with_max_attempts(MAX_ATTEMPTS)
            .with_initial_backoff(INITIAL_BACKOFF)
            .with_max_backoff(MAX_BACKOFF);
        let sts = sts(&config, &target, retries.clone(), timeouts.clone());
        let signer = target.credentials.is_none().then(|| {
            let places = CredentialSources {
                profile: target.profile.clone(),
                region: config.region().cloned(),
                ca_bundle: target.ca_bundle.clone(),
            };
            CredentialSession::new(places, sts.clone(), origin.clone(), signals.clone())
        });
        let config = match &signer {
            Some(signer) => config
                .into_builder()
                .credentials_provider(SharedCredentialsProvider::new(signer.clone()))
                .build(),
            None => config,
        };

        let cognito = configuration!(
            aws_sdk_cognitoidentityprovider,
            &config,
            COGNITO,
            given_endpoint(&target, COGNITO),
            retries.clone(),
            timeouts.clone()
        )
        // A separate partition, so that throttling does not slow other connections of this process.
        .retry_partition(RetryPartition::custom("cognito").build())
        .retry_classifier(NoRetryOnQuota)
        .interceptor(ResponseShapes)
        .interceptor(ThrottleWatch::new(signals));
        let (cognito, sts) = match &signer {
            Some(signer) => (
                cognito.interceptor(signer.clone()),
                sts.credentials_provider(signer.clone())
                    .interceptor(signer.clone()),
            ),
            None => (cognito, sts),
        };
        let appsync = appsync(&config, &target, signer.as_ref(), timeouts.clone());
        let secrets_manager = secrets_manager(&config, &target, signer.as_ref(), retries, timeouts);
        let pace = if target.pace {
            RateLimiter::default()
        } else {
            RateLimiter::for_endpoint(origin.endpoint.as_deref())
        };
        Ok(Self {
            inner: Arc::new(Inner {
                pace,
                cognito: aws_sdk_cognitoidentityprovider::Client::from_conf(cognito.build()),
                sts: aws_sdk_sts::Client::from_conf(sts.build()),
                appsync,
                secrets_manager,
                web: HttpClients::new(target.ca_bundle, patience),
                origin,
                hosts: AwsHosts {
                    fips: config.use_fips().unwrap_or(false),
                    dual_stack: config.use_dual_stack().unwrap_or(false),
                },
                signer,
                token_endpoint: target.token_endpoint,
                keys: Mutex::new(HashMap::new()),
            }),
        })
    }
}

/// The timeout of a call with all attempts. One attempt may take half of it, so that there is time for another.
fn timeouts(patience: Duration) -> TimeoutConfig {
    let attempt = patience / 2;
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(attempt))
        .operation_attempt_timeout(attempt)
        .operation_timeout(patience)
        .build()
}

/// The settings of a connection.
///
/// # Errors
/// No Region is set, the profile does not exist, keys are incomplete, or the endpoint is not a URL.
async fn origin(config: &SdkConfig, target: &Target) -> Result<ConnectionInfo, Error> {
    let named = target.profile.clone().or_else(|| match target.credentials {
        Some(_) => None,
        None => variable("AWS_PROFILE"),
    });
    // Keys in the environment override AWS_PROFILE, and may be of another account.
    let signs = target.profile.is_some() || variable("AWS_ACCESS_KEY_ID").is_none();
    if !signs && target.credentials.is_none() {
        are_whole()?;
    }
    let origin = ConnectionInfo {
        profile: named.clone().filter(|_| signs),
        region: config.region().map(ToString::to_string),
        source: target.source,
        endpoint: given_endpoint(target, COGNITO).or_else(|| configured_endpoint(config, COGNITO)),
    };
    if target.credentials.is_none()
        && let Some(profile) = &named
        && (signs || origin.region.is_none())
    {
        is_there(profile).await?;
    }
    let Some(region) = origin.region.as_deref() else {
        let hint = errors::hint(&ErrorKind::NoRegion, &origin);
        return Err(Error::new("connect", ErrorKind::NoRegion, "", hint));
    };
    if !endpoints::may_be_region(region) {
        return Err(Error::new(
            "connect",
            ErrorKind::Invalid,
            format!("{region:?} is not a Region name."),
            "Set one like eu-west-1 in AWS_REGION or the profile.",
        ));
    }
    if let Some(endpoint) = origin.endpoint.as_deref()
        && !http_client::has_scheme(endpoint)
    {
        return Err(Error::new(
            "connect",
            ErrorKind::Invalid,
            format!("The endpoint {endpoint} is not a URL."),
            format!("Add http:// or https://, such as http://{endpoint}."),
        ));
    }
    Ok(origin)
}

/// AWS STS, which identifies the caller.
fn sts(
    config: &SdkConfig,
    target: &Target,
    retries: RetryConfig,
    timeouts: TimeoutConfig,
) -> aws_sdk_sts::config::Builder {
    let given = given_endpoint(target, STS);
    configuration!(aws_sdk_sts, config, STS, given, retries, timeouts)
}

/// AWS AppSync, with a short timeout: it is needed for one optional line.
fn appsync(
    config: &SdkConfig,
    target: &Target,
    signer: Option<&CredentialSession>,
    timeouts: TimeoutConfig,
) -> Lazy<aws_sdk_appsync::Client> {
    let endpoint = given_endpoint(target, APPSYNC);
    let signer = signer.cloned();
    let config = config.clone();
    let retries = RetryConfig::standard().with_max_attempts(APPSYNC_ATTEMPTS);
    LazyLock::new(Box::new(move || {
        let mut builder = configuration!(
            aws_sdk_appsync,
            &config,
            APPSYNC,
            endpoint,
            retries,
            timeouts
        )
        .interceptor(ResponseShapes);
        if let Some(signer) = signer {
            builder = builder.interceptor(signer);
        }
        aws_sdk_appsync::Client::from_conf(builder.build())
    }))
}

/// AWS Secrets Manager; few runs need it.
fn secrets_manager(
    config: &SdkConfig,
    target: &Target,
    signer: Option<&CredentialSession>,
    retries: RetryConfig,
    timeouts: TimeoutConfig,
) -> Lazy<aws_sdk_secretsmanager::Client> {
    let endpoint = given_endpoint(target, SECRETS_MANAGER);
    let signer = signer.cloned();
    let config = config.clone();
    LazyLock::new(Box::new(move || {
        let mut builder = configuration!(
            aws_sdk_secretsmanager,
            &config,
            SECRETS_MANAGER,
            endpoint,
            retries,
            timeouts
        )
        .interceptor(ResponseShapes);
        if let Some(signer) = signer {
            builder = builder.interceptor(signer);
        }
        aws_sdk_secretsmanager::Client::from_conf(builder.build())
    }))
}

/// The AWS configuration without credentials: [`CredentialSession`] loads these when a call needs them.
async fn searched(target: &Target) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client::https(target.ca_bundle.as_ref()))
        .identity_cache(IdentityCache::no_cache())
        .no_credentials();
    if let Some(profile) = &target.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &target.region {
        loader = loader.region(Region::new(region.clone()));
    } else if is_blank("AWS_REGION") || is_blank("AWS_DEFAULT_REGION") {
        // The SDK would use an empty Region.
        let files = ProfileFileRegionProvider::builder();
        let files = match &target.profile {
            Some(profile) => files.profile_name(profile),
            None => files,
        };
        loader = loader.region(files.build());
    }
    loader.load().await
}

/// Checks that keys in the environment are complete: the SDK silently uses others, the AWS CLI reports the missing one.
fn are_whole() -> Result<(), Error> {
    let names = ["AWS_SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY"];
    if names.into_iter().any(|name| variable(name).is_some()) {
        return Ok(());
    }
    Err(Error::new(
        "connect",
        ErrorKind::NoCredentials,
        "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.",
        "Set both, or unset it and use --profile or AWS_PROFILE.",
    ))
}

/// Checks that AWS's configuration files have the profile. The first call reports other mistakes in them.
async fn is_there(profile: &str) -> Result<(), Error> {
    let files = EnvConfigFiles::default();
    let Ok(set) = profile::load(&Fs::real(), &Env::real(), &files, None).await else {
        return Ok(());
    };
    if set.get_profile(profile).is_some() {
        return Ok(());
    }
    let mut names: Vec<&str> = set.profiles().collect();
    names.sort_unstable();
    let there = match names.as_slice() {
        [] => "No profiles found".to_owned(),
        names => format!("Profiles: {}", names.join(", ")),
    };
    Err(Error::new(
        "connect",
        ErrorKind::NoCredentials,
        format!("No profile {profile} in ~/.aws/config or ~/.aws/credentials. {there}."),
        format!(
            "Use one of these, or create it with `aws configure {}`.",
            option_word("--profile", profile)
        ),
    ))
}

fn fixed(credentials: &Credentials, target: &Target) -> SdkConfig {
    let region = target.region.as_deref().unwrap_or("us-east-1");
    let key = SdkCredentials::new(
        credentials.access_key_id.clone(),
        credentials.secret_access_key.expose_secret(),
        None,
        None,
        "fixed",
    );
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client::https(target.ca_bundle.as_ref()))
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(key))
        .build()
}

/// The endpoint of a service from flag or configuration file; the environment's endpoint of the service overrides the file.
fn given_endpoint(target: &Target, service: &str) -> Option<String> {
    let own = format!(
        "AWS_ENDPOINT_URL_{}",
        service.to_uppercase().replace(' ', "_")
    );
    let ignored = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let of_environment = || variable(&own).or_else(|| variable("AWS_ENDPOINT_URL"));
    let default = target.default_endpoint_url.clone();
    let default = default.filter(|_| ignored || of_environment().is_none());
    target.endpoint_url.clone().or(default)
}

/// A non-empty environment variable.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    value.filter(|value| !value.trim().is_empty())
}

/// Whether a variable is empty, which is how a shell unsets it for one command.
fn is_blank(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value.trim().is_empty())
}

/// The endpoint that the SDK uses from environment or profile: the service's setting before the general one.
fn configured_endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    config
        .service_config()
        .and_then(|settings| settings.load_config(key))
        .or_else(|| config.endpoint_url().map(ToOwned::to_owned))
}
