//! The middleware that applies the faults.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::Action;
use crate::sandbox::appsync;
use crate::sandbox::ids::request_id;
use crate::sandbox::oauth;
use crate::sandbox::secrets_manager;
use crate::sandbox::shared::Shared;

/// The largest request and response here; a larger body is dropped.
const LARGEST: usize = 16 << 20;

/// Applies faults. It wraps the whole router: `axum::middleware::from_fn_with_state(shared, faults::apply)`.
pub async fn apply(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let operation = operation(&request);
    let actions = shared.faults.next(&operation);
    let late: Duration = actions
        .iter()
        .map(|action| match action {
            Action::Latency(late) => *late,
            _ => Duration::ZERO,
        })
        .sum();
    if !late.is_zero() {
        tokio::time::sleep(late).await;
    }
    let fault = actions
        .into_iter()
        .find(|action| !matches!(action, Action::Latency(_)));
    match fault {
        None | Some(Action::Latency(_)) => next.run(request).await,
        Some(Action::Cut) => cut(next.run(request).await).await,
        Some(Action::Truncate) => truncate(next.run(request).await).await,
        Some(Action::Html) => html(),
        Some(Action::Hollow) => hollow(next.run(request).await),
        Some(Action::Throttle) => throttle(&shared, &operation),
        Some(Action::ServerError(status)) => fail(&operation, status),
        Some(Action::Expired) => {
            let message = "The security token included in the request is expired";
            match operation.as_str() {
                "GetCallerIdentity" => refuse(&operation, 403, "ExpiredToken", message),
                appsync::OPERATION => refuse(&operation, 403, "ExpiredTokenException", message),
                _ => refuse(&operation, 400, "ExpiredTokenException", message),
            }
        }
        Some(Action::UnrecognizedClient) => {
            let message = "The security token included in the request is invalid.";
            match operation.as_str() {
                "GetCallerIdentity" => refuse(&operation, 403, "InvalidClientTokenId", message),
                appsync::OPERATION => {
                    refuse(&operation, 403, "UnrecognizedClientException", message)
                }
                _ => refuse(&operation, 400, "UnrecognizedClientException", message),
            }
        }
        Some(Action::AccessDenied) => deny(&shared, &operation, request).await,
        Some(Action::KmsDenied) => {
            let message = "Access to KMS is not allowed";
            refuse(&operation, 400, "AccessDeniedException", message)
        }
    }
}

/// Returns the name of a request's operation in faults.
fn operation(request: &Request) -> String {
    let path = request.uri().path();
    if path == "/oauth2/token" {
        return "token".to_owned();
    }
    if path == "/oauth2/register" {
        return "register".to_owned();
    }
    if path.contains("/.well-known/") {
        return "jwks".to_owned();
    }
    if path.starts_with("/api/") {
        return "api".to_owned();
    }
    if path == appsync::PATH {
        return appsync::OPERATION.to_owned();
    }
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.rsplit('.').next());
    match target {
        Some(target) => target.to_owned(),
        // STS names its only operation in a form; nothing else is posted to the root without a target.
        None if request.method() == Method::POST => "GetCallerIdentity".to_owned(),
        None => String::new(),
    }
}

/// Too many requests, as each protocol says it.
fn throttle(shared: &Shared, operation: &str) -> Response {
    let status = StatusCode::TOO_MANY_REQUESTS;
    match operation {
        "token" => oauth::throttled(shared),
        "register" | "jwks" => (status, "Rate exceeded").into_response(),
        "api" => gateway(status),
        "GetCallerIdentity" => refuse(operation, 400, "Throttling", "Rate exceeded"),
        appsync::OPERATION => refuse(operation, 429, "TooManyRequestsException", "Rate exceeded"),
        _ if is_of_secrets_manager(operation) => {
            refuse(operation, 400, "ThrottlingException", "Rate exceeded")
        }
        _ => refuse(operation, 400, "TooManyRequestsException", "Rate exceeded"),
    }
}

/// Returns a failure of the service in each protocol; the OAuth routes have no text for it.
fn fail(operation: &str, status: u16) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (name, message) = match (operation, status) {
        ("token" | "register" | "jwks", _) => {
            return (code, code.canonical_reason().unwrap_or_default()).into_response();
        }
        ("api", _) => return gateway(code),
        ("GetCallerIdentity", 503) => ("ServiceUnavailable", "Service is unavailable"),
        ("GetCallerIdentity", _) => ("InternalFailure", "Something went wrong"),
        (appsync::OPERATION, 500) => ("InternalFailureException", "Something went wrong"),
        (_, 503) => ("ServiceUnavailableException", "Service is unavailable"),
        _ if is_of_secrets_manager(operation) => (
            "InternalServiceError",
            "An error occurred on the server side.",
        ),
        _ => ("InternalErrorException", "Something went wrong"),
    };
    refuse(operation, status, name, message)
}

