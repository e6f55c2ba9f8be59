//! A protected API: `GET /api/orders` needs the scope `orders/read`, `POST /api/orders` needs `orders/write`.
//!
//! It checks tokens like the JWT authorizer of an API Gateway HTTP API. Its audience is every client of the pool that issued the
//! token, if that pool defines a resource server `orders`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::hosts::Site;
use super::{json_response, jwt, not_found, now, site};
use crate::sandbox::assumptions::Assumption;
use crate::sandbox::shared::Shared;
use crate::sandbox::state::Pool;

/// The resource server whose scopes protect the API.
const SERVER: &str = "orders";

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denied {
    /// 401: no token.
    NoToken,
    /// 401: an invalid token, and what is wrong with it.
    Invalid(&'static str),
    /// 403: a valid token without the scope.
    Scope(&'static str),
}

/// Lists the orders.
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

/// Accepts a new order and does not store it.
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

/// Answers like an HTTP API without such a route.
pub async fn no_route(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let site = site(&shared, &headers);
    if site != Site::Loopback {
        return not_found(&site);
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
    let site = site(shared, headers);
    if site != Site::Loopback {
        return not_found(&site);
    }
    match authorize(shared, headers, scope).await {
        Ok(()) => json_response(status, &body()),
        Err(Denied::Scope(_)) if shared.assumes(Assumption::MissingScopeUnauthorized) => {
            let body = json!({ "message": "Unauthorized" });
            json_response(StatusCode::UNAUTHORIZED, &body)
        }
        Err(denied) => denied.into_response(),
    }
}

async fn authorize(
    shared: &Shared,
    headers: &HeaderMap,
    scope: &'static str,
) -> Result<(), Denied> {
    let text = bearer(headers).ok_or(Denied::NoToken)?;
    let (_, claims) = jwt::verify(shared, text, now(shared), guards)
        .await
        .map_err(Denied::Invalid)?;
    if claims.holds(scope) {
        Ok(())
    } else {
        Err(Denied::Scope(scope))
    }
}

/// Returns the token of an `Authorization: Bearer` header; API Gateway also accepts it without the scheme.
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

/// Returns whether a pool's tokens are for this API.
fn guards(pool: &Pool) -> bool {
    pool.servers
        .iter()
        .any(|server| server.identifier == SERVER)
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
