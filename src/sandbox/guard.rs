//! The check before all routes: which hosts and which web pages are answered.
//!
//! The server listens on loopback only, but the developer's browser runs on the same machine, and a web page in it can send
//! requests here. By DNS rebinding (the page's own name suddenly resolves to 127.0.0.1) it could even read the responses. So a
//! request must be addressed to this machine, and a web page reaches only what AWS, too, offers to web pages.
//!
//! | | `Host` | web pages |
//! |---|---|---|
//! | the APIs (`/`), and all other paths | this machine; the services' own names in the Region | none |
//! | registration of clients | these; a pool's domain | none |
//! | token endpoint, keys, discovery, sample API | these; a pool's domain | of this machine |
//!
//! *This machine* is `localhost` or a loopback address, at any port. AWS's names are accepted for a proxy that forwards them
//! here. Only AWS, and the owner of a custom domain that was created here, can publish a web page under such a name; the right
//! column keeps these pages out, too.
//!
//! A browser sends the page's `Origin` with every request that is more than a simple GET or whose response the page can read, and
//! `Sec-Fetch-Site` says whether a page or the user sends it. Pages of this machine are the developer's own: they may read the
//! token endpoint with `Access-Control-Allow-Origin: *`, as on AWS. Other pages may not: the sample's secrets are public.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use serde_json::json;

use super::oauth::hosts::{self, Site};
use super::oauth::nobody_here;
use super::shared::Shared;

/// The services that are played here, by the first part of their host names.
const SERVICES: [&str; 8] = [
    "appsync",
    "cognito-idp",
    "cognito-idp-fips",
    "issuer-cognito-idp",
    "secretsmanager",
    "secretsmanager-fips",
    "sts",
    "sts-fips",
];

/// The access rule of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// Public on AWS: token endpoint, keys, discovery, an API.
    Public,
    /// Registration: it creates clients and returns their secrets.
    Registration,
    /// All other paths.
    Closed,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Host,
    /// On AWS this host would not exist.
    NoSuchHost,
    WebPage,
}

/// Passes a request on or refuses it.
pub async fn check(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let door = Door::of(request.uri().path());
    // The host of the request line takes precedence over the header, so the two must agree.
    let named = request.uri().authority().map(Authority::as_str);
    match wrong(&shared, door, named, request.headers()) {
        None => next.run(request).await,
        Some(Wrong::NoSuchHost) => nobody_here(),
        Some(Wrong::Host) => refused(
            "The embedded Cognito answers to the names of this machine alone: call it by localhost, 127.0.0.1 or [::1].",
        ),
        Some(Wrong::WebPage) => refused("The embedded Cognito does not answer web pages here."),
    }
}

impl Door {
    fn of(path: &str) -> Self {
        if path == "/oauth2/token" || path.contains("/.well-known/") || path.starts_with("/api/") {
            Self::Public
        } else if path == "/oauth2/register" {
            Self::Registration
        } else {
            Self::Closed
        }
    }
}

fn wrong(shared: &Shared, door: Door, named: Option<&str>, headers: &HeaderMap) -> Option<Wrong> {
    let mut given = headers.get_all(HOST).iter();
    let host = given.next().and_then(|host| host.to_str().ok());
    let alone = given.next().is_none();
    let Some(host) = host.filter(|host| alone && named.is_none_or(|named| named == *host)) else {
        return Some(Wrong::Host);
    };
    if door == Door::Closed {
        let region = &shared.region;
        if !hosts::is_this_machine(host) && !hosts::is_service(host, region, &SERVICES) {
            return Some(Wrong::Host);
        }
    } else if hosts::site(Some(host), &shared.region, &shared.lock()) == Site::Nothing {
        return Some(Wrong::NoSuchHost);
    }
    is_of_a_page(door, headers).then_some(Wrong::WebPage)
}

/// Returns whether the request comes from a web page without access.
fn is_of_a_page(door: Door, headers: &HeaderMap) -> bool {
    let origin = headers.get(ORIGIN);
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let asked_by_user = matches!(site, None | Some(b"none"));
    match (door, origin) {
        (Door::Public, Some(origin)) => !is_of_this_machine(origin),
        // A page that can read the response sends its origin.
        (Door::Public, None) => !asked_by_user && site != Some(b"same-origin"),
        (_, origin) => origin.is_some() || !asked_by_user,
    }
}

fn is_of_this_machine(origin: &HeaderValue) -> bool {
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    host.is_some_and(|(_, host)| hosts::is_this_machine(host))
}

fn refused(message: &str) -> Response<Body> {
    let body = json!({"__type": "ForbiddenException", "message": message});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
