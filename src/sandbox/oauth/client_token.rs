//! GetClientToken: the client credentials grant without a domain.

use serde_json::{Value, json};

use super::grant::{self, Grant, OAuthError};
use super::{jwt, now};
use crate::sandbox::assumptions::Assumption;
use crate::sandbox::errors::ApiError;
use crate::sandbox::shared::Shared;

/// Answers GetClientToken for a validated input. The client needs `ALLOW_CLIENT_TOKEN_AUTH`; the caller needs neither a domain
/// nor a signature.
///
/// The errors are NotAuthorizedException, ResourceNotFoundException and InvalidParameterException; InternalErrorException if a
/// key cannot be created or used.
pub async fn get_client_token(shared: &Shared, input: &Value) -> Result<Value, ApiError> {
    let text = |field: &str| input.get(field).and_then(Value::as_str).unwrap_or_default();
    let requested: Option<Vec<&str>> = input
        .get("Scopes")
        .and_then(Value::as_array)
        .map(|scopes| scopes.iter().filter_map(Value::as_str).collect());
    let grant = decide(
        shared,
        text("ClientId"),
        text("Secret"),
        requested.as_deref(),
    )?;
    let token = jwt::issue(shared, &grant, now(shared))
        .await
        .map_err(|error| ApiError::new("InternalErrorException", error.to_string()))?;
    Ok(json!({
        "ClientAuthenticationResult": {
            "AccessToken": token,
            "ExpiresIn": grant.lifetime,
            "TokenType": "Bearer",
        }
    }))
}

fn decide(
    shared: &Shared,
    id: &str,
    secret: &str,
    requested: Option<&[&str]>,
) -> Result<Grant, ApiError> {
    let state = shared.lock();
    let (pool, client) = grant::find(&state, None, id).ok_or_else(|| {
        ApiError::new(
            "ResourceNotFoundException",
            format!("User pool client {id} does not exist."),
        )
    })?;
    let may_ask = shared.assumes(Assumption::ClientTokenByAnyFlow)
        || client
            .list("ExplicitAuthFlows")
            .contains(&"ALLOW_CLIENT_TOKEN_AUTH");
    if !grant::knows_secret(client, secret) || !may_ask {
        return Err(ApiError::new(
            "NotAuthorizedException",
            "Invalid client or secret",
        ));
    }
    // An empty list means the same as a missing one.
    let requested = requested.filter(|scopes| !scopes.is_empty());
    let scopes = grant::scopes(pool, client, requested, &shared.assumptions)
        .map_err(|error| ApiError::new("InvalidParameterException", refused(error, requested)))?;
    Ok(Grant::new(pool, client, &shared.region, scopes))
}

fn refused(error: OAuthError, requested: Option<&[&str]>) -> String {
    let scopes = requested.unwrap_or_default().join(" ");
    if error == OAuthError::INVALID_GRANT {
        format!("Scope not allowed for this client: {scopes}")
    } else {
        format!("Invalid scope requested: {scopes}")
    }
}
