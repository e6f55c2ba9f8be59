//! A protected API: `GET /api/orders` needs the scope `orders/read`, `POST /api/orders` needs `orders/write`.
//!
//! It checks tokens as the JWT authorizer of an API Gateway HTTP API does. Its audience is every client of the pool that
//! issued the token, if that pool defines a resource server `orders`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::hosts::Site;
use super::jwt::Token;
use super::{grant, json_response, nobody_here, now, site};
use crate::sandbox::keys;
use crate::sandbox::shared::Shared;

/// The resource server whose scopes guard the API.
const SERVER: &str = "orders";

/// Why a call is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denied {
    /// 401: no token at all.
    NoToken,
    /// 401: a token that is not good here, and what is wrong with it.
    Invalid(&'static str),
    /// 403: a good token without the scope.
    Scope(&'static str),
}

/// The orders there are.
pub async fn list(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    serve(&shared, &headers, "orders/read", StatusCode::OK, || {
        json!({
            "orders": [
                { "orderId": "ord-10021", "customer": "Fern & Finch", "total": "128.40", "currency": "EUR", "status": "SHIPPED" },
                { "orderId": "ord-10022", "customer": "Norrsken Kaffe", "total": "64.00", "currency": "EUR", "status": "PACKED" },
                { "orderId": "ord-10023", "customer": "Atelier Brun", "total": "912.75", "currency": "EUR", "status": "NEW" },
            ]
        })
    })
    .await
}

/// A new order; it is accepted and forgotten.
pub async fn create(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    serve(
        &shared,
        &headers,
        "orders/write",
        StatusCode::CREATED,
        || json!({ "orderId": "ord-10024", "status": "NEW" }),
    )
    .await
}

/// What an HTTP API answers where it has no route.
pub async fn no_route(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if site(&shared, &headers) != Site::Loopback {
        return nobody_here();
    }
    json_response(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" }))
}

async fn serve(
    shared: &Shared,
    headers: &HeaderMap,
    scope: &'static str,
    status: StatusCode,
    body: fn() -> Value,
) -> Response {
    if site(shared, headers) != Site::Loopback {
        return nobody_here();
    }
    match authorize(shared, headers, scope).await {
        Ok(()) => json_response(status, &body()),
        Err(denied) => denied.into_response(),
    }
}

async fn authorize(
    shared: &Shared,
    headers: &HeaderMap,
    scope: &'static str,
) -> Result<(), Denied> {
    let text = bearer(headers).ok_or(Denied::NoToken)?;
    let token = Token::parse(text).ok_or(Denied::Invalid("the token is malformed"))?;
    if token.header.alg != "RS256" {
        return Err(Denied::Invalid("the token's signing method is invalid"));
    }
    let pool = issuing_pool(shared, &token.claims.iss)
        .ok_or(Denied::Invalid("the token does not have a valid issuer"))?;
    let keys = keys::of_pool(shared, &pool)
        .await
        .map_err(|_| Denied::Invalid("the issuer's keys cannot be read"))?;
    // Access tokens are signed with the access-token key; a token under the other `kid` is an ID token's twin.
    if token.header.kid != keys.access.kid || !token.signed_by(&keys.access) {
        return Err(Denied::Invalid("the token has an invalid signature"));
    }
    let claims = &token.claims;
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact until the year 285 million"
    )]
    let now = now(shared) as f64;
    if claims.exp <= now {
        return Err(Denied::Invalid("the token has expired"));
    }
    if claims.token_use != "access" {
        return Err(Denied::Invalid("the token is not an access token"));
    }
    if grant::find(&shared.lock(), Some(&pool), &claims.client_id).is_none() {
        return Err(Denied::Invalid("the token does not have a valid audience"));
    }
    if !claims.scope.split(' ').any(|held| held == scope) {
        return Err(Denied::Scope(scope));
    }
    Ok(())
}

/// The token of an `Authorization: Bearer` header; API Gateway takes it without the scheme as well.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) => return None,
        None if value.eq_ignore_ascii_case("bearer") => return None,
        None => value,
    };
    (!token.is_empty()).then_some(token)
}

/// The pool whose issuer this is, if it defines the API's resource server.
fn issuing_pool(shared: &Shared, issuer: &str) -> Option<String> {
    let state = shared.lock();
    let (_, id) = issuer.rsplit_once('/')?;
    let pool = state.pools.get(id)?;
    let guards = pool
        .servers
        .iter()
        .any(|server| server.identifier == SERVER);
    (guards && grant::issuer(pool, &shared.region) == issuer).then(|| pool.id.clone())
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let (status, message, challenge) = match self {
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "Unauthorized",
                "Bearer".to_owned(),
            ),
            Self::Invalid(why) => (
                StatusCode::UNAUTHORIZED,
                "Unauthorized",
                format!(r#"Bearer scope="" error="invalid_token" error_description="{why}""#),
            ),
            Self::Scope(scope) => (
                StatusCode::FORBIDDEN,
                "Forbidden",
                format!(
                    r#"Bearer scope="{scope}" error="insufficient_scope" error_description="the token does not have a required scope""#
                ),
            ),
        };
        let mut response = json_response(status, &json!({ "message": message }));
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
