//! Issuing tokens.

use std::fmt::Write as _;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::error::{Error, ErrorKind};
use super::gateway::{Gateway, at};
use super::web::{self, Answer};
use crate::domain::hosts;
use crate::domain::jwt::Jwt;
use crate::domain::scope::ScopeName;
use crate::domain::token::{ClientAuth, IssuedToken, OAuthError, TokenReply, TokenRequest};

const OPERATION: &str = "token request";
/// Characters of a refusal's body that are kept.
const KEPT: usize = 2_000;

impl Gateway {
    /// Asks for an access token with the `client_credentials` grant. A refusal is no error of this call: it is in the reply.
    /// Each token that AWS issues costs money, so that nothing is tried twice.
    ///
    /// # Errors
    /// Nobody answered, the answer was cut off or too large, or the endpoint is neither https nor on this machine.
    pub async fn issue(
        &self,
        request: &TokenRequest,
        secret: &SecretString,
    ) -> Result<TokenReply, Error> {
        let url = match request.auth {
            ClientAuth::Basic | ClientAuth::Body => request.endpoint.clone(),
            ClientAuth::Api => self.api_url(request)?,
        };
        let (client, parsed) = self.inner.web.to(&url, OPERATION)?;
        let post = match request.auth {
            ClientAuth::Basic => basic(client.post(parsed), request, secret)?,
            ClientAuth::Body => form(client.post(parsed), request, Some(secret)),
            ClientAuth::Api => api(client.post(parsed), request, secret),
        };
        let start = Instant::now();
        let answer = web::send(post, &url, OPERATION).await?;
        let took = start.elapsed();
        Ok(TokenReply {
            status: answer.status,
            request_id: request_id(&answer.headers),
            took,
            outcome: outcome(answer),
        })
    }

    fn api_url(&self, request: &TokenRequest) -> Result<String, Error> {
        match self.endpoint() {
            Some(endpoint) => Ok(at(endpoint, "")),
            None => hosts::api_url(&request.pool).ok_or_else(|| {
                let detail = "the pool's id names no Region";
                Error::new("GetClientToken", ErrorKind::Invalid, detail, "")
                    .about(request.pool.as_str())
            }),
        }
    }
}

/// `client_secret_basic`. Cognito wants id and secret as they are, not form-encoded first as RFC 6749 has it.
fn basic(
    post: RequestBuilder,
    request: &TokenRequest,
    secret: &SecretString,
) -> Result<RequestBuilder, Error> {
    let pair = Zeroizing::new(format!("{}:{}", request.client, secret.expose_secret()));
    let header = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut header = HeaderValue::from_str(&header).map_err(|_| {
        Error::new(
            OPERATION,
            ErrorKind::Invalid,
            "the client id or secret has no place in a header",
            "",
        )
    })?;
    header.set_sensitive(true);
    Ok(form(post.header(AUTHORIZATION, header), request, None))
}

/// The form; with the `secret` in it for `client_secret_post`.
fn form(
    post: RequestBuilder,
    request: &TokenRequest,
    secret: Option<&SecretString>,
) -> RequestBuilder {
    let mut body = Zeroizing::new("grant_type=client_credentials".to_owned());
    if !request.scopes.is_empty() {
        body.push_str("&scope=");
        encode(&joined(&request.scopes), &mut body);
    }
    body.push_str("&client_id=");
    encode(request.client.as_str(), &mut body);
    if let Some(secret) = secret {
        body.push_str("&client_secret=");
        encode(secret.expose_secret(), &mut body);
    }
    post.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.as_bytes().to_vec())
}

/// `GetClientToken` by hand: unsigned, as it needs no IAM, where the SDK would want credentials.
fn api(post: RequestBuilder, request: &TokenRequest, secret: &SecretString) -> RequestBuilder {
    let mut body = serde_json::Map::new();
    body.insert("ClientId".to_owned(), request.client.as_str().into());
    body.insert("Secret".to_owned(), secret.expose_secret().into());
    if !request.scopes.is_empty() {
        let scopes: Vec<&str> = request.scopes.iter().map(ScopeName::as_str).collect();
        body.insert("Scopes".to_owned(), scopes.into());
    }
    post.header(CONTENT_TYPE, "application/x-amz-json-1.1")
        .header(
            "x-amz-target",
            "AWSCognitoIdentityProviderService.GetClientToken",
        )
        .body(serde_json::Value::Object(body).to_string())
}

fn joined(scopes: &[ScopeName]) -> String {
    scopes
        .iter()
        .map(ScopeName::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `application/x-www-form-urlencoded`, byte by byte; a space as `%20`, which every server reads.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                into.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(into, "%{byte:02X}");
            }
        }
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers
        .get("x-amz-cognito-request-id")
        .or_else(|| headers.get("x-amzn-requestid"))?;
    id.to_str().ok().map(ToOwned::to_owned)
}

