//! `/{poolId}/.well-known/jwks.json` and `/{poolId}/.well-known/openid-configuration`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::hosts::Site;
use super::register::Registration;
use super::{grant, json_response, not_found, site};
use crate::sandbox::keys::{self, KeyError};
use crate::sandbox::shared::Shared;
use crate::sandbox::state::{Pool, State as Everything};

/// Answers with the public keys of a pool.
pub async fn jwks(
    State(shared): State<Arc<Shared>>,
    Path(pool): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = elsewhere(&shared, &headers) {
        return refusal;
    }
    shared.record("jwks");
    match keys::of_pool(&shared, &pool).await {
        Ok(keys) => json_response(
            StatusCode::OK,
            &json!({ "keys": [keys.id.jwk(), keys.access.jwk()] }),
        ),
        Err(KeyError::NoPool) => no_pool(&pool),
        Err(error) => json_response(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({ "message": error.to_string() }),
        ),
    }
}

/// Answers with the OpenID Connect configuration.
pub async fn openid_configuration(
    State(shared): State<Arc<Shared>>,
    Path(pool): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = elsewhere(&shared, &headers) {
        return refusal;
    }
    let state = shared.lock();
    match state.pools.get(&pool) {
        Some(found) => json_response(
            StatusCode::OK,
            &configuration(&state, found, &shared.region),
        ),
        None => no_pool(&pool),
    }
}

/// Keys and discovery are on the service's host only, not on a pool's domain.
fn elsewhere(shared: &Shared, headers: &HeaderMap) -> Option<Response> {
    match site(shared, headers) {
        Site::Loopback | Site::Service => None,
        other => Some(not_found(&other)),
    }
}

fn configuration(state: &Everything, pool: &Pool, region: &str) -> Value {
    let issuer = grant::issuer(pool, region);
    let mut document = json!({
        "id_token_signing_alg_values_supported": ["RS256"],
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "issuer": issuer,
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
    });
    if let (Some(host), Some(members)) =
        (domain_host(state, pool, region), document.as_object_mut())
    {
        let registration = ("registration_endpoint", "/oauth2/register");
        let registration = Registration::of(pool).map(|_| registration);
        for (name, path) in [
            ("authorization_endpoint", "/oauth2/authorize"),
            ("end_session_endpoint", "/logout"),
            ("revocation_endpoint", "/oauth2/revoke"),
            ("token_endpoint", "/oauth2/token"),
            ("userinfo_endpoint", "/oauth2/userInfo"),
        ]
        .into_iter()
        .chain(registration)
        {
            members.insert(name.to_owned(), format!("https://{host}{path}").into());
        }
        members.insert(
            "token_endpoint_auth_methods_supported".to_owned(),
            json!(["client_secret_basic", "client_secret_post"]),
        );
    }
    document
}

/// Returns the host in the discovery document: of a prefix and a custom domain, the custom one.
fn domain_host(state: &Everything, pool: &Pool, region: &str) -> Option<String> {
    let (name, domain) = state
        .domains
        .iter()
        .filter(|(_, domain)| domain.pool == pool.id)
        .max_by_key(|(_, domain)| domain.certificate_arn.is_some())?;
    Some(match domain.certificate_arn {
        Some(_) => name.clone(),
        None => format!("{name}.auth.{region}.amazoncognito.com"),
    })
}

fn no_pool(pool: &str) -> Response {
    let message = format!("User pool {pool} does not exist.");
    json_response(StatusCode::NOT_FOUND, &json!({ "message": message }))
}