/// API Gateway's own error.
fn gateway(status: StatusCode) -> Response {
    let message = status.canonical_reason().unwrap_or_default();
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, json!({ "message": message }).to_string()).into_response()
}

/// Returns an error in the operation's protocol: XML for STS, else JSON.
fn refuse(operation: &str, status: u16, name: &str, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if operation == appsync::OPERATION {
        return appsync::refused(status, name, message);
    }
    if operation == "GetCallerIdentity" {
        let side = if status.is_server_error() {
            "Receiver"
        } else {
            "Sender"
        };
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{side}</Type>\
             <Code>{name}</Code><Message>{message}</Message></Error></ErrorResponse>"
        );
        return (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response();
    }
    let text = if is_of_secrets_manager(operation) {
        "Message"
    } else {
        "message"
    };
    let body = json!({ "__type": name, text: message }).to_string();
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.1"),
    );
    for (header, text) in [
        ("x-amzn-errortype", format!("{name}:")),
        ("x-amzn-errormessage", message.to_owned()),
        ("x-amzn-requestid", request_id()),
    ] {
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.insert(header, text);
        }
    }
    (status, headers, body).into_response()
}

fn is_of_secrets_manager(operation: &str) -> bool {
    secrets_manager::find(operation).is_some()
}

/// IAM's error: which principal may not call what on which pool or secret, read from the request if it names one.
async fn deny(shared: &Shared, operation: &str, request: Request) -> Response {
    let body = to_bytes(request.into_body(), LARGEST)
        .await
        .unwrap_or_default();
    let input: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (region, account) = (&shared.region, &shared.account);
    let arn = |pool: &str| format!("arn:aws:cognito-idp:{region}:{account}:userpool/{pool}");
    let text = |field: &str| input.get(field).and_then(Value::as_str);
    let named = |field: &str| text(field).map(str::to_owned);
    let (service, status, name, resource) = match operation {
        "GetCallerIdentity" => ("sts", 403, "AccessDenied", None),
        appsync::OPERATION => (
            "appsync",
            403,
            "AccessDeniedException",
            Some(format!(
                "arn:aws:appsync:{region}:{account}:{}",
                appsync::PATH
            )),
        ),
        _ if is_of_secrets_manager(operation) => (
            "secretsmanager",
            400,
            "AccessDeniedException",
            named("SecretId")
                .or_else(|| named("Name"))
                .or_else(|| Some("*".to_owned())),
        ),
        _ => (
            "cognito-idp",
            400,
            "AccessDeniedException",
            named("ResourceArn").or_else(|| text("UserPoolId").map(arn)),
        ),
    };
    let resource = resource.unwrap_or_else(|| arn("*"));
    let message = format!(
        "User: arn:aws:sts::{account}:assumed-role/ReadOnly/console is not authorized to perform: \
         {service}:{operation} on resource: {resource} because no identity-based policy allows the \
         {service}:{operation} action"
    );
    refuse(operation, status, name, &message)
}

/// Returns the page of a proxy or of a network's sign-in.
fn html() -> Response {
    const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head>\n\
        <body><h1>Sign in to the network</h1></body></html>\n";
    ([(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
}

/// Replaces the body of a response with an empty object.
fn hollow(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::OK;
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts.status, parts.headers, "{}").into_response()
}

/// Returns half of the body, as a complete HTTP response.
async fn truncate(response: Response) -> Response {
    let (parts, body) = halve(response).await;
    let half = body.slice(..body.len() / 2);
    (parts.status, parts.headers, half).into_response()
}

/// Announces the whole body, sends half of it, and closes the connection.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = halve(response).await;
    // A response without a body would be complete with its headers.
    let promised = body.len().max(1);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    let half = body.slice(..body.len() / 2);
    let broken = stream::once(async move { Ok(half) }).chain(stream::once(async {
        // The server first sends what it has; after an error at once it would drop the response.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    }));
    Response::from_parts(parts, Body::from_stream(broken))
}

async fn halve(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    (parts, body)
}
