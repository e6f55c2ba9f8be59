//! The OAuth side of the embedded Cognito: token and registration endpoint, JWKS, OpenID discovery, GetClientToken, and a
//! protected API.
//!
//! Where AWS's documentation is silent, this is the likeliest behaviour:
//!
//! - On a loopback host a pool without a domain, and a host that no pool has, answer 404 in HTML. On AWS the name would not
//!   resolve, which no server can imitate; the point is that no OAuth response comes.
//! - A missing `client_id`, a repeated parameter, a body that is not a form, and a secret sent both ways are `invalid_request`. A
//!   wrong secret is described as `invalid_client_secret`, like a missing one.
//! - Only inactive scopes requested: `invalid_scope`. No scope requested: all active ones, even if there are none.
//! - A client without a secret always gets `invalid_client` here.
//! - GetClientToken ignores the OAuth flag and the allowed flows; a client without `ALLOW_CLIENT_TOKEN_AUTH` gets `Invalid client
//!   or secret`, an unknown one `User pool client <id> does not exist.`, and a scope that it cannot have is an
//!   InvalidParameterException.
//! - Every token request counts against the rate of client authentication, refused ones too; above it the response is 429 in
//!   plain text.
//! - A requested fault of the token endpoint or JWKS answers in plain text, one of the orders API like API Gateway.
//! - GET on the token endpoint is 405 with no body. Lambda triggers never run, so they change no token.
//! - Token exchange is not supported: a client that may exchange gets `unsupported_grant_type`, another one
//!   `unauthorized_client`, and GetDerivedToken ends in OperationNotEnabledException.
//! - Parameters of a token request may be in the query string, too, as on AWS.
//! - The `www-authenticate` headers of the protected API follow the one that AWS documents (the invalid audience).

mod client_token;
mod derived_token;
mod discovery;
mod grant;
pub(super) mod hosts;
mod jwt;
mod orders;
mod register;
mod request;
mod token;

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::Value;

use super::shared::Shared;
use super::wire;
use hosts::Site;

pub use client_token::get_client_token;
pub use derived_token::get_derived_token;
pub use token::throttled;

/// Creates the routes under `/oauth2`, `/{poolId}/.well-known` and `/api`.
pub fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(
            "/oauth2/token",
            post(token::post).fallback(token::not_allowed),
        )
        .route(
            "/oauth2/register",
            post(register::post).fallback(token::not_allowed),
        )
        .route("/{pool}/.well-known/jwks.json", get(discovery::jwks))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(discovery::openid_configuration),
        )
        .route(
            "/api/orders",
            get(orders::list)
                .post(orders::create)
                .fallback(orders::no_route),
        )
        .route("/api/{*route}", any(orders::no_route))
        .with_state(shared)
}

/// Returns the meaning of a request's `Host`.
fn site(shared: &Shared, headers: &HeaderMap) -> Site {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    hosts::site(host, &shared.region, &shared.lock())
}

/// Returns the server's time in whole epoch seconds, as in tokens.
fn now(shared: &Shared) -> u64 {
    shared
        .now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Creates a JSON response, for all but the token endpoint, whose content type differs.
fn json_response(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ],
        body.to_string(),
    )
        .into_response()
}

/// Returns the response for an unknown path or host. The API's host has its own text.
fn not_found(site: &Site) -> Response {
    match site {
        Site::Service => wire::no_operation(),
        _ => nobody_here(),
    }
}

/// Returns the response for a host that would not exist on AWS.
pub(super) fn nobody_here() -> Response {
    const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n\
        <body><h1>404 Not Found</h1><p>No user pool domain answers at this address.</p></body></html>\n";
    (
        StatusCode::NOT_FOUND,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        PAGE,
    )
        .into_response()
}
