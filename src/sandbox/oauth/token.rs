//! `POST /oauth2/token`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::grant::{self, Grant, OAuthError};
use super::hosts::{self, Site};
use super::request::{Credentials, Form, GrantType};
use super::{jwt, not_found, now, site};
use crate::sandbox::assumptions::Assumption;
use crate::sandbox::ids::request_id;
use crate::sandbox::keys::KeyError;
use crate::sandbox::shared::Shared;

/// The body of a successful response: these members, in this order, and no others.
#[derive(Serialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
    token_type: &'static str,
}

/// Why no token is issued.
#[derive(Debug)]
enum Refusal {
    /// The host has no token endpoint.
    Nobody(Site),
    OAuth(OAuthError),
    /// The rate limit of machine tokens is reached.
    Throttled,
    Key(KeyError),
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

/// Answers a token request.
pub async fn post(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared.record("token");
    match issue(&shared, &headers, query.as_deref(), &body).await {
        Ok(granted) => json(StatusCode::OK, &granted),
        Err(Refusal::OAuth(error)) => json(StatusCode::BAD_REQUEST, &error),
        Err(Refusal::Nobody(site)) => not_found(&site),
        Err(Refusal::Throttled) => throttled(&shared),
        Err(Refusal::Key(error)) => {
            (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
        }
    }
}

/// Answers any other method.
pub async fn not_allowed(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    match site(&shared, &headers) {
        site @ (Site::Nothing | Site::Service) => not_found(&site),
        Site::Loopback | Site::Domain(_) if shared.assumes(Assumption::GetNotFound) => {
            (StatusCode::NOT_FOUND, common_headers()).into_response()
        }
        Site::Loopback | Site::Domain(_) => (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, HeaderValue::from_static("POST"))],
            common_headers(),
        )
            .into_response(),
    }
}

/// One request too many, at any endpoint of a domain.
pub fn throttled(shared: &Shared) -> Response {
    const STATUS: StatusCode = StatusCode::TOO_MANY_REQUESTS;
    if shared.assumes(Assumption::ThrottledInJson) {
        json(STATUS, &serde_json::json!({"message": "Rate exceeded"}))
    } else {
        (STATUS, "Rate exceeded").into_response()
    }
}

async fn issue(
    shared: &Shared,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<Granted, Refusal> {
    let pool = match site(shared, headers) {
        Site::Loopback => None,
        Site::Domain(pool) => Some(pool),
        site @ (Site::Service | Site::Nothing) => return Err(Refusal::Nobody(site)),
    };
    let form = Form::parse(headers, query, body)?;
    let credentials = Credentials::read(headers, &form);
    let grant = {
        let state = shared.lock();
        let found = credentials
            .as_ref()
            .ok()
            .and_then(|claimed| grant::find(&state, pool.as_deref(), &claimed.id));
        if found.is_some_and(|(pool, _)| !hosts::has_domain(&state, &pool.id)) {
            return Err(Refusal::Nobody(Site::Nothing));
        }
        shared
            .count_client_authentication()
            .map_err(|_| Refusal::Throttled)?;
        let grant_type = form.check(&shared.assumptions)?;
        let secret = credentials?.secret;
        let (pool, client) = found.ok_or(OAuthError::INVALID_CLIENT)?;
        if grant_type == GrantType::TokenExchange {
            return Err(grant::token_exchange(client, secret.as_deref()).into());
        }
        let scopes = grant::client_credentials(
            pool,
            client,
            secret.as_deref(),
            form.scopes().as_deref(),
            &shared.assumptions,
        )?;
        Grant::new(pool, client, &shared.region, scopes)
    };
    Ok(Granted {
        access_token: jwt::issue(shared, &grant, now(shared)).await?,
        expires_in: grant.lifetime,
        token_type: "Bearer",
    })
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    match serde_json::to_vec(body) {
        Ok(body) => (
            status,
            [(header::CONTENT_TYPE, kind)],
            common_headers(),
            body,
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Returns the headers of all responses of the endpoint; a token must never be cached (RFC 6749, section 5.1).
pub(super) fn common_headers() -> [(HeaderName, String); 4] {
    [
        (
            HeaderName::from_static("x-amz-cognito-request-id"),
            request_id(),
        ),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::PRAGMA, "no-cache".to_owned()),
    ]
}
