//! The connection to Cognito.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use secrecy::SecretString;

use super::error::{Error, ErrorKind};
use crate::cognito::api::rate_limit::RateLimiter;
use crate::cognito::oauth::http::HttpClients;
use crate::cognito::oauth::jwks::KeySet;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::hosts::AwsHosts;
use crate::cognito::sdk::sign_in::CredentialSession;
use crate::domain::identity::{Caller, SignIn};
use crate::domain::oauth::endpoints;
use crate::domain::pool::UserPool;
use crate::domain::time::Timestamp;

/// A connection to Cognito in one Region, as one identity. Clones share it.
///
/// Every method is one call or a few related calls, retried while AWS throttles or fails temporarily.
#[derive(Clone)]
pub struct Gateway {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub cognito: aws_sdk_cognitoidentityprovider::Client,
    pub sts: aws_sdk_sts::Client,
    /// Created on first use; most runs never need it.
    pub appsync: Lazy<aws_sdk_appsync::Client>,
    /// The same.
    pub secrets_manager: Lazy<aws_sdk_secretsmanager::Client>,
    pub web: HttpClients,
    pub pace: RateLimiter,
    pub origin: ConnectionInfo,
    /// Which of AWS's hosts are asked.
    pub hosts: AwsHosts,
    /// The source of credentials; `None` if they are fixed.
    pub signer: Option<CredentialSession>,
    /// `--token-endpoint`.
    pub token_endpoint: Option<String>,
    /// The public keys of pools, by URL.
    pub keys: Mutex<HashMap<String, Arc<KeySet>>>,
}

/// A value that is created on first use.
pub(super) type Lazy<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

impl Gateway {
    /// The Region in use.
    pub fn region(&self) -> Option<&str> {
        self.inner.origin.region.as_deref()
    }

    /// The profile in use, from flag or environment.
    pub fn profile(&self) -> Option<&str> {
        self.inner.origin.profile.as_deref()
    }

    /// Renews credentials that expire soon with the next call.
    pub fn renew(&self) {
        if let Some(signer) = &self.inner.signer {
            signer.renew();
        }
    }

    /// The program that logs in again, where a person can.
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.inner.origin.sign_in.as_ref()
    }

    /// How the credentials come about, in words without a secret, and when they end; `None` if they are fixed.
    ///
    /// # Errors
    /// The settings of the login are wrong.
    pub async fn login(&self) -> Result<Option<(String, Option<Timestamp>)>, Error> {
        match &self.inner.signer {
            Some(signer) => signer.login().await.map(Some),
            None => Ok(None),
        }
    }

    /// Whether a login may need a code of an MFA device.
    pub fn may_ask_code(&self) -> bool {
        self.inner.origin.asks_code
    }

    /// Loads the credentials, unless they are at hand.
    ///
    /// # Errors
    /// There are none; the kind and the hint say how to get some.
    pub async fn log_in(&self) -> Result<(), Error> {
        match &self.inner.signer {
            Some(signer) => signer.credentials().await.map(drop),
            None => Ok(()),
        }
    }

    /// Loads the credentials of a role with a code of its MFA device.
    ///
    /// # Errors
    /// The code is refused, or another part of the login fails.
    pub async fn give_code(&self, code: &SecretString) -> Result<(), Error> {
        match &self.inner.signer {
            Some(signer) => signer.give_code(code).await,
            None => Ok(()),
        }
    }

    /// The caller, without a request: the account is known once STS has named it on this connection.
    pub fn caller(&self) -> Caller {
        let origin = &self.inner.origin;
        let signer = self.inner.signer.as_ref();
        Caller {
            profile: origin.profile.clone(),
            account: signer.and_then(CredentialSession::account),
            region: origin.region.clone(),
            endpoint: origin.endpoint.clone(),
            source: origin.source,
        }
    }

    /// The timeout of a call (`--timeout`).
    pub fn patience(&self) -> Duration {
        self.inner.web.patience()
    }

    /// The rate limiter of per-client calls.
    pub fn pace(&self) -> &RateLimiter {
        &self.inner.pace
    }

    /// The custom endpoint of the Cognito API.
    pub fn endpoint(&self) -> Option<&str> {
        self.inner.origin.endpoint.as_deref()
    }

    /// The token endpoint of `pool`: the configured URL, else `/oauth2/token` of the custom endpoint, else the pool's domain. `None` if
    /// the pool has no domain.
    pub fn token_endpoint(&self, pool: &UserPool) -> Option<String> {
        if let Some(url) = &self.inner.token_endpoint {
            return Some(url.clone());
        }
        match self.endpoint() {
            // As on AWS, a pool without a domain has no token endpoint.
            Some(endpoint) => pool
                .has_domain()
                .then(|| join_url(endpoint, "oauth2/token")),
            None if self.inner.hosts.fips => endpoints::fips_token_endpoint(pool),
            None => endpoints::token_endpoint(pool),
        }
    }

    /// Whether tokens are requested elsewhere than at the pools' domains.
    pub fn has_endpoint_override(&self) -> bool {
        self.inner.token_endpoint.is_some() || self.endpoint().is_some()
    }

    pub(super) fn cognito(&self) -> &aws_sdk_cognitoidentityprovider::Client {
        &self.inner.cognito
    }

    /// Converts the SDK's error of a Cognito operation.
    pub(super) fn failed<E>(
        &self,
        operation: &'static str,
        resource: impl Into<Option<String>>,
    ) -> impl FnOnce(SdkError<E, HttpResponse>) -> Error
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let resource = resource.into();
        move |error| {
            errors::sdk_error(
                &error,
                "cognito-idp",
                operation,
                resource,
                &self.inner.origin,
            )
        }
    }

    /// The error that `resource` differs from what the caller saw.
    pub(super) fn changed(
        &self,
        operation: &'static str,
        detail: &str,
        resource: impl Into<String>,
    ) -> Error {
        self.found(operation, ErrorKind::Changed, detail)
            .about(resource)
    }

    /// An error that this program found.
    pub(super) fn found(&self, operation: &'static str, kind: ErrorKind, detail: &str) -> Error {
        let hint = errors::hint(&kind, &self.inner.origin);
        Error::new(operation, kind, detail, hint)
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("origin", &self.inner.origin)
            .finish_non_exhaustive()
    }
}

/// A path on an endpoint, which may or may not end in a slash.
pub(super) fn join_url(endpoint: &str, path: &str) -> String {
    format!("{}/{path}", endpoint.trim_end_matches('/'))
}
