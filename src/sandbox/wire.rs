//! The envelope of AWS's JSON 1.1 protocol: the operation of a request, and the form of responses and errors.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::ids;

const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-amzn-errormessage");
const COGNITO: &str = "AWSCognitoIdentityProviderService.";
const SECRETS_MANAGER: &str = "secretsmanager.";

/// A service that `X-Amz-Target` names, with the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    Cognito(&'a str),
    SecretsManager(&'a str),
}

/// The longest message, in bytes, that also goes into a header. Clients reject long ones: botocore at 64 KiB per line, Node at 16
/// KiB for all headers.
const LONGEST_HEADER: usize = 4096;

/// Reads `X-Amz-Target`. `None` without the header; an operation of another service is unknown.
pub fn target(headers: &HeaderMap) -> Option<Result<Target<'_>, ApiError>> {
    let target = headers.get("x-amz-target")?.to_str().unwrap_or_default();
    let cognito = target.strip_prefix(COGNITO).map(Target::Cognito);
    let found = cognito.or_else(|| {
        target
            .strip_prefix(SECRETS_MANAGER)
            .map(Target::SecretsManager)
    });
    Some(found.ok_or_else(unknown_operation))
}

/// Returns the error of an unknown operation. It has no message.
pub fn unknown_operation() -> ApiError {
    ApiError::new("UnknownOperationException", "")
}

/// Returns the error of a body that is larger than any operation's input.
pub fn too_large() -> ApiError {
    ApiError::new("RequestEntityTooLargeException", "")
}

/// Reads the request's object. An empty body is an empty object.
pub fn input(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let refused = || ApiError::new("SerializationException", "");
    match serde_json::from_slice(body) {
        _ if body.is_empty() => Ok(Map::new()),
        Ok(Value::Object(input)) => Ok(input),
        _ => Err(refused()),
    }
}

/// Creates the response. Operations without output have an empty body.
pub fn reply(answer: Result<Value, ApiError>) -> Response<Body> {
    reply_with("message", answer)
}

/// Creates the response of Secrets Manager, whose messages are in `Message`.
pub fn reply_of_secrets_manager(answer: Result<Value, ApiError>) -> Response<Body> {
    reply_with("Message", answer)
}

fn reply_with(message: &str, answer: Result<Value, ApiError>) -> Response<Body> {
    match answer {
        Ok(Value::Null) => respond(StatusCode::OK, Body::empty()),
        Ok(value) => respond(StatusCode::OK, Body::from(value.to_string())),
        Err(error) => refuse(message, &error),
    }
}

fn refuse(message: &str, error: &ApiError) -> Response<Body> {
    let mut body = json!({"__type": error.name});
    if let Some(members) = body.as_object_mut().filter(|_| !error.message.is_empty()) {
        members.insert(message.to_owned(), json!(error.message));
    }
    let mut response = respond(error.status(), Body::from(body.to_string()));
    let headers = response.headers_mut();
    headers.extend(
        [
            (ERROR_TYPE, format!("{}:", error.name)),
            (ERROR_MESSAGE, error.message.clone()),
        ]
        .into_iter()
        // A header cannot contain every message; then only the body has it.
        .filter(|(_, value)| value.is_ascii() && value.len() <= LONGEST_HEADER)
        .filter_map(|(name, value)| Some((Some(name), HeaderValue::try_from(value).ok()?))),
    );
    response
}

fn respond(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    if let Ok(id) = HeaderValue::try_from(ids::request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// Returns the response of the API's host to a request without an operation, or to another path than the root.
pub fn no_operation() -> Response<Body> {
    let body = json!({
        "code": "BadRequest",
        "message": "The server did not understand the operation that was requested.",
        "type": "client",
    });
    let mut response = respond(StatusCode::BAD_REQUEST, Body::from(body.to_string()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
