//! STS GetCallerIdentity, so that a client gets its account from the same address.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::shared::Shared;
use super::{auth, ids};

/// The Region of the service that is in none.
const GLOBAL: &str = "us-east-1";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers a form in AWS's query protocol.
pub fn answer(shared: &Shared, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
    let form = std::str::from_utf8(body).unwrap_or_default();
    let action = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="))
        .unwrap_or_default();
    if action != "GetCallerIdentity" {
        return error(
            StatusCode::BAD_REQUEST,
            "InvalidAction",
            "Could not find operation for the given action and version",
        );
    }
    // STS is asked where it has no Region, too, by signatures for us-east-1.
    let signed = auth::signed(headers, &shared.region);
    let signed = signed.or_else(|own| auth::signed(headers, GLOBAL).map_err(|_| own));
    if let Err(refusal) = signed {
        return match refusal.name {
            "MissingAuthenticationTokenException" => error(
                StatusCode::FORBIDDEN,
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            ),
            "InvalidSignatureException" => error(
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                &refusal.message,
            ),
            _ => error(
                StatusCode::BAD_REQUEST,
                "IncompleteSignature",
                "Request must contain a complete signature that conforms to AWS standards",
            ),
        };
    }
    shared.record(action);
    let account = &shared.account;
    respond(StatusCode::OK, |request| {
        format!(
            "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\">\n  <GetCallerIdentityResult>\n    \
             <Arn>arn:aws:sts::{account}:assumed-role/sandbox/developer</Arn>\n    \
             <UserId>AROASANDBOXSANDBOX000:developer</UserId>\n    <Account>{account}</Account>\n  \
             </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>{request}</RequestId>\n  \
             </ResponseMetadata>\n</GetCallerIdentityResponse>\n"
        )
    })
}

fn error(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    respond(status, |request| {
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>Sender</Type>\n    <Code>{code}</Code>\n    \
             <Message>{message}</Message>\n  </Error>\n  <RequestId>{request}</RequestId>\n</ErrorResponse>\n"
        )
    })
}

/// Creates a response with the same request id in header and body.
fn respond(status: StatusCode, body: impl FnOnce(&str) -> String) -> Response<Body> {
    let request = ids::request_id();
    let mut response = Response::new(Body::from(body(&request)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    if let Ok(id) = HeaderValue::try_from(request) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
