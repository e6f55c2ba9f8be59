//! Finding Region, credentials and endpoints, and building the clients.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{self, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_cognitoidentityprovider::config::retry::RetryPartition;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;
use secrecy::ExposeSecret;

use super::classify::{self, Origin};
use super::error::{Error, ErrorKind};
use super::gateway::{Gateway, Inner, Later};
use super::http;
use super::pace::Pace;
use super::retry::QuotaIsFinal;
use super::shape::Complete;
use super::target::{Credentials, TIMEOUT, Target};
use super::throttle::{Signals, Watch};
use super::web::Web;
use crate::domain::hosts;
use crate::domain::shell::option_word;

/// How long a connection may take to be made, if the call has that long.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Enough to sit out a burst: Cognito refills five calls a second.
const MAX_ATTEMPTS: u32 = 5;
const APPSYNC_ATTEMPTS: u32 = 2;
/// The SDK's own second would let a dead endpoint look like a slow one.
const INITIAL_BACKOFF: Duration = Duration::from_millis(200);
/// The adaptive mode would make one throttled call wait up to 20 seconds before each new attempt.
const MAX_BACKOFF: Duration = Duration::from_secs(2);

impl Gateway {
    /// Reads the configuration that `target` leaves open and prepares the clients. Nothing is sent to Cognito yet, and credentials are
    /// fetched with the first call. `signals` hears of throttled calls.
    ///
    /// # Errors
    /// No Region is set anywhere, the profile is not there, or the endpoint is no URL.
    pub async fn connect(target: Target, signals: Signals) -> Result<Self, Error> {
        let config = match &target.credentials {
            Some(credentials) => fixed(credentials, &target),
            None => searched(&target).await,
        };
        let named = target.profile.clone().or_else(|| match target.credentials {
            Some(_) => None,
            None => std::env::var("AWS_PROFILE")
                .ok()
                .filter(|profile| !profile.is_empty()),
        });
        // Keys in the environment come before the profile that stands there as well, and may be of another account.
        let signs = target.profile.is_some() || std::env::var_os("AWS_ACCESS_KEY_ID").is_none();
        let origin = Origin {
            profile: named.clone().filter(|_| signs),
            region: config.region().map(ToString::to_string),
            endpoint: target
                .endpoint_url
                .clone()
                .or_else(|| configured_endpoint(&config, "Cognito Identity Provider")),
        };
        if target.credentials.is_none()
            && let Some(profile) = &named
            && (signs || origin.region.is_none())
        {
            is_there(profile).await?;
        }
        let Some(region) = origin.region.as_deref() else {
            let hint = classify::hint(&ErrorKind::NoRegion, &origin);
            return Err(Error::new("connect", ErrorKind::NoRegion, "", hint));
        };
        if !hosts::may_be_region(region) {
            return Err(Error::new(
                "connect",
                ErrorKind::Invalid,
                format!("{region:?} is no Region."),
                "Set one like eu-west-1 where it comes from: AWS_REGION, or the profile.",
            ));
        }
        if let Some(endpoint) = origin.endpoint.as_deref()
            && !http::has_scheme(endpoint)
        {
            return Err(Error::new(
                "connect",
                ErrorKind::Invalid,
                format!("The endpoint {endpoint} is no URL."),
                format!("Add http:// or https://, such as http://{endpoint}."),
            ));
        }
        let patience = target.timeout.unwrap_or(TIMEOUT);
        let timeouts = timeouts(patience);
        let retries = RetryConfig::adaptive()
            .with_max_attempts(MAX_ATTEMPTS)
            .with_initial_backoff(INITIAL_BACKOFF)
            .with_max_backoff(MAX_BACKOFF);

        let cognito = aws_sdk_cognitoidentityprovider::config::Builder::from(&config)
            .retry_config(retries.clone())
            .timeout_config(timeouts.clone())
            // A partition of its own, so that being throttled in one place slows no other connection of this process.
            .retry_partition(RetryPartition::custom("cognito").build())
            .retry_classifier(QuotaIsFinal)
            .interceptor(Complete)
            .interceptor(Watch::new(signals));
        let appsync = appsync(&config, &target, timeouts.clone());
        let secrets_manager = secrets_manager(&config, &target, retries.clone(), timeouts.clone());
        let sts = aws_sdk_sts::config::Builder::from(&config)
            .retry_config(retries)
            .timeout_config(timeouts);
        let (cognito, sts) = match &target.endpoint_url {
            Some(url) => (cognito.endpoint_url(url), sts.endpoint_url(url)),
            None => (cognito, sts),
        };
        let cognito = match http::plain(origin.endpoint.as_deref()) {
            Some(client) => cognito.http_client(client),
            None => cognito,
        };
        let sts_endpoint = target.endpoint_url.as_deref().or(config.endpoint_url());
        let sts = match http::plain(sts_endpoint) {
            Some(client) => sts.http_client(client),
            None => sts,
        };
        let pace = if target.pace {
            Pace::default()
        } else {
            Pace::towards(origin.endpoint.as_deref())
        };
        Ok(Self {
            inner: Arc::new(Inner {
                pace,
                cognito: aws_sdk_cognitoidentityprovider::Client::from_conf(cognito.build()),
                sts: aws_sdk_sts::Client::from_conf(sts.build()),
                appsync,
                secrets_manager,
                web: Web::new(target.ca_bundle, patience),
                origin,
                token_endpoint: target.token_endpoint,
                keys: Mutex::new(HashMap::new()),
            }),
        })
    }
}

