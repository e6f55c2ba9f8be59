//! Finds Region, credentials and endpoints, and builds the clients.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider::config::retry::RetryPartition;
use aws_types::sdk_ua_metadata::FrameworkMetadata;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use secrecy::ExposeSecret;

use super::throttle::{ConnectionEvents, ThrottleWatch};
use crate::cognito::api::rate_limit::RateLimiter;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::{Gateway, Inner, Lazy};
use crate::cognito::oauth::http::HttpClients;
use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::hosts::AwsHosts;
use crate::cognito::sdk::http_client;
use crate::cognito::sdk::login::LoginSources;
use crate::cognito::sdk::login::files::{
    AwsFiles, DEFAULT_PROFILE, PROFILE_VARIABLES, Service, named_profile, variable,
};
use crate::cognito::sdk::login::shape::Login;
use crate::cognito::sdk::response_shape::ResponseShapes;
use crate::cognito::sdk::retry::{NoRetryOnQuota, Retries};
use crate::cognito::sdk::sign_in::CredentialSession;
use crate::cognito::target::{Credentials, TIMEOUT, Target};
use crate::domain::identity::Source;
use crate::domain::oauth::endpoints;

/// The connect timeout, if the call's timeout is longer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const APPSYNC_ATTEMPTS: u32 = 2;

/// The configuration of a service's client. The SDK has a type for each service and no common trait, so this is a macro.
macro_rules! configuration {
    ($sdk:ident, $config:expr, $endpoint:expr, $retries:expr, $timeouts:expr) => {{
        let mut builder = $sdk::config::Builder::from($config)
            .retry_config($retries)
            .timeout_config($timeouts);
        let endpoint: Option<String> = $endpoint;
        if let Some(client) = http_client::plain(endpoint.as_deref()) {
            builder = builder.http_client(client);
        }
        if let Some(url) = endpoint {
            builder = builder.endpoint_url(url);
        }
        builder
    }};
}

