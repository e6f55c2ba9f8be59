//! The OAuth side of the embedded Cognito: token and registration endpoint, JWKS, OpenID discovery, GetClientToken, and a protected API.
//!
//! Where AWS is not documented, the most likely behaviour was chosen:
//!
//! - On a loopback host a pool without a domain, and a host that no pool has, answer 404 in HTML. On AWS the name
//!   would not resolve, which no server can imitate; what matters is that no OAuth answer comes.
//! - A missing `client_id`, a parameter given twice, a body that is not a form, and a secret sent both ways are
//!   `invalid_request`. A wrong secret is described as `invalid_client_secret`, like a missing one.
//! - Only inactive scopes asked for: `invalid_scope`. No scope asked for: all active ones, even if there are none.
//! - A client without a secret is `invalid_client` here, whatever it sends.
//! - GetClientToken does not look at the OAuth flag or the allowed flows; a client without `ALLOW_CLIENT_TOKEN_AUTH` is
//!   told `Invalid client or secret`, an unknown one `User pool client <id> does not exist.`, and a scope it cannot have
//!   is an InvalidParameterException.
//! - Every token request counts against the rate of client authentication, refused ones too; past it comes 429 in plain
//!   text.
//! - A token endpoint or JWKS that fails on request says so in plain text, the orders API as API Gateway does.
//! - GET on the token endpoint is 405 with no body. A Lambda trigger never runs, so it changes no token.
//! - Nothing exchanges tokens: a client that may is told `unsupported_grant_type`, one that may not `unauthorized_client`, and
//!   GetDerivedToken ends in OperationNotEnabledException.
//! - Parameters of a token request may be in the query string, too, as AWS takes them there.
//! - The protected API words its `www-authenticate` headers after the one AWS documents (the invalid audience).

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

/// Everything under `/oauth2`, `/{poolId}/.well-known` and `/api`.
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

/// What the `Host` of a request names.
fn site(shared: &Shared, headers: &HeaderMap) -> Site {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    hosts::site(host, &shared.region, &shared.lock())
}

/// The server's time in whole epoch seconds, as tokens carry it.
fn now(shared: &Shared) -> u64 {
    shared
        .now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A JSON answer of everything here but the token endpoint, which spells its content type its own way.
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

/// The answer where nothing of what was asked for is. The API's host has words for it.
fn not_found(site: &Site) -> Response {
    match site {
        Site::Service => wire::no_operation(),
        _ => nobody_here(),
    }
}

/// The answer where on AWS no host would be.
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
