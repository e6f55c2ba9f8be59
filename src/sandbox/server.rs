//! The HTTP server: one address for the Cognito API, Secrets Manager, STS and the OAuth endpoints, all with faults.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Response};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post};
use serde_json::Value;

use super::errors::ApiError;
use super::ops::managed;
use super::shared::Shared;
use super::validate::validate;
use super::wire::Target;
use super::{appsync, auth, faults, guard, oauth, ops, secrets_manager, sts, wire};

/// Creates the router of a sandbox.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", post(api).fallback(nothing))
        .route(appsync::PATH, get(appsync::list).fallback(nothing))
        .with_state(Arc::clone(&shared))
        .merge(oauth::routes(Arc::clone(&shared)))
        .fallback(nothing)
        .layer(from_fn_with_state(Arc::clone(&shared), faults::apply))
        .layer(from_fn_with_state(Arc::clone(&shared), on_time))
        // Outermost: a refused request changes nothing and uses up no fault.
        .layer(from_fn_with_state(shared, guard::check))
}

/// Runs what is due before a request is answered.
async fn on_time(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    managed::catch_up(&shared);
    next.run(request).await
}

/// Answers any other method or path.
async fn nothing() -> Response<Body> {
    wire::no_operation()
}

/// Handles `POST /`: the Cognito API or Secrets Manager if `X-Amz-Target` names an operation, STS if the body is a form.
async fn api(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response<Body> {
    let Ok(body) = body else {
        return wire::reply(Err(wire::too_large()));
    };
    match wire::target(&headers) {
        Some(Ok(Target::Cognito(operation))) => {
            wire::reply(call(&shared, operation, &headers, &body).await)
        }
        Some(Ok(Target::SecretsManager(operation))) => {
            wire::reply_of_secrets_manager(secret(&shared, operation, &headers, &body))
        }
        Some(Err(error)) => wire::reply(Err(error)),
        None if is_form(&headers) => sts::answer(&shared, &headers, &body),
        None => wire::no_operation(),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// Runs an operation of Cognito. It checks in AWS's order: the operation's name, the signature, the input, the rates.
async fn call(
    shared: &Shared,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, ApiError> {
    if name == "GetClientToken" {
        // The only operation without a signature, and the only one that waits: a pool's keys may have to be created.
        shared.record(name);
        let input = validate(name, &Value::Object(wire::input(body)?))?;
        shared.count_client_authentication()?;
        return oauth::get_client_token(shared, &input).await;
    }
    if name == "GetDerivedToken" {
        shared.record(name);
        let input = validate(name, &Value::Object(wire::input(body)?))?;
        return Err(oauth::get_derived_token(shared, &input));
    }
    let operation = ops::find(name).ok_or_else(wire::unknown_operation)?;
    auth::signed(headers, &shared.region)?;
    shared.record(name);
    let input = validate(name, &Value::Object(wire::input(body)?))?;
    let pool = input.get("UserPoolId").and_then(Value::as_str);
    shared.count(operation.category, operation.name, pool)?;
    operation.run(shared, &input)
}

/// Runs an operation of Secrets Manager.
fn secret(
    shared: &Shared,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, ApiError> {
    let operation = secrets_manager::find(name).ok_or_else(|| {
        let text = format!("The embedded Secrets Manager does not play {name}.");
        ApiError::new("UnknownOperationException", text)
    })?;
    auth::signed(headers, &shared.region)?;
    shared.record(name);
    operation.run(shared, &Value::Object(wire::input(body)?))
}