/// What the token endpoint and `GetClientToken` answer, both in one: their fields do not clash.
#[derive(Default, Deserialize)]
struct Reply {
    #[serde(flatten)]
    token: Option<Issued>,
    #[serde(rename = "ClientAuthenticationResult")]
    result: Option<Issued>,
    error: Option<String>,
    error_description: Option<String>,
    #[serde(rename = "__type")]
    exception: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

#[derive(Deserialize)]
struct Issued {
    #[serde(alias = "AccessToken")]
    access_token: String,
    #[serde(alias = "ExpiresIn")]
    expires_in: Option<i64>,
    #[serde(alias = "TokenType")]
    token_type: Option<String>,
}

fn outcome(answer: Answer) -> Result<IssuedToken, OAuthError> {
    let body = Zeroizing::new(answer.body);
    let reply: Reply = serde_json::from_slice(&body).unwrap_or_default();
    let success = (200..300).contains(&answer.status);
    match reply.token.or(reply.result) {
        Some(token) if success => issued(token),
        _ => Err(OAuthError {
            code: reply
                .error
                .or_else(|| reply.exception.as_deref().map(exception_name)),
            description: reply.error_description.or(reply.message),
            body: if success {
                withheld()
            } else {
                String::from_utf8_lossy(&body).chars().take(KEPT).collect()
            },
        }),
    }
}

fn issued(token: Issued) -> Result<IssuedToken, OAuthError> {
    let text = SecretString::from(token.access_token);
    match Jwt::parse(text.expose_secret()) {
        Ok(jwt) => Ok(IssuedToken {
            text,
            jwt,
            expires_in: token.expires_in,
            token_type: token.token_type,
        }),
        Err(error) => Err(OAuthError {
            code: None,
            description: Some(format!("the access token is no JWT: {error}")),
            body: withheld(),
        }),
    }
}

/// A body that came with success may hold a token, whole or in part, even where it cannot be read.
fn withheld() -> String {
    "(withheld: the status says success, so that it may hold a token)".to_owned()
}

/// `com.amazonaws.x#NotAuthorizedException` is `NotAuthorizedException`.
fn exception_name(kind: &str) -> String {
    kind.rsplit('#').next().unwrap_or(kind).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<IssuedToken, OAuthError> {
        outcome(Answer {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    const JWT: &str = "eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJzY29wZSI6ImFwaS9hZG1pbiJ9.c2ln";

    #[test]
    fn both_ways_of_issuing_are_read() {
        let endpoint =
            format!(r#"{{"access_token":"{JWT}","expires_in":3600,"token_type":"Bearer"}}"#);
        let api = format!(
            r#"{{"ClientAuthenticationResult":{{"AccessToken":"{JWT}","ExpiresIn":3600,"TokenType":"Bearer"}}}}"#
        );
        for body in [endpoint, api] {
            let token = read(200, &body).unwrap();
            assert_eq!(token.text.expose_secret(), JWT);
            assert_eq!(token.jwt.scopes(), [ScopeName::new("api/admin")]);
            assert_eq!(
                (token.expires_in, token.token_type.as_deref()),
                (Some(3600), Some("Bearer"))
            );
        }
    }

    #[test]
    fn refusals_of_both_are_read() {
        let body = r#"{"error":"invalid_client","error_description":"invalid_client_secret"}"#;
        let refused = read(400, body).unwrap_err();
        assert_eq!(refused.code.as_deref(), Some("invalid_client"));
        assert_eq!(
            refused.description.as_deref(),
            Some("invalid_client_secret")
        );
        assert_eq!(refused.body, body);

        let refused = read(
            400,
            r#"{"__type":"a.b#NotAuthorizedException","message":"Invalid client or secret"}"#,
        )
        .unwrap_err();
        assert_eq!(refused.code.as_deref(), Some("NotAuthorizedException"));
        assert_eq!(
            refused.description.as_deref(),
            Some("Invalid client or secret")
        );
    }

    #[test]
    fn an_answer_that_is_no_oauth_is_kept_as_text_up_to_a_limit() {
        let refused = read(502, &"é".repeat(5_000)).unwrap_err();
        assert_eq!((refused.code, refused.body.chars().count()), (None, KEPT));
        assert_eq!(read(400, "[]").unwrap_err().body, "[]");
    }

    #[test]
    fn nothing_of_a_token_leaks_from_an_answer_that_cannot_be_read() {
        for body in [
            r#"{"access_token":"ghp_opaque"}"#,
            r#"{"access_token":"ghp_opaque"#,
            r#"{"access_token":7}"#,
        ] {
            let refused = read(200, body).unwrap_err();
            assert!(!format!("{refused:?}").contains("opaque"), "{refused:?}");
        }
    }

    #[test]
    fn a_slash_and_a_plus_are_encoded() {
        let mut encoded = String::new();
        encode("api/admin a+b~é", &mut encoded);
        assert_eq!(encoded, "api%2Fadmin%20a%2Bb~%C3%A9");
    }
}
