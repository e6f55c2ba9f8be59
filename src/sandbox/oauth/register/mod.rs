//! `POST /oauth2/register`: an application registers an app client for itself (RFC 7591).
//!
//! AWS documents the endpoint, the two kinds of registration and what the pool's `DcrConfiguration` allows; the responses are
//! those of the RFC. The rest is the likeliest behaviour:
//!
//! - A pool without registration, and a kind of registration without a grant type, are 403 `access_denied`. So is a full pool.
//! - A request without a token is 401 unless registration is open. An invalid token is always 401, and one without the scope 403.
//! - On a loopback host the token names the pool. Without a token it is the only pool with registration; if there are several,
//!   the request must use the pool's domain.
//! - A client that requests no scopes gets all that it may request, one without a client name is called `DCR client`, and one
//!   that may sign users in has `ALLOW_REFRESH_TOKEN_AUTH` and the pool's own directory.
//! - Registrations have no rate limit, and only the API changes a registered client: there is no registration access token.

mod metadata;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::hosts::{self, Site};
use super::token::common_headers;
use super::{jwt, not_found, now, site};
use crate::sandbox::errors::ApiError;
use crate::sandbox::ops;
use crate::sandbox::shared::Shared;
use crate::sandbox::state::{Client, ClientType, Pool, REGISTER_SCOPE, State as Everything};
use crate::sandbox::validate::validate;
use metadata::Metadata;

/// What a pool lets applications register.
pub struct Registration<'p>(&'p serde_json::Map<String, Value>);

impl<'p> Registration<'p> {
    /// Returns the registration settings of a pool; `None` if registration is off or was never configured.
    pub fn of(pool: &'p Pool) -> Option<Self> {
        let configuration = pool.settings.get("DcrConfiguration")?.as_object()?;
        let on = configuration.get("EnableStatus").and_then(Value::as_str) != Some("Disabled");
        on.then_some(Self(configuration))
    }

    fn is_open(&self) -> bool {
        self.0.get("OpenDcrEnabled").and_then(Value::as_bool) == Some(true)
    }

    /// Returns the grant types that a client may have. Cognito accepts `implicit` in the list, and ignores it.
    fn grant_types(&self, open: bool) -> Vec<&'p str> {
        let (list, default): (_, &[&str]) = if open {
            ("OpenDcrGrantTypes", &["code"])
        } else {
            ("AuthenticatedGrantTypes", &["code", "client_credentials"])
        };
        match self.0.get(list).and_then(Value::as_array) {
            Some(given) => given
                .iter()
                .filter_map(Value::as_str)
                .filter(|grant| *grant != "implicit")
                .collect(),
            None => default.to_vec(),
        }
    }

    /// Returns the scopes that a client may have in addition to those of OpenID Connect.
    fn scopes(&self) -> Vec<&'p str> {
        let given = self.0.get("AllowedScopes").and_then(Value::as_array);
        given
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|scope| *scope != REGISTER_SCOPE)
            .collect()
    }
}

/// Why no client is registered.
#[derive(Debug)]
enum Refusal {
    /// The host has no registration endpoint.
    Nobody(Site),
    /// An invalid request: the RFC's error and a message.
    Bad(&'static str, String),
    /// An error of the token: the status, the error and the message.
    Token(StatusCode, &'static str, &'static str),
    /// The pool does not accept this registration.
    Denied(String),
    TooLarge,
    Failed(ApiError),
}

impl Refusal {
    fn metadata(text: impl Into<String>) -> Self {
        Self::Bad("invalid_client_metadata", text.into())
    }

