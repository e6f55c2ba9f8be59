//! The target of a connection.

use std::time::Duration;

use secrecy::SecretString;

use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::domain::identity::Source;

/// The default timeout of a call.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Where to connect, and with which credentials. `None` means the AWS defaults: environment, profile, instance.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// A profile of the shared AWS configuration files; overrides `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The setting that chose the profile or keys.
    pub source: Source,
    /// Overrides `AWS_REGION` and the profile's.
    pub region: Option<String>,
    /// A custom endpoint of the Cognito API, and of STS; overrides `AWS_ENDPOINT_URL` and the like.
    pub endpoint_url: Option<String>,
    /// The same for services without `AWS_ENDPOINT_URL` or the like; overrides the profile's.
    pub default_endpoint_url: Option<String>,
    /// The token endpoint of all pools.
    pub token_endpoint: Option<String>,
    /// Whether rate limits apply to a loopback endpoint, too: see [`RateLimiter`](super::RateLimiter).
    pub pace: bool,
    /// Additional certificate authorities of every connection.
    pub ca_bundle: Option<CaBundle>,
    /// The timeout of each call, from the first attempt to the end of the response; default [`TIMEOUT`].
    pub timeout: Option<Duration>,
    /// Fixed credentials. With them no AWS configuration is read, so that a demo runs the same everywhere: the Region is `region` or
    /// `us-east-1`.
    pub credentials: Option<Credentials>,
}

/// A long-lived access key.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: SecretString,
}

impl Target {
    /// The embedded Cognito at `url`, which accepts any credentials: nothing is read from the machine.
    pub fn sandbox(url: &str, region: &str) -> Self {
        Self {
            region: Some(region.to_owned()),
            endpoint_url: Some(url.to_owned()),
            source: Source::Embedded,
            credentials: Some(Credentials {
                access_key_id: "AKIASANDBOX000000000".to_owned(),
                secret_access_key: "sandbox".to_owned().into(),
            }),
            ..Self::default()
        }
    }
}
