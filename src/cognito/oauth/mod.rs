//! Requests tokens.

pub(super) mod api_call;
pub(super) mod dns;
pub(super) mod endpoint_check;
pub(super) mod http;
pub(super) mod jwks;
mod request;
mod response;

use std::time::Instant;

use reqwest::header::HeaderValue;
use secrecy::SecretString;

use super::error::{Error, ErrorKind};
use super::gateway::{Gateway, join_url};
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::token::{ClientAuth, TokenAnswer, TokenRequest};

const OPERATION: &str = "token request";

impl Gateway {
    /// Requests an access token with the `client_credentials` grant. An OAuth error is part of the reply. AWS bills each token, so
    /// nothing is retried.
    ///
    /// # Errors
    /// No response, or one that is incomplete or too large; or the endpoint is neither https nor loopback, or not at a domain of the
    /// pool: then no secret was sent.
    pub async fn issue(
        &self,
        request: &TokenRequest,
        secret: &SecretString,
    ) -> Result<TokenAnswer, Error> {
        let url = match request.auth {
            ClientAuth::Basic | ClientAuth::Body => {
                self.verify_endpoint_owner(request).await?;
                request.endpoint.clone()
            }
            ClientAuth::Api => self.api_url(request).await?,
        };
        let (client, parsed) = self.inner.web.to(&url, OPERATION)?;
        let draft = request::with_secret(request, secret);
        let mut post = client.post(parsed).body(draft.body.as_bytes().to_vec());
        for (name, value) in &draft.headers {
            post = post.header(*name, sensitive(value)?);
        }
        let post = http::build(post, &url, OPERATION)?;
        let sent = http::sent_headers(&post);
        let start = Instant::now();
        let answer = http::execute(client, post, &url, OPERATION).await?;
        let took = start.elapsed();
        let status = answer.status;
        let spellings = request::SecretEncodings::of(request, secret);
        let request_id = response::request_id(&answer.headers, &spellings);
        let response_headers = response::headers(&answer.headers, &spellings);
        let by_api = request.auth == ClientAuth::Api;
        let (outcome, response_body) = response::read(answer, by_api, &spellings);
        Ok(TokenAnswer {
            exchange: Exchange {
                method: "POST",
                url,
                request_headers: masked_headers(sent, request),
                request_body: request::masked(request).body.to_string(),
                status,
                response_headers,
                response_body,
                took,
                request_id,
            },
            outcome,
        })
    }

    async fn api_url(&self, request: &TokenRequest) -> Result<String, Error> {
        if let Some(endpoint) = self.endpoint() {
            return Ok(join_url(endpoint, ""));
        }
        let url = match request.pool.region() {
            Some(region) => self.inner.hosts.api_url(region).await,
            None => None,
        };
        url.ok_or_else(|| {
            let detail = "the pool id has no Region that AWS's hosts are known for";
            Error::new("GetClientToken", ErrorKind::Invalid, detail, "")
                .about(request.pool.as_str())
        })
    }
}

/// A header value that the HTTP client must not log.
fn sensitive(value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        let detail = "the client id or secret contains characters that a header cannot hold";
        Error::new(OPERATION, ErrorKind::Invalid, detail, "")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The sent headers, with the values of the masked draft.
fn masked_headers(sent: Vec<(String, String)>, request: &TokenRequest) -> Vec<(String, String)> {
    let draft = request::masked(request);
    let shown = |name: &str| {
        let (_, value) = draft.headers.iter().find(|(known, _)| *known == name)?;
        Some(value.to_string())
    };
    sent.into_iter()
        .map(|(name, value)| {
            let value = shown(&name).unwrap_or(value);
            (name, value)
        })
        .collect()
}