    fn redirect(text: impl Into<String>) -> Self {
        Self::Bad("invalid_redirect_uri", text.into())
    }
}

/// Answers a registration.
pub async fn post(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    shared.record("register");
    let registered = match body {
        Ok(body) => register(&shared, &headers, &body).await,
        Err(_) => Err(Refusal::TooLarge),
    };
    match registered {
        Ok(client) => answer(StatusCode::CREATED, &client),
        Err(refusal) => refusal.into_response(),
    }
}

async fn register(shared: &Shared, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let site = site(shared, headers);
    if matches!(site, Site::Service | Site::Nothing) {
        return Err(Refusal::Nobody(site));
    }
    let issuer = match headers.get(header::AUTHORIZATION) {
        Some(value) => Some(registrar(shared, value.to_str().unwrap_or_default()).await?),
        None => None,
    };
    let (pool, input, metadata) = {
        let state = shared.lock();
        let pool = find(&state, site, issuer.as_deref())?;
        let metadata = allowed(pool, issuer.is_none(), headers, body)?;
        (pool.id.clone(), metadata.input(pool)?, metadata)
    };
    let input = validate("CreateUserPoolClient", &input).map_err(refused)?;
    let client = ops::register(shared, &pool, &input).map_err(refused)?;
    Ok(response(&client, &metadata))
}

/// Returns the pool whose tokens let the caller register clients.
async fn registrar(shared: &Shared, authorization: &str) -> Result<String, Refusal> {
    let invalid = |why| Refusal::Token(StatusCode::UNAUTHORIZED, "invalid_token", why);
    let token = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(invalid("the access token is not a bearer token"))?;
    let (pool, claims) = jwt::verify(shared, token, now(shared), |_| true)
        .await
        .map_err(invalid)?;
    let is_regular = {
        let state = shared.lock();
        super::grant::find(&state, Some(&pool), &claims.client_id)
            .is_some_and(|(_, client)| client.client_type == ClientType::Regular)
    };
    if !is_regular || !claims.holds(REGISTER_SCOPE) {
        return Err(Refusal::Token(
            StatusCode::FORBIDDEN,
            "insufficient_scope",
            "the token does not have the scope aws.cognito/dcr/register",
        ));
    }
    Ok(pool)
}

/// Returns the pool to register in: the one of the request's domain, else the one that `issued` the token.
fn find<'s>(state: &'s Everything, site: Site, issued: Option<&str>) -> Result<&'s Pool, Refusal> {
    let answers = |pool: &&Pool| hosts::has_domain(state, &pool.id);
    let named = match &site {
        Site::Domain(id) => Some(id.as_str()),
        _ => issued,
    };
    let Some(id) = named else {
        let mut registering = state
            .pools
            .values()
            .filter(|pool| Registration::of(pool).is_some())
            .filter(answers);
        let only = registering.next().ok_or(Refusal::Nobody(site))?;
        return match registering.next() {
            None => Ok(only),
            Some(_) => Err(Refusal::Bad(
                "invalid_request",
                "several user pools have dynamic client registration: send the request to a pool's domain".to_owned(),
            )),
        };
    };
    if issued.is_some_and(|issued| issued != id) {
        return Err(Refusal::Token(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "the token is of another user pool",
        ));
    }
    let pool = state.pools.get(id).filter(answers);
    pool.ok_or(Refusal::Nobody(Site::Nothing))
}

/// Reads the metadata, if the pool accepts registrations of this kind.
fn allowed(pool: &Pool, open: bool, headers: &HeaderMap, body: &[u8]) -> Result<Metadata, Refusal> {
    let denied = |text: &str| Err(Refusal::Denied(text.to_owned()));
    let Some(registration) = Registration::of(pool) else {
        return denied("dynamic client registration is off in this user pool");
    };
    if open && !registration.is_open() {
        return Err(Refusal::Token(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "this user pool takes registrations with an initial access token only",
        ));
    }
    let grants = registration.grant_types(open);
    if grants.is_empty() {
        return denied("this user pool allows no grant type for such a registration");
    }
    Metadata::read(headers, body, &grants, registration.scopes())
}

/// Converts an API error into an error of this endpoint.
fn refused(error: ApiError) -> Refusal {
    match error.name {
        "LimitExceededException" => Refusal::Denied(error.message),
        "ResourceNotFoundException" => Refusal::Nobody(Site::Nothing),
        name if name.starts_with("Internal") => Refusal::Failed(error),
        _ => Refusal::metadata(error.message),
    }
}

/// Returns the response to the application: everything that was registered.
fn response(client: &Client, metadata: &Metadata) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a date of today is far from the limits of i64"
    )]
    let issued = client.created as i64;
    let mut response = json!({
        "client_id": client.id,
        "client_id_issued_at": issued,
        "client_name": client.name,
        "grant_types": metadata.grant_types,
        "response_types": metadata.response_types,
        "redirect_uris": client.list("CallbackURLs"),
        "scope": client.list("AllowedOAuthScopes").join(" "),
        "token_endpoint_auth_method": metadata.auth_method,
    });
    if let (Some(secret), Some(members)) = (client.secrets.first(), response.as_object_mut()) {
        members.insert("client_secret".to_owned(), json!(secret.value));
        members.insert("client_secret_expires_at".to_owned(), json!(0));
    }
    response
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];
    (status, kind, common_headers(), body.to_string()).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = |error: &str, why: &str| json!({"error": error, "error_description": why});
        match self {
            Self::Nobody(site) => not_found(&site),
            Self::Bad(error, why) => answer(StatusCode::BAD_REQUEST, &body(error, &why)),
            Self::Denied(why) => answer(StatusCode::FORBIDDEN, &body("access_denied", &why)),
            Self::Token(status, error, why) => {
                let challenge = format!(r#"Bearer error="{error}", error_description="{why}""#);
                let mut response = answer(status, &body(error, why));
                if let Ok(challenge) = challenge.parse() {
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Self::Failed(error) => {
                (StatusCode::INTERNAL_SERVER_ERROR, error.message).into_response()
            }
        }
    }
}
