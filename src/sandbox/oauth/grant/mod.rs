//! Which clients get a token and with which scopes: the rules, without HTTP.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::Serialize;
use serde_json::Value;

use crate::sandbox::assumptions::{Assumption, Assumptions};
use crate::sandbox::state::{Client, Pool, State};

/// The body of a refused token request; its status is always 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OAuthError {
    pub error: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<&'static str>,
}

impl OAuthError {
    pub const INVALID_REQUEST: Self = Self::new("invalid_request");
    pub const INVALID_CLIENT: Self = Self::new("invalid_client");
    pub const INVALID_CLIENT_SECRET: Self = Self {
        error: "invalid_client",
        error_description: Some("invalid_client_secret"),
    };
    pub const INVALID_GRANT: Self = Self::new("invalid_grant");
    pub const INVALID_SCOPE: Self = Self::new("invalid_scope");
    pub const UNAUTHORIZED_CLIENT: Self = Self::new("unauthorized_client");
    pub const UNSUPPORTED_GRANT_TYPE: Self = Self::new("unsupported_grant_type");
    /// The known grant of machines that the sandbox does not support.
    pub const NO_TOKEN_EXCHANGE: Self = Self {
        error: "unsupported_grant_type",
        error_description: Some("the sandbox does not exchange tokens"),
    };

    const fn new(error: &'static str) -> Self {
        Self {
            error,
            error_description: None,
        }
    }
}

/// A token to issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub pool: String,
    pub client: String,
    pub issuer: String,
    pub scopes: Vec<String>,
    /// Seconds.
    pub lifetime: u64,
}

impl Grant {
    pub fn new(pool: &Pool, client: &Client, region: &str, scopes: Vec<String>) -> Self {
        Self {
            pool: pool.id.clone(),
            client: client.id.clone(),
            issuer: issuer(pool, region),
            scopes,
            lifetime: lifetime(client),
        }
    }
}

/// Returns the pool and the client of a client id, in one pool or in any.
pub fn find<'a>(state: &'a State, pool: Option<&str>, id: &str) -> Option<(&'a Pool, &'a Client)> {
    state
        .pools
        .values()
        .filter(|candidate| pool.is_none_or(|pool| candidate.id == pool))
        .find_map(|pool| Some((pool, pool.clients.iter().find(|client| client.id == id)?)))
}

/// Returns whether `given` is one of the client's live secrets. Each secret is compared to its last byte, so that the time
/// reveals nothing about a guess.
pub fn knows_secret(client: &Client, given: &str) -> bool {
    client.secrets.iter().fold(false, |known, secret| {
        known | verify_slices_are_equal(secret.value.as_bytes(), given.as_bytes()).is_ok()
    })
}

/// Checks the token endpoint's rules for a known client in their order: secret, OAuth flag and flow, scopes.
pub fn client_credentials(
    pool: &Pool,
    client: &Client,
    secret: Option<&str>,
    requested: Option<&[&str]>,
    assumptions: &Assumptions,
) -> Result<Vec<String>, OAuthError> {
    if client.secrets.is_empty() {
        return Err(OAuthError::INVALID_CLIENT);
    }
    if !secret.is_some_and(|given| knows_secret(client, given)) {
        return Err(OAuthError::INVALID_CLIENT_SECRET);
    }
    let flows = client.list("AllowedOAuthFlows");
    if !client.flag("AllowedOAuthFlowsUserPoolClient") || !flows.contains(&"client_credentials") {
        return Err(OAuthError::INVALID_GRANT);
    }
    scopes(pool, client, requested, assumptions)
}

/// Returns why the client's token exchange fails: the client may not do it, or the sandbox does not support it.
pub fn token_exchange(client: &Client, secret: Option<&str>) -> OAuthError {
    let proves_itself =
        client.secrets.is_empty() || secret.is_some_and(|given| knows_secret(client, given));
    if !proves_itself {
        OAuthError::INVALID_CLIENT_SECRET
    } else if may_exchange(client) {
        OAuthError::NO_TOKEN_EXCHANGE
    } else {
        OAuthError::UNAUTHORIZED_CLIENT
    }
}

/// Returns whether the client may exchange tokens, by either operation.
pub fn may_exchange(client: &Client) -> bool {
    client
        .list("ExplicitAuthFlows")
        .iter()
        .any(|flow| flow.starts_with("ALLOW_TOKEN_EXCHANGE_"))
}

/// Returns the scopes of a token: the requested ones, or all of the client's, without inactive ones.
pub fn scopes(
    pool: &Pool,
    client: &Client,
    requested: Option<&[&str]>,
    assumptions: &Assumptions,
) -> Result<Vec<String>, OAuthError> {
    let allowed = client.list("AllowedOAuthScopes");
    let Some(requested) = requested else {
        return Ok(distinct(
            allowed
                .into_iter()
                .filter(|scope| client.may_hold(pool, scope)),
        ));
    };
    if requested.iter().any(|scope| !scope.contains('/')) {
        return Err(OAuthError::INVALID_SCOPE);
    }
    let mut defined: Vec<&str> = requested
        .iter()
        .copied()
        .filter(|scope| client.may_hold(pool, scope))
        .collect();
    let inactive = requested.iter().any(|scope| allowed.contains(scope));
    let ignores_inactive = inactive && assumptions.hold(Assumption::InactiveScopeIgnored);
    if defined.is_empty() && !ignores_inactive {
        return Err(OAuthError::INVALID_SCOPE);
    }
    if assumptions.hold(Assumption::OtherScopeIgnored) {
        defined.retain(|scope| allowed.contains(scope));
    } else if defined.iter().any(|scope| !allowed.contains(scope)) {
        return Err(OAuthError::INVALID_GRANT);
    }
    Ok(distinct(defined.into_iter()))
}

fn distinct<'a>(scopes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut kept = Vec::new();
    for scope in scopes {
        if !kept.iter().any(|known| known == scope) {
            kept.push(scope.to_owned());
        }
    }
    kept
}

/// Returns the issuer in the pool's tokens, on AWS's own host: by `IssuerConfiguration.Type`.
pub fn issuer(pool: &Pool, region: &str) -> String {
    let kind = pool
        .settings
        .get("IssuerConfiguration")
        .and_then(|issuer| issuer.get("Type"))
        .and_then(Value::as_str);
    let host = match kind {
        Some("UPDATED") => "issuer-cognito-idp",
        _ => "cognito-idp",
    };
    format!("https://{host}.{region}.amazonaws.com/{}", pool.id)
}

/// Returns the lifetime of the client's access tokens in seconds: `AccessTokenValidity` in its unit (hours by default), one hour
/// by default.
fn lifetime(client: &Client) -> u64 {
    let validity = client
        .settings
        .get("AccessTokenValidity")
        .and_then(Value::as_u64);
    let unit = client
        .settings
        .get("TokenValidityUnits")
        .and_then(|units| units.get("AccessToken"))
        .and_then(Value::as_str);
    match validity {
        None | Some(0) => 3600,
        Some(count) => count.saturating_mul(match unit {
            Some("seconds") => 1,
            Some("minutes") => 60,
            Some("days") => 86_400,
            _ => 3600,
        }),
    }
}

#[cfg(test)]
mod tests;