/// The deadline of a call as a whole, with all its attempts. One attempt may take half of it, so that where one hangs there is time
/// for another.
fn timeouts(patience: Duration) -> TimeoutConfig {
    let attempt = patience / 2;
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(attempt))
        .operation_attempt_timeout(attempt)
        .operation_timeout(patience)
        .build()
}

/// AWS AppSync, which is asked for one line beside others: nobody waits long for it.
fn appsync(
    config: &SdkConfig,
    target: &Target,
    timeouts: TimeoutConfig,
) -> Later<aws_sdk_appsync::Client> {
    let endpoint = target.endpoint_url.clone();
    let config = config.clone();
    LazyLock::new(Box::new(move || {
        let mut builder = aws_sdk_appsync::config::Builder::from(&config)
            .retry_config(RetryConfig::standard().with_max_attempts(APPSYNC_ATTEMPTS))
            .timeout_config(timeouts)
            .interceptor(Complete);
        let plain = endpoint
            .clone()
            .or_else(|| configured_endpoint(&config, "AppSync"));
        if let Some(url) = endpoint {
            builder = builder.endpoint_url(url);
        }
        if let Some(client) = http::plain(plain.as_deref()) {
            builder = builder.http_client(client);
        }
        aws_sdk_appsync::Client::from_conf(builder.build())
    }))
}

/// AWS Secrets Manager, which few runs need.
fn secrets_manager(
    config: &SdkConfig,
    target: &Target,
    retries: RetryConfig,
    timeouts: TimeoutConfig,
) -> Later<aws_sdk_secretsmanager::Client> {
    let endpoint = target.endpoint_url.clone();
    let config = config.clone();
    LazyLock::new(Box::new(move || {
        let mut builder = aws_sdk_secretsmanager::config::Builder::from(&config)
            .retry_config(retries)
            .timeout_config(timeouts)
            .interceptor(Complete);
        let plain = endpoint
            .clone()
            .or_else(|| configured_endpoint(&config, "Secrets Manager"));
        if let Some(url) = endpoint {
            builder = builder.endpoint_url(url);
        }
        if let Some(client) = http::plain(plain.as_deref()) {
            builder = builder.http_client(client);
        }
        aws_sdk_secretsmanager::Client::from_conf(builder.build())
    }))
}

/// AWS's whole chain: environment, profiles, SSO, assumed roles, `credential_process`, web identity, containers, instances.
async fn searched(target: &Target) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http::https(target.ca_bundle.as_ref()));
    if let Some(profile) = &target.profile {
        let named = of_profile(profile, target).await;
        loader = loader.profile_name(profile).credentials_provider(named);
    }
    if let Some(region) = &target.region {
        loader = loader.region(Region::new(region.clone()));
    }
    loader.load().await
}

/// The chain behind the environment's keys. Who names a profile means its account, and not that of keys which stand in the
/// environment as well: the AWS CLI leaves those out, too.
async fn of_profile(profile: &str, target: &Target) -> CredentialsProviderChain {
    let region = if let Some(region) = &target.region {
        Some(Region::new(region.clone()))
    } else {
        let of_profile = DefaultRegionChain::builder().profile_name(profile);
        of_profile.build().region().await
    };
    let config = ProviderConfig::without_region()
        .with_region(region)
        .with_http_client(http::https(target.ca_bundle.as_ref()));
    let files = ProfileFileCredentialsProvider::builder().profile_name(profile);
    let web_identity = WebIdentityTokenCredentialsProvider::builder();
    let container = EcsCredentialsProvider::builder();
    let instance = ImdsCredentialsProvider::builder();
    CredentialsProviderChain::first_try("Profile", files.configure(&config).build())
        .or_else("WebIdentityToken", web_identity.configure(&config).build())
        .or_else("EcsContainer", container.configure(&config).build())
        .or_else("Ec2InstanceMetadata", instance.configure(&config).build())
}

/// That AWS's configuration files know the profile. What else may be wrong with them is left to the first call to tell.
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
        [] => "They name none".to_owned(),
        names => format!("They name {}", names.join(", ")),
    };
    Err(Error::new(
        "connect",
        ErrorKind::NoCredentials,
        format!("There is no profile {profile} in ~/.aws/config or ~/.aws/credentials. {there}."),
        format!(
            "Choose one that is there, or make profile {profile} with `aws configure {}`.",
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
        .http_client(http::https(target.ca_bundle.as_ref()))
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(key))
        .build()
}

/// The endpoint that the SDK will use by environment or profile: the service's own setting before the one for all services.
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
