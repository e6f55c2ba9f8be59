//! The HTTP side: one address for the Cognito API, STS, and (merged in) the OAuth endpoints.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Response};
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use serde_json::Value;

use super::errors::ApiError;
use super::shared::Shared;
use super::validate::validate;
use super::{auth, faults, oauth, ops, sts, wire};

/// Everything that one sandbox serves.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", any(api))
        .with_state(Arc::clone(&shared))
        .merge(oauth::routes(Arc::clone(&shared)))
        .layer(from_fn_with_state(shared, faults::apply))
}

/// `POST /` is the Cognito API where `X-Amz-Target` names an operation, and STS where the body is a form.
async fn api(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    match wire::operation(&headers) {
        Some(operation) => {
            let answer = match operation {
                Ok("GetClientToken") => client_token(&shared, &body).await,
                Ok(operation) => call(&shared, operation, &headers, &body),
                Err(error) => Err(error),
            };
            wire::reply(answer)
        }
        None if is_form(&headers) => sts::answer(&shared, &headers, &body),
        None => wire::no_operation(),
    }
}

/// The one operation that needs no signature, and that waits: the pool's keys may have to be made first.
async fn client_token(shared: &Shared, body: &[u8]) -> Result<Value, ApiError> {
    shared.record("GetClientToken");
    let input = validate("GetClientToken", &Value::Object(wire::input(body)?))?;
    shared.count_client_authentication()?;
    oauth::get_client_token(shared, &input).await
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// In AWS's order: is there such an operation, who asks, is it well-formed, is there room for it, and then the operation.
fn call(shared: &Shared, name: &str, headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    let operation = ops::find(name).ok_or_else(wire::unknown_operation)?;
    if !auth::needs_none(name) {
        auth::signed(headers)?;
    }
    shared.record(name);
    let input = validate(name, &Value::Object(wire::input(body)?))?;
    let pool = input.get("UserPoolId").and_then(Value::as_str);
    shared.count(operation.category, operation.name, pool)?;
    operation.run(shared, &input)
}
