//! HTTP requests to the token endpoint and for public keys: no redirects, limited time and size, and https except on loopback.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Request, RequestBuilder, Url, redirect, tls};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::cognito::sdk::connect::CONNECT_TIMEOUT;
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::http_client::{BodyError, BodyLimit};
use crate::domain::oauth::endpoints;

const USER_AGENT: &str = concat!("cognitui/", env!("CARGO_PKG_VERSION"));

/// The HTTP clients, created on first use: loading trusted certificates is too slow for a start.
pub struct HttpClients {
    /// Additional certificate authorities.
    more: Option<CaBundle>,
    /// The timeout of a request, response included.
    patience: Duration,
    outside: OnceLock<Result<Client, String>>,
    loopback: OnceLock<Result<Client, String>>,
}

/// A response with any status.
pub struct HttpResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl HttpClients {
    /// The timeout of a call.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// Trusts these authorities and the machine's, with this timeout per request.
    pub fn new(more: Option<CaBundle>, patience: Duration) -> Self {
        Self {
            more,
            patience,
            outside: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// The client and the parsed address for a request to `url`.
    pub fn to(&self, url: &str, operation: &'static str) -> Result<(&Client, Url), Error> {
        let refused = |detail: &str, hint: &str| {
            Error::new(operation, ErrorKind::Invalid, detail, hint).about(url)
        };
        let parsed = Url::parse(url)
            .map_err(|error| refused(&error.to_string(), "Use a full URL, https://..."))?;
        let local = endpoints::is_loopback_host(parsed.host_str().unwrap_or_default());
        match parsed.scheme() {
            "https" => {}
            "http" if local => {}
            _ => {
                return Err(refused(
                    "only https is allowed (http only on loopback)",
                    "Use https.",
                ));
            }
        }
        let slot = if local { &self.loopback } else { &self.outside };
        match slot.get_or_init(|| self.client(local)) {
            Ok(client) => Ok((client, parsed)),
            Err(reason) => Err(Error::new(
                operation,
                ErrorKind::Tls,
                reason,
                "Check the machine's trusted certificates.",
            )),
        }
    }

    fn client(&self, local: bool) -> Result<Client, String> {
        let more: Result<Vec<_>, _> = self
            .more
            .iter()
            .flat_map(CaBundle::ders)
            .map(Certificate::from_der)
            .collect();
        let builder = Client::builder()
            .tls_certs_merge(more.map_err(|error| errors::innermost(&error))?)
            .user_agent(USER_AGENT)
            // Only https with a current TLS leaves this machine, even if the check above missed an address.
            .https_only(!local)
            .tls_version_min(tls::Version::TLS_1_2)
            .redirect(redirect::Policy::none())
            // A pooled connection keeps its last data in memory: a secret.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIMEOUT.min(self.patience / 2))
            .timeout(self.patience);
        // An outside proxy cannot reach loopback.
        let builder = if local { builder.no_proxy() } else { builder };
        builder.build().map_err(|error| errors::innermost(&error))
    }
}

/// Gets `url` and reads the whole response.
pub async fn get(
    web: &HttpClients,
    url: &str,
    operation: &'static str,
) -> Result<HttpResponse, Error> {
    let (client, parsed) = web.to(url, operation)?;
    let request = build(client.get(parsed), url, operation)?;
    execute(client, request, url, operation).await
}

/// A request, ready to send.
pub fn build(
    request: RequestBuilder,
    url: &str,
    operation: &'static str,
) -> Result<Request, Error> {
    request.build().map_err(|error| {
        let detail = errors::innermost(&error);
        Error::new(operation, ErrorKind::Invalid, detail, "").about(url)
    })
}

/// All headers of `request`, including those that the HTTP client adds. Sensitive values are empty.
pub fn sent_headers(request: &Request) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| {
        let shown = (!value.is_sensitive())
            .then(|| value.to_str().ok())
            .flatten();
        shown.unwrap_or_default().to_owned()
    };
    let host = match (request.url().host_str(), request.url().port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let added = [
        ("host", host),
        ("user-agent", USER_AGENT.to_owned()),
        ("accept", "*/*".to_owned()),
        ("content-length", body.map_or(0, <[u8]>::len).to_string()),
    ];
    let added = added.map(|(name, value)| (name.to_owned(), value));
    let own = request.headers().iter();
    let own = own.map(|(name, value)| (name.as_str().to_owned(), text(value)));
    added.into_iter().chain(own).collect()
}

/// Sends `request` and reads the whole response.
pub async fn execute(
    client: &Client,
    request: Request,
    url: &str,
    operation: &'static str,
) -> Result<HttpResponse, Error> {
    let (answer, cut) = execute_and_cut(client, request, url, operation).await?;
    if let Some(unread) = cut {
        let detail = unread.to_string();
        let hint = errors::hint(&ErrorKind::Malformed, &ConnectionInfo::default());
        return Err(Error::new(operation, ErrorKind::Malformed, detail, hint).about(url));
    }
    Ok(answer)
}

/// Sends `request` and reads the response up to a limit. The second part says whether there was more.
pub async fn execute_and_cut(
    client: &Client,
    request: Request,
    url: &str,
    operation: &'static str,
) -> Result<(HttpResponse, Option<BodyError>), Error> {
    let failed = |error: reqwest::Error| {
        // The error is clear without the URL.
        let error = error.without_url();
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else if error.is_body() || error.is_decode() {
            ErrorKind::Malformed
        } else {
            errors::transport(&error)
        };
        let origin = ConnectionInfo {
            endpoint: Some(url.to_owned()),
            ..ConnectionInfo::default()
        };
        let hint = errors::hint(&kind, &origin);
        Error::new(operation, kind, errors::innermost(&error), hint).about(url)
    };
    let mut response = client.execute(request).await.map_err(failed)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    let mut cut = None;
    while cut.is_none()
        && let Some(chunk) = response.chunk().await.map_err(failed)?
    {
        cut = BodyLimit::ANSWER.extend(&mut body, &chunk).err();
    }
    let answer = HttpResponse {
        status,
        headers,
        body,
    };
    Ok((answer, cut))
}
