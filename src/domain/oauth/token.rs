//! Asking for a token, and what comes back.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::exchange::Exchange;
use super::jwt::Jwt;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::scope::ScopeName;

/// How the client proves who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_secret_basic`: id and secret in the `Authorization` header.
    #[default]
    Basic,
    /// `client_secret_post`: id and secret in the form.
    Body,
    /// The `GetClientToken` operation, which needs no domain but the `ALLOW_CLIENT_TOKEN_AUTH` flow.
    Api,
}

/// One `client_credentials` request, all but the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    pub pool: PoolId,
    pub client: ClientId,
    /// The URL of the token endpoint, `https://<domain>/oauth2/token`. Not used by [`ClientAuth::Api`].
    pub endpoint: String,
    /// Empty asks for all the client's scopes.
    pub scopes: Vec<ScopeName>,
    pub auth: ClientAuth,
    /// Passed to the pool's pre token generation trigger alone, of version `V3_0` or newer.
    pub metadata: BTreeMap<String, String>,
}

/// The answer of the token endpoint.
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    /// As it went over the wire.
    pub exchange: Exchange,
    pub outcome: Result<IssuedToken, OAuthError>,
}

/// An access token. Its text is secret: it authorizes its bearer.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    pub text: SecretString,
    pub jwt: Jwt,
    /// Lifetime in seconds as the answer gave it.
    pub expires_in: Option<i64>,
    /// `Bearer`.
    pub token_type: Option<String>,
}

/// A refusal by the token endpoint (RFC 6749, section 5.2), or an answer that is none at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// `invalid_client`, `invalid_grant`, ...; `None` where the body is no OAuth error.
    pub code: Option<String>,
    /// `error_description`.
    pub description: Option<String>,
    /// The body as text, at most 2,000 characters, unaltered but for a secret that was sent back: clean it before it is shown.
    pub body: String,
}

impl OAuthError {
    /// `invalid_client (the description)`; `None` where the body is no OAuth error.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        match (&self.code, &self.description) {
            (Some(code), Some(description)) => Some(format!("{code} ({description})")),
            (Some(word), None) | (None, Some(word)) => Some(word.clone()),
            (None, None) => None,
        }
    }
}

/// What the keys of the user pool say of a token's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Signed by the key `kid` of the pool's JWKS.
    Valid { kid: String, algorithm: String },
    /// Signed by something else, or altered. The reason, in words.
    Invalid { reason: String },
    /// Cognito answers that there is no such pool.
    NoPool { pool: PoolId },
    /// It could not be checked. The reason, in words.
    Unknown { reason: String },
}

impl Verification {
    /// What is wrong, in words; `None` where the signature is valid.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Valid { .. } => None,
            Self::Invalid { reason } | Self::Unknown { reason } => Some(reason.clone()),
            Self::NoPool { pool } => Some(format!("no user pool {pool} (its keys are not found)")),
        }
    }

    /// Whether no API can accept the token. One that could not be checked may be good.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Invalid { .. } | Self::NoPool { .. })
    }
}
