//! Responses of the token endpoint and `GetClientToken`.

use reqwest::header::{HeaderMap, SET_COOKIE};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::request::SecretEncodings;
use crate::cognito::oauth::http::HttpResponse;
use crate::cognito::sdk::response_shape;
use crate::domain::oauth::exchange::MASK;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{IssuedToken, OAuthError};

/// The characters of a body that are kept.
const KEPT: usize = 2_000;

pub(super) fn request_id(headers: &HeaderMap, secret: &SecretEncodings) -> Option<String> {
    let id = headers
        .get("x-amz-cognito-request-id")
        .or_else(|| headers.get("x-amzn-requestid"))?;
    Some(secret.masked(id.to_str().ok()?).to_string())
}

/// A response of the token endpoint or `GetClientToken`: their fields do not clash.
#[derive(Default, Deserialize)]
struct ResponseFields {
    #[serde(flatten)]
    token: Option<TokenFields>,
    #[serde(rename = "ClientAuthenticationResult")]
    result: Option<TokenFields>,
    error: Option<String>,
    error_description: Option<String>,
    #[serde(rename = "__type")]
    exception: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

#[derive(Deserialize)]
struct TokenFields {
    #[serde(alias = "AccessToken")]
    access_token: String,
    #[serde(alias = "ExpiresIn")]
    expires_in: Option<i64>,
    #[serde(alias = "TokenType")]
    token_type: Option<String>,
}

/// The token or the OAuth error, and the masked body. A server may send the secret back: it is masked before parsing. `by_api`: of
/// `GetClientToken`.
pub(super) fn read(
    answer: HttpResponse,
    by_api: bool,
    secret: &SecretEncodings,
) -> (Result<IssuedToken, OAuthError>, String) {
    let body = Zeroizing::new(answer.body);
    let success = (200..300).contains(&answer.status);
    let text = Zeroizing::new(String::from_utf8_lossy(&body).into_owned());
    let text = secret.masked(&text);
    let outcome = match success.then(|| response_shape::token(text.as_bytes(), by_api)) {
        Some(Err(lack)) => Err(unexpected(&lack)),
        Some(Ok(())) | None => outcome(&text, success, secret),
    };
    let shown = match &outcome {
        Ok(token) => {
            // JSON may escape characters of the token.
            if text.contains(token.text.expose_secret()) {
                masked(&text, token.text.expose_secret())
            } else {
                withheld_text()
            }
        }
        Err(refusal) => refusal.body.clone(),
    };
    (outcome, shown)
}

fn outcome(body: &str, success: bool, secret: &SecretEncodings) -> Result<IssuedToken, OAuthError> {
    let reply: ResponseFields = serde_json::from_str(body).unwrap_or_default();
    // JSON may escape the token differently here.
    let clean = |text: String| secret.masked(&text).to_string();
    match reply.token.or(reply.result) {
        Some(token) if success => issued(token),
        _ => Err(OAuthError {
            code: reply
                .error
                .or_else(|| reply.exception.as_deref().map(exception_name))
                .map(clean),
            description: reply.error_description.or(reply.message).map(clean),
            body: if success {
                withheld_text()
            } else {
                body.chars().take(KEPT).collect()
            },
        }),
    }
}

fn issued(token: TokenFields) -> Result<IssuedToken, OAuthError> {
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
            description: Some(format!("the access token is not a JWT: {error}")),
            body: withheld_text(),
        }),
    }
}

/// A success without a token, perhaps not from Cognito.
fn unexpected(lack: &response_shape::ShapeError) -> OAuthError {
    OAuthError {
        code: None,
        description: Some(format!("unexpected response: {lack}")),
        body: withheld_text(),
    }
}

/// The body of a success may contain a token or a part of it, even if it cannot be parsed.
fn withheld_text() -> String {
    "(withheld: the response is a success and may contain a token)".to_owned()
}

/// `com.amazonaws.x#NotAuthorizedException` is `NotAuthorizedException`.
fn exception_name(kind: &str) -> String {
    kind.rsplit('#').next().unwrap_or(kind).to_owned()
}

/// The start of `text` without `hidden`.
fn masked(text: &str, hidden: &str) -> String {
    text.replace(hidden, MASK).chars().take(KEPT).collect()
}

