//! Calls an API with a token, to test whether it accepts the token.

use std::time::Instant;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::oauth::http;
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall, Scheme};

const OPERATION: &str = "API call";
/// Replaces the token in a response that repeats it.
const TOKEN: &str = "(the token)";

impl Gateway {
    /// Sends `call` with the token in its `Authorization` header to the URL's host only: a redirect is a response. Never retries.
    ///
    /// # Errors
    /// The URL or method is invalid, the URL is neither https nor loopback, or there is no response.
    pub async fn call_api(&self, call: &ApiCall, token: &SecretString) -> Result<ApiAnswer, Error> {
        let url = call.url.trim();
        let invalid =
            |detail: &str| Error::new(OPERATION, ErrorKind::Invalid, detail, "").about(url);
        let (client, parsed) = self.inner.web.to(url, OPERATION)?;
        let method = Method::from_bytes(call.method.as_bytes())
            .map_err(|_| invalid("invalid HTTP method"))?;
        let mut request = client
            .request(method, parsed)
            .header(AUTHORIZATION, authorization(call.scheme, token)?);
        if let Some(kind) = call.content_type() {
            request = request.header(CONTENT_TYPE, kind).body(call.body.clone());
        }
        let request = http::build(request, url, OPERATION)?;
        let start = Instant::now();
        let (answer, cut) = http::execute_and_cut(client, request, url, OPERATION).await?;
        let took = start.elapsed();
        let text =
            |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(token.expose_secret(), TOKEN);
        Ok(ApiAnswer {
            status: answer.status,
            headers: answer
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
                .collect(),
            body: text(&answer.body),
            cut: cut.is_some(),
            took,
        })
    }
}

fn authorization(scheme: Scheme, token: &SecretString) -> Result<HeaderValue, Error> {
    let token = token.expose_secret();
    let text = Zeroizing::new(match scheme {
        Scheme::Bearer => format!("Bearer {token}"),
        Scheme::Bare => token.to_owned(),
    });
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let detail = "the token contains characters that a header cannot hold";
        Error::new(OPERATION, ErrorKind::Invalid, detail, "")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
