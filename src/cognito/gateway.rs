//! The one handle on Cognito.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::error::{Error, ErrorKind};
use crate::cognito::api::rate_limit::RateLimiter;
use crate::cognito::oauth::http::HttpClients;
use crate::cognito::oauth::jwks::KeySet;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::sign_in::CredentialSession;
use crate::domain::identity::Caller;
use crate::domain::oauth::endpoints;
use crate::domain::pool::UserPool;

/// A connection to Cognito in one Region, as one identity. Clones share it.
///
/// Every method is one call (or the few that belong together), retried while AWS throttles it or a fault passes.
#[derive(Clone)]
pub struct Gateway {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub cognito: aws_sdk_cognitoidentityprovider::Client,
    pub sts: aws_sdk_sts::Client,
    /// Made when it is first needed, which for most runs is never.
    pub appsync: Lazy<aws_sdk_appsync::Client>,
    /// The same.
    pub secrets_manager: Lazy<aws_sdk_secretsmanager::Client>,
    pub web: HttpClients,
    pub pace: RateLimiter,
    pub origin: ConnectionInfo,
    /// What gives the clients their credentials; `None` where they are fixed.
    pub signer: Option<CredentialSession>,
    /// `--token-endpoint`.
    pub token_endpoint: Option<String>,
    /// The public keys of the pools whose tokens were verified, by their URL.
    pub keys: Mutex<HashMap<String, Arc<KeySet>>>,
}

/// What is made when it is first needed.
pub(super) type Lazy<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

impl Gateway {
    /// The Region that was settled on.
    pub fn region(&self) -> Option<&str> {
        self.inner.origin.region.as_deref()
    }

    /// The profile that was named, by flag or environment, and whose credentials are used.
    pub fn profile(&self) -> Option<&str> {
        self.inner.origin.profile.as_deref()
    }

    /// Looks for other credentials with the next call, if those at hand end soon.
    pub fn renew(&self) {
        if let Some(signer) = &self.inner.signer {
            signer.renew();
        }
    }

    /// Who calls, as far as it is known without asking.
    pub fn caller(&self) -> Caller {
        let origin = &self.inner.origin;
        Caller {
            profile: origin.profile.clone(),
            account: None,
            region: origin.region.clone(),
            endpoint: origin.endpoint.clone(),
            source: origin.source,
        }
    }

    /// How long a call may take in all (`--timeout`).
    pub fn patience(&self) -> Duration {
        self.inner.web.patience()
    }

    /// The moments at which the calls for each app client of a list may start.
    pub fn pace(&self) -> &RateLimiter {
        &self.inner.pace
    }

    /// The address of the Cognito API, where it is not AWS's own.
    pub fn endpoint(&self) -> Option<&str> {
        self.inner.origin.endpoint.as_deref()
    }

    /// Where tokens of `pool` are to be asked for: the URL given for all pools, else `/oauth2/token` of the endpoint, else the
    /// pool's own domain. `None` where the pool has no domain.
    pub fn token_endpoint(&self, pool: &UserPool) -> Option<String> {
        if let Some(url) = &self.inner.token_endpoint {
            return Some(url.clone());
        }
        match self.endpoint() {
            // As on AWS, a pool without a domain has no token endpoint at all.
            Some(endpoint) => pool
                .has_domain()
                .then(|| join_url(endpoint, "oauth2/token")),
            None => endpoints::token_endpoint(pool),
        }
    }

    /// Whether tokens are asked for elsewhere than at the pools' own domains.
    pub fn has_endpoint_override(&self) -> bool {
        self.inner.token_endpoint.is_some() || self.endpoint().is_some()
    }

    pub(super) fn cognito(&self) -> &aws_sdk_cognitoidentityprovider::Client {
        &self.inner.cognito
    }

    /// Turns the SDK's error of a Cognito operation into ours.
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

    /// That `resource` is no longer as the caller saw it.
    pub(super) fn changed(
        &self,
        operation: &'static str,
        detail: &str,
        resource: impl Into<String>,
    ) -> Error {
        self.found(operation, ErrorKind::Changed, detail)
            .about(resource)
    }

    /// An error that was found here and not said by AWS.
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