/// The headers with the secret masked, without cookies.
pub(super) fn headers(headers: &HeaderMap, secret: &SecretEncodings) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = if *name == SET_COOKIE || value.is_sensitive() {
                MASK.to_owned()
            } else {
                secret
                    .masked(&String::from_utf8_lossy(value.as_bytes()))
                    .to_string()
            };
            (name.as_str().to_owned(), value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::domain::ids::{ClientId, PoolId};
    use crate::domain::oauth::token::{ClientAuth, TokenRequest};
    use crate::domain::scope::ScopeName;

    const SECRET: &str = "0123456789abcdefghij+lmnopqrstuv";

    fn spellings() -> SecretEncodings {
        let request = TokenRequest {
            pool: PoolId::new("eu-west-1_A"),
            client: ClientId::new("4k2"),
            endpoint: String::new(),
            scopes: Vec::new(),
            auth: ClientAuth::Basic,
            metadata: BTreeMap::new(),
        };
        SecretEncodings::of(&request, &SecretString::from(SECRET))
    }

    fn error_from(status: u16, body: &str) -> (Result<IssuedToken, OAuthError>, String) {
        let answer = HttpResponse {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        };
        super::read(answer, body.contains("ClientAuth"), &spellings())
    }

    fn read(status: u16, body: &str) -> Result<IssuedToken, OAuthError> {
        error_from(status, body).0
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
    fn an_answer_without_a_token_is_told_as_what_it_is() {
        for (body, words) in [
            ("{}", "the response lacks access_token"),
            ("", "the response is empty"),
            (
                r#"{"access_token":null}"#,
                "the response lacks access_token",
            ),
            (r#"{"access_token":""}"#, "access_token is empty"),
            (
                r#"{"access_token":"a.b.c","expires_in":"1"}"#,
                "expires_in is not a number",
            ),
            (
                r#"{"ClientAuthenticationResult":{}}"#,
                "ClientAuthenticationResult lacks AccessToken",
            ),
        ] {
            let refused = read(200, body).unwrap_err();
            let description = refused.description.unwrap();
            assert_eq!(description, format!("unexpected response: {words}"));
        }
    }

    #[test]
    fn the_shown_body_has_the_token_masked_and_the_rest_as_it_came() {
        let body = format!(r#"{{"access_token":"{JWT}", "expires_in":3600}}"#);
        let expected = format!(r#"{{"access_token":"{MASK}", "expires_in":3600}}"#);
        assert_eq!(error_from(200, &body).1, expected);
        let spelled = body.replace(".eyJz", r"\u002eeyJz");
        let (outcome, shown) = error_from(200, &spelled);
        assert!(outcome.is_ok() && shown.starts_with("(withheld"), "{shown}");
    }

    /// The secret in all spellings, each after a word that says which it is.
    fn all_spellings() -> String {
        let escaped = SECRET.replace('+', "\\u002b");
        let encoded = SECRET.replace('+', "%2B");
        let basic = STANDARD.encode(format!("4k2:{SECRET}"));
        format!("plain {SECRET} json {escaped} form {encoded} basic {basic}")
    }

    #[test]
    fn a_secret_that_is_sent_back_is_masked_wherever_it_stands() {
        let back = all_spellings();
        let body = format!(
            r#"{{"error":"invalid_request {back}","error_description":"got {back}","x":"{back}"}}"#
        );
        for (status, body) in [(400, body.clone()), (500, back.clone()), (200, body)] {
            let (outcome, shown) = error_from(status, &body);
            let all = format!("{outcome:?} {shown}");
            for leak in ["abcdefghij", "lmnopqrstuv", "NGsyOjAx"] {
                assert!(!all.contains(leak), "{leak} in {all}");
            }
            assert!(all.contains(MASK) || status == 200, "{all}");
        }
        let refused = read(400, r#"{"error":"a","error_description":"b"}"#).unwrap_err();
        assert_eq!(refused.description.as_deref(), Some("b"));
    }

    #[test]
    fn no_header_sends_the_secret_back() {
        let mut sent = HeaderMap::new();
        for name in ["x-amzn-errormessage", "x-amzn-requestid", "location"] {
            sent.insert(name, all_spellings().parse().unwrap());
        }
        let spellings = spellings();
        let id = request_id(&sent, &spellings);
        let all = format!("{:?} {id:?}", headers(&sent, &spellings));
        for leak in ["abcdefghij", "lmnopqrstuv", "NGsyOjAx"] {
            assert!(!all.contains(leak), "{leak} in {all}");
        }
        assert!(all.contains("x-amzn-errormessage"), "{all}");
    }
}
