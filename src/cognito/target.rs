//! Which Cognito to talk to.

use std::time::Duration;

use secrecy::SecretString;

use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::domain::identity::Source;

/// How long a call may take as a whole where nothing else is said.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Where to connect and as whom. What is `None` is looked for where every AWS tool looks: environment, profile, instance.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// A profile of the shared AWS configuration files; wins over `AWS_PROFILE`.
    pub profile: Option<String>,
    /// What chose `profile`, or keys in its place.
    pub source: Source,
    /// Wins over `AWS_REGION` and the profile's.
    pub region: Option<String>,
    /// Another address for the Cognito API (and for STS, which the sandbox answers at the same place); wins over
    /// `AWS_ENDPOINT_URL` and the like.
    pub endpoint_url: Option<String>,
    /// The same for the services for which `AWS_ENDPOINT_URL` and the like say nothing; wins over the profile's.
    pub default_endpoint_url: Option<String>,
    /// The one URL to ask for tokens, whatever the pool's domain.
    pub token_endpoint: Option<String>,
    /// Whether even an endpoint on this machine is spared as AWS is: see [`Pace`](super::RateLimiter).
    pub pace: bool,
    /// Who is trusted, beside the machine's own authorities, to say whose certificate it is: in every connection there is.
    pub ca_bundle: Option<CaBundle>,
    /// How long each call may take as a whole, from its first attempt to the end of its answer; [`TIMEOUT`] where nothing is said.
    pub timeout: Option<Duration>,
    /// Fixed credentials. With them nothing at all is read from the machine, so that a demo runs the same everywhere: the region is
    /// `region` or `us-east-1`.
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