impl Gateway {
    /// Reads the configuration that `target` does not set, and builds the clients. Sends nothing to Cognito; the first call fetches
    /// credentials. `signals` gets throttling events.
    ///
    /// # Errors
    /// No Region is set, the profile does not exist, a setting is wrong, or the endpoint is not a URL.
    pub async fn connect(target: Target, signals: ConnectionEvents) -> Result<Self, Error> {
        let settings = Settings::read(target).await?;
        let config = settings.config().await;
        let origin = settings.origin(&config)?;
        let patience = settings.target.timeout.unwrap_or(TIMEOUT);
        let timeouts = timeouts(patience);
        let retries = settings.retries()?;
        let sts = configuration!(
            aws_sdk_sts,
            &config,
            settings.endpoint(Service::Sts),
            retries.calls(),
            timeouts.clone()
        );
        let signer = settings.files.as_ref().map(|files| {
            let sources = LoginSources {
                profile: files.name().to_owned(),
                is_named: settings.is_named(),
                config: config.clone(),
                limit: login_limit(patience),
            };
            CredentialSession::new(sources, sts.clone(), origin.clone(), signals.clone())
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
            settings.endpoint(Service::Cognito),
            retries.calls(),
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
        let optional = |service| Optional {
            endpoint: settings.endpoint(service),
            signer: signer.clone(),
            config: config.clone(),
            timeouts: timeouts.clone(),
        };
        let pace = if settings.target.pace {
            RateLimiter::default()
        } else {
            RateLimiter::for_endpoint(origin.endpoint.as_deref())
        };
        Ok(Self {
            inner: Arc::new(Inner {
                pace,
                cognito: aws_sdk_cognitoidentityprovider::Client::from_conf(cognito.build()),
                sts: aws_sdk_sts::Client::from_conf(sts.build()),
                appsync: appsync(optional(Service::AppSync), retries.few(APPSYNC_ATTEMPTS)),
                secrets_manager: secrets_manager(
                    optional(Service::SecretsManager),
                    retries.calls(),
                ),
                web: HttpClients::new(settings.target.ca_bundle, patience),
                origin,
                hosts: AwsHosts {
                    fips: config.use_fips().unwrap_or(false),
                    dual_stack: config.use_dual_stack().unwrap_or(false),
                },
                signer,
                token_endpoint: settings.target.token_endpoint,
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

/// How long a login may take: less than an attempt of the call that waits for it, so that the call fails with the login's own error.
fn login_limit(patience: Duration) -> Duration {
    patience.mul_f32(0.45)
}

/// What is known before a call: the target, and the files of AWS tools.
struct Settings {
    target: Target,
    /// `None` with fixed credentials.
    files: Option<AwsFiles>,
}

impl Settings {
    async fn read(mut target: Target) -> Result<Self, Error> {
        if target.credentials.is_some() {
            let files = None;
            return Ok(Self { target, files });
        }
        let named = target.profile.clone().or_else(named_profile);
        let files = AwsFiles::read(named.as_deref().unwrap_or(DEFAULT_PROFILE)).await?;
        if let Some(path) = files
            .setting("ca_bundle")
            .filter(|_| target.ca_bundle.is_none())
        {
            let bundle = CaBundle::read(path.as_ref()).map_err(|error| {
                let hint = format!("Correct ca_bundle of profile {}.", files.name());
                Error::new("connect", ErrorKind::Invalid, error.to_string(), hint)
            })?;
            target.ca_bundle = Some(bundle);
        }
        let files = Some(files);
        Ok(Self { target, files })
    }

    /// Whether a flag, or this program's own configuration, names the profile: then it overrides keys in the environment.
    fn is_named(&self) -> bool {
        let by_aws = matches!(self.target.source, Source::Variable(name) if PROFILE_VARIABLES.contains(&name));
        self.target.profile.is_some() && !by_aws
    }

    /// The AWS configuration without endpoints, which [`Self::endpoint`] finds, and without credentials, which [`CredentialSession`] loads
    /// when a call needs them.
    async fn config(&self) -> SdkConfig {
        let config = match (&self.target.credentials, &self.files) {
            (Some(credentials), _) => fixed(credentials, &self.target),
            (None, files) => {
                let profile = files.as_ref().map_or(DEFAULT_PROFILE, AwsFiles::name);
                searched(&self.target, profile).await
            }
        };
        let mut config = config.into_builder();
        config.set_endpoint_url(None);
        config = config.service_config(NoEndpoints);
        if let Ok(name) =
            FrameworkMetadata::new(env!("CARGO_PKG_NAME"), Some(env!("CARGO_PKG_VERSION")))
        {
            config = config.framework_metadata(name);
        }
        config.build()
    }

    /// The endpoint of a service where it is not AWS's own: from the flag, the environment, this program's configuration, the profile.
    fn endpoint(&self, service: Service) -> Option<String> {
        let files = self.files.as_ref();
        let given = self.target.endpoint_url.clone();
        given
            .or_else(|| files?.endpoint_in_environment(service))
            .or_else(|| self.target.default_endpoint_url.clone())
            .or_else(|| files?.endpoint_in_profile(service))
    }

    /// How often calls are tried.
    ///
    /// # Errors
    /// A setting is wrong.
    fn retries(&self) -> Result<Retries, Error> {
        let Some(files) = &self.files else {
            return Ok(Retries::default());
        };
        let find = |name, key| variable(name).or_else(|| files.setting(key).map(str::to_owned));
        Retries::of(
            find("AWS_MAX_ATTEMPTS", "max_attempts"),
            find("AWS_RETRY_MODE", "retry_mode"),
        )
    }

    /// The settings that errors and screens name.
    ///
    /// # Errors
    /// No Region is set, the profile does not exist, keys are incomplete, or the endpoint is not a URL.
    fn origin(&self, config: &SdkConfig) -> Result<ConnectionInfo, Error> {
        let target = &self.target;
        let named = target.profile.clone().or_else(|| match target.credentials {
            Some(_) => None,
            None => named_profile(),
        });
        // Keys in the environment override AWS_PROFILE, and may be of another account.
        let signs = self.is_named() || variable("AWS_ACCESS_KEY_ID").is_none();
        let mut origin = ConnectionInfo {
            profile: named.clone().filter(|_| signs),
            region: config.region().map(ToString::to_string),
            source: target.source,
            endpoint: self.endpoint(Service::Cognito),
            ..ConnectionInfo::default()
        };
        if let Some(files) = &self.files {
            if let Some(profile) = &named
                && (signs || origin.region.is_none())
                && files.profile(profile).is_none()
            {
                return Err(files.no_profile(profile));
            }
            files.has_its_services()?;
            let login = Login::of(files, self.is_named())?;
            origin.sign_in = login.sign_in();
            origin.asks_code = login.asks_code();
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
}

/// Keeps the SDK from looking for endpoints: in a services section it looks for `cognito-identity-provider`, where the AWS CLI, and all
/// documents, have `cognito_identity_provider`.
#[derive(Debug)]
struct NoEndpoints;

impl LoadServiceConfig for NoEndpoints {
    fn load_config(&self, _: ServiceConfigKey<'_>) -> Option<String> {
        None
    }
}

/// What a client that few runs need is made of.
struct Optional {
    endpoint: Option<String>,
    signer: Option<CredentialSession>,
    config: SdkConfig,
    timeouts: TimeoutConfig,
}

/// AWS AppSync; few attempts: it is needed for one optional line.
fn appsync(of: Optional, retries: RetryConfig) -> Lazy<aws_sdk_appsync::Client> {
    LazyLock::new(Box::new(move || {
        let mut builder = configuration!(
            aws_sdk_appsync,
            &of.config,
            of.endpoint,
            retries,
            of.timeouts
        )
        .interceptor(ResponseShapes);
        if let Some(signer) = of.signer {
            builder = builder.interceptor(signer);
        }
        aws_sdk_appsync::Client::from_conf(builder.build())
    }))
}

/// AWS Secrets Manager; few runs need it.
fn secrets_manager(of: Optional, retries: RetryConfig) -> Lazy<aws_sdk_secretsmanager::Client> {
    LazyLock::new(Box::new(move || {
        let mut builder = configuration!(
            aws_sdk_secretsmanager,
            &of.config,
            of.endpoint,
            retries,
            of.timeouts
        )
        .interceptor(ResponseShapes);
        if let Some(signer) = of.signer {
            builder = builder.interceptor(signer);
        }
        aws_sdk_secretsmanager::Client::from_conf(builder.build())
    }))
}

/// The AWS configuration of a profile, as the SDK reads it.
async fn searched(target: &Target, profile: &str) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client::https(target.ca_bundle.as_ref()))
        .identity_cache(IdentityCache::no_cache())
        .profile_name(profile)
        // The SDK panics at a wrong setting. Each client gets its own.
        .retry_config(RetryConfig::standard())
        .no_credentials();
    if let Some(region) = &target.region {
        loader = loader.region(Region::new(region.clone()));
    } else if is_blank("AWS_REGION") || is_blank("AWS_DEFAULT_REGION") {
        // The SDK would use an empty Region.
        let files = ProfileFileRegionProvider::builder().profile_name(profile);
        loader = loader.region(files.build());
    }
    loader.load().await
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

/// Whether a variable is empty, which is how a shell unsets it for one command.
fn is_blank(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value.trim().is_empty())
}
